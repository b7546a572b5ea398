"""The command as others meet it: a process with pipes, signals, terminals, full disks and a poor environment."""

from __future__ import annotations

import json
import os
import pty
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PAGE, ROOT, command, environment

from arabic_newsclean.cli import COMMANDS
from arabic_newsclean.profile import Entry, Profile, Site

Run = Callable[..., str]
HINT = "; what is done is kept: the same command with --resume goes on from there"
SUMS = "newsclean: 2 dumps, 2 articles, 0 not-article, 0 failed\n"


def ids(out: str) -> list[str]:
    return [json.loads(line)["id"] for line in out.split("\n")[:-1]]


# --- pipes -----------------------------------------------------------------------------------------------------------


def test_a_dump_through_a_pipe(process: Run) -> None:
    assert ids(process("clean", stdin=PAGE.encode())) == ["-"]


def test_a_reader_that_has_seen_enough_is_not_an_error(page: Path) -> None:
    many = [page] * 100  # more than a pipe holds
    with subprocess.Popen(
        command("clean", *many), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert json.loads(running.stdout.readline())["id"] == "page.txt"
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(60) == 0


def test_beside_records_that_nobody_reads_on_there_is_what_came_with_them(page: Path) -> None:
    (page / "bad.txt").write_bytes(b"\0" * 50)
    beside = [f"--{name}={page}/{name}" for name in ("removed", "rejects", "report")]
    args = command("clean", *[page] * 100, "-q", *beside)
    with subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment()) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.wait(60) == 0
    spans, rejects = (list(map(json.loads, (page / name).read_text("utf-8").splitlines())) for name in ("removed", "rejects"))
    assert {span["text"] for span in spans} == {"اترك رد"}
    assert {row["id"] for row in rejects} == {"bad.txt"}
    report = json.loads((page / "report").read_text())
    assert (report["complete"], report["dumps"]["failed"]) == (False, len(rejects))


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="this system has no names for open files")
def test_an_output_may_be_a_pipe_by_its_name(process: Run, page: Path) -> None:
    assert ids(process("clean", page, "-q", "-o", "/dev/stdout")) == ["page.txt"]
    reads, writes = os.pipe()  # as the shell does for >(zstd ...)
    process("clean", page, "-q", "-o", f"/dev/fd/{writes}", pass_fds=[writes])
    os.close(writes)
    with open(reads, encoding="utf-8") as pipe:
        assert ids(pipe.read()) == ["page.txt"]


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="this system has no names for open files")
def test_what_goes_beside_a_file_of_records_may_be_a_pipe_too(process: Run, page: Path) -> None:
    err = re.compile(r'newsclean: .*missing: No such .*\n\{"id":"missing",.*\}\n')
    process("clean", page, page / "missing", "-q", "-o", page / "out", "--rejects", "/dev/stderr", status=1, err=err)
    assert len(ids((page / "out").read_text("utf-8"))) == 1
    os.mkfifo(page / "pipe")
    with subprocess.Popen(["cat", page / "pipe"], stdout=subprocess.PIPE) as reading:
        process("clean", page / "page.txt", "-q", "-o", page / "out", "--removed", page / "pipe")
        assert reading.stdout is not None
        assert json.loads(reading.stdout.readline())["text"] == "اترك رد"
    assert (page / "pipe").is_fifo()


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="this system has no names for open files")
def test_nobody_reading_what_lies_beside_is_an_error(process: Run, page: Path) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    err = f"newsclean: cannot write /dev/fd/{writes}: Broken pipe\n"
    out = process("clean", page, "-q", "--removed", f"/dev/fd/{writes}", status=1, err=err, pass_fds=[writes])
    os.close(writes)
    assert ids(out) == ["page.txt"]


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="this system has no names for open files")
@pytest.mark.parametrize("mode", ["a", "w"])
def test_what_is_open_already_is_added_to_and_not_replaced(process: Run, page: Path, mode: str) -> None:
    with (page / "all.jsonl").open(mode) as out:
        out.write("before\n")
        out.flush()
        process("clean", page, "-q", "-o", "/dev/stdout", stdout=out)
        process("clean", page, "-q", "-o", "/dev/null", "--removed", f"/dev/fd/{out.fileno()}", pass_fds=[out.fileno()])
        out.write("after\n")
    first, record, *spans, last = (page / "all.jsonl").read_text("utf-8").splitlines()
    assert (first, json.loads(record)["id"], last) == ("before", "page.txt", "after")
    assert json.loads(spans[-1])["text"] == "اترك رد"
    process("clean", page, "-q", "-o", "/dev/fd/99", status=1, err="newsclean: cannot write /dev/fd/99: Bad file descriptor\n")


