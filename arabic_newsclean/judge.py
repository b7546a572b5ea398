"""Blocks to evidence: what each block shows by itself, and what stands around it.

Evidence is a tuple of small facts, one value for each name in `FACTS`; `settle` weighs them. Nothing is decided here
but one thing: a block that a rule catches outright (a rule that is not a ``hint``) can't be the article's text.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from arabic_newsclean import arabic, dates, names
from arabic_newsclean.lines import SAME_LINE, Block
from arabic_newsclean.model import NOISE, Rule
from arabic_newsclean.rules import SHORT, RuleSet

#: The names of the facts, in the order in which `judge` gives their values.
FACTS: Final = (
    "length",  # how long, in steps
    "sort",  # what it is at first sight, as `_sort` names it: label, date, prose, teaser, question, short line …
    "label",  # the kind of the rule that caught it, "?" behind it for a hint; or date, or nothing
    "end",  # how it ends: a full stop, a question, a colon, an ellipsis, nothing
    "start",  # what it starts with: a bullet, a dash, a number, a quote, a verb of saying
    "digits",  # whether it holds digits, and a colon between words
    "inside",  # commas and full stops inside, in steps
    "script",  # Arabic, mixed, Latin, no letters
    "joint",  # printed on the line of the block before; after a blank line; without one; whether one follows
    "prose",  # whether prose stands before and after it, in steps
    "main",  # where it stands to the stretch of the dump that holds most of the prose
    "way",  # how many blocks to the next prose
    "group",  # whether the lines printed together with it make a paragraph that links broke, or not
    "run",  # how many short blocks without a full stop stand together here
    "alike",  # whether the lines before and after are built like it: a list
    "again",  # whether the same words stand elsewhere in the dump
    "opened",  # the kind of the last label above that opens a block, and how far it is
    "before",  # the label or the sort of the block before
    "after",  # the label or the sort of the block after
    "page",  # what the whole dump looks like: with page numbers, dense or with blank lines
    "name",  # whether it names a person, an outlet, both, or may be a name
    "echo",  # how many of its words the main stretch says
    "weave",  # whether prose and headlines take turns, as in a listing
)

#: Verbs and connectives that open a sentence of news, folded.
OPENERS: Final = frozenset(
    arabic.fold(word)
    for word in (
        "قال قالت وقال وقالت أعلن أعلنت وأعلن وأعلنت أكد أكدت وأكد وأكدت أضاف وأضاف وأضافت وأوضح وأوضحت أوضح كشف كشفت "
        "وكشف وأشار وأشارت أشار وذكر وذكرت ذكر وتابع وتابعت ولفت ولفتت وشدد وشددت وبين وبينت كما وكان وكانت كان كانت "
        "وجاء وجاءت يذكر ويذكر يشار ويشار وفي ومن وعن وعلى وبحسب ووفق ولم ولا وقد إن وإن أن ويأتي وتأتي ويرى وترى ويقول "
        "وتقول يقول تقول وأفاد أفاد أفادت وأفادت من_جهته من_جانبه شهد شهدت نفى نفت دعا دعت طالب طالبت حذر حذرت وحذر "
        "وطالب ودعا بحث افتتح نظمت أقامت"
    ).split()
)

#: Function words that headlines and menus seldom hold and sentences seldom lack.
_PROSE_WORDS: Final = re.compile(
    r" (?:أن|ان|إن|التي|الذي|الذين|كما|حيث|إلى|الى|بعد أن|قد|وقد|كان|كانت|وهو|وهي|ما|لم|لن|هذا|هذه|ذلك) "
)
_STOPS: Final = re.compile(r"[.؟!:][\s\"”»)]")
_BULLET: Final = re.compile(r"[*•·●■□▪◾○+■#]")
_NUMBER: Final = re.compile(r"[\d٠-٩(]")
_ARABIC: Final = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN: Final = re.compile(r"[A-Za-zÀ-ÿ]")
_STEPS: Final = (4, 13, 25, 45, 70, 100, 150, 250, 500)
_PAGES: Final = re.compile(r"[\d ‹›«».…]{1,40}")

#: A block at least this long with a comma, a full stop or the words of a sentence is prose.
PROSE_LENGTH: Final = 90
#: A stopped sentence with a comma or the words of a sentence is prose from this length.
SENTENCE: Final = 55


#: A line longer than this holds more than a notice: half a page, or a whole one.
PAGE: Final = 700
#: Date lines are no longer than this.
DATED: Final = 110
_PUBLISHED: Final = ("نشر", "تم النشر", "مرسلة", "بواسطة", "كتب", "أضيف", "اضيف", "آخر تحديث", "اخر تحديث")


#: How a rule met a block that was cut out of a line; the other ways are in `rules`.
WITHIN: Final = "within"


@dataclass(slots=True)
class Evidence:
    """What is known of one block: the rule that caught it and how, its date, and its facts in the order of `FACTS`."""

    block: Block
    text: str
    folded: str
    rule: Rule | None
    how: str
    moment: dates.Moment | None
    label: str = ""
    prose: bool = False
    sort: str = ""
    main: str = ""
    facts: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether a rule caught the block outright."""
        return self.rule is not None and not self.rule.hint

    @property
    def inline(self) -> bool:
        """Whether the block was cut out of a line by an inline rule: it stands outside the page's sequence."""
        return self.how == WITHIN


