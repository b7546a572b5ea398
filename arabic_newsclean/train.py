"""Learn the weights of `walk` from annotated dumps: ``python -m arabic_newsclean.train tests/annotated``.

The model is a linear-chain conditional random field (Lafferty et al. 2001) over the states of `walk`, fitted by L-BFGS
on the penalised likelihood. That is convex, so the weights do not depend on where the fit starts or on the order of the
dumps; rounded to two decimals they are the same on every run. ``--folds K`` also scores dumps by weights learned without
any dump of the same site, which is the figure to quote.

Needs the extra ``[train]`` (numpy, scipy); newsclean itself does not.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from arabic_newsclean import lines, rules
from arabic_newsclean.annotated import Annotated, load_all
from arabic_newsclean.judge import FACTS, Evidence, judge
from arabic_newsclean.settle import barred
from arabic_newsclean.walk import (
    ASIDE, BODY, CREDIT, FIRST, HEAD, MID, PRIOR, STATES, STEP_PRIOR, STEPS, STRIP, TAIL, TOP, features, parse_weights,
)

#: How strongly weights are pulled to zero; chosen by the score with whole sites left out.
PENALTY: Final = 1.0
#: More steps than the fit needs.
ITERATIONS: Final = 300
#: Features seen in fewer dumps than this are not learned: they would be one page's accident.
RARE: Final = 2

Chain = tuple[list[tuple[str, ...]], list[int], list[tuple[int, ...]]]


def gold_labels(dump: Annotated, evidence: Sequence[Evidence]) -> list[str]:
    """The label of each block: the one most of its characters have."""
    out, at = [], 0
    spans = dump.spans
    for item in evidence:
        start, end = item.block.start, item.block.end
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        shares: Counter[str] = Counter()
        i = at
        while i < len(spans) and spans[i][0] < end:
            shares[spans[i][2]] += min(end, spans[i][1]) - max(start, spans[i][0])
            i += 1
        out.append(max(shares, key=lambda label: (label != "_", shares[label])) if shares else "_")
    return out


def gold_states(labels: Sequence[str]) -> list[int]:
    """The state of each block, from the labels of all blocks of a dump.

    >>> [STATES[s] for s in gold_states(["n.navigation", "h.headline", "n.caption", "b", "n.related", "b", "n.comments"])]
    ['top', 'head', 'mid', 'body', 'aside', 'body', 'tail']
    """
    body = [i for i, label in enumerate(labels) if label[0] == "b"]
    first, last = (body[0], body[-1]) if body else (len(labels), -1)
    if not body:
        return [TOP if label in ("n.navigation", "n.legal", "n.residue", "n.share") and i < 3 else TAIL for i, label in enumerate(labels)]
    heads = [i for i, label in enumerate(labels) if label[0] == "h" and i < first]
    out = []
    for i, label in enumerate(labels):
        if label[0] == "b":
            out.append(BODY)
        elif label[0] == "h":
            out.append(HEAD if i < first else CREDIT)
        elif i < first:
            if label in ("n.ticker", "n.related"):
                out.append(STRIP)
            else:
                out.append(MID if heads and i > heads[0] and label not in ("n.navigation", "n.legal") else TOP)
        else:
            out.append(ASIDE if i < last else TAIL)
    return _walkable(out)


def _walkable(states: list[int]) -> list[int]:
    """The same states where a walk may take them; a step that no walk has becomes the nearest that one has."""
    allowed = {(before, state) for state, olds in STEPS for before in olds}
    out: list[int] = []
    for state in states:
        if out and (out[-1], state) not in allowed:
            state = {CREDIT: TAIL, ASIDE: TAIL, TAIL: ASIDE if out[-1] == ASIDE else TAIL}.get(state, state)
        out.append(state)
    return out


def chain(dump: Annotated, rule_set: rules.RuleSet) -> Chain:
    """What the model sees of a dump and what it should say."""
    evidence = judge(dump.text, lines.blocks(dump.text, rule_set.inline), rule_set)
    evidence = [e for e in evidence if not e.inline]
    return [e.facts for e in evidence], gold_states(gold_labels(dump, evidence)), [barred(e) for e in evidence]


#: Sections for the menus that `variants` puts around a page.
MENU: Final = (
    "الرئيسية|سياسة|محليات|اقتصاد|رياضة|ثقافة وفن|مجتمع|حوادث|عرب وعالم|تكنولوجيا|صحة|منوعات|مقالات|فيديو|صور|تحقيقات|حوارات|أخبار مصر|"
    "سوريا|العراق|كرة عالمية|مرأة ومنوعات|رأي|تقارير|المزيد|كاريكاتير|عالم السيارات|البرامج|من نحن|اتصل بنا|انتخابات 2026|قانون المالية|"
    "دوري أبطال أوروبا|ملفات خاصة|بودكاست|الطقس|وظائف|بث مباشر|دولي|علوم|سياحة وسفر|أعمدة الرأي|نشرة الأخبار|ديني"
).split("|")


def variants(dump: Annotated) -> Iterable[Annotated]:
    """The dump itself, and as other flatteners and other sites would have printed it."""
    seed = zlib.crc32(dump.path.name.encode())
    yield dump
    yield edited(dump, lambda rows: [row for row in rows if row[0][2] != "_"])
    yield edited(dump, lambda rows: [r for row in rows if row[0][2] != "_" for r in (row, [(0, 0, "_")])])
    yield framed(dump, seed, bullet="", blank=False)
    yield framed(dump, seed >> 8, bullet=("  * ", "  • ", "")[seed % 3], blank=seed % 2 == 0)


def framed(dump: Annotated, seed: int, bullet: str, blank: bool) -> Annotated:
    """A dump with a menu above it and a shorter one below, as the template of a large site prints them."""
    start = seed % len(MENU)
    names = MENU[start:] + MENU[:start]
    if dump.meta["shape"] == "single":
        return dump
    above, below = names[: 6 + seed % 27], names[: 3 + seed % 9]
    text, spans = "", list[tuple[int, int, str]]()

    def menu(items: Sequence[str]) -> None:
        nonlocal text
        for item in items:
            spans.append((len(text), len(text) + len(bullet) + len(item), "n.navigation"))
            text += f"{bullet}{item}\n" + ("\n" if blank else "")

    menu(above)
    shift = len(text)
    spans += [(a + shift, b + shift, label) for a, b, label in dump.spans]
    text += dump.text.rstrip("\n") + "\n" + ("\n" if blank else "")
    menu(below)
    return replace(dump, text=text, spans=spans)


def edited(dump: Annotated, edit: Callable[[list[list[tuple[int, int, str]]]], list[list[tuple[int, int, str]]]]) -> Annotated:
    """A dump with its lines edited: each line is a list of spans of the old text, an empty one a blank line."""
    rows: list[list[tuple[int, int, str]]] = []
    position, at = 0, 0
    for line in dump.text.split("\n"):
        end = position + len(line)
        row = []
        while at < len(dump.spans) and dump.spans[at][0] < max(end, position + 1) and dump.spans[at][1] <= end:
            row.append(dump.spans[at])
            at += 1
        rows.append(row or [(position, end, "_")])
        position = end + 1
    pieces: list[str] = []
    spans: list[tuple[int, int, str]] = []
    position = 0
    for row in edit(rows):
        for start, end, label in row:
            piece = dump.text[start:end]
            pieces.append(piece)
            if piece:
                spans.append((position, position + len(piece), label))
            position += len(piece)
        pieces.append("\n")
        position += 1
    return replace(dump, text="".join(pieces)[:-1], spans=spans)


def learn(chains: Sequence[Chain], penalty: float = PENALTY, log: Callable[[str], None] = lambda line: None) -> dict[str, Any]:
    """Fit the weights. Returns what ``weights.json`` holds."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    chains = [c for c in chains if c[0]]
    seen: Counter[tuple[str, str]] = Counter()
    for facts, _gold, _bars in chains:
        seen.update({f for row in facts for f in features(FACTS, row)})
    names = sorted(f for f, n in seen.items() if n >= RARE)
    index = {name: i for i, name in enumerate(names)}
    size = len(STATES)
    rows = [row for facts, _, _ in chains for row in facts]
    columns = [[index[f] for f in features(FACTS, row) if f in index] for row in rows]
    starts = np.concatenate([[0], np.cumsum([len(c) for c in columns])])
    matrix = csr_matrix((np.ones(starts[-1]), np.concatenate(columns), starts), shape=(len(rows), len(names)))
    turned = matrix.T.tocsr()
    gold = np.array([state for _, states, _ in chains for state in states])
    barred_scores = np.zeros((len(rows), size))
    for i, bars in enumerate(bars for _, _, all_bars in chains for bars in all_bars):
        barred_scores[i, list(bars)] = -50.0
    mask = np.full((size, size), -1e4)
    for state, olds in STEPS:
        mask[list(olds), state] = 0.0
    first_mask = np.full(size, -1e4)
    first_mask[list(FIRST)] = 0.0
    truth = np.zeros((len(rows), size))
    truth[np.arange(len(rows)), gold] = 1.0
    true_steps = np.zeros((size, size))
    for _, states, _ in chains:
        for old, new in zip(states, states[1:], strict=False):
            true_steps[old, new] += 1
    true_first = np.bincount([states[0] for _, states, _ in chains], minlength=size).astype(float)
    batches = _batches([len(facts) for facts, _, _ in chains])
    cut = len(names) * size

    centre = np.zeros(cut + size * size + size)
    for name, row in PRIOR.items():
        if name in index:
            for state, weight in row.items():
                centre[index[name] * size + state] = weight
    for (old, new), weight in STEP_PRIOR.items():
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
        return float(value + 0.5 * penalty * (pull @ pull)), gradient + penalty * pull

    fit = minimize(objective, centre, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS, "ftol": 1e-7})
    log(f"{len(chains)} dumps, {len(rows)} blocks, {len(names)} features: {fit.nit} steps, objective {fit.fun:.1f}")
    table = fit.x[:cut].reshape(len(names), size)
    steps = fit.x[cut : cut + size * size].reshape(size, size)
    return {
        "states": list(STATES),
        "first": _rounded(fit.x[cut + size * size :]),
        "steps": {
            STATES[old]: {STATES[new]: round(float(steps[old, new]), 2) for new, olds in STEPS if old in olds} for old in range(size)
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


def render(learned: dict[str, Any]) -> str:
    """The weights file: JSON with one fact a line, so that a person can read it and a diff can show it."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    rows = [f' "states": {line(learned["states"])}', f' "first": {line(learned["first"])}']
    rows.append(' "steps": {\n' + ",\n".join(f"  {line(a)}: {line(b)}" for a, b in learned["steps"].items()) + "\n }")
    tables = [
        f"  {line(name)}: {{\n" + ",\n".join(f"   {line(v)}: {line(row)}" for v, row in values.items()) + "\n  }"
        for name, values in learned["facts"].items()
    ]
    rows.append(' "facts": {\n' + ",\n".join(tables) + "\n }")
    return "{\n" + ",\n".join(rows) + "\n}\n"
