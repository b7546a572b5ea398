"""How well the tool serves you: annotated dumps against what the tool makes of them.

Every figure is read off one table a dump, which says how many characters of each annotated label got which label (white
space is nobody's and does not count). A mean is a mean over articles, so that a long page weighs no more than a short one.

>>> from arabic_newsclean.annotated import parse
>>> from arabic_newsclean.pipeline import clean
>>> dump = parse('#! {"type": "article"}\\nn.navigation\\tزر الذهاب إلى الأعلى\\n', "one.ann")
>>> evaluate([dump], clean).summary["parts_accuracy"]
1.0
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from arabic_newsclean import byrule
from arabic_newsclean.annotated import LABELS, Annotated, AnnotationError, find, label_of, load, part_of
from arabic_newsclean.model import BODY, HEADER, NOISE, Document
from arabic_newsclean.pipeline import clean
from arabic_newsclean.rules import RuleSet, default
from arabic_newsclean.terminal import visible

#: The fields of the header that are scored, in the order they are shown.
FIELDS: Final = ("category", "headline", "byline", "source", "date", "time")

#: What a field can be. The page prints it and the tool has it, or has another, or has none; or the page does not print it.
RIGHT, WRONG, ABSENT, SPURIOUS = "right", "wrong", "absent", "spurious"

#: Below this recall an article counts as damaged, below this precision as leaky.
GOOD: Final = 0.95

FORMATS: Final = ("text", "json")

#: A figure; ``None`` where there is nothing to measure.
Figure = int | float | None

_OUTSIDE: Final = "_"  # text that no segment holds is as good as blank: nobody gets to see it


# --- one dump --------------------------------------------------------------------------------------------------------


class Confusion(Counter[tuple[str, str]]):
    """How many characters that are annotated with the first label got the second."""

    def meant(self, wanted: Callable[[str], bool]) -> int:
        """The characters annotated with such a label."""
        return sum(count for (meant, _), count in self.items() if wanted(meant))

    def found(self, wanted: Callable[[str], bool]) -> int:
        """The characters that got such a label."""
        return sum(count for (_, found), count in self.items() if wanted(found))

    def both(self, wanted: Callable[[str], bool]) -> int:
        """The characters annotated with such a label that got such a label, this one or another."""
        return sum(count for (meant, found), count in self.items() if wanted(meant) and wanted(found))

    def same(self, view: Callable[[str], str], wanted: Callable[[str], bool] = bool) -> int:
        """The characters that `both` counts and whose labels look the same in a view, as `part_of`."""
        return sum(n for (meant, found), n in self.items() if wanted(meant) and wanted(found) and view(meant) == view(found))


@dataclass(frozen=True, slots=True)
class Score:
    """How well one dump was served. Figures run from 0 to 1; ``None`` is nothing to measure."""

    lossless: bool
    body_precision: float
    body_recall: float
    body_f1: float
    body_words_f1: float
    parts_accuracy: float
    noise_kind_accuracy: float | None
    fields: Mapping[str, str]
    ticker_items_f1: float | None
    flagged: bool
    confusion: Confusion


def score(dump: Annotated, document: Document) -> Score:
    """Compare what was made of a dump with what its annotation says.

    >>> from arabic_newsclean.annotated import parse
    >>> from arabic_newsclean.model import Header, Segment
    >>> dump = parse('#! {"type": "article", "fields": {"date": null}}\\nh.headline\\tعنوان\\nb\\tنص الخبر')
    >>> everything_body = Document(dump.text, (Segment(0, 14, "body", None, "stub"),), Header(date="2021-01-22"), dump.text)
    >>> result = score(dump, everything_body)
    >>> result.body_recall, round(result.body_precision, 3), result.fields
    (1.0, 0.583, {'date': 'spurious'})
    """
    confusion = confuse(dump, document)
    precision = _ratio(confusion.both(_is_body), confusion.found(_is_body))
    recall = _ratio(confusion.both(_is_body), confusion.meant(_is_body))
    noise = confusion.both(_is_noise)
    return Score(
        lossless=_tiles(document, len(dump.text)),
        body_precision=precision,
        body_recall=recall,
        body_f1=_f1(precision, recall),
        body_words_f1=_overlap(_words(dump), document.body.split()),
        parts_accuracy=_ratio(confusion.same(part_of), confusion.total()),
        noise_kind_accuracy=confusion.same(str, _is_noise) / noise if noise else None,
        fields=_fields(dump, document),
        ticker_items_f1=_ticker(dump, document),
        flagged="not-article" in document.flags,
        confusion=confusion,
    )


def confuse(dump: Annotated, document: Document) -> Confusion:
    """Count the characters of a dump by the label they should have and the label they have."""
    size = len(dump.text)
    meant = _paint(size, dump.spans)
    found = _paint(size, ((s.start, s.end, label_of(s.part, s.kind)) for s in document.segments))
    return Confusion(pair for pair, c in zip(zip(meant, found, strict=True), dump.text, strict=True) if not c.isspace())


def _paint(size: int, spans: Iterable[tuple[int, int, str]]) -> list[str]:
    """The label of each character."""
    labels = [_OUTSIDE] * size
    for start, end, label in spans:
        labels[start : min(end, size)] = [label] * (min(end, size) - start)
    return labels


def _tiles(document: Document, size: int) -> bool:
    """Whether the segments run from the beginning to the end, in order, without gap or overlap."""
    at = 0
    for segment in document.segments:
        if segment.start != at or segment.end < at:
            return False
        at = segment.end
    return at == size


def _words(dump: Annotated) -> list[str]:
    """The words of the annotated body."""
    return [word for start, end, label in dump.spans if _is_body(label) for word in dump.text[start:end].split()]


def _fields(dump: Annotated, document: Document) -> dict[str, str]:
    """The verdict on each field that the page prints or the tool has; none where the annotator left the fields out."""
    if "fields" not in dump.meta:
        return {}
    verdicts = ((name, _verdict(dump.meta["fields"].get(name), getattr(document.header, name))) for name in FIELDS)
    return {name: verdict for name, verdict in verdicts if verdict}


def _verdict(want: str | None, have: str | None) -> str | None:
    if want is None:
        return None if have is None else SPURIOUS
    if _squeeze(want) == _squeeze(have or ""):
        return RIGHT
    return ABSENT if have is None else WRONG


def _ticker(dump: Annotated, document: Document) -> float | None:
    """How well the headlines of the ticker were told apart; ``None`` where there is no ticker, or it was not annotated."""
    want = [_squeeze(item) for item in dump.meta.get("ticker", ())]
    have = [_squeeze(item) for item in document.ticker]
    return _overlap(want, have) if "ticker" in dump.meta and (want or have) else None


def _squeeze(text: str) -> str:
    """A value without what nobody would call a mistake: white space, and the punctuation around it."""
    return " ".join(text.split()).strip(" .:،-|")


def _is_body(label: str) -> bool:
    return part_of(label) == BODY


def _is_noise(label: str) -> bool:
    return part_of(label) == NOISE


def _ratio(share: float, whole: float) -> float:
    """A share of the whole; all of nothing is all."""
    return share / whole if whole else 1.0


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _overlap(want: list[str], have: list[str]) -> float:
    """F1 of two bags of texts: order does not matter, number does."""
    if not want and not have:
        return 1.0
    hits = (Counter(want) & Counter(have)).total()
    return _f1(_ratio(hits, len(have)), _ratio(hits, len(want)))


# --- all of them -----------------------------------------------------------------------------------------------------


def evaluate(dumps: Iterable[Annotated], clean: Callable[[str], Document]) -> Evaluation:
    """Score what `clean` makes of each dump."""
    pairs = tuple((dump, score(dump, clean(dump.text))) for dump in dumps)
    return Evaluation(pairs)


class KindScore(NamedTuple):
    """How well one kind was told from the rest, over the characters of all articles together."""

    annotated: int
    found: int
    precision: float | None
    recall: float | None
    mostly: str | None
    """What its characters were most often taken for, where they were not found."""


@dataclass(frozen=True)
class Evaluation:
    """Annotated dumps with their scores, in the order they were given."""

    pairs: tuple[tuple[Annotated, Score], ...]

    @cached_property
    def summary(self) -> dict[str, Figure]:
        """The figures of the whole set by name: over articles, but for ``lossless`` (all) and ``others_flagged`` (the rest)."""
        everything = [score for _, score in self.pairs]
        articles = self._articles
        others = [score for dump, score in self.pairs if not dump.is_article]
        return {
            "dumps": len(everything),
            "articles": len(articles),
            "lossless": _share(s.lossless for s in everything),
            "body_precision": _mean(s.body_precision for s in articles),
            "body_recall": _mean(s.body_recall for s in articles),
            "body_f1": _mean(s.body_f1 for s in articles),
            "body_words_f1": _mean(s.body_words_f1 for s in articles),
            "parts_accuracy": _mean(s.parts_accuracy for s in articles),
            "noise_kind_accuracy": _mean(s.noise_kind_accuracy for s in articles),
            "damaged (recall<.95)": _share(s.body_recall < GOOD for s in articles),
            "leaky (precision<.95)": _share(s.body_precision < GOOD for s in articles),
            "ticker_items_f1": _mean(s.ticker_items_f1 for s in articles),
            "others_flagged": _share(s.flagged for s in others),
            "articles_flagged": _share(s.flagged for s in articles),
            **{name: figure for field in FIELDS for name, figure in _field_figures(field, articles)},
        }

    @cached_property
    def kinds(self) -> dict[str, KindScore]:
        """Where it hurts: each kind by its name in the record (``noise.ticker``; running text is ``body``)."""
        total = Confusion()
        for one in self._articles:
            total.update(one.confusion)
        return {_spoken(label): _kind_score(label, total) for label in LABELS if part_of(label) in (HEADER, BODY, NOISE)}

    @property
    def _articles(self) -> list[Score]:
        return [score for dump, score in self.pairs if dump.is_article]

    def worst(self, number: int) -> list[tuple[Annotated, Score]]:
        """The dumps with the fewest characters in the right part, the worst first."""
        return sorted(self.pairs, key=lambda pair: pair[1].parts_accuracy)[: max(0, number)]

    def table(self, worst: int = 0) -> str:
        """The evaluation as text for a terminal of any kind: plain, aligned, safe to print."""
        blocks: list[list[tuple[str, ...]]] = [
            [(name, _shown(figure)) for name, figure in self.summary.items()],
            [("kind", "annotated", "found", "precision", "recall", "mostly taken for"), *self._kind_rows()],
        ]
        if worst > 0:
            head = ("dump", "type", "precision", "recall", "parts", "what is wrong")
            blocks.append([head, *(_dump_row(dump, score) for dump, score in self.worst(worst))])
        return "\n".join(_aligned(block) for block in blocks)

    def _kind_rows(self) -> Iterator[tuple[str, ...]]:
        for name, kind in self.kinds.items():
            if kind.annotated or kind.found:
                yield name, *map(_shown, kind[:4]), kind.mostly or ""

    def as_dict(self) -> dict[str, Any]:
        """The evaluation as it goes into JSON; a figure that cannot be measured is null."""
        return {
            "summary": dict(self.summary),
            "kinds": {name: kind._asdict() for name, kind in self.kinds.items()},
            "dumps": [_dump_dict(dump, score) for dump, score in self.pairs],
        }


def _kind_score(label: str, total: Confusion) -> KindScore:
    annotated, found = total.meant(label.__eq__), total.found(label.__eq__)
    hits = total[label, label]
    missed = {other: count for (meant, other), count in total.items() if meant == label != other}
    return KindScore(
        annotated=annotated,
        found=found,
        precision=hits / found if found else None,
        recall=hits / annotated if annotated else None,
        mostly=_spoken(max(sorted(missed), key=missed.__getitem__)) if missed else None,
    )


def _field_figures(field: str, articles: Sequence[Score]) -> Iterator[tuple[str, float]]:
    verdicts = Counter(score.fields.get(field) for score in articles)
    yield f"{field}_recall", _ratio(verdicts[RIGHT], verdicts[RIGHT] + verdicts[WRONG] + verdicts[ABSENT])
    yield f"{field}_precision", _ratio(verdicts[RIGHT], verdicts[RIGHT] + verdicts[WRONG] + verdicts[SPURIOUS])


def _mean(figures: Iterable[float | None]) -> float | None:
    measured = [figure for figure in figures if figure is not None]
    return sum(measured) / len(measured) if measured else None


def _share(verdicts: Iterable[bool]) -> float:
    votes = list(verdicts)
    return _ratio(sum(votes), len(votes))


# --- how it is shown -------------------------------------------------------------------------------------------------


def run(
    places: Sequence[str | Path],
    *,
    worst: int = 0,
    format: str = "text",
    rules: RuleSet | None = None,
    each_rule: bool = False,
) -> tuple[str, list[str]]:
    """What ``newsclean eval`` prints, and what it could not read: files and folders that hold no annotation, or a bad one.

    The text ends with a newline; it is empty if nothing could be read, because a figure about nothing looks like a good one.
    """
    if format not in FORMATS:
        raise ValueError(f"no such format: {format!r}; there are {', '.join(FORMATS)}")
    dumps, problems = _load_what_can_be(places)
    if not dumps:
        return "", problems
    if each_rule:
        served = byrule.by_rule(dumps, lambda text: clean(text, rules))
        return (byrule.as_json if format == "json" else byrule.table)(served, rules or default()), problems
    evaluation = evaluate(dumps, lambda text: clean(text, rules))
    if format == "json":
        return json.dumps(evaluation.as_dict(), ensure_ascii=False, indent=1) + "\n", problems
    return evaluation.table(worst), problems


def _load_what_can_be(places: Sequence[str | Path]) -> tuple[list[Annotated], list[str]]:
    """The dumps of all places, and a message for each that could not be read."""
    dumps, problems = [], []
    for place in places:
        unread: list[OSError] = []
        paths = list(find([place], unread.append))
        problems += [f"{visible(str(error.filename))}: {error.strerror}" for error in unread]
        if not paths and not unread:
            problems.append(f"{visible(str(place))}: no .ann file in this folder")
        for path in paths:
            try:
                dumps.append(load(path))
            except AnnotationError as error:
                problems.append(str(error))
            except OSError as error:
                problems.append(f"{visible(str(path))}: {error.strerror or type(error).__name__}")
    return dumps, problems


def _spoken(label: str) -> str:
    """A label in the words of the record.

    >>> _spoken("n.ticker"), _spoken("b")
    ('noise.ticker', 'body')
    """
    return part_of(label) + label[1:]


def _dump_dict(dump: Annotated, score: Score) -> dict[str, Any]:
    figures = {name: getattr(score, name) for name in Score.__dataclass_fields__ if name != "confusion"}
    return {"path": str(dump.path), "type": dump.meta["type"], **figures, "mistakes": _mistakes(score)}


def _mistakes(score: Score) -> dict[str, int]:
    """What was taken for what, and how many characters of it, the most first.

    >>> from types import SimpleNamespace
    >>> _mistakes(SimpleNamespace(confusion=Confusion({("b", "b"): 90, ("b", "n.related"): 8, ("h.deck", "b"): 20})))
    {'header.deck as body': 20, 'body as noise.related': 8}
    """
    wrong = [(meant, found, count) for (meant, found), count in score.confusion.items() if meant != found]
    return {f"{_spoken(m)} as {_spoken(f)}": count for m, f, count in sorted(wrong, key=lambda w: (-w[2], w[0], w[1]))}


def _dump_row(dump: Annotated, score: Score) -> tuple[str, ...]:
    """One of the worst dumps: its name, its figures, and what is wrong with it."""
    figures = map(_shown, (score.body_precision, score.body_recall, score.parts_accuracy))
    return visible(str(dump.path)), dump.meta["type"], *figures, ", ".join(_complaints(dump, score))


def _complaints(dump: Annotated, score: Score) -> Iterator[str]:
    """The three largest mistakes with their characters, the fields that are not right, the ticker, the flag."""
    yield from (f"{mistake} {count}" for mistake, count in list(_mistakes(score).items())[:3])
    yield from (f"{name} {verdict}" for name, verdict in score.fields.items() if verdict != RIGHT)
    if score.ticker_items_f1 is not None and score.ticker_items_f1 < 1:
        yield f"ticker items {_shown(score.ticker_items_f1)}"
    if score.flagged == dump.is_article:
        yield "flagged" if score.flagged else "not flagged"


def _shown(figure: Figure) -> str:
    """A figure as it is printed.

    >>> _shown(0.98765), _shown(12), _shown(None)
    ('0.9877', '12', '-')
    """
    return "-" if figure is None else f"{figure:.4f}" if isinstance(figure, float) else str(figure)


def _aligned(rows: Sequence[tuple[str, ...]]) -> str:
    r"""Rows as columns: the first and the words to the left, the figures to the right.

    >>> print(_aligned([("kind", "found"), ("body", "7"), ("noise.ticker", "123")]), end="")
    kind          found
    body              7
    noise.ticker    123
    """
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    numeric = [_all_figures(column[1:]) for column in columns]
    out = []
    for row in rows:
        cells = [cell.rjust(w) if right else cell.ljust(w) for cell, w, right in zip(row, widths, numeric, strict=True)]
        out.append("  ".join(cells).rstrip() + "\n")
    return "".join(out)


def _all_figures(cells: Iterable[str]) -> bool:
    return all(cell == "-" or cell.replace(".", "", 1).isdigit() for cell in cells)
