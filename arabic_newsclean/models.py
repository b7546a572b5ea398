"""What was learned, ready for use: `pipeline` asks these, and nothing else reads the files of weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from arabic_newsclean import kept, strips
from arabic_newsclean.kind import KIND
from arabic_newsclean.sequence import Walker
from arabic_newsclean.strips import Cutter
from arabic_newsclean.walk import PAGE


class Models(NamedTuple):
    """What says what a page is, what finds the best walk through it, and what cuts its strips."""

    kind: Walker
    page: Walker
    cutter: Cutter | None = None

    @classmethod
    def of(cls, tables: Mapping[str, Any]) -> Models:
        """By tables of weights that were learned together."""
        return cls(Walker(KIND, tables["kind"]), Walker(PAGE, tables["walk"]), Cutter(tables["strips"]))

    def heads(self, text: str) -> list[int]:
        """Where in a piece of a page headlines and the sentence after them begin; see `strips.Cutter.heads`."""
        return (self.cutter or strips.default()).heads(text)


@cache
def default() -> Models:
    """By the weights that come with the package; those of the strips are read when the first strip needs them."""
    return kept.made("weights", _ours)


def _ours() -> Models:
    from importlib import resources

    tables = json.loads((resources.files("arabic_newsclean") / "weights.json").read_bytes())
    return Models(Walker(KIND, tables["kind"]), Walker(PAGE, tables["walk"]))
