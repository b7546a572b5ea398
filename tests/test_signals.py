"""What waits for bytes wakes for a signal that came just before it began to wait."""

from __future__ import annotations

import os
import threading

import pytest

from arabic_newsclean import signals


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> int:
    """The end that a signal writes to."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    monkeypatch.setattr(signals, "_woken", read)
    return write


def test_a_stream_with_bytes_is_not_waited_for(woken: int) -> None:
    read, write = os.pipe()
    os.write(write, b"a")
    signals.wait_for(read)
    assert os.read(read, 2) == b"a"


def test_a_stream_that_has_ended_is_not_waited_for(woken: int) -> None:
    read, write = os.pipe()
    os.close(write)
    signals.wait_for(read)
    assert os.read(read, 2) == b""


def test_a_signal_wakes_and_what_it_wrote_is_taken_away(woken: int) -> None:
    read, write = os.pipe()
    os.write(woken, b"\x0f")
    later = threading.Timer(0.2, os.write, (write, b"a"))
    later.start()
    signals.wait_for(read)  # a signal whose handler does not stop the run lets it wait on
    later.join()
    assert os.read(read, 2) == b"a"
    os.write(woken, b"end")
    assert os.read(signals._woken or 0, 9) == b"end"
