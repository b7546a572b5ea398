"""Files to dumps: a file of text is one, a container (JSONL, WET, tar, zip) is many. All stream; none is held whole.

What a container holds beyond a fault in it cannot be read, and is told as an `Input` with that problem; a fault of one
member costs that member alone.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stderr
from dataclasses import replace
from typing import BinaryIO, Final

from arabic_newsclean.reading import archives, streams
from arabic_newsclean.reading.finding import TEXTS, none_matches
from arabic_newsclean.reading.inputs import JSON, LIMIT, STDIN, TEXT, Input, unusable

WET: Final = "wet"
TAR: Final = "tar"
ZIP: Final = "zip"
#: What a file may be, by the names of ``--input-format``.
FORMATS: Final = (TEXT, JSON, WET, TAR, ZIP)

_PACKED_NAMES: Final = (".gz", ".bz2", ".xz", ".zst")
_JSON_NAMES: Final = (".jsonl", ".ndjson")


def dumps(
    files: Iterable[Input], form: str | None = None, *, globs: Sequence[str] | None = None, limit: int = LIMIT
) -> Iterator[Input]:
    """The dumps in files, in order. ``form`` is one of `FORMATS`; without it the name and the content of a file tell.

    ``globs`` choose the members of an archive. A member of more than ``limit`` bytes is a problem.
    """
    for file in files:
        if file.problem is not None or _is_one_dump(file, form):
            yield file
        else:
            yield from _members(file, form, tuple(globs or TEXTS), limit)


def _is_one_dump(file: Input, form: str | None) -> bool:
    """Whether a file need not be opened here: it is read where it is cleaned."""
    named_text = file.path == STDIN or _plain(file.path).endswith(".txt")
    return form == TEXT or (form is None and named_text)


def _plain(path: str) -> str:
    """A name without the ending that says how it is packed."""
    path = path.lower()
    return next((path.removesuffix(packed) for packed in _PACKED_NAMES if path.endswith(packed)), path)


def _members(file: Input, form: str | None, globs: Sequence[str], limit: int) -> Iterator[Input]:
    try:
        if form is None and stat.S_ISDIR(os.stat(file.path).st_mode):
            yield file
            return
        with streams.opened(file.path) as stream:
            kind = form or _recognised(stream.peek(512)[:512], file.path)
            if kind == TEXT:
                yield file
            else:
                found = False
                for item in _READERS[kind](file, stream, globs, limit):
                    found = True
                    yield item
                if not found:
                    yield replace(file, problem=none_matches(globs) if kind in (TAR, ZIP) else unusable("holds no dump"))
    except Exception as error:
        yield replace(file, problem=streams.problem(error))


def _recognised(start: bytes, path: str) -> str:
    """What a file is: archives and WET by their first bytes, JSONL by its name, and everything else is a dump."""
    if start.startswith(archives.ZIP_SIGNS):
        return ZIP
    if start.startswith(b"WARC/"):
        return WET
    if start[257:262] == b"ustar":
        return TAR
    return JSON if _plain(path).endswith(_JSON_NAMES) else TEXT


def _json_lines(file: Input, stream: BinaryIO, _globs: Sequence[str], limit: int) -> Iterator[Input]:
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit and not line.endswith(b"\n"):
            while not line.endswith(b"\n") and (line := stream.readline(1 << 20)):
                pass
            yield replace(file, member=number, problem=unusable(streams.too_long(limit)))
        elif data := line.removeprefix(b"\xef\xbb\xbf").strip():
            yield replace(file, member=number, data=data, form=JSON)


def _wet(file: Input, stream: BinaryIO, _globs: Sequence[str], limit: int) -> Iterator[Input]:
    """The plain texts of a WET file, which are its records of type conversion, with their address and time."""
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError:
        raise unusable("WET needs a library: pip install 'newsclean[wet]'") from None
    records = ArchiveIterator(stream, no_record_parse=True)
    number = 0
    while True:
        faults = records.err_count
        try:
            with redirect_stderr(io.StringIO()):  # it says there what we say in a line of our own
                record = next(records, None)
            data = b"" if record is None else record.content_stream().read(limit + 1)
        except Exception as error:  # it raises what its parsing stumbles over, whatever that is
            raise unusable(f"{streams.fault(error)} (after record {number})") from None
        if records.err_count > faults and number:
            yield replace(file, member=number + 1, problem=unusable("the record before it is not as long as it says"))
        if record is None:
            return
        number += 1
        if record.rec_type != "conversion":
            continue
        member = replace(file, member=number)
        if len(data) > limit:
            yield replace(member, problem=unusable(streams.too_long(limit)))
        elif len(data) < (record.length or 0):
            yield replace(member, problem=unusable("is cut: the file ends inside the record"))
        else:
            fields = {"url": "WARC-Target-URI", "date": "WARC-Date"}
            meta = {name: record.rec_headers.get_header(field) for name, field in fields.items()}
            yield replace(member, data=data, meta=meta)


_READERS: Final[dict[str, Callable[[Input, BinaryIO, Sequence[str], int], Iterator[Input]]]] = {
    JSON: _json_lines,
    WET: _wet,
    TAR: archives.tar,
    ZIP: archives.zipped,
}
