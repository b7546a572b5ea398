"""``newsclean rules``: the tables."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from arabic_newsclean.cli.options import Disable, Format, Rules, examples, no_rule, refuse, rule_set
from arabic_newsclean.cli.running import show
from arabic_newsclean.model import BLANK, Rule
from arabic_newsclean.terminal import visible

EXAMPLES = ("newsclean rules", "newsclean rules show comment-prompt", "newsclean rules --rules mine.toml show my-rule")


def list_rules(context: typer.Context, format: Format = "text", rules: Rules = None, disable: Disable = None) -> None:
    """List the rules: their names, what they mark, and why."""
    context.obj = rule_set(rules, disable)
    if context.invoked_subcommand is not None:
        return
    if format == "json":
        show(json.dumps([asdict(rule) for rule in context.obj], ensure_ascii=False, indent=2) + "\n")
        return
    width = max((len(rule.name) for rule in context.obj), default=0)
    show("".join(f"{rule.name:{width}}  {_marks(rule):18}  {visible(rule.why)}\n" for rule in context.obj))


def show_rule(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME", help="As the list prints it.")]
) -> None:
    """Print one rule whole: how it matches, what it catches, what it spares."""
    if name == BLANK:
        show("blank: the space between two pieces of a dump, which no rule decides\n")
        return
    rule = context.obj.by_name.get(name)
    if rule is None:
        refuse(no_rule(name, context.obj))
    lines = [f"{rule.name}: {_marks(rule)}", "", visible(rule.why)]
    for field, value in asdict(rule).items():
        if field in ("name", "part", "kind", "why") or not value:
            continue
        values = value if isinstance(value, tuple) else (str(value),)
        lines += ["", f"{field}:", *(f"  {visible(item)}" for item in values)]
    show("".join(f"{line}\n" for line in lines))


def add(app: typer.Typer) -> None:
    """Make them commands."""
    group = typer.Typer(rich_markup_mode=None)
    group.callback(invoke_without_command=True, epilog=examples(*EXAMPLES))(list_rules)
    group.command("show", epilog=examples(EXAMPLES[1]))(show_rule)
    app.add_typer(group, name="rules")


def _marks(rule: Rule) -> str:
    return f"{rule.part}.{rule.kind}" if rule.kind else rule.part
