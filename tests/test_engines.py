"""What reads our layouts: datasets and datatrove. Skipped where they are not installed (pip install -e '.[dev,engines]')."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import corpus
import pytest

Run = Callable[..., str]
COUNT = 30


@pytest.fixture
def shards(newsclean: Run, tmp_path: Path) -> Callable[[str], Path]:
    dumps = tmp_path / "dumps"
    dumps.mkdir()
    for number in range(COUNT):
        (dumps / f"{number:03}.txt").write_text(corpus.dump(number, paragraphs=1 + number % 3), encoding="utf-8")

    def write(layout: str) -> Path:
        folder = tmp_path / layout
        newsclean("clean", dumps, "-q", "-o", f"{folder}/", "--layout", layout, "--compress", "gz", "--shard-size", "9K")
        assert len(list(folder.iterdir())) > 2
        return folder

    return write


@pytest.mark.parametrize("layout", ["flat", "datatrove"])
def test_datasets_loads_a_layout(shards: Callable[[str], Path], layout: str, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    files = sorted(map(str, shards(layout).glob("*.jsonl.gz")))
    loaded = datasets.load_dataset("json", data_files=files, split="train", cache_dir=str(tmp_path / "cache"))
    assert len(loaded) == COUNT
    assert loaded[7]["id"] == "007.txt"
    assert loaded[7]["body" if layout == "flat" else "text"].startswith("وقال")
    if layout == "flat":
        assert {feature.dtype for feature in loaded.features.values()} == {"string", "int64"}


def test_datatrove_reads_its_layout(shards: Callable[[str], Path]) -> None:
    readers = pytest.importorskip("datatrove.pipeline.readers")
    documents = list(readers.JsonlReader(str(shards("datatrove")))())
    assert [document.id for document in documents] == [f"{number:03}.txt" for number in range(COUNT)]
    assert documents[7].text.startswith("وقال")
    assert documents[7].metadata["header"]["headline"].startswith("افتتاح")
    assert documents[7].metadata["flags"] == []


# --- engines that run us ---------------------------------------------------------------------------------------------

SCALE = Path(__file__).parent.parent / "samples" / "scale"
MANY = 3000 if os.environ.get("NEWSCLEAN_MANY") else 400

#: A process that dies once in the middle of its work, as the kernel ends one that took too much memory.
DEADLY = """
import os, signal, sys
def once(flag):
    try:
        os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def many(tmp_path: Path) -> Path:
    folder = tmp_path / "many"
    for name, text in corpus.dumps(MANY):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run_sample(*args: object, timeout: float = 400) -> None:
    path = os.pathsep.join([str(SCALE), str(SCALE.parent.parent)])
    subprocess.run(
        [sys.executable, *map(str, args)],
        check=True,
        timeout=timeout,
        env={**os.environ, "PYTHONPATH": path, "RAY_DEDUP_LOGS": "0"},
    )


def rows(files: Iterable[Path]) -> list[str]:
    """The JSON of some files, a line each, in an order and a spelling of their own."""
    out = []
    for file in files:
        data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        out += [json.dumps(json.loads(line), sort_keys=True) for line in data.splitlines()]
    return sorted(out)


def wanted(newsclean: Run, folder: Path, layout: str = "record") -> list[str]:
    lines = newsclean("clean", folder, "-q", "--layout", layout, "-j", "2").splitlines()
    return sorted(json.dumps(json.loads(line), sort_keys=True) for line in lines)


def deadly(tmp_path: Path, sample: str) -> Path:
    """A sample for datatrove in which one worker is killed, once."""
    script = tmp_path / "deadly.py"
    script.write_text(
        f"{DEADLY}\nimport nightly, {sample}\nmade = nightly.pipeline\n"
        "def pipeline(*args):\n"
        "    first, *rest = made(*args)\n"
        "    def die(data, rank, world_size):\n"
        "        for number, document in enumerate(data):\n"
        f"            if rank == 2 and number == 20: once({str(tmp_path / 'died')!r})\n"
        "            yield document\n"
        "    return [first, die, *rest]\n"
        "nightly.pipeline = pipeline\n"
        f"if __name__ == '__main__': nightly.every_night('', {sample}.run)\n",
        encoding="utf-8",
    )
    return script


