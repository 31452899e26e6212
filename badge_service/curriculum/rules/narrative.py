"""The criteria text that is signed: generated from a definition, in its language, so that a stranger's wallet shows it."""

from collections.abc import Callable

from badge_service.curriculum.rules.content import Content, rubric_of
from badge_service.curriculum.rules.kinds import is_assessed
from badge_service.curriculum.rules.phrases import Phrases, phrases_for
from badge_service.curriculum.rules.stack_words import stack_words


def criteria_narrative(content: Content) -> str:
    """Markdown: outcomes as a list, how it was judged, hours, level, participation, assessment, prerequisites.

    The whole text is in the definition's language where we have its phrases (en, nl, es, bg), else framed in English.
    A certificate of completion says that nothing was assessed, and what it was about in place of outcomes.
    """
    words = phrases_for(content["language"])
    if not is_assessed(content):
        return _unassessed(content, words)
    outcomes = "\n".join(f"- {outcome['text']}" for outcome in content["learning_outcomes"])
    judged = _judged_by_parts(content) or words.judged.format(
        levels=words.number(len(content["rubric"]["levels"])), rule=pass_rule(content)
    )
    return f"**{words.outcomes}**\n{outcomes}\n\n**{words.how_judged}** {judged}\n\n" + _facts(content, words)


def _judged_by_parts(content: Content) -> str:
    """How a stacked badge was judged: in its parts, which are named; empty for any other."""
    if not content.get("pathway"):
        return ""
    named = "; ".join(f"{one['title']} ({one['code']})" for one in content["pathway"]["parts"])
    return f"{stack_words(content['language']).judged} {named}."


def _unassessed(content: Content, words: Phrases) -> str:
    subjects = "\n".join(f"- {outcome['text']}" for outcome in content["learning_outcomes"])
    about = f"**{words.about}**\n{subjects}\n\n" if subjects else ""
    return f"**{words.certificate}** {words.nothing_assessed}\n\n{about}" + _facts(content, words)


def pass_rule(content: Content, language: str = "", named: Callable[[str], str] = str) -> str:
    """The pass rule in one clause, with the rubric's own level names; empty where nothing is assessed.

    It is in the definition's language, or in the one asked for; `named` says how a level's name stands in it.
    """
    if not is_assessed(content):
        return ""
    words, rubric = phrases_for(language or content["language"]), rubric_of(content)
    passing, below = named(rubric.pass_level.name), rubric.level_below_pass
    if below is None or content.get("pathway"):
        return words.rule_all.format(passing=passing)
    times = words.number(rubric.pass_level.points)
    return words.rule.format(passing=passing, below=named(below.name), times=times)


def _facts(content: Content, words: Phrases) -> str:
    prerequisites = content["prerequisites"].strip()
    none = prerequisites.casefold() == "none"
    kinds = [words.word(kind) for kind in content["assessment_types"]]
    facts = [
        (words.workload, words.hours.format(hours=_plain(content["workload_hours"]["total"]))),
        (words.level, f"EQF {content['eqf_level']}" if content["eqf_level"] else words.no_level),
        (words.participation, words.word(content["participation"])),
        (words.assessment, ", ".join(kinds) or words.no_assessment),
        (words.prerequisites, words.none if none else prerequisites.rstrip(".")),
    ]
    return " ".join(f"**{name}:** {value}." for name, value in facts if value)


def _plain(number: float) -> str:
    return f"{number:g}"
