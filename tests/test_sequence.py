"""The walk that `sequence` finds is the best of all walks: tried against every walk there is, on small models."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic_newsclean.sequence import NEVER, UNIT, Model, Walker

FACTS = ("colour", "size")
STATES = ("a", "b", "b, again", "c", "end")
LOOKS = ("a", "b", "c", "end")
LOOK = (0, 1, 1, 2, 3)
STEPS = ((0, 1, 3), (1, 2, 3), (0, 2, 4), (0, 1, 2, 3, 4), (4,))
MODEL = Model(FACTS, LOOKS, STATES, LOOK, STEPS, first=(0, 1, 3), pairs=(("colour", "size"),))
WEIGHT = st.integers(-400, 400).map(lambda weight: weight / UNIT)
ROW = st.lists(WEIGHT, min_size=len(LOOKS), max_size=len(LOOKS))
ITEM = st.tuples(st.sampled_from(("", "red", "blue")), st.sampled_from(("", "small", "large")))


@st.composite
def tables(draw: st.DrawFn) -> dict[str, object]:
    return {
        "states": STATES,
        "looks": LOOKS,
        "first": draw(st.lists(WEIGHT, min_size=len(STATES), max_size=len(STATES))),
        "steps": {STATES[old]: {STATES[new]: draw(WEIGHT) for new in row} for old, row in enumerate(STEPS)},
        "facts": {
            "colour": {"red": draw(ROW), "blue": draw(ROW)},
            "size": {"small": draw(ROW), "large": draw(ROW)},
            "colour+size": {"red|small": draw(ROW), "blue|large": draw(ROW)},
        },
    }


def total(
    walker: Walker, table: dict, walk: tuple[int, ...], items: list[tuple[str, str]], barred: list[tuple[int, ...]]
) -> int:
    """How good a walk is, in hundredths, counted step by step."""
    value = round(table["first"][walk[0]] * UNIT)
    for old, new in pairwise(walk):
        value += round(table["steps"][STATES[old]][STATES[new]] * UNIT)
    for state, item, bars in zip(walk, items, barred, strict=True):
        value += walker.scores(item)[LOOK[state]] + (NEVER if LOOK[state] in bars else 0)
    return value


@given(table=tables(), items=st.lists(ITEM, min_size=1, max_size=5), bars=st.data())
def test_no_walk_is_better_than_the_one_found(table: dict, items: list[tuple[str, str]], bars: st.DataObject) -> None:
    some = st.lists(st.sampled_from((0, 1, 2)), max_size=1).map(tuple)
    barred = [bars.draw(some) for _ in items]
    walker = Walker(MODEL, table)
    found = tuple(walker.walk(items, barred))
    every = (
        walk
        for walk in product(range(len(STATES)), repeat=len(items))
        if walk[0] in MODEL.first and all(new in STEPS[old] for old, new in pairwise(walk))
    )
    assert total(walker, table, found, items, barred) == max(total(walker, table, walk, items, barred) for walk in every)


def red(*row: float) -> Walker:
    """A walker to which all is alike but what is red."""
    table = {
        "states": STATES,
        "looks": LOOKS,
        "first": [0.0] * len(STATES),
        "steps": {STATES[old]: {STATES[new]: 0.0 for new in row} for old, row in enumerate(STEPS)},
        "facts": {"colour": {"red": row}},
    }
    return Walker(MODEL, table)


def test_an_item_whose_every_look_is_barred_gets_one_all_the_same() -> None:
    walk = red(0, 0, 0, 0).walk([("", ""), ("", "")], [(), (0, 1, 2, 3)])
    assert len(walk) == 2
    assert walk[1] in STEPS[walk[0]]


@pytest.mark.parametrize("barred", [(0, 1, 2, 3), (3, 2, 1, 0), (0, 1, 1, 2, 3), (1, 0, 1, 2, 3, 1, 3)])
def test_a_look_that_is_barred_twice_is_barred_once(barred: tuple[int, ...]) -> None:
    walker = red(0, 9, 0, 0)
    assert LOOK[walker.walk([("red", "")], [barred])[0]] == 1
    assert LOOK[walker.walk([("", ""), ("red", "")], [(), barred])[1]] == 1


@pytest.mark.parametrize(("lead", "walk"), [(24.99, ["c", "end"]), (25.01, ["a", "a"])])
def test_a_walk_is_followed_until_it_is_far_behind(lead: float, walk: list[str]) -> None:
    """Only c can go on to the end, the one look of the second item that is not barred."""
    found = red(lead, 0, 0, 0).walk([("red", ""), ("", "")], [(1,), (0, 1, 2)])
    assert [STATES[state] for state in found] == walk
