"""A run in parts: which part takes a dump, the parts joined, and the scripts that start them."""

from __future__ import annotations

import json
import os
import pickle
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import corpus
import pytest

from arabic_newsclean import clean_batch
from arabic_newsclean.shards import Shard

Run = Callable[..., str]
SCALE = Path(__file__).parent.parent / "samples" / "scale"


@pytest.fixture
def dumps(tmp_path: Path) -> Path:
    folder = tmp_path / "dumps"
    for name, text in corpus.dumps(60):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "one.jsonl").write_text("".join(json.dumps({"text": corpus.dump(n)}) + "\n" for n in range(60, 90)), "utf-8")
    return folder


GLOBS = ("--glob", "*.txt", "--glob", "*.jsonl")


def test_seven_parts_are_the_whole(dumps: Path, tmp_path: Path, newsclean: Run) -> None:
    whole = newsclean("clean", dumps, *GLOBS, "-q")
    parts = [tmp_path / f"{n}.jsonl.gz" for n in range(1, 8)]
    for n, part in enumerate(parts, 1):
        newsclean("clean", dumps, *GLOBS, "-q", "--shard", f"{n}/7", "-o", part, "--report", tmp_path / f"{n}.json")
    joined = newsclean("merge", *parts)
    assert sorted(joined.splitlines()) == sorted(whole.splitlines())
    assert joined.splitlines() == sorted(whole.splitlines(), key=lambda line: json.loads(line)["id"])
    newsclean("merge", *reversed(parts), "-o", tmp_path / "all.jsonl.zst")
    assert newsclean("merge", tmp_path / "all.jsonl.zst") == joined
    summed = json.loads(newsclean("merge", "--reports", *(tmp_path / f"{n}.json" for n in range(1, 8))))
    assert (summed["parts"], summed["complete"], summed["status"]) == (7, True, 0)
    assert summed["dumps"] == {"article": 90, "failed": 0, "not-article": 0, "unchanged": 0}


def test_a_file_more_moves_no_other() -> None:
    names = [name for name, _ in corpus.dumps(200)]
    before = {name: [n for n in range(1, 8) if Shard(n, 7).takes(name)] for name in names}
    assert all(len(parts) == 1 for parts in before.values())
    sizes = [sum(parts == [n] for parts in before.values()) for n in range(1, 8)]
    assert min(sizes) > 10
    assert before["000/000007.txt"] == [7]  # a file of records from last year has to fit one from today


def test_what_is_added_is_done_by_the_next_run_of_each_part(dumps: Path, tmp_path: Path, newsclean: Run) -> None:
    def night() -> int:
        for n in (1, 2, 3):
            newsclean(
                "clean", dumps, "-q", "--shard", f"{n}/3", "--incremental", tmp_path / f"{n}.state", "-o", f"{tmp_path}/out{n}/"
            )
        return len(newsclean("merge", *(tmp_path / f"out{n}" for n in (1, 2, 3))).splitlines())

    assert night() == 60
    (dumps / "new.txt").write_text(corpus.dump(100), "utf-8")
    assert night() == 61


def test_the_order_given_is_kept_and_the_same_record_twice_is_one(dumps: Path, tmp_path: Path, newsclean: Run) -> None:
    one, two = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    newsclean("clean", dumps, "-q", "--shard", "1/2", "-o", one)
    newsclean("clean", dumps, "-q", "--shard", "2/2", "-o", two)
    given = newsclean("merge", "--order", "given", two, one, two)
    assert given == two.read_text("utf-8") + one.read_text("utf-8")
    assert newsclean("merge", two, one, one) == newsclean("merge", one, two)


