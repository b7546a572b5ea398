"""Text to blocks: what is joined, what is cut, and what must be left as it is."""

from __future__ import annotations

import pytest

from arabic_newsclean import clean, lines, rules


def cut(text: str) -> list[str]:
    return [" ".join(text[b.start : b.end].split()) for b in lines.blocks(text, rules.default())]


LONG = (
    "وقال المدير إن العمل في المشروع مستمر منذ ثلاثة أعوام، وإن المرحلة الثانية ستبدأ مع مطلع العام المقبل "
    "بكلفة أعلى من الأولى. "
)

JOINED = {
    "a comma begins a line": "قال المدير العام\n، إن العمل مستمر.",
    "a preposition ends a line": "وصل الوفد إلى مدينة تقع في\nشمال البلاد.",
    "an opened quote ends a line": "وقال «\nنحن بخير» ومضى.",
}
APART = {
    "a full stop ends the line": "وصل الوفد إلى المدينة.\nوغادر في المساء.",
    "a blank line stands between": "وصل الوفد إلى مدينة تقع في\n\nشمال البلاد.",
    "menu entries": "الرئيسية\nسياسة\nرياضة",
    "a headline and its date": "بلدية المدينة تبدأ صيانة الجسر\n5 مارس 2026",
}


@pytest.mark.parametrize("text", JOINED.values(), ids=JOINED)
def test_broken_lines_are_joined(text: str) -> None:
    assert len(cut(text)) == 1


@pytest.mark.parametrize("text", APART.values(), ids=APART)
def test_lines_that_ended_stay_apart(text: str) -> None:
    assert len(cut(text)) == len([line for line in text.split("\n") if line])


def wrapped(text: str, width: int) -> str:
    rows, row = [], ""
    for word in text.split():
        if row and len(row) + 1 + len(word) > width:
            rows.append(row)
            row = ""
        row = f"{row} {word}".strip()
    return "\n".join([*rows, row])


@pytest.mark.parametrize("width", [60, 72, 80])
def test_wrapped_paragraphs_are_one_block_each(width: int) -> None:
    assert cut("\n\n".join(wrapped(LONG * 3, width) for _ in range(2))) == [(LONG * 3).strip()] * 2


def test_short_lines_of_one_length_are_not_wrapped() -> None:
    verses = "\n".join(["يا دار أهلي والزمان بعيد هل في رباك لعاشق تجديد"] * 6)
    assert len(cut(verses)) == 6


CUT = {
    "runs of spaces": ("خبر أول عن المدينة    خبر ثان عن القرية    خبر ثالث عن البحر    " * 3, 9),
    "signs": ("خبر أول عن المدينة وأهلها | خبر ثان عن القرية وأهلها | خبر ثالث عن البحر وأهله | " * 3, 9),
    "the outlet's name": ("خبر أول عن المدينة وأهلها newsname خبر ثان عن القرية newsname خبر ثالث عن البحر newsname " * 3, 9),
    "a crawler's date": (" date 2025-09-23 " + LONG, 2),
    "read also inside": (LONG + "اقرأ أيضا: موعد افتتاح الجسر الجديد في المدينة", 2),
    "codes of a forum": ("[B]وأضاف المواطن[/B] : سقطت اللوحة", 4),
    "tags of a page": ('<p>وأضاف المواطن<br />: سقطت <a href="#x">اللوحة</a></p>', 8),
    "a date before other text": ("12-03-2024 03:05 م وصل الوفد إلى المدينة", 2),
}


@pytest.mark.parametrize(("text", "count"), CUT.values(), ids=CUT)
def test_a_line_is_cut_where_other_text_begins(text: str, count: int) -> None:
    assert len(cut(text)) == count


def test_the_names_of_a_menu_beyond_measure_are_cut_by_the_handful() -> None:
    names = [f"قسم{number}" for number in range(1000)]
    pieces = cut(" | ".join(names))
    assert " | ".join(pieces) == " | ".join(names)
    assert 50 < len(pieces) < 120


def test_headlines_are_cut_one_by_one_however_many_they_are() -> None:
    headlines = [f"بلدية المدينة تفتتح الجسر {number}" for number in range(1000)]
    assert cut(" | ".join(headlines)) == headlines


