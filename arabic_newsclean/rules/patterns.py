"""The patterns of the rules: looked through before they are used, so that a line is shown to few of them.

Most patterns want a digit, a sign or a Latin letter, which most lines have none of, or begin with certain letters. Which ones
a line is tried on follows from its first character and from the signs it holds, and is worked out once for both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any, Final, NamedTuple

from arabic_newsclean.kept import compiled

#: What stands for all digits and for all Latin letters among the signs of a line; letters and spaces are no signs.
DIGIT, LATIN = "0", "a"
_SIGNS: Final = compiled("[^ء-ي ]")
_KINDS: Final = dict.fromkeys("0123456789", DIGIT) | dict.fromkeys("abcdefghijklmnopqrstuvwxyz", LATIN)
_MANY: Final = frozenset(_KINDS)
#: What folded lines begin with, mostly.
FIRST: Final = [chr(code) for code in (*range(0x21, 0x7F), *range(0x621, 0x64B))]


class Patterns:
    """Patterns that a whole folded line may match; of those that do, the first counts.

    >>> some = Patterns(["[0-9]{1,3} تعليقا", "اترك .{1,20}", ".{1,9}"])
    >>> some.match("12 تعليقا"), some.match("اترك تعليقا"), some.match("تعليقات القراء")
    (0, 1, None)
    """

    #: Pairs of a first character and signs that are remembered.
    MEMORY: Final = 5000

    def __init__(self, patterns: Sequence[str]) -> None:
        trees = [sre_parser.parse(pattern) for pattern in patterns]
        self._patterns = [
            _Pattern(number, re.compile(pattern), tree.getwidth()[1], _wanted(tree))
            for number, (pattern, tree) in enumerate(zip(patterns, trees, strict=True))
        ]
        #: The patterns that may match a line with this first character.
        self._by_first = {
            first: [one for one, tree in zip(self._patterns, trees, strict=True) if _may_begin(tree, first)] for first in FIRST
        }
        self._to_try: dict[tuple[str, frozenset[str]], list[_Pattern]] = {}

    def match(self, folded: str) -> int | None:
        """The number of the first pattern that matches all of a folded line."""
        signs = frozenset(_SIGNS.findall(folded))
        if not signs.isdisjoint(_MANY):
            signs = frozenset(_KINDS.get(sign, sign) for sign in signs)
        key = folded[:1], signs
        to_try = self._to_try.get(key)
        if to_try is None:
            to_try = self._sought(*key)
        length = len(folded)
        for number, pattern, longest, _ in to_try:
            if length <= longest and pattern.fullmatch(folded):
                return number
        return None

    def _sought(self, first: str, signs: frozenset[str]) -> list[_Pattern]:
        """The patterns that may match a line with this first character and these signs."""
        if len(self._to_try) >= self.MEMORY:
            self._to_try.clear()
        able = [one for one in self._by_first.get(first, self._patterns) if all(map(signs.intersection, one.wanted))]
        self._to_try[first, signs] = able
        return able


class _Pattern(NamedTuple):
    """A pattern with its number, how many characters it matches at most, and what it wants."""

    number: int
    pattern: re.Pattern[str]
    longest: int
    wanted: list[set[str]]


def _wanted(tree: Any) -> list[set[str]]:
    """Sets of signs, of each of which a line must hold one for a parsed pattern to match it. In doubt, nothing is wanted.

    >>> [_wanted(sre_parser.parse(each)) for each in ("منذ [0-9]{1,2} أيام", "للتو|منذ [0-9] ساعات", "(?=.*:)تابعنا .{2,9}")]
    [[{'0'}], [], [{':'}]]
    >>> [sorted(signs) for signs in _wanted(sre_parser.parse("[^(|]*(?:[(|] ?صور|صور:)"))]
    [['(', ':', '|']]
    """
    out: list[set[str]] = []
    for op, arg in tree:
        if op is sre.LITERAL:
            out += _of([(op, arg)])
        elif op is sre.IN:
            out += _of(arg)
        elif op is sre.BRANCH:
            first, *others = map(_wanted, arg[1])
            if all(others):
                out += [wanted.union(*(min(other, key=lambda one: len(one | wanted)) for other in others)) for wanted in first]
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT) and arg[0] > 0:
            out += _wanted(arg[2])
        elif op is sre.SUBPATTERN and arg[1] == 0:  # with flags of its own: who knows what it matches
            out += _wanted(arg[3])
        elif op is sre.ASSERT:
            out += _wanted(arg[1])
    return out


def _of(members: list[tuple[Any, Any]]) -> list[set[str]]:
    """The signs that one character of a set may be, as what is wanted; nothing where it may be a letter, or one of many."""
    codes = _codes(members)
    if codes is None or any(_SIGNS.match(chr(code)) is None for code in codes):
        return []
    return [{_KINDS.get(chr(code), chr(code)) for code in codes}]


#: A range of more characters than this stands for any, for all we know.
WIDE: Final = 100


def _codes(members: list[tuple[Any, Any]]) -> list[int] | None:
    """The characters that a set names one by one or in short ranges; ``None`` where it names others."""
    out: list[int] = []
    for op, arg in members:
        if op is sre.LITERAL:
            out.append(arg)
        elif op is sre.RANGE and arg[1] - arg[0] <= WIDE:
            out += range(arg[0], arg[1] + 1)
        else:
            return None
    return out


def _may_begin(tree: Any, first: str) -> bool:
    """Whether what a parsed pattern matches may begin with this character. A doubt is a yes.

    >>> [_may_begin(sre_parser.parse("[(]?(?:تم |اعيد )?نشر"), first) for first in "(تنش"]
    [True, True, True, False]
    """
    return begins(tree, ord(first)) is not False


def begins(tree: Any, first: int) -> bool | None:
    """`_may_begin`, or ``None`` where a parsed pattern may match nothing at all, and what follows decides."""
    for op, arg in tree:
        able: bool | None = True
        if op is sre.LITERAL:
            able = arg == first
        elif op is sre.NOT_LITERAL:
            able = arg != first
        elif op is sre.IN:
            able = _may_be(arg, first)
        elif op is sre.BRANCH:
            able = _either([begins(branch, first) for branch in arg[1]])
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            able = begins(arg[2], first) or (None if arg[0] == 0 else begins(arg[2], first))
        elif op is sre.SUBPATTERN and arg[1] == 0:
            able = begins(arg[3], first)
        elif op in (sre.ASSERT, sre.ASSERT_NOT, sre.AT):
            able = None  # looks, and takes nothing
        if able is not None:
            return able
    return None


def _either(able: list[bool | None]) -> bool | None:
    return True if True in able else None if None in able else False


def _may_be(members: list[tuple[Any, Any]], first: int) -> bool:
    """Whether a character may be one of a set."""
    negated = members[0][0] is sre.NEGATE
    return negated != any(_is(op, arg, first) for op, arg in members[negated:])


def _is(op: Any, arg: Any, char: int) -> bool:
    """Whether a character is this member of a set: a character, a range, or a category."""
    if op is sre.CATEGORY:
        return re.match(_CATEGORIES[arg], chr(char)) is not None
    low, high = arg if op is sre.RANGE else (arg, arg)
    return bool(low <= char <= high)


_CATEGORIES: Final = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}
