"""Annotation files: what is read, what is refused and how that is said, and that writing is the inverse of reading."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic_newsclean.annotated import (
    LABELS,
    Annotated,
    AnnotationError,
    Span,
    dump,
    find,
    label_of,
    load,
    load_all,
    parse,
    part_of,
    write,
)
from arabic_newsclean.model import KINDS

ANNOTATED = Path(__file__).parent / "annotated"
FILES = sorted(ANNOTATED.glob("*.ann"))
META = '#! {"type": "article"}'


def pieces(annotated: Annotated) -> list[tuple[str, str]]:
    return [(label, annotated.text[start:end]) for start, end, label in annotated.spans]


# --- the files of the project ---


def test_there_are_annotated_dumps() -> None:
    assert len(FILES) >= 100


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_round_trips(path: Path) -> None:
    annotated = load(path)
    assert parse(dump(annotated), path) == annotated
    assert dump(parse(dump(annotated), path)) == dump(annotated)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_character_of_a_file_has_one_label(path: Path) -> None:
    annotated = load(path)
    rebuilt = list(annotated.text)
    at = 0
    for start, end, label in annotated.spans:
        assert at <= start < end
        assert label in LABELS
        rebuilt[start:end] = "\n" * (end - start)
        at = end
    assert set(rebuilt) <= {"\n"}, "text outside the spans"


def test_the_form_of_a_file_is_kept() -> None:
    """A correction should show in a diff as that correction alone: nearly every file is written as it was read."""
    same = [dump(load(path)).encode() == path.read_bytes() for path in FILES]
    assert sum(same) / len(same) > 0.9


# --- reading ---


def test_labels_are_the_words_of_the_model() -> None:
    assert set(LABELS) == {label_of(part, kind) for part, kinds in KINDS.items() for kind in kinds}
    assert len(LABELS) == len(set(LABELS)) == 7 + 2 + 11 + 1
    assert all(
        label_of(part, kind) in LABELS and part_of(label_of(part, kind)) == part for part in KINDS for kind in KINDS[part]
    )


def test_marks_stand_inside_a_line() -> None:
    annotated = parse(f"{META}\nb\tأول ⟦n.related|اقرأ أيضا⟧ وآخر")
    assert annotated.text == "أول اقرأ أيضا وآخر"
    assert pieces(annotated) == [("b", "أول "), ("n.related", "اقرأ أيضا"), ("b", " وآخر")]


def test_marks_at_both_ends_and_side_by_side() -> None:
    annotated = parse(f"{META}\nb\t⟦h.source|أ⟧⟦h.date|ب⟧ج⟦n.counter|د⟧")
    assert pieces(annotated) == [("h.source", "أ"), ("h.date", "ب"), ("b", "ج"), ("n.counter", "د")]


def test_a_mark_of_the_same_label_is_no_boundary() -> None:
    assert parse(f"{META}\nb\tأ⟦b|ب⟧ج").spans == (Span(0, 3, "b"),)


def test_a_mark_may_hold_the_bar_and_the_tab() -> None:
    assert pieces(parse(f"{META}\nb\tنص\t⟦n.counter|| عدد: 5⟧")) == [("b", "نص\t"), ("n.counter", "| عدد: 5")]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(META, "", id="no line at all"),
        pytest.param(f"{META}\n", "", id="only the meta"),
        pytest.param(f"{META}\n_\t\n", "", id="one empty line"),
        pytest.param(f"{META}\nb\tأ\n_\t\n", "أ\n", id="a dump that ends with a newline"),
        pytest.param(f"{META}\n_\t\xa0\nb\tأ", "\xa0\nأ", id="a no-break space stays one"),
        pytest.param(f"{META}\nb\tأ\u2028ب\x0cج\x85د\n", "أ\u2028ب\x0cج\x85د", id="only a newline ends a line"),
        pytest.param(f"{META}\r\nb\tأ\r\n", "أ\r", id="a carriage return is text"),
    ],
)
def test_the_dump_is_the_texts_joined(content: str, text: str) -> None:
    assert parse(content).text == text


def test_a_byte_order_mark_from_an_editor_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "a.ann"
    path.write_bytes(b"\xef\xbb\xbf" + f"{META}\nb\tنص\n".encode())
    assert load(path).text == "نص"


def test_what_the_meta_holds_beside_ours_is_kept() -> None:
    meta = {"type": "listing", "site": "x.example", "fields": {"headline": "عنوان", "date": None}, "ticker": ["أ", "ب"]}
    annotated = parse(f"#! {json.dumps(meta)}\n_\t\n")
    assert annotated.meta == meta
    assert not annotated.is_article


def test_places_are_files_and_folders(tmp_path: Path) -> None:
    for name in ("b.ann", "a.ann", "deep/c.ann", "deep/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{META}\nb\t{name}\n", "utf-8")
    assert [dump.text for dump in load_all([tmp_path])] == ["a.ann", "b.ann", "deep/c.ann"]
    assert list(find([tmp_path / "b.ann", tmp_path / "deep"])) == [tmp_path / "b.ann", tmp_path / "deep" / "c.ann"]


# --- what is refused ---


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        pytest.param("", 1, "must begin with '#! '", id="empty"),
        pytest.param("b\tنص\n", 1, "must begin with '#! '", id="no meta"),
        pytest.param("#! {type}\n", 1, "the meta is not JSON: ", id="broken JSON"),
        pytest.param("#! " + "[" * 100_000, 1, "the meta is not JSON: ", id="JSON without a bottom"),
        pytest.param('#! ["article"]\n', 1, "the meta must be a JSON object", id="not an object"),
        pytest.param("#! {}\n", 1, 'needs a "type": one of article, listing, not-article', id="no type"),
        pytest.param('#! {"type": "news"}\n', 1, 'needs a "type": one of', id="unknown type"),
        pytest.param('#! {"type": ["article"]}\n', 1, 'needs a "type": one of', id="a list as type"),
        pytest.param('#! {"type": "article", "fields": []}', 1, '"fields" of the meta must be a JSON object', id="fields"),
        pytest.param(
            '#! {"type": "article", "fields": {"titel": "أ"}}', 1, "no such field in the meta: 'titel'", id="field name"
        ),
        pytest.param(
            '#! {"type": "article", "fields": {"time": 7}}', 1, "field 'time' of the meta must be a text", id="field value"
        ),
        pytest.param('#! {"type": "article", "ticker": "أ"}', 1, '"ticker" of the meta must be a list', id="ticker"),
        pytest.param('#! {"type": "article", "ticker": [1]}', 1, '"ticker" of the meta must be a list', id="ticker item"),
        pytest.param(f"{META}\nb\tنص\nنص بلا وسم\n", 3, "a label, a tab and the text must stand here", id="no tab"),
        pytest.param(f"{META}\nb\tنص\n\nb\tنص\n", 3, "must stand here, not ''", id="an empty line in the file"),
        pytest.param(f"{META}\nn.shar\tنص\n", 2, "no such label: 'n.shar' (did you mean 'n.share'?)", id="label"),
        pytest.param(f"{META}\nnoise\tنص\n", 2, "no such label: 'noise'", id="a part is no label"),
        pytest.param(f"{META}\n\tنص\n", 2, "no such label: ''", id="no label"),
        pytest.param(
            f"{META}\nb\tنص ⟦n.tag|وسم⟧\n", 2, "no such label: 'n.tag' (did you mean 'n.tags'?)", id="label in a mark"
        ),
        pytest.param(f"{META}\n_\tنص\n", 2, "'_' is for blank lines", id="blank with text"),
        pytest.param(f"{META}\n_\t⟦b|نص⟧\n", 2, "'_' is for blank lines", id="blank with a mark"),
        pytest.param(f"{META}\nb\t \n", 2, "a blank line is '_', not 'b'", id="body without text"),
        pytest.param(f"{META}\nb\t⟦n.share|⟧\n", 2, "a blank line is '_', not 'b'", id="an empty mark alone"),
        pytest.param(f"{META}\nb\tنص ⟦n.share|شارك\n", 2, "broken mark", id="mark never closed"),
        pytest.param(f"{META}\nb\tنص⟧\n", 2, "broken mark", id="mark never opened"),
        pytest.param(f"{META}\nb\t⟦n.share⟧ نص\n", 2, "broken mark", id="mark without bar"),
        pytest.param(f"{META}\nb\t⟦b|أ ⟦n.share|ب⟧ ج⟧\n", 2, "broken mark", id="marks do not nest"),
    ],
)
def test_errors_name_the_file_the_line_and_the_reason(content: str, line: int, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.ann"
    path.write_bytes(content.encode())
    with pytest.raises(AnnotationError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert reason in str(caught.value)
    assert (caught.value.path, caught.value.line) == (path, line)


def test_bytes_that_are_not_utf_8_are_an_error_of_their_line(tmp_path: Path) -> None:
    path = tmp_path / "cp1256.ann"
    path.write_bytes(f"{META}\nb\tنص\n".encode() + "b\tنص\n".encode("cp1256"))
    with pytest.raises(AnnotationError, match=r"cp1256\.ann:3: not UTF-8 \(byte 0x"):
        load(path)


def test_messages_cannot_drive_the_terminal() -> None:
    with pytest.raises(AnnotationError) as caught:
        parse(f"{META}\n\x1b[31m\u202e{'ط' * 500}", "\x1b]0;title\x07.ann")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


# --- writing ---


def annotated(text: str, *spans: tuple[int, int, str]) -> Annotated:
    return Annotated(Path("x.ann"), {"type": "article"}, text, tuple(Span(*span) for span in spans))


def lines_of(annotated: Annotated) -> list[str]:
    return dump(annotated).split("\n")[1:-1]


@pytest.mark.parametrize(
    ("given_", "written"),
    [
        pytest.param(annotated("أ\nب", (0, 3, "b")), ["b\tأ", "b\tب"], id="a span over two lines"),
        pytest.param(annotated("أ\n\n \nب", (0, 6, "b")), ["b\tأ", "_\t", "_\t ", "b\tب"], id="blank lines inside a span"),
        pytest.param(
            annotated("أ ب", (0, 1, "h.date"), (2, 3, "b")), ["h.date\tأ ⟦b|ب⟧"], id="white space goes with what is before"
        ),
        pytest.param(annotated("  أ", (0, 2, "_"), (2, 3, "b")), ["b\t  أ"], id="or after, at the beginning"),
        pytest.param(annotated("أ\u200f", (0, 1, "b"), (1, 2, "_")), ["b\tأ⟦n.residue|\u200f⟧"], id="ink that is called blank"),
        pytest.param(annotated(""), ["_\t"], id="nothing"),
    ],
)
def test_spans_from_elsewhere_are_written_line_by_line(given_: Annotated, written: list[str]) -> None:
    assert lines_of(given_) == written
    assert parse(dump(given_)).text == given_.text


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        pytest.param(annotated("أ\nب ج", (0, 3, "b")), r"x\.ann:3: no span says what 'ج' is", id="text without a label"),
        pytest.param(annotated("أ⟦", (0, 2, "b")), r"x\.ann:2: the text holds ⟦ or ⟧", id="a bracket of marks in the text"),
        pytest.param(annotated("أ", (0, 1, "body")), r"x\.ann:2: no such label: 'body'", id="unknown label"),
    ],
)
def test_what_cannot_be_written_is_said(given_: Annotated, message: str) -> None:
    with pytest.raises(AnnotationError, match=message):
        dump(given_)


def test_write_is_whole_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.ann"
    path.write_bytes(FILES[0].read_bytes())
    before = load(path)
    with pytest.raises(AnnotationError):
        write(annotated("أ⟧", (0, 2, "b")), path)
    assert load(path) == before
    write(annotated("أ", (0, 1, "b")), path)
    assert path.read_bytes() == f"{META}\nb\tأ\n".encode()
    assert [child.name for child in tmp_path.iterdir()] == ["a.ann"]


_TEXT = st.text(st.characters(exclude_characters="\n⟦⟧", exclude_categories=["Cs"]), min_size=1, max_size=8)
_PIECES = st.tuples(_TEXT, st.sampled_from([label for label in LABELS if label != "_"]))


@given(st.lists(st.lists(_PIECES, max_size=4), min_size=1, max_size=6))
def test_writing_is_the_inverse_of_reading(lines: list[list[tuple[str, str]]]) -> None:
    """Whatever the spans are, what is read back says the same of every character that counts, and is written the same."""
    text, spans = "", []
    for line in lines:
        for piece, label in line:
            spans.append((len(text), len(text) + len(piece), label))
            text += piece
        text += "\n"
    given_ = annotated(text, *spans)
    read = parse(dump(given_), "x.ann")
    assert read.text == text
    assert labels(read) == labels(given_)
    assert parse(dump(read), "x.ann") == read


def labels(annotated: Annotated) -> dict[int, str]:
    return {i: label for start, end, label in annotated.spans for i in range(start, end) if not annotated.text[i].isspace()}
