"""Text to blocks: the pieces of a dump that are judged, each with its place in the text.

A block is a line, mostly. Three shapes of dump need more: hard-wrapped lines are put together again, lines that an
inline link broke are joined where the grammar leaves no doubt, and a long line is cut where another part may begin.
A cut decides nothing: each piece is judged, and what stands between two pieces goes with one of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from arabic_newsclean import arabic, dates
from arabic_newsclean.kept import compiled
from arabic_newsclean.rules import BULLETS, LINE, PHRASE, Anchored, Inline, RuleSet
from arabic_newsclean.rules.labels import Labels

Span = tuple[int, int]


@dataclass(slots=True)
class Block:
    """A piece of the dump: ``text[start:end]`` without white space around it.

    ``gap`` is how many blank lines stand before it (0 to 2; 3 for a piece of the same line as the block before),
    ``lines`` how many lines it was printed on, ``rule`` the name of an inline rule that cut it out.
    """

    start: int
    end: int
    gap: int
    lines: int = 1
    rule: str | None = None


#: A block that goes on from the block before it on the same line has this gap.
SAME_LINE: Final = 3

#: Lines of a hard-wrapped dump end near a common width within these bounds.
WRAP_WIDTHS: Final = range(56, 101)

#: Lines at least this long are searched for places where another part begins.
LONG: Final = 160

_CONTINUES: Final = compiled(r"[،,؛.:)\]»”]")
_OPENS: Final = ("،", ",", "(", "«", "“", "[")
_BULLET: Final = compiled(r"\s*(?:[-*•·●■□▪+#]|\d+[-.)/])\s")
_CODE: Final = compiled(
    r"\[IMG\][^\[\]\n]{0,300}\[/IMG\]|\[[A-Za-z]{1,9}=[^\[\]\n]{0,60}\]|"
    r"\[/?(?i:b|i|u|s|img|url|link|email|quote|code|color|size|font|center|left|right|justify|align|list|indent|highlight|"
    r"video|youtube|media|flash|table|tr|td|hr|object|ltr|rtl|sup|sub|svg|logo)\]|"
    r"</?(?:p|br|div|span|strong|b|i|em|u|h[1-6]|a|img|ul|ol|li|font|center|blockquote)(?:\s[^<>\n]{0,200})?/?>"
)
#: What codes begin with.
_CODED: Final = "[<"


def blocks(text: str, rules: RuleSet | None = None, heads: Heads | None = None) -> list[Block]:
    """Cut a text into blocks, in order. The ``rules`` know the phrases that open foreign text inside a line.

    In a line that holds a page, ``heads`` says where headlines and sentences begin that only spaces join.

    >>> [(b.start, b.end, b.gap) for b in blocks("سياسة\\n\\nعنوان الخبر\\n")]
    [(0, 5, 0), (7, 18, 1)]
    >>> [b.lines for b in blocks("وقال المدير في تصريح لـ\\n«الصحيفة»\\n، إن العمل مستمر.")]
    [3]
    """
    found = list(_lines(text))
    loose = len(found) > FEW and all(block.gap for block in found[1:])  # a blank line after every line says nothing
    for block in found[1:]:
        block.gap -= loose
    if wrap := wrapping(text, found):
        found = _rewrap(text, found, *wrap)
    found = _rejoin(text, found, rules)
    for block in found[1:]:
        block.gap += loose
    known = rules.inline if rules else ()
    anchored = Anchored(text)
    places = sorted((at, number) for number, phrase in enumerate(known) for at in phrase.places(anchored))
    whole = max((block.end - block.start for block in found), default=0)
    coded = any(sign in text for sign in _CODED)
    page = whole if whole >= PAGE and 2 * whole >= len(text) else len(text) + 1
    out: list[Block] = []
    for above, block in enumerate(found):
        piece = text[block.start : block.end]
        phrases = _within(block, places, known) if places else []
        if len(piece) >= page and rules:
            cuts = _page_cuts(text, block, rules.labels, heads, headed=0 < above <= HEAD)
            out.extend(_pieces(text, block, [*_cuts(text, block, phrases, rules), *cuts]))
        elif len(piece) < LONG and not phrases and not _may_begin_dated(piece) and not (coded and _CODE.search(piece)):
            out.append(block)
        else:
            out.extend(_pieces(text, block, _cuts(text, block, phrases, rules)))
    return out


def _within(block: Block, places: list[tuple[int, int]], known: Sequence[Inline]) -> list[Inline]:
    """The phrases that stand in a block, in the order of the rules, by the places where they stand in the text."""
    inside = places[bisect_left(places, (block.start, 0)) : bisect_left(places, (block.end, 0))]
    return [known[number] for number in sorted({number for _, number in inside})]


#: With fewer lines a blank line between all of them is as it should be.
FEW: Final = 8

#: A line that holds half of the dump is the page itself from this length on.
PAGE: Final = 500


def _lines(text: str) -> Iterator[Block]:
    """Every line that is not blank, stripped, as a block."""
    position, gap = 0, 0
    for line in text.split("\n"):
        stripped = line.strip(_SPACE)
        if stripped:
            start = position + line.index(stripped[0])
            yield Block(start, start + len(stripped), min(gap, 2))
            gap = 0
        else:
            gap += 1
        position += len(line) + 1


#: White space and the invisible marks that `str.strip` leaves standing.
_SPACE: Final = " \n" + arabic.SPACES + arabic.INVISIBLE


def wrapping(text: str, found: list[Block]) -> tuple[int, list[int]] | None:
    """The column a dump was hard-wrapped at, and the length of each line; nothing where it was not.

    A line that a greedy wrapper ended could not have held the next line's first word. Where most long lines that have a
    next line are like that, and nearly none is longer than the width, the dump is wrapped. Some wrappers count the marks
    above and below letters, some don't.

    >>> wrapping("سطر", blocks("سطر"))
    """
    followed = sum(after.gap == 0 and block.end - block.start > SOFT for block, after in pairwise(found))
    long = sum(block.end - block.start > 2 * WRAP_WIDTHS[-1] for block in found)
    if followed < WRAPPED or long > _stray(found):
        return None
    spans = [(_line_start(text, block), block.end) for block in found]
    counted = [end - start for start, end in spans]
    if width := _width(text, found, counted):
        return width, counted
    if _NO_COLUMN.search(text) is None:
        return None
    lengths = [_columns(text[a:b]) if b - a <= 2 * WRAP_WIDTHS[-1] else b - a for a, b in spans]
    width = _width(text, found, lengths)
    return (width, lengths) if width else None


def _stray(lines: Sized) -> float:
    """How many lines of a wrapped dump may be longer than its width."""
    return 1 + 0.03 * len(lines)


def _width(text: str, found: list[Block], lengths: list[int]) -> int:
    fitting = sorted({length for length in lengths if length in WRAP_WIDTHS}, reverse=True)
    for width in fitting[:CANDIDATES]:
        if sum(length > width for length in lengths) > _stray(lengths):
            break
        soft = hard = 0
        for length, after in zip(lengths, found[1:], strict=False):
            if after.gap == 0 and 0.7 * width <= length <= width and not _BULLET.match(text, after.start):
                if length + 1 + _first_word_length(text, after) > width:
                    soft += 1
                else:
                    hard += 1
        if soft >= WRAPPED and soft >= 4 * hard:
            return width
    return 0


#: A wrapped dump has so many full lines, each of more than half of the narrowest width.
WRAPPED, SOFT = 3, WRAP_WIDTHS[0] // 2
#: A few lines may stick out of a wrapped dump (addresses, footers): so many widths are tried.
CANDIDATES: Final = 5
_NO_COLUMN: Final = compiled(f"[{arabic.MARKS}{arabic.INVISIBLE}]+")


def _columns(line: str) -> int:
    """How many columns a line takes where marks take none."""
    return len(_NO_COLUMN.sub("", line))


def _line_start(text: str, block: Block) -> int:
    return text.rfind("\n", 0, block.start) + 1


def _first_word_length(text: str, block: Block) -> int:
    return len(text[block.start : min(block.end, block.start + 40)].split(None, 1)[0])


def _rewrap(text: str, found: list[Block], width: int, lengths: list[int]) -> list[Block]:
    """Put the lines of wrapped paragraphs together again."""
    out: list[Block] = []
    last = 0
    for block, length in zip(found, lengths, strict=True):
        full = 0.7 * width <= last <= width and last + 1 + _first_word_length(text, block) > width
        if out and block.gap == 0 and full and not _BULLET.match(text, block.start, block.end):
            out[-1].end = block.end
            out[-1].lines += 1
        else:
            out.append(block)
        last = length
    return out


def _rejoin(text: str, found: list[Block], rules: RuleSet | None) -> list[Block]:
    """Join a line with the next where it can't have ended there: an inline link or bold face broke the paragraph."""
    out: list[Block] = []
    for block in found:
        if out and block.gap == 0 and _goes_on(text, out[-1], block) and not _is_label(text, out[-1], rules):
            out[-1].end = block.end
            out[-1].lines += block.lines
        else:
            out.append(block)
    return out


