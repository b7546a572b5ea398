"""Whether a page holds an article at all: the facts of a page as a whole, and the states they speak for.

A listing prints headlines and teasers as an article prints subheadings and paragraphs; what tells them apart is seen
only from above: how the texts stand, whether they speak of one thing, what labels a page bears. `sequence` weighs the
facts; the weights are in ``weights.json``, learned by ``make train``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from arabic_newsclean import arabic
from arabic_newsclean.context import AT
from arabic_newsclean.judge import SENTENCE, Evidence
from arabic_newsclean.lines import SAME_LINE
from arabic_newsclean.rules import SHORT, START
from arabic_newsclean.sequence import Model, Walker
from arabic_newsclean.stretch import IN_MAIN

#: The names of the facts, in the order in which `facts_of` gives their values.
FACTS: Final = (
    "texts",  # how many paragraphs there are
    "together",  # how many of them stand together at most, with nothing between
    "headed",  # which share of them stands below a headline or a date of its own
    "weave",  # whether prose and headlines take turns
    "outside",  # which share of the prose stands outside the main stretch
    "kin",  # which share of a paragraph's words the other paragraphs say too
    "heads",  # how many headlines there are for each paragraph
    "teasers",  # how many lines trail off
    "dates",  # how many dates there are
    "more",  # how many labels say that a story goes on elsewhere
    "numbered",  # whether there are page numbers
    "talk",  # how many kinds of labels there are that stand about an article: share, comments, tags, credits
    "echo",  # how well the best line above the main stretch is echoed by it
    "size",  # how much prose there is
    "opens",  # what the first paragraph is like
    "ends",  # how many of the lines outside menus end like a sentence
    "says",  # whether the page says that it has nothing to show, or that it is an archive or the result of a search
)

#: What a page can be.
KINDS: Final = ("article", "other")
ARTICLE, OTHER = range(2)

PAIRS: Final = (
    ("texts", "together"),
    ("together", "headed"),
    ("headed", "kin"),
    ("texts", "kin"),
    ("heads", "headed"),
    ("more", "together"),
    ("dates", "headed"),
    ("numbered", "together"),
    ("talk", "together"),
    ("echo", "together"),
    ("teasers", "together"),
)
PRIOR: Final = {
    ("weave", "woven"): {1: 1.0},
    ("together", "5+"): {0: 1.5},
    ("echo", "most"): {0: 0.5},
    ("talk", "2+"): {0: 0.5},
}

#: The page as a whole as a model: a walk of one step.
KIND: Final = Model(FACTS, KINDS, KINDS, look=(0, 1), steps=((), ()), first=(0, 1), pairs=PAIRS, prior=PRIOR, penalty=6.0)


#: From this lead on, in hundredths, a page is one or the other whatever its lines look like one by one. In doubt it is an
#: article: what is taken for none is lost whole.
PLAIN: Final = {ARTICLE: 25, OTHER: 60}
#: Of a page in one line, or with less than so many paragraphs, less is seen.
GLUED, FEW = 200, 3


def what(sequence: Sequence[Evidence], walker: Walker) -> int | None:
    """Whether a page is an article or not, by its facts as a whole; None where they leave it to its lines,
    as those of a poem do."""
    if not any(evidence.prose for evidence in sequence):
        return None
    article, other = walker.totals(facts_of(sequence))
    if article - other >= PLAIN[ARTICLE]:
        return ARTICLE
    glued = 2 * sum(evidence.block.gap == SAME_LINE for evidence in sequence) > len(sequence)
    few = sum(evidence.prose for evidence in sequence) < FEW
    return OTHER if other - article >= (GLUED if glued or few else PLAIN[OTHER]) else None


def facts_of(sequence: Sequence[Evidence]) -> tuple[str, ...]:
    """The facts of a page, once what stands around each block is known."""
    texts = [e for e in sequence if e.prose]
    main = [e for e in texts if e.main in IN_MAIN]
    mass = sum(len(e.text) for e in texts)
    inside = sum(len(e.text) for e in main)
    headed, together = _turns(sequence)
    heads = sum(_is_head(e) for e in sequence)
    names = Counter(e.rule.name for e in sequence if e.rule is not None)
    kinds = {e.label.rstrip("?") for e in sequence if e.label}
    above = {e.facts[AT["echo"]] for e in sequence if e.main in ("above", "before", "ahead")}
    said = [e for e in sequence if e.rule is None and e.moment is None]
    stopped = sum(e.prose or e.sort in ("stopped", "question", "colon") or e.text[-1] in '»”"' for e in said)
    return (
        _step(len(texts), (1, 2, 3, 5, 9)),
        _step(together, (1, 2, 3, 5)),
        _share(headed, len(texts)),
        sequence[0].facts[AT["weave"]] if sequence else "",
        _share(mass - inside, mass),
        _kin(texts),
        _step(heads // max(1, len(texts)), (1, 2, 5)),
        _step(sum(e.sort == "teaser" for e in sequence), (1, 2, 5)),
        _step(sum(e.moment is not None for e in sequence), (1, 2, 3, 5)),
        _step(names["read-more"] + names["all-by-author"], (1, 2, 4)),
        "numbered" if names["page-numbers"] or names["page-of"] or names["bare-number"] >= 3 else "plain",
        _step(len(kinds & _TALK), (1, 2, 3)),
        next((echo for echo in ("most", "half", "few") if echo in above), "none"),
        _step(mass, (1, 150, 400, 1000, 3000)),
        _step(len(texts[0].text), (100, 200, 400)) if texts else "none",
        _share(stopped, len(said)),
        "lost" if names["not-found-page"] else "archive" if any(map(_is_archive, sequence)) else "",
    )


def _is_archive(evidence: Evidence) -> bool:
    """Whether a line says what the page lists: نتائج البحث عن: غزة. In a menu its words stand alone."""
    return evidence.rule is not None and evidence.rule.name in ("archive-heading", "search-results") and evidence.how == START


#: Kinds of labels that stand around an article and not around the items of a listing.
_TALK: Final = frozenset(("comments", "share", "tags", "byline", "source", "caption"))


def _step(count: int, steps: tuple[int, ...]) -> str:
    """A count in steps.

    >>> [_step(n, (1, 2, 5)) for n in (0, 1, 3, 5, 60)]
    ['0', '1', '2+', '5+', '5+']
    """
    low = max((step for step in steps if step <= count), default=0)
    at = steps.index(low) if low else -1
    exact = low == 0 or (at + 1 < len(steps) and steps[at + 1] == low + 1)
    return str(low) if exact else f"{low}+"


def _share(part: int, whole: int) -> str:
    if whole == 0:
        return "empty"
    share = part / whole
    return "none" if share == 0 else "few" if share < 0.25 else "some" if share < 0.6 else "most" if share < 0.9 else "all"


def _is_head(evidence: Evidence) -> bool:
    """Whether a line may be a story's headline."""
    return evidence.rule is None and evidence.moment is None and evidence.sort in ("line", "dotted", "question")


