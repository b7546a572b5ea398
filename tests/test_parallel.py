"""Several processes: the same bytes for any number of them, and one that dies costs its dump alone."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PAGE, ROOT, command, environment

from arabic_newsclean import batch, parallel
from arabic_newsclean.annotated import load_all
from arabic_newsclean.model import Document, Source
from arabic_newsclean.reading import Input, walk

Run = Callable[..., str]


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dumps")
    for number, dump in enumerate(load_all([ROOT / "tests" / "annotated"])):
        (folder / f"{number:03}.txt").write_text(dump.text, encoding="utf-8")
    return folder


def view(source: Source, document: Document) -> bytes:
    return f"{source.path} {len(document.body)}\n".encode()


def test_any_number_of_jobs_gives_the_same_bytes(newsclean: Run, dumps: Path) -> None:
    (dumps / "050-bad.txt").mkdir(exist_ok=True)
    outputs = {newsclean("clean", dumps, "-q", "--jobs", str(jobs)) for jobs in (1, 2, 8)}
    assert len(outputs) == 1
    assert outputs.pop().count("\n") == 120


def inputs_with(dumps: Path, text: str, at: int) -> Iterator[Input]:
    (dumps / "fatal.txt").write_text(text, encoding="utf-8")
    found = [item for item in walk([str(dumps)]) if item.name != "fatal.txt"]
    return iter([*found[:at], Input(str(dumps / "fatal.txt"), "fatal.txt"), *found[at:]])


@pytest.mark.parametrize("at", [0, 40, 120])
def test_a_worker_that_dies_costs_its_dump_alone(dumps: Path, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = batch.clean

    def deadly(text: str, *args: object, **options: object) -> Document:
        if "deadly dump" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        return clean(text, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "clean", deadly)
    outcomes = list(parallel.outcomes(inputs_with(dumps, "deadly dump\n", at), view, batch.Options(), 3))
    reason = "cost its worker the life (SIGKILL)"
    assert outcomes.pop(at) == batch.Failed("fatal.txt", str(dumps / "fatal.txt"), reason)
    safe = (item for item in walk([str(dumps)]) if item.name != "fatal.txt")
    assert outcomes == list(batch.outcomes(safe, view, batch.Options()))


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see processes")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_the_run(tmp_path: Path, number: signal.Signals) -> None:
    for n in range(600):
        (tmp_path / f"{n:04}.txt").write_text(PAGE * 20, encoding="utf-8")
    output = tmp_path / "out.jsonl"
    nowhere = subprocess.DEVNULL
    run = command("clean", tmp_path, "--jobs", "3", "-o", output)
    ran = subprocess.Popen(run, env=environment(), stderr=nowhere, stdout=nowhere)
    for _ in range(200):
        workers = children(ran.pid)
        if len(workers) == 3:
            break
        time.sleep(0.02)
    assert len(workers) == 3
    ran.send_signal(number)
    assert ran.wait(timeout=30) == (128 + number if number != signal.SIGKILL else -number)
    for _ in range(200):
        if not any(Path(f"/proc/{worker}").exists() for worker in workers):
            break
        time.sleep(0.02)
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    assert not output.exists()


def test_records_of_many_processes_are_whole(process: Run, dumps: Path, tmp_path: Path) -> None:
    output = tmp_path / "records.jsonl"
    process("clean", dumps, "-q", "-j", "4", "-o", output)
    records = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert [record["id"] for record in records] == sorted(record["id"] for record in records)


def test_no_more_workers_start_than_there_is_work_for(dumps: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    class Counted(parallel._Worker):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            started.append(self)

    monkeypatch.setattr(parallel, "_Worker", Counted)
    assert len(list(parallel.outcomes(list(walk([str(dumps)]))[:20], view, batch.Options(), 200))) == 20
    assert len(started) <= 20


def test_where_there_is_no_room_for_more_workers_the_others_do_the_work(process: Run, dumps: Path) -> None:
    def few() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))

    assert process("clean", dumps, "-q", "-j", "20", preexec_fn=few) == process("clean", dumps, "-q", "-j", "1")


def test_a_number_of_jobs_beyond_any_machine_is_refused(newsclean: Run, page: Path) -> None:
    err = re.compile(r"Usage: .*1025 is not in the range 1<=x<=1024.*", re.DOTALL)
    newsclean("clean", page, "-j", "1025", status=2, err=err)  # one page: no worker would be started for it


def test_members_that_no_pipe_holds_are_cleaned_by_several_processes(process: Run, tmp_path: Path) -> None:
    """Such a member and its record go through the same pipe in both directions at once."""
    rows = [json.dumps({"text": f"خبر {number}", "html": "-" * 300_000}) for number in range(20)]
    (tmp_path / "pages.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    one, two = (process("clean", "-q", "--keep-meta", "-j", jobs, tmp_path / "pages.jsonl") for jobs in "12")
    assert one.count("\n") == 20
    assert one == two
