"""Keeps an organisation's webhooks, writes down what they are told in the transaction of the deed, and sends it again."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Viewer
from badge_service.programs.rules.webhooks import (
    AWARDS_A_MESSAGE,
    FORMER_SECRET_LASTS,
    GIVES_UP_AFTER,
    GIVES_UP_AFTER_MESSAGES,
    MESSAGES_ARE_KEPT,
    Event,
    new_secret,
    webhook_faults,
)
from badge_service.programs.tables import Delivery, Webhook
from badge_service.settings import Settings
from badge_service.storage import audit, outbox
from badge_service.storage.session import now, random_bytes, token
from badge_service.web.paging import Listing, page_of

WEBHOOK = "webhook"


def own_hosts(settings: Settings) -> tuple[str, ...]:
    """The hosts under which this service answers: nothing is sent there."""
    return tuple({settings.host.partition(":")[0], settings.address.split("/")[2].partition(":")[0]})


def add_webhook(
    session: Session, viewer: Viewer, settings: Settings, slug: str, url: str, events: Collection[str]
) -> Webhook:
    """Let an address be told of events; its secret is on the answer. Raises `InvalidError`, `NotFoundError`."""
    organisation = people.administered(session, viewer, slug)
    standing = session.scalar(
        select(func.count())
        .select_from(Webhook)
        .where(Webhook.organisation_id == organisation.id, Webhook.removed_at.is_(None))
    )
    if faults := webhook_faults(url.strip(), events, standing or 0, own_hosts(settings)):
        raise InvalidError(_("This address cannot be added yet."), faults=faults)
    webhook = Webhook(
        token=token(session),
        organisation_id=organisation.id,
        url=url.strip(),
        events=sorted(set(events)),
        secret=new_secret(random_bytes(session, 32)),
        made_by=viewer.acting_key(),
        made_at=now(session),
    )
    session.add(webhook)
    session.flush()
    audit.record(
        session, viewer.acting_key(), "webhook.add", f"webhook:{webhook.token}", events=webhook.events
    )
    return webhook


def webhooks_of(session: Session, viewer: Viewer, slug: str) -> Sequence[Webhook]:
    """The webhooks of an organisation that the viewer runs, oldest first."""
    organisation = people.administered(session, viewer, slug)
    mine = select(Webhook).where(Webhook.organisation_id == organisation.id, Webhook.removed_at.is_(None))
    return session.scalars(mine.order_by(Webhook.id)).all()


def find_webhook(session: Session, viewer: Viewer, slug: str, webhook_token: str) -> Webhook:
    """One of them; raises `NotFoundError`."""
    found = next((one for one in webhooks_of(session, viewer, slug) if one.token == webhook_token), None)
    if found is None:
        raise NotFoundError(_("There is no such address."), code="webhook.missing")
    return found


def log_of(session: Session, webhook: Webhook, page: int = 1) -> Listing[Delivery]:
    """One page of what a webhook was told, newest first; for who may see the webhook."""
    told = select(Delivery).where(Delivery.webhook_id == webhook.id).order_by(Delivery.id.desc())
    return page_of(session, told, page)


def exchange_secret(session: Session, viewer: Viewer, webhook: Webhook) -> Webhook:
    """Give a webhook a new secret; for a day everything is signed with both, so that nothing gets lost meanwhile."""
    webhook.former_secret, webhook.former_until = webhook.secret, now(session) + FORMER_SECRET_LASTS
    webhook.secret = new_secret(random_bytes(session, 32))
    audit.record(session, viewer.acting_key(), "webhook.secret", f"webhook:{webhook.token}")
    return webhook


def switch_on(session: Session, viewer: Viewer, webhook: Webhook) -> Webhook:
    """Tell an address again that was switched off after it had failed for days."""
    webhook.switched_off_at = webhook.switched_off_why = webhook.failing_since = None
    audit.record(session, viewer.acting_key(), "webhook.on", f"webhook:{webhook.token}")
    return webhook


def remove_webhook(session: Session, viewer: Viewer, webhook: Webhook) -> None:
    """Tell this address nothing any more; its secrets go."""
    webhook.removed_at, webhook.secret, webhook.former_secret = now(session), "", None
    audit.record(session, viewer.acting_key(), "webhook.remove", f"webhook:{webhook.token}")


def send_again(session: Session, viewer: Viewer, webhook: Webhook, delivery_token: str) -> Delivery:
    """Send one message again, whatever became of it: the same id, so that its receiver can see the repetition.

    Raises `NotFoundError`, `ConflictError` while the address is switched off.
    """
    delivery = session.scalar(
        select(Delivery).where(Delivery.webhook_id == webhook.id, Delivery.token == delivery_token)
    )
    if delivery is None:
        raise NotFoundError(_("There is no such message."), code="delivery.missing")
    if webhook.switched_off_at is not None:
        raise ConflictError(_("This address is switched off. Switch it on first."), code="webhook.off")
    outbox.promise(session, WEBHOOK, {"delivery": delivery.token})
    audit.record(session, viewer.acting_key(), "webhook.again", f"delivery:{delivery.token}")
    return delivery


def tell(session: Session, organisation_id: int, event: Event, awards: Sequence[str]) -> None:
    """Write down that this happened to these awards (tokens), for every webhook that wants to know.

    In the transaction of the deed: both happen, or neither. Without a webhook it is one statement.
    """
    if not awards:
        return
    wanted = select(Webhook).where(
        Webhook.organisation_id == organisation_id,
        Webhook.removed_at.is_(None),
        Webhook.switched_off_at.is_(None),
    )
    for webhook in session.scalars(wanted).all():
        if event.value in webhook.events:
            for start in range(0, len(awards), AWARDS_A_MESSAGE):
                _write(session, webhook, event, awards[start : start + AWARDS_A_MESSAGE])


def note_outcome(session: Session, delivery: Delivery, *, status: int | None, trouble: str | None) -> None:
    """Write down how one try went; an address is switched off where several messages failed for days on end."""
    webhook, at = delivery.webhook, now(session)
    delivery.tries += 1
    delivery.tried_at, delivery.answered, delivery.trouble = at, status, trouble
    if trouble is None:
        delivery.delivered_at, webhook.failing_since = at, None
        return
    webhook.failing_since = webhook.failing_since or at
    if webhook.switched_off_at is None and _is_given_up(session, webhook):
        webhook.switched_off_at, webhook.switched_off_why = at, trouble
        audit.record(session, None, "webhook.off", f"webhook:{webhook.token}")


def _is_given_up(session: Session, webhook: Webhook) -> bool:
    """Whether it has failed for so long, and for so many messages, that a quiet week and two hiccups cannot be it."""
    since = webhook.failing_since
    if since is None or now(session) - since < GIVES_UP_AFTER:
        return False
    failed = (Delivery.trouble.is_not(None), Delivery.delivered_at.is_(None), Delivery.tried_at >= since)
    session.flush()
    count = session.scalar(
        select(func.count()).select_from(Delivery).where(Delivery.webhook_id == webhook.id, *failed)
    )
    return (count or 0) >= GIVES_UP_AFTER_MESSAGES


def forget_old_messages(session: Session) -> None:
    """Delete what was said a month ago."""
    session.execute(delete(Delivery).where(Delivery.made_at < now(session) - MESSAGES_ARE_KEPT))


def _write(session: Session, webhook: Webhook, event: Event, awards: Sequence[str]) -> None:
    at = now(session)
    payload: dict[str, Any] = {
        "type": event.value,
        "timestamp": at.isoformat(),
        "data": {"awards": list(awards)},
    }
    delivery = Delivery(
        token=f"msg_{token(session)}", webhook_id=webhook.id, event=event.value, payload=payload, made_at=at
    )
    session.add(delivery)
    outbox.promise(session, WEBHOOK, {"delivery": delivery.token})


def body_of(delivery: Delivery) -> bytes:
    """What is sent, byte for byte the same at every try."""
    return json.dumps(delivery.payload, sort_keys=True, separators=(",", ":")).encode()