def _turns(sequence: Sequence[Evidence]) -> tuple[int, int]:
    """How many paragraphs stand below a headline or a date, and how many stand together at most.

    Where most of what they stand below are questions, the page is an interview.
    """
    headed = asked = together = run = 0
    before: Evidence | None = None
    for evidence in sequence:
        text = evidence.text
        is_text = evidence.prose or (len(text) >= SENTENCE and text.endswith(("...", "…")))
        if is_text:
            run += 1
            together = max(together, run)
            if before is not None and (before.moment is not None or (_is_head(before) and len(before.text) <= SHORT)):
                headed += 1
                asked += before.sort == "question"
        else:
            run = 0
        before = evidence
    return headed - asked if 2 * asked > headed else headed, together


#: So many paragraphs are compared, and so much of each.
COMPARED, LOOKED_AT = 12, 300


def _kin(texts: Sequence[Evidence]) -> str:
    """Which share of the words of a paragraph the others say too, in twentieths: those of one story speak of one thing.

    The fewer the others are, the less they can share: a share is counted by what so many could have.
    """
    if len(texts) < 2:
        return "alone"
    words = [set(map(arabic.stem, arabic.long_words(e.text[:LOOKED_AT]))) for e in texts[:COMPARED]]
    seen: set[str] = set()
    again: set[str] = set()
    for own in words:
        again |= seen & own
        seen |= own
    shares = [len(again & own) / len(own) for own in words if own]
    could = 1 - 0.8 ** max(1, len(shares) - 1)
    return str(min(9, int(20 * sum(shares, 0.0) / max(1, len(shares)) / could)))
