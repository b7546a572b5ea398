"""Where records go: files, shards, layouts, what lies beside them; how a run is resumed, kept alone, and stopped."""

from __future__ import annotations

import errno
import gzip
import json
import os
import re
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import corpus
import faults
import pytest
from conftest import PAGE, command, environment

from arabic_newsclean.output.lock import LockedError, locked
from arabic_newsclean.output.target import LostError, Target, shards
from arabic_newsclean.profile import Profile
from arabic_newsclean.reading.streams import zstd

Run = Callable[..., str]
ANEW = "start anew without --resume"


@pytest.fixture
def dumps(tmp_path: Path) -> Path:
    return plant(tmp_path / "dumps", range(12))


def plant(folder: Path, numbers: range) -> Path:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / f"{number:03}.txt").write_text(corpus.dump(number, paragraphs=2), encoding="utf-8")
    return folder


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# --- files and shards ------------------------------------------------------------------------------------------------


def test_shards_hold_together_what_one_file_holds(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    whole = newsclean("clean", dumps, "-q").encode()
    newsclean("clean", dumps, "-q", "-o", tmp_path / "out", "--shard-size", "10K")
    names = sorted(os.listdir(tmp_path / "out"))
    assert names == [f"{n:05}.jsonl" for n in range(len(names))]
    assert len(names) > 2
    parts = [(tmp_path / "out" / name).read_bytes() for name in names]
    assert b"".join(parts) == whole
    assert all(len(part) <= 10 << 10 and part.endswith(b"\n") for part in parts)


@pytest.mark.parametrize(("packing", "unpack"), [("gz", gzip.decompress), ("zst", lambda data: zstd().decompress(data))])
def test_what_is_compressed_is_the_same_data_and_the_same_bytes(
    newsclean: Run, dumps: Path, tmp_path: Path, packing: str, unpack: Callable[[bytes], bytes]
) -> None:
    whole = newsclean("clean", dumps, "-q").encode()
    for folder in ("one", "two"):
        newsclean("clean", dumps, "-q", "-o", f"{tmp_path / folder}/", "--compress", packing)
    first, second = ((tmp_path / folder / f"00000.jsonl.{packing}").read_bytes() for folder in ("one", "two"))
    assert first == second
    assert unpack(first) == whole
    newsclean("clean", dumps, "-q", "-o", tmp_path / f"named.jsonl.{packing}")
    assert (tmp_path / f"named.jsonl.{packing}").read_bytes() == first


@pytest.mark.parametrize(("packing", "unpack"), [("gz", gzip.decompress), ("zst", lambda data: zstd().decompress(data))])
@pytest.mark.parametrize("kept", [True, False])
def test_every_output_is_packed_as_its_name_says(
    newsclean: Run, dumps: Path, tmp_path: Path, packing: str, unpack: Callable[[bytes], bytes], kept: bool
) -> None:
    (dumps / "bad.txt").write_bytes(b"\0" * 50)
    err = re.compile("newsclean: .*NUL bytes.*\n")
    beside = ("removed", "rejects", "report")

    def run(folder: Path, ending: str) -> list[bytes]:
        folder.mkdir()
        files = [folder / f"{name}.json{ending}" for name in (*beside, "diff")]
        args = [word for name, file in zip(beside, files, strict=False) for word in (f"--{name}", file)]
        newsclean("clean", dumps, "-q", *args, *(["-o", folder / "out.jsonl"] if kept else []), status=1, err=err)
        newsclean("diff", dumps, "-q", "--format", "jsonl", "-o", files[-1], status=1, err=err)
        return [file.read_bytes() for file in files]

    plain, packed = run(tmp_path / "plain", ""), list(map(unpack, run(tmp_path / "packed", f".{packing}")))
    for name, one, other in zip((*beside, "diff"), plain, packed, strict=True):
        if name == "report":
            one, other = (json.dumps(json.loads(report)["dumps"]).encode() for report in (one, other))
        assert one == other, name
    reports = newsclean(
        "merge", "--reports", tmp_path / "plain" / "report.json", tmp_path / "packed" / f"report.json.{packing}"
    )
    assert json.loads(reports)["dumps"]["article"] == 24


def test_a_dump_larger_than_a_shard_has_one_of_its_own(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    newsclean("clean", dumps, "-q", "-o", tmp_path / "out", "--shard-size", "1")
    assert len(os.listdir(tmp_path / "out")) == 12


def test_a_folder_that_holds_shards_is_not_written_over(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    newsclean("clean", dumps, "-q", "-o", f"{tmp_path}/out/")
    before = (tmp_path / "out" / "00000.jsonl").read_bytes()
    err = f"newsclean: {tmp_path}/out/ holds shards of another run: give an empty folder, --resume or --incremental\n"
    newsclean("clean", dumps, "-q", "-o", f"{tmp_path}/out/", status=2, err=err)
    assert (tmp_path / "out" / "00000.jsonl").read_bytes() == before
    assert os.listdir(tmp_path / "out") == ["00000.jsonl"]


def test_what_is_written_among_the_inputs_is_not_read(newsclean: Run, dumps: Path) -> None:
    first = newsclean("clean", dumps, "-q", "--glob", "*")
    for _ in range(2):
        newsclean("clean", dumps, "-q", "--glob", "*", "-o", dumps / "z.jsonl", "--report", dumps / "report.json")
        assert (dumps / "z.jsonl").read_text("utf-8") == first
    (dumps / "z.jsonl").unlink()
    (dumps / "report.json").unlink()
    assert newsclean("clean", dumps, "-q", "--glob", "*", "--removed", dumps / "gone.jsonl") == first
    (dumps / "gone.jsonl").unlink()
    for _ in range(2):
        out = newsclean("clean", dumps, "-q", "--glob", "*", "-o", dumps / "out", "--incremental", dumps / "seen.db")
        assert out == ""
    assert (dumps / "out" / "00000.jsonl").read_text("utf-8") == first
    assert os.listdir(dumps / "out") == ["00000.jsonl"]


@pytest.mark.parametrize(
    "args",
    [
        ["clean", "in", "--rules", "my.toml", "-o", "my.toml"],
        ["clean", "in", "--profile", "p.json", "--report", "./p.json"],
        ["clean", "--files0-from", "list", "-o", "list"],
        ["clean", "--files0-from", "list", "-o", "in/001.txt"],
        ["clean", "in/000.txt", "--rejects", "link.txt"],
        ["clean", "in", "-o", "in/001.txt"],
        ["clean", "in", "-o", "out.jsonl", "--removed", "in/001.txt"],
        ["clean", "in", "--report", "in/001.txt"],
        ["clean", "links", "-o", "in/000.txt"],
        ["clean", "pages.jsonl", "-o", "x/", "--incremental", "pages.jsonl"],
        ["clean", "in", "--glob", "*.jsonl", "-o", "in/pages.jsonl"],
        ["learn", "in/000.txt", "-o", "in/000.txt"],
        ["learn", "in", "-o", "in/001.txt"],
        ["learn", "in", "--rules", "my.toml", "-o", "my.toml"],
        ["diff", "in", "--against", "rec.jsonl", "--format", "jsonl", "-o", "rec.jsonl"],
        ["diff", "in", "-o", "in/001.txt"],
        ["diff", "in/000.txt", "--profile", "p.json", "-o", "p.json"],
    ],
    ids=" ".join,
)
def test_no_input_is_written_over(newsclean: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    plant(tmp_path / "in", range(2))
    (tmp_path / "in" / "pages.jsonl").write_text('{"id": "1", "text": "a page"}\n')
    (tmp_path / "pages.jsonl").write_text('{"text": "a page"}\n')
    (tmp_path / "list").write_bytes(b"in/000.txt\0in/001.txt\0")
    (tmp_path / "my.toml").write_text("")
    (tmp_path / "p.json").write_bytes(Profile("folder", {}).dumps())
    (tmp_path / "link.txt").symlink_to("in/000.txt")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "page.txt").symlink_to("../in/000.txt")
    newsclean("clean", "in", "-q", "-o", "rec.jsonl")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    newsclean(*args, status=2, err=re.compile("newsclean: .* is both an input and the output; write to another file\n"))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("given", ["dumps", "."], ids=["above the inputs", "that of the inputs"])
def test_the_output_folder_may_be_one(newsclean: Run, dumps: Path, tmp_path: Path, given: str) -> None:
    first = newsclean("clean", tmp_path / given, "-q", "--glob", "*")
    assert first.count("\n") == 12
    args = ["-q", "--glob", "*", "-o", f"{tmp_path}/"]
    newsclean("clean", tmp_path / given, *args)
    assert (tmp_path / "00000.jsonl").read_text("utf-8") == first
    (tmp_path / "00000.jsonl").rename(tmp_path / "00003.jsonl")
    newsclean("clean", tmp_path / given, *args, "--incremental", tmp_path / "seen.db")
    assert (tmp_path / "00004.jsonl").read_text("utf-8") == first


def test_marks_of_a_target_bring_it_back_to_where_it_was(tmp_path: Path) -> None:
    for packing in (None, "gz", "zst"):
        data = [os.urandom(40_000).hex().encode() + b"\n" for _ in range(40)]
        path = tmp_path / f"out.{packing}"
        straight = Target(str(path), packing=packing)
        straight.open()
        for piece in data:
            straight.write(piece)
        straight.publish()
        wanted = path.read_bytes()
        broken = Target(str(path), packing=packing)
        broken.open()
        for piece in data[:10]:
            broken.write(piece)
        mark = broken.mark()
        for piece in data[20:]:
            broken.write(piece)
        broken.mark()
        broken.leave()
        assert broken.so_far() == b"".join([*data[:10], *data[20:]]), packing
        again = Target(str(path), packing=packing)
        again.restore(mark)
        for piece in data[10:]:
            again.write(piece)
        again.publish()
        assert path.read_bytes() == wanted, packing
        assert os.listdir(tmp_path) == [path.name]
        path.unlink()
        with pytest.raises(LostError):
            Target(str(path), packing=packing).restore(mark)


def test_shards_are_told_from_other_files(tmp_path: Path) -> None:
    for name in ("00000.jsonl", "00012.jsonl.gz", ".00013.jsonl.part", "00014.txt", "1.jsonl", "100000.jsonl.zst"):
        (tmp_path / name).touch()
    assert shards(str(tmp_path)) == [0, 12, 100000]


# --- layouts, and what lies beside -----------------------------------------------------------------------------------


def test_layouts_say_the_same_in_other_shapes(newsclean: Run, dumps: Path) -> None:
    records, rows, flats = (
        [json.loads(line) for line in newsclean("clean", dumps, "-q", "--layout", layout).splitlines()]
        for layout in ("record", "datatrove", "flat")
    )
    for record, row, flat in zip(records, rows, flats, strict=True):
        assert set(row) == {"text", "id", "metadata"}
        assert row["text"] == record["body"] == flat["body"]
        assert row["id"] == record["id"] == flat["id"]
        assert row["metadata"]["header"] == record["header"]
        assert sum(row["metadata"]["noise"].values()) == record["stats"]["noise"] == flat["noise_chars"]
        assert flat["headline"] == record["header"]["headline"]
        assert all(isinstance(value, str | int) for value in flat.values())
    assert len({tuple(flat) for flat in flats}) == 1


def test_what_was_removed_and_what_was_rejected_lie_beside(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    (dumps / "005-bad.txt").write_bytes(b"\0" * 50)
    bad = dumps / "005-bad.txt"
    err = f"newsclean: {bad}: is not text: 50 NUL bytes among 50 bytes\n"
    files = ["--removed", tmp_path / "gone.jsonl", "--rejects", tmp_path / "bad.jsonl"]
    for output in (["-o", tmp_path / "out.jsonl"], []):
        out = newsclean("clean", dumps, "-q", *output, *files, status=1, err=err)
        records = lines(tmp_path / "out.jsonl")
        assert out in ("", (tmp_path / "out.jsonl").read_text("utf-8"))
        removed = [(span["id"], span["text"]) for span in lines(tmp_path / "gone.jsonl")]
        assert removed == [(record["id"], noise["text"]) for record in records for noise in record["noise"]]
        reason = "is not text: 50 NUL bytes among 50 bytes"
        assert lines(tmp_path / "bad.jsonl") == [{"id": "005-bad.txt", "path": str(bad), "reason": reason}]


def test_a_report_adds_the_run_up(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    (dumps / "005-bad.txt").write_bytes(b"\0" * 50)
    (dumps / "old.txt").write_text(PAGE, encoding="cp1256")
    os.mkfifo(dumps / "pipe.txt")
    out = newsclean("clean", dumps, "-q", "--report", tmp_path / "run.json", status=1, err=re.compile(".*NUL.*\n.*a pipe.*\n"))
    records = [json.loads(line) for line in out.splitlines()]
    report = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert report["dumps"] == {"article": 13, "not-article": 0, "unchanged": 0, "failed": 2}
    assert report["encodings"] == {"cp1256": 1, "utf-8": 12}
    assert report["failures"] == {"is not text": 1, "not a file but a pipe or a device": 1}
    assert (report["complete"], report["status"], report["options"]["jobs"]) == (True, 1, os.cpu_count())
    sizes = [record["stats"] for record in records]
    for part in ("header", "body", "noise"):
        counted = sum(count for label, count in report["characters"].items() if label.partition(".")[0] == part)
        assert counted == sum(size[part] for size in sizes)
    assert sum(report["characters"].values()) == sum(size["chars"] for size in sizes)
    assert report["rules"]["comment-prompt"] == sum(n["rule"] == "comment-prompt" for r in records for n in r["noise"])


def test_talk_for_machines_is_a_json_object_a_line(process: Run, dumps: Path) -> None:
    (dumps / "caf\x1b[31m.txt").write_bytes(b"\0" * 50)
    err = re.compile(r"(\{.*\}\n)+")
    ran = subprocess.run(
        command("clean", dumps, "-v", "--log-format", "json"), capture_output=True, env=environment(), check=False
    )
    assert ran.returncode == 1
    assert err.fullmatch(ran.stderr.decode())
    rows = [json.loads(line) for line in ran.stderr.decode().splitlines()]
    assert [row["event"] for row in rows] == ["done"] * 12 + ["failed", "end"]
    assert (rows[0]["level"], rows[0]["id"], rows[0]["encoding"]) == ("info", "000.txt", "utf-8")
    assert rows[-2]["id"] == "caf\x1b[31m.txt"
    assert rows[-1]["dumps"] == {"article": 12, "failed": 1}


def test_a_run_stops_at_the_first_failure_and_tries_it_again_when_resumed(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    (dumps / "005.txt").rename(tmp_path / "good")
    (dumps / "005.txt").write_bytes(b"\0" * 50)
    err = (
        f"newsclean: {dumps}/005.txt: is not text: 50 NUL bytes among 50 bytes\n"
        "newsclean: stopped: --fail-fast; what is done is kept: the same command with --resume goes on from there\n"
    )
    newsclean("clean", dumps, "-q", "-o", out, "--fail-fast", status=1, err=err)
    assert not out.exists()
    (tmp_path / "good").rename(dumps / "005.txt")
    newsclean("clean", dumps, "-q", "-o", out, "--fail-fast", "--resume")
    assert out.read_text("utf-8") == newsclean("clean", dumps, "-q")


@pytest.mark.parametrize(
    "output", [[], ["-o", "out.jsonl"], ["-o", "out/"], ["-o", "out/", "--incremental", "seen"]], ids=" ".join
)
@pytest.mark.parametrize(
    ("option", "bad", "said"),
    [
        ("--fail-fast", [0], [0]),
        ("--fail-fast", [5], [5]),
        ("--max-failures=1", [2, 5, 7], [2, 5]),
        ("-q", range(12), range(12)),
    ],
    ids=["the first", "one", "too many", "all"],
)
def test_however_a_run_ends_what_was_rejected_is_listed(
    newsclean: Run,
    dumps: Path,
    monkeypatch: pytest.MonkeyPatch,
    output: list[str],
    option: str,
    bad: list[int],
    said: list[int],
) -> None:
    monkeypatch.chdir(dumps.parent)
    for number in bad:
        (dumps / f"{number:03}.txt").write_bytes(b"\0" * 50)
    args = ["dumps", "-q", *output, option, "--rejects", "bad.jsonl", "--report", "report.json"]
    for resume in [[], ["--resume"]] if output and "seen" not in output else [[]]:
        Path("bad.jsonl").write_text("of last night\n")
        newsclean("clean", *args, *resume, status=1, err=re.compile("(newsclean: .*\n)*"))
        assert [row["id"] for row in lines(Path("bad.jsonl"))] == [f"{number:03}.txt" for number in said]
        report = json.loads(Path("report.json").read_text())
        assert (report["dumps"]["failed"], report["status"]) == (len(said), 1)


@pytest.mark.parametrize(("allowed", "stops"), [("2", True), ("3", False), ("1%", False)])
def test_a_run_with_more_failures_than_it_may_have_stops(newsclean: Run, dumps: Path, allowed: str, stops: bool) -> None:
    for name in ("001", "002", "003"):
        (dumps / f"{name}.txt").write_bytes(b"\0" * 50)
    end = "newsclean: stopped: more inputs failed than --max-failures allows\n" if stops else ""
    err = re.compile(rf"(newsclean: .*NUL bytes.*\n){{3}}{end}")
    out = newsclean("clean", dumps, "-q", "--max-failures", allowed, status=1, err=err)
    assert out.count("\n") == (1 if stops else 9)


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["--resume"], "--resume needs files that stay: say where, with -o"),
        (["--incremental", "x.db"], "--incremental needs files that stay: say where, with -o"),
        (["--shard-size", "1M"], "--shard-size needs files that stay: say where, with -o"),
        (["--compress", "gz"], "--compress is for files: give -o, or use a pipe: newsclean clean ... | gzip"),
        (
            ["--compress", "zst", "-o", "x.jsonl.gz"],
            "x.jsonl.gz is no name for what --compress zst writes: let it end in .zst",
        ),
        (["--compress", "gz", "-o", "x.jsonl"], "x.jsonl is no name for what --compress gz writes: let it end in .gz"),
        (["-o", "x.jsonl.bz2"], "x.jsonl.bz2: what is written can be packed as .gz or .zst"),
        (["--shard-size", "much", "-o", "x"], "--shard-size takes a size such as 500000, 64K, 256M or 2G, not 'much'"),
        (["--max-dump-bytes", "0"], "--max-dump-bytes takes a size such as 500000, 64K, 256M or 2G, not '0'"),
        (
            ["--max-dump-bytes", "99999999T"],
            "--max-dump-bytes takes a size such as 500000, 64K, 256M or 2G, not '99999999T'",
        ),
        (["--max-failures", "few"], "--max-failures takes a number or a percentage, such as 100 or 0.5%, not 'few'"),
        (["-o", "x", "--removed", "./x"], "x is the place of two outputs"),
        (
            ["-o", "x/", "--incremental", "s", "--resume"],
            "--incremental goes on by itself where a run was interrupted: leave out --resume",
        ),
        (["-o", ""], "-o got an empty name: is a variable not set?"),
        (["-o", "x/", "--incremental", ""], "--incremental got an empty name: is a variable not set?"),
        (["--removed", "."], "--removed takes a file: . is a folder"),
        (["-o", "x", "--report", "x/"], "--report takes a file: x/ is a folder"),
        (["--rejects", "-"], "the records and --rejects would mix on standard output: give files"),
        (["-o", "-", "--removed", "/dev/stdout"], "the records and --removed would mix on standard output: give files"),
        (["-o", "x", "--removed", "-", "--rejects", "-"], "--removed and --rejects would mix on standard output: give files"),
        (["--files0-from", "missing"], "--files0-from missing: No such file or directory"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)  # fmt: skip
def test_what_contradicts_itself_is_refused(newsclean: Run, args: list[str], reason: str) -> None:
    assert newsclean("clean", *args, stdin=b"", status=2, err=f"newsclean: {reason}\n") == ""


@pytest.mark.parametrize("args", [["-o", "{}/"], ["-o", "{}", "--shard-size", "1K"], ["-o", "{}", "--incremental", "seen"]])
def test_a_file_is_no_place_for_shards(newsclean: Run, page: Path, args: list[str]) -> None:
    args = [arg.format(page / "page.txt") for arg in args]
    err = f"newsclean: shards go to a folder: {args[1]} is a file\n"
    newsclean("clean", page, *args, status=2, err=err)
    assert os.listdir(page) == ["page.txt"]


def test_a_list_of_files_and_paths_are_one_or_the_other(newsclean: Run, page: Path) -> None:
    err = "newsclean: --files0-from names all the files: give no other paths\n"
    newsclean("clean", page, "--files0-from", "-", status=2, err=err)


def test_a_list_on_standard_input_names_the_files(newsclean: Run, dumps: Path) -> None:
    names = [dumps / "003.txt", dumps / "001.txt"]
    out = newsclean("clean", "-q", "--files0-from", "-", stdin=b"\0".join(os.fsencode(name) for name in names))
    assert [json.loads(line)["id"] for line in out.splitlines()] == [str(name) for name in names]


# --- interruption ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bulk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return faults.plant(tmp_path_factory.mktemp("bulk"), 400)


Plan = tuple[signal.Signals, Callable[[Path], list[str]], list[str]]
BESIDE = {"bad": "--rejects", "gone": "--removed"}
PLANS: dict[str, Plan] = {
    "a file, SIGKILL": (
        signal.SIGKILL,
        lambda at: ["-o", f"{at}/out.jsonl", *(f"{option}={at}/{name}.jsonl" for name, option in BESIDE.items())],
        ["--resume"],
    ),
    "packed shards, SIGKILL": (
        signal.SIGKILL,
        lambda at: ["-o", f"{at}/out/", "--shard-size", "200K", "--compress", "gz"],
        ["--resume"],
    ),
    "a packed file, SIGTERM": (signal.SIGTERM, lambda at: ["-o", f"{at}/out.jsonl.zst"], ["--resume"]),
    "incremental, SIGKILL": (
        signal.SIGKILL,
        lambda at: ["-o", f"{at}/out/", "--shard-size", "200K", "--incremental", f"{at.parent}/{at.name}.db"],
        [],
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_run_that_is_killed_ends_as_if_it_had_not_been(bulk: Path, name: str) -> None:
    kind, args, resume = PLANS[name]
    interrupted, wrong = faults.rounds(3, kind, lambda at: [str(bulk), "-j", "2", *args(at)], resume)
    assert wrong == 0
    assert interrupted > 0


def test_a_run_killed_while_it_is_resumed_can_be_resumed_again(bulk: Path, tmp_path: Path) -> None:
    args = [str(bulk), "-j", "2", "-o", str(tmp_path / "out.jsonl.gz"), "--resume"]
    whole = [str(bulk), "-j", "2", "-o", str(tmp_path / "whole.jsonl.gz")]
    began = time.monotonic()
    assert faults.end(whole) == 1
    took = time.monotonic() - began
    killed = 0
    for _ in range(3):
        running = faults.start(args)
        time.sleep(took / 3)  # of which the start takes a part each time
        running.kill()
        running.communicate()
        killed += running.returncode == -signal.SIGKILL
    assert killed > 1
    assert faults.end(args) in (1, 2)  # 2: the last one had ended before it was killed
    assert (tmp_path / "out.jsonl.gz").read_bytes() == (tmp_path / "whole.jsonl.gz").read_bytes()


def half_done(newsclean: Run, dumps: Path, out: Path, *args: str) -> None:
    """Leave a run that stopped at the sixth dump."""
    (dumps / "005.txt").rename(dumps / "kept")
    (dumps / "005.txt").mkdir()
    (dumps / "005.txt").rmdir()
    (dumps / "005.txt").write_bytes(b"\0" * 50)
    newsclean("clean", dumps, "-q", "-o", out, "--fail-fast", *args, status=1, err=re.compile("(.*\n)*"))
    (dumps / "kept").replace(dumps / "005.txt")


def test_a_run_is_resumed_with_the_same_options_and_inputs_alone(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    half_done(newsclean, dumps, out)
    err = f"newsclean: the run was begun with other options (encoding, layout): {ANEW}\n"
    newsclean("clean", dumps, "-q", "-o", out, "--resume", "--layout", "flat", "--encoding", "cp1256", status=2, err=err)
    (dumps / "0025.txt").write_text(PAGE)
    err = f"newsclean: the inputs are not those that the run was begun with: {ANEW}\n"
    newsclean("clean", dumps, "-q", "-o", out, "--resume", status=2, err=err)
    (dumps / "0025.txt").unlink()
    newsclean("clean", dumps, "-q", "-o", out, "--resume")
    assert out.read_text("utf-8") == newsclean("clean", dumps, "-q")


def test_a_run_without_resume_starts_anew_and_leaves_nothing_of_the_old(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "records.jsonl"
    out.parent.mkdir()
    half_done(newsclean, dumps, out)
    assert len(os.listdir(out.parent)) == 2
    newsclean("clean", dumps, "-q", "-o", out)
    assert os.listdir(out.parent) == ["records.jsonl"]
    newsclean("clean", dumps, "-q", "-o", out, "--resume")  # nothing to resume: an ordinary run
    assert out.read_text("utf-8") == newsclean("clean", dumps, "-q")


@pytest.mark.parametrize("state", [b"\0{", b"[]", b'{"options":5,"checkpoints":5}', b'{"options":{},"checkpoints":5}'])
def test_a_state_that_is_none_is_refused(newsclean: Run, dumps: Path, tmp_path: Path, state: bytes) -> None:
    (tmp_path / ".out.jsonl.state").write_bytes(state)
    err = f"newsclean: {tmp_path}/.out.jsonl.state is no state of a run: remove it, or {ANEW}\n"
    newsclean("clean", dumps, "-q", "-o", tmp_path / "out.jsonl", "--resume", status=2, err=err)


@pytest.mark.parametrize("place", ["out.jsonl.gz", "out/"])
def test_a_disk_that_is_full_when_a_file_is_closed_is_named_and_the_run_resumed(
    newsclean: Run, dumps: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    args = ["-q", dumps, "-o", f"{tmp_path}/{place}", "--rejects", tmp_path / "bad.jsonl"]
    args += ["--shard-size", "10K"] if place == "out/" else []

    def full(number: int) -> None:
        if os.fstat(number).st_size:  # the rejects, of which there are none, are named already
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        hint = "what is done is kept: the same command with --resume goes on from there"
        err = f"newsclean: cannot write {tmp_path}/{place}: No space left on device; {hint}\n"
        newsclean("clean", *args, status=1, err=err)
    newsclean("clean", *args, "--resume")
    records = (
        [file.read_bytes() for file in sorted((tmp_path / place).iterdir())]
        if place == "out/"
        else [gzip.decompress((tmp_path / place).read_bytes())]
    )
    assert b"".join(records).decode() == newsclean("clean", dumps, "-q")
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_record_whose_removed_could_not_be_written_is_there_once(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    gone, out = tmp_path / "gone", tmp_path / "out.jsonl"
    gone.symlink_to("/dev/full")
    args = ["-q", dumps, "-o", out, "--removed", gone]
    newsclean("clean", *args, status=1, err=re.compile("newsclean: cannot write .*: No space left on device; .*\n"))
    gone.unlink()
    gone.symlink_to("/dev/null")
    newsclean("clean", *args, "--resume")
    assert out.read_text("utf-8") == newsclean("clean", dumps, "-q")


def test_counts_of_a_resumed_run_are_of_the_whole(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    half_done(newsclean, dumps, tmp_path / "out.jsonl", "--report", str(tmp_path / "a.json"))
    assert json.loads((tmp_path / "a.json").read_text())["complete"] is False
    newsclean("clean", dumps, "-q", "-o", tmp_path / "out.jsonl", "--resume", "--report", tmp_path / "b.json")
    newsclean("clean", dumps, "-q", "-o", tmp_path / "again.jsonl", "--report", tmp_path / "c.json")
    resumed, straight = (json.loads((tmp_path / f"{name}.json").read_text()) for name in "bc")
    for group in ("dumps", "characters", "rules", "encodings", "flags"):
        assert resumed[group] == straight[group], group


@pytest.mark.parametrize(
    "args", [["-o", "{}/out.jsonl"], ["-o", "{}/out/", "--incremental", "{}/seen.db"]], ids=["file", "shards"]
)
def test_a_second_run_is_told_who_is_at_work(newsclean: Run, dumps: Path, tmp_path: Path, args: list[str]) -> None:
    args = [arg.format(tmp_path) for arg in args]
    with subprocess.Popen(
        command("clean", dumps, "-", "-q", *args), stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as first:
        for _ in range(500):
            if list(tmp_path.rglob("*lock")):
                break
            signal.sigtimedwait([], 0.02)
        place = args[-1]
        err = re.compile(rf"newsclean: another run is writing {place}: process {first.pid} on .*, since [0-9: -]+\n")
        newsclean("clean", dumps, "-q", *args, status=75, err=err)
        assert first.stdin is not None
        first.stdin.write(PAGE.encode())
        first.stdin.close()
        assert first.wait(60) == 0
    assert not list(tmp_path.rglob("*lock"))


@pytest.mark.parametrize("args", [["-o", "{}/out.jsonl"], [], ["-o", "{}/out/", "--incremental", "{}/seen"]])
def test_two_runs_do_not_share_what_lies_beside(newsclean: Run, dumps: Path, tmp_path: Path, args: list[str]) -> None:
    args = [arg.format(tmp_path) for arg in args]
    rejects = tmp_path / "bad.jsonl"
    rejects.write_text("of the other run\n")
    with locked(str(tmp_path / ".bad.jsonl.lock")):
        err = re.compile(rf"newsclean: another run is writing {rejects}: process {os.getpid()} on .*\n")
        newsclean("clean", dumps, "-q", *args, "--rejects", rejects, status=75, err=err)
    assert rejects.read_text() == "of the other run\n"
    newsclean("clean", dumps, "-q", *args, "--rejects", rejects)


def test_a_lock_is_let_go_by_its_holders_death_and_by_its_end(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_text("left by one that died")
    with locked(str(path)):
        with pytest.raises(LockedError, match=rf"process {os.getpid()} on "), locked(str(path)):
            pass
        assert path.exists()
    assert not path.exists()


# --- only what is new ------------------------------------------------------------------------------------------------


def ids(folder: Path) -> dict[str, list[str]]:
    return {path.name: [record["id"] for record in lines(path)] for path in sorted(folder.glob("*.jsonl"))}


def test_only_what_is_new_or_changed_is_done(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    args = ["-o", tmp_path / "out", "--incremental", tmp_path / "seen.db"]
    newsclean("clean", dumps, *args, err="newsclean: 12 dumps, 12 articles, 0 not-article, 0 failed\n")
    newsclean("clean", dumps, *args, err="newsclean: 0 dumps, 0 articles, 0 not-article, 12 unchanged, 0 failed\n")
    assert list(ids(tmp_path / "out")) == ["00000.jsonl"]
    plant(dumps, range(12, 14))
    (dumps / "003.txt").write_text(PAGE, encoding="utf-8")
    os.utime(dumps / "004.txt", (1, 1))  # touched, not changed
    newsclean("clean", dumps, *args, err="newsclean: 3 dumps, 3 articles, 0 not-article, 11 unchanged, 0 failed\n")
    assert ids(tmp_path / "out")["00001.jsonl"] == ["003.txt", "012.txt", "013.txt"]
    newsclean("clean", dumps, *args, err=re.compile(".* 14 unchanged, .*\n"))


def test_what_failed_is_tried_again(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    args = ["-q", "-o", tmp_path / "out", "--incremental", tmp_path / "seen.db", "--rejects", tmp_path / "bad.jsonl"]
    (dumps / "002.txt").write_bytes(b"\0" * 50)
    for _ in range(2):
        newsclean("clean", dumps, *args, status=1, err=re.compile(".*002.*NUL.*\n"))
        assert [row["id"] for row in lines(tmp_path / "bad.jsonl")] == ["002.txt"]
    (dumps / "002.txt").write_text(PAGE, encoding="utf-8")
    newsclean("clean", dumps, *args)
    assert [len(found) for found in ids(tmp_path / "out").values()] == [11, 1]
    assert lines(tmp_path / "bad.jsonl") == []


def test_of_a_container_that_has_grown_only_the_new_members_are_done(newsclean: Run, tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    args = ["-q", path, "-o", tmp_path / "out", "--incremental", tmp_path / "seen.db"]
    rows = [json.dumps({"text": corpus.dump(number)}) for number in range(5)]
    path.write_text("\n".join(rows[:3]) + "\n")
    newsclean("clean", *args)
    newsclean("clean", *args)
    path.write_text("\n".join(["{", *rows[1:]]) + "\n")
    newsclean("clean", *args, status=1, err=re.compile(".*#1: is no JSON.*\n"))
    newsclean("clean", *args, status=1, err=re.compile(".*#1: is no JSON.*\n"))
    assert ids(tmp_path / "out") == {
        "00000.jsonl": [f"pages.jsonl#{n}" for n in (1, 2, 3)], "00001.jsonl": [f"pages.jsonl#{n}" for n in (4, 5)],
    }  # fmt: skip


def test_a_member_that_failed_is_tried_again(newsclean: Run, tmp_path: Path) -> None:
    rows = [json.dumps({"text": text}) for text in (PAGE, PAGE * 9, PAGE)]
    (tmp_path / "pages.jsonl").write_text("\n".join(rows) + "\n")
    args = ["-q", tmp_path / "pages.jsonl", "-o", tmp_path / "out", "--incremental", tmp_path / "seen.db"]
    for _ in range(2):
        newsclean("clean", *args, "--max-dump-bytes", "10K", status=1, err=re.compile(".*#2: is longer than 10K.*\n"))
    newsclean("clean", *args)
    assert list(ids(tmp_path / "out").values()) == [["pages.jsonl#1", "pages.jsonl#3"], ["pages.jsonl#2"]]


def test_a_file_is_done_whatever_was_missing_before_it(newsclean: Run, page: Path) -> None:
    args = ["-q", page / "missing", page / "page.txt", "-o", page / "out", "--incremental", page / "seen.db"]
    newsclean("clean", *args, status=1, err=re.compile(".*missing: No such file.*\n"))
    state = sqlite3.connect(page / "seen.db")
    assert state.execute("SELECT path FROM files").fetchall() == [(str(page / "page.txt"),)]
    state.close()


def test_a_run_that_is_stopped_keeps_what_is_done(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    args = ["-o", tmp_path / "out", "--incremental", tmp_path / "seen.db"]
    whole = newsclean("clean", dumps, "-q")
    with subprocess.Popen(
        command("clean", "-v", "-j", "1", dumps, "-", *args), stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as running:
        assert running.stderr is not None
        while not running.stderr.readline().startswith(b"011.txt"):
            pass
        running.send_signal(signal.SIGTERM)  # now it waits for standard input
        err = running.stderr.read().decode()
    assert (running.returncode, err) == (143, "newsclean: stopped by SIGTERM after 12 dumps; the next run does the rest\n")
    assert (tmp_path / "out" / "00000.jsonl").read_text("utf-8") == whole
    plant(dumps, range(12, 14))
    (dumps / "0125.txt").write_bytes(b"\0" * 50)
    for _ in range(2):
        err = re.compile(r".*NUL bytes.*\nnewsclean: stopped: --fail-fast(; the next run does the rest)?\n")
        newsclean("clean", dumps, "--fail-fast", *args, status=1, err=err)
        assert [len(found) for found in ids(tmp_path / "out").values()] == [12, 1]
    (dumps / "0125.txt").unlink()
    newsclean("clean", dumps, *args, err="newsclean: 1 dump, 1 article, 0 not-article, 13 unchanged, 0 failed\n")
    assert sorted(os.listdir(tmp_path / "out")) == [f"{n:05}.jsonl" for n in range(3)]


def test_a_shard_that_cannot_be_named_is_named_by_the_next_run(
    newsclean: Run, dumps: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    args = ["-q", dumps, "-o", tmp_path / "out", "--incremental", tmp_path / "seen.db"]

    def fails(*_names: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fails)
        err = f"newsclean: cannot write {tmp_path}/out: Input/output error; the next run does the rest\n"
        newsclean("clean", *args, status=1, err=err)
    newsclean("clean", *args)
    assert len(ids(tmp_path / "out")["00000.jsonl"]) == 12


@pytest.mark.parametrize("env", [{}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}], ids=["UTF-8", "ASCII"])
def test_whatever_bytes_names_have_they_are_remembered(process: Run, tmp_path: Path, env: dict[str, str]) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    for name in ("خبر.txt".encode(), b"bad\xff.txt", rb"bad\xff.txt"):
        (folder / os.fsdecode(name)).write_text(PAGE, "utf-8")
    args = ["clean", folder, "-o", folder / "out", "--incremental", folder / "seen"]
    process(*args, env=env, err="newsclean: 3 dumps, 3 articles, 0 not-article, 0 failed\n")
    process(*args, err="newsclean: 0 dumps, 0 articles, 0 not-article, 3 unchanged, 0 failed\n")
    assert os.listdir(folder / "out") == ["00000.jsonl"]


def test_the_shards_of_a_state_have_one_layout(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    args = ["-q", dumps, "-o", tmp_path / "out", "--incremental", tmp_path / "seen.db"]
    newsclean("clean", *args)
    plant(dumps, range(12, 14))
    why = f"the shards of {tmp_path}/seen.db have the layout record: give --layout record, or another state and folder"
    newsclean("clean", *args, "--layout", "flat", status=2, err=f"newsclean: {why}\n")
    assert os.listdir(tmp_path / "out") == ["00000.jsonl"]
    newsclean("clean", *args)
    assert len(ids(tmp_path / "out")["00001.jsonl"]) == 2


def test_a_state_and_its_shards_belong_together(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    out, state = tmp_path / "out", tmp_path / "seen.db"
    args = ["-q", dumps, "--incremental", state]
    newsclean("clean", *args, "-o", out)
    newsclean("clean", "-q", dumps, "-o", f"{tmp_path}/other/", "--layout", "flat")
    for folder in ("other", "empty"):
        err = (
            f"newsclean: the last shard of {state} was {out}/00000.jsonl, which is not in {tmp_path}/{folder}: give the "
            f"folder that holds it, or another state, or remove {state} to do all anew\n"
        )
        newsclean("clean", *args, "-o", f"{tmp_path}/{folder}/", status=2, err=err)
    out.rename(tmp_path / "moved")
    plant(dumps, range(12, 14))
    for _ in range(2):
        newsclean("clean", *args, "-o", tmp_path / "moved")
    assert [len(found) for found in ids(tmp_path / "moved").values()] == [12, 2]


def test_what_has_changed_since_the_last_run_is_told_once(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    args = ["-q", dumps, "-o", tmp_path / "out", "--incremental", tmp_path / "seen.db"]
    newsclean("clean", *args)
    why = f"since the last run with {tmp_path}/seen.db these have changed: rules, encoding; what is done stays as it is"
    changed = [*args, "--disable", "comment-prompt", "--encoding", "cp1256", "--now", "2026-03-08"]
    newsclean("clean", *changed, err=f"newsclean: {why}\n")
    newsclean("clean", *changed)
    assert list(ids(tmp_path / "out")) == ["00000.jsonl"]


def test_a_state_that_is_no_database_is_named(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    (tmp_path / "seen.db").write_text("a shopping list, and a long one at that\n" * 9)
    err = f"newsclean: {tmp_path}/seen.db: file is not a database\n"
    newsclean("clean", dumps, "-q", "-o", tmp_path / "out", "--incremental", tmp_path / "seen.db", status=2, err=err)


def test_a_database_of_another_program_is_left_alone(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    place = tmp_path / "theirs.db"
    with closing(sqlite3.connect(place)) as theirs:
        theirs.execute("CREATE TABLE files (name, owner)")
    before = place.read_bytes()
    err = f"newsclean: {place} is a database of another program: give a file of its own to --incremental\n"
    newsclean("clean", dumps, "-q", "-o", tmp_path / "out", "--incremental", place, status=2, err=err)
    assert place.read_bytes() == before


def test_a_state_that_cannot_be_used_is_named_and_reported(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    state, report = tmp_path / ".seen", tmp_path / "report.json"
    args = ["-q", dumps, "-o", tmp_path / "out", "--incremental", state, "--report", report, "--rejects", tmp_path / "bad"]
    newsclean("clean", *args)
    (tmp_path / "bad").write_text("of last night\n")
    data = state.read_bytes()
    state.write_bytes(data[:4096] + b"X" * (len(data) - 4096))
    newsclean("clean", *args, status=1, err=f"newsclean: cannot write {state}: database disk image is malformed\n")
    told = json.loads(report.read_text())
    assert (told["complete"], told["status"]) == (False, 1)
    assert (tmp_path / "bad").read_text() == "of last night\n"


def test_a_state_that_another_program_holds_is_tried_again_later(
    newsclean: Run, dumps: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **options: connect(*args, **options, timeout=0.1))
    state = tmp_path / "seen.db"
    args = ["-q", dumps, "-o", tmp_path / "out", "--incremental", state]
    newsclean("clean", *args)
    with closing(connect(state, isolation_level=None)) as held:
        held.execute("BEGIN EXCLUSIVE")
        newsclean("clean", *args, status=75, err=f"newsclean: another program is using {state}\n")
    newsclean("clean", *args)


def test_a_shard_that_was_committed_and_not_named_is_named_by_the_next_run(newsclean: Run, dumps: Path, tmp_path: Path) -> None:
    args = ["-q", dumps, "-o", tmp_path / "out", "--incremental", tmp_path / "seen.db"]
    newsclean("clean", *args)
    final, part = tmp_path / "out" / "00000.jsonl", tmp_path / "out" / ".00000.jsonl.part"
    wanted = final.read_bytes()
    final.rename(part)
    (tmp_path / "out" / ".00001.jsonl.part").write_text("of a run that was killed")
    with sqlite3.connect(tmp_path / "seen.db") as state:
        state.execute("INSERT INTO pending VALUES (?, ?)", (str(part), str(final)))
    state.close()
    newsclean("clean", *args)
    assert os.listdir(tmp_path / "out") == ["00000.jsonl"]
    assert final.read_bytes() == wanted
