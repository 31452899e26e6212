"""What a page says of frameworks in plain words: how sure a name and an address are, kinds of items, kinds of files."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from badge_service.curriculum.tables import Framework, FrameworkItem
from badge_service.web.i18n import number

ORIGINS = {
    "shipped": _l("comes with the service"),
    "imported": _l("imported"),
    "own": _l("our own list"),
}
ITEM_KINDS = {
    "area": _l("area"),
    "competence": _l("competence"),
    "skill": _l("skill"),
    "occupation": _l("occupation"),
    "knowledge": _l("knowledge"),
    "goal": _l("goal"),
    "target": _l("target"),
    "level": _l("level"),
    "field": _l("field of study"),
    "domain": _l("domain"),
    "group": _l("group"),
    "concept": _l("concept"),
}
_KINDS = {
    "area": _l("Areas"),
    "competence": _l("Competences"),
    "skill": _l("Skills"),
    "occupation": _l("Occupations"),
    "knowledge": _l("Knowledge"),
    "goal": _l("Goals"),
    "target": _l("Targets"),
    "level": _l("Levels"),
    "field": _l("Fields of study"),
    "domain": _l("Domains"),
    "group": _l("Groups"),
    "concept": _l("Concepts"),
}
SELECTIONS = frozenset({"esco", "isced-f-2013", "sdg"})
"""Frameworks that come with the service in part: with what definitions here have use for."""
CONFIDENCE = {"high": _l("sure"), "medium": _l("fairly sure"), "low": _l("unsure")}
_LABEL = {
    "high": _l("The name was compared with its publisher's own text."),
    "medium": _l(
        "The name comes from a second-hand source. Compare it with the publisher's document before you print it."
    ),
    "low": _l("The name is from memory. Look it up in the publisher's document before you use it."),
}
_ADDRESSES = {
    "concept": _l("The publisher gives this item an address of its own, made to last."),
    "document+own-fragment": _l(
        "The publisher gives single items no address. This is the address of its document with the item's code behind "
        "it: it opens the document, and no other item has it."
    ),
    "page": _l("This is the address of a page about it, not one made to last."),
    "own-page": _l("The publisher gives no address. This one is a page of this service."),
}
_FROM_MEMORY = {
    "medium": _l("The address follows the publisher's pattern and was not opened one by one."),
    "low": _l("The address is from memory. Open it before you use it."),
}
FILE_FORMATS = {
    "csv": _l("a CSV table"),
    "esco_csv": _l("a CSV table as ESCO gives it to download"),
    "esco_json": _l("JSON of concepts, as ESCO's interface gives it"),
    "case": _l("a CASE package"),
    "own_json": _l("JSON in the form of this service"),
}
SEPARATORS = {",": _l("comma"), ";": _l("semicolon"), "\t": _l("tab")}


def kinds(kind: str) -> str:
    """Several items of a kind, as a heading; what an import calls them stays as it is."""
    return str(_KINDS.get(kind, kind))


def how_many(framework: Framework) -> str:
    """How many items a framework has here, and that they are some of its publisher's only, where we chose them."""
    count = number(framework.item_count)
    if framework.origin == "shipped" and framework.key in SELECTIONS:
        return str(_("a selection of %(count)s", count=count))
    return str(count)


def item_kind(kind: str) -> str:
    """The kind of an item in the reader's language; what an import calls it stays as it is."""
    return str(ITEM_KINDS.get(kind, kind))


def label_confidence(item: FrameworkItem) -> str:
    """How sure the name is, as a sentence."""
    if item.framework.origin == "own":
        return str(_("It is our own word for it."))
    if item.framework.origin == "imported":
        return str(
            _("It stands so in the imported file; nobody here has compared it with the publisher's text.")
        )
    return str(_LABEL.get(item.confidence_label, _("Nobody has noted how sure the name is.")))


def address_confidence(item: FrameworkItem) -> str:
    """How sure the address is, as one or two sentences."""
    if item.framework.origin == "own":
        return str(_("It is a page of this service and stays, because badges may name it."))
    if item.framework.origin == "imported" and item.uri_kind == "concept":
        return str(_("It stands so in the imported file; nobody here has opened it."))
    told = [_ADDRESSES.get(item.uri_kind, "")]
    if item.uri_kind in {"concept", "page"}:
        told.append(_FROM_MEMORY.get(item.confidence_uri, ""))
    return " ".join(str(one) for one in told if one)
