"""Which line of a header is what: section, kicker, headline, deck, by-line, source, date, or none of them.

The walk through the page says roughly where the header is; here the lines at its edges are asked again, as a sequence of
their own, since a name is a by-line or a caption by what stands before and after it. The weights are in ``weights.json``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from arabic_newsclean import arabic
from arabic_newsclean.judge import FACTS, Evidence
from arabic_newsclean.model import BODY, HEADER, NOISE, Label
from arabic_newsclean.names import AROUND, NAME, PARTS, is_outlet
from arabic_newsclean.sequence import Model, Walker
from arabic_newsclean.walk import ASIDE, CREDIT, HEAD, MID, OTHER, STATES, STRIP, TAIL, TOP
from arabic_newsclean.walk import BODY as IN_BODY

#: What a line in or near a header can be. "body" and "chrome" are the lines around it that the walk was wrong to bring in.
ROLES: Final = ("category", "kicker", "headline", "deck", "byline", "source", "date", "caption", "chrome", "body")
CATEGORY_, KICKER, HEADLINE, DECK, BYLINE, SOURCE, DATE, CAPTION, CHROME, ARTICLE = range(len(ROLES))

#: The names of the facts that `facts` gives for a line.
LINE_FACTS: Final = (
    "place",  # where the walk put it, and on which side of the article
    "kind",  # the kind of the rule that caught it, "?" behind it for a hint
    "sort",  # what it is at first sight
    "length",
    "end",
    "start",
    "inside",
    "script",
    "name",  # whether it names a person, an outlet, both
    "known",  # whether the page says this name again where it names itself
    "echo",  # how many of its words the article says
    "again",  # whether it stands elsewhere in the dump, or in the page's title
    "twin",  # whether the line before or after says the same
    "order",  # its place among the lines that no rule knows
    "left",  # how many lines are between it and the article
    "rank",  # whether it is the longest line of the header
    "before",  # what stands before it in the header
    "after",  # what stands after it
    "joint",
)

#: Where learning starts from: what holds in every header.
PRIOR: Final[dict[tuple[str, str], dict[int, float]]] = {
    ("name", "person"): {BYLINE: 1.5, HEADLINE: -1.0},
    ("name", "both"): {BYLINE: 1.5, HEADLINE: -1.0},
    ("name", "outlet"): {SOURCE: 1.5, HEADLINE: -1.0},
    ("known", "known"): {SOURCE: 1.5, BYLINE: -1.5},
    ("again", "title"): {HEADLINE: 2.0},
    ("rank", "longest"): {HEADLINE: 1.0},
    ("twin", "both"): {HEADLINE: 0.5},
    ("sort", "prose"): {ARTICLE: 0.5, DECK: 0.5, BYLINE: -2.0, CATEGORY_: -2.0, SOURCE: -2.0},
    ("sort", "date"): {DATE: 3.0},
    ("kind", "date?"): {DATE: 3.0},
    ("kind", "category?"): {CATEGORY_: 1.5},
    ("kind", "byline?"): {BYLINE: 1.5},
    ("kind", "source?"): {SOURCE: 1.5},
    ("kind", "caption?"): {CAPTION: 1.5},
    ("kind", "item-date"): {CHROME: 2.0, DATE: -3.0},
    ("place", "body"): {ARTICLE: 1.5},
    ("place", "top"): {CHROME: 1.5},
}
_EVERY: Final = tuple(range(len(ROLES)))

#: The header as a model: `sequence.Walker` finds the roles by it.
LINES: Final = Model(
    "header",
    LINE_FACTS,
    ROLES,
    tuple((role, _EVERY) for role in _EVERY),
    _EVERY,
    (
        ("name", "place"),
        ("name", "left"),
        ("name", "length"),
        ("order", "length"),
        ("order", "rank"),
        ("order", "place"),
        ("kind", "place"),
        ("echo", "rank"),
        ("twin", "order"),
        ("left", "sort"),
        ("before", "sort"),
        ("after", "sort"),
        ("before", "name"),
        ("after", "name"),
        ("again", "rank"),
        ("sort", "place"),
        ("length", "end"),
    ),
    PRIOR,
    penalty=12.0,
)

#: So many lines above the header, before the article's first paragraph and after its last one are asked too.
EDGE: Final = 4
#: A section's name is no longer than this.
CATEGORY: Final = 26

_AT: Final = {name: i for i, name in enumerate(FACTS)}


def roles(
    found: Sequence[Evidence], sequence: Sequence[int], states: Sequence[int], walker: Walker, *, gentle: bool
) -> dict[int, Label | None]:
    """The label of each line in or near the header; ``None`` for one that is what the walk through the page said.

    ``sequence`` are the blocks of the walk, ``states`` the places of all blocks. To be ``gentle`` is to take nothing for
    noise, and no paragraph for a deck: for pages where nothing says that they hold more than an article.
    """
    members = near(found, sequence, states)
    if not members:
        return {}
    seen = facts(found, members, states)
    walk = walker.walk(seen, [barred(found[i]) + (_gently(found[i]) if gentle else ()) for i in members])
    _complete(found, members, states, walk, [walker.scores(row) for row in seen])
    if HEADLINE in walk:
        title = walk.index(HEADLINE)
        for n in range(title + 1, len(walk)):
            again = same(found[members[n]], found[members[title]])
            if walk[n] == HEADLINE and not again and (gentle or states[members[n]] == IN_BODY):
                walk[n] = ARTICLE
    return {i: _label(found[i], role, states[i]) for i, role in zip(members, walk, strict=True)}


#: How much the weights may speak against the best candidate for a headline where the walk found none.
AGAINST: Final = 3.0
#: Kinds of hints that a section's name in the header may look like.
_SECTIONS: Final = ("category?", "navigation?", "ticker?")


def _complete(
    found: Sequence[Evidence],
    members: Sequence[int],
    states: Sequence[int],
    walk: list[int],
    scores: Sequence[tuple[float, ...]],
) -> None:
    """Give a header what nearly every header has: a headline, and above it the section that it begins with."""
    body = next((i for i, state in enumerate(states) if state == IN_BODY), len(states))
    if HEADLINE not in walk:
        free = [n for n, i in enumerate(members) if i < body and found[i].rule is None and found[i].moment is None]
        free = [n for n in free if len(found[members[n]].text) >= FEWEST and walk[n] in (CHROME, DECK, KICKER, CAPTION)]
        free = [n for n in free if states[members[n]] in (HEAD, MID) and found[members[n]].facts[_AT["script"]] != "latin"]
        best = max(free, key=lambda n: scores[n][HEADLINE] - scores[n][walk[n]], default=None)
        if best is not None and scores[best][HEADLINE] >= scores[best][walk[best]] - AGAINST:
            walk[best] = HEADLINE
    if HEADLINE not in walk:
        return
    title = walk.index(HEADLINE)
    if title >= 2 and walk[title - 2] == walk[title - 1] == CATEGORY_ and found[members[title - 1]].rule is None:
        walk[title - 1] = KICKER
    for n, i in enumerate(members):
        loose = walk[n] in (CHROME, ARTICLE, HEADLINE) and n != title and not same(found[i], found[members[title]])
        if loose and states[i] == HEAD and i < body and found[i].rule is None and not found[i].prose and not found[i].moment:
            if n > title and DATE in walk[n:]:
                walk[n] = DECK
            elif n == title - 1 and len(found[i].text) <= SHORTER * len(found[members[title]].text):
                walk[n] = KICKER
    if CATEGORY_ not in walk:
        for n in range(title):
            evidence = found[members[n]]
            if (
                walk[n] == CHROME
                and states[members[n]] == HEAD
                and evidence.label in _SECTIONS
                and len(evidence.text) <= CATEGORY
            ):
                walk[n] = CATEGORY_
                return


#: A headline is at least this long.
FEWEST: Final = 12
#: A kicker is so much shorter than its headline.
SHORTER: Final = 0.7


def near(found: Sequence[Evidence], sequence: Sequence[int], states: Sequence[int]) -> list[int]:
    """The blocks that may be the header's: those the walk says, and short lines next to them that no noise rule caught."""
    inside = [i for i in sequence if states[i] in (HEAD, MID, CREDIT)]
    body = [n for n, i in enumerate(sequence) if states[i] == IN_BODY]
    wanted = set(inside)
    if body:
        first = next((n for n, i in enumerate(sequence) if states[i] in (HEAD, MID)), body[0])
        wanted |= {sequence[n] for n in range(max(0, min(first, body[0]) - EDGE), body[0])}
        prose = [n for n in body if found[sequence[n]].prose] or body[:1]
        wanted |= {sequence[n] for n in range(body[0], min(prose[0], body[0] + EDGE))}
        wanted |= {sequence[n] for n in range(max(prose[-1] + 1, body[-1] - EDGE), min(body[-1] + 3, len(sequence)))}
    return [i for i in sequence if i in wanted and not _is_noise(found[i])]


