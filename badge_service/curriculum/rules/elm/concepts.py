"""The pieces that every part of an ELM document is made of: concepts of controlled lists, notes and web pages."""

from typing import Any

from badge_service.curriculum.rules.content import Content

Part = dict[str, Any]
SNB = "http://data.europa.eu/snb"
# ELM keeps its modes of learning in the list of learning assessments.
_MODES = {
    "Workbased": "729f3bed4b",
    "Project based": "7813801c77",
    "Presential": "9191af2ed9",
    "Online": "920fbb3cbe",
    "Blended": "e92d221e4d",
    "Research-Lab based": "ed4c557045",
}
_LANGUAGES = {"en": "ENG", "nl": "NLD", "es": "SPA", "bg": "BUL", "da": "DAN", "fi": "FIN", "ro": "RON"}


def concept(uri: str, label: str) -> Part:
    """One member of a list of the Commission, by its address."""
    scheme = {"id": f"{uri.rpartition('/')[0]}/25831c2", "type": "ConceptScheme"}
    return {"id": uri, "type": "Concept", "inScheme": scheme, "prefLabel": {"en": label}}


def authority(table: str, code: str, label: str) -> Part:
    """One member of a table of the Publications Office, such as a country or a language."""
    scheme = f"http://publications.europa.eu/resource/authority/{table}"
    return {
        "id": f"{scheme}/{code}",
        "type": "Concept",
        "notation": table,
        "prefLabel": {"en": label},
        "inScheme": {"id": scheme, "type": "ConceptScheme"},
    }


def language_of(code: str) -> Part:
    """One of our languages as the Publications Office names it."""
    return authority("language", _LANGUAGES[code], code)


def mode_of(content: Content) -> Part:
    """The way of learning, for which ELM uses the list of learning assessments."""
    mode = content["learning_mode"]
    return concept(f"{SNB}/learning-assessment/{_MODES[mode]}", mode)


def note(name: str, text: str, language: str) -> Part:
    """A text that ELM has no field for; `name` makes its id."""
    return {"id": f"urn:epass:note:{name}", "type": "Note", "noteLiteral": {language: text}}


def page(address: str, language: str) -> Part:
    """The public page of the definition."""
    return {
        "id": "urn:epass:webResource:1",
        "type": "WebResource",
        "contentURL": address,
        "language": language_of(language),
    }
