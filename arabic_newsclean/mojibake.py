"""Text that was once decoded with the wrong code page: known by its letters, undone exactly or not at all.

UTF-8 read as Windows-1256 turns every Arabic letter into ط or ظ and a sign (ط§ظ„ط¹ط±ط§ظ‚); read as Latin-1 or Windows-1252
it gives Ø and Ù (Ø§Ù„Ø¹Ø±Ø§Ù‚). Windows-1256 and ISO 8859-6 read as Latin ones give ÇáÚÑÇÞ. A page may have gone through
this twice. Undoing is encoding with the wrong code page and decoding with the right one; it is exact, or it fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from arabic_newsclean.kept import compiled


class Repair(NamedTuple):
    """What stood in the dump before it was misread, and the codecs that undo it: encode with one, decode with the next."""

    text: str
    codecs: tuple[str, ...]


#: How often a page can have been misread, one time upon the other.
TIMES: Final = 3

#: The share of two tell-tale letters in a misread text is 45 % (25 % where it was misread twice) or 20 % (code pages); in
#: Arabic it is about 1 %, in French less.
_TWO_BYTE: Final = 0.2
_ONE_BYTE: Final = 0.1
#: Fewer tell-tale letters than this tell nothing: خط is half ط.
_FEWEST: Final = 6

_ARABIC: Final = compiled("[\u0621-\u064a]")
_LATIN: Final = compiled("[\u00c0-\u00ff]")

#: Windows-1252 as browsers read it: the five bytes it has no character for are C1 controls.
_LATIN_1: Final = {ord(bytes([b]).decode("cp1252", "ignore") or chr(b)): b for b in range(0x80, 0xA0)}


def is_misread(text: str) -> bool:
    """Whether a text looks like Arabic read with the wrong code page.

    >>> is_misread("ط§ظ„ط¹ط±ط§ظ‚"), is_misread("ÇáÚÑÇÞ ÇáÌÏíÏ ÇáÂä"), is_misread("العراق"), is_misread("Été à Alger")
    (True, True, False, False)
    """
    return next(_suspects(text), None) is not None


def _suspects(text: str) -> Iterator[tuple[str, str]]:
    """The code page that a text may have been read with, and the one it should have been."""
    size = len(text) - text.count(" ") - text.count("\n")
    if text.count("ط") + text.count("ظ") >= max(_TWO_BYTE * size, _FEWEST):
        yield "cp1256", "utf-8"
    if text.count("Ø") + text.count("Ù") >= max(_TWO_BYTE * size, _FEWEST):
        yield "latin-1", "utf-8"
    if text.count("Ç") + max(text.count("á"), text.count("ä")) >= max(_ONE_BYTE * size, _FEWEST) and "ا" not in text:
        yield "latin-1", "cp1256" if text.count("á") >= text.count("ä") else "iso8859-6"


def repair(text: str) -> Repair | None:
    """What a misread text was, where it can be had exactly; nothing where it was not misread, or cannot be undone.

    >>> repair("ط§ظ„ط¹ط±ط§ظ‚")
    Repair(text='العراق', codecs=('cp1256', 'utf-8'))
    >>> repair("العراق"), repair("ط§ظ„ط¹ط±ط§ط")
    (None, None)
    """
    chain: tuple[str, ...] = ()
    for _ in range(TIMES):
        for wrong, right in _suspects(text):
            try:
                undone = _bytes(text, wrong).decode(right)
            except UnicodeError:
                continue
            if _better(undone, text):
                text, chain = undone, (*chain, wrong, right)
                break
        else:
            break
    return Repair(text, chain) if chain and not is_misread(text) else None


def _bytes(text: str, wrong: str) -> bytes:
    return text.translate(_LATIN_1).encode("latin-1") if wrong == "latin-1" else text.encode(wrong)


def _better(undone: str, text: str) -> bool:
    """Whether undoing gave letters of Arabic, or of Latin that is misread Arabic in its turn."""
    letters = len(_ARABIC.findall(undone)) + len(_LATIN.findall(undone))
    return letters * 3 > len(undone) - undone.count(" ") and len(undone) <= len(text)
