"""What cleaning costs beside the reading and writing that any tool must do, and beside what others do: ``make bench``.

The floor opens, reads and decodes every file, makes a line of JSON of its text and writes it. All are measured in turn,
round after round, and the medians compared: a ratio means the same on a slow machine and on a fast one, seconds do not.
The figures go to ``bench.json``.

    python tests/bench.py [--dumps 5000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from arabic_newsclean import __version__, fields, lines, pipeline, rules
from arabic_newsclean.context import look_around
from arabic_newsclean.judge import judge
from arabic_newsclean.models import default as models
from arabic_newsclean.reading import decoding
from arabic_newsclean.settle import settle

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "arabic_newsclean"]
#: A dump has about so many bytes; the peers get so many dumps, or one of them would take a quarter of an hour.
SIZE, PEERS = 8000, 250


def corpus(count: int) -> Iterator[str]:
    """Dumps like the samples, each as long as a page is: labels as they are, the words of longer lines mixed anew."""
    texts = [path.read_bytes() for path in sorted((ROOT / "samples").glob("*.txt"))]
    pages = [decoding.decode(data).text for data in texts]
    pool = [word for page in pages for line in page.split("\n") if len(line) > 80 for word in line.split()]
    for number in range(count):
        dice = random.Random(number)
        page = pages[number % len(pages)]
        out = [mixed(line, pool, dice) if len(line) > 25 else line for line in page.split("\n")]
        prose = [line for line in out if len(line) > 120] or [mixed(" ".join(pool[:40]), pool, dice)]
        at = next((i for i, line in enumerate(out) if len(line) > 120), len(out))
        missing = SIZE - len("\n".join(out).encode())
        while missing > 0:
            line = mixed(dice.choice(prose), pool, dice)
            out[at:at] = [line, ""]
            missing -= len(line.encode()) + 2
        yield "\n".join(out)


def mixed(line: str, pool: list[str], dice: random.Random) -> str:
    return " ".join(word if dice.random() < 0.7 or not word.isalpha() else dice.choice(pool) for word in line.split(" "))


# --- what is measured ------------------------------------------------------------------------------------------------


def floor(paths: list[Path], out: Path) -> None:
    with out.open("wb") as stream:
        for path in paths:
            data = path.read_bytes()
            stream.write(orjson.dumps({"path": path.name, "bytes": len(data), "text": data.decode()}) + b"\n")


def floor_of_lines(path: Path, out: Path) -> None:
    with path.open("rb") as stream, out.open("wb") as written:
        for line in stream:
            written.write(orjson.dumps({"text": orjson.loads(line)["text"]}) + b"\n")


def newsclean(*args: object) -> Callable[[], None]:
    return lambda: subprocess.run([*COMMAND, "clean", "-q", *map(str, args)], check=True, cwd=ROOT) and None


def peers(texts: list[str]) -> dict[str, Callable[[], None]]:
    """What others do with the same text; those that read HTML get each line as a paragraph. Only what is installed."""
    out: dict[str, Callable[[], None]] = {}
    pages = [
        "<html><body>" + "".join(f"<p>{line}</p>" for line in text.split("\n") if line) + "</body></html>" for text in texts
    ]
    try:
        import trafilatura

        out["trafilatura"] = lambda: [trafilatura.extract(page) for page in pages] and None
    except ImportError:
        pass
    try:
        import justext

        stop = justext.get_stoplist("Arabic")
        out["jusText"] = lambda: [justext.justext(page.encode(), stop, encoding="utf-8") for page in pages] and None
    except ImportError:
        pass
    try:
        import ftfy

        out["ftfy.fix_text"] = lambda: [ftfy.fix_text(text) for text in texts] and None
    except ImportError:
        pass
    try:
        from boilerpy3 import extractors

        extractor = extractors.DefaultExtractor()
        out["boilerpy3"] = lambda: [extractor.get_content(page) for page in pages] and None
    except ImportError:
        pass
    out["newsclean, the same texts"] = lambda: [pipeline.clean(text).record() for text in texts] and None
    return out


def seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def medians(jobs: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median seconds of each job, all run in turn."""
    took: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds):
        for name, job in jobs.items():
            took[name].append(seconds(job))
            print(f"  round {number + 1}: {name} {took[name][-1]:.2f} s", file=sys.stderr, flush=True)
    return {name: statistics.median(times) for name, times in took.items()}


def steps(texts: list[str]) -> dict[str, float]:
    """Microseconds a dump of each step, one process."""
    table, weights = rules.default(), models()
    names = ("decode", "lines", "judge", "context", "settle", "fields", "record")
    spent = dict.fromkeys(names, 0.0)
    for text in texts:
        data, document = text.encode(), pipeline.clean(text)
        clock = [time.perf_counter()]
        decoded = decoding.decode(data).text
        clock.append(time.perf_counter())
        blocks = lines.blocks(decoded, table, weights.heads)
        clock.append(time.perf_counter())
        evidence = judge(decoded, blocks, table)
        clock.append(time.perf_counter())
        look_around([item for item in evidence if not item.inline])
        clock.append(time.perf_counter())
        labels = settle(evidence, table, weights)
        clock.append(time.perf_counter())
        header = fields.header(evidence, labels, None)
        fields.flags(decoded, evidence, labels, header)
        fields.ticker(evidence, labels, weights.cutter)
        pipeline.segments(decoded, evidence, labels)
        pipeline.body(decoded, evidence, labels)
        clock.append(time.perf_counter())
        orjson.dumps(document.record())
        clock.append(time.perf_counter())
        for name, start, end in zip(names, clock[:-1], clock[1:], strict=True):
            spent[name] += end - start
    return {name: total / len(texts) * 1e6 for name, total in spent.items()}


