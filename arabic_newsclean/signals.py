"""Signals that ask a run to end: heeded at once where it waits, and after the work in hand where it works."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

STOPPING: Final = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
#: So many seconds the work in hand may take; a pipe that nobody empties would hold it for ever.
GRACE: Final = 5.0


class Stopped(BaseException):
    """A signal asked the run to end. Not an Exception, so that nothing takes it for the fault of a dump."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.signal = signal.Signals(number)


_shields = 0
_asked: int | None = None
_woken: int | None = None  # what a signal writes a byte to, the moment it comes


def listen() -> None:
    """Raise `Stopped` where a signal asks to end, but for those that the caller has us ignore, as nohup does."""
    for number in STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _ask)
    global _woken
    if os.name == "posix" and _woken is None:
        _woken, written = os.pipe()
        os.set_blocking(_woken, False)
        os.set_blocking(written, False)
        signal.set_wakeup_fd(written, warn_on_full_buffer=False)


def wait_for(stream: int) -> None:
    """Wait until a descriptor has bytes to read, or has ended.

    A signal that comes in the moment between Python's last look and the system's read would be slept through until
    the next byte comes, which may be never. Here its byte ends the waiting.
    """
    while _woken is not None:
        ready, _, _ = select.select([stream, _woken], [], [])
        if _asked is not None:
            _stop(_asked)  # who waits has nothing in hand
        if stream in ready:
            return
        os.read(_woken, 512)


@contextmanager
def shielded() -> Iterator[None]:
    """Work that is finished before `Stopped` is raised: a record is written whole. Asked twice, or for long, it is not."""
    global _shields
    _shields += 1
    try:
        yield
    finally:
        _shields -= 1
    if _asked is not None and not _shields:
        _stop(_asked)


def _ask(number: int, _frame: FrameType | None) -> None:
    global _asked
    if _asked is not None or not _shields:
        _stop(_asked or number)
    _asked = number
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, lambda *_: _stop(number))
        signal.setitimer(signal.ITIMER_REAL, GRACE)


def _stop(number: int) -> NoReturn:
    global _asked
    _asked = None
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
    for each in STOPPING:
        signal.signal(each, signal.SIG_DFL)  # who asks twice does not want to wait for the cleaning up
    raise Stopped(number)
