"""Tell when a page says it was published: the dates and times of the Arabic press, turned into ISO.

General date parsers read half of these lines at a millisecond each, and some read a Hijri year as a Gregorian one. Here
a text is folded, then read from left to right as a row of *items*: a number date, a named date, a clock, a label. Which
items there are is a table, and its order is the order in which they are tried. A date line is a line that items can read
to its end; a sentence stops the reader at its first ordinary word, so prose costs little and is spared.

No item can match the same text in two ways of unbounded length, so cost is linear in what is read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from arabic_newsclean.arabic import HIJRI_MONTHS, MONTHS, WEEKDAYS, fold
from arabic_newsclean.kept import compiled


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, a time or both, and where the text says so: a half-open span of code points of the text as given."""

    start: int
    end: int
    date: str | None  # "2021-01-22"
    time: str | None  # "16:25" as printed: 24 hours, no zone arithmetic


_ENGLISH_MONTHS: Final = (
    "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september|oct october|"
    "nov november|dec december"
)

#: Maghreb pages print some of their dates in French.
_FRENCH_MONTHS: Final = (
    "janvier janv|février fevrier févr fev|mars|avril avr|mai|juin|juillet juil|août aout|septembre|octobre|novembre|"
    "décembre decembre déc dec"
)

#: Months of the Persian calendar: Iranian pages print them beside the Gregorian date, which is the one that is read.
_JALALI_MONTHS: Final = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"

#: Folded name -> calendar and number. No two calendars share a name.
_MONTHS: Final[dict[str, tuple[str, int]]] = {
    **{fold(name): ("jalali", number) for number, name in enumerate(_JALALI_MONTHS.split(), 1)},
    **{name: ("hijri", number) for name, number in HIJRI_MONTHS.items()},
    **{name: ("gregorian", number) for name, number in MONTHS.items()},
    **{
        name: ("gregorian", n)
        for table in (_ENGLISH_MONTHS, _FRENCH_MONTHS)
        for n, names in enumerate(table.split("|"), 1)
        for name in names.split()
    },
}

#: Folded half-day words -> the first of the twelve hours they speak of (12 ليلا is 0:00, 11 ظهرا is 11:00, 1 ظهرا is 13:00).
_PERIODS: Final[dict[str, int]] = {
    **dict.fromkeys(("ص", "صباحا", "فجرا", "قبل الظهر", "am", "a.m"), 0),
    **dict.fromkeys(("ظهرا",), 10),
    **dict.fromkeys(("م", "ع", "مساء", "عصرا", "بعد الظهر", "pm", "p.m"), 12),
    **dict.fromkeys(("ليلا", "منتصف الليل", "بعد منتصف الليل"), 18),
}

#: What a date line may hold beside dates and times, by what it says of them. Single words, since pages combine them freely.
_LABELS: Final[dict[str, str]] = {
    "published": "نشر نشرت نشره نشرها النشر منشور المنشور أضيف أضيفت الإضافة أنشئ أنشأ الإنشاء أدرج حرر كتب كتبت "
    "published posted created publié publie",
    "updated": "تحديث تحديثه التحديث حدث حدثت محدث محدثة المحدث جدد عدل تعديل التعديل معدل updated update modified edited",
    "zone": "مكة المكرمة غرينتش غرينيتش جرينتش جرينيتش أبوظبي توقيت التوقيت بالتوقيت المحلي ksa z",
    "filler": "في على تم تاريخ التاريخ بتاريخ يوم آخر الموافق موافق الساعة ساعة الوقت وقت الخبر المقال هجري ميلادي "
    "date on at last the time t sun sunday mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday "
    "sat saturday le à lundi mardi mercredi jeudi vendredi samedi dimanche",
}
_WORDS: Final[dict[str, str]] = {
    **dict.fromkeys(WEEKDAYS, "filler"),
    **{fold(word): kind for kind, words in _LABELS.items() for word in words.split()},
    "اول مره": "filler",
}

