"""The scores: small cases computed by hand, laws that hold for any dump, and agreement with the measure we are judged by."""

import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic_newsclean import clean, evaluate
from arabic_newsclean.annotated import LABELS, Annotated, Span, load_all, parse, part_of, write
from arabic_newsclean.evaluate import Score, run, score
from arabic_newsclean.model import KINDS, Document, Header, Segment, Source
from arabic_newsclean.rules import RuleSet

ANNOTATED = Path(__file__).parent / "annotated"
MEASURE = Path(__file__).parents[2] / "shared" / "bench" / "score.py"

META = '{"type": "article", "fields": {"headline": "عنوان"}, "ticker": []}'


def document(text: str, *segments: tuple[int, int, str], **views: Any) -> Document:
    """A document from (start, end, label) triples; what they leave out is in no segment."""
    views.setdefault("header", Header())
    views.setdefault("body", "")
    return Document(
        text, tuple(Segment(start, end, part_of(label), kind_of(label), "test") for start, end, label in segments), **views
    )


def kind_of(label: str) -> str | None:
    return label.partition(".")[2] or None


def everything_body(text: str) -> Document:
    return document(text, (0, len(text), "b"), body=text)


def perfect(dump: Annotated) -> Document:
    """The document that says of a dump exactly what its annotation says."""
    segments, at = [], 0
    for start, end, label in dump.spans:
        segments += [(at, start, "_"), (start, end, label)]
        at = end
    segments.append((at, len(dump.text), "_"))
    return document(
        dump.text,
        *(segment for segment in segments if segment[0] < segment[1]),
        header=Header(**dump.meta.get("fields", {})),
        body="\n\n".join(dump.text[start:end] for start, end, label in dump.spans if part_of(label) == "body"),
        ticker=tuple(dump.meta.get("ticker", ())),
        flags=() if dump.is_article else ("not-article",),
    )


# --- by hand ---

# Six characters of headline, nine of body in two words, four of share and four of tags: 23, and 4 of white space.
PAGE = parse(f"#! {META}\nh.headline\tabcdef\nb\tghij klmno\nn.share\tpqrs\nn.tags\ttuvw\n", "page.ann")


def test_the_page_that_was_counted_by_hand() -> None:
    assert PAGE.text == "abcdef\nghij klmno\npqrs\ntuvw"


def test_precision_and_recall_of_the_body_count_characters_without_white_space() -> None:
    """Body found: def (wrong), ghij (right). Precision 4/7, recall 4/9; white space, found or not, counts for nothing."""
    result = score(PAGE, document(PAGE.text, (0, 3, "h.headline"), (3, 12, "b"), (12, 27, "n.share"), body="def\nghij "))
    assert result.body_precision == 4 / 7
    assert result.body_recall == 4 / 9
    assert result.body_f1 == pytest.approx(2 * 4 / (7 + 9))
    assert result.parts_accuracy == (3 + 4 + 8) / 23


def test_words_of_the_body_are_taken_from_the_record_not_from_the_segments() -> None:
    """Annotated: ghij, klmno. In the record: ghij twice. One hit of two each way."""
    assert score(PAGE, document(PAGE.text, (0, 27, "b"), body="ghij ghij")).body_words_f1 == 0.5
    assert score(PAGE, document(PAGE.text, (0, 27, "b"), body="")).body_words_f1 == 0.0


def test_noise_kinds_are_scored_where_the_noise_was_found() -> None:
    """Found as noise: four of share (right), two of tags (as share), and body, which is another figure's business."""
    result = score(PAGE, document(PAGE.text, (0, 12, "b"), (12, 25, "n.share"), (25, 27, "b")))
    assert result.noise_kind_accuracy == 4 / 6
    assert score(PAGE, everything_body(PAGE.text)).noise_kind_accuracy is None


@pytest.mark.parametrize(
    ("segments", "lossless"),
    [
        ([(0, 27, "b")], True),
        ([(0, 7, "h.headline"), (7, 27, "b")], True),
        ([(0, 6, "h.headline"), (7, 27, "b")], False),
        ([(0, 8, "h.headline"), (7, 27, "b")], False),
        ([(0, 26, "b")], False),
        ([(0, 28, "b")], False),
        ([(7, 27, "b"), (0, 7, "h.headline")], False),
        ([], False),
    ],
    ids=["one", "two", "gap", "overlap", "short", "long", "disorder", "none"],
)
def test_lossless_is_in_order_without_gap_or_overlap(segments: list[tuple[int, int, str]], lossless: bool) -> None:
    assert score(PAGE, document(PAGE.text, *segments)).lossless is lossless


