"""What can be wrong with a definition or pathway although its shape is right: references, sums, levels, doubles."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeGuard

from flask_babel import gettext as _

from badge_service.curriculum.rules.addresses import normalised
from badge_service.curriculum.rules.content import Content, all_alignments
from badge_service.curriculum.rules.kinds import AchievementType, achievement_type, is_assessed
from badge_service.curriculum.rules.look import look_faults
from badge_service.curriculum.rules.pathways import codes_in, free_choices, least
from badge_service.curriculum.rules.vocabulary import FIELDS_OF_STUDY, GENERATED_FRAMEWORKS, WORKLOAD_PARTS
from badge_service.errors import Fault


def faults_beyond_schema(content: Content, *, may_award_ects: bool = True) -> list[Fault]:
    """Everything that a schema cannot say, all at once; fields of a wrong shape are left to the schema."""
    return [
        *_alignment_faults(content),
        *_double_ids(content),
        *_outcome_faults(content),
        *_rubric_faults(content),
        *_workload_faults(content),
        *_level_faults(content),
        *_ects_faults(content, may_award_ects),
        *_supervision_faults(content),
        *_field_of_study_faults(content),
        *look_faults(content),
        *_kind_faults(content),
    ]


def pathway_faults_beyond_schema(pathway: Mapping[str, Any]) -> list[Fault]:
    """A pathway's rule must be fulfillable: no choice larger than its list, no badge twice in one list, one free choice."""
    rule = pathway.get("rule")
    if not isinstance(rule, dict):
        return []
    found = list(_rule_faults(rule, "rule"))
    if free_choices(rule) > 1:
        words = _(
            "Only one part of a rule may leave the choice free; ask for more badges in that part instead."
        )
        found.append(Fault("rule", words, "pathway.free_choices"))
    return found


def _rule_faults(rule: Any, where: str) -> Iterator[Fault]:
    if not isinstance(rule, dict):
        return
    parts = rule.get("all_of", rule.get("of"))
    if not isinstance(parts, list):
        return
    if "all_of" not in rule and least(rule) > len(parts):
        words = _("At least %(least)s of %(count)s cannot be reached. Lower the number or add badges.", least=least(rule), count=len(parts))  # fmt: skip
        yield Fault(f"{where}.at_least", words, "pathway.unreachable")
    for code, count in Counter(part for part in parts if isinstance(part, str)).items():
        if count > 1:
            yield Fault(where, _("“%(code)s” stands here twice. Keep one.", code=code), "pathway.double")
    name = "all_of" if "all_of" in rule else "of"
    for index, part in enumerate(parts):
        yield from _rule_faults(part, f"{where}.{name}[{index}]")


def unknown_references(pathway: Mapping[str, Any], codes: Collection[str]) -> list[Fault]:
    """Badges that a pathway's rule names and nobody has defined."""
    unknown = sorted(set(codes_in(pathway["rule"])) - set(codes))
    return [Fault("rule", _unknown_code(code), "pathway.unknown_code") for code in unknown]


def _unknown_code(code: str) -> str:
    return str(_("No definition has the code “%(code)s”. Correct the code or add the definition.", code=code))


def _alignment_faults(content: Content) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for where, one in all_alignments(content):
        url, kind = one.get("targetUrl"), one.get("targetType")
        if kind in GENERATED_FRAMEWORKS:
            words = _(
                "Leave this row out: it is written from the level, the field of study or the quality assurance."
            )
            yield Fault(where, words, "alignment.generated")
        if not url:
            continue
        url = normalised(url)
        if url in first:
            words = _(
                "This address already stands at %(place)s. Keep it in one place only.", place=first[url]
            )
            yield Fault(f"{where}.targetUrl", words, "alignment.double")
        first.setdefault(url, where)


def _double_ids(content: Content) -> Iterator[Fault]:
    rubric = _rubric(content)
    lists = {
        "learning_outcomes": content.get("learning_outcomes"),
        "rubric.criteria": rubric.get("criteria"),
        "rubric.levels": rubric.get("levels"),
    }
    for where, rows in lists.items():
        seen: set[str] = set()
        for index, row in enumerate(rows or []):
            name = row.get("id")
            if not name:
                continue
            if name in seen:
                words = _("“%(id)s” is used twice. Give each row its own id.", id=name)
                yield Fault(f"{where}[{index}].id", words, "double_id")
            seen.add(name)


