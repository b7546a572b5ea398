"""``newsclean merge``: the parts of a run joined again."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from arabic_newsclean import reading, shards
from arabic_newsclean.cli.options import Output, examples, refuse, separate
from arabic_newsclean.cli.running import data_of, to
from arabic_newsclean.report import say

EXAMPLES = (
    "newsclean merge part-*.jsonl.gz -o all.jsonl.gz",
    "newsclean merge --reports report-*.json -o report.json",
)


def merge(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files of records, or folders of shards.")],
    output: Output = None,
    order: Annotated[
        Literal["id", "given"], typer.Option("--order", help="Sort the records by id, or leave them as they come.")
    ] = "id",
    reports: Annotated[bool, typer.Option("--reports", help="The paths are reports (clean --report): add them up.")] = False,
) -> None:
    """Join what the parts of a run wrote (clean --shard), each record once.

    The same record in two parts is one; two that differ under one id are refused. Profiles are joined by newsclean learn
    --merge.
    """
    separate([output])
    try:
        if reports:
            _write_report([_report(path) for path in paths], output)
        else:
            _write_records(_files(paths), output, by_id=order == "id")
    except (shards.DifferentError, _UnreadableError) as error:
        say(f"newsclean: {error}")
        raise typer.Exit(1) from None
    except OSError as error:  # not of the output: `to` tells those
        say(f"newsclean: cannot keep the records: {error.strerror}")
        raise typer.Exit(1) from None


def add(app: typer.Typer) -> None:
    """Make it a command."""
    app.command(epilog=examples(*EXAMPLES))(merge)


class _UnreadableError(Exception):
    """A part that cannot be read: then nothing is written, for the whole would lack it."""


def _files(paths: list[str]) -> list[str]:
    out: list[str] = []
    for path in paths:
        if os.path.isdir(path):
            found = _shards(path)
            if not found:
                refuse(f"{path} holds no shards (*.jsonl, also packed)")
            out += found
        else:
            out.append(path)
    return out


def _shards(folder: str) -> list[str]:
    try:
        files = sorted(Path(folder).iterdir())
    except OSError as error:
        raise _UnreadableError(f"{folder}: {error.strerror}") from None
    return [str(file) for file in files if ".jsonl" in file.suffixes and file.name[0] != "."]


def _write_records(paths: list[str], output: str | None, *, by_id: bool) -> None:
    def records() -> Any:
        try:
            yield from shards.lines(paths)
        except OSError as error:
            raise _UnreadableError(
                error.strerror if error.filename is None else f"{error.filename}: {error.strerror}"
            ) from None

    with shards.joined(records(), by_id=by_id) as lines, to(output) as out:
        for line in lines:
            out.write(data_of(line, output))


def _report(path: str) -> dict[str, Any]:
    try:
        with reading.opened(path) as stream:
            report: dict[str, Any] = json.loads(stream.read())
    except OSError as error:
        raise _UnreadableError(f"{path}: {error.strerror or reading.streams.fault(error)}") from None
    except ValueError as error:
        raise _UnreadableError(f"{path}: is no JSON: {error}") from None
    if not shards.is_report(report):
        raise _UnreadableError(f"{path}: is no report of newsclean clean")
    return report


def _write_report(reports: list[dict[str, Any]], output: str | None) -> None:
    with to(output) as out:
        out.write(data_of(json.dumps(shards.summed(reports), ensure_ascii=False, indent=2).encode() + b"\n", output))
