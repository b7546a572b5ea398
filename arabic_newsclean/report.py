"""What a run says on standard error, and its exit status."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

from arabic_newsclean.model import Source
from arabic_newsclean.terminal import visible

NOT_ARTICLE = "not-article"


def say(message: str) -> None:
    """One line on standard error, foreign text in it shown and not obeyed. Nobody there to hear it is not an error."""
    if sys.stderr is not None:
        with suppress(OSError):
            print(visible(message), file=sys.stderr, flush=True)


class Report:
    """Counts the dumps of a run, names the inputs that could not be used, and owns the exit status.

    >>> report = Report()
    >>> report.status
    0
    >>> str(report)
    '0 dumps, 0 articles, 0 not-article, 0 failed'
    """

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.articles = 0
        self.others = 0
        self.failures = 0
        #: Whether something was found that the run was to check for.
        self.unwanted = False

    def done(self, source: Source, flags: Sequence[str], stats: Mapping[str, int], headline: str | None) -> None:
        """Count a dump; with ``verbose``, say in a line what was found in it."""
        if NOT_ARTICLE in flags:
            self.others += 1
        else:
            self.articles += 1
        if self.verbose:
            counts = ", ".join(f"{name} {count}" for name, count in stats.items())
            said = "".join(f", {flag}" for flag in flags)
            say(f"{source.path}: {source.encoding}, {counts}{said}: {headline or '-'}")

    def failed(self, path: str, reason: str) -> None:
        """Name an input that could not be used. Not even ``quiet`` hides it: its record is missing."""
        self.failures += 1
        say(f"newsclean: {path}: {reason}")

    @property
    def dumps(self) -> int:
        """How many dumps were read and cleaned."""
        return self.articles + self.others

    @property
    def status(self) -> int:
        """0 where every input was used and nothing found that was checked for, else 1."""
        return 1 if self.failures or self.unwanted else 0

    def __str__(self) -> str:
        return (
            f"{self.dumps} dump{_s(self.dumps)}, {self.articles} article{_s(self.articles)}, "
            f"{self.others} not-article, {self.failures} failed"
        )

    def close(self) -> None:
        """Say the sums, where there is more to tell than the one record tells."""
        if not self.quiet and (self.failures or self.dumps > 1):
            say(f"newsclean: {self}")


def _s(number: int) -> str:
    return "" if number == 1 else "s"
