"""``newsclean clean``: the main job."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Final, Literal

import typer

from arabic_newsclean import parallel, progress, runs
from arabic_newsclean.cli.options import (
    DEFAULT_LIMIT,
    Disable,
    Encoding,
    FilesFrom,
    Glob,
    InputFormat,
    Jobs,
    MaxDumpBytes,
    Now,
    Paths,
    ProfileFile,
    Quiet,
    Rules,
    TextKey,
    examples,
    files,
    judged,
    refuse,
    separate,
    size,
)
from arabic_newsclean.cli.running import data_of, seen
from arabic_newsclean.layouts import LAYOUTS
from arabic_newsclean.model import KINDS, NOISE, Document, Rule, Source
from arabic_newsclean.output import packing, writing
from arabic_newsclean.reading.inputs import amount
from arabic_newsclean.report import Report
from arabic_newsclean.runs import MaxFailures, Plan
from arabic_newsclean.shards import Shard
from arabic_newsclean.views import spans

EXAMPLES = (
    "newsclean clean dumps/ -o records.jsonl",
    "newsclean clean crawl-*.wet.gz -o records/ --compress zst",
    "newsclean clean dumps/ -o records/ --incremental seen.db --quiet",
    "zcat pages.jsonl.gz | newsclean clean --input-format jsonl - | jq -r .body",
)


def clean(
    paths: Paths = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="PATH",
            help="Write here: a file that appears whole, or a folder of shards that each do.",
            show_default=False,
        ),
    ] = None,
    layout: Annotated[
        Literal["record", "datatrove", "flat"],
        typer.Option("--layout", help="All there is; text, id and metadata; or one level for tables."),
    ] = "record",
    shard_size: Annotated[
        str | None,
        typer.Option(
            "--shard-size",
            metavar="SIZE",
            help="Begin another shard before one gets longer than this, before compression.",
            show_default=f"{amount(runs.SHARD_SIZE)}, if the output is a folder",
        ),
    ] = None,
    compress: Annotated[
        Literal["gz", "zst"] | None,
        typer.Option("--compress", help="Compress what is written to a file or to shards.", show_default="as the name ends"),
    ] = None,
    removed: Annotated[
        str | None,
        typer.Option("--removed", metavar="FILE", help="Write what was removed here, a span a line.", show_default=False),
    ] = None,
    rejects: Annotated[
        str | None,
        typer.Option("--rejects", metavar="FILE", help="List the inputs that could not be used here.", show_default=False),
    ] = None,
    report_file: Annotated[
        str | None,
        typer.Option("--report", metavar="FILE", help="Write the counts of the run here, as JSON.", show_default=False),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run to this output that was interrupted, if there is one.")
    ] = False,
    incremental: Annotated[
        str | None,
        typer.Option(
            "--incremental",
            metavar="STATE",
            help="Do only what is new or has changed since the last run with this file (SQLite), into new shards.",
            show_default=False,
        ),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(
            "--shard",
            metavar="I/N",
            help="Clean only part I of N: the dumps that a hash of their names gives it.",
            show_default=False,
        ),
    ] = None,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first input that can't be used.")] = False,
    max_failures: Annotated[
        str | None,
        typer.Option(
            "--max-failures", metavar="N|P%", help="Stop where more inputs than this could not be used.", show_default=False
        ),
    ] = None,
    glob: Glob = None,
    files0_from: FilesFrom = None,
    input_format: InputFormat = None,
    text_key: TextKey = "text",
    keep_meta: Annotated[
        bool, typer.Option("--keep-meta", help="Carry the other fields of JSON along, under source.meta.")
    ] = False,
    max_dump_bytes: MaxDumpBytes = DEFAULT_LIMIT,
    rules: Rules = None,
    disable: Disable = None,
    encoding: Encoding = None,
    now: Now = None,
    profile: ProfileFile = None,
    jobs: Jobs = None,
    log_format: Annotated[
        Literal["text", "json"], typer.Option("--log-format", help="How to say what there is to say.")
    ] = "text",
    quiet: Quiet = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say a line about every dump.")] = False,
) -> None:
    """Label every character of each dump header, body or noise, and write one JSON record a line.

    Dumps are files of text, lines of JSONL, records of WET, and texts in tar and zip archives, all also packed by gzip,
    bzip2, xz or Zstandard. Without a path, one dump is read from standard input.
    """
    plan = Plan(
        globs=glob,
        form=input_format,
        layout=layout,
        output=output,
        shard_size=None if shard_size is None else size(shard_size, "--shard-size"),
        compress=compress,
        removed=removed,
        rejects=rejects,
        report=report_file,
        resume=resume,
        incremental=incremental,
        shard=None if shard is None else _shard(shard),
        fail_fast=fail_fast,
        max_failures=None if max_failures is None else _failures(max_failures),
        jobs=jobs or parallel.cores(),
    )
    options = judged(
        encoding,
        rules,
        disable,
        now=now,
        key=text_key,
        keep_meta=keep_meta,
        limit=size(max_dump_bytes, "--max-dump-bytes"),
        tally=report_file is not None,
        profile=profile,
    )
    if removed is not None:
        table = options.known()
        options = replace(options, removed=lambda source, document: _removed(source, document, table))
    _check_names(plan)
    separate(plan.outputs, paths, rules, profile, files0_from)
    _check(plan)
    if quiet and verbose:
        refuse("--quiet says less and --verbose more: give one of them")
    report = Report(quiet=quiet, verbose=verbose, as_json=log_format == "json")
    view = partial(_record, layout, output)
    bar = progress.for_terminal(quiet=quiet or log_format == "json" or seen(output))  # among records it would be no bar
    raise typer.Exit(runs.run(files(paths, glob, files0_from), view, options, report, plan, bar))


def add(app: typer.Typer) -> None:
    """Make it a command."""
    app.command(epilog=examples(*EXAMPLES))(clean)


_NOISE: Final = spans.Only(kinds=frozenset(kind for kind in KINDS[NOISE] if kind))


def _record(layout: str, output: str | None, source: Source, document: Document) -> bytes:
    return data_of(writing.line(LAYOUTS[layout](source, document)), output)


def _removed(source: Source, document: Document, table: Mapping[str, Rule]) -> bytes:
    return b"".join(map(writing.line, spans.spans(source, document, table, _NOISE)))


def _shard(text: str) -> Shard:
    try:
        return Shard.parsed(text)
    except ValueError as error:
        refuse(f"--shard {error}")


def _failures(text: str) -> MaxFailures:
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(%?)", text.strip())
    if found is None or (not found[2] and "." in found[1]):
        refuse(f"--max-failures takes a number or a percentage, such as 100 or 0.5%, not {text!r}")
    return MaxFailures(float(found[1]), bool(found[2]))


def _check_names(plan: Plan) -> None:
    """Refuse names that nothing can be written by, before a long run finds out at its end."""
    beside = {"--removed": plan.removed, "--rejects": plan.rejects, "--report": plan.report, "--incremental": plan.incremental}
    for option, path in {"-o": plan.output, **beside}.items():
        if path == "":
            refuse(f"{option} got an empty name: is a variable not set?")
        if path is not None and option in beside and (os.path.isdir(path) or path.endswith(os.sep)):
            refuse(f"{option} takes a file: {path} is a folder")
    if plan.output is not None and plan.is_folder and os.path.isfile(plan.output.rstrip(os.sep)):
        refuse(f"shards go to a folder: {plan.output} is a file")
    outputs = {"the records": plan.output or writing.STDOUT, **beside}
    shown = [what for what, path in outputs.items() if path is not None and writing.descriptor(path) == 1]
    if len(shown) > 1:
        refuse(f"{' and '.join(shown)} would mix on standard output: give files")


def _check(plan: Plan) -> None:
    """Refuse what contradicts itself, before anything is read or written."""
    if not plan.is_kept:
        for option, value in (
            ("--resume", plan.resume),
            ("--incremental", plan.incremental),
            ("--shard-size", plan.shard_size),
        ):
            if value:
                refuse(f"{option} needs files that stay: say where, with -o")
        if plan.compress is not None:
            refuse("--compress is for files: give -o, or use a pipe: newsclean clean ... | gzip")
    if plan.compress is not None and not plan.is_folder:
        name = str(plan.output)
        if packing.by_name(name) not in (None, plan.compress) or name.endswith(".jsonl"):
            refuse(f"{name} is no name for what --compress {plan.compress} writes: let it end in .{plan.compress}")
    if plan.incremental is not None and plan.output is not None:
        if plan.resume:
            refuse("--incremental goes on by itself where a run was interrupted: leave out --resume")
        if plan.removed is not None:
            refuse("--removed is for a whole run: with --incremental, use newsclean diff --format jsonl")
    places = [os.path.realpath(path) for path in plan.outputs if path != writing.STDOUT]
    for path in plan.outputs:
        if path != os.devnull and places.count(os.path.realpath(path)) > 1:
            refuse(f"{path} is the place of two outputs")
