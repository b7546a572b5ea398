"""The laws of DESIGN.md, on arbitrary text, on pages put together at random, on damaged dumps, and on every dump we have.

Law 6, text is data, is held by `test_cli`: what a dump holds reaches no terminal raw.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import pytest
from conftest import ROOT, command, environment
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from arabic_newsclean import annotated, clean, models, reading, rules
from arabic_newsclean.arabic import INVISIBLE
from arabic_newsclean.context import FACTS
from arabic_newsclean.model import BLANK, BODY, FLAGS, HEADER, KINDS, NOISE, PARTS, Document, Header
from arabic_newsclean.sequence import Walker
from arabic_newsclean.views import diff

settings.register_profile(
    "laws", deadline=None, max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("laws")

FOLDERS = [ROOT / "tests" / name for name in ("annotated", "observed", "training", "samples")]


@cache
def dumps() -> dict[str, str]:
    """Every dump there is, by its path."""
    found = {str(one.path.relative_to(ROOT)): one.text for one in annotated.load_all(FOLDERS)}
    for path in sorted((ROOT / "samples").glob("*.txt")):
        found[str(path.relative_to(ROOT))] = reading.load(next(reading.walk([str(path)])))[0]
    return found


@cache
def cleaned(path: str) -> Document:
    return clean(dumps()[path])


def ink(text: str) -> str:
    """A text without white space and without the marks nobody sees."""
    return "".join(c for c in text if not c.isspace() and c not in INVISIBLE)


def is_subsequence(small: str, large: str) -> bool:
    rest = iter(large)
    return all(c in rest for c in small)


# --- the laws, each of one document ----------------------------------------------------------------------------------


def segments_tile_the_text(document: Document) -> None:
    """Law 1: in order, without gap or overlap, from 0 to the length; none is empty, two blanks never meet."""
    edges = [0, *(segment.end for segment in document.segments)]
    assert [segment.start for segment in document.segments] == edges[:-1]
    assert edges[-1] == len(document.text)
    assert all(segment.start < segment.end for segment in document.segments)
    parts = [segment.part for segment in document.segments]
    assert (BLANK, BLANK) not in pairwise(parts)


def what_has_ink_is_labelled(document: Document) -> None:
    """Law 1: blank is white space and invisible marks alone; a label is never of these alone, and is one we know."""
    for segment in document.segments:
        assert (ink(segment.of(document.text)) == "") == (segment.part == BLANK), segment
        assert segment.kind in KINDS[segment.part]
        assert segment.rule in rules.default().by_name or segment.part == BLANK


def counts_add_up(document: Document) -> None:
    """Law 1: what stats count is what the segments hold."""
    stats = document.record()["stats"]
    sizes = {part: sum(s.end - s.start for s in document.spans(part)) for part in PARTS}
    assert stats == {"chars": len(document.text), **{part: sizes[part] for part in (HEADER, BODY, NOISE)}}
    assert sum(sizes.values()) == len(document.text)


def the_record_says_what_the_document_says(document: Document) -> None:
    """Law 2."""
    record = document.record()
    assert [tuple(segment.values()) for segment in record["segments"]] == [
        (s.start, s.end, s.part, s.kind, s.rule) for s in document.segments
    ]
    assert [(noise["kind"], noise["text"], noise["rule"]) for noise in record["noise"]] == [
        (s.kind, s.of(document.text), s.rule) for s in document.spans(NOISE)
    ]
    assert (record["body"], tuple(record["ticker"])) == (document.body, document.ticker)
    assert set(record["flags"]) == set(document.flags) <= FLAGS.keys()
    assert json.loads(json.dumps(record)) == record


def the_diff_shows_what_the_segments_say(document: Document) -> None:
    """Law 2: its rows hold the ink of the segments, part by part, each row on the line of its number."""
    rows = diff.rows(document)
    lines = document.text.split("\n")
    assert all(row.text in lines[row.number - 1] for row in rows)
    for part in (HEADER, BODY, NOISE):
        wanted = "".join(ink(s.of(document.text)) for s in document.spans(part))
        assert "".join(ink(row.text) for row in rows if row.part == part) == wanted


def the_body_is_gentle(document: Document) -> None:
    """Law 4: the body is what its segments hold, character by character; only white space may change.

    A sign between two pieces of a line (``|``) goes with the segment before it, and not into the body where noise follows.
    """
    printed = ink("".join(s.of(document.text) for s in document.spans(BODY)))
    assert is_subsequence(ink(document.body), printed)
    assert is_subsequence(document.body.replace("\n", "").replace(" ", ""), document.text)
    assert [c for c in document.body if c.isalnum()] == [c for c in printed if c.isalnum()]


def fields_are_printed(document: Document) -> None:
    """Law 4: no field and no ticker item says what the page does not print, date and time apart, which are put as ISO."""
    printed = ink(document.text)
    for name in Header.__dataclass_fields__.keys() - {"date", "time"}:
        for line in (getattr(document.header, name) or "").split("\n"):  # a summary may have several
            assert ink(line) in printed, name
    strips = [ink(s.of(document.text)) for s in document.spans(NOISE) if s.kind == "ticker"]
    assert all(any(ink(item) in strip for strip in strips) for item in document.ticker)


def the_work_is_bounded(document: Document) -> None:
    """Law 5: a block holds ink, so there are no more of them than characters, and nothing else grows faster."""
    assert len(document.evidence) <= len(ink(document.text))
    assert len(document.segments) <= 2 * len(document.evidence) + 1
    assert len(document.body) <= 3 * len(document.text)
    assert all(len(evidence.facts) in (0, len(FACTS)) for evidence in document.evidence)


LAWS: list[Callable[[Document], None]] = [
    segments_tile_the_text,
    what_has_ink_is_labelled,
    counts_add_up,
    the_record_says_what_the_document_says,
    the_diff_shows_what_the_segments_say,
    the_body_is_gentle,
    fields_are_printed,
    the_work_is_bounded,
]
every_law = pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)


# --- texts to try them on --------------------------------------------------------------------------------------------

#: What breaks lines, orders, joins or hides, and is neither a letter nor a space.
ODD = (
    "\0\x07\x1b\x1c\x1f\x7f\x85\r\t\v\f\u00a0\u00ad\u200b\u200e\u200f\u202e\u2066\u2069\u2028\u2029\ufeff\ufffd\u064b\u0640|[]"
)

SENTENCES = [
    "أعلنت وزارة النقل، اليوم الثلاثاء، افتتاح خط جديد للحافلات يربط وسط المدينة بضواحيها الشرقية بعد عامين من العمل.",
    "وقال الوزير إن الخط سيخدم نحو أربعين ألف راكب في اليوم، مشيرا إلى أن التذاكر لن ترتفع قبل نهاية العام المقبل.",
    "وأضاف في تصريح لـ",
    "«الصحيفة»",
    "، أن العمل مستمر.",
    "يا موجُ خفّفْ من عتابكَ ساعةً",
]
LINES = [
    *SENTENCES,
    "افتتاح خط جديد للحافلات في العاصمة",
    "سياسة",
    "كتب أحمد المنصوري",
    "بغداد - وكالة الضفة",
    "الثلاثاء 14 تشرين الأول 2025 - 10:35",
    "2021-01-22 18:40",
    "18:42 بلدية المدينة تعلن جدول المياه",
    "الرئيسية / محليات / نقل",
    "* محليات",
    "[B]خط جديد[/B] يبدأ العمل",
    "اقرأ أيضا: حافلات المدينة في أرقام",
    "خبر أول | خبر ثان | خبر ثالث | خبر رابع",
    "خبر أول عن الطقس    خبر ثان عن الأسعار    خبر ثالث عن الطرق",
    "1",
    "...",
    "\u00a0",
    "\u202bشارك الخبر\u202c",
    "Follow us",
]
LABELS = sorted({line for rule in rules.default() for line in rule.catches if not rule.place})


def pages() -> st.SearchStrategy[str]:
    """Texts made of what pages are made of, in any order and with any ends of lines."""
    lines = st.sampled_from(LINES) | st.sampled_from(LABELS) | st.text(st.sampled_from("ابتقو 1،." + ODD), max_size=20)
    joints = st.sampled_from(["\n", "\n\n", "\r\n", " ", "   ", " | ", "\n\u00a0\n"])
    return st.lists(st.tuples(lines, joints), max_size=40).map(lambda rows: "".join(line + joint for line, joint in rows))


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A dump of ours with pieces cut out, doubled, put elsewhere, and its line ends changed."""
    text = draw(st.sampled_from(list(dumps().values())))
    for act in draw(st.lists(st.sampled_from(["cut", "double", "move", "insert", "crlf", "flatten", "split"]), max_size=4)):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 400)))
        piece = text[start:end]
        match act:
            case "cut":
                text = text[:start] + text[end:]
            case "double":
                text = text[:end] + piece + text[end:]
            case "move":
                text = piece + text[:start] + text[end:]
            case "insert":
                text = text[:start] + draw(st.text(st.sampled_from(ODD), max_size=4)) + text[start:]
            case "crlf":
                text = text.replace("\n", "\r\n")
            case "flatten":
                text = text[:start] + piece.replace("\n", " ") + text[end:]
            case "split":
                text = text[:start] + piece.replace(" ", "\n") + text[end:]
    return text


