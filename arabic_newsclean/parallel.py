"""The same run on several cores: the same bytes in the same order, whatever the number of jobs.

Workers are forked and take inputs one by one, so memory holds a few dumps a worker. One that dies (out of memory, a
fault of a library) costs the dump it had in hand, which is named, and another takes its place.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from arabic_newsclean import batch
from arabic_newsclean.batch import Failed, Options, Outcome, View
from arabic_newsclean.reading import STDIN, Input, filled
from arabic_newsclean.signals import STOPPING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

#: A worker has so many inputs at a time: one in hand and one that waits, so that none is idle.
AHEAD: Final = 2
#: More processes than this are an error of typing on any machine.
MOST: Final = 1024
#: With fewer inputs than this a second process is not worth its start.
FEW: Final = 16


def cores() -> int:
    """How many jobs this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def outcomes(inputs: Iterable[Input], view: View, options: Options, jobs: int) -> Iterator[Outcome]:
    """As `batch.outcomes`, with ``jobs`` processes where the system can fork and there are enough inputs."""
    inputs = iter(inputs)
    first = list(islice(inputs, FEW)) if jobs > 1 else []
    everything = chain(first, inputs)
    if len(first) < FEW or not hasattr(os, "fork"):
        return batch.outcomes(everything, view, options)
    return _outcomes(everything, view, options, jobs)


class _Worker:
    """A process that cleans, and what it has to do, the first in hand."""

    def __init__(self, view: View, options: Options, others: Iterable[_Worker]) -> None:
        import multiprocessing  # dear to load, and of no use to one process

        context = multiprocessing.get_context("fork")
        self.pipe, theirs = context.Pipe()
        ends = [self.pipe, *(other.pipe for other in others)]
        self.process = context.Process(target=_work, args=(theirs, ends, view, options), daemon=True)
        self.process.start()
        theirs.close()
        self.waiting: deque[tuple[int, Input]] = deque()

    def give(self, number: int, item: Input) -> None:
        self.waiting.append((number, item))
        with suppress(OSError):  # a worker that has just died is found out when its answer is waited for
            self.pipe.send((number, item))

    def end(self) -> None:
        self.pipe.close()
        self.process.kill()  # it holds nothing that could be lost
        self.process.join()


def _work(pipe: Connection, ends: list[Connection], view: View, options: Options) -> None:
    """What a worker does until nobody asks any more."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)  # they go to all processes of a terminal or of a service; the main one decides
    for end in ends:
        end.close()  # or no worker would notice that the main process is gone
    with suppress(OSError):
        for number, item in _arriving(pipe):
            pipe.send((number, batch.one(item, view, options)))


def _arriving(pipe: Connection) -> Iterator[tuple[int, Input]]:
    """What a worker is given, until nobody gives any more.

    A thread takes it off the pipe at once. A pipe holds little: if an input waited in it until the answer before it was
    sent, a large one and a large answer would wait for each other for ever.
    """
    from queue import SimpleQueue
    from threading import Thread

    given: SimpleQueue[tuple[int, Input] | None] = SimpleQueue()

    def take() -> None:
        try:
            with suppress(EOFError, OSError):
                while True:
                    given.put(pipe.recv())
        finally:
            given.put(None)  # whatever ended it, or the worker would wait for ever

    Thread(target=take, daemon=True).start()
    return iter(given.get, None)


def _outcomes(inputs: Iterable[Input], view: View, options: Options, jobs: int) -> Iterator[Outcome]:
    """What became of each input, in order."""
    from multiprocessing.connection import wait

    batch.ready(options)
    # a worker's standard input is not ours
    numbered = enumerate(filled(i, options.limit) if i.path == STDIN and i.data is None else i for i in inputs)
    workers: list[_Worker] = []
    ready: dict[int, Outcome] = {}
    next_out = 0
    try:
        while True:
            while len(workers) < jobs and (job := next(numbered, None)) is not None:
                jobs = _begin(workers, jobs, view, options)
                workers[-1].give(*job)
            for worker in workers:
                while len(worker.waiting) < AHEAD and len(ready) < AHEAD * jobs and (job := next(numbered, None)) is not None:
                    worker.give(*job)
            busy: dict[object, _Worker] = {worker.pipe: worker for worker in workers if worker.waiting}
            if not busy:
                break
            for pipe in wait([worker.pipe for worker in busy.values()]):
                worker = busy[pipe]
                try:
                    number, outcome = worker.pipe.recv()
                    worker.waiting.popleft()
                except (EOFError, OSError):
                    number, item = worker.waiting.popleft()
                    worker.end()
                    outcome = Failed(item.id, item.shown, f"cost its worker the life ({_cause(worker.process.exitcode)})")
                    workers[workers.index(worker)] = another = _Worker(view, options, [w for w in workers if w is not worker])
                    for job in worker.waiting:
                        another.give(*job)
                ready[number] = outcome
            while next_out in ready:
                yield ready.pop(next_out)
                next_out += 1
    finally:
        for worker in workers:
            worker.end()


def _begin(workers: list[_Worker], jobs: int, view: View, options: Options) -> int:
    """Start one more worker, and say how many there may be: no more than there are, where the system has no room for it."""
    try:
        workers.append(_Worker(view, options, workers))
    except OSError:
        if not workers:
            raise
        return len(workers)
    return jobs


def _cause(code: int | None) -> str:
    """How a process ended, in words.

    >>> _cause(-9), _cause(3)
    ('SIGKILL', 'exit status 3')
    """
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit status {code}"