@pytest.mark.parametrize(
    ("want", "have", "verdict"),
    [
        ("عنوان الخبر", "عنوان الخبر", "right"),
        ("عنوان الخبر", " عنوان\n\xa0الخبر :", "right"),
        ("عنوان الخبر", "عنوان", "wrong"),
        ("عنوان الخبر", None, "absent"),
        (None, "عنوان", "spurious"),
        (None, None, None),
    ],
)
def test_fields_are_right_wrong_absent_or_spurious(want: str | None, have: str | None, verdict: str | None) -> None:
    dump = parse(f'#! {{"type": "article", "fields": {json.dumps({"headline": want})}}}\nb\tنص')
    assert score(dump, document(dump.text, (0, 2, "b"), header=Header(headline=have))).fields.get("headline") == verdict


@pytest.mark.parametrize(
    ("want", "have", "f1"),
    [
        (["أ", "ب"], ("ب", "أ"), 1.0),
        (["أ", "ب"], ("أ",), 2 * 0.5 / 1.5),
        (["أ"], ("أ", "أ"), 2 * 0.5 / 1.5),
        (["أ", "ب"], ("أ ب",), 0.0),
        (["أ"], (), 0.0),
        ([], ("أ",), 0.0),
        ([], (), None),
    ],
)
def test_ticker_items_are_counted_one_by_one(want: list[str], have: tuple[str, ...], f1: float | None) -> None:
    dump = parse(f'#! {{"type": "article", "ticker": {json.dumps(want)}}}\nb\tنص')
    assert score(dump, document(dump.text, (0, 2, "b"), ticker=have)).ticker_items_f1 == f1


def test_what_was_not_annotated_is_not_scored() -> None:
    """A user who only labels lines learns about lines; nothing is called spurious for want of an annotation."""
    dump = parse('#! {"type": "article"}\nb\tنص')
    result = score(dump, document(dump.text, (0, 2, "b"), header=Header(headline="نص"), ticker=("نص",)))
    assert result.fields == {}
    assert result.ticker_items_f1 is None


# --- many dumps ---


def evaluation(*pairs: tuple[Annotated, Document]) -> evaluate.Evaluation:
    documents = {dump.text: document for dump, document in pairs}
    return evaluate.evaluate([dump for dump, _ in pairs], documents.__getitem__)


OTHER = parse('#! {"type": "listing", "fields": {"headline": null}, "ticker": []}\nn.related\tخبر آخر\n', "other.ann")


def test_means_are_over_articles_and_a_page_counts_as_one() -> None:
    second = parse(f"#! {META}\nb\tقصير\n", "short.ann")
    result = evaluation(
        (PAGE, everything_body(PAGE.text)), (second, everything_body(second.text)), (OTHER, everything_body(OTHER.text))
    )
    summary = result.summary
    assert (summary["dumps"], summary["articles"]) == (3, 2)
    assert summary["body_precision"] == (9 / 23 + 1) / 2
    assert summary["leaky (precision<.95)"] == 0.5
    assert summary["damaged (recall<.95)"] == 0.0
    assert summary["others_flagged"] == 0.0
    assert summary["headline_recall"] == 0.0
    assert summary["headline_precision"] == 1.0, "nothing was answered, so nothing was wrong"
    assert summary["noise_kind_accuracy"] is None


def test_kinds_say_where_it_hurts() -> None:
    """Share found as share 4 and as tags 0; tags found as share 4: precision of share 4/8, recall of tags 0/4."""
    kinds = evaluation((PAGE, document(PAGE.text, (0, 7, "h.headline"), (7, 18, "b"), (18, 27, "n.share")))).kinds
    assert kinds["noise.share"] == (4, 8, 0.5, 1.0, None)
    assert kinds["noise.tags"] == (4, 0, None, 0.0, "noise.share")
    assert kinds["header.headline"] == (6, 6, 1.0, 1.0, None)
    assert kinds["noise.legal"] == (0, 0, None, None, None)
    assert set(kinds) == {f"{part}.{kind}" if kind else part for part in ("header", "body", "noise") for kind in KINDS[part]}


def test_the_worst_come_first_and_say_what_is_wrong() -> None:
    result = evaluation((PAGE, everything_body(PAGE.text)), (OTHER, perfect(OTHER)))
    assert [dump.path.name for dump, _ in result.worst(5)] == ["page.ann", "other.ann"]
    last = result.table(worst=1).split("\n")[-2]
    assert last.startswith("page.ann  article")
    assert last.endswith("header.headline as body 6, noise.share as body 4, noise.tags as body 4, headline absent")


