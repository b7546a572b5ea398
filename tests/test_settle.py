"""Rules that go by place: each catches the marked line of its examples, spares its near misses, and is alive on real pages."""

from __future__ import annotations

from collections import Counter

import pytest
from conftest import ROOT

from arabic_newsclean import bars, clean, context, headers, judge, kind, places, rules
from arabic_newsclean.annotated import load_all
from arabic_newsclean.model import Label, Rule
from arabic_newsclean.stretch import BELOW
from arabic_newsclean.walk import BODY, CAPTION, DATED, HEADLINE, STRIP, TAIL

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
    dumps = load_all([ROOT / "tests" / name for name in ("annotated", "observed", "training")])
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


def test_a_menu_in_a_row_is_no_story_wherever_it_stands_below() -> None:
    row = "شروط النشر | بيان الخصوصية | هيئتنا | مراسلونا"
    stories = "وفد سياحي يزور القلعة للمرة الأولى | معرض الكتاب يمدد أيامه حتى الخميس | هطول الثلج على المرتفعات"
    page = f"{ARTICLE}اترك رد\n\nالأكثر قراءة\n\nمعرض الكتاب يفتح أبوابه\n\n{row}\n\n{stories}\n"
    assert (kinds(page, "بيان"), kinds(page, "هطول")) == ("navigation", "related")
    assert kinds(f"{ARTICLE}الوسوم\n\n{row}", "بيان") == "tags"


def test_short_lines_below_the_article_are_tags_where_it_says_them() -> None:
    tags, menu = "بلدية المدينة\nالجسر القديم\nنقص التمويل", "بلدية المدينة\nكاريكاتير\nصوت وصورة"
    assert kinds(f"{ARTICLE}شارك الخبر\n\n{tags}\n\nجميع الحقوق محفوظة", "نقص التمويل\n") == "tags"
    assert kinds(f"{ARTICLE}شارك الخبر\n\n{menu}\n\nجميع الحقوق محفوظة", "صوت") == "navigation"


def test_numbers_that_count_up_a_line_each_are_pages() -> None:
    page = f"{ARTICLE}اترك رد\n\nوفد سياحي يزور القلعة للمرة الأولى\n\n‹\n1\n2\n3\n…\n38\n›\n\nجميع الحقوق محفوظة"
    assert kinds(page, "38") == kinds(page, "…") == "navigation"
    assert kinds(page.replace("1\n2\n3", "7\n2\n3"), "38") != "navigation"


def test_a_comment_form_ends_above_the_next_story() -> None:
    page = f"{ARTICLE}اترك رد\n\nالاسم *\n\nالبريد الإلكتروني *\n\nوفد سياحي يزور القلعة القديمة للمرة الأولى منذ عامين"
    assert (kinds(page, "البريد"), kinds(page, "وفد سياحي")) == ("comments", "related")


def test_the_sections_of_a_menu_end_the_list_of_stories_above_it() -> None:
    stories = "وفد سياحي يزور القلعة للمرة الأولى\n\nمعرض الكتاب يمدد أيامه حتى الخميس"
    page = f"{ARTICLE}اترك رد\n\nالأكثر قراءة\n\n{stories}\n\nسياسة\n\nاقتصاد\n\nرياضة\n\nمحليات"
    assert (kinds(page, "معرض"), kinds(page, "اقتصاد")) == ("related", "navigation")


TEASERS = (
    "قالت وزارة السياحة، اليوم، إن وفدا زار القلعة للمرة الأولى منذ عامين، وإن الزيارة ستتكرر كل شهر.\n\n"
    "وأضافت أن معرض الكتاب يمدد أيامه حتى الخميس، بعد أن طلب الناشرون ذلك من إدارة المعرض مرتين.\n\n"
)


@pytest.mark.parametrize("label", ["اترك رد", "الوسوم", "آخر الأخبار", "الأكثر قراءة", "العودة للأعلى"])
def test_no_article_goes_on_below_its_comments_and_the_lists_of_others(label: str) -> None:
    page = clean(f"{ARTICLE}{label}\n\n{TEASERS}").evidence
    looks = [HEADLINE, BODY, BODY, TAIL, BODY, BODY]
    places._end(page, looks)
    assert looks == [HEADLINE, BODY, BODY, TAIL, TAIL, TAIL]


