"""Compressed outputs: the same bytes for the same data, whenever they were written."""

from __future__ import annotations

import gzip
from typing import Any, BinaryIO, Final, cast

from arabic_newsclean.reading.streams import unpacked, zstd

GZIP: Final = "gz"
ZSTD: Final = "zst"
#: The names of ``--compress``, which are also the endings of the files.
PACKINGS: Final = (GZIP, ZSTD)
#: Endings that promise what we can only read.
OTHERS: Final = (".bz2", ".xz")

_LEVELS: Final = {GZIP: 6, ZSTD: 3}  # the usual ones: more costs much and gains little


def by_name(path: str) -> str | None:
    """How the file's name says that it is compressed.

    >>> by_name("records.jsonl.gz"), by_name("records.jsonl")
    ('gz', None)
    """
    return next((packing for packing in PACKINGS if path.endswith(f".{packing}")), None)


def packed(raw: BinaryIO, packing: str | None) -> BinaryIO:
    """A stream that compresses into ``raw``, which it does not close; ``raw`` itself without a packing.

    A shard is one gzip member or one Zstandard frame: not every reader goes on after the first. Neither holds a time
    or a name. Raises OSError where a library is missing.
    """
    if packing is None:
        return raw
    if packing == GZIP:
        return cast(BinaryIO, gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVELS[GZIP], fileobj=raw, mtime=0))
    return cast(BinaryIO, zstd().ZstdFile(raw, mode="wb", level=_LEVELS[ZSTD]))


def recovered(path: str, size: int) -> bytes:
    """Up to ``size`` bytes of what was compressed into a file that nobody closed."""
    out = bytearray()
    with open(path, "rb") as raw:
        stream: Any = unpacked(raw)
        while len(out) < size:
            try:
                chunk = stream.read1(min(1 << 20, size - len(out)))
            except Exception:  # the unpackers raise errors of their own for what is cut
                break
            if not chunk:
                break
            out += chunk
    return bytes(out)
