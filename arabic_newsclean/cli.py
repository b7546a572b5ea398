"""The command line: what the words mean, and which function does each. The only module that imports typer.

Standard output is data, standard error is talk, and the exit status is the verdict: 0 all well, 1 some input could not
be used (it is named, the rest is written), 2 wrong usage, 128+n stopped by signal n. A closed pipe is not an error.
"""

from __future__ import annotations

import difflib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from types import FrameType
from typing import Annotated, BinaryIO, Literal, NoReturn

import typer

from arabic_newsclean import __version__, batch, models, parallel, progress, reading, rules, writing
from arabic_newsclean import rules as tables
from arabic_newsclean.model import KINDS, Document, Rule, Source
from arabic_newsclean.reading import Input
from arabic_newsclean.report import Report, say
from arabic_newsclean.rules import RuleSet
from arabic_newsclean.terminal import is_terminal, visible, visible_json, visible_lines
from arabic_newsclean.views import against as against_view
from arabic_newsclean.views import diff as diff_view
from arabic_newsclean.views import spans as spans_view
from arabic_newsclean.views import unified as unified_view

app = typer.Typer(
    name="newsclean",
    help="Tell the article from the rest in raw text dumps of Arabic news pages.",
    epilog="Start with: newsclean diff page.txt",
    no_args_is_help=True,
    rich_markup_mode=None,  # mail from cron has no use for boxes
    pretty_exceptions_enable=False,
)
rules_app = typer.Typer(rich_markup_mode=None)
app.add_typer(rules_app, name="rules")

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH", help="Files, folders (with all folders in them), or - for standard input.", show_default=False
    ),
]
Glob = Annotated[
    list[str] | None,
    typer.Option("--glob", metavar="PATTERN", help="Which files of a folder to read; may be repeated.", show_default="*.txt"),
]
Rules = Annotated[
    list[str] | None,
    typer.Option("--rules", metavar="FILE", help="Add the rules of a table (TOML); may be repeated.", show_default=False),
]
Disable = Annotated[
    list[str] | None,
    typer.Option("--disable", metavar="NAME", help="Leave one rule out; may be repeated.", show_default=False),
]
Encoding = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help="Read every dump in this encoding, not the one found.", show_default=False),
]
Now = Annotated[
    str | None,
    typer.Option(
        "--now",
        metavar="TIME",
        help="When the pages were fetched (2026-03-08 or 2026-03-08T14:05): dates pages that print only their age.",
        show_default=False,
    ),
]
Output = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write here: the whole of it, or nothing.", show_default=False),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what went wrong.")]
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="For reading, or for programs.")]


def _example(*commands: str) -> str:
    """The end of a command's help: lines to copy, kept as they are by \\b."""
    return "\b\nExamples:\n" + "\n".join(f"  {command}" for command in commands)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"newsclean {__version__}")
        raise typer.Exit


