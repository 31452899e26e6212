"""Everything that the surroundings may decide, read from the environment once, here and nowhere else."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from badge_service.errors import Fault, InvalidError

DEMO_PUBLIC_URL = "http://localhost:8000"


@dataclass(frozen=True)
class Settings:
    """One running service: where its data lies, what it is called, and how it reaches people.

    `public_url` has its scheme and no trailing slash; it goes into everything signed and can never change
    (`docs/decisions/`). `address` is where this process is reached, used for links, mails and QR codes only.
    """

    data_folder: Path
    keys_folder: Path
    database_url: str = field(repr=False)
    public_url: str
    address: str
    demo: bool = False
    insecure_lan: bool = False
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "badges@localhost"
    trusted_proxies: int = 0
    trusted_issuers_file: Path | None = None
    mail_delay_minutes: int = 10
    undo_minutes: int = 10
    remind_after_days: int = 14
    remind_again_after_days: int = 60
    unclaimed_after_days: int = 365
    contact_kept_days: int = 30
    """When learners are reminded of a badge nobody answers (0: never), when their school is, and how long after that
    the learner's address is kept."""
    redis_url: str | None = field(default=None, repr=False)
    jwt_algorithm: str = "RS256"
    """What badges as tokens are signed by; RS256 is what 1EdTech certifies."""
    shapes_checked_one_in: int = 10_000
    """One in so many canonical forms made by a compiled shape is compared with full expansion; 0: all are expanded."""

    @property
    def is_https(self) -> bool:
        """Whether the service is reached over https, so that cookies can be kept to it."""
        return self.address.startswith("https://")

    @property
    def is_for_trial(self) -> bool:
        """Whether everything shown must say “demo, not for use” (decisions 11): the demo, or documents that name no https address."""
        return self.demo or not self.public_url.startswith("https://")

    @property
    def host(self) -> str:
        """The host (with port, if any) that signed documents name."""
        return urlsplit(self.public_url).netloc

    @property
    def mail_folder(self) -> Path:
        """Where mails are laid when no SMTP server is set."""
        return self.data_folder / "mail"

    @property
    def evidence_folder(self) -> Path:
        """Where uploaded evidence is kept, outside anything a web server serves."""
        return self.data_folder / "evidence"

    def reached_at(self, address: str) -> "Settings":
        """The same service, reached at another address (what is signed stays the same)."""
        return replace(self, address=address.rstrip("/"))


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; names every wrong one at once.

    Raises `InvalidError` with one fault a variable.
    """
    env = os.environ if environment is None else environment  # noqa: TID251 (the one place)
    data = Path(env.get("BADGE_DATA") or "var").resolve()
    public_url = (env.get("PUBLIC_URL") or DEMO_PUBLIC_URL).rstrip("/")
    address = (env.get("SERVICE_ADDRESS") or public_url).rstrip("/")
    database_url = env.get("DATABASE_URL") or f"sqlite:///{data / 'badges.sqlite'}"
    trusted = Path(env["TRUSTED_ISSUERS_FILE"]).resolve() if env.get("TRUSTED_ISSUERS_FILE") else None
    faults = [*_url_faults("PUBLIC_URL", public_url), *_url_faults("SERVICE_ADDRESS", address)]
    faults += [*_scheme_faults("DATABASE_URL", database_url, _DATABASES), *_mailing_faults(env)]
    faults += _scheme_faults("REDIS_URL", env.get("REDIS_URL") or "", ("redis", "rediss", "unix"))
    if trusted is not None and not trusted.is_file():
        faults.append(Fault("TRUSTED_ISSUERS_FILE", f"There is no file {trusted}.", "settings.file"))
    jwt_algorithm = _algorithm(env, faults)
    numbers = {name: _number(env, name, default, faults) for name, default in _NUMBERS.items()}
    if faults:
        raise InvalidError("The settings are not usable.", code="settings", faults=faults)
    return Settings(
        data_folder=data,
        keys_folder=Path(env.get("BADGE_KEYS") or "keys").resolve(),
        database_url=database_url,
        public_url=public_url,
        address=address,
        smtp_url=env.get("SMTP_URL") or None,
        mail_from=env.get("MAIL_FROM") or _MAIL_FROM,
        trusted_proxies=numbers["TRUSTED_PROXIES"],
        trusted_issuers_file=trusted,
        mail_delay_minutes=numbers["MAIL_DELAY_MINUTES"],
        undo_minutes=numbers["UNDO_MINUTES"],
        remind_after_days=numbers["REMIND_AFTER_DAYS"],
        remind_again_after_days=numbers["REMIND_AGAIN_AFTER_DAYS"],
        unclaimed_after_days=numbers["UNCLAIMED_AFTER_DAYS"],
        contact_kept_days=numbers["CONTACT_KEPT_DAYS"],
        redis_url=env.get("REDIS_URL") or None,
        jwt_algorithm=jwt_algorithm,
        shapes_checked_one_in=numbers["SHAPES_CHECKED_ONE_IN"],
    )


_NUMBERS = {
    "TRUSTED_PROXIES": 0,
    "MAIL_DELAY_MINUTES": 10,
    "UNDO_MINUTES": 10,
    "REMIND_AFTER_DAYS": 14,
    "REMIND_AGAIN_AFTER_DAYS": 60,
    "UNCLAIMED_AFTER_DAYS": 365,
    "CONTACT_KEPT_DAYS": 30,
    "SHAPES_CHECKED_ONE_IN": 10_000,
}
_DATABASES = ("sqlite", "postgresql+psycopg")
_MAIL_FROM = "badges@localhost"
_JWT_ALGORITHMS = ("RS256", "ES256")


def for_demo(folder: Path, *, insecure_lan: bool = False) -> Settings:
    """The demo's own settings: everything under `folder`, documents always naming `http://localhost:8000`."""
    return Settings(
        data_folder=folder,
        keys_folder=folder / "keys",
        database_url=f"sqlite:///{folder / 'badges.sqlite'}",
        public_url=DEMO_PUBLIC_URL,
        address=DEMO_PUBLIC_URL,
        demo=True,
        insecure_lan=insecure_lan,
        mail_delay_minutes=0,
        undo_minutes=0,
    )


