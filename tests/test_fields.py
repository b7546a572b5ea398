"""The fields of the header: what a line says is read from it, and what it does not say is not guessed."""

from __future__ import annotations

import pytest

from arabic_newsclean import clean
from arabic_newsclean.model import Header

BODY = (
    "أعلنت بلدية المدينة، اليوم، بدء أعمال صيانة الجسر القديم بعد توقف دام عامين كاملين بسبب نقص التمويل.\n\n"
    "وقال المهندس المشرف إن العمل سيستمر ستة أشهر، وإن حركة السير ستحول إلى الطريق الشرقي طوال هذه المدة.\n\n"
    "وأضاف أن الجسر سيفتح أمام المشاة قبل نهاية العام، إذا وصلت المواد التي طلبتها البلدية من الخارج.\n\n"
)


def header(line: str) -> Header:
    """The header of a page with this line between headline and body."""
    return clean(f"بلدية المدينة تبدأ صيانة الجسر القديم بعد عامين من التوقف\n\n{line}\n\n{BODY}اترك رد\n").header


SECTIONS = {
    "محليات | 12 آذار 2024": "محليات",
    "محليات | بغداد | 12 آذار 2024": "محليات",
    "بغداد - 12 آذار 2024": None,
    "القاهرة 12 مارس 2024": None,
    "نشر في 12 مارس 2024": None,
}


@pytest.mark.parametrize("line", SECTIONS)
def test_what_a_date_line_says_before_its_date_is_the_section_and_no_town(line: str) -> None:
    assert (header(line).category, header(line).date) == (SECTIONS[line], "2024-03-12")


@pytest.mark.parametrize("line", ["المصدر: إعلام الوزارة", "المصدر: رويترز + وكالات", "المصدر: لبنان بريف"])
def test_a_source_behind_its_label_is_nobody_s_name(line: str) -> None:
    assert header(line).byline is None
    assert header(line).source == line.partition(": ")[2]


def test_an_author_behind_his_outlet_is_a_name() -> None:
    found = header("صدى المدينة – سامر الخطيب")
    assert (found.byline, found.source) == ("سامر الخطيب", "صدى المدينة")


def test_half_a_day_counts_for_a_time_that_stands_with_a_date_of_numbers() -> None:
    assert (header("12-03-2024 03:05 م").date, header("12-03-2024 03:05 م").time) == ("2024-03-12", "15:05")


def test_a_headline_ends_before_the_author_that_a_sign_parts_from_it() -> None:
    page = f"حين تتكلم الجدات عن المدينة .... بقلم: سامر الخطيب\n\n{BODY}اترك رد\n"
    assert clean(page).header.headline == "حين تتكلم الجدات عن المدينة"
