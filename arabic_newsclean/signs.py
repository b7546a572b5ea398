"""What a line's text shows, whatever stands around it: the first of the facts that the walk goes by."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import Final, NamedTuple

from arabic_newsclean import arabic
from arabic_newsclean.judge import REMEMBERED
from arabic_newsclean.kept import compiled
from arabic_newsclean.rules import SHORT

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
#: Pairs of words that take a story up again, folded: no headline begins with them.
RESUMERS: Final = frozenset(
    arabic.fold(words)
    for words in (
        "في المقابل|من جهته|من جهتها|من جانبه|من جانبها|من جهة|من ناحيته|من ناحيتها|إلى ذلك|على صعيد|في السياق|في سياق|"
        "في غضون|في هذا|في حين|على الرغم|بالإضافة إلى|من المقرر|من المتوقع|جدير بالذكر|الجدير بالذكر|حتى ذلك|يذكر أن|"
        "يشار إلى|تجدر الإشارة|من ناحية|بدوره قال|بدورها قالت|في ما|إلى جانب|على إثر|بعد ذلك|منذ ذلك|في الأثناء|"
        "من المنتظر|من المرتقب|ومن المقرر|ومن المتوقع|على أن|لكن هذا|غير أن|إلا أن|ذلك أن|هذا وقد"
    ).split("|")
)
#: Words that begin with a w of their own, folded; in front of any other it says "and", and goes on from a sentence before.
NO_AND: Final = frozenset(
    arabic.fold(word)
    for word in (
        "وزير وزيرة وزراء وزارة وزاري وزارية وفاة وفيات وفد وفود وفاق وفاء وفق وفقا وكالة وكالات وكيل وكلاء وظائف وظيفة "
        "وسائط وسائل وسيلة وسيط وساطة وسط وسطاء وسم وسام والي والد والدة وصف وصفة وصفات وصول وصل وصلت وطن وطني وطنية واجهة "
        "واجب واحد واحدة واقع واقعة وارد واردات واسع واسعة وادي وافد وافدون واشنطن واتساب ولي ولاية ولايات ولد ولدت ولادة "
        "وليد ولاء وهران وهج وهم وهمي وهمية وثيقة وثائق وثائقي ورشة ورش ورق ورقة وردة ورد وراء وريث وضع وضعت وضعية وجه وجهة "
        "وجهات وجود وجوه وجيه وجبة وجبات وجدة وجدي وحدة وحدات وحيد وحش وحشية وقف وقفة وقفات وقت وقود وقع وقوع وقاية وباء "
        "وبائي وداع وداعا وديع ودية ودي ودائع وعي وعد وعود وزن وزع وسيم وسن وطأة وفرة وفر وفرت وين وليش وشك وشم وشاح وهذا"
    ).split()
)
_BULLET: Final = compiled(r"[*•·●■□▪◾○+■#]")
_HEADING: Final = compiled("#{1,5} ")
_NUMBER: Final = compiled(r"[\d٠-٩(]")
_DIGITS: Final = compiled(r"\d")
_ARABIC: Final = compiled("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN: Final = compiled(r"[A-Za-zÀ-ÿ]")
_STOPS: Final = compiled(r"[.؟!:][\s\"”»)]")
_STEPS: Final = (4, 13, 25, 45, 70, 100, 150, 250, 500)


class Signs(NamedTuple):
    """What a line's text shows, whatever stands around it."""

    length: str
    end: str
    start: str
    digits: str
    inside: str
    script: str


def signs_of(text: str) -> Signs:
    """The signs of a line.

    >>> signs_of("- 3 قتلى في انقلاب حافلة، بحسب الدفاع المدني")
    Signs(length='3', end='none', start='-', digits='some', inside='1 0', script='')
    """
    return _remembered(text) if len(text) <= SHORT else _shown(text)


def _shown(text: str) -> Signs:
    return Signs(_length(len(text)), _end(text) or "none", _start(text), _digits(text), _inside(text), _script(text))


_remembered: Final = lru_cache(REMEMBERED)(_shown)


def _length(length: int) -> str:
    return str(bisect_right(_STEPS, length))


def _end(piece: str) -> str:
    last = piece[-1]
    if last in "\"”»)'" and len(piece) > 1:
        last = piece[-2] if piece[-2] in ".؟!…" else ")" if last == ")" else '"'
    if last == "." or last == "…":
        return "..." if last == "…" or piece.endswith(("...", "..")) else "."
    return last if last in '؟!:)"،' else "?" if last == "?" else "#" if last.isdigit() else ""


def _start(text: str) -> str:
    first = text[0]
    if _BULLET.match(first):
        heading = _HEADING.match(text)
        return "*" if heading is None else "#" if heading.end() == 2 else "##"
    if first in "-–—":
        return "-"
    if _NUMBER.match(first):
        return "1"
    if first in '"“«”':
        return '"'
    if first in "،,.؛:)":
        return "،"
    return _told(text)


def _told(text: str) -> str:
    first, second, *_ = *text[:40].split(None, 2), "", ""
    return _opening(f"{first} {second}")


@lru_cache(REMEMBERED)
def _opening(text: str) -> str:
    """`_told`, by the first two words of a line: those of many lines are the same."""
    words = arabic.fold(text).split(None, 2)
    if words and (words[0] in OPENERS or " ".join(words[:2]) in RESUMERS):
        return "verb"
    return "and" if text[0] == "و" and words and words[0] not in NO_AND else ""


def begins(text: str) -> bool:
    """Whether a line begins as a sentence of news does: with a verb of saying, or going on from another.

    >>> begins("وقال الوزير إن العمل مستمر"), begins("وزير النقل يفتتح خطا جديدا")
    (True, False)
    """
    return _told(text) != ""


def _inside(piece: str) -> str:
    commas = min(piece.count("،") + piece.count(", "), 2)
    stop = _STOPS.search(piece, 0, 600)
    stops = 0 if stop is None else 1 if _STOPS.search(piece, stop.end(), 600) is None else 2
    return f"{commas} {stops}"


def _script(piece: str) -> str:
    has_arabic = _ARABIC.search(piece) is not None
    has_latin = _LATIN.search(piece) is not None
    return ("mixed" if has_latin else "") if has_arabic else "latin" if has_latin else "none"


def _digits(text: str) -> str:
    text = text if len(text) <= SHORT else ""
    digits = len(_DIGITS.findall(text))
    colon = ":" if ": " in text or " :" in text else ""
    return f"{'many' if digits * 3 > len(text) else 'some' if digits else ''}{colon}" if text else "long"