@pytest.mark.parametrize("label", ["اقرأ أيضا", "أخبار ذات صلة", "إعلان"])
def test_an_article_may_go_on_below_a_box_of_one_story(label: str) -> None:
    page = clean(f"{ARTICLE}{label}\n\n{TEASERS}").evidence
    looks = [HEADLINE, BODY, BODY, TAIL, BODY, BODY]
    places._end(page, looks)
    assert looks == [HEADLINE, BODY, BODY, TAIL, BODY, BODY]


def test_an_article_begins_below_a_list_that_says_less_than_it() -> None:
    page = clean(f"{ARTICLE}آخر الأخبار\n\n{TEASERS}{TEASERS}").evidence
    looks = [HEADLINE, BODY, BODY, TAIL, *[BODY] * 4]
    places._end(page, looks)
    assert looks.count(BODY) == 6


def test_a_sentence_is_no_headline_where_a_line_stands_above_it() -> None:
    found = list(clean(f"حكاية الجسر\n\n{ARTICLE}").evidence)
    title, section = Label("header", "headline", "headline"), Label("header", "category", "category-first")
    body = Label("body", None, "body-prose")
    labels = [section, body, title, body]
    headers._give_sentence(found, labels)
    assert [label.kind for label in labels] == ["headline", None, None, None]
    labels = [section, title, body, body]  # a headline that is no sentence
    headers._give_sentence(found, labels)
    assert labels[1] == title


def test_a_line_between_a_by_line_that_opens_the_page_and_the_text_is_its_title() -> None:
    found = list(clean(f"بقلم: سامر الخطيب\n\nمفتاح جدي القديم\n\n{ARTICLE.partition(chr(10))[2]}").evidence)
    body = Label("body", None, "body-line")
    labels = [Label("header", "byline", "byline-label"), body, body, body]
    headers._find_headline(found, labels)
    assert [label.kind for label in labels] == ["byline", "headline", None, None]


def test_a_title_that_reads_like_a_name_is_nobody_s_by_line() -> None:
    found = list(clean(f"عيد المعتمد بن عباد\n\n2015-07-23 19:15\n\n{ARTICLE.partition(chr(10))[2]}").evidence)
    body = Label("body", None, "body-prose")
    labels = [Label("header", "byline", "byline-by-place"), Label("header", "date", "date-line"), body, body]
    headers._find_headline(found, labels)
    assert labels[0].kind == "headline"


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
    assert [HEADLINE in barred for barred in bars.bars(arabic, kind.ARTICLE, gentle=False)[:2]] == [True, False]
    assert HEADLINE not in bars.bars(arabic[:1], kind.ARTICLE, gentle=False)[0]


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
    headers._leave_masthead(found, labels)
    assert [i for i, label in enumerate(labels) if label.kind == "date"] == [6]
    labels = [headline, date, entry, entry, body, body, date, headline, body, body]
    headers._leave_masthead(found, labels)
    assert [i for i, label in enumerate(labels) if label.kind == "date"] == [1, 6]  # two entries are no menu
    labels = [headline, date, *[entry] * 4, date, body, body, body]
    headers._leave_masthead(found, labels)
    assert [i for i, label in enumerate(labels) if label.kind == "date"] == [1, 6]  # below the headline
    labels = [entry, date, *[entry] * 4, entry, headline, body, body]
    headers._leave_masthead(found, labels)
    assert [i for i, label in enumerate(labels) if label.kind == "date"] == []  # though the article has no date


def signed(*lines: str) -> list[str | None]:
    """The kinds of lines that the walk took for the text of an article, once by-lines are looked for among them."""
    found = list(clean("\n\n".join((*lines, ARTICLE))).evidence)
    labels = [Label("header", "headline", "headline"), *(Label("body", None, "body-line") for _ in found[1:])]
    headers._find_byline(found, labels)
    return [label.kind for label in labels[1 : len(lines)]]


def test_a_name_that_the_body_begins_with_is_the_by_line() -> None:
    title = "الجسر القديم ينتظر منذ عامين من يصلحه"
    assert signed(title, "رهام الصقور") == ["byline"]
    assert signed(title, "صدى الوادي – رهام الصقور") == ["byline"]
    assert signed(title, "رهام الصقور", "مروان عبد القادر") == [None, None]  # guests
    assert signed(title, "رهام الصقور:") == [None]  # who speaks
    assert signed(title, "طريق الجسر") == [None]


