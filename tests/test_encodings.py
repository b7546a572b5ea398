"""How often bytes are read in the right encoding: codecs by lengths by damage by where a text begins. `-s` prints the table."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Final

from arabic_newsclean.reading import decode

#: Bodies of the samples, one after the other: text to cut pieces from.
TEXT: Final = "\n".join(
    path.read_text("utf-8")
    for path in sorted((Path(__file__).parent.parent / "samples").rglob("*.txt"))
    if path.name.startswith(("01", "05", "08", "13", "15"))
)
LENGTHS: Final = (20, 60, 200, 1000, 4000)
STARTS: Final = (0, 777, 1554, 2331)

#: What a codec is called, and what decode may call it.
CODECS: Final = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "cp1256": "cp1256",
    "iso8859-6": "iso8859-6",
}


def bad_byte(data: bytes) -> bytes:
    """A byte in the middle that no text has."""
    middle = len(data) // 2
    return data[:middle] + b"\xff" + data[middle:]


#: Damage by its name. UTF-16 has no bad byte: any pair is a character, and an odd one moves all that follow.
DAMAGE: Final[dict[str, Callable[[bytes], bytes]]] = {
    "whole": lambda data: data,
    "crlf": lambda data: data,
    "cut at the end": lambda data: data[:-1],
    "bad byte": bad_byte,
    "a line of Latin": lambda data: data,
}


def cases() -> dict[tuple[str, int, str], list[bool]]:
    """For each codec, length and damage whether each piece came out in its own encoding with (nearly) its own text."""
    out: dict[tuple[str, int, str], list[bool]] = {}
    for (codec, expected), length, damage, start in product(CODECS.items(), LENGTHS, DAMAGE, STARTS):
        if damage == "bad byte" and codec.startswith("utf-16"):
            continue
        text = TEXT[start : start + length].encode(codec, "ignore").decode(codec)
        text = text.replace("\n", "\r\n") if damage == "crlf" else text
        text = f"Share on Facebook\n{text}" if damage == "a line of Latin" else text
        data = DAMAGE[damage](text.encode(codec))
        found = decode(data)
        letters = Counter(found.text) & Counter(text)
        near = letters.total() >= 0.98 * len(text) - 2
        out.setdefault((codec, length, damage), []).append(found.encoding == expected and near)
    return out


def test_nearly_every_page_is_read_in_its_own_encoding() -> None:
    found = cases()
    print("\ncodec       damage            " + "".join(f"{length:>7}" for length in LENGTHS))
    for codec, damage in product(CODECS, DAMAGE):
        rights = [found.get((codec, length, damage), []) for length in LENGTHS]
        if any(rights):
            print(f"{codec:11} {damage:17}" + "".join(f"{sum(right):>4}/{len(right)}" for right in rights))
    assert sum(map(len, found.values())) >= 500
    long = [right for (_, length, _), rights in found.items() for right in rights if length >= 200]
    assert sum(long) >= 0.99 * len(long)
    short = [right for (_, length, _), rights in found.items() for right in rights if length == 60]
    assert sum(short) >= 0.9 * len(short)


def test_a_byte_order_mark_decides() -> None:
    assert decode(codecs.BOM_UTF8 + "خبر".encode("cp1256")).encoding == "utf-8-sig"
