"""What the page of one version shows, for the public page and for the preview of a draft alike."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from badge_service.curriculum import words
from badge_service.curriculum.actions import place_of
from badge_service.curriculum.checking import definition_faults
from badge_service.curriculum.rules import eu_box, fact_sheet, is_assessed
from badge_service.curriculum.rules.achievement import alignments
from badge_service.curriculum.rules.vocabulary import FIELDS_OF_STUDY
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.web.paging import Listing
from badge_service.web.sentences import translated
from badge_service.web.surroundings import current_settings


def public_url() -> str:
    """The service's own address as signed documents name it, whatever address serves them (decisions 11)."""
    return current_settings().public_url


def shown(version: DefinitionVersion) -> dict[str, Any]:
    """The template's variables; a draft that is not complete has no EU box, alignments and pass rule yet."""
    content, place = version.content, place_of(version, public_url())
    complete = not definition_faults(content)
    return {
        "version": version,
        "content": content,
        "assessed": is_assessed(content),
        "organisation": version.definition.organisation,
        "let": version.definition.let,
        "field_of_study": translated(FIELDS_OF_STUDY.get(content.get("isced_f", ""), "")),
        "box": eu_box(fact_sheet(content, place), None) if complete else [],
        "frameworks": grouped(alignments(content, place)) if complete else [],
        "pass_rule": words.pass_rule_words(content) if complete else "",
        "words": words,
    }


def grouped(found: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Alignments by framework, in the order of their first mention; quality assurance has its own place on the page."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        if one.get("targetType") != "ext:QualityAssurance":
            shown_as = {**one, "targetName": _target_name(one)}
            groups.setdefault(translated(one.get("targetFramework", "")), []).append(shown_as)
    return list(groups.items())


def _target_name(one: dict[str, Any]) -> str:
    if one.get("targetType") == "ext:EQFLevel":
        return str(_("EQF level %(level)s of 8", level=one["targetCode"]))
    return translated(one["targetName"])  # fields of study are marked; any other name stays as it is


def picture_address(version: DefinitionVersion) -> str:
    """Where this service serves the picture of a published version."""
    return version.picture_address


def turning(page: Listing[Any]) -> dict[str, str | None]:
    """The template's `previous` and `next`: this same address with another page, where there is one."""
    return {
        "previous": _same_address(page.number - 1) if page.number > 1 else None,
        "next": _same_address(page.number + 1) if page.number < page.pages else None,
    }


def _same_address(number: int) -> str:
    asked: dict[str, Any] = {**request.args.to_dict(), **(request.view_args or {}), "page": number}
    return url_for(request.endpoint or "curriculum.catalogue", **asked)
