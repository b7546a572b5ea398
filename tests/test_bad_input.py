"""Whatever lies between good dumps: each is named with its reason, nothing else is lost, and no traceback is seen."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import random
import socket
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import corpus
import pytest
from conftest import command, environment
from test_containers import PACKERS, jsonl, tar, wet, zipped

from arabic_newsclean import clean
from arabic_newsclean.reading import Input, dumps, load

PAGE = corpus.dump(1)
LONG = "".join(corpus.dump(number) for number in range(300))
LIMIT = ["--max-dump-bytes", "2M"]
BOMB = b"a" * (8 << 20)


def encrypted(data: bytes) -> bytes:
    """A zip archive whose members claim to be encrypted."""
    out = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.index(mark) + offset
        struct.pack_into("<H", out, at, struct.unpack_from("<H", out, at)[0] | 1)
    return bytes(out)


def method(data: bytes, number: int) -> bytes:
    """A zip archive whose members are packed in a way that nobody knows."""
    out = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", out, out.index(mark) + offset, number)
    return bytes(out)


def broken_crc(data: bytes) -> bytes:
    at = data.index(b"PK\x01\x02") + 16
    return data[:at] + b"\0\0\0\0" + data[at + 4 :]


#: What is in the file, and the beginning of what is said of it.
FILES: dict[str, tuple[bytes, str]] = {
    "nul.txt": (b"\0" * 4096, "is not text: 4,096 NUL bytes"),
    "padded.txt": (PAGE.encode() + b"\0" * 4096, "is not text: 4,096 NUL bytes"),
    "every-byte.txt": (bytes(range(256)) * 9, "is not text: "),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(3000), "is not text: "),
    "program.txt": (b"\x7fELF\x02\x01\x01" + b"\0" * 200 + random.Random(2).randbytes(3000), "is not text: "),
    "paper.txt": (b"%PDF-1.7\n" + random.Random(3).randbytes(3000), "is not text: "),
    "database.txt": (b"SQLite format 3\0" + b"\0\x01" * 500, "is not text: "),
    "zip.txt": (zipped(a=b"a"), "is a zip archive by another name"),
    "tar.txt": (tar(a=b"a"), "is a tar archive by another name"),
    "warc.txt": (wet("a"), "is a WARC file by another name"),
    "cut.txt.gz": (gzip.compress(LONG.encode())[:-100], "is cut: the packed data end too soon"),
    "cut.txt.bz2": (bz2.compress(LONG.encode())[:-100], "is cut: the packed data end too soon"),
    "cut.txt.xz": (lzma.compress(LONG.encode())[:-100], "is cut: the packed data end too soon"),
    "cut.txt.zst": (PACKERS[".zst"](LONG.encode())[:-100], "is cut: the packed data end too soon"),
    "head-only.txt.gz": (b"\x1f\x8b\x08", "is cut: the packed data end too soon"),
    "damaged.txt.gz": (b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"\xff" * 200, "is damaged: "),
    "bad-sum.txt.gz": (gzip.compress(PAGE.encode())[:-8] + b"\0" * 8, "is damaged: CRC check failed"),
    "junk-behind.txt.gz": (gzip.compress(PAGE.encode()) + b"junk behind", "is damaged: Not a gzipped file"),
    "damaged.txt.bz2": (b"BZh91AY&SY" + b"\xff" * 200, "is damaged: Invalid data stream"),
    "damaged.txt.xz": (b"\xfd7zXZ\0" + b"\xff" * 200, "is damaged: "),
    "damaged.txt.zst": (b"\x28\xb5\x2f\xfd" + b"\xff" * 200, "is damaged: "),
    "bomb.txt.gz": (gzip.compress(BOMB), "is longer than 2M"),
    "bomb.txt.bz2": (bz2.compress(BOMB), "is longer than 2M"),
    "bomb.txt.xz": (lzma.compress(BOMB), "is longer than 2M"),
    "bomb.txt.zst": (PACKERS[".zst"](BOMB), "is longer than 2M"),
    "long.txt": (BOMB, "is longer than 2M"),
    "twice-packed.txt.gz": (gzip.compress(gzip.compress(random.Random(4).randbytes(3000))), "is not text: "),
    "broken.jsonl": (b'{"text": "a"\n', "is no JSON: "),
    "no-key.jsonl": (jsonl({"body": "a"}), "has no field 'text'"),
    "null.jsonl": (jsonl({"text": None}), "has no text in the field 'text', but null"),
    "number.jsonl": (jsonl({"text": 5}), "has no text in the field 'text', but a number"),
    "array.jsonl": (jsonl([1]), "is JSON, but no object: an array"),
    "deep.jsonl": (b"[" * 100_000, "is no JSON: "),
    "binary.jsonl": (random.Random(5).randbytes(2000).replace(b"\n", b"-"), "is no JSON: "),
    "long.jsonl": (jsonl({"text": "a" * (8 << 20)}), "is longer than 2M"),
    "cut.jsonl.gz": (gzip.compress(b'{"text": "' + os.urandom(50_000).hex().encode())[:-100], "is cut: "),
    "cut.wet": (wet(PAGE)[:-100], "is cut: the file ends inside the record"),
    "empty.wet": (wet(), "holds no dump"),
    "empty.jsonl": (b"\n", "holds no dump"),
    "head-only.wet": (b"WARC/1.0\r\n", "holds no dump"),
    "cut.tar": (tar(**{"a.txt": LONG.encode()})[:-30_000], "is damaged: unexpected end of data"),
    "other.tar": (tar(a=b"a"), "holds no file that matches"),
    "cut.zip": (zipped(**{"a.txt": LONG.encode()})[:-100], "is damaged: File is not a zip file"),
    "secret.zip": (encrypted(zipped(**{"a.txt": b"a"})), "is encrypted"),
    "unknown.zip": (method(zipped(**{"a.txt": b"a"}), 77), "That compression method is not supported"),
    "bad-sum.zip": (broken_crc(zipped(**{"a.txt": b"a"})), "is damaged: Bad CRC-32"),
    "bomb.zip": (zipped(**{"a.txt": BOMB}), "is longer than 2M"),
    "empty.zip": (zipped(), "holds no file that matches"),
}


def plant(folder: Path) -> dict[str, str]:
    """Bad inputs of every kind, and what is to be said of each, by name."""
    for name, (data, _) in FILES.items():
        (folder / name).write_bytes(data)
    said = {name: reason for name, (_, reason) in FILES.items()}
    os.mkfifo(folder / "pipe.txt")
    said["pipe.txt"] = "not a file but a pipe or a device"
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(folder)  # the path of a socket is short
        server.bind("socket.txt")
        os.chdir(here)
    said["socket.txt"] = "not a file but a pipe or a device"
    (folder / "gone.txt").symlink_to("nowhere")
    said["gone.txt"] = "No such file or directory"
    (folder / "loop.txt").symlink_to("loop.txt")
    said["loop.txt"] = "Too many levels of symbolic links"
    (folder / "device.txt").symlink_to("/dev/zero")
    said["device.txt"] = "not a file but a pipe or a device"
    (folder / "folder.txt").symlink_to(folder)
    (folder / os.fsdecode(b"caf\xe9\n\x1b[31m.txt")).write_bytes(b"\0" * 50)
    said["caf\\xe9\n\x1b[31m.txt"] = "is not text: 50 NUL bytes"
    return said


def test_bad_inputs_between_good_ones(tmp_path: Path) -> None:
    folder = tmp_path / "dumps"
    folder.mkdir()
    for number in range(200):
        (folder / f"{chr(97 + number % 26)}{number:03}.txt").write_text(corpus.dump(number, paragraphs=1), encoding="utf-8")
    said = plant(folder)
    assert len(said) >= 40
    args = ["--glob", "*.*", *LIMIT, "-o", tmp_path / "out.jsonl", "--rejects", tmp_path / "bad.jsonl"]
    ran = subprocess.run(command("clean", folder, *args), capture_output=True, env=environment(), timeout=120, check=False)
    err = ran.stderr.decode()
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert "Traceback" not in err
    assert "\x1b" not in err
    good = [json.loads(line)["id"] for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert len(set(good)) == len(good) == 200
    rejects = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text("utf-8").splitlines()]
    assert len(rejects) == len(said)
    for row in rejects:
        assert row["reason"].startswith(said.pop(row["id"].partition("#")[0])), row
    assert not said
    *lines, sums = err.splitlines()
    assert len(lines) == len(rejects)
    assert sums == f"newsclean: 200 dumps, 200 articles, 0 not-article, {len(rejects)} failed"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(newsclean: Callable[..., str], page: Path) -> None:
    (page / "page.txt").chmod(0)
    newsclean("clean", page, status=1, err=f"newsclean: {page}/page.txt: Permission denied\n")


def test_a_dump_that_vanishes_or_grows_meanwhile_costs_itself(tmp_path: Path) -> None:
    """Files change under the walk: what is listed may be gone when its turn comes."""
    for number in range(60):
        (tmp_path / f"{number:03}.txt").write_text(PAGE)
    args = command("clean", tmp_path, "-q", "-j", "1")
    with subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        first = running.stdout.readline()  # the files are listed, and the pipe holds no more than some of their records
        (tmp_path / "050.txt").unlink()
        with (tmp_path / "051.txt").open("a") as file:
            file.write(PAGE)
        records = [json.loads(line) for line in (first + running.stdout.read()).splitlines()]
        assert running.stderr.read().decode() == f"newsclean: {tmp_path}/050.txt: No such file or directory\n"
        assert running.wait(60) == 1
    sizes = {record["id"]: record["stats"]["chars"] for record in records}
    assert sizes == {f"{n:03}.txt": len(PAGE) * (2 if n == 51 else 1) for n in range(60) if n != 50}


def mutated(dice: random.Random, data: bytes) -> bytes:
    """The same with some bytes changed, put in, taken out, or an end cut off."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at, size = dice.randrange(len(out) + 1), dice.choice((1, 2, 8, 64))
        out[at : at + dice.choice((0, size))] = dice.randbytes(dice.choice((0, size)))
    return bytes(out[: dice.randrange(len(out) + 1)] if dice.random() < 0.2 else out)


