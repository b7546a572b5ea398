"""``python -m arabic_newsclean``, and the command ``newsclean``."""

from __future__ import annotations

import gc
import signal
import sys
from contextlib import suppress

from arabic_newsclean import __version__


def main() -> None:
    """Run the command line. Only to say the version, nothing else is loaded."""
    if sys.argv[1:] == ["--version"] and sys.stdout is not None:
        with suppress(OSError):  # of which the command line, which then does the same, says more
            print(f"newsclean {__version__}", flush=True)
            return
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until all is loaded: nothing is in hand, and nothing to be told
    gc.disable()  # until all is loaded: none of it is garbage
    from arabic_newsclean.cli import main as run

    run()


if __name__ == "__main__":
    main()
