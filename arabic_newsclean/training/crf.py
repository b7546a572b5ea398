"""Fit the weights of a `sequence.Model`: a linear-chain conditional random field (Lafferty et al. 2001), by L-BFGS.

The objective is the penalised likelihood of the true walks. It is convex, so the weights depend neither on where the fit
starts nor on the order of the dumps; rounded to two decimals they are the same on every run. The penalty pulls each
weight to the model's prior, not to zero: where few dumps speak, the shape that every page has decides.

Needs the extra ``[train]`` (numpy, scipy); newsclean itself does not.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

from arabic_newsclean.sequence import Model

#: What is seen of one dump: its blocks' facts, their true states, and the states that rules rule out.
Chain = tuple[list[tuple[str, ...]], list[int], list[tuple[int, ...]]]

#: Features seen in fewer dumps than this are not learned: they would be one page's accident.
RARE: Final = 2
#: More steps than the fit needs.
ITERATIONS: Final = 300
#: What a state that a rule rules out scores: enough to rule it out, not enough to drown the sums.
BARRED: Final = -50.0


def fit(
    model: Model, chains: Sequence[Chain], log: Callable[[str], None] = lambda line: None, iterations: int = ITERATIONS
) -> dict[str, Any]:
    """Fit the weights of a model. Returns its table of ``weights.json``."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    chains = [c for c in chains if c[0]]
    seen: Counter[tuple[str, str]] = Counter()
    for facts, _gold, _bars in chains:
        seen.update({f for row in facts for f in model.features(row)})
    names = sorted(f for f, n in seen.items() if n >= RARE)
    index = {name: i for i, name in enumerate(names)}
    size = len(model.states)
    rows = [row for facts, _, _ in chains for row in facts]
    columns = [[index[f] for f in model.features(row) if f in index] for row in rows]
    starts = np.concatenate([[0], np.cumsum([len(c) for c in columns])])
    matrix = csr_matrix((np.ones(starts[-1]), np.concatenate(columns), starts), shape=(len(rows), len(names)))
    turned = matrix.T.tocsr()
    gold = np.array([state for _, states, _ in chains for state in states])
    barred_scores = np.zeros((len(rows), size))
    for i, bars in enumerate(bars for _, _, all_bars in chains for bars in all_bars):
        barred_scores[i, list(bars)] = BARRED
    mask = np.full((size, size), -1e4)
    for state, olds in model.steps:
        mask[list(olds), state] = 0.0
    first_mask = np.full(size, -1e4)
    first_mask[list(model.first)] = 0.0
    truth = np.zeros((len(rows), size))
    truth[np.arange(len(rows)), gold] = 1.0
    true_steps = np.zeros((size, size))
    for _, states, _ in chains:
        for old, new in pairwise(states):
            true_steps[old, new] += 1
    true_first = np.bincount([states[0] for _, states, _ in chains], minlength=size).astype(float)
    batches = _batches([len(facts) for facts, _, _ in chains])
    cut = len(names) * size

    centre = np.zeros(cut + size * size + size)
    for name, row in model.prior.items():
        if name in index:
            for state, weight in row.items():
                centre[index[name] * size + state] = weight
    for (old, new), weight in model.step_prior.items():
        centre[cut + old * size + new] = weight

    def logsum(x: Any, axis: int) -> Any:
        top = x.max(axis=axis, keepdims=True)
        return (top + np.log(np.exp(x - top).sum(axis=axis, keepdims=True))).squeeze(axis)

    def objective(vector: Any) -> tuple[float, Any]:
        table = vector[:cut].reshape(len(names), size)
        steps = vector[cut : cut + size * size].reshape(size, size)
        first = vector[cut + size * size :]
        score = matrix @ table + barred_scores
        arcs, begin = steps + mask, first + first_mask
        chance = np.zeros((len(rows), size))
        expected_steps, expected_first = np.zeros((size, size)), np.zeros(size)
        value = -(score * truth).sum() - (steps * true_steps).sum() - (first * true_first).sum()
        for at, lengths in batches:  # at: rows of the flat arrays, one column a chain, padded with the last row
            here = score[at]
            forward = np.empty_like(here)
            forward[0] = begin + here[0]
            for t in range(1, len(at)):
                forward[t] = logsum(forward[t - 1][:, :, None] + arcs[None], 1) + here[t]
            last = lengths - 1
            total = logsum(forward[last, np.arange(len(last))], 1)
            backward = np.zeros_like(here)
            for t in range(len(at) - 2, -1, -1):
                step = logsum(arcs[None] + (here[t + 1] + backward[t + 1])[:, None, :], 2)
                backward[t] = np.where((t < last)[:, None], step, 0.0)
                live = t < last
                x = forward[t][live][:, :, None] + arcs[None] + (here[t + 1] + backward[t + 1])[live][:, None, :]
                expected_steps += np.exp(x - total[live][:, None, None]).sum(axis=0)
            value += total.sum()
            live = np.arange(len(at))[:, None] <= last[None, :]
            chance[at[live]] = np.exp(forward + backward - total[None, :, None])[live]
            expected_first += chance[at[0]].sum(axis=0)
        gradient = np.concatenate(
            [(turned @ (chance - truth)).ravel(), (expected_steps - true_steps).ravel(), expected_first - true_first]
        )
        pull = vector - centre
        return float(value + 0.5 * model.penalty * (pull @ pull)), gradient + model.penalty * pull

    found = minimize(objective, centre, jac=True, method="L-BFGS-B", options={"maxiter": iterations, "ftol": 1e-7})
    seen_all = f"{len(chains)} dumps, {len(rows)} blocks, {len(names)} features"
    log(f"{model.name}: {seen_all}: {found.nit} steps, objective {found.fun:.1f}")
    table = found.x[:cut].reshape(len(names), size)
    steps = found.x[cut : cut + size * size].reshape(size, size)
    return {
        "states": list(model.states),
        "first": _rounded(found.x[cut + size * size :]),
        "steps": {
            model.states[old]: {model.states[new]: round(float(steps[old, new]), 2) for new, olds in model.steps if old in olds}
            for old in range(size)
        },
        "facts": _nested({name: _rounded(table[i]) for name, i in index.items()}),
    }


