"""Everything that the surroundings may decide, read from the environment once, here and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    database_url: str
    public_url: str
    address: str
    demo: bool = False
    insecure_lan: bool = False
    smtp_url: str | None = None
    mail_from: str = "badges@localhost"
    trusted_proxies: int = 0
    trusted_issuers_file: Path | None = None
    mail_delay_minutes: int = 10
    undo_minutes: int = 10
    redis_url: str | None = None

    @property
    def is_https(self) -> bool:
        """Whether the service is reached over https, so that cookies can be kept to it."""
        return self.address.startswith("https://")

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
    data = Path(env.get("BADGE_DATA", "var")).resolve()
    public_url = env.get("PUBLIC_URL", DEMO_PUBLIC_URL).rstrip("/")
    faults = list(_url_faults("PUBLIC_URL", public_url))
    numbers = {name: _number(env, name, default, faults) for name, default in _NUMBERS.items()}
    if faults:
        raise InvalidError("The settings are not usable.", code="settings", faults=faults)
    trusted = env.get("TRUSTED_ISSUERS_FILE")
    return Settings(
        data_folder=data,
        keys_folder=Path(env.get("BADGE_KEYS", "keys")).resolve(),
        database_url=env.get("DATABASE_URL", f"sqlite:///{data / 'badges.sqlite'}"),
        public_url=public_url,
        address=env.get("SERVICE_ADDRESS", public_url).rstrip("/"),
        smtp_url=env.get("SMTP_URL") or None,
        mail_from=env.get("MAIL_FROM", "badges@localhost"),
        trusted_proxies=numbers["TRUSTED_PROXIES"],
        trusted_issuers_file=Path(trusted).resolve() if trusted else None,
        mail_delay_minutes=numbers["MAIL_DELAY_MINUTES"],
        undo_minutes=numbers["UNDO_MINUTES"],
        redis_url=env.get("REDIS_URL") or None,
    )


_NUMBERS = {"TRUSTED_PROXIES": 0, "MAIL_DELAY_MINUTES": 10, "UNDO_MINUTES": 10}


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


def _number(env: Mapping[str, str], name: str, default: int, faults: list[Fault]) -> int:
    text = env.get(name, str(default))
    if text.isdecimal():
        return int(text)
    faults.append(Fault(name, f"“{text}” is not a whole number of 0 or more.", "settings.number"))
    return default


def _url_faults(name: str, url: str) -> list[Fault]:
    parts = urlsplit(url)
    local = parts.hostname in {"localhost", "127.0.0.1"}
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query or parts.fragment:
        return [Fault(name, f"“{url}” is not of the form https://badges.example.org.", "settings.url")]
    if parts.scheme == "http" and not local:
        return [Fault(name, "Only localhost may go without https.", "settings.https")]
    return []
