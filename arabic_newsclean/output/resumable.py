"""A run to files that can be interrupted anywhere and resumed, and then ends with the bytes it would have ended with.

Beside what it writes the run keeps a hidden file of state (``.records.jsonl.state``) with some *checkpoints*: after how
many inputs, and how far each file was then. To resume is to cut each file back to a checkpoint, pass over so many
inputs, and go on. The state goes away when the run has ended.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from arabic_newsclean.batch import Done, Failed, Outcome
from arabic_newsclean.output.plain import Place, Plain
from arabic_newsclean.output.target import LostError, Mark, Target
from arabic_newsclean.output.writing import opened, rejected
from arabic_newsclean.reading import Input
from arabic_newsclean.report import Report

#: A checkpoint at least so many seconds after the last: what a kill costs at most.
EVERY: Final = 1.0
#: So many of the last are kept. What was compressed may be on the disk only up to an earlier one.
KEPT: Final = 8
_ANEW: Final = "start anew without --resume"


class ResumeError(Exception):
    """A run that can't be resumed, and why."""


class Resumable:
    """Records to a target, and beside them what was removed and what was rejected, each to its own or to a stream.

    ``options`` are those that the bytes depend on: a run is resumed with the same ones alone.
    """

    def __init__(
        self,
        records: Target,
        report: Report,
        options: Mapping[str, Any],
        *,
        state: str,
        removed: Place | None = None,
        rejects: Place | None = None,
    ) -> None:
        self._records = records
        self._rejects = rejects
        self._last = b""
        self._places = Plain(records, removed, rejects)
        self._targets = [target for target in (records, removed, rejects) if isinstance(target, Target)]
        self._report = report
        self._options = dict(options)
        self._state = state
        self._inputs = 0
        self._digest = ""
        self._checkpoints: list[dict[str, Any]] = []
        self._saved = 0.0
        self._begun = False
        self._whole = True  # all that became of the inputs is written, and the targets are open

    def begin(self, inputs: Iterable[Input], *, resume: bool) -> Iterator[Input]:
        """Open the targets, and give the inputs that are still to be done.

        Raises `ResumeError` where a state is of another run, and OSError where the targets can't be opened.
        """
        resumed = resume and self._restored()
        self._begun = True
        if resumed:
            return self._rest(iter(inputs))
        for target in self._targets:
            target.open()
        self._checkpoint()
        return iter(inputs)

    def _restored(self) -> bool:
        try:
            with open(self._state, "rb") as file:
                state = json.load(file)
            began, checkpoints = dict(state["options"]), list(state["checkpoints"])
        except FileNotFoundError:
            return False
        except (ValueError, KeyError, TypeError):
            raise ResumeError(f"{self._state} is no state of a run: remove it, or {_ANEW}") from None
        others = [name for name in {**began, **self._options} if began.get(name) != self._options.get(name)]
        if others:
            raise ResumeError(
                f"the run was begun with other options ({', '.join(sorted(others))}): start anew without --resume"
            )
        for checkpoint in reversed(checkpoints):
            try:
                for target, mark in zip(self._targets, checkpoint["marks"], strict=True):
                    target.restore(Mark(*mark))
            except LostError:
                for target in self._targets:
                    target.leave()
                continue
            self._inputs, self._digest = checkpoint["inputs"], checkpoint["digest"]
            self._report.restore(checkpoint["counts"])
            self._checkpoints = checkpoints[:1]  # where its shard began: from there it can be done again, whatever is lost
            self._checkpoint()
            return True
        raise ResumeError(f"what the run had written is not there any more: {_ANEW}")

    def _rest(self, inputs: Iterator[Input]) -> Iterator[Input]:
        """The inputs after those that are done, if those are the same as before."""
        digest = ""
        for _ in range(self._inputs):
            item = next(inputs, None)
            if item is None:
                break
            digest = _chained(digest, item.id)
        if digest != self._digest:
            raise ResumeError(f"the inputs are not those that the run was begun with: {_ANEW}")
        yield from inputs

    def put(self, outcome: Outcome) -> None:
        """Write what became of an input. Now and then, and with every shard that is whole, how far the run has come."""
        self._whole = False
        full = isinstance(outcome, Done) and self._records.is_full(outcome.data)
        if full:
            self._records.publish()
            self._records.next_shard()
            self._records.open()
            self._checkpoints = []  # none that speaks of a file which is published is of use
            self._checkpoint()
        self._places.put(outcome)
        self._inputs += 1
        self._digest = _chained(self._digest, outcome.id)
        self._whole = True
        if time.monotonic() - self._saved > EVERY:
            self._checkpoint()

    def last(self, failed: Failed) -> None:
        """List the input that ends the run, which is none of those that are done: it is tried again when resumed."""
        self._last = rejected(failed)

    def _checkpoint(self) -> None:
        marks = [target.mark() for target in self._targets]
        counts = self._report.saved()
        checkpoint = {"inputs": self._inputs, "digest": self._digest, "marks": marks, "counts": counts}
        self._checkpoints = [*self._checkpoints[:1], *self._checkpoints[1:][1 - KEPT :], checkpoint]  # the first: of its shard
        replace(self._state, json.dumps({"options": self._options, "checkpoints": self._checkpoints}).encode())
        self._saved = time.monotonic()

    def finish(self) -> None:
        """Give all files their names."""
        self._checkpoint()
        self._whole = False
        for target in reversed(self._targets):  # the records last: who waits for them finds the others there
            target.publish()
        os.unlink(self._state)

    def leave(self, *, listed: bool) -> None:
        """Stop here, so that the run can be resumed. Where nothing was done yet, nothing is left behind.

        What could not be used so far is ``listed`` in its place if told to, though the run is not whole: one wants to know
        why it ended.
        """
        if not self._begun:
            return
        if self._whole and self._inputs:  # else the last checkpoint holds
            with suppress(OSError):
                self._checkpoint()
        for target in self._targets:
            target.leave()
        if listed and (self._inputs or self._last):
            with suppress(OSError):
                self._list()
        if not self._inputs:
            self.drop()

    def _list(self) -> None:
        if isinstance(self._rejects, Target):
            with opened(self._rejects.path) as out:
                out.write(self._rejects.so_far() + self._last)
        elif self._rejects is not None:
            self._rejects.write(self._last)

    def drop(self) -> None:
        """Stop, and leave nothing behind."""
        for target in self._targets:
            target.drop()
        with suppress(OSError):
            os.unlink(self._state)


def replace(path: str, data: bytes) -> None:
    """Put bytes in the place of a small file: the old ones or the new, never a part."""
    fresh = f"{path}.new"
    try:
        with open(fresh, "wb") as file:
            file.write(data)
        os.replace(fresh, path)
    except OSError:
        with suppress(OSError):
            os.unlink(fresh)
        raise


def _chained(digest: str, name: str) -> str:
    return hashlib.blake2b(f"{digest}\0{name}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def state_of(path: str, names: Sequence[str] = ("state", "lock")) -> tuple[str, ...]:
    """The hidden files of a run beside its output, which is a file or a folder.

    >>> state_of("out/records.jsonl")
    ('out/.records.jsonl.state', 'out/.records.jsonl.lock')
    """
    folder, name = os.path.split(os.path.realpath(path) if os.path.exists(path) else path)
    if os.path.isdir(path):
        return tuple(os.path.join(path, f".newsclean.{kind}") for kind in names)
    return tuple(os.path.join(folder, f".{name}.{kind}") for kind in names)
