"""A strip of headlines in one line to its headlines, one by one.

Strips are joined by runs of spaces, by a sign, by the outlet's own name, or by one space alone. The first three are
seen; for the last, every way of cutting the words is weighed and the best one taken: each gap between two words by what
the words around it are, and each piece by its length. The weights are in ``strips.json``, learned from headlines
(`training.headlines`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from arabic_newsclean import arabic, kept
from arabic_newsclean.kept import compiled
from arabic_newsclean.names import is_given

_WIDE: Final = compiled(r"\s{3,}")
_GAPS: Final = compiled(r"[ \u00a0]{3,}")
_SIGNS: Final = compiled(r"\s+[|•●·*]\s+|\s+[-–—]\s+")
_SLASHES: Final = compiled(r"\s+/{1,3}\s+")
#: A headline's last mark; two dots after it say that the headline goes on.
_MARKS: Final = compiled(r"(?<=[!؟?])\s+(?![.!؟?:])|(?<=\.\.\.)\s+(?=\S)|(?<=…)\s+(?=\S)")
_LATIN: Final = compiled(r"(?<!\S)[A-Za-z]{3,20}(?!\S)")
_LEAD: Final = compiled(
    r"^(?:[\s\-–*•●·|#■□+_]*(?:\d{1,2}:\d{2}(?::\d{2})?(?:\s*(?:GMT|ص|م|صباحا|مساء)(?!\w))?)?[\s\-–:|]*)(?:عاجل\s*[:|]?\s+)?"
)
_MORE: Final = compiled(r"\s+(?:تتمة|المزيد|التفاصيل|اقرأ المزيد|إقرأ المزيد)\s*(?:\.{2,}|…|»)?\s*$")
_LETTER: Final = compiled("[\u0621-\u064aA-Za-z\ufb50-\ufefc]")

#: A strip that is glued by single spaces is at least this long; a shorter line is one headline.
GLUED: Final = 115
#: A headline has between so many words.
FEWEST, MOST = 2, 24
#: A sentence has at least so many words.
LEAST: Final = 5
#: So much of a piece of a page is looked at.
PIECE: Final = 1200
#: What speaks for a headline in front of a sentence before any word is read: behind a label, most sentences have one.
HEADED: Final = 3.0
_WORDS: Final = compiled(r"\S+")

#: Words that headlines begin with, folded: nouns of news, offices, questions, teasers.
OPENERS: Final = frozenset(
    arabic.fold(word)
    for word in (
        "وزير وزيرة وزارة رئيس رئيسة محافظ مدير مجلس نائب نائبة لجنة هيئة جامعة بلدية شرطة الشرطة وفاة مصرع مقتل إصابة "
        "استشهاد ضبط القبض حبس توقيف اعتقال إحالة تأجيل انطلاق افتتاح ختام بدء توقيع تعيين إقالة استقالة ارتفاع انخفاض "
        "تراجع استقرار أسعار سعر طقس حالة موعد مواعيد نتيجة نتائج أسماء جدول تفاصيل حقيقة شاهد بالفيديو بالصور بالأسماء "
        "بالأرقام بالوثائق عاجل رسميا كيف لماذا هل متى ماذا أين من بعد قبل خلال ردا لأول زلزال حريق انفجار سقوط حادث "
        "مظاهرة احتجاجات إضراب وقفة اجتماع لقاء زيارة منتخب فريق نادي مدرب لاعب نجم فنانة فنان دراسة باحثون علماء خبراء "
        "خبير تقرير بيان قرار قانون مشروع خطة حملة مبادرة مهرجان معرض مؤتمر ندوة ورشة بطولة كأس دوري مباراة فوز خسارة "
        "تعادل ولي أمير الأمير الملك السلطان السفير سفير سفارة الجيش القوات الاحتلال الحكومة البرلمان النواب المالية "
        "الداخلية الخارجية الصحة التربية التعليم الكهرباء المياه الزراعة التجارة العدل الأرصاد البنك المركزي النفط الذهب "
        "الدولار الدينار طفل طفلة شاب فتاة امرأة رجل مواطن مواطنون أهالي سكان طلاب معلمة طبيب أطباء مستشفى مدرسة مطار "
        "ميناء طريق جسر قطار سيارة شركة شركات مصدر مصادر أول آخر أكثر نحو تنويه تعليق تمديد إطلاق إلزام إنقاذ العثور "
        "الكشف وفد وفود والي واشنطن موسكو لندن باريس طهران أنقرة بغداد القاهرة دمشق بيروت عمان الرياض الدوحة"
    ).split()
)
_QUESTIONS: Final = frozenset(
    arabic.fold(word) for word in "كيف لماذا هل متى ماذا أين من بعد قبل خلال ردا لأول في لإقرار على عشية".split()
)
_WANTING: Final = {arabic.fold(word) for word in arabic.OPEN_WORDS} | {"ل", "ب", "لا", "لم", "لن"}
_VERB: Final = compiled(r"[يت][ا-ي]{2,6}$")
#: Nouns that begin like verbs of the present.
_NOT_VERBS: Final = frozenset(
    arabic.fold(word)
    for word in (
        "تفاصيل تقرير تأجيل تعيين توقيف توقيع تمديد تراجع تنويه تعليق تحالف تركيا تونس تربية تجارة تعليم يوم يناير يونيو"
    ).split()
)


def items(text: str, cutter: Cutter | None = None) -> list[str]:
    """The headlines of one line of a strip, without times, signs and outlet names between them.

    >>> items("خبر أول | خبر ثان | خبر ثالث"), items("18:42خبر أول")
    (['خبر أول', 'خبر ثان', 'خبر ثالث'], ['خبر أول'])
    >>> glued = "وزير الصحة يفتتح مستشفى الولادة في البصرة مصرع شخصين بحادث سير على طريق الموصل"
    >>> items(f"{glued} كيف تحمي هاتفك من الاختراق في السفر ؟")[:2]
    ['وزير الصحة يفتتح مستشفى الولادة في البصرة', 'مصرع شخصين بحادث سير على طريق الموصل']
    """
    text = _MORE.sub("", _WIDE.sub("    ", text.strip()))
    for pattern in (_GAPS, _SIGNS, _SLASHES):
        pieces = pattern.split(text)
        if len(pieces) >= 3:
            return _named(pieces)
    names = _LATIN.findall(text)
    name, count = Counter(names).most_common(1)[0] if names else ("", 0)
    if count >= 3:
        return _named(re.split(rf"(?<!\\S){name}(?!\\S)", text))
    cut = (cutter or default()).cut
    return _named([item for piece in _MARKS.split(text) for item in (cut(piece) if len(piece) >= GLUED else [piece])])


def _flows(words: Sequence[str]) -> bool:
    """Whether words are an article without full stops, and no headlines: one in fifteen joins sentences."""
    if len(words) < FLOW:
        return False
    return FLOWING * sum(arabic.bare(arabic.fold(word)) in _JOINTS for word in words) >= len(words)


#: So many words show whether they flow: in articles one in 17 is a joint of sentences, in strips one in 150.
FLOW, FLOWING = 40, 14
_JOINTS: Final = frozenset(
    arabic.fold(word)
    for word in (
        "أن إن التي الذي الذين كما حيث قد وقد كان كانت وكان وكانت وهو وهي لم ولم لن هذا هذه ذلك وذلك وقال وقالت وأضاف وأضافت "
        "وأكد وأكدت وأوضح وأوضحت وأشار وأشارت وذكر وتابع وأن وإن مشيرا موضحا مؤكدا مضيفا لافتا بأن لأن أنه أنها وأنه وأنها"
    ).split()
)


def _named(pieces: list[str]) -> list[str]:
    return [item for item in map(_item, pieces) if item]


@lru_cache(maxsize=20_000)
def _item(piece: str) -> str:
    """A headline without what stands around it; nothing where there is no letter."""
    item = arabic.squeeze(_LEAD.sub("", piece)).strip("|•-–*# ")
    return item if _LETTER.search(item) else ""


class Cutter:
    """Cuts words that only spaces join into headlines, by one table of weights."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._bias: float = raw["bias"]
        self._lengths: Sequence[float] = raw["lengths"]
        self._gaps: list[Mapping[str, float]] = [raw["gaps"][name] for name in FACTS]

    def cut(self, text: str) -> Sequence[str]:
        """The headlines of a strip, in order: the best way of cutting it. A site prints one strip on many pages."""
        return _cut(self, text)

    def heads(self, text: str) -> list[int]:
        """Where in a piece of a page the headlines begin, and the sentence that they are glued to, if the piece ends in one."""
        words = [match.span() for match in _WORDS.finditer(text, 0, PIECE)]
        if len(words) < FEWEST + LEAST or _flows([text[a:b] for a, b in words]):
            return [0]
        sentence = len(text) > PIECE or text.rstrip('"”») ')[-1:] in (".", "؟", "!", ":")
        return [words[i][0] for i in self._starts([text[a:b] for a, b in words], sentence=sentence)]

    def _starts(self, words: Sequence[str], *, sentence: bool) -> list[int]:
        """At which words the pieces begin. With ``sentence`` the last one is a sentence: its length says nothing."""
        gaps = [0.0] + [self._gap(facts) for facts in gap_facts(words)]
        ends = [0]
        for word in words:
            ends.append(ends[-1] + len(word) + 1)
        best = [0.0] + [-1e9] * len(words)
        came = [0] * (len(words) + 1)
        lengths, longest = self._lengths, len(self._lengths) - 1
        for j in range(FEWEST, len(words) + 1):
            for i in range(max(0, j - MOST), j - FEWEST + 1):
                step = (ends[j] - ends[i] - 1) // STEP
                value = best[i] + gaps[i] + lengths[step if step < longest else longest]
                if value > best[j]:
                    best[j], came[j] = value, i
        last = came[-1]
        if sentence:
            last = max(range(max(1, len(words) - LEAST + 1)), key=lambda i: best[i] + gaps[i] + (HEADED if i else 0.0))
        elif best[-1] < -1e8:
            last = 0
        starts = [last]
        while starts[-1]:
            starts.append(came[starts[-1]])
        return starts[::-1]

    def _gap(self, facts: Sequence[str]) -> float:
        total = self._bias
        for table, fact in zip(self._gaps, facts, strict=True):
            if fact in table:
                total += table[fact]
        return total


