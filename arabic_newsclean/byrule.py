"""How each rule serves on annotated dumps: on how many sites it fires, and how much of what it labels is that.

A rule that fires on one site only may be that site's accident; one that fires on none is only as good as its examples.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from arabic_newsclean.annotated import Annotated, label_of
from arabic_newsclean.model import Document
from arabic_newsclean.rules import RuleSet
from arabic_newsclean.terminal import visible


@dataclass(slots=True)
class Served:
    """What a rule did: the sites and dumps it fired on, its spans, its characters, and how many of them were rightly named."""

    sites: set[str] = field(default_factory=set)
    dumps: set[str] = field(default_factory=set)
    spans: int = 0
    characters: int = 0
    right: int = 0


def by_rule(dumps: Iterable[Annotated], clean: Callable[[str], Document]) -> dict[str, Served]:
    """What each rule did on these dumps. A dump that names no ``site`` in its meta is a site of its own."""
    out: defaultdict[str, Served] = defaultdict(Served)
    for dump in dumps:
        truth = ["_"] * len(dump.text)
        for start, end, label in dump.spans:
            truth[start:end] = [label] * (end - start)
        for segment in clean(dump.text).segments:
            served = out[segment.rule]
            served.sites.add(str(dump.meta.get("site") or dump.path))
            served.dumps.add(str(dump.path))
            said = [label for label in truth[segment.start : segment.end] if label != "_"]
            served.spans += 1
            served.characters += len(said)
            served.right += said.count(label_of(segment.part, segment.kind))
    return dict(out)


def table(served: dict[str, Served], rules: RuleSet) -> str:
    """The rules as a table for reading: those that fire on the fewest sites first."""
    rows = sorted(rules, key=lambda rule: (len(served.get(rule.name, Served()).sites), rule.name))
    width = max((len(rule.name) for rule in rows), default=0)
    lines = [f"{'rule':{width}}  sites  dumps  spans  characters  right"]
    for rule in rows:
        did = served.get(rule.name, Served())
        share = f"{did.right / did.characters:5.2f}" if did.characters else "    –"
        sums = f"{len(did.sites):5}  {len(did.dumps):5}  {did.spans:5}  {did.characters:10}  {share}"
        lines.append(f"{visible(rule.name):{width}}  {sums}")
    return "".join(f"{line}\n" for line in lines)
