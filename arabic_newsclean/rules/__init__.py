"""The rule tables and their loader.

A table is a TOML file of ``[[rule]]`` rows (`arabic_newsclean.model.Rule` says what each field means). The tables
beside this file are ours; ``newsclean clean --rules FILE`` reads more in the same format. `load` checks every row and
says which file, which rule and why, if one is wrong; `RuleSet` is the compiled form that `judge` asks.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from arabic_newsclean import kept
from arabic_newsclean.arabic import around, bare, fold, spellings
from arabic_newsclean.kept import compiled
from arabic_newsclean.model import BLANK, KINDS, NOISE, Rule
from arabic_newsclean.rules import backtracking, patterns
from arabic_newsclean.rules.labels import Labels

#: How a rule met a line: the whole line, its beginning, its end, a pattern over all of it.
WHOLE, START, END, PATTERN = "whole", "start", "end", "pattern"

#: How far the text goes that a phrase inside a line opens: no further, to the end of the sentence, to the end of the line.
PHRASE, SENTENCE, LINE = "phrase", "sentence", "line"

#: Lines longer than this many characters are prose; only their beginning and their end are looked at.
SHORT: Final = backtracking.LINE
#: How much of the beginning and of the end of a long line is looked at.
EDGE: Final = 48

_LISTS: Final = ("lines", "starts", "ends", "within", "catches", "spares")
_FIELDS: Final = frozenset(Rule.__dataclass_fields__)


class RuleError(ValueError):
    """A table that cannot be used: names the file, the rule and the reason."""

    def __init__(self, file: str, rule: str | None, reason: str) -> None:
        super().__init__(f"{file}: {f'rule {rule!r}: ' if rule else ''}{reason}")


_compiled: Final = cache(re.compile)


class Anchor(NamedTuple):
    """Letters of a phrase that have one spelling, and what may stand just before and just after them: "" is anything."""

    letters: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Inline:
    """A phrase that opens foreign text inside a line: how it is found, its rule, and how far the foreign text goes."""

    anchors: tuple[Anchor, ...]  # only where they stand together is searched
    source: str
    rule: str
    takes: str
    reach: int  # no spelling of the phrase is longer

    @classmethod
    def of(cls, phrase: str, rule: Rule, takes: str | None = None) -> Inline:
        """The compiled form of one ``within`` phrase."""
        folded = fold(phrase)
        runs = sorted(_RUN.finditer(folded), key=lambda run: len(run[0]), reverse=True)
        anchors = [Anchor(run[0], around(folded, run.start() - 1), around(folded, run.end())) for run in runs[:2]]
        if phrase.endswith(":"):
            anchors.append(Anchor(":"))
        takes = takes or (SENTENCE if rule.opens else PHRASE)
        return cls(tuple(anchors), spellings(phrase), rule.name, takes, 4 * len(phrase) + 16)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds the phrase in each of its spellings: made when it is first needed, which most never are."""
        return _compiled(self.source)

    def places(self, text: Anchored) -> Iterator[int]:
        """Where in a text the phrase stands; a place may be named twice."""
        if not self.anchors:
            yield from _lines(self.pattern.finditer(text.text))
        for at in text.near(self.anchors, self.reach):
            yield from _lines(self.pattern.finditer(text.text, max(0, at - self.reach), at + self.reach))

    def within(self, text: str) -> bool:
        """Whether the phrase stands anywhere in a text."""
        return next(self.places(Anchored(text)), None) is not None


#: Letters in a row that no other spelling has.
_RUN: Final = compiled(r"[^\Wاأإآىيئهةوؤك\d_]{2,}")


class Anchored:
    """A text that phrases are looked for in. Many have the same anchors: where those stand is found once."""

    #: Phrases that reach as far, give or take so many characters, share what is found.
    STEP: Final = 64

    def __init__(self, text: str) -> None:
        self.text = text
        self._at: dict[Anchor, list[int]] = {}
        self._near: dict[tuple[tuple[Anchor, ...], int], list[int]] = {}

    def near(self, anchors: tuple[Anchor, ...], reach: int) -> list[int]:
        """Where the rarest of the anchors stands with all the others so near, or a little farther."""
        key = anchors, reach // self.STEP
        found = self._near.get(key)
        if found is None:
            far = self.STEP * (key[1] + 1)
            found, *others = sorted(map(self._places, anchors), key=len) if anchors else [[]]
            for other in others:
                found = [at for at in found if bisect_right(other, at + far) > bisect_left(other, at - far)]
            self._near[key] = found
        return found

    def _places(self, anchor: Anchor) -> list[int]:
        found = self._at.get(anchor)
        if found is None:
            found = self._at[anchor] = []
            text, (letters, before, after) = self.text, anchor
            at = text.find(letters)
            while at >= 0:
                end = at + len(letters)
                if (not before or text[at - 1 : at] in before) and (not after or text[end : end + 1] in after):
                    found.append(at)
                at = text.find(letters, at + 1)
        return found


