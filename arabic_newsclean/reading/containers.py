"""Files to dumps: a file of text is one, a container (JSONL, WET, tar, zip) is many. All stream; none is held whole.

What a container holds beyond a fault in it cannot be read, and is told as an `Input` with that problem; a fault of one
member costs that member alone.
"""

from __future__ import annotations

import io
import os
import posixpath
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, Final, Self, cast

from arabic_newsclean.reading import streams
from arabic_newsclean.reading.finding import TEXTS, matcher, none_matches
from arabic_newsclean.reading.inputs import JSON, LIMIT, STDIN, TEXT, Input, named, unusable

if TYPE_CHECKING:
    from tarfile import TarFile, TarInfo
    from zipfile import ZipFile, ZipInfo

WET: Final = "wet"
TAR: Final = "tar"
ZIP: Final = "zip"
#: What a file may be, by the names of ``--input-format``.
FORMATS: Final = (TEXT, JSON, WET, TAR, ZIP)

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")  # the second: one without a member
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
        yield replace(file, problem=_problem(error))


def _recognised(start: bytes, path: str) -> str:
    """What a file is: archives and WET by their first bytes, JSONL by its name, and everything else is a dump."""
    if start.startswith(_ZIP):
        return ZIP
    if start.startswith(b"WARC/"):
        return WET
    if start[257:262] == b"ustar":
        return TAR
    return JSON if _plain(path).endswith(_JSON_NAMES) else TEXT


def _problem(error: Exception) -> OSError:
    """The error as one of an input."""
    return error if isinstance(error, OSError) and error.strerror else unusable(streams.fault(error))


def _text(file: Input, stream: BinaryIO, limit: int) -> Input:
    return replace(file, data=streams.fitting(streams.at_most(stream, limit), limit))


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


def _tar(file: Input, stream: BinaryIO, globs: Sequence[str], limit: int) -> Iterator[Input]:
    matches = matcher(globs)
    links: dict[str, str] = {}  # each link, and where in the archive it leads
    wanted: list[str] = []
    for archive, member in _tar_members(stream):
        if member.islnk() or member.issym():
            links[posixpath.normpath(member.name)] = _target(member.name, member.linkname, hard=member.islnk())
            wanted += [member.name] * matches(member.name)
        elif not member.isdir() and matches(member.name):
            yield _tar_text(file, archive, member, limit)
    if wanted:
        yield from _linked(file, wanted, links, limit)


def _linked(file: Input, wanted: Sequence[str], links: Mapping[str, str], limit: int) -> Iterator[Input]:
    """The dumps that links in a tar archive lead to. They lie before the links, so the archive is read once more."""
    names: dict[str, list[str]] = {}
    for name in wanted:
        names.setdefault(_end(name, links), []).append(name)
    if file.path != STDIN:
        with streams.opened(file.path) as stream:
            for archive, member in _tar_members(stream):
                if member.isfile() and (here := names.pop(posixpath.normpath(member.name), None)):
                    found = _tar_text(file, archive, member, limit)
                    yield from (replace(found, member=named(name)) for name in here)
    reason = "is a link, which can't be followed in a pipe" if file.path == STDIN else _LOST_LINK
    yield from (replace(file, member=named(name), problem=unusable(reason)) for here in names.values() for name in here)


_LOST_LINK: Final = "is a link to what is no file of the archive"


def _target(name: str, link: str, *, hard: bool = False) -> str:
    """Where in the archive a link leads: a hard one says so itself, the other from where it is.

    >>> _target("iq/1.txt", "../eg/2.txt"), _target("iq/1.txt", "./eg/2.txt", hard=True)
    ('eg/2.txt', 'eg/2.txt')
    """
    return posixpath.normpath(link if hard else posixpath.join(posixpath.dirname(name), link))


def _end(name: str, links: Mapping[str, str]) -> str:
    """Where a link leads in the end, from link to link; to one of them where they go round."""
    place = posixpath.normpath(name)
    passed = set()
    while place in links and place not in passed:
        passed.add(place)
        place = links[place]
    return place


