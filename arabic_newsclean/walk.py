"""The walk through a page: what the lines of a page are, and which may follow which.

A page is read as a walk through these states, found by `sequence`. The weights are in ``weights.json``, one fact a line;
``make train`` learns them from annotated dumps and writes that file.
"""

from __future__ import annotations

from typing import Final

from arabic_newsclean.context import FACTS
from arabic_newsclean.sequence import Model

#: What a line can look like.
LOOKS: Final = (
    "top",  # menus, mastheads and buttons before the article
    "strip",  # headlines of other stories before the article
    "category",  # the lines of the article's header
    "kicker",
    "headline",
    "deck",
    "byline",
    "source",
    "date",
    "caption",  # captions between header and body
    "body",  # the article
    "sub",  # its subheadings
    "aside",  # what stands inside the body and is not the article: read-also, captions, adverts
    "signed",  # a by-line, a source, a date after the body
    "credited",
    "dated",
    "tail",  # everything after the article
    "other",  # all of a page that has no article: a listing, a form
)
TOP, STRIP, CATEGORY, KICKER, HEADLINE, DECK, BYLINE, SOURCE, DATE = range(9)
CAPTION, BODY, SUB, ASIDE, SIGNED, CREDITED, DATED, TAIL, OTHER = range(9, 18)

#: The states: what stands above the headline, and what looks the same below it, is told apart by what may follow.
_ABOVE: Final = ("top", "strip", "category", "kicker", "byline", "source", "date", "caption")
_BELOW: Final = ("headline", "deck", "category", "byline", "source", "date", "caption", "top", "strip")
_ARTICLE: Final = ("body", "sub", "aside")
_CREDITS: Final = ("signed", "credited", "dated")
_NAMES: Final = (
    *(f"{look}, above" for look in _ABOVE),
    *(look if look == "headline" else f"{look}, below" for look in _BELOW),
    *_ARTICLE,
    *_CREDITS,
    "tail",
    "other",
)
STATES: Final = {name: i for i, name in enumerate(_NAMES)}
#: The look of each state.
LOOK: Final = tuple(LOOKS.index(name.split(",")[0]) for name in _NAMES)

_A: Final = tuple(f"{look}, above" for look in _ABOVE)
_B: Final = tuple(look if look == "headline" else f"{look}, below" for look in _BELOW)


def _after(name: str) -> tuple[str, ...]:
    """The states that may follow a state: a page ends once it has ended, and the headline stands above the body."""
    if name in _A:
        others = ("other",) if name in ("top, above", "strip, above") else ()
        return (*_A, "headline", "body", "sub", *others)
    if name in _B:
        return (*_B, "body", "sub")
    if name == "aside":
        return (*_ARTICLE, *_CREDITS)
    if name in ("body", "sub"):
        return (*_ARTICLE, *_CREDITS, "tail")
    if name in _CREDITS:
        return ("body", *_CREDITS, "tail")
    return ("tail", *_CREDITS) if name == "tail" else ("other",)


STEPS: Final = tuple(tuple(STATES[after] for after in _after(name)) for name in _NAMES)
#: States a page can begin with.
FIRST: Final = tuple(STATES[name] for name in (*_A, "headline", "body", "sub", "other"))

#: Facts that say more together than apart.
PAIRS: Final = (
    ("length", "end"),
    ("length", "main"),
    ("sort", "main"),
    ("label", "main"),
    ("rule", "main"),
    ("opened", "main"),
    ("opened", "sort"),
    ("since", "main"),
    ("since", "sort"),
    ("since", "alike"),
    ("start", "main"),
    ("start", "sort"),
    ("start", "opened"),
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
    ("name", "left"),
    ("name", "length"),
    ("name", "before"),
    ("name", "after"),
    ("order", "length"),
    ("order", "rank"),
    ("order", "sort"),
    ("label", "left"),
    ("echo", "rank"),
    ("twin", "order"),
    ("twin", "main"),
    ("left", "sort"),
    ("left", "rank"),
    ("left", "length"),
    ("again", "rank"),
)

