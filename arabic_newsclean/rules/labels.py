"""The labels of the rules as words in a row: for a page that stands in one line, where no line ends tell a label from prose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from arabic_newsclean.arabic import bare, fold
from arabic_newsclean.kept import compiled
from arabic_newsclean.model import HEADER, NOISE, Rule

#: A label of so many words is cut out wherever it stands; a shorter one only after a full stop or beside another label.
SURE: Final = 4
#: Labels of these rules are cut out everywhere if they have so many words: who writes them in a sentence speaks to a reader.
ADDRESSED: Final = {"comment-prompt": 2, "copy-link": 2, "share-prompt": 3, "related-list": 3}

_WORD: Final = compiled(r"\S+")
#: What ends a sentence, with the quotes and brackets that may close after it.
_ENDED: Final = compiled(r"[.؟!…][\"”»)\]]{0,2}$")
_LAST: Final = '.؟!…"”»)]'
#: Dots that stand alone are a writer's pause; a machine sets them on the word where it cuts.
_PAUSES: Final = ("..", "...", "....", "…")


class Labels:
    """Every whole-line phrase of the rules, to be found word by word."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        #: By the first word and the second, which is "" where there is none; the longer phrases first.
        self._phrases: dict[str, dict[str, list[tuple[tuple[str, ...], bool, int]]]] = {}
        for rule in rules:
            if rule.part == NOISE or (rule.part == HEADER and rule.kind in ("category", "date")):
                for phrase in rule.lines:
                    words = tuple(_key(word) for word in phrase.split())
                    if words and all(words):
                        rows = self._phrases.setdefault(words[0], {}).setdefault("".join(words[1:2]), [])
                        rows.append((words, rule.part == NOISE and not rule.hint, ADDRESSED.get(rule.name, SURE)))
        for table in self._phrases.values():
            for rows in table.values():
                rows.sort(key=lambda row: -len(row[0]))

    def pieces(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where a long line is to be cut: each label as a span, each beginning of a sentence as an empty one."""
        words = [match.span() for match in _WORD.finditer(text, start, end)]
        keys = [_key(text[a:b]) for a, b in words]
        at, beside, ended = 0, False, True
        while at < len(words):
            count = self._label(keys, at, beside=beside, ended=ended) if keys[at] in self._phrases else 0
            if count:
                yield words[at][0], words[at + count - 1][1]
            elif ended and at and keys[at][:1].isalnum():
                yield words[at][0], words[at][0]
            beside, count = count > 0, count or 1
            at += count
            start, last = words[at - 1]
            ended = (
                text[last - 1] in _LAST
                and _ENDED.search(text, max(start, last - 4), last) is not None
                and text[start:last] not in _PAUSES
            )

    def _label(self, keys: list[str], at: int, *, beside: bool, ended: bool) -> int:
        """How many words the label that begins here has; 0 where none does."""
        for phrase, sure, enough in self._begun(keys, at):
            size = len(phrase)
            if tuple(keys[at : at + size]) != phrase:
                continue
            if beside or (sure and (size >= enough or (ended and (size > 1 or self._follows(keys, at + size))))):
                return size
        return 0

    def _follows(self, keys: list[str], at: int) -> bool:
        """Whether another label follows: one word alone is a label only in such company."""
        return at >= len(keys) or any(tuple(keys[at : at + len(phrase)]) == phrase for phrase, *_ in self._begun(keys, at))

    def _begun(self, keys: list[str], at: int) -> Sequence[tuple[tuple[str, ...], bool, int]]:
        """The phrases whose first two words stand here, the longer first."""
        table = self._phrases.get(keys[at])
        if table is None:
            return ()
        alone = table.get("", [])
        after = keys[at + 1] if at + 1 < len(keys) else ""
        return [*table[after], *alone] if after and after in table else alone


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    return bare(fold(word))
