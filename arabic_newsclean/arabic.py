"""What Arabic pages are made of: letters, marks, digits, months, and one fold that makes spellings meet.

Everything here is a fact with its reason, and imports nothing of ours but `kept`. Letters and marks are PyArabic's constants.
Its ``normalize_alef`` is not used (it turns ى into ا, so that على becomes علا), nor its tokenizers (they cut numbers, dates).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from pyarabic import araby

from arabic_newsclean.kept import compiled

#: Marks that the eye may miss and that no label is told apart by: tashkeel, the small alef, combining madda and hamza.
MARKS: Final = "".join(araby.TASHKEEL) + araby.MINI_ALEF + araby.MADDA_ABOVE + araby.HAMZA_ABOVE + araby.HAMZA_BELOW

#: Characters without ink: bidi controls, zero-width joiners, soft hyphen, byte order mark. CLDR dates hold U+200F.
INVISIBLE: Final = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\ufeff\u00ad"

#: Spaces that are not U+0020: pages print NBSP-only lines, and NBSP between a number and its unit.
SPACES: Final = (
    "\t\r\v\f\x1c\x1d\x1e\x1f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

#: Every quote sign in use. Pages open with one kind and close with another, so they count as one.
QUOTES: Final = "“”„‟«»‹›‘’‚‛`´"

#: Every dash. A tatweel between spaces is one more (المحرر ـ متابعة); `fold` sees to it before it drops tatweel.
DASHES: Final = "‐‑‒–—―−"

#: Letters that Persian and Kurdish keyboards put into Arabic pages (سیاسة, محلیات, کتاب).
FOREIGN_LETTERS: Final = {"ی": "ي", "ې": "ي", "ے": "ي", "ک": "ك", "ڪ": "ك", "ە": "ه", "ہ": "ه", "ۀ": "ه", "ھ": "ه", "ة": "ه"}

#: Words that no Arabic phrase ends with: a line that ends in one goes on in the next.
OPEN_WORDS: Final = frozenset(
    "من في فى على علي إلى الى عن أن ان إن التي الذي الذين مع بين بعد قبل خلال حول أو او ثم لدى عند منذ حتى غير هو هي "
    "هذا هذه ذلك تلك كما حيث قال وقال عبر ضد نحو دون ضمن وفق بحسب تحت فوق و لـ بـ كـ وفي ومن وعلى وإلى وعن وأن وإن "
    "لكن إذ إذا قد".split()
)

_ALEFS: Final = (araby.ALEF_MADDA, araby.ALEF_HAMZA_ABOVE, araby.ALEF_HAMZA_BELOW, araby.ALEF_WASLA)

_FOLD: Final[dict[int, str | None]] = {
    **{ord(c): None for c in MARKS + INVISIBLE + araby.TATWEEL},
    **{ord(c): " " for c in SPACES + "\n"},
    **{ord(c): '"' for c in QUOTES},
    **{ord(c): "-" for c in DASHES},
    **{ord(c): araby.ALEF for c in _ALEFS},
    **{ord(c): to for c, to in FOREIGN_LETTERS.items()},
    ord(araby.ALEF_MAKSURA): araby.YEH,  # Egyptian pages print على for علي and the other way round
    ord(araby.YEH_HAMZA): araby.YEH,  # مسئول, مسؤول
    ord(araby.WAW_HAMZA): araby.WAW,
    **{ord("٠") + i: str(i) for i in range(10)},
    **{ord("۰") + i: str(i) for i in range(10)},
    **{c: chr(c + 32) for c in range(ord("A"), ord("Z") + 1)},
    ord("…"): "...",
}

#: The forms of letters that old systems printed; each folds as the letters do that it is made of.
_FORMS: Final = (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFF))
_FOLD.update({code: unicodedata.normalize("NFKC", chr(code)).translate(_FOLD) for code in _FORMS})
_FOLDED: Final = {chr(code): to or "" for code, to in _FOLD.items()}
_PRESENTATION: Final = compiled("[\ufb50-\ufdff\ufe70-\ufefe]")
#: What is in few lines. Of all else only the letters that carry a hamza, ى and ة are folded.
_RARE: Final = compiled('[^ء-غف-ي0-9a-z .,:،؛؟!()/"-]')
#: More rare characters than this are folded all at once.
FEW: Final = 6
_TATWEEL_DASH: Final = compiled(rf"(?:(?<=\s)|^){araby.TATWEEL}+(?=\s|$)")
_TRIM: Final = " .:،,؛;|/\\-*•·●■□▪◾○◦«»←→↑↓⇐⇒‹›<>(){}#_+~=\"'!؟?&@^"


def fold(text: str) -> str:
    """Make every spelling of a short text one: for comparing with rules, never for output.

    Folds hamza carriers to alef, ى to ي, ة to ه, Persian letters, presentation forms, digits, dashes and quotes; drops
    tashkeel, tatweel and invisible marks; lowers Latin letters; folds white space to single spaces and trims it.
    A tatweel that stands alone is a dash. Costs about 60 ns a character: fold lines, not articles.

    >>> fold("إقرأ  أيضــــًا :")
    'اقرا ايضا :'
    >>> fold("المحرر ـ متابعة")
    'المحرر - متابعه'
    >>> fold("\N{ARABIC LETTER ALEF WITH HAMZA ABOVE FINAL FORM}٢٠٢١\N{RIGHT-TO-LEFT MARK}")
    'ا2021'
    """
    if araby.TATWEEL in text:
        text = _TATWEEL_DASH.sub("-", text)
    rare = _RARE.findall(text)
    if len(rare) > FEW:
        return " ".join(text.translate(_FOLD).split())
    for char in rare:  # most lines have none, and are folded three times as fast
        text = text.replace(char, _FOLDED.get(char, char))
    text = text.replace("أ", "ا").replace("إ", "ا").replace("آ", "ا").replace("ى", "ي").replace("ة", "ه")
    text = text.replace("ئ", "ي").replace("ؤ", "و")
    return " ".join(text.split()) if "  " in text or text[:1] == " " or text[-1:] == " " else text


def unshaped(text: str) -> str:
    """Text with the letters that old systems printed in presentation forms as the letters they are; nothing else changed.

    >>> unshaped("\N{ARABIC LETTER ALEF WITH HAMZA ABOVE ISOLATED FORM}كد") == "أكد"
    True
    """
    return unicodedata.normalize("NFKC", text) if _PRESENTATION.search(text) else text


_LONG_WORD: Final = compiled("[\u0621-\u064a]{4,}")
_PREFIX: Final = compiled("^(?:وال|بال|فال|كال|لل|ال|و|ب|ل|ف|ك)(?=[\u0621-\u064a]{3})")


def long_words(text: str) -> list[str]:
    """The words of a text that say what it is about: those of four letters or more, as printed."""
    return _LONG_WORD.findall(unshaped(text))


@lru_cache(50_000)
def stem(word: str) -> str:
    """A word without the article and the particles that are written together with it.

    >>> stem("والوزير"), stem("بغداد"), stem("ولد")
    ('وزير', 'غداد', 'ولد')
    """
    return _PREFIX.sub("", word)


def bare(folded: str) -> str:
    """A folded text without the punctuation, bullets and arrows around it: the key that whole-line rules look up.

    >>> bare(fold("» اقرأ أيضًا :"))
    'اقرا ايضا'
    """
    return folded.strip(_TRIM)


def _ranges(chars: str) -> str:
    """Characters as ranges, for the inside of a set: a pattern with many such sets compiles four times faster."""
    out: list[list[int]] = []
    for code in sorted(map(ord, chars)):
        if out and code == out[-1][1] + 1:
            out[-1][1] = code
        else:
            out.append([code, code])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in out)


#: What may stand after any letter of a phrase and changes nothing.
_LOOSE: Final = f"[{_ranges(MARKS + araby.TATWEEL + INVISIBLE)}]*"
_VARIANTS: Final = {"ا": "اأإآٱ", "ي": "يىیئ", "ه": "هةە", "و": "وؤ", "ك": "كک", "-": "-–—ـ", '"': QUOTES + '"'}


def spellings(phrase: str) -> str:
    """A pattern for a phrase at the beginning of a word, in every spelling that `fold` would make one: for searching in text
    that is not folded.

    >>> bool(re.search(spellings("اقرأ أيضا:"), "وقال المدير إقرأ أيضـــًا : عنوان"))
    True
    >>> re.search(spellings("اقرأ"), "واقرأ")
    """
    out = []
    for char in fold(phrase):
        if char == " ":
            out.append(r"\s+")
        elif char in ":،":
            out.append(rf"\s?{char}" if out else rf"(?<!\w){char}")
        else:
            variants = _VARIANTS.get(char)
            letter = f"[{variants}]" if variants else re.escape(char)
            # what stands before the word is looked at behind its first letter: `re` finds a letter faster than a place
            out.append(letter + (_LOOSE if out else rf"(?<!\w{letter}){_LOOSE}"))
    return "".join(out)


def around(folded: str, at: int) -> str:
    """What `spellings` lets stand where a folded phrase has this character; "" is anything.

    >>> "أ" in around("اقرا", 0), around("اقرا", 1), around("اقرا", 4)
    (True, '', '')
    """
    letter = folded[at] if 0 <= at < len(folded) else ""
    return _VARIANTS[letter] + MARKS + araby.TATWEEL + INVISIBLE if letter in _VARIANTS else ""


def squeeze(text: str) -> str:
    """White space of any kind folded to single spaces, invisible marks at the ends gone.

    >>> squeeze("  رئيس\\xa0 الوزراء\\n")
    'رئيس الوزراء'
    """
    return " ".join(text.split()).strip(INVISIBLE + " ")


#: Gregorian months by the names the press of each country prints, folded: CLDR's, and what pages of each country print.
MONTHS: Final[dict[str, int]] = {
    fold(name): number
    for number, names in enumerate(
        (
            "يناير كانون_الثاني كانون_ثاني جانفي ينايـر ك2 أي_النار",
            "فبراير شباط فيفري فبرايـر النوار",
            "مارس آذار أذار مارت الربيع",
            "أبريل إبريل نيسان أفريل ابريل الطير",
            "مايو أيار ماي مايس الماء",
            "يونيو يونية يونيه حزيران جوان الصيف",
            "يوليو يولية يوليه يوليوز تموز جويلية جويليه ناصر",
            "أغسطس آب غشت أغشت أوت هانيبال",
            "سبتمبر أيلول شتنبر شتمبر الفاتح",
            "أكتوبر تشرين_الأول تشرين_أول تشري_الأول ت1 التمور",
            "نوفمبر تشرين_الثاني تشرين_ثاني نونبر نوفنبر ت2 الحرث",
            "ديسمبر كانون_الأول كانون_أول دجنبر دجمبر ك1 الكانون",
        ),
        start=1,
    )
    for name in names.replace("_", "\N{NO-BREAK SPACE}").split(" ")
}

#: Months of the Hijri year, folded, in every spelling seen.
HIJRI_MONTHS: Final[dict[str, int]] = {
    fold(name): number
    for number, names in enumerate(
        (
            "محرم المحرم",
            "صفر",
            "ربيع_الأول ربيع_أول",
            "ربيع_الآخر ربيع_الثاني ربيع_ثاني ربيع_ثان",
            "جمادى_الأولى جمادى_الأول جمادي_الاولى",
            "جمادى_الآخرة جمادى_الثانية جمادى_الثاني جمادى_الآخر",
            "رجب",
            "شعبان",
            "رمضان",
            "شوال",
            "ذو_القعدة ذي_القعدة ذوالقعدة",
            "ذو_الحجة ذي_الحجة ذوالحجة",
        ),
        start=1,
    )
    for name in names.replace("_", "\N{NO-BREAK SPACE}").split(" ")
}

#: Days of the week, folded; short forms drop the article (أحد, 19/10/2025).
WEEKDAYS: Final = frozenset(
    fold(name)
    for name in (
        "الأحد الاثنين الإثنين الإتنين الثلاثاء الثلثاء الأربعاء الاربعا الخميس الجمعة السبت "
        "أحد اثنين إثنين اتنين ثلاثاء أربعاء خميس جمعة سبت"
    ).split(" ")
)
