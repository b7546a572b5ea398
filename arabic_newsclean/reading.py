"""Where dumps come from: files, folders and standard input; and the one place where bytes become text.

`walk` finds, `read` gets the bytes, `decode` makes them text and says how. An input that cannot be used does not stop
the walk: `read` raises the OSError that says why, and the caller goes on with the next.
"""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from typing import Final, NamedTuple

from arabic_newsclean import mojibake
from arabic_newsclean.model import Source

#: The path that means standard input; a file of this name is ``./-``.
STDIN: Final = "-"

#: Which files of a folder are dumps, unless ``--glob`` says otherwise.
GLOBS: Final = ("*.txt",)

#: The flags of a text: some bytes had to be replaced; it ends inside a character; it was misread before it came here.
DAMAGE: Final = "decoding-damage"
CUT: Final = "truncated"
REPAIRED: Final = "mojibake-repaired"
MISREAD: Final = "mojibake"


@dataclass(frozen=True, slots=True)
class Input:
    """One dump to read: its path for the system, its name for the record, and why it cannot be read if that is known."""

    path: str
    name: str
    problem: OSError | None = None


class Decoded(NamedTuple):
    """Text, the codec that gives it (``data.decode(encoding, "replace")``, again the very same text), and flags.

    Where the text had been misread before, ``encoding`` is a chain such as ``utf-8>cp1256>utf-8``: decode with the first,
    encode with the next, decode with the third.
    """

    text: str
    encoding: str
    flags: tuple[str, ...] = ()


def walk(paths: Iterable[str], globs: Sequence[str] = GLOBS) -> Iterator[Input]:
    """Every input that the paths mean, in their order: files as given, folders whole, ``-`` for standard input.

    A folder gives its matching files sorted by name, then its folders in the same way. Links to files are read; links
    to folders inside it are not followed, so no loop can hold the walk. A pattern without a slash is matched with the
    file's name, one with a slash with the path below the folder. What is missing, or a folder with nothing that
    matches, is an `Input` too: reading it says why.
    """
    for path in paths:
        if path == STDIN:
            yield Input(STDIN, STDIN)
        elif os.path.isdir(path):
            yield from _folder(path, globs)
        else:
            yield Input(path, _name(os.path.basename(path)))


def _folder(top: str, globs: Sequence[str]) -> Iterator[Input]:
    matches = _matcher(globs)
    problems: list[OSError] = []
    empty = True
    for root, folders, files in os.walk(top, onerror=problems.append):
        folders.sort()
        below = os.path.relpath(root, top)
        for file in sorted(files):
            path = file if below == os.curdir else os.path.join(below, file)
            name = path.replace(os.sep, "/")
            if matches(name):
                empty = False
                yield Input(os.path.join(root, file), _name(name))
    for problem in problems:
        yield Input(problem.filename, _name(problem.filename), problem)
    if empty and not problems:
        nothing = FileNotFoundError(errno.ENOENT, f"holds no file that matches {' or '.join(globs)} (see --glob)")
        yield Input(top, _name(top), nothing)


def _matcher(globs: Sequence[str]) -> Callable[[str], bool]:
    rows = [(re.compile(translate(glob)).match, "/" in glob) for glob in globs]
    return lambda name: any(match(name if whole else name.rpartition("/")[2]) for match, whole in rows)


def _name(path: str) -> str:
    """A path as text that every encoder takes: bytes of a name that are not UTF-8 become backslash escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def load(item: Input, encoding: str | None = None) -> tuple[str, Source]:
    """The text of an input and where it comes from. Raises OSError where it cannot be read."""
    data = read(item)
    text, found, flags = decode(data, encoding)
    return text, Source(item.name, found, len(data), hashlib.sha256(data).hexdigest(), flags=flags)


def read(item: Input) -> bytes:
    """The bytes of an input. Raises OSError, with the reason in words, for whatever is not a file that can be read.

    Pipes and devices among the paths are refused, not opened: one that nobody writes to would hold the run for ever.
    """
    if item.problem is not None:
        raise item.problem
    if item.path == STDIN:
        if sys.stdin is None:
            raise OSError(errno.EBADF, "standard input is closed")
        return sys.stdin.buffer.read()
    kind = os.stat(item.path).st_mode
    if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
        raise OSError(errno.EINVAL, "not a file but a pipe or a device (to read from it: newsclean clean - < PATH)")
    with open(item.path, "rb") as file:
        return file.read()


def size(item: Input) -> int:
    """How many bytes there are to read, as far as that can be told before."""
    try:
        return 0 if item.path == STDIN else os.stat(item.path).st_size
    except OSError:
        return 0


def codec(name: str) -> str:
    """The name under which Python knows a text encoding. LookupError where it knows none.

    >>> codec("Windows-1256")
    'cp1256'
    """
    info = codecs.lookup(name)
    try:
        b"\0\0\0\0".decode(info.name, "replace")
    except UnicodeError:
        raise LookupError(f"unknown encoding: {name}") from None  # idna and its like decode names, not pages
    return info.name


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Bytes to text: with the encoding given, else with the one found. Never raises but LookupError for a bad name.

    Line ends stay as they are, since offsets speak of this text; a byte order mark is not part of it.

    >>> decode("خبر".encode("cp1256")).encoding
    'cp1256'
    >>> decode("خبر عاجل".encode()[:-1])
    Decoded(text='خبر عاج�', encoding='utf-8', flags=('decoding-damage', 'truncated'))
    >>> decode("ط§ظ„ط¹ط±ط§ظ‚".encode())
    Decoded(text='العراق', encoding='utf-8>cp1256>utf-8', flags=('mojibake-repaired',))
    """
    text, name, flags = _decoded(data, detect(data) if encoding is None else codec(encoding))
    if _SURROGATE.search(text):  # UTF-7 may hold half a character, and JSON has no place for it
        text, flags = _SURROGATE.sub("\ufffd", text), (DAMAGE,)
    if encoding is None and mojibake.is_misread(text):
        repaired = mojibake.repair(text)
        if repaired is None:
            return Decoded(text, name, (*flags, MISREAD))
        return Decoded(repaired.text.removeprefix("\ufeff"), ">".join((name, *repaired.codecs)), (*flags, REPAIRED))
    return Decoded(text, name, flags)


