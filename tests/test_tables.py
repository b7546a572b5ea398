"""The rule tables are data: every row fires on its examples, spares its near misses, and alone owns its phrases."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic_newsclean import clean
from arabic_newsclean import rules as tables
from arabic_newsclean.arabic import fold
from arabic_newsclean.model import NOISE, Rule
from arabic_newsclean.rules import RuleSet
from arabic_newsclean.rules.patterns import Patterns

ROOT = Path(__file__).parents[1]
RULES = tables.default()
#: Rows that say what a line looks like; the others (``place``) say where it stands.
ROWS = [rule for rule in RULES if rule.lines or rule.starts or rule.ends or rule.within or rule.pattern]
#: Rows that every line is shown to; the others name the kind of what is noise already.
ASKED = [rule for rule in ROWS if not rule.kind_only]
KINDS = [rule for rule in ROWS if rule.kind_only]
FILES = sorted(
    (entry for entry in resources.files("arabic_newsclean.rules").iterdir() if entry.name.endswith(".toml")),
    key=lambda entry: entry.name,
)

every_row = pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.name)


def opens_inline(rules: RuleSet, line: str) -> str | None:
    """The name of the rule whose phrase opens foreign text inside this line."""
    return next((phrase.rule for phrase in rules.inline if phrase.within(line)), None)


def outright(line: str) -> Rule | None:
    """The noise row that would take this line out without a look at its neighbours."""
    found = RULES.match(line)
    return found[0] if found and found[0].part == NOISE and not found[0].hint else None


def test_names_are_unique() -> None:
    assert [name for name, times in Counter(rule.name for rule in RULES).items() if times > 1] == []


def test_no_two_rows_claim_the_same_line() -> None:
    owners: dict[str, list[str]] = {}
    for rule in ROWS:
        for phrase in rule.lines:
            owners.setdefault(tables._key(phrase), []).append(f"{rule.name}: {phrase}")
    assert [names for names in owners.values() if len(names) > 1] == []


@pytest.mark.parametrize("way", ["starts", "ends"])
def test_no_two_rows_claim_the_same_edge(way: str) -> None:
    owners: dict[str, list[str]] = {}
    for rule in ROWS:
        for phrase in getattr(rule, way):
            owners.setdefault(fold(phrase), []).append(f"{rule.name}: {phrase}")
    assert [names for names in owners.values() if len(names) > 1] == []


@every_row
def test_a_row_explains_itself(rule: Rule) -> None:
    assert len(rule.why.split()) >= 4
    assert len(rule.catches) >= 2
    assert len(rule.spares) >= 2


@every_row
def test_a_row_catches_its_examples(rule: Rule) -> None:
    alone = RuleSet([rule], kind_only=rule.kind_only)
    missed = [line for line in rule.catches if alone.match(line) is None and opens_inline(alone, line) is None]
    assert missed == []


@every_row
def test_a_row_spares_its_near_misses(rule: Rule) -> None:
    alone = RuleSet([rule], kind_only=rule.kind_only)
    assert [line for line in rule.spares if alone.match(line) or opens_inline(alone, line)] == []


@pytest.mark.parametrize("rule", KINDS, ids=lambda rule: rule.name)
def test_a_row_of_the_kind_only_is_the_first_to_be_named_and_takes_nothing(rule: Rule) -> None:
    assert {line: (found := RULES.kind(fold(line))) and found.name for line in rule.catches} == dict.fromkeys(
        rule.catches, rule.name
    )
    assert [line for line in (*rule.catches, *rule.spares) if (found := RULES.match(line)) and found[0].kind_only] == []


@pytest.mark.parametrize("rule", [rule for rule in ASKED if not rule.hint], ids=lambda rule: rule.name)
def test_a_row_is_the_first_to_catch_its_examples(rule: Rule) -> None:
    first = {line: RULES.match(line) for line in rule.catches}
    names = {line: found[0].name if found else opens_inline(RULES, line) for line, found in first.items()}
    assert names == dict.fromkeys(rule.catches, rule.name)


@every_row
def test_no_row_takes_the_near_misses_of_another(rule: Rule) -> None:
    assert [(line, taker.name) for line in rule.spares if (taker := outright(line))] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_table_is_compact(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    long = [line for line in lines if len(line) > 120 and not line.startswith(("pattern", "why", "#"))]
    assert long == []
    assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.parametrize("rule", [rule for rule in ROWS if rule.pattern], ids=lambda rule: rule.name)
class TestPattern:
    def test_is_written_in_folded_letters(self, rule: Rule) -> None:
        """A pattern sees folded text: a hamza carrier, ة, ى or an Arabic digit in it could never match."""
        assert rule.pattern is not None
        assert sorted(set(rule.pattern) & set("أإآٱؤئىةکیـ٠١٢٣٤٥٦٧٨٩")) == []

    def test_is_one_that_a_user_might_write(self, rule: Rule) -> None:
        """Our tables are not checked each time they are loaded: here they are, as strictly as others'."""
        assert tables._pattern(rule.pattern, "a table", rule.name) == rule.pattern

    def test_is_quick_where_it_nearly_matches(self, rule: Rule) -> None:
        """Half a line of what it likes, then what it can't have: one that backtracks takes hours."""
        alone = RuleSet([rule], kind_only=rule.kind_only)
        seeds = [
            *rule.catches,
            "ا",
            "ا ب ",
            "1",
            "1 ",
            "a-",
            "- ",
            ". ",
            "#ا ",
            "#اب,,,",
            "[ ",
            '"ا" ',
            "دمشق - ",
            "صحيفة يومية ",
        ]
        for seed in seeds:
            line = fold((seed * 140)[:138] + "؟ة")
            begin = time.process_time()
            for _ in range(20):
                alone.by_pattern(line)
            assert time.process_time() - begin < 1, seed


