"""What repeats across the dumps of one source, and is no part of its articles.

That a line repeats is not enough: agencies open and close with stock sentences, and a source prints its section names
and its own name with every story. A line is taken where it repeats in the same place: above the header, or below the
last line of the article that does not repeat. Between paragraphs it has to say itself what it is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from arabic_newsclean import dates, names
from arabic_newsclean.arabic import bare, fold
from arabic_newsclean.model import NOISE
from arabic_newsclean.profile.pages import BY_PLACE, BY_WORDS, IN_BODY, IN_HEADER, SAMPLE, Line, Page
from arabic_newsclean.profile.table import FRAME, INSIDE, STRIP, TAIL, TOP, Entry, in_order, template
from arabic_newsclean.rules import SHORT, RuleSet
from arabic_newsclean.signs import begins

#: A line repeats where so many pages show it, and this share of them.
PAGES, SHARE = 4, 0.02
#: In this share of its places it has to stand at the page's edge, to be of the edge.
EDGE: Final = 0.8
#: A sentence or a number is taken where this share of all pages shows it, a line between paragraphs, and one that says
#: nothing of itself, where that share does.
SENTENCES, PARAGRAPHS, SILENT = 0.5, 0.2, 0.1
#: A line may be a header's on so many of its pages, and is none.
STRAY: Final = 0.1
#: So many repeated lines one upon the other are a strip; its headlines have so many words.
RUN, WORDS = 4, 4
#: A sentence has at least this length; what fills a frame has at most this one, unless it is the headline.
SENTENCE, FILLING = 60, 30
#: A frame has so many words at least and at most.
FRAMED: Final = range(3, 9)

#: What an article says of itself nowhere; the words of the other kinds are an article's too, but for the first few of a line.
_PLAIN, FIRST = ("promo", "legal"), 3
#: Words that say of a line what it is, folded, where no rule knows it.
_CUES: Final = tuple(
    (kind, re.compile(rf"(?:^|\W)(?:ال|و|ب|لل|ل)?(?:{words})(?:$|\W)"))
    for kind, words in (
        ("share", "شارك|شاركها|شاركوا|ارسل هذا"),
        ("comments", "تعليق|تعليقات|تعليقك|علق"),
        ("promo", "تطبيق|تطبيقنا|اشترك|اشتركوا|اشتراك|تابعوا|تابعونا|قناتنا|واتساب|واتس|تلجرام|تليجرام|تلغرام|sms|اشعارات"),
        ("promo", "نشرتنا|نشره بريديه|بريدك|حملوا|انضم|انضموا|للتواصل|تواصل معنا|للاعلان|للاعلانات|ادعمنا|تبرع لنا"),
        ("legal", "الحقوق|مسووليه|لا يعبر|لا تعبر|لا يعكس|لا تعكس|تعبر عن راي|يعبر عن راي|نشر هذا الخبر|سياسه الخصوصيه"),
        ("related", "اقرا|اقراوا|شاهد|شاهدوا|مواضيع|المزيد|طالع|طالعوا|ذات صله"),
        ("counter", "مشاهده|مشاهدات|قراءه|قراءات|زياره|زيارات|عدد القراء"),
        ("navigation", "رابط|اضغط|انقر|الصفحه الرييسيه|موقعنا|الموقع|بوابه|عوده"),
        ("caption", "صوره|تصوير|ارشيف|ارشيفيه"),
    )
)


@dataclass
class _Seen:
    """What a repeated line, or a frame, was met as."""

    pages: int = 0
    top: int = 0
    tail: int = 0
    strip: int = 0
    header: int = 0
    headline: int = 0
    by_words: int = 0
    missed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    near: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)

    @property
    def text(self) -> str:
        """The way it is written most often."""
        return min(self.texts, key=lambda text: (-self.texts[text], text))

    def examples(self) -> tuple[str, ...]:
        return tuple(sorted(self.texts)[:2])


def entries(pages: Sequence[Page], rules: RuleSet) -> tuple[Entry, ...]:
    """The entries of a source: what repeats on its pages and is noise, though not all of it is known for it."""
    least = max(PAGES, ceil(SHARE * len(pages)))
    keyed = [[template(line.text) for line in page.lines] for page in pages]
    on_pages = Counter(key for keys in keyed for key in set(keys) if _says(key))
    repeated = {key for key, count in on_pages.items() if count >= least}
    frames = _frames(pages, keyed, repeated, least)
    lines, framed = _met(pages, keyed, repeated, frames)
    found = [_line(seen, len(pages), rules) for key, seen in sorted(lines.items())]
    found += [_frame(frame, seen, least, rules) for frame, seen in sorted(framed.items())]
    return in_order(entry for entry in found if entry is not None)


def _says(key: str) -> bool:
    """Whether a line has letters enough to be known by."""
    return sum(map(str.isalpha, key)) >= 3


# --- frames ----------------------------------------------------------------------------------------------------------

#: The words a line begins or ends with, and which of the two.
_Frame = tuple[tuple[str, ...], str]
_BEFORE, _AFTER = "before", "after"


def _may_be_framed(line: Line) -> bool:
    return line.taken in (IN_BODY, BY_PLACE) and 0 < len(line.text) <= LONGEST_FRAMED


LONGEST_FRAMED: Final = 200


def _words(key: str, side: str) -> tuple[str, ...]:
    words = key.split()
    return tuple(words if side == _BEFORE else reversed(words))


def _frames(pages: Sequence[Page], keyed: Sequence[Sequence[str]], repeated: set[str], least: int) -> set[_Frame]:
    """Beginnings and ends that many lines have in common which differ in the rest: each as long as it can be."""
    counts: Counter[_Frame] = Counter()
    for page, keys in zip(pages, keyed, strict=True):
        here: set[_Frame] = set()
        for line, key in zip(page.lines, keys, strict=True):
            if _may_be_framed(line) and key not in repeated:
                for side in (_BEFORE, _AFTER):
                    words = _words(key, side)
                    here.update((words[:n], side) for n in FRAMED if n < len(words))
        counts.update(here)
    common = {frame: count for frame, count in counts.items() if count >= least}
    longer: dict[_Frame, int] = defaultdict(int)
    for (words, side), count in common.items():
        shorter = (words[:-1], side)
        longer[shorter] = max(longer[shorter], count)
    whole = {frame for frame, count in common.items() if longer[frame] < 0.7 * count}
    return {(words, side) for words, side in whole if not any((words[:n], side) in whole for n in range(FRAMED[0], len(words)))}


def _frame_of(key: str, frames: set[_Frame], said: frozenset[str], lines: Sequence[str]) -> _Frame | None:
    """The frame of a line which the headline fills, or another line, or a word or two: a sentence is no filling."""
    for side in (_BEFORE, _AFTER):
        words = _words(key, side)
        for n in FRAMED:
            frame = (words[:n], side)
            if n < len(words) and frame in frames:
                filling = _filling(key, frame)
                return frame if len(filling) <= FILLING or _is_of(filling, said) or filling in lines else None
    return None


# --- where they stand ------------------------------------------------------------------------------------------------


def _met(
    pages: Sequence[Page], keyed: Sequence[Sequence[str]], repeated: set[str], frames: set[_Frame]
) -> tuple[dict[str, _Seen], dict[_Frame, _Seen]]:
    """What every repeated line and every frame was met as, a page at a time."""
    lines: dict[str, _Seen] = defaultdict(_Seen)
    framed: dict[_Frame, _Seen] = defaultdict(_Seen)
    for page, keys in zip(pages, keyed, strict=True):
        said = _said(page)
        found = [
            None if key in repeated or not _may_be_framed(line) else _frame_of(key, frames, said, keys)
            for line, key in zip(page.lines, keys, strict=True)
        ]
        lasting = [i for i, line in enumerate(page.lines) if line.taken == IN_BODY and keys[i] not in repeated and not found[i]]
        headed = (i for i, line in enumerate(page.lines) if line.taken == IN_HEADER and keys[i] not in repeated)
        header = next(headed, lasting[0] if lasting else 0)
        last = lasting[-1] if lasting else -1
        runs = _runs(page, keys, repeated)
        done: set[str | _Frame] = set()
        for i, (line, key) in enumerate(zip(page.lines, keys, strict=True)):
            name = key if key in repeated else found[i]
            if name is None or name in done:
                continue
            done.add(name)
            seen = lines[name] if isinstance(name, str) else framed[name]
            seen.pages += 1
            seen.top += i < header
            seen.tail += i > last
            seen.strip += runs[i] >= RUN
            seen.header += _is_headers(line)
            seen.headline += line.taken == IN_HEADER and line.kind == "headline"
            seen.by_words += line.taken == BY_WORDS
            seen.missed += line.taken in (IN_BODY, IN_HEADER)
            seen.kinds[line.kind] += line.taken == BY_PLACE
            seen.near.update({other.kind for other in page.lines[max(0, i - 2) : i + 3] if other.taken == BY_WORDS})
            seen.texts[line.text] += 1
    return lines, framed


def _said(page: Page) -> frozenset[str]:
    """The words of a page's header."""
    lines = [page.headline, *(line.text for line in page.lines if line.taken == IN_HEADER)]
    return frozenset(word for line in lines for word in template(line).split())


