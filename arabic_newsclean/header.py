"""Which line of a header is what: section, kicker, headline, deck, by-line, source, date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from arabic_newsclean.judge import Evidence
from arabic_newsclean.model import HEADER, Label
from arabic_newsclean.walk import HEAD

#: A headline is at least this long, unless the header has nothing longer.
HEADLINE: Final = 18
#: What a person's or an outlet's name can be at most, in characters and in words.
NAME: Final = 42
NAME_WORDS: Final = 5

_NOT_A_NAME: Final = re.compile(r"[\d.؟!،:«»\"“”…]{1}(?!\s*[\u0621-\u064a]{1,2}\.)")
_OUTLET: Final = re.compile(
    r"^(?:وكالة|وكاله|وكالات|صحيفة|جريدة|شبكة|موقع|قناة|مجلة|بوابة|اذاعة|إذاعة)\b|(?:نيوز|نت|برس|ميديا|ديجيتال|الإخبارية|الاخبارية|للأنباء|للأخبار|أونلاين|اليوم)\.?$"
)


def roles(found: Sequence[Evidence], members: Sequence[int], states: Sequence[int]) -> dict[int, Label]:
    """For each header block its label. ``members`` are the blocks in the header and the credits after the body."""
    out: dict[int, Label] = {}
    head = [i for i in members if states[i] == HEAD]
    unknown: list[int] = []
    for i in members:
        evidence = found[i]
        rule = evidence.rule
        if rule is not None and rule.part == HEADER and (not rule.hint or rule.kind != "category"):
            out[i] = Label(HEADER, rule.kind, rule.name)
        elif evidence.moment is not None:
            out[i] = Label(HEADER, "date", "date-line")
        elif states[i] != HEAD:
            out[i] = _credit(evidence)
        else:
            unknown.append(i)
    title = _headline(found, unknown)
    for i in unknown:
        evidence = found[i]
        if title is None:
            out[i] = Label(HEADER, "category", "category-name") if evidence.rule else _credit(evidence)
        elif i == title or _same(evidence, found[title]):
            out[i] = Label(HEADER, "headline", "headline")
        elif evidence.rule is not None and evidence.rule.kind == "category":
            out[i] = Label(HEADER, "category", evidence.rule.name)
        elif i < title:
            first = i == head[0] and len(evidence.text) <= 26
            out[i] = Label(HEADER, "category", "category-first") if first else Label(HEADER, "kicker", "kicker-above")
        elif is_name(evidence.text):
            out[i] = _credit(evidence)
        else:
            out[i] = Label(HEADER, "deck", "deck-below")
    return out


def _headline(found: Sequence[Evidence], unknown: Sequence[int]) -> int | None:
    candidates = [i for i in unknown if len(found[i].text) >= HEADLINE and found[i].rule is None]
    for i in candidates:
        if found[i].facts and any(_same(found[i], found[j]) for j in unknown if j != i):
            return i
    if candidates:
        first = candidates[0]
        rest = [i for i in candidates if i > first]
        if rest and is_name(found[first].text) and not is_name(found[rest[0]].text):
            return rest[0]
        return first
    rest = [i for i in unknown if found[i].rule is None and len(found[i].text) > 3]
    return rest[0] if rest else None


def _same(one: Evidence, other: Evidence) -> bool:
    return bool(one.folded) and one.folded == other.folded


def is_name(text: str) -> bool:
    """Whether a line may be a name: a few words without digits or the punctuation of sentences.

    >>> is_name("عبد الخالق مزيان"), is_name("دخلت محطة التحلية مرحلة التجارب النهائية.")
    (True, False)
    """
    words = text.split()
    return len(text) <= NAME and 1 <= len(words) <= NAME_WORDS and not re.search(r"[\d؟!،:«»\"“”…]|\.$", text)


def is_outlet(text: str) -> bool:
    """Whether a name is an outlet's and not a person's.

    >>> is_outlet("وكالة الغيمة للأخبار"), is_outlet("نهى الدسوقي")
    (True, False)
    """
    return _OUTLET.search(text.strip(" .")) is not None or " " not in text.strip()


def _credit(evidence: Evidence) -> Label:
    kind = "source" if is_outlet(evidence.text) else "byline"
    return Label(HEADER, kind, f"{kind}-by-place")
