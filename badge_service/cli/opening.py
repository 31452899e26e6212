"""Opens what every command needs: settings, database at its newest schema, keys; the only place that makes them."""

from dataclasses import dataclass

from badge_service.curriculum.actions.frameworks import load_shipped_frameworks
from badge_service.errors import ConflictError, UnavailableError
from badge_service.keyring.files import KeyFolder
from badge_service.openbadges import canonical
from badge_service.settings import Settings
from badge_service.storage import schema
from badge_service.storage.session import Database
from badge_service.storage.tables import ServiceFact

PUBLIC_URL_FACT = "public_url"


@dataclass(frozen=True)
class Opened:
    """One service, open on this machine."""

    settings: Settings
    database: Database
    keyring: KeyFolder


def open_service(settings: Settings, *, must_exist: bool = True) -> Opened:
    """Open the service, bring its schema up to date, and the frameworks that come with it.

    Raises `UnavailableError` when it was never initialised (and must exist) or does not answer, `ConflictError` when the stored public
    URL is another one (decisions 11).
    """
    use_shapes(settings)
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.database_url)
    if not schema.exists(database) and must_exist:
        raise UnavailableError(
            "There is no service here yet.", code="not_initialised", hint="Run: badge-service init"
        )
    schema.upgrade(database)
    check_public_url(database, settings)
    with database.writing() as session:
        load_shipped_frameworks(session)
    return Opened(settings, database, KeyFolder(settings.keys_folder))


def use_shapes(settings: Settings) -> None:
    """Compiled shapes as the settings want them, for this process."""
    checked = settings.shapes_checked_one_in
    canonical.use_shapes(enabled=checked > 0, checked_one_in=max(checked, 1))


def check_public_url(database: Database, settings: Settings) -> None:
    """Remember the public URL at first use; refuse to start with another one and say what would break."""
    with database.writing() as session:
        fact = session.get(ServiceFact, PUBLIC_URL_FACT)
        if fact is None:
            session.add(ServiceFact(name=PUBLIC_URL_FACT, value=settings.public_url))
        elif fact.value != settings.public_url:
            raise ConflictError(
                f"This service has signed badges as {fact.value}, and is now started as {settings.public_url}.",
                code="public_url.changed",
                hint="Every signed badge names the old address: its issuer, status list and page would be lost. "
                f"Start it with PUBLIC_URL={fact.value}, or use another database.",
            )