#: Ages: unit, its singular and dual forms, its plurals. A plural counts only with a number before it (منذ ساعات is vague).
_UNITS: Final = (
    ("seconds", "ثانية", "ثانيتين ثانيتان", "ثوان ثواني"),
    ("minutes", "دقيقة", "دقيقتين دقيقتان", "دقائق دقايق"),
    ("hours", "ساعة", "ساعتين ساعتان", "ساعات"),
    ("days", "يوم يوما", "يومين يومان", "أيام"),
    ("weeks", "أسبوع أسبوعا", "أسبوعين أسبوعان", "أسابيع"),
    ("months", "شهر شهرا", "شهرين شهران", "أشهر شهور"),
    ("years", "سنة عام عاما", "سنتين سنتان عامين عامان", "سنوات سنين أعوام"),
)
_AGES: Final[dict[str, tuple[str, int | None]]] = {
    **{
        fold(word): (unit, count)
        for unit, *rows in _UNITS
        for count, row in zip((1, 2, None), rows, strict=True)
        for word in row.split()
    },
    "لحظات": ("seconds", 0),
}

#: Words for whole days -> days back from now. Alone on a line they date a page; within a sentence they are only words.
_DAYS: Final[dict[str, int]] = {
    "اليوم": 0,
    "الان": 0,
    "امس": 1,
    "البارحه": 1,
    "اول امس": 2,
    "امس الاول": 2,
    "اول من امس": 2,
}


def _one_of(names: Iterable[str]) -> str:
    """A pattern for any of some names as a whole word, split by first letter, since `re` tries alternatives one by one.

    >>> _one_of(["am", "pm", "a.m"])
    '(?:(?:a(?:\\\\.m|m)|p(?:m))(?![^\\\\W\\\\d_]))'
    """
    by_letter: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):  # a name may begin another
        by_letter.setdefault(name[0], []).append(re.escape(name[1:]))
    branches = (f"{letter}(?:{'|'.join(rests)})" for letter, rests in by_letter.items())
    return f"(?:(?:{'|'.join(branches)})(?![^\\W\\d_]))"


_MONTH: Final = _one_of(_MONTHS)
_TWIN: Final = rf"(?:(?: ?[/(-] ?| ){_MONTH} ?\)?)?(?: (?:المبارك|المعظم|الحرام))?"  # كانون الثاني/يناير
_GAP: Final = "[ ,،./-]"
_ORDINAL: Final = _one_of(("st", "nd", "rd", "th")) + "?"
_PERIOD: Final = _one_of(_PERIODS)
_WEEKDAY: Final = _one_of(WEEKDAYS)
#: No digit follows a year, but for those of the time where a page glues both: 19 أبريل 202522:47.
_NO_DIGIT: Final = r"(?!\d(?!\d:[0-5]\d))"
_ERA: Final = _one_of(("م", "ميلادي", "ميلاديه", "ه", "هجري", "هجريه"))  # هـ loses its tatweel in the fold

