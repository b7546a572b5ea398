"""Pipes as shells make them, and the night: no terminal, no home, a poor locale; the samples for cron, each tried."""

from __future__ import annotations

import gzip
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import corpus
import pytest
from conftest import PAGE, ROOT, check, command, environment

CRON = ROOT / "samples" / "cron"
NEWSCLEAN = f"{sys.executable} -m arabic_newsclean"


@pytest.fixture
def dumps(tmp_path: Path) -> Path:
    folder = tmp_path / "dumps"
    for name, text in corpus.dumps(40, paragraphs=2):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def shell(script: str, cwd: Path, status: int = 0, err: str = "") -> str:
    """A line of sh with pipes, all of whose parts must do well."""
    run = ["bash", "-c", f"set -o pipefail; {script.replace('newsclean ', f'{NEWSCLEAN} ')}"]
    ran = subprocess.run(run, cwd=cwd, env=environment(), capture_output=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr.decode()) == (status, err)
    return ran.stdout.decode()


# --- pipes -----------------------------------------------------------------------------------------------------------


def test_a_list_from_find_and_a_reader_that_takes_one(dumps: Path) -> None:
    out = shell("find . -name '*.txt' -print0 | sort -z | newsclean clean -q --files0-from - | head -1", dumps, status=0)
    assert json.loads(out)["id"] == "000/000000.txt"


def test_json_lines_through_two_runs(dumps: Path) -> None:
    rows = ({"text": path.read_text("utf-8"), "url": path.name} for path in sorted(dumps.rglob("*.txt")))
    (dumps / "x.jsonl.gz").write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    out = shell(
        "zcat x.jsonl.gz | newsclean clean -q --input-format jsonl --keep-meta - "
        "| newsclean clean -q --input-format jsonl --text-key body -",
        dumps,
    )
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["id"] for record in records] == [f"-#{n}" for n in range(1, 41)]
    assert all(record["noise"] == [] for record in records)


def test_a_dump_through_a_pipe_to_a_reader_of_json(dumps: Path) -> None:
    out = shell("newsclean clean < 000/000000.txt | python3 -c 'import json, sys; print(json.load(sys.stdin)[\"id\"])'", dumps)
    assert out == "-\n"


def test_a_slow_reader_holds_the_run_and_not_its_records(dumps: Path) -> None:
    """What was cleaned and not yet read is no more than a pipe and some dumps a worker."""
    running = subprocess.Popen(
        command("clean", *[dumps] * 20, "-q", "-j", "2"), stdout=subprocess.PIPE, env=environment()
    )  # fmt: skip
    assert running.stdout is not None
    try:
        running.stdout.readline()
        time.sleep(1.5)
        status = Path(f"/proc/{running.pid}/status").read_text()
        first = int(re.search(r"VmRSS:\s+(\d+)", status)[1])
        for _ in range(100):
            running.stdout.readline()
        time.sleep(0.5)
        status = Path(f"/proc/{running.pid}/status").read_text()
        assert int(re.search(r"VmRSS:\s+(\d+)", status)[1]) < first * 1.2
        running.stdout.close()
        assert running.wait(30) == 0
    finally:
        running.kill()