def test_parts_of_different_runs_are_not_joined(tmp_path: Path, newsclean: Run) -> None:
    one, two = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    one.write_text('{"schema": 1, "id": "a", "body": "x"}\n', "utf-8")
    two.write_text('{"schema": 1, "id": "a", "body": "y"}\n', "utf-8")
    err = (
        "newsclean: two different records are called 'a': the parts are of different runs, or one run was given two folders "
        "with files of that name; clean these dumps anew, from the folder above all\n"
    )
    for order in ("id", "given"):
        newsclean("merge", "--order", order, one, two, "-o", tmp_path / "all.jsonl", status=1, err=err)
    assert not (tmp_path / "all.jsonl").exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"schema": 1, "id": "a"}\n{"id"', "{path}, line 2: is no JSON: unexpected end of data"),
        ('{"schema": 1, "text": "a"}\n', "{path}, line 1: is no record of newsclean clean"),
        ("[]\n", "{path}, line 1: is no record of newsclean clean"),
    ],
)
def test_a_part_that_is_damaged_is_named(tmp_path: Path, newsclean: Run, content: str, reason: str) -> None:
    path = tmp_path / "part.jsonl"
    path.write_text(content, "utf-8")
    out = tmp_path / "all.jsonl"
    newsclean("merge", path, "-o", out, status=1, err=f"newsclean: {reason.format(path=path)}\n")
    assert not out.exists()


@pytest.mark.parametrize("layout", ["record", "datatrove", "flat"])
def test_records_of_every_layout_are_joined_and_what_lies_beside_them_is_not(
    dumps: Path, tmp_path: Path, newsclean: Run, layout: str
) -> None:
    (dumps / "bad.txt").write_bytes(b"\0" * 50)
    folder = tmp_path / "out"
    beside = ["--rejects", tmp_path / "rejects.jsonl", "--removed", tmp_path / "removed.jsonl"]
    err = re.compile(".*bad.txt: is not text.*\n")
    newsclean("clean", dumps, "-q", "--layout", layout, "-o", f"{folder}/", *beside, status=1, err=err)
    assert newsclean("merge", folder).count("\n") == 60
    for other in ("rejects.jsonl", "removed.jsonl"):
        moved = (tmp_path / other).rename(folder / other)
        err = f"newsclean: {moved}, line 1: is no record of newsclean clean\n"
        newsclean("merge", folder, "-o", tmp_path / "all.jsonl", status=1, err=err)
        moved.unlink()
    assert not (tmp_path / "all.jsonl").exists()


def test_a_part_that_is_cut_is_named(dumps: Path, tmp_path: Path, newsclean: Run) -> None:
    whole, cut = tmp_path / "whole.jsonl.gz", tmp_path / "cut.jsonl.gz"
    newsclean("clean", dumps, "-q", "-o", whole)
    cut.write_bytes(whole.read_bytes()[:-100])
    err = f"newsclean: {cut}: is cut: the packed data end too soon\n"
    newsclean("merge", whole, cut, "-o", tmp_path / "all.jsonl", status=1, err=err)


@pytest.mark.parametrize(
    "content",
    [
        '{"dumps": {}, "status": "bad"}',
        '{"dumps": {"article": "x"}, "status": 0, "began": "", "seconds": 0}',
        '{"dumps": {}, "status": 0, "began": "", "seconds": 0, "flags": [{}]}',
        "[]",
    ],
)
def test_what_is_no_report_is_named(dumps: Path, tmp_path: Path, newsclean: Run, content: str) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    newsclean("clean", "-q", "--report", good, stdin=b"")
    bad.write_text(content)
    newsclean("merge", "--reports", good, bad, status=1, err=f"newsclean: {bad}: is no report of newsclean clean\n")