def _outcome_faults(content: Content) -> Iterator[Fault]:
    outcomes = [one.get("id") for one in content.get("learning_outcomes") or []]
    criteria = _rubric(content).get("criteria") or []
    judged = {outcome for criterion in criteria for outcome in criterion.get("outcomes") or []}
    for index, outcome in enumerate(outcomes if is_assessed(content) else []):
        if outcome not in judged:
            words = _("No criterion judges %(outcome)s. Tick it at one of the criteria.", outcome=outcome)
            yield Fault(f"learning_outcomes[{index}]", words, "outcome.unjudged")
    for index, criterion in enumerate(criteria):
        for outcome in sorted(set(criterion.get("outcomes") or []) - set(outcomes)):
            words = _("There is no learning outcome %(outcome)s. Choose one of those above.", outcome=outcome)
            yield Fault(f"rubric.criteria[{index}].outcomes", words, "criterion.unknown_outcome")


def _rubric_faults(content: Content) -> Iterator[Fault]:
    rubric = _rubric(content)
    levels = {one.get("id"): one.get("name") or one.get("id") for one in rubric.get("levels") or []}
    if rubric.get("pass_level") not in levels:
        words = _("The pass level is not one of the levels. Choose one of them.")
        yield Fault("rubric.pass_level", words, "rubric.pass_level")
    yield from _points_faults(rubric.get("levels") or [])
    criteria = rubric.get("criteria") or []
    if criteria and levels and rubric.get("pass_level") == next(iter(levels)):
        words = _("The lowest level cannot be the pass level: then everybody who was there would pass.")
        yield Fault("rubric.pass_level", words, "rubric.pass_lowest")
    for index, criterion in enumerate(criteria):
        yield from _descriptor_faults(index, criterion, levels)
        yield from _sameness_faults(index, criterion, list(levels), rubric.get("pass_level"))


