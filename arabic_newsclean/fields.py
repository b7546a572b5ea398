"""Labelled blocks to fields: what the header says, the ticker's headlines one by one, and the flags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from arabic_newsclean import arabic, dates, strips
from arabic_newsclean.judge import Evidence
from arabic_newsclean.kept import compiled
from arabic_newsclean.model import BODY, HEADER, NOISE, Header, Label
from arabic_newsclean.names import is_outlet, is_person, is_town
from arabic_newsclean.rules import PATTERN
from arabic_newsclean.stretch import IN_MAIN

#: A section's name is no longer than this.
CATEGORY: Final = 26

#: An article's body is at least this long, in characters.
ARTICLE: Final = 60

_EDGES: Final = " \t\u00a0.:،-–—|*#/\\_•" + arabic.INVISIBLE
_BYLINE_WORDS: Final = compiled(
    r"^(?:كاتب المقال|صاحب المقال|مضاف من طرف|مرسلة بواسطة|"
    r"نشرت بواسطة|كتب بواسطة|بواسطة|بقلم|كتبت|كتبه|كتبها|كتب|الكاتبة|الكاتب|المحررة|المحرر|إعداد|اعداد|متابعة|"
    r"أجرى الحوار|أجرت الحوار|أجرى المقابلة|أجرت المقابلة|تقرير|حوار|حاوره|حاورته|حاورها|تحرير|تصوير|By|by|BY)"
    r"(?=[\s:/\-–—،])[\s:/\-–—،]*"
)
_TITLES: Final = compiled(r"^(?:الشاعر|الكاتب|الكاتبة|الصحفي|الصحفية)(?: و\S+)? (?=\S+ \S)")
_PARTS: Final = compiled(r"\s*\|\s*|\s*/{1,2}\s*|\s*[–—]\s*|\s+-\s*|(?<![A-Za-z])-\s*|-\s+|\sـ\s|:\s")
_SOURCE_WORDS: Final = compiled(r"^(?:المصدر|المصادر|مصدر|نقلا عن|نقلاً عن|Source)\s*[:/\-]?\s*")
_QUOTED: Final = compiled(r"[\"“«]\s*(?P<name>[^\"“”«»]+?)\s*[\"”»]")
_IN_DATE: Final = compiled(r"نشر في (?P<source>\S.{1,40}?) (?:يوم|بتاريخ)")


def header(found: Sequence[Evidence], labels: Sequence[Label], now: datetime | None = None) -> Header:
    """The fields of the header, each from the first block that says it. ``now`` dates what is only dated by its age."""
    by_kind: dict[str, list[Evidence]] = {}
    for evidence, label in zip(found, labels, strict=True):
        if label.part == HEADER and label.kind:
            by_kind.setdefault(label.kind, []).append(evidence)
    for kind in ("source", "byline"):  # a line that says what it is comes before one that only stands in the right place
        by_kind.get(kind, []).sort(key=lambda evidence: evidence.rule is None)
    date_lines = by_kind.get("date", [])
    date, time = _moment([*date_lines, *by_kind.get("byline", []), *by_kind.get("source", [])])
    if date is None and now is not None:
        date, time = _aged(found, labels, now)
    return Header(
        category=_category(found, labels, by_kind),
        kicker=_text(by_kind.get("kicker")),
        headline=_headline(by_kind.get("headline")),
        deck=_text(by_kind.get("deck"), join="\n"),
        byline=_byline(by_kind),
        source=_source(by_kind),
        date=date,
        time=time,
    )


def _text(found: list[Evidence] | None, join: str | None = None) -> str | None:
    if not found:
        return None
    return join.join(arabic.squeeze(e.text) for e in found) if join else arabic.squeeze(found[0].text)


def _headline(found: list[Evidence] | None) -> str | None:
    if not found:
        return None
    texts = [_unmarked(evidence.text) for evidence in found]
    title = texts[0]
    for other in texts[1:]:  # the page's title holds the headline and the site's name
        if 12 <= len(other) < len(title) and title.startswith(other) and _SITE.match(title, len(other)):
            return other
    return _without_site(title)


_SITE: Final = compiled(r"\s*(?:[-–—|»]|::)\s")
_MARKUP: Final = compiled(r"^(?:#{1,6} +|[*_]{1,3}|[-•*>] +)+|[*_]{1,3}$|(?<![-_=~])[-_=~]{2,}+$")
#: What a page says of itself before its headline: that it is breaking news, or a forum's page for printing.
_BADGE: Final = compiled(r"^(?:عاجل (?=[^\W\d])|مشاهدة النسخة كاملة ?: ?)")
#: So much after the last sign of a headline may be the site's name.
SITE: Final = 34


def _unmarked(text: str) -> str:
    """A line without the signs of Markdown, of lists and of rulers around it, and without a badge before it: breaking news.

    With a sign after it the badge is the headline's own.

    >>> _unmarked("• عاجل مصر تسجل إصابات جديدة"), _unmarked("عاجل.. مصر تسجل إصابات جديدة"), _unmarked("مدرسة الطين -----")
    ('مصر تسجل إصابات جديدة', 'عاجل.. مصر تسجل إصابات جديدة', 'مدرسة الطين')
    """
    return _BADGE.sub("", _MARKUP.sub("", arabic.squeeze(text)).strip())


#: A by-line that goes on from the headline, after a sign: حين تتكلم الجدات .. بقلم: فلان.
_SIGNED: Final = compiled(r"\s*(?:(?<!\.)\.{2,}+|[.…،,|/–—-])\s*(?:بقلم|كتبها|كتبه)\s*[:/]|\sبقلم\s?[:/]")


#: A headline before its author is at least this long.
TITLED: Final = 8


def _without_site(title: str) -> str:
    """A headline without the site's name or the author's behind it: عنوان الخبر | صحيفة المثال."""
    if (signed := _SIGNED.search(title)) and signed.start() >= TITLED:
        return title[: signed.start()].rstrip()
    cut = max(title.rfind(" - "), title.rfind(" | "), title.rfind(" – "))
    name = title[cut + 3 :]
    if cut >= 25 and 0 < len(name) <= SITE and (is_outlet(name) if " " in name else name.isascii() and name.isalpha()):
        return title[:cut].rstrip()
    return title


def _moment(found: Sequence[Evidence]) -> tuple[str | None, str | None]:
    date = time = None
    for evidence in found:
        moment = evidence.moment or dates.find(evidence.text)
        if moment is None:
            continue
        if date is None and moment.date:
            date, time = moment.date, moment.time or time
        elif time is None and moment.time:
            time = moment.time
        if date and time:
            break
    return date, time


def _aged(found: Sequence[Evidence], labels: Sequence[Label], now: datetime) -> tuple[str | None, str | None]:
    """The date of a page that prints only its age (منذ ساعتين, أمس), counted back from now: the first above the body."""
    for evidence, label in zip(found, labels, strict=True):
        if label.part == BODY:
            break
        if label.kind in ("date", "counter") and (moment := dates.find_line(evidence.text, now)) and moment.date:
            return moment.date, moment.time
    return None, None


def _category(found: Sequence[Evidence], labels: Sequence[Label], by_kind: dict[str, list[Evidence]]) -> str | None:
    if by_kind.get("category"):
        first = by_kind["category"][0]
        return _section(_beside(first) or first.text)
    for evidence in by_kind.get("date", []):
        moment = evidence.moment or dates.find(evidence.text)
        before = evidence.text[: moment.start].strip(_EDGES) if moment else ""
        parts = [part for part in _PARTS.split(before) if part]
        names = [part for part in parts if not is_town(part.strip(_EDGES))]
        section = before if names == parts else names[0] if names else ""
        if _names_section(section):
            return arabic.squeeze(section)
    return _crumb(found, labels)


def _names_section(text: str) -> bool:
    """Whether what a date line says before its date may be a section: no outlet, no author, no label of the date."""
    if len(text) > CATEGORY or "," in text or (" " in text and is_outlet(text)) or not any(map(str.isalpha, text)):
        return False
    return _BYLINE_WORDS.match(text + " ") is None and _LABELLED.match(text) is None


def _section(text: str) -> str | None:
    """A section's name without its label, the home page before it, and signs around it.

    >>> _section("القسم: منبر الرأي"), _section("* [هواتف](/c/5)"), _section("الرئيسية تقارير"), _section("الرئيسية")
    ('منبر الرأي', 'هواتف', 'تقارير', 'الرئيسية')
    """
    name = _SECTION_LABEL.sub("", _LINK.sub(r"\1", arabic.squeeze(text)).strip(_ROUND)).strip(_ROUND)
    return _HOME.sub("", name).strip(_ROUND) or name or None


_LINK: Final = compiled(r"\[([^\[\]]*)\]\([^()\s]*\)")
_ROUND: Final = _EDGES + ",<>•*[]"
_SECTION_LABEL: Final = compiled(r"(?:القسم|الصفحة|المحور|التصنيف|تصنيف|الباب|in)\b\s*:?\s*")


def _crumb(found: Sequence[Evidence], labels: Sequence[Label]) -> str | None:
    """The last section of a breadcrumb above the headline: الرئيسية / محليات / تعليم."""
    above: list[str] = []
    for evidence, label in zip(found, labels, strict=True):
        if label.part == HEADER and label.kind == "headline":
            listed = len(above) >= 2 and (_HOME.fullmatch(above[-2].strip(_ENTRY)) or _ARROW.fullmatch(above[-2]))
            section = _section(above[-1].strip(_ENTRY)) if listed else None
            if above and (section := section or _last_section(above[-1], arabic.squeeze(evidence.text))):
                return section
        sign = label.kind == "residue" and label.part == NOISE
        if sign and not _ARROW.fullmatch(evidence.text):
            continue
        if sign or (label.kind == "navigation" and label.part == NOISE and evidence.moment is None):
            above = [*above[-1:], evidence.text]
        else:
            above = []
    return None


def _last_section(crumb: str, headline: str) -> str | None:
    """The last part of a breadcrumb that is not the headline again, whole or cut short."""
    crumb = _LINK.sub(r"\1", crumb)
    home = _HOME.match(crumb.strip(_ENTRY)) is not None
    if not (home or _ARROWS.search(crumb)) or len(crumb) > 80 + len(headline):
        return None
    parts = [arabic.squeeze(part).strip(_EDGES) for part in _CRUMBS.split(crumb)]
    parts = [part for part in parts if part and not headline.startswith(part)]
    if len(parts) == 1 and home and len(crumb) <= CATEGORY + 15:
        words = [part.strip(_EDGES) for part in _HOME.sub("", crumb.strip(_ENTRY)).split()]
        parts = ["", " ".join(words) if len(words) == 2 and words[1].endswith("ة") else words[-1]] if words else []
    return parts[-1] if len(parts) >= 2 and len(parts[-1]) <= CATEGORY and not _HOME.fullmatch(parts[-1]) else None


#: What may stand around the entry of a trail that is printed as a list.
_ENTRY: Final = _EDGES + "1234567890"
_ARROW: Final = compiled(r"[/»›>|\\]{1,2}")
_ARROWS: Final = compiled(r"\s(?:>>?|»|›|/)\s")
_CRUMBS: Final = compiled(r"[/»›>|\\]+|\s{2,}|←")
_HOME: Final = compiled(r"(?:الصفحة الرئيسية|الرئيسية|الرئيسيه|Home)\b")
_LABELLED: Final = compiled(r"نشر|تم |تاريخ|العدد|آخر|اخر|date\b")


def _byline(by_kind: dict[str, list[Evidence]]) -> str | None:
    for evidence in by_kind.get("byline", []):
        if name := name_in(evidence.text):
            return name
    for evidence in by_kind.get("date", []):
        rest = _beside(evidence)
        if rest and ("," in rest or _BYLINE_WORDS.match(rest + " ")) and (name := name_in(rest)):
            return name
    for evidence in by_kind.get("source", []):
        credit = _SOURCE_WORDS.sub("", arabic.squeeze(evidence.text).strip(_EDGES)).strip(_EDGES)
        parts = [part for part in _PARTS.split(credit) if part]
        people = [part for part in parts[1:] if part.count(" ") >= 1 and not is_outlet(part)]
        if len(parts) >= 2 and people and (is_outlet(parts[0]) or is_person(people[-1])):
            return name_in(people[-1])
    for evidence in by_kind.get("headline", []):
        title = arabic.squeeze(evidence.text)
        if (wrote := _WRITES.match(title)) and is_person(wrote["name"]):
            return wrote["name"]
        if (signed := _SIGNED.search(title)) and signed.start() >= TITLED:
            return name_in(title[signed.end() :])
    return None


#: Whose column it is, before the column's title: فلان يكتب: عنوان المقال.
_WRITES: Final = compiled(r"(?P<name>\S+(?: \S+){1,4}) (?:يكتب|تكتب)\s?(?::|\.\.)")


def _beside(evidence: Evidence) -> str:
    """What a date line says besides its date."""
    moment = evidence.moment or dates.find(evidence.text)
    if moment is None:
        return ""
    return evidence.text[: moment.start].strip(_EDGES) or evidence.text[moment.end :].strip(_EDGES)


#: So much of a by-line is read for its name. No name is shorter than this, and none holds digits.
NAMED, SHORTEST = 300, 3
_DIGIT: Final = compiled(r"\d")
#: What ends a name that more follows: brackets, quotes, a date, an office.
_AFTER_NAME: Final = compiled(r"\s[|\"“«]|\s?\(|\.\.|,? \d| في \d| في$|، ?(?=كاتب|باحث|صحفي|صحافي)")


def name_in(text: str) -> str | None:
    """The name in a by-line, without its verb, the place before it and what follows in brackets.

    >>> name_in("كتبت - مريم السبيعي:"), name_in("أبها - علي الأسمري"), name_in("El-Tahawy Saoud"), name_in("بقلم")
    ('مريم السبيعي', 'علي الأسمري', 'El-Tahawy Saoud', None)
    >>> name_in("علي الأسمري(أبها)"), name_in("علي الأسمري علي الأسمري"), name_in("[علي الأسمري](/a/5)")
    ('علي الأسمري', 'علي الأسمري', 'علي الأسمري')
    >>> name_in("9th, December 2024")
    """
    link = _LINK.search(text, 0, NAMED)
    name = arabic.squeeze(link[1] if link else text[:NAMED]).strip(_EDGES + '"').split("|")[0].strip(_EDGES)
    while (shorter := _BYLINE_WORDS.sub("", name + " ").strip(_EDGES)) != name:
        name = shorter
    parts = [part for part in _PARTS.split(name) if part]
    if len(parts) >= 2:
        people = [part for part in parts if " " in part and not is_outlet(part)]
        persons = [part for part in people if is_person(part)]
        name = persons[0] if persons else max(people, key=lambda part: part.count(" ")) if people else parts[-1]
        name = re.sub(r"^من ", "", name)
    name = _once(_TITLES.sub("", _AFTER_NAME.split(name)[0].strip(_EDGES)))
    return name if len(name) >= SHORTEST and not _DIGIT.search(name) else None


def _once(name: str) -> str:
    """A name that is printed twice in a row, once."""
    half = len(name) // 2
    return name[:half] if name[:half] == name[half + 1 :] and name[half : half + 1] == " " else name


def _source(by_kind: dict[str, list[Evidence]]) -> str | None:
    for evidence in by_kind.get("date", []):
        if match := _IN_DATE.search(evidence.text):
            return match["source"].strip(_EDGES)
    for evidence in by_kind.get("source", []):
        if name := source_in(evidence.text):
            return name
    for evidence in by_kind.get("byline", []):  # صدى المدينة – فلان
        parts = [part.strip(_EDGES) for part in _PARTS.split(arabic.squeeze(evidence.text[:NAMED]).strip(_EDGES))]
        if len(parts) == 2 and is_person(parts[1]) and " " in parts[0] and is_outlet(parts[0]):
            return parts[0]
        if len(parts) == 3 and is_town(parts[0]) and is_person(parts[2]) and _may_be_source(parts[1]):
            return parts[1]  # بغداد - واع - فلان
    return None


def _may_be_source(part: str) -> bool:
    """Whether what stands between a town and a person may be the outlet: no person, no town, no word of who wrote."""
    return not (is_person(part) or is_town(part) or part in _IN_HOUSE or _BYLINE_WORDS.match(part + " "))


#: What a credit says of a report of the outlet's own.
_IN_HOUSE: Final = ("خاص", "متابعة", "متابعات", "مراسلنا", "مكتبنا")
#: Signs of Markdown and brackets around a name.
_MARKS: Final = "*_() "


def source_in(text: str) -> str | None:
    """The outlet in a credit line, without the place and without خاص.

    >>> source_in("دمشق-سانا"), source_in("المصدر: وكالات"), source_in("بغداد اليوم - بغداد"), source_in("الأحوال - الدمام")
    ('سانا', 'وكالات', 'بغداد اليوم', 'الأحوال')
    """
    name = _SOURCE_WORDS.sub("", arabic.squeeze(text).strip(_MARKS)).strip(_EDGES + _MARKS + '"“”')
    parts = [part.strip(_EDGES) for part in _PARTS.split(name)]
    parts = [part for part in parts if part and part not in _IN_HOUSE]
    if not parts:
        return None
    if len(parts) == 1:
        quoted = _QUOTED.search(parts[0])
        return quoted["name"].strip() if quoted else re.sub(r" (?:خاص|متابعة)$", "", parts[0])
    known = [part for part in parts if is_outlet(part) and " " in part]
    here = [part for part in parts if not is_town(part)]
    return (known or here[-1:] or parts[-1:])[0]


def ticker(found: Sequence[Evidence], labels: Sequence[Label], cutter: strips.Cutter | None = None) -> tuple[str, ...]:
    """The ticker's headlines, one by one, in order."""
    out: list[str] = []
    for evidence, label in zip(found, labels, strict=True):
        if label.kind == "ticker" and label.part == NOISE and _is_headline(evidence):
            out += strips.items(evidence.text, cutter)
    return tuple(out)


