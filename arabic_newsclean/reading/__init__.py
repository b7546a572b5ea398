"""Where dumps come from, and the one place where bytes become text.

`walk` finds files, `dumps` opens the containers among them (JSONL, WET, archives), `load` gives the text of one dump
and says where it is from. An input that cannot be used does not stop the walk: it is an `Input` with a problem, or
`load` raises the OSError that says why, and the caller goes on with the next.
"""

from arabic_newsclean.reading.containers import FORMATS, dumps
from arabic_newsclean.reading.decoding import codec, decode, detect
from arabic_newsclean.reading.finding import GLOBS, given, listed, walk
from arabic_newsclean.reading.inputs import LIMIT, STDIN, Input
from arabic_newsclean.reading.loading import filled, load, read
from arabic_newsclean.reading.streams import opened

__all__ = [
    "FORMATS",
    "GLOBS",
    "LIMIT",
    "STDIN",
    "Input",
    "codec",
    "decode",
    "detect",
    "dumps",
    "filled",
    "given",
    "listed",
    "load",
    "opened",
    "read",
    "walk",
]
