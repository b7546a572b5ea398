"""What changes of print cost: every annotated article scored again after each change. `-s` prints the table.

The score is the F1 of the body's words, since a change moves every offset.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from arabic_newsclean import clean
from arabic_newsclean.annotated import ARTICLE, Annotated, load_all
from arabic_newsclean.reading import decode
from arabic_newsclean.rules import default

LABELS: Final = {phrase for rule in default() if rule.part == "noise" and not rule.hint for phrase in rule.lines}


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def stretched(text: str) -> str:
    """Tatweel in the middle of every label."""
    return "\n".join(
        re.sub(r"([بتثجحخسشصضطظعغفقكلمنهي])([\u0621-\u064a])", r"\1ـــ\2", line, count=1) if line.strip() in LABELS else line
        for line in text.split("\n")
    )


#: Forms of letters as old typesetting systems printed them, for letters that change nothing when they are normalised.
_FORMS: Final = {
    unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0xFE8D, 0xFEF4) if "ISOLATED" in unicodedata.name(chr(c), "")
}
FORMS: Final = str.maketrans({letter: form for letter, form in _FORMS.items() if len(letter) == 1})
HAMZA: Final = str.maketrans("أإآؤئ", "اااوي")
SPELLING: Final = HAMZA | {ord(form): letter for letter, form in _FORMS.items()}


def in_cp1256(text: str) -> str:
    return decode(text.encode("cp1256", "ignore")).text


#: Each change by its name, and by how much the score may fall.
CHANGES: Final[dict[str, tuple[Callable[[str], str], float]]] = {
    "crlf": (lambda text: text.replace("\n", "\r\n"), 0.01),
    "no blank lines": (lambda text: "\n".join(lines(text)), 0.01),
    "blank after every line": (lambda text: "\n\n".join(lines(text)), 0.01),
    "spaces doubled": (lambda text: re.sub(" +", lambda match: match[0] * 2, text), 0.01),
    "tatweel in labels": (stretched, 0.01),
    "hamza dropped": (lambda text: text.translate(HAMZA), 0.01),
    "presentation forms": (lambda text: text.translate(FORMS), 0.01),
    "windows-1256": (in_cp1256, 0.01),
    "utf-16": (lambda text: decode(text.encode("utf-16")).text, 0.01),
    "wrapped at 76": (
        lambda text: "\n".join("\n".join(textwrap.wrap(x, 76)) if x.strip() else x for x in text.split("\n")),
        0.03,
    ),
    "in one line": (lambda text: " ".join(lines(text)), 0.06),
    "tail cut": (lambda text: text, 0.01),
}


@cache
def articles() -> list[Annotated]:
    return [dump for dump in load_all([Path(__file__).parent / "annotated"]) if dump.meta["type"] == ARTICLE]


def plain(text: str) -> list[str]:
    """Words as no change of print tells them apart."""
    return text.translate(SPELLING).replace("ـ", "").split()


def score(dump: Annotated, change: str) -> float:
    change_text = CHANGES[change][0] if change else str
    text, end = dump.text, len(dump.text)
    if change == "tail cut":
        last = max(stop for _, stop, label in dump.spans if label[0] == "b")
        end = last + (len(text) - last) // 2
    keep = in_cp1256 if change == "windows-1256" else str
    wanted = Counter(
        word for start, stop, label in dump.spans if label[0] == "b" and stop <= end for word in plain(keep(text[start:stop]))
    )
    found = Counter(plain(clean(change_text(text[:end])).body))
    return 2 * (wanted & found).total() / max(1, wanted.total() + found.total())


@cache
def mean(change: str) -> float:
    return sum(score(dump, change) for dump in articles()) / len(articles())


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_print_costs_little(change: str) -> None:
    before, after = mean(""), mean(change)
    print(f"{change:24} {after:.4f} ({after - before:+.4f})")
    assert after >= before - CHANGES[change][1]