ALEFS = "ا" * (tables.SHORT - 1) + "ة"


def refusal(pattern: str) -> str:
    """Why a user's rule with this pattern is refused; nothing where it is not."""
    row = f"[[rule]]\nname = 'ours'\nkind = 'tags'\nwhy = 'ours'\npattern = '{pattern}'\ncatches = ['a']\nspares = ['b']\n"
    with pytest.raises(tables.RuleError) as error:  # if nothing else, it does not catch its example
        tables.parse(row.encode(), "mine.toml")
    return "" if "own example" in str(error.value) else str(error.value)


@pytest.mark.parametrize(
    "pattern",
    [
        "(?:ا|اا)*ب",
        "(?:اا?)*ب",
        "(?:ا+)*ب",
        "(?:ا|ب|اب)+ة",
        "(?:[0-9]{1,3},?)+ب",
        "(?:(?:[^:]*:)?.*,)+ب",
        "(?=(?:ا|اا)*ب).*",
        "(?>(?:ا|اا)*)ب",
        ".*ا.*ا.*ا.*ا.*ا.*ب",
        "(?:.*ا){6}ب",
        "ا?" * 30 + "ا{30}ب",
        ".{0,16}" * 8 + "ب",
    ],
)
def test_a_pattern_that_could_run_for_ever_is_refused(pattern: str) -> None:
    assert "it could run for ever" in refusal(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        ".*ا.*ا.*ب",
        "(?:ا+ )*ب",
        r"(?:\w+\s)*ب",
        r"\d+/\d+/\d+ \d+:\d+",
        r"(?:\D*+\d)*ب",
        "(?:ابا|ابب)+ب",
        "(?:اب|اببا){2,9}ب",
        "(?:[^:]*:)*ب",
        "(?=.*ب)(?=.*ت)(?=.*ث)(?=.*ج).*",
    ],
)
def test_a_pattern_that_comes_to_its_end_is_taken_and_is_quick(pattern: str) -> None:
    assert refusal(pattern) == ""
    begin = time.process_time()
    assert Patterns([pattern]).match(ALEFS) is None
    assert time.process_time() - begin < 0.5


def test_patterns_are_few() -> None:
    assert sum(rule.pattern is not None for rule in ASKED) <= 50


@pytest.mark.parametrize("file", sorted((ROOT / "tests" / "annotated").glob("*.ann")), ids=lambda file: file.stem)
def test_nothing_of_an_annotated_article_is_taken_outright(file: Path) -> None:
    taken = []
    for row in file.read_text(encoding="utf-8").split("\n")[1:]:
        label, _, line = row.partition("\t")
        if label in ("b", "b.sub", "h.headline", "h.deck") and "⟦" not in line and (rule := outright(line.strip())):
            taken.append((rule.name, line))
    assert taken == []


CLEAN = sorted((ROOT.parent / "shared" / "data" / "clean").glob("*.jsonl"))


@pytest.mark.skipif(not CLEAN, reason="the clean articles lie beside the repository, not in it")
@pytest.mark.parametrize("file", CLEAN, ids=lambda file: file.stem)
def test_nothing_of_a_clean_article_is_taken_outright(file: Path) -> None:
    taken = []
    for row in file.read_text(encoding="utf-8").split("\n"):
        if row.strip():
            article = json.loads(row)
            for line in (article["title"], *article["body"].split("\n")):
                if rule := outright(line.strip()):
                    taken.append((rule.name, line))
    assert taken == []


