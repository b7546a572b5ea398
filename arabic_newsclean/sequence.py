"""Labelling a sequence as a whole: the best state for every item, by what each shows and by what may follow what.

Every fact of an item, and every pair of facts that say more together, speaks for and against each state with a weight;
every step from state to state has a weight; and the walk with the greatest sum wins (Viterbi's algorithm: linear in the
number of items). The weights are learned (`training`), from a prior that is written down beside the states.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from struct import unpack
from typing import Any, Final


@dataclass(frozen=True)
class Model:
    """What a walk is made of. ``prior`` and ``step_prior`` are where learning starts from and what it is pulled back to.

    Several states may look alike and differ in what may follow them, such as a date above the headline and one below
    it: they have one ``look``, and the facts speak for and against looks.
    """

    facts: tuple[str, ...]
    looks: tuple[str, ...]
    states: tuple[str, ...]
    #: For each state the look it has.
    look: tuple[int, ...]
    #: For each state the states that may follow it.
    steps: tuple[tuple[int, ...], ...]
    #: The states a walk can begin with.
    first: tuple[int, ...]
    #: Facts that say more together than apart.
    pairs: tuple[tuple[str, str], ...]
    prior: Mapping[tuple[str, str], Mapping[int, float]] = field(default_factory=dict)
    step_prior: Mapping[tuple[int, int], float] = field(default_factory=dict)
    #: By how much a look must be likelier than the others to be chosen, where to be wrong costs more than it gains.
    doubt: Mapping[int, float] = field(default_factory=dict)
    #: How strongly learning is pulled to the prior; chosen by the score with whole sites left out.
    penalty: float = 12.0

    def features(self, facts: Sequence[str]) -> list[tuple[str, str]]:
        """An item's facts and their pairs, named: what the weights are looked up by. An empty fact says nothing."""
        by_name = dict(zip(self.facts, facts, strict=True))
        singles = [(name, value) for name, value in by_name.items() if value]
        return singles + [(f"{a}+{b}", f"{by_name[a]}|{by_name[b]}") for a, b in self.pairs if by_name[a] and by_name[b]]


#: Weights have two decimals: sums are whole numbers of hundredths.
UNIT: Final = 100
#: A weight in hundredths that no evidence can outvote: for looks a sure rule rules out.
NEVER: Final = -1_000_000
#: The total of a walk that there is none of.
NONE: Final = -1 << 60
#: A walk this far behind the best one, in hundredths, is not followed any more.
BEHIND: Final = 2500

#: The scores of all looks are added at once, packed into one whole number: so many bits for each, its sign among them.
_BITS: Final = 32


#: For each state the states that may follow, with the weights of those steps.
_Arcs = tuple[tuple[tuple[int, int], ...], ...]

_total: Final = itemgetter(1)


