"""What a workshop looks like to programs: as it is answered, and as it is planned."""

from typing import Any

from badge_service.alliance.rules import Kind, Quality
from badge_service.alliance.rules.activities import MOST_TOGETHER
from badge_service.programs.rules.shapes import named, shape, text, whole
from badge_service.workshops.api.blueprint import DAY
from badge_service.workshops.rules import Meeting
from badge_service.workshops.rules.dates import MOST_DATES
from badge_service.workshops.rules.plan import LONGEST_NOTE, MOST_ITERATIONS, MOST_PLACES
from badge_service.workshops.tables import Workshop

_TAUGHT = shape({"slug": text(80, minLength=1), "version": text(40, minLength=1)})
_HOUR = text(5, pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="on the clock of the place, as 14:30")
_NO_HOUR = {"type": ["string", "null"]}
_PLANNED_DAY = shape({"day": DAY, "begins": _HOUR, "ends": _HOUR}, optional=("begins", "ends"))

_QUALITY = {"enum": [quality.value for quality in Quality]}

WORKSHOP = named(
    "Workshop",
    shape(
        {
            "token": text(60),
            "kind": {"enum": [kind.value for kind in Kind], "description": "whatever has a class list"},
            "title": text(200),
            "summary": text(4000),
            "place": text(200),
            "language": text(10),
            "starts_on": DAY,
            "ends_on": DAY,
            "days": {
                "type": "array",
                "items": shape({"day": DAY, "begins": _NO_HOUR, "ends": _NO_HOUR}),
            },
            "state": {"enum": ["planned", "held", "cancelled"]},
            "iteration": {"type": "integer"},
            "capacity": {"type": ["integer", "null"]},
            "alliance": text(80),
            "partners": {"type": "array", "items": {"type": "string"}},
            "qualities": {"type": "array", "items": _QUALITY},
            "group_size": {"type": ["integer", "null"]},
            "curriculum": {"oneOf": [_TAUGHT, {"type": "null"}]},
            "hub": {"type": ["string", "null"]},
            "material_notes": text(LONGEST_NOTE),
            "accessibility_notes": text(LONGEST_NOTE),
            "trainers": {"type": "array", "items": {"type": "string"}, "description": "names"},
            "definitions": {"type": "array", "items": _TAUGHT},
            "url": text(2000),
        }
    ),
)
NEW_WORKSHOP = shape(
    {
        "alliance": text(80, minLength=1, description="short name of the alliance in which it is held"),
        "title": text(120, minLength=1),
        "summary": text(2000, minLength=1),
        "place": text(120, minLength=1),
        "language": text(3, description="ISO 639"),
        "starts_on": DAY,
        "ends_on": DAY,
        "definitions": {"type": "array", "items": _TAUGHT, "minItems": 1, "maxItems": 20},
        "trainers": {
            "type": "array",
            "items": text(254),
            "minItems": 1,
            "maxItems": 20,
            "description": "e-mail addresses of teachers, LET leads or administrators of your organisation",
        },
        "iteration": whole(1, MOST_ITERATIONS, default=1),
        "capacity": {"type": ["integer", "null"], "minimum": 1, "maximum": MOST_PLACES},
        "partners": {"type": "array", "items": text(120, minLength=1), "maxItems": 20},
        "qualities": {"type": "array", "items": _QUALITY, "maxItems": len(Quality)},
        "group_size": {
            "type": ["integer", "null"],
            "minimum": 1,
            "maximum": MOST_TOGETHER,
            "description": "how many work together at a time; 1 if each works alone",
        },
        "curriculum": {**_TAUGHT, "description": "the published version of a curriculum it is planned from"},
        "hub": text(80, minLength=1, description="short name of the open hub in which it is held"),
        "days": {
            "type": "array",
            "items": _PLANNED_DAY,
            "minItems": 1,
            "maxItems": MOST_DATES,
            "description": "left out: the first and the last day; the first and the last must be those two",
        },
        "material_notes": text(LONGEST_NOTE, description="for everybody to read"),
        "accessibility_notes": text(LONGEST_NOTE, description="for everybody to read"),
    },
    optional=(
        "iteration",
        "capacity",
        "partners",
        "qualities",
        "group_size",
        "curriculum",
        "hub",
        "days",
        "material_notes",
        "accessibility_notes",
    ),
)


def told(one: Workshop, meetings: list[Meeting], address: str) -> dict[str, Any]:
    """A workshop as `WORKSHOP` says; `address` is where this service is reached."""
    activity, planned_from = one.activity, one.curriculum_version
    return {
        "token": activity.token,
        "kind": activity.kind,
        "title": activity.title,
        "summary": activity.summary,
        "place": activity.place,
        "language": activity.language,
        "starts_on": activity.starts_on.isoformat(),
        "ends_on": activity.ends_on.isoformat(),
        "days": [_day(meeting) for meeting in meetings],
        "state": activity.state,
        "iteration": one.iteration,
        "capacity": one.capacity,
        "alliance": activity.alliance.slug,
        "partners": list(activity.partners),
        "qualities": list(activity.qualities),
        "group_size": activity.group_size,
        "curriculum": planned_from
        and {"slug": planned_from.curriculum.slug, "version": planned_from.version},
        "hub": one.hub and one.hub.slug,
        "material_notes": one.material_notes,
        "accessibility_notes": one.accessibility_notes,
        "trainers": [trainer.person.name for trainer in one.trainers],
        "definitions": [
            {"slug": entry.version.definition.slug, "version": entry.version.version}
            for entry in one.versions
        ],
        "url": f"{address}/activities/{activity.token}",
    }


def _day(meeting: Meeting) -> dict[str, str | None]:
    begins, ends = (f"{hour:%H:%M}" if hour else None for hour in (meeting.begins, meeting.ends))
    return {"day": meeting.day.isoformat(), "begins": begins, "ends": ends}
