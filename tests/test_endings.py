"""Body lines as line filters lose them: without a full stop, short, or few. What is kept of them is counted.

Ten annotated pages and a sample, each with its paragraphs changed and all else as it was.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

import pytest

from arabic_newsclean import clean
from arabic_newsclean.annotated import ARTICLE, Annotated, load, load_all

HERE: Final = Path(__file__).parent
STOPS: Final = '.؟!”»…" '


def pieces(dump: Annotated) -> list[tuple[str, str]]:
    """The lines of a dump with the label of each: whole lines only, so that a changed line is a line."""
    out = []
    for _, group in groupby(dump.spans, key=lambda span: dump.text.count("\n", 0, span[0])):
        spans = list(group)
        start = dump.text.rfind("\n", 0, spans[0][0]) + 1
        out.append((dump.text[start : spans[-1][1]], spans[0][2] if len({label for _, _, label in spans}) == 1 else "mixed"))
    return out


def ended(mark: str) -> Callable[[list[str]], list[str]]:
    return lambda body: [line.rstrip(STOPS) + mark for line in body]


def short(body: list[str]) -> list[str]:
    return [part + "." for line in body for part in textwrap.wrap(line.rstrip(STOPS), 58)]


CHANGES: Final[dict[str, Callable[[list[str]], list[str]]]] = {
    "question marks": ended("؟"),
    "closing quotes": ended("”"),
    "guillemets": ended("»"),
    "ellipses": ended("…"),
    "no mark at all": ended(""),
    "paragraphs under 60 characters": short,
    "three paragraphs": lambda body: body[:3],
}


@cache
def pages() -> list[Annotated]:
    fitting = [
        dump
        for dump in load_all([HERE / "annotated"])
        if dump.meta["type"] == ARTICLE and dump.meta["shape"] == "lines" and sum(label == "b" for *_, label in dump.spans) >= 5
    ]
    return [load(HERE / "samples" / "01-lines-iraq.ann"), *fitting[:: max(1, len(fitting) // 10)][:10]]


def kept(dump: Annotated, change: Callable[[list[str]], list[str]]) -> float:
    """The share of the changed body's words that come back as body."""
    lines = pieces(dump)
    body = change([line for line, label in lines if label == "b"])
    at = next(i for i, (_, label) in enumerate(lines) if label == "b")
    last = max(i for i, (_, label) in enumerate(lines) if label == "b")
    text = "\n\n".join([*(line for line, _ in lines[:at]), *body, *(line for line, _ in lines[last + 1 :])])
    wanted = Counter(" ".join(body).split())
    return (wanted & Counter(clean(text).body.split())).total() / wanted.total()


@pytest.mark.parametrize("change", CHANGES)
def test_body_lines_of_every_kind_are_kept(change: str) -> None:
    shares = {dump.path.stem: kept(dump, CHANGES[change]) for dump in pages()}
    mean = sum(shares.values()) / len(shares)
    print(f"{change:32} {mean:.4f}  worst {min(shares, key=lambda name: shares[name])} {min(shares.values()):.3f}")
    assert len(shares) == 11
    assert mean >= 0.99
