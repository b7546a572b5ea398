"""What a walk should have been: annotated dumps to chains of facts and true states, and dumps as others would print them."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from arabic_newsclean import lines
from arabic_newsclean.annotated import ARTICLE, Annotated, Span
from arabic_newsclean.context import look_around
from arabic_newsclean.judge import Evidence, judge
from arabic_newsclean.rules import RuleSet
from arabic_newsclean.settle import barred
from arabic_newsclean.training.crf import Chain
from arabic_newsclean.walk import PAGE, STATES, STEPS


def chain(dump: Annotated, rules: RuleSet) -> Chain:
    """What the model sees of a dump and what it should say."""
    evidence = judge(dump.text, lines.blocks(dump.text, rules), rules)
    sequence = [e for e in evidence if not e.inline]
    look_around(sequence)
    site = str(dump.meta.get("site") or dump.path.stem)
    facts = [e.facts for e in sequence]
    return Chain(facts, gold_states(gold_labels(dump, sequence)), [barred(e) for e in sequence], site)


def gold_labels(dump: Annotated, evidence: Sequence[Evidence]) -> list[str]:
    """The label of each block: the one most of its characters have."""
    out, at = [], 0
    spans = dump.spans
    for item in evidence:
        start, end = item.block.start, item.block.end
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        shares: Counter[str] = Counter()
        i = at
        while i < len(spans) and spans[i][0] < end:
            shares[spans[i][2]] += min(end, spans[i][1]) - max(start, spans[i][0])
            i += 1
        out.append(max(shares, key=lambda label: (label != "_", shares[label])) if shares else "_")
    return out


def gold_states(labels: Sequence[str]) -> list[int]:
    """The state of each block, from the labels of all blocks of a dump.

    >>> from arabic_newsclean.walk import PAGE
    >>> [PAGE.states[s] for s in gold_states(["n.navigation", "h.date", "h.headline", "n.caption", "b", "n.related", "b"])]
    ['top, above', 'date, above', 'headline', 'caption, below', 'body', 'aside', 'body']
    """
    body = [i for i, label in enumerate(labels) if label[0] == "b"]
    if not body:
        tops = ("n.navigation", "n.legal", "n.residue", "n.share")
        return _walkable(["top, above" if label in tops and i < 3 else "other" for i, label in enumerate(labels)])
    first, last = body[0], body[-1]
    title = next((i for i in range(first) if labels[i] == "h.headline"), first)
    names = []
    for i, label in enumerate(labels):
        if label[0] == "b":
            names.append("sub" if label == "b.sub" else "body")
        elif i < title:
            names.append(f"{_ABOVE.get(label, 'top')}, above")
        elif i < first:
            names.append("headline" if label == "h.headline" else f"{_BELOW.get(label, 'top')}, below")
        else:
            names.append(_AFTER.get(label) or ("aside" if i < last else "tail"))
    return _walkable(names)


#: What the labels of lines above the headline, between it and the body, and after the body's beginning are as states.
_STRIPS: Final = {"n.ticker": "strip", "n.related": "strip", "n.caption": "caption"}
_LINES: Final = {f"h.{kind}": kind for kind in ("category", "byline", "source", "date")}
_ABOVE: Final = _STRIPS | _LINES | {"h.kicker": "kicker", "h.deck": "kicker"}
_BELOW: Final = _STRIPS | _LINES | {"h.kicker": "deck", "h.deck": "deck"}
_AFTER: Final = {"h.byline": "signed", "h.source": "credited", "h.date": "dated"}


def _walkable(names: Sequence[str]) -> list[int]:
    """The states where a walk may take them; a step that no walk has becomes the nearest that one has."""
    out: list[int] = []
    for name in names:
        state = STATES[name]
        if out and state not in STEPS[out[-1]]:
            before = PAGE.states[out[-1]]
            state = STATES["aside" if before == "aside" else "tail" if name in ("aside", "tail", *_AFTER.values()) else name]
        out.append(state)
    return out


#: Sections for the menus that `variants` puts around a page.
MENU: Final = (
    "الرئيسية|سياسة|محليات|اقتصاد|رياضة|ثقافة وفن|مجتمع|حوادث|عرب وعالم|تكنولوجيا|صحة|منوعات|مقالات|فيديو|صور|"
    "تحقيقات|حوارات|أخبار مصر|سوريا|العراق|كرة عالمية|مرأة ومنوعات|رأي|تقارير|المزيد|كاريكاتير|عالم السيارات|البرامج|"
    "من نحن|اتصل بنا|انتخابات 2026|قانون المالية|دوري أبطال أوروبا|ملفات خاصة|بودكاست|الطقس|وظائف|بث مباشر|دولي|علوم|"
    "سياحة وسفر|أعمدة الرأي|نشرة الأخبار|ديني"
).split("|")


def variants(dump: Annotated, donors: Sequence[Annotated]) -> Iterator[Annotated]:
    """The dump itself, and as other sites would have printed it.

    With a menu above and below, plain and with bullets; with what two other sites print above and below their articles;
    all in one line; with a blank line after every line.
    """
    seed = zlib.crc32(dump.path.name.encode())
    yield dump
    yield framed(dump, seed, bullet="", blank=False)
    yield framed(dump, seed >> 8, bullet=("  * ", "  • ", "")[seed % 3], blank=seed % 2 == 0)
    if donors and dump.meta.get("shape") != "single" and dump.meta["type"] == ARTICLE:
        for turn in range(GRAFTS):
            yield grafted(dump, donors[(seed >> turn) % len(donors)], donors[(seed >> turn + 6) % len(donors)])

    if dump.meta.get("shape") != "single":
        yield in_one_line(dump)
        yield spaced(dump)


#: How many times each article is set between what other sites print.
GRAFTS: Final = 2


def whole_lines(dumps: Sequence[Annotated]) -> list[Annotated]:
    """The articles whose surroundings can be set around another: those that are not all one line."""
    return [dump for dump in dumps if dump.meta.get("shape") != "single" and dump.meta["type"] == ARTICLE]


def grafted(dump: Annotated, above: Annotated, below: Annotated) -> Annotated:
    """The header, article and credits of one dump between the menus and strips of two others."""
    top, middle, tail = _cut(above)[0], _cut(dump)[1], _cut(below)[2]
    text, spans = "", []
    for source, (start, end) in ((above, top), (dump, middle), (below, tail)):
        piece = source.text[start:end]
        if not piece.strip():
            continue
        shift = len(text) - start
        spans += [Span(a + shift, b + shift, label) for a, b, label in source.spans if start <= a and b <= end]
        text += piece if piece.endswith("\n") else piece + "\n"
    return replace(dump, text=text, spans=tuple(spans))


def _cut(dump: Annotated) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Where the lines above the header, the article with its header and credits, and the lines after it stand."""
    own = [span for span in dump.spans if span[2][0] in "hb"]
    text = dump.text
    if not own:
        return (0, 0), (0, len(text)), (len(text), len(text))
    start = text.rfind("\n", 0, own[0][0]) + 1
    end = text.find("\n", own[-1][1])
    end = len(text) if end < 0 else end + 1
    return (0, start), (start, end), (end, len(text))


