"""`init` makes a real service: database, operator, first organisation with its key; then says what to do next."""

import click

from badge_service import settings as settings_module
from badge_service.cli.opening import open_service
from badge_service.people import actions as people
from badge_service.people.rules import Grant, Role, Viewer
from badge_service.register import actions as register


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
        place = people.add_region(session, viewer, slug=slug_of(region), name=region, country=country.upper())
        profile = people.OrganisationProfile(name=organisation, kind="school", region_slug=place.slug)
        first = people.add_organisation(session, viewer, slug, profile)
        people.open_as_issuer(session, viewer, opened.keyring, first, settings)
        for role in (Role.ADMIN, Role.LET_LEAD):
            people.grant_role(session, viewer, person, role, first)
        alliance.open_alliance(
            session, viewer, place, slug=place.slug, name=f"Regional Alliance {region}", aims=FIRST_AIMS
        )
        curriculum.open_let(session, viewer, place, slug=place.slug, name=f"Learning Ecosystem Team {region}")
    register.sign_intended(opened.database, opened.keyring)
    click.echo(f"{organisation} can issue badges as {settings.public_url}/issuers/{slug}.\n")
    click.echo("Next:")
    click.echo("  1. badge-service serve          (and put a web server with https in front of it)")
    click.echo(f"  2. sign in at {settings.public_url}/sign-in as {operator_email} and add your teachers")
    click.echo("  3. badge-service backup FILE    every night; keep it as safe as the keys it holds")
