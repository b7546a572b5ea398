"""Patterns that others write: whether they can be used, or some line would hold them for ever.

`re` tries one way through a pattern after the other. Where the next character says whether a repeat goes on or ends, and
which branch it is, there is one way; where it does not, the ways multiply. How many they may become follows from the
pattern alone; it is taken for more than it is where words that begin alike differ later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from math import inf, log
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any, Final

from arabic_newsclean.rules.patterns import FIRST, begins

#: No line that is shown to a pattern is longer.
LINE: Final = 140
#: So many repeats without bound may meet: the longest line is then searched in a millisecond, with two more in a second.
MOST: Final = 3
#: In what is repeated no more often than this, small choices are few together: words that begin alike, what may be left out.
FEW: Final = 16

TOO_LONG: Final = (
    "it could run for ever: where something is repeated, one character must tell whether it goes on and with which branch; "
    f"no more than {MOST} repeats such as .* may leave that open, and none in a longer repeat"
)


def fault(pattern: str) -> str | None:
    """Why a pattern can't be used; nothing where it can.

    >>> fault("[0-9]{1,6}"), fault("(?:[0-9]+ )*تعليقا"), fault(".*تعليق.*")
    (None, None, None)
    >>> fault("(?:ا|اا)*ب") == fault(".*ا.*ا.*ا.*ب") == TOO_LONG
    True
    """
    try:
        re.compile(f"({pattern})|x")  # refuses flags for all of it: a line is folded already
        tree = sre_parser.parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"not a regular expression: {error}"
    if re.compile(pattern).groups:
        return "a group that captures has no use here: write (?:…)"
    return TOO_LONG if _Ways(tree).power(tree, frozenset(_END), _ONCE) > MOST else None


#: The end of the line, among the characters that may follow.
_END: Final = ("",)
#: How often a part of a pattern is gone through.
_ONCE, _A_FEW_TIMES, _OFTEN = range(3)


class _Ways:
    """How many ways there may be through a parsed pattern: as a power of the length of a line, 1.0 for a lone ``.*``."""

    def __init__(self, tree: Any) -> None:
        edges = (code for number in _numbers(tree) for code in (number, number + 1))  # where one set ends, another begins
        self._chars = frozenset(" ").union(FIRST, (chr(code) for code in edges if code < 0x110000))

    def power(self, tree: Any, after: frozenset[str], times: int) -> float:
        """The power for a part that is gone through so often, by what may follow it."""
        total = 0.0
        for i in range(len(tree) - 1, -1, -1):
            op, arg = tree[i]
            if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
                total += self._goes(arg, after, times) + self._ends(arg, after, times)
            elif op is sre.SUBPATTERN:
                total += self.power(arg[3], after, times)
            elif op is sre.BRANCH:
                total += max(self.power(branch, after, times) for branch in arg[1])
                if times == _OFTEN and self._are_alike(arg[1], after):
                    total = inf
            elif op is sre.POSSESSIVE_REPEAT:  # what this has taken, and what was only looked at, is settled
                total = max(total, self._goes(arg, after, times))
            elif op is sre.ATOMIC_GROUP:
                total = max(total, self.power(arg, after, times))
            elif op in (sre.ASSERT, sre.ASSERT_NOT):
                total = max(total, self.power(arg[1], frozenset(), times))
            after = self._first(tree[i : i + 1], after)
        return total

    def _goes(self, repeat: Any, after: frozenset[str], times: int) -> float:
        """The power for what is repeated: each time but the last it stands before itself."""
        _, high, body = repeat
        last = self.power(body, after, times)
        if high <= 1:
            return last
        often = _OFTEN if high > FEW else max(times, _A_FEW_TIMES)
        more: int = min(high - 1, LINE)
        return last + more * self.power(body, self._first(body, frozenset()), often)

    def _ends(self, repeat: Any, after: frozenset[str], times: int) -> float:
        """The power for the places where a repeat may end: one, if the next character tells."""
        low, high, body = repeat
        if low == high or (body.getwidth()[0] > 0 and self._first(body, frozenset()).isdisjoint(after)):
            return 0.0
        if times == _OFTEN:
            return inf
        return 0.0 if times == _A_FEW_TIMES and high <= FEW else log(max(1, min(high, LINE) - low + 1), LINE + 1)

    def _first(self, part: Any, after: frozenset[str]) -> frozenset[str]:
        """What a part may begin with, and what follows it where it may be nothing."""
        own = frozenset(char for char in self._chars if begins(part, ord(char)))
        return own if part.getwidth()[0] else own | after

    def _are_alike(self, branches: Any, after: frozenset[str]) -> bool:
        """Whether one character does not tell which of the branches it is."""
        return any(one & other for one, other in combinations([self._first(branch, after) for branch in branches], 2))


def _numbers(tree: Any) -> Iterator[int]:
    """The whole numbers in a parsed pattern, the characters among them."""
    for part in tree:
        if isinstance(part, int):
            yield part
        elif isinstance(part, list | tuple | sre_parser.SubPattern):
            yield from _numbers(part)
