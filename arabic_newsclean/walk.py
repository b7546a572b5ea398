"""The walk through a page: the best state for every block, chosen as a sequence and not block by block.

A page is read as a walk through nine states. Every fact of a block (`judge.FACTS`, and the pairs of
facts in `PAIRS`) speaks for and against each state with a weight, every step from state to state has a weight, and the
walk with the greatest sum wins (Viterbi's algorithm: linear in the number of blocks). The weights are in
``weights.json``, one fact a line; ``make train`` learns them from annotated dumps and writes that file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

#: What a block can be, by its place in the page.
STATES: Final = (
    "top",  # menus, mastheads and buttons before the article
    "strip",  # headlines of other stories before the article
    "head",  # the article's header: section, headline, date, by-line
    "mid",  # captions and buttons between the header and the body
    "body",  # the article
    "aside",  # what stands inside the body and is not the article: read-also, captions, adverts
    "credit",  # header lines after the body: source, author, date
    "tail",  # everything after the article
    "other",  # all of a page that has no article: a listing, a form
)
TOP, STRIP, HEAD, MID, BODY, ASIDE, CREDIT, TAIL, OTHER = range(len(STATES))

#: Which state may follow which: a page ends once it has ended, and the body begins once.
STEPS: Final = (
    (TOP, (TOP, STRIP, HEAD, MID)),
    (STRIP, (TOP, STRIP, HEAD, MID)),
    (HEAD, (TOP, STRIP, HEAD, MID)),
    (MID, (TOP, STRIP, HEAD, MID)),
    (BODY, (TOP, STRIP, HEAD, MID, BODY, ASIDE, CREDIT)),
    (ASIDE, (BODY, ASIDE, CREDIT)),
    (CREDIT, (BODY, ASIDE, CREDIT, TAIL)),
    (TAIL, (BODY, CREDIT, TAIL)),
    (OTHER, (TOP, STRIP, OTHER)),
)
#: States a page can begin with.
FIRST: Final = (TOP, STRIP, HEAD, MID, BODY, OTHER)

#: Facts that say more together than apart.
PAIRS: Final = (
    ("length", "end"),
    ("length", "main"),
    ("sort", "main"),
    ("label", "main"),
    ("opened", "main"),
    ("opened", "sort"),
    ("run", "main"),
    ("group", "sort"),
    ("way", "main"),
    ("page", "main"),
    ("again", "main"),
    ("before", "sort"),
    ("after", "sort"),
    ("alike", "main"),
    ("joint", "sort"),
    ("name", "main"),
    ("echo", "main"),
    ("echo", "sort"),
)

#: Where learning starts from, and what it is pulled back to where dumps are few: the shape that every page has. The
#: stretch with most of the prose is the article; menus and strips stand before it, labels and their items after it.
PRIOR: Final[dict[tuple[str, str], dict[int, float]]] = {
    ("main", "first"): {BODY: 2.0, TAIL: -2.0, OTHER: -1.0, STRIP: -1.5, TOP: -1.5},
    ("main", "only"): {BODY: 2.0, TAIL: -2.0, OTHER: -1.0, STRIP: -1.5, TOP: -1.5},
    ("main", "in"): {BODY: 1.5, ASIDE: 0.5, TOP: -2.0, STRIP: -2.0, HEAD: -2.0, TAIL: -1.0, OTHER: -1.0},
    ("main", "last"): {BODY: 2.0, TOP: -2.0, STRIP: -2.0, HEAD: -1.0},
    ("main", "above"): {BODY: -1.0, TAIL: -2.0, HEAD: 0.5},
    ("main", "before"): {BODY: -2.0, ASIDE: -2.0, TAIL: -2.0, CREDIT: -2.0},
    ("main", "below"): {BODY: -0.5, TOP: -2.0, STRIP: -2.0, HEAD: -2.0, MID: -2.0},
    ("main", "after"): {BODY: -3.0, TOP: -2.0, STRIP: -2.0, HEAD: -2.0, MID: -2.0},
    ("main", "ahead"): {BODY: -6.0, ASIDE: -4.0, TAIL: -4.0, CREDIT: -4.0},
    ("main", "beyond"): {BODY: -6.0, ASIDE: -1.0, CREDIT: -3.0, TOP: -4.0, STRIP: -4.0, HEAD: -4.0, MID: -4.0},
    ("sort", "prose"): {BODY: 1.5, HEAD: -1.0, TOP: -1.0, CREDIT: -1.0},
    ("sort", "teaser"): {BODY: -1.5, STRIP: 1.0, TAIL: 1.0},
    ("sort", "label"): {TOP: 0.5, TAIL: 0.5},
    ("label+main", "related|in"): {ASIDE: 4.0, TAIL: -2.0, TOP: -2.0, STRIP: -2.0, HEAD: -1.0},
    ("opened+main", "related near|in"): {ASIDE: 2.0, HEAD: -1.0},
    ("opened+sort", "related near|line"): {ASIDE: 1.0, BODY: -1.5},
    ("sort", "item-date"): {ASIDE: 1.5, BODY: -2.0, HEAD: -2.0},
    ("run", "8+"): {HEAD: -1.5},
    ("start", "#"): {HEAD: 2.0},
    ("way", "far"): {HEAD: -1.0},
    ("way", "4-6"): {HEAD: -0.5},
    ("label", "source"): {HEAD: 1.0},
    ("group", "prose"): {BODY: 1.5, TOP: -1.0, TAIL: -0.5, HEAD: -1.0},
    ("weave", "woven"): {BODY: -4.0, OTHER: 1.5},
    ("again", "title"): {HEAD: 2.5},
    ("name+main", "person|before"): {HEAD: 1.0},
    ("name+main", "person|above"): {HEAD: 1.5},
    ("name+main", "person|first"): {HEAD: 1.5},
    ("name+main", "both|above"): {HEAD: 1.5},
    ("name+main", "both|first"): {HEAD: 1.5},
    ("name+main", "outlet|above"): {HEAD: 1.0},
    ("name+main", "outlet|first"): {HEAD: 1.0},
    ("name+main", "outlet|below"): {CREDIT: 1.5},
    ("name+main", "person|below"): {CREDIT: 1.5},
    ("name+main", "both|below"): {CREDIT: 1.0},
    ("name+main", "person|last"): {CREDIT: 1.0},
    ("name+main", "outlet|last"): {CREDIT: 1.0},
    ("label+main", "byline|below"): {CREDIT: 1.5},
    ("label+main", "source|below"): {CREDIT: 1.5},
    ("label", "tags?"): {HEAD: -1.0, BODY: -1.0},
    ("label", "caption?"): {HEAD: -1.0, MID: 1.0},
    ("echo+main", "most|above"): {HEAD: 1.0},
    ("echo+main", "most|before"): {HEAD: 1.0},
    ("echo+main", "none|before"): {HEAD: -0.5},
    ("echo+main", "none|ahead"): {HEAD: -1.0},
    ("echo+main", "none|below"): {TAIL: 0.5},
    ("echo+main", "none|after"): {TAIL: 0.5},
}
#: The same for steps: an article does not go on after its credits.
STEP_PRIOR: Final[dict[tuple[int, int], float]] = {(CREDIT, BODY): -3.0, (BODY, CREDIT): -1.0}

#: A weight no evidence can outvote: for states a sure rule rules out.
NEVER: Final = -1000.0


@dataclass(frozen=True, slots=True)
class Weights:
    """Learned numbers: for each fact's value a weight a state, for each step a weight, for each first state a weight."""

    facts: dict[str, dict[str, tuple[float, ...]]]
    steps: dict[tuple[int, int], float]
    first: tuple[float, ...]