def _is_headers(line: Line) -> bool:
    """Whether a line is the header's though it repeats, as sections, names and dates do; a headline does not."""
    if line.taken != IN_HEADER:
        return False
    return dates.find(line.text) is not None if line.kind == "date" else line.kind not in ("headline", "deck")


def _filling(key: str, frame: _Frame) -> str:
    words, side = frame
    return " ".join(key.split()[len(words) :] if side == _BEFORE else key.split()[: -len(words)])


def _is_of(filling: str, said: frozenset[str]) -> bool:
    """Whether what fills a frame is the page's headline, or most of it."""
    words = filling.split()
    return len(words) >= 2 and sum(word in said for word in words) >= 0.6 * len(words)


def _runs(page: Page, keys: Sequence[str], repeated: set[str]) -> list[int]:
    """For each line how many repeated headlines stand together there."""
    out = [0] * len(keys)
    start = 0
    for i in range(len(keys) + 1):
        if i < len(keys) and keys[i] in repeated and _is_headline(page.lines[i].text):
            continue
        out[start:i] = [i - start] * (i - start)
        start = i + 1
    return out


def _is_headline(text: str) -> bool:
    return text.count(" ") + 1 >= WORDS and len(text) <= SHORT and text[-1:] not in ".:" and not any(map(str.isdigit, text))