def _is_noise(evidence: Evidence) -> bool:
    return evidence.sure and evidence.rule is not None and evidence.rule.part == NOISE


def facts(found: Sequence[Evidence], members: Sequence[int], states: Sequence[int]) -> list[tuple[str, ...]]:
    """For each line the values of `LINE_FACTS`."""
    known: dict[str, bool] = {}
    body = next((i for i, state in enumerate(states) if state == IN_BODY), len(states))
    plain = [i for i in members if found[i].rule is None and found[i].moment is None]
    order = {i: n for n, i in enumerate(i for i in plain if i < body)}
    above = [i for i in members if i < body]
    lengths = sorted((len(found[i].text) for i in order if not found[i].prose), reverse=True)
    out: list[tuple[str, ...]] = []
    for n, i in enumerate(members):
        evidence = found[i]
        own = evidence.facts
        length = len(evidence.text)
        at = STATES[states[i]] if states[i] not in (STRIP, TAIL, OTHER, ASIDE) else "top" if i < body else "tail"
        left = len(above) - 1 - n
        out.append(
            (
                at if i < body or at not in ("head", "mid") else f"{at} below",
                evidence.label,
                evidence.sort,
                own[_AT["length"]],
                own[_AT["end"]],
                own[_AT["start"]],
                own[_AT["inside"]],
                own[_AT["script"]],
                own[_AT["name"]],
                "known" if own[_AT["name"]] and _is_known(found, states, i, known) else "",
                own[_AT["echo"]],
                own[_AT["again"]],
                _twin(found, i),
                f"{min(order[i], 4)}" if i in order else "" if i < body else "below",
                f"{min(left, 4)}" if i < body else "below",
                _rank(length, lengths) if i in order else "",
                _said(found[members[n - 1]]) if n else "edge",
                _said(found[members[n + 1]]) if n + 1 < len(members) else "edge",
                own[_AT["joint"]][:2],
            )
        )
    return out