def test_a_read_also_ends_at_its_full_stop() -> None:
    text = LONG + "اقرأ أيضا: أمطار تقطع الطريق الساحلي. وقال الوزير إن الفرق انتشرت."
    assert cut(text)[-1] == "وقال الوزير إن الفرق انتشرت."


WHOLE = {
    "prose": LONG,
    "two signs": LONG + "بين مدينة | وأخرى | على النهر",
    "read in prose": LONG + "وكان قد اقرأ أيضا تلاميذه الدرس الأول",
    "a score": "2-1 نتيجة المباراة التي أقيمت مساء أمس",
    "brackets that hold words": "[تقرير مسجل]",
    "an agency in brackets": "وقالت الوكالة [AFP] إن السفينة غادرت الميناء [sic] أمس",
    "signs of less and more": "تراوحت النسبة بين 3 < 5 > 2 في المئة",
    "a date and half a day": "12-03-2024 03:05 م",
    "a report published some day": "وكان التقرير الذي نشر في 12-05-2019 قد أشار إلى أن الجسر يحتاج إلى صيانة عاجلة، " + LONG,
}


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_a_line_with_one_text_stays_whole(text: str) -> None:
    assert len(cut(text)) == 1


def test_a_piece_of_a_page_without_words_is_not_cut() -> None:
    """Behind a label of a page in one line may stand nothing but white space."""
    page = f"أخبار ذات صلة {' ' * 2000} . {'وقال الوزير إن العمل سيستمر ستة أشهر. ' * 40}"
    assert clean(page).segments[-1].end == len(page)


PAGE = (
    "شعب المدينة الرئيسية سياسة مجتمع رياضة توقيف ثلاثة أشخاص في قضية سرقة محل للهواتف في السوق القديم وسط المدينة "
    "افتتاح معرض للكتاب المستعمل في ساحة البلدية بمشاركة عشرين ناشرا من الجهة ومن الجهات المجاورة لها "
    "الرئيسية » مجتمع » سكان القرية العليا يقطعون عشرين كيلومترا سكان القرية العليا يقطعون عشرين كيلومترا "
    "02 غشت 2023 - 13:07 خرج العشرات من سكان القرية، صباح اليوم، في مسيرة نحو مقر العمالة للمطالبة بالماء. "
    "وقال أحدهم إن اللقاء مع العامل سيكون يوم 05 غشت 2023 على الساعة 10:30 في مقر العمالة، وإن الناس ينتظرون الجواب."
)


def test_a_page_in_one_line_is_cut_around_what_it_says_twice_in_a_row() -> None:
    assert cut(PAGE).count("سكان القرية العليا يقطعون عشرين كيلومترا") == 2


def test_a_page_in_one_line_is_cut_at_labels_that_speak_to_a_reader() -> None:
    assert "مقالات ذات صلة" in cut(PAGE.replace("في مسيرة نحو", "في مسيرة مقالات ذات صلة نحو"))
    assert "مواقع التواصل" not in cut(PAGE.replace("في مسيرة نحو", "في مسيرة مواقع التواصل نحو"))
    assert "آخر الأخبار" not in cut(PAGE.replace("في مسيرة نحو", "في مسيرة آخر الأخبار نحو"))  # a sentence may say so


def test_a_page_in_one_line_is_cut_around_its_date_line() -> None:
    assert "02 غشت 2023 - 13:07" in cut(PAGE)


def test_a_date_with_its_time_in_a_sentence_is_not_cut_out() -> None:
    assert any("سيكون يوم 05 غشت 2023 على الساعة 10:30 في مقر" in piece for piece in cut(PAGE))


def test_what_a_sentence_says_twice_with_words_between_is_not_cut_out() -> None:
    page = PAGE.replace("كيلومترا سكان القرية", "كيلومترا وعاد سكان القرية")
    assert "سكان القرية العليا يقطعون عشرين كيلومترا" not in cut(page)


def test_a_label_behind_a_bullet_is_not_cut_out_of_its_line() -> None:
    found = lines.blocks(f"{LONG}\n\n## اقرأ أيضا:\n\nافتتاح سوق الخضار\n\n{LONG}اقرأ أيضا: افتتاح سوق السمك.", rules.default())
    assert [block.rule for block in found] == [None, None, None, None, "read-also"]
