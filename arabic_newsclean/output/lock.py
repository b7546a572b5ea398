"""One run at a time: a lock that the system lets go of when its holder dies, however it dies."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

try:
    import fcntl
except ImportError:  # Windows, where two runs are not kept apart
    fcntl = None  # type: ignore[assignment]


class LockedError(Exception):
    """Another run holds the lock; the message says which."""


@contextmanager
def locked(path: str) -> Iterator[None]:
    """Hold the lock file at ``path``, which goes away afterwards. Raises `LockedError`, and OSError where it can't be made."""
    file = _held(path)
    try:
        yield
    finally:
        with suppress(OSError):
            os.unlink(path)
        os.close(file)


def hold(file: int) -> bool:
    """Whether an open file is ours alone now, until it is closed or we die; never where the system has no such locks."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _held(path: str) -> int:
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(file, path):  # or its holder removed it between our two steps
                break
        except BlockingIOError:
            holder = _holder(file)
            os.close(file)
            raise LockedError(holder) from None
        except BaseException:
            os.close(file)
            raise
        os.close(file)
    import socket  # nothing else here needs it

    with suppress(OSError):  # a full disk: the lock holds without a name
        os.ftruncate(file, 0)
        began = time.strftime("%Y-%m-%d %H:%M:%S")
        os.pwrite(file, json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "began": began}).encode(), 0)
    return file


def _is_at(file: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(file), os.stat(path))
    except FileNotFoundError:
        return False


def _holder(file: int) -> str:
    try:
        holder = json.loads(os.pread(file, 4096, 0))
        return f"process {holder['pid']} on {holder['host']}, since {holder['began']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
