"""What each way to run newsclean on many dumps costs: its start, and its speed after it. Needs the extra ``[engines]``.

    python tests/bench_engines.py [--dumps 20000] [--rounds 3]

The same generated dumps in each, two workers, whole processes; the start is what a run over four dumps takes. Medians,
all measured in turn.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import corpus

ROOT = Path(__file__).parent.parent
SCALE = ROOT / "samples" / "scale"
ENGINES = {
    "newsclean --jobs 2": ["-m", "arabic_newsclean", "clean", "{dumps}", "--jobs", "2", "-q", "-o", "{clean}.jsonl"],
    "datatrove, local": [str(SCALE / "datatrove_local.py"), "{dumps}", "{clean}", "--tasks", "8", "--workers", "2"],
    "datatrove on Ray": [str(SCALE / "datatrove_ray.py"), "{dumps}", "{clean}", "--tasks", "8", "--workers", "2"],
    "Ray Data": [str(SCALE / "ray_data.py"), "{dumps}", "{clean}"],
    "Dask": [str(SCALE / "dask_bag.py"), "{dumps}", "{clean}"],
}


def written(folder: Path, count: int) -> Path:
    for name, text in corpus.dumps(count, paragraphs=8, sentences=2):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def seconds(engine: str, dumps: Path, clean: Path) -> float:
    args = [arg.format(dumps=dumps, clean=clean) for arg in ENGINES[engine]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SCALE), str(ROOT)])}
    begin = time.perf_counter()
    subprocess.run([sys.executable, *args], check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    took = time.perf_counter() - begin
    shutil.rmtree(clean, ignore_errors=True)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dumps", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        few, many = written(Path(folder, "few"), 4), written(Path(folder, "many"), given.dumps)
        took: dict[str, list[tuple[float, float]]] = {engine: [] for engine in ENGINES}
        for _ in range(given.rounds):
            for engine, times in took.items():
                times.append((seconds(engine, few, Path(folder, "clean")), seconds(engine, many, Path(folder, "clean"))))
                print(engine, times[-1], file=sys.stderr, flush=True)
    base = 0.0
    print("| | start, in starts of `newsclean` | dumps a second after it, of those of `newsclean --jobs 2` |\n|---|---|---|")
    first = statistics.median(start for start, _ in took["newsclean --jobs 2"])
    for engine, times in took.items():
        start = statistics.median(start for start, _ in times)
        rate = given.dumps / statistics.median(whole - start for start, whole in times)
        base = base or rate
        print(f"| {engine} | {start / first:.1f} | {rate / base:.2f} |")


if __name__ == "__main__":
    main()
