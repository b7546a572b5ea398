"""What cleaning costs beside the reading and writing that any tool must do: ``make bench``.

The floor opens, reads and decodes every file and writes a record of its text; the other run cleans it too. Both write to
a temporary file. The figure to watch is their ratio: it means the same on a slow machine and on a fast one.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from arabic_newsclean import clean, reading
from arabic_newsclean.annotated import load_all
from arabic_newsclean.output import writing

TESTS = Path(__file__).parent
ROUNDS, REPEAT = 5, 10


def floor(path: Path) -> bytes:
    data = path.read_bytes()
    return writing.line({"path": path.name, "bytes": len(data), "text": data.decode("utf-8", "replace")})


def whole(path: Path) -> bytes:
    text, source = reading.load(reading.Input(str(path), path.name))
    return writing.line(clean(text).record(source))


def seconds(job: Callable[[Path], bytes], paths: list[Path]) -> float:
    """The median of several rounds, each over all files several times."""
    times = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryFile() as out:
            start = time.perf_counter()
            for _ in range(REPEAT):
                for path in paths:
                    out.write(job(path))
            times.append(time.perf_counter() - start)
    return statistics.median(times) / REPEAT


def dumps(folder: Path) -> list[Path]:
    """The samples and the annotated dumps as files of raw text."""
    paths = sorted((TESTS.parent / "samples").glob("*.txt"))
    for dump in load_all([TESTS / "annotated"]):
        path = folder / f"{dump.path.stem}.txt"
        path.write_bytes(dump.text.encode())
        paths.append(path)
    return paths


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = dumps(Path(folder))
        size = sum(path.stat().st_size for path in paths)
        low, high = seconds(floor, paths), seconds(whole, paths)
    print(f"{len(paths)} files, {size / 1e6:.2f} MB; median of {ROUNDS} rounds, one process")
    for name, took in (("floor", low), ("clean", high)):
        per_file, per_kb = took / len(paths) * 1e6, took / size * 1e9
        print(f"{name}  {size / took / 1e6:6.1f} MB/s  {per_file:6.0f} us a file  {per_kb:6.1f} us a KB")
    print(f"ratio  {high / low:.1f}")


if __name__ == "__main__":
    main()