def lengths(limit: int) -> Iterator[tuple[str, str]]:
    """Dumps from 1 KB to 10 MB, of many lines and of one, and what would stick in a careless tool."""
    page = next(corpus(1))
    for size in (1_000, 8_000, 100_000, 1_000_000, 10_000_000):
        if size <= limit:
            many = (page + "\n") * (size // len(page.encode()) + 1)
            text = many.encode()[:size].decode("utf-8", "ignore")
            yield f"{size:,} bytes, lines", text
            yield f"{size:,} bytes, one line", " ".join(text.split())
    for name, unit in (
        ("spaces", " "), ("one letter", "ا"), ("quotes", "«»"), ("separators", "خبر | "), ("digits", "1/"), ("marks", "([{"),
    ):  # fmt: skip
        yield f"{limit:,} bytes of {name}", unit * (limit // len(unit.encode()))


def starts(rounds: int) -> dict[str, float]:
    """Cold starts: seconds of whole processes."""
    page = next(corpus(1)).encode()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def process(*args: str, data: bytes = b"") -> Callable[[], object]:
        return lambda: subprocess.run([*args], input=data, stdout=subprocess.DEVNULL, check=True, env=environment)

    process(*COMMAND, "clean", data=page)()  # the first start of an installation writes bytecode and tables
    return medians(
        {
            "python -c 'import orjson'": process(sys.executable, "-c", "import orjson"),
            "newsclean --version": process(*COMMAND, "--version"),
            "newsclean --help": process(*COMMAND, "--help"),
            "newsclean clean < one dump": process(*COMMAND, "clean", data=page),
        },
        rounds,
    )


# --- the whole -------------------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dumps", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--longest", type=int, default=10_000_000, help="bytes of the longest single dump")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "bench.json")
    given = parser.parse_args()
    texts = list(corpus(given.dumps))
    size = sum(len(text.encode()) for text in texts)
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(Path(folder), texts, size, given)
    given.output.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print("\n".join(table(figures)))


def measured(folder: Path, texts: list[str], size: int, given: argparse.Namespace) -> dict[str, Any]:
    paths = []
    (folder / "dumps").mkdir()
    for number, text in enumerate(texts):
        paths.append(folder / "dumps" / f"{number:06}.txt")
        paths[-1].write_text(text, "utf-8")
    packed = folder / "dumps.jsonl"
    packed.write_bytes(b"".join(orjson.dumps({"text": text}) + b"\n" for text in texts))
    out = folder / "out.jsonl"
    took = medians(
        {
            "floor": lambda: floor(paths, out),
            "newsclean --jobs 1": newsclean(folder / "dumps", "--jobs", 1, "-o", out),
            "newsclean --jobs 2": newsclean(folder / "dumps", "--jobs", 2, "-o", out),
            "floor of JSONL": lambda: floor_of_lines(packed, out),
            "newsclean of JSONL, --jobs 1": newsclean(packed, "--jobs", 1, "-o", out),
        },
        given.rounds,
    )
    some = texts[:PEERS]
    beside = medians(peers(some), given.rounds)
    part = sum(len(text.encode()) for text in some)
    long = {
        name: (len(text.encode()), seconds(lambda text=text: pipeline.clean(text))) for name, text in lengths(given.longest)
    }
    return {
        "version": __version__,
        "python": platform.python_version(),
        "dumps": len(texts),
        "bytes": size,
        "rounds": given.rounds,
        "mb_per_second": {name: round(size / 1e6 / value, 2) for name, value in took.items()},
        "peers_mb_per_second": {name: round(part / 1e6 / value, 2) for name, value in beside.items()},
        "step_microseconds": {name: round(value) for name, value in steps(some).items()},
        "length_mb_per_second": {name: round(count / 1e6 / value, 3) for name, (count, value) in long.items()},
        "start_ratio": ratios(starts(max(5, given.rounds))),
    }


def ratios(took: dict[str, float]) -> dict[str, float]:
    first = next(iter(took.values()))
    return {name: round(value / first, 2) for name, value in took.items()}


def table(figures: dict[str, Any]) -> Iterable[str]:
    """The figures for reading."""
    speeds = figures["mb_per_second"]
    yield f"{figures['dumps']} dumps, {figures['bytes'] / 1e6:.1f} MB, medians of {figures['rounds']} rounds"
    for name, speed in speeds.items():
        base = speeds["floor of JSONL" if "JSONL" in name else "floor"]
        yield f"  {name:30} {speed:8.2f} MB/s   1/{base / speed:.1f} of the floor"
    yield f"  --jobs 2 is {speeds['newsclean --jobs 2'] / speeds['newsclean --jobs 1']:.2f} times --jobs 1"
    own = figures["peers_mb_per_second"]["newsclean, the same texts"]
    for name, speed in figures["peers_mb_per_second"].items():
        yield f"  {name:30} {speed:8.2f} MB/s   newsclean is {own / speed:.2f} times as fast"
    total = sum(figures["step_microseconds"].values())
    for name, value in figures["step_microseconds"].items():
        yield f"  {name:30} {value:6} us a dump  {value / total:4.0%}"
    for name, speed in figures["length_mb_per_second"].items():
        yield f"  {name:34} {speed:8.3f} MB/s"
    for name, ratio in figures["start_ratio"].items():
        yield f"  {name:30} {ratio:6.2f} times `python -c 'import orjson'`"


if __name__ == "__main__":
    main()
