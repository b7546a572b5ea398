"""Blocks to evidence: what each block shows by itself, and what the rest of the page corrects in that at once.

What stands around a block is added by `context`.

Nothing is decided here but one thing: a block that a rule catches outright (a rule that is not a ``hint``) can't be the
article's text.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from arabic_newsclean import arabic, dates
from arabic_newsclean.kept import compiled
from arabic_newsclean.lines import Block
from arabic_newsclean.model import NOISE, Rule
from arabic_newsclean.rules import SHORT, RuleSet

#: Function words that headlines and menus seldom hold and sentences seldom lack.
_PROSE_WORDS: Final = compiled(
    r" (?:أن|ان|إن|التي|الذي|الذين|كما|حيث|إلى|الى|بعد أن|قد|وقد|كان|كانت|وهو|وهي|ما|لم|لن|هذا|هذه|ذلك) "
)
#: A date that stands beside other words has at least so many digits.
_FIVE_DIGITS: Final = compiled(r"(?:\D*+\d){5}")
_ARABIC: Final = compiled("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")

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
    """What is known of one block: the rule that caught it and how, its date, the facts that `context` adds, and the
    look (a number in `walk.LOOKS`) that `places` gives it."""

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
    look: int = -1

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
    out = [_alone(text, block, rules) for block in found]
    if rules.base is not None:
        _spare(out, rules, rules.base)
    _keep_text(out)
    sequence = [evidence for evidence in out if not evidence.inline]
    _mark_item_dates(sequence)
    _mark_trailing(sequence)
    return out


def _spare(found: list[Evidence], rules: RuleSet, base: RuleSet) -> None:
    """Judge a line by the other rules where the learned one does not hold: between paragraphs, or outside of a strip."""
    noise = [evidence.sure and evidence.rule is not None and evidence.rule.part == NOISE for evidence in found]
    last = len(found) - 1
    for i, evidence in enumerate(found):
        if evidence.rule is None:
            continue
        amid_prose = 0 < i < last and found[i - 1].prose and found[i + 1].prose
        in_strip = (i == 0 or noise[i - 1]) and (i == last or noise[i + 1])
        name = evidence.rule.name
        if (name in rules.at_edges and amid_prose) or (name in rules.in_strips and not in_strip):
            found[i] = Evidence(evidence.block, evidence.text, *_at_sight(evidence.text, base))


def _alone(text: str, block: Block, rules: RuleSet) -> Evidence:
    piece = text[block.start : block.end]
    if block.rule is not None:
        return Evidence(block, piece, *_seen(piece, "", rules.by_name.get(block.rule), WITHIN, None))
    return Evidence(block, piece, *_at_sight(piece, rules))


class _Seen(NamedTuple):
    """What a line shows by itself, wherever it stands: what `Evidence` holds behind block and text."""

    folded: str
    rule: Rule | None
    how: str
    moment: dates.Moment | None
    label: str
    prose: bool
    sort: str


#: So many short lines are remembered: labels and menus are the same on every page of a site.
REMEMBERED: Final = 20_000


def _at_sight(piece: str, rules: RuleSet) -> _Seen:
    return _short(piece, rules) if len(piece) <= SHORT else _line(piece, rules)


@lru_cache(REMEMBERED)
def _short(piece: str, rules: RuleSet) -> _Seen:
    return _line(piece, rules)


def _line(piece: str, rules: RuleSet) -> _Seen:
    length = len(piece)
    rule: Rule | None = None
    how, folded, moment = "", "", None
    if length <= SHORT:
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
    return _seen(piece, folded, rule, how, moment)


def _seen(piece: str, folded: str, rule: Rule | None, how: str, moment: dates.Moment | None) -> _Seen:
    label = ""
    if rule is not None:
        label = (rule.kind or "body") + ("?" if rule.hint else "")
    elif moment is not None and _BILINGUAL.search(piece):
        label = "item-date"
    elif moment is not None:
        label = "date" if moment.end - moment.start >= len(piece) - 1 else "date?"
    plain = "" if label else arabic.unshaped(piece)
    strip = _is_strip(plain)
    prose = not strip and _is_prose(plain)
    sort = "strip" if strip else _sort(piece, label, prose=prose, dated=moment is not None)
    return _Seen(folded, rule, how, moment, label, prose, sort)


#: A month or a weekday in Latin letters beside Arabic ones or another calendar: today's date in a masthead.
_BILINGUAL: Final = compiled(
    r"(?=.*[\u0621-\u064a]{3}).*\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\b"
)


def _sort(text: str, label: str, *, prose: bool, dated: bool) -> str:
    """What a block is at first sight."""
    if label:
        if label == "item-date":
            return "item-date"
        return "date" if dated else "hint" if label.endswith("?") else "label"
    if not _ARABIC.search(text):
        return "foreign"
    if text.endswith(("...", "…")) and len(text) >= SENTENCE:
        return "teaser"  # machines cut with three dots; two are a writer's full stop
    if text.endswith(("...", "…", "..")) and not prose:
        return "dotted"
    stop = text[-1] in ".؟!?" or (text[-1] in '"”»)' and text[-2:-1] in (".", "؟", "!"))
    if prose:
        return "prose" if stop or text[-1] in '"”»:' else "cut"
    if text[-1] == ":":
        return "colon"
    if text[-1] in "؟?":
        return "question"
    return "stopped" if stop else "line" if len(text) >= 25 else "short"


def _partly_dated(piece: str) -> dates.Moment | None:
    """A date line that also names the section, the author or the outlet: محليات | 7-12-2021, 17:48."""
    if _FIVE_DIGITS.match(piece) is None:
        return None
    moment = dates.find(piece)
    if moment is None or moment.date is None:
        return None
    rest = f"{piece[: moment.start]} {piece[moment.end :]}"
    while (other := dates.find(rest)) is not None and other.date is not None:
        rest = f"{rest[: other.start]} {rest[other.end :]}"  # the date of the last change beside that of the first
    named = "|" in piece or "العدد" in piece or piece.startswith(_PUBLISHED)
    if not named and _DAILY.match(arabic.fold(rest)):
        return None
    fits = (
        len(rest) <= 45 and len(rest.split()) <= 8 if named else len(rest) <= 22 and moment.end - moment.start > 1.2 * len(rest)
    )
    return moment if fits else None


#: What headlines of every day begin with, folded: the date is a part of them (أسعار الذهب اليوم السبت 22 أفريل 2017).
_DAILY: Final = compiled(
    r"[*•#\- ]*(?:ابرز|اهم|اسعار|سعر|حاله|طقس|الطقس|توقعات|مواعيد|موعد|مواقيت|وفيات|عناوين|صحف|حظك|ابراج|برجك|نتائج|نتيجه|"
    r"جدول|برنامج|مباريات|تردد|قائمه|حصيله|موجز|ملخص|نشره|احوال|اخبار اليوم)\b"
)


def _is_strip(piece: str) -> bool:
    """Whether a line without any sign between them holds the headlines of several stories.

    Of the lines of 150 characters and more in the annotated dumps, none of the article's is like this, and nearly all that
    are a ticker's.

    >>> _is_strip("والي سنار يتفقد مشروع الري بالدندر " * 5), _is_strip("وزار الوالي مشروع الري، وتفقد سير العمل فيه. " * 5)
    (True, False)
    >>> _is_strip("وزار الوالي مشروع الري بالدندر " * 5 + "وتفقد العمل. ثم عاد"), _is_strip("https://example.org/" + "a" * 200)
    (False, False)
    """
    length = min(len(piece), SEEN)
    if length < STRUNG or piece[-1] in _ENDS or "،" in piece or ", " in piece or "؛" in piece:
        return False
    if _FULL_STOP.search(piece) or not _ARABIC.search(piece):
        return False
    return len(_JOINTS.findall(piece, 0, length)) * JOINED < length


#: Headlines that stand in one line are together at least so long, and have a joint every so many characters at most.
STRUNG, JOINED = 150, 125
#: So much of a line shows whether it has joints.
SEEN: Final = 4000
_ENDS: Final = '.؟!?…"”»:'
_FULL_STOP: Final = compiled(r"(?<!\.)\.[\s)]")
_JOINTS: Final = compiled(
    r"(?<=\s)(?:أن|ان|إن|التي|الذي|الذين|كما|حيث|قد|وقد|كان|كانت|وهو|وهي|ما|لم|لن|هذا|هذه|ذلك|أو|ثم|لا)(?=\s)"
)


def _is_prose(piece: str) -> bool:
    """Whether a piece reads like sentences: long and stopped, or longer and with the joints of a sentence."""
    length = len(piece)
    if piece.endswith(("...", "…")) or length < SENTENCE or not _ARABIC.search(piece):
        return False
    stopped = "." in piece[-3:] or piece[-1] in "؟!"
    if stopped:
        return length >= PROSE_LENGTH or "،" in piece or _PROSE_WORDS.search(piece) is not None
    return length >= PROSE_LENGTH and ("،" in piece or ", " in piece or _PROSE_WORDS.search(piece) is not None)


def _keep_text(found: list[Evidence]) -> None:
    """Take lines that look like strips for prose where a page has no other: some write without any comma or full stop."""
    if any(evidence.prose for evidence in found):
        return
    for evidence in found:
        if evidence.sort == "strip" and _is_prose(arabic.unshaped(evidence.text)):
            evidence.prose, evidence.sort = True, _sort(evidence.text, "", prose=True, dated=False)


#: So many paragraphs that trail off, one upon the other, are a writer's way and no teasers.
TRAILING: Final = 2


#: A machine cuts teasers to one length, give or take a word.
WORD: Final = 24


def cut_alike(run: list[Evidence]) -> bool:
    """Whether lines that trail off are all of one length, or of as many words: a machine cut them, and not a writer."""
    if len(run) <= TRAILING:
        return False
    lengths = [len(evidence.text) for evidence in run]
    words = [evidence.text.count(" ") for evidence in run]
    return max(lengths) - min(lengths) <= WORD or max(words) == min(words)


def _mark_trailing(found: list[Evidence]) -> None:
    """Take paragraphs that end in dots for prose where the page has little other prose: some writers end all of theirs so."""
    runs = [list(run) for is_teaser, run in itertools.groupby(found, key=lambda e: e.sort in ("teaser", "dotted")) if is_teaser]
    trailing = [evidence for run in runs if len(run) >= TRAILING and not cut_alike(run) for evidence in run]
    if sum(len(e.text) for e in trailing) > sum(len(e.text) for e in found if e.sort == "prose"):
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
        elif evidence.rule is not None and evidence.rule.closes:
            opener = ""
        elif evidence.sort == "date" and prose and opener in ("related", "ticker") and i - at <= ITEM_DATES:
            evidence.sort = evidence.label = "item-date"


#: How many blocks below a label of other stories a date is still theirs.
ITEM_DATES: Final = 30
