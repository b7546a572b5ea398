"""What stands around each block: the facts that the walk through the page goes by.

The facts of a block are a tuple of short texts, one value for each name in `FACTS`; `sequence` weighs them, and an empty
one says nothing.
"""

from __future__ import annotations

import itertools
from collections import Counter
from itertools import islice
from typing import Final

from arabic_newsclean import arabic, names
from arabic_newsclean.echoes import article_of, echo, titles
from arabic_newsclean.judge import SENTENCE, Evidence
from arabic_newsclean.kept import compiled
from arabic_newsclean.lines import SAME_LINE
from arabic_newsclean.model import NOISE
from arabic_newsclean.rules import SHORT
from arabic_newsclean.signs import signs_of
from arabic_newsclean.stretch import IN_MAIN, groups_of, place

#: The names of the facts, in the order in which `look_around` gives their values.
FACTS: Final = (
    "length",  # how long, in steps
    "sort",  # what it is at first sight, as `judge` names it: label, date, prose, teaser, question, short line …
    "label",  # the kind of the rule that caught it, "?" behind it for a hint; or date, or nothing
    "rule",  # the name of that rule
    "end",  # how it ends: a full stop, a question, a colon, an ellipsis, nothing
    "start",  # what it starts with: a bullet, a dash, a number, a quote, a verb of saying, "and"
    "digits",  # whether it holds digits, and a colon between words
    "inside",  # how many commas and how many full stops it holds
    "script",  # Arabic, Latin, both, or no letters at all
    "joint",  # printed on the line of the block before; after a blank line; without one; whether one follows
    "prose",  # whether prose stands before and after it, in steps
    "main",  # where it stands to the stretch of the dump that holds most of the prose
    "way",  # how many blocks to the next prose
    "group",  # whether the lines printed together with it make a paragraph that links broke, or not
    "run",  # how many short blocks without a full stop stand together here
    "alike",  # whether the lines before and after are built like it: a list
    "again",  # whether the same words stand elsewhere in the dump, or in the page's title
    "twin",  # whether the line before or after says the same
    "opened",  # the kind of the last label above that opens a block, and how far it is
    "since",  # whether a label of noise stands between it and the last prose
    "before",  # the label, the name or the sort of the block before
    "after",  # the same of the block after
    "page",  # what the whole dump looks like: with page numbers, dense or with blank lines
    "name",  # whether it names a person, an outlet, both, or may be a name
    "known",  # whether the page says this name again where it names itself
    "echo",  # how many of its words the main stretch says
    "order",  # its place among the lines above the main stretch that no rule knows
    "left",  # how many lines are between it and the main stretch
    "rank",  # whether it is the longest of the lines just above the main stretch
    "weave",  # whether prose and headlines take turns, as in a listing
)
#: Where in the tuple each fact stands.
AT: Final = {name: i for i, name in enumerate(FACTS)}

#: The numbers of pages that a long article or a listing is printed on.
_PAGES: Final = compiled(r"[\d ‹›«».…]{1,40}")
#: How gaps of no, one and two blank lines are told apart from each other and from none at all (`lines.SAME_LINE`).
_GAPS: Final = (0, 1, 1, SAME_LINE)
#: How much prose stands before and after, where two are many.
_PROSE: Final = [[f"{before} {after}" for after in range(3)] for before in range(3)]