ANYTHING = st.text() | st.text(st.sampled_from(ODD + "اب1 \n")) | pages() | damaged()


@every_law
def test_on_every_dump(law: Callable[[Document], None]) -> None:
    assert len(dumps()) > 150
    for path in dumps():
        try:
            law(cleaned(path))
        except AssertionError as error:
            error.add_note(f"in {path}")
            raise


@every_law
@given(text=ANYTHING)
@example(text="")
@example(text="\n")
@example(text="\ufeff\u200f \u00a0\n")
@example(text="\ud800 lone halves \udfff of characters")
def test_on_any_text(law: Callable[[Document], None], text: str) -> None:
    law(clean(text))


# --- law 3: same in, same out ----------------------------------------------------------------------------------------


def fresh() -> models.Models:
    """Models that have met no page."""
    return models.default.__wrapped__()


@given(text=ANYTHING)
def test_a_document_does_not_depend_on_those_before_it(text: str) -> None:
    """The walker keeps the scores it has met: they must be the scores a new one would find."""
    assert clean(text) == clean(text) == clean(text, models=fresh())


def test_a_memory_that_is_emptied_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Walker, "MEMORY", 3)
    forgetful = fresh()
    for path in list(dumps())[:10]:
        assert clean(dumps()[path], models=forgetful) == cleaned(path)