def test_nobody_to_talk_to_does_not_put_talk_among_the_data(process: Run, page: Path) -> None:
    out = process("clean", page, page, "missing", status=1, preexec_fn=lambda: os.close(2))
    assert ids(out) == ["page.txt", "page.txt"]


def test_closed_standard_streams_are_named(process: Run, page: Path) -> None:
    err = "newsclean: cannot write standard output: standard output is closed\n"
    process("clean", page, status=1, err=err, preexec_fn=lambda: os.close(1))
    err = "newsclean: -: standard input is closed\nnewsclean: 0 dumps, 0 articles, 0 not-article, 1 failed\n"
    process("clean", "-", status=1, err=err, preexec_fn=lambda: os.close(0))


# --- disks -----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("args", [["clean"], ["diff"], ["rules"], ["manual"], ["--version"], ["--help"], ["clean", "--help"]])
def test_a_full_disk_behind_standard_output_is_named(process: Run, page: Path, args: list[str]) -> None:
    paths = [page] if args in (["clean"], ["diff"]) else []
    with Path("/dev/full").open("wb") as full:
        err = "newsclean: cannot write standard output: No space left on device\n"
        process(*args, *paths, status=1, err=err, stdout=full, stderr=subprocess.PIPE)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("args", [[], ["-o", "out.jsonl"]], ids=["standard output", "a file"])
def test_the_output_that_cannot_be_written_is_the_one_that_is_named(process: Run, page: Path, args: list[str]) -> None:
    err = "newsclean: cannot write no/bad.jsonl: No such file or directory\n"
    process("clean", "page.txt", *args, "--rejects", "no/bad.jsonl", status=1, err=err, cwd=page)
    err = "newsclean: cannot write no/seen: No such file or directory\n"
    process("clean", "page.txt", "-o", "out/", "--incremental", "no/seen", status=1, err=err, cwd=page)
    err = re.compile("newsclean: cannot write /dev/full: No space left on device.*\n")
    process("clean", "page.txt", *args, "--removed", "/dev/full", status=1, err=err, cwd=page)
    err = "newsclean: cannot write page.txt/out: Not a directory\n"
    process("clean", "page.txt", "-o", "page.txt/out", status=1, err=err, cwd=page)


