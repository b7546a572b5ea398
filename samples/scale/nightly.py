"""What the samples for datatrove share: which dumps are new, and a guard against a run that hangs.

datatrove takes a task that was once completed for done, whatever was added since. So each run has a list of its own: the
dumps that stand on no earlier list. A list whose run was interrupted is taken up again before a new one is made.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path


def lists(dumps: Path, work: Path) -> Iterator[Path]:
    """The lists of names to be done, each ended by a NUL: those of runs that were interrupted, then one of what is new."""
    folder = work / "lists"
    folder.mkdir(parents=True, exist_ok=True)
    known = set()
    for path in sorted(folder.glob("*.names0")):
        known.update(path.read_bytes().split(b"\0"))
        if not path.with_suffix(".done").exists():
            yield path
    names = (os.fsencode(path.relative_to(dumps)) for path in sorted(dumps.rglob("*")) if path.is_file())
    new = [name for name in names if name not in known]
    if new:
        path = folder / f"{len(list(folder.glob('*.names0'))):06}.names0"
        path.with_suffix(".part").write_bytes(b"".join(name + b"\0" for name in new))
        path.with_suffix(".part").rename(path)
        yield path


def done(path: Path) -> None:
    """The run of a list has come to its end."""
    path.with_suffix(".done").touch()


def guarded(command: list[str], completions: Path, *, stall: float, tries: int = 3) -> None:
    """Run a command that marks what is completed in a folder; where it fails or hangs, kill it and start it again.

    It hangs if it completes nothing for ``stall`` seconds: longer than a task ever takes. datatrove's local executor
    does so when one of its workers is killed. What is completed is not done again.
    """
    for number in range(tries):
        with subprocess.Popen(command, start_new_session=True) as run:
            if _ends_well(run, completions, stall):
                return
            os.killpg(run.pid, signal.SIGKILL)
        print(f"attempt {number + 1} of {tries} did not come to its end", file=sys.stderr, flush=True)
    sys.exit("given up")


def _ends_well(run: subprocess.Popen[bytes], completions: Path, stall: float) -> bool:
    count, since = -1, time.monotonic()
    while run.poll() is None:
        now = len(list(completions.glob("*"))) if completions.exists() else 0
        if now != count:
            count, since = now, time.monotonic()
        if time.monotonic() - since > stall:
            return False
        time.sleep(0.2)
    return run.returncode == 0


def pipeline(dumps: Path, work: Path, listed: Path) -> list[object]:
    """From the dumps of one list to clean documents, and to those that are no articles."""
    from datatrove.pipeline.writers import JsonlWriter

    from arabic_newsclean.datatrove import DumpReader, Newsclean

    return [
        DumpReader(str(dumps), listed=str(listed)),
        Newsclean(exclusion_writer=JsonlWriter(str(work / "rejected" / listed.stem))),
        JsonlWriter(str(work / "clean" / listed.stem)),
    ]


def every_night(about: str | None, run: Callable[[list[object], Path, argparse.Namespace], None]) -> None:
    """The command line of a sample: every list that is to be done, each by ``run`` in a process under guard."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dumps", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--tasks", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--stall", type=float, default=600.0, help="seconds in which some task must be completed")
    parser.add_argument("--listed", type=Path, help=argparse.SUPPRESS)  # the run itself, under guard
    given = parser.parse_args()
    dumps, work = given.dumps.absolute(), given.work.absolute()
    if given.listed is not None:
        run(pipeline(dumps, work, given.listed), work / "logs" / given.listed.stem, given)
        return
    for listed in lists(dumps, work):
        again = [sys.executable, *sys.argv, "--listed", str(listed)]
        guarded(again, work / "logs" / listed.stem / "completions", stall=given.stall)
        done(listed)
