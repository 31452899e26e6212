"""Puts counted results into the reader's words: one block a question, with its rows, its middle and a sentence for a finding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from badge_service.surveys.actions import form_of, pairs_of
from badge_service.surveys.rules import LEAST_PAIRED, Item, Kind, Pair, said
from badge_service.surveys.tables import SurveyRun

AGREES = 4


@dataclass(frozen=True)
class Row:
    """One answer with how many gave it; `later` for now, where `count` is for before."""

    label: str
    language: str
    count: int
    later: int | None = None


@dataclass(frozen=True)
class Block:
    """What was answered to one question; without `rows` it is not shown, and `note` says why.

    `sentence` says the same in a few words, `is_good` whether there is nothing to change; `about` is what a pair is about.
    """

    key: str
    text: str
    language: str
    n: int = 0
    rows: tuple[Row, ...] = ()
    sentence: str = ""
    note: str = ""
    is_good: bool = False
    about: str = ""


@dataclass(frozen=True)
class Shown:
    """All results of one run: a block for each question, one sentence for each part of which only some were drawn."""

    blocks: tuple[Block, ...] = ()
    parts: tuple[str, ...] = ()
    by_key: Mapping[str, Block] = field(default_factory=dict)


def shown(run: SurveyRun, language: str) -> Shown:
    """The results of a closed run in this language; nothing for one that is open or has too few answers."""
    results = run.results
    if not results or results["n"] is None:
        return Shown()
    form, blocks = form_of(run), []
    for item in form.items:
        if item.kind is Kind.PAIRS:
            blocks += [_pair_block(pair, item, results, language) for pair in pairs_of(run)]
        elif item.kind is not Kind.WORDS:
            blocks.append(_block(item, results, language))
    parts = tuple(_part_sentence(one) for one in results["parts"].values() if one["people"] is not None)
    return Shown(tuple(blocks), parts, {block.key: block for block in blocks})


def _block(item: Item, results: Mapping[str, Any], language: str) -> Block:
    text, spoken = said(item.text, language)
    counted = results["items"].get(item.key)
    if counted is None:
        return Block(item.key, text, spoken, note=_too_few())
    rows = tuple(
        Row(*said(choice, language), number)
        for choice, number in zip(item.choices, counted["counts"], strict=True)
    )
    return Block(
        item.key,
        text,
        spoken,
        n=counted["n"],
        rows=rows,
        sentence=_sentence(item, text, rows, counted),
        note=_median(item, counted["median"], language),
        is_good=item.kind is Kind.SCALE and counted["median"] >= AGREES,
    )


def _pair_block(pair: Pair, item: Item, results: Mapping[str, Any], language: str) -> Block:
    counted = results["pairs"].get(pair.key)
    if counted is None:
        return Block(pair.key, pair.text, pair.language, note=_too_few(), about=pair.about)
    rows = tuple(
        Row(*said(choice, language), before, after)
        for choice, before, after in zip(item.choices, counted["before"], counted["after"], strict=True)
    )
    return Block(
        pair.key,
        pair.text,
        pair.language,
        n=counted["n"],
        rows=rows,
        sentence=_gained(pair.text, counted),
        note=_change(item, counted, language),
        is_good=counted["gained"] * 2 >= counted["n"],
        about=pair.about,
    )


def _sentence(item: Item, text: str, rows: Sequence[Row], counted: Mapping[str, Any]) -> str:
    if item.kind is Kind.SCALE:
        agree = sum(counted["counts"][AGREES - 1 :])
        return str(_("%(some)s of %(all)s agree: “%(text)s”", some=agree, all=counted["n"], text=text))
    told = ", ".join(f"{row.label} {row.count}" for row in rows)
    return str(_("%(text)s %(answers)s (%(all)s people)", text=text, answers=told, all=counted["n"]))


def _gained(text: str, counted: Mapping[str, Any]) -> str:
    return str(
        _(
            "%(some)s of %(all)s can do it better than before: “%(text)s”",
            some=counted["gained"],
            all=counted["n"],
            text=text,
        )
    )


def _median(item: Item, middle: float | None, language: str) -> str:
    if middle is None:
        return ""
    return str(_("The middle answer: %(words)s.", words=_step(item, middle, language)))


def _change(item: Item, counted: Mapping[str, Any], language: str) -> str:
    """The change only from ten pairs on; before that, only what the rows say."""
    if counted["change"] is None:
        return str(
            _("For a statement about the change at least %(least)s people are needed.", least=LEAST_PAIRED)
        )
    return str(
        _(
            "The middle answer went from “%(before)s” to “%(after)s”; %(some)s of %(all)s went up.",
            before=_step(item, counted["median_before"], language),
            after=_step(item, counted["median_after"], language),
            some=counted["gained"],
            all=counted["n"],
        )
    )


def _step(item: Item, middle: float, language: str) -> str:
    """The word for a median, or both words between which it lies."""
    low, high = int(middle), int(middle + 0.5)
    first, second = (said(item.choices[number - 1], language)[0] for number in (low, high))
    return (
        first if low == high else str(_("between “%(first)s” and “%(second)s”", first=first, second=second))
    )


def _part_sentence(part: Mapping[str, Any]) -> str:
    return str(
        _(
            "The questions about the workshop together: %(agree)s of %(answers)s answers agree (%(people)s people), "
            "the mean is %(mean)s of 5.",
            agree=part["agree"],
            answers=part["answers"],
            people=part["people"],
            mean=part["mean"],
        )
    )


def _too_few() -> str:
    return str(_("Too few answers to show, so that nobody can be made out."))
