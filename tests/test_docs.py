"""README and CHANGELOG say what the tool does: every block, command, option and example in them is tried here."""

from __future__ import annotations

import doctest
import gzip
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import docs_blocks
import pytest
from conftest import PAGE, environment
from docs_blocks import BLOCKS, MEANINGS, README, ROOT, commands
from test_containers import wet

from arabic_newsclean import __version__, annotated, clean, cli, rules
from arabic_newsclean.model import FLAGS, KINDS

TEXT = README.read_text(encoding="utf-8")
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
#: Every name in backticks, single words and whole phrases alike.
NAMED = set(re.findall(r"`([^`\n]+)`", TEXT))
COMMANDS = dict(commands())


def code(language: str) -> list[str]:
    """The code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def by_hand() -> str:
    """README without its generated blocks: what somebody has written for a reader."""
    text = TEXT
    for name in BLOCKS:
        text = docs_blocks.with_block(text, name, "")
    return text


def options(command: object) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts if option.startswith("-")}  # type: ignore[attr-defined]


# --- what the tool writes itself -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_is_what_the_tool_says_today(name: str) -> None:
    assert docs_blocks.block(TEXT, name) == BLOCKS[name](), "write README's blocks anew: make docs"


def test_the_figures_with_sites_left_out_belong_to_these_weights() -> None:
    again = "not measured with these weights: make folds | .venv/bin/python tests/docs_blocks.py --folds /dev/stdin"
    assert docs_blocks.measured() in docs_blocks.block(TEXT, "folds"), again


def test_every_kind_has_its_meaning() -> None:
    assert set(MEANINGS) == {(part, kind) for part, kinds in KINDS.items() if part != "blank" for kind in kinds}


@pytest.mark.parametrize("name", ["kinds", "flags", "quality"])
def test_a_row_of_a_table_is_one_line(name: str) -> None:
    lines = [line for line in docs_blocks.block(TEXT, name).splitlines() if line and not line.endswith(":")]
    assert len(lines) > 5
    assert all(line.startswith("|") and line.endswith("|") for line in lines)


def test_the_help_does_not_depend_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert docs_blocks.helps() == docs_blocks.block(TEXT, "help")


# --- nothing is left out ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_shown(name: str) -> None:
    """In words or in an example, not only in the generated help."""
    assert re.search(rf"\b{name}\b", by_hand())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_named(name: str) -> None:
    missing = {option for option in options(COMMANDS[name]) if not re.search(rf"(?<![\w-]){option}(?![\w-])", TEXT)}
    assert missing == set()


def test_every_exit_status_is_explained() -> None:
    promised = set(
        re.findall(r"\b(\d\S*) (?:all well|some input|wrong usage|another run|stopped)", " ".join((cli.__doc__ or "").split()))
    )
    explained = set(re.findall(r"^\| (\d\S*) \|", TEXT, re.MULTILINE))
    assert promised == explained == {"0", "1", "2", "75", "128+n"}


def test_every_flag_and_every_kind_is_named() -> None:
    kinds = {kind for kinds in KINDS.values() for kind in kinds if kind}
    assert (set(FLAGS) | set(KINDS) | kinds) - NAMED == set()


def test_every_field_of_the_record_is_named() -> None:
    source, document = docs_blocks.document()
    record = document.record(source)
    fields = {*record, *record["header"], *(f"source.{name}" for name in record["source"]), *record["segments"][0]}
    assert fields - NAMED == set()


def test_the_two_first_commands_are_there() -> None:
    first = code("sh")[0]
    assert re.findall(r"^make \w+", first, re.MULTILINE) == ["make demo", "make test"]


# --- nothing is promised that is not there ---------------------------------------------------------------------------


def test_every_make_verb_exists() -> None:
    verbs = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", TEXT, re.MULTILINE)) <= verbs


def test_every_file_exists() -> None:
    paths = {name for name in NAMED if re.fullmatch(r"(?:(?:samples|tests|arabic_newsclean)/\S*|[A-Z]+(?:\.md)?)", name)}
    paths -= {"HH:MM", "NAME"}
    assert {path for path in paths if not (ROOT / path).exists()} == set()


def newsclean_lines() -> list[str]:
    lines = [line for block in [*code("sh"), *code("cron")] for line in block.split("\n")]
    return [line for line in lines if re.search(r"(?:^|[/ ])newsclean ", line) and not line.startswith("#")]


@pytest.mark.parametrize("line", newsclean_lines())
def test_an_example_uses_options_that_exist(line: str) -> None:
    words = shlex.split(re.split(r"newsclean ", line, maxsplit=1)[1].split(" | ")[0], comments=True)
    name = "newsclean"
    known: set[str] = set()
    for word in words:
        if f"{name} {word}" in COMMANDS:
            name = f"{name} {word}"
            known |= options(COMMANDS[name])
        elif word.startswith("-") and word != "-":
            assert word in known, f"{name} has no {word}"


@pytest.fixture
def reader(tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[bytes]]:
    """A reader with the folders and files that the examples speak of, who types them into a shell."""
    pages = {"page.txt": "utf-8", "dumps/a.txt": "utf-8", "dumps/2024/b.txt": "utf-8", "dumps/c.dump": "utf-8"}
    for name, encoding in {**pages, "dumps/2024/d.log": "utf-8", "old/e.txt": "cp1256"}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PAGE.encode(encoding))
    (tmp_path / "mine.toml").write_text(code("toml")[0], encoding="utf-8")
    (tmp_path / "pages").mkdir()
    for name, key in (("pages/a.jsonl.gz", "content"), ("pages.jsonl.gz", "text")):
        (tmp_path / name).write_bytes(gzip.compress(json.dumps({key: PAGE, "url": "https://news.invalid/1"}).encode()))
    (tmp_path / "CC-MAIN-1.warc.wet.gz").write_bytes(gzip.compress(wet(PAGE)))
    (tmp_path / "last").touch()
    os.utime(tmp_path / "last", (1, 1))
    (tmp_path / "annotated").mkdir()
    (tmp_path / "annotated" / "one.ann").write_text(annotation(), encoding="utf-8")
    tool = tmp_path / "bin" / "newsclean"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m arabic_newsclean "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    made = {
        "records.jsonl": ["clean", "-q", "dumps", "-o", "records.jsonl"],
        "part-*": ["clean", "-q", "dumps", "--shard", "1/2", "-o", "part-1.jsonl.gz", "--report", "part-1.json"],
        "profile.json": ["learn", "-q", "dumps", "-o", "profile.json"],
        "2024.json": ["learn", "-q", "dumps", "-o", "2024.json"],
        "2025.json": ["learn", "-q", "dumps", "-o", "2025.json"],
    }
    path = f"{tool.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"

    def run(line: str) -> subprocess.CompletedProcess[bytes]:
        for name, args in made.items():
            if name in line:
                subprocess.run([tool, *args], cwd=tmp_path, env=environment(), check=True)
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line], cwd=tmp_path, env=environment({"PATH": path}), capture_output=True,
            check=False, timeout=60,
        )  # fmt: skip

    return run


def recipes() -> list[str]:
    return [
        line for block in code("sh") for line in block.split("\n") if line.startswith(("newsclean ", "cat ", "zcat ", "find "))
    ]


@pytest.mark.skipif(not shutil.which("bash"), reason="the examples are typed into bash")
@pytest.mark.parametrize("line", recipes())
def test_a_recipe_works(line: str, reader: Callable[[str], subprocess.CompletedProcess[bytes]]) -> None:
    if " jq " in line and not shutil.which("jq"):
        pytest.skip("no jq here")
    ran = reader(line)
    talk = [
        said
        for said in ran.stderr.decode().split("\n")
        if said and not re.fullmatch(r"newsclean: \d+ (dumps?|sources), .*", said)
    ]
    assert (ran.returncode, talk) == (0, [])
    assert ran.stdout or " -o " in line or ".ticker" in line


# --- the examples do what they say -----------------------------------------------------------------------------------


def test_the_table_of_rules_loads_and_fires(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(code("toml")[0], encoding="utf-8")
    table, both = rules.load(file), rules.combine([file])

    def fired(line: str) -> set[str]:
        page = PAGE.replace("اترك رد", f"{line}\n\nاترك رد")
        return {segment.rule for segment in clean(page, both).segments}

    assert [rule.name for rule in table] == ["our-newsletter", "our-read-also"]
    for rule in table:
        assert [line for line in rule.catches if rule.name not in fired(line)] == []
        assert [line for line in rule.spares if rule.name in fired(line)] == []


def annotation() -> str:
    return next(block for block in code("text") if block.startswith("#! "))


def test_the_annotation_can_be_read() -> None:
    dump = annotated.parse(annotation(), "readme.ann")
    assert {span.label for span in dump.spans} >= {"h.headline", "h.date", "b", "n.related", "n.comments"}


@pytest.mark.parametrize("source", code("python"))
def test_python_examples_run(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    test = doctest.DocTestParser().get_doctest(source, {}, "README", str(README), 0)
    assert test.examples
    said: list[str] = []
    assert doctest.DocTestRunner().run(test, out=said.append).failed == 0, "".join(said)


# --- for every reader, everywhere ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [TEXT, CHANGES], ids=["README", "CHANGELOG"])
def test_no_place_of_ours_is_named(text: str) -> None:
    places = r"(?<![\w.])/(?:home|tmp|Users|usr)\b\S*|\.venv"
    assert re.findall(places, text) == []
    assert str(ROOT) not in text


@pytest.mark.parametrize("text", [TEXT, CHANGES], ids=["README", "CHANGELOG"])
def test_no_picture_letters(text: str) -> None:
    assert re.findall("[\U0001f300-\U0001faff\u2600-\u27bf]", text) == []


def test_the_changelog_knows_this_version() -> None:
    assert re.search(r"^## \[(\S+)\] - \d{4}-\d\d-\d\d$", CHANGES, re.MULTILINE)[1] == __version__  # type: ignore[index]