def test_a_stop_while_nobody_reads_does_not_hang_and_tears_no_record(dumps: Path) -> None:
    with subprocess.Popen(
        command("clean", *[dumps] * 20, "-q", "-j", "2"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        lines = [running.stdout.readline()]
        time.sleep(1)
        running.send_signal(signal.SIGTERM)
        reader = threading.Thread(target=lambda: lines.extend(running.stdout.readlines()))
        time.sleep(0.5)
        reader.start()
        assert running.wait(20) == 128 + signal.SIGTERM
        reader.join()
        assert running.stderr.read().decode().startswith("newsclean: stopped by SIGTERM after ")
    for line in lines:
        json.loads(line)


# --- at night --------------------------------------------------------------------------------------------------------


def test_output_is_utf8_and_talk_has_no_escapes_in_a_poor_environment(dumps: Path) -> None:
    (dumps / "000" / "000001.txt").write_bytes(b"\0" * 99)
    ran = subprocess.run(
        command("clean", dumps, "--verbose"), env={"LC_ALL": "C", "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL,
        capture_output=True, timeout=60, check=False, start_new_session=True,
    )  # fmt: skip
    assert ran.returncode == 1
    assert len(ran.stdout.decode("utf-8").splitlines()) == 39
    assert b"\x1b" not in ran.stderr
    assert ran.stderr.decode("utf-8").splitlines()[-1] == "newsclean: 39 dumps, 39 articles, 0 not-article, 1 failed"


@pytest.fixture
def nightly(tmp_path: Path, dumps: Path) -> Callable[..., str]:
    program = tmp_path / "newsclean"
    program.write_text(f'#!/bin/sh\nexec {NEWSCLEAN} "$@"\n')
    program.chmod(0o755)

    def run(status: int = 0, err: str | re.Pattern[str] = "") -> str:
        env = {"PATH": "/usr/bin:/bin", "NEWSCLEAN": str(program), "PYTHONPATH": str(ROOT), "LC_ALL": "C"}
        args = [str(CRON / "nightly.sh"), str(dumps), str(tmp_path / "records")]
        ran = subprocess.run(args, env=env, capture_output=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
        check((ran.returncode, status), (ran.stderr.decode(), err))
        return ran.stdout.decode()

    return run


def test_the_wrapper_is_silent_when_all_is_well_and_adds_what_is_new(
    nightly: Callable[..., str], tmp_path: Path, dumps: Path
) -> None:
    assert nightly() == nightly() == ""
    (dumps / "new.txt").write_text(PAGE, encoding="utf-8")
    (dumps / "bad.txt").write_bytes(b"\0" * 50)
    nightly(status=1, err=f"newsclean: {dumps}/bad.txt: is not text: 50 NUL bytes among 50 bytes\n")
    shards = sorted(os.listdir(tmp_path / "records"))
    assert shards == ["00000.jsonl.gz", "00001.jsonl.gz"]
    records = [gzip.decompress((tmp_path / "records" / shard).read_bytes()).splitlines() for shard in shards]
    assert [len(lines) for lines in records] == [40, 1]
    report = json.loads((tmp_path / "records.report.json").read_text("utf-8"))
    assert report["dumps"] == {"article": 1, "not-article": 0, "unchanged": 40, "failed": 1}
    assert json.loads((tmp_path / "records.rejects.jsonl").read_text("utf-8"))["id"] == "bad.txt"


def test_two_nights_at_once_are_one(nightly: Callable[..., str], tmp_path: Path, dumps: Path) -> None:
    os.mkdir(tmp_path / "records")
    args = command("clean", dumps, "-", "-q", "-o", tmp_path / "records", "--incremental", tmp_path / "records.seen")
    with subprocess.Popen(args, stdin=subprocess.PIPE, env=environment()) as last_night:
        for _ in range(500):
            if list(tmp_path.rglob("*.lock")):
                break
            time.sleep(0.02)
        nightly(err=re.compile(rf"newsclean: another run is writing {tmp_path}/records.seen: process {last_night.pid} on .*\n"))
        last_night.communicate(PAGE.encode())


def test_the_crontab_is_one_that_cron_takes() -> None:
    lines = [line for line in (CRON / "crontab").read_text().splitlines() if line and not line.startswith("#")]
    assert re.fullmatch(r"MAILTO=\S+", lines[0])
    assert re.fullmatch(r"(\S+ ){5}/opt/newsclean/samples/cron/nightly\.sh /srv/news/dumps /srv/news/records", lines[1])
    if shutil.which("crontab"):
        subprocess.run(["crontab", "-T", CRON / "crontab"], check=False)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_units_are_ones_that_systemd_takes(tmp_path: Path) -> None:
    for name in ("newsclean.service", "newsclean.timer"):
        unit = (CRON / name).read_text().replace("/opt/newsclean/samples/cron/nightly.sh", str(CRON / "nightly.sh"))
        (tmp_path / name).write_text(unit)
    units = [str(tmp_path / name) for name in ("newsclean.service", "newsclean.timer")]
    ran = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, check=False, timeout=60)
    said = [line for line in ran.stderr.decode().splitlines() if "newsclean" in line]
    assert (ran.returncode, said) == (0, [])


# --- the manual and the completion -----------------------------------------------------------------------------------


def test_the_manual_names_every_option(newsclean: Callable[..., str]) -> None:
    manual = newsclean("manual").replace("\\-", "-")
    for words in ("clean", "diff", "explain", "eval", "rules", "rules show"):
        assert f".SS newsclean {words}\n" in manual
        for option in re.findall(r"^  (?:-\w, )?(--[a-z0-9-]+)", newsclean(*words.split(), "--help"), re.MULTILINE):
            assert option == "--help" or option in manual, option
    assert ".B 75\n" in manual


@pytest.mark.skipif(not shutil.which("man"), reason="needs man")
def test_the_manual_is_one_that_man_shows(newsclean: Callable[..., str]) -> None:
    shown = subprocess.run(
        ["man", "--warnings", "-l", "-"], input=newsclean("manual").encode(), capture_output=True, check=True,
        env={"PATH": os.environ["PATH"], "MANWIDTH": "100", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert "EXIT STATUS" in shown.stdout.decode()
    assert shown.stderr.decode() == ""


def test_completion_offers_commands_and_options(process: Callable[..., str]) -> None:
    words = {"_NEWSCLEAN_COMPLETE": "complete_bash", "COMP_WORDS": "newsclean cl", "COMP_CWORD": "1"}
    assert process(env=words) == "clean\n"
    words.update(COMP_WORDS="newsclean clean --inc", COMP_CWORD="2")
    assert process(env=words) == "--incremental\n"


# --- memory ----------------------------------------------------------------------------------------------------------


def test_memory_does_not_grow_with_a_container(tmp_path: Path) -> None:
    """Thirty megabytes of JSONL in a limit of address space that holds a few dumps and the interpreter."""
    path = tmp_path / "pages.jsonl.gz"
    row = json.dumps({"text": "خبر قصير عن المدينة.\n" * 2000}, ensure_ascii=False).encode() + b"\n"
    with gzip.open(path, "wb", compresslevel=1) as out:
        for _ in range(400):
            out.write(row)
    args = command("clean", path, "-q", "-j", "1", "--input-format", "jsonl", "--text-key", "other")
    limit = 300 << 20
    ran = subprocess.run(
        args, env=environment(), capture_output=True, check=False, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    assert ran.returncode == 1
    assert ran.stderr.decode().count("has no field 'other'") == 400