def data_path(name: str) -> Path:
    """The folder `schemas` or `credentials`: inside an installed wheel, or at the top of the checkout."""
    packaged = Path(str(resources.files("badge_service"))) / "_data" / name
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[1] / name


def _algorithm(env: Mapping[str, str], faults: list[Fault]) -> str:
    name = env.get("JWT_ALGORITHM") or _JWT_ALGORITHMS[0]
    if name not in _JWT_ALGORITHMS:
        faults.append(Fault("JWT_ALGORITHM", "It must be RS256 or ES256.", "settings.algorithm"))
    return name


def _number(env: Mapping[str, str], name: str, default: int, faults: list[Fault]) -> int:
    text = env.get(name) or str(default)
    if text.isascii() and text.isdecimal() and len(text) < 7:
        return int(text)
    faults.append(Fault(name, f"“{text}” is not a whole number from 0 to 999999.", "settings.number"))
    return default


def _mailing_faults(env: Mapping[str, str]) -> list[Fault]:
    smtp = _scheme_faults("SMTP_URL", env.get("SMTP_URL") or "", ("smtp", "smtps"))
    return [*smtp, *_mail_faults("MAIL_FROM", env.get("MAIL_FROM") or _MAIL_FROM)]


def _url_faults(name: str, url: str) -> list[Fault]:
    if not _ORIGIN.fullmatch(url) or not _has_good_port(url):
        return [Fault(name, f"“{url}” is not of the form https://badges.example.org.", "settings.url")]
    if url.startswith("http://") and urlsplit(url).hostname not in {"localhost", "127.0.0.1"}:
        return [Fault(name, "Only localhost may go without https.", "settings.https")]
    return []


# Lower case, since host names go into DIDs and are compared letter by letter.
_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")


def _has_good_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _scheme_faults(name: str, url: str, schemes: tuple[str, ...]) -> list[Fault]:
    """The value itself is not repeated: it may hold a password."""
    if not url or url.startswith(tuple(f"{scheme}://" for scheme in schemes)):
        return []
    allowed = " or ".join(f"{scheme}://" for scheme in schemes)
    return [Fault(name, f"It must begin with {allowed}.", "settings.scheme")]


def _mail_faults(name: str, address: str) -> list[Fault]:
    if address.isprintable() and address.count("@") == 1 and not any(sign in address for sign in ' ,;<>"'):
        return []
    return [Fault(name, f"“{address}” is not one e-mail address.", "settings.email")]
