"""The commands: what they print, what they say, how they end."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import PAGE, ROOT
from docs_blocks import commands

from arabic_newsclean import __version__, batch, report, rules
from arabic_newsclean.model import Document, Header, Segment, Source
from arabic_newsclean.views import diff

Run = Callable[..., str]
HOSTILE = "عنوان \x1b[31m[bold]\u202e<script>\x07\r\nنص \x9b2J\u2066 الخبر\r\n"


def records(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.split("\n")[:-1]]


# --- clean -----------------------------------------------------------------------------------------------------------


def test_a_folder_gives_a_record_a_dump_in_order(newsclean: Run, page: Path) -> None:
    (page / "eg").mkdir()
    (page / "eg" / "empty.txt").write_bytes(b"")
    first, second = records(newsclean("clean", page, err="newsclean: 2 dumps, 1 article, 1 not-article, 0 failed\n"))
    assert first["source"]["path"] == "page.txt"
    assert first["header"]["headline"] == "الحكومة تقر موازنة العام المقبل بعد نقاش طويل"
    assert first["noise"] == [{"kind": "comments", "text": "اترك رد", "rule": "comment-prompt"}]
    assert second["id"] == "eg/empty.txt"
    assert second["flags"] == ["not-article"]
    assert second["segments"] == []


@pytest.mark.parametrize("paths", [[], ["-"], ["--", "-"], ["-", "-"]])
def test_standard_input_is_one_dump(newsclean: Run, paths: list[str]) -> None:
    (record,) = records(newsclean("clean", *paths, stdin=PAGE.encode("cp1256")))
    assert (record["id"], record["source"]["encoding"]) == ("-", "cp1256")
    assert record["source"]["bytes"] == len(PAGE)


def test_two_dumps_of_one_name_are_told_once(newsclean: Run, page: Path) -> None:
    for folder in ("one", "two"):
        (page / folder).mkdir()
        for number in range(3):
            (page / folder / f"{number}.txt").write_text(f"{PAGE}\n{folder}")
    why = "two different dumps are called '0.txt', and so are their records: give the folder above both"
    for command in ("clean", "explain"):
        newsclean(command, "-q", page / "one", page / "two", err=f"newsclean: {why}\n")
    (page / "both.jsonl").write_text(newsclean("clean", "-q", page / "one", page / "two", err=re.compile(".*\n")))
    err = re.compile("newsclean: two different records are called '0.txt': .* two folders .*\n")
    newsclean("merge", page / "both.jsonl", status=1, err=err)
    newsclean("clean", "-q", page, page / "one" / "0.txt", page / "one")  # the same dumps again, and under other names


def test_the_names_of_a_long_run_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "NAMES", 10)
    run = report.Report()
    for number in range(50):
        run.tell(batch.Done(f"{number}.txt", b"", b"", str(number), "utf-8", (), {}, None, Counter(), Counter()))
    assert len(run._names or ()) == 10


def test_crlf_stays_in_the_text_and_in_the_offsets(newsclean: Run, tmp_path: Path) -> None:
    text = PAGE.replace("\n", "\r\n")
    (tmp_path / "page.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    (record,) = records(newsclean("clean", tmp_path))
    assert record["stats"]["chars"] == len(text)
    assert record["segments"][-1]["end"] == len(text)
    assert "\r" not in record["body"]


def test_one_bad_input_does_not_stop_the_rest(newsclean: Run, page: Path) -> None:
    missing = page / "missing.txt"
    err = f"newsclean: {missing}: No such file or directory\nnewsclean: 1 dump, 1 article, 0 not-article, 1 failed\n"
    out = newsclean("clean", missing, page / "page.txt", status=1, err=err)
    assert [record["id"] for record in records(out)] == ["page.txt"]


def test_a_run_that_reads_nothing_fails(newsclean: Run, page: Path) -> None:
    err = (
        f"newsclean: {page}: holds no file that matches *.html (see --glob)\n"
        "newsclean: 0 dumps, 0 articles, 0 not-article, 1 failed\n"
    )
    assert newsclean("clean", page, "--glob", "*.html", status=1, err=err) == ""


def test_a_fault_of_ours_costs_one_dump(newsclean: Run, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (page / "bad.txt").write_bytes(b"bad")
    clean = batch.clean
    monkeypatch.setattr(batch, "clean", lambda text, *a, **k: {}["x"] if text == "bad" else clean(text, *a, **k))
    err = re.compile(
        rf"newsclean: {page}/bad\.txt: could not be cleaned, please report it: KeyError: 'x' \(test_cli\.py, line \d+\)\n"
        r"newsclean: 1 dump, 1 article, 0 not-article, 1 failed\n"
    )
    assert len(records(newsclean("clean", page, status=1, err=err))) == 1


def test_quiet_hides_the_sums_and_not_the_failures(newsclean: Run, page: Path) -> None:
    assert len(records(newsclean("clean", page, page, "--quiet"))) == 2
    newsclean("clean", "missing", "-q", status=1, err="newsclean: missing: No such file or directory\n")


def test_verbose_says_a_line_a_dump(newsclean: Run, page: Path) -> None:
    (page / "page.txt").write_text(HOSTILE, encoding="utf-8", newline="")
    err = re.compile(r"page\.txt: utf-8, chars \d+, header \d+, body \d+, noise \d+[^\x00-\x09\x1b\u202e]*\n")
    newsclean("clean", page, "-v", err=err)


def test_an_output_file_holds_what_standard_output_would(newsclean: Run, page: Path) -> None:
    expected = newsclean("clean", page)
    assert newsclean("clean", page, "-o", page / "out.jsonl") == ""
    assert (page / "out.jsonl").read_text("utf-8") == expected
    assert newsclean("clean", page, "-o", "-") == expected


def test_an_output_that_cannot_be_written_is_named(newsclean: Run, page: Path) -> None:
    place = page / "missing" / "out.jsonl"
    err = f"newsclean: cannot write {place}: No such file or directory\n"
    assert newsclean("clean", page, "-o", place, status=1, err=err) == ""
    err = f"newsclean: cannot write {page}: Is a directory\n"
    assert newsclean("diff", page, "-o", page, status=1, err=err) == ""


def test_an_encoding_can_be_given(newsclean: Run) -> None:
    (record,) = records(newsclean("clean", "--encoding", "ISO-8859-6", stdin="قال".encode("iso8859-6")))
    assert (record["source"]["encoding"], record["stats"]["chars"]) == ("iso8859-6", 3)


@pytest.mark.parametrize("name", ["latin-99", "punycode", "undefined", "rot13", "\udcff"])
def test_an_encoding_that_is_none_of_pages_is_refused(newsclean: Run, name: str) -> None:
    err = f"newsclean: no such encoding: {name!r} (such as utf-8, cp1256, iso8859-6, utf-16)\n"
    assert newsclean("clean", "--encoding", name, stdin=PAGE.encode(), status=2, err=err) == ""


def test_options_that_contradict_each_other_are_refused(newsclean: Run, page: Path) -> None:
    newsclean("clean", page, "-q", "-v", status=2, err="newsclean: --quiet says less and --verbose more: give one of them\n")
    err = "newsclean: --stat is a table for reading: leave out --format\n"
    for shape in ("jsonl", "unified"):
        newsclean("diff", page, "--stat", "--format", shape, status=2, err=err)


# --- rules -----------------------------------------------------------------------------------------------------------

RULE = """
[[rule]]
name = "house-motto"
part = "noise"
kind = "legal"
why = "The motto of the house, under every page."
lines = ["الحقيقة أولا بأول"]
catches = ["الحقيقة أولا بأول"]
spares = ["الحقيقة أولا بأول كما يراها الوزير"]
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(RULE, encoding="utf-8")
    return path