#: So many strips are remembered.
STRIPS: Final = 1000


@lru_cache(STRIPS)
def _cut(cutter: Cutter, text: str) -> Sequence[str]:
    words = text.split()
    starts = cutter._starts(words, sentence=False)
    return [" ".join(words[a:b]) for a, b in zip(starts, [*starts[1:], len(words)], strict=True)]


@cache
def default() -> Cutter:
    """By the weights that come with the package."""
    return kept.made("strips", _ours)


def _ours() -> Cutter:
    from importlib import resources

    return Cutter(json.loads((resources.files("arabic_newsclean") / "strips.json").read_bytes()))


#: The lengths of headlines are counted in steps of so many characters, up to so many steps.
STEP, STEPS = 10, 18
#: The names of the facts of a gap between two words, in the order in which `gap_facts` gives their values.
FACTS: Final = (
    "kinds",  # what kinds of words stand around: two before it and two after
    "before",  # the word before
    "after",  # the word after
    "next",  # the one after that
    "last",  # the one before the word before
    "marks",  # how the word before ends and the word after begins, in signs
    "ending",  # the last letters of the word before
    "opening",  # the first letter of the word after that, and its length
    "close",  # the last letters of the word after
    "nearby",  # the last letters of the one after that
    "joint",  # the last letter before the gap and the first ones after
    "mark",  # how the word before ends, and what kind of word it is
    "start",  # how the word before ends, and what kind of word comes after
)