#: Kind of item -> what it looks like, folded. The order is the order of trial: العدد 2630 before the date after it.
_SHAPES: Final[dict[str, str]] = {
    "word": _one_of(_WORDS),
    "issue": r"(?:العدد|عدد|السنه)(?: رقم)?[ :]{0,3}\d{1,6}(?![\d:/.]|-\d+-)",
    "age": rf"(?:منذ|قبل)(?: (?:حوالي|نحو|اقل من))?(?: (?P<count>\d{{1,3}}))? (?P<unit>{_one_of(_AGES)})"
    r"(?: واحده?\b)?(?: تقريبا\b)?(?! من\b)",
    "day": _one_of(_DAYS),
    "year_first": rf"(?<=:\d\d )(?P<year3>(?:19|20)\d\d)[ ,]{{1,3}}{_WEEKDAY}[ ,]{{1,3}}(?P<day3>\d{{1,2}}) "
    rf"(?P<month3>{_MONTH}){_TWIN}",
    "year_month": rf"(?P<year4>(?:19|20)\d\d) (?P<month4>{_MONTH}){_TWIN} (?P<day4>\d{{1,2}})(?![\d:/.-]| ?[^\W\d_])",
    "numeric": r"(?<![\da-z][-/.])(?P<a>\d{1,4}) ?(?P<mark>[-/.\\]|(?<=\d )(?=\d)|(?<=\d{4}):(?=\d\d:\d\d(?!\d))) ?"
    r"(?P<b>\d{1,2}) ?(?P=mark) ?(?P<c>\d{1,4})"
    rf"{_NO_DIGIT}(?![-/.]\d+(?![\d:]))(?!/[a-z])(?: ?(?P<era0>{_ERA}))?",
    "clock": rf"(?:(?P<before>{_PERIOD}) ?)?(?P<hour>[01]?\d|2[0-3])"
    r"[:h](?P<minute>[0-5]\d)(?:[:h][0-5]\d(?:\.\d{1,6})?)?(?!:?\d)"
    rf"(?: ?(?P<after>{_PERIOD}))?",
    "short": rf"(?:[0-3]?\d/[0-3]?\d|[0-3]\d-[0-3]\d)(?={_GAP}{{1,3}}\d\d?:\d\d)",  # 05/14 09:36: no year printed
    "named": rf"(?:(?P<since>\d{{1,2}}) ?- ?)?(?P<day1>\d{{1,2}}){_ORDINAL}(?: من)?(?: شهر)?"
    rf"{_GAP}{{0,3}}(?P<month1>{_MONTH}){_TWIN}(?:{_GAP}{{0,3}}(?:ل?عام |سنه )?(?P<year1>\d{{4}}){_NO_DIGIT})?"
    rf"(?: ?(?P<era1>{_ERA}))?",
    "month_first": rf"(?P<month2>{_MONTH}){_TWIN}{_GAP}{{0,3}}(?P<day2>\d{{1,2}}){_ORDINAL}{_GAP}{{1,3}}"
    rf"(?P<year2>\d{{4}}){_NO_DIGIT}(?: ?(?P<era2>{_ERA}))?",
    "zone": r"(?:gmt|utc)(?: ?[+-] ?\d{1,2}(?!\d)(?!:?\d\d:))?|بتوقيت [^\W\d_]+(?: المكرمه| المحتله)?",
    "era": _ERA,
}
_SEPARATORS: Final = r"(?:[^\w%$€£؟?!#=]|_)*+"
_ITEM: Final = compiled(f"(?:{'|'.join(f'(?P<{kind}>{shape})' for kind, shape in _SHAPES.items())}){_SEPARATORS}")
_START: Final = compiled(_SEPARATORS)
_SKIP: Final = compiled(rf"(?:\d+|[^\W\d_]+|.)?{_SEPARATORS}", re.DOTALL)

#: The shortest date line has three digits (7:45). One pass over the raw line, and most lines are done with.
_THREE_DIGITS: Final = compiled("(?:[^0-9٠-٩۰-۹]*+[0-9٠-٩۰-۹]){3}")
_RELATIVE: Final = compiled("منذ|قبل|مس|ليوم|لآن|لان|لبارح")
_FIRST_WORD: Final = compiled(r"[\W\d_]*+([^\W\d_]++)(?!$)")
_OPENERS: Final = {word for table in (_WORDS, _MONTHS, _PERIODS, _DAYS) for name in table for word in name.split()} | {
    *("العدد", "عدد", "السنه", "منذ", "قبل", "بتوقيت", "gmt", "utc", "a", "p", "h", "st", "nd", "rd", "th", "من", "شهر")
}
_LONE_TATWEEL: Final = compiled(r"(?<!\S)ـ(?=ـ*(?:\s|$))")
_LINE_LIMIT: Final = 160
_TEXT_LIMIT: Final = 400

_Fact = tuple[str, Any]  # kind, and what the function that _DATES names for it takes; a filler says nothing
_NOTHING: Final[_Fact] = ("filler", None)