def test_rules_of_ones_own_are_added_and_left_out(newsclean: Run, table: Path) -> None:
    dump = f"{PAGE}\nالحقيقة أولا بأول\n".encode()
    (record,) = records(newsclean("clean", "--rules", table, stdin=dump))
    assert record["noise"][-1] == {"kind": "legal", "text": "الحقيقة أولا بأول", "rule": "house-motto"}
    (record,) = records(newsclean("clean", "--rules", table, "--disable", "house-motto", stdin=dump))
    assert "house-motto" not in json.dumps(record)


def test_rules_are_listed(newsclean: Run, table: Path) -> None:
    lines = newsclean("rules", "--rules", table).split("\n")
    assert re.fullmatch(r"house-motto +noise\.legal +The motto of the house, under every page\.", lines[0])
    listed = json.loads(newsclean("rules", "--format", "json", "--disable", "comment-prompt"))
    assert [rule["name"] for rule in listed] == [r.name for r in rules.default() if r.name != "comment-prompt"]


def test_a_rule_is_shown_whole(newsclean: Run, table: Path) -> None:
    shown = newsclean("rules", "--rules", table, "show", "house-motto")
    assert shown == (
        "house-motto: noise.legal\n\nThe motto of the house, under every page.\n\n"
        "lines:\n  الحقيقة أولا بأول\n\ncatches:\n  الحقيقة أولا بأول\n\nspares:\n  الحقيقة أولا بأول كما يراها الوزير\n"
    )