@pytest.mark.parametrize(("sample", "needs"), [("datatrove_local", "datatrove"), ("datatrove_ray", "ray")])
def test_datatrove_gives_the_same_and_takes_up_what_is_added(
    many: Path, tmp_path: Path, newsclean: Run, sample: str, needs: str
) -> None:
    pytest.importorskip("datatrove")
    pytest.importorskip(needs)
    work = tmp_path / "work"
    run_sample(SCALE / f"{sample}.py", many, work, "--tasks", "4")
    assert rows(work.glob("clean/*/*.gz")) == wanted(newsclean, many, "datatrove")
    (many / "new.txt").write_text(corpus.dump(9999), encoding="utf-8")
    (many / "listing.txt").write_text("404\n\nالصفحة غير موجودة\n", encoding="utf-8")
    run_sample(SCALE / f"{sample}.py", many, work, "--tasks", "4")
    found = rows([*work.glob("clean/*/*.gz")])
    rejected = rows(work.glob("rejected/*/*.gz"))
    assert len(found) == MANY + 1
    assert [json.loads(row)["metadata"]["filter_reason"] for row in rejected] == ["not-article"]
    assert sorted(json.loads(row)["id"] for row in found + rejected) == sorted(
        json.loads(row)["id"] for row in wanted(newsclean, many)
    )


@pytest.mark.parametrize(("sample", "needs"), [("datatrove_local", "datatrove"), ("datatrove_ray", "ray")])
def test_a_worker_of_datatrove_is_killed(many: Path, tmp_path: Path, newsclean: Run, sample: str, needs: str) -> None:
    """The engine hangs; the sample's guard starts it again, and nothing is lost or doubled."""
    pytest.importorskip("datatrove")
    pytest.importorskip(needs)
    work = tmp_path / "work"
    run_sample(deadly(tmp_path, sample), many, work, "--tasks", "4", "--stall", "30")
    assert (tmp_path / "died").exists()
    assert rows(work.glob("clean/*/*.gz")) == wanted(newsclean, many, "datatrove")


def test_datatrove_learns_a_profile_in_parts(many: Path, tmp_path: Path, newsclean: Run) -> None:
    pytest.importorskip("datatrove")
    from datatrove.executor import LocalPipelineExecutor

    from arabic_newsclean.datatrove import DumpReader, LearnProfile, Newsclean

    steps = [DumpReader(str(many)), LearnProfile(str(tmp_path / "parts"))]
    LocalPipelineExecutor(steps, tasks=2, workers=1, logging_dir=str(tmp_path / "logs")).run()
    joined = newsclean("learn", "--merge", *sorted((tmp_path / "parts").iterdir()), "-o", tmp_path / "profile.json")
    assert joined == ""
    sources = json.loads((tmp_path / "profile.json").read_bytes())["sources"]
    assert sum(source["dumps"] for source in sources.values()) == MANY
    documents = Newsclean(profile=str(tmp_path / "profile.json")).run(DumpReader(str(many)).run())
    assert next(documents).metadata["header"]["headline"].startswith("افتتاح")


def test_ray_data_gives_the_same(many: Path, tmp_path: Path, newsclean: Run) -> None:
    pytest.importorskip("ray.data")
    run_sample(SCALE / "ray_data.py", many, tmp_path / "clean")
    found = [json.loads(json.loads(row)["record"]) for row in rows((tmp_path / "clean").glob("*.json"))]
    assert sorted(json.dumps(record, sort_keys=True) for record in found) == wanted(newsclean, many)


def test_dask_gives_the_same(many: Path, tmp_path: Path, newsclean: Run) -> None:
    pytest.importorskip("distributed")
    run_sample(SCALE / "dask_bag.py", many, tmp_path / "clean")
    assert rows((tmp_path / "clean").glob("*.jsonl")) == wanted(newsclean, many)


@pytest.mark.parametrize(("sample", "needs"), [("ray_data", "ray.data"), ("dask_bag", "distributed")])
def test_an_engine_starts_a_killed_worker_again(many: Path, tmp_path: Path, newsclean: Run, sample: str, needs: str) -> None:
    """Both do so by themselves: the batch in hand is cleaned again, and its file written again."""
    pytest.importorskip(needs)
    text = (SCALE / f"{sample}.py").read_text("utf-8")
    text = text.replace("    records = clean_batch", f"    once({str(tmp_path / 'died')!r})\n    records = clean_batch")
    assert "once(" in text
    script = tmp_path / f"deadly_{sample}.py"
    script.write_text(
        text.replace("from arabic_newsclean import clean_batch\n", f"from arabic_newsclean import clean_batch\n{DEADLY}", 1),
        "utf-8",
    )
    run_sample(script, many, tmp_path / "clean")
    assert (tmp_path / "died").exists()
    found = rows((tmp_path / "clean").glob("*.json*"))
    if sample == "ray_data":
        found = sorted(json.dumps(json.loads(json.loads(row)["record"]), sort_keys=True) for row in found)
    assert found == wanted(newsclean, many)
