"""Annotated dumps (``.ann`` files): a dump, and what a reader says every line of it is.

They are how anybody finds out how well the tool serves them: annotate twenty dumps, run ``newsclean eval``. A file is a
line of meta and then a line for every line of the dump, so that an annotator needs nothing but a text editor:

    #! {"type": "article", "fields": {"headline": "عنوان"}, "ticker": []}
    h.headline<TAB>عنوان
    _<TAB>
    b<TAB>أول الفقرة ⟦n.related|اقرأ أيضا: عنوان آخر⟧ وآخرها

A label is the first letter of a part and the kind (``n.related``), ``b`` is running text and ``_`` a blank line; a mark
``⟦label|text⟧`` is what stands inside a line of another kind. The dump is the texts joined by newlines, without marks.

The meta says what characters cannot: ``type`` (required; an article, a ``listing`` or ``not-article``), ``fields`` (the
header as the record should hold it, null for what the page does not print) and ``ticker`` (its headlines one by one).
Without ``fields`` or ``ticker`` these are not scored. Other keys are kept and mean nothing here.
"""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple

from arabic_newsclean.model import BLANK, KINDS, NOISE, PARTS, Header
from arabic_newsclean.terminal import visible

#: What a page may be. Only articles count in the figures for body, fields and ticker.
ARTICLE, LISTING, NOT_ARTICLE = TYPES = ("article", "listing", "not-article")

_LETTERS: Final = {part: "_" if part == BLANK else part[0] for part in PARTS}
_PARTS: Final = {letter: part for part, letter in _LETTERS.items()}


def label_of(part: str, kind: str | None) -> str:
    """A part and a kind as an annotator writes them.

    >>> label_of("noise", "ticker"), label_of("body", None), label_of("blank", None)
    ('n.ticker', 'b', '_')
    """
    return f"{_LETTERS[part]}.{kind}" if kind else _LETTERS[part]


def part_of(label: str) -> str:
    """The part that a label speaks of.

    >>> part_of("n.ticker"), part_of("_")
    ('noise', 'blank')
    """
    return _PARTS[label[0]]


#: Every label, in the order of the record's words.
LABELS: Final = tuple(label_of(part, kind) for part, kinds in KINDS.items() for kind in kinds)
_BLANK: Final = label_of(BLANK, None)
_RESIDUE: Final = label_of(NOISE, "residue")

_META: Final = "#! "
_MARK: Final = re.compile(r"⟦([a-z.]+)\|([^⟦⟧]*)⟧")
_BRACKETS: Final = re.compile("[⟦⟧]")


class AnnotationError(ValueError):
    """An annotation that cannot be used: names the file, the line and the reason."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{visible(str(path))}:{line}: {reason}")
        self.path, self.line, self.reason = path, line, reason


class Span(NamedTuple):
    """A half-open span of code points of the dump and what it is."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Annotated:
    """One annotated dump. No span holds the newline between two lines; within a line the spans leave no gap."""

    path: Path
    meta: dict[str, Any]
    text: str
    spans: tuple[Span, ...]

    @property
    def is_article(self) -> bool:
        """Whether the page is an article, and not a listing or something else."""
        return bool(self.meta["type"] == ARTICLE)


# --- reading ---------------------------------------------------------------------------------------------------------


def load(path: str | Path) -> Annotated:
    """Read one ``.ann`` file; `AnnotationError` says which line is wrong and why, `OSError` that there is no such file."""
    path = Path(path)
    data = path.read_bytes()
    try:
        return parse(data.decode("utf-8-sig"), path)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AnnotationError(path, line, f"not UTF-8 (byte {data[error.start]:#04x}); save the file as UTF-8") from error


def load_all(places: Iterable[str | Path]) -> list[Annotated]:
    """Read every ``.ann`` file in some files and folders; the first one that is wrong raises."""
    return [load(path) for path in find(places)]


def find(places: Iterable[str | Path], problem: Callable[[OSError], None] | None = None) -> Iterator[Path]:
    """The ``.ann`` files in some places: a folder gives all below it in sorted order, anything else is a file.

    ``problem`` is told of each folder that can't be read.
    """
    for place in map(Path, places):
        if os.path.isdir(place):
            walk = os.walk(place, onerror=problem)
            yield from sorted(Path(folder, name) for folder, _, names in walk for name in names if name.endswith(".ann"))
        else:
            yield place


