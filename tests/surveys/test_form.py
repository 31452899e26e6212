"""The form in a browser without an account: drawn, answered, refused with everything kept, closed."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.storage.session import Database
from badge_service.storage.tables import OutboxJob
from badge_service.surveys import actions
from badge_service.surveys.tables import SurveyRefusal, SurveyResponse, SurveyRun

from .conftest import make_world


@pytest.fixture
def code(database: Database, settings: Settings) -> str:
    with database.writing() as session:
        return make_world(session, settings).run().code


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def kept(database: Database) -> list[SurveyResponse]:
    with database.reading() as session:
        return list(session.scalars(select(SurveyResponse)))


def filled(page: str, **more: str) -> MultiDict[str, str]:
    """The hidden fields of a page, and an answer to each drawn question."""
    fields = MultiDict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]+)"', page))
    for name in fields.getlist("asked"):
        fields.add(name, "4")
    fields.update(more)
    return fields


def test_a_form_is_opened_by_its_code_and_takes_an_answer(
    client: FlaskClient, code: str, database: Database
) -> None:
    page = client.get(f"/feedback?code={code.lower().replace('-', ' ')}", follow_redirects=True)
    assert page.status_code == 200 and "Weave a border." in page.text
    fields = filled(page.text, **{"o1.before": "1", "o1.after": "4", "change": "More <b>time</b>."})
    answer = client.post(f"/feedback/{code}", data=fields)
    assert answer.status_code == 302
    assert "Thank you" in client.get(answer.location).text
    assert (
        client.post(f"/feedback/{code}", data=fields).status_code == 302
    )  # the same form again, by the back button
    [one] = kept(database)
    assert len(one.answers) == 4 and one.words == {"change": "More <b>time</b>."}


def test_a_refused_form_keeps_every_question_and_everything_typed(
    client: FlaskClient, code: str, database: Database
) -> None:
    fields = filled(
        client.get(f"/feedback/{code}").text, **{"o1.before": "9", "keep": "The tools.", "change": "y" * 600}
    )
    answer = client.post(f"/feedback/{code}", data=fields)
    assert answer.status_code == 422 and "2 things need correcting" in answer.text
    assert "The tools." in answer.text and "y" * 600 in answer.text
    again = filled(answer.text)
    assert again.getlist("asked") == fields.getlist("asked") and again["key"] == fields["key"]
    assert answer.text.count("checked") == 2 and kept(database) == []


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"asked": "useful", "useful": "4"},
        {"asked": ["useful", "useful"], "useful": "4"},
        {"asked": ["useful", "clear"], "useful": ["4", "5"]},
        {"asked": ["useful", "clear"], "useful": "\ud800", "clear": "9" * 5000},
        {"asked": ["useful", "clear"], "o1.before": "-1", "keep": "a\x00b"},
        {"asked": ["useful", "clear"], "change": "z" * 100_000},
    ],
)
def test_what_nobody_could_have_sent_is_refused(
    client: FlaskClient, code: str, database: Database, fields: dict[str, str]
) -> None:
    sent = {
        name: value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        for name, value in fields.items()
    }
    assert client.post(f"/feedback/{code}", data=sent).status_code in {400, 422}
    assert kept(database) == []


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/feedback?code=7K3M", 422),
        ("/feedback/7K3M-9PQR-4VWX", 422),
        ("/feedback/mine/x", 404),
        ("/feedback/mine/x/no", 404),
    ],
)
def test_what_leads_nowhere_says_so(client: FlaskClient, code: str, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_a_mailed_link_asks_once_and_no_more_mails_are_a_button_away(
    client: FlaskClient, database: Database, settings: Settings
) -> None:
    with database.writing() as session:
        world = make_world(session, settings)
        run = world.run("workshop_use")
        actions.invite(session, settings, run, world.recipients())
        texts = [
            job.payload[outbox.ONCE]["text"]
            for job in session.scalars(select(OutboxJob).order_by(OutboxJob.id))
        ]
    assert "Learner0" in texts[0] and "Heb je gebruikt wat je leerde?" not in texts[0]
    first, second = (re.search(r"(/feedback/mine/\S+)", text)[1] for text in texts[:2])  # type: ignore[index]
    assert client.post(first, data={"used": "3", "where": ["1", "3"], "key": "k"}).status_code == 302
    assert "You have answered" in client.get(first).text
    [one] = kept(database)
    assert one.answers == {"used": 3, "where": 0b101}
    assert client.get(f"{second}/no").status_code == 200
    with database.reading() as session:
        assert session.scalars(select(SurveyRefusal)).all() == []
    assert client.post(f"{second}/no").status_code == 302
    with database.reading() as session:
        assert len(session.scalars(select(SurveyRefusal)).all()) == 1


def test_a_closed_form_says_thank_you(client: FlaskClient, code: str, database: Database) -> None:
    with database.writing() as session:
        actions.close_run(session, None, session.scalars(select(SurveyRun)).one(), [])
    assert "closed" in client.get(f"/feedback/{code}").text
    assert client.post(f"/feedback/{code}", data={}).status_code == 200


def test_a_form_speaks_the_readers_language(client: FlaskClient, code: str) -> None:
    page = client.get(f"/feedback/{code}?lang=bg").text
    assert "Как мина работилницата?" in page and 'lang="en">Weave a border.' in page