@pytest.mark.parametrize(
    ("line", "source", "byline"),
    [
        ("بغداد - واع - سيف الكناني", "واع", "سيف الكناني"),
        ("بغداد - خاص - سيف الكناني", None, "سيف الكناني"),
        ("توبلي - زهرة المتروك", None, "زهرة المتروك"),
        ("كتب: سيف الكناني", None, "سيف الكناني"),
    ],
)
def test_what_a_by_line_names_besides_its_author(line: str, source: str | None, byline: str) -> None:
    header = clean(f"{ARTICLE.replace(chr(10), f'{chr(10)}{chr(10)}{line}{chr(10)}', 1)}اترك رد").header
    assert (header.source, header.byline) == (source, byline)


@pytest.mark.parametrize(
    ("headline", "byline"),
    [
        ("المنصف الرياحي يكتب: في وداع مقهى الميناء القديم", "المنصف الرياحي"),
        ("خطاط عجوز يكتب أسماء المسافرين على تذاكر القطار", None),
        ("التاريخ يكتب: نهاية حكاية الجسر القديم", None),
    ],
)
def test_whose_column_it_is_may_stand_in_the_headline(headline: str, byline: str | None) -> None:
    header = clean(f"{headline}\n\n{ARTICLE.split(chr(10), 2)[2]}اترك رد").header
    assert (header.headline, header.byline) == (headline, byline)


def test_the_answers_of_an_interview_do_not_stand_below_headlines() -> None:
    answer = "بدأ العمل قبل عامين، وتوقف حين نفد المال، ثم عاد بعد أن وعد المجلس البلدي بدفع ما بقي من كلفته."
    asked = list(
        clean("\n\n".join(f"{question}\n\n{answer}" for question in ("متى بدأ العمل؟", "ومن دفع؟", "ولماذا توقف؟"))).evidence
    )
    told = list(clean("\n\n".join(f"{title}\n\n{answer}" for title in ("عودة العمال إلى الجسر القديم",) * 3)).evidence)
    assert (kind._turns(asked)[0], kind._turns(told)[0]) == (0, 3)


def test_a_sign_and_a_number_are_nothing_of_a_header() -> None:
    page = list(clean(f"[        ]\n\n12\n\n{ARTICLE}اترك رد").evidence)
    assert [HEADLINE in bars.barred(evidence) for evidence in page[:3]] == [True, True, False]


def test_initials_of_the_editor_are_no_date() -> None:
    page = list(clean(f"{ARTICLE}ن.ر\n\nاترك رد").evidence)
    assert [e.label for e in page[3:4]] == ["residue?"]
    assert DATED in bars.barred(page[3])


def test_teasers_are_cut_alike_by_length_or_by_words() -> None:
    def cut(*lines: str) -> bool:
        return judge.cut_alike(list(clean("\n\n".join(lines)).evidence))

    words = "قررت المحكمة زوال اليوم تأجيل النظر في ملف المتابعين في القضية التي هزت المدينة".split()
    assert cut(*(" ".join(words[:10]) + "…",) * 3)
    long = "واستنكاراتهم " * 9
    assert cut(" ".join(words[:9]) + "…", long.strip() + "…", " ".join(words[4:13]) + "…")
    assert not cut(" ".join(words[:3]) + "…", " ".join(words) + "…", " ".join(words[:6]) + "…")


def test_the_name_below_the_title_of_an_editor_is_the_mastheads() -> None:
    page = f"الرئيسية\n\nرئيس التحرير\n\nسحر عبد العال\n\nسياسة\n\n{ARTICLE}اترك رد"
    assert kinds(page, "سحر عبد العال") == "legal"
    assert kinds(page.replace("رئيس التحرير", "اتصل بنا"), "سحر عبد العال") != "legal"


def test_whose_the_rights_are_is_legal_too() -> None:
    page = f"{ARTICLE}اترك رد\n\nجميع الحقوق محفوظة\n\nلصحيفة الضفة\n\nلوحة الشرف"
    assert kinds(page, "لصحيفة الضفة") == "legal"
    assert kinds(page, "لوحة الشرف") != "legal"
    assert kinds(page.removesuffix("لوحة الشرف"), "لصحيفة الضفة") == "legal"
    assert kinds(page.replace("جميع الحقوق محفوظة", "للأعلى"), "لصحيفة الضفة") != "legal"


def titled(*above: tuple[str, str]) -> list[str | None]:
    """The kinds of lines above the text, once a headline is looked for among what the walk took for a menu's."""
    found = list(clean("\n\n".join((*(line for line, _ in above), ARTICLE.split("\n\n", 1)[1]))).evidence)
    labels = [Label("noise", "navigation", rule) for _, rule in above]
    labels += [Label("body", None, "body-prose")] * (len(found) - len(labels))
    headers._find_headline(found, labels)
    return [label.kind for label in labels[: len(above)]]


