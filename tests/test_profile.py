"""What a source repeats is found and taken; what repeats rightly is spared."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import corpus
import pytest

from arabic_newsclean import clean, rules
from arabic_newsclean.model import Source
from arabic_newsclean.profile import Entry, Profile, ProfileError, Site, repeats
from arabic_newsclean.profile.pages import IN_BODY, SAMPLE, Line, Page

NAMES = "سلمى حيدر|وائل الراوي|هند الكيلاني|جابر العاني|ميساء الدباغ|نزار القاضي".split("|")


def chrome(dice: random.Random, headline: str, number: int) -> tuple[list[str], list[str]]:
    """What one invented site prints above and below every story: twelve lines of five kinds, some with slots."""
    above = [
        "جريدة الرافد اليومية تصدر من الضفة الشرقية",
        f"عدد اليوم {dice.randint(1000, 9000)} السنة السابعة والثلاثون",
    ]
    below = [
        f"تجد نص هذه المادة في دفتر الرافد: {headline}",
        f"مرّ من هنا {dice.randint(3, 99999)} من قراء الرافد",
        "حمّل دفتر الرافد على هاتفك ولا تنتظر بائع الجرائد",
        f"هل أعجبك ما كتبنا عن {headline}",
        "أرسل ملاحظتك إلى صندوق الرافد الأخضر",
        "ما ينشره الرافد في صفحاته يلزم كاتبه وحده ولا يلزم الدار",
        f"دار الرافد للطباعة هاتف {dice.randint(100000, 999999)}",
        f"مراسل الرافد في العدد {number}",
        "زاوية القراء في دفتر الرافد مفتوحة كل خميس",
        "أهدِ هذه الصفحة لصديق من أصدقاء الرافد",
    ]
    return above, below


STOCK = (
    "تجدر الإشارة إلى أن المدينة تشهد منذ أعوام حركة عمرانية واسعة، وأن سكانها ينتظرون خدمات أفضل.",
    "العمل في المشروع يجري على مراحل ثلاث، ولا تعلن البلدية مواعيد التسليم إلا بعد الكشف على الموقع.",
    "وتقول مصادر محلية إن التمويل مضمون من الموازنة العامة، وإن أي تأخير سببه الطقس وحده.",
)


def page(number: int, *, stock: bool = True) -> str:
    """A page of the invented site."""
    dice = random.Random(number)
    headline = f"{corpus._WHO[number % 10]} يتفقد {corpus._WHAT[number // 10 % 10]} الجديد في الحي {number}"
    above, below = chrome(dice, headline, number)
    body = [corpus.sentence(dice) for _ in range(dice.randint(4, 8))]
    for n, sentence in enumerate(STOCK):
        if stock and number % 20 in range(4 * n, 4 * n + 3):
            body.insert(dice.randint(1, len(body)), sentence)
    return "\n\n".join([*above, "محليات", headline, *body, *below]) + "\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "pages" / "rafid"
    folder.mkdir(parents=True)
    for number in range(200):
        (folder / f"{number:03}.txt").write_text(page(number), "utf-8")
    return folder


@pytest.fixture
def learned(site: Path, newsclean: Callable[..., str]) -> Path:
    path = site.parent.parent / "profile.json"
    newsclean("learn", site.parent, "-o", path, "-q")
    return path


def records(newsclean: Callable[..., str], *args: object) -> Iterator[dict[str, object]]:
    return map(json.loads, newsclean("clean", "-q", *args).splitlines())


def test_all_chrome_of_a_source_is_found_and_none_of_its_stock_sentences(
    site: Path, learned: Path, newsclean: Callable[..., str]
) -> None:
    for number, record in enumerate(records(newsclean, site.parent, "--profile", learned)):
        dice = random.Random(number)
        headline = f"{corpus._WHO[number % 10]} يتفقد {corpus._WHAT[number // 10 % 10]} الجديد في الحي {number}"
        above, below = chrome(dice, headline, number)
        body = str(record["body"]).split("\n\n")
        assert [line for line in (*above, *below) if line in body] == []
        wanted = [line for line in page(number).split("\n\n")[4 : -len(below)] if line]
        assert [line for line in wanted if line not in body] == []


def test_the_profile_names_all_twelve_lines_and_their_places(learned: Path) -> None:
    (site,) = Profile.loads(learned.read_bytes()).sites.values()
    assert (site.dumps, site.sample) == (200, 200)
    assert [(entry.where, entry.form) for entry in site.entries].count(("tail", "line")) == 8
    assert sorted((entry.where, entry.form) for entry in site.entries if entry.where == "top") == [("top", "line")] * 2
    assert sorted(entry.text for entry in site.entries if entry.form == "frame") == [
        "تجد نص هذه المادة في دفتر الرافد:", "هل أعجبك ما كتبنا عن",
    ]  # fmt: skip
    assert all(entry.pages == 200 and entry.confidence >= 0.95 and len(entry.examples) >= 1 for entry in site.entries)


# --- what repeats rightly --------------------------------------------------------------------------------------------


def rightly(number: int) -> dict[str, str]:
    """A page of a source that prints its section, dateline, by-line, agency and an opening with every story."""
    dice = random.Random(number)
    body = [corpus.sentence(dice) for _ in range(3)]
    opening = f"علم مراسلنا من مصادر متابعة أن {corpus._WHAT[number % 10]} سيفتح أبوابه يوم {corpus._WHEN[number % 7]} المقبل."
    return {
        "section": "محليات",
        "headline": f"{corpus._WHO[number % 10]} يزور {corpus._WHAT[number // 10 % 10]} للمرة {number}",
        "byline": f"كتب: {NAMES[number % 6]}",
        "dateline": "بغداد/ واع",
        "opening": opening,
        "body": "\n\n".join(body),
        "agency": "المصدر: وكالة الأنباء العراقية",
    }


@pytest.mark.parametrize("line", ["section", "headline", "byline", "dateline", "opening", "body", "agency"])
def test_what_repeats_rightly_stays_what_it_is(tmp_path: Path, newsclean: Callable[..., str], line: str) -> None:
    folder = tmp_path / "source"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.txt").write_text("\n\n".join(rightly(number).values()) + "\n", "utf-8")
    newsclean("learn", folder, "-o", tmp_path / "profile.json", "-q")
    assert "." in Profile.loads((tmp_path / "profile.json").read_bytes()).sites
    before, after = (list(records(newsclean, folder, *args)) for args in ([], ["--profile", tmp_path / "profile.json"]))
    for number, (one, other) in enumerate(zip(before, after, strict=True)):
        text = rightly(number)[line].split("\n\n")[0]
        assert label(one, text) == label(other, text) != "noise"


def label(record: dict[str, object], text: str) -> str:
    """The part of the record that a line went to."""
    if any(text in noise["text"] for noise in record["noise"]):  # type: ignore[attr-defined,index]
        return "noise"
    return "body" if text in str(record["body"]) else "header"


def test_a_line_of_the_tail_between_two_paragraphs_needs_more_than_to_repeat(
    site: Path, learned: Path, newsclean: Callable[..., str]
) -> None:
    line = "ما ينشره الرافد في صفحاته يلزم كاتبه وحده ولا يلزم الدار"
    dice = random.Random(7)
    paragraphs = [corpus.sentence(dice) for _ in range(4)]
    (site / "000.txt").write_text("\n\n".join(["خبر عن دار الرافد وصفحاتها", *paragraphs[:2], line, *paragraphs[2:]]), "utf-8")
    record = next(records(newsclean, site.parent, "--profile", learned))
    assert line in str(record["body"])


@pytest.mark.parametrize("where", ["tail", "strip"])
@pytest.mark.parametrize("line", ["اقرأ أيضا", "2024-03-05", "المصدر: واع", "دفتر الرافد مفتوح كل خميس"])
def test_a_line_that_is_spared_is_what_it_is_without_the_profile(line: str, where: str) -> None:
    dice = random.Random(7)
    above, below = corpus.sentence(dice), corpus.sentence(dice)
    text = f"خبر عن دار الرافد وصفحاتها\n\n{above}\n\n{line}\n\n{below}\n\n{corpus.sentence(dice)}\n"
    profile = Profile(sites={".": Site(200, 200, (Entry(line, "promo", where, pages=150, confidence=0.9),))})
    alone, beside = clean(text), clean(text, profile.rules(Source.of_text(text, "a.txt"), rules.default()))
    assert (alone, alone.evidence) == (beside, beside.evidence)


# --- the file --------------------------------------------------------------------------------------------------------


def test_the_same_file_for_any_order_and_number_of_jobs(tmp_path: Path, newsclean: Callable[..., str]) -> None:
    lines = [json.dumps({"text": page(number), "site": f"s{number % 3}"}, ensure_ascii=False) for number in range(150)]
    profiles = set()
    for seed, jobs in ((0, 1), (1, 2), (2, 1)):
        random.Random(seed).shuffle(lines)
        path = tmp_path / f"{seed}.jsonl"
        path.write_text("\n".join(lines), "utf-8")
        profiles.add(newsclean("learn", path, "--key", "site", "-j", str(jobs), "-q"))
    assert len(profiles) == 1
    assert list(Profile.loads(profiles.pop().encode()).sites) == ["s0", "s1", "s2"]


def test_an_entry_that_is_switched_off_is_not_used(site: Path, learned: Path, newsclean: Callable[..., str]) -> None:
    table = json.loads(learned.read_bytes())
    for entry in table["sources"]["rafid"]["entries"]:
        entry["on"] = "دفتر الرافد على هاتفك" not in entry["text"]
    learned.write_text(json.dumps(table), "utf-8")
    rules = {noise["rule"] for noise in next(records(newsclean, site.parent, "--profile", learned))["noise"]}  # type: ignore[attr-defined]
    off = [n for n, entry in enumerate(table["sources"]["rafid"]["entries"], 1) if not entry["on"]]
    assert len(off) == 1
    assert f"profile:rafid:{off[0]}" not in rules
    assert any(rule.startswith("profile:rafid:") for rule in rules)


def test_profiles_of_parts_are_joined_in_any_order(tmp_path: Path, site: Path, newsclean: Callable[..., str]) -> None:
    halves = []
    for n, pattern in enumerate(("0*.txt", "1*.txt")):
        halves.append(tmp_path / f"{n}.json")
        newsclean("learn", site.parent, "--glob", pattern, "-o", halves[-1], "-q")
    joined = newsclean("learn", "--merge", *halves)
    assert joined == newsclean("learn", "--merge", *reversed(halves))
    (found,) = Profile.loads(joined.encode()).sites.values()
    assert (found.dumps, len(found.entries)) == (200, 12)
    assert {entry.pages for entry in found.entries} == {200}


def test_profiles_that_tell_sources_apart_in_other_ways_are_not_joined(newsclean: Callable[..., str], tmp_path: Path) -> None:
    paths = [tmp_path / "folder.json", tmp_path / "host.json"]
    for path in paths:
        path.write_bytes(Profile(path.stem, {}).dumps())
    err = "newsclean: these profiles are no parts of one: they tell sources apart in different ways: folder, host\n"
    newsclean("learn", "--merge", *paths, status=2, err=err)


def test_the_least_number_of_dumps_is_one_of_all_and_not_of_those_looked_at() -> None:
    pages = [Page("", [Line(IN_BODY, "", "")])] * SAMPLE
    sources = [("few", 1400, pages), ("many", 1500, pages), ("the same again and again", 1500, pages[:900])]
    assert [learned[:3] for learned in repeats.learn(sources, rules.default(), 1500)] == [("many", 1500, SAMPLE)]


def test_what_removes_a_line_is_named_and_explained(site: Path, learned: Path, newsclean: Callable[..., str]) -> None:
    shown = newsclean("explain", site / "003.txt", "--profile", learned, "-q")
    assert "profile:rafid:" not in shown  # a file that is given by its name is of no folder
    shown = newsclean("explain", site.parent, "--glob", "003.txt", "--profile", learned, "-q")
    assert "profile:rafid:" in shown
    assert "It stands on 200 of 200 pages of rafid" in shown


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (["profile"], 9, "is no profile of version 1 (newsclean learn writes one)"),
        (["by"], "hue", "sources are told apart by folder, host, key:FIELD or regex:PATTERN, not by 'hue'"),
        (["by"], "regex:(", "not a regular expression: '(' (missing ), unterminated subpattern at position 0)"),
        (["sources", "rafid"], 3, "source 'rafid' needs a list of `entries`"),
        (["sources", "rafid", "entries", 0, "form"], "x", "source 'rafid', entry 1: `form` is one of line, frame, not 'x'"),
        (["sources", "rafid", "entries", 0, "hue"], 1, "source 'rafid', entry 1: no such field: 'hue'"),
        (["sources", "rafid", "entries", 0, "text"], [], "source 'rafid', entry 1: `text` cannot be []"),
        (["sources", "rafid", "entries", 0, "text"], " : ", "source 'rafid', entry 1 has no text"),
    ],
)  # fmt: skip
def test_a_profile_that_is_wrong_is_refused_with_the_place(
    tmp_path: Path, newsclean: Callable[..., str], place: list[str | int], value: object, reason: str
) -> None:
    entry = Entry("تابعونا على دفتر الرافد", "promo", "tail", pages=5, confidence=0.9)
    table = json.loads(Profile(sites={"rafid": Site(20, 20, (entry,))}).dumps())
    part = table
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(table), "utf-8")
    newsclean("clean", path, "--profile", path, status=2, err=f"newsclean: {path}: {reason}\n")


def test_an_address_of_no_form_costs_no_dump(tmp_path: Path, newsclean: Callable[..., str]) -> None:
    rows = [json.dumps({"url": f"http://{host}/1", "text": corpus.dump(1)}) for host in ("[abc", "abc.example")]
    (tmp_path / "pages.jsonl").write_text("\n".join(rows) + "\n")
    newsclean("learn", "-q", tmp_path / "pages.jsonl", "--by", "host", "-o", tmp_path / "profile.json")
    assert len(list(records(newsclean, tmp_path / "pages.jsonl", "--profile", tmp_path / "profile.json"))) == 2


def test_where_nothing_can_be_read_the_last_profile_stays(tmp_path: Path, newsclean: Callable[..., str]) -> None:
    profile = tmp_path / "profile.json"
    profile.write_bytes(b"of last night")
    err = f"newsclean: {tmp_path}/none: No such file or directory\nnewsclean: nothing could be read, so no profile is written\n"
    newsclean("learn", tmp_path / "none", "-o", profile, status=1, err=err)
    assert profile.read_bytes() == b"of last night"


def test_no_profile_and_no_json(tmp_path: Path, newsclean: Callable[..., str]) -> None:
    path = tmp_path / "profile.json"
    newsclean("profile", "show", path, status=2, err=f"newsclean: {path}: No such file or directory\n")
    path.write_text("{", "utf-8")
    with pytest.raises(ProfileError, match="is no JSON"):
        Profile.loads(path.read_bytes())


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["--merge"], "--merge needs the profiles to join: newsclean learn --merge a.json b.json -o all.json"),
        (["--by", "host", "--key", "site", "x"], "give --by or --key, not both"),
        (["--by", "(", "x"], "--by: not a regular expression: '(' (missing ), unterminated subpattern at position 0)"),
    ],
)
def test_wrong_usage_is_refused(newsclean: Callable[..., str], args: list[str], reason: str) -> None:
    newsclean("learn", *args, status=2, err=f"newsclean: {reason}\n")


# --- shown -----------------------------------------------------------------------------------------------------------


def test_a_profile_is_shown_as_a_table(learned: Path, newsclean: Callable[..., str]) -> None:
    first, *rows = newsclean("profile", "show", learned).splitlines()
    assert first == "rafid: 200 dumps, 200 looked at, 12 entries"
    assert rows[0].split()[:5] == ["1", "promo", "tail", "200", "1.00"]
    assert len(rows) == 12


@pytest.mark.parametrize("format", ["text", "json", "html"])
def test_half_a_character_in_a_profile_is_shown_all_the_same(
    tmp_path: Path, newsclean: Callable[..., str], format: str
) -> None:
    entry = Entry("تابعونا \ud800 كل خميس", "promo", "tail", pages=5, examples=("\udfff",))
    (tmp_path / "profile.json").write_bytes(Profile(sites={"rafid \udc00": Site(20, 20, (entry,))}).dumps())
    shown = newsclean("profile", "show", tmp_path / "profile.json", "--format", format)
    assert "تابعونا" in (json.loads(shown)["text"] if format == "json" else shown)


def test_what_is_shown_drives_neither_terminal_nor_page(learned: Path, newsclean: Callable[..., str]) -> None:
    table = json.loads(learned.read_bytes())
    evil = "\x1b[31m<script>alert(1)</script> سطر كامل"
    table["sources"]["rafid"]["entries"][0].update(text=evil, examples=[evil])
    learned.write_text(json.dumps(table), "utf-8")
    assert "\x1b" not in newsclean("profile", "show", learned)
    page = newsclean("profile", "show", "--format", "html", learned)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    rows = [json.loads(line) for line in newsclean("profile", "show", "--format", "json", learned).splitlines()]
    assert (len(rows), rows[0]["source"], rows[0]["n"], rows[0]["text"]) == (12, "rafid", 1, evil)


def test_one_of_a_thing_is_told_as_one(newsclean: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("a page\n")
    err = "newsclean: 1 source, 0 with 20 dumps or more, 0 entries\n"
    newsclean("learn", tmp_path, "-o", tmp_path / "profile.json", err=err)
