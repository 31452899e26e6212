"""Names of files and addresses, LinkedIn's form, and what is read out of a badge."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_service.backpack.rules import contents_of, file_name, linkedin_form, share_address
from badge_service.backpack.rules.names import LONGEST_FILE_NAME


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Willow Basket: Base/Sides", "willow-basket-base-sides.pdf"),
        ("Тъкане на черга", "тъкане-на-черга.pdf"),
        ("../../etc/passwd", "etc-passwd.pdf"),
        ("…", "badge.pdf"),
        ("a" * 200, f"{'a' * 60}.pdf"),
        ("word " * 40, "-".join(["word"] * 12) + ".pdf"),
    ],
)
def test_file_names_come_from_the_title(title: str, name: str) -> None:
    assert file_name(title, "pdf") == name


@given(st.text(max_size=200))
def test_file_names_are_harmless_whatever_the_title(title: str) -> None:
    stem = file_name(title, "png").removesuffix(".png")
    assert 0 < len(stem) <= LONGEST_FILE_NAME
    assert all(character.isalnum() or character == "-" for character in stem)


def test_the_share_address_has_no_double_slash() -> None:
    assert share_address("https://badges.example/", "abc") == "https://badges.example/credentials/abc"


def test_linkedins_form_carries_every_field() -> None:
    form = linkedin_form(
        title="Willow & Reed",
        issuer="Friese Vakschool",
        awarded=datetime(2026, 11, 20, tzinfo=UTC),
        expires=datetime(2028, 11, 20, tzinfo=UTC),
        share_code="7K3M-9PQR-4VWX",
        share_url="https://badges.example/credentials/abc",
    )
    parts = urlsplit(form.address)
    assert (parts.scheme, parts.netloc) == ("https", "www.linkedin.com")
    assert parse_qs(parts.query) == {
        "startTask": ["CERTIFICATION_NAME"],
        "name": ["Willow & Reed"],
        "organizationName": ["Friese Vakschool"],
        "issueYear": ["2026"],
        "issueMonth": ["11"],
        "expirationYear": ["2028"],
        "expirationMonth": ["11"],
        "certId": ["7K3M-9PQR-4VWX"],
        "certUrl": ["https://badges.example/credentials/abc"],
    }


def test_what_is_in_the_agreed_example(shared: Path) -> None:
    inside = contents_of(json.loads((shared / "data" / "example_ob3_unsigned.json").read_text()))
    assert (inside.title, inside.issuer, inside.language) == ("Guest Speaker Host", "Friese Vakschool", "en")
    assert inside.name is None and not inside.has_email_hash and inside.valid_until is None
    assert inside.awarded == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert (inside.results[0].criterion, inside.results[0].level) == ("Lead taken", "Proficient")
    assert inside.evidence[0].name == "Guest lecture, 12 November 2026"