def run(paths: list[Path], seed: str) -> list[bytes]:
    out = subprocess.run(
        command("clean", "-q", *paths),
        stdout=subprocess.PIPE, check=True, timeout=60, env=environment({"PYTHONHASHSEED": seed}),
    ).stdout  # fmt: skip
    return out.splitlines(keepends=True)


def test_records_are_the_same_in_any_process_and_any_order() -> None:
    paths = [path for folder in FOLDERS[:2] for path in sorted(folder.glob("*.ann"))] + sorted((ROOT / "samples").glob("*.txt"))
    first = run(paths, "0")
    assert len(first) == len(paths)
    assert run(paths[::-1], "12345")[::-1] == first


# --- law 5: linear ---------------------------------------------------------------------------------------------------

#: What quadratic loops and patterns that backtrack feed on.
SEEDS = {
    "spaces": " ",
    "one letter": "ا",
    "quotes": '"',
    "one kind of brackets": "[",
    "codes": "[B]",
    "links never closed": "[a=",
    "separators": "ا | ",
    "gaps": "   ا",
    "dashes": " - ",
    "digits and slashes": "1/",
    "dates": "2021-01-22 ",
    "publication lines": "نشر في ",
    "dots": "... ",
    "dots in a row": ".",
    "marks": "\u064b",
    "direction marks": "\u200f",
    "read also": "اقرأ أيضا: ",
    "by whom": "بقلم ",
    "an outlet's name": "Abc ",
    "words": "كلمة ",
    "newlines": "\n",
    "carriage returns": "\r",
    "letters, one a line": "ا\n",
    "open ends": "من\n",
    "commas, one a line": "،\n",
    "labels": "اترك رد\n",
    "what readers say": "بارك الله في هذه الأيدي التي تبني ولا تنتظر من أحد شكرا\n",
    "tags and stories": "الجسر\nالبلدية\nوفد سياحي يزور القلعة القديمة للمرة الأولى منذ عامين\n",
    "openers": "آخر الأخبار\n",
    "names": "أحمد المنصوري\n",
    "by-lines": "كتب أحمد المنصوري\n",
    "outlets": "وكالة الضفة\n",
    "date lines": "2021-01-22 18:40\n",
    "headlines": "افتتاح خط جديد للحافلات في العاصمة\n",
    "wrapped lines": "كلمة " * 14 + "\n",
    "sentences": SENTENCES[0] + "\n",
}
BEFORE = {
    "alone": "",
    "under a headline": "افتتاح خط جديد للحافلات في العاصمة\n\n",
    "after an article": "\n\n".join(SENTENCES[:2]),
    "below its comments": "\n\n".join([*SENTENCES[:2], "التعليقات", ""]),
}


def calls(text: str) -> int:
    """How many functions of ours and of the interpreter cleaning a text calls: a measure of work that is no clock."""
    count = 0

    def seen(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        clean(text)
    finally:
        sys.setprofile(None)
    return count


def of_size(seed: str, size: int) -> str:
    return seed * (size // len(seed) + 1)


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("seed", SEEDS)
def test_work_grows_as_the_text_does(seed: str, before: str) -> None:
    clean(BEFORE[before] + of_size(SEEDS[seed], 2_000))  # what is met for the first time costs more
    small, large = (calls(BEFORE[before] + of_size(SEEDS[seed], size)) for size in (2_000, 8_000))
    assert large <= 4.5 * small + 1_000


def test_a_large_text_of_any_one_thing_is_slow_and_never_stuck() -> None:
    """What patterns do inside does not show in `calls`; one that backtracks would take hours here."""
    texts = [of_size(seed, 30_000 if seed.endswith("\n") and seed != "\n" else 300_000) for seed in SEEDS.values()]
    texts.append(f"# الحكومة تقر خطة جديدة {'.' * 100_000} نهاية العنوان هنا\n\n{BEFORE['after an article']}")
    for start, gap in product(("كتب ", "وكالة", "آخر الأخبار: ", "2021-01-22", "المصدر: "), (" ", "\u00a0", "\r", "\u2028")):
        texts.append(f"{start}{gap * 50_000}ا\n{BEFORE['after an article']}")
    script = (
        "import sys, json; from arabic_newsclean import clean\n"
        "for text in json.load(sys.stdin): print(len(clean(text).segments), flush=True)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(texts).encode(), capture_output=True, timeout=240, env=environment()
    )
    assert (ran.stderr, ran.stdout.count(b"\n")) == (b"", len(texts))