def _is_headline(evidence: Evidence) -> bool:
    rule = evidence.rule
    if rule is not None:
        return rule.kind == "ticker" and evidence.how == PATTERN
    return evidence.sort in ITEMS


#: What a headline can be at first sight; a block of another sort between headlines is a time or a section.
ITEMS: Final = frozenset(("line", "short", "dotted", "teaser", "strip", "prose", "cut", "stopped", "question", "colon"))


def flags(text: str, found: Sequence[Evidence], labels: Sequence[Label], fields: Header) -> tuple[str, ...]:
    """What is to be said of the dump as a whole; `model.FLAGS` says what each flag means."""
    out = []
    body = sum(len(e.text) for e, label in zip(found, labels, strict=True) if label.part == BODY)
    if body < ARTICLE:
        out.append("not-article")
    elif fields.headline is None:
        out.append("no-headline")
    if body >= ARTICLE and _doubtful(found, labels):
        out.append("low-confidence")
    sample = text[: 20_000 : 1 + min(len(text), 20_000) // SAMPLED]
    native = len(sample) - len(_ARABIC.sub("", sample))
    if native * 2 < len(sample) and native * 2 < sum(map(str.isalpha, sample)):  # the letters are counted where it matters
        out.append("not-arabic")
    return tuple(out)


#: So many characters at most, from all over the beginning of a text, say whether it is Arabic.
SAMPLED: Final = 2000

#: How much of the prose the labels and that stretch may see differently.
DOUBT: Final = 0.3


def _doubtful(found: Sequence[Evidence], labels: Sequence[Label]) -> bool:
    """Whether the labelling and the plain weight of prose disagree on where the article is."""
    total = apart = 0
    for evidence, label in zip(found, labels, strict=True):
        if evidence.prose:
            total += len(evidence.text)
            if (label.part == BODY) != (evidence.main in IN_MAIN) and evidence.main != "none":
                apart += len(evidence.text)
    return apart > DOUBT * total


_ARABIC: Final = compiled("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]+")