#: Where learning starts from, and what it is pulled back to where dumps are few: the shape that every page has. The
#: stretch with most of the prose is the article; menus and strips stand before it, labels and their items after it.
_HEADER: Final = (CATEGORY, KICKER, HEADLINE, DECK, BYLINE, SOURCE, DATE, CAPTION)
_CREDIT: Final = (SIGNED, CREDITED, DATED)


def _prior(*rows: tuple[int | tuple[int, ...], float]) -> dict[int, float]:
    out: dict[int, float] = {}
    for looks, weight in rows:
        out |= dict.fromkeys((looks,) if isinstance(looks, int) else looks, weight)
    return out


PRIOR: Final[dict[tuple[str, str], dict[int, float]]] = {
    ("main", "first"): _prior((BODY, 2.0), ((TAIL, ASIDE), -2.0), (OTHER, -1.0), ((STRIP, TOP), -1.5)),
    ("main", "only"): _prior((BODY, 2.0), ((TAIL, ASIDE), -2.0), (OTHER, -1.0), ((STRIP, TOP), -1.5)),
    ("main", "in"): _prior((BODY, 1.5), ((ASIDE, SUB), 0.5), ((TOP, STRIP), -2.0), (_HEADER, -2.0), ((TAIL, OTHER), -1.0)),
    ("main", "last"): _prior((BODY, 2.0), ((TOP, STRIP), -2.0), (_HEADER, -1.5)),
    ("main", "above"): _prior((BODY, -1.0), (TAIL, -2.0), (_HEADER, 0.5)),
    ("main", "before"): _prior(((BODY, SUB, ASIDE, TAIL), -2.0), (_CREDIT, -2.0)),
    ("main", "below"): _prior((BODY, -0.5), ((TOP, STRIP), -2.0), (_HEADER, -2.5)),
    ("main", "after"): _prior(((BODY, SUB), -3.0), ((TOP, STRIP), -2.0), (_HEADER, -2.5)),
    ("main", "ahead"): _prior(((BODY, SUB), -6.0), ((ASIDE, TAIL), -4.0), (_CREDIT, -4.0)),
    ("main", "beyond"): _prior(((BODY, SUB), -6.0), (ASIDE, -1.0), (_CREDIT, -3.0), ((TOP, STRIP), -4.0), (_HEADER, -4.0)),
    ("main", "far"): _prior(((BODY, SUB), -20.0), (ASIDE, -10.0), (_CREDIT, -10.0), ((TOP, STRIP), -4.0), (_HEADER, -4.0)),
    ("sort", "prose"): _prior((BODY, 1.5), (_HEADER, -1.5), (TOP, -1.0), (_CREDIT, -1.0), (SUB, -3.0)),
    ("sort", "teaser"): _prior((BODY, -1.5), (STRIP, 1.0), (TAIL, 1.0)),
    ("sort", "strip"): _prior((BODY, -2.0), ((STRIP, TAIL), 1.5)),
    ("sort", "label"): _prior(((TOP, TAIL), 0.5)),
    ("sort", "date"): _prior(((DATE, DATED), 1.5)),
    ("sort", "item-date"): _prior((ASIDE, 1.5), ((BODY, SUB), -2.0), (_HEADER, -2.0), (_CREDIT, -2.0)),
    ("label+main", "related|in"): _prior((ASIDE, 4.0), ((TAIL, TOP, STRIP), -2.0)),
    ("opened+main", "related near|in"): _prior((ASIDE, 2.0)),
    ("opened+sort", "related near|line"): _prior((ASIDE, 1.0), (BODY, -1.5)),
    ("since+sort", "prose|line"): _prior((TAIL, -1.5), (ASIDE, -0.5), (BODY, 0.5)),
    ("since+sort", "prose|short"): _prior((TAIL, -1.0), (ASIDE, -0.5)),
    ("since+sort", "prose|stopped"): _prior((TAIL, -1.5), (ASIDE, -1.0), (BODY, 1.0)),
    ("since+sort", "prose|cut"): _prior((TAIL, -1.5), (ASIDE, -1.0), (BODY, 1.0)),
    ("run", "8+"): _prior((_HEADER, -1.0)),
    ("start", "#"): _prior((HEADLINE, 2.0)),
    ("start", "and"): _prior((BODY, 1.0), ((HEADLINE, KICKER, TOP, STRIP, TAIL, OTHER), -0.5)),
    ("start", "verb"): _prior((BODY, 0.5)),
    ("way", "far"): _prior((_HEADER, -1.0)),
    ("way", "4-6"): _prior((_HEADER, -0.5)),
    ("label", "category?"): _prior((CATEGORY, 0.5)),
    ("label", "date?"): _prior((DATE, 1.5)),
    ("label", "byline?"): _prior(((BYLINE, SIGNED), 1.5)),
    ("rule", "byline-wrote"): _prior(((BYLINE, SIGNED), 2.0)),
    ("rule", "byline-sign"): _prior((SIGNED, 2.0)),
    ("label", "source?"): _prior(((SOURCE, CREDITED), 1.5)),
    ("label", "caption?"): _prior((CAPTION, 1.5), (BODY, -1.0)),
    ("label", "tags?"): _prior((_HEADER, -1.0), (BODY, -1.0)),
    ("group", "prose"): _prior((BODY, 1.5), (TOP, -1.0), (TAIL, -0.5), (_HEADER, -1.0)),
    ("weave", "woven"): _prior((BODY, -4.0), (OTHER, 1.5)),
    ("again", "title"): _prior((HEADLINE, 2.5)),
    ("rank", "longest"): _prior((HEADLINE, 1.0)),
    ("twin", "both"): _prior((HEADLINE, 0.5)),
    ("name", "person"): _prior(((BYLINE, SIGNED), 1.5), (HEADLINE, -1.0)),
    ("name", "both"): _prior(((BYLINE, SIGNED), 1.5), (HEADLINE, -1.0)),
    ("name", "outlet"): _prior(((SOURCE, CREDITED), 1.5), (HEADLINE, -1.0)),
    ("known", "known"): _prior(((SOURCE, CREDITED), 1.0), ((BYLINE, SIGNED), -1.5)),
    ("echo+main", "most|above"): _prior((HEADLINE, 1.0)),
    ("echo+main", "most|before"): _prior((HEADLINE, 1.0)),
    ("echo+main", "none|before"): _prior((HEADLINE, -0.5)),
    ("echo+main", "none|ahead"): _prior((HEADLINE, -1.0)),
    ("echo+main", "none|below"): _prior((TAIL, 0.5)),
    ("echo+main", "none|after"): _prior((TAIL, 0.5)),
}
#: The same for steps: an article does not go on after its credits, and begins below a headline.
STEP_PRIOR: Final[dict[tuple[int, int], float]] = (
    {(STATES[name], STATES["body"]): -3.0 for name in _CREDITS}
    | {(STATES["body"], STATES[name]): -1.0 for name in _CREDITS}
    | {(STATES["tail"], STATES[name]): -2.0 for name in _CREDITS}
    | {(STATES[name], STATES["body"]): -1.0 for name in _A}
    | {(STATES[name], STATES["sub"]): -2.0 for name in (*_A, *_B)}
    | {(STATES["headline"], STATES["headline"]): -1.0}
)

#: What is taken for a summary, a caption, an insertion or for what follows the article is lost to it; a line too many does
#: little harm. Chosen by the score with whole sites left out.
DOUBT: Final = {DECK: 0.5, CAPTION: 0.5, ASIDE: 0.3, TAIL: 0.4}

#: The page as a model: `sequence.Walker` finds the best walk by it.
PAGE: Final = Model(FACTS, LOOKS, _NAMES, LOOK, STEPS, FIRST, PAIRS, PRIOR, STEP_PRIOR, DOUBT)
