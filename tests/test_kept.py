"""What is kept beside the bytecode makes a start quicker and nothing else: never stale, never in the way."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import arabic_newsclean
from arabic_newsclean import kept

PAGE = "سياسة\nوزير المياه يفتتح السد\n2024-03-05\nافتتح الوزير السد صباح اليوم بحضور أهالي القرية كلهم.\nاترك رد\n".encode()
NEW = "import sys; from arabic_newsclean import clean, kept; clean(sys.stdin.read()); print(len(kept._new))"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the package that nothing was kept of."""
    place = Path(arabic_newsclean.__file__).parent
    shutil.copytree(place, tmp_path / "arabic_newsclean", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def start(home: Path, *args: str) -> bytes:
    """The output of a Python that works with this copy, and may write bytecode."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(home)
    ran = subprocess.run([sys.executable, *args], input=PAGE, capture_output=True, cwd=home, env=environment, check=True)
    assert ran.stderr == b""
    return ran.stdout


def clean(home: Path, *flags: str) -> bytes:
    return start(home, *flags, "-m", "arabic_newsclean", "clean", "--quiet")


def tables(home: Path) -> list[Path]:
    return list(home.rglob("*.tables*"))


def test_a_second_start_makes_nothing_anew_and_gives_the_same(home: Path) -> None:
    first = clean(home)
    (file,) = tables(home)
    assert file.parent == home / "arabic_newsclean" / "__pycache__"
    before = file.stat().st_ino
    assert clean(home) == first
    assert file.stat().st_ino == before  # not written again: the words of each pattern are in the same order every time
    assert int(start(home, "-c", NEW)) == 0


def test_python_that_may_not_write_bytecode_keeps_nothing(home: Path) -> None:
    first = clean(home, "-B")
    assert not tables(home)
    assert clean(home) == first


def test_a_change_of_a_table_is_seen_at_once(home: Path) -> None:
    assert [n["rule"] for n in json.loads(clean(home))["noise"]] == ["comment-prompt"]
    for table in (home / "arabic_newsclean" / "rules").glob("*.toml"):
        table.write_text(table.read_text("utf-8").replace('"comment-prompt"', '"comment-call"'), "utf-8")
    assert [n["rule"] for n in json.loads(clean(home))["noise"]] == ["comment-call"]


def test_a_change_of_a_table_while_it_is_read_is_not_kept(home: Path) -> None:
    table = home / "arabic_newsclean" / "rules" / "comments.toml"
    change = "t.write_text(t.read_text('utf-8').replace('\"comment-prompt\"', '\"comment-call\"'), 'utf-8')"
    start(
        home,
        "-c",
        f"import pathlib; from arabic_newsclean import clean; clean('x'); t = pathlib.Path({str(table)!r}); {change}",
    )
    assert [n["rule"] for n in json.loads(clean(home))["noise"]] == ["comment-call"]


def test_a_run_of_several_processes_keeps_what_its_workers_need(home: Path) -> None:
    for number in range(20):
        (home / f"{number}.txt").write_bytes(PAGE)
    start(home, "-m", "arabic_newsclean", "clean", "--quiet", "--jobs", "2", str(home))
    assert int(start(home, "-c", NEW)) == 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: b"no pickle at all",
        lambda data: data[:2000] + bytes(2000) + data[4000:],
        lambda data: pickle.dumps((pickle.loads(data)[0], {"rules": b"what is this"})),
        lambda data: pickle.dumps("something else"),
    ],
    ids=["empty", "cut", "text", "zeros", "entry", "shape"],
)
def test_a_damaged_file_is_made_anew(home: Path, damage: object) -> None:
    first = clean(home)
    (file,) = tables(home)
    data = file.read_bytes()
    file.write_bytes(damage(data))  # type: ignore[operator]
    assert clean(home) == first
    assert int(start(home, "-c", NEW)) == 0


def test_a_folder_that_cannot_be_written_is_no_news(home: Path) -> None:
    first = clean(home, "-B")
    (home / "arabic_newsclean" / "__pycache__").write_text("a file where the folder should be")
    assert clean(home) == first
    assert not tables(home)


def test_many_first_starts_at_once(home: Path) -> None:
    with ThreadPoolExecutor(6) as starts:
        said = set(starts.map(clean, [home] * 6))
    assert len(said) == 1
    assert len(tables(home)) == 1


@pytest.mark.parametrize(
    "pattern",
    [
        re.compile(r"(?P<a>x)|(b)", re.IGNORECASE),
        re.compile("(?i)عا(?P<q>م)"),
        re.compile("a.b", re.DOTALL),
        re.compile(b"(.)"),
    ],
    ids=str,
)
def test_a_pattern_comes_back_as_it_was(pattern: re.Pattern[str]) -> None:
    again = pickle.loads(kept._packed(pattern))
    assert (again, again.flags, again.groups, dict(again.groupindex)) == (
        (pattern, pattern.flags, pattern.groups, dict(pattern.groupindex))
    )
