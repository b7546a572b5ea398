"""Bytes as a stream, unpacked on the way where the first of them say that they are packed."""

from __future__ import annotations

import importlib
import io
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final, cast

from arabic_newsclean.reading.inputs import STDIN, amount, unusable
from arabic_newsclean.signals import wait_for

_GZIP: Final = b"\x1f\x8b\x08"
_BZIP2: Final = b"BZh"
_AFTER_BZIP2: Final = (b"1AY&SY", b"\x17rE8P\x90")  # the second: where nothing was packed
_XZ: Final = b"\xfd7zXZ\x00"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_MAGIC: Final = (_GZIP, _BZIP2, _XZ, _ZSTD)


@contextmanager
def opened(path: str) -> Iterator[io.BufferedReader]:
    """A file or standard input to read from the start, unpacked. Raises OSError for what is no file that can be read.

    Pipes and devices among the paths are refused, not opened: one that nobody writes to would hold the run for ever.
    """
    with _raw(path) as raw:
        yield unpacked(raw)


def _raw(path: str) -> BinaryIO | nullcontext[BinaryIO]:
    if path == STDIN:
        if sys.stdin is None:
            raise unusable("standard input is closed")
        return nullcontext(_standard_input())
    kind = os.stat(path).st_mode
    if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
        raise unusable("not a file but a pipe or a device (to read from it: newsclean clean - < PATH)")
    return open(path, "rb")


class _Patient(io.RawIOBase):
    """A pipe that is waited for so that no signal is missed."""

    def __init__(self, number: int) -> None:
        self._number = number

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        wait_for(self._number)
        return os.readv(self._number, [buffer])


@cache
def _buffered(number: int) -> io.BufferedReader:
    return io.BufferedReader(_Patient(number))


def _standard_input() -> BinaryIO:
    try:
        number = sys.stdin.fileno()
    except (OSError, ValueError):  # not a real one
        return sys.stdin.buffer
    return _buffered(number) if os.name == "posix" else sys.stdin.buffer


@contextmanager
def sought(path: str) -> Iterator[BinaryIO]:
    """A file to be read in any order: what is packed, or comes through a pipe, is put into a temporary file first.

    Raises OSError where it cannot be read.
    """
    with open(path, "rb") as raw:
        stream = unpacked(raw)
        if stream is raw and raw.seekable():
            yield raw
            return
        with TemporaryFile(prefix="newsclean-") as file:
            try:
                shutil.copyfileobj(stream, file)
            except Exception as error:
                raise unusable(fault(error)) from None
            file.seek(0)
            yield file


def whole(path: str, limit: int) -> bytes:
    """All bytes of a file, unpacked. Raises OSError, and what the unpackers raise (see `fault`)."""
    with _raw(path) as raw:
        data = at_most(raw, limit)
        if is_packed(data):
            return unpack(data, limit)
    return fitting(data, limit)


def unpack(data: bytes, limit: int) -> bytes:
    """Packed bytes unpacked; others as they are."""
    return fitting(at_most(unpacked(io.BytesIO(data)), limit), limit) if is_packed(data) else data


#: So much is asked for at once: a stream takes the memory for it before it looks how much there is.
_AT_ONCE: Final = 64 << 20


def at_most(stream: BinaryIO, limit: int) -> bytes:
    """All bytes of a stream, or one more than ``limit`` of a longer one."""
    parts = []
    left = limit + 1
    while left and (part := stream.read(min(left, _AT_ONCE))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def fitting(data: bytes, limit: int) -> bytes:
    """The same bytes, if they are no more than may be read at once."""
    if len(data) > limit:
        raise unusable(too_long(limit))
    return data


def too_long(limit: int) -> str:
    """Why a dump is left alone."""
    return f"is longer than {amount(limit)} (see --max-dump-bytes)"


def is_packed(start: bytes) -> bool:
    """Whether bytes begin as one of the packed formats does.

    >>> is_packed(b"BZh91AY&SY"), is_packed("BZh is a code".encode())
    (True, False)
    """
    return start.startswith(_MAGIC) and (not start.startswith(_BZIP2) or start[4:10] in _AFTER_BZIP2)


def unpacked(raw: BinaryIO) -> io.BufferedReader:
    """A stream of what was packed: gzip, bzip2, xz or Zstandard, by content; of several members as one."""
    peeked = raw if hasattr(raw, "peek") else io.BufferedReader(cast(io.RawIOBase, raw))
    start = cast(io.BufferedReader, peeked).peek(16)
    if not is_packed(start):
        return cast(io.BufferedReader, peeked)
    if start.startswith(_GZIP):
        import gzip

        return cast(io.BufferedReader, gzip.GzipFile(fileobj=peeked, mode="rb"))
    if start.startswith(_BZIP2):
        import bz2

        return cast(io.BufferedReader, bz2.BZ2File(peeked))
    if start.startswith(_XZ):
        import lzma

        return cast(io.BufferedReader, lzma.LZMAFile(peeked))
    return cast(io.BufferedReader, zstd().ZstdFile(peeked))


def zstd() -> Any:
    """The module for Zstandard: Python's own since 3.14, before that its backport. Raises OSError without one."""
    for name in ("compression.zstd", "backports.zstd"):
        with suppress(ImportError):
            return importlib.import_module(name)
    raise unusable("Zstandard needs a library: pip install 'newsclean[zstd]'")


def problem(error: Exception) -> OSError:
    """The error of a stream as one that says why, in words."""
    return error if isinstance(error, OSError) and error.strerror else unusable(fault(error))


def fault(error: Exception) -> str:
    """Why a stream cannot be read on, in words.

    Of what is damaged the unpackers and archive readers raise whatever they stumble over: errors of their own, but also
    of struct, of a decoder, of an index.

    >>> fault(EOFError("Compressed file ended before the end-of-stream marker was reached"))
    'is cut: the packed data end too soon'
    >>> fault(IndexError("index out of range"))
    'is damaged: index out of range'
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, EOFError):
        return "is cut: the packed data end too soon"
    if isinstance(error, MemoryError):
        return "asks for more memory than there is"
    return f"is damaged: {' '.join(str(error).split()) or type(error).__name__}"
