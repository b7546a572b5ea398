"""The parts of README that the tool itself can write, so that they never say what it does not do.

Each stands in README between ``<!-- name -->`` and ``<!-- /name -->``; `BLOCKS` has a function for every name.

    python tests/docs_blocks.py                  write every block of README anew (make docs)
    python tests/docs_blocks.py --folds FILE     the same, and take what `make folds` has printed into the folds block

Both in one: ``make folds | .venv/bin/python tests/docs_blocks.py --folds /dev/stdin``.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer
from typer.testing import CliRunner

import arabic_newsclean
from arabic_newsclean import annotated, clean, evaluate, reading, rules
from arabic_newsclean.cli import application
from arabic_newsclean.model import BODY, FLAGS, HEADER, KINDS, NOISE, Document, Source
from arabic_newsclean.views import diff

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PACKAGE = Path(arabic_newsclean.__file__).parent
SAMPLE = ROOT / "samples" / "01-lines-iraq.txt"
WEIGHTS = PACKAGE / "weights.json"

#: What each kind is, in the words of one who reads pages and not code.
MEANINGS: dict[tuple[str, str | None], str] = {
    (HEADER, "category"): "the section the article stands in",
    (HEADER, "kicker"): "a line printed over the headline",
    (HEADER, "headline"): "the headline, each time it is printed",
    (HEADER, "deck"): "a summary between headline and article",
    (HEADER, "byline"): "who wrote it",
    (HEADER, "source"): "the agency or outlet that is credited",
    (HEADER, "date"): "when it was published, or its label",
    (BODY, None): "the article's text",
    (BODY, "sub"): "a heading inside the article",
    (NOISE, "navigation"): "menus, breadcrumbs, search, login, widgets",
    (NOISE, "share"): "share, print and font-size buttons",
    (NOISE, "comments"): "the comment form and readers' comments",
    (NOISE, "related"): "other stories: read also, related, most read",
    (NOISE, "ticker"): "the strip or list of latest and breaking headlines",
    (NOISE, "promo"): "subscribe, follow us, our app, advertisement",
    (NOISE, "tags"): "keywords and their heading",
    (NOISE, "counter"): "views, reading time, age, likes",
    (NOISE, "caption"): "what belongs to a picture",
    (NOISE, "legal"): "copyright, disclaimers, the masthead's staff",
    (NOISE, "residue"): "leftovers of software: codes, bare links, end marks",
}

#: The figures of `newsclean eval` that README quotes, and what each says.
FIGURES = {
    "body_f1": "the next two in one: how well the article was told from the rest, by its characters",
    "body_recall": "of the article, this much is kept",
    "body_precision": "of what is kept, this much is article",
    "damaged (recall<.95)": "articles that lost more than a twentieth of their text",
    "leaky (precision<.95)": "articles with more than a twentieth of foreign text in them",
    "noise_kind_accuracy": "of the noise that was found, this much got the right kind",
    "ticker_items_f1": "ticker headlines told apart exactly",
    "headline_recall": "printed headlines found, word for word",
    "date_recall": "printed dates found and read right",
    "category_recall": "printed sections found",
    "byline_recall": "printed names found",
    "source_recall": "printed sources found",
    "others_flagged": "listings and error pages flagged `not-article`",
}


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its full name, the tool itself first."""

    def below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        yield name, command
        for child, inner in sorted(getattr(command, "commands", {}).items()):
            yield from below(f"{name} {child}", inner)

    yield from below("newsclean", typer.main.get_command(application()))


def document() -> tuple[Source, Document]:
    """The page of the example, labelled."""
    text, source = reading.load(reading.Input(str(SAMPLE), SAMPLE.name))
    return source, clean(text)


# --- the blocks ------------------------------------------------------------------------------------------------------


def dump() -> str:
    """The example as it comes in: its first lines and its last, cut short."""
    lines = [line for line in document()[1].text.split("\n") if line.strip()]
    return fenced("text", [*(_cut(line, 72) for line in lines[:3]), "⋮", *(_cut(line, 72) for line in lines[-6:])])


def record() -> str:
    """The example's record, cut short: a line for each key, only the beginning of texts and lists."""
    source, labelled = document()
    rows = []
    for key, value in labelled.record(source).items():
        if isinstance(value, list) and value:
            items = ",\n   ".join(_json(item) for item in value[:2])
            rows.append(f' "{key}": [\n   {items}' + (f",\n   … {len(value) - 2} more" if len(value) > 2 else "") + "]")
        else:
            rows.append(f' "{key}": {_json(value)}')
    return fenced("json", ["{", *",\n".join(rows).split("\n"), "}"])


def shown_diff() -> str:
    """What ``newsclean diff`` shows of the example; only the long ticker line is cut."""
    lines = diff.plain(*document(), context=0).rstrip("\n").split("\n")
    return fenced("text", [_cut(line, 100) for line in lines])


def kinds() -> str:
    """Every part and kind, what it is, and an example."""
    rows = [("part", "kind", "what it is", "for example")]
    for part, its_kinds in KINDS.items():
        for kind in its_kinds if part in (HEADER, BODY, NOISE) else ():
            rows.append((part, f"`{kind}`" if kind else "(none)", MEANINGS[part, kind], _example(part, kind)))
    return table(rows)


