"""Why somebody is not ready for a badge yet, in sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from badge_service.curriculum.rules import NotReady, Readiness, Rubric, pass_rule
from badge_service.web.i18n import current_language


def not_ready_words(found: Readiness, rubric: Rubric) -> list[str]:
    """Why somebody is not ready yet, one sentence a reason, naming the criteria."""
    names = {criterion.id: criterion.name for criterion in rubric.criteria}
    return [_not_ready(reason, found, rubric, names) for reason in found.why]


def pass_rule_words(content: Mapping[str, Any]) -> Markup:
    """The rule in the reader's language around the names of levels, which stay in the definition's."""
    name, language = Markup('<span lang="{}">{}</span>'), content["language"]
    rule = pass_rule(content, current_language(), lambda level: name.format(language, level))
    return Markup(rule)  # noqa: S704 (names of levels are escaped, the rest is ours)


def ready_words(found: Readiness, rubric: Rubric) -> str:
    """By which rule somebody is ready, in one sentence; empty where nothing is judged."""
    if not rubric.criteria:
        return ""
    passing = rubric.pass_level.name
    if not found.with_reason:
        return str(_("Every criterion is at “%(level)s” or higher.", level=passing))
    names = {criterion.id: criterion.name for criterion in rubric.criteria}
    words = _("%(names)s is below “%(level)s”; the others make up for it, and you wrote why.", names=_list(names, found.below), level=passing)  # fmt: skip
    return str(words)


def _not_ready(reason: NotReady, found: Readiness, rubric: Rubric, names: Mapping[str, str]) -> str:
    below = rubric.level_below_pass
    low, missing = _list(names, found.below), _list(names, found.missing)
    sentences = {
        NotReady.NOT_JUDGED: lambda: _("Not judged yet: %(names)s.", names=missing),
        NotReady.TOO_LOW: lambda: _("Too low to pass: %(names)s.", names=low),
        NotReady.SEVERAL_BELOW: lambda: _("Only one criterion may be at “%(level)s”; here: %(names)s.", level=below.name if below else "", names=low),
        NotReady.TOTAL_TOO_LOW: lambda: _("%(names)s is below the pass level, and the others do not make up for it.", names=low),
        NotReady.REASON_MISSING: lambda: _("%(names)s is below the pass level: write why the badge is earned all the same.", names=low),
    }  # fmt: skip
    return str(sentences[reason]())


def _list(names: Mapping[str, str], ids: Sequence[str]) -> str:
    return ", ".join(names[one] for one in ids)