@app.callback()
def newsclean(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """What stands before the command."""


@app.command(epilog=_example("newsclean clean dumps/ -o records.jsonl", "curl -s URL | html2text | newsclean clean"))
def clean(
    paths: Paths = None,
    output: Output = None,
    glob: Glob = None,
    rules: Rules = None,
    disable: Disable = None,
    encoding: Encoding = None,
    now: Now = None,
    jobs: Annotated[
        int | None,
        typer.Option("-j", "--jobs", metavar="N", min=1, help="How many processes clean.", show_default="the cores"),
    ] = None,
    quiet: Quiet = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say a line about every dump.")] = False,
) -> None:
    """Label every character of each dump header, body or noise, and write one JSON record a line.

    Without a path, one dump is read from standard input.
    """
    options = _options(encoding, rules, disable, now)
    report = Report(quiet=quiet, verbose=verbose)
    seen = output in (None, writing.STDOUT) and is_terminal(sys.stdout)
    bar = not quiet and not seen and is_terminal(sys.stderr)  # a bar among records would be neither
    jobs = jobs or parallel.cores()
    _run(_inputs(paths, glob), _seen_record if seen else _record, options, report, output=output, bar=bar, jobs=jobs)


def _record(source: Source, document: Document) -> bytes:
    return writing.line(document.record(source))


def _seen_record(source: Source, document: Document) -> bytes:
    return visible_json(_record(source, document).decode()).encode()


DiffFormat = Literal["terminal", "unified", "jsonl", "html"]


@app.command(
    epilog=_example(
        "newsclean diff page.txt",
        "newsclean diff --format unified page.txt | patch page.txt",
        "newsclean diff dumps/ --stat",
        "newsclean diff dumps/ --format html -o report.html",
        "newsclean diff dumps/ --disable agency-word --against records.jsonl",
    )
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
        typer.Option("--against", metavar="OLD", help="Show what changes from these records (JSONL).", show_default=False),
    ] = None,
    output: Output = None,
    glob: Glob = None,
    rules: Rules = None,
    disable: Disable = None,
    encoding: Encoding = None,
    quiet: Quiet = False,
) -> None:
    """Show what is removed from each dump, with its kind and rule, what is header, and what is kept between.

    For reading (terminal), as a diff that patch applies to the dump and that leaves its body (unified), one JSON object
    a removed span (jsonl), or a web page to search and to review (html).
    """
    options = _options(encoding, rules, disable)
    wanted = _only(only, rule, options)
    shape = format or ("terminal" if is_terminal(sys.stdout) else "unified")
    if against is not None and (stat or format in ("unified", "html")):
        _refuse("--against shows changes of labels: with --format terminal or jsonl, and without --stat")
    if shape == "html":
        if stat or only or rule:
            _refuse("the page has filters and sums of its own: leave out --stat, --only and --rule")
        _pages(_inputs(paths, glob), options, Report(quiet=quiet), output, wanted if check else None)
    if shape == "unified" and format == "unified" and (only or rule):
        _refuse("--only and --rule leave no diff that patch applies: use them with --format terminal or jsonl, or --stat")
    if shape == "unified" and (only or rule or against is not None):
        shape = "terminal"
    report = Report(quiet=quiet)
    sums = spans_view.Stat(wanted)
    lines = 1 if context is None and shape == "terminal" else 3 if context is None else context
    show = _shown(shape, lines, wanted, options)
    with _earlier(against) as earlier:
        if earlier is not None:
            show = _changed(shape, earlier, wanted)

        def view(source: Source, document: Document) -> bytes:
            report.unwanted = report.unwanted or (check and any(map(wanted, document.segments)))
            if stat:
                sums.add(document)
                return b""
            return show(source, document)

        end = sums.table if stat else str
        _run(_inputs(paths, glob), view, options, report, output=output, end=lambda: end().encode())


def _pages(
    inputs: Iterator[Input], options: batch.Options, report: Report, output: str | None, check: spans_view.Only | None
) -> NoReturn:
    """Write the report as a web page, or as several beside one another."""
    try:
        import jinja2  # noqa: F401
    except ImportError:
        _refuse("--format html needs jinja2: pip install 'newsclean[html]'")
    from arabic_newsclean.views.page import Report as Pages

    pages = Pages((options.rules or tables.default()).by_name)

    def view(source: Source, document: Document) -> bytes:
        pages.add(source, document)
        report.unwanted = report.unwanted or (check is not None and any(map(check, document.segments)))
        return b""

    def end() -> bytes:
        (_, first), *others = pages.pages(output or "report.html")
        if others and output in (None, writing.STDOUT):
            _refuse(f"{report.dumps} dumps make {len(others) + 1} pages: say where, with -o report.html")
        for name, content in others:
            with writing.opened(os.path.join(os.path.dirname(str(output)), name)) as out:
                out.write(content)
        return first

    _run(inputs, view, options, report, output=output, end=end)


def _only(kinds: Sequence[str] | None, names: Sequence[str] | None, options: batch.Options) -> spans_view.Only:
    known = {kind for kinds in KINDS.values() for kind in kinds if kind}
    for kind in kinds or ():
        if kind not in known:
            _refuse(f"no such kind: {kind!r} (one of {', '.join(sorted(known))})")
    for name in names or ():
        if options.rules is not None and name not in options.rules.by_name:
            _refuse(_no_rule(name, options.rules))
    return spans_view.Only(frozenset(kinds or ()), frozenset(names or ()))


def _shown(shape: str, context: int, only: spans_view.Only, options: batch.Options) -> batch.View:
    """The view of each dump in one of the formats. What is for programs stays as it is, but on a terminal."""
    seen = is_terminal(sys.stdout)
    if shape == "unified":
        return lambda source, document: _data(unified_view.unified(source, document, context=context), seen, visible_lines)
    if shape == "jsonl":
        table = (options.rules or tables.default()).by_name
        spans = spans_view.spans
        return lambda source, document: _data(
            b"".join(map(writing.line, spans(source, document, table, only))), seen, visible_json
        )
    show = partial(diff_view.plain, context=context, only=only)
    if seen:
        from rich.console import Console

        show = partial(diff_view.coloured, context=context, only=only, console=Console())
    return lambda source, document: show(source, document).encode()


def _data(data: bytes, seen: bool, safe: Callable[[str], str]) -> bytes:
    return safe(data.decode("utf-8", "replace")).encode() if seen else data


