"""What becomes of an input, each part to its place: its record, what was removed, and why it was rejected.

A run to standard output or to a device is no more than that: it can't be taken back, and so can't be resumed.
"""

from __future__ import annotations

from typing import Protocol

from arabic_newsclean.batch import Done, Failed, Outcome
from arabic_newsclean.output.writing import rejected


class Place(Protocol):
    """A stream or a target: what takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take some lines, whole."""


class Plain:
    """Records to one place, and what was removed and rejected to others, where they are wanted."""

    def __init__(self, records: Place, removed: Place | None = None, rejects: Place | None = None) -> None:
        self._records, self._removed, self._rejects = records, removed, rejects

    def put(self, outcome: Outcome) -> None:
        """Write what became of an input."""
        if isinstance(outcome, Done):
            self._records.write(outcome.data)
            if self._removed is not None:
                self._removed.write(outcome.removed)
        elif isinstance(outcome, Failed) and self._rejects is not None:
            self._rejects.write(rejected(outcome))

    def last(self, failed: Failed) -> None:
        """List the input that ends the run."""
        self.put(failed)