def _tar_text(file: Input, archive: TarFile, member: TarInfo, limit: int) -> Input:
    found = replace(file, member=named(member.name))
    if not member.isfile():
        return replace(found, problem=unusable("not a file but a pipe or a device"))
    content = archive.extractfile(member)
    if member.size > limit or content is None:
        return replace(found, problem=unusable(streams.too_long(limit)))
    data = content.read()
    if len(data) < member.size:
        raise EOFError
    return replace(found, data=data)


def _tar_members(stream: BinaryIO) -> Iterator[tuple[TarFile, TarInfo]]:
    """The members of a tar archive, each to be read before the next is asked for."""
    import tarfile

    with tarfile.open(fileobj=stream, mode="r|", tarinfo=_whole_members()) as archive:
        last = None
        while (member := _next(archive, last)) is not None:
            archive.members = []  # type: ignore[attr-defined]  # or it remembers them all
            yield archive, member
            last = named(member.name)


def _next(archive: TarFile, last: str | None) -> TarInfo | None:
    """The next member; none where the archive says that it ends. What ends it otherwise is told with the ``last`` one."""
    try:
        return archive.next()
    except Exception as error:
        raise unusable(f"{streams.fault(error)} (after {last or 'no member'})") from None


@cache
def _whole_members() -> type[TarInfo]:
    """The members of a tar archive. `tarfile` alone takes a header that is damaged or cut for the end of the archive."""
    import tarfile

    class Member(tarfile.TarInfo):
        @classmethod
        def fromtarfile(cls, archive: TarFile) -> Self:
            try:
                return super().fromtarfile(archive)
            except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
                raise
            except (tarfile.EmptyHeaderError, tarfile.TruncatedHeaderError):  # type: ignore[attr-defined]
                raise unusable("is cut: the archive has no end") from None
            except tarfile.HeaderError as error:
                raise tarfile.ReadError(str(error)) from None

    return Member


def _zip(file: Input, stream: BinaryIO, globs: Sequence[str], limit: int) -> Iterator[Input]:
    import zipfile

    with open(os.devnull if file.path == STDIN else file.path, "rb") as raw:
        alone = raw.read(4) in _ZIP
    if not alone and file.path != STDIN and not _is_zip(stream):
        raise unusable("is no zip archive")
    if not alone:
        raise unusable("a zip archive ends with its list of contents: it must be a whole file, and no pipe")
    matches = matcher(globs)
    with zipfile.ZipFile(file.path) as archive:
        for info in archive.infolist():
            if info.is_dir() or not matches(info.filename):
                continue
            found = replace(file, member=named(info.filename))
            if info.flag_bits & 1:
                yield replace(found, problem=unusable("is encrypted"))
                continue
            try:
                with archive.open(_followed(archive, info)) as content:
                    yield _text(found, cast(BinaryIO, content), limit)
            except NotImplementedError as error:  # a way of packing that Python lacks
                yield replace(found, problem=unusable(" ".join(str(error).split())))
            except Exception as error:
                yield replace(found, problem=_problem(error))


def _is_zip(stream: BinaryIO) -> bool:
    return cast(io.BufferedReader, stream).peek(4).startswith(_ZIP)


def _followed(archive: ZipFile, info: ZipInfo) -> ZipInfo:
    """What a link in a zip archive leads to there; what is no link leads to itself."""
    passed = set()
    while stat.S_ISLNK(info.external_attr >> 16):
        passed.add(info.filename)
        with archive.open(info) as content:
            target = _target(info.filename, content.read(4096).decode("utf-8", "replace"))
        if target in passed or target not in archive.NameToInfo:
            raise unusable(_LOST_LINK)
        info = archive.NameToInfo[target]
    return info


_READERS: Final[dict[str, Callable[[Input, BinaryIO, Sequence[str], int], Iterator[Input]]]] = {
    JSON: _json_lines,
    WET: _wet,
    TAR: _tar,
    ZIP: _zip,
}
