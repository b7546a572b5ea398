"""Whether a short line names a person or an outlet: by-lines and credits without a verb are known by nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from arabic_newsclean import arabic, kept
from arabic_newsclean.kept import compiled

#: What a person's or an outlet's name can be at most, in characters and in words.
NAME: Final = 42
NAME_WORDS: Final = 5
#: What stands beside a town in a dateline has so many words at most.
OUTLET_WORDS: Final = 3
#: The initials of an agency (أ ف ب) have so many letters each at most.
INITIAL: Final = 2

AROUND: Final = ' .:*#_|-–—/\u200f\u200e"“”'
PARTS: Final = compiled(r"\s*/{1,2}\s*|\s*[-–—]\s*|\sـ\s|\s*:\s+")
#: The signs that parts are told by: where none stands, nothing need be searched.
_JOINTS: Final = frozenset("/-–—ـ:")
_NOT_IN_NAMES: Final = compiled(r"[\d؟!،:«»“”…]|\.\s\S{3}|\.\.")
_SENTENCE: Final = compiled(r"[\d؟!،:«»…]|\.\.")
_INITIALS: Final = compiled(r"^[\u0621-\u064a]{1,2}\s?\.\s?[\u0621-\u064a]+\.?$")
_LATIN_NAME: Final = compiled(r"[A-ZÀ-ÞĀ-Ž][\wÀ-ž'.-]+(?: [A-ZÀ-ÞĀ-Ž][\wÀ-ž'.-]+){1,3}")
_AND: Final = compiled(r"[،,]\s+")


@cache
def _words() -> dict[str, frozenset[str]]:
    return kept.made("names", _ours)


def _ours() -> dict[str, frozenset[str]]:
    import tomllib
    from importlib import resources

    tables = tomllib.loads((resources.files("arabic_newsclean") / "names.toml").read_text("utf-8"))
    out = {}
    for name, raw in tables.items():
        entries = raw.replace("\n", "").split("|") if "|" in raw else raw.split()
        out[name] = frozenset(arabic.fold(entry.replace("_", " ")) for entry in entries)
    return out


def is_name(text: str) -> bool:
    """Whether a line may be a name: a few words without digits or the punctuation of sentences.

    >>> is_name("عبد الخالق مزيان"), is_name("دخلت محطة التحلية مرحلة التجارب النهائية.")
    (True, False)
    """
    text = text.strip(AROUND)
    if _INITIALS.match(text):
        return True
    words = text.split()
    return 3 <= len(text) <= NAME and 1 <= len(words) <= NAME_WORDS and not _NOT_IN_NAMES.search(text)


def is_person(text: str) -> bool:
    """Whether a name is a person's: it begins with a first name that is known, or with initials, or is Latin.

    Several with commas between are people too.

    >>> is_person("د. مروة عبد السلام"), is_person("Elif Kaya, Murat Deniz"), is_person("وزير المالية")
    (True, True, False)
    """
    text = text.strip(AROUND)
    if "," in text or "،" in text:
        return all(is_person(part) for part in _AND.split(text)) if _AND.search(text) else False
    if _INITIALS.match(text):
        return True
    if _LATIN_NAME.fullmatch(text):
        return True
    words = [arabic.bare(word) for word in arabic.fold(text).split()]
    titles = _words()["titles"]
    while len(words) > 2 and words[0] in titles:
        words = words[1:]
    given = words[0] in _words()["given"] or _FAITH in words[1:2] if words else False  # شمس الدين, ضياء الدين
    named = 2 <= len(words) <= NAME_WORDS and given and " ".join(words) not in _words()["towns"]
    if named and words[0] == _NAMES and words[1].startswith("ال"):
        return False  # the names of the candidates, and no woman called Asma
    return named and not _SENTENCE.search(text)


_NAMES: Final = arabic.fold("أسماء")
#: What an outlet prints beside its name where the report is its own.
_OWN: Final = arabic.fold("خاص")
_FAITH: Final = arabic.fold("الدين")


def is_given(word: str) -> bool:
    """Whether a folded word is a first name that is known."""
    return word in _words()["given"]


def is_outlet(text: str) -> bool:
    """Whether a name is an outlet's, alone or with its town, and not a person's.

    >>> is_outlet("وكالة الغيمة للأخبار – ترهونة."), is_outlet("نهى الدسوقي"), is_outlet("ن.ر")
    (True, False, False)
    """
    text = arabic.squeeze(text).strip(AROUND)
    if _INITIALS.match(text):
        return False
    return " " not in text or any(_is_outlet(arabic.bare(arabic.fold(part))) for part in PARTS.split(text) if part)


def _is_outlet(folded: str) -> bool:
    words = folded.split()
    if not words or len(words) > NAME_WORDS:
        return False
    if folded in _words()["outlets"]:
        return True
    closes = _words()["closes"]
    return len(words) >= 2 and (words[0] in _words()["opens"] or words[-1] in closes or " ".join(words[-2:]) in closes)


def _holds_outlet(parts: Sequence[str], *, quoting: bool) -> bool:
    """Whether the parts of a line name an outlet, a town and who reports from there, or what is the outlet's own.

    What stands between a town and a colon may be a headline as well: only a known outlet is told from it.
    """
    folded = [arabic.bare(arabic.fold(part)) for part in parts]
    if any(map(_is_outlet, folded)):
        return True
    if len(folded) == 3 and _OWN in folded:
        folded.remove(_OWN)  # بغداد - خاص - الراصد
    if quoting or len(folded) != 2:
        return False
    for one, other in (folded, reversed(folded)):
        if one == _OWN:
            return len(other.split()) <= OUTLET_WORDS and other not in _words()["beside"]
        if one in _words()["cities"]:
            return other not in _words()["cities"] and _may_report(other)
    return False


def _may_report(folded: str) -> bool:
    """Whether what stands beside a town may be an outlet that no table knows, in a word, in letters, or in a definite phrase.

    A country, a club or a section beside a town is the line of a match, a menu or a trail.
    """
    words = folded.split()
    if not 1 <= len(words) <= OUTLET_WORDS or folded in _words()["beside"] or _SENTENCE.search(folded):
        return False
    return len(words) == 1 or words[-1].startswith("ال") or all(len(word) <= INITIAL for word in words)


def is_town(text: str) -> bool:
    """Whether a text is the name of a town that the Arab press reports from.

    >>> is_town("الدمام"), is_town("الأحوال")
    (True, False)
    """
    return arabic.bare(arabic.fold(text)) in _words()["cities"]


@lru_cache(20_000)
def credited(text: str) -> str:
    """What a short line names: "person", "outlet", "both" (an outlet or a town, and a person), "name" for what may be one.

    >>> credited("صدى الشعب – رهام الصقور"), credited("وكالة نون"), credited("أكرم القصطلني"), credited("قافلة طبية")
    ('both', 'outlet', 'person', 'name')
    """
    text = text.strip(AROUND)
    if not 3 <= len(text) <= NAME or "؟" in text or text.startswith("على "):
        return ""
    parts = [text] if _JOINTS.isdisjoint(text) else [part for part in PARTS.split(text) if part]
    parts = [part.removeprefix("من ") for part in parts]  # مسقط – من سالم المعمري
    person = any(is_person(part) for part in parts)
    if len(parts) > 1:
        return "both" if person else "outlet" if _holds_outlet(parts, quoting=":" in text) else ""
    if _is_outlet(arabic.bare(arabic.fold(text))):
        return "outlet"
    if person:
        return "person"
    return "name" if is_name(text) else ""