def _decoded(data: bytes, encoding: str) -> Decoded:
    flags: tuple[str, ...] = ()
    try:
        text = data.decode(encoding)
    except UnicodeError:
        text, flags = data.decode(encoding, "replace"), (DAMAGE,)
        if _ends_inside(data, encoding):
            flags = (DAMAGE, CUT)
    return Decoded(text.removeprefix("\ufeff"), encoding, flags)


def _ends_inside(data: bytes, encoding: str) -> bool:
    """Whether the last character is not whole. Only the last: what is wrong before it is damage of another kind."""
    if encoding.startswith("utf-16"):
        return len(data) % 2 == 1
    lead = next((i for i in (1, 2, 3) if data[-i : len(data) - i + 1] >= b"\xc2"), 0) if encoding.startswith("utf-8") else 0
    return lead > 0 and lead < (2 if data[-lead] < 0xE0 else 3 if data[-lead] < 0xF0 else 4)


_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def detect(data: bytes) -> str:
    """The encoding of a page, cheapest sure sign first: byte order mark, UTF-16, UTF-8, then the two Arabic code pages.

    UTF-16 is asked for before UTF-8, since Arabic in UTF-16 is made of bytes below 0x80 and so is valid UTF-8.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    wide = _utf16(data[:4096])
    if wide:
        return wide
    return "utf-8" if _is_utf8(data) else _code_page(data)


def _utf16(sample: bytes) -> str | None:
    """UTF-16 without a mark: one byte of each pair, on the same side, is 06 (Arabic), FE (its printed forms) or 00 (Latin)."""
    if len(sample) < 4:
        return None
    big, little = (_count(half, b"\0\x06\xfe") / len(half) for half in (sample[0::2], sample[1::2]))
    if min(big, little) > 0.5:  # nothing but control characters
        return None
    return "utf-16-le" if little > 0.8 else "utf-16-be" if big > 0.8 else None


def _is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8, whole or with damage: cut inside a character, a few bad bytes, one foreign line.

    In a code page hardly any two bytes make a UTF-8 character (a letter before a comma may), so a count decides.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and not data[: error.start].isascii():  # cut; all before it is valid
            return True
        text = data.lstrip(_CONTINUATIONS).decode("utf-8", "replace")
        beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
        bad = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
        return beyond_ascii - bad > bad
    return True


_CONTINUATIONS: Final = bytes(range(0x80, 0xC0))

#: Letters both code pages have in the same place (ء to ض).
_SHARED_LETTERS: Final = bytes(range(0xC1, 0xD7))
#: What ISO 8859-6 has no character for, or a control character where Windows has quotes and dashes.
_NOT_ISO: Final = bytes(b for b in range(0x80, 0x100) if b < 0xA0 or not bytes([b]).decode("iso8859_6", "ignore"))


def _code_page(data: bytes) -> str:
    """Windows-1256 or ISO 8859-6, which share half of their letters; Windows where the page does not say.

    The article ال is C7E1 in the one and C7E4 in the other. Yeh, the other letter that no text is without, is ED or EC
    in Windows (tanwin in ISO, rare); waw, heh and yeh of ISO (E7 to EA) are accented Latin letters in Windows.
    """
    letters = _count(data, _SHARED_LETTERS)
    windows = 2 * data.count(b"\xc7\xe1") + _count(data, b"\xed\xec") + 2 * _count(data, _NOT_ISO)
    iso = 2 * data.count(b"\xc7\xe4") + _count(data, b"\xe7\xe8\xe9\xea")
    french = letters * 4 < _count(data, bytes(range(0x80, 0x100)))  # é and è, but none of the letters of Arabic
    return "iso8859-6" if iso > windows and not french else "cp1256"


def _count(data: bytes, wanted: bytes) -> int:
    return len(data) - len(data.translate(None, wanted))
