"""Where one headline ends and the next begins: weights of the gaps between words, by logistic regression.

Annotated strips are few, headlines are many: those of each site are glued together by single spaces, at random but the
same on every run, and the gaps between two headlines are told from those inside one.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from arabic_newsclean import arabic
from arabic_newsclean.annotated import Annotated
from arabic_newsclean.strips import FACTS, FEWEST, MOST, STEP, STEPS, gap_facts

#: How many strips are glued, and how many headlines each has at least and at most.
STRIPS, SHORT, LONG = 3000, 4, 12
#: Facts seen fewer times than this are not learned; weights nearer to nothing than this are left out.
RARE, SLIGHT = 4, 0.2
PENALTY: Final = 1.0
#: How much the length of a piece counts beside its gaps; chosen by the score on sites left out.
TRUST: Final = 1.5
#: Labels whose lines are headlines where they have a headline's length.
_HEADLINES: Final = ("h.headline", "n.related", "n.ticker")
LENGTHS: Final = range(18, 131)


def headlines(dumps: Sequence[Annotated]) -> dict[str, list[str]]:
    """The headlines of each site, each once."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for dump in dumps:
        lines = [dump.text[start:end] for start, end, label in dump.spans if label in _HEADLINES]
        whole = lines if dump.meta.get("shape") != "single" else []
        for line in [*dump.meta.get("ticker", ()), *whole]:
            text = arabic.squeeze(line).strip("*•-–# ")
            fits = len(text) in LENGTHS and FEWEST < len(text.split()) <= MOST
            if fits and "\n" not in line.strip() and not text.endswith((".", "…")) and not _is_glued(line):
                found[str(dump.meta.get("site") or dump.path.stem)][text] = None
    return {site: list(texts) for site, texts in sorted(found.items())}


def leads(dumps: Sequence[Annotated]) -> list[str]:
    """The first sentence of each article: what a headline is glued to where a page is one line."""
    found = []
    for dump in dumps:
        first = next((dump.text[start:end] for start, end, label in dump.spans if label == "b"), "")
        words = arabic.squeeze(_STOP.split(first.replace("\n", " "), maxsplit=1)[0]).split()
        if len(words) > FEWEST:
            found.append(" ".join(words[:SENTENCE]))
    return found


#: So many words of a first sentence are looked at; so many strips in ten end in one.
SENTENCE, ENDED = 40, 4
_STOP: Final = re.compile(r"[.؟!]\s")


def _is_glued(line: str) -> bool:
    return "   " in line or "|" in line or "•" in line.strip("• ")


def strips(by_site: dict[str, list[str]]) -> Iterator[list[str]]:
    """Strips as sites print them: headlines of one site, or of a few where one has too few."""
    rng = random.Random(0)
    sites = list(by_site)
    for _ in range(STRIPS):
        pool = by_site[rng.choice(sites)]
        if len(pool) < LONG:
            pool = [*pool, *(text for site in rng.sample(sites, min(3, len(sites))) for text in by_site[site])]
        yield rng.sample(pool, min(len(pool), rng.randrange(SHORT, LONG)))


def fit(dumps: Sequence[Annotated], log: Callable[[str], None] = lambda line: None) -> dict[str, Any]:
    """Fit the weights of the gaps. Returns what ``strips.json`` holds."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    by_site, sentences = headlines(dumps), leads(dumps)
    rng = random.Random(1)
    rows: list[tuple[str, ...]] = []
    truth: list[float] = []
    for strip in strips(by_site):
        starts: set[int] = set()
        words: list[str] = []
        for text in [*strip, rng.choice(sentences)] if rng.randrange(10) < ENDED else strip:
            starts.add(len(words))
            words += text.split()
        rows += gap_facts(words)
        truth += [float(i in starts) for i in range(1, len(words))]
    counts = Counter((name, fact) for row in rows for name, fact in zip(FACTS, row, strict=True))
    index = {feature: i for i, feature in enumerate(sorted(f for f, count in counts.items() if count >= RARE))}
    columns = [[index[f] for f in zip(FACTS, row, strict=True) if f in index] for row in rows]
    pointers = np.concatenate([[0], np.cumsum([len(c) for c in columns])])
    matrix = csr_matrix((np.ones(pointers[-1]), np.concatenate(columns), pointers), shape=(len(rows), len(index)))
    turned, wanted = matrix.T.tocsr(), np.array(truth)

    def objective(vector: Any) -> tuple[float, Any]:
        score = matrix @ vector[:-1] + vector[-1]
        value = np.logaddexp(0, score).sum() - (wanted * score).sum() + 0.5 * PENALTY * (vector[:-1] @ vector[:-1])
        miss = 1 / (1 + np.exp(-score)) - wanted
        return float(value), np.concatenate([turned @ miss + PENALTY * vector[:-1], [miss.sum()]])

    found = minimize(objective, np.zeros(len(index) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    log(f"{sum(map(len, by_site.values()))} headlines, {len(rows)} gaps, {len(index)} facts: objective {found.fun:.1f}")
    gaps: dict[str, dict[str, float]] = {name: {} for name in FACTS}
    for (name, fact), i in index.items():
        weight = round(float(found.x[i]), 2)
        if abs(weight) >= SLIGHT:
            gaps[name][fact] = weight
    return {"bias": round(float(found.x[-1]), 2), "lengths": _lengths(by_site), "gaps": gaps}


def _lengths(by_site: dict[str, list[str]]) -> list[float]:
    """How usual each length is, as a logarithm, the most usual being 0."""
    seen = Counter(min(len(text) // STEP, STEPS - 1) for texts in by_site.values() for text in texts)
    logs = [math.log(seen[step] + 0.5) for step in range(STEPS)]
    return [round(TRUST * (value - max(logs)), 2) for value in logs]


def render(learned: dict[str, Any]) -> str:
    """The file of these weights: JSON with one fact's value a line."""
    gaps = [
        f'  "{name}": {{\n' + ",\n".join(f"   {_json(value)}: {weight}" for value, weight in values.items()) + "\n  }"
        for name, values in learned["gaps"].items()
    ]
    rows = [f' "{key}": {_json(learned[key])}' for key in ("bias", "lengths")]
    return "{\n" + ",\n".join([*rows, ' "gaps": {\n' + ",\n".join(gaps) + "\n }"]) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