def _example(part: str, kind: str | None) -> str:
    """A line that a rule catches outright; where the place decides and not a rule, the first line of that kind in a sample."""
    examples = [
        line
        for rule in rules.default()
        if (rule.part, rule.kind) == (part, kind) and not (rule.hint or rule.kind_only)
        for line in rule.catches
    ]
    if not examples:
        samples = annotated.load_all([ROOT / "tests" / "samples"])
        label = annotated.label_of(part, kind)
        examples = [dump.text[a:b].strip() for dump in samples for a, b, found in dump.spans if found == label]
    return f"`{_cut(_marked(examples[0]), 40)}`" if examples else ""


def _marked(example: str) -> str:
    """Of an example that is a page, the line that it is about."""
    return next((line.removeprefix("→ ") for line in example.split("\n") if line.startswith("→ ")), example)


def flags() -> str:
    """Every flag and what it means; those that no module but the list's own names are said to be unused."""
    source = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if path.name != "model.py")
    unused = [flag for flag in FLAGS if f'"{flag}"' not in source]
    rows = [("flag", "meaning"), *((f"`{flag}`", why + (" (not set yet)" * (flag in unused))) for flag, why in FLAGS.items())]
    return table(rows)


def helps() -> str:
    """The help of every command, as a terminal of 80 columns shows it."""
    return "\n".join(fenced("text", [f"$ {name} --help", *help_of(name).split("\n")]) for name, _command in commands())


def help_of(name: str) -> str:
    """What a command says when asked for ``--help``."""
    args = [*name.split()[1:], "--help"]
    ran = CliRunner().invoke(
        application(), args, prog_name="newsclean", env={"COLUMNS": "80", "NO_COLOR": "1"}, catch_exceptions=False
    )
    return "\n".join(line.rstrip() for line in ran.stdout.rstrip("\n").split("\n"))


def quality() -> str:
    """The score on the annotated dumps of the repository."""
    dumps = annotated.load_all([ROOT / "tests" / "annotated"])
    summary = evaluate.evaluate(dumps, clean).summary
    sites = len({dump.meta.get("site") for dump in dumps})
    rows = [("figure", "what it says", "score"), *((f"`{n}`", says, _figure(summary[n])) for n, says in FIGURES.items())]
    return f"{summary['dumps']} dumps in the layouts of {sites} sites, {summary['articles']} of them articles:\n\n{table(rows)}"


def unseen() -> str:
    """The score on the dumps that the weights were not learned from."""
    summary = evaluate.evaluate(annotated.load_all([ROOT / "tests" / "unseen"]), clean).summary
    got = [f"{name} **{_figure(summary[key])}**" for key, name in _FOLDS.items()]
    return f"{', '.join(got[:-1])} and {got[-1]}."


def folds(report: str) -> str:
    """The score with whole sites left out, from what ``make folds`` printed; names the weights it was measured beside."""
    rows = [("", *_FOLDS.values())]
    for place, figures in re.findall(r"^(tests/\S+):\n(.*?)^kind ", report, re.MULTILINE | re.DOTALL):
        found = dict(re.findall(r"^(.+?) {2,}([0-9.]+)$", figures, re.MULTILINE))
        rows.append((f"`{place}`", *(_figure(float(found[key])) for key in _FOLDS)))
    return f"{table(rows)}\n\n{measured()}"


_FOLDS = {
    "body_f1": "body F1",
    "body_recall": "body recall",
    "damaged (recall<.95)": "damaged articles",
    "headline_recall": "headlines",
    "ticker_items_f1": "ticker items",
}


def measured() -> str:
    """The mark in the folds block by which a test sees that the weights have changed since."""
    return f"<!-- measured with weights.json {hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:12]} -->"


BLOCKS: dict[str, Callable[[], str]] = {
    "dump": dump,
    "record": record,
    "diff": shown_diff,
    "kinds": kinds,
    "flags": flags,
    "help": helps,
    "quality": quality,
    "unseen": unseen,
}


# --- in and out ------------------------------------------------------------------------------------------------------


def block(text: str, name: str) -> str:
    """What stands between the markers of a block. ValueError where the markers are not there, once each."""
    start, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
    if text.count(start) != 1 or text.count(end) != 1 or text.index(start) > text.index(end):
        raise ValueError(f"README must hold <!-- {name} --> and <!-- /{name} --> once each, alone on their lines")
    return text[text.index(start) + len(start) : text.index(end)]


def with_block(text: str, name: str, content: str) -> str:
    """The text with a block's content changed."""
    start, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
    old = block(text, name)
    return text.replace(f"{start}{old}{end}", f"{start}{content}{end}")


def fenced(language: str, lines: list[str]) -> str:
    """Lines as a code block."""
    return "\n".join([f"```{language}", *lines, "```"])


def table(rows: list[tuple[str, ...]]) -> str:
    """Rows as a Markdown table; the first row is its head."""
    head, *rest = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([head, "|" + "---|" * len(rows[0]), *rest])


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else text[: size - 1].rstrip() + "…"


def _json(value: Any) -> str:
    return json.dumps(_shortened(value), ensure_ascii=False)


def _shortened(value: Any) -> Any:
    if isinstance(value, str):
        return _cut(value, 40)
    if isinstance(value, dict):
        return {key: _shortened(inner) for key, inner in value.items()}
    return value


def main(args: list[str]) -> None:
    report = Path(args[1]).read_text(encoding="utf-8") if args[:1] == ["--folds"] else ""
    text = README.read_text(encoding="utf-8")
    for name, write in BLOCKS.items():
        text = with_block(text, name, write())
    if report:
        text = with_block(text, "folds", folds(report))
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