@cache
def weights() -> Weights:
    """The weights that come with the package."""
    return parse_weights((resources.files("arabic_newsclean") / "weights.json").read_bytes())


def parse_weights(data: bytes) -> Weights:
    """Read a weights file. ValueError where its states are not ours."""
    raw = json.loads(data)
    if tuple(raw["states"]) != STATES:
        raise ValueError(f"weights.json was learned for other states: {raw['states']}")
    number = {name: i for i, name in enumerate(STATES)}
    return Weights(
        facts={name: {value: tuple(row) for value, row in values.items()} for name, values in raw["facts"].items()},
        steps={(number[a], number[b]): w for a, row in raw["steps"].items() for b, w in row.items()},
        first=tuple(raw["first"]),
    )


def features(names: Sequence[str], facts: Sequence[str]) -> list[tuple[str, str]]:
    """A block's facts and their pairs, named: what the weights are looked up by."""
    by_name = dict(zip(names, facts, strict=True))
    singles = list(zip(names, facts, strict=True))
    return singles + [(f"{a}+{b}", f"{by_name[a]}|{by_name[b]}") for a, b in PAIRS]


class Walker:
    """The walk finder. Keeps the scores of facts it has met: pages repeat themselves, and so do the facts of lines."""

    #: Scores kept before the memory is emptied: about 30 MB.
    MEMORY: Final = 60_000

    def __init__(self, names: Sequence[str], numbers: Weights) -> None:
        self._names = tuple(names)
        self._weights = numbers
        self._scores: dict[tuple[str, ...], tuple[float, ...]] = {}
        steps = self._weights.steps
        self._arcs = tuple(
            (state, tuple((before, steps.get((before, state), 0.0)) for before in olds)) for state, olds in STEPS
        )

    def scores(self, facts: tuple[str, ...]) -> tuple[float, ...]:
        """For each state how much these facts speak for it."""
        found = self._scores.get(facts)
        if found is None:
            table = self._weights.facts
            none = (0.0,) * len(STATES)
            rows = [table.get(name, {}).get(value, none) for name, value in features(self._names, facts)]
            found = tuple(map(sum, zip(*rows, strict=True)))
            if len(self._scores) >= self.MEMORY:
                self._scores.clear()
            self._scores[facts] = found
        return found

    def walk(self, all_facts: Sequence[tuple[str, ...]], barred: Sequence[tuple[int, ...]]) -> list[int]:
        """The best walk: a state for each block. ``barred`` are the states a block cannot have."""
        if not all_facts:
            return []
        best: list[float] = [NEVER * 2] * len(STATES)
        for state in FIRST:
            best[state] = self._weights.first[state]
        trail: list[list[int]] = []
        for at, facts in enumerate(all_facts):
            score = self.scores(facts)
            if at:
                reached: list[float] = []
                came: list[int] = []
                for _state, arcs in self._arcs:
                    top, origin = -1e18, 0
                    for before, weight in arcs:
                        value = best[before] + weight
                        if value > top:
                            top, origin = value, before
                    reached.append(top)
                    came.append(origin)
                trail.append(came)
                best = reached
            best = [a + b for a, b in zip(best, score, strict=True)]
            for state in barred[at]:
                best[state] += NEVER
        state = max(range(len(STATES)), key=best.__getitem__)
        walk = [state]
        for came in reversed(trail):
            state = came[state]
            walk.append(state)
        walk.reverse()
        return walk
