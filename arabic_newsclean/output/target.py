"""Records on their way to a file that appears whole, or to numbered shards in a folder, each of which does.

What is written goes to a hidden file beside the place it will have (``.records.jsonl.part``), which stays when the run
is interrupted. A `Mark` says how far it had come; from a mark the target goes on as if nothing had happened.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import BinaryIO, Final, NamedTuple

from arabic_newsclean.output import packing
from arabic_newsclean.output.packing import packed, recovered
from arabic_newsclean.output.writing import begun, named

_SHARD: Final = re.compile(r"(\d{5,})\.jsonl(\.gz|\.zst)?")


class Mark(NamedTuple):
    """How far a target had come: its shard, the bytes in it before they were compressed, and the file they are in."""

    shard: int
    bytes: int
    inode: int


class LostError(Exception):
    """What a mark speaks of is not there any more."""


class Target:
    """A file at ``path``, or shards of at most ``shard_size`` bytes (before compression) in the folder ``path``.

    Raises OSError wherever the disk does.
    """

    def __init__(self, path: str, *, packing: str | None = None, shard_size: int | None = None) -> None:
        self.path = os.path.realpath(path)  # a link stays a link, to a new file
        self._given = path
        self._packing = packing
        self._size = shard_size
        self._shard = 0
        self._bytes = 0
        self._raw: BinaryIO | None = None
        self._out: BinaryIO | None = None

    @property
    def final(self) -> str:
        """The name of what is being written, once it is whole."""
        if self._size is None:
            return self.path
        return os.path.join(self.path, f"{self._shard:05}.jsonl{'.' + self._packing if self._packing else ''}")

    @property
    def part(self) -> str:
        """Its name until then."""
        folder, name = os.path.split(self.final)
        return os.path.join(folder, f".{name}.part")

    def is_full(self, data: bytes) -> bool:
        """Whether these bytes belong to the next shard."""
        return self._size is not None and self._bytes > 0 and self._bytes + len(data) > self._size

    def open(self) -> None:
        """Begin the file anew."""
        with suppress(FileNotFoundError):
            os.unlink(self.part)
        self._raw = begun(self.part, self._given)  # closed by publish, leave or drop
        self._out = packed(self._raw, self._packing)
        self._bytes = 0

    def write(self, data: bytes) -> None:
        """Take some records, whole, into the shard that is open."""
        assert self._out is not None
        self._out.write(data)
        self._bytes += len(data)

    def publish(self) -> None:
        """Give what was written its name, on the disk before it gets it: not even a power cut leaves half a file there."""
        self.seal()
        os.replace(self.part, self.final)

    def seal(self) -> None:
        """Close what was written, whole and on the disk, under the name it has until it is published."""
        assert self._raw is not None
        self._close(whole=True)

    def next_shard(self, shard: int | None = None) -> None:
        """Go on with the shard after the one that was published, or with another; it is not opened."""
        self._shard = self._shard + 1 if shard is None else shard

    def mark(self) -> Mark:
        """How far this has come, and so it is on its way to the disk."""
        assert self._raw is not None
        self._raw.flush()
        return Mark(self._shard, self._bytes, os.fstat(self._raw.fileno()).st_ino)

    def restore(self, mark: Mark) -> None:
        """Go on from a mark. Raises `LostError` where that can't be done."""
        self._shard = mark.shard
        if not mark.bytes:
            self.open()
            return
        if _inode(self.part) != mark.inode:
            if _inode(self.final) != mark.inode:
                raise LostError(self.part)
            os.replace(self.final, self.part)  # it was published, and the run was killed before it could say so
        if self._packing is None:
            self._reopen(mark.bytes)
        else:
            data = recovered(self.part, mark.bytes)
            if len(data) < mark.bytes:
                raise LostError(self.part)
            self.open()
            self.write(data)
        self._bytes = mark.bytes

    def _reopen(self, size: int) -> None:
        self._raw = named(self.part, "r+b", self._given)
        if self._raw.seek(0, os.SEEK_END) < size:
            self._raw.close()
            raise LostError(self.part)
        self._raw.truncate(size)
        self._raw.seek(size)
        self._out = self._raw

    def leave(self) -> None:
        """Close what is not whole, for a later run to go on with."""
        with suppress(OSError):
            if self._out is not None:
                self._out.flush()  # what is compressed waits for more
        with suppress(OSError):
            self._close(whole=False)

    def so_far(self) -> bytes:
        """What was written until it was left, unpacked."""
        return recovered(self.part, self._bytes)

    def drop(self) -> None:
        """Remove what is not whole."""
        self.leave()
        with suppress(OSError):
            os.unlink(self.part)

    def _close(self, *, whole: bool) -> None:
        raw, out, self._raw, self._out = self._raw, self._out, None, None
        if raw is None or out is None:
            return
        try:
            if whole:
                if out is not raw:
                    out.close()
                raw.flush()
                os.fsync(raw.fileno())
        finally:
            raw.close()


def shards(folder: str) -> list[int]:
    """The numbers of the shards in a folder, sorted."""
    return sorted({int(found[1]) for name in os.listdir(folder) if (found := _SHARD.fullmatch(name))})


def is_ours(name: str) -> bool:
    """Whether a file in the folder of the shards is one of them, or a hidden file of the run that writes them.

    >>> [is_ours(name) for name in ("00000.jsonl.gz", ".00001.jsonl.part", ".newsclean.state", "page.txt", ".page.txt")]
    [True, True, True, False, False]
    """
    return name.startswith(".newsclean") or _SHARD.fullmatch(name.removeprefix(".").removesuffix(".part")) is not None


def packing_of(path: str, chosen: str | None) -> str | None:
    """How a file is compressed: as told, else as its name says."""
    return chosen or packing.by_name(path)


def _inode(path: str) -> int | None:
    try:
        return os.stat(path, follow_symlinks=False).st_ino
    except OSError:
        return None
