"""Fit the weights of a `sequence.Model`: a linear-chain conditional random field (Lafferty et al. 2001), by L-BFGS.

The objective is the penalised likelihood of the true walks. It is convex, so the weights depend neither on where the fit
starts nor on the order of the dumps; rounded to two decimals they are the same on every run. The penalty pulls each
weight to the model's prior, not to zero: where few dumps speak, the shape that every page has decides.

Needs the extra ``[train]`` (numpy, scipy); newsclean itself does not.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from arabic_newsclean.sequence import Model


class Chain(NamedTuple):
    """What is seen of one page: its blocks' facts, their true states, the looks that rules rule out, and its site."""

    facts: list[tuple[str, ...]]
    states: list[int]
    barred: list[tuple[int, ...]]
    site: str


#: Features seen on fewer sites than this are not learned: they would be one site's accident.
RARE: Final = 2
#: More steps than the fit needs.
ITERATIONS: Final = 400
#: What a look that a rule rules out scores: enough to rule it out, not enough to drown the sums.
BARRED: Final = -40.0


def fit(
    model: Model, chains: Sequence[Chain], log: Callable[[str], None] = lambda line: None, iterations: int = ITERATIONS
) -> dict[str, Any]:
    """Fit the weights of a model. Returns what ``weights.json`` holds."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    chains = sorted((c for c in chains if c.facts), key=lambda c: -len(c.facts))
    sites: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for chain in chains:
        for feature in {f for row in chain.facts for f in model.features(row)}:
            sites[feature].add(chain.site)
    names = sorted(f for f, seen in sites.items() if len(seen) >= RARE)
    index = {name: i for i, name in enumerate(names)}
    size, looks = len(model.states), len(model.looks)
    rows = [row for chain in chains for row in chain.facts]
    columns = [[index[f] for f in model.features(row) if f in index] for row in rows]
    starts = np.concatenate([[0], np.cumsum([len(c) for c in columns])])
    matrix = csr_matrix((np.ones(starts[-1]), np.concatenate(columns), starts), shape=(len(rows), len(names)))
    turned = matrix.T.tocsr()
    barred_scores = np.zeros((len(rows), looks))
    for i, bars in enumerate(bars for chain in chains for bars in chain.barred):
        barred_scores[i, list(bars)] = BARRED
    allowed = np.zeros((size, size))
    for state, after in enumerate(model.steps):
        allowed[state, list(after)] = 1.0
    first_allowed = np.zeros(size)
    first_allowed[list(model.first)] = 1.0
    look = np.array(model.look)
    looks_of = np.zeros((size, looks))
    looks_of[np.arange(size), look] = 1.0
    truth = np.zeros((len(rows), looks))
    truth[np.arange(len(rows)), look[[state for chain in chains for state in chain.states]]] = 1.0
    true_steps = np.zeros((size, size))
    for chain in chains:
        for old, new in pairwise(chain.states):
            true_steps[old, new] += 1
    true_first = np.bincount([chain.states[0] for chain in chains], minlength=size).astype(float)
    batches = _batches([len(chain.facts) for chain in chains])
    cut = len(names) * looks

    centre = np.zeros(cut + size * size + size)
    for name, row in model.prior.items():
        if name in index:
            for number, weight in row.items():
                centre[index[name] * looks + number] = weight
    for (old, new), weight in model.step_prior.items():
        centre[cut + old * size + new] = weight

    def objective(vector: Any) -> tuple[float, Any]:
        table = vector[:cut].reshape(len(names), looks)
        steps = vector[cut : cut + size * size].reshape(size, size)
        first = vector[cut + size * size :]
        score = matrix @ table + barred_scores
        top = score.max(axis=1)
        likely = np.exp(score - top[:, None])[:, look]
        arcs, begin = np.exp(steps) * allowed, np.exp(first) * first_allowed
        chance = np.zeros((len(rows), size))
        expected_steps, expected_first = np.zeros((size, size)), np.zeros(size)
        value = top.sum() - (score * truth).sum() - (steps * true_steps).sum() - (first * true_first).sum()
        for ats in batches:  # ats: at each step the rows of the chains that are still going on, the longest first
            forward: list[Any] = []
            scale: list[Any] = []
            for t, at in enumerate(ats):
                here = likely[at] * (begin if t == 0 else forward[-1][: len(at)] @ arcs)
                total = here.sum(axis=1, keepdims=True)
                value += np.log(total).sum()
                forward.append(here / total)
                scale.append(total)
            back = np.ones((len(ats[-1]), size))
            for t in range(len(ats) - 1, -1, -1):
                at = ats[t]
                chance[at] = forward[t] * back
                if t:
                    pushed = likely[at] * back / scale[t]
                    expected_steps += forward[t - 1][: len(at)].T @ pushed
                    back = np.ones((len(ats[t - 1]), size))
                    back[: len(at)] = pushed @ arcs.T
            expected_first += chance[ats[0]].sum(axis=0)
        expected_steps *= arcs
        gradient = np.concatenate(
            [(turned @ (chance @ looks_of - truth)).ravel(), (expected_steps - true_steps).ravel(), expected_first - true_first]
        )
        pull = vector - centre
        return float(value + 0.5 * model.penalty * (pull @ pull)), gradient + model.penalty * pull

    found = minimize(objective, centre, jac=True, method="L-BFGS-B", options={"maxiter": iterations, "ftol": 1e-8})
    log(f"{len(chains)} pages, {len(rows)} blocks, {len(names)} features: {found.nit} steps, objective {found.fun:.1f}")
    table = found.x[:cut].reshape(len(names), looks)
    steps = found.x[cut : cut + size * size].reshape(size, size)
    return {
        "looks": list(model.looks),
        "states": list(model.states),
        "first": _rounded(found.x[cut + size * size :]),
        "steps": {
            model.states[old]: {model.states[new]: round(float(steps[old, new]), 2) + 0.0 for new in after}
            for old, after in enumerate(model.steps)
        },
        "facts": _nested({name: _rounded(table[i]) for name, i in index.items()}),
    }


def mean(*fits: dict[str, Any]) -> dict[str, Any]:
    """The weights in the middle of several fits of a model: where only one of them errs, it errs less.

    >>> mean({"first": [1.0], "steps": {"a": {"a": 1.0}}, "facts": {"length": {"2": [0.5]}}},
    ...      {"first": [2.0], "steps": {"a": {"a": 0.0}}, "facts": {"length": {"3": [-1.0]}}})
    {'first': [1.5], 'steps': {'a': {'a': 0.5}}, 'facts': {'length': {'2': [0.25], '3': [-0.5]}}}
    """
    nothing = [0.0] * max(len(row) for table in fits[0]["facts"].values() for row in table.values())
    flat: dict[tuple[str, str], list[float]] = {}
    for name, value in dict.fromkeys((name, value) for fit in fits for name, table in fit["facts"].items() for value in table):
        rows = [fit["facts"].get(name, {}).get(value, nothing) for fit in fits]
        flat[name, value] = _rounded(sum(column) / len(fits) for column in zip(*rows, strict=True))
    return fits[0] | {
        "first": _rounded(sum(column) / len(fits) for column in zip(*(fit["first"] for fit in fits), strict=True)),
        "steps": {
            old: {new: round(sum(fit["steps"][old][new] for fit in fits) / len(fits), 2) + 0.0 for new in row}
            for old, row in fits[0]["steps"].items()
        },
        "facts": _nested(flat),
    }


def _batches(lengths: Sequence[int]) -> list[list[Any]]:
    """Chains of like length together (they come longest first): for each batch and step the rows of those that go on."""
    import numpy as np

    starts = np.concatenate([[0], np.cumsum(lengths)])
    batches, begin = [], 0
    while begin < len(lengths):
        end = begin
        while end < len(lengths) and lengths[end] >= 0.6 * lengths[begin]:
            end += 1
        steps = [
            np.array([starts[n] + t for n in range(begin, end) if lengths[n] > t], dtype=int) for t in range(lengths[begin])
        ]
        batches.append(steps)
        begin = end
    return batches


def _rounded(row: Iterable[float]) -> list[float]:
    return [round(float(x), 2) + 0.0 for x in row]


def _nested(flat: dict[tuple[str, str], list[float]]) -> dict[str, dict[str, list[float]]]:
    out: dict[str, dict[str, list[float]]] = {}
    for (name, value), row in sorted(flat.items()):
        if any(row):
            out.setdefault(name, {})[value] = row
    return out


def render(learned: dict[str, Any]) -> str:
    """The weights file: JSON with one fact's value a line, so that a person can read it and a diff can show it."""
    return "{\n" + ",\n".join(f'"{name}": {_table(table)}' for name, table in learned.items()) + "\n}\n"


def _table(table: dict[str, Any]) -> str:
    rows = [f' "{key}": {_json(table[key])}' for key in ("looks", "states", "first")]
    rows.append(' "steps": {\n' + ",\n".join(f"  {_json(a)}: {_json(b)}" for a, b in table["steps"].items()) + "\n }")
    facts = [
        f"  {_json(name)}: {{\n" + ",\n".join(f"   {_json(v)}: {_json(row)}" for v, row in values.items()) + "\n  }"
        for name, values in table["facts"].items()
    ]
    rows.append(' "facts": {\n' + ",\n".join(facts) + "\n }")
    return "{\n" + ",\n".join(rows) + "\n}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