def test_the_longest_line_above_the_body_is_the_headline_where_there_is_no_other() -> None:
    title = "بلدية المدينة تصلح الجسر القديم بعد عامين"
    assert titled(("الرئيسية", "home-link"), (title, "before-article")) == ["navigation", "headline"]
    assert titled((title, "before-article"), ("سياسة", "before-article")) == ["headline", "navigation"]
    assert titled(("الرئيسية", "home-link"), (f"• {title}", "before-article")) == ["navigation", "navigation"]
    assert titled(("الرئيسية", "home-link"), ("صوت الوادي", "before-article")) == ["navigation", "navigation"]


def test_one_wide_space_says_nothing_of_what_stands_around_an_article() -> None:
    text = ARTICLE.strip()
    assert not bars.witnessed(clean(f"{text}      ليلى الحداد").evidence)
    assert bars.witnessed(clean(f"{text}      وفد سياحي يزور القلعة      معرض الكتاب يمدد أيامه      افتتاح السوق").evidence)
    assert clean(f"{text}      ليلى الحداد").body.endswith("ليلى الحداد")


@pytest.mark.parametrize(
    ("line", "byline"),
    [("القاهرة - كتب - سيف الكناني", "سيف الكناني"), ("دمشق - حمص - سيف الكناني", "سيف الكناني")],
)
def test_what_stands_between_town_and_author_is_not_always_an_outlet(line: str, byline: str) -> None:
    header = clean(f"{ARTICLE.replace(chr(10), f'{chr(10)}{chr(10)}{line}{chr(10)}', 1)}اترك رد").header
    assert (header.source, header.byline) == (None, byline)


def test_a_phrase_of_ones_own_is_noise_alone_on_its_line_too() -> None:
    own = rules.Rule(
        "our-issue", "noise", "promo", "Our evening issue.", within=("طالعوا نشرتنا المسائية",), catches=("",), spares=("",)
    )
    document = clean(f"{ARTICLE}طالعوا نشرتنا المسائية\n\nاترك رد", rules.RuleSet([own, *rules.default()]))
    assert [segment.rule for segment in document.segments if segment.rule == "our-issue"] == ["our-issue"]


def test_what_follows_the_end_of_a_box_is_not_the_boxs() -> None:
    lines = ("تخطى قصص مقترحة وواصل القراءة", "قصص مقترحة", "جسر بناه المتطوعون في سبعة أيام", "نهاية قصص مقترحة")
    box = "".join(f"{line}\n\n" for line in (*lines, "حكاية المعلمة هناء"))
    lead, rest = ARTICLE.rsplit("\n\nوقال", 1)
    found = list(clean(f"{lead}\n\n{box}وقال{rest}").evidence)
    opened = {e.text: e.facts[context.AT["opened"]] for e in found}
    assert opened["جسر بناه المتطوعون في سبعة أيام"] == "related near"
    assert opened["حكاية المعلمة هناء"] == "none"


def test_what_stands_below_an_article_is_named_by_its_words() -> None:
    below = "أخبار ذات صلة\n\nافتتاح سوق الخضار في حي النخيل\n\nبيروت - الشارع القديم - هاتف: 009611000000"
    assert kinds(f"{ARTICLE}{below}", "بيروت - الشارع القديم - هاتف: 009611000000") == "legal"
    assert kinds(f"{ARTICLE}{below}", "افتتاح سوق الخضار في حي النخيل") == "related"
    inside = ARTICLE.replace("وقال المهندس", "هاتف الطوارئ: 009611000000\n\nوقال المهندس")
    assert "هاتف الطوارئ: 009611000000" in clean(inside).body


def test_what_is_cut_out_of_a_line_leaves_no_wide_space() -> None:
    paragraph = " اقرأ أيضا: افتتاح سوق الخضار في حي النخيل الجديد. ".join(ARTICLE.split("\n\n")[1:4])
    found = clean(paragraph).evidence
    assert sum(evidence.inline for evidence in found) == 2
    assert not bars.witnessed(found)


def test_a_date_is_the_articles_again_where_a_box_of_others_has_closed() -> None:
    def dated(closing: str) -> list[str]:
        page = f"{ARTICLE}قصص مقترحة\n\nكيف غير الجفاف مائدة القرى؟\n\n{closing}\n\n14 تشرين الأول 2025"
        return [evidence.sort for evidence in clean(page).evidence][-1:]

    assert dated("نهاية قصص مقترحة") == ["date"]
    assert dated("جسر بناه المتطوعون في سبعة أيام") == ["item-date"]


