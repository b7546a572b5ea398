"""What a walk should have been: annotated dumps to chains of facts and true states, and dumps as others would print them."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from arabic_newsclean import header, lines
from arabic_newsclean.annotated import ARTICLE, Annotated, Span
from arabic_newsclean.judge import Evidence, judge
from arabic_newsclean.rules import RuleSet
from arabic_newsclean.sequence import Walker
from arabic_newsclean.settle import barred, places
from arabic_newsclean.training.crf import Chain
from arabic_newsclean.walk import ASIDE, BODY, CREDIT, HEAD, MID, OTHER, STEPS, STRIP, TAIL, TOP


def chain(dump: Annotated, rules: RuleSet) -> Chain:
    """What the model sees of a dump and what it should say."""
    evidence = judge(dump.text, lines.blocks(dump.text, rules), rules)
    evidence = [e for e in evidence if not e.inline]
    return [e.facts for e in evidence], gold_states(gold_labels(dump, evidence)), [barred(e) for e in evidence]


def header_chain(dump: Annotated, rules: RuleSet, page: Walker) -> Chain:
    """What the header's model sees of a dump once a walker has found the places, and what it should say."""
    evidence = judge(dump.text, lines.blocks(dump.text, rules), rules)
    labels = gold_labels(dump, evidence)
    sequence, states = places(evidence, page)
    members = header.near(evidence, sequence, states)
    return (
        header.facts(evidence, members, states),
        [_role(labels[i]) for i in members],
        [header.barred(evidence[i]) for i in members],
    )


def _role(label: str) -> int:
    part, _, kind = label.partition(".")
    if part == "b":
        return header.ARTICLE
    if part == "h" or kind == "caption":
        return header.ROLES.index(kind)
    return header.CHROME


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

    >>> from arabic_newsclean.walk import STATES
    >>> [STATES[s] for s in gold_states(["n.navigation", "h.headline", "n.caption", "b", "n.related", "b", "n.comments"])]
    ['top', 'head', 'mid', 'body', 'aside', 'body', 'tail']
    """
    body = [i for i, label in enumerate(labels) if label[0] == "b"]
    first, last = (body[0], body[-1]) if body else (len(labels), -1)
    if not body:
        return [
            TOP if label in ("n.navigation", "n.legal", "n.residue", "n.share") and i < 3 else OTHER
            for i, label in enumerate(labels)
        ]
    heads = [i for i, label in enumerate(labels) if label[0] == "h" and i < first]
    out = []
    for i, label in enumerate(labels):
        if label[0] == "b":
            out.append(BODY)
        elif label[0] == "h":
            out.append(HEAD if i < first else CREDIT)
        elif i < first:
            if label in ("n.ticker", "n.related"):
                out.append(STRIP)
            else:
                out.append(MID if heads and i > heads[0] and label not in ("n.navigation", "n.legal") else TOP)
        else:
            out.append(ASIDE if i < last else TAIL)
    return _walkable(out)


def _walkable(states: list[int]) -> list[int]:
    """The same states where a walk may take them; a step that no walk has becomes the nearest that one has."""
    allowed = {(before, state) for state, olds in STEPS for before in olds}
    out: list[int] = []
    for state in states:
        if out and (out[-1], state) not in allowed:
            state = {CREDIT: TAIL, ASIDE: TAIL, TAIL: ASIDE if out[-1] == ASIDE else TAIL}.get(state, state)
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
    with nothing around it.
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