class Walker:
    """The walk finder, by one table of weights. Keeps the scores of facts it has met: pages repeat themselves.

    Raises ValueError where the weights were learned for other states.
    """

    #: Scores kept before the memory is emptied: about 30 MB.
    MEMORY: Final = 60_000

    def __init__(self, model: Model, raw: Mapping[str, Any]) -> None:
        if tuple(raw["states"]) != model.states or tuple(raw["looks"]) != model.looks:
            raise ValueError("weights.json was learned for other states: run `make train`")
        number = {name: i for i, name in enumerate(model.states)}
        steps = {(number[a], number[b]): round(w * UNIT) for a, row in raw["steps"].items() for b, w in row.items()}
        self._arcs = tuple(
            tuple((after, steps.get((state, after), 0)) for after in olds) for state, olds in enumerate(model.steps)
        )
        self._first = tuple((state, round(w * UNIT)) for state, w in enumerate(raw["first"]) if state in model.first)
        self._look = model.look
        self._size = len(model.looks)
        self._signs = sum(1 << (_BITS * (look + 1) - 1) for look in range(self._size))
        self._names = model.facts
        table = {name: {value: self._pack(row) for value, row in values.items()} for name, values in raw["facts"].items()}
        at = {name: i for i, name in enumerate(model.facts)}
        self._singles = tuple((i, table.get(name, {})) for name, i in at.items())
        self._pairs = tuple((at[a], at[b], _by_first(table.get(f"{a}+{b}", {}))) for a, b in model.pairs)
        self._doubt = self._pack([-model.doubt.get(look, 0.0) for look in range(self._size)])
        self._scores: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._open: dict[tuple[int, ...], tuple[_Arcs, tuple[int, ...]]] = {}
        self._leads = [[_lead(one, other) for other in self._arcs] for one in self._arcs]

    def _pack(self, row: Sequence[float]) -> int:
        """The weights for all looks in one whole number."""
        return sum(round(w * UNIT) << (_BITS * i) for i, w in enumerate(row))

    def _unpacked(self, packed: int) -> tuple[int, ...]:
        """The weights, or the sums of weights, that a whole number holds."""
        signs = self._signs
        return unpack(f"<{self._size}i", ((packed + signs) ^ signs).to_bytes(self._size * _BITS // 8, "little"))

    def scores(self, facts: tuple[str, ...]) -> tuple[int, ...]:
        """For each look how much these facts speak for it, in hundredths."""
        found = self._scores.get(facts)
        if found is None:
            rows = [table[facts[i]] for i, table in self._singles if facts[i] in table]
            for i, j, table in self._pairs:
                if (row := table.get(facts[i])) is not None and (both := row.get(facts[j])) is not None:
                    rows.append(both)
            found = self._unpacked(sum(rows, self._doubt))
            if len(self._scores) >= self.MEMORY:
                self._scores.clear()
            self._scores[facts] = found
        return found

    def reasons(self, facts: tuple[str, ...], look: int) -> list[tuple[str, float]]:
        """Which facts speak for a look and which against it, named, with their weights."""
        out = []
        for (i, table), name in zip(self._singles, self._names, strict=True):
            if facts[i] in table:
                out.append((f"{name} {facts[i]}", table[facts[i]]))
        for i, j, pairs in self._pairs:
            if facts[j] in pairs.get(facts[i], ()):
                out.append((f"{self._names[i]} {facts[i]} and {self._names[j]} {facts[j]}", pairs[facts[i]][facts[j]]))
        return [(name, self._unpacked(row)[look] / UNIT) for name, row in out]

    def totals(self, facts: tuple[str, ...]) -> list[int]:
        """For each state how good a walk of one step is that takes it, in hundredths."""
        scores = self.scores(facts)
        return [weight + scores[self._look[state]] for state, weight in self._first]

    def walk(self, all_facts: Sequence[tuple[str, ...]], barred: Sequence[Sequence[int]]) -> list[int]:
        """The best walk: a state for each item. ``barred`` are the looks an item cannot have."""
        if not all_facts:
            return []
        look, leads = self._look, self._leads
        none, nowhere = [NONE] * len(look), [0] * len(look)
        trail: list[list[int]] = []
        alive = list(self._first)
        for at, facts in enumerate(all_facts):
            score: Sequence[int] = self.scores(facts)
            if at:
                reached, came = none.copy(), nowhere.copy()
                arcs, open_ = self._opened(barred[at])
                _take(alive, arcs, reached, came)
                sums = [(state, reached[state] + score[look[state]]) for state in open_ if reached[state] > NONE]
                if not sums:  # every look that may follow is barred, and one of them has to be
                    _take(alive, self._arcs, reached, came)
                    score = _with_barred(score, barred[at])
                    sums = [(state, value + score[look[state]]) for state, value in enumerate(reached) if value > NONE]
                trail.append(came)
            else:
                score = _with_barred(score, barred[at])
                sums = [(state, weight + score[look[state]]) for state, weight in alive]
            sums.sort(key=_total, reverse=True)
            alive = []
            for state, total in sums:
                for ahead, most in alive:
                    if most - total > leads[ahead][state]:
                        break  # whatever follows, the walk ahead stays ahead
                else:
                    alive.append((state, total))
            alive.sort()
        state = max(alive, key=_total)[0]
        walk = [state]
        for came in reversed(trail):
            state = came[state]
            walk.append(state)
        walk.reverse()
        return walk

    def _opened(self, barred: Sequence[int]) -> tuple[_Arcs, tuple[int, ...]]:
        """The steps from each state to those whose look is not barred, and the states of such looks."""
        key = tuple(barred)
        found = self._open.get(key)
        if found is None:
            arcs = tuple(tuple(arc for arc in row if self._look[arc[0]] not in key) for row in self._arcs)
            found = arcs, tuple(state for state, look in enumerate(self._look) if look not in key)
            self._open[key] = found
        return found

    def chances(self, all_facts: Sequence[tuple[str, ...]], barred: Sequence[Sequence[int]]) -> list[list[float]]:
        """For each item the chance of every look, over all walks (forward and backward sums of a linear chain)."""
        rows = []
        for facts, bars in zip(all_facts, barred, strict=True):
            score = [value / UNIT for value in self.scores(facts)]
            top = max(value for look, value in enumerate(score) if look not in bars)
            rows.append([0.0 if look in bars else math.exp(value - top) for look, value in enumerate(score)])
        count = len(self._look)
        arcs = [[(after, math.exp(weight / UNIT)) for after, weight in row] for row in self._arcs]
        forward: list[list[float]] = []
        for at, row in enumerate(rows):
            here = [0.0] * count
            if at:
                for before, weight in enumerate(forward[-1]):
                    for after, factor in arcs[before]:
                        here[after] += weight * factor
            else:
                for state, begin in self._first:
                    here[state] = math.exp(begin / UNIT)
            forward.append(_scaled([value * row[look] for value, look in zip(here, self._look, strict=True)]))
        out: list[list[float]] = []
        back = [1.0] * count
        for at in range(len(rows) - 1, -1, -1):
            chance = [0.0] * self._size
            for state, both in enumerate(_scaled([a * b for a, b in zip(forward[at], back, strict=True)])):
                chance[self._look[state]] += both
            out.append(chance)
            pushed = [value * rows[at][look] for value, look in zip(back, self._look, strict=True)]
            back = _scaled([sum(factor * pushed[after] for after, factor in arcs[state]) for state in range(count)])
        return out[::-1]


def _take(alive: Sequence[tuple[int, int]], arcs: _Arcs, reached: list[int], came: list[int]) -> None:
    """Take every step from the walks that are alive, and keep the best walk to each state."""
    for before, total in alive:
        for after, weight in arcs[before]:
            if total + weight > reached[after]:
                reached[after] = total + weight
                came[after] = before


def _with_barred(score: Sequence[int], looks: Sequence[int]) -> list[int]:
    """The scores, with those of barred looks out of reach: each as far as the others, however often it is named."""
    return [value + NEVER if look in looks else value for look, value in enumerate(score)]


def _lead(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> int:
    """From which lead on a walk in one state stays before a walk in another, whatever follows; `BEHIND` at most."""
    weights = dict(one)
    return min(BEHIND, max([0, *(weight - weights[after] if after in weights else BEHIND for after, weight in other)]))


def _by_first(table: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """The weights of pairs of facts, by the one and then by the other."""
    out: dict[str, dict[str, int]] = {}
    for key, weights in table.items():
        one, _, other = key.partition("|")
        out.setdefault(one, {})[other] = weights
    return out


def _scaled(row: list[float]) -> list[float]:
    total = sum(row) or 1.0
    return [value / total for value in row]
