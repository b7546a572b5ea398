"""What a run says on standard error, what it counts, and its exit status."""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from arabic_newsclean.batch import Done, Failed, Outcome, Same
from arabic_newsclean.terminal import counted, visible

NOT_ARTICLE: Final = "not-article"
#: The names of so many dumps are remembered, to tell when one comes again: folders that name their files alike show it
#: with the first of them, and memory does not grow with the run.
NAMES: Final = 50_000
#: What follows in a reason is of this input alone, or what to type instead.
_ASIDE: Final = re.compile(r":| \(")


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

    #: What is counted: dumps by what became of them, characters by part and kind, spans by rule, failures by reason.
    GROUPS: Final = ("dumps", "encodings", "flags", "characters", "rules", "failures")

    def __init__(self, *, quiet: bool = False, verbose: bool = False, as_json: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.as_json = as_json
        self.counts: dict[str, Counter[str]] = {group: Counter() for group in self.GROUPS}
        self._began = time.time()
        self._names: dict[int, int] | None = {}
        #: Whether something was found that the run was to check for, or the run did not come to its end.
        self.unwanted = False

    def tell(self, outcome: Outcome) -> None:
        """Count what became of an input. A failure is named: not even ``quiet`` hides it, for its record is missing."""
        if isinstance(outcome, Failed):
            self.counts["dumps"]["failed"] += 1
            self.counts["failures"][_ASIDE.split(outcome.reason, maxsplit=1)[0]] += 1
            message = f"{outcome.shown}: {outcome.reason}"
            self.say(message, event="failed", id=outcome.id, path=outcome.shown, reason=outcome.reason)
        elif isinstance(outcome, Same):
            self.counts["dumps"]["unchanged"] += 1
        else:
            self._done(outcome)

    def _done(self, done: Done) -> None:
        self.counts["dumps"][NOT_ARTICLE if NOT_ARTICLE in done.flags else "article"] += 1
        self.counts["encodings"][done.encoding] += 1
        self.counts["flags"].update(done.flags)
        self.counts["characters"].update(done.characters)
        self.counts["rules"].update(done.rules)
        self._told_apart(done)
        if self.verbose:
            sizes = ", ".join(f"{name} {count}" for name, count in done.stats.items())
            said = "".join(f", {flag}" for flag in done.flags)
            message = f"{done.id}: {done.encoding}, {sizes}{said}: {done.headline or '-'}"
            told = {"encoding": done.encoding, "stats": done.stats, "flags": done.flags, "headline": done.headline}
            self.say(message, level="info", event="done", prefix="", id=done.id, **told)

    def _told_apart(self, done: Done) -> None:
        """Say, once, that two different dumps have one name: who reads their records can't tell which is whose."""
        if self._names is None:
            return
        name, content = hash(done.id), hash(done.sha256)
        if len(self._names) < NAMES:
            self._names.setdefault(name, content)
        if self._names.get(name, content) != content:
            self._names = None
            message = f"two different dumps are called {done.id!r}, and so are their records: give the folder above both"
            self.say(message, level="warning", event="same-name", id=done.id)

    def say(self, message: str, *, level: str = "error", event: str, prefix: str = "newsclean: ", **fields: Any) -> None:
        """A line on standard error: for reading, or a JSON object with a level, an event and its fields."""
        if self.as_json:
            row = {"level": level, "event": event, "message": message, **fields}
            say(json.dumps(row, ensure_ascii=True, default=str))  # what a terminal obeys is escaped
        else:
            say(prefix + message)

    @property
    def articles(self) -> int:
        """How many dumps hold an article."""
        return self.counts["dumps"]["article"]

    @property
    def failures(self) -> int:
        """How many inputs could not be used."""
        return self.counts["dumps"]["failed"]

    @property
    def dumps(self) -> int:
        """How many dumps were read and cleaned."""
        return self.articles + self.counts["dumps"][NOT_ARTICLE]

    @property
    def read_nothing(self) -> bool:
        """Whether there were inputs and not one of them could be used."""
        return self.failures > 0 and not self.dumps

    @property
    def status(self) -> int:
        """0 where every input was used and nothing found that was checked for, else 1."""
        return 1 if self.failures or self.unwanted else 0

    def saved(self) -> dict[str, dict[str, int]]:
        """The counts as JSON holds them, for `restore`."""
        return {group: dict(counts) for group, counts in self.counts.items()}

    def restore(self, saved: Mapping[str, Mapping[str, int]]) -> None:
        """Go on from the counts of a run that was interrupted."""
        self.counts = {group: Counter(saved.get(group, {})) for group in self.GROUPS}

    def summary(self, **about: Any) -> dict[str, Any]:
        """The counts of the run as one JSON object, for those who watch many runs."""
        sums = {group: dict(sorted(counts.items())) for group, counts in self.counts.items()}
        dumps = {name: self.counts["dumps"][name] for name in ("article", NOT_ARTICLE, "unchanged", "failed")}
        began = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._began))
        took = round(time.time() - self._began, 3)
        return {**about, "status": self.status, "began": began, "seconds": took, **sums, "dumps": dumps}

    @property
    def counted(self) -> str:
        """How many dumps, in words."""
        return counted(self.dumps, "dump")

    def __str__(self) -> str:
        same = self.counts["dumps"]["unchanged"]
        return (
            f"{self.counted}, {counted(self.articles, 'article')}, "
            f"{self.dumps - self.articles} not-article, " + (f"{same} unchanged, " if same else "") + f"{self.failures} failed"
        )

    def close(self) -> None:
        """Say the sums, where there is more to tell than the one record tells."""
        if not self.quiet and (self.failures or self.dumps + self.counts["dumps"]["unchanged"] > 1):
            self.say(str(self), level="info", event="end", dumps=dict(self.counts["dumps"]))
