"""Cases: small pages in ``tests/cases``, one thing shown in each, with the label of every piece and the body they must give.

A file is a line that says what it shows, the dump, a line ``# expected`` and a line a piece, ``label<TAB>text`` as in
annotated dumps; after a line ``# body`` the paragraphs of the body, one a line, where the case is about them. A first line
that begins with "Not yet" marks what is known to be wrong still: the file says what is right, and the test says when it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from arabic_newsclean import clean
from arabic_newsclean.annotated import label_of
from arabic_newsclean.model import BLANK

CASES = sorted((ROOT / "tests" / "cases").glob("*.txt"))


def read(path: Path) -> tuple[str, list[str], list[str] | None]:
    """The dump, its pieces, and the paragraphs of its body or nothing."""
    case, expected = path.read_text("utf-8").split("\n# expected\n")
    pieces, _, body = expected.partition("# body\n")
    return case.split("\n", 1)[1], pieces.splitlines(), body.splitlines() or None


def pieces_of(dump: str) -> list[str]:
    found = clean(dump)
    return [f"{label_of(s.part, s.kind)}\t{' '.join(s.of(dump).split())}" for s in found.segments if s.part != BLANK]


def marked(path: Path) -> Any:
    not_yet = path.read_text("utf-8").startswith("Not yet")
    return pytest.param(
        path,
        id=path.stem,
        marks=[pytest.mark.xfail(strict=True, reason="a known gap: the case says what is right")] if not_yet else [],
    )


@pytest.mark.parametrize("path", [marked(path) for path in CASES])
def test_case(path: Path) -> None:
    dump, pieces, body = read(path)
    assert pieces_of(dump) == pieces
    if body is not None:
        assert clean(dump).body.split("\n\n") == body


def test_marks_of_direction_stay_in_pairs_on_their_lines() -> None:
    lines = ["عنوان الخبر الأول", "\u202bأعلنت البلدية، اليوم، بدء العمل في الجسر بعد عامين من التوقف.\u202c \u200f", "\u200f"]
    found = clean("\n\n".join([*lines, "\u200f اترك رد\n"]))
    assert found.body == lines[1]
    assert [noise.text for noise in found.noise] == ["\u200f اترك رد"]


def test_cases_have_a_name_of_their_own_and_a_first_line() -> None:
    first = [path.read_text("utf-8").split("\n", 1)[0] for path in CASES]
    assert all(len(line.split()) >= 4 and not line.isspace() for line in first)
    assert len(set(first)) == len(CASES) >= 40


@pytest.mark.parametrize("path", CASES[::5])
def test_a_page_of_an_old_mac_is_labelled_as_its_lines_are(path: Path) -> None:
    dump = read(path)[0]
    old, new = clean(dump.replace("\n", "\r")), clean(dump)
    assert (old.segments, old.header, old.body, old.ticker) == (new.segments, new.header, new.body, new.ticker)
    assert old.text == dump.replace("\n", "\r")
