"""The pages to learn from: annotated dumps as other sites would have printed them, and listings made of their stories."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from arabic_newsclean import rules
from arabic_newsclean.annotated import ARTICLE, LISTING, Annotated, Span
from arabic_newsclean.model import NOISE
from arabic_newsclean.rules import RuleSet

#: Sections for the menus that `variants` puts around a page.
MENU: Final = (
    "الرئيسية|سياسة|محليات|اقتصاد|رياضة|ثقافة وفن|مجتمع|حوادث|عرب وعالم|تكنولوجيا|صحة|منوعات|مقالات|فيديو|صور|"
    "تحقيقات|حوارات|أخبار مصر|سوريا|العراق|كرة عالمية|مرأة ومنوعات|رأي|تقارير|المزيد|كاريكاتير|عالم السيارات|البرامج|"
    "من نحن|اتصل بنا|انتخابات 2026|قانون المالية|دوري أبطال أوروبا|ملفات خاصة|بودكاست|الطقس|وظائف|بث مباشر|دولي|علوم|"
    "سياحة وسفر|أعمدة الرأي|نشرة الأخبار|ديني"
).split("|")


def variants(dump: Annotated, donors: Sequence[Annotated]) -> Iterator[Annotated]:
    """The dump itself, and as other sites would have printed it.

    With a menu above and below, plain and with bullets; with what two other sites print above and below their articles;
    all in one line; with a blank line after every line; as a brief with little around it.
    """
    seed = zlib.crc32(dump.path.name.encode())
    yield dump
    yield framed(dump, seed, bullet="", blank=False)
    yield framed(dump, seed >> 8, bullet=("  * ", "  • ", "")[seed % 3], blank=seed % 2 == 0)
    if donors and dump.meta.get("shape") != "single" and dump.meta["type"] == ARTICLE:
        for turn in range(GRAFTS):
            yield grafted(dump, donors[(seed >> turn) % len(donors)], donors[(seed >> turn + 6) % len(donors)])

    if dump.meta.get("shape") != "single":
        yield in_one_line(dump)
        yield spaced(dump)
        if dump.is_article:
            yield brief(dump, paragraphs=1 + seed % 3, tail=seed % 5)
            yield broken(dump, random.Random(seed))
            yield ended(dump, MARKS[seed % len(MARKS)])


#: How many times each article is set between what other sites print.
GRAFTS: Final = 2


def strange(dumps: Sequence[Annotated], turn: int = 0) -> Iterator[tuple[Annotated, RuleSet]]:
    """Pages with rules that do not know all of their labels, as it is with the pages of a site that nobody has seen.

    The rules were written by hand with the annotated dumps in sight, so they know more of them than they will ever know of
    other sites. Each dump comes twice as it stands, and each article twice between what other articles have around them.
    """
    noise = [rule.name for rule in rules.default() if rule.part == NOISE and not rule.place]
    known = [
        rules.default().without(random.Random(100 * (turn + 1) + number).sample(noise, int(UNKNOWN * len(noise))))
        for number in range(SETS)
    ]
    donors = whole_lines(dumps)
    for dump in dumps:
        seed = zlib.crc32(dump.path.name.encode()) + 7919 * turn
        for time in range(2):
            yield dump, known[(seed + time) % SETS]
            if donors and dump.meta.get("shape") != "single" and dump.meta["type"] == ARTICLE:
                above, below = donors[(seed >> time + 2) % len(donors)], donors[(seed >> time + 8) % len(donors)]
                yield grafted(dump, above, below), known[(seed + time + 3) % SETS]


#: So much of the rules for noise is unknown on such a page, in so many ways.
UNKNOWN, SETS = 0.3, 8


def whole_lines(dumps: Sequence[Annotated]) -> list[Annotated]:
    """The articles whose surroundings can be set around another: those that are not all one line."""
    return [dump for dump in dumps if dump.meta.get("shape") != "single" and dump.meta["type"] == ARTICLE]


def grafted(dump: Annotated, above: Annotated, below: Annotated) -> Annotated:
    """The header, article and credits of one dump between the menus and strips of two others."""
    top, middle, tail = cut(above)[0], cut(dump)[1], cut(below)[2]
    text, spans = "", []
    for source, (start, end) in ((above, top), (dump, middle), (below, tail)):
        piece = source.text[start:end]
        if not piece.strip():
            continue
        shift = len(text) - start
        spans += [Span(a + shift, b + shift, label) for a, b, label in source.spans if start <= a and b <= end]
        text += piece if piece.endswith("\n") else piece + "\n"
    return replace(dump, text=text, spans=tuple(spans))


def cut(dump: Annotated) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Where the lines above the header, the article with its header and credits, and the lines after it stand."""
    own = [span for span in dump.spans if span[2][0] in "hb"]
    text = dump.text
    if not own:
        return (0, 0), (0, len(text)), (len(text), len(text))
    start = text.rfind("\n", 0, own[0][0]) + 1
    end = text.find("\n", own[-1][1])
    end = len(text) if end < 0 else end + 1
    return (0, start), (start, end), (end, len(text))