def fuzz(seed: int, count: int, folder: Path) -> int:
    """Read and clean so many inputs of no sense: no error but a reason, and law 1 for every text. How many were texts."""
    dice = random.Random(seed)
    pages = [corpus.dump(number).encode() for number in range(20)]
    packers = list(PACKERS.items())
    kinds: list[tuple[str, Callable[[], bytes]]] = [
        (".txt", lambda: dice.randbytes(dice.randrange(3000))),
        (".txt", lambda: mutated(dice, dice.choice(pages))),
        (
            ".txt",
            lambda: mutated(
                dice, dice.choice(pages).decode().encode(dice.choice(("cp1256", "utf-16", "iso8859-6")), "replace")
            ),
        ),
        (".txt", lambda: "".join(dice.choices("\n\r\t \u200f\u00a0اب.:|…-", k=dice.randrange(2000))).encode()),
        (".jsonl", lambda: mutated(dice, jsonl(*({"text": page.decode()} for page in dice.sample(pages, 3))))),
        (".wet", lambda: mutated(dice, wet(*(page.decode() for page in dice.sample(pages, 3))))),
        (".tar", lambda: mutated(dice, tar(**{f"{n}.txt": page for n, page in enumerate(dice.sample(pages, 3))}))),
        (".zip", lambda: mutated(dice, zipped(**{f"{n}.txt": page for n, page in enumerate(dice.sample(pages, 3))}))),
    ]
    reasons: set[str | None] = set()
    texts = 0
    for _ in range(count):
        ending, make = dice.choice(kinds)
        packing, pack = dice.choice(packers) if dice.random() < 0.3 else ("", bytes)
        path = folder / f"input{ending}{packing}"
        data = pack(make())
        path.write_bytes(mutated(dice, data) if packing else data)
        for item in dumps([Input(str(path), path.name)], limit=4 << 20):
            try:
                text, source = load(item, limit=4 << 20)
            except OSError as error:
                reasons.add(error.strerror)
                continue
            document = clean(text)
            assert "".join(segment.of(text) for segment in document.segments) == text
            json.dumps(document.record(source)).encode()
            texts += 1
    assert None not in reasons
    return texts


