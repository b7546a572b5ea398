"""The command line: what the words mean, and which function does each. The only package that imports typer.

Standard output is data, standard error is talk, and the exit status is the verdict: 0 all well, 1 some input could not
be used (it is named, the rest is written), 2 wrong usage, 75 another run holds the lock, 128+n stopped by signal n. A
closed pipe is not an error.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from arabic_newsclean import __version__, signals
from arabic_newsclean.cli import clean, diff, evaluate, explain, learn, manual, merge, rules
from arabic_newsclean.report import say


def _example(*commands: str) -> str:
    """The end of a command's help: lines to copy, kept as they are by \\b."""
    return "\b\nExamples:\n" + "\n".join(f"  {command}" for command in commands)


app = typer.Typer(
    name="newsclean",
    help="Tell the article from the rest in raw text dumps of Arabic news pages.",
    epilog="Start with: newsclean diff page.txt",
    no_args_is_help=True,
    rich_markup_mode=None,  # mail from cron has no use for boxes
    pretty_exceptions_enable=False,
)
app.command(epilog=_example(*clean.EXAMPLES))(clean.clean)
app.command(epilog=_example(*diff.EXAMPLES))(diff.diff)
app.command(epilog=_example(*explain.EXAMPLES))(explain.explain)
app.command("eval", epilog=_example(*evaluate.EXAMPLES))(evaluate.evaluate)

_rules = typer.Typer(rich_markup_mode=None)
_rules.callback(invoke_without_command=True, epilog=_example(*rules.EXAMPLES))(rules.list_rules)
_rules.command("show", epilog=_example(rules.EXAMPLES[1]))(rules.show_rule)
app.add_typer(_rules, name="rules")
app.command(epilog=_example(*learn.LEARN_EXAMPLES))(learn.learn)
app.command(epilog=_example(*merge.EXAMPLES))(merge.merge)

_profile = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
_profile.callback()(learn.profile_group)
_profile.command("show", epilog=_example(*learn.PROFILE_EXAMPLES))(learn.show_profile)
app.add_typer(_profile, name="profile")
app.command(epilog=_example(*manual.EXAMPLES))(manual.manual)


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


def main() -> None:
    """The command ``newsclean``. Ends by SystemExit with the status."""
    signals.listen()
    try:
        app(prog_name="newsclean")
    except signals.Stopped as stopped:
        say(f"newsclean: stopped by {stopped.signal.name}")
        sys.exit(128 + stopped.signal)