@contextmanager
def _earlier(path: str | None) -> Iterator[against_view.Earlier | None]:
    if path is None:
        yield None
        return
    try:
        earlier = against_view.Earlier(path)
    except OSError as error:
        _refuse(f"{path}: {error.strerror}")
    except ValueError as error:
        _refuse(f"{path}: {error}")
    with earlier:
        yield earlier


def _changed(shape: str, earlier: against_view.Earlier, only: spans_view.Only) -> batch.View:
    def view(source: Source, document: Document) -> bytes:
        found = against_view.changes(source, document, earlier, only)
        if shape == "jsonl":
            return _data(b"".join(map(writing.line, found)), is_terminal(sys.stdout), visible_json)
        return "".join(f"{against_view.shown(change)}\n" for change in found).encode()

    return view


@app.command(epilog=_example("newsclean explain page.txt", "newsclean explain --format json page.txt"))
def explain(
    paths: Paths = None,
    format: Format = "text",
    glob: Glob = None,
    rules: Rules = None,
    disable: Disable = None,
    encoding: Encoding = None,
    quiet: Quiet = False,
) -> None:
    """Say why every block of a dump got its label: the rule, what spoke for and against it, and how surely.

    As JSON, one object a block.
    """
    from arabic_newsclean.views import explain as explain_view

    options = _options(encoding, rules, disable)
    table = (options.rules or tables.default()).by_name

    def view(source: Source, document: Document) -> bytes:
        rows = explain_view.explained(source, document, table, models.default())
        if format == "json":
            return _data(b"".join(map(writing.line, rows)), is_terminal(sys.stdout), visible_json)
        return f"{visible(source.path)}:\n{''.join(map(explain_view.shown, rows))}\n".encode()

    _run(_inputs(paths, glob), view, options, Report(quiet=quiet))


@rules_app.callback(
    invoke_without_command=True,
    epilog=_example("newsclean rules", "newsclean rules show comment-prompt", "newsclean rules --rules mine.toml show my-rule"),
)
def list_rules(context: typer.Context, format: Format = "text", rules: Rules = None, disable: Disable = None) -> None:
    """List the rules: their names, what they mark, and why."""
    context.obj = _rules(rules, disable)
    if context.invoked_subcommand is not None:
        return
    if format == "json":
        _print(json.dumps([asdict(rule) for rule in context.obj], ensure_ascii=False, indent=2) + "\n")
        return
    width = max((len(rule.name) for rule in context.obj), default=0)
    _print("".join(f"{rule.name:{width}}  {_marks(rule):18}  {visible(rule.why)}\n" for rule in context.obj))


@rules_app.command("show", epilog=_example("newsclean rules show comment-prompt"))
def show_rule(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME", help="As the list prints it.")]
) -> None:
    """Print one rule whole: how it matches, what it catches, what it spares."""
    rule = context.obj.by_name.get(name)
    if rule is None:
        _refuse(_no_rule(name, context.obj))
    lines = [f"{rule.name}: {_marks(rule)}", "", visible(rule.why)]
    for field, value in asdict(rule).items():
        if field in ("name", "part", "kind", "why") or not value:
            continue
        values = value if isinstance(value, tuple) else (str(value),)
        lines += ["", f"{field}:", *(f"  {visible(item)}" for item in values)]
    _print("".join(f"{line}\n" for line in lines))


def _marks(rule: Rule) -> str:
    return f"{rule.part}.{rule.kind}" if rule.kind else rule.part


@app.command(
    "eval",
    epilog=_example(
        "newsclean eval annotated/", "newsclean eval annotated/ --worst 0 --format json", "newsclean eval annotated/ --by-rule"
    ),
)
def evaluate(
    places: Annotated[list[str], typer.Argument(metavar="PLACE", help="Annotated dumps (.ann), or folders of them.")],
    worst: Annotated[int, typer.Option("--worst", min=0, help="How many of the worst dumps to name.")] = 5,
    by_rule: Annotated[bool, typer.Option("--by-rule", help="Show how each rule serves instead, on how many sites.")] = False,
    format: Format = "text",
    rules: Rules = None,
    disable: Disable = None,
) -> None:
    """Score newsclean on dumps that you have annotated: how well does it serve your pages?"""
    from arabic_newsclean import evaluate as evaluation

    text, problems = evaluation.run(places, worst=worst, format=format, rules=_rules(rules, disable), each_rule=by_rule)
    for problem in problems:
        say(f"newsclean: {problem}")
    _print(text)
    raise typer.Exit(1 if problems else 0)