def in_one_line(dump: Annotated) -> Annotated:
    """A dump whose lines were all joined with single spaces, as tools do that fold white space."""
    text, spans = "", []
    for start, end, label in dump.spans:
        piece = " ".join(dump.text[start:end].split())
        if piece:
            text += " " if text else ""
            spans.append(Span(len(text), len(text) + len(piece), label))
            text += piece
    return replace(dump, text=text, spans=tuple(spans))


def spaced(dump: Annotated) -> Annotated:
    """A dump with one blank line after every line, as converters print that take every element for a paragraph."""
    text, spans, position = "", [], 0
    for line in dump.text.split("\n"):
        if line.strip():
            shift = len(text) - position
            end = position + len(line)
            spans += [Span(a + shift, b + shift, label) for a, b, label in dump.spans if position <= a and b <= end]
            text += f"{line}\n\n"
        position += len(line) + 1
    return replace(dump, text=text, spans=tuple(spans))


def framed(dump: Annotated, seed: int, bullet: str, blank: bool) -> Annotated:
    """A dump with a menu above it and a shorter one below, as the template of a large site prints them."""
    if dump.meta.get("shape") == "single":
        return dump
    names = MENU[seed % len(MENU) :] + MENU[: seed % len(MENU)]
    end = "\n\n" if blank else "\n"
    above = [f"{bullet}{name}{end}" for name in names[: 6 + seed % 27]]
    below = [f"{bullet}{name}{end}" for name in names[: 3 + seed % 9]]
    middle = dump.text.rstrip("\n") + end
    shift = sum(map(len, above))
    spans = [
        *_entries(above, 0),
        *(Span(start + shift, stop + shift, label) for start, stop, label in dump.spans),
        *_entries(below, shift + len(middle)),
    ]
    return replace(dump, text="".join([*above, middle, *below]), spans=tuple(spans))


def _entries(lines_: Sequence[str], position: int) -> Iterator[Span]:
    for line in lines_:
        yield Span(position, position + len(line.rstrip("\n")), "n.navigation")
        position += len(line)
