"""The topic calendar of an alliance, for everybody: its activities by topic and by pilot round or month."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from badge_service.alliance import actions as alliance_actions
from badge_service.alliance.tables import AllianceMember
from badge_service.curriculum.words.vocabulary import CATEGORIES
from badge_service.people.tables import Organisation
from badge_service.web import access
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.pages.blueprint import blueprint
from badge_service.workshops.pages.here import today
from badge_service.workshops.rules import calendar as rules

MOST_IN_A_CELL = 5


@blueprint.get("/calendar/<slug>")
@access.public
def calendar(slug: str) -> ResponseReturnValue:
    """What is done about which topic, and about which nothing yet."""
    session = current_session()
    alliance = alliance_actions.find_alliance(session, slug)
    seats = alliance_actions.members_of(session, alliance)
    organisation = _chosen(seats)
    by_month = request.args.get("by") == "month"
    first = rules.month_asked(request.args.get("from", ""), today())
    months = rules.months_from(first)
    span = {"since": first, "before": rules.shifted(first, len(months))} if by_month else {}
    entries = actions.calendar_entries(session, alliance, organisation, **span)
    columns = tuple(f"{one:%Y-%m}" for one in months) if by_month else rules.rounds_in(entries)
    rows = rules.topic_rows(entries, columns, rules.month_of if by_month else rules.round_of)
    return render_template(
        "workshops/calendar.html",
        alliance=alliance,
        seats=seats,
        chosen=organisation.slug if organisation else None,
        by_month=by_month,
        columns=[format_date(one, "LLLL y") for one in months]
        if by_month
        else [_("Round %(n)s", n=one) if one else _("No round") for one in columns],
        rows=rows,
        topics=CATEGORIES,
        missing=[str(CATEGORIES[row.topic]) for row in rows if row.is_empty],
        most=MOST_IN_A_CELL,
        earlier=f"{rules.shifted(first, -rules.MONTHS_SHOWN):%Y-%m}",
        later=f"{rules.shifted(first, rules.MONTHS_SHOWN):%Y-%m}",
    )


def _chosen(seats: Sequence[AllianceMember]) -> Organisation | None:
    asked = request.args.get("organisation", "")
    return next((seat.organisation for seat in seats if seat.organisation.slug == asked), None)
