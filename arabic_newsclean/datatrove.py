"""Steps for datatrove's pipelines: a reader of dumps, the cleaning itself, and learning. Needs the extra ``[datatrove]``.

    pipeline = [DumpReader("dumps/"), Newsclean(exclusion_writer=JsonlWriter("rejected/")), JsonlWriter("clean/")]

What `Newsclean` makes of a document is what ``newsclean clean --layout datatrove`` writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from arabic_newsclean import layouts, pipeline, reading
from arabic_newsclean import rules as tables
from arabic_newsclean.model import Source
from arabic_newsclean.profile import Profile, Site
from arabic_newsclean.profile.pages import Store, page_of, place_rules
from arabic_newsclean.profile.repeats import learn
from arabic_newsclean.profile.table import FOLDER, check_by
from arabic_newsclean.report import NOT_ARTICLE
from arabic_newsclean.shards import Shard

try:
    from datatrove.data import Document
    from datatrove.io import get_datafolder
    from datatrove.pipeline.base import PipelineStep
    from datatrove.pipeline.writers.disk_base import DiskWriter
    from datatrove.utils.logging import logger
    from datatrove.utils.typeshelper import StatHints
except ImportError as error:
    raise ImportError("the steps for datatrove need datatrove: pip install 'newsclean[datatrove]'") from error


class DumpReader(PipelineStep):  # type: ignore[misc]
    """Read dumps as ``newsclean clean`` does: files of text, JSONL, WET, archives, packed or not, in any encoding.

    ``path`` is a file or a folder on a disk that every worker sees; ``listed`` a file of names, each ended by a NUL, to
    read instead of all there is (for what is new: datatrove itself takes a task that was once completed for done). A
    task takes the dumps that a hash of their names gives it, so that a file more moves no other. What cannot be read is
    logged, counted as ``failed``, and stops nothing.
    """

    type = "📖 - READER"
    name = "📰 newsclean dumps"

    def __init__(
        self,
        path: str,
        *,
        listed: str | None = None,
        globs: Sequence[str] | None = None,
        form: str | None = None,
        text_key: str = "text",
        keep_meta: bool = False,
        limit: int = reading.LIMIT,
    ) -> None:
        super().__init__()
        self.path, self.listed = path, listed
        self.globs, self.form, self.limit = globs, form, limit
        self.text_key, self.keep_meta = text_key, keep_meta

    def run(self, data: Iterator[Document] | None = None, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """The documents of one task: their raw text, and under ``source`` where they are from."""
        if data:
            yield from data
        dumps = reading.dumps(self._files(), self.form, globs=self.globs, limit=self.limit)
        for item in Shard(rank + 1, world_size).share(dumps):
            try:
                text, source = reading.load(item, key=self.text_key, keep=self.keep_meta, limit=self.limit)
            except OSError as problem:
                self.stat_update("failed")
                logger.warning(f"{item.shown}: {problem.strerror or problem}")
                continue
            document = Document(text=text, id=source.id, metadata={"source": _row(source)})
            self.update_doc_stats(document)
            yield document

    def _files(self) -> Iterator[reading.Input]:
        if self.listed is None:
            return reading.walk([self.path], self.globs or reading.GLOBS)
        with open(self.listed, "rb") as stream:
            names = list(reading.listed(stream))
        root = Path(self.path)
        return (reading.Input(str(root / name), name) for name in names)


class Newsclean(PipelineStep):  # type: ignore[misc]
    """Set the text of every document to the body of its article, and its ``metadata`` to all else that was found.

    ``metadata`` gets ``header``, ``ticker``, ``flags``, ``stats``, the characters of ``noise`` by kind, and with
    ``segments`` every labelled span. With an ``exclusion_writer``, or with ``drop``, documents that are no articles go
    no further; the writer gets them as they came, with the ``filter_reason``. ``profile`` is a file that ``newsclean
    learn`` wrote, ``rules`` are tables to add.
    """

    type = "✂️ - FORMAT"
    name = "📰 newsclean"

    def __init__(
        self,
        *,
        exclusion_writer: DiskWriter | None = None,
        drop: bool = False,
        profile: str | None = None,
        rules: Sequence[str] = (),
        segments: bool = False,
    ) -> None:
        super().__init__()
        self.exclusion_writer = exclusion_writer
        self.drop = drop or exclusion_writer is not None
        self.profile, self.rules, self.segments = profile, tuple(rules), segments

    def run(self, data: Iterator[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """The documents of one task, cleaned."""
        table = tables.combine(self.rules)
        learned = None if self.profile is None else Profile.loads(Path(self.profile).read_bytes())
        with self.exclusion_writer or nullcontext() as excluded:
            for document in data:
                self.stat_update(StatHints.total)
                with self.track_time():
                    source = _source(document)
                    found = pipeline.clean(document.text, table if learned is None else learned.rules(source, table))
                self._count(found)
                if self.drop and NOT_ARTICLE in found.flags:
                    self.stat_update(StatHints.dropped, f"dropped_{NOT_ARTICLE}")
                    if excluded is not None:
                        document.metadata["filter_reason"] = NOT_ARTICLE
                        excluded.write(document, rank)
                    continue
                row = layouts.datatrove(source, found)
                document.text = row["text"]
                document.metadata |= row["metadata"]
                if self.segments:
                    document.metadata["segments"] = found.record(source)["segments"]
                self.stat_update(StatHints.forwarded)
                self.update_doc_stats(document)
                yield document

    def _count(self, found: Any) -> None:
        for flag in found.flags:
            self.stat_update(flag)
        for part in ("header", "body", "noise"):
            self.stat_update(f"{part}_chars", value=found.stats[part])


class LearnProfile(PipelineStep):  # type: ignore[misc]
    """Learn what each source repeats, from the raw documents that pass: a profile a task, for ``newsclean learn --merge``.

    The profiles go to ``output_folder``; ``by`` tells sources apart (folder, host, key:FIELD or regex:PATTERN). What a
    source repeats too seldom to be seen in one task is not found: use few tasks, or one for each source.
    """

    type = "📊 - STATS"
    name = "📰 newsclean learn"

    def __init__(self, output_folder: str, *, by: str = FOLDER, min_dumps: int = 20) -> None:
        super().__init__()
        check_by(by)
        self.output_folder, self.by, self.min_dumps = get_datafolder(output_folder), by, min_dumps

    def run(self, data: Iterator[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """The documents of one task, as they came."""
        table = tables.default()
        places = place_rules(table)
        with Store() as store:
            for document in data:
                with self.track_time():
                    packed = page_of(_source(document), pipeline.clean(document.text, table), self.by, places)
                    if packed:
                        store.add(packed)
                yield document
            found = learn(store.sources(), table, self.min_dumps)
            sites = {name: Site(seen, looked, entries) for name, seen, looked, entries in found}
        with self.output_folder.open(f"{rank:05}.json", "wb") as out:
            out.write(Profile(self.by, sites).dumps())


def _row(source: Source) -> dict[str, Any]:
    """Where a document is from, as its metadata keep it."""
    row = {**_plain(source), "flags": list(source.flags)}
    if source.meta is None:
        del row["meta"]
    return row


def _source(document: Document) -> Source:
    """Where a document is from: what our reader said, or its id."""
    row = document.metadata.get("source")
    if not isinstance(row, dict) or "sha256" not in row:
        meta = {name: value for name, value in document.metadata.items() if name != "source"}
        return Source(**{**_plain(Source.of_text(document.text, document.id)), "meta": meta or None})
    return Source(**{**row, "flags": tuple(row.get("flags", ()))})


def _plain(source: Source) -> dict[str, Any]:
    return {name: getattr(source, name) for name in Source.__dataclass_fields__}
