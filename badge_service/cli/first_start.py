"""`init` makes a real service: database, operator, first organisation with its key; then says what to do next."""

import re

import click
from sqlalchemy.orm import Session

from badge_service import settings as settings_module
from badge_service.alliance import actions as alliance
from badge_service.alliance.rules import AllianceFacts
from badge_service.cli.opening import open_service
from badge_service.curriculum import actions as curriculum
from badge_service.people import actions as people
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Region
from badge_service.register import actions as register
from badge_service.settings import Settings

FIRST_AIMS = "Schools, craft makers, museums and companies of the region teach and show crafts together."


@click.command()
@click.option("--organisation", prompt="Registered name of the first organisation")
@click.option("--slug", prompt="Short name for its address (a-z, 0-9, -)")
@click.option("--country", prompt="Its country (two letters, such as NL)")
@click.option("--region", prompt="Its region (such as Friesland)")
@click.option("--operator-name", prompt="Your name")
@click.option("--operator-email", prompt="Your e-mail address")
@click.password_option("--operator-password", help="At least 12 characters.")
def init(
    organisation: str,
    slug: str,
    country: str,
    region: str,
    operator_name: str,
    operator_email: str,
    operator_password: str,
) -> None:
    """Make the database, the operator, the first organisation and its key."""
    settings = settings_module.from_environment()
    opened = open_service(settings, must_exist=False)
    with opened.database.writing() as session:
        person = people.add_first_operator(session, operator_name, operator_email)
        viewer = people.load_viewer(session, person.id)
        people.set_password(session, viewer, operator_password)
        place = people.add_region(
            session, viewer, slug=_slug_of(region), name=region, country=country.upper()
        )
        profile = people.OrganisationProfile(name=organisation, kind="school", region_slug=place.slug)
        first = people.add_organisation(session, viewer, slug, profile)
        people.open_as_issuer(session, viewer, opened.keyring, first, settings)
        for role in (Role.ADMIN, Role.LET_LEAD):
            people.grant_role(session, viewer, person, role, first)
        _open_region(session, viewer, place)
    register.sign_intended(opened.database, opened.keyring, jwt_algorithm=settings.jwt_algorithm)
    _tell_next_steps(settings, organisation, slug, operator_email)


def _open_region(session: Session, viewer: Viewer, place: Region) -> None:
    facts = AllianceFacts(place.slug, f"Regional Alliance {place.name}", FIRST_AIMS, place.id)
    alliance.open_alliance(session, viewer, facts)
    name = f"Learning Ecosystem Team {place.name}"
    curriculum.open_let(session, viewer, slug=place.slug, name=name, description="", region_id=place.id)


def _tell_next_steps(settings: Settings, organisation: str, slug: str, operator_email: str) -> None:
    click.echo(f"{organisation} can issue badges as {settings.public_url}/issuers/{slug}.\n")
    if settings.is_for_trial:
        click.echo(
            f"{settings.public_url} is no https address, and it can never be changed: this service is for trying"
        )
        click.echo(
            "only, and its pages, certificates and QR codes say so. For real use, set PUBLIC_URL and init anew.\n"
        )
    click.echo("Next:")
    click.echo("  1. badge-service serve          (and put a web server with https in front of it)")
    click.echo(f"  2. sign in at {settings.public_url}/sign-in as {operator_email} and add your teachers")
    click.echo("  3. badge-service backup FILE    every night; keep it as safe as the keys it holds")


def _slug_of(name: str) -> str:
    """A name as part of an address; people with other letters can rename nothing later, so it is never empty."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "region"
