"""Runs that are killed at random moments, and must end as if nothing had happened. `make faults` does it at length.

Each round starts a run in a folder of its own, ends it by a signal at a random moment, and lets it be resumed to its end;
what is there then must be what an undisturbed run leaves, byte for byte.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import corpus

ROOT = Path(__file__).parent.parent
Args = list[str]


def plant(folder: Path, count: int) -> Path:
    """A folder of generated dumps, with some that can't be used among them."""
    for name, text in corpus.dumps(count, paragraphs=2):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\0" * 100 if name.endswith("77.txt") else text.encode())
    return folder


def start(args: Args) -> subprocess.Popen[bytes]:
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "arabic_newsclean", "clean", "--quiet", *args]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def end(args: Args) -> int:
    running = start(args)
    _, err = running.communicate()
    assert b"Traceback" not in err, err.decode()
    return running.returncode


def outputs(folder: Path) -> dict[str, bytes]:
    """What is there under final names; hidden files must be gone."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    hidden = [name for name in found if "/." in f"/{name}"]
    assert not hidden, hidden
    return found


def rounds(number: int, kind: signal.Signals, args: Callable[[Path], Args], resume: Args, *, seed: int = 1) -> tuple[int, int]:
    """So many rounds; how many were interrupted in time, and how many ended with other bytes."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        whole = Path(place, "whole")
        whole.mkdir()
        began = time.monotonic()
        assert end(args(whole)) == 1  # some inputs can't be used
        took = time.monotonic() - began
        expected = outputs(whole)
        interrupted = wrong = 0
        for turn in range(number):
            folder = Path(place, str(turn))
            folder.mkdir()
            running = start(args(folder))
            time.sleep(dice.uniform(0.1, took))
            running.send_signal(kind)
            running.communicate()
            interrupted += running.returncode != 1
            status = end([*args(folder), *resume])
            assert status == 1 or (status == 2 and outputs(folder) == expected), status  # 2: it had ended before the kill
            wrong += outputs(folder) != expected
            shutil.rmtree(folder)
    return interrupted, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dumps", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=60)
    chosen = parser.parse_args()
    few = max(1, chosen.rounds // 3)
    with tempfile.TemporaryDirectory() as place:
        dumps = str(plant(Path(place), chosen.dumps))

        def file(folder: Path) -> Args:
            return [
                dumps,
                "-j",
                "4",
                "-o",
                f"{folder}/out.jsonl",
                "--rejects",
                f"{folder}/bad.jsonl",
                "--removed",
                f"{folder}/gone.jsonl",
            ]

        def packed(folder: Path) -> Args:
            return [dumps, "-j", "4", "-o", f"{folder}/shards", "--shard-size", "1M", "--compress", "gz"]

        def incremental(folder: Path) -> Args:
            return [
                dumps,
                "-j",
                "4",
                "-o",
                f"{folder}/shards",
                "--shard-size",
                "1M",
                "--incremental",
                f"{place}/{folder.name}.db",
            ]

        plans = (
            ("kill -9, one file", signal.SIGKILL, file, ["--resume"], chosen.rounds),
            ("kill -9, packed shards", signal.SIGKILL, packed, ["--resume"], few),
            ("SIGTERM, one file", signal.SIGTERM, file, ["--resume"], few),
            ("kill -9, incremental", signal.SIGKILL, incremental, [], few),
        )
        failed = 0
        for name, kind, args, resume, number in plans:
            interrupted, wrong = rounds(number, kind, args, resume)
            failed += wrong
            print(f"{name}: {number} rounds, {interrupted} interrupted, {wrong} with other bytes", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
