"""How answers are counted, and that no group under five can be made out of what is shown."""

from hypothesis import given
from hypothesis import strategies as st

from badge_service.surveys.catalogue import instrument
from badge_service.surveys.rules import LEAST, Pair, asked, count, drawn, may_be_asked, rate, suppressed

FORM = instrument("workshop_feedback", 1)
PAIR = Pair("o1", "Weave a border.", "en", "definition:1:LO1")
SIZES = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30))


def test_fewer_than_five_forms_say_nothing() -> None:
    found = count(FORM, [PAIR], [{"useful": 5, "o1.before": 1, "o1.after": 4}] * 4)
    assert found == {"n": None, "parts": {}, "items": {}, "pairs": {}, "hidden": []}


def test_a_distribution_comes_with_its_median_and_a_part_with_its_mean() -> None:
    found = count(FORM, [], [{"useful": 5, "clear": 2}] * 3 + [{"useful": 3, "clear": 4}] * 3)
    assert found["items"]["useful"] == {"n": 6, "counts": [0, 0, 3, 0, 3], "median": 4.0}
    assert found["parts"]["reaction"] == {"people": 6, "answers": 12, "mean": 3.5, "agree": 6}


def test_before_and_after_count_only_together_and_a_change_needs_ten() -> None:
    moved = {"o1.before": 1, "o1.after": 3}
    nine = count(FORM, [PAIR], [moved] * 9 + [{"o1.before": 2}])["pairs"]["o1"]
    assert (nine["n"], nine["gained"], nine["change"]) == (9, 9, None)
    assert nine["before"] == [9, 0, 0, 0] and nine["after"] == [0, 0, 9, 0]
    assert count(FORM, [PAIR], [moved] * 10)["pairs"]["o1"]["change"] == 2


def test_an_item_that_could_be_worked_out_from_the_whole_is_hidden_with_the_next_smallest() -> None:
    answers = [{"useful": 4}] * 7 + [{"clear": 4}] * 3 + [{"interactive": 2}] * 9
    found = count(FORM, [], answers)
    assert set(found["items"]) == {"interactive"}
    assert {"useful", "clear"} <= set(found["hidden"])


@given(SIZES)
def test_what_is_hidden_together_is_five_or_more_and_never_one_group(sizes: dict[str, int]) -> None:
    hidden = suppressed(sizes)
    shown = {key for key, size in sizes.items() if size and key not in hidden}
    assert all(sizes[key] >= LEAST for key in shown)
    if hidden and shown:
        assert len(hidden) > 1
        assert sum(sizes[key] for key in hidden) >= LEAST


@given(
    st.dictionaries(st.sampled_from([item.key for item in FORM.items]), st.integers(0, 9)),
    st.binary(min_size=9),
)
def test_two_reaction_items_are_drawn_and_they_are_the_least_answered(
    answered: dict[str, int], chance: bytes
) -> None:
    chosen = drawn(FORM, answered, chance)
    assert len(chosen) == 2 and may_be_asked(FORM, chosen)
    others = [item.key for item in FORM.part("reaction") if item.key not in chosen]
    assert max(answered.get(key, 0) for key in chosen) <= min(answered.get(key, 0) for key in others)
    assert [item.key for item in asked(FORM, chosen) if item.part == "reaction"] == list(chosen)


def test_no_form_takes_more_than_eight_taps() -> None:
    for key, pairs in (("workshop_feedback", 3), ("workshop_use", 0), ("workshop_results", 0)):
        form = instrument(key, 1)
        drawn_keys = drawn(form, {}, bytes(len(form.items)))
        taps = 0
        for item in asked(form, drawn_keys):
            taps += {"pairs": 2 * pairs, "words": 0, "several": len(item.choices)}.get(item.kind, 1)
        assert taps <= 8


def test_every_text_of_every_form_is_there_in_four_languages_and_is_short() -> None:
    for key in ("workshop_feedback", "workshop_use", "workshop_results"):
        form = instrument(key, 1)
        texts = [form.title, *(item.text for item in form.items)]
        texts += [choice for item in form.items for choice in item.choices]
        assert all(set(text) == {"en", "nl", "es", "bg"} and all(text.values()) for text in texts)
        assert all(len(words.split()) <= 12 for text in texts for words in text.values())


def test_the_three_qualities_of_an_activity_have_an_item_each() -> None:
    assert {"interactive", "iterative", "collaborative"} <= {item.key for item in FORM.part("reaction")}


def test_the_rate_of_nobody_is_unknown() -> None:
    assert rate(0, 0) is None
    assert rate(3, 12) == 0.25
