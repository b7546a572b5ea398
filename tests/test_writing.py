"""Records as bytes, and files that are whole or not there."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic_newsclean.output.writing import line, opened

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_a_record_is_one_line_of_utf8_and_comes_back_the_same(record: dict[str, object]) -> None:
    data = line(record)
    assert data.endswith(b"\n")
    assert data.count(b"\n") == 1
    assert json.loads(data.decode("utf-8")) == record


def test_half_a_character_does_not_spoil_the_record() -> None:
    assert json.loads(line({"body": "خبر \ud800 آخر"})) == {"body": "خبر ? آخر"}


def test_what_is_no_record_is_an_error() -> None:
    with pytest.raises(TypeError):
        line({"body": object()})


def test_a_file_appears_whole_with_the_mode_of_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        with opened(str(tmp_path / "out.jsonl")) as out:
            out.write(b"{}\n")
            assert not (tmp_path / "out.jsonl").exists()
    finally:
        os.umask(old)
    assert os.listdir(tmp_path) == ["out.jsonl"]
    assert (tmp_path / "out.jsonl").read_bytes() == b"{}\n"
    assert stat.S_IMODE((tmp_path / "out.jsonl").stat().st_mode) == 0o640


@pytest.mark.parametrize("failure", [OSError, ValueError, KeyboardInterrupt])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, failure: type[BaseException]) -> None:
    (tmp_path / "out.jsonl").write_bytes(b"old")
    with pytest.raises(failure), opened(str(tmp_path / "out.jsonl")) as out:
        out.write(b"new")
        raise failure
    assert os.listdir(tmp_path) == ["out.jsonl"]
    assert (tmp_path / "out.jsonl").read_bytes() == b"old"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "there" / "file")
    with opened(str(tmp_path / "out")) as out:
        out.write(b"new")
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "there" / "file").read_bytes() == b"new"


def test_a_device_is_written_to_and_not_replaced() -> None:
    with opened(os.devnull) as out:
        out.write(b"gone")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@pytest.mark.parametrize(("target", "error"), [("", IsADirectoryError), ("missing/out", FileNotFoundError)])
def test_a_place_that_cannot_be_written_says_why(tmp_path: Path, target: str, error: type[OSError]) -> None:
    with pytest.raises(error), opened(str(tmp_path / target)):
        pass
    assert os.listdir(tmp_path) == []
