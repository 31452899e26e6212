"""Two people wrote the same draft: what differs, field by field, in lines that people can compare."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum import words
from badge_service.curriculum.rules.merging import Clash


@dataclass(frozen=True)
class Difference:
    """One place that differs: `name` for the form, then what was typed and what is saved, in lines."""

    name: str
    label: str
    yours: list[str]
    theirs: list[str]


def differences(clashes: Iterable[Clash]) -> list[Difference]:
    """Both sides of each clash, with only the lines that differ."""
    return [_difference(clash) for clash in clashes]


def _difference(clash: Clash) -> Difference:
    field = clash.place.partition("#")[0]
    mine, others = list(_lines(field, clash.mine)), list(_lines(field, clash.theirs))
    return Difference(
        clash.place,
        _label(clash),
        [line for line in mine if line not in others] or mine,
        [line for line in others if line not in mine] or others,
    )


def _label(clash: Clash) -> str:
    field, is_row, name = clash.place.partition("#")
    if not is_row:
        return words.field_label(field)
    if not name:
        return str(_("Order: %(field)s", field=words.field_label(field)))
    row = clash.theirs or clash.mine or {}
    called = str(row.get("name") or row.get("text") or row.get("targetName") or name)
    return f"{words.field_label(field)}: {called[:60]}"


def _lines(where: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            if name == "id":  # ours, not theirs: nobody types it
                continue
            yield from _lines(f"{where}.{name}", one)
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for index, one in enumerate(value):
            yield from _lines(f"{where}[{index}]", one)
    elif isinstance(value, list):
        if not value:
            return
        yield f"{words.field_label(where)}: {', '.join(str(one) for one in value)}"
    elif value not in (None, ""):
        yield f"{words.field_label(where)}: {value}" if "." in where or "[" in where else str(value)