def _points_faults(levels: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    points = [one["points"] for one in levels if _is_number(one.get("points"))]
    if len(points) != len(set(points)):
        words = _("Two levels have the same points. Give each level more points than the one below it.")
        yield Fault("rubric.levels", words, "rubric.points")
    elif points != sorted(points):
        words = _("The points must rise from the first level to the last. Put the levels in order.")
        yield Fault("rubric.levels", words, "rubric.order")
    for index, one in enumerate(levels):
        if _is_number(one.get("points")) and one["points"] == 0:
            words = _("%(value)s is too small; at least %(wanted)s.", value=0, wanted=1)
            yield Fault(f"rubric.levels[{index}].points", words, "rubric.least_points")


def _sameness_faults(
    index: int, criterion: Mapping[str, Any], levels: list[Any], pass_level: Any
) -> Iterator[Fault]:
    """Whoever judges must be able to tell the pass level from those below it."""
    descriptors = criterion.get("descriptors") or {}
    said = {level: " ".join(str(descriptors.get(level) or "").casefold().split()) for level in levels}
    passing = said.get(pass_level)
    below = levels[: levels.index(pass_level)] if pass_level in levels else []
    if passing and (any(said[one] == passing for one in below) or len(levels) > 1 == len(set(said.values()))):
        words = _("Levels that pass and levels that do not are described alike. Say what is different.")
        yield Fault(f"rubric.criteria[{index}].descriptors", words, "criterion.same")


def _descriptor_faults(
    index: int, criterion: Mapping[str, Any], levels: Mapping[Any, Any]
) -> Iterator[Fault]:
    descriptors = criterion.get("descriptors") or {}
    where = f"rubric.criteria[{index}].descriptors"
    for level, name in levels.items():
        if not str(descriptors.get(level) or "").strip():
            words = _("Say what “%(level)s” looks like here.", level=name)
            yield Fault(f"{where}.{level}", words, "criterion.descriptor")
    for level in sorted(set(descriptors) - set(levels)):
        words = _("There is no level “%(level)s”. Remove this sentence or add the level.", level=level)
        yield Fault(f"{where}.{level}", words, "criterion.unknown_level")


def _workload_faults(content: Content) -> Iterator[Fault]:
    hours = content.get("workload_hours") or {}
    total = hours.get("total")
    parts = [hours[part] for part in WORKLOAD_PARTS if _is_number(hours.get(part))]
    if not _is_number(total) or len(parts) < len(WORKLOAD_PARTS):
        return
    if abs(sum(parts) - total) > 0.001:
        words = _("The parts add up to %(sum)s hours, the total says %(total)s. Make them equal.", sum=f"{sum(parts):g}", total=f"{total:g}")  # fmt: skip
        yield Fault("workload_hours.total", words, "workload.sum")


def _level_faults(content: Content) -> Iterator[Fault]:
    level, reason = content.get("eqf_level"), str(content.get("level_not_applicable") or "").strip()
    if level is None and not reason:
        words = _("Choose the EQF level, or say why no level applies.")
        yield Fault("eqf_level", words, "level.missing")
    if level is not None and reason:
        words = _("There is a level and a reason for having none. Keep one of them.")
        yield Fault("level_not_applicable", words, "level.both")
    if _is_number(level) and level >= 6 and _is_for_young_people(content.get("target_group")):
        words = _("EQF level 6 and above is for adults. Name an adult target group, or choose a lower level.")
        yield Fault("target_group", words, "level.target_group")


_YOUNG = ("15", "16", "17", "pupil", "vet student", "leerling", "mbo-student", "alumn", "ученици", "учащи")


def _is_for_young_people(target_group: Any) -> bool:
    words = str(target_group or "").casefold()
    return not words.strip() or any(word in words for word in _YOUNG)


def _ects_faults(content: Content, may_award_ects: bool) -> Iterator[Fault]:
    ects = content.get("ects_awarded")
    hours = (content.get("workload_hours") or {}).get("total")
    if ects is None:
        return
    if not may_award_ects:
        words = _(
            "Your organisation is not set up to award ECTS. Leave this empty; the hours say how much work it is."
        )
        yield Fault("ects_awarded", words, "ects.not_allowed")
    if _is_number(ects) and _is_number(hours) and ects > 0 and not 25 * ects <= hours <= 30 * ects:
        words = _("One ECTS is 25 to 30 hours. %(ects)s ECTS does not fit %(hours)s hours.", ects=f"{ects:g}", hours=f"{hours:g}")  # fmt: skip
        yield Fault("ects_awarded", words, "ects.hours")


def _supervision_faults(content: Content) -> Iterator[Fault]:
    supervision, verified = str(content.get("supervision") or ""), content.get("identity_verified")
    if "no identity verification" in supervision and verified is True:
        words = _(
            "The planned supervision says that identity is not verified. Untick this or choose another supervision."
        )
        yield Fault("identity_verified", words, "supervision.identity")
    if supervision == "onsite with identity verification" and verified is False:
        words = _(
            "The planned supervision says that identity is verified. Tick this or choose another supervision."
        )
        yield Fault("identity_verified", words, "supervision.identity")


def _field_of_study_faults(content: Content) -> Iterator[Fault]:
    code = content.get("isced_f")
    if isinstance(code, str) and code and code not in FIELDS_OF_STUDY:
        words = _("“%(code)s” is not a field of study that we know. Choose one from the list.", code=code)
        yield Fault("isced_f", words, "isced_f")


def _kind_faults(content: Content) -> Iterator[Fault]:
    kind, said = achievement_type(content), content.get("achievement_type")
    if said in list(AchievementType) and said != kind:
        words = _("Nothing is assessed here, so this is a certificate of completion: write %(kind)s, or add a criterion.", kind=kind.value) if kind is AchievementType.CERTIFICATE else _("Outcomes are assessed here, so this is a micro-credential: write %(kind)s, or take the criteria away.", kind=kind.value)  # fmt: skip
        yield Fault("achievement_type", words, "kind.chosen")
    if is_assessed(content):
        return
    if any(one != "level of attendance" for one in content.get("assessment_types") or []):
        words = _(
            "A type of assessment is named, but no criterion judges anything. Add a criterion, or leave the types out."
        )
        yield Fault("assessment_types", words, "kind.unassessed")
    if content.get("ects_awarded") is not None:
        words = _("ECTS are given for assessed outcomes. A certificate of completion has none.")
        yield Fault("ects_awarded", words, "ects.unassessed")


def _rubric(content: Content) -> Mapping[str, Any]:
    rubric = content.get("rubric")
    return rubric if isinstance(rubric, Mapping) else {}


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
