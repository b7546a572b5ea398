"""One dump to read, as the rest of the package sees it: a file, standard input, or a member of a container."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

#: The path that means standard input; a file of this name is ``./-``.
STDIN: Final = "-"

#: A dump longer than this many bytes is refused, unless told otherwise: nothing unpacks into all of the memory.
LIMIT: Final = 256 * 1024 * 1024

#: What the bytes of a member are: a page, or a JSON object with the page in a field.
TEXT: Final = "text"
JSON: Final = "jsonl"


@dataclass(frozen=True, slots=True)
class Input:
    """One dump: its path for the system, its name for the record, and why it cannot be read if that is known.

    A dump out of a container has its ``member`` there (a number from 1, or a name), its bytes as ``data`` in the given
    ``form``, and what the container says of it in ``meta``. ``known`` is the hash of the text that an earlier run saw.
    """

    path: str
    name: str
    problem: OSError | None = None
    member: str | int | None = None
    data: bytes | None = None
    form: str = TEXT
    meta: Mapping[str, Any] | None = None
    known: str | None = None

    @property
    def id(self) -> str:
        """How records and lists name it."""
        return self.name if self.member is None else f"{self.name}#{self.member}"

    @property
    def shown(self) -> str:
        """How messages name it: by a path that can be opened."""
        path = self.name if self.path == STDIN else self.path
        return path if self.member is None else f"{path}#{self.member}"


def unusable(reason: str) -> OSError:
    """The error of an input that is there and no good.

    >>> unusable("is empty").strerror
    'is empty'
    """
    return OSError(errno.EINVAL, reason)


def named(path: str) -> str:
    """A path as text that every encoder takes: bytes of a name that are not UTF-8 become backslash escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def amount(size: int) -> str:
    """A number of bytes for reading.

    >>> amount(268435456), amount(1500), amount(7)
    ('256M', '1500 bytes', '7 bytes')
    """
    for unit, letter in ((1 << 30, "G"), (1 << 20, "M"), (1 << 10, "K")):
        if size >= unit and size % unit == 0:
            return f"{size // unit}{letter}"
    return f"{size} byte{'' if size == 1 else 's'}"