def _batches(lengths: Sequence[int]) -> list[tuple[Any, Any]]:
    """Chains of like length together: for each batch the row numbers, padded, one column a chain, and the lengths."""
    import numpy as np

    starts = np.concatenate([[0], np.cumsum(lengths)])
    order = sorted(range(len(lengths)), key=lambda n: lengths[n])
    batches, begin = [], 0
    while begin < len(order):
        longest = max(12, int(lengths[order[begin]] * 1.4))
        end = begin
        while end < len(order) and lengths[order[end]] <= longest:
            end += 1
        members = order[begin:end]
        sizes = np.array([lengths[n] for n in members])
        at = np.array([[starts[n] + min(t, lengths[n] - 1) for n in members] for t in range(int(sizes.max()))])
        batches.append((at, sizes))
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


def render(tables: dict[str, dict[str, Any]]) -> str:
    """The weights file: JSON with one fact a line, so that a person can read it and a diff can show it."""
    return "{\n" + ",\n".join(f"{_json(name)}: {_table(table)}" for name, table in tables.items()) + "\n}\n"


def _table(learned: dict[str, Any]) -> str:
    rows = [f' "states": {_json(learned["states"])}', f' "first": {_json(learned["first"])}']
    rows.append(' "steps": {\n' + ",\n".join(f"  {_json(a)}: {_json(b)}" for a, b in learned["steps"].items()) + "\n }")
    facts = [
        f"  {_json(name)}: {{\n" + ",\n".join(f"   {_json(v)}: {_json(row)}" for v, row in values.items()) + "\n  }"
        for name, values in learned["facts"].items()
    ]
    rows.append(' "facts": {\n' + ",\n".join(facts) + "\n }")
    return "{\n" + ",\n".join(rows) + "\n}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
