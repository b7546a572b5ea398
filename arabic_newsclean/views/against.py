"""What changed from an earlier run's records to this one: which dumps, which spans, their labels before and after.

So a person sees what a new rule or a new version does to a corpus before trusting it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Final

import orjson

from arabic_newsclean.model import BLANK, SCHEMA, Document, Segment, Source
from arabic_newsclean.terminal import visible
from arabic_newsclean.views.spans import ALL, Only

#: A label as three words: part, kind, rule.
Label = tuple[str, str | None, str]


class Earlier:
    """The records of an earlier run, in a file that can be read in any order. Only their places in it are kept in memory.

    Raises ValueError where a line is no record of schema 1, with its number.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._places: dict[str, int] = {}
        place = 0
        for number, line in enumerate(file, 1):
            self._places[_id(line, number)] = place
            place += len(line)

    def record(self, identity: str) -> dict[str, Any] | None:
        """The record of a dump, if there is one."""
        if identity not in self._places:
            return None
        self._file.seek(self._places[identity])
        found: dict[str, Any] = orjson.loads(self._file.readline())
        return found


def _id(line: bytes, number: int) -> str:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        record = None
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        raise ValueError(f"line {number} is no record of schema {SCHEMA}, as newsclean clean writes without --layout")
    return str(record["id"])


def changes(source: Source, document: Document, earlier: Earlier, only: Only = ALL) -> Iterator[dict[str, Any]]:
    """Every span of a dump whose label is another now, with both labels; or one line for a dump that cannot be compared."""
    record = document.record(source)
    before = earlier.record(record["id"])
    if before is None:
        yield {"id": source.id, "change": "new dump"}
    elif before["source"]["sha256"] != source.sha256 or before["stats"]["chars"] != len(document.text):
        yield {"id": source.id, "change": "other text"}
    else:
        olds = [Segment(s["start"], s["end"], s["part"], s["kind"], s["rule"]) for s in before["segments"]]
        for line, (start, end, old, new) in document.numbered(_apart(olds, document.segments)):
            if not any(only(Segment(start, end, *label)) for label in (old, new)):
                continue
            yield {
                "id": source.id,
                "change": "label",
                "start": start,
                "end": end,
                "line": line,
                "before": dict(zip(_NAMES, old, strict=True)),
                "after": dict(zip(_NAMES, new, strict=True)),
                "text": document.text[start:end],
            }


_NAMES: Final = ("part", "kind", "rule")


def _apart(olds: Sequence[Segment], news: Sequence[Segment]) -> Iterator[tuple[int, int, Label, Label]]:
    """The spans whose labels differ, as long as they can be; what is blank on both sides belongs to neither."""
    i = j = position = 0
    last: tuple[int, int, Label, Label] | None = None
    while i < len(olds) and j < len(news):
        end = min(olds[i].end, news[j].end)
        old, new = _label(olds[i]), _label(news[j])
        if old != new and not (old[0] == new[0] == BLANK):
            if last is not None and last[1] == position and last[2:] == (old, new):
                last = (last[0], end, old, new)
            else:
                if last is not None:
                    yield last
                last = (position, end, old, new)
        position = end
        i += olds[i].end == end
        j += news[j].end == end
    if last is not None:
        yield last


def _label(segment: Segment) -> Label:
    return segment.part, segment.kind, segment.rule


def shown(change: dict[str, Any]) -> str:
    """A change as a line for reading."""
    name = visible(change["id"])
    if change["change"] != "label":
        return f"{name}: {change['change']}"
    before, after = (_words(change[side]) for side in ("before", "after"))
    text = visible(" ".join(change["text"].split()))
    return f"{name}:{change['line']}: {before} → {after}: {text[:GLIMPSE]}{'…' if len(text) > GLIMPSE else ''}"


def _words(label: dict[str, str | None]) -> str:
    return visible(f"{label['part']}{'.' if label['kind'] else ''}{label['kind'] or ''} {label['rule']}")


#: So much of a changed span is shown.
GLIMPSE: Final = 100
