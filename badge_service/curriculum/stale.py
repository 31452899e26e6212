"""Two people wrote the same draft: what differs, field by field, and the text after they chose."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from badge_service.curriculum import words
from badge_service.curriculum.tables import DefinitionVersion

YOURS, THEIRS = "yours", "theirs"


@dataclass(frozen=True)
class Difference:
    """One field that differs: `name` for the form, then what was typed and what is saved, in lines."""

    name: str
    label: str
    yours: list[str]
    theirs: list[str]


def differences(typed: Mapping[str, Any], further_text: str, saved: DefinitionVersion) -> list[Difference]:
    """The fields in which what was typed differs from what is saved, with only the lines that differ."""
    theirs = {**saved.content, "further_text": saved.further_text}
    yours = {**typed, "further_text": further_text.replace("\r\n", "\n").strip()}
    names = dict.fromkeys([*theirs, *yours])
    return [
        _difference(name, yours.get(name), theirs.get(name))
        for name in names
        if yours.get(name) != theirs.get(name)
    ]


def merged(
    typed: Mapping[str, Any], further_text: str, saved: DefinitionVersion, choices: Mapping[str, str]
) -> tuple[dict[str, Any], str]:
    """The content and further text after the choices `keep:<field>` = yours or theirs; unchosen fields stay as typed."""
    content = dict(typed)
    for name in {*typed, *saved.content}:
        if choices.get(f"keep:{name}") != THEIRS:
            continue
        if name in saved.content:
            content[name] = saved.content[name]
        else:
            content.pop(name, None)
    further = saved.further_text if choices.get("keep:further_text") == THEIRS else further_text
    return content, further


def _difference(name: str, yours: Any, theirs: Any) -> Difference:
    mine, others = list(_lines(name, yours)), list(_lines(name, theirs))
    return Difference(
        name,
        words.field_label(name),
        [line for line in mine if line not in others] or mine,
        [line for line in others if line not in mine] or others,
    )


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