def parse(content: str, path: str | Path = "-") -> Annotated:
    """Read the content of an ``.ann`` file; `path` is for messages alone.

    >>> dump = parse('#! {"type": "article"}\\nh.headline\\tعنوان\\nb\\tنص ⟦n.counter|5 تعليق⟧\\n')
    >>> dump.text
    'عنوان\\nنص 5 تعليق'
    >>> [(dump.text[start:end], label) for start, end, label in dump.spans]
    [('عنوان', 'h.headline'), ('نص ', 'b'), ('5 تعليق', 'n.counter')]
    >>> parse('#! {"type": "article"}\\nh.headlin\\tعنوان', "a.ann")
    Traceback (most recent call last):
    arabic_newsclean.annotated.AnnotationError: a.ann:2: no such label: 'h.headlin' (did you mean 'h.headline'?)
    """
    path = Path(path)
    first, *lines = content.removesuffix("\n").split("\n")
    meta = _read_meta(first, path)
    texts: list[str] = []
    spans: list[Span] = []
    position = 0
    for number, line in enumerate(lines, start=2):
        try:
            pieces = _read_line(line)
        except _LineError as reason:
            raise AnnotationError(path, number, str(reason)) from None
        texts.append("".join(text for _, text in pieces))
        for label, text in pieces:
            spans.append(Span(position, position + len(text), label))
            position += len(text)
        position += 1
    return Annotated(path, meta, "\n".join(texts), tuple(spans))


class _LineError(Exception):
    """Why a line is wrong, where its number is not known."""


def _read_line(line: str) -> list[tuple[str, str]]:
    """One line as (label, text) pieces: neighbours differ in their label, and none is empty."""
    label, tab, text = line.partition("\t")
    if not tab:
        raise _LineError(f"a label, a tab and the text must stand here, not {_short(line)}")
    pieces = _split_marks(_known(label), text)
    plain = "".join(piece for _, piece in pieces)
    if _BRACKETS.search(plain):
        raise _LineError("broken mark: ⟦label|text⟧ is the form, and marks do not nest")
    if label == _BLANK and plain.strip():
        raise _LineError("'_' is for blank lines, but this one has text")
    if label != _BLANK and not plain.strip():
        raise _LineError(f"a blank line is '_', not {label!r}")
    return pieces


def _split_marks(label: str, text: str) -> list[tuple[str, str]]:
    """The text outside the marks under the line's label, the text inside them under their own."""
    pieces, last = [], 0
    for mark in _MARK.finditer(text):
        pieces += [(label, text[last : mark.start()]), (_known(mark[1]), mark[2])]
        last = mark.end()
    pieces.append((label, text[last:]))
    return _merged(piece for piece in pieces if piece[1])


