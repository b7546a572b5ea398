"""The samples: each gives the record that is kept beside it, and what is still wrong with that record is known by name.

``samples/expected/NAME.json`` is what the tool gives today; ``tests/samples/NAME.ann`` is the truth. `KNOWN_GAPS` lists
every difference between the two, so that nobody takes the one for the other. After a change that is meant:

    python tests/test_samples.py --write    writes the expected records anew and says what is to change in KNOWN_GAPS
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, command, environment

from arabic_newsclean import annotated, clean, reading
from arabic_newsclean.annotated import Annotated
from arabic_newsclean.arabic import INVISIBLE
from arabic_newsclean.model import Document, Source

SAMPLES = sorted((ROOT / "samples").glob("*.txt"))
NAMES = [path.stem for path in SAMPLES]

#: Where today's output is not the truth: sample → ``line: annotated is found`` or ``field: printed is found``. A gap that
#: is closed goes out of here, a new one goes in with a reason to accept it.
KNOWN_GAPS: dict[str, list[str]] = {
    "05-ticker-head-four-spaces": [
        "7: h.source is h.date",
        "11: n.navigation is n.residue",
    ],
    "11-hostile-content": [
        "10: b is n.residue",
        "10: b is n.residue",
    ],
    "12-morocco-category-date": [
        "6: h.category is h.date",
    ],
    "13-gulf-interview-lists-poem": [
        "40: b.sub is b",
    ],
    "15-sports-lineups-scores": [
        "18: b.sub is b",
        "24: b.sub is b",
    ],
    "20-not-found-contact": [
        "10: n.residue is n.related",
        "16: n.navigation is n.related",
        "17: n.navigation is n.comments",
        "18: n.navigation is n.comments",
        "19: n.navigation is n.comments",
        "20: n.navigation is n.tags",
        "21: n.navigation is n.comments",
        "22: n.navigation is n.comments",
        "26: n.legal is n.navigation",
        "28: n.promo is n.share",
        "29: n.promo is n.share",
        "32: n.legal is n.navigation",
    ],
}


def expected(name: str) -> Path:
    return ROOT / "samples" / "expected" / f"{name}.json"


def truth(name: str) -> Annotated:
    return annotated.load(ROOT / "tests" / "samples" / f"{name}.ann")


def loaded(path: Path) -> tuple[str, Source]:
    return reading.load(next(reading.walk([str(path)])))


def record(path: Path) -> dict[str, Any]:
    text, source = loaded(path)
    return clean(text).record(source)


def pretty(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def gaps(name: str, *, texts: bool = False) -> list[str]:
    """Every difference between the truth and what is found; with ``texts``, followed by the text in question."""
    wanted = truth(name)
    got = clean(wanted.text)
    out = []
    for number, one, other, text in _lines(wanted, got):
        out.append(f"{number}: {one} is {other}" + (f"  {text}" if texts else ""))
    header = {field: getattr(got.header, field) for field in got.header.__dataclass_fields__}
    for field, value in wanted.meta["fields"].items():
        if value != header[field]:
            out.append(f"{field}: {value} is {header[field]}")
    if list(got.ticker) != wanted.meta["ticker"]:
        out.append(f"ticker: {len(wanted.meta['ticker'])} items are {len(got.ticker)}")
    if ("not-article" in got.flags) == wanted.is_article:
        out.append(f"type: {wanted.meta['type']} is {' '.join(got.flags) or 'an article'}")
    return out


def _lines(wanted: Annotated, got: Document) -> Iterator[tuple[int, str, str, str]]:
    """Pieces of lines with one label in the truth and another in the output. White space and invisible marks don't count."""
    found = [annotated.label_of(s.part, s.kind) for s in got.segments for _ in range(s.start, s.end)]
    number = 1
    for at, span in enumerate(wanted.spans):
        number += wanted.text.count("\n", wanted.spans[at - 1].start if at else 0, span.start)
        start = span.start
        while start < span.end:
            end = start + 1
            while end < span.end and found[end] == found[start]:
                end += 1
            text = wanted.text[start:end].strip(INVISIBLE + " \t\r\u00a0")
            if text and found[start] != span.label:
                yield number, span.label, found[start], text
            start = end


def test_every_sample_has_its_truth_and_its_record() -> None:
    assert [path.stem for path in sorted((ROOT / "tests" / "samples").glob("*.ann"))] == NAMES
    assert [path.stem for path in sorted((ROOT / "samples" / "expected").glob("*.json"))] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_of_the_same_text(name: str) -> None:
    assert truth(name).text == loaded(ROOT / "samples" / f"{name}.txt")[0]


@pytest.fixture(scope="module")
def printed() -> dict[str, str]:
    """What the command prints for the whole folder: a record a sample, as pretty as the expected ones."""
    out = subprocess.run(
        command("clean", ROOT / "samples", "-q"), stdout=subprocess.PIPE, check=True, timeout=60, env=environment()
    ).stdout
    records = [json.loads(line) for line in out.decode("utf-8").split("\n")[:-1]]
    assert [one["id"] for one in records] == [path.name for path in SAMPLES]
    return {Path(one["id"]).stem: pretty(one) for one in records}


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_gives_the_expected_record(name: str, printed: dict[str, str]) -> None:
    assert printed[name] == expected(name).read_text("utf-8"), "if this is meant: python tests/test_samples.py --write"


@pytest.mark.parametrize("name", NAMES)
def test_the_record_is_the_truth_but_for_known_gaps(name: str) -> None:
    """Strict both ways: a gap that is closed and still listed fails too, so the list is never out of date."""
    assert gaps(name) == KNOWN_GAPS.get(name, []), "\n".join(gaps(name, texts=True))


def write() -> None:
    """Write the expected records anew; say where the gaps are no longer those listed."""
    for path in SAMPLES:
        expected(path.stem).parent.mkdir(exist_ok=True)
        expected(path.stem).write_text(pretty(record(path)), encoding="utf-8", newline="\n")
    found = {name: gaps(name) for name in NAMES}
    if {name: rows for name, rows in found.items() if rows} != KNOWN_GAPS:
        print("KNOWN_GAPS: dict[str, list[str]] = {")
        for name, rows in found.items():
            if rows:
                print(
                    f'    "{name}": [', *(f"        {json.dumps(row, ensure_ascii=False)}," for row in rows), "    ],", sep="\n"
                )
        print("}")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(__doc__)
    write()
