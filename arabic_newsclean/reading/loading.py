"""One input to one text, with where it is from."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

import orjson

from arabic_newsclean.model import Source
from arabic_newsclean.reading import decoding, streams
from arabic_newsclean.reading.decoding import Decoded
from arabic_newsclean.reading.inputs import JSON, LIMIT, Input, unusable

#: Control characters that no page of text holds: a file with many of them is something else.
_CONTROLS: Final = bytes(b for b in range(0x20) if b not in b"\t\n\v\f\r\x1b") + b"\x7f"
#: More of them than this, and in a hundred bytes more than that: a page with a few stray ones is a page.
_STRAY: Final = 3
_IN_A_HUNDRED: Final = 2

_CONTAINERS: Final = ((b"PK\x03\x04", "a zip archive"), (b"WARC/1.", "a WARC file"))


def load(
    item: Input, encoding: str | None = None, *, key: str = "text", keep: bool = False, limit: int = LIMIT
) -> tuple[str, Source]:
    """The text of an input and where it comes from. Raises OSError, with the reason in words, for one without a text.

    For JSON the text is in the field ``key``, and the other fields are kept in ``Source.meta`` if told to.
    """
    data = read(item, limit)
    meta = item.meta
    if item.form == JSON:
        line = Decoded("", "") if encoding is None else decoding.decode(data, encoding)
        text, others = _member(data if encoding is None else line.text, key, keep=keep)
        meta = others if keep else meta
        decoded = decoding.of_text(text)
        decoded = decoded._replace(flags=(*line.flags, *decoded.flags))
        data = text.encode("utf-8", "replace")
    else:
        decoded = decoding.decode(data, encoding)
        _check(data, decoded)
    hashed = hashlib.sha256(data).hexdigest()
    source = Source(item.name, decoded.encoding, len(data), hashed, item.member, decoded.flags, meta)
    return decoded.text, source


def read(item: Input, limit: int = LIMIT) -> bytes:
    """The bytes of an input, unpacked. Raises OSError for whatever is not a file that can be read."""
    if item.problem is not None:
        raise item.problem
    try:
        if item.data is not None:
            return streams.unpack(item.data, limit)
        return streams.whole(item.path, limit)
    except Exception as error:
        raise streams.problem(error) from None


def filled(item: Input, limit: int = LIMIT) -> Input:
    """The input with its bytes read, or with the problem that they could not be."""
    try:
        return replace(item, data=read(item, limit))
    except OSError as error:
        return replace(item, problem=error)


def _member(line: bytes | str, key: str, *, keep: bool) -> tuple[str, dict[str, Any]]:
    """The text in a JSON object, and its other fields, exactly as they are if they are to be kept."""
    try:
        record = orjson.loads(line)
        if keep:
            with suppress(RecursionError):
                record = json.loads(line)  # orjson makes fractions of whole numbers of more than 64 bits
    except orjson.JSONDecodeError as strict:
        try:
            record = json.loads(line)  # half characters and NaN, which Python writes and JSON does not know
        except (ValueError, RecursionError):
            raise unusable(f"is no JSON: {strict.msg} at character {strict.pos + 1} {_hint(line)}") from None
    if not isinstance(record, dict):
        raise unusable(f"is JSON, but no object: {_type(record)} {_hint(line)}")
    if key not in record:
        has = ", ".join(sorted(map(repr, record))[:8])
        raise unusable(f"has no field {key!r} (see --text-key); it has {has or 'none'}")
    text = record.pop(key)
    if not isinstance(text, str):
        raise unusable(f"has no text in the field {key!r}, but {_type(text)}")
    return text, record


def _hint(line: bytes | str) -> str:
    """What to do about a line that can't be used.

    >>> _hint("[{"), _hint("خبر".encode("cp1256"))
    ('(JSONL is one JSON object a line)', '(see --encoding)')
    """
    if isinstance(line, bytes) and "\ufffd" in line.decode("utf-8", "replace"):
        return "(see --encoding)"
    return "(JSONL is one JSON object a line)"


def _type(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    return {int: "a number", float: "a number", list: "an array", dict: "an object"}.get(type(value), "a string")


def _check(data: bytes, decoded: Decoded) -> None:
    """Raise for bytes that are no text, however they are decoded."""
    for start, name in _CONTAINERS:
        if data.startswith(start):
            raise unusable(f"is {name} by another name (see --input-format)")
    if data[257:262] == b"ustar":
        raise unusable("is a tar archive by another name (see --input-format)")
    if decoded.encoding.startswith(("utf-16", "utf-32")):
        data = decoded.text.encode("utf-8", "replace")  # in these, a zero byte is half of a letter
    controls = decoding.count(data, _CONTROLS)
    if controls > _STRAY and controls * 100 > _IN_A_HUNDRED * len(data):
        nuls = data.count(0)
        what = f"{nuls:,} NUL bytes" if nuls * 2 > controls else f"{controls:,} control characters"
        raise unusable(f"is not text: {what} among {len(data):,} bytes")
