"""Rules that go by place: each catches the marked line of its examples, spares its near misses, and is alive on real pages."""

from __future__ import annotations

from collections import Counter

import pytest
from conftest import ROOT

from arabic_newsclean import bars, clean, kind, places, rules, settle
from arabic_newsclean.annotated import load_all
from arabic_newsclean.model import Label, Rule
from arabic_newsclean.walk import BODY, CAPTION, HEADLINE, STRIP, TAIL

PLACES = [rule for rule in rules.default() if rule.place]
MARK = "→ "


def rule_of_marked(page: str) -> str:
    """The rule that decided the line that the mark stands before."""
    at = page.index(MARK)
    document = clean(page.replace(MARK, "", 1))
    return next(segment.rule for segment in document.segments if segment.start <= at < segment.end)


@pytest.mark.parametrize(
    ("rule", "page"), [(r, page) for r in PLACES for page in r.catches], ids=lambda x: getattr(x, "name", "")
)
def test_it_catches(rule: Rule, page: str) -> None:
    assert rule_of_marked(page) == rule.name


@pytest.mark.parametrize(
    ("rule", "page"), [(r, page) for r in PLACES for page in r.spares], ids=lambda x: getattr(x, "name", "")
)
def test_it_spares(rule: Rule, page: str) -> None:
    assert rule_of_marked(page) != rule.name


def test_every_place_is_found_on_some_annotated_page() -> None:
    dumps = load_all([ROOT / "tests" / "annotated", ROOT / "tests" / "training"])
    fired = Counter(segment.rule for dump in dumps for segment in clean(dump.text).segments)
    assert [rule.name for rule in PLACES if not fired[rule.name]] == []


def test_every_rule_in_a_record_is_listed() -> None:
    dumps = load_all([ROOT / "tests" / "annotated", ROOT / "tests" / "samples"])
    named = {segment.rule for dump in dumps for segment in clean(dump.text).segments if segment.part != "blank"}
    assert named <= rules.default().by_name.keys()


ARTICLE = (
    "بلدية المدينة تبدأ صيانة الجسر القديم بعد عامين من التوقف\n\n"
    "أعلنت بلدية المدينة، اليوم، بدء أعمال صيانة الجسر القديم بعد توقف دام عامين كاملين بسبب نقص التمويل.\n\n"
    "وقال المهندس المشرف إن العمل سيستمر ستة أشهر، وإن حركة السير ستحول إلى الطريق الشرقي طوال هذه المدة.\n\n"
)


def kinds(page: str, text: str) -> str | None:
    document = clean(page)
    at = page.index(text)
    return next(segment.kind for segment in document.segments if segment.start <= at < segment.end)


def test_the_first_of_two_tabs_owns_the_items() -> None:
    page = f"{ARTICLE}اترك رد\n\nآخر الأخبار\n\nالأكثر قراءة\n\nوفد سياحي يزور القلعة للمرة الأولى\n\nمعرض الكتاب يمدد أيامه"
    assert kinds(page, "وفد سياحي") == "ticker"


def test_a_read_more_between_items_does_not_end_their_block() -> None:
    latest = "آخر الأخبار\n\nوفد سياحي يزور القلعة للمرة الأولى\n\nاقرأ المزيد\n\nمعرض الكتاب يمدد أيامه حتى الخميس"
    page = f"{ARTICLE}اترك رد\n\n{latest}"
    assert kinds(page, "معرض الكتاب") == "ticker"


def test_latest_news_in_a_menu_opens_nothing() -> None:
    page = f"الرئيسية\nعاجل\nسياسة\nرياضة\nاتصل بنا\n\n{ARTICLE}اترك رد"
    assert kinds(page, "رياضة") == "navigation"


def test_a_poem_without_any_label_stays_whole() -> None:
    verses = "يا دار أهلي والزمان بعيد\nهل في رباك لعاشق تجديد\nمرت سنون والحنين كما هو\nوالقلب في درب الغياب وحيد"
    document = clean(f"قصيدة إلى دار لم تعد تسكنها العائلة\n\n{verses}\n")
    assert document.noise == ()
    assert [line for line in verses.split("\n") if line not in document.text[document.segments[1].start :]] == []


def test_a_rule_that_is_left_out_keeps_the_text() -> None:
    page = f"{ARTICLE}[B]زر الذهاب إلى الأعلى[/B]"
    without = rules.combine(disabled=["markup-code"])
    assert "[B]" in clean(page, without).body
    assert "[B]" not in clean(page).body


