"""``newsclean manual``: the manual page, written from the definitions of the commands and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from arabic_newsclean import __version__
from arabic_newsclean.cli.options import examples
from arabic_newsclean.cli.running import show

EXAMPLES = ("newsclean manual > ~/.local/share/man/man1/newsclean.1", "newsclean manual | man -l -")

#: What a status means, for the page and for who reads this.
STATUSES = (
    ("0", "All well."),
    ("1", "Some input could not be used: it is named, and the rest is written. Or the output could not be written."),
    ("2", "Wrong usage: nothing was done, and the message says what to type instead."),
    ("75", "Another run holds the lock of the output; the message says which."),
    ("128+n", "Stopped by signal n; the same command with --resume goes on."),
)


def manual(context: typer.Context) -> None:
    """Print the manual page of all commands, for man."""
    root = context.find_root()
    lines = [
        f'.TH NEWSCLEAN 1 "" "newsclean {__version__}"',
        ".SH NAME",
        f"newsclean \\- {_text(_first(root.command.help).rstrip('.'))}",
        ".SH SYNOPSIS",
        *(line for path, command in _commands(root.command, ()) for line in _synopsis(path, command)),
        ".SH DESCRIPTION",
        "Each command reads files, folders or standard input, writes data to standard output, and talks on standard error.",
        ".SH COMMANDS",
        *(line for path, command in _commands(root.command, ()) for line in _section(path, command)),
        ".SH EXIT STATUS",
        *(line for status, meaning in STATUSES for line in (".TP", f".B {status}", _text(meaning))),
    ]
    show("\n".join(lines) + "\n")


def add(app: typer.Typer) -> None:
    """Make it a command."""
    app.command(epilog=examples(*EXAMPLES))(manual)


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something, with its words."""
    inner = getattr(command, "commands", {})
    if not inner or getattr(command, "invoke_without_command", False):
        yield path, command
    for name, each in inner.items():
        yield from _commands(each, (*path, name))


def _synopsis(path: tuple[str, ...], command: Any) -> tuple[str, ...]:
    context = typer.Context(command, info_name=" ".join(("newsclean", *path)))
    return ".br", _text(f"{context.info_name} {' '.join(command.collect_usage_pieces(context))}")


def _section(path: tuple[str, ...], command: Any) -> Iterator[str]:
    yield f".SS newsclean {' '.join(path)}"
    for paragraph in (command.help or "").replace("\b", "").split("\n\n"):
        yield from (_text(" ".join(paragraph.split())), ".PP")
    context = typer.Context(command)
    for param in command.params:
        words, meaning = param.get_help_record(context)
        yield from (".TP", f".B {_text(words)}", _text(meaning))
    examples = (command.epilog or "").replace("\b\n", "").strip().split("\n")
    yield from (".PP", _text(examples[0]), ".nf", *(_text(line) for line in examples[1:]), ".fi")


def _first(help: str | None) -> str:
    return " ".join((help or "").split("\n\n")[0].split())


def _text(text: str) -> str:
    r"""Text that troff prints as it is.

    >>> print(_text(".a -b \\c"))
    \&.a \-b \ec
    """
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text
