"""Labelling a sequence as a whole: the best state for every item, by what each shows and by what may follow what.

Every fact of an item, and every pair of facts that say more together, speaks for and against each state with a weight;
every step from state to state has a weight; and the walk with the greatest sum wins (Viterbi's algorithm: linear in the
number of items). The weights are learned (`training`), from a prior that is written down beside the states.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Final

#: A weight no evidence can outvote: for states a sure rule rules out.
NEVER: Final = -1000.0


@dataclass(frozen=True)
class Model:
    """What a walk is made of. ``prior`` and ``step_prior`` are where learning starts from and what it is pulled back to."""

    name: str
    facts: tuple[str, ...]
    states: tuple[str, ...]
    #: For each state the states before it.
    steps: tuple[tuple[int, tuple[int, ...]], ...]
    #: The states a walk can begin with.
    first: tuple[int, ...]
    #: Facts that say more together than apart.
    pairs: tuple[tuple[str, str], ...]
    prior: Mapping[tuple[str, str], Mapping[int, float]] = field(default_factory=dict)
    step_prior: Mapping[tuple[int, int], float] = field(default_factory=dict)
    #: How strongly learning is pulled to the prior; chosen by the score with whole sites left out.
    penalty: float = 30.0

    def features(self, facts: Sequence[str]) -> list[tuple[str, str]]:
        """An item's facts and their pairs, named: what the weights are looked up by."""
        by_name = dict(zip(self.facts, facts, strict=True))
        singles = list(zip(self.facts, facts, strict=True))
        return singles + [(f"{a}+{b}", f"{by_name[a]}|{by_name[b]}") for a, b in self.pairs]


@dataclass(frozen=True, slots=True)
class Weights:
    """Learned numbers: for each fact's value a weight a state, for each step a weight, for each first state a weight."""

    facts: dict[str, dict[str, tuple[float, ...]]]
    steps: dict[tuple[int, int], float]
    first: tuple[float, ...]


@cache
def weights() -> dict[str, Any]:
    """The weights that come with the package, a table a model."""
    return json.loads((resources.files("arabic_newsclean") / "weights.json").read_bytes())  # type: ignore[no-any-return]


def parse_weights(raw: Mapping[str, Any], model: Model) -> Weights:
    """One model's table of a weights file. ValueError where its states are not the model's."""
    if tuple(raw["states"]) != model.states:
        raise ValueError(f"weights.json was learned for other states of the {model.name}: {raw['states']}")
    number = {name: i for i, name in enumerate(model.states)}
    return Weights(
        facts={name: {value: tuple(row) for value, row in values.items()} for name, values in raw["facts"].items()},
        steps={(number[a], number[b]): w for a, row in raw["steps"].items() for b, w in row.items()},
        first=tuple(raw["first"]),
    )


class Walker:
    """The walk finder. Keeps the scores of facts it has met: pages repeat themselves, and so do the facts of lines."""

    #: Scores kept before the memory is emptied: about 30 MB.
    MEMORY: Final = 60_000

    def __init__(self, model: Model, raw: Mapping[str, Any] | None = None) -> None:
        self._model = model
        self._weights = parse_weights(weights()[model.name] if raw is None else raw, model)
        self._scores: dict[tuple[str, ...], tuple[float, ...]] = {}
        steps = self._weights.steps
        self._arcs = tuple(
            (state, tuple((before, steps.get((before, state), 0.0)) for before in olds)) for state, olds in model.steps
        )

    def scores(self, facts: tuple[str, ...]) -> tuple[float, ...]:
        """For each state how much these facts speak for it."""
        found = self._scores.get(facts)
        if found is None:
            table = self._weights.facts
            none = (0.0,) * len(self._model.states)
            rows = [table.get(name, {}).get(value, none) for name, value in self._model.features(facts)]
            found = tuple(map(sum, zip(*rows, strict=True)))
            if len(self._scores) >= self.MEMORY:
                self._scores.clear()
            self._scores[facts] = found
        return found

    def walk(self, all_facts: Sequence[tuple[str, ...]], barred: Sequence[tuple[int, ...]]) -> list[int]:
        """The best walk: a state for each block. ``barred`` are the states a block cannot have."""
        if not all_facts:
            return []
        best: list[float] = [NEVER * 2] * len(self._model.states)
        for state in self._model.first:
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
        state = max(range(len(self._model.states)), key=best.__getitem__)
        walk = [state]
        for came in reversed(trail):
            state = came[state]
            walk.append(state)
        walk.reverse()
        return walk
