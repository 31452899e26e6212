"""The settings are read once; every wrong one is named at once and no password is repeated."""

from pathlib import Path

import pytest

from badge_service import settings
from badge_service.errors import InvalidError


def faults(**environment: str) -> dict[str, str]:
    with pytest.raises(InvalidError) as refused:
        settings.from_environment(environment)
    return {fault.where: fault.code for fault in refused.value.faults}


def test_an_empty_environment_is_enough() -> None:
    read = settings.from_environment({})
    assert read.public_url == read.address == "http://localhost:8000"
    assert read.database_url == f"sqlite:///{Path('var').resolve() / 'badges.sqlite'}"
    assert not read.demo
    assert read.mail_delay_minutes == 10


def test_an_empty_variable_is_as_none() -> None:
    names = (
        "PUBLIC_URL",
        "SERVICE_ADDRESS",
        "DATABASE_URL",
        "SMTP_URL",
        "REDIS_URL",
        "JWT_ALGORITHM",
        "MAIL_FROM",
        "BADGE_DATA",
    )
    blank = dict.fromkeys((*names, "TRUSTED_PROXIES", "TRUSTED_ISSUERS_FILE", "BADGE_KEYS"), "")
    assert settings.from_environment(blank) == settings.from_environment({})


def test_what_is_set_is_taken(tmp_path: Path) -> None:
    trusted = tmp_path / "trusted.json"
    trusted.write_text("[]")
    read = settings.from_environment(
        {
            "BADGE_DATA": str(tmp_path),
            "PUBLIC_URL": "https://badges.example.org/",
            "SERVICE_ADDRESS": "http://localhost:8123",
            "DATABASE_URL": "postgresql+psycopg://badges@db/badges",
            "SMTP_URL": "smtps://user:pass@mail.example.org",
            "TRUSTED_PROXIES": "1",
            "TRUSTED_ISSUERS_FILE": str(trusted),
            "UNDO_MINUTES": "0",
            "SHAPES_CHECKED_ONE_IN": "7",
            "JWT_ALGORITHM": "ES256",
        }
    )
    assert read.jwt_algorithm == "ES256"
    assert read.public_url == "https://badges.example.org"
    assert read.host == "badges.example.org"
    assert read.address == "http://localhost:8123"
    assert not read.is_https
    assert (read.trusted_proxies, read.undo_minutes, read.shapes_checked_one_in) == (1, 0, 7)
    assert read.trusted_issuers_file == trusted
    assert read.mail_folder == tmp_path / "mail"


def test_every_wrong_setting_is_named_at_once(tmp_path: Path) -> None:
    assert faults(
        PUBLIC_URL="badges.example.org",
        SERVICE_ADDRESS="http://badges.example.org",
        DATABASE_URL="mysql://root@localhost/badges",
        SMTP_URL="mail.example.org:25",
        REDIS_URL="localhost",
        MAIL_FROM="Badges <badges@example.org>",
        TRUSTED_ISSUERS_FILE=str(tmp_path / "missing.json"),
        TRUSTED_PROXIES="one",
        MAIL_DELAY_MINUTES="-1",
        UNDO_MINUTES="1.5",
    ) == {
        "PUBLIC_URL": "settings.url",
        "SERVICE_ADDRESS": "settings.https",
        "DATABASE_URL": "settings.scheme",
        "SMTP_URL": "settings.scheme",
        "REDIS_URL": "settings.scheme",
        "MAIL_FROM": "settings.email",
        "TRUSTED_ISSUERS_FILE": "settings.file",
        "TRUSTED_PROXIES": "settings.number",
        "MAIL_DELAY_MINUTES": "settings.number",
        "UNDO_MINUTES": "settings.number",
    }


@pytest.mark.parametrize(
    "url",
    [
        "https://",
        "ftp://badges.example.org",
        "https://badges.example.org/path",
        "https://badges.example.org?query",
        "https://badges.example.org#part",
        "https://user:secret@badges.example.org",
        "https://badges.example.org:99999",
        "https://badges.example.org:port",
        "https://[::1",
        "https://Badges.Example.org",
        "https://badges example.org",
        "https://badges.example.org\n",
        "https://значки.example",
        "localhost:8000",
    ],
)
def test_a_public_url_is_an_origin_and_nothing_more(url: str) -> None:
    assert faults(PUBLIC_URL=url)["PUBLIC_URL"] == "settings.url"


@pytest.mark.parametrize("text", ["²", "١", "1e3", "9999999999"])
def test_numbers_are_plain(text: str) -> None:
    assert faults(UNDO_MINUTES=text) == {"UNDO_MINUTES": "settings.number"}


def test_a_refusal_repeats_no_password() -> None:
    with pytest.raises(InvalidError) as refused:
        settings.from_environment(
            {"DATABASE_URL": "mysql://u:geheim@db/x", "SMTP_URL": "http://u:geheim@mail"}
        )
    assert "geheim" not in refused.value.message + "".join(fault.message for fault in refused.value.faults)


def test_the_settings_do_not_show_their_passwords() -> None:
    read = settings.from_environment(
        {
            "DATABASE_URL": "postgresql+psycopg://u:geheim@db/x",
            "SMTP_URL": "smtps://u:geheim@mail",
            "REDIS_URL": "redis://:geheim@cache",
        }
    )
    assert "geheim" not in repr(read)


def test_the_demo_and_every_service_without_https_are_for_trial_only(tmp_path: Path) -> None:
    assert settings.for_demo(tmp_path).is_for_trial
    assert settings.for_demo(tmp_path).reached_at("https://demo.example.org").is_for_trial
    assert settings.from_environment({}).is_for_trial
    real = settings.from_environment(
        {"PUBLIC_URL": "https://badges.example.org", "SERVICE_ADDRESS": "http://localhost:8000"}
    )
    assert not real.is_for_trial


def test_the_demo_always_signs_for_localhost(tmp_path: Path) -> None:
    demo = settings.for_demo(tmp_path).reached_at("http://192.0.2.7:8011/")
    assert (demo.public_url, demo.address) == ("http://localhost:8000", "http://192.0.2.7:8011")
    assert demo.keys_folder.is_relative_to(tmp_path)


@pytest.mark.parametrize("name", ["schemas", "credentials"])
def test_the_data_that_goes_with_the_code_is_found(name: str) -> None:
    assert any(settings.data_path(name).iterdir())


@pytest.mark.parametrize("algorithm", ["EdDSA", "none", "rs256"])
def test_an_algorithm_that_other_validators_refuse_is_refused(algorithm: str) -> None:
    assert faults(JWT_ALGORITHM=algorithm) == {"JWT_ALGORITHM": "settings.algorithm"}
