"""What takes long to make of the package's own files is made once and kept beside the bytecode, as Python keeps modules.

Tables that were read, weights that were packed and patterns that were compiled depend on nothing but the files of the
package and on Python itself. They lie in one file in ``__pycache__`` that names both, so what is stale is never used.
Where Python may not write there or was told not to (``-B``), or anything is wrong with the file, everything is made anew:
only the start is slower.
"""

from __future__ import annotations

import atexit
import os
import pickle
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.util import cache_from_source
from io import BytesIO
from typing import Any, Final, TypeVar

_T = TypeVar("_T")

#: The folders with what the things kept are made of.
_FOLDERS: Final = (os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "rules"))
#: What was made in this process, and is not in the file yet.
_new: Final[dict[str, bytes]] = {}


def made(name: str, make: Callable[[], _T]) -> _T:
    """The thing of this name as it was kept, or made now and kept for the next process. Each call gives a new one.

    What ``make`` gives must follow from the files of the package alone, and be fit for `pickle`.
    """
    with suppress(Exception):  # a file that another hand has been at: whatever it does, things can be made anew
        return pickle.loads(_kept()[name])  # type: ignore[no-any-return]
    thing = make()
    with suppress(Exception):  # a Python whose patterns are made another way: then the start stays slow
        if _may_write():
            packed = _packed(thing)  # as it is now: it may fill a memory of its own later
            if not _new:
                atexit.register(_keep)
            _new[name] = packed
    return thing


def compiled(source: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, for the patterns that modules hold: a hundred of them cost a start as much as all else."""
    return made(f"{flags} {source}", lambda: re.compile(source, flags))


@cache
def _place() -> str:
    return cache_from_source(__file__).removesuffix(".pyc") + ".tables"


@cache
def _may_write() -> bool:
    folder = os.path.dirname(_place())
    return not sys.dont_write_bytecode and os.access(folder if os.path.isdir(folder) else os.path.dirname(folder), os.W_OK)


def _sign() -> tuple[Any, ...]:
    """What the things kept depend on: this Python, and the files of the package as they are."""
    files = [
        (entry.name, status.st_mtime_ns, status.st_size)
        for folder in _FOLDERS
        for entry in os.scandir(folder)
        if entry.is_file()
        for status in (entry.stat(),)
    ]
    return sys.version, re._compiler.MAGIC, *sorted(files)  # type: ignore[attr-defined]


#: What the files were like before any of them was read.
_begun: tuple[Any, ...] = ()


@cache
def _kept() -> dict[str, bytes]:
    global _begun
    with suppress(Exception):
        _begun = _sign()
        with open(_place(), "rb") as file:
            sign, things = pickle.load(file)
        if sign == _begun:
            return dict(things)
    return {}


def _keep() -> None:
    """Write the file anew with what was made, unless the package has changed meanwhile.

    A full disk or a folder of somebody else's is no news for the user.
    """
    with suppress(Exception):
        if _sign() != _begun:
            return
        part = f"{_place()}.{os.getpid()}"
        os.makedirs(os.path.dirname(part), exist_ok=True)
        try:
            with open(part, "wb") as file:
                pickle.dump((_begun, _kept() | _new), file)
            os.replace(part, _place())
        finally:
            with suppress(OSError):
                os.unlink(part)


def _packed(thing: object) -> bytes:
    out = BytesIO()
    _Pickler(out, pickle.HIGHEST_PROTOCOL).dump(thing)
    return out.getvalue()


class _Pickler(pickle.Pickler):
    """Keeps patterns as they are when compiled: `pickle` alone keeps their source, and compiles it again."""

    def reducer_override(self, thing: object) -> Any:
        """How a pattern is made again, as the end of ``re.compile`` makes it."""
        if not isinstance(thing, re.Pattern):
            return NotImplemented
        compiler: Any = re._compiler  # type: ignore[attr-defined]
        parsed = compiler._parser.parse(thing.pattern, thing.flags)
        names: list[str | None] = [None] * (thing.groups + 1)
        for name, number in thing.groupindex.items():
            names[number] = name
        code = [int(word) for word in compiler._code(parsed, thing.flags)]  # some are named constants
        return compiler._sre.compile, (thing.pattern, thing.flags, code, thing.groups, dict(thing.groupindex), tuple(names))
