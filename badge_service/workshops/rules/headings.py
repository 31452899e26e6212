"""Recognises the headings of a class list in English, Dutch, Spanish and Bulgarian."""

import unicodedata
from dataclasses import dataclass

_WORDS: dict[str, str] = {
    # "name" alone is a whole name, unless a column for the other half stands beside it.
    "name": "name naam nombre име",
    "full": "fullname learner student participant pupil volledigenaam leerling cursist deelnemer nombrecompleto "
    "nombreyapellidos alumno alumna estudiante participante имена тритеимена пълноиме ученик участник курсист обучаем",
    "first": "firstname givenname forename voornaam roepnaam nombredepila primernombre собственоиме първоиме",
    "middle": "middlename infix tussenvoegsel voorvoegsel презиме бащиноиме",
    "last": "lastname surname familyname achternaam familienaam apellido apellidos primerapellido фамилия фамилноиме",
    "last2": "segundoapellido",
    "email": "email emailaddress mail mailaddress emailadres mailadres correo correoelectronico direcciondecorreo "
    "имейл имейладрес мейл поща елпоща електроннапоща епоща",
    "number": "number no nr nummer numero num номер №",
}
_KIND = {word: kind for kind, words in _WORDS.items() for word in words.split()}


@dataclass(frozen=True)
class Columns:
    """Which cells make the name (in this order), and which is the address and the number."""

    name: tuple[int, ...]
    email: int | None
    number: int | None
    ignored: tuple[str, ...]


def heading_kind(cell: str) -> str | None:
    """What a heading stands for (`name`, `full`, `first`, `middle`, `last`, `last2`, `email`, `number`), if known."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", cell).casefold()
        if character.isalnum() or character == "№"
    )
    composed = unicodedata.normalize("NFC", cell).casefold()
    kept = "".join(character for character in composed if character.isalnum() or character == "№")
    return _KIND.get(kept) or _KIND.get(plain)


def is_heading(cells: list[str]) -> bool:
    """Whether a first row holds headings: it names a person or an address, and holds no address itself."""
    kinds = {heading_kind(cell) for cell in cells} - {None, "number"}
    return bool(kinds) and not any("@" in cell for cell in cells)


def columns_of(cells: list[str]) -> Columns:
    """Where name, address and number stand; `name` is empty when no column holds one."""
    place: dict[str, int] = {}
    for position, cell in enumerate(cells):
        place.setdefault(heading_kind(cell) or "", position)
    place.pop("", None)
    name = _name_columns(place)
    used = {*name, place.get("email"), place.get("number")}
    ignored = tuple(cell for position, cell in enumerate(cells) if position not in used and cell.strip())
    return Columns(name, place.get("email"), place.get("number"), ignored)


def _name_columns(place: dict[str, int]) -> tuple[int, ...]:
    place = dict(place)
    if "full" in place:
        return (place["full"],)
    if "name" in place and "last" in place and "first" not in place:
        place["first"] = place.pop("name")
    elif "name" in place and "first" in place and "last" not in place:
        place["last"] = place.pop("name")
    if "first" in place or "last" in place:
        return tuple(place[part] for part in ("first", "middle", "last", "last2") if part in place)
    return (place["name"],) if "name" in place else ()
