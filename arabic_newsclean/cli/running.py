"""Dumps through a view to standard output or to a file: what `diff` and `explain` do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, NoReturn

import typer

from arabic_newsclean import batch
from arabic_newsclean.cli.options import refuse
from arabic_newsclean.output import writing
from arabic_newsclean.output.apart import OverwriteError, others
from arabic_newsclean.reading import Input
from arabic_newsclean.report import Report, say
from arabic_newsclean.terminal import is_terminal, visible_json


def run(
    inputs: Iterable[Input],
    view: batch.View,
    options: batch.Options,
    report: Report,
    *,
    output: str | None = None,
    end: Callable[[], bytes] = bytes,
) -> NoReturn:
    """Put every input through the view and out, then what is to be said at the end, and exit with the run's status."""
    try:
        with to(output) as out:
            for outcome in batch.outcomes(others(inputs, [output]), view, options):
                report.tell(outcome)
                if isinstance(outcome, batch.Done):
                    out.write(outcome.data)
            out.write(end())
            if report.read_nothing and output is not None and writing.is_kept(output):
                raise writing.NothingReadError(output)
    except writing.NothingReadError as error:
        report.say(str(error), event="nothing-read")
    except OverwriteError as error:
        refuse(str(error))
    report.close()
    raise typer.Exit(report.status)


@contextmanager
def to(output: str | None) -> Iterator[BinaryIO]:
    """The place for data. That nobody reads on is the end of the work; that it cannot be written is an error."""
    try:
        with writing.opened(output) as out:
            yield out
    except BrokenPipeError:
        raise typer.Exit(0) from None
    except OSError as error:
        say(f"newsclean: cannot write {output or 'standard output'}: {error.strerror}")
        raise typer.Exit(1) from None


def seen(output: str | None = None) -> bool:
    """Whether somebody looks at what is put out: it goes to standard output, and that is a terminal."""
    return writing.descriptor(output or writing.STDOUT) == 1 and is_terminal(sys.stdout)


def data_of(data: bytes, output: str | None = None, safe: Callable[[str], str] = visible_json) -> bytes:
    """Data as they are, but where they are seen on a terminal, which they must not drive."""
    return safe(data.decode("utf-8", "replace")).encode() if seen(output) else data


def show(text: str) -> None:
    """Print what is no data of dumps: JSON, or text in which all that is foreign was made visible before."""
    with to(None) as out:
        out.write(data_of(text.encode("utf-8", "replace")))  # half characters: of JSON, and of names in bytes