def test_a_file_that_grows_too_large_leaves_the_old_one_and_a_run_to_resume(process: Run, page: Path) -> None:
    (page / "out.jsonl").write_bytes(b"old")
    process(
        "clean", *[page] * 20, "-o", page / "out.jsonl",
        status=1,
        err=f"newsclean: cannot write {page / 'out.jsonl'}: File too large{HINT}\n",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
        env={"PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert (page / "out.jsonl").read_bytes() == b"old"
    process("clean", *[page] * 20, "-q", "--resume", "-o", page / "out.jsonl")
    assert sorted(os.listdir(page)) == ["out.jsonl", "page.txt"]
    assert (page / "out.jsonl").read_text("utf-8") == process("clean", *[page] * 20, "-q")


def test_what_was_left_by_a_kill_is_removed_by_the_next_and_what_is_in_use_is_not(process: Run, page: Path) -> None:
    args = ["diff", "-", "-o", page / "out.diff"]

    def waits() -> tuple[subprocess.Popen[bytes], Path]:
        before = set(page.iterdir())
        running = subprocess.Popen(command(*args), stdin=subprocess.PIPE, env=environment())
        while not (made := set(page.iterdir()) - before):
            signal.sigtimedwait([], 0.01)
        signal.sigtimedwait([], 0.1)  # and holds it
        return running, made.pop()

    with waits()[0] as killed:
        killed.kill()
    running, alive = waits()
    with running:
        for left in page.glob(".newsclean-*"):
            os.utime(left, (1, 1))
        process(*args, stdin=PAGE.encode())
        assert set(page.iterdir()) == {page / "page.txt", page / "out.diff", alive}
        running.communicate(PAGE.encode())
        assert running.returncode == 0
    assert sorted(os.listdir(page)) == ["out.diff", "page.txt"]


# --- signals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_ends_the_run_in_a_line_and_leaves_it_to_be_resumed(page: Path, number: signal.Signals) -> None:
    args = command("clean", "--verbose", page, "-", "-o", page / "out.jsonl")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(args, env=environment(), **pipes) as running:
        assert running.stderr.readline().startswith(b"page.txt: utf-8")  # now it waits for standard input
        running.send_signal(number)
        try:
            running.wait(60)
        finally:
            running.kill()
        assert running.stderr.read().decode() == f"newsclean: stopped by {number.name} after 1 dump{HINT}\n"
        assert running.returncode == 128 + number
    assert sorted(os.listdir(page)) == [".out.jsonl.part", ".out.jsonl.state", "page.txt"]


def test_ctrl_c_while_all_is_loaded_shows_no_traceback() -> None:
    args = command("rules")
    args.insert(1, "-Ximporttime")
    with subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment()) as running:
        assert running.stderr is not None
        while b"typer.colors" not in running.stderr.readline():
            pass
        running.send_signal(signal.SIGINT)
        assert b"Traceback" not in running.stderr.read()
        assert running.wait(60) in (-signal.SIGINT, 128 + signal.SIGINT)


# --- names, and what a folder may hold -------------------------------------------------------------------------------


def test_whatever_a_folder_holds_the_dumps_in_it_are_read(process: Run, page: Path) -> None:
    os.mkfifo(page / "a-pipe.txt")
    (page / "gone.txt").symlink_to(page / "nowhere")
    (page / "loop").symlink_to(page)
    (page / "folder.txt").mkdir()
    err = (
        f"newsclean: {page}/a-pipe.txt: not a file but a pipe or a device (to read from it: newsclean clean - < PATH)\n"
        f"newsclean: {page}/gone.txt: No such file or directory\n"
        "newsclean: 1 dump, 1 article, 0 not-article, 2 failed\n"
    )
    assert ids(process("clean", page, status=1, err=err)) == ["page.txt"]


def test_a_folder_that_is_gone_is_told(tmp_path: Path, page: Path) -> None:
    (tmp_path / "here").mkdir()
    script = f"rmdir ../here; exec {sys.executable} -m arabic_newsclean clean {page}/page.txt -o out.jsonl"
    ran = subprocess.run(["sh", "-c", script], cwd=tmp_path / "here", env=environment(), capture_output=True, check=False)
    err = "newsclean: the folder that this runs in is not there any more: go to another one, or give whole paths\n"
    assert (ran.returncode, ran.stderr.decode()) == (2, err)


def test_a_name_in_bytes_and_a_name_with_an_escape(process: Run, page: Path) -> None:
    (page / "page.txt").rename(page / os.fsdecode(b"caf\xe9\x1b[31m.txt"))
    assert ids(process("clean", page)) == ["caf\\xe9\x1b[31m.txt"]
    err = re.compile(r"newsclean: .*/caf␛\[31m: No such file or directory\n.*\n")
    process("clean", page / "caf\x1b[31m", status=1, err=err)


@pytest.mark.parametrize(
    "env",
    [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "latin-1"}],
    ids=["C", "C and truly ASCII", "Latin-1"],
)
def test_a_poor_environment_still_gets_utf8_and_no_colour(process: Run, page: Path, env: dict[str, str]) -> None:
    (page / "page.txt").rename(page / "خبر.txt")
    (record,) = map(json.loads, process("clean", page, env=env).split("\n")[:-1])
    assert record["id"] == "خبر.txt"
    assert record["header"]["category"] == "سياسة"
    shown = process("diff", "--format", "terminal", page, env={**env, "FORCE_COLOR": "1"})
    assert shown.startswith("خبر.txt: chars")
    assert "\x1b" not in shown
    assert "اترك رد" in process("rules", "show", "comment-prompt", env=env)


# --- terminals -------------------------------------------------------------------------------------------------------


def on_terminal(*args: str | Path, streams: str, env: dict[str, str] | None = None, cwd: Path | None = None) -> tuple[str, int]:
    """What a terminal shows when the named streams are one, and the status; the other streams are empty or dropped."""
    master, slave = pty.openpty()
    pipes = {name: slave if name in streams.split() else subprocess.DEVNULL for name in ("stdin", "stdout", "stderr")}
    shown = b""
    with subprocess.Popen(command(*args), env=environment({"TERM": "xterm", **(env or {})}), cwd=cwd, **pipes) as running:
        os.close(slave)
        try:
            while data := os.read(master, 65536):
                shown += data
        except OSError:  # how Linux says that the other end is closed
            pass
        status = running.wait(60)
    os.close(master)
    return shown.decode("utf-8").replace("\r\n", "\n"), status


