"""The walk through a page: what the page's parts are, and which may follow which.

A page is read as a walk through nine states, found by `sequence`. The weights are in ``weights.json``, one fact a line;
``make train`` learns them from annotated dumps and writes that file.
"""

from __future__ import annotations

from typing import Final

from arabic_newsclean.judge import FACTS
from arabic_newsclean.sequence import Model

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
    ("main", "far"): {BODY: -20.0, ASIDE: -10.0, CREDIT: -10.0, TOP: -4.0, STRIP: -4.0, HEAD: -4.0, MID: -4.0},
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

#: The page as a model: `sequence.Walker` finds the best walk by it.
PAGE: Final = Model("page", FACTS, STATES, STEPS, FIRST, PAIRS, PRIOR, STEP_PRIOR)