def test_the_table_is_aligned_and_plain() -> None:
    table = evaluation((PAGE, everything_body(PAGE.text)), (OTHER, everything_body(OTHER.text))).table(worst=2)
    assert table.endswith("\n")
    assert not table.endswith("\n\n")
    assert "body_precision         0.3913\n" in table
    assert "noise_kind_accuracy         -\n" in table
    assert "not flagged" in table
    for block in table.split("\n\n"):
        assert not any(line != line.rstrip() for line in block.split("\n"))


def test_the_json_says_what_the_table_says_and_is_strict_json() -> None:
    result = evaluation((PAGE, everything_body(PAGE.text)))
    again = json.loads(json.dumps(result.as_dict(), allow_nan=False))
    assert again["summary"] == result.summary
    assert again["kinds"]["noise.tags"]["mostly"] == "body"
    assert again["dumps"][0]["path"] == "page.ann"
    assert again["dumps"][0]["mistakes"] == {"header.headline as body": 6, "noise.share as body": 4, "noise.tags as body": 4}


# --- run: what the command prints ---


def test_run_reads_what_it_can_and_names_the_rest(tmp_path: Path) -> None:
    good = tmp_path / "good"
    good.mkdir()
    write(PAGE, good / "a.ann")
    (good / "b.ann").write_text("nothing of ours\n")
    (tmp_path / "empty").mkdir()
    text, problems = run([good, tmp_path / "empty", tmp_path / "none.ann"])
    assert "dumps" in text
    assert problems == [
        f"{good / 'b.ann'}:1: the file must begin with '#! ' and the meta as JSON",
        f"{tmp_path / 'empty'}: no .ann file in this folder",
        f"{tmp_path / 'none.ann'}: No such file or directory",
    ]


def test_run_prints_no_figures_about_nothing(tmp_path: Path) -> None:
    assert run([tmp_path]) == ("", [f"{tmp_path}: no .ann file in this folder"])


def test_run_gives_json(tmp_path: Path) -> None:
    write(PAGE, tmp_path / "a.ann")
    text, problems = run([str(tmp_path)], format="json")
    assert set(json.loads(text)) == {"summary", "kinds", "dumps"}
    assert (text[-1], problems) == ("\n", [])


def test_run_uses_the_rules_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = RuleSet([])

    def stub(text: str, given_: RuleSet) -> Document:
        assert given_ is rules
        return document(text, (0, len(text), "n.legal"))

    monkeypatch.setattr(evaluate, "clean", stub)
    write(PAGE, tmp_path / "a.ann")
    text, _ = run([tmp_path], format="json", rules=rules)
    assert json.loads(text)["kinds"]["noise.legal"]["found"] == 23


def test_run_knows_its_formats(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no such format: 'xml'; there are text, json"):
        run([tmp_path], format="xml")


def test_file_names_cannot_drive_the_terminal(tmp_path: Path) -> None:
    write(PAGE, tmp_path / "a\x1b[31m\u202e.ann")
    (tmp_path / "b\n\x1b[2J.ann").write_text("broken")
    text, problems = run([tmp_path], worst=1)
    assert "␛[31m<U+202E>.ann" in text
    assert text.replace("\n", "").isprintable()
    assert all(problem.isprintable() for problem in problems)


# --- laws ---


def assert_perfect(dump: Annotated, result: Score) -> None:
    assert result.lossless
    assert (result.body_precision, result.body_recall, result.body_f1, result.body_words_f1, result.parts_accuracy) == (1,) * 5
    assert result.noise_kind_accuracy in (1, None)
    assert result.ticker_items_f1 in (1, None)
    assert set(result.fields.values()) <= {"right"}
    assert result.flagged is not dump.is_article
    assert all(meant == found for meant, found in result.confusion)


@pytest.mark.parametrize("dump", load_all([ANNOTATED]), ids=lambda dump: dump.path.stem)
def test_the_annotation_itself_scores_1_in_everything(dump: Annotated) -> None:
    assert_perfect(dump, score(dump, perfect(dump)))


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6).filter(str.strip)
_LABEL = st.sampled_from([label for label in LABELS if label != "_"])
_FIELD = st.none() | _TEXT.filter(lambda text: text.strip(" .:،-|"))
_FIELDS = st.fixed_dictionaries(dict.fromkeys(evaluate.FIELDS, _FIELD))