def _lines(matches: Iterable[re.Match[str]]) -> Iterator[int]:
    """Where matches stand: a place on their first line, and one on their last, where that is another."""
    for match in matches:
        yield match.start()
        if "\n" in match[0]:
            yield match.end() - 1


class RuleSet:
    """Rules, ready to be asked about folded lines.

    >>> rules = RuleSet([Rule("comment-prompt", "noise", "comments", "why", lines=("اترك رد",), starts=("أضف تعليق",))])
    >>> rules.match("اترك ردًا".replace("ًا", "") + " :")
    (Rule(name='comment-prompt', ...), 'whole')
    >>> rules.match("اترك رد فعلك جانبا")
    """

    def __init__(self, rules: Iterable[Rule], *, kind_only: bool = False) -> None:
        self.rules = tuple(rules)
        asked = [rule for rule in self.rules if rule.kind_only == kind_only]
        self.by_name = {rule.name: rule for rule in self.rules}
        self._whole: dict[str, Rule] = {}
        self._starts: dict[str, list[tuple[str, Rule]]] = {}
        self._ends: dict[str, list[tuple[str, Rule]]] = {}
        self._patterned = tuple(rule for rule in asked if rule.pattern)
        for rule in asked:
            for phrase in rule.lines:
                self._whole.setdefault(_key(phrase), rule)
            for phrase in rule.starts:
                folded = fold(phrase)
                self._starts.setdefault(_first_word(folded), []).append((folded, rule))
            for phrase in rule.ends:
                folded = fold(phrase)
                self._ends.setdefault(folded.rsplit(" ", 1)[-1], []).append((folded, rule))
        for table in (self._starts, self._ends):
            for rows in table.values():
                rows.sort(key=lambda row: -len(row[0]))
        self._patterns = patterns.Patterns([rule.pattern for rule in self._patterned if rule.pattern])
        self.inline = tuple(Inline.of(phrase, rule) for rule in asked for phrase in rule.within)
        #: What these come before, where they were learned of one source.
        self.base: RuleSet | None = None
        self._kinds = RuleSet(self.rules, kind_only=True) if len(asked) < len(self.rules) and not kind_only else None
        #: The rules that do not hold between two paragraphs, and those that hold only between two lines of noise.
        self.at_edges: frozenset[str] = frozenset()
        self.in_strips: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    @cached_property
    def labels(self) -> Labels:
        """The rules' labels as words in a row; pages in one line need them, and no others."""
        return self.base.labels if self.base is not None else Labels(self.rules)

    def without(self, names: Iterable[str]) -> RuleSet:
        """The same rules but for the named ones. KeyError names one that does not exist."""
        left_out = set(names)
        for name in sorted(left_out - self.by_name.keys()):
            raise KeyError(name)
        return RuleSet(rule for rule in self.rules if rule.name not in left_out)

    def learned(self, rules: Iterable[Rule], *, at_edges: Iterable[str] = (), in_strips: Iterable[str] = ()) -> RuleSet:
        """These rules, and before them others that were learned of one source, some of which hold in some places only."""
        out = RuleSet(rules)
        out.base = self
        out.inline = (*(Inline.of(phrase, rule, LINE) for rule in out.rules for phrase in rule.within), *self.inline)
        out.rules += self.rules
        out.by_name |= self.by_name
        out.at_edges, out.in_strips = frozenset(at_edges), frozenset(in_strips)
        return out

    def match(self, text: str) -> tuple[Rule, str] | None:
        """The first rule that catches this line, and how; ``None`` where none does."""
        if len(text) <= SHORT:
            return self.match_folded(fold(text))
        return self._edges(fold(text[:EDGE]), fold(text[-EDGE:]))

    def match_folded(self, folded: str) -> tuple[Rule, str] | None:
        """`match` for a line that is folded already."""
        return self.by_words(folded) or self.by_pattern(folded)

    def by_words(self, folded: str) -> tuple[Rule, str] | None:
        """The rule whose words are the whole of a folded line, its beginning or its end."""
        rule = self._whole.get(bare(folded) or folded)
        if rule is not None:
            return rule, WHOLE
        if self.base is not None and (found := self.base.by_words(folded)) is not None and found[1] == WHOLE:
            return found
        return self._edges(folded, folded)

    def by_pattern(self, folded: str) -> tuple[Rule, str] | None:
        """The first rule whose pattern matches all of a folded line."""
        number = self._patterns.match(folded)
        if number is None:
            return self.base.by_pattern(folded) if self.base is not None else None
        return self._patterned[number], PATTERN

    def kind(self, folded: str) -> Rule | None:
        """What kind of noise a folded line is that its place has made noise, by the first of the rules that only say so."""
        found = self._kinds.match_folded(folded) if self._kinds is not None else None
        if found is None:
            return self.base.kind(folded) if self.base is not None else None
        return found[0]

    def _edges(self, head: str, tail: str) -> tuple[Rule, str] | None:
        head = head.lstrip(BULLETS)
        for phrase, rule in self._starts.get(_first_word(head), ()):
            if head.startswith(phrase) and _boundary(head, len(phrase)):
                return rule, START
        last = tail.rstrip(" .:!").rsplit(" ", 1)[-1]
        for phrase, rule in self._ends.get(last, ()):
            stripped = tail.rstrip(" .:!")
            if stripped.endswith(phrase) and (len(stripped) == len(phrase) or not stripped[-len(phrase) - 1].isalnum()):
                return rule, END
        return self.base._edges(head, tail) if self.base is not None else None


