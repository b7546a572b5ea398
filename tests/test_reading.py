"""What is found, read and decoded."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic_newsclean import reading
from arabic_newsclean.reading import Input, codec, decode, detect, read, walk

PROSE = "قال الوزير، اليوم، إن الحكومة أقرت الموازنة؛ وأضاف: «هذا قرار مهم» للعام المقبل وما يليه."


def names(*paths: str | Path, globs: tuple[str, ...] = reading.GLOBS) -> list[str]:
    return [item.name for item in walk([str(path) for path in paths], globs)]


def plant(top: Path, *files: str) -> None:
    for file in files:
        (top / file).parent.mkdir(parents=True, exist_ok=True)
        (top / file).write_bytes(b"")


# --- finding ---------------------------------------------------------------------------------------------------------


def test_a_folder_is_walked_whole_and_sorted(tmp_path: Path) -> None:
    plant(tmp_path, "b.txt", "iq/2.txt", "iq/10.txt", "a.txt", "eg/1.txt", "iq/notes.md")
    assert names(tmp_path) == ["a.txt", "b.txt", "eg/1.txt", "iq/10.txt", "iq/2.txt"]


def test_paths_keep_their_order_and_files_their_name(tmp_path: Path) -> None:
    plant(tmp_path, "iq/1.txt", "page.html")
    assert names(tmp_path / "page.html", "-", f"{tmp_path}/iq/", "missing") == ["page.html", "-", "1.txt", "missing"]


def test_a_pattern_is_for_the_name_or_with_a_slash_for_the_path(tmp_path: Path) -> None:
    plant(tmp_path, "iq/1.txt", "iq/1.text", "eg/1.text")
    assert names(tmp_path, globs=("*.text",)) == ["eg/1.text", "iq/1.text"]
    assert names(tmp_path, globs=("iq/*", "eg/*.none")) == ["iq/1.text", "iq/1.txt"]


def test_links_to_files_are_read_and_links_to_folders_are_no_trap(tmp_path: Path) -> None:
    plant(tmp_path, "1.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "link.txt").symlink_to(tmp_path / "1.txt")
    assert names(tmp_path) == ["1.txt", "link.txt"]


def test_a_name_that_is_not_utf8_is_written_with_escapes(tmp_path: Path) -> None:
    plant(tmp_path, os.fsdecode(b"caf\xe9.txt"), "خبر.txt")
    assert names(tmp_path) == ["caf\\xe9.txt", "خبر.txt"]


def test_a_folder_with_nothing_to_read_says_so_when_read(tmp_path: Path) -> None:
    plant(tmp_path, "page.html")
    (item,) = walk([str(tmp_path)])
    with pytest.raises(FileNotFoundError, match=r"no file that matches \*.txt or \*.wet \(see --glob\)"):
        read(item)


def test_a_folder_that_may_not_be_listed_says_so_when_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, "1.txt", "closed/2.txt")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    good, bad = walk([str(tmp_path)])
    assert (good.name, read(good)) == ("1.txt", b"")
    with pytest.raises(PermissionError):
        read(bad)


# --- reading ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def pipe(tmp_path: Path) -> str:
    path = str(tmp_path / "pipe.txt")
    os.mkfifo(path)
    return path


def test_a_pipe_among_the_files_is_refused_and_not_waited_for(pipe: str) -> None:
    with pytest.raises(OSError, match="not a file but a pipe or a device"):
        read(Input(pipe, "pipe.txt"))


@pytest.mark.parametrize(("path", "error"), [("missing.txt", FileNotFoundError), (os.curdir, IsADirectoryError)])
def test_what_cannot_be_read_raises_with_the_reason(path: str, error: type[OSError]) -> None:
    with pytest.raises(error):
        read(Input(path, path))


# --- decoding --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"", "utf-8"),
        (b"plain", "utf-8"),
        (PROSE.encode(), "utf-8"),
        (PROSE.encode("utf-8-sig"), "utf-8-sig"),
        (PROSE.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + PROSE.encode("utf-16-be"), "utf-16"),
        (PROSE.encode("utf-16-le"), "utf-16-le"),
        (PROSE.encode("utf-16-be"), "utf-16-be"),
        (PROSE.encode("cp1256"), "cp1256"),
        ("خبر".encode("cp1256"), "cp1256"),
        ("“Un été à Alger”".encode("cp1256"), "cp1256"),
        (PROSE.translate(dict.fromkeys(map(ord, "«»"))).encode("iso8859-6"), "iso8859-6"),
        ("وزير الداخلية يصل إلى المدينة".encode("iso8859-6"), "iso8859-6"),
    ],
)
def test_encodings_are_told_apart(data: bytes, encoding: str) -> None:
    text, found, flags = decode(data)
    assert (found, flags) == (encoding, ())
    assert data.decode(encoding) == text
    assert not text.startswith("\ufeff")


@pytest.mark.parametrize(
    "data",
    [
        PROSE.encode()[:-2] + b"\xd9",
        PROSE.encode()[1:],
        PROSE.encode() + b"\n\xff\n" + PROSE.encode(),
        PROSE.encode() + "\nسطر من صفحة أخرى\n".encode("cp1256") + PROSE.encode(),
    ],
    ids=["cut at the end", "cut at the beginning", "a bad byte", "a line of another encoding"],
)
def test_damaged_utf8_stays_utf8_and_is_flagged(data: bytes) -> None:
    text, encoding, flags = decode(data)
    assert (encoding, flags[0]) == ("utf-8", "decoding-damage")
    assert ("truncated" in flags) == data.endswith(b"\xd9")
    assert "\ufffd" in text
    assert PROSE[1:-2] in text


def test_damage_that_the_page_came_with_is_not_ours() -> None:
    assert decode("خبر \ufffd عاجل".encode()).flags == ()


def test_line_ends_stay() -> None:
    assert decode("خبر\r\nثان\r".encode()).text == "خبر\r\nثان\r"


def test_an_encoding_given_is_the_one_used() -> None:
    assert decode(PROSE.encode("cp1256"), "Windows-1256") == (PROSE, "cp1256", ())
    assert decode(b"\xc7\xff", "iso8859-6") == ("ا\ufffd", "iso8859-6", ("decoding-damage",))
    assert decode(b"+2AA-", "utf-7") == ("\ufffd", "utf-7", ("decoding-damage",))


@pytest.mark.parametrize("name", ["latin-99", "hex", "rot13", "idna", "undefined", "", "a b"])
def test_an_encoding_nobody_knows_is_refused(name: str) -> None:
    with pytest.raises(LookupError):
        codec(name)


def again(data: bytes, encoding: str) -> str:
    """The text of some bytes by what a record says of its encoding: one codec, or a chain of them."""
    first, *chain = encoding.split(">")
    text = data.decode(first, "replace")
    for wrong, right in zip(chain[::2], chain[1::2], strict=True):
        text = misread(text, wrong).decode(right)
    return text


@given(st.binary())
def test_any_bytes_become_text_that_the_named_codec_gives_again(data: bytes) -> None:
    text, encoding, flags = decode(data)
    assert text == again(data, encoding)
    text.encode("utf-8")  # no lone surrogates
    if not flags:
        data.decode(encoding)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff")))
def test_any_utf8_is_read_as_utf8(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8", ())


MARKS = st.sampled_from([b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE])


@given(MARKS, st.binary(), st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "cp1256", "shift_jis"]))
def test_an_encoding_given_never_fails_on_bytes_and_gives_the_text_again(mark: bytes, data: bytes, encoding: str) -> None:
    found = decode(mark + data, encoding)
    assert found.text == again(mark + data, found.encoding)
    found.text.encode("utf-8")


@given(st.binary())
def test_half_characters_that_a_codec_gives_are_no_text(data: bytes) -> None:
    decode(data, "utf-7").text.encode("utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_is_left_out_by_the_codec_that_is_named(encoding: str) -> None:
    data = f"\ufeff{PROSE}".encode(encoding)
    text, named, flags = decode(data, encoding)
    assert (text, flags) == (PROSE, ())
    assert data.decode(named) == text
    assert decode(f"\ufeff\ufeff{PROSE}".encode(encoding), encoding).text == f"\ufeff{PROSE}"


def test_a_byte_order_mark_that_was_misread_is_left_out_too() -> None:
    wrong = f"\ufeff{PROSE}".encode().decode("cp1256")
    assert decode(wrong.encode()) == (PROSE, "utf-8>cp1256>utf-8-sig", ("mojibake-repaired",))


@given(st.sampled_from(["cp1256", "iso8859-6"]), st.integers(0, 60))
def test_the_two_code_pages_are_told_apart_from_a_line(encoding: str, start: int) -> None:
    line = (PROSE + " " + PROSE)[start : start + 60]
    assert detect(line.encode(encoding, "ignore")) == encoding


# --- text that was misread before ------------------------------------------------------------------------------------


def misread(text: str, codec: str) -> bytes:
    """Text back to bytes; Latin-1 stands for Windows-1252 too, whose five gaps are control characters."""
    if codec != "latin-1":
        return text.encode(codec)
    return b"".join(char.encode("latin-1") if ord(char) < 256 else char.encode("cp1252") for char in text)


def as_browsers_read(data: bytes) -> str:
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)


@pytest.mark.parametrize(
    "wrong",
    [
        PROSE.encode().decode("cp1256"),
        PROSE.encode().decode("latin-1"),
        as_browsers_read(PROSE.encode()),
        PROSE.encode().decode("cp1256").encode().decode("cp1256"),
        PROSE.encode("cp1256").decode("latin-1"),
        as_browsers_read(PROSE.encode("cp1256")),
    ],
    ids=["utf-8 as cp1256", "utf-8 as latin-1", "utf-8 as cp1252", "twice", "cp1256 as latin-1", "cp1256 as cp1252"],
)
def test_misread_text_is_repaired_exactly(wrong: str) -> None:
    text, encoding, flags = decode(wrong.encode())
    assert (text, flags) == (PROSE, ("mojibake-repaired",))
    assert again(wrong.encode(), encoding) == text


def test_misread_text_that_cannot_be_repaired_is_left_alone_and_flagged() -> None:
    wrong = PROSE.encode().decode("cp1256").replace("\xad", "")  # the soft hyphen is half of ح
    assert decode(wrong.encode()) == (wrong, "utf-8", ("mojibake",))


@pytest.mark.parametrize("text", [PROSE, "خط", "طط ظظ", "Ça va à Alger, où l'été est là", "ظرف طارئ وطبيب ظل ينتظر", ""])
def test_text_that_only_looks_misread_is_left_alone(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8", ())


def test_an_encoding_given_is_not_second_guessed() -> None:
    wrong = PROSE.encode().decode("cp1256")
    assert decode(wrong.encode(), "utf-8").text == wrong
