"""What a walk should have been: annotated dumps to chains of facts and true states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from arabic_newsclean import kind, lines
from arabic_newsclean.annotated import Annotated
from arabic_newsclean.bars import barred
from arabic_newsclean.context import look_around
from arabic_newsclean.judge import Evidence, judge
from arabic_newsclean.rules import RuleSet
from arabic_newsclean.training.crf import Chain
from arabic_newsclean.walk import PAGE, STATES, STEPS


def chains(dump: Annotated, rules: RuleSet, heads: lines.Heads | None = None) -> tuple[Chain, Chain]:
    """What the two models see of a dump and what they should say: what kind of page it is, and the walk through it."""
    evidence = judge(dump.text, lines.blocks(dump.text, rules, heads), rules)
    sequence = [e for e in evidence if not e.inline]
    look_around(sequence)
    site = str(dump.meta.get("site") or dump.path.stem)
    facts = [e.facts for e in sequence]
    walk = Chain(facts, gold_states(gold_labels(dump, sequence)), [barred(e) for e in sequence], site)
    return Chain([kind.facts_of(sequence)], [kind.ARTICLE if dump.is_article else kind.OTHER], [()], site), walk


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

    >>> from arabic_newsclean.walk import PAGE
    >>> [PAGE.states[s] for s in gold_states(["n.navigation", "h.date", "h.headline", "n.caption", "b", "n.related", "b"])]
    ['top, above', 'date, above', 'headline', 'caption, below', 'body', 'aside', 'body']
    """
    body = [i for i, label in enumerate(labels) if label[0] == "b"]
    if not body:
        tops = ("n.navigation", "n.legal", "n.residue", "n.share")
        return _walkable(["top, above" if label in tops and i < 3 else "other" for i, label in enumerate(labels)])
    first, last = body[0], body[-1]
    title = next((i for i in range(first) if labels[i] == "h.headline"), first)
    names = []
    for i, label in enumerate(labels):
        if label[0] == "b":
            names.append("sub" if label == "b.sub" else "body")
        elif i < title:
            names.append(f"{_ABOVE.get(label, 'top')}, above")
        elif i < first:
            names.append("headline" if label == "h.headline" else f"{_BELOW.get(label, 'top')}, below")
        else:
            names.append(_AFTER.get(label) or ("aside" if i < last else "tail"))
    return _walkable(names)


#: What the labels of lines above the headline, between it and the body, and after the body's beginning are as states.
_STRIPS: Final = {"n.ticker": "strip", "n.related": "strip", "n.caption": "caption"}
_LINES: Final = {f"h.{kind}": kind for kind in ("category", "byline", "source", "date")}
_ABOVE: Final = _STRIPS | _LINES | {"h.kicker": "kicker", "h.deck": "kicker"}
_BELOW: Final = _STRIPS | _LINES | {"h.kicker": "deck", "h.deck": "deck"}
_AFTER: Final = {"h.byline": "signed", "h.source": "credited", "h.date": "dated"}


def _walkable(names: Sequence[str]) -> list[int]:
    """The states where a walk may take them; a step that no walk has becomes the nearest that one has."""
    out: list[int] = []
    for name in names:
        state = STATES[name]
        if out and state not in STEPS[out[-1]]:
            before = PAGE.states[out[-1]]
            state = STATES["aside" if before == "aside" else "tail" if name in ("aside", "tail", *_AFTER.values()) else name]
        out.append(state)
    return out
