"""What reads our layouts: datasets and datatrove. Skipped where they are not installed (pip install -e '.[dev,engines]')."""

from __future__ import annotations

from collections.abc import Callable
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