def find(text: str, now: datetime | None = None) -> Moment | None:
    """Find the first date of a text, with the time beside it; a time alone counts where there is no date.

    The span is the whole row of date words, from its label or weekday to its last number: what a page prints as its date
    line. Only the first 400 characters are read. Ages (منذ ساعتين) mean something only when ``now`` is given.

    >>> find("محليات | 7-12-2021, 17:48 |")
    Moment(start=9, end=25, date='2021-12-07', time='17:48')
    >>> find("نشر في الصحيفة يوم ٩ /١١ /١٤٤١هـ").date
    '2020-06-30'
    >>> find("كتب محمود 3 مقالات"), find("مارس الضغط على الحكومة")
    (None, None)
    """
    if not _THREE_DIGITS.match(text) and not (now and _RELATIVE.search(text)):
        return None
    if len(text) > _TEXT_LIMIT:
        text = (text[:_TEXT_LIMIT].rsplit(None, 1) or [""])[0]  # not through a number
    folded = fold(text)
    at = first = _START.match(folded).end()  # type: ignore[union-attr]
    best: Moment | None = None
    while at < len(folded) and not (best and best.date):
        facts, last, end = _read(folded, at)
        found = _settle(facts, now, alone=at == first and end == len(folded))
        if found and (found[0] or not best):
            best = Moment(*_raw_span(text, folded, at, last), *found)
        at = _SKIP.match(folded, end).end()  # type: ignore[union-attr]
    return best


def find_line(text: str, now: datetime | None = None) -> Moment | None:
    """Read a line that is nothing but a date line: labels, weekday, dates, times, zones, eras and what separates them.

    This is asked of every short line of a page, so lines without digits, long lines and lines that open with an ordinary
    word are turned away before they are folded. The span is the line without the white space around it.

    >>> find_line("  الخميس 7/3/1429 هـ - الموافق 13/3/2008 م (آخر تحديث) الساعة 16:25 (مكة المكرمة)، 13:25 (غرينتش)")
    Moment(start=2, end=97, date='2008-03-13', time='16:25')
    >>> find_line("تاريخ النشر : الأحد - am 11:34 | 2026-03-08").time
    '11:34'
    >>> find_line("وصل الوفد في 22 يناير 2021")
    >>> find_line("أمس, 22:37", datetime(2021, 1, 22, 12)).date
    '2021-01-21'
    """
    if not _THREE_DIGITS.match(text) and not (now and _RELATIVE.search(text)):
        return None
    line = text.strip()
    if len(line) > _LINE_LIMIT or (len(line) > 30 and _opens_otherwise(line)):
        return None
    folded = fold(line)
    facts, _, end = _read(folded, _START.match(folded).end())  # type: ignore[union-attr]
    found = _settle(facts, now, alone=True) if end == len(folded) else None
    if not found:
        return None
    start = len(text) - len(text.lstrip())
    return Moment(start, start + len(line), *found)


def _opens_otherwise(line: str) -> bool:
    """Whether the first word of a line, be it after a number, is none of a date line; a fifth of the cost of a full fold.

    >>> _opens_otherwise("300 ناخب يدلون بأصواتهم في 22 يناير 2021"), _opens_otherwise("22 كانون الثاني 2021")
    (True, False)
    """
    first = _FIRST_WORD.match(fold(line[:20]))
    return first is not None and first[1] not in _OPENERS


def _read(folded: str, at: int) -> tuple[list[_Fact], int, int]:
    """Read items from a place on, as far as they go: what they say, where the last number ends, where reading stopped."""
    facts: list[_Fact] = []
    last = at
    while item := _ITEM.match(folded, at):
        kind = item.lastgroup or ""
        fact = _READERS[kind](item)
        if fact is None:
            break
        if fact is not _NOTHING:
            facts.append(fact)
        at = item.end()
        if kind != "word" or fact[0] == "zone":
            last = item.end(kind)
    return facts, last, at


def _settle(facts: list[_Fact], now: datetime | None, alone: bool) -> tuple[str | None, str | None] | None:
    """Choose among the dates and times of one row: publication before update, Gregorian before Hijri, dates before ages.

    A label opens a new section, and a time belongs to the date of its section; a section with times alone lends them.
    Several times without a date or a zone are a programme or the length of a film, no date line.
    """
    sections: list[dict[str, Any]] = [{}]
    for kind, value in facts:
        if kind in ("published", "updated"):
            sections.append({kind: value})
        else:
            sections[-1].setdefault(kind, value)
    sections.sort(key=lambda section: "updated" in section)  # stable
    for kind, resolve in _DATES.items():
        for section in sections:
            if kind in section and (kind != "day" or alone):
                day, clock = resolve(section[kind], now)
                if day:
                    lent = (part["clock"] for part in sections if "clock" in part and _DATES.keys().isdisjoint(part))
                    return day, section.get("clock") or next(lent, clock)
    clocks = [value for kind, value in facts if kind == "clock"]
    return (None, clocks[0]) if len(clocks) == 1 or (clocks and ("zone", None) in facts) else None


