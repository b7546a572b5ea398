"""Paths to files: folders are walked, lists of names are read, and nothing that is given goes unanswered."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import translate
from typing import BinaryIO, Final

from arabic_newsclean.reading.inputs import STDIN, Input, named

_PACKED: Final = ("", ".gz", ".bz2", ".xz", ".zst")

#: Which files of an archive, and of a folder, are dumps, unless ``--glob`` says otherwise. JSONL is not among them: what
#: lies beside the dumps is as likely a file of records.
TEXTS: Final = tuple(f"*.txt{packed}" for packed in _PACKED)
GLOBS: Final = (*TEXTS, *(f"*.wet{packed}" for packed in _PACKED))


def walk(paths: Iterable[str], globs: Sequence[str] = GLOBS) -> Iterator[Input]:
    """Every file that the paths mean, in their order: files as given, folders whole, ``-`` for standard input (once).

    A folder gives its matching files sorted by name, then its folders in the same way. Links to files are read; links
    to folders inside it are not followed, so no loop can hold the walk. A pattern without a slash is matched with the
    file's name, one with a slash with the path below the folder. What is missing, or a folder with nothing that
    matches, is an `Input` too: reading it says why.
    """
    heard = False
    for path in paths:
        if path == STDIN:
            if not heard:
                yield Input(STDIN, STDIN)
            heard = True
        elif os.path.isdir(path):
            yield from _folder(path, globs)
        else:
            yield Input(path, named(os.path.basename(path)))


def _folder(top: str, globs: Sequence[str]) -> Iterator[Input]:
    matches = matcher(globs)
    problems: list[OSError] = []
    empty = True
    for root, folders, files in os.walk(top, onerror=problems.append):
        folders.sort()
        below = os.path.relpath(root, top)
        for file in sorted(files):
            path = file if below == os.curdir else os.path.join(below, file)
            name = path.replace(os.sep, "/")
            if matches(name):
                empty = False
                yield Input(os.path.join(root, file), named(name))
    for problem in problems:
        yield Input(problem.filename, named(problem.filename), problem)
    if empty and not problems:
        yield Input(top, named(top), none_matches(globs))


def none_matches(globs: Sequence[str]) -> OSError:
    """Why a folder or an archive gives nothing."""
    wanted = "*.txt or *.wet" if globs == GLOBS else "*.txt" if globs == TEXTS else " or ".join(globs)
    return FileNotFoundError(errno.ENOENT, f"holds no file that matches {wanted} (see --glob)")


def matcher(globs: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path matches one of the patterns.

    >>> [matcher(["*.txt", "iq/*"])(path) for path in ("eg/1.txt", "iq/1", "eg/1")]
    [True, True, False]
    """
    rows = [(re.compile(translate(glob)).match, "/" in glob) for glob in globs]
    return lambda name: any(match(name if whole else name.rpartition("/")[2]) for match, whole in rows)


def listed(names: BinaryIO) -> Iterator[str]:
    """The paths of a list in which a NUL ends each, as ``find -print0`` writes it.

    >>> import io
    >>> list(listed(io.BytesIO(b"a b.txt\\0c.txt\\0")))
    ['a b.txt', 'c.txt']
    """
    rest = b""
    while chunk := names.read1(65536) if hasattr(names, "read1") else names.read(65536):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from (os.fsdecode(name) for name in whole if name)
    if rest:
        yield os.fsdecode(rest)


def given(paths: Iterable[str]) -> Iterator[Input]:
    """Files of a list, named as the list names them: their last parts alone would not tell them apart.

    A folder among them is an error when it is read, as a list speaks of files.
    """
    return (Input(path, named(path.removeprefix("./"))) for path in paths)