def test_a_terminal_with_nothing_to_read_gets_a_hint_and_does_not_wait() -> None:
    shown, status = on_terminal("clean", streams="stdin stderr")
    assert (status, shown) == (
        2, "newsclean: nothing to read: give a file, a folder, or - for what you type (newsclean clean --help)\n",
    )  # fmt: skip


def test_diff_on_a_terminal_has_colours_and_isolates_and_no_other_control(page: Path) -> None:
    (page / "page.txt").write_text(PAGE + "\n\x1b[2J\u202eاترك رد\n", encoding="utf-8")
    shown, status = on_terminal("diff", page, streams="stdout")
    assert status == 0
    assert re.search(r"\x1b\[[0-9;]*m.*- comments comment-prompt +\u2068اترك رد\u2069", shown)
    colourless = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", colourless)
    assert "␛[2J<U+202E>" in colourless
    for line in colourless.split("\n"):
        assert line.count("\u2068") == line.count("\u2069") <= 1


def test_records_on_a_terminal_are_the_same_json_without_its_controls(process: Run, page: Path) -> None:
    (page / "page.txt").write_text(PAGE + "\n\x9b2J\x1b[2J\u202eاترك رد\n", encoding="utf-8")
    shown, status = on_terminal("clean", page, streams="stdout")
    assert status == 0
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    assert json.loads(shown) == json.loads(process("clean", page))


DRIVES = "\x1b[2J\x9b2J\x07[red]\u202e"
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what each command reads, in all of which stands what drives a terminal."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "page.txt").write_text(f"{PAGE}\n{DRIVES}اترك رد\n", encoding="utf-8")
    (folder / "part.jsonl").write_text(json.dumps({"schema": 1, "id": DRIVES}, ensure_ascii=False) + "\n", encoding="utf-8")
    report = {"dumps": {}, "status": 0, "began": "", "seconds": 0, "flags": {DRIVES: 1}}
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
    (folder / f"{DRIVES}.ann").write_bytes(next((ROOT / "tests" / "samples").glob("*.ann")).read_bytes())
    why = json.dumps(f"Ours {DRIVES}")
    row = f"[[rule]]\nname = 'ours'\nkind = 'tags'\nwhy = {why}\nlines = ['وسوم']\ncatches = ['وسوم']\nspares = ['وسم']\n"
    (folder / "mine.toml").write_text(row, encoding="utf-8")
    entry = Entry(f"تابعونا {DRIVES} كل خميس", "promo", "tail", pages=150, examples=(DRIVES,))
    (folder / "profile.json").write_bytes(Profile(sites={DRIVES: Site(200, 200, (entry,))}).dumps())
    return folder


SHOWN = [
    "clean page.txt",
    "clean page.txt --layout flat",
    "diff page.txt",
    "diff page.txt --format unified",
    "diff page.txt --format jsonl",
    "diff page.txt --stat",
    "explain page.txt",
    "explain page.txt --format json",
    "eval .",
    "eval . --format json",
    "eval . --by-rule",
    "eval . --by-rule --format json",
    "rules --rules mine.toml",
    "rules --rules mine.toml --format json",
    "rules --rules mine.toml show ours",
    "learn --merge profile.json",
    "merge part.jsonl",
    "merge --reports report.json",
    "profile show profile.json",
    "profile show profile.json --format json",
    "manual",
]


@pytest.mark.parametrize("line", SHOWN)
def test_no_command_drives_a_terminal(hostile: Path, line: str) -> None:
    shown, status = on_terminal(*line.split(), streams="stdout", cwd=hostile, env={"NO_COLOR": "1"})
    assert status == 0
    assert shown
    isolates = "\u2068|\u2069|\x1b\\[[0-9]*m" if line == "diff page.txt" else "^$"  # with which it keeps directions apart
    assert not CONTROLS.search(re.sub(isolates, "", shown))


def test_every_command_has_been_shown_on_a_terminal() -> None:
    assert {line.split()[0] for line in SHOWN} == set(COMMANDS)


