"""``python -m arabic_newsclean.training PLACE...``: learn the weights, or score with whole sites left out."""

from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

from arabic_newsclean import evaluate, header, rules, writing
from arabic_newsclean.annotated import Annotated, load_all
from arabic_newsclean.pipeline import clean
from arabic_newsclean.sequence import Walker
from arabic_newsclean.settle import Walkers
from arabic_newsclean.training import crf, gold
from arabic_newsclean.walk import PAGE


def learn(dumps: Sequence[Annotated]) -> dict[str, Any]:
    """The tables of the weights file that these dumps teach.

    The header's model goes by where the page's walk puts lines, and must not learn from walks better than it will get:
    each half of the dumps is walked by weights that the other half taught.
    """
    page = _page(dumps)
    chains = []
    for half in (0, 1):
        taught = _page([dump for dump in dumps if _half(dump) != half])
        walker = Walker(PAGE, taught)
        for dump in dumps:
            if _half(dump) == half:
                chains += [gold.header_chain(variant, rules.default(), walker) for variant in gold.variants(dump, [])]
    return {"page": page, "header": crf.fit(header.LINES, chains, log=_log)}


def _page(dumps: Sequence[Annotated]) -> dict[str, Any]:
    donors = gold.whole_lines(dumps)
    chains = [gold.chain(variant, rules.default()) for dump in dumps for variant in gold.variants(dump, donors)]
    return crf.fit(PAGE, chains, log=_log)


def _half(dump: Annotated) -> int:
    return zlib.crc32(site(dump).encode()) % 2


def _log(line: str) -> None:
    print(line, file=sys.stderr)


def folds(dumps: Sequence[Annotated], tested: Sequence[Annotated], count: int) -> str:
    """Scores of dumps by weights learned without any dump of the same site: the figures to quote."""
    sites = sorted({site(dump) for dump in tested})
    left_out = [set(sites[fold::count]) for fold in range(count)]
    with ProcessPoolExecutor() as workers:
        taught = workers.map(learn, [[dump for dump in dumps if site(dump) not in out] for out in left_out])
        pairs: list[tuple[Annotated, evaluate.Score]] = []
        for out, tables in zip(left_out, taught, strict=True):
            held = [dump for dump in tested if site(dump) in out]
            pairs += evaluate.evaluate(held, partial(clean, walkers=Walkers.of(tables))).pairs
    return evaluate.Evaluation(tuple(pairs)).table()


def site(dump: Annotated) -> str:
    """The site of a dump, or its own name where it names none."""
    return str(dump.meta.get("site") or dump.path.stem)


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m arabic_newsclean.training", description=__doc__)
    parser.add_argument("places", nargs="+", help="files and folders of annotated dumps (.ann) to learn from")
    parser.add_argument("-o", "--output", default="-", help="where the weights go (default: standard output)")
    parser.add_argument("--folds", type=int, help="write no weights: score the dumps of --score, whole sites left out")
    parser.add_argument("--score", nargs="+", help="what to score with --folds (default: PLACE...)")
    options = parser.parse_args()
    dumps = load_all(options.places)
    if options.folds:
        print(folds(dumps, load_all(options.score) if options.score else dumps, options.folds), end="")
        return
    weights = crf.render(learn(dumps)).encode()
    with writing.opened(options.output) as out:
        out.write(weights)


if __name__ == "__main__":
    main()