def test_a_full_disk_for_temporary_files_is_named_and_leaves_the_old_file(tmp_path: Path, process: Run) -> None:
    part, out = tmp_path / "part.jsonl", tmp_path / "all.jsonl"
    part.write_text("".join(json.dumps({"schema": 1, "id": str(n), "body": "-" * 300_000}) + "\n" for n in range(12)))
    out.write_text("old")
    err = re.compile(rf"newsclean: cannot keep the records: .* \(in {tmp_path}/newsclean-.*; TMPDIR chooses another place\)\n")
    process(
        "merge", part, "-o", out,
        status=1,
        err=err,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)),
        env={"PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert out.read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["all.jsonl", "part.jsonl"]


def test_parts_that_are_not_there(tmp_path: Path, newsclean: Run) -> None:
    newsclean("merge", tmp_path / "no", status=1, err=f"newsclean: {tmp_path}/no: No such file or directory\n")
    newsclean("merge", tmp_path, status=2, err=f"newsclean: {tmp_path} holds no shards (*.jsonl, also packed)\n")
    err = f"newsclean: {tmp_path}/no: No such file or directory\n"
    newsclean("merge", "--reports", tmp_path / "no", status=1, err=err)


@pytest.mark.parametrize("shard", ["0/3", "4/3", "1", "a/b", "1/0"])
def test_a_part_that_there_is_none_of_is_refused(newsclean: Run, shard: str) -> None:
    err = f"newsclean: --shard takes a part of so many, counted from 1, such as 2/7, not {shard!r}\n"
    newsclean("clean", "x", "--shard", shard, status=2, err=err)


# --- a function for other engines ------------------------------------------------------------------------------------


def test_a_batch_is_what_the_command_writes(dumps: Path, newsclean: Run) -> None:
    names = [name for name, _ in corpus.dumps(20)]
    records = clean_batch([(dumps / name).read_bytes() for name in names], names)
    assert records == [json.loads(line) for line in newsclean("clean", dumps, "-q").splitlines()][:20]
    assert pickle.loads(pickle.dumps(clean_batch)) is clean_batch


def test_a_batch_with_too_few_names() -> None:
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        clean_batch(["a", "b"], ["one"])


def test_without_datatrove_its_steps_say_what_to_install() -> None:
    code = "import sys; sys.modules['datatrove'] = None; import arabic_newsclean.datatrove"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (
        ran.stderr.splitlines()[-1] == "ImportError: the steps for datatrove need datatrove: pip install 'newsclean[datatrove]'"
    )


# --- the scripts -----------------------------------------------------------------------------------------------------


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    command = tmp_path / "newsclean"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m arabic_newsclean "$@"\n', "utf-8")
    command.chmod(0o755)
    return {**os.environ, "NEWSCLEAN": str(command), "PYTHONPATH": str(SCALE.parent.parent)}


def test_the_script_for_a_slurm_array(dumps: Path, tmp_path: Path, newsclean: Run, environment: dict[str, str]) -> None:
    clean = tmp_path / "clean"
    for n in ("1", "2", "3", "2"):  # a task that is queued again does no harm
        environment |= {"SLURM_ARRAY_TASK_ID": n, "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_CPUS_PER_TASK": "1"}
        subprocess.run(["bash", SCALE / "slurm.sh", dumps, clean], env=environment, check=True)
    joined = newsclean("merge", *sorted(clean.glob("part-*.jsonl.gz")))
    assert sorted(joined.splitlines()) == sorted(newsclean("clean", dumps, "-q").splitlines())


@pytest.mark.skipif(shutil.which("sbatch") is None or not shutil.which("sinfo"), reason="no Slurm here")
def test_a_real_slurm_array(dumps: Path, tmp_path: Path, newsclean: Run, environment: dict[str, str]) -> None:
    if subprocess.run(["sinfo"], capture_output=True, check=False).returncode:
        pytest.skip("Slurm is installed and does not run")
    clean = tmp_path / "clean"
    command = [
        "sbatch",
        "--wait",
        "--array=1-3",
        "--cpus-per-task=1",
        f"--output={tmp_path}/%a.log",
        SCALE / "slurm.sh",
        dumps,
        clean,
    ]
    subprocess.run(command, env=environment, check=True, timeout=120, cwd=tmp_path)
    joined = newsclean("merge", *sorted(clean.glob("part-*.jsonl.gz")))
    assert sorted(joined.splitlines()) == sorted(newsclean("clean", dumps, "-q").splitlines())


@pytest.mark.skipif(shutil.which("parallel") is None, reason="no GNU parallel here")
def test_the_script_for_gnu_parallel(dumps: Path, tmp_path: Path, newsclean: Run, environment: dict[str, str]) -> None:
    clean = tmp_path / "clean"
    for _ in range(2):  # the second finds all done
        subprocess.run([SCALE / "parallel.sh", "3", dumps, clean], env={**environment, "HOME": str(tmp_path)}, check=True)
    joined = newsclean("merge", clean / "all.jsonl.gz")
    assert sorted(joined.splitlines()) == sorted(newsclean("clean", dumps, "-q").splitlines())
    assert json.loads((clean / "report.json").read_bytes())["dumps"]["article"] == 60
