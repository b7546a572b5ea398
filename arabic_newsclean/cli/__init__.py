"""The command line: what the words mean, and which function does each. The only package that imports typer.

Standard output is data, standard error is talk, and the exit status is the verdict: 0 all well, 1 some input could not
be used (it is named, the rest is written), 2 wrong usage, 75 another run holds the lock, 128+n stopped by signal n. A
closed pipe is not an error.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Annotated, Final

import typer

from arabic_newsclean import __version__, signals
from arabic_newsclean.output import writing
from arabic_newsclean.report import say

#: The commands, and the module of each, which adds it: see `application`.
COMMANDS: Final = {
    "clean": "clean",
    "diff": "diff",
    "explain": "explain",
    "eval": "evaluate",
    "rules": "rules",
    "learn": "learn",
    "merge": "merge",
    "profile": "profile",
    "manual": "manual",
}


def application(*names: str) -> typer.Typer:
    """The command line with the commands of these names, or with all: what is not asked for need not be loaded."""
    app = typer.Typer(
        name="newsclean",
        help="Tell the article from the rest in raw text dumps of Arabic news pages.",
        epilog="Start with: newsclean diff page.txt",
        no_args_is_help=True,
        rich_markup_mode=None,  # mail from cron has no use for boxes
        pretty_exceptions_enable=False,
    )
    app.callback()(newsclean)
    for name in names or COMMANDS:
        import_module(f"{__name__}.{COMMANDS[name]}").add(app)
    return app


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"newsclean {__version__}")
        raise typer.Exit


def newsclean(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """What stands before the command."""


def main() -> None:
    """The command ``newsclean``. Ends by SystemExit with the status."""
    signals.listen()
    asked = [name for name in sys.argv[1:2] if name in COMMANDS and name != "manual"]  # which tells of all
    try:
        app = application(*asked)
        gc.freeze()
        gc.enable()
        app(prog_name="newsclean")
    except signals.Stopped as stopped:
        say(f"newsclean: stopped by {stopped.signal.name}")
        sys.exit(128 + stopped.signal)
    except OSError as error:  # a page of help, or the version, to a full disk: what else is written is told where it is
        if sys.stdout is not None:
            writing.give_up(sys.stdout.buffer)
        say(f"newsclean: {error.filename or 'cannot write standard output'}: {error.strerror}")
        sys.exit(1)
