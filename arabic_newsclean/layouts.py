"""The shapes a record may be written in. Each is a function of the same source and document.

``record`` is schema 1 whole. The others carry less, in the shape that a reader of them expects.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from arabic_newsclean.model import NOISE, Document, Source


def record(source: Source, document: Document) -> dict[str, Any]:
    """Schema 1, with a span for every character."""
    return document.record(source)


def datatrove(source: Source, document: Document) -> dict[str, Any]:
    """What the readers of datatrove and of most training code take: ``text``, ``id``, and the rest under ``metadata``.

    >>> from arabic_newsclean import clean
    >>> row = datatrove(Source.of_text("", "iq/1.txt"), clean("اترك رد\\n"))
    >>> row["id"], row["text"], row["metadata"]["flags"], row["metadata"]["noise"]
    ('iq/1.txt', '', ['not-article'], {'comments': 7})
    """
    whole = document.record(source)
    noise: Counter[str] = Counter()
    for segment in document.spans(NOISE):
        noise[segment.kind or "residue"] += segment.end - segment.start
    metadata = {name: whole[name] for name in ("source", "header", "ticker", "flags", "stats")}
    return {"text": document.body, "id": whole["id"], "metadata": {**metadata, "noise": dict(sorted(noise.items()))}}


def flat(source: Source, document: Document) -> dict[str, Any]:
    """One level, every field a text or a number and none null, so that tables and spreadsheets keep one type a column.

    Several headlines of a ticker, and several removed pieces, are lines of one text. What was kept of the source beside
    its address and when it was fetched is one text of JSON.

    >>> from arabic_newsclean import clean
    >>> row = flat(Source.of_text("", "iq/1.txt"), clean("اترك رد\\n"))
    >>> row["headline"], row["noise"], row["flags"], row["noise_chars"]
    ('', 'اترك رد', 'not-article', 7)
    """
    whole = document.record(source)
    place = whole["source"]
    meta = dict(source.meta or {})
    url, fetched = (meta.pop(name) if isinstance(meta.get(name), str) else "" for name in ("url", "date"))
    return {
        "id": whole["id"],
        "path": place["path"],
        "member": "" if place["member"] is None else str(place["member"]),
        "encoding": place["encoding"],
        "bytes": place["bytes"],
        "sha256": place["sha256"],
        "url": url,
        "fetched": fetched,
        "meta": json.dumps(meta, ensure_ascii=False) if meta else "",
        **{name: value or "" for name, value in whole["header"].items()},
        "body": whole["body"],
        "ticker": "\n".join(whole["ticker"]),
        "noise": "\n".join(noise.text for noise in document.noise),
        "flags": " ".join(whole["flags"]),
        "chars": whole["stats"]["chars"],
        **{f"{part}_chars": whole["stats"][part] for part in ("header", "body", "noise")},
    }


LAYOUTS: Final[dict[str, Callable[[Source, Document], dict[str, Any]]]] = {
    "record": record,
    "datatrove": datatrove,
    "flat": flat,
}

#: What each of them has and nothing else that lies beside records does: rejects, removed spans, sources of pages.
_SIGNS: Final = ({"id", "schema"}, {"id", "text", "metadata"}, {"id", "noise_chars"})


def is_record(row: object) -> bool:
    """Whether a row of JSON is a record, in any of the layouts.

    >>> is_record({"id": "a", "schema": 1, "body": ""}), is_record({"id": "a", "path": "a", "reason": "is a directory"})
    (True, False)
    """
    return isinstance(row, dict) and isinstance(row.get("id"), str) and any(signs <= row.keys() for signs in _SIGNS)
