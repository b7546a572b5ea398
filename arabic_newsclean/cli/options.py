"""What the commands share of their options: their words, and what becomes of them."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, Literal, NoReturn

import typer

from arabic_newsclean import batch, parallel, reading, rules
from arabic_newsclean.output import apart, packing
from arabic_newsclean.reading import Input
from arabic_newsclean.reading.inputs import amount, named, unusable
from arabic_newsclean.report import say
from arabic_newsclean.rules import RuleSet

if TYPE_CHECKING:
    from arabic_newsclean.profile import Profile
from arabic_newsclean.terminal import is_terminal

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH...", help="Files, folders (with all folders in them), or - for standard input.", show_default=False
    ),
]
Glob = Annotated[
    list[str] | None,
    typer.Option(
        "--glob",
        metavar="PATTERN",
        help="Which files of a folder, and of an archive, to read; may be repeated.",
        show_default="*.txt, *.wet, also packed",
    ),
]
FilesFrom = Annotated[
    str | None,
    typer.Option(
        "--files0-from",
        metavar="FILE",
        help="Read the files named here, each ended by a NUL (find -print0); - for standard input.",
        show_default=False,
    ),
]
InputFormat = Annotated[
    Literal["text", "jsonl", "wet", "tar", "zip"] | None,
    typer.Option("--input-format", help="What the inputs are.", show_default="told by name and content"),
]
#: Longer dumps are refused, unless told otherwise.
DEFAULT_LIMIT: Final = amount(reading.LIMIT)
TextKey = Annotated[str, typer.Option("--text-key", metavar="NAME", help="Which field of JSON holds the page.")]
MaxDumpBytes = Annotated[
    str, typer.Option("--max-dump-bytes", metavar="SIZE", help="Refuse dumps that are longer, as they are or unpacked.")
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
Jobs = Annotated[
    int | None,
    typer.Option(
        "-j", "--jobs", metavar="N", min=1, max=parallel.MOST, help="How many processes clean.", show_default="the cores"
    ),
]
ProfileFile = Annotated[
    str | None,
    typer.Option(
        "--profile", metavar="FILE", help="Take out what newsclean learn found that each source repeats.", show_default=False
    ),
]
Output = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write here: the whole of it, or nothing.", show_default=False),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what went wrong.")]
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="For reading, or for programs.")]


def examples(*commands: str) -> str:
    """The end of a command's help: lines to copy, kept as they are by \\b."""
    return "\b\nExamples:\n" + "\n".join(f"  {command}" for command in commands)


def refuse(reason: str) -> NoReturn:
    """End for wrong usage: the reason says what to type instead."""
    say(f"newsclean: {reason}")
    raise typer.Exit(2)


def separate(outputs: Sequence[str | None], *inputs: Sequence[str] | str | None) -> None:
    """Refuse to write in the place of a file that is read (a dump, a table, a list, a profile), and what we can't pack."""
    for path in outputs:
        if path is not None and path.endswith(packing.OTHERS):
            refuse(f"{path}: what is written can be packed as {' or '.join(f'.{known}' for known in packing.PACKINGS)}")
    try:
        apart.check((path for given in inputs for path in ([given] if isinstance(given, str) else given or ())), outputs)
    except apart.OverwriteError as error:
        refuse(str(error))
    except FileNotFoundError:
        refuse("the folder that this runs in is not there any more: go to another one, or give whole paths")


def files(paths: Sequence[str] | None, globs: Sequence[str] | None, names: str | None = None) -> Iterator[Input]:
    """The files that are meant: by paths, by a list, or standard input where neither is given."""
    if names is not None:
        if paths:
            refuse("--files0-from names all the files: give no other paths")
        return _listed(names)
    if not paths and is_terminal(sys.stdin):
        refuse("nothing to read: give a file, a folder, or - for what you type (newsclean clean --help)")
    return reading.walk(paths or [reading.STDIN], globs or reading.GLOBS)


def _listed(names: str) -> Iterator[Input]:
    """The files of a list. One that names none is told, as a folder without dumps is: who made it had nothing to read."""
    found = False
    try:
        with reading.opened(names) as stream:
            for item in reading.given(reading.listed(stream)):
                found = True
                yield item
    except OSError as error:
        refuse(f"--files0-from {names}: {error.strerror}")
    if not found:
        yield Input(names, named(names), unusable("the list names no file"))


def dumps(paths: Sequence[str] | None, globs: Sequence[str] | None, form: str | None, given: batch.Options) -> Iterator[Input]:
    """The dumps in the files that are meant."""
    return reading.dumps(files(paths, globs), form, globs=globs, limit=given.limit)


_UNITS: Final = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def size(text: str, option: str) -> int:
    """A size as one types it.

    >>> size("256M", "--shard-size"), size("1000", "--shard-size")
    (268435456, 1000)
    """
    found = re.fullmatch(r"([0-9]{1,15})([KMGT]?)(?:i?B)?", text.strip(), re.IGNORECASE)
    amount = 0 if found is None else int(found[1]) * _UNITS[found[2].upper()]
    if not 0 < amount < sys.maxsize:
        refuse(f"{option} takes a size such as 500000, 64K, 256M or 2G, not {text!r}")
    return amount


def judged(
    encoding: str | None,
    paths: Sequence[str] | None,
    disabled: Sequence[str] | None,
    *,
    now: str | None = None,
    key: str = "text",
    keep_meta: bool = False,
    limit: int = reading.LIMIT,
    tally: bool = False,
    removed: batch.View | None = None,
    profile: str | None = None,
) -> batch.Options:
    """How dumps are read and judged, from what was typed."""
    try:
        name = None if encoding is None else reading.codec(encoding)
    except LookupError:
        refuse(f"no such encoding: {encoding!r} (such as utf-8, cp1256, iso8859-6, utf-16)")
    try:
        time = None if now is None else datetime.fromisoformat(now)
    except ValueError:
        refuse(f"--now takes a date or a time such as 2026-03-08 or 2026-03-08T14:05, not {now!r}")
    learned = None if profile is None else profile_of(profile)
    return batch.Options(name, rule_set(paths, disabled), time, key, keep_meta, limit, removed, tally, learned)


def profile_of(path: str) -> Profile:
    """A profile from its file."""
    from arabic_newsclean.profile import Profile, ProfileError

    try:
        with reading.opened(path) as stream:
            return Profile.loads(stream.read())
    except ProfileError as error:
        refuse(f"{path}: {error}")
    except OSError as error:
        refuse(f"{path}: {error.strerror}")


def rule_set(paths: Sequence[str] | None, disabled: Sequence[str] | None) -> RuleSet:
    """The package's rules, with others added and some left out."""
    try:
        return rules.combine(paths or (), disabled or ())
    except rules.RuleError as error:
        refuse(str(error))
    except KeyError as error:
        refuse(no_rule(error.args[0], rules.combine(paths or ())))
    except OSError as error:
        refuse(f"{error.filename}: {error.strerror}")


def no_rule(name: str, known: RuleSet) -> str:
    """Why a rule can't be shown or left out, with the names that are like it."""
    near = difflib.get_close_matches(name, known.by_name, n=3, cutoff=0.5)
    return f"no such rule: {name!r}" + (f"; did you mean {' or '.join(near)}?" if near else " (newsclean rules lists them)")