def judge(text: str, found: list[Block], rules: RuleSet) -> list[Evidence]:
    """The evidence for every block of a dump, in order."""
    all_evidence = [_alone(text, block, rules) for block in found]
    _together([e for e in all_evidence if not e.inline])
    return all_evidence


def _alone(text: str, block: Block, rules: RuleSet) -> Evidence:
    piece = text[block.start : block.end]
    length = len(piece)
    rule: Rule | None = None
    how, folded, moment = "", "", None
    if block.rule is not None:
        rule, how = rules.by_name.get(block.rule), WITHIN
    elif length <= SHORT:
        folded = arabic.fold(piece)
        match = rules.by_words(folded)
        if match is None and length <= DATED:
            moment = dates.find_line(piece) or _partly_dated(piece)
        if match is None and (moment is None or moment.date is None):
            match = rules.by_pattern(folded)
        if match is not None:
            rule, how = match
            moment = None
    elif length <= PAGE and (match := rules.match(piece)) and match[0].part == NOISE:
        rule, how = match  # a notice in many words; a name or a date is never so long
    evidence = Evidence(block, piece, folded, rule, how, moment)
    if rule is not None:
        evidence.label = (rule.kind or "body") + ("?" if rule.hint else "")
    elif moment is not None and _BILINGUAL.search(piece):
        evidence.label = "item-date"
    elif moment is not None:
        evidence.label = "date" if moment.end - moment.start >= length - 1 else "date?"
    evidence.prose = rule is None and moment is None and _is_prose(arabic.unshaped(piece))
    evidence.sort = _sort(evidence)
    return evidence


#: A month or a weekday in Latin letters beside Arabic ones or another calendar: today's date in a masthead.
_BILINGUAL: Final = re.compile(
    r"(?=.*[\u0621-\u064a]{3}).*\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\b"
)


def _sort(evidence: Evidence) -> str:
    """What a block is at first sight."""
    if evidence.label:
        if evidence.label == "item-date":
            return "item-date"
        return "date" if evidence.moment else "hint" if evidence.label.endswith("?") else "label"
    text = evidence.text
    if not _ARABIC.search(text):
        return "foreign"
    if text.endswith(("...", "…", "..")):
        return "teaser" if len(text) >= SENTENCE else "dotted"
    stop = text[-1] in ".؟!?" or (text[-1] in '"”»)' and text[-2:-1] in (".", "؟", "!"))
    if evidence.prose:
        return "prose" if stop or text[-1] in '"”»:' else "cut"
    if text[-1] == ":":
        return "colon"
    if text[-1] in "؟?":
        return "question"
    return "stopped" if stop else "line" if len(text) >= 25 else "short"


def _partly_dated(piece: str) -> dates.Moment | None:
    """A date line that also names the section, the author or the outlet: محليات | 7-12-2021, 17:48."""
    if sum(map(str.isdigit, piece)) < 5:
        return None
    moment = dates.find(piece)
    if moment is None or moment.date is None:
        return None
    rest = f"{piece[: moment.start]} {piece[moment.end :]}"
    named = "|" in piece or "العدد" in piece or piece.startswith(_PUBLISHED)
    fits = (
        len(rest) <= 45 and len(rest.split()) <= 8 if named else len(rest) <= 22 and moment.end - moment.start > 1.2 * len(rest)
    )
    return moment if fits else None