PATTERNED = [rule for rule in ASKED if rule.pattern]
LINES = [fold(line) for rule in RULES for line in (*rule.catches, *rule.spares)]


def naive(line: str) -> str | None:
    """The first pattern that matches a line, tried one by one."""
    return next((rule.name for rule in PATTERNED if re.fullmatch(rule.pattern or "", line)), None)


def together(line: str) -> str | None:
    found = RULES.by_pattern(line)
    return found[0].name if found else None


def test_patterns_asked_together_say_what_each_would_say() -> None:
    assert [together(line) for line in LINES] == [naive(line) for line in LINES]
    assert sum(naive(line) is not None for line in LINES) > 50


@given(st.sampled_from(LINES), st.sampled_from(LINES), st.sampled_from([" ", ": ", " 12 ", " - ", "", " am "]))
def test_patterns_asked_together_say_the_same_of_any_line(one: str, other: str, between: str) -> None:
    line = f"{one[:40]}{between}{other[-40:]}"[: tables.SHORT]
    assert together(line) == naive(line)


@given(st.text(st.sampled_from("أإآاىيةهئؤءوب ت.،:9a-Z\u064b\u00a0…\ufefb")))
def test_a_common_line_folds_as_any_other_does(text: str) -> None:
    assert fold(text) == fold(f"{text}\u200f")  # a mark without ink takes the long way


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("(?i:Read More)", "read more"),
        ("(?i:[A-Z]{2,5}) .{1,9}", "abc خبر"),
        ("[.-:]{2,9}", "12"),
        ("[!-:]+", "12"),
        ("(?=.*[0-9]|خبر).{3,9}", "خبر"),
        ("(?:[a-z]+ )?خبر", "خبر"),
        ("[^ء-ي]{2}", "12"),
    ],
)
def test_a_pattern_is_shown_every_line_that_it_may_match(pattern: str, line: str) -> None:
    assert re.fullmatch(pattern, line)
    assert Patterns([pattern]).match(line) == 0


@pytest.mark.parametrize(
    ("phrase", "text", "cut"),
    [
        (":اقرأ", "كلام كثير.\n\n:اقرأ المزيد", ":اقرأ"),
        ("عاجل عاجل", "عاجل\nعاجل عاجل كلام كثير", "عاجل عاجل"),
        (":اقرأ", "كلام:اقرأ", None),
    ],
)
def test_a_phrase_is_found_at_the_beginning_of_a_line_and_of_a_word_alone(phrase: str, text: str, cut: str | None) -> None:
    rules = RuleSet([Rule("ours", "noise", "related", "why", within=(phrase,)), *RULES])
    taken = [segment.of(text) for segment in clean(text, rules).segments if segment.rule == "ours"]
    assert taken == ([cut] if cut else [])


@pytest.mark.parametrize("also", ["opens = true", "hint = true"])
def test_a_rule_that_closes_a_block_does_only_that(also: str) -> None:
    row = (
        '[[rule]]\nname = "our-end"\nkind = "related"\nwhy = "Where our box ends."\nlines = ["نهاية الصندوق"]\ncloses = true\n'
    )
    row += 'catches = ["نهاية الصندوق"]\nspares = ["نهاية الصندوق الأسود"]\n'
    assert tables.parse(row.encode(), "mine.toml")[0].closes
    with pytest.raises(tables.RuleError, match="closes"):
        tables.parse(f"{row}{also}\n".encode(), "mine.toml")


@pytest.mark.parametrize("also", ["opens = true", "hint = true", 'within = ["هاتف المكتب:"]'])
def test_a_rule_of_the_kind_only_does_only_that(also: str) -> None:
    row = (
        '[[rule]]\nname = "our-desk"\nkind = "legal"\nwhy = "How to reach us."\nstarts = ["مكتبنا في"]\nkind_only = true\n'
        'catches = ["مكتبنا في بغداد"]\nspares = ["مكتب الوزير في بغداد"]\n'
    )
    rules = RuleSet([*tables.parse(row.encode(), "mine.toml"), *RULES])
    assert (rules.match("مكتبنا في بغداد"), rules.kind(fold("مكتبنا في بغداد"))) == (None, rules.by_name["our-desk"])
    with pytest.raises(tables.RuleError, match="kind_only"):
        tables.parse(f"{row}{also}\n".encode(), "mine.toml")
