"""Checks one item of a framework file field by field and says of each wrong one which row, which column, and what to do."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from flask_babel import gettext as _

from badge_service.curriculum.rules.framework_files.found import RawItem
from badge_service.curriculum.rules.frameworks import ItemFacts
from badge_service.curriculum.rules.frameworks.facts import (
    LONGEST_ADDRESS,
    LONGEST_CODE,
    LONGEST_LABEL,
    LONGEST_TEXT,
)
from badge_service.web.csv_files import RowFault, clean, shown
from badge_service.web.texts import hidden_character

MADE_ADDRESS = "document+own-fragment"
_LANGUAGE = re.compile(r"[a-z]{2}(-[a-z0-9]{2,8})*")
_ISO_639_1 = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv "
    "dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie "
    "ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv "
    "mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm "
    "rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr "
    "ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
_NOT_IN_A_CODE = frozenset('/\\?#%"<>')


def flat(text: str) -> str:
    """A text on one line: line breaks inside a cell become blanks; a lone carriage return stays, to be named."""
    return clean(re.sub(r"\s*\r?\n\s*", " ", text))


def tidy(raw: RawItem) -> RawItem:
    """The item with its texts cleaned, and with a code made from the end of its address where it has none."""
    uri = clean(raw.uri)
    return RawItem(
        row=raw.row,
        code=flat(raw.code) or code_from(uri),
        label=flat(raw.label),
        uri=uri,
        kind=flat(raw.kind).lower(),
        parent=flat(raw.parent),
        language=clean(raw.language).lower(),
        summary=flat(raw.summary),
        alternatives=flat(raw.alternatives)[:LONGEST_TEXT],
        labels=raw.labels,
        target_type=raw.target_type,
        page_url=clean(raw.page_url),
        identifiers=raw.identifiers,
        facts=raw.facts,
    )


def code_from(uri: str) -> str:
    """The last part of an address, by which its framework mostly tells its items apart."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""
    if parts.fragment:
        return unquote(parts.fragment)
    return unquote(parts.path.rstrip("/").rpartition("/")[2])


def is_code(code: str) -> bool:
    """Whether this can be the name of an item in an address of ours."""
    fits = 0 < len(code) <= LONGEST_CODE and not hidden_character(code)
    return fits and not _NOT_IN_A_CODE & set(code) and bool(code.strip(". "))


def is_address(uri: str) -> bool:
    """Whether this is a whole web address that a badge can name."""
    if len(uri) > LONGEST_ADDRESS or not uri.isprintable() or " " in uri:
        return False
    try:
        parts = urlsplit(uri)
        return parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and parts.port != 0
    except ValueError:
        return False


def is_language(tag: str) -> bool:
    """Whether this is a language tag in small letters (BCP 47) whose first part is a language of ISO 639-1."""
    return bool(_LANGUAGE.fullmatch(tag)) and tag.partition("-")[0] in _ISO_639_1.split()


def item_facts(raw: RawItem) -> ItemFacts:
    """A checked item without its parent; nobody here has compared its name and address with the publisher's."""
    return ItemFacts(
        code=raw.code,
        label=raw.label,
        uri=raw.uri,
        kind=raw.kind or "competence",
        language=raw.language,
        labels=raw.labels,
        summary=raw.summary,
        everyday_words=raw.alternatives,
        uri_kind="concept" if raw.uri else MADE_ADDRESS,
        target_type=raw.target_type,
        page_url=raw.page_url if is_address(raw.page_url) else "",
        confidence_label="medium",
        confidence_uri="medium",
        facts=raw.facts,
    )


def faults_of(raw: RawItem, columns: Mapping[str, str]) -> Iterator[RowFault]:
    """Everything wrong with a tidied item; `columns` are the headings or members by which the file names each field."""

    def fault(field: str, value: str, message: str, code: str) -> RowFault:
        return RowFault(raw.row, columns.get(field, field), shown(value), message, code)

    if not raw.label:
        yield fault("label", "", _("There is no name. Write one, or take the row out."), "name_missing")
    for field, longest in (("label", LONGEST_LABEL), ("summary", LONGEST_TEXT), ("kind", 60)):
        yield from _text_faults(raw, columns, field, longest)
    if not raw.code:
        message = _("There is no code, and no address that ends in one. Write a code such as 1.2.")
        yield fault("code", "", message, "code_missing")
    elif not is_code(raw.code):
        message = _(
            'This cannot be a code: at most %(most)s characters, without / \\ ? # %% " < >.',
            most=LONGEST_CODE,
        )
        yield fault("code", raw.code, message, "code")
    if raw.uri and not is_address(raw.uri):
        message = _("This is no whole web address. Begin with https:// or leave the cell empty.")
        yield fault("uri", raw.uri, message, "address")
    if raw.language and not is_language(raw.language):
        message = _("This is no language that we know (ISO 639-1). Write en, bg, es or nl, for example.")
        yield fault("language", raw.language, message, "language")


def _text_faults(raw: RawItem, columns: Mapping[str, str], field: str, longest: int) -> Iterator[RowFault]:
    text, column = getattr(raw, field), columns.get(field, field)
    if len(text) > longest:
        message = _(
            "This has %(count)s characters; at most %(most)s fit. Shorten it, or look for a missing quotation mark.",
            count=len(text),
            most=longest,
        )
        yield RowFault(raw.row, column, shown(text), message, "too_long")
    if hidden_character(text):
        message = _("There is an invisible control character in it. Type the text anew.")
        yield RowFault(raw.row, column, shown(text), message, "control_character")
