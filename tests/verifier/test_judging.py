"""Badges of other issuers and forgeries of ours: each its own clear sentence, and none of them green."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from badge_service.errors import InvalidError
from badge_service.openbadges.digests import digest_sri
from badge_service.verifier import actions, rules
from badge_service.verifier.actions import Judged
from badge_service.verifier.desk import Desk, own_hosts

SCHOOL = "Friese Vakschool"


def judge(desk: Desk, document: dict[str, Any]) -> Judged:
    return actions.judge(desk, json.dumps(document))


def says(judged: Judged) -> tuple[str, str]:
    return judged.verdict.outcome.value, judged.verdict.reason_code


def page_of(client: FlaskClient, document: dict[str, Any]) -> str:
    page = client.post("/verify", data={"text": json.dumps(document)})
    assert page.status_code == 200
    assert "verdict-genuine" not in page.text
    return page.text


def test_a_good_badge_of_an_unknown_issuer_is_amber_and_shows_its_domain(
    client: FlaskClient, foreign: Any
) -> None:
    text = page_of(client, foreign.badge())
    assert "verdict-issuer_unknown" in text
    assert "Signed by badges.example.org. We do not know who that is." in text
    assert 'class="vouching-domain">badges.example.org<' in text


def test_another_issuer_that_calls_itself_by_our_name_is_warned_of(
    client: FlaskClient, desk: Desk, foreign: Any
) -> None:
    document = foreign.badge()
    assert document["issuer"]["name"] == SCHOOL  # the name of a school of this service, too
    assert judge(desk, document).likeness
    text = page_of(client, document)
    assert f"We know an issuer called “{SCHOOL}”, but this badge is not theirs" in text
    other = copy.deepcopy(document)
    other["issuer"]["name"] = "Another School"
    assert judge(desk, other).likeness is None


def test_what_a_badge_of_an_unknown_issuer_says_of_itself_is_never_stated_as_fact(
    client: FlaskClient, foreign: Any, compose: Callable[..., dict[str, Any]]
) -> None:
    document = compose()
    document["issuer"]["name"] = "Royal Academy"
    maker = {"id": "https://badges.example.org/lets/x", "type": ["Profile"], "name": "Ministry of Crafts"}
    document["credentialSubject"]["achievement"]["creator"] = maker
    text = page_of(client, foreign.school.sign(document))
    assert "verdict-issuer_unknown" in text
    assert "<dt>Awarded by</dt><dd>badges.example.org</dd>" in text
    assert 'Ministry of Crafts <span class="quiet">as the badge says</span>' in text


def test_our_identifier_with_another_key_is_not_valid(
    client: FlaskClient, foreign: Any, own_document: dict[str, Any], new_key: Any
) -> None:
    unsigned = {name: value for name, value in own_document.items() if name != "proof"}
    method = own_document["proof"][0]["verificationMethod"]
    forged = foreign.school.sign(unsigned, new_key(9), method)
    text = page_of(client, forged)
    assert "verdict-invalid" in text and "The badge was changed after it was signed" in text
    assert "Says it is signed by" in text


def test_our_identifier_with_a_strangers_own_key_is_not_valid(
    client: FlaskClient, foreign: Any, own_document: dict[str, Any]
) -> None:
    unsigned = {name: value for name, value in own_document.items() if name != "proof"}
    text = page_of(client, foreign.school.sign(unsigned))
    assert "verdict-invalid" in text
    assert "names one issuer but was signed with the key of somebody else" in text


def test_a_look_alike_domain_is_shown_as_it_truly_is(
    client: FlaskClient, foreign: Any, compose: Callable[..., dict[str, Any]], new_key: Any
) -> None:
    look_alike = "did:web:" + "bаdges.example.org".encode("idna").decode()
    key = new_key(7)
    foreign.school.publish_did(look_alike, [("1", key.public_key)])
    document = compose()
    document["issuer"]["id"] = look_alike
    del document["credentialStatus"]
    text = page_of(client, foreign.school.sign(document, key, f"{look_alike}#1"))
    assert "verdict-issuer_unknown" in text
    assert 'class="vouching-domain">xn--bdges-4ve.example.org<' in text
    assert "letters of another alphabet" in text


def test_a_look_alike_in_its_own_letters_is_not_valid_or_unknown(
    desk: Desk, foreign: Any, compose: Callable[..., dict[str, Any]]
) -> None:
    document = compose()
    document["issuer"]["id"] = "did:web:bаdges.example.org"
    method = f"{document['issuer']['id']}#2026"
    judged = judge(desk, foreign.school.sign(document, None, method))
    assert judged.verdict.outcome.value in ("not_valid", "not_fully_checked")
    assert not judged.is_signed


@pytest.mark.parametrize(
    ("changes", "reason", "words"),
    [
        ({"validUntil": "2026-11-20T23:00:00Z"}, "expired", "This badge expired on 20 November 2026."),
        (
            {"validFrom": "2026-12-24T10:00:00Z"},
            "not_yet_valid",
            "This badge is not valid before 24 December 2026.",
        ),
    ],
)
def test_dates_are_told_as_the_reader_writes_them(
    client: FlaskClient, desk: Desk, foreign: Any, changes: dict[str, Any], reason: str, words: str
) -> None:
    document = foreign.badge(**changes)
    assert says(judge(desk, document)) == ("not_valid", reason)
    assert words in page_of(client, document)


def test_a_badge_revoked_by_its_own_issuer_is_not_valid(
    client: FlaskClient, desk: Desk, foreign: Any
) -> None:
    foreign.publish_list([42], desk.now)
    text = page_of(client, foreign.badge())
    assert "verdict-invalid" in text and "The issuer has withdrawn this badge." in text


def test_an_unreachable_status_list_is_grey(client: FlaskClient, foreign: Any) -> None:
    foreign.down = {"/status/"}
    text = page_of(client, foreign.badge())
    assert "verdict-unchecked" in text
    assert "badges.example.org did not tell us whether the badge was withdrawn." in text


def test_a_network_that_is_down_makes_foreign_badges_grey_and_leaves_ours_alone(
    client: FlaskClient, foreign: Any, open_badge: str
) -> None:
    foreign.down = {"https://"}
    assert "verdict-unchecked" in page_of(client, foreign.badge())
    assert "verdict-genuine" in client.get(f"/credentials/{open_badge}").text


def test_what_an_unsigned_file_says_is_only_a_claim(client: FlaskClient, foreign: Any) -> None:
    forged = {**foreign.badge(), "awardedDate": "2020-01-01T00:00:00Z"}
    text = page_of(client, forged)
    assert "What this person can do" not in text and "European standard elements" not in text
    assert "What the file says of itself (not confirmed)" in text


def test_the_operators_file_makes_an_issuer_known_under_its_registered_name(
    desk: Desk, foreign: Any, tmp_path: Path
) -> None:
    from dataclasses import replace

    from badge_service.verifier.registries import read_trusted

    document = foreign.badge()
    file = tmp_path / "trusted.json"
    file.write_text(json.dumps([{"did": document["issuer"]["id"], "name": "Vakschool", "domain": "x"}]))
    trusting = replace(desk, registries=[*desk.registries, read_trusted(file, "the operator's list")])
    verdict = judge(trusting, document).verdict
    assert (verdict.outcome.value, verdict.registry, verdict.registered_name) == (
        "genuine",
        "the operator's list",
        "Vakschool",
    )
    assert verdict.name_confirmed is False  # the file names another domain than that of the key document


def test_a_bad_trust_file_names_every_wrong_entry(tmp_path: Path) -> None:
    from badge_service.verifier.registries import read_trusted

    file = tmp_path / "trusted.json"
    file.write_text('[{"did": "did:web:a.example", "name": "A"}, {"did": 3, "name": "B"}, "C"]')
    with pytest.raises(InvalidError) as caught:
        read_trusted(file, "list")
    assert [fault.where for fault in caught.value.faults] == ["entry 2", "entry 3"]


def test_the_fact_sheet_fills_the_european_box_only_when_it_is_the_signed_one(
    client: FlaskClient, foreign: Any, desk: Desk, compose: Callable[..., dict[str, Any]]
) -> None:
    address = "https://badges.example.org/achievements/x/1.0.0/eu-facts.json"
    sheet = json.dumps({"learningOutcomes": ["Hosts a guest."], "notionalWorkload": "PT12H"}).encode()
    foreign.school.pages[address] = sheet
    resource = {"id": address, "mediaType": "application/json", "digestSRI": digest_sri(sheet)}
    document = foreign.badge(relatedResource=[resource])
    judged = judge(desk, document)
    assert judged.facts is not None and judged.facts.outcomes == ("Hosts a guest.",)
    assert len(judged.box) == 16
    text = page_of(client, document)
    assert "12 hours" in text and "from the definition" in text
    assert "What it was given for" in text  # not: what this person can do; we do not know who says so
    foreign.school.pages[address] = sheet.replace(b"12", b"99")
    text = page_of(client, document)
    assert "99 hours" not in text and "The fact sheet was changed after the badge was signed." in text
    assert "verdict-issuer_unknown" in text  # a remark, never red alone


def test_own_share_links_are_known_under_every_name_of_this_machine(tmp_path: Path) -> None:
    from badge_service.settings import for_demo

    hosts = own_hosts(for_demo(tmp_path).reached_at("http://192.168.1.7:8001"))
    token = "Zk3rT8v1QpX5nYb7Lw2c9g"
    for host in ("localhost:8000", "127.0.0.1:8000", "192.168.1.7:8001"):
        assert rules.share_token(f"http://{host}/credentials/{token}", hosts) == token
    assert (
        rules.share_token(f"http://{'localhost:8000'}/credentials/{token}?next=//evil.test", hosts) == token
    )
    assert rules.share_token(f"https://localhost:8000.evil.test/credentials/{token}", hosts) is None
    assert rules.share_token("http://[::1", hosts) is None


def test_a_foreign_page_is_judged_by_the_document_beside_it(desk: Desk, foreign: Any) -> None:
    address = "https://badges.example.org/credentials/Zk3rT8v1QpX5nYb7Lw2c9g"
    foreign.school.pages[address] = b"<!doctype html><title>A badge</title>"
    foreign.school.publish(f"{address}.json", foreign.badge())
    assert actions.judge_address(desk, address).verdict.outcome.value == "signed_issuer_unknown"


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("http://badges.example.org/x", "link_malformed"),
        ("https://user:pw@badges.example.org/", "link_malformed"),
        ("https://badges.example.org:8443/x", "link_malformed"),
        ("https://badges.example.org/nothing", "link_no_badge"),
        ("https://silent.example.org/x", "link_unreachable"),
        ("http://localhost:8000/credentials/aaaaaaaaaaaaaaaaaaaaaa", "link_not_open"),
    ],
)
def test_links_that_lead_to_no_badge_say_why(desk: Desk, foreign: Any, link: str, code: str) -> None:
    foreign.down = {"silent.example.org"}
    with pytest.raises(InvalidError) as caught:
        actions.judge_text(desk, link)
    assert caught.value.code == code


def test_a_wrong_trust_file_stops_the_start_instead_of_breaking_pages(world: Any, tmp_path: Path) -> None:
    from dataclasses import replace

    from flask import Flask

    from badge_service.settings import for_demo
    from badge_service.verifier.pages import blueprint
    from badge_service.web.surroundings import use_surroundings

    file = tmp_path / "trusted.json"
    file.write_text("[1]")
    app = Flask(__name__)
    use_surroundings(app, replace(for_demo(tmp_path), trusted_issuers_file=file), world.keyring)
    with pytest.raises(InvalidError):
        app.register_blueprint(blueprint)
    file.write_text('[{"did": "did:web:a.example", "name": "A", "domain": "a.example"}]')
    app = Flask(__name__)
    use_surroundings(app, replace(for_demo(tmp_path), trusted_issuers_file=file), world.keyring)
    app.register_blueprint(blueprint)
    trusted = app.extensions["verifier_tools"].trusted.under("their file")
    assert trusted.issuers == {"did:web:a.example": "A"}


def test_what_does_not_decide_is_still_worth_knowing(
    client: FlaskClient, foreign: Any, compose: Callable[..., dict[str, Any]]
) -> None:
    document = compose()
    del document["credentialStatus"]
    text = page_of(client, foreign.school.sign(document))
    assert "verdict-issuer_unknown" in text and "This issuer has no way to withdraw it." in text
