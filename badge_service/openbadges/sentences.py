"""Every code of a verdict as one plain sentence, in English; pages translate the sentence and then fill in its params."""

from badge_service.errors import N_
from badge_service.openbadges.verdict import NO_PARAMS, Params

SENTENCES: dict[str, str] = {
    # The four outcomes
    "genuine": N_(
        "This badge is genuine. It was signed by %(domain)s, and the issuer is listed in %(registry)s."
    ),
    "signed_issuer_unknown": N_("Signed by %(domain)s. We do not know who that is."),
    "not_fully_checked": N_("This badge could not be fully checked."),
    "not_valid": N_("This badge is not valid."),
    "not_reached": N_("Not checked, because an earlier check did not end well."),
    # The file
    "carrier_json": N_("The file is a badge document."),
    "carrier_png": N_("The badge was inside a PNG picture."),
    "carrier_svg": N_("The badge was inside an SVG picture."),
    "carrier_unknown": N_("We found no badge in this file."),
    "open_badges_2": N_("This is a badge of the older kind, Open Badges 2.0. We cannot check those."),
    "carrier_jws": N_("The file is a signed token (JWT)."),
    "envelope_unsupported": N_("The badge is wrapped in an envelope that we cannot open."),
    "too_large": N_("This file is too large to be a badge."),
    "png_malformed": N_("This picture is damaged. Ask for the original file."),
    "baked_not_found": N_(
        "There is no badge inside this picture. It may have been lost when the picture was copied."
    ),
    "baked_multiple": N_("There is more than one badge inside this picture, so we trust none of them."),
    "baked_compressed": N_("The badge inside this picture is packed in a way that the standard forbids."),
    "svg_rejected": N_("This picture is damaged or built in a way that we do not open."),
    "xml_dtd_forbidden": N_("This picture holds hidden instructions, so we did not open it."),
    "xml_encoding": N_("This picture is written in letters that we cannot read."),
    # The document
    "json_good": N_("The badge document can be read."),
    "token_good": N_("The token can be read."),
    "json_invalid": N_("The badge document is damaged and cannot be read."),
    "json_invalid_utf8": N_("The badge document is written in letters that we cannot read."),
    "json_invalid_unicode": N_("The badge document holds broken letters."),
    "json_too_deep": N_("The badge document is built too deep to be a real badge."),
    "json_too_many_members": N_("The badge document has too many parts to be a real badge."),
    "json_duplicate_key": N_("The badge document says the same thing twice, in different ways."),
    "json_number_range": N_("The badge document holds a number that is too large."),
    "not_an_object": N_("This is not a badge document."),
    "shape_badge": N_("It is an Open Badge 3.0."),
    "shape_endorsement": N_("It is an endorsement."),
    "shape_presentation": N_("It is a wallet's presentation of badges."),
    "not_a_badge": N_("This document is not a badge."),
    "other_credential": N_("This is a signed document of another kind. We only check badges."),
    "presentation_unsupported": N_("This is a presentation inside another one. We do not open those."),
    "two_kinds": N_(
        "This document says that it is a signed document and a presentation of some, both at once."
    ),
    "not_an_endorsement": N_("This document is not an endorsement."),
    "endorsement_of_other": N_("This endorsement is about something else."),
    "endorsement_unsupported": N_("This is an endorsement, not a badge. We cannot check those here yet."),
    "shape": N_("The badge lacks something that every badge must have: %(missing)s."),
    # The words
    "contexts_good": N_("We know the vocabulary that the badge uses."),
    "unknown_context": N_(
        "The badge uses a vocabulary that we do not have, so we cannot be sure what it says."
    ),
    "context_order": N_("The badge names its vocabularies in the wrong order."),
    "inline_context": N_("The badge brings its own meanings of words. That can be used to deceive."),
    "terms_good": N_("Every word in the badge has a fixed meaning."),
    "undefined_term": N_("The badge holds something that its signature does not protect."),
    "unsigned_member": N_("The presentation holds something that nobody signed."),
    "undefined_type": N_("The badge names a kind of thing that its signature does not protect."),
    "relative_iri": N_("The badge holds an address that is not complete."),
    "forbidden_keyword": N_("The badge holds a technical word that could hide something."),
    "blank_node_id": N_("The badge holds a technical name that could hide something."),
    "too_many_nodes": N_("The badge is far larger than a real badge."),
    "canonicalization_budget": N_("The badge is built so that checking it would take for ever."),
    "jsonld": N_("The badge is not built as the rules say."),
    "examination_stopped": N_("Checking this badge took too long, so we stopped."),
    # The issuer and the key
    "issuer_registered": N_("The issuer that the badge names is listed in %(registry)s as %(name)s."),
    "issuer_unknown": N_("%(domain)s is in none of our lists of issuers."),
    "no_key_to_check": N_("There was no key to look up."),
    "key_good": N_("The key belongs to the issuer: %(domain)s says so itself."),
    "key_not_issuers": N_("The badge names one issuer but was signed with the key of somebody else."),
    "did_document_id": N_("The page with the issuer's keys belongs to somebody else."),
    "verification_relationship": N_("The issuer does not use this key to sign badges."),
    "key_not_listed": N_("The issuer does not list this key."),
    "key_controller": N_("The key is not under the issuer's control."),
    "weak_key": N_("The issuer's key is weak: anybody could forge badges with it."),
    "key_unreachable": N_("%(domain)s did not show us its key, so we could not check the signature."),
    "key_unknown": N_("We could not read the issuer's key."),
    "key_unsupported": N_("The issuer's key is of a kind that we cannot check yet."),
    "key_malformed": N_("The issuer's key cannot be read."),
    "key_revoked": N_("The issuer has withdrawn the key that signed this badge."),
    "key_expired": N_("The issuer stopped using the key that signed this badge."),
    "key_not_named": N_("The badge does not say with which key it was signed."),
    "private_key": N_("The issuer's key shows its secret half: anybody could sign with it."),
    "b64": N_("The signed text is not written as the rules say."),
    "multibase": N_("The issuer's key cannot be read."),
    "did_method_unsupported": N_("The issuer's address is of a kind that we cannot look up."),
    "did_malformed": N_("The issuer's address is not well formed."),
    "did_document_unreadable": N_("The page with the issuer's keys cannot be read."),
    # The signature
    "jws_malformed": N_("The signed badge does not have three parts, as signed badges do."),
    "header_crit": N_("The signed badge demands something that we do not know."),
    "header_not_allowed": N_(
        "The signed badge says where its key is from, or what it is, in a way that we refuse."
    ),
    "header_malformed": N_("The head of the signed badge is not built as the rules say."),
    "alg_not_allowed": N_("The badge is signed in a way that proves nothing."),
    "jwt_iss": N_("The signed badge names two different issuers."),
    "jwt_sub": N_("The signed badge names two different holders, or does not repeat whose it is."),
    "jwt_jti": N_("The signed badge has two different addresses, or does not repeat its own."),
    "jwt_nbf": N_("The signed badge begins on two different dates, or does not repeat its date."),
    "jwt_exp": N_("The signed badge ends on two different dates."),
    "jwt_vc_claim": N_("The signed badge can be read in two ways."),
    "proof_good": N_("Nothing was changed since the issuer signed the badge."),
    "no_proof": N_("This badge is not signed, so anybody could have written it."),
    "proof_malformed": N_("The signature is not built as the rules say."),
    "proof_repeated": N_("The badge bears the same signature twice."),
    "previous_proof": N_("The badge bears a signature that builds on another one, which is missing."),
    "base_proof": N_(
        "This is the holder's own copy, from which parts can be shown. Ask for a copy made for showing."
    ),
    "key_kind": N_("The signature and the issuer's key are of different kinds."),
    "proof_value": N_("The signature is damaged."),
    "proof_purpose": N_("The signature was made for another purpose."),
    "proof_created_future": N_("The signature bears a date that has not come yet."),
    "proof_expired": N_("The signature has expired."),
    "signature": N_("The badge was changed after it was signed, or the signature is false."),
    "cryptosuite_unsupported": N_("The badge is signed in a way that we cannot check yet (%(suite)s)."),
    "cryptosuite_unsupported_beside": N_(
        "The badge bears one more signature, which we cannot check (%(suite)s)."
    ),
    # A newer edition
    "refresh_none": N_("The badge names no address for a newer edition."),
    "refreshed": N_("The issuer has a newer edition of %(date)s; that one was checked."),
    "refresh_same": N_("The issuer has no newer edition."),
    "refresh_failed": N_("The newer edition of the badge could not be had, so this one was checked."),
    "refresh_other": N_("The address for a newer edition shows another badge, so this one was checked."),
    "shown_in_parts": N_(
        "The holder shows parts of this badge. An end date or a withdrawal may be among what is left out."
    ),
    # Dates and status
    "dates_good": N_("The badge has begun and has no end date."),
    "dates_good_until": N_("The badge is good until %(date)s."),
    "dates_unreadable": N_("The dates in the badge cannot be read."),
    "not_yet_valid": N_("This badge is not valid before %(date)s."),
    "dates_hidden_possible": N_(
        "The holder shows parts of this badge, so we cannot know whether it has an end date."
    ),
    "expired": N_("This badge expired on %(date)s."),
    "status_good": N_("The issuer has not withdrawn the badge (as of %(as_of)s)."),
    "status_none": N_("This issuer has no way to withdraw it."),
    "status_hidden_possible": N_(
        "The holder shows parts of this badge, so we cannot know whether the issuer withdrew it."
    ),
    "revoked": N_("The issuer has withdrawn this badge."),
    "suspended": N_("The issuer has suspended this badge."),
    "replaced": N_("This badge was replaced by a newer edition on %(date)s."),
    "withdrawn": N_("The issuer withdrew this badge on %(date)s."),
    "withdrawn_with_reason": N_("The issuer withdrew this badge on %(date)s: %(reason)s"),
    "status_unreachable": N_("%(domain)s did not tell us whether the badge was withdrawn."),
    "status_too_many": N_("The badge names too many places that could tell whether it was withdrawn."),
    "status_kind_unknown": N_(
        "The issuer tells in a way that we do not know whether the badge was withdrawn."
    ),
    "status_purpose_unknown": N_("The issuer tells about the badge's state in a way that we do not know."),
    "status_index": N_("The badge does not say properly where its state can be read."),
    "status_list_format": N_("The issuer's list of withdrawn badges cannot be read."),
    "status_issuer": N_("The list of withdrawn badges belongs to somebody else, so we do not trust it."),
    "status_id_mismatch": N_("The list of withdrawn badges is not the one that the badge names."),
    "status_purpose": N_("The list that the badge names is not about this."),
    "status_encoding": N_("The issuer's list of withdrawn badges is damaged."),
    "status_too_large": N_("The issuer's list of withdrawn badges is too large to be read."),
    "status_too_short": N_("The issuer's list of withdrawn badges is shorter than the rules allow."),
    "status_range": N_("The issuer's list of withdrawn badges does not know this badge."),
    "status_not_yet_valid": N_("The issuer's list of withdrawn badges is not in force yet."),
    "status_rollback": N_("The issuer's list of withdrawn badges is older than one that we have seen."),
    "status_recursion": N_("The issuer's list of withdrawn badges points to a further list."),
    "status_other_purpose": N_("The issuer tells more about this badge in a list of its own (%(purpose)s)."),
    "status_stale": N_("The issuer's list of withdrawn badges is out of date."),
    "status_verification": N_("The signature of the list of withdrawn badges does not hold."),
    # Remarks
    "recipient_not_asked": N_("Nobody asked whose badge this is."),
    "recipient_matches": N_("The badge was issued to the person you asked about."),
    "recipient_other": N_("This badge was issued to somebody else than the person you asked about."),
    "recipient_not_said": N_("The badge does not say whether it was issued to the person you asked about."),
    "fact_sheet_none": N_("No fact sheet belongs to this badge."),
    "fact_sheet_good": N_("The fact sheet is the one that was signed for."),
    "fact_sheet_missing": N_("The fact sheet could not be found."),
    "fact_sheet_different": N_("The fact sheet was changed after the badge was signed."),
    "fact_sheet_digest": N_("We cannot check the fact sheet."),
    "endorsement_genuine": N_(
        "This endorsement was signed by %(domain)s, and whoever signed is listed in %(registry)s."
    ),
    "endorsement_signed_issuer_unknown": N_(
        "This endorsement was signed by %(domain)s. We do not know who that is."
    ),
    "endorsements_none": N_("There are no endorsements inside this badge."),
    "endorsements_good": N_("The endorsements inside this badge hold (%(count)s)."),
    "endorsements_bad": N_("Of %(count)s endorsements inside this badge, %(bad)s are not valid."),
    "endorsements_unchecked": N_(
        "Of %(count)s endorsements inside this badge, %(unknown)s could not be fully checked."
    ),
    "schema_good": N_("The badge is built exactly as the standard says."),
    "schema": N_("The badge is not built exactly as the standard says (%(count)s differences)."),
    "schema_other": N_("The badge names a form of its own (%(schema)s), which we do not check."),
    "result_link": N_("A result in this badge is not described in it, so nobody can say what it means."),
    # Presentations
    "presentation_too_many": N_(
        "This presentation holds more than %(most)s badges. Check them in smaller parts."
    ),
    "presentation_bare": N_("Nobody signed this presentation, so anybody may have put it together."),
    "presentation_contents": N_("Checked for each badge inside."),
    "presentation_genuine": N_("All badges in this presentation are genuine (%(count)s)."),
    "presentation_signed_issuer_unknown": N_(
        "The badges in this presentation are signed, but of %(count)s we do not know the issuer."
    ),
    "presentation_not_fully_checked": N_(
        "Of %(all)s badges in this presentation, %(count)s could not be fully checked."
    ),
    "presentation_not_valid": N_("Of %(all)s badges in this presentation, %(count)s are not valid."),
    "presentation_signature": N_("The presentation was changed, or its signature is false."),
    "presentation_challenge": N_("This presentation was made to answer another question than ours."),
    "presentation_unanswered": N_("Nobody signed an answer to our question."),
    "presentation_domain": N_("This presentation was made for somebody else."),
    # Who is in front of me?
    "holder_named": N_("Issued to %(name)s: compare with an ID."),
    "holder_not_named": N_("No name in this badge: it does not show whose it is."),
    "holder_not_known": N_("We do not say whose badge this is, as its signature was not confirmed."),
    "holder_confirmed": N_("The holder confirmed just now."),
}
"""Code -> sentence with `%(name)s` params."""


def sentence(code: str, params: Params = NO_PARAMS) -> str:
    """The English sentence for `code`, with `params` filled in; raises KeyError for an unknown code."""
    return SENTENCES[code] % params
