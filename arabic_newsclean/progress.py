"""The progress bar of a long run, on standard error, for somebody who is looking."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple, TypeAlias

from arabic_newsclean.reading import STDIN, Input
from arabic_newsclean.terminal import is_terminal

#: Called with the number of dumps done so far.
Tick: TypeAlias = Callable[[int], None]


class Bar(NamedTuple):
    """What a run tells of its progress: the files as they are taken, and how many dumps are done."""

    files: Callable[[Iterable[Input]], Iterator[Input]]
    tick: Tick


#: Nobody is looking.
SILENT = Bar(iter, lambda _: None)


@contextmanager
def silent() -> Iterator[Bar]:
    """No bar: files are taken as they are found, and never all known at once."""
    yield SILENT


@contextmanager
def shown() -> Iterator[Bar]:
    """A bar of bytes read, since one dump may be a thousand times another, with files, dumps, speed and time left.

    It has to know all files before it begins. Only here is rich loaded.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.fields[done]}/{task.fields[files]} files, {task.fields[dumps]} dumps"),
        BarColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    # Standard output is not rich's: records go there as bytes.
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("", total=None, done=0, files=0, dumps=0)

        def files(found: Iterable[Input]) -> Iterator[Input]:
            items = list(found)
            progress.update(task, total=sum(map(size, items)), files=len(items))
            for done, item in enumerate(items, 1):
                yield item
                progress.update(task, advance=size(item), done=done)

        yield Bar(files, lambda dumps: progress.update(task, dumps=dumps))


def for_terminal(*, quiet: bool = False) -> AbstractContextManager[Bar]:
    """The bar, where somebody is looking."""
    return shown() if not quiet and is_terminal(sys.stderr) else silent()


def size(item: Input) -> int:
    """How many bytes there are to read, as far as that can be told before."""
    try:
        return 0 if item.path == STDIN else os.stat(item.path).st_size
    except OSError:
        return 0