def _is_prose(piece: str) -> bool:
    """Whether a piece reads like sentences: long and stopped, or longer and with the joints of a sentence."""
    length = len(piece)
    if piece.endswith(("...", "…")) or length < SENTENCE or not _ARABIC.search(piece):
        return False
    stopped = "." in piece[-3:] or piece[-1] in "؟!"
    if stopped:
        return length >= PROSE_LENGTH or "،" in piece or _PROSE_WORDS.search(piece) is not None
    return length >= PROSE_LENGTH and ("،" in piece or ", " in piece or _PROSE_WORDS.search(piece) is not None)


def _together(found: list[Evidence]) -> None:
    """Fill in the facts, now that every block's own evidence is known."""
    _mark_item_dates(found)
    _mark_trailing(found)
    count = len(found)
    blank_lines = sum(e.block.gap in (1, 2) for e in found)
    dense = "dense" if blank_lines * 4 < count else "airy"
    paged = "pages" if sum(_PAGES.fullmatch(e.text) is not None for e in found) >= 3 else "plain"
    page = f"{dense} {paged}"
    weave = _weave(found)
    seen = Counter(e.folded for e in found if len(e.folded) > 12)
    prose_total = sum(e.prose for e in found)
    ways = [0] * count
    way = 0
    for i in range(count - 1, -1, -1):
        ways[i] = way
        way = 1 if found[i].prose else way + 1 if way else 0
    runs = _runs(found)
    groups = _groups(found) if dense == "airy" else [""] * count
    signs = [(_start(evidence), _digits(evidence), evidence.sort) for evidence in found]
    alike = [_alike(signs, i) for i in range(count)]
    main = _main(found, groups, alike)
    named = [_named(evidence) for evidence in found]
    article = _article(found, main)
    titles = _titles(found)
    prose_before = 0
    opener, opened_at = "", -1
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
        if i in titles:
            again = "title"
        gap_after = found[i + 1].block.gap if i + 1 < count else 2
        evidence.facts = (
            _length(len(evidence.text)),
            evidence.sort,
            evidence.label,
            _end(evidence.text),
            signs[i][0],
            signs[i][1],
            _inside(evidence.text),
            _script(evidence.text),
            f"{min(block.gap, 1) if block.gap != SAME_LINE else 3}{min(gap_after, 1) if gap_after != SAME_LINE else 3} {dense}",
            f"{min(prose_before, 2)} {min(prose_after, 2)}",
            main[i],
            _way(ways[i]),
            groups[i],
            runs[i],
            alike[i],
            again,
            opened,
            _neighbour(found[i - 1]) if i else "edge",
            _neighbour(found[i + 1]) if i + 1 < count else "edge",
            page,
            named[i],
            _echo(evidence, main[i], article),
            weave,
        )
        prose_before += evidence.prose
        if rule is not None and rule.opens:
            opener, opened_at = (rule.kind or "") if rule.part == NOISE else "", i


def _named(evidence: Evidence) -> str:
    if evidence.sure or evidence.moment is not None or evidence.prose or len(evidence.text) > names.NAME + 6:
        return ""
    return names.credited(evidence.text)


#: How a page's title ends after the headline: a sign and the site's name.
_TITLE_ENDS: Final = (" - ", " | ", " :: ", " » ", " / ")


def _titles(found: list[Evidence]) -> set[int]:
    """The page's title among its first lines (the headline, a sign, the site's name), and where the headline stands alone."""
    out: set[int] = set()
    for i, evidence in enumerate(found[:3]):
        if not any(sign in evidence.folded for sign in _TITLE_ENDS):
            continue
        for j, other in enumerate(found):
            key = arabic.bare(other.folded)
            if (
                j != i
                and len(key) >= 12
                and evidence.folded.startswith(key)
                and evidence.folded[len(key) :].startswith(_TITLE_ENDS)
            ):
                out |= {i, j}
    return out


_WORD: Final = re.compile("[\u0621-\u064a]{4,}")
_PREFIX: Final = re.compile("^(?:وال|بال|فال|كال|لل|ال|و|ب|ل|ف|ك)(?=[\u0621-\u064a]{3})")
_COMMON: Final = frozenset("التي الذي الذين خلال بعد هذه هذا ذلك أكثر اليوم حول على إلى".split())