def _merged(pieces: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same pieces, with neighbours of one label made one: what stands in a file has one reading and one form."""
    return [(label, "".join(text for _, text in run)) for label, run in groupby(pieces, itemgetter(0))]


def _known(label: str) -> str:
    """The label, if there is such a one."""
    if label in LABELS:
        return label
    close = get_close_matches(label[:20], LABELS, n=1)
    raise _LineError(f"no such label: {_short(label)}" + (f" (did you mean {close[0]!r}?)" if close else ""))


def _short(text: str) -> str:
    """A text for a message: quoted, escaped, cut."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


# --- the meta --------------------------------------------------------------------------------------------------------


def _read_meta(line: str, path: Path) -> dict[str, Any]:
    """The JSON object of the first line, checked: a typing error here would silently change what is measured."""
    if not line.startswith(_META):
        raise AnnotationError(path, 1, f"the file must begin with {_META!r} and the meta as JSON")
    try:
        meta = json.loads(line.removeprefix(_META))
    except (ValueError, RecursionError) as error:
        raise AnnotationError(path, 1, f"the meta is not JSON: {error}") from error
    if reason := _wrong_meta(meta):
        raise AnnotationError(path, 1, reason)
    return dict(meta)


def _wrong_meta(meta: Any) -> str | None:
    """What is wrong with a meta, if anything is."""
    if not isinstance(meta, dict):
        return "the meta must be a JSON object"
    if meta.get("type") not in TYPES:
        return f'the meta needs a "type": one of {", ".join(TYPES)}'
    return _wrong_fields(meta.get("fields", {})) or _wrong_ticker(meta.get("ticker", []))


def _wrong_fields(fields: Any) -> str | None:
    if not isinstance(fields, dict):
        return 'the "fields" of the meta must be a JSON object'
    for name, value in fields.items():
        if name not in Header.__dataclass_fields__:
            return f"no such field in the meta: {_short(name)}; there are {', '.join(Header.__dataclass_fields__)}"
        if value is not None and not isinstance(value, str):
            return f"the field {name!r} of the meta must be a text or null"
    return None


def _wrong_ticker(ticker: Any) -> str | None:
    if isinstance(ticker, list) and all(isinstance(item, str) for item in ticker):
        return None
    return 'the "ticker" of the meta must be a list of texts'


# --- writing ---------------------------------------------------------------------------------------------------------


def dump(annotated: Annotated) -> str:
    r"""The content of the ``.ann`` file that says the same: ``parse(dump(x), x.path) == x`` for whatever was read.

    The spans may come from elsewhere too, as from the segments of a document, in order: they may run over several lines,
    and white space that is in none of them goes with the text before it.

    >>> text = "عنوان\n\nنص طويل 5 تعليقات"
    >>> spans = (Span(0, 7, "h.headline"), Span(7, 14, "b"), Span(15, 24, "n.counter"))
    >>> print(dump(Annotated(Path("a.ann"), {"type": "article"}, text, spans)).replace("\t", "<TAB>"), end="")
    #! {"type": "article"}
    h.headline<TAB>عنوان
    _<TAB>
    b<TAB>نص طويل ⟦n.counter|5 تعليقات⟧
    """
    out = [_META + json.dumps(annotated.meta, ensure_ascii=False)]
    start = 0
    for number, line in enumerate(annotated.text.split("\n"), start=2):
        try:
            out.append(_write_line(line, _labels(annotated.spans, start, start + len(line))))
        except _LineError as reason:
            raise AnnotationError(annotated.path, number, str(reason)) from None
        start += len(line) + 1
    return "\n".join(out) + "\n"


def write(annotated: Annotated, path: str | Path | None = None) -> None:
    """Write the ``.ann`` file, to its own path if no other is given; whole or not at all."""
    target = Path(path or annotated.path)
    data = dump(annotated).encode("utf-8")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(data)
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def _labels(spans: tuple[Span, ...], start: int, end: int) -> list[str | None]:
    """The label of each character of a line, ``None`` where no span holds it. The spans are in order."""
    labels: list[str | None] = [None] * (end - start)
    first = max(0, bisect_right(spans, start, key=itemgetter(0)) - 1)
    for at in range(first, len(spans)):
        span = spans[at]
        if span.start >= end:
            break
        left, right = max(span.start, start) - start, min(span.end, end) - start
        labels[left:right] = [span.label] * max(0, right - left)
    return labels


def _write_line(text: str, labels: list[str | None]) -> str:
    """One line of the file: its main label, a tab, and the text with the rest in marks."""
    if not text.strip():
        return f"{_BLANK}\t{text}"
    if _BRACKETS.search(text):
        raise _LineError("the text holds ⟦ or ⟧, which the format keeps for marks")
    pieces = _merged(zip(_filled(text, labels), text, strict=True))
    main = _main_label(pieces)
    return f"{main}\t" + "".join(piece if label == main else f"⟦{label}|{piece}⟧" for label, piece in pieces)


def _main_label(pieces: list[tuple[str, str]]) -> str:
    """The label of what stands outside the marks: an annotator marks from the first letter to the last of few pieces.

    >>> _main_label([("h.byline", "كتب فلان "), ("h.date", "12 أبريل 2013")])
    'h.byline'
    """
    evidence: dict[str, list[int]] = {}
    for label, piece in pieces:
        loose_ends = piece[0].isspace() + piece[-1].isspace()
        seen = evidence.setdefault(_known(label), [0, 0, 0])
        for at, amount in enumerate((loose_ends, 1, len(piece))):
            seen[at] += amount
    return max(evidence, key=evidence.__getitem__)


def _filled(text: str, labels: list[str | None]) -> list[str]:
    """Labels without gaps: white space that nobody labelled, or labelled blank, goes with the text before it."""
    filled: list[str] = []
    last = next((label for label in labels if label not in (None, _BLANK)), _RESIDUE)
    for at, label in enumerate(labels):
        if not text[at].isspace():
            if label is None:
                raise _LineError(f"no span says what {_short(text[at:])} is")
            last = _RESIDUE if label == _BLANK else label  # a direction mark alone: no ink, yet no white space either
        elif label not in (None, _BLANK):
            last = label
        filled.append(last)
    return filled
