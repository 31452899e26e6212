"""What the page behind a QR code says of our own badges, and of addresses where nothing is open."""

import copy
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from badge_service.backpack.actions import set_sharing
from badge_service.curriculum.actions import newest_version
from badge_service.curriculum.actions.drafts import add_version
from badge_service.curriculum.rules import VersionState, parse_version
from badge_service.people.tables import Organisation
from badge_service.register.actions import mark_gone, refresh_status_lists, revoke
from badge_service.register.rules import RevocationReason
from badge_service.register.tables import Publication
from badge_service.storage.session import now
from badge_service.verifier import actions
from badge_service.verifier.desk import Desk


def revoke_now(world: Any, token: str, reason: RevocationReason) -> None:
    with world.database.writing() as session:
        revoke(session, token, reason, actor=None)
    refresh_status_lists(world.database, world.keyring)


def test_an_open_badge_is_genuine_and_says_whose_it_is(client: FlaskClient, open_badge: str) -> None:
    page = client.get(f"/credentials/{open_badge}")
    text = page.text
    assert page.status_code == 200
    assert "verdict-genuine" in text and "verdict-invalid" not in text
    assert 'class="vouching-domain">localhost:8000<' in text
    assert "No name in this badge" in text
    assert "Weaves base, sides and border" in text
    assert "Proficient" in text
    assert "<dt>Awarded by</dt><dd>Friese Vakschool</dd>" in text and "as the badge says" not in text


def test_the_verdict_says_whether_the_organisations_own_site_confirms_its_name(
    world: Any, client: FlaskClient, open_badge: str
) -> None:
    def known_as() -> str:
        return client.get(f"/credentials/{open_badge}").text.split("Known here as", 1)[1].split("</dl>")[0]

    assert "Not confirmed by the organisation's own site" in known_as()
    with world.database.writing() as session:
        session.query(Organisation).filter_by(name="Friese Vakschool").one().domain_confirmed_at = now(
            session
        )
    assert "Not confirmed" not in known_as()
    assert "Confirmed by the organisation's own site" in known_as()


def test_the_page_names_the_holder_when_the_badge_does(
    world: Any, client: FlaskClient, open_badge: str
) -> None:
    world.with_name(open_badge, "Мира Петрова")
    refresh_status_lists(world.database, world.keyring)
    assert "Issued to Мира Петрова: compare with an ID." in client.get(f"/credentials/{open_badge}").text


def test_the_page_judges_exactly_the_bytes_of_the_public_address(
    world: Any, client: FlaskClient, desk: Desk, open_badge: str
) -> None:
    served = client.get(f"/credentials/{open_badge}.json").data
    assert desk.begin()(f"http://localhost:8000/credentials/{open_badge}.json").body == served
    # And they are what decides, not a row: one changed letter in the published bytes turns the page red.
    with world.database.writing() as session:
        row = session.get_one(Publication, f"/credentials/{open_badge}.json")
        row.body = row.body.replace(b"Willow Basket", b"Willow Casket", 1)
    text = client.get(f"/credentials/{open_badge}").text
    assert "verdict-invalid" in text and "verdict-genuine" not in text
    assert "The badge was changed after it was signed" in text
    assert "<title>A badge" in text  # nothing of what it says is a heading, not even in the browser's tab


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (RevocationReason.MISTAKE, "it was awarded by mistake."),
        (RevocationReason.WITHDRAWN, "The issuer withdrew this badge on 21 November 2026."),
    ],
)
def test_a_withdrawn_badge_is_red_at_once_and_says_when_and_why(
    world: Any, client: FlaskClient, open_badge: str, reason: RevocationReason, words: str
) -> None:
    assert "verdict-genuine" in client.get(f"/credentials/{open_badge}").text
    revoke_now(world, open_badge, reason)
    text = client.get(f"/credentials/{open_badge}").text
    assert "verdict-invalid" in text and words in text


