"""Recognises the columns of a framework table: our own headings in four languages, ESCO's download, CASE's spreadsheet."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# The first heading of a row that a table has wins: ESCO's files have both `description` and `definition`.
_WORDS: dict[str, str] = {
    "code": "code codes notation humancodingscheme humancode código codigo код шифър nummer nr number número номер "
    "identifier id",
    "label": "name label preferredlabel preflabel title fullstatement statement skill competence competency naam titel "
    "vaardigheid competentie nombre título titulo habilidad competencia име наименование название заглавие умение "
    "компетентност",
    "uri": "uri url iri concepturi address link targeturl adres dirección direccion enlace адрес връзка",
    "parent": "parent parentcode broader broaderuri broaderconcepturi ischildof ouder bovenliggend padre superior "
    "родител горно",
    "summary": "description summary definition scopenote notes explanation omschrijving beschrijving toelichting "
    "descripción descripcion explicación explicacion описание обяснение",
    "language": "language lang taal idioma lengua език",
    "kind": "kind concepttype type cfitemtype soort tipo вид тип",
    "alternatives": "altlabels altlabel alternativelabels synonyms synoniemen sinónimos sinonimos синоними",
    "page_url": "page pageurl pagina página страница",
}


@dataclass(frozen=True)
class Columns:
    """Where each field stands (`place`), what the file calls it (`headings`), and the headings nobody needs."""

    place: Mapping[str, int]
    headings: Mapping[str, str]
    ignored: tuple[str, ...]


def _plain(heading: str) -> str:
    composed = unicodedata.normalize("NFC", heading).casefold()
    return "".join(character for character in composed if character.isalnum())


def columns_of(headings: Sequence[str]) -> Columns:
    """The known columns among the headings; a heading that stands twice counts where it stands first."""
    at: dict[str, int] = {}
    for position, heading in enumerate(headings):
        at.setdefault(_plain(heading), position)
    place = {}
    for field, words in _WORDS.items():
        known = next((at[word] for word in words.split() if word in at), None)
        if known is not None:
            place[field] = known
    used = set(place.values())
    ignored = tuple(
        heading.strip() for at, heading in enumerate(headings) if at not in used and heading.strip()
    )
    return Columns(place, {field: headings[at].strip() for field, at in place.items()}, ignored)


_TELLING = {
    "nl": "naam titel vaardigheid competentie omschrijving beschrijving toelichting ouder taal",
    "es": "nombre título titulo habilidad competencia código descripción descripcion padre idioma",
    "bg": "име наименование название заглавие умение компетентност код описание родител език",
}


def language_of(headings: Sequence[str]) -> str:
    """The language in which the headings are written, if it is not English: the names below are mostly in it too."""
    written = {_plain(heading) for heading in headings}
    return next((language for language, words in _TELLING.items() if written & set(words.split())), "")


def is_esco(headings: Sequence[str]) -> bool:
    """Whether these are the headings of a table as ESCO's portal gives it to download."""
    return {"concepturi", "preferredlabel"} <= {_plain(heading) for heading in headings}
