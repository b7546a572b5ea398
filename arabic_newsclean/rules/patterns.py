"""The patterns of the rules: looked through before they are used, and asked all at once.

Most lines hold letters alone, and most patterns want a digit, a sign or a Latin letter. So patterns are put together by
what they cannot do without, and a line is shown to those only whose wants it meets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any, Final

from arabic_newsclean.kept import compiled

#: What a folded line may hold beside Arabic letters and spaces.
DIGIT, LATIN, SIGN = 1, 2, 4
_PLAIN: Final = compiled("[ء-ي ]*")
_DIGIT: Final = compiled("[0-9]")
_LATIN: Final = compiled("[a-z]")
_SIGN: Final = compiled("[^0-9a-zء-ي ]")


class Patterns:
    """Patterns that a whole folded line may match; of those that do, the first counts.

    >>> some = Patterns(["[0-9]{1,3} تعليقا", "اترك .{1,20}", ".{1,9}"])
    >>> some.match("12 تعليقا"), some.match("اترك تعليقا"), some.match("تعليقات القراء")
    (0, 1, None)
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        groups: dict[int, list[int]] = {}
        for number, pattern in enumerate(patterns):
            groups.setdefault(wants(pattern), []).append(number)
        ready = [
            (want, re.compile("|".join(f"({patterns[number]})" for number in numbers)), numbers)
            for want, numbers in sorted(groups.items())
        ]
        #: For each of the eight things that a line may hold, the patterns to try, and their numbers.
        self._to_try = [
            [(pattern, numbers) for want, pattern, numbers in ready if not want & ~holds]
            for holds in range(DIGIT + LATIN + SIGN + 1)
        ]

    def match(self, folded: str) -> int | None:
        """The number of the first pattern that matches all of a folded line."""
        holds = 0
        if _PLAIN.fullmatch(folded) is None:
            holds = ((_DIGIT.search(folded) and DIGIT) or 0) | ((_LATIN.search(folded) and LATIN) or 0)
            holds |= (_SIGN.search(folded) and SIGN) or 0
        first: int | None = None
        for pattern, numbers in self._to_try[holds]:
            match = pattern.fullmatch(folded)
            if match is not None:
                number = numbers[(match.lastindex or 1) - 1]
                first = number if first is None else min(first, number)
        return first


def wants(pattern: str) -> int:
    """What a line must hold for a pattern to match it, as a sum of `DIGIT`, `LATIN` and `SIGN`.

    >>> wants("منذ [0-9]{1,2} أيام"), wants("للتو|منذ [0-9] ساعات"), wants("(?=.*:)تابعنا .{2,9}") == SIGN
    (1, 0, True)
    """
    tree = sre_parser.parse(pattern)
    return sum(kind for kind in (DIGIT, LATIN, SIGN) if not _can_do_without(kind, tree))


def _can_do_without(kind: int, tree: Any) -> bool:
    """Whether a parsed pattern may match a text that holds nothing of a kind. A doubt is a yes."""
    for op, arg in tree:
        if op is sre.LITERAL:
            able = _kind(arg) != kind
        elif op is sre.IN:
            able = any(map(_others(kind), arg))
        elif op is sre.BRANCH:
            able = any(_can_do_without(kind, branch) for branch in arg[1])
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            able = arg[0] == 0 or _can_do_without(kind, arg[2])
        elif op is sre.SUBPATTERN:
            able = arg[1] != 0 or _can_do_without(kind, arg[3])  # flags of its own: who knows what it matches
        elif op is sre.ASSERT:
            able = _can_do_without(kind, arg[1])
        else:
            able = True
        if not able:
            return False
    return True


def _others(kind: int) -> Any:
    """Whether a member of a set in a pattern may stand for a character of another kind."""

    def other(member: tuple[Any, Any]) -> bool:
        op, arg = member
        if op is sre.LITERAL:
            return _kind(arg) != kind
        return op is not sre.RANGE or arg[1] - arg[0] > WIDE or any(_kind(code) != kind for code in range(arg[0], arg[1] + 1))

    return other


#: A range of more characters than this has some of every kind, for all we know.
WIDE: Final = 100


def _kind(code: int) -> int:
    char = chr(code)
    return 0 if _PLAIN.fullmatch(char) else DIGIT if _DIGIT.match(char) else LATIN if _LATIN.match(char) else SIGN


def fault(pattern: str) -> str | None:
    """Why a pattern can't be used; nothing where it can.

    >>> fault("[0-9]{1,6}"), fault("(?:a*)*") is None
    (None, False)
    """
    try:
        re.compile(f"({pattern})|x")  # as it will stand among the others
        tree = sre_parser.parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"not a regular expression: {error}"
    if re.compile(pattern).groups:
        return "a group that captures has no use here: write (?:…)"
    if _explodes(tree, inside=False):
        return "a repeat inside a repeat, or a back reference, can take for ever: write it flat"
    return None


#: Repeats of no more than this many times are counted out, and cannot explode together.
FEW: Final = 16


def _explodes(tree: Any, *, inside: bool) -> bool:
    """Whether a parsed pattern repeats without bound inside such a repeat, or refers back: what backtracks for ever."""
    for op, arg in tree:
        if op in (sre.GROUPREF, sre.GROUPREF_EXISTS):
            return True
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            low, high, body = arg
            loose = high > low and high > FEW
            if (loose and inside) or _explodes(body, inside=inside or loose):
                return True
        elif op is sre.SUBPATTERN:
            if _explodes(arg[3], inside=inside):
                return True
        elif op is sre.ATOMIC_GROUP:
            if _explodes(arg, inside=inside):
                return True
        elif op is sre.BRANCH:
            if any(_explodes(branch, inside=inside) for branch in arg[1]):
                return True
        elif op in (sre.ASSERT, sre.ASSERT_NOT) and _explodes(arg[1], inside=inside):
            return True
    return False
