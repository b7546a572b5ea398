"""``newsclean profile``: what was learned of the sources, shown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from arabic_newsclean.cli import running
from arabic_newsclean.cli.options import examples, profile_of, refuse

EXAMPLES = ("newsclean profile show profile.json", "newsclean profile show --format html profile.json > profile.html")


def profile() -> None:
    """Show what was learned of the sources."""


def show(
    path: Annotated[Path, typer.Argument(metavar="PROFILE", help="A file that newsclean learn wrote.")],
    format: Annotated[Literal["text", "json", "html"], typer.Option("--format", help="For reading, or for programs.")] = "text",
) -> None:
    """Show what a profile holds: for each source its entries, their kinds, how many pages showed them, and examples."""
    from arabic_newsclean.views import profile as view

    if format == "html" and running.seen():
        refuse("a web page is for a browser: newsclean profile show --format html PROFILE > profile.html")
    running.show({"text": view.text, "json": view.lines, "html": view.page}[format](profile_of(str(path))))


def add(app: typer.Typer) -> None:
    """Make them commands."""
    group = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
    group.callback(epilog=examples(*EXAMPLES))(profile)
    group.command(epilog=examples(*EXAMPLES))(show)
    app.add_typer(group, name="profile")