def gap_facts(words: Sequence[str]) -> list[tuple[str, ...]]:
    """The facts of every gap between two words of a strip, in order."""
    folded = ["", *(arabic.bare(arabic.fold(word)) for word in words), ""]
    kinds = [_kind(word) for word in folded]
    out: list[tuple[str, ...]] = []
    for i in range(1, len(words)):
        last, before, after, following = folded[i - 1 : i + 3]
        end, start = _end(words[i - 1]), _start(words[i])
        out.append(
            (
                "".join(kinds[i - 1 : i + 3]),
                before,
                after,
                following,
                last,
                f"{end}{start}",
                before[-2:],
                f"{following[:1]}{min(len(following), 6)}",
                after[-2:],
                following[-2:],
                f"{before[-1:]}{after[:2]}",
                f"{end}{kinds[i]}",
                f"{end}{kinds[i + 1]}",
            )
        )
    return out


def _end(word: str) -> str:
    if word.endswith(("...", "…")):
        return "…"
    return ".." if word.endswith("..") else "" if word[-1].isalpha() else "9" if word[-1].isdigit() else word[-1]


def _start(word: str) -> str:
    first = word[0]
    return "9" if first.isdigit() else first if not first.isalpha() else "z" if first.isascii() else ""


@lru_cache(maxsize=20_000)
def _kind(word: str) -> str:
    """What kind of word a folded one is: a letter."""
    if word in OPENERS:
        return "O"
    if word in _QUESTIONS:
        return "Q"
    if word in _WANTING:
        return "W"
    if _is_verb(word):
        return "V"
    if word.isdigit():
        return "9"
    if is_given(word):
        return "P"
    if word.startswith("ال"):
        return "L"
    if word.startswith(("لل", "بال", "وال", "كال", "فال")):
        return "l"
    if len(word) > 3 and word[0] in "وبل":
        return {"و": "w", "ب": "b", "ل": "t"}[word[0]]
    return "h" if word.endswith(("ه", "ات")) else "n" if word else "-"


def _is_verb(word: str) -> bool:
    return _VERB.match(word) is not None and word not in _NOT_VERBS