def in_one_line(dump: Annotated) -> Annotated:
    """A dump whose lines were all joined with single spaces, as tools do that fold white space."""
    text, spans = "", []
    for start, end, label in dump.spans:
        piece = " ".join(dump.text[start:end].split())
        if piece:
            text += " " if text else ""
            spans.append(Span(len(text), len(text) + len(piece), label))
            text += piece
    return replace(dump, text=text, spans=tuple(spans))


def brief(dump: Annotated, paragraphs: int, tail: int) -> Annotated:
    """The header of a dump with its first paragraphs, and the first lines of what follows its article."""
    start, (end, _) = cut(dump)[1][0], cut(dump)[2]
    body = [span for span in dump.spans if span[2] == "b"]
    stop = dump.text.find("\n", body[min(paragraphs, len(body)) - 1][1])
    lines = dump.text[end:].splitlines(keepends=True)[:tail]
    text, spans = "", []
    for first, last in ((start, end if stop < 0 else stop + 1), (end, end + sum(map(len, lines)))):
        shift = len(text) - first
        spans += [Span(a + shift, b + shift, label) for a, b, label in dump.spans if first <= a and b <= last]
        text += dump.text[first:last]
    return replace(dump, text=text, spans=tuple(spans))


#: How many of the paragraphs of a page with many links are broken by one.
LINKED: Final = 0.6


def broken(dump: Annotated, rng: random.Random) -> Annotated:
    """A dump whose converter set the links in its paragraphs on lines of their own."""
    text, spans, position = "", [], 0
    for start, end, label in dump.spans:
        text += dump.text[position:start]
        at = len(text)
        piece = dump.text[start:end]
        if label == "b" and "\n" not in piece and len(piece) > 2 * TEASER:
            words = piece.split(" ")
            for _ in range(rng.randrange(1, 4) if rng.random() < LINKED else 0):
                first = rng.randrange(len(words))
                last = min(len(words), first + rng.randrange(1, 5))
                words[first:last] = ["\n" * (first > 0) + " ".join(words[first:last]) + "\n" * (last < len(words))]
            piece = " ".join(words).replace("\n ", "\n").replace(" \n", "\n").replace("\n\n", "\n")
        text += piece
        spans.append(Span(at, len(text), label))
        position = end
    return replace(dump, text=text + dump.text[position:], spans=tuple(spans))


#: How the paragraphs of some writers end.
MARKS: Final = ("…", "", "؟", "”", "..", " .")


def ended(dump: Annotated, mark: str) -> Annotated:
    """A dump all of whose paragraphs end in one mark, or in none."""
    text, spans, position = "", [], 0
    for start, end, label in dump.spans:
        text += dump.text[position:start]
        at = len(text)
        text += dump.text[start:end].rstrip('.؟!…"”» ') + mark if label == "b" else dump.text[start:end]
        spans.append(Span(at, len(text), label))
        position = end
    return replace(dump, text=text + dump.text[position:], spans=tuple(spans))


def spaced(dump: Annotated) -> Annotated:
    """A dump with one blank line after every line, as converters print that take every element for a paragraph."""
    text, spans, position = "", [], 0
    for line in dump.text.split("\n"):
        if line.strip():
            shift = len(text) - position
            end = position + len(line)
            spans += [Span(a + shift, b + shift, label) for a, b, label in dump.spans if position <= a and b <= end]
            text += f"{line}\n\n"
        position += len(line) + 1
    return replace(dump, text=text, spans=tuple(spans))


def framed(dump: Annotated, seed: int, bullet: str, blank: bool) -> Annotated:
    """A dump with a menu above it and a shorter one below, as the template of a large site prints them."""
    if dump.meta.get("shape") == "single":
        return dump
    names = MENU[seed % len(MENU) :] + MENU[: seed % len(MENU)]
    end = "\n\n" if blank else "\n"
    above = [f"{bullet}{name}{end}" for name in names[: 6 + seed % 27]]
    below = [f"{bullet}{name}{end}" for name in names[: 3 + seed % 9]]
    middle = dump.text.rstrip("\n") + end
    shift = sum(map(len, above))
    spans = [
        *_entries(above, 0),
        *(Span(start + shift, stop + shift, label) for start, stop, label in dump.spans),
        *_entries(below, shift + len(middle)),
    ]
    return replace(dump, text="".join([*above, middle, *below]), spans=tuple(spans))


