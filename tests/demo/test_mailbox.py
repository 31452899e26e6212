"""The demo's mailbox makes links of what its mails name, and of nothing else."""

from datetime import UTC, datetime

from badge_service.demo import mailbox
from badge_service.web.mail import LaidMail


def test_a_link_leads_to_where_the_demo_is_reached_now() -> None:
    text = "Look: http://localhost:8000/claim/7K3M-9PQR-4VWX\nThen decide."
    mail = LaidMail("1", "ana@demo.example", "A badge", text, datetime(2026, 11, 21, tzinfo=UTC))
    assert mailbox.pieces(mail, "http://localhost:8003") == [
        ("Look: ", None),
        ("http://localhost:8000/claim/7K3M-9PQR-4VWX", "http://localhost:8003/claim/7K3M-9PQR-4VWX"),
        ("\nThen decide.", None),
    ]