@pytest.mark.parametrize("line", ["diff page.txt --format html", "profile show profile.json --format html"])
def test_a_web_page_is_not_shown_on_a_terminal(hostile: Path, line: str) -> None:
    shown, status = on_terminal(*line.split(), streams="stdout stderr", cwd=hostile)
    assert status == 2
    assert re.fullmatch(r"newsclean: a web page is for a browser: .*report\.html\n|newsclean: .* > profile\.html\n", shown)


@pytest.mark.parametrize("args", [[], ["--format", "unified"], ["--format", "jsonl"]], ids=" ".join)
def test_what_goes_to_a_file_is_the_same_with_a_terminal_and_without(hostile: Path, process: Run, args: list[str]) -> None:
    shown, status = on_terminal("diff", "page.txt", *args, "-o", "out", streams="stdout stderr", cwd=hostile)
    assert (status, shown) == (0, "")
    assert (hostile / "out").read_text(encoding="utf-8") == process("diff", hostile / "page.txt", *args)


def test_changes_against_an_earlier_run_do_not_drive_a_terminal(process: Run, page: Path, tmp_path: Path) -> None:
    (page / "page.txt").write_text(PAGE + "\n\x1b[2J\u202eاترك رد\n", encoding="utf-8")
    old = tmp_path / "old.jsonl"
    old.write_text(process("clean", page, "-q"), encoding="utf-8")
    shown, status = on_terminal("diff", page, "--against", old, "--disable", "comment-prompt", streams="stdout")
    assert status == 0
    assert "comment-prompt →" in shown
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)


def test_no_color_is_respected(page: Path) -> None:
    shown, _status = on_terminal("diff", page, streams="stdout", env={"NO_COLOR": "1"})
    assert not re.search(r"\x1b\[3[0-9]m", shown)


def test_progress_is_for_a_terminal_that_is_not_busy_with_records(page: Path) -> None:
    shown, status = on_terminal("clean", page, page, "-o", page / "out.jsonl", streams="stdout stderr")
    assert status == 0
    assert "2/2 files" in shown
    assert shown.endswith(SUMS)
    for quiet in (["--quiet", "-o", page / "out.jsonl"], ["-v"]):
        shown, status = on_terminal("clean", page, page, *quiet, streams="stdout stderr")
        assert (status, "files" in shown) == (0, False)


def test_an_output_that_is_an_input_is_refused_and_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("خبر قصير عن المدينة\n", "utf-8")
    done = subprocess.run(command("clean", page, "-o", page), capture_output=True, env=environment(), timeout=60)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"is both an input and the output" in done.stderr
    assert page.read_text("utf-8") == "خبر قصير عن المدينة\n"
    assert [path.name for path in tmp_path.iterdir()] == ["page.txt"]


@pytest.mark.parametrize("command", [["clean"], ["diff", "--format", "jsonl"]], ids=["clean", "diff"])
@pytest.mark.parametrize("place", ["unmounted", "empty"])
def test_a_run_that_read_nothing_leaves_the_last_output(process: Run, tmp_path: Path, command: list[str], place: str) -> None:
    output = tmp_path / "records.jsonl"
    output.write_text("last night\n")
    (tmp_path / "empty").mkdir()
    why = {"unmounted": "No such file or directory", "empty": "holds no file that matches *.txt or *.wet (see --glob)"}[place]
    missing = f"newsclean: {tmp_path / place}: {why}\n"
    err = f"{missing}newsclean: nothing could be read, so {output} is left as it was\n"
    process(*command, "-q", tmp_path / place, "-o", output, status=1, err=err)
    assert output.read_text() == "last night\n"
    assert sorted(os.listdir(tmp_path)) == ["empty", "records.jsonl"]
    process(*command, "-q", tmp_path / place, "-o", "/dev/stdout", status=1, err=missing)  # nothing was there before


@pytest.mark.parametrize(
    "args", [["--files0-from", "-"], *(["empty/", "--shard", f"{part}/2"] for part in (1, 2))], ids=" ".join
)
def test_an_empty_list_and_a_part_of_nothing_are_nothing_read(process: Run, tmp_path: Path, args: list[str]) -> None:
    output = tmp_path / "records.jsonl"
    output.write_text("last night\n")
    (tmp_path / "empty").mkdir()
    err = re.compile("newsclean: .*(names no file|see --glob.)\nnewsclean: .* records.jsonl is left as it was\n")
    process("clean", "-q", *args, "-o", "records.jsonl", status=1, err=err, cwd=tmp_path)
    assert output.read_text() == "last night\n"