def test_the_file_of_an_older_edition_says_that_it_was_replaced(
    world: Any, client: FlaskClient, desk: Desk, open_badge: str
) -> None:
    old = client.get(f"/credentials/{open_badge}.json").data
    world.with_name(open_badge, "Мира Петрова")
    refresh_status_lists(world.database, world.keyring)
    verdict = actions.judge(desk, old).verdict
    assert (verdict.outcome.value, verdict.reason_code, verdict.replaced_on) == (
        "not_valid",
        "replaced",
        "2026-11-21",
    )
    assert "verdict-genuine" in client.get(f"/credentials/{open_badge}").text


def test_unknown_private_and_held_badges_answer_alike(
    world: Any, client: FlaskClient, open_badge: str
) -> None:
    private, held = world.award(), world.award(state="held")
    answers = {
        (page.status_code, page.data.replace(token.encode(), b""))
        for token in ("nothing-here-at-all-1", private, held)
        for page in [client.get(f"/credentials/{token}")]
    }
    assert len(answers) == 1
    status, body = answers.pop()
    assert status == 404 and b"There is no open badge at this address" in body


def test_closing_the_page_hides_it_but_its_file_can_still_be_checked(
    world: Any, client: FlaskClient, desk: Desk, open_badge: str
) -> None:
    file = client.get(f"/credentials/{open_badge}.json").data
    with world.database.writing() as session:
        set_sharing(session, world.mira, open_badge, "private")
    assert client.get(f"/credentials/{open_badge}").status_code == 404
    assert actions.judge(desk, file).verdict.outcome.value == "genuine"


def test_a_badge_erased_while_open_is_gone(world: Any, client: FlaskClient, open_badge: str) -> None:
    with world.database.writing() as session:
        mark_gone(session, f"/credentials/{open_badge}.json")
    page = client.get(f"/credentials/{open_badge}")
    assert page.status_code == 410 and "Withdrawn at the holder" in page.text


def test_the_page_sets_no_cookie_and_loads_nothing_from_others(client: FlaskClient, open_badge: str) -> None:
    page = client.get(f"/credentials/{open_badge}")
    assert "Set-Cookie" not in page.headers
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    for attribute in ('src="http', 'href="http://fonts', 'stylesheet" href="http'):
        assert attribute not in page.text


def test_a_listed_badge_may_be_found(world: Any, client: FlaskClient, open_badge: str) -> None:
    with world.database.writing() as session:
        set_sharing(session, world.mira, open_badge, "listed")
    page = client.get(f"/credentials/{open_badge}")
    assert "X-Robots-Tag" not in page.headers and 'content="noindex"' not in page.text


def test_the_verdict_speaks_the_readers_language_and_the_badge_keeps_its_own(
    client: FlaskClient, open_badge: str
) -> None:
    text = client.get(f"/credentials/{open_badge}?lang=bg").text
    assert '<html lang="bg">' in text
    assert '<h2 id="badge-title" lang="en">Willow Basket' in text


def test_somebody_elses_badge_cannot_borrow_our_explanation(
    world: Any, foreign: Any, compose: Any, desk: Desk, open_badge: str, own_document: dict[str, Any]
) -> None:
    """A stranger's badge that bears the address and the index of a revoked badge of ours is judged by its own list."""
    revoke_now(world, open_badge, RevocationReason.MISTAKE)
    stranger = copy.deepcopy(compose())
    stranger["id"] = own_document["id"]
    position = int(own_document["credentialStatus"]["statusListIndex"])
    stranger["credentialStatus"]["statusListIndex"] = str(position)
    foreign.publish_list([position], desk.now)
    verdict = actions.judge(desk, json.dumps(foreign.school.sign(stranger))).verdict
    assert (verdict.outcome.value, verdict.reason_code) == ("not_valid", "revoked")


def test_the_page_says_when_the_micro_credential_has_a_newer_version_and_judges_as_before(
    world: Any, client: FlaskClient, open_badge: str
) -> None:
    with world.database.writing() as session:
        old = newest_version(session, "willow-basket")
        newer = add_version(session, old.definition, old.content, parse_version("1.1.0"))
        newer.state, newer.published_at = VersionState.PUBLISHED, now(session)
    page = client.get(f"/credentials/{open_badge}").text
    assert "This badge was given for version 1.0.0. The newest is 1.1.0." in page
    assert 'href="/achievements/willow-basket/changes"' in page
    assert "verdict-genuine" in page
