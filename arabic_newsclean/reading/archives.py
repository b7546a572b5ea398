"""Archives to dumps: the texts in a tar, which is read from its beginning to its end, and in a zip, which is a whole file.

A link in an archive is the text that it leads to there, as in a folder; nothing leads out of it.
"""

from __future__ import annotations

import io
import os
import posixpath
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, Final, Self, cast

from arabic_newsclean.reading import streams
from arabic_newsclean.reading.finding import matcher
from arabic_newsclean.reading.inputs import STDIN, Input, named, unusable

if TYPE_CHECKING:
    from tarfile import TarFile, TarInfo
    from zipfile import ZipFile, ZipInfo

ZIP_SIGNS: Final = (b"PK\x03\x04", b"PK\x05\x06")  # the second: one without a member


def tar(file: Input, stream: BinaryIO, globs: Sequence[str], limit: int) -> Iterator[Input]:
    """The texts in a tar archive whose names match, in its order, and then those of its links."""
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


def zipped(file: Input, stream: BinaryIO, globs: Sequence[str], limit: int) -> Iterator[Input]:
    """The texts in a zip archive whose names match, in its order."""
    import zipfile

    with open(os.devnull if file.path == STDIN else file.path, "rb") as raw:
        alone = raw.read(4) in ZIP_SIGNS
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
                    yield replace(found, data=streams.fitting(streams.at_most(cast(BinaryIO, content), limit), limit))
            except NotImplementedError as error:  # a way of packing that Python lacks
                yield replace(found, problem=unusable(" ".join(str(error).split())))
            except Exception as error:
                yield replace(found, problem=streams.problem(error))


def _is_zip(stream: BinaryIO) -> bool:
    return cast(io.BufferedReader, stream).peek(4).startswith(ZIP_SIGNS)


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
