"""What is read is never written over: a file that is both is refused, before the run or when it is found.

What an earlier run wrote in the same place is another matter: it is neither read nor missed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

import orjson

from arabic_newsclean.layouts import is_record
from arabic_newsclean.output.writing import STDOUT
from arabic_newsclean.reading import LIMIT, STDIN, Input, opened


class OverwriteError(Exception):
    """A file is both read and written; the message says which."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is both an input and the output; write to another file")


def check(inputs: Iterable[str], outputs: Iterable[str | None]) -> None:
    """Raise `OverwriteError` for the first of the files that is in the place of an output."""
    places = _Places(outputs)
    for path in inputs:
        if places.hold(path) and os.path.isfile(path):
            raise OverwriteError(path)


def others(files: Iterable[Input], outputs: Iterable[str | None]) -> Iterator[Input]:
    """The files that are no outputs of ours. Raises `OverwriteError` where a dump lies in the place of one."""
    places = _Places(outputs)
    for file in files:
        if file.path == STDIN or not places.hold(file.path):
            yield file
        elif not _is_ours(file.path):
            raise OverwriteError(file.path)


class _Places:
    """Where outputs go. That a file is there is told by its name first: to follow every path would cost too much."""

    def __init__(self, outputs: Iterable[str | None]) -> None:
        given = [path for path in outputs if path is not None and path != STDOUT]
        self._places = {os.path.realpath(path) for path in given}
        self._names = {os.path.basename(path) for path in (*given, *self._places)}

    def hold(self, path: str) -> bool:
        return (os.path.basename(path) in self._names or os.path.islink(path)) and os.path.realpath(path) in self._places


#: What the lines of ``--rejects`` and of ``--removed`` have.
_BESIDE = ({"id", "path", "reason"}, {"id", "part", "rule", "text"})


def _is_ours(path: str) -> bool:
    """Whether a file is one that we write: records, what lies beside them, a report, a state; or empty."""
    try:
        with opened(path) as stream:
            line = stream.readline(LIMIT)
        if line in (b"", b"{\n") or line.startswith(b"SQLite format 3\0"):
            return True
        row = orjson.loads(line)
    except Exception:  # whatever else it is
        return False
    return is_record(row) or (isinstance(row, dict) and any(signs <= row.keys() for signs in _BESIDE))
