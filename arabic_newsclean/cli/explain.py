"""``newsclean explain``: why each block got its label."""

from __future__ import annotations

import typer

from arabic_newsclean import models
from arabic_newsclean.cli.options import (
    Disable,
    Encoding,
    Format,
    Glob,
    InputFormat,
    Paths,
    ProfileFile,
    Quiet,
    Rules,
    TextKey,
    dumps,
    examples,
    judged,
)
from arabic_newsclean.cli.running import data_of, run
from arabic_newsclean.model import Document, Source
from arabic_newsclean.output import writing
from arabic_newsclean.report import Report
from arabic_newsclean.terminal import visible

EXAMPLES = ("newsclean explain page.txt", "newsclean explain --format json page.txt")


def explain(
    paths: Paths = None,
    format: Format = "text",
    glob: Glob = None,
    rules: Rules = None,
    disable: Disable = None,
    encoding: Encoding = None,
    profile: ProfileFile = None,
    input_format: InputFormat = None,
    text_key: TextKey = "text",
    quiet: Quiet = False,
) -> None:
    """Say why every block of a dump got its label: the rule, what spoke for and against it, and how surely.

    As JSON, one object a block.
    """
    from arabic_newsclean.views import explain as explain_view

    options = judged(encoding, rules, disable, key=text_key, profile=profile)
    table = options.known()

    def view(source: Source, document: Document) -> bytes:
        rows = explain_view.explained(source, document, table, models.default())
        if format == "json":
            return data_of(b"".join(map(writing.line, rows)))
        return f"{visible(source.id)}:\n{''.join(map(explain_view.shown, rows))}\n".encode()

    run(dumps(paths, glob, input_format, options), view, options, Report(quiet=quiet))


def add(app: typer.Typer) -> None:
    """Make it a command."""
    app.command(epilog=examples(*EXAMPLES))(explain)