def test_the_name_of_blank_spans_is_explained(newsclean: Run) -> None:
    assert newsclean("rules", "show", "blank").startswith("blank: the space between")


def test_a_table_may_begin_with_a_byte_order_mark(newsclean: Run, table: Path) -> None:
    table.write_text(RULE, encoding="utf-8-sig")
    assert newsclean("rules", "--rules", table).startswith("house-motto")


def test_a_pattern_with_letters_that_are_folded_away_brings_a_hint(newsclean: Run, table: Path) -> None:
    table.write_text(RULE.replace('lines = ["الحقيقة أولا بأول"]', 'pattern = "الحقيقة أولا.*"'), encoding="utf-8")
    err = f"newsclean: {table}: rule 'house-motto': it does not catch its own example: 'الحقيقة أولا بأول'; "
    err += "lines are matched folded: write ه for ة, ا for أ\n"
    newsclean("rules", "--rules", table, status=2, err=err)


@pytest.mark.parametrize("args", [["clean", "--disable", "coment-prompt"], ["rules", "show", "coment-prompt"]])
def test_an_unknown_rule_brings_its_neighbours(newsclean: Run, args: list[str]) -> None:
    err = re.compile(r"newsclean: no such rule: 'coment-prompt'; did you mean comment-prompt( or [a-z-]+)*\?\n")
    assert newsclean(*args, status=2, err=err) == ""


def test_a_rule_like_no_other_brings_the_list(newsclean: Run) -> None:
    err = "newsclean: no such rule: 'xyzzy' (newsclean rules lists them)\n"
    assert newsclean("diff", "--disable", "xyzzy", status=2, err=err) == ""


def test_a_bad_table_is_named_with_its_rule_and_the_reason(newsclean: Run, table: Path) -> None:
    table.write_text(RULE.replace('kind = "legal"', 'kind = "\\u001b[31mred"'), encoding="utf-8")
    err = re.compile(rf"newsclean: {table}: rule 'house-motto': noise has no kind '[^\x1b]*red'.*\n")
    assert newsclean("clean", "--rules", table, status=2, err=err) == ""


@pytest.mark.parametrize(("name", "reason"), [("missing.toml", "No such file or directory"), ("", "Is a directory")])
def test_a_table_that_cannot_be_read_is_named(newsclean: Run, tmp_path: Path, name: str, reason: str) -> None:
    path = tmp_path / name
    assert newsclean("rules", "--rules", path, status=2, err=f"newsclean: {path}: {reason}\n") == ""


# --- diff ------------------------------------------------------------------------------------------------------------


def test_diff_shows_what_is_removed_and_folds_what_is_kept(newsclean: Run, page: Path) -> None:
    body = "\n\n".join(f"وقال الوزير في الفقرة رقم {n} من بيانه إن الموازنة ستحال إلى البرلمان يوم الأحد." for n in range(9))
    (page / "page.txt").write_text(PAGE.replace("\n\nاترك رد", f"\n\n{body}\n\nاترك رد"), encoding="utf-8")
    lines = newsclean("diff", "--format", "terminal", page / "page.txt", "-U", "1").split("\n")
    assert re.fullmatch(r"page\.txt: chars \d+, header \d+, body \d+, noise 7", lines[0])
    assert [re.split(r"  +", line.strip())[0] for line in lines[1:]] == [
        "1 h category", "3 h headline", "5", "⋯ 9 lines kept ⋯", "25", "27 - comments comment-prompt", "", "",
    ]  # fmt: skip
    assert "⋯ 11 lines kept ⋯" in newsclean("diff", "--format", "terminal", page, "-U", "0")


@pytest.mark.parametrize(
    "command", [["clean"], ["diff", "--format", "terminal"], ["diff", "--stat"], ["explain"]], ids=" ".join
)
def test_nothing_in_a_dump_reaches_the_terminal_raw(newsclean: Run, command: list[str]) -> None:
    samples = list((ROOT / "samples").glob("*hostile*.txt"))
    large = f"{PAGE}\n{HOSTILE}\nا{chr(0x64B) * 10_000}\n{'كلمة ' * 200_000}\n"
    texts = [newsclean(*command, stdin=text.encode()) for text in (HOSTILE, large)]
    for out in (*texts, newsclean(*command, *samples)):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", out)
        if command != ["clean"]:  # a record holds them as they are, unless it is written to a terminal
            assert not re.search("[\x80-\x9f\u202a-\u202e\u2066-\u2069]", out)