def _numeric(item: re.Match[str]) -> _Fact | None:
    """Order the three numbers of a date: year first or day first, month first only where the second cannot be a month."""
    a, mark, b, c, era = item.group("a", "mark", "b", "c", "era0")
    if len(a) == 4 and len(c) <= 2 and (mark or len(b + c) == 4):
        return _dated(int(a), int(b), int(c), era)
    if len(a) > 2 or len(c) not in (2, 4) or not mark:
        return None
    year, month, day = int(c), int(b), int(a)
    if len(c) == 2:
        if mark != "/" or year > 50:  # 1.2.21 is a version, 5-3-21 a score
            return None
        year += 2000
    if month > 12 >= day:
        month, day = day, month
    return _dated(year, month, day, era)


def _named(item: re.Match[str]) -> _Fact | None:
    """A day and the name of its month; without a year, or as a range of days, it belongs to the row but dates nothing."""
    since, day, name, year, era = item.group("since", "day1", "month1", "year1", "era1")
    if since or not year:
        return _NOTHING
    return _month_named(name, day, year, era)


def _month_first(item: re.Match[str]) -> _Fact | None:
    """A month's name, then day and year: Apr 16, 2025."""
    name, day, year, era = item.group("month2", "day2", "year2", "era2")
    return _month_named(name, day, year, era)


def _year_first(item: re.Match[str]) -> _Fact | None:
    """The year behind the time, before weekday, day and month: GMT 05:31 2021 الثلاثاء ,02 تشرين الثاني / نوفمبر."""
    name, day, year = item.group("month3", "day3", "year3")
    return _month_named(name, day, year, None)


def _year_month(item: re.Match[str]) -> _Fact | None:
    """The year before the month and the day: 2024 أغسطس 19."""
    name, day, year = item.group("month4", "day4", "year4")
    return _month_named(name, day, year, None)


def _month_named(name: str, day: str, year: str, era: str | None) -> _Fact | None:
    calendar, month = _MONTHS[name]
    if calendar == "jalali":
        return _NOTHING if 1300 <= int(year) <= 1500 else None
    return _dated(int(year), month, int(day), era or ("ه" if calendar == "hijri" else "م"))


def _dated(year: int, month: int, day: int, era: str | None) -> _Fact | None:
    """Tell the calendar by the era mark or the year, and check the day with it.

    A bare 1441 is Hijri. Up to 1410 it may as well be a year of the Persian calendar, and no page is as old as Hijri 1410.
    """
    if (era and era.startswith("ه")) or (not era and 1410 < year <= 1500):
        return ("hijri", (year, month, day)) if 1343 <= year <= 1500 and 1 <= month <= 12 and 1 <= day <= 30 else None
    if not era and 1343 <= year <= 1410:
        return _NOTHING
    iso = _iso(year, month, day)
    return ("gregorian", iso) if iso else None


def _iso(year: int, month: int, day: int) -> str | None:
    """A day of the real calendar within 1900 to 2100, or nothing.

    >>> _iso(2020, 2, 29), _iso(2021, 2, 29), _iso(1442, 6, 9)
    ('2020-02-29', None, None)
    """
    try:
        return date(year, month, day).isoformat() if 1900 <= year <= 2100 else None
    except ValueError:
        return None


def _clock(item: re.Match[str]) -> _Fact | None:
    """A time of day in 24 hours; a half-day word moves only an hour that a twelve-hour clock can show."""
    hour, minute = int(item["hour"]), item["minute"]
    period = item["after"] or item["before"]
    if period and hour <= 12:
        first = _PERIODS[period]
        hour = (first + (hour - first) % 12) % 24
    return "clock", f"{hour:02}:{minute}"


