"""The header's lines that the walk has missed, and the masthead's that it has taken for them.

What a line of the header looks like is told best beside the others: the date is the article's where no better one stands
below the headline; a section is the article's where it stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from arabic_newsclean import arabic
from arabic_newsclean.context import AT
from arabic_newsclean.judge import Evidence
from arabic_newsclean.model import BODY, HEADER, NOISE, Label
from arabic_newsclean.names import is_name, is_outlet
from arabic_newsclean.rules import WHOLE

#: How a crawler's own date begins, which it prints before the page: date 2025-09-23.
CRAWLED: Final = "date "


def mend(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Find headline, date, section, by-line and source where the walk found none, and give the masthead's date back."""
    _find_headline(found, labels)
    _give_sentence(found, labels)
    _find_date(found, labels)
    _leave_masthead(found, labels)
    _find_category(found, labels)
    _find_byline(found, labels)
    _find_source(found, labels)


#: On so many lines above the headline a date is the article's; on those before them it is the masthead's.
CLOSE: Final = 2
#: How many blocks above the headline the line with section and date may stand, share buttons between.
ABOVE: Final = 10


def _find_headline(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Take a line for the headline where none was found and an article stands below it."""
    body = [i for i, label in enumerate(labels) if label.part == BODY]
    if len(body) >= 2 and not any(label.kind == "headline" for label in labels):
        title = _title(found, labels, body[0])
        if title is not None:
            labels[title] = Label(HEADER, "headline", "headline")


def _title(found: Sequence[Evidence], labels: Sequence[Label], first: int) -> int | None:
    """Which line is likeliest the headline of a body that begins with the block ``first``.

    A dump's first line, where it does not read like a sentence, or is a by-line only for reading like a name: who writes
    is said below what he writes. The line below a by-line that the dump begins with: a poem's or a column's. Or the longest
    line just above the body that was taken for an entry of a menu and has no bullet.
    """
    top, line = found[0], found[first]
    if first == 0:
        signs = line.facts and line.facts[AT["start"]] not in ("verb", "and", "،") and line.facts[AT["group"]] != "prose"
        alone = found[1].block.gap >= 1 or _is_signature(found, 1)
        return 0 if signs and alone and _is_plain(line, "line", "short", "question") else None
    if labels[0].kind == "byline":
        if first == 1 and top.sure and _is_plain(line, "line", "short"):
            return 1
        if line.prose and top.rule is None and len(top.text) in TITLE:
            return 0
    entries = (i for i in range(first) if labels[i].rule == "before-article")
    return next((i for i in entries if found[i].facts[AT["rank"]] == "longest" and _may_be_title(found[i])), None)


def _is_plain(evidence: Evidence, *sorts: str) -> bool:
    """Whether a line has the length of a headline, no rule, and is of one of these sorts."""
    return evidence.rule is None and evidence.sort in sorts and len(evidence.text) in TITLE


def _give_sentence(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Give a sentence that was taken for the headline back to the body, where a line above it has no other use.

    That line is the headline: it was taken for a section that no rule knows, or for what stands over a headline.
    """
    titles = [i for i, label in enumerate(labels) if label.kind == "headline"]
    above = [i for i, label in enumerate(labels) if label.kind in ("category", "kicker")]
    if len(titles) != 1 or len(above) != 1 or above[0] > titles[0]:
        return
    title, line = found[titles[0]], found[above[0]]
    sentence = title.sort in ("stopped", "prose") and title.text.endswith((".", "!") if title.prose else ".")
    if sentence and line.rule is None and line.moment is None:
        labels[above[0]] = Label(HEADER, "headline", "headline")
        labels[titles[0]] = Label(BODY, None, "body-prose" if title.prose else "body-line")


def _may_be_title(evidence: Evidence) -> bool:
    """Whether a line above the body has what a headline has: some length or words of the article, and no bullet."""
    if evidence.facts[AT["start"]] not in ("", '"') or len(evidence.text) not in TITLE:
        return False
    return evidence.sort in ("line", "question") or (
        evidence.sort == "short" and evidence.facts[AT["echo"]] not in ("", "none")
    )


#: A headline has at least and at most so many characters.
TITLE: Final = range(10, 151)


def _find_date(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Take what looks like the article's date for it, where no better one was found: a date between headline and body.

    Or one without a day of the week, which mastheads print, on the last lines above the headline, signs and buttons aside.
    Or a line that names section and date, just above the header: menus name no section with a date.
    """
    headers = [i for i, label in enumerate(labels) if label.part == HEADER]
    title = next((i for i in headers if labels[i].kind == "headline"), None)
    if title is None or any(labels[i].kind == "date" and found[i].moment is not None for i in headers):
        return
    body = next((i for i, label in enumerate(labels) if i > title and label.part == BODY), title)
    below = [i for i in range(title + 1, body) if found[i].label in ("date", "date?")]
    above = [i for i in range(title - 1, max(-1, title - ABOVE), -1) if found[i].label == "date?"]
    lines = [i for i in range(max(0, title - ABOVE), title) if labels[i].kind not in _BETWEEN]
    near = [i for i in lines[-CLOSE:] if found[i].label == "date" and arabic.WEEKDAYS.isdisjoint(_words(found[i].text))]
    for i in (*below, *near[::-1], *above):
        if found[i].moment is not None and labels[i].part == NOISE:
            labels[i] = Label(HEADER, "date", "date-line")
            if i < title:
                return


def _words(text: str) -> list[str]:
    return [arabic.bare(word) for word in arabic.fold(text).split()]


def _leave_masthead(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Give a date above the headline back to the masthead, which prints today's, where another stands below the headline.

    The same wherever a menu or a strip stands between it and the headline.
    """
    kinds = [label.kind if label.part == HEADER else None for label in labels]
    if "headline" not in kinds:
        return
    body = next((i for i, label in enumerate(labels) if i > kinds.index("headline") and label.part == BODY), len(labels))
    title = max(i for i, kind in enumerate(kinds[:body]) if kind == "headline")  # the last: the page's title says it before
    bare = [i for i, kind in enumerate(kinds) if kind == "date" and found[i].rule is None and found[i].moment is not None]
    if any(title < i < body and (moment := found[i].moment) is not None and moment.date for i in bare):
        for i in bare:
            if i < title:
                labels[i] = Label(NOISE, "navigation", "before-article")
    for i in range(_below_furniture(labels, title)):
        if kinds[i] == "date" and not found[i].folded.startswith(CRAWLED):
            labels[i] = Label(NOISE, "navigation", "before-article")


#: So many entries of a menu or a strip in a row part the masthead from the header.
FURNITURE: Final = 3
_FURNITURE: Final = ("navigation", "ticker", "related", "legal")


def _below_furniture(labels: Sequence[Label], title: int) -> int:
    """Where the lines begin between the last menu or strip above the headline and the headline; 0 where there is none."""
    run = 0
    for i in range(title - 1, -1, -1):
        run = run + 1 if labels[i].kind in _FURNITURE else 0
        if run == FURNITURE:
            return i + FURNITURE
    return 0


def _find_category(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Take a section's name beside a line of the header for its category: one that stands alone, or that a menu said before.

    In a menu other sections stand beside it; one that is printed again above the headline is the article's.
    """
    kinds = [label.kind if label.part == HEADER else None for label in labels]
    if "category" in kinds or "headline" not in kinds:
        return
    title = kinds.index("headline")
    body = next((i for i, label in enumerate(labels) if i > title and label.part == BODY), title)
    lines = [i for i in range(max(0, title - ABOVE), body + 1) if labels[i].kind not in _BETWEEN]
    for before, i, after in zip([-1, *lines], lines, lines[1:], strict=False):
        if labels[i].kind != "navigation" or kinds[after] not in ("date", "headline", "byline"):
            continue
        alone = found[i].label == "category?" and (before < 0 or labels[before].kind != "navigation")
        again = found[i].label in ("category?", "") and len(found[i].text) <= SECTION and _again(found, i)
        if alone or (again and (before < 0 or not _again(found, before))):
            rule = found[i].rule
            labels[i] = Label(HEADER, "category", rule.name if rule is not None else "category-first")
            return


def _find_byline(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Take a line between headline and body that says who wrote for the by-line, where no better one was found.

    Or a line just above the body, or the body's first, that is a person's name, with an outlet's at most.
    """
    kinds = [label.kind if label.part == HEADER else None for label in labels]
    body = next((i for i, label in enumerate(labels) if label.part == BODY), None)
    if "byline" in kinds or body is None:
        return
    title = kinds.index("headline") if "headline" in kinds else None
    if title is not None:
        for i in range(title + 1, body):
            rule = found[i].rule
            if labels[i].part == NOISE and rule is not None and rule.name in _WROTE:
                labels[i] = Label(HEADER, "byline", rule.name)
                return
    above = next((i for i in range(body - 1, -1, -1) if labels[i].kind not in _BETWEEN), None)
    if above is not None and above != title and labels[above].kind == "navigation" and _is_signature(found, above):
        labels[above] = Label(HEADER, "byline", "byline-by-place")
    elif (above is None or labels[above].part == HEADER) and _is_signature(found, body):
        labels[body] = Label(HEADER, "byline", "byline-by-place")


def _is_signature(found: Sequence[Evidence], i: int) -> bool:
    """Whether a line names a person, and the next does not: of several names none is the author's.

    A name before a colon is one who speaks.
    """
    names = [bool(e.facts) and e.rule is None and e.facts[AT["name"]] in ("person", "both") for e in found[i : i + 2]]
    return names == [True, False] and not (found[i].sort == "colon" and found[i].facts[AT["name"]] == "person")


def _find_source(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Take the short line below a label that only says that a source follows for the source."""
    for i, after in enumerate(found[1:], 1):
        label = found[i - 1]
        alone = label.rule is not None and label.rule.name == "source-label" and label.how == WHOLE
        if alone and labels[i - 1].kind == "source" and not label.folded.endswith(_SAID):
            announced = label.text.endswith(":") or is_outlet(after.text)
            if announced and after.rule is None and labels[i].part == NOISE and is_name(after.text):
                labels[i] = Label(HEADER, "source", "source-by-place")
            return


#: What a label of a source ends with that no name follows.
_SAID: Final = ("وكالات", "منقول")
#: The rules of by-lines that say so in words.
_WROTE: Final = ("byline-wrote", "byline-by", "byline-label")


def _again(found: Sequence[Evidence], i: int) -> bool:
    """Whether a line was printed before, bullets aside."""
    name = arabic.bare(found[i].folded)
    return any(arabic.bare(evidence.folded) == name for evidence in found[:i])


#: A section's name is no longer than this.
SECTION: Final = 26
#: What may stand between two lines of the header: signs and buttons.
_BETWEEN: Final = ("residue", "share", "counter")