@pytest.mark.parametrize(
    "name", ["date-line", "headline", "category-first", "section-name", "byline-wrote", "strip-before-article"]
)
def test_no_rule_that_is_left_out_decides(name: str) -> None:
    without = rules.combine(disabled=[name])
    for dump in load_all([ROOT / "tests" / "samples", ROOT / "tests" / "annotated"]):
        assert name not in {segment.rule for segment in clean(dump.text, without).segments}


def test_a_deck_longer_than_its_article_is_the_article() -> None:
    lines = ["هل تأخر القطار؟", "سأل الرجل حفيده", "لم يجب أحد", "مر المساء بطيئا", "ثم جاء الصفير…"] * 3
    document = clean("حكاية محطة\n\n" + "\n\n".join(lines))
    assert len(document.body) > 100


def test_an_arabic_article_has_no_headline_in_latin_letters() -> None:
    latin = "Ten Things To See This Summer In The City"
    arabic = list(clean(f"{latin}\n\n{ARTICLE}").evidence)
    assert arabic[0].sort == "foreign"
    assert [HEADLINE in barred for barred in bars.bars(arabic, kind.ARTICLE)[:2]] == [True, False]
    assert HEADLINE not in bars.bars(arabic[:1], kind.ARTICLE)[0]


def test_a_first_sentence_that_the_walk_takes_for_a_caption_is_given_back() -> None:
    """Below the headline, in the stretch with most of the prose: the text that the caption of a picture stands above."""
    page = ARTICLE.replace("\n\nأعلنت", "\n\nعادت الحياة إلى الجسر القديم بعد عامين.\n\nأعلنت", 1) + "اترك رد\n"
    found = list(clean(page).evidence)
    assert [e.sort for e in found[:3]] == ["line", "stopped", "prose"]
    looks = [HEADLINE, CAPTION, BODY, BODY, TAIL]
    found[1].main = "first"
    places._paragraphs(found, looks)
    assert looks[1] == BODY
    looks, found[1].main = [HEADLINE, CAPTION, BODY, BODY, TAIL], "above"
    places._paragraphs(found, looks)
    assert looks[1] == CAPTION


def test_an_article_smaller_than_what_was_taken_from_its_stretch_gets_it_back() -> None:
    found = list(clean(ARTICLE.replace("الجسر القديم بعد توقف", "الجسر القديم في المدينة بعد توقف")).evidence)
    assert [(e.sort, e.main) for e in found[1:]] == [("prose", "first"), ("prose", "last")]
    assert len(found[1].text) > len(found[2].text)
    for before, after in {
        (HEADLINE, STRIP, BODY): [HEADLINE, BODY, BODY],
        (HEADLINE, BODY, STRIP): [HEADLINE, BODY, STRIP],  # the smaller part
        (HEADLINE, TAIL, BODY): [HEADLINE, TAIL, BODY],  # below the article other stories stand
        (HEADLINE, STRIP, STRIP): [HEADLINE, STRIP, STRIP],  # no article at all
    }.items():
        looks = list(before)
        places._mass(found, looks)
        assert looks == after


def test_a_date_above_the_menu_is_the_masthead_s() -> None:
    title, first, second, _ = ARTICLE.split("\n\n")
    menu = ["الرئيسية", "سياسة", "اقتصاد", "رياضة"]
    lines = [title, "الثلاثاء 4 مارس 2025", *menu, "الاثنين 3 مارس 2025 - 14:00", title, first, second]
    found = list(clean("\n".join(lines)).evidence)
    assert [evidence.text for evidence in found] == lines
    headline, date = Label("header", "headline", "headline"), Label("header", "date", "date-line")
    entry, body = Label("noise", "navigation", "before-article"), Label("body", None, "body-prose")
    labels = [headline, date, *[entry] * 4, date, headline, body, body]
    settle._leave_masthead(found, labels)
    assert [i for i, label in enumerate(labels) if label.kind == "date"] == [6]
    labels = [headline, date, entry, entry, body, body, date, headline, body, body]
    settle._leave_masthead(found, labels)
    assert [i for i, label in enumerate(labels) if label.kind == "date"] == [1, 6]  # two entries are no menu
    labels = [headline, date, *[entry] * 4, date, body, body, body]
    settle._leave_masthead(found, labels)
    assert [i for i, label in enumerate(labels) if label.kind == "date"] == [1, 6]  # below the headline
