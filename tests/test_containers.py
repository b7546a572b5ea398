"""What a file may be: one dump, or many in JSONL, WET, tar and zip, each also packed; and what is wrong with some."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import corpus
import pytest
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.recordbuilder import RecordBuilder
from warcio.warcwriter import WARCWriter

from arabic_newsclean import reading
from arabic_newsclean.reading import Input, dumps, load, walk
from arabic_newsclean.reading.streams import zstd

Run = Callable[..., str]
PAGES = [corpus.dump(number, paragraphs=1) for number in range(3)]


def jsonl(*rows: Any) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def wet(*pages: str) -> bytes:
    out = io.BytesIO()
    builder = RecordBuilder()
    writer = WARCWriter(out, gzip=False)
    for number, page in enumerate(("software: a test", *pages)):
        kind = "conversion" if number else "warcinfo"
        headers = {"WARC-Date": f"2026-03-0{number + 1}T10:00:00Z", "Content-Type": "text/plain"}
        data = page.encode()
        uri = f"https://news.invalid/{number}"
        record = builder.create_warc_record(uri, kind, io.BytesIO(data), length=len(data), warc_headers_dict=headers)
        writer.write_record(record)
    return out.getvalue()


def tar(**members: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


TEXTS = {f"iq/{number}.txt": page.encode() for number, page in enumerate(PAGES)}
CONTAINERS = {
    "pages.jsonl": jsonl(*({"text": page} for page in PAGES)),
    "crawl.warc.wet": wet(*PAGES),
    "pages.tar": tar(**TEXTS, **{"notes.md": b"-"}),
    "pages.zip": zipped(**TEXTS, **{"notes.md": b"-"}),
}
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: zstd().compress(data),
}


def found(path: Path, **options: Any) -> list[tuple[Any, str]]:
    """Member and text, or member and the reason why there is none."""
    out = []
    for item in dumps(walk([str(path)]), **options):
        try:
            out.append((item.member, load(item)[0]))
        except OSError as error:
            out.append((item.member, f"! {error.strerror}"))
    return out


@pytest.mark.parametrize("packed", PACKERS)
@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_gives_its_dumps_in_order(tmp_path: Path, name: str, packed: str) -> None:
    path = tmp_path / f"{name}{packed}"
    path.write_bytes(PACKERS[packed](CONTAINERS[name]))
    got = found(path)
    if name == "pages.zip" and packed:
        assert got == [(None, "! a zip archive ends with its list of contents: it must be a whole file, and no pipe")]
        return
    assert [text for _, text in got] == PAGES
    assert [member for member, _ in got] == {"jsonl": [1, 2, 3], "wet": [2, 3, 4]}.get(name.rpartition(".")[2], list(TEXTS))


def test_a_page_that_is_said_to_be_an_archive_is_none(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(PAGES[0], "utf-8")
    assert found(path, form="zip") == [(None, "! is no zip archive")]
    assert found(path, form="tar") == [(None, "! is damaged: invalid header")]


@pytest.mark.parametrize("packed", ["", ".gz", ".bz2", ".xz", ".zst"])
def test_no_limit_to_speak_of_asks_for_no_memory(tmp_path: Path, packed: str) -> None:
    for name, data in (("page.txt", PAGES[0].encode()), *CONTAINERS.items()):
        path = tmp_path / f"{name}{packed}"
        path.write_bytes(PACKERS[packed](data))
        if not (packed and name.endswith(".zip")):
            got = [load(item, limit=1 << 60)[0] for item in dumps(walk([str(path)]), limit=1 << 60)]
            assert got == (PAGES[:1] if name == "page.txt" else PAGES), name


@pytest.mark.parametrize("packed", PACKERS)
@pytest.mark.parametrize("name", ["page.txt", "page", "page.log"])
def test_a_packed_page_is_one_dump(tmp_path: Path, name: str, packed: str) -> None:
    path = tmp_path / f"{name}{packed}"
    path.write_bytes(PACKERS[packed](PAGES[0].encode("utf-16")))
    assert found(path) == [(None, PAGES[0])]


@pytest.mark.parametrize("packed", PACKERS)
def test_nothing_packed_is_an_empty_dump(tmp_path: Path, packed: str) -> None:
    path = tmp_path / f"page.txt{packed}"
    path.write_bytes(PACKERS[packed](b""))
    assert found(path) == [(None, "")]


@pytest.mark.parametrize("name", CONTAINERS)
def test_content_tells_what_a_name_does_not(tmp_path: Path, name: str) -> None:
    path = tmp_path / "pages"
    path.write_bytes(CONTAINERS[name])
    form = "jsonl" if name == "pages.jsonl" else None  # a page may begin with a brace
    assert [text for _, text in found(path, form=form)] == PAGES


def test_several_packed_members_are_one_stream(tmp_path: Path) -> None:
    for name, pack in PACKERS.items():
        path = tmp_path / f"pages.jsonl{name}"
        path.write_bytes(b"".join(pack(jsonl({"text": page})) for page in PAGES))
        assert [text for _, text in found(path)] == PAGES, name


def test_what_an_archive_holds_is_chosen_by_pattern(tmp_path: Path) -> None:
    path = tmp_path / "pages.tar.gz"
    path.write_bytes(gzip.compress(tar(**{"a.txt": b"a", "b.page": b"b", "c/d.page": b"d", "e.txt.gz": gzip.compress(b"e")})))
    assert found(path) == [("a.txt", "a"), ("e.txt.gz", "e")]
    assert found(path, globs=["*.page"]) == [("b.page", "b"), ("c/d.page", "d")]
    assert found(path, globs=["*.none"]) == [(None, "! holds no file that matches *.none (see --glob)")]


def links(folder: Path) -> Path:
    """A folder of links to one page: hard, soft, to a link, up; and of those that lead out of it, round, or to no page."""
    inner = folder / "in"
    (inner / "sub").mkdir(parents=True)
    (folder / "out.txt").write_text("a secret", "utf-8")
    (inner / "a.page").write_text(PAGES[0], "utf-8")
    (inner / "hard.txt").hardlink_to(inner / "a.page")
    for name, target in {
        "soft": "a.page", "soft-2": "soft.txt", "sub/up": "../a.page", "sub/hard": "../hard.txt",
        "absolute": folder / "out.txt", "outside": "../out.txt", "round": "round.txt", "folder": "sub", "gone": "b.txt",
    }.items():  # fmt: skip
        (inner / f"{name}.txt").symlink_to(target)
    return inner


LINKED = ["hard.txt", "soft-2.txt", "soft.txt", "sub/hard.txt", "sub/up.txt"]
LOST = ["absolute.txt", "folder.txt", "gone.txt", "outside.txt", "round.txt"]


@pytest.mark.parametrize("name", ["pages.tar", "pages.tar.gz"])
def test_links_in_a_tar_are_followed_in_it_and_never_out_of_it(tmp_path: Path, name: str) -> None:
    inner = links(tmp_path)
    os.mkfifo(inner / "pipe.txt")
    with tarfile.open(tmp_path / name, "w:gz" if name.endswith(".gz") else "w") as archive:
        archive.add(inner, ".")
    lost = dict.fromkeys(LOST, "! is a link to what is no file of the archive")
    pipe = {"pipe.txt": "! not a file but a pipe or a device"}
    got = {str(member).removeprefix("./"): text for member, text in found(tmp_path / name)}
    assert got == dict.fromkeys(LINKED, PAGES[0]) | lost | pipe


def test_links_in_a_zip_are_followed_in_it_and_never_out_of_it(tmp_path: Path) -> None:
    inner = links(tmp_path)
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        for path in inner.rglob("*.*"):
            info = zipfile.ZipInfo(str(path.relative_to(inner)))
            info.external_attr = path.lstat().st_mode << 16
            archive.writestr(info, os.readlink(path) if path.is_symlink() else path.read_bytes())
    assert dict(found(tmp_path / "pages.zip")) == dict.fromkeys(LINKED, PAGES[0]) | dict.fromkeys(
        LOST, "! is a link to what is no file of the archive"
    )


def test_links_in_a_tar_that_comes_by_a_pipe_are_named(process: Run, tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    page.write_text(PAGES[0], "utf-8")
    (tmp_path / "b.txt").symlink_to("a.txt")
    with tarfile.open(tmp_path / "pages.tar", "w") as archive:
        archive.add(page, "a.txt")
        archive.add(tmp_path / "b.txt", "b.txt")
    err = "newsclean: -#b.txt: is a link, which can't be followed in a pipe\n"
    args = ["clean", "-q", "--input-format", "tar", "-"]
    (line,) = process(*args, stdin=(tmp_path / "pages.tar").read_bytes(), status=1, err=err).splitlines()
    assert json.loads(line)["id"] == "-#a.txt"


def test_names_of_members_are_text_and_lead_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "pages.tar"
    path.write_bytes(tar(**{"../../etc/evil.txt": b"1", "/abs.txt": b"2", "esc\x1b.txt": b"3"}))
    assert found(path) == [("../../etc/evil.txt", "1"), ("/abs.txt", "2"), ("esc\x1b.txt", "3")]
    assert os.listdir(tmp_path) == ["pages.tar"]


def test_files_of_a_list_are_named_as_it_names_them() -> None:
    items = list(reading.given(["./iq/1.txt", "eg/1.txt", os.fsdecode(b"caf\xe9.txt")]))
    assert [item.name for item in items] == ["iq/1.txt", "eg/1.txt", "caf\\xe9.txt"]


# --- JSON ------------------------------------------------------------------------------------------------------------

LINES = [
    (b'{"text": "\xd8\xae\xd8\xa8\xd8\xb1"}', "خبر"),
    (b'\xef\xbb\xbf{"text": "a"}\r', "a"),
    (b'{"text": "half \\ud800 a character"}', "half \ufffd a character"),
    (b'{"text": "a", "score": NaN}', "a"),
    (b"   ", None),
    (b"{", "! is no JSON: unexpected end of data at character 2"),
    (b"\xff\xfe", "! is no JSON: str is not valid UTF-8: surrogates not allowed at character 1"),
    (b"[1]", "! is JSON, but no object: an array (JSONL is one JSON object a line)"),
    (b"null", "! is JSON, but no object: null (JSONL is one JSON object a line)"),
    (b'{"body": "a", "id": 1}', "! has no field 'text' (see --text-key); it has 'body', 'id'"),
    (b"{}", "! has no field 'text' (see --text-key); it has none"),
    (b'{"text": null}', "! has no text in the field 'text', but null"),
    (b'{"text": 1}', "! has no text in the field 'text', but a number"),
    (b"[" * 100_000, "! is no JSON: Recursion limit reached at character 1025"),
]


def test_a_line_of_json_is_a_dump_or_says_why_not(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_bytes(b"\n".join(line for line, _ in LINES))
    wanted = [(number, text) for number, (_, text) in enumerate(LINES, 1) if text is not None]
    got = found(path)
    assert [(n, t) for n, t in got if not t.startswith("! is no JSON")] == [
        (n, t) for n, t in wanted if not t.startswith("! is no JSON")
    ]
    assert [n for n, t in got if t.startswith("! is no JSON: ")] == [n for n, t in wanted if t.startswith("! is no JSON: ")]


def test_lines_of_json_are_read_in_the_encoding_given(newsclean: Run, tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_bytes('{"text": "خبر عاجل"}\n'.encode("cp1256") + b'{"text": "a\xff"}\n')
    err = re.compile(r"(newsclean: .*pages.jsonl#[12]: is no JSON: .* \(see --encoding\)\n){2}")
    newsclean("clean", "-q", path, status=1, err=err)
    args = ["clean", "-q", path, "--keep-meta", "--encoding"]
    first, second = map(json.loads, newsclean(*args, "windows-1256").splitlines())
    assert (first["stats"]["chars"], first["source"]["bytes"], first["flags"]) == (8, 15, ["not-article"])
    first, second = map(json.loads, newsclean(*args, "iso8859-6").splitlines())
    assert "decoding-damage" in second["flags"]


def test_other_fields_are_kept_if_asked_for(newsclean: Run, tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_bytes(jsonl({"url": "https://news.invalid/1", "page": PAGES[0], "tags": ["ا", 1], "text": "other"}))
    (record,) = map(json.loads, newsclean("clean", path, "--text-key", "page", "--keep-meta").splitlines())
    assert record["id"] == "pages.jsonl#1"
    assert record["source"]["member"] == 1
    assert record["source"]["meta"] == {"url": "https://news.invalid/1", "tags": ["ا", 1], "text": "other"}
    assert record["source"]["bytes"] == len(PAGES[0].encode())
    (record,) = map(json.loads, newsclean("clean", path, "--text-key", "page").splitlines())
    assert "meta" not in record["source"]


@pytest.mark.parametrize("number", ["1180591620717411303424", "-9223372036854775809", "18446744073709551615", "0.1"])
def test_a_number_that_is_kept_is_kept_exactly(newsclean: Run, tmp_path: Path, number: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"text": "خبر", "deep": [{{"n": {number}}}]}}\n', encoding="utf-8")
    record = json.loads(newsclean("clean", path, "--keep-meta"), parse_float=str, parse_int=str)
    assert record["source"]["meta"] == {"deep": [{"n": number}]}


def test_json_too_deep_to_be_kept_costs_itself(newsclean: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"text": "خبر", "deep": {"[" * 1000}{"]" * 1000}}}\n{{"text": "خبر"}}\n', encoding="utf-8")
    err = re.compile(r"newsclean: .*a\.jsonl#1: could not be cleaned, .*\n.* 1 failed\n")
    (record,) = newsclean("clean", path, "--keep-meta", status=1, err=err).splitlines()
    assert json.loads(record)["source"]["member"] == 2


def test_a_page_of_a_crawl_comes_with_its_address_and_time(newsclean: Run, tmp_path: Path) -> None:
    path = tmp_path / "crawl.wet.gz"
    path.write_bytes(gzip.compress(wet(*PAGES)))
    records = [json.loads(line) for line in newsclean("clean", path, "-q").splitlines()]
    assert [record["source"]["meta"]["url"] for record in records] == [f"https://news.invalid/{n}" for n in (1, 2, 3)]
    assert records[1]["source"]["meta"]["date"] == "2026-03-03T10:00:00Z"
    assert [record["id"] for record in records] == [f"crawl.wet.gz#{n}" for n in (2, 3, 4)]


def test_a_flat_row_has_what_was_kept_of_the_source(newsclean: Run, tmp_path: Path) -> None:
    crawl, pages = tmp_path / "crawl.wet", tmp_path / "pages.jsonl"
    crawl.write_bytes(wet(PAGES[0]))
    pages.write_bytes(jsonl({"text": PAGES[0], "url": "https://news.invalid/", "date": 5, "tags": ["ا"]}))
    rows = [json.loads(line) for line in newsclean("clean", crawl, pages, "-q", "--layout", "flat", "--keep-meta").splitlines()]
    assert [(row["url"], row["fetched"], row["meta"]) for row in rows] == [
        ("https://news.invalid/1", "2026-03-02T10:00:00Z", ""),
        ("https://news.invalid/", "", '{"date": 5, "tags": ["ا"]}'),
    ]
    assert rows[0].keys() == rows[1].keys()


# --- what is wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [".gz", ".bz2", ".xz", ".zst"])
def test_what_stands_before_a_cut_is_read_and_the_cut_is_named(tmp_path: Path, packed: str) -> None:
    pages = [corpus.dump(number) for number in range(400)]
    data = PACKERS[packed](jsonl(*({"text": page} for page in pages)))
    path = tmp_path / f"pages.jsonl{packed}"
    path.write_bytes(data[: len(data) * 2 // 3])
    *good, last = found(path)
    if packed != ".bz2":  # whose one block is whole or nothing
        assert good
    assert last == (None, "! is cut: the packed data end too soon")
    whole = good[:-1]  # the last may be half a line
    assert [text for _, text in whole] == pages[: len(whole)]


def test_a_cut_crawl_is_named(tmp_path: Path) -> None:
    data = wet(*PAGES)
    path = tmp_path / "crawl.wet"
    path.write_bytes(data[:-200])
    *good, last = found(path)
    assert [text for _, text in good] == PAGES[:2]
    assert last == (4, "! is cut: the file ends inside the record")


def second_header(data: bytes) -> int:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return archive.getmembers()[1].offset


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda data, at: data[:at] + b"\xff" * 512 + data[at + 512 :], "is damaged: bad checksum"),
        (lambda data, at: data[: at + 100], "is cut: the archive has no end"),
        (lambda data, at: data[:at], "is cut: the archive has no end"),
    ],
    ids=["header overwritten", "cut in a header", "cut before a header"],
)
def test_a_tar_that_ends_before_its_end_is_named(
    tmp_path: Path, spoil: Callable[[bytes, int], bytes], reason: str, packed: str
) -> None:
    data = tar(**TEXTS)
    path = tmp_path / f"pages.tar{packed}"
    path.write_bytes(PACKERS[packed](spoil(data, second_header(data))))
    assert found(path) == [("iq/0.txt", PAGES[0]), (None, f"! {reason} (after iq/0.txt)")]


def test_one_bad_member_of_a_zip_costs_itself(tmp_path: Path) -> None:
    data = zipped(**TEXTS)
    at = data.index(b"iq/1.txt") + 30
    path = tmp_path / "pages.zip"
    path.write_bytes(data[:at] + b"\xff\xff\xff" + data[at + 3 :])
    (_, first), (member, bad), (_, last) = found(path)
    assert (first, last) == (PAGES[0], PAGES[2])
    assert member == "iq/1.txt"
    assert bad.startswith("! is damaged: ")


@pytest.mark.parametrize("name", ["bomb.txt.gz", "bomb.jsonl.gz", "bomb.tar.gz", "bomb.zip", "bomb.wet.gz", "big.txt"])
def test_nothing_unpacks_into_more_than_it_may(tmp_path: Path, name: str) -> None:
    size = 8 << 20
    inner = {"jsonl": jsonl({"text": "a" * size}, {"text": "b"}), "tar": tar(**{"a.txt": b"a" * size, "b.txt": b"b"})}
    inner["wet"] = wet("a" * size, "b")
    path = tmp_path / name
    kind = name.split(".")[1]
    path.write_bytes(zipped(**{"a.txt": b"a" * size, "b.txt": b"b"}) if kind == "zip" else inner.get(kind, b"a" * size))
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(path.read_bytes()))
    got = []
    for item in dumps(walk([str(path)]), limit=1 << 20):
        try:
            got.append(load(item, limit=1 << 20)[0])
        except OSError as error:
            got.append(f"! {error.strerror}")
    assert got == ["! is longer than 1M (see --max-dump-bytes)", *(["b"] if kind not in ("txt",) else [])]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00" * 4096, "is not text: 4,096 NUL bytes among 4,096 bytes"),
        (bytes(range(256)) * 16, "is not text: "),
        (zipped(a=b"a"), "is a zip archive by another name (see --input-format)"),
        (wet("a"), "is a WARC file by another name (see --input-format)"),
        (tar(a=b"a"), "is a tar archive by another name (see --input-format)"),
    ],
    ids=["NUL", "every byte", "zip", "WARC", "tar"],
)
def test_what_is_no_text_is_not_taken_for_one(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(data)
    ((_, got),) = found(path)
    assert got.startswith(f"! {reason}")


@pytest.mark.parametrize("text", ["خبر\0", "خبر " * 100 + "\x01\x02\x03\x1f", "\x1b[31mخبر", "ابجد\0" * 40], ids=range(4))
def test_a_page_with_a_few_stray_bytes_is_a_page(tmp_path: Path, text: str) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(text.encode())
    ((_, got),) = found(path)
    assert got == text if text.count("\0") < 9 else got.startswith("! is not text: 40 NUL bytes")


def test_a_library_that_is_missing_is_named_with_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "crawl.wet").write_bytes(wet("a"))
    (tmp_path / "page.txt.zst").write_bytes(PACKERS[".zst"](b"a"))
    script = (
        "import sys; sys.modules.update({'warcio.archiveiterator': None, 'backports.zstd': None, 'compression.zstd': None})\n"
        "from arabic_newsclean.cli import main; main()"
    )
    args = [sys.executable, "-c", script, "clean", str(tmp_path), "--jobs", "1"]
    ran = subprocess.run(args, cwd=ROOT, capture_output=True, check=False)
    assert ran.returncode == 1
    assert "crawl.wet: WET needs a library: pip install 'newsclean[wet]'" in ran.stderr.decode()
    assert "page.txt.zst: Zstandard needs a library: pip install 'newsclean[zstd]'" in ran.stderr.decode()


@settings(max_examples=300, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(CONTAINERS)),
    packed=st.sampled_from(sorted(PACKERS)),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=8)), max_size=4),
    keep=st.floats(0, 1),
)
def test_a_damaged_container_is_never_more_than_a_reason(
    tmp_path: Path, name: str, packed: str, changes: list[tuple[float, bytes]], keep: float
) -> None:
    data = bytearray(PACKERS[packed](CONTAINERS[name]))
    for place, noise in changes:
        at = int(place * len(data))
        data[at : at + len(noise)] = noise
    path = tmp_path / f"{name}{packed}"
    path.write_bytes(data[: int(keep * len(data)) + 1] if keep < 0.7 else data)
    for _, text in found(path, limit=1 << 20):
        assert isinstance(text, str)


def test_an_input_is_named_by_a_path_that_can_be_opened() -> None:
    assert Input("a/b.tar", "b.tar", member="c.txt").shown == "a/b.tar#c.txt"
    assert (Input("-", "-").shown, Input("-", "-", member=2).id) == ("-", "-#2")