def look_around(found: list[Evidence]) -> None:
    """Fill in the facts of every block of a page's sequence, once each block's own evidence is known."""
    count = len(found)
    blank_lines = sum(e.block.gap in (1, 2) for e in found)
    dense = "dense" if blank_lines * 4 < count else "airy"
    paged = "pages" if sum(_PAGES.fullmatch(e.text) is not None for e in found) >= 3 else "plain"
    page = f"{dense} {paged}"
    joints = [[f"{before}{after} {dense}" for after in _GAPS] for before in _GAPS]
    weave = _weave(found)
    seen = Counter(e.folded for e in found if len(e.folded) > 12)
    prose_total = sum(e.prose for e in found)
    ways = _ways(found)
    runs = _runs(found)
    groups = groups_of(found) if dense == "airy" else [""] * count
    owns = [signs_of(evidence.text) for evidence in found]
    signs = [(own.start, own.digits, evidence.sort) for own, evidence in zip(owns, found, strict=True)]
    alike = [_alike(signs, i) for i in range(count)]
    main = place(found, groups, alike)
    named = [_named(evidence) for evidence in found]
    known = _known(found, named, main)
    order, left, rank = _header(found, main)
    article = article_of(found, main)
    said = [_said(evidence, name) for evidence, name in zip(found, named, strict=True)]
    bared = [arabic.bare(evidence.folded) if evidence.folded else "" for evidence in found]
    titled = titles(found, bared)
    prose_before = 0
    opener, opened_at = "", -1
    since = "start"
    printed: set[str] = set()
    for i, evidence in enumerate(found):
        block = evidence.block
        rule = evidence.rule
        prose_after = prose_total - prose_before - evidence.prose
        distance = i - opened_at
        opened = opener + (" near" if distance <= 2 else " far" if distance > 12 else "") if opener else ""
        evidence.main = main[i]
        again = ""
        if seen.get(evidence.folded, 0) > 1:
            again = "later" if evidence.folded in printed else "first"
            printed.add(evidence.folded)
        again = titled.get(i, again)
        gap_after = found[i + 1].block.gap if i + 1 < count else 2
        twin_before = i > 0 and bared[i] != "" and bared[i] == bared[i - 1]
        twin_after = i + 1 < count and bared[i] != "" and bared[i] == bared[i + 1]
        own = owns[i]
        evidence.facts = (
            own.length,
            evidence.sort,
            evidence.label or "none",
            rule.name if rule is not None else "",
            own.end,
            own.start,
            own.digits,
            own.inside,
            own.script,
            joints[block.gap][gap_after],
            _PROSE[prose_before if prose_before < 2 else 2][prose_after if prose_after < 2 else 2],
            main[i],
            _way(ways[i]),
            groups[i],
            runs[i],
            alike[i],
            again,
            "both" if twin_before and twin_after else "before" if twin_before else "after" if twin_after else "",
            opened or "none",
            since,
            said[i - 1] if i else "edge",
            said[i + 1] if i + 1 < count else "edge",
            page,
            named[i],
            known[i],
            echo(evidence, main[i], article),
            order[i],
            left[i],
            rank[i],
            weave,
        )
        prose_before += evidence.prose
        if evidence.prose:
            since = "prose"
        elif evidence.sure and rule is not None and rule.part == NOISE and since != "start":
            since = "label"
        if rule is not None and rule.opens:
            opener, opened_at = (rule.kind or "") if rule.part == NOISE else "", i
        elif rule is not None and rule.closes:
            opener = ""


def _ways(found: list[Evidence]) -> list[int]:
    """For each block how many blocks there are to the next prose; 0 where none follows."""
    ways = [0] * len(found)
    way = 0
    for i in range(len(found) - 1, -1, -1):
        ways[i] = way
        way = 1 if found[i].prose else way + 1 if way else 0
    return ways


#: So many lines above the main stretch may be the header's.
HEAD: Final = 8


def _header(found: list[Evidence], main: list[str]) -> tuple[list[str], list[str], list[str]]:
    """For the lines above the main stretch: their order, how many are left to it, and which are the longest."""
    count = len(found)
    order, left, rank = [""] * count, [""] * count, [""] * count
    first = next((i for i, where in enumerate(main) if where in IN_MAIN), -1)
    if first < 0:
        return order, left, rank
    plain = [i for i in range(first + 1) if found[i].rule is None and found[i].moment is None]
    plain = plain[:-1] if plain and plain[-1] == first and found[first].prose else plain
    for n, i in enumerate(plain):
        order[i] = str(min(n, 4))
    for i in range(first):
        steps = first - 1 - i
        left[i] = str(steps) if steps <= 4 else "5-8" if steps <= HEAD else "far"
    close = sorted((len(found[i].text), -i) for i in plain if i > first - HEAD and not found[i].prose)
    if close:
        rank[-close[-1][1]] = "longest"
    if len(close) > 1:
        rank[-close[-2][1]] = "second"
    return order, left, rank


