"""``newsclean diff``: what is removed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Annotated, Literal, NoReturn

import typer

from arabic_newsclean import batch
from arabic_newsclean.cli.options import (
    Disable,
    Encoding,
    Glob,
    InputFormat,
    Output,
    Paths,
    ProfileFile,
    Quiet,
    Rules,
    TextKey,
    dumps,
    examples,
    judged,
    no_rule,
    refuse,
    separate,
)
from arabic_newsclean.cli.running import data_of, run, seen
from arabic_newsclean.model import KINDS, Document, Source
from arabic_newsclean.output import writing
from arabic_newsclean.reading import Input
from arabic_newsclean.reading.streams import sought
from arabic_newsclean.report import Report, say
from arabic_newsclean.terminal import counted, visible_lines
from arabic_newsclean.views import against as against_view
from arabic_newsclean.views import diff as diff_view
from arabic_newsclean.views import spans as spans_view
from arabic_newsclean.views import unified as unified_view

DiffFormat = Literal["terminal", "unified", "jsonl", "html"]


EXAMPLES = (
    "newsclean diff page.txt",
    "newsclean diff --format unified page.txt | patch page.txt",
    "newsclean diff dumps/ --stat",
    "newsclean diff dumps/ --format html -o report.html",
    "newsclean diff dumps/ --disable agency-word --against records.jsonl",
)


def diff(
    paths: Paths = None,
    format: Annotated[
        DiffFormat | None,
        typer.Option("--format", help="How to show it.", show_default="terminal on a terminal, else unified"),
    ] = None,
    context: Annotated[
        int | None,
        typer.Option("-U", "--context", min=0, help="Kept lines to show around the others.", show_default="1; unified 3"),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="KIND", help="Only what is of this kind; may be repeated.", show_default=False),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option("--rule", metavar="NAME", help="Only what this rule removed; may be repeated.", show_default=False),
    ] = None,
    stat: Annotated[bool, typer.Option("--stat", help="Show sums by kind and by rule instead.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Exit with 1 where anything would be removed.")] = False,
    against: Annotated[
        str | None,
        typer.Option(
            "--against", metavar="OLD", help="Show what changes from these records (JSONL, also packed).", show_default=False
        ),
    ] = None,
    output: Output = None,
    glob: Glob = None,
    rules: Rules = None,
    disable: Disable = None,
    encoding: Encoding = None,
    profile: ProfileFile = None,
    input_format: InputFormat = None,
    text_key: TextKey = "text",
    quiet: Quiet = False,
) -> None:
    """Show what is removed from each dump, with its kind and rule, what is header, and what is kept between.

    For reading (terminal), as a diff that patch applies to the dump and that leaves its body (unified), one JSON object
    a removed span (jsonl), or a web page to search and to review (html).
    """
    options = judged(encoding, rules, disable, key=text_key, profile=profile)
    separate([output], paths, rules, profile, against)
    wanted = _only(only, rule, options)
    shape = format or ("terminal" if seen(output) else "unified")
    if against is not None and (stat or format in ("unified", "html")):
        refuse("--against shows changes of labels: with --format terminal or jsonl, and without --stat")
    if stat and format in ("unified", "jsonl"):
        refuse("--stat is a table for reading: leave out --format")
    if shape == "html":
        if stat or only or rule:
            refuse("the page has filters and sums of its own: leave out --stat, --only and --rule")
        if seen(output):
            refuse("a web page is for a browser: say where, with -o report.html")
        _pages(dumps(paths, glob, input_format, options), options, Report(quiet=quiet), output, wanted if check else None)
    if shape == "unified" and format == "unified" and (only or rule):
        refuse("--only and --rule leave no diff that patch applies: use them with --format terminal or jsonl, or --stat")
    if shape == "unified" and (only or rule or against is not None):
        shape = "terminal"
    report = Report(quiet=quiet)
    sums = spans_view.Stat(wanted)
    useless = 0  # diffs that `patch` can't apply
    lines = 1 if context is None and shape == "terminal" else 3 if context is None else context
    show = _shown(shape, lines, wanted, options, output)
    with _earlier(against) as earlier:
        if earlier is not None:
            show = _changed(shape, earlier, wanted, output)

        def view(source: Source, document: Document) -> bytes:
            report.unwanted = report.unwanted or (check and any(map(wanted, document.segments)))
            if stat:
                sums.add(document)
                return b""
            data = show(source, document)
            nonlocal useless
            useless += bool(data) and not unified_view.applies(source)
            return data

        def end() -> bytes:
            if shape == "unified" and useless and not quiet:
                those = counted(useless, "dump")
                say(f"newsclean: patch can't apply the diffs of {those}: not plain UTF-8 (encoding, mark or damage)")
            return sums.table().encode() if stat else b""

        run(dumps(paths, glob, input_format, options), view, options, report, output=output, end=end)


def add(app: typer.Typer) -> None:
    """Make it a command."""
    app.command(epilog=examples(*EXAMPLES))(diff)


def _pages(
    inputs: Iterator[Input], options: batch.Options, report: Report, output: str | None, check: spans_view.Only | None
) -> NoReturn:
    """Write the report as a web page, or as several beside one another."""
    try:
        import jinja2  # noqa: F401
    except ImportError:
        refuse("--format html needs jinja2: pip install 'newsclean[html]'")
    from arabic_newsclean.views.page import Report as Pages
    from arabic_newsclean.views.page import is_free

    pages = Pages(options.known())

    def view(source: Source, document: Document) -> bytes:
        pages.add(source, document)
        report.unwanted = report.unwanted or (check is not None and any(map(check, document.segments)))
        return b""

    def end() -> bytes:
        (_, first), *others = pages.pages(output or "report.html")
        if others and (output is None or not writing.is_kept(output)):
            refuse(f"{report.dumps} dumps make {len(others) + 1} pages: say where, with -o report.html")
        places = [os.path.join(os.path.dirname(str(output)), name) for name, _ in others]
        for path in places:
            if not is_free(path):
                refuse(f"{path} is in the place of a page and is none of ours: give another name than {output}")
        for path, (_, content) in zip(places, others, strict=True):
            with writing.opened(path) as out:
                out.write(content)
        return first

    run(inputs, view, options, report, output=output, end=end)


def _only(kinds: Sequence[str] | None, names: Sequence[str] | None, options: batch.Options) -> spans_view.Only:
    known = {kind for kinds in KINDS.values() for kind in kinds if kind}
    for kind in kinds or ():
        if kind not in known:
            refuse(f"no such kind: {kind!r} (one of {', '.join(sorted(known))})")
    for name in names or ():
        if options.rules is not None and name not in options.rules.by_name:
            refuse(no_rule(name, options.rules))
    return spans_view.Only(frozenset(kinds or ()), frozenset(names or ()))


def _shown(shape: str, context: int, only: spans_view.Only, options: batch.Options, output: str | None) -> batch.View:
    """The view of each dump in one of the formats. What is for programs stays as it is, but on a terminal."""
    if shape == "unified":
        return lambda source, document: data_of(unified_view.unified(source, document, context=context), output, visible_lines)
    if shape == "jsonl":
        table = options.known()
        spans = spans_view.spans
        return lambda source, document: data_of(b"".join(map(writing.line, spans(source, document, table, only))), output)
    show = partial(diff_view.plain, context=context, only=only)
    if seen(output):
        from rich.console import Console

        show = partial(diff_view.coloured, context=context, only=only, console=Console())
    return lambda source, document: show(source, document).encode()


@contextmanager
def _earlier(path: str | None) -> Iterator[against_view.Earlier | None]:
    if path is None:
        yield None
        return
    with ExitStack() as stack:
        try:
            earlier = against_view.Earlier(stack.enter_context(sought(path)))
        except OSError as error:
            refuse(f"{path}: {error.strerror}")
        except ValueError as error:
            refuse(f"{path}: {error}")
        yield earlier


def _changed(shape: str, earlier: against_view.Earlier, only: spans_view.Only, output: str | None) -> batch.View:
    def view(source: Source, document: Document) -> bytes:
        found = against_view.changes(source, document, earlier, only)
        if shape == "jsonl":
            return data_of(b"".join(map(writing.line, found)), output)
        return "".join(f"{against_view.shown(change)}\n" for change in found).encode()

    return view