@st.composite
def dumps(draw: st.DrawFn) -> Annotated:
    text, spans = "", []
    for piece, label in draw(st.lists(st.tuples(_TEXT, _LABEL), max_size=8)):
        spans.append(Span(len(text), len(text) + len(piece), label))
        text += piece + draw(st.sampled_from(["\n", "\n\n", " "]))
    kind = draw(st.sampled_from(["article", "listing", "not-article"]))
    meta = {"type": kind, "fields": draw(_FIELDS), "ticker": draw(st.lists(_TEXT, max_size=3))}
    return Annotated(Path("any.ann"), meta, text, tuple(spans))


@given(dumps())
def test_a_perfect_prediction_scores_1_in_everything(dump: Annotated) -> None:
    assert_perfect(dump, score(dump, perfect(dump)))


@given(dumps(), dumps())
def test_every_figure_is_between_0_and_1(dump: Annotated, other: Annotated) -> None:
    """Whatever is said of the text, and even if it is said of another one."""
    result = evaluation((dump, perfect(other)) if dump.text != other.text else (dump, perfect(dump)))
    figures = [figure for name, figure in result.summary.items() if name not in ("dumps", "articles") and figure is not None]
    assert all(0 <= figure <= 1 for figure in figures)
    result.table(worst=1)
    json.dumps(result.as_dict(), allow_nan=False)


# --- the measure we are judged by ---


def by_the_measure(dumps: list[Annotated], documents: list[Document], folder: Path) -> dict[str, Any]:
    """What score.py makes of the same documents, run as it is run on us: over records."""
    rows = [
        document.record(Source.of_text(dump.text, f"{dump.path.stem}.txt"))
        for dump, document in zip(dumps, documents, strict=True)
    ]
    records, out = folder / "records.jsonl", folder / "out.json"
    records.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    command = [sys.executable, str(MEASURE), str(ANNOTATED), "--records", str(records), "--json", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    result: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return result


def damaged(dump: Annotated) -> Document:
    """Wrong in a different way on each dump: labels, fields and ticker are shifted, and words of the body are lost."""
    right, seed = perfect(dump), len(dump.text)
    segments = [
        (span.start, span.end, LABELS[(at + seed) % len(LABELS)] if (at + seed) % 3 == 0 else span.label)
        for at, span in enumerate(dump.spans)
    ]
    values = [dump.meta["fields"][name] for name in evaluate.FIELDS]
    return document(
        dump.text,
        *segments,
        header=Header(**dict(zip(evaluate.FIELDS, values[seed % 2 :] + values[: seed % 2], strict=True))),
        body=right.body[seed % 50 :],
        ticker=right.ticker[1:],
        flags=("not-article",) * (seed % 2),
    )


@pytest.mark.skipif(not MEASURE.exists(), reason=f"the independent scorer is not here: {MEASURE}")
@pytest.mark.parametrize(
    "predict",
    [lambda dump: clean(dump.text), lambda dump: everything_body(dump.text), perfect, damaged],
    ids=["the tool", "everything body", "perfect", "damaged"],
)
def test_our_figures_are_those_of_the_measure(predict: Callable[[Annotated], Document], tmp_path: Path) -> None:
    dumps = load_all([ANNOTATED])
    documents = [predict(dump) for dump in dumps]
    theirs = by_the_measure(dumps, documents, tmp_path)
    ours = evaluation(*zip(dumps, documents, strict=True))
    assert ours.summary == {name: None if math.isnan(figure) else figure for name, figure in theirs["total"].items()}
    for dump, one in ours.pairs:
        other = theirs["dumps"][dump.path.stem]
        assert (one.parts_accuracy, one.noise_kind_accuracy, one.fields) == (other["parts"], other["kinds"], other["fields"]), (
            dump.path
        )


# --- by rule ---------------------------------------------------------------------------------------------------------


def test_each_rule_is_counted_by_the_sites_it_fires_on() -> None:
    from arabic_newsclean import byrule

    pages = [
        parse(f'#! {{"type": "listing", "site": "{site}"}}\nn.share\tabcd\nn.tags\tefgh\n', f"{site}{n}.ann")
        for n, site in enumerate("xxy")
    ]
    segments = (Segment(0, 4, "noise", "share", "one"), Segment(4, 9, "noise", "share", "two"))
    served = byrule.by_rule(pages, lambda text: Document(text, segments, Header(), ""))
    assert {name: (len(did.sites), len(did.dumps), did.spans, did.characters, did.right) for name, did in served.items()} == {
        "one": (2, 3, 3, 12, 12),
        "two": (2, 3, 3, 12, 0),
    }