#: So many names are looked up in the rest of the page, and so many mentions of each.
NAMES, MENTIONS = 24, 20
#: The entries of a menu that name the outlet are so much longer than its name.
BESIDE: Final = 26


def _known(found: list[Evidence], named: list[str], main: list[str]) -> list[str]:
    """Which bare names are the outlet's: by their words, or since the page's menus, rights or first words say them again."""
    out = [""] * len(found)
    asked: dict[str, str] = {}
    for i, evidence in enumerate(found):
        if not named[i] or main[i] in ("ahead", "far", "beyond"):
            continue
        text = evidence.text.strip(names.AROUND)
        if " " in text and names.is_outlet(text):
            out[i] = "known"
        elif 5 <= len(text) <= names.NAME and not names.PARTS.search(text) and (text in asked or len(asked) < NAMES):
            if text not in asked:
                others = (j for j, e in enumerate(found) if j != i and text in e.text and e.folded != evidence.folded)
                named_so = any(_names_outlet(found[j], main[j], text) for j in islice(others, MENTIONS))
                asked[text] = "known" if named_so else ""
            out[i] = asked[text]
    return out


def _names_outlet(other: Evidence, where: str, name: str) -> bool:
    if where in IN_MAIN:
        return other.text.startswith(name)
    return other.sure or len(other.text) <= BESIDE + len(name) or other.text.endswith(f"- {name}")


def _said(evidence: Evidence, name: str) -> str:
    if evidence.prose and evidence.text[-1] == ":":
        return "announced"
    return evidence.label or (name if evidence.sort in ("short", "foreign") else "") or evidence.sort


def _named(evidence: Evidence) -> str:
    if evidence.sure or evidence.moment is not None or evidence.prose or len(evidence.text) > names.NAME + 6:
        return ""
    return names.credited(evidence.text)


def _way(way: int) -> str:
    return "none" if way == 0 else str(way) if way <= 3 else "4-6" if way <= 6 else "far"


def _runs(found: list[Evidence]) -> list[str]:
    """For each block how many short blocks without a rule and without a full stop stand together around it."""
    out = [""] * len(found)
    start = 0
    while start < len(found):
        end = start
        while end < len(found) and _listed(found[end]):
            end += 1
        size = end - start
        if size:
            step = "1" if size == 1 else "2-3" if size <= 3 else "4-7" if size <= 7 else "8+"
            out[start:end] = [step] * size
        start = max(end, start + 1)
    return out


def _listed(evidence: Evidence) -> bool:
    return not evidence.prose and not evidence.sure and evidence.text[-1] not in ".:؟" and len(evidence.text) <= SHORT


def _alike(signs: list[tuple[str, str, str]], i: int) -> str:
    """Whether neighbours share this line's bullet or number, its digits and its colon: "2", "1" or "0"; "" for plain lines."""
    sign = signs[i]
    if sign[2] in ("prose", "cut", "label") or not (sign[0] in ("*", "-", "1") or sign[1]):
        return ""
    return str((i > 0 and signs[i - 1] == sign) + (i + 1 < len(signs) and signs[i + 1] == sign))


def _weave(found: list[Evidence]) -> str:
    """Whether prose and headlines or dates take turns, as in a listing of teasers, or prose stands together."""
    turns = texts = together = 0
    was_text = False
    for before, evidence in itertools.pairwise(found):
        text = evidence.text
        is_text = len(text) >= SENTENCE and (evidence.prose or text.endswith(("...", "…")))
        if is_text:
            texts += 1
            together += was_text
            headed = before.moment is not None or (
                not before.prose and 20 <= len(before.text) <= SHORT and before.text[-1] not in ".؟:" and not before.sure
            )
            turns += headed and before.block.gap != SAME_LINE
        was_text = is_text
    if texts >= 3 and turns >= 0.75 * texts and together * 6 <= texts:
        return "woven"
    return "dated" if sum(e.moment is not None for e in found) >= 5 else ""