def _article(found: list[Evidence], main: list[str]) -> str:
    """The text of the stretch that holds most of the prose."""
    said = "\n".join(e.text for e, place in zip(found, main, strict=True) if place in IN_MAIN)
    return arabic.unshaped(said[:ECHOED])


#: So much of the article is searched for the words of other lines.
ECHOED: Final = 8000


#: Where a block stands that belongs to the stretch with most of the prose.
IN_MAIN: Final = frozenset(("first", "in", "last", "only"))


def _echo(evidence: Evidence, place: str, article: str) -> str:
    """How many of a line's words the main stretch says (once more, for a line inside it): headlines and captions echo it."""
    if evidence.sure or evidence.moment is not None or not article or (evidence.prose and place in IN_MAIN):
        return ""
    words = [_PREFIX.sub("", word) for word in _WORD.findall(arabic.unshaped(evidence.text[:SHORT])) if word not in _COMMON]
    if len(words) < 2:
        return ""
    own = 1 if place in IN_MAIN else 0
    share = sum(article.count(word) > own for word in words) / len(words)
    return "none" if share == 0 else "few" if share < 0.34 else "half" if share < 0.67 else "most"


#: So many paragraphs that trail off, one upon the other, are a writer's way and no teasers.
TRAILING: Final = 2


#: A machine cuts teasers to one length, give or take a word.
WORD: Final = 20


def cut_alike(run: list[Evidence]) -> bool:
    """Whether lines that trail off are all of one length: a machine cut them, and not a writer."""
    lengths = [len(evidence.text) for evidence in run]
    return len(run) > TRAILING and max(lengths) - min(lengths) <= WORD


def _mark_trailing(found: list[Evidence]) -> None:
    """Take paragraphs that end in dots for prose where the page has little other prose: some writers end all of theirs so."""
    runs = [list(run) for is_teaser, run in itertools.groupby(found, key=lambda e: e.sort in ("teaser", "dotted")) if is_teaser]
    trailing = [evidence for run in runs if len(run) >= TRAILING and not cut_alike(run) for evidence in run]
    if sum(len(e.text) for e in trailing) > sum(len(e.text) for e in found if e.prose):
        for evidence in trailing:
            evidence.prose = len(evidence.text) >= SENTENCE
            evidence.sort = "prose" if evidence.prose else "stopped"


def _mark_item_dates(found: list[Evidence]) -> None:
    """Give a date that stands under another story's headline a sort of its own: it is not the article's."""
    prose = False
    opener, at = "", 0
    for i, evidence in enumerate(found):
        prose = prose or evidence.prose
        if evidence.rule is not None and evidence.rule.opens:
            opener, at = evidence.rule.kind or "", i
        elif evidence.sort == "date" and prose and opener in ("related", "ticker") and i - at <= ITEM_DATES:
            evidence.sort = evidence.label = "item-date"


#: How many blocks below a label of other stories a date is still theirs.
ITEM_DATES: Final = 30


def _length(length: int) -> str:
    for step, limit in enumerate(_STEPS):
        if length < limit:
            return str(step)
    return str(len(_STEPS))


def _end(piece: str) -> str:
    last = piece[-1]
    if last in "\"”»)'" and len(piece) > 1:
        last = piece[-2] if piece[-2] in ".؟!…" else ")" if last == ")" else '"'
    if last == "." or last == "…":
        return "..." if last == "…" or piece.endswith(("...", "..")) else "."
    return last if last in '؟!:)"،' else "?" if last == "?" else "#" if last.isdigit() else ""


def _start(evidence: Evidence) -> str:
    first = evidence.text[0]
    if _BULLET.match(first):
        return "#" if evidence.text.startswith("# ") else "*"
    if first in "-–—":
        return "-"
    if _NUMBER.match(first):
        return "1"
    if first in '"“«”':
        return '"'
    if first in "،,.؛:)":
        return "،"
    word = evidence.text[:20].split(None, 1)[0]
    return "verb" if arabic.fold(word) in OPENERS else ""


def _inside(piece: str) -> str:
    commas = min(piece.count("،") + piece.count(", "), 2)
    stops = min(len(_STOPS.findall(piece, 0, 600)), 2)
    return f"{commas} {stops}"


def _script(piece: str) -> str:
    has_arabic = _ARABIC.search(piece) is not None
    has_latin = _LATIN.search(piece) is not None
    return ("mixed" if has_latin else "") if has_arabic else "latin" if has_latin else "none"


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