def _entries(lines_: Sequence[str], position: int) -> Iterator[Span]:
    for line in lines_:
        yield Span(position, position + len(line.rstrip("\n")), "n.navigation")
        position += len(line)


class Story(NamedTuple):
    """What a listing shows of an article."""

    headline: str
    paragraphs: tuple[str, ...]


def listings(dumps: Sequence[Annotated]) -> Iterator[Annotated]:
    """Pages without an article, as many as there are articles: what a section, a tag or a search prints.

    Annotated listings are few, and every site prints its own in another order. Here headlines and first paragraphs stand
    one below the other as sites print them, with dates, sections or ages, cut or whole, between the menus of two sites.
    """
    donors = whole_lines(dumps)
    stories = [story for dump in donors if (story := _story(dump))]
    for dump in donors:
        seed = zlib.crc32(dump.path.name.encode())
        above, below = donors[(seed >> 3) % len(donors)], donors[(seed >> 9) % len(donors)]
        yield _listing(dump, stories, above, below, random.Random(seed))


def _story(dump: Annotated) -> Story | None:
    pieces = [(dump.text[start:end].strip(), label) for start, end, label in dump.spans]
    headline = next((piece for piece, label in pieces if label == "h.headline"), "")
    paragraphs = tuple(piece for piece, label in pieces if label == "b" and len(piece) > TEASER)
    return Story(headline, paragraphs) if paragraphs and headline and "\n" not in headline else None


#: The shortest paragraph that a listing shows below a headline.
TEASER: Final = 60
#: In which order sites print the parts of an item: headline, text, date, section, link to more.
ORDERS: Final = ("h", "hd", "ht", "ht", "ht", "hdt", "dht", "htm", "hdtm", "t", "sht", "ths", "htd")
_MORE: Final = ("اقرأ المزيد", "المزيد", "قراءة المزيد »", "التفاصيل", "أكمل القراءة", "للمزيد")
_AGES: Final = ("منذ ساعتين", "منذ 3 أيام", "قبل 5 ساعات", "منذ يوم واحد", "أمس")
_MONTHS: Final = "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر".split("|")
_NUMBERS: Final = ("1\n2\n3\nالتالي", "1 2 3 4 5 … 37 التالي", "« السابق 1 2 3 التالي »", "الصفحة 1 من 12")


def _listing(dump: Annotated, stories: Sequence[Story], above: Annotated, below: Annotated, rng: random.Random) -> Annotated:
    order, bullet = rng.choice(ORDERS), rng.choice(("", "", "", "* ", "- "))
    between, whole = rng.choice(("\n", "\n\n")), rng.choice((0, 0, 1, 2))
    length, dots = rng.randrange(90, 220), rng.choice(("...", "…", " …", " [...]", ""))
    day, month, dated = rng.randrange(20, 29), rng.choice(_MONTHS), rng.randrange(3)
    items: list[tuple[str, str]] = []
    for number, story in enumerate(rng.sample(stories, min(len(stories), rng.randrange(4, 18)))):
        text = " ".join(story.paragraphs[:whole]) or story.paragraphs[0][:length].rsplit(" ", 1)[0] + dots
        date = (f"{day - number} {month} 2024", f"2024-{day % 12 + 1:02}-{day - number:02}", rng.choice(_AGES))[dated]
        parts = {
            "h": (bullet + story.headline, "n.related"),
            "t": (text, "n.related"),
            "d": (date, "n.counter"),
            "s": (rng.choice(MENU), "n.navigation"),
            "m": (_MORE[day % len(_MORE)], "n.navigation"),
        }
        items += [parts[part] for part in order]
    if rng.random() < 0.6:
        items.append((rng.choice(_NUMBERS), "n.navigation"))
    text, spans = "", []
    for source, (start, end) in ((above, cut(above)[0]), (None, (0, 0)), (below, cut(below)[2])):
        if source is None:
            for piece, label in items:
                spans.append(Span(len(text), len(text) + len(piece), label))
                text += piece + between
        elif rng.random() < 0.75 and source.text[start:end].strip():
            shift = len(text) - start
            spans += [Span(a + shift, b + shift, label) for a, b, label in source.spans if start <= a and b <= end]
            text += source.text[start:end].rstrip("\n") + "\n"
    return replace(dump, text=text, spans=tuple(spans), meta=dump.meta | {"type": LISTING})
