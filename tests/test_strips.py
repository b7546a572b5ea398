"""A strip to its headlines: every way of joining them, and lines that are one headline."""

from __future__ import annotations

import pytest

from arabic_newsclean.strips import default, items

FOUR = [
    "وزير التربية يكرم أوائل الطلبة في الجنوب",
    "مصرع شخصين بحادث سير على الطريق الساحلي",
    "كيف تحمي هاتفك من الاختراق في السفر",
    "أسعار الذهب تتراجع لليوم الثالث",
]


@pytest.mark.parametrize("joint", ["    ", " | ", " • ", " - ", " / ", "\u00a0\u00a0\u00a0", " sitename "])
def test_joined(joint: str) -> None:
    assert items(joint.join(FOUR)) == FOUR


@pytest.mark.parametrize("mark", [" !", " ؟", " …", "..."])
def test_marks_alone_tell_them_apart(mark: str) -> None:
    assert items(" ".join(f"{item}{mark}" for item in FOUR)) == [f"{item}{mark}" for item in FOUR]


def test_one_space_alone() -> None:
    assert items(" ".join(FOUR)) == FOUR


@pytest.mark.parametrize("lead", ["18:42", "- 18:42 ", "18:42 - ", "• ", "عاجل ", "### "])
def test_what_stands_before_a_headline_goes(lead: str) -> None:
    assert items(f"{lead}{FOUR[0]}") == [FOUR[0]]


def test_a_read_more_behind_it_goes() -> None:
    assert items(f"{FOUR[0]}! تتمة...") == [f"{FOUR[0]}!"]


@pytest.mark.parametrize("text", [*FOUR, "هل يتأهل المنتخب مبكرا؟ .. حسابات المجموعة", "2-1 فوز صعب للفريق الأول على ضيفه"])
def test_one_headline_stays_one(text: str) -> None:
    assert items(text) == [text]


@pytest.mark.parametrize("text", ["", " ", "-", "|", "18:42", "…"])
def test_nothing_is_no_headline(text: str) -> None:
    assert items(text) == []


FLOW = (
    "ناشد عدد من مزارعي الناحية وزارة الزراعة زيادة حصتهم من البذور بعد ان تأخر وصولها شهرا كاملا وقال احدهم ان الارض حرثت "
    "منذ اسبوعين وان المطر الذي هطل قبل ايام لن ينفع اذا لم تزرع هذا الاسبوع كما قال موظف ان الشاحنات التي تحمل البذور وصلت"
)
STRIP = (
    "وزير الصحة يفتتح مستشفى الولادة في البصرة مصرع شخصين بحادث سير على طريق الموصل كيف تحمي هاتفك من الاختراق في السفر "
    "ارتفاع أسعار الذهب في الأسواق المحلية رئيس البلدية يتفقد أعمال الجسر القديم وفاة الفنان فلان عن سبعين عاما منتخب الشباب "
    "يتعادل مع ضيفه في مباراة ودية"
)


def test_an_article_without_full_stops_is_not_cut_into_headlines_as_a_strip_is() -> None:
    assert default().heads(FLOW) == [0]
    assert len(default().heads(STRIP)) > 3
