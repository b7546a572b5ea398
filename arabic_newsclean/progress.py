"""The progress bar of a long run, on standard error, for somebody who is looking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def tracked(items: Sequence[T], size: Callable[[T], int]) -> Iterator[Iterator[T]]:
    """The same items, with files done, speed and time left shown while they are worked through.

    ``size`` is an item's number of bytes, which is the measure: one dump may be a thousand times another. Only here is
    rich loaded, and only when there is a terminal to draw on.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.fields[done]}/{task.fields[files]} files"),
        BarColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    # Standard output is not rich's: records go there as bytes.
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("", total=sum(map(size, items)), done=0, files=len(items))

        def each() -> Iterator[T]:
            for done, item in enumerate(items, 1):
                yield item
                progress.update(task, advance=size(item), done=done)

        yield each()
