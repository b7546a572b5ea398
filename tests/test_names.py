"""Names of people and outlets in short lines: what is one, and what only looks like one."""

from __future__ import annotations

import pytest

from arabic_newsclean.names import credited

CREDITS = {
    "a person": ("متعب السعدون", "person"),
    "who reports, with من": ("من مبارك العنيزان", "person"),
    "a town and who reports from there": ("مسقط ـ من يوسف بن أحمد البلوشي:", "both"),
    "a town and an outlet that no table knows": ("الأحوال - الدمام", "outlet"),
    "the same, the town first": ("أبوظبي ـ صوت الشاهين", "outlet"),
    "an outlet's own report": ("أوراق مال - خاص", "outlet"),
    "the same, turned round": ("خاص – الخور 77", "outlet"),
    "a town and the outlet's own report": ("غزة - خاص", "outlet"),
    "a town, the outlet's own report, and the outlet": ("بغداد - خاص - الراصد", "outlet"),
    "a paper that is called by a word of menus": ("بيروت - الأخبار", "outlet"),
    "a town and the initials of an agency": ("القاهرة - أ ش أ", "outlet"),
    "a town that other things are called by, and an agency": ("الكويت - كونا", "outlet"),
    "a town and an outlet, with a colon": ("عطبرة: النخيل نيوز", "outlet"),
}
NEAR_MISSES = {
    "a town and a short headline, with a colon": ("بغداد: انفجار جديد", ""),
    "two clubs": ("الأهلي - الزمالك", ""),
    "two teams that are called by their countries": ("الجزائر - مصر", ""),
    "a town and a club": ("الرياض - الهلال", ""),
    "what a page shows beside its text": ("صور - فيديو", ""),
    "a section and a town": ("اقتصاد - دبي", ""),
    "a town and a short headline, with a dash": ("غزة - قصف جديد", ""),
    "a town and a number": ("لندن - 12", ""),
    "what is only here, with a colon": ("خاص: لقاء مع الوزير", ""),
    "two towns": ("القاهرة - باريس", ""),
    "two towns, and what is only here": ("القاهرة - خاص - باريس", ""),
    "a town and two clubs": ("الرياض - الهلال - ضمك", ""),
    "a town and a headline of some words": ("القاهرة - افتتاح معرض الكتاب الدولي", ""),
    "an adjective": ("لقاء خاص مع المدرب", "name"),
}


@pytest.mark.parametrize(("line", "what"), [*CREDITS.values(), *NEAR_MISSES.values()], ids=[*CREDITS, *NEAR_MISSES])
def test_what_a_short_line_names(line: str, what: str) -> None:
    assert credited(line) == what