def _inputs(paths: Sequence[str] | None, globs: Sequence[str] | None) -> Iterator[Input]:
    if not paths and is_terminal(sys.stdin):
        _refuse("nothing to read: give a file, a folder, or - for what you type (newsclean clean --help)")
    return reading.walk(paths or [reading.STDIN], globs or reading.GLOBS)


def _options(
    encoding: str | None, paths: Sequence[str] | None, disabled: Sequence[str] | None, now: str | None = None
) -> batch.Options:
    try:
        name = None if encoding is None else reading.codec(encoding)
    except LookupError:
        _refuse(f"no such encoding: {encoding!r} (such as utf-8, cp1256, iso8859-6, utf-16)")
    try:
        time = None if now is None else datetime.fromisoformat(now)
    except ValueError:
        _refuse(f"--now takes a date or a time such as 2026-03-08 or 2026-03-08T14:05, not {now!r}")
    return batch.Options(name, _rules(paths, disabled), time)


def _rules(paths: Sequence[str] | None, disabled: Sequence[str] | None) -> RuleSet:
    try:
        return rules.combine(paths or (), disabled or ())
    except rules.RuleError as error:
        _refuse(str(error))
    except KeyError as error:
        _refuse(_no_rule(error.args[0], rules.combine(paths or ())))
    except OSError as error:
        _refuse(f"{error.filename}: {error.strerror}")


def _no_rule(name: str, known: RuleSet) -> str:
    near = difflib.get_close_matches(name, known.by_name, n=3, cutoff=0.5)
    return f"no such rule: {name!r}" + (f"; did you mean {' or '.join(near)}?" if near else " (newsclean rules lists them)")


def _run(
    inputs: Iterator[Input],
    view: batch.View,
    options: batch.Options,
    report: Report,
    *,
    output: str | None = None,
    bar: bool = False,
    end: Callable[[], bytes] = bytes,
    jobs: int = 1,
) -> NoReturn:
    """Put every input through the view and out, then what is to be said at the end, and exit with the run's status."""
    if output not in (None, writing.STDOUT):
        inputs = _others(inputs, output)
    try:
        with _to(output) as out, _watched(inputs, bar) as watched:
            for data in parallel.run(watched, view, options, report, jobs):
                out.write(data)
            out.write(end())
            if report.failures and not report.dumps and output not in (None, writing.STDOUT):
                raise NothingReadError
    except NothingReadError:
        say(f"newsclean: nothing could be read, so {output} is left as it was")
    report.close()
    raise typer.Exit(report.status)


class NothingReadError(Exception):
    """Not one input could be used: no reason to put an empty file in the place of last night's."""


def _others(inputs: Iterable[Input], output: str) -> Iterator[Input]:
    """The inputs, none of which is the output: what is read must not be what is replaced."""
    output = os.path.realpath(output)
    for item in inputs:
        if item.path != reading.STDIN and os.path.realpath(item.path) == output:
            _refuse(f"{item.path} is both a dump to read and the output; write to another file")
        yield item


@contextmanager
def _to(output: str | None) -> Iterator[BinaryIO]:
    """The place for data. That nobody reads on is the end of the work; that it cannot be written is an error."""
    try:
        with writing.opened(output) as out:
            yield out
    except BrokenPipeError:
        raise typer.Exit(0) from None
    except OSError as error:
        say(f"newsclean: cannot write {output or 'standard output'}: {error.strerror}")
        raise typer.Exit(1) from None


@contextmanager
def _watched(inputs: Iterator[Input], bar: bool) -> Iterator[Iterable[Input]]:
    """The inputs, with a progress bar if one is wanted: only that needs to know them all before it begins."""
    if bar:
        with progress.tracked(list(inputs), reading.size) as tracked:
            yield tracked
    else:
        yield inputs


def _print(text: str) -> None:
    with _to(None) as out:
        out.write(text.encode())


def _refuse(reason: str) -> NoReturn:
    """End for wrong usage: the reason says what to type instead."""
    say(f"newsclean: {reason}")
    raise typer.Exit(2)


class Stopped(BaseException):
    """A signal asked the run to end. Not an Exception, so that nothing takes it for the fault of a dump."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.signal = signal.Signals(number)


_STOPPING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    for each in _STOPPING:
        signal.signal(each, signal.SIG_DFL)  # who asks twice does not want to wait for the cleaning up
    raise Stopped(number)


def main() -> None:
    """The command ``newsclean``. Ends by SystemExit with the status."""
    for number in _STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup and background jobs ask for that
            signal.signal(number, _stop)
    try:
        app(prog_name="newsclean")
    except Stopped as stopped:
        say(f"newsclean: stopped by {stopped.signal.name}")
        sys.exit(128 + stopped.signal)
