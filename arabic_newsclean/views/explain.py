"""Why every block of a dump got its label: the rule, what spoke for and against its place, and how surely.

Nothing is decided here: the evidence is the document's own, and the weights are those that decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from arabic_newsclean import kind
from arabic_newsclean.bars import bars, witnessed
from arabic_newsclean.model import BLANK, Document, Rule, Source
from arabic_newsclean.models import Models
from arabic_newsclean.terminal import visible
from arabic_newsclean.walk import LOOKS

#: So many reasons for and against are told.
REASONS: Final = 4


def explained(source: Source, document: Document, rules: Mapping[str, Rule], models: Models) -> Iterator[dict[str, Any]]:
    """A row for each labelled span, in order, ready for JSON.

    ``look`` is what the block looked like from its place in the page, ``for`` and ``against`` are the facts that spoke
    most for and against it, with their weights, and ``confidence`` is its chance over all walks through the page, from
    0 to 1. A block that a rule cut out of a line has neither.
    """
    sequence = [evidence for evidence in document.evidence if not evidence.inline]
    barred = bars(sequence, kind.what(sequence, models.kind), gentle=not witnessed(document.evidence))
    chances = iter(models.page.chances([evidence.facts for evidence in sequence], barred))
    labelled = (segment for segment in document.segments if segment.part != BLANK)
    for (line, segment), evidence in zip(document.numbered(labelled), document.evidence, strict=True):  # a segment a block
        row: dict[str, Any] = {
            "id": source.id,
            "line": line,
            "start": segment.start,
            "end": segment.end,
            "part": segment.part,
            "kind": segment.kind,
            "rule": segment.rule,
            "why": rules[segment.rule].why if segment.rule in rules else "",
            "text": segment.of(document.text),
        }
        if not evidence.inline:
            chance = next(chances)
            reasons = sorted(models.page.reasons(evidence.facts, evidence.look), key=lambda reason: -abs(reason[1]))
            row["look"] = LOOKS[evidence.look]
            row["confidence"] = round(chance[evidence.look], 3)
            row["for"] = [reason for reason in reasons if reason[1] > 0][:REASONS]
            row["against"] = [reason for reason in reasons if reason[1] < 0][:REASONS]
        yield row


def shown(row: dict[str, Any]) -> str:
    """A row for reading: the label and why, the text, and what spoke for and against."""
    label = row["part"] + (f".{row['kind']}" if row["kind"] else "")
    text = visible(" ".join(row["text"].split()))
    lines = [
        f"{row['line']:5} {label} ({visible(row['rule'])}): {visible(row['why'])}",
        f"      {text[:GLIMPSE]}{'…' if len(text) > GLIMPSE else ''}",
    ]
    if "look" in row:
        lines.append(f"      looks like {row['look']}, confidence {row['confidence']:.2f}")
        for side in ("for", "against"):
            if row[side]:
                lines.append(f"      {side}: " + ", ".join(f"{visible(name)} {weight:+.2f}" for name, weight in row[side]))
    return "".join(f"{line}\n" for line in lines)


#: So much of a block is shown.
GLIMPSE: Final = 100