def _is_label(text: str, block: Block, rules: RuleSet | None) -> bool:
    """Whether a short line is a label that happens to end in an open word: تابعنا عبر."""
    return rules is not None and block.end - block.start < LABEL and rules.match(text[block.start : block.end]) is not None


#: A label is shorter than this.
LABEL: Final = 25


def _goes_on(text: str, one: Block, other: Block) -> bool:
    last = text[one.end - 1]
    if last in ".؟!…":
        return False
    if _CONTINUES.match(text, other.start):
        return other.end - other.start > 1 or text[other.start] in ".،"
    if last in _OPENS:
        return True
    tail = text[max(one.start, one.end - 12) : one.end].rsplit(None, 1)[-1]
    return tail in arabic.OPEN_WORDS and one.end - one.start > len(tail)


def _pieces(text: str, block: Block, cuts: Iterable[tuple[int, int, str]]) -> Iterator[Block]:
    """Cut one block where other text may begin. A separator between two pieces belongs to neither."""
    position, gap = block.start, block.gap
    for start, end, rule in sorted(cuts):
        if start < position:
            continue
        if piece := _stripped(text, position, start):
            yield Block(*piece, gap, block.lines)
            gap = SAME_LINE
        if rule != SEPARATOR and (piece := _stripped(text, start, end)):
            yield Block(*piece, gap, 1, rule or None)
            gap = SAME_LINE
        position = end
    if piece := _stripped(text, position, block.end):
        yield Block(*piece, gap, block.lines)


