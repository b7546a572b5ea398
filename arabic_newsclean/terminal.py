"""Foreign text on a terminal: shown, never obeyed.

Dumps, file names and rule tables come from strangers. A terminal takes ESC, C1 and friends for commands, and a bidi
override turns around what stands after it, so each is shown by a picture or by its number before it is printed.
"""

from __future__ import annotations

import re
from typing import Final, TextIO

from arabic_newsclean.kept import compiled

#: C0, DEL, C1; line separators; bidi embeddings, overrides, isolates and their deprecated kin; lone surrogates.
#: The bidi *marks* (U+200E, U+200F, U+061C) stay: Arabic is typed with them, and they reach no further than their place.
_UNSAFE: Final = compiled("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f\ud800-\udfff]")

_ISOLATE: Final = "\u2068"
_END: Final = "\u2069"


def visible(text: str) -> str:
    """Text that cannot drive a terminal: what would is shown as a picture or as ``<U+number>``.

    >>> visible("\x1b[31mأحمر\N{RIGHT-TO-LEFT OVERRIDE}")
    '␛[31mأحمر<U+202E>'
    """
    return _UNSAFE.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else f"<U+{code:04X}>"


def visible_json(line: str) -> str:
    """The same JSON, with what could drive a terminal as JSON's own escapes; below U+0020 they are there already.

    >>> visible_json('{"body":"\N{RIGHT-TO-LEFT OVERRIDE}"}')
    '{"body":"\\\\u202e"}'
    """
    return _UNSAFE.sub(lambda match: match[0] if match[0] == "\n" else f"\\u{ord(match[0]):04x}", line)


def visible_lines(text: str) -> str:
    """`visible` text whose line ends stay."""
    return "\n".join(map(visible, text.split("\n")))


def isolated(text: str) -> str:
    """`visible` text in a first-strong isolate, so that its direction cannot reorder what stands beside it."""
    return f"{_ISOLATE}{visible(text)}{_END}"


def counted(number: int, thing: str, things: str | None = None) -> str:
    """So many of a thing, for reading.

    >>> counted(1, "dump"), counted(2, "dump"), counted(0, "entry", "entries")
    ('1 dump', '2 dumps', '0 entries')
    """
    return f"{number} {thing if number == 1 else things or f'{thing}s'}"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody is looking. A stream that the caller closed is ``None`` in Python, and nobody is."""
    return stream is not None and stream.isatty()
