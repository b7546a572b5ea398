"""How each rule serves on annotated dumps: on how many sites it fires, and how much of what it labels is that.

A rule that fires on one site only may be that site's accident; one that fires on none is only as good as its examples.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from arabic_newsclean.annotated import Annotated, label_of
from arabic_newsclean.model import Document, Rule
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

    def sums(self) -> dict[str, int]:
        """How many of each."""
        counts = {"spans": self.spans, "characters": self.characters, "right": self.right}
        return {"sites": len(self.sites), "dumps": len(self.dumps), **counts}


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
    rows = _rows(served, rules)
    width = max((len(rule.name) for rule, _ in rows), default=0)
    lines = [f"{'rule':{width}}  sites  dumps  spans  characters  right"]
    for rule, did in rows:
        share = f"{did.right / did.characters:5.2f}" if did.characters else "    –"
        sums = f"{len(did.sites):5}  {len(did.dumps):5}  {did.spans:5}  {did.characters:10}  {share}"
        lines.append(f"{visible(rule.name):{width}}  {sums}")
    return "".join(f"{line}\n" for line in lines)


def as_json(served: dict[str, Served], rules: RuleSet) -> str:
    """The same for programs: an object with the sums of each rule."""
    return json.dumps({rule.name: did.sums() for rule, did in _rows(served, rules)}, indent=1) + "\n"


def _rows(served: dict[str, Served], rules: RuleSet) -> list[tuple[Rule, Served]]:
    rows = [(rule, served.get(rule.name, Served())) for rule in rules]
    return sorted(rows, key=lambda row: (len(row[1].sites), row[0].name))