def _rank(length: int, lengths: Sequence[int]) -> str:
    return "longest" if length == max(lengths[:1], default=0) else "second" if length in lengths[1:2] else ""


def _said(evidence: Evidence) -> str:
    return evidence.label or (evidence.facts[_AT["name"]] if evidence.sort in ("short", "foreign") else "") or evidence.sort


def _twin(found: Sequence[Evidence], i: int) -> str:
    before = i > 0 and same(found[i - 1], found[i])
    after = i + 1 < len(found) and same(found[i + 1], found[i])
    return "both" if before and after else "before" if before else "after" if after else ""


def same(one: Evidence, other: Evidence) -> bool:
    """Whether two lines say the same but for signs around it."""
    return bool(one.folded) and arabic.bare(one.folded) == arabic.bare(other.folded)


def barred(evidence: Evidence) -> tuple[int, ...]:
    """The roles a line cannot have: what a header's rule caught outright, or what is a date, is nothing else."""
    rule = evidence.rule
    if evidence.sort == "prose":  # a paragraph with its full stop: the article's, if anything
        return tuple(role for role in _EVERY if role not in (CAPTION, CHROME, ARTICLE, BYLINE))
    if evidence.moment is not None and evidence.sort != "item-date":
        return tuple(role for role in _EVERY if role not in (DATE, CHROME, ARTICLE))
    if rule is not None and not rule.hint and rule.part == HEADER and rule.kind in ROLES:
        only = ROLES.index(rule.kind)
        return tuple(role for role in _EVERY if role not in (only, CHROME, ARTICLE))
    return ()


def _gently(evidence: Evidence) -> tuple[int, ...]:
    if evidence.prose and len(evidence.text) >= LONG:
        return _EVERY[:ARTICLE]
    unnamed = evidence.rule is None and not evidence.facts[_AT["name"]]
    return (CAPTION, CHROME, BYLINE, SOURCE) if unnamed else (CAPTION, CHROME)


#: What the header of a page without any label holds is shorter than this.
LONG: Final = 120


def _label(evidence: Evidence, role: int, state: int) -> Label | None:
    rule = evidence.rule
    kind = ROLES[role]
    if role == ARTICLE:
        return Label(BODY, None, "body-prose" if evidence.prose else "body-line") if state in (HEAD, MID, CREDIT) else None
    if role == CHROME:
        return None
    if role == CAPTION:
        named = rule is not None and rule.part == NOISE and rule.kind == "caption"
        return Label(NOISE, "caption", rule.name if named and rule is not None else "between-header-and-body")
    if rule is not None and rule.part == HEADER and rule.kind == kind:
        return Label(HEADER, kind, rule.name)
    return Label(HEADER, kind, _BY_ROLE[role])


#: What names a role that no words of the line's own give away (see rules/place.toml).
_BY_ROLE: Final = {
    CATEGORY_: "category-first",
    KICKER: "kicker-above",
    HEADLINE: "headline",
    DECK: "deck-below",
    BYLINE: "byline-by-place",
    SOURCE: "source-by-place",
    DATE: "date-line",
}

#: So many names are looked up in the rest of the page, and so many mentions of each.
NAMES, MENTIONS = 24, 20


def _is_known(found: Sequence[Evidence], states: Sequence[int], i: int, known: dict[str, bool]) -> bool:
    """Whether a bare name is the outlet's: by its words, or since the page's menus, rights or first words say it again."""
    text = found[i].text.strip(AROUND)
    if " " in text and is_outlet(text):
        return True
    if not 5 <= len(text) <= NAME or PARTS.search(text):
        return False
    if text in known or len(known) >= NAMES:
        return known.get(text, False)
    others = (j for j in range(len(found)) if j != i and text in found[j].text and found[j].folded != found[i].folded)
    known[text] = any(_names_outlet(found[j], states[j], text) for j in islice(others, MENTIONS))
    return known[text]


def _names_outlet(other: Evidence, state: int, name: str) -> bool:
    if state in (TOP, TAIL, OTHER):
        return other.sure or len(other.text) <= CATEGORY + len(name)
    return (state == IN_BODY and other.text.startswith(name)) or other.text.endswith(f"- {name}")
