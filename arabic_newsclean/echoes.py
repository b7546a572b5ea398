"""What a page says more than once: the headline in its title and in its trail, the words of the article in other lines."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from arabic_newsclean import arabic
from arabic_newsclean.judge import REMEMBERED, Evidence
from arabic_newsclean.kept import compiled
from arabic_newsclean.rules import SHORT
from arabic_newsclean.stretch import IN_MAIN

#: What stands between the headline and the site's name in a page's title, and before it at the end of a trail.
_TITLE_ENDS: Final = (" - ", " | ", " :: ", " » ", " / ")
_TRAIL_ENDS: Final = ("> ", "» ", "/ ", "| ", "› ", "\\ ", ": ", "- ")
_TITLE_SIGN: Final = compiled(r"[>»/|›\\:-] ")
#: So many lines from the top are looked at for a title or a trail, so many for the headline alone, of at least this length.
TITLED, TITLES, TITLE = 12, 300, 12


def titles(found: list[Evidence], bared: list[str]) -> dict[int, str]:
    """Where the headline stands alone though the page's title or a trail says it too, and which lines those are."""
    out: dict[int, str] = {}
    for i, evidence in enumerate(found[:TITLED]):
        text = evidence.folded
        if evidence.prose or _TITLE_SIGN.search(text) is None:
            continue
        for j, (other, key) in enumerate(zip(found[:TITLES], bared, strict=False)):
            if j == i or len(key) < TITLE or other.prose or len(key) >= len(text) - 2:
                continue
            if text.startswith(key) and text[len(key) :].startswith(_TITLE_ENDS):
                out |= {i: "title", j: "title"}
            elif text.endswith(key) and text[: -len(key)].endswith(_TRAIL_ENDS):
                out |= {i: "trail", j: "title"}
    return out


_COMMON: Final = frozenset("التي الذي الذين خلال بعد هذه هذا ذلك أكثر اليوم حول على إلى".split())


def article_of(found: list[Evidence], main: list[str]) -> str:
    """The text of the stretch that holds most of the prose."""
    said = "\n".join(e.text for e, place in zip(found, main, strict=True) if place in IN_MAIN)
    return arabic.unshaped(said[:ECHOED])


#: So much of the article is searched for the words of other lines.
ECHOED: Final = 8000


def echo(evidence: Evidence, place: str, article: str) -> str:
    """How many of a line's words the main stretch says (once more, for a line inside it): headlines and captions echo it."""
    if evidence.sure or evidence.moment is not None or not article or (evidence.prose and place in IN_MAIN):
        return ""
    words = _words(evidence.text[:SHORT])
    if len(words) < 2:
        return ""
    if place in IN_MAIN:
        share = sum(article.find(word, article.find(word) + len(word)) >= 0 for word in words) / len(words)
    else:
        share = sum(word in article for word in words) / len(words)
    return "none" if share == 0 else "few" if share < 0.34 else "half" if share < 0.67 else "most"


@lru_cache(REMEMBERED)
def _words(text: str) -> tuple[str, ...]:
    """The words of a line that say what it is of, without their prefixes."""
    return tuple(arabic.stem(word) for word in arabic.long_words(text) if word not in _COMMON)
