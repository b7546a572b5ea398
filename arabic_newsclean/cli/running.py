"""Dumps through a view to standard output or to a file: what `diff` and `explain` do."""

from __future__ import annotations

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
            if report.failures and not report.dumps and output not in (None, writing.STDOUT):
                raise _NothingReadError
    except _NothingReadError:
        say(f"newsclean: nothing could be read, so {output} is left as it was")
    except OverwriteError as error:
        refuse(str(error))
    report.close()
    raise typer.Exit(report.status)


class _NothingReadError(Exception):
    """Not one input could be used: no reason to put an empty file in the place of the last one."""


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


def show(text: str) -> None:
    """Print what is no data of dumps."""
    with to(None) as out:
        out.write(text.encode())