def test_who_heads_a_board_and_what_he_says() -> None:
    page = list(clean(f"المدير العام: سمير عواد\n\nالمدير العام: المشروع في موعده\n\n{ARTICLE}اترك رد").evidence)
    assert [evidence.rule and evidence.rule.name for evidence in page[:2]] == ["staff-board"] * 2
    assert [HEADLINE in bars.barred(evidence) for evidence in page[:2]] == [True, False]


def sourced(label: str, below: str) -> list[str | None]:
    """The kinds of a label of a source and of the line below it, once the walk has taken the one for a source's."""
    found = list(clean(f"{ARTICLE}{label}\n\n{below}\n\nاترك رد").evidence)
    labels = [Label("noise", "related", "after-article")] * len(found)
    labels[-3] = Label("header", "source", "source-label")
    headers._find_source(found, labels)
    return [label.kind for label in labels[-3:-1]]


def test_the_line_below_a_label_of_a_source_is_the_source() -> None:
    assert sourced("المصدر:", "صوت الوادي") == ["source", "source"]
    assert sourced("المصدر", "وكالة صوت الوادي") == ["source", "source"]
    assert sourced("المصدر", "افتتاح السوق") == ["source", "related"]
    assert sourced("المصدر : وكالات", "وكالة صوت الوادي") == ["source", "related"]


def test_who_owns_the_rights_is_said_in_a_few_words() -> None:
    long = "لصحيفة الضفة التي أسسها جماعة من كتاب المدينة وناشريها قبل خمسين عاما"
    page = f"{ARTICLE}اترك رد\n\nجميع الحقوق محفوظة\n\n{long}\n\nلوحة الشرف"
    assert kinds(page, long) != "legal"


@pytest.mark.parametrize(
    ("lead", "what"),
    [
        ({kind.ARTICLE: 25}, kind.ARTICLE),
        ({kind.ARTICLE: 24}, None),
        ({kind.OTHER: 60}, kind.OTHER),
        ({kind.OTHER: 59}, None),
    ],
)
def test_a_page_that_is_taken_for_none_is_so_more_surely(lead: dict[int, int], what: int | None) -> None:
    class Sure:
        def totals(self, facts: tuple[str, ...]) -> list[int]:
            return [lead.get(which, 0) for which in (kind.ARTICLE, kind.OTHER)]

    page = [evidence for evidence in clean(ARTICLE * 2).evidence if not evidence.inline]
    assert kind.what(page, Sure()) == what
    few = page[:2]
    assert kind.what(few, Sure()) == (None if lead == {kind.OTHER: 60} else what)


def test_what_stands_between_the_dates_of_other_stories_is_theirs() -> None:
    teaser = "أعلنت مديرية التربية، اليوم الثلاثاء، نتائج الدور الثاني لطلبة الصف السادس في جميع المدارس الحكومية والأهلية"
    box = "\n\n".join(f"{title}\n\n{teaser}\n\n11 تموز 2023" for title in ("حريق في سوق المدينة", "عودة الباعة إلى الشارع"))
    found = list(clean(f"{ARTICLE}أهم الاخبار\n\n{box}").evidence)
    dates = [e.sort == "item-date" and e.main in BELOW for e in found]
    assert dates[-1]
    barred = bars.bars(found, None, gentle=False)
    assert {BODY in looks for looks, is_date in zip(barred, dates, strict=True) if is_date} == {True}
    looks = [TAIL if is_date else BODY for is_date in dates]
    places._stories(found, looks)
    assert looks == [TAIL if e.main in BELOW else BODY for e in found]


def test_what_begins_under_a_label_below_the_article_is_what_it_says() -> None:
    def given(*lines: str) -> list[int]:
        found = list(clean("\n\n".join((f"{ARTICLE}آخر الأخبار", *lines))).evidence)
        looks = [BODY] * (len(found) - len(lines) - 1) + [TAIL] + [BODY] * len(lines)
        places._stories(found, looks)
        assert [e.main in BELOW for e in found[-len(lines) :]] == [True] * len(lines)
        return looks[-len(lines) :]

    assert given("حريق في سوق المدينة القديم ...", "عودة الباعة إلى الشارع ...") == [TAIL, TAIL]
    assert given("وتعود المباريات يوم الخميس", "والجمعة في المساء.") == [BODY, BODY]
