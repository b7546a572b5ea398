"""Bytes to text: which encoding they are in, and what damage there is. Nothing here raises for any bytes."""

from __future__ import annotations

import codecs
from typing import Final, NamedTuple

from arabic_newsclean import mojibake
from arabic_newsclean.kept import compiled

#: The flags of a text: some bytes had to be replaced; it ends inside a character; it was misread before it came here.
DAMAGE: Final = "decoding-damage"
CUT: Final = "truncated"
REPAIRED: Final = "mojibake-repaired"
MISREAD: Final = "mojibake"


class Decoded(NamedTuple):
    """Text, the codec that gives it (``data.decode(encoding, "replace")``, again the very same text), and flags.

    Where the text had been misread before, ``encoding`` is a chain such as ``utf-8>cp1256>utf-8``: decode with the first,
    encode with the next, decode with the third.
    """

    text: str
    encoding: str
    flags: tuple[str, ...] = ()


def codec(name: str) -> str:
    """The name under which Python knows a text encoding. LookupError where it knows none.

    >>> codec("Windows-1256")
    'cp1256'
    """
    try:
        info = codecs.lookup(name)
        b"\xd8\xae\xd8\xa8".decode(info.name, "replace")
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
    decoded = _decoded(data, detect(data) if encoding is None else codec(encoding))
    return _sound(decoded) if encoding is not None else _repaired(_sound(decoded))


def of_text(text: str) -> Decoded:
    """The same for text that was decoded before it came here, such as a string of JSON."""
    return _repaired(_sound(_unmarked(Decoded(text, "utf-8"))))


def _sound(decoded: Decoded) -> Decoded:
    """Without half characters, which UTF-7 and JSON may hold and UTF-8 may not."""
    if not _SURROGATE.search(decoded.text):
        return decoded
    return Decoded(_SURROGATE.sub("\ufffd", decoded.text), decoded.encoding, (DAMAGE,))


def _repaired(decoded: Decoded) -> Decoded:
    text, name, flags = decoded
    if not mojibake.is_misread(text):
        return decoded
    repaired = mojibake.repair(text)
    if repaired is None:
        return Decoded(text, name, (*flags, MISREAD))
    return _unmarked(Decoded(repaired.text, ">".join((name, *repaired.codecs)), (*flags, REPAIRED)))


def _decoded(data: bytes, encoding: str) -> Decoded:
    flags: tuple[str, ...] = ()
    try:
        text = data.decode(encoding)
    except UnicodeError:
        text, flags = data.decode(encoding, "replace"), (DAMAGE,)
        if _ends_inside(data, encoding):
            flags = (DAMAGE, CUT)
    return _unmarked(Decoded(text, encoding, flags))


def _unmarked(decoded: Decoded) -> Decoded:
    """Without a byte order mark, and with the codec that leaves it out. A second one is a mark in the text, as any other."""
    before, sign, last = decoded.encoding.rpartition(">")
    if not decoded.text.startswith("\ufeff") or last not in _WITHOUT_MARK:
        return decoded
    return decoded._replace(text=decoded.text[1:], encoding=f"{before}{sign}{_WITHOUT_MARK[last]}")


#: The codec that leaves out the byte order mark which each of these keeps.
_WITHOUT_MARK: Final = {
    "utf-8": "utf-8-sig",
    "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
    "utf-32-le": "utf-32",
    "utf-32-be": "utf-32",
}


def _ends_inside(data: bytes, encoding: str) -> bool:
    """Whether the last character is not whole. Only the last: what is wrong before it is damage of another kind."""
    if encoding.startswith("utf-16"):
        return len(data) % 2 == 1
    lead = next((i for i in (1, 2, 3) if data[-i : len(data) - i + 1] >= b"\xc2"), 0) if encoding.startswith("utf-8") else 0
    return lead > 0 and lead < (2 if data[-lead] < 0xE0 else 3 if data[-lead] < 0xF0 else 4)


_SURROGATE: Final = compiled("[\ud800-\udfff]")
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
    big, little = (count(half, b"\0\x06\xfe") / len(half) for half in (sample[0::2], sample[1::2]))
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
    letters = count(data, _SHARED_LETTERS)
    windows = 2 * data.count(b"\xc7\xe1") + count(data, b"\xed\xec") + 2 * count(data, _NOT_ISO)
    iso = 2 * data.count(b"\xc7\xe4") + count(data, b"\xe7\xe8\xe9\xea")
    french = letters * 4 < count(data, bytes(range(0x80, 0x100)))  # é and è, but none of the letters of Arabic
    return "iso8859-6" if iso > windows and not french else "cp1256"


def count(data: bytes, wanted: bytes) -> int:
    """How many of the bytes are among those wanted."""
    return len(data) - len(data.translate(None, wanted))
