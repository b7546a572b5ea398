"""What `diff` prints for one sample, kept beside it. After a change that is meant: python tests/test_golden.py --write"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from arabic_newsclean import clean, rules
from arabic_newsclean.model import Document, Source
from arabic_newsclean.output import writing
from arabic_newsclean.views import diff, spans, unified

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "samples" / "02-broken-read-also-inside.txt"


def stat(_source: Source, document: Document) -> str:
    sums = spans.Stat(spans.ALL)
    sums.add(document)
    return sums.table()


def jsonl(source: Source, document: Document) -> str:
    found = spans.spans(source, document, rules.default().by_name, spans.ALL)
    return b"".join(map(writing.line, found)).decode()


def coloured(width: int) -> Callable[[Source, Document], str]:
    def show(source: Source, document: Document) -> str:
        console = Console(file=io.StringIO(), force_terminal=True, width=width, color_system="standard", no_color=False)
        return diff.coloured(source, document, context=1, console=console)

    return show


VIEWS: dict[str, Callable[[Source, Document], str]] = {
    "terminal.txt": lambda source, document: diff.plain(source, document, context=1),
    "terminal-80.ansi": coloured(80),
    "terminal-120.ansi": coloured(120),
    "unified.patch": lambda source, document: unified.unified(source, document, context=3).decode(),
    "spans.jsonl": jsonl,
    "stat.txt": stat,
}


def printed(name: str) -> str:
    text = SAMPLE.read_text("utf-8")
    return VIEWS[name](Source.of_text(text, SAMPLE.name), clean(text))


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_prints_what_is_kept_beside_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert printed(name) == (HERE / "golden" / name).read_bytes().decode()


if __name__ == "__main__" and "--write" in sys.argv:
    (HERE / "golden").mkdir(exist_ok=True)
    for each in VIEWS:
        (HERE / "golden" / each).write_bytes(printed(each).encode())