#: What may stand before a label on its line and is no part of it.
BULLETS: Final = ' -*•·●■□#|»«>_+©☆★►▼"'
_WORD_END: Final = compiled(r"[ :،,.!؟?|/\-(]")


def _first_word(text: str) -> str:
    end = _WORD_END.search(text)
    return text[: end.start()] if end else text


def _boundary(text: str, at: int) -> bool:
    """Whether a phrase that ends here ends a word: ``بقلم:`` does in ``بقلم:سلام``, ``بقلم`` does not in ``بقلمه``."""
    return at >= len(text) or not text[at].isalnum() or not text[at - 1].isalnum()


def _key(phrase: str) -> str:
    folded = fold(phrase)
    return bare(folded) or folded


@cache
def default() -> RuleSet:
    """The rules that come with the package, in the order of their tables' names."""
    return kept.made("rules", _ours)


def _ours() -> RuleSet:
    from importlib import resources

    tables = sorted(
        (entry for entry in resources.files(__package__).iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name
    )
    rules = RuleSet(rule for table in tables for rule in parse(table.read_bytes(), table.name, ours=True))
    tuple(phrase.pattern for phrase in rules.inline)  # each compiled now, and kept with its phrase
    return rules


def load(path: str | Path) -> list[Rule]:
    """The rules of one table file. Raises `RuleError`; OSError where it cannot be read."""
    return parse(Path(path).read_bytes(), str(path))


def combine(extra: Iterable[str | Path] = (), disabled: Iterable[str] = ()) -> RuleSet:
    """The default rules with those of more tables before them (a user's row wins), without the disabled ones.

    Raises `RuleError` for a bad table or a name used twice, KeyError for a disabled rule that does not exist.
    """
    paths, names = list(extra), list(disabled)
    if not paths and not names:
        return default()
    rules: list[Rule] = []
    for path in paths:
        for rule in load(path):
            if rule.name in default().by_name or any(rule.name == other.name for other in rules):
                raise RuleError(str(path), rule.name, "the name is taken; choose another (newsclean rules lists them)")
            rules.append(rule)
    return RuleSet([*rules, *default()]).without(names)


def parse(data: bytes, file: str, *, ours: bool = False) -> list[Rule]:
    """Rows of TOML to rules, each checked. A user's examples are tried at once, ``ours`` by the tests."""
    import tomllib  # our own tables were read long ago, as a rule: see `kept`

    try:
        table = tomllib.loads(data.decode("utf-8-sig"))  # some editors put a byte order mark before it
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RuleError(file, None, f"not TOML in UTF-8: {error}") from None
    unknown = table.keys() - {"rule"}
    if unknown:
        raise RuleError(file, None, f"only [[rule]] rows are known here, not {sorted(unknown)[0]!r}")
    rows = table.get("rule", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RuleError(file, None, "rules are written as [[rule]], with two brackets")
    rules: list[Rule] = []
    for number, row in enumerate(rows, 1):
        rule = _rule(row, file, number, ours)
        if not ours:
            _check_examples(rule, file)
        if any(rule.name == other.name for other in rules):
            raise RuleError(file, rule.name, "the name is used twice")
        rules.append(rule)
    return rules


def _rule(row: dict[str, Any], file: str, number: int, ours: bool) -> Rule:
    name = row.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise RuleError(file, None, f"row {number} needs a name of small letters, digits and hyphens, not {name!r}")
    for field in sorted(row.keys() - _FIELDS):
        raise RuleError(file, name, f"no such field: {field!r} (known: {', '.join(sorted(_FIELDS))})")
    part, kind = row.get("part", "noise"), row.get("kind")
    if not isinstance(part, str) or part not in KINDS or part == BLANK:
        raise RuleError(file, name, f"no such part: {part!r} (header, body or noise)")
    if not (kind is None or isinstance(kind, str)) or kind not in KINDS[part]:
        raise RuleError(file, name, f"{part} has no kind {kind!r} (it has {', '.join(str(k) for k in KINDS[part])})")
    if not isinstance(row.get("why"), str) or not row["why"].strip():
        raise RuleError(file, name, "say in `why` what the line is and why it is not the article's")
    values: dict[str, Any] = {"name": name, "part": part, "kind": kind, "why": row["why"]}
    for field in _LISTS:
        items = row.get(field, [])
        if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
            raise RuleError(file, name, f"`{field}` must be a list of texts")
        values[field] = tuple(items)
    for field in ("hint", "opens", "closes", "kind_only"):
        if not isinstance(row.get(field, False), bool):
            raise RuleError(file, name, f"`{field}` must be true or false")
        values[field] = row.get(field, False)
    if values["closes"] and (values["opens"] or values["hint"]):
        raise RuleError(file, name, "what `closes` a block neither opens one nor is a hint")
    if values["kind_only"] and (part != NOISE or values["hint"] or values["opens"] or values["closes"] or values["within"]):
        raise RuleError(
            file, name, "`kind_only` is for noise, and neither a hint, nor opens or closes a block, nor stands `within`"
        )
    pattern = row.get("pattern")
    values["pattern"] = pattern if ours or pattern is None else _pattern(pattern, file, name)  # ours are tried by the tests
    if "place" in row:
        if not ours:
            raise RuleError(file, name, "`place` belongs to newsclean's own table; give lines, starts, ends, within or pattern")
        return Rule(**values, place=row["place"])
    if not any(values[field] for field in ("lines", "starts", "ends", "within", "pattern")):
        raise RuleError(file, name, "it catches nothing: give lines, starts, ends, within or pattern")
    if values["within"] and part != NOISE:
        raise RuleError(file, name, "`within` takes text out of a line, so its part must be noise")
    if not values["catches"] or not values["spares"]:
        raise RuleError(file, name, "give at least one line it `catches` and one near miss it `spares`")
    return Rule(**values)


def _check_examples(rule: Rule, file: str) -> None:
    alone = RuleSet([rule], kind_only=rule.kind_only)

    def caught(line: str) -> bool:
        return alone.match(line) is not None or any(phrase.within(line) for phrase in alone.inline)

    for line in rule.catches:
        if not caught(line):
            raise RuleError(file, rule.name, f"it does not catch its own example: {line!r}{_unfolded(rule.pattern or '')}")
    for line in rule.spares:
        if caught(line):
            raise RuleError(file, rule.name, f"it does not spare its own near miss: {line!r}")


def _unfolded(pattern: str) -> str:
    """A hint where a pattern holds letters that no line has when it is matched.

    >>> _unfolded("أخبار [٤5] ساعة"), _unfolded("[ا-ي]{3} (?:اخبار|A)")
    ('; lines are matched folded: write ا for أ, 4 for ٤, ه for ة', '')
    """
    others = [
        f"{fold(char)} for {char}" for char in dict.fromkeys(pattern) if char > "~" and char.isalnum() and fold(char) != char
    ]
    return f"; lines are matched folded: write {', '.join(others)}" if others else ""


def _pattern(pattern: Any, file: str, name: str) -> str:
    if not isinstance(pattern, str):
        raise RuleError(file, name, "`pattern` must be a text")
    if (fault := backtracking.fault(pattern)) is not None:
        raise RuleError(file, name, fault)
    return pattern