def _age(item: re.Match[str]) -> _Fact | None:
    """A span of time back from now, as a unit and how many of it."""
    unit, count = _AGES[item["unit"]]
    if item["count"]:
        count = int(item["count"])
    return _NOTHING if count is None else ("age", (unit, count))


def _word(item: re.Match[str]) -> _Fact | None:
    """A label, a weekday, a zone."""
    kind = _WORDS[item["word"]]
    return _NOTHING if kind == "filler" else (kind, None)


_READERS: Final[dict[str, Callable[[re.Match[str]], _Fact | None]]] = {
    "word": _word,
    "issue": lambda item: _NOTHING,
    "age": _age,
    "day": lambda item: ("day", ("days", _DAYS[item["day"]])),
    "year_first": _year_first,
    "year_month": _year_month,
    "numeric": _numeric,
    "clock": _clock,
    "short": lambda item: _NOTHING,
    "named": _named,
    "month_first": _month_first,
    "zone": lambda item: ("zone", None),
    "era": lambda item: _NOTHING,
}

_When = tuple[str | None, str | None]  # date and time


def _from_hijri(value: tuple[int, int, int], now: datetime | None) -> _When:
    """Umm al-Qura, which may differ from the printed page by a day or two; hence the Gregorian date goes first.

    >>> _from_hijri((1442, 6, 9), None)
    ('2021-01-22', None)
    """
    from hijridate import Hijri  # most runs meet no lone Hijri date

    try:
        return Hijri(*value).to_gregorian().isoformat(), None
    except (ValueError, OverflowError):
        return None, None


def _ago(value: tuple[str, int], now: datetime | None) -> _When:
    """Count back from now. Minutes and hours tell the time too, longer units only the day.

    >>> _ago(("months", 2), datetime(2021, 1, 31)), _ago(("hours", 3), datetime(2021, 1, 22, 12))
    (('2020-11-30', None), ('2021-01-22', '09:00'))
    """
    unit, count = value
    if now is None:
        return None, None
    try:
        if unit in ("months", "years"):
            month = now.year * 12 + now.month - 1 - count * (12 if unit == "years" else 1)
            year, month = month // 12, month % 12 + 1
            return _iso(year, month, min(now.day, monthrange(year, month)[1])), None
        then = now - timedelta(**{unit: count})
    except (ValueError, OverflowError):
        return None, None
    return _iso(then.year, then.month, then.day), None if unit in ("days", "weeks") else f"{then:%H:%M}"


#: Kinds that date a row -> how, best first.
_DATES: Final[dict[str, Callable[[Any, datetime | None], _When]]] = {
    "gregorian": lambda iso, now: (iso, None),
    "hijri": _from_hijri,
    "age": _ago,
    "day": _ago,
}


def _raw_span(text: str, folded: str, start: int, end: int) -> tuple[int, int]:
    """Where a span of the folded text stands in the text itself.

    Folding drops marks and squeezes spaces, so the characters that leave ink are counted on both sides. The rare text that
    does not add up (a ligature cut in two) is given back whole.

    >>> raw = "يـــوم\xa0 22\u200f/1\u200f/2021 م"
    >>> raw[slice(*_raw_span(raw, fold(raw), 4, 13))]
    '22\u200f/1\u200f/2021'
    """
    if text == folded:
        return start, end
    before = len(folded[:start].replace(" ", ""))
    total = before + len(folded[start:end].replace(" ", ""))
    first = after = seen = 0
    for place, char in enumerate(_LONE_TATWEEL.sub("-", text)):
        ink = _ink(char)
        if seen >= total and (ink or char.isspace()):
            break
        if ink and seen == before:
            first = place
        seen += ink
        after = place + 1
    if fold(text[first:after]) == folded[start:end]:
        return first, after
    return 0, len(text)


@cache
def _ink(char: str) -> int:
    """How many characters other than spaces are left of one when it is folded."""
    return 0 if char == "ـ" else len(fold(char).replace(" ", ""))