def test_inputs_of_no_sense_give_a_reason_or_a_record(tmp_path: Path) -> None:
    assert fuzz(1, 400, tmp_path) > 100


def test_a_full_disk_is_said_and_the_run_resumed_when_there_is_room(tmp_path: Path) -> None:
    """On a file system of its own where we may make one; the limit of a file's size tests the same elsewhere."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("may not mount a small disk")
    try:
        dumps_ = tmp_path / "dumps"
        dumps_.mkdir()
        for number in range(120):
            (dumps_ / f"{number:03}.txt").write_text(corpus.dump(number))
        (disk / "ballast").write_bytes(b"-" * 200_000)
        args = command("clean", dumps_, "-q", "-o", disk / "out.jsonl", "--resume")
        ran = subprocess.run(args, capture_output=True, env=environment(), timeout=60, check=False)
        hint = "; what is done is kept: the same command with --resume goes on from there"
        wanted = f"newsclean: cannot write {disk}/out.jsonl: No space left on device{hint}\n"
        assert (ran.returncode, ran.stderr.decode()) == (1, wanted)
        assert not (disk / "out.jsonl").exists()
        (disk / "ballast").unlink()
        subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
        ran = subprocess.run(args, capture_output=True, env=environment(), timeout=60, check=False)
        assert (ran.returncode, ran.stderr.decode()) == (0, "")
        assert os.listdir(disk) == ["out.jsonl"]
        whole = subprocess.run(command("clean", dumps_, "-q"), capture_output=True, env=environment(), check=True)
        assert (disk / "out.jsonl").read_bytes() == whole.stdout
    finally:
        subprocess.run(["umount", disk], check=True)


if __name__ == "__main__":  # python tests/test_bad_input.py 20000
    import sys
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        total = int(sys.argv[1])
        print(f"{total} inputs, {fuzz(2, total, Path(place))} texts: every one a reason or a record")
