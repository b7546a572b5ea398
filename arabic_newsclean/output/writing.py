"""Where records go: bytes to standard output, or to a file that appears whole or not at all.

Bytes, since standard output may be ASCII under cron while JSON is UTF-8. An output that fails raises OSError and ends
the run: unlike an input, there is no next one.
"""

from __future__ import annotations

import errno
import io
import json
import os
import re
import secrets
import stat
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, BinaryIO, Final

import orjson

from arabic_newsclean.batch import Failed
from arabic_newsclean.output.lock import hold
from arabic_newsclean.output.packing import by_name, packed

#: The path that means standard output; a file of this name is ``./-``.
STDOUT: Final = "-"
#: Names of what is open already.
_OPEN: Final = re.compile(r"/dev/std(out|err)|(?:/dev|/proc/self)/fd/([0-9]+)")


#: How the names of temporary files begin.
TEMPORARY: Final = ".newsclean-"
#: Seconds after which a temporary file that nobody holds is one that was left: between its making and its lock is a moment.
_OLD: Final = 60.0


class NothingReadError(Exception):
    """Not one input could be used: no reason to put an empty file in the place of last night's."""

    def __init__(self, output: str | None) -> None:
        super().__init__(f"nothing could be read, so {output} is left as it was")


def line(record: Any) -> bytes:
    """A record as one line of JSON in UTF-8.

    >>> line({"headline": "خبر"}).decode()
    '{"headline":"خبر"}\\n'
    """
    try:
        return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # a lone surrogate, which text that a program made may hold and UTF-8 may not
        return (json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8", "replace")


def rejected(failed: Failed) -> bytes:
    """An input that could not be used, as a line of ``--rejects``."""
    return line({"id": failed.id, "path": failed.shown, "reason": failed.reason})


@contextmanager
def opened(path: str | None = None) -> Iterator[BinaryIO]:
    """Something to write bytes to: standard output, or the file at ``path``, which is replaced only if all went well.

    A file is packed as its name says.
    """
    with _standard_output() if path is None or descriptor(path) == 1 else _file(path) as out:
        stream = packed(out, by_name(path or STDOUT))
        yield stream
        if stream is not out:
            stream.close()


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    out = sys.stdout.buffer
    try:
        try:
            yield out
        finally:
            out.flush()
    except OSError:
        give_up(out)
        raise


def give_up(out: BinaryIO) -> None:
    """Point a broken standard output at nothing, or the interpreter fails on it once more when it closes it."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, out.fileno())
        os.close(nowhere)


def descriptor(path: str) -> int | None:
    """The number of what is open already, where a path means that.

    >>> descriptor("-"), descriptor("/dev/stderr"), descriptor("/dev/fd/63"), descriptor("./-")
    (1, 2, 63, None)
    """
    if path == STDOUT:
        return 1
    found = _OPEN.fullmatch(path)
    return found and int(found[2] or {"out": 1, "err": 2}[found[1]])


def is_kept(path: str) -> bool:
    """Whether what is at a path can be replaced and resumed: a file or a folder, also one that is still to be made.

    A pipe and a device can't, nor what is open already: ``>> all.jsonl`` behind ``/dev/stdout`` holds more than is ours.

    >>> is_kept("new.jsonl"), is_kept("/dev/stdout"), is_kept("/dev/null"), is_kept("-")
    (True, False, False, False)
    """
    if descriptor(path) is not None:
        return False
    try:
        mode = os.stat(path).st_mode
    except OSError:  # nothing there, or who tries to write there is told why not
        return True
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _file(path: str) -> AbstractContextManager[BinaryIO]:
    number = descriptor(path)
    if number is not None:
        return _again(number, path)
    if not is_kept(path):
        return named(path, "ab", path)
    if os.path.isdir(path):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    return _whole(path)


def _again(number: int, path: str) -> BinaryIO:
    """What is open already. Opened anew by its name, a file would be written over what others write to it."""
    try:
        return named(os.dup(number), "wb", path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None


@contextmanager
def _whole(path: str) -> Iterator[BinaryIO]:
    """A temporary file beside ``path`` that takes its place when the block ends well, and goes away when it does not.

    It is made with the mode that the umask gives, as a file opened for writing would be, and is on the disk before it
    gets its name, so that not even a power cut leaves half a file under that name.
    """
    place = os.path.realpath(path)  # a link stays a link, to a new file
    folder, name = os.path.split(place)
    ours = f"{TEMPORARY}{zlib.crc32(os.fsencode(name)):08x}-"
    _sweep(folder, ours)
    temporary = os.path.join(folder, f"{ours}{secrets.token_hex(8)}.tmp")
    with begun(temporary, path) as file:
        hold(file.fileno())
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            file.close()
            os.replace(temporary, place)
        except BaseException:
            with suppress(OSError):
                file.close()
            with suppress(OSError):
                os.unlink(temporary)
            raise


def _sweep(folder: str, ours: str) -> None:
    """Remove the temporary files of this name that were left by those that were killed: nobody holds them."""
    with suppress(OSError):
        for name in os.listdir(folder):
            if name.startswith(ours):
                with suppress(OSError), open(os.path.join(folder, name), "rb") as file:
                    if time.time() - os.fstat(file.fileno()).st_mtime > _OLD and hold(file.fileno()):
                        os.unlink(file.name)


def begun(temporary: str, path: str) -> BinaryIO:
    """A new file that is to take the place of ``path``. Raises OSError by that name: the other says nothing to anybody."""
    try:
        return named(temporary, "xb", path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None


def named(file: str | int, mode: str, path: str) -> BinaryIO:
    """An open file that calls itself ``path`` in its errors: those of a full disk say nothing of where it is full."""
    raw = _Named(file, mode)
    raw.given = path
    return io.BufferedWriter(raw)


class _Named(io.FileIO):
    given: str

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError as error:
            raise OSError(error.errno, error.strerror, self.given) from None
