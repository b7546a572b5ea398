"""``python -m arabic_newsclean.training PLACE...``: learn the weights, or score with whole sites left out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

from arabic_newsclean import evaluate, rules
from arabic_newsclean.annotated import Annotated, load_all
from arabic_newsclean.kind import KIND
from arabic_newsclean.models import Models
from arabic_newsclean.output import writing
from arabic_newsclean.pipeline import clean
from arabic_newsclean.sequence import Model
from arabic_newsclean.strips import Cutter
from arabic_newsclean.training import crf, gold, headlines, pages
from arabic_newsclean.training.crf import Chain
from arabic_newsclean.walk import PAGE


def learn(dumps: Sequence[Annotated]) -> dict[str, Any]:
    """The weights that these dumps teach, as they stand, as other sites would print them, and as items of listings.

    They are learned without, and `STRANGE` times with, pages whose labels the rules do not know, and the mean is taken.
    """
    strips = headlines.fit(dumps, log=_log)
    heads = Cutter(strips).heads
    donors = pages.whole_lines(dumps)
    chains = [gold.chains(page, rules.default(), heads) for dump in dumps for page in pages.variants(dump, donors)]
    strange = [[gold.chains(page, known, heads) for page, known in pages.strange(dumps, turn)] for turn in range(STRANGE)]
    listings = [gold.chains(page, rules.default(), heads)[0] for page in pages.listings(dumps)]

    def fitted(model: Model, which: int, *more: Chain) -> dict[str, Any]:
        few = [pair[which] for pair in chains]
        added = [[], *([pair[which] for pair in pages] for pages in strange)]
        return crf.mean(*(crf.fit(model, (*few, *extra, *more), log=_log) for extra in added))

    return {"kind": fitted(KIND, 0, *listings), "walk": fitted(PAGE, 1), "strips": strips}


#: How many of the fits are also made with pages that are strange to the rules, each with other rules left out.
STRANGE: Final = 3


def _log(line: str) -> None:
    print(line, file=sys.stderr)


def folds(dumps: Sequence[Annotated], places: Sequence[str], count: int) -> str:
    """Scores of the dumps of each place by weights learned without any dump of the same site: the figures to quote."""
    tested = {place: load_all([place]) for place in places}
    sites = sorted({site(dump) for held in tested.values() for dump in held})
    left_out = [set(sites[fold::count]) for fold in range(count)]
    pairs: dict[str, list[tuple[Annotated, evaluate.Score]]] = {place: [] for place in places}
    with ProcessPoolExecutor() as workers:
        taught = workers.map(learn, [[dump for dump in dumps if site(dump) not in out] for out in left_out])
        for out, tables in zip(left_out, taught, strict=True):
            for place, ours in tested.items():
                held = [dump for dump in ours if site(dump) in out]
                pairs[place] += evaluate.evaluate(held, partial(clean, models=Models.of(tables))).pairs
    return "\n".join(f"{place}:\n{evaluate.Evaluation(tuple(rows)).table(worst=12)}" for place, rows in pairs.items())


def site(dump: Annotated) -> str:
    """The site of a dump, or its own name where it names none."""
    return str(dump.meta.get("site") or dump.path.stem)


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m arabic_newsclean.training", description=__doc__)
    parser.add_argument("places", nargs="+", help="files and folders of annotated dumps (.ann) to learn from")
    parser.add_argument("-o", "--output", default=".", help="the folder that weights.json and strips.json go to")
    parser.add_argument("--folds", type=int, help="write no weights: score the dumps of --score, whole sites left out")
    parser.add_argument("--score", nargs="+", help="what to score with --folds (default: PLACE...)")
    options = parser.parse_args()
    dumps = load_all(options.places)
    if options.folds:
        print(folds(dumps, options.score or options.places, options.folds), end="")
        return
    learned = learn(dumps)
    files = {"strips.json": headlines.render(learned.pop("strips")), "weights.json": crf.render(learned)}
    for name, content in files.items():
        with writing.opened(str(Path(options.output) / name)) as out:
            out.write(content.encode())


if __name__ == "__main__":
    main()
