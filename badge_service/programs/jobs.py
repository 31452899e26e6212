"""Sends what webhooks are told: signed, to public https addresses alone, tried again later when it fails."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.errors import UnavailableError
from badge_service.programs.actions.webhooks import (
    WEBHOOK,
    body_of,
    forget_old_messages,
    note_outcome,
    own_hosts,
)
from badge_service.programs.rules.webhooks import signatures
from badge_service.programs.tables import Delivery
from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.storage.session import Database, now
from badge_service.web.outward import post

Post = Callable[..., int]


def handlers(settings: Settings, database: Database, send: Post = post) -> outbox.Handlers:
    """The handler of outbox jobs of kind "webhook"; no session is open while a stranger's server is waited for."""

    def deliver(payload: Mapping[str, Any]) -> None:
        with database.reading() as session:
            delivery = _standing(session, payload["delivery"])
            if delivery is None:
                return
            url, body, headers = delivery.webhook.url, body_of(delivery), _headers(session, delivery)
        status, trouble = _send(send, url, body, headers, own_hosts(settings))
        with database.writing() as session:
            delivery = _standing(session, payload["delivery"])
            if delivery is not None:
                note_outcome(session, delivery, status=status, trouble=trouble)
            forget_old_messages(session)
        if trouble is not None:
            raise UnavailableError(trouble, code="webhook")

    return {WEBHOOK: outbox.Outside(deliver)}


def _standing(session: Session, token: str) -> Delivery | None:
    """The message, if its webhook still wants to be told."""
    delivery = session.scalar(select(Delivery).where(Delivery.token == token))
    off = delivery is None or delivery.webhook.removed_at or delivery.webhook.switched_off_at
    return None if off else delivery


def _headers(session: Session, delivery: Delivery) -> dict[str, str]:
    webhook, at = delivery.webhook, now(session)
    secrets = [webhook.secret]
    if webhook.former_secret and webhook.former_until and at < webhook.former_until:
        secrets.append(webhook.former_secret)
    timestamp = int(at.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "badge-service",
        "webhook-id": delivery.token,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signatures(secrets, delivery.token, timestamp, body_of(delivery)),
    }


def _send(
    send: Post, url: str, body: bytes, headers: Mapping[str, str], own: tuple[str, ...]
) -> tuple[int | None, str | None]:
    try:
        status = send(url, body, headers, own_hosts=own)
    except UnavailableError as error:
        return None, error.message
    return status, None if 200 <= status < 300 else f"The address answered {status}."
