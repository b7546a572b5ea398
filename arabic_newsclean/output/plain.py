"""A run to standard output or to a device, which can't be taken back and so can't be resumed."""

from __future__ import annotations

from typing import BinaryIO

from arabic_newsclean.batch import Done, Failed, Outcome
from arabic_newsclean.output.writing import rejected


class Plain:
    """Records to a stream, and what was removed and rejected to others."""

    def __init__(self, records: BinaryIO, removed: BinaryIO | None = None, rejects: BinaryIO | None = None) -> None:
        self._records, self._removed, self._rejects = records, removed, rejects

    def put(self, outcome: Outcome) -> None:
        """Write what became of an input."""
        if isinstance(outcome, Done):
            self._records.write(outcome.data)
            if self._removed is not None:
                self._removed.write(outcome.removed)
        elif isinstance(outcome, Failed) and self._rejects is not None:
            self._rejects.write(rejected(outcome))
