"""A strip of headlines in one line to its headlines, one by one.

Strips are joined by runs of spaces, by a sign, by the outlet's own name, or by one space alone. The first three are
seen; for the last, every way of cutting the words is weighed and the best one taken: headlines have a usual length,
begin with nouns and question words and not with a verb or a preposition, hold one verb near their beginning, and
end in no word that wants another. The weights are counts of what headlines do, rounded by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from arabic_newsclean import arabic
from arabic_newsclean.lines import OPEN_WORDS

_WIDE: Final = re.compile(r"\s{3,}")
_GAPS: Final = re.compile(r"[ \u00a0]{3,}")
_SIGNS: Final = re.compile(r"\s+[|•●·*]\s+|\s+[-–—]\s+")
_SLASHES: Final = re.compile(r"\s+/{1,3}\s+")
#: A headline's last mark; two dots after it say that the headline goes on.
_MARKS: Final = re.compile(r"(?<=[!؟?])\s+(?![.!؟?:])|(?<=\.\.\.)\s+(?=\S)|(?<=…)\s+(?=\S)")
_LATIN: Final = re.compile(r"(?<!\S)[A-Za-z]{3,20}(?!\S)")
_LEAD: Final = re.compile(
    r"^(?:[\s\-–*•●·|#■□+_]*(?:\d{1,2}:\d{2}(?::\d{2})?(?:\s*(?:GMT|ص|م|صباحا|مساء)(?!\w))?)?[\s\-–:|]*)(?:عاجل\s*[:|]?\s+)?"
)
_MORE: Final = re.compile(r"\s+(?:تتمة|المزيد|التفاصيل|اقرأ المزيد|إقرأ المزيد)\s*(?:\.{2,}|…|»)?\s*$")
_LETTER: Final = re.compile("[\u0621-\u064aA-Za-z\ufb50-\ufefc]")

#: A strip that is glued by single spaces is at least this long; a shorter line is one headline.
GLUED: Final = 115
#: The usual length of a headline in characters, and how far from it most are.
LENGTH, SPREAD = 58.0, 24.0
#: A headline has between so many words.
FEWEST, MOST = 3, 22

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
_WANTING: Final = frozenset(arabic.fold(word) for word in OPEN_WORDS) - {arabic.fold("و")} | {"ل", "ب", "و", "لا", "لم", "لن"}
_VERB: Final = re.compile(r"[يت][ا-ي]{2,6}$")
#: Nouns that begin like verbs of the present.
_NOT_VERBS: Final = frozenset(
    arabic.fold(word)
    for word in (
        "تفاصيل تقرير تأجيل تعيين توقيف توقيع تمديد تراجع تنويه تعليق تحالف تركيا تونس تربية تجارة تعليم يوم يناير يونيو"
    ).split()
)


def items(text: str) -> list[str]:
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
    pieces = _MARKS.split(text)
    return _named([item for piece in pieces for item in (_cut(piece) if len(piece) >= GLUED else [piece])])


def _named(pieces: list[str]) -> list[str]:
    found = (arabic.squeeze(_LEAD.sub("", piece)).strip("|•-–*# ") for piece in pieces)
    return [item for item in found if _LETTER.search(item)]


def _cut(text: str) -> list[str]:
    """The best way of cutting words that only spaces join."""
    words = [_Word(word) for word in text.split()]
    sums = [(0, 0, 0, 0, 0)]
    for word in words:
        last = sums[-1]
        sums.append(
            (last[0] + word.length, last[1] + word.verb, last[2] + word.mark, last[3] + word.dots, last[4] + word.colon)
        )
    best = [0.0] + [-1e9] * len(words)
    came = [0] * (len(words) + 1)
    for j in range(FEWEST, len(words) + 1):
        end, inner = sums[j], sums[j - 1]
        for i in range(max(0, j - MOST), j - FEWEST + 1):
            if best[i] > -1e8:
                start, early = sums[i], sums[min(i + 5, j)]
                length = end[0] - start[0] - 1
                dots, colons = inner[3] - start[3], inner[4] - start[4]
                verbs = early[1] - sums[i + 1][1]
                value = best[i] + words[i].opening + words[j - 1].closing - 0.5 * ((length - LENGTH) / SPREAD) ** 2
                value += _JOINT[words[i - 1].definite, words[i].definite] if i else 0.0
                value -= 4.0 * (inner[2] - start[2]) + 0.8 * (end[1] - early[1])
                value += (0.5 if dots == 1 else -3.0 * max(0, dots - 1)) + (0.7 if colons == 1 else -2.0 * max(0, colons - 1))
                value += 1.2 if verbs == 1 else 0.0
                if value > best[j]:
                    best[j], came[j] = value, i
    if best[-1] < -1e8:
        return [text]
    cuts, j = [], len(words)
    while j:
        cuts.append(" ".join(word.text for word in words[came[j] : j]))
        j = came[j]
    return cuts[::-1]


class _Word:
    """A word of a strip: how well it opens and closes a headline, and what it adds to one."""

    __slots__ = ("closing", "colon", "definite", "dots", "length", "mark", "opening", "text", "verb")

    def __init__(self, text: str) -> None:
        folded = arabic.fold(text)
        word = arabic.bare(folded)
        self.text = text
        self.length = len(text) + 1
        self.verb = _is_verb(word)
        self.mark = text[-1] in "!؟" or (text.endswith(("...", "…")) and text not in ("...", "…"))
        self.dots = text.endswith("..") and not text.endswith("...")
        self.colon = text.endswith(":")
        self.definite = folded.lstrip('"(').startswith(("ال", "لل", "بال", "وال"))
        self.opening = _opening(text, word, self.verb)
        if text[-1] in "!؟" or text.endswith(("...", "…")):
            self.closing = 4.0
        else:
            self.closing = -5.0 if word in _WANTING or text[-1] in ":،(" or text.startswith("..") else 0.0


def _opening(text: str, word: str, verb: bool) -> float:
    """How well a word opens a headline."""
    if text.startswith((".", "!", "؟", ":")):
        return -5.0
    if word in OPENERS:
        return 1.5
    if text[0] in '"“«‘(' or word.isdigit():
        return 0.8
    if word in _WANTING and word not in _QUESTIONS:
        return -3.0
    if verb:
        return -1.5
    return -1.0 if word.startswith("و") and len(word) > 3 else 0.0


#: How likely two words part, by whether the one before and the one after carry the article: "end of the month" is
#: indefinite and definite and stays together, noun and adjective are alike, a headline mostly ends definite.
_JOINT: Final = {(False, True): -1.5, (True, True): -0.6, (True, False): 0.8, (False, False): 0.0}


def _is_verb(word: str) -> bool:
    return _VERB.match(word) is not None and word not in _NOT_VERBS
