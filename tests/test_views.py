"""Views of what was removed: as a diff that patch applies, as spans, as sums, against an earlier run, and explained."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import PAGE, ROOT
from hypothesis import given
from hypothesis import strategies as st

from arabic_newsclean import clean, rules
from arabic_newsclean.annotated import load_all
from arabic_newsclean.model import BLANK, BODY, Source
from arabic_newsclean.views import spans, unified

Run = Callable[..., str]

TEXTS = {dump.path.stem: dump.text for dump in load_all([ROOT / "tests" / "samples", ROOT / "tests" / "annotated"])}
AWKWARD = {
    "empty": "",
    "no end of line": PAGE.rstrip("\n"),
    "carriage returns": PAGE.replace("\n", "\r\n"),
    "only noise": "اترك رد\n",
    "signs of a diff": PAGE.replace("وأضاف", "-- وأضاف").replace("سياسة", "+++ سياسة\n--- ب\n@@ -1 +1 @@"),
    "other ends of lines": PAGE.replace("، ", "،\u2028").replace("اليوم", "اليوم\x0b\x0c\x85"),
    "NUL and overrides": PAGE.replace("الوزير", "\x00\u202eالوزير\x1b[31m"),
}


def lines_of_json(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.split("\n") if line]


# --- unified ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs the program patch")
@pytest.mark.parametrize("name", [*TEXTS, *AWKWARD])
def test_patch_turns_a_dump_into_its_body(name: str, tmp_path: Path) -> None:
    text = TEXTS.get(name, AWKWARD.get(name, ""))
    document = clean(text)
    path = tmp_path / "dump.txt"
    path.write_bytes(text.encode())
    if difference := unified.unified(Source.of_text(text, "dump.txt"), document, context=len(name) % 4):
        subprocess.run(["patch", "--silent", "--binary", path], input=difference, check=True, capture_output=True)
    kept = path.read_bytes() if path.exists() else b""  # patch removes a file of which nothing is left
    assert kept == (f"{document.body}\n" if document.body else "").encode()


@given(text=st.text(st.sampled_from("ابت \n\r.،:|*"), max_size=200))
def test_a_diff_tells_the_dump_and_the_body(text: str) -> None:
    document = clean(text)
    changes = list(unified.compared(document))
    assert "".join(line for mark, line in changes if mark != unified.ADDED) == text
    assert "".join(line for mark, line in changes if mark != unified.REMOVED) == (f"{document.body}\n" if document.body else "")


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs the program patch")
@pytest.mark.parametrize("name", ["a b", " a ", "ا ب", 'a"b', "a\\b", "a\tb", "a\nb", "a\x1b[31m", "a\u202eb", "a\x9bb"])
def test_patch_finds_the_file_by_its_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.txt"
    path.write_text(PAGE, "utf-8")
    difference = unified.unified(Source.of_text(PAGE, path.name), clean(PAGE), context=3)
    assert not re.search(b"[\x00-\x08\x0b-\x1f]", difference)
    subprocess.run(["patch", "--silent", "--strip=0"], input=difference, check=True, capture_output=True, cwd=tmp_path)
    assert path.read_text("utf-8") == f"{clean(PAGE).body}\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [(PAGE.encode(), 0), (PAGE.encode("cp1256"), 1), (PAGE.encode("utf-8-sig"), 1), (PAGE.encode("utf-16"), 1),
     (PAGE.encode().decode("cp1256").encode(), 1), (PAGE.encode() + b"\xff", 1)],
    ids=["UTF-8", "cp1256", "byte order mark", "UTF-16", "misread", "damaged"],
)  # fmt: skip
def test_a_diff_that_patch_can_not_apply_is_told(newsclean: Run, data: bytes, said: int) -> None:
    err = "newsclean: patch can't apply the diffs of 1 dump: not plain UTF-8 (encoding, mark or damage)\n" * said
    assert newsclean("diff", "--format", "unified", stdin=data, err=err).startswith("--- -\n")
    newsclean("diff", "--format", "unified", "-q", stdin=data)


def test_in_a_pipe_the_diff_is_unified(process: Run, page: Path) -> None:
    out = process("diff", page / "page.txt")
    assert out.startswith("--- page.txt\n+++ page.txt\n@@ -1,")
    assert "\n-اترك رد\n" in out


# --- spans, sums, checks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*TEXTS, *AWKWARD])
def test_spans_are_the_segments_of_the_record(name: str) -> None:
    text = TEXTS.get(name, AWKWARD.get(name, ""))
    document = clean(text)
    found = list(spans.spans(Source.of_text(text), document, rules.default().by_name, spans.ALL))
    segments = [s for s in document.record()["segments"] if s["part"] not in (BODY, BLANK)]
    assert [{key: span[key] for key in ("start", "end", "part", "kind", "rule")} for span in found] == segments
    for span in found:
        start, end = int(str(span["start"])), int(str(span["end"]))
        assert span["text"] == text[start:end]
        assert span["line"] == text.count("\n", 0, start) + 1
        assert span["why"]


@given(text=st.text(st.sampled_from("اترك رد\n \r.،:|*عاجل20"), max_size=300))
def test_spans_of_any_text_are_the_segments_of_its_record(text: str) -> None:
    document = clean(text)
    found = spans.spans(Source.of_text(text), document, rules.default().by_name, spans.ALL)
    segments = [s for s in document.record()["segments"] if s["part"] not in (BODY, BLANK)]
    assert [{key: span[key] for key in ("start", "end", "part", "kind", "rule")} for span in found] == segments


def test_only_what_is_asked_for(newsclean: Run, page: Path) -> None:
    path = page / "page.txt"
    assert {s["kind"] for s in lines_of_json(newsclean("diff", path, "--format", "jsonl", "--only", "comments"))} == {
        "comments"
    }
    (span,) = lines_of_json(newsclean("diff", path, "--format", "jsonl", "--rule", "comment-prompt"))
    assert (span["line"], span["text"]) == (9, "اترك رد")
    assert "comment-prompt" not in newsclean("diff", path, "--format", "terminal", "--only", "headline")
    err = re.compile(r"newsclean: no such kind: 'xyzzy' \(one of byline, .*\)\n")
    assert newsclean("diff", path, "--only", "xyzzy", status=2, err=err) == ""


def test_a_diff_that_patch_could_not_apply_is_refused(newsclean: Run, page: Path) -> None:
    err = "newsclean: --only and --rule leave no diff that patch applies: use them with --format terminal or jsonl, or --stat\n"
    assert newsclean("diff", page, "--format", "unified", "--only", "comments", status=2, err=err) == ""


def test_check_is_a_verdict(newsclean: Run, page: Path) -> None:
    newsclean("diff", "--check", page, status=1)
    newsclean("diff", "--check", "--only", "ticker", "--stat", page)
    plain = "وقال الوزير، في مؤتمر صحفي، إن الموازنة ستحال إلى البرلمان يوم الأحد المقبل بعد نقاش طويل.\n"
    newsclean("diff", "--check", stdin=plain.encode())


def test_stat_adds_up_what_the_spans_tell(newsclean: Run) -> None:
    samples = ROOT / "samples"
    said = lines_of_json(newsclean("diff", samples, "--format", "jsonl", "-q"))
    sums = Counter[str]()
    for span in said:
        sums[f"{span['part']}.{span['kind']}"] += span["end"] - span["start"]
    table = newsclean("diff", samples, "--stat", "-q")
    rows = [line.split() for line in table.split("\n\n")[1].split("\n")[1:]]
    assert {row[0]: int(row[3]) for row in rows} == dict(sums)


# --- against an earlier run ------------------------------------------------------------------------------------------


def test_against_shows_the_spans_of_a_rule_left_out(newsclean: Run, tmp_path: Path) -> None:
    old = tmp_path / "old.jsonl"
    old.write_text(newsclean("clean", ROOT / "samples", "-q"), encoding="utf-8")
    assert newsclean("diff", ROOT / "samples", "-q", "--against", old) == ""
    out = newsclean("diff", ROOT / "samples", "-q", "--against", old, "--disable", "agency-word", "--format", "jsonl")
    changed = lines_of_json(out)
    of_rule = [
        (record["id"], s["start"], s["end"])
        for record in map(json.loads, old.read_text("utf-8").splitlines())
        for s in record["segments"]
        if s["rule"] == "agency-word"
    ]
    assert {change["before"]["rule"] for change in changed} <= {"agency-word"}
    assert {(change["id"], change["start"], change["end"]) for change in changed} == set(of_rule)


def test_against_names_what_it_cannot_compare(newsclean: Run, page: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.jsonl"
    old.write_text(newsclean("clean", page, "-q"), encoding="utf-8")
    (page / "page.txt").write_text(PAGE + "سطر\n", encoding="utf-8")
    (page / "page2.txt").write_text(PAGE, encoding="utf-8")
    shown = newsclean("diff", page, "-q", "--against", old)
    assert shown == "page.txt: other text\npage2.txt: new dump\n"


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_against_unpacks_what_clean_has_packed(newsclean: Run, page: Path, tmp_path: Path, packing: str) -> None:
    old = tmp_path / f"old.jsonl.{packing}"
    newsclean("clean", page, "-q", "-o", old)
    assert "comment-prompt → " in newsclean("diff", page, "-q", "--against", old, "--disable", "comment-prompt")
    old.write_bytes(old.read_bytes()[:-20])
    err = f"newsclean: {old}: is cut: the packed data end too soon\n"
    assert newsclean("diff", page, "--against", old, status=2, err=err) == ""


def test_against_reads_a_pipe(newsclean: Run, process: Run, page: Path) -> None:
    read, write = os.pipe()
    os.write(write, newsclean("clean", page, "-q").encode())
    os.close(write)
    out = process("diff", page, "-q", "--against", f"/dev/fd/{read}", "--disable", "comment-prompt", pass_fds=[read])
    os.close(read)
    assert "comment-prompt → " in out


@pytest.mark.parametrize(
    ("lines", "number"),
    [(["{}"], 1), (["خبر"], 1), (["[1]"], 1), (['{"id": 1, "schema": 1}', '{"schema": 2, "id": "a"}'], 2), ([], 0)],
)
def test_against_refuses_what_is_no_record(newsclean: Run, page: Path, tmp_path: Path, lines: list[str], number: int) -> None:
    old = tmp_path / "old.jsonl"
    old.write_text("\n".join(lines) or newsclean("clean", page, "-q", "--layout", "flat"), encoding="utf-8")
    reason = f"line {number or 1} is no record of schema 1, as newsclean clean writes without --layout"
    newsclean("diff", page, "--against", old, status=2, err=f"newsclean: {old}: {reason}\n")


# --- explain ---------------------------------------------------------------------------------------------------------


def test_explain_tells_every_block_its_reasons(newsclean: Run, page: Path) -> None:
    rows = lines_of_json(newsclean("explain", "--format", "json", page / "page.txt"))
    assert [(row["part"], row["line"]) for row in rows] == [
        ("header", 1),
        ("header", 3),
        ("body", 5),
        ("body", 7),
        ("noise", 9),
    ]
    for row in rows:
        assert 0 <= row["confidence"] <= 1
        assert all(weight > 0 for _, weight in row["for"])
        assert all(weight < 0 for _, weight in row["against"])
    assert rows[1]["confidence"] > 0.5
    shown = newsclean("explain", page / "page.txt")
    assert "comment-prompt" in shown
    assert "looks like headline, confidence" in shown


def test_explain_tells_the_reasons_of_lines_between_marks_of_direction(newsclean: Run) -> None:
    marked = "\n".join(f"\u200f{line}\u200f" if line else "" for line in PAGE.split("\n"))
    plain, rows = (lines_of_json(newsclean("explain", "--format", "json", stdin=text.encode())) for text in (PAGE, marked))
    assert [(row["look"], row["for"], row["against"]) for row in rows] == [
        (row["look"], row["for"], row["against"]) for row in plain
    ]


def test_explain_tells_reasons_of_all_but_what_a_rule_cut_out_of_a_line(newsclean: Run) -> None:
    text = PAGE.replace("الماضي.", "الماضي. اقرأ أيضا: افتتاح السوق الجديد في المدينة")
    rows = lines_of_json(newsclean("explain", "--format", "json", stdin=text.encode()))
    assert [row["rule"] for row in rows if "look" not in row] == ["read-also"]
    assert rows[-1]["look"] in ("tail", "aside", "other")


def test_explain_agrees_with_the_record() -> None:
    from arabic_newsclean import models
    from arabic_newsclean.views import explain

    for text in list(TEXTS.values())[:30]:
        document = clean(text)
        rows = list(explain.explained(Source.of_text(text), document, rules.default().by_name, models.default()))
        said = [(row["start"], row["end"], row["part"], row["kind"], row["rule"]) for row in rows]
        assert said == [(s.start, s.end, s.part, s.kind, s.rule) for s in document.segments if s.part != BLANK]