def _stripped(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    stripped = piece.strip(_SPACE)
    if not stripped:
        return None
    start += piece.index(stripped[0])
    return start, start + len(stripped)


#: What a cut that is a separator is called in place of a rule; "" is a piece of its own that no rule has named.
SEPARATOR: Final = "separator"

_GAP: Final = compiled(r"[ \u00a0]{3,}")
_SIGNS: Final = "|•●·"
_SIGN: Final = compiled(rf"\s[{_SIGNS}]\s")
_LATIN: Final = compiled("[A-Za-z]{3}")
#: An outlet's name between headlines is looked for in so many characters of a line.
NAMED: Final = 6000
_LATIN_WORD: Final = compiled(r"(?<=\s)[A-Za-z]{3,20}(?=\s|$)")
#: A crawler's or a site's date in front of the text on the same line.
_DATE_FIRST: Final = compiled(
    r"(?:date\s+)?\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{2,4}(?:\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s*(?:ص|م|AM|PM)(?=\s))?)?|\s+\d{1,2}:\d{2})(?=\s)"
)
#: A publication line inside a line that holds the whole page.
_PUBLISHED: Final = compiled(
    r"(?:تاريخ النشر|تم النشر|نشر في|نشر بتاريخ|نشرت في)\b[^\n.]{0,48}?"
    r"\d{1,4}\s?[-/]\s?\d{1,2}\s?[-/]\s?\d{2,4}(?:[^\S\n]{0,3}[-,|]?[^\S\n]{0,3}\d{1,2}:\d{2})?"
)


def _cuts(text: str, block: Block, phrases: list[Inline], rules: RuleSet | None) -> Iterator[tuple[int, int, str]]:
    """Where a block is cut: spans with the rule that names them."""
    start, end = block.start, block.end
    dated = _DATE_FIRST.match(text, start, end) if _may_begin_dated(text[start : start + 5]) else None
    if dated is not None and dates.find_line(text[start:end]) is None:
        yield (*dated.span(), "")
    if end - start >= LONG:
        if block.lines == 1:
            yield from ((a, b, SEPARATOR) for a, b in _separators(text, start, end))
        if span := _dateline(text, start, end):
            yield (*span, "")
        if end - start >= PAGE and text.find("نشر", start, end) >= 0:
            yield from ((*match.span(), "") for match in _PUBLISHED.finditer(text, start, min(end, start + 6000)))
    if any(text.find(sign, start, end) >= 0 for sign in _CODED):
        yield from ((*match.span(), "markup-code") for match in _CODE.finditer(text, start, end))
    for phrase in phrases:
        for match in phrase.pattern.finditer(text, start, end):
            alone = match.end() == end and not text[start : match.start()].strip(BULLETS)
            alone = alone and rules is not None and rules.match(text[start:end]) is not None
            if not alone:  # alone on its line it is a label like any other, and opens what stands below
                yield match.start(), _taken(text, match.end(), end, phrase.takes), phrase.rule


def _may_begin_dated(piece: str) -> bool:
    return piece[0].isdigit() or piece.startswith("date ")


def _taken(text: str, opened: int, end: int, takes: str) -> int:
    """Where foreign text ends that a phrase inside a line opens."""
    if takes == PHRASE:
        return opened
    return end if takes == LINE and end - opened <= FILLED else _sentence_end(text, opened, end)


#: What fills the frame of a line is no longer than this; more is the rest of a page that stands in one line.
FILLED: Final = 200


def _page_cuts(text: str, block: Block, labels: Labels, heads: Heads | None, *, headed: bool) -> Iterator[tuple[int, int, str]]:
    """Where a line that holds a page is cut: at its labels, before each sentence, around dates with their times, and around
    what it says twice in a row.

    A line that is ``headed`` has the headline above it, and begins with the article.
    """
    before = block.start
    labelled = not headed  # whether what begins here stands at the beginning or behind a label, and not behind a sentence
    for start, end in [*labels.pieces(text, block.start, block.end), (block.end, block.end)]:
        if heads is not None and labelled and start - before >= GLUED:
            yield from ((before + at, before + at, SEPARATOR) for at in heads(text[before:start])[1:])
        if start < block.end:
            yield start, end, "" if end > start else SEPARATOR
        labelled, before = end > start, end
    yield from ((*span, "") for span in _datelines(text, block.start, block.end))
    yield from ((*span, "") for span in _doubled(text, block.start, block.end))


#: A few lines above a line that holds the page are its headline and its date; more are a menu and a strip.
HEAD: Final = 3
#: A piece of a page that is shorter than this is one headline or one sentence.
GLUED: Final = 100
#: Where in a piece of text headlines and the sentence after them begin: the places, the first being 0.
Heads = Callable[[str], list[int]]


#: A page in one line prints its date and time within so many characters of its beginning, after the headline.
HEADER: Final = 260


def _dateline(text: str, start: int, end: int) -> Span | None:
    """The date and time that stand between headline and body in a line that holds a page; a date alone may be prose."""
    if end - start < 2 * HEADER:
        return None
    head = text[start : start + HEADER]
    moment = dates.find(head) if _TIMED.search(head) else None
    if moment is None or moment.date is None or moment.time is None or _STOP.search(head, 0, moment.start):
        return None
    return start + moment.start, start + moment.end


def _datelines(text: str, start: int, end: int) -> Iterator[Span]:
    """The dates with their times in a line that holds a page, menus and strips before the headline among it."""
    head = text[start : min(end, start + ABOVE)]
    done = 0
    for clock in _CLOCK.finditer(head):
        first = max(done, clock.start() - AROUND)
        window = head[first : clock.end() + AROUND]
        moment = dates.find(window) if clock.start() >= done else None
        if moment is None or moment.date is None or moment.time is None:
            continue
        before = window[: moment.start].rsplit(None, 1)[-1:] + window[moment.start : moment.end].split(None, 1)[:1]
        if moment.start < clock.end() - first <= moment.end + 3 and _IN_SENTENCE.isdisjoint(before):
            yield start + first + moment.start, start + first + moment.end
            done = first + moment.end


def _doubled(text: str, start: int, end: int) -> Iterator[Span]:
    """What a line that holds a page says twice in a row: the end of a trail or of a title, and the headline."""
    spans = [match.span() for match in _WORD.finditer(text, start, min(end, start + ABOVE))]
    words = [text[a:b] for a, b in spans]
    seen: dict[tuple[str, ...], int] = {}
    for at in range(len(words) - TWICE + 1):
        first = seen.get(key := tuple(words[at : at + TWICE]))
        seen[key] = at
        if first is not None and at - first >= TWICE and words[first:at] == words[at : 2 * at - first]:
            yield spans[first][0], spans[at - 1][1]
            yield spans[at][0], spans[2 * at - first - 1][1]


#: A headline that is printed twice in a row has at least so many words.
TWICE: Final = 4
_WORD: Final = compiled(r"\S+")
#: So much of a page in one line may stand above its body, and so much is read around a clock for the date beside it.
ABOVE, AROUND = 3000, 60
_CLOCK: Final = compiled(r"(?<!\d)\d{1,2}\s?:\s?\d{2}(?!\d)")
#: Words that a date with a time stands behind in a sentence.
_IN_SENTENCE: Final = arabic.OPEN_WORDS | {"يوم", "مساء", "صباح", "اليوم", "بتاريخ", "الموافق"}


_STOP: Final = compiled(r"[.؟!]\s")
#: What stands between the hour and the minute.
_TIMED: Final = compiled("[:hH]")


def _separators(text: str, start: int, end: int) -> list[Span]:
    """What stands between the headlines of a strip: runs of spaces, a sign, or the outlet's own name in Latin letters."""
    piece = text[start:end]
    if "   " in piece or "\u00a0" in piece:
        gaps = [(start + a, start + b) for a, b in (match.span() for match in _GAP.finditer(piece))]
        if len(gaps) >= 2:
            return gaps
    if any(sign in piece for sign in _SIGNS):
        signs = [(start + a, start + b) for a, b in (match.span() for match in _SIGN.finditer(piece))]
        if len(signs) >= 3:
            return _apart(signs) if len(signs) > MANY and len(piece) < NAMES * len(signs) else signs
    if _LATIN.search(piece) is None:
        return []
    words = _LATIN_WORD.findall(piece[:NAMED])
    word = max(sorted(set(words)), key=words.count, default="")
    if words.count(word) < 4:
        return []
    return [(start + m.start(), start + m.end()) for m in re.finditer(rf"(?<=\s){word}(?=\s|$)", piece)]


#: More signs than `MANY` with fewer than so many characters from one to the next stand between the names of a menu, which
#: is cut only every so many characters.
MANY, NAMES, APART = 400, 12, 80


def _apart(signs: list[Span]) -> list[Span]:
    kept = signs[:1]
    for sign in signs[1:]:
        if sign[0] - kept[-1][1] >= APART:
            kept.append(sign)
    return kept


#: An inline read-also that is followed by more text than this stops at its first full stop.
INLINE: Final = 150


def _sentence_end(text: str, start: int, end: int) -> int:
    """Where a phrase that opened foreign text ends: at the first full stop, or with a block that has none and is short."""
    stop = _FULL_STOP.search(text, start, min(end, start + INLINE))
    if stop:
        return stop.end()
    return end if end - start <= INLINE else start


_FULL_STOP: Final = compiled(r"(?<!\.)\.(?=\s)")
