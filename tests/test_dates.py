"""Dates: tables of what must be read, near misses that must be spared, the annotated dumps, and laws for any text."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic_newsclean import dates
from arabic_newsclean.arabic import HIJRI_MONTHS, MONTHS, fold
from arabic_newsclean.dates import Moment, find, find_line

HERE = Path(__file__).parent
NOW = datetime(2021, 1, 22, 12)
DATED = re.compile(r"⟦h\.date\|([^⟧]*)⟧")
MARK = re.compile(r"⟦[a-z.]+\|([^⟧]*)⟧")


def rows(name: str) -> list[list[str]]:
    """The rows of a table in tests/dates; characters that an editor hides are written <RLM> and <NBSP>."""
    lines = (HERE / "dates" / name).read_text(encoding="utf-8").split("\n")
    shown = [line.replace("<RLM>", "\u200f").replace("<NBSP>", "\u00a0") for line in lines if line and not line.startswith("#")]
    return [line.split("\t") for line in shown]


def told(moment: Moment | None) -> tuple[str, str]:
    """Date and time as the tables write them."""
    return (moment.date or "-", moment.time or "-") if moment else ("-", "-")


def annotated() -> list[tuple[str, dict[str, str | None], list[tuple[str, str]]]]:
    """Name, fields and (label, text) lines of every annotated dump, marks and all."""
    dumps = []
    for path in sorted((HERE / "annotated").glob("*.ann")):
        meta, *lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        labelled = [(label, text) for label, _, text in (line.partition("\t") for line in lines)]
        dumps.append((path.name, json.loads(meta[3:]).get("fields") or {}, labelled))
    return dumps


def date_pieces() -> list[tuple[str, str, str | None, str | None]]:
    """Every date in the annotated dumps that has digits: dump, text, expected date and time."""
    pieces = []
    for name, fields, lines in annotated():
        for label, text in lines:
            found = DATED.findall(text)
            if label == "h.date":
                found += MARK.split(text)[::2]  # what stands outside the marks
            pieces += [(name, piece, fields.get("date"), fields.get("time")) for piece in found if re.search(r"\d", piece)]
    return pieces


@pytest.mark.parametrize(("text", "day", "clock", "group"), rows("appendix.tsv"))
def test_every_expression_of_the_facts(text: str, day: str, clock: str, group: str) -> None:
    assert told(find(text, NOW)) == (day, clock)
    if group != "negative":
        assert told(find_line(text, NOW)) == (day, clock)


@pytest.mark.parametrize(("text", "day", "clock"), rows("lines.tsv"))
def test_a_date_line_is_read(text: str, day: str, clock: str) -> None:
    assert told(find_line(text)) == (day, clock)
    assert told(find(text)) == (day, clock)


@pytest.mark.parametrize(("text", "which", "why"), rows("near_misses.tsv"), ids=lambda cell: cell)
def test_a_near_miss_is_spared(text: str, which: str, why: str) -> None:
    assert find_line(text) is None, why
    if which == "find":
        assert find(text) is None, why


@pytest.mark.parametrize(("text", "span", "day", "clock"), rows("spans.tsv"))
def test_a_date_in_a_text_is_found_where_it_stands(text: str, span: str, day: str, clock: str) -> None:
    moment = find(text)
    assert moment is not None
    assert (text[moment.start : moment.end], *told(moment)) == (span, day, clock)


def test_the_tables_are_as_large_as_we_say() -> None:
    assert len(rows("appendix.tsv")) == 101
    assert len(rows("near_misses.tsv")) >= 60
    assert len(rows("lines.tsv")) >= 80
    for name in ("appendix.tsv", "near_misses.tsv", "lines.tsv", "spans.tsv"):
        texts = [row[0] for row in rows(name)]
        assert len(set(texts)) == len(texts), f"{name} has a row twice"


@pytest.mark.parametrize(("name", "piece", "day", "clock"), date_pieces())
def test_the_date_lines_of_real_pages(name: str, piece: str, day: str | None, clock: str | None) -> None:
    moment = find_line(piece)
    assert moment is not None
    assert moment.date in (None, day)
    assert moment.time in (None, clock)


def test_real_pages_give_their_date_and_time_whole() -> None:
    """All date pieces of a dump together say what its fields say."""
    for name, fields, _lines in annotated():
        moments = [find_line(piece) for dump, piece, *_ in date_pieces() if dump == name]
        if moments:
            assert {m.date for m in moments if m and m.date} == {fields.get("date")} - {None}, name
            assert {m.time for m in moments if m and m.time} == {fields.get("time")} - {None}, name


def test_no_running_text_of_real_pages_is_a_date_line() -> None:
    for name, _, lines in annotated():
        for label, text in lines:
            plain = MARK.sub(r"\1", text)
            if label.startswith("b"):
                assert find_line(plain, NOW) is None, f"{name}: {plain}"


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("منذ لحظات", "2021-01-22", "12:00"),
        ("قبل 45 دقيقة", "2021-01-22", "11:15"),
        ("منذ ٥ دقائق تقريبا", "2021-01-22", "11:55"),
        ("منذ حوالي ساعتين", "2021-01-22", "10:00"),
        ("منذ 13 ساعة", "2021-01-21", "23:00"),
        ("منذ ٥ أشهر", "2020-08-22", "-"),
        ("منذ عام واحد", "2020-01-22", "-"),
        ("اليوم, 20:40", "2021-01-22", "20:40"),
        ("أمس, 22:37", "2021-01-21", "22:37"),
        ("أمس الأول", "2021-01-20", "-"),
        ("آخر تحديث: منذ 3 ساعات", "2021-01-22", "09:00"),
        ("منذ 3 ساعات | 20 يناير 2021", "2021-01-20", "-"),
        ("منذ ساعات", "-", "-"),
        ("قبل أيام", "-", "-"),
        ("منذ 999 سنة", "-", "-"),
    ],
)
def test_ages_count_back_from_now(text: str, day: str, clock: str) -> None:
    assert told(find_line(text, NOW)) == (day, clock)


def test_no_two_calendars_share_a_month() -> None:
    names = [*MONTHS, *HIJRI_MONTHS, *map(fold, dates._JALALI_MONTHS.split())]
    assert len(set(names)) == len(names)


def test_ages_within_a_sentence() -> None:
    assert told(find("كتب أحمد منذ 3 ساعات", NOW)) == ("2021-01-22", "09:00")
    assert find("قبل 3 أيام من المباراة", NOW) is None  # before something else, not before now
    assert find("طقس اليوم وأسعار أمس", NOW) is None  # whole days are words within a sentence


def test_find_reads_the_first_400_characters() -> None:
    assert find("كلمة " * 70 + "22/1/2021") is not None
    assert find("كلمة " * 90 + "22/1/2021") is None
    assert find("x" * 395 + " 22/1/2021") is None  # not 22/1
    assert find(" " * 400 + "22/1/2021") is None


@pytest.mark.parametrize(
    "unit", ["1/", "12-12-", "1", " ", "ـ", "22 يناير ", "10:", "م ", "كانون ", "1 - ", "\u200f1", "العدد "]
)
def test_long_lines_end(unit: str) -> None:
    """100 kB of anything date-like is read at once: a pattern that backtracks would not come back."""
    text = unit * (100_000 // len(unit))
    for part in (text, text[:400], text[:160]):
        for found in (find(part, NOW), find_line(part, NOW)):
            assert found is None or found.end <= len(part)


PIECES = st.sampled_from(
    [
        *"22 1 2021 01 1442 ٢٠٢١ ۱۴۰۴ 16:25 4:25 99999 31 30 29 2/ /2 0 / - . : , ، ـ ـــ … ½ é \u200f e\u0301".split(),
        *"يناير كانون الثاني تشرين ذو القعدة رمضان الآخرة March May 27th GMT هـ م ص مساءً ﻓﻲ ﻻ ﷲ".split(),
        *"نشر تحديث محدث الموافق الجمعة العدد منذ قبل ساعتين 3 أيام اليوم أمس".split(),
        "\u00a0",
        "\n",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=14).map("".join), st.lists(PIECES, max_size=14).map(" ".join))


@given(TEXTS, st.none() | st.datetimes())
def test_any_text_is_safe(text: str, now: datetime | None) -> None:
    for moment in (find(text, now), find_line(text, now)):
        if moment is None:
            continue
        assert 0 <= moment.start < moment.end <= len(text)
        assert moment.date or moment.time
        if moment.date:
            assert date.fromisoformat(moment.date).isoformat() == moment.date
            assert "1900" <= moment.date[:4] <= "2100"
        if moment.time:
            assert re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", moment.time)
        if now is None:
            assert re.search(r"\d", text[moment.start : moment.end])


@given(TEXTS)
def test_a_date_line_is_found_by_find_too(text: str) -> None:
    line, moment = find_line(text), find(text)
    if line:
        assert moment is not None
        assert (moment.date, moment.time) == (line.date, line.time)
        assert line.start <= moment.start
        assert moment.end <= line.end


@given(st.dates(date(1924, 8, 1), date(2077, 11, 16)), st.sampled_from(["{0.day}/{0.month}/{0.year}", "{0:%Y-%m-%d}"]))
def test_every_day_is_read_back(day: date, shape: str) -> None:
    moment = find_line(shape.format(day))
    assert moment is not None
    assert moment.date == day.isoformat()