#: Kinds of labels that the article does not go on after, mostly.
_ENDERS: Final = frozenset(("comments", "ticker", "tags", "legal", "navigation", "related", "share", "promo"))


#: A stretch of prose is the article's with some certainty from this mass on.
MAIN: Final = 150
#: How many blocks before and after that stretch may still belong to it.
NEAR: Final = 8
#: From so many blocks after it nothing does.
FAR: Final = 30


#: What stands above the teaser of another story: its headline or its date.
_TEASED: Final = frozenset(("line", "date", "teaser"))


def _mass(evidence: Evidence, before: Evidence | None, group: str) -> int:
    """How much a block weighs as text of an article: its length if it is prose, less than nothing if it is a label."""
    length = len(evidence.text)
    match evidence.sort:
        case "label":
            return -50 if evidence.label in _ENDERS else -20
        case "hint" | "date":
            return -15
        case "teaser":
            return -min(length, 100)
        case "cut" if length < 300 and before is not None and (before.sort in _TEASED or before.label in ("related", "ticker")):
            return -20
        case "prose" | "cut":
            return min(length, 400)
        case "stopped" | "question" | "colon":
            return length if length > 60 else length // 2 if length > 12 else 0
    return length // 2 if group == "prose" else -15


def _main(found: list[Evidence], groups: list[str], alike: list[str]) -> list[str]:
    """Where each block stands to the stretch of blocks whose masses have the greatest sum."""
    best = total = 0
    start, first, last = 0, -1, -1
    before: Evidence | None = None
    paragraphs, closed = 0, False
    for i, evidence in enumerate(found):
        if total <= 0:
            total, start = 0, i
        mass = _mass(evidence, before, groups[i])
        if mass < 0 and paragraphs and alike[i] in ("1", "2") and evidence.sort in ("short", "line"):
            mass = len(evidence.text) // 3  # scores, prices and line-ups between paragraphs
        paragraphs += evidence.prose
        closed = closed or (paragraphs >= 2 and evidence.sure and evidence.label == "comments")
        total += mass // 4 if closed and mass > 0 else mass  # what readers write, and the rules they write by
        if total > best:
            best, first, last = total, start, i
        before = evidence
    if best < MAIN:
        return ["none"] * len(found)
    out = ["ahead"] * (first - NEAR) + ["before"] * min(first, NEAR) + ["in"] * (last - first + 1)
    rest = len(found) - len(out)
    out += ["after"] * min(rest, NEAR) + ["beyond"] * min(rest - NEAR, FAR - NEAR) + ["far"] * (rest - FAR)
    for at, name in ((last, "last"), (first, "first"), (first - 1, "above"), (last + 1, "below")):
        if 0 <= at < len(out):
            out[at] = name
    if first == last:
        out[first] = "only"
    return out


def _groups(found: list[Evidence]) -> list[str]:
    """For each block whether the lines printed without a blank line around it end like a paragraph ("prose") or not."""
    out = [""] * len(found)
    start = 0
    while start < len(found):
        end = start + 1
        while end < len(found) and found[end].block.gap in (0, SAME_LINE):
            end += 1
        if end - start > 1:
            members = found[start:end]
            length = sum(len(e.text) for e in members)
            plain = not any(e.sure or e.moment for e in members)
            stopped = members[-1].text[-1] in ".؟!" or members[-1].text.endswith(('."', ".”", ".»"))
            broken = sum(e.sort in ("short", "line", "cut") for e in members[:-1]) * 2 >= len(members) - 1
            prose = plain and stopped and broken and length >= 100
            out[start:end] = ["prose" if prose else "lines"] * (end - start)
        start = end
    return out


def _listed(evidence: Evidence) -> bool:
    return not evidence.prose and not evidence.sure and evidence.text[-1] not in ".:؟" and len(evidence.text) <= SHORT


def _neighbour(evidence: Evidence) -> str:
    return evidence.label or evidence.sort


def _digits(evidence: Evidence) -> str:
    text = evidence.text if len(evidence.text) <= SHORT else ""
    digits = sum(map(str.isdigit, text))
    colon = ":" if ": " in text or " :" in text else ""
    return f"{'many' if digits * 3 > len(text) else 'some' if digits else ''}{colon}" if text else "long"


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
