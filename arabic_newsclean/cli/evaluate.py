"""``newsclean eval``: the score on annotated dumps."""

from __future__ import annotations

from typing import Annotated

import typer

from arabic_newsclean.cli.options import Disable, Format, Rules, examples, rule_set
from arabic_newsclean.cli.running import show
from arabic_newsclean.report import say

EXAMPLES = (
    "newsclean eval annotated/",
    "newsclean eval annotated/ --worst 0 --format json",
    "newsclean eval annotated/ --by-rule",
)


def evaluate(
    places: Annotated[list[str], typer.Argument(metavar="PLACE...", help="Annotated dumps (.ann), or folders of them.")],
    worst: Annotated[int, typer.Option("--worst", min=0, help="How many of the worst dumps to name.")] = 5,
    by_rule: Annotated[bool, typer.Option("--by-rule", help="Show how each rule serves instead, on how many sites.")] = False,
    format: Format = "text",
    rules: Rules = None,
    disable: Disable = None,
) -> None:
    """Score newsclean on dumps that you have annotated: how well does it serve your pages?"""
    from arabic_newsclean import evaluate as evaluation

    text, problems = evaluation.run(places, worst=worst, format=format, rules=rule_set(rules, disable), each_rule=by_rule)
    for problem in problems:
        say(f"newsclean: {problem}")
    show(text)
    raise typer.Exit(1 if problems else 0)


def add(app: typer.Typer) -> None:
    """Make it a command."""
    app.command("eval", epilog=examples(*EXAMPLES))(evaluate)
