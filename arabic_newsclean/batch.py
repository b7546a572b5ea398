"""Many dumps in one run: each is read, cleaned and shown in turn, and what goes wrong with one stops no other."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from arabic_newsclean import reading
from arabic_newsclean.model import Document, Source
from arabic_newsclean.pipeline import clean
from arabic_newsclean.reading import Input
from arabic_newsclean.report import Report
from arabic_newsclean.rules import RuleSet

#: How a labelled dump is put out: as a record, as a diff. Every view is a function of the same document.
View = Callable[[Source, Document], bytes]


@dataclass(frozen=True, slots=True)
class Options:
    """How dumps are read and judged: ``encoding`` instead of the one found, ``rules`` instead of the package's own,
    ``now`` for pages that print only their age."""

    encoding: str | None = None
    rules: RuleSet | None = None
    now: datetime | None = None


class Done(NamedTuple):
    """A dump that was cleaned: what the view made of it, and what the report tells of it."""

    data: bytes
    source: Source
    flags: tuple[str, ...]
    stats: dict[str, int]
    headline: str | None


class Failed(NamedTuple):
    """An input that could not be used, and why."""

    path: str
    reason: str


def run(inputs: Iterable[Input], view: View, options: Options, report: Report) -> Iterator[bytes]:
    """The view of each dump, in the order of the inputs. An input that cannot be used goes to the report instead."""
    return told((one(item, view, options) for item in inputs), report)


def told(outcomes: Iterable[Done | Failed], report: Report) -> Iterator[bytes]:
    """What the views made, once the report knows of each dump."""
    for outcome in outcomes:
        if isinstance(outcome, Failed):
            report.failed(outcome.path, outcome.reason)
        else:
            report.done(outcome.source, outcome.flags, outcome.stats, outcome.headline)
            yield outcome.data


def one(item: Input, view: View, options: Options) -> Done | Failed:
    """Read, clean and show one dump."""
    try:
        text, source = reading.load(item, options.encoding)
    except OSError as error:
        return Failed(shown(item), error.strerror or str(error))
    try:
        document = clean(text, options.rules, now=options.now)
        data = view(source, document)
    except Exception as error:  # a fault of ours, which a night's run of other dumps need not pay for
        return Failed(shown(item), f"could not be cleaned, please report it: {_fault(error)}")
    return Done(data, source, document.flags, document.stats, document.header.headline)


def shown(item: Input) -> str:
    """An input as messages name it."""
    return item.name if item.path == reading.STDIN else item.path


def _fault(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({os.path.basename(place.filename)}, line {place.lineno})"
