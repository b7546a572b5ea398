"""Many texts in one call, for whatever runs Python functions on many machines: Ray Data, Dask, Spark, Beam."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from arabic_newsclean import reading
from arabic_newsclean.model import Document, Source
from arabic_newsclean.pipeline import clean
from arabic_newsclean.reading import Input


def clean_batch(pages: Sequence[str | bytes], ids: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """The records (schema 1) of some pages, in their order: texts, or bytes in whatever encoding they are.

    A function of its arguments alone, and picklable; tables and weights are loaded once in each process. Without
    ``ids`` a page is called by its number in the batch. A page that is no text (binary, too many NUL bytes) is no error
    that stops the batch: its record has only ``id`` and ``error``, the reason. Raises ValueError where there are not as
    many ids as pages.

    >>> records = clean_batch(["اترك رد", "زر الذهاب إلى الأعلى".encode("cp1256"), b"\\x00" * 99], ["a", "b", "c"])
    >>> [(record["id"], record["noise"][0]["kind"]) for record in records[:2]]
    [('a', 'comments'), ('b', 'navigation')]
    >>> records[2]
    {'id': 'c', 'error': 'is not text: 99 NUL bytes among 99 bytes'}
    """
    names = [str(number) for number in range(len(pages))] if ids is None else ids
    return [_record(page, name) for page, name in zip(pages, names, strict=True)]


def _record(page: str | bytes, name: str) -> dict[str, Any]:
    try:
        document, source = judged(page, name)
    except OSError as error:
        return {"id": name, "error": error.strerror or str(error)}
    return document.record(source)


def judged(page: str | bytes, name: str) -> tuple[Document, Source]:
    """A page as a labelled document, with where it is from. Raises OSError for bytes that are no text."""
    if isinstance(page, str):
        return clean(page), Source.of_text(page, name)
    text, source = reading.load(Input(name, name, data=page))
    return clean(text), source