# --- what they are ---------------------------------------------------------------------------------------------------


def _line(seen: _Seen, count: int, rules: RuleSet) -> Entry | None:
    text = seen.text
    cue = _cue(text, rules)
    share = seen.pages / count
    if not _unknown(seen, told=cue is not None and share >= SILENT) or _is_credit(text):
        return None
    tells = begins(text) and cue is None
    weighty = (_is_sentence(text) or any(map(str.isdigit, text))) and cue is None
    if (tells or weighty) and share < SENTENCES:
        return None
    if cue is None and text.count(" ") + 1 < WORDS:
        return None  # a section of the menu, which is the article's on another page
    where = _edge(seen)
    if where is not None and (cue is not None or share >= SILENT):
        sure = max(seen.top, seen.tail) / seen.pages
    elif seen.strip >= EDGE * seen.pages and not weighty and not seen.headline:
        where, sure = STRIP, seen.strip / seen.pages
    elif share >= PARAGRAPHS and cue is not None and not begins(text):
        where, sure = INSIDE, share
    else:
        return None
    kind = cue or _likely(seen)
    return Entry(text, kind, where, pages=seen.pages, confidence=_confidence(sure, seen), examples=seen.examples())


def _frame(frame: _Frame, seen: _Seen, least: int, rules: RuleSet) -> Entry | None:
    where = _edge(seen)
    words, side = frame
    text = _printed(seen.text, len(words), side)
    cue = _cue(text, rules)
    if where is None or seen.pages < least or not _unknown(seen):
        return None
    if cue is None and (where == TOP or begins(text) or names.credited(text) in ("person", "outlet", "both")):
        return None
    before, after = (text, "") if side == _BEFORE else ("", text)
    sure = max(seen.top, seen.tail) / seen.pages
    kind = cue or _likely(seen)
    return Entry(before, kind, where, FRAME, after, seen.pages, _confidence(sure, seen), seen.examples())


def _printed(text: str, count: int, side: str) -> str:
    """So many words at the beginning or the end of a line, as printed; signs that stand alone are no words."""
    words = text.split()
    real = [i for i, word in enumerate(words) if bare(fold(word))]
    if side == _BEFORE:
        return " ".join(words[: real[count - 1] + 1] if len(real) >= count else words)
    return " ".join(words[real[-count] :] if len(real) >= count else words)


def _unknown(seen: _Seen, *, told: bool = False) -> bool:
    """Whether a line is no header's, and not known for noise on every page already; by its words, if it is ``told`` by them."""
    known = seen.by_words == seen.pages if told else seen.missed == 0
    return seen.header <= STRAY * seen.pages and not known


def _edge(seen: _Seen) -> str | None:
    if seen.tail >= EDGE * seen.pages:
        return TAIL
    return TOP if seen.top >= EDGE * seen.pages else None


def _is_sentence(text: str) -> bool:
    return (len(text) >= SENTENCE and text[-1] in ".؟!") or len(text) > SHORT


def _is_credit(text: str) -> bool:
    """Whether a short line is a name, a section or an agency: the header's or the article's, however often it is printed."""
    return len(text) <= names.NAME and (names.credited(text) in ("person", "outlet", "both") or text.count(" ") < 1)


def _cue(text: str, rules: RuleSet) -> str | None:
    """What kind of noise a line says it is: by a rule that knows its first words, or by its words."""
    words = text.split()
    for count in range(min(5, len(words)), 1, -1):
        match = rules.match(" ".join(words[:count]))
        if match is not None and match[0].part == NOISE:
            return match[0].kind
    folded = fold(text)
    first = " ".join(folded.split()[:FIRST]) if _is_sentence(text) else folded
    return next((kind for kind, pattern in _CUES if pattern.search(folded if kind in _PLAIN else first)), None)


def _likely(seen: _Seen) -> str:
    """The kind that its place, or what stands around it, gives a line that says nothing of itself."""
    for counts in (+seen.kinds, seen.near):
        if counts:
            return min(counts, key=lambda kind: (-counts[kind], kind))
    return "promo"


def _confidence(sure: float, seen: _Seen) -> float:
    """How much is spoken for: by the places, and by how many pages show it (one more that did not is always to be feared)."""
    return round(sure * (1 - 1 / (seen.pages + 1)), 2)


def learn(
    sources: Iterable[tuple[str, int, list[Page]]], rules: RuleSet, least: int
) -> Iterator[tuple[str, int, int, tuple[Entry, ...]]]:
    """For each source with at least so many dumps: its name, how many there were and were looked at, and what repeats.

    The same dump twice is one; beyond the sample nobody knows which were.
    """
    for name, seen, pages in sources:
        if seen >= least and len(pages) >= min(least, SAMPLE):
            yield name, seen, len(pages), entries(pages, rules)
