"""The Open Badges 3.0 standard as a library: documents in, signed or judged documents out; no clock, network or storage.

*Issue*: compose a badge from its parts (`achievement`, `credential`), let it through the one gate (`credential.prepare`:
schema, known words, nothing that a signature would not cover), and sign it (`proofs`), as JSON or as a token.
*Judge*: hand whatever somebody brings (JSON, token, PNG, SVG, presentation) to `verification.verify`, which answers with one
`verdict.Verdict` and never raises for what is in it.
*Carry*: `baking` puts a badge into a picture, `bitstring_status_list` withdraws it, `did` says where an issuer's keys are.

The caller brings the time (`now`), the network (`fetch`: address in, bytes out) and the key (`signing.Signer`: a name, an
algorithm, its public half and `sign(bytes)`, so that a security module can stand behind it). A whole life in ten lines, with
an issuer that is its own key:

>>> from datetime import UTC, datetime
>>> from badge_service.openbadges import achievement, credential, did, verification
>>> from badge_service.openbadges.proofs import eddsa_rdfc_2022
>>> now, school = datetime(2026, 11, 21, 12, tzinfo=UTC), did.did_key(signer.public_key)
>>> hosting = achievement.achievement("https://school.example/hosting", "Guest host", "Hosts a guest.",
...     achievement.criteria(narrative="Invites and hosts a guest."))
>>> badge = credential.compose(id="urn:uuid:5f1c6a8e-6f0e-4f8b-9d0a-3a3a2d1c7b10", valid_from=now,
...     issuer=achievement.profile(school, "School"), subject=credential.subject("urn:uuid:1", hosting))
>>> signed = eddsa_rdfc_2022.sign(credential.prepare(badge), signer=signer, created=now,
...     verification_method=f"{school}#{signer.public_key.multikey}")
>>> verification.verify(signed, now=now, fetch=nobody).outcome.value
'signed_issuer_unknown'
>>> signed["name"] = "Master of Guests"
>>> verification.verify(signed, now=now, fetch=nobody).reason_code
'signature'

What is asked and in which order stands in `docs/verification.md`; every module names the sections that it follows. Documents
of strangers are bounded everywhere: bytes, depth, statements, proofs, lists, fetches. Vocabularies are pinned by digest and
never fetched (`contexts`), badges of one shape are canonicalized without expanding each (`canonical`, `shapes`).
"""