def test_what_would_drive_a_terminal_is_shown_instead() -> None:
    end = HOSTILE.index("\n")
    segments = (Segment(0, end, "noise", "residue", "x"), Segment(end + 1, len(HOSTILE), "body", None, "y"))
    document = Document(HOSTILE, segments, Header(), "")
    assert diff.plain(Source.of_text(HOSTILE, "a\x1b.txt"), document, context=1).split("\n")[:3] == [
        "a␛.txt: chars 44, header 0, body 15, noise 28",
        "    1 - residue x  عنوان ␛[31m[bold]<U+202E><script>␇",
        "    2              نص <U+009B>2J<U+2066> الخبر",
    ]


# --- eval ------------------------------------------------------------------------------------------------------------


def test_eval_scores_annotated_dumps(newsclean: Run) -> None:
    place = sorted((ROOT / "tests" / "annotated").glob("*.ann"))[0]
    assert "body_f1" in newsclean("eval", place)
    assert json.loads(newsclean("eval", place, "--format", "json"))


def test_eval_by_rule_is_for_programs_too(newsclean: Run) -> None:
    served = json.loads(newsclean("eval", ROOT / "tests" / "samples", "--by-rule", "--format", "json"))
    assert served.keys() == rules.default().by_name.keys()
    assert served["comment-prompt"]["spans"] > served["comment-prompt"]["sites"] > 0


def test_eval_shows_a_name_in_bytes(process: Run, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.ann")
    path.write_bytes(next((ROOT / "tests" / "samples").glob("*.ann")).read_bytes())
    assert json.loads(process("eval", path, "--format", "json"))["dumps"][0]["path"].endswith("/caf?.ann")


def test_eval_names_what_it_cannot_read(newsclean: Run, tmp_path: Path) -> None:
    err = re.compile(rf"newsclean: {tmp_path}.*: .+\n")
    assert newsclean("eval", tmp_path, status=1, err=err) == ""


@pytest.mark.parametrize("command", ["eval", "merge"])
def test_a_place_that_cannot_be_read_is_named(
    newsclean: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    long = tmp_path / ("a" * 300)  # its very status can't be asked for
    newsclean(command, long, status=1, err=f"newsclean: {long}: File name too long\n")
    locked = tmp_path / "locked"
    locked.mkdir()

    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", refuse)
    monkeypatch.setattr("os.listdir", refuse)
    newsclean(command, locked, status=1, err=f"newsclean: {locked}: Permission denied\n")


# --- help ------------------------------------------------------------------------------------------------------------


def test_version(newsclean: Run) -> None:
    assert newsclean("--version") == f"newsclean {__version__}\n"


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_help_has_an_example(newsclean: Run, name: str) -> None:
    assert f"{name} " in re.split("Examples:|Start with:", newsclean(*name.split()[1:], "--help"))[1]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["claen"], "No such command 'claen'"),
        (["clean", "--outptu", "x"], "No such option: --outptu"),
        (["diff", "-U", "-1"], "Invalid value for '-U' / '--context'"),
        (["rules", "--format", "xml"], "Invalid value for '--format'"),
        (["eval"], "Missing argument 'PLACE...'"),
    ],
)
def test_wrong_usage_exits_2_and_says_where_help_is(newsclean: Run, args: list[str], message: str) -> None:
    err = re.compile(rf"Usage: .*Try '.* --help' for help\..*{re.escape(message)}.*", re.DOTALL)
    assert newsclean(*args, status=2, err=err) == ""


# --- when the pages were fetched -------------------------------------------------------------------------------------

AGED = (
    "سياسة\n\nالحكومة تقر الموازنة بعد نقاش طويل\n\nمنذ 3 ساعات\n\nأقرت الحكومة، اليوم، الموازنة العامة بعد نقاش استمر ثلاثة "
    "أيام، وقال الوزير إن الإنفاق لن يزيد على العام الماضي.\n\nوأضاف الوزير أن المجلس سيعود إلى بحث الملف في الأسبوع المقبل "
    "بعد ورود ملاحظات اللجنة المالية.\n\nاترك رد\n"
)


def test_an_age_is_a_date_only_where_now_is_given(newsclean: Run, tmp_path: Path) -> None:
    page = tmp_path / "aged.txt"
    page.write_text(AGED, "utf-8")
    without = json.loads(newsclean("clean", "-q", page))["header"]
    assert (without["date"], without["time"]) == (None, None)
    given = json.loads(newsclean("clean", "-q", page, "--now", "2026-03-08T02:05"))["header"]
    assert (given["date"], given["time"]) == ("2026-03-07", "23:05")


def test_a_now_that_is_no_time_is_refused(newsclean: Run, tmp_path: Path) -> None:
    newsclean(
        "clean",
        "--now",
        "yesterday",
        tmp_path,
        status=2,
        err=re.compile("newsclean: --now takes a date or a time such as 2026-03-08 or .*, not 'yesterday'\n"),
    )
