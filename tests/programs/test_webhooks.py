"""Webhooks are told of badges in the transaction of the deed, signed, to public addresses alone, and tried again."""

import base64
import hmac
import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from badge_service.awards import actions as awards
from badge_service.awards.rules import Channel
from badge_service.awards.tables import Award
from badge_service.errors import InvalidError, NotFoundError, UnavailableError
from badge_service.programs import jobs
from badge_service.programs.actions import webhooks as actions
from badge_service.programs.rules.webhooks import Event
from badge_service.programs.tables import Delivery, Webhook
from badge_service.register.rules import RevocationReason
from badge_service.storage import outbox
from badge_service.storage.tables import OutboxJob
from badge_service.web.outward import host_and_path, post
from tests.awards.conftest import World

ALL = [event.value for event in Event]


class Receiver:
    """The other side: what it was sent, and how it answers."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes, dict[str, str]]] = []
        self.status = 204

    def __call__(self, url: str, body: bytes, headers: dict[str, str], *, own_hosts: Any) -> int:
        self.sent.append((url, body, headers))
        return self.status


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


def add(world: World, events: list[str] | None = None, url: str = "https://school.example/told") -> str:
    with world.database.writing() as session:
        made = actions.add_webhook(
            session, world.viewers["admin"], world.settings, "craft-school", url, events or ALL
        )
        return made.token


def deliver(world: World, receiver: Receiver) -> int:
    return outbox.run_due(world.database, jobs.handlers(world.settings, world.database, receiver))


def one(world: World, table: Any) -> Any:
    with world.database.reading() as session:
        return session.scalars(select(table).order_by(table.id.desc())).first()


def test_a_class_is_one_signed_message_without_names(
    world: World, class_of_three: list[int], receiver: Receiver
) -> None:
    add(world)
    world.award(*class_of_three)
    assert deliver(world, receiver) == 1
    ((url, body, headers),) = receiver.sent
    told = json.loads(body)
    assert url == "https://school.example/told" and told["type"] == "award.awarded"
    assert len(told["data"]["awards"]) == 3
    assert b"Petya" not in body and b"@" not in body
    secret = base64.b64decode(one(world, Webhook).secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(secret, signed, sha256).digest()).decode()
    assert headers["webhook-signature"] == expected
    assert one(world, Delivery).answered == 204 and deliver(world, receiver) == 0


def test_accepting_declining_and_withdrawing_are_told_too(
    app: Flask, world: World, class_of_three: list[int], receiver: Receiver
) -> None:
    add(world, ["award.accepted", "award.declined", "award.revoked"])
    world.award(*class_of_three)
    with world.database.reading() as session:
        tokens = [award.token for award in session.scalars(select(Award).order_by(Award.id))]
    with app.test_request_context(), world.database.writing() as session:
        for token, deed in zip(tokens, (awards.claim, awards.decline), strict=False):
            award = session.scalar(select(Award).where(Award.token == token))
            code = awards.issue_code(session, award, Channel.CARD)
            if deed is awards.claim:
                awards.claim(
                    session,
                    world.viewers["teacher"],
                    code,
                    with_name=False,
                    password="four words in a row",
                )
            else:
                awards.decline(session, code)
        awards.revoke_award(session, world.viewers["teacher"], tokens[2], RevocationReason.MISTAKE)
    deliver(world, receiver)
    told = [
        (json.loads(body)["type"], json.loads(body)["data"]["awards"])
        for _url, body, _headers in receiver.sent
    ]
    assert told == [
        ("award.accepted", [tokens[0]]),
        ("award.declined", [tokens[1]]),
        ("award.revoked", [tokens[2]]),
    ]


def test_undoing_a_batch_tells_of_all_its_awards(
    app: Flask, world: World, class_of_three: list[int], receiver: Receiver
) -> None:
    add(world, ["award.revoked"])
    batch = world.award(*class_of_three)
    with app.test_request_context(), world.database.writing() as session:
        patient = replace(world.settings, undo_minutes=10)
        awards.undo_batch(session, world.viewers["teacher"], patient, batch)
    deliver(world, receiver)
    assert [len(json.loads(body)["data"]["awards"]) for _url, body, _headers in receiver.sent] == [3]


def test_a_failure_is_tried_again_with_the_same_id_and_shown(
    world: World, class_of_three: list[int], receiver: Receiver, clock: Any
) -> None:
    add(world)
    receiver.status = 500
    world.award(*class_of_three)
    deliver(world, receiver)
    assert one(world, Delivery).trouble == "The address answered 500."
    assert one(world, Webhook).failing_since is not None
    receiver.status = 200
    clock.advance(minutes=2)
    deliver(world, receiver)
    first, second = receiver.sent
    assert first[2]["webhook-id"] == second[2]["webhook-id"] and first[1] == second[1]
    assert one(world, Delivery).tries == 2 and one(world, Webhook).failing_since is None


def test_redirects_are_no_success(world: World, class_of_three: list[int], receiver: Receiver) -> None:
    add(world)
    receiver.status = 302
    world.award(*class_of_three)
    deliver(world, receiver)
    assert one(world, Delivery).delivered_at is None


def fail(world: World, receiver: Receiver, messages: int) -> None:
    with world.database.writing() as session:
        for number in range(messages):
            actions.tell(session, one(world, Webhook).organisation_id, Event.AWARDED, [f"award-{number}"])
    deliver(world, receiver)


def test_after_five_days_of_failing_it_is_switched_off_and_on_again_by_a_person(
    world: World, class_of_three: list[int], receiver: Receiver, clock: Any
) -> None:
    token = add(world)
    receiver.status = 410
    fail(world, receiver, 5)
    clock.advance(days=6)
    deliver(world, receiver)
    assert one(world, Webhook).switched_off_at is not None
    world.award(class_of_three[0])
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 5
    with world.database.writing() as session:
        webhook = actions.find_webhook(session, world.viewers["admin"], "craft-school", token)
        actions.switch_on(session, world.viewers["admin"], webhook)
        actions.send_again(session, world.viewers["admin"], webhook, one(world, Delivery).token)
    receiver.status = 200
    clock.advance(hours=5)
    deliver(world, receiver)
    assert one(world, Delivery).delivered_at is not None


def test_a_few_failures_on_two_days_far_apart_switch_nothing_off(
    world: World, receiver: Receiver, clock: Any
) -> None:
    add(world)
    receiver.status = 503
    fail(world, receiver, 1)
    clock.advance(days=6)
    fail(world, receiver, 3)
    assert one(world, Webhook).switched_off_at is None
    fail(world, receiver, 1)
    assert one(world, Webhook).switched_off_at is not None


def test_for_a_day_both_secrets_sign(
    world: World, class_of_three: list[int], receiver: Receiver, clock: Any
) -> None:
    token = add(world)
    with world.database.writing() as session:
        webhook = actions.find_webhook(session, world.viewers["admin"], "craft-school", token)
        actions.exchange_secret(session, world.viewers["admin"], webhook)
    world.award(class_of_three[0])
    deliver(world, receiver)
    clock.advance(days=1)
    world.award(class_of_three[1], key="two")
    deliver(world, receiver)
    counts = [len(headers["webhook-signature"].split()) for _url, _body, headers in receiver.sent]
    assert counts == [2, 1]


def test_nothing_is_written_when_the_deed_does_not_happen(world: World, class_of_three: list[int]) -> None:
    add(world)
    with pytest.raises(RuntimeError), world.database.writing() as session:
        actions.tell(session, 1, Event.AWARDED, ["a"])
        raise RuntimeError
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxJob)) == 0


def test_old_messages_go_after_a_month(
    world: World, class_of_three: list[int], receiver: Receiver, clock: Any
) -> None:
    add(world)
    world.award(class_of_three[0])
    deliver(world, receiver)
    clock.advance(days=31)
    world.award(class_of_three[1], key="two")
    deliver(world, receiver)
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 1


def test_other_schools_are_told_nothing_and_find_nothing(
    world: World, class_of_three: list[int], receiver: Receiver
) -> None:
    with world.database.writing() as session:
        actions.add_webhook(
            session,
            world.viewers["other-admin"],
            world.settings,
            "other-school",
            "https://other.example/",
            ALL,
        )
    world.award(*class_of_three)
    assert deliver(world, receiver) == 0
    token = add(world)
    with world.database.reading() as session, pytest.raises(NotFoundError):
        actions.find_webhook(session, world.viewers["other-admin"], "other-school", token)


@pytest.mark.parametrize(
    "url",
    [
        "http://school.example/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://10.0.0.1/x",
        "https://user@school.example/", "https://school.example:8443/", "https://school.example\\@evil.example/",
        "https://school/", "ftp://school.example/", "https://school.example/#x", "https://school.example/ x", "", "x" * 600,
        "https://2130706433/", "https://0x7f.1/",
    ],
)  # fmt: skip
def test_addresses_that_are_not_told(world: World, url: str) -> None:
    with pytest.raises(InvalidError) as refused:
        add(world, url=url)
    assert {fault.code for fault in refused.value.faults} == {"ssrf_blocked"}
    with pytest.raises(UnavailableError):
        post(url, b"{}", {})


def test_a_public_name_that_leads_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_args: Any, **_kwargs: Any) -> list[Any]:
        return [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("169.254.169.254", 443))]

    def connect(*_args: Any, **_kwargs: Any) -> Any:
        raise AssertionError("connected")

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    monkeypatch.setattr("socket.create_connection", connect)
    with pytest.raises(UnavailableError) as refused:
        post("https://school.example/", b"{}", {})
    assert refused.value.code == "fetch_refused"
    assert host_and_path("https://badges.example/x", ["Badges.example"]) is None


def test_an_administrator_adds_an_address_reads_the_log_and_removes_it(
    app: Flask, world: World, class_of_three: list[int], receiver: Receiver
) -> None:
    app.extensions["viewer_loader"] = lambda: world.viewers["admin"]
    app.config["WTF_CSRF_ENABLED"] = False
    client, base = app.test_client(), "/organisations/craft-school/webhooks"
    assert client.post(base, data={"url": "http://x"}).status_code == 422
    made = client.post(base, data={"url": "https://school.example/told", "events": ALL})
    assert made.status_code == 302
    world.award(*class_of_three)
    receiver.status = 503
    deliver(world, receiver)
    page = client.get(made.location).text
    assert "The address answered 503." in page and one(world, Webhook).secret in page
    sent = client.post(f"{made.location}/again", data={"message": one(world, Delivery).token})
    assert sent.status_code == 302
    receiver.status = 200
    deliver(world, receiver)
    assert "taken" in client.get(made.location).text and "fails" not in client.get(base).text
    assert client.post(f"{made.location}/secret").status_code == 302
    assert client.post(f"{made.location}/on").status_code == 302
    assert client.post(f"{made.location}/remove").status_code == 302
    assert client.get(made.location).status_code == 404 and one(world, Webhook).secret == ""
