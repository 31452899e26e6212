"""How a badge may be drawn when its writer chooses: outline, ribbon, motif, colour, level mark; and which colours can be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from badge_service.errors import Fault

SHAPES = ("round", "rope", "scallop", "wave", "hexagon", "pillow", "sun", "octagon", "petal")
RIBBONS = ("none", "band", "tails", "band_tails")
MOTIFS = (
    "willow",
    "dye",
    "clay",
    "wood",
    "weaving",
    "pattern",
    "loops",
    "printing",
    "code",
    "design",
    "network",
    "speech",
    "table",
    "coach",
    "stitches",
    "rosette",
)
LEVEL_MARKS = ("eqf", "none")
CHOICES: dict[str, tuple[str, ...]] = {
    "shape": SHAPES,
    "ribbon": RIBBONS,
    "motif": MOTIFS,
    "level_mark": LEVEL_MARKS,
}
OWN = "own"
PAPER, THREAD = "#fbf6ea", "#f2c14e"
LEAST_ON_PAPER = 4.5  # WCAG 2.2, 1.4.3: the title is written in this colour on the paper
LEAST_UNDER_THREAD = 3.0  # WCAG 2.2, 1.4.11: stitches and level marks lie on this colour


@dataclass(frozen=True)
class Look:
    """What the writer chose; an empty field leaves the choice to the drawing. `colour` is `#rrggbb` in small letters."""

    shape: str = ""
    ribbon: str = ""
    motif: str = ""
    colour: str = ""
    level_mark: str = ""


def look_of(content: Mapping[str, Any]) -> Look:
    """The choices of a content that can be drawn; whatever a draft holds beside them is left out."""
    given = content.get("look")
    if not isinstance(given, Mapping):
        return Look()
    chosen = {name: given.get(name) for name in CHOICES}
    known = {name: value for name, value in chosen.items() if value in CHOICES[name]}
    colour = given.get("colour")
    return Look(**known, colour=colour if isinstance(colour, str) and not colour_faults(colour) else "")


def look_from(typed: Mapping[str, str]) -> dict[str, str]:
    """The `look` of a content from form fields `look.shape`, `look.motif` …; fields left empty are left out.

    `look.colour` is one of the ready colours or the word `own`, and then `look.own_colour` holds it.
    """
    found = {name: typed.get(f"look.{name}", "").strip()[:40] for name in (*CHOICES, "colour")}
    if found["colour"] == OWN:
        found["colour"] = typed.get("look.own_colour", "").strip()[:40]
    found["colour"] = found["colour"].lower()
    return {name: value for name, value in found.items() if value}


def look_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    """What a schema cannot say of a look: that its colour can be read."""
    given = content.get("look")
    colour = given.get("colour") if isinstance(given, Mapping) else None
    if isinstance(colour, str):
        yield from colour_faults(colour)


def colour_faults(colour: str) -> list[Fault]:
    """Why a badge cannot have this colour, with the nearest that it can have."""
    if _rgb(colour) is None:
        words = _("A colour is written as # and six digits or letters a to f, such as #1f3d3a.")
        return [Fault("look.colour", words, "colour.form")]
    if is_readable(colour):
        return []
    on_paper, under_thread = contrast(colour, PAPER), contrast(colour, THREAD)
    words = _(
        "This colour is too light: its contrast is %(paper)s to 1 with the paper, where the title needs %(least)s, and "
        "%(thread)s to 1 with the stitches, which need %(less)s. The nearest that can be read is %(nearest)s.",
        paper=f"{on_paper:.1f}",
        least=f"{LEAST_ON_PAPER:g}",
        thread=f"{under_thread:.1f}",
        less=f"{LEAST_UNDER_THREAD:g}",
        nearest=nearest_readable(colour),
    )
    return [Fault("look.colour", words, "colour.contrast")]


def is_readable(colour: str) -> bool:
    """Whether the title in `colour` can be read on the paper, and the stitches on `colour` seen."""
    return contrast(colour, PAPER) >= LEAST_ON_PAPER and contrast(colour, THREAD) >= LEAST_UNDER_THREAD


def nearest_readable(colour: str) -> str:
    """`colour` itself, or the lightest of its darker shades that can be read."""
    red, green, blue = _rgb(colour) or (0, 0, 0)
    for share in range(256, -1, -1):
        shade = f"#{red * share // 256:02x}{green * share // 256:02x}{blue * share // 256:02x}"
        if is_readable(shade):
            return shade
    return "#000000"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2, section 5, contrast ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _rgb(colour) or (0, 0, 0))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _rgb(colour: str) -> tuple[int, int, int] | None:
    if len(colour) != 7 or colour[0] != "#" or set(colour[1:]) - set("0123456789abcdefABCDEF"):
        return None
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
