"""``newsclean learn``: what a source repeats, found and joined."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from arabic_newsclean import parallel, progress
from arabic_newsclean import rules as tables
from arabic_newsclean.batch import Done
from arabic_newsclean.cli.options import (
    DEFAULT_LIMIT,
    Disable,
    Encoding,
    FilesFrom,
    Glob,
    InputFormat,
    Jobs,
    MaxDumpBytes,
    Output,
    Paths,
    Quiet,
    Rules,
    TextKey,
    examples,
    files,
    judged,
    profile_of,
    refuse,
    separate,
    size,
)
from arabic_newsclean.cli.running import data_of, to
from arabic_newsclean.output.apart import OverwriteError, others
from arabic_newsclean.profile import Profile, ProfileError, Site
from arabic_newsclean.profile.table import FOLDER, HOST, KEY, REGEX, check_by
from arabic_newsclean.reading import dumps
from arabic_newsclean.report import Report
from arabic_newsclean.terminal import counted

EXAMPLES = (
    "newsclean learn corpus/ -o profile.json",
    "newsclean learn pages.jsonl --key site -o profile.json",
    "newsclean learn --merge 2024.json 2025.json -o profile.json",
)


def learn(
    paths: Paths = None,
    output: Output = None,
    by: Annotated[
        str,
        typer.Option(
            "--by", metavar="folder|host|REGEX", help="What tells sources apart: the first group of a pattern in the path."
        ),
    ] = FOLDER,
    key: Annotated[
        str | None,
        typer.Option(
            "--key", metavar="FIELD", help="The field of JSON that names the source, instead of --by.", show_default=False
        ),
    ] = None,
    min_dumps: Annotated[
        int, typer.Option("--min-dumps", metavar="N", min=5, help="Learn nothing of a source with fewer dumps.")
    ] = 20,
    merge: Annotated[
        bool, typer.Option("--merge", help="The paths are profiles of parts of a corpus: write one of them all.")
    ] = False,
    glob: Glob = None,
    files0_from: FilesFrom = None,
    input_format: InputFormat = None,
    text_key: TextKey = "text",
    max_dump_bytes: MaxDumpBytes = DEFAULT_LIMIT,
    rules: Rules = None,
    disable: Disable = None,
    encoding: Encoding = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
) -> None:
    """Learn from many dumps of each source which lines it prints on page after page, and write them to a profile.

    The profile is JSON to be read and edited; newsclean clean --profile takes its lines out.
    """
    if merge:
        _write(_merged(_given(paths)), output)
        return
    separate([output], paths, rules, files0_from)
    told_by = _by(by, key)
    limit = size(max_dump_bytes, "--max-dump-bytes")
    options = judged(encoding, rules, disable, key=text_key, keep_meta=True, limit=limit)
    from arabic_newsclean.profile import pages, repeats

    table = options.rules or tables.default()
    view = partial(pages.page_of, by=told_by, places=pages.place_rules(table))
    report = Report(quiet=quiet)
    unnamed = 0
    try:
        with pages.Store() as store, progress.for_terminal(quiet=quiet) as bar:
            found = others(files(paths, glob, files0_from), [output])
            inputs = dumps(bar.files(found), input_format, globs=glob, limit=options.limit)
            for outcome in parallel.outcomes(inputs, view, options, jobs or parallel.cores()):
                report.tell(outcome)
                bar.tick(report.dumps)
                if isinstance(outcome, Done) and outcome.data:
                    store.add(outcome.data)
                unnamed += isinstance(outcome, Done) and not outcome.data
            learned = repeats.learn(store.sources(), table, min_dumps)
            sites = {name: Site(seen, looked, entries) for name, seen, looked, entries in learned}
            sources = len(store)
    except OverwriteError as error:
        refuse(str(error))
    except OSError as error:
        report.say(f"cannot keep the sample: {error.strerror or error}", event="cannot-write")
        raise typer.Exit(1) from None
    if report.read_nothing:
        report.say("nothing could be read, so no profile is written", event="nothing-read")
        raise typer.Exit(1)
    _write(Profile(told_by, sites), output)
    report.close()
    if not quiet:
        entries = sum(len(site.entries) for site in sites.values())
        enough = f"{len(sites)} with {min_dumps} dumps or more"
        told = f"{counted(sources, 'source')}, {enough}, {counted(entries, 'entry', 'entries')}"
        lost = f"; the source of {counted(unnamed, 'dump')} could not be told" if unnamed else ""
        report.say(told + lost, level="info", event="learned")
    raise typer.Exit(report.status)


def add(app: typer.Typer) -> None:
    """Make it a command."""
    app.command(epilog=examples(*EXAMPLES))(learn)


def _given(paths: list[str] | None) -> list[str]:
    if not paths:
        refuse("--merge needs the profiles to join: newsclean learn --merge a.json b.json -o all.json")
    return paths


def _merged(paths: list[str]) -> Profile:
    try:
        return Profile.merged([profile_of(path) for path in paths])
    except ProfileError as error:
        refuse(f"these profiles are no parts of one: {error}")


def _by(by: str, key: str | None) -> str:
    if key is not None and by != FOLDER:
        refuse("give --by or --key, not both")
    told_by = f"{KEY}{key}" if key is not None else by if by in (FOLDER, HOST) else f"{REGEX}{by}"
    try:
        check_by(told_by)
    except ProfileError as error:
        refuse(f"--by: {error}")
    return told_by


def _write(profile: Profile, output: str | None) -> None:
    with to(output) as out:
        out.write(data_of(profile.dumps(), output))
