"""A profile: for each source the lines that repeat on its pages, as a file of JSON and as rules.

The file is plain, sorted and made to be edited: an entry with ``"on": false`` is not used, and an edited ``kind`` or
``text`` is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final
from urllib.parse import urlsplit

from arabic_newsclean.arabic import bare, fold
from arabic_newsclean.model import KINDS, NOISE, Rule, Source
from arabic_newsclean.rules import EDGE, SHORT, RuleSet

VERSION: Final = 1
#: How the dumps of a run are told apart by source; ``key`` and ``regex`` are followed by a field's name and a pattern.
FOLDER, HOST, KEY, REGEX = "folder", "host", "key:", "regex:"
#: Where an entry stands: above the header, below the body, among other noise, or anywhere, even between two paragraphs.
TOP, TAIL, STRIP, INSIDE = WHERE = ("top", "tail", "strip", "inside")
LINE, FRAME = FORMS = ("line", "frame")
#: A frame of fewer letters than this is looked for at the ends of a line and not inside it.
OPENING: Final = 14

ABOUT: Final = (
    "What repeats on the pages of each source, as `newsclean learn` found it. `newsclean clean --profile` takes it out.",
    "An entry with `on` false is not used. `kind` is what noise it is: " + ", ".join(map(str, KINDS[NOISE])),
    "form: a whole line (`text`; digits stand for any number), or a frame (`text` before and `after` behind what changes).",
    "where: top (above the header), tail (below the body); between paragraphs it is spared. strip: taken among other noise",
    "only. inside: taken everywhere.",
    "pages: how many of the `sample` dumps showed it. confidence: how sure it is that this is no part of an article.",
)


class ProfileError(ValueError):
    """A profile that cannot be used, and why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that repeats, or the frame of lines that differ in one place."""

    text: str
    kind: str
    where: str
    form: str = LINE
    after: str = ""
    pages: int = 0
    confidence: float = 0.0
    examples: tuple[str, ...] = ()
    on: bool = True

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two entries one."""
        return (self.form, template(self.text), template(self.after))

    def rule(self, name: str, source: str, sample: int) -> Rule:
        """The rule it becomes."""
        why = f"It stands on {self.pages} of {sample} pages of {source}"
        rule = Rule(name, NOISE, self.kind, why)
        if self.form == FRAME and not self.after:
            long = len(bare(fold(self.text))) >= OPENING and not _digits(self.text)
            return replace(rule, starts=(self.text,), within=(self.text,) if long else (), opens=long)
        if self.form == FRAME and not self.text:
            return replace(rule, ends=(self.after,))
        if self.form == FRAME:
            return replace(rule, pattern=f"{_pattern(self.text)}.{{0,120}}{_pattern(self.after)}[ .:!]{{0,3}}")
        if len(self.text) > SHORT:
            return replace(rule, starts=(self.text[: EDGE - 8].rsplit(" ", 1)[0],))
        if _digits(self.text):
            return replace(rule, pattern=f"\\W{{0,4}}{_pattern(self.text)}\\W{{0,4}}")
        return replace(rule, lines=(self.text,))


def _digits(text: str) -> bool:
    return any(map(str.isdigit, text))


def _pattern(text: str) -> str:
    """A pattern for a folded text, in which any number stands for each."""
    return re.sub(r"\d+", r"\\d{1,12}", re.escape(bare(fold(text))).replace(r"\ ", " "))


def template(text: str) -> str:
    """What a line has in common with those that differ from it in numbers and spelling alone.

    >>> template("  عدد القراء: 1,204 ") == template("عدد القرّاء : ٩٧")
    True
    """
    return re.sub(r"\s*([:،])\s*", r"\1 ", re.sub(r"\d[\d.,:/]*", "0", bare(fold(text))))


@dataclass(frozen=True, slots=True)
class Site:
    """What was learned of one source: how many dumps were seen, how many of them were looked at, and what repeats."""

    dumps: int
    sample: int
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Profile:
    """What was learned of many sources, and how dumps are told apart by source."""

    by: str = FOLDER
    sites: Mapping[str, Site] = field(default_factory=dict)

    @property
    def needs_meta(self) -> bool:
        """Whether the source of a dump is in a field beside its text."""
        return self.by == HOST or self.by.startswith(KEY)

    def rules(self, source: Source, base: RuleSet) -> RuleSet:
        """The rules for a dump: those of its source before the others. Made once for each source."""
        name = source_of(source, self.by)
        if name is None or name not in self.sites:
            return base
        cache: dict[tuple[str, int], RuleSet] = self.__dict__.setdefault("_rules", {})
        if (name, id(base)) not in cache:
            rules = dict(_rules(name, self.sites[name]))
            edges, strips = ([rule.name for rule, where in rules.items() if where in of] for of in ((TOP, TAIL), (STRIP,)))
            cache[name, id(base)] = base.learned(rules, at_edges=edges, in_strips=strips)
        return cache[name, id(base)]

    def by_name(self) -> dict[str, Rule]:
        """Every rule of every source."""
        return {rule.name: rule for name, site in self.sites.items() for rule, _ in _rules(name, site)}

    def dumps(self) -> bytes:
        """The file. The same for the same profile, whatever it was made of."""
        sites = {
            name: {"dumps": site.dumps, "sample": site.sample, "entries": [_row(entry) for entry in site.entries]}
            for name, site in sorted(self.sites.items())
        }
        table = {"about": ABOUT, "profile": VERSION, "by": self.by, "sources": sites}
        return json.dumps(table, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"

    @classmethod
    def loads(cls, data: bytes) -> Profile:
        """A profile from its file. Raises `ProfileError` with the place and the reason for one that is wrong."""
        try:
            table = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise ProfileError(f"is no JSON: {error}") from None
        if not isinstance(table, dict) or table.get("profile") != VERSION:
            raise ProfileError(f"is no profile of version {VERSION} (newsclean learn writes one)")
        by, sources = table.get("by"), table.get("sources")
        if not isinstance(by, str) or not isinstance(sources, dict):
            raise ProfileError("needs `by` and `sources`")
        check_by(by)
        return cls(by, {name: _site(name, row) for name, row in sources.items()})

    @classmethod
    def merged(cls, profiles: Iterable[Profile]) -> Profile:
        """Profiles of parts of a corpus as one: the same in any order. Raises `ProfileError` where they do not fit."""
        every = list(profiles)
        if len({profile.by for profile in every}) != 1:
            raise ProfileError("they tell sources apart in different ways: " + ", ".join(sorted({p.by for p in every})))
        names = sorted({name for profile in every for name in profile.sites})
        return cls(every[0].by, {name: _joined([p.sites[name] for p in every if name in p.sites]) for name in names})


def _row(entry: Entry) -> dict[str, Any]:
    row = asdict(entry)
    front = {"on": row.pop("on"), "kind": row.pop("kind"), "where": row.pop("where"), "form": row.pop("form")}
    if entry.form == LINE:
        del row["after"]
    return {**front, **row}


def _rules(name: str, site: Site) -> Iterator[tuple[Rule, str]]:
    """The rules of a source that are switched on, with where each holds."""
    for n, entry in enumerate(site.entries, 1):
        if entry.on:
            yield entry.rule(f"profile:{name}:{n}", name, site.sample), entry.where


_TYPES: Final[dict[str, Any]] = {"on": bool, "pages": int, "confidence": (int, float), "examples": list}
_ENTRY_FIELDS: Final = frozenset(f.name for f in fields(Entry))


def _site(name: str, row: Any) -> Site:
    if not isinstance(row, dict) or not isinstance(row.get("entries"), list):
        raise ProfileError(f"source {name!r} needs a list of `entries`")
    dumps, sample = row.get("dumps", 0), row.get("sample", 0)
    if not isinstance(dumps, int) or not isinstance(sample, int):
        raise ProfileError(f"source {name!r}: `dumps` and `sample` are numbers")
    return Site(dumps, sample, tuple(_entry(entry, f"source {name!r}, entry {n}") for n, entry in enumerate(row["entries"], 1)))


def _entry(row: Any, place: str) -> Entry:
    if not isinstance(row, dict):
        raise ProfileError(f"{place} is no object")
    for name, value in row.items():
        if name not in _ENTRY_FIELDS:
            raise ProfileError(f"{place}: no such field: {name!r}")
        if not isinstance(value, _TYPES.get(name, str)):
            raise ProfileError(f"{place}: `{name}` cannot be {value!r}")
    for name, allowed in (("kind", KINDS[NOISE]), ("where", WHERE), ("form", FORMS)):
        if row.get(name, LINE if name == "form" else None) not in allowed:
            raise ProfileError(f"{place}: `{name}` is one of {', '.join(map(str, allowed))}, not {row.get(name)!r}")
    entry = Entry(**{"text": "", **row, "examples": tuple(map(str, row.get("examples", ())))})
    if not bare(fold(entry.text + entry.after)):
        raise ProfileError(f"{place} has no text")
    return entry


def _joined(sites: list[Site]) -> Site:
    groups: dict[tuple[str, str, str], list[Entry]] = {}
    for site in sites:
        for entry in site.entries:
            groups.setdefault(entry.key, []).append(entry)
    joined = [_one(sorted(group, key=lambda e: (-e.pages, e.text, e.kind, e.where, e.confidence))) for group in groups.values()]
    dumps, sample = sum(site.dumps for site in sites), sum(site.sample for site in sites)
    return Site(dumps, sample, in_order(joined))


def _one(group: list[Entry]) -> Entry:
    pages = sum(entry.pages for entry in group)
    sure = sum(entry.confidence * entry.pages for entry in group) / pages if pages else group[0].confidence
    examples = tuple(sorted({example for entry in group for example in entry.examples})[:2])
    return replace(group[0], pages=pages, confidence=round(sure, 2), examples=examples, on=all(entry.on for entry in group))


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries as a file lists them: those on most pages first."""
    return tuple(sorted(entries, key=lambda entry: (-entry.pages, entry.form, entry.text, entry.after)))


def check_by(by: str) -> None:
    """Raise `ProfileError` for a way to tell sources apart that there is none of."""
    if by.startswith(REGEX):
        try:
            re.compile(by.removeprefix(REGEX))
        except re.error as error:
            raise ProfileError(f"not a regular expression: {by.removeprefix(REGEX)!r} ({error})") from None
    elif by not in (FOLDER, HOST) and not (by.startswith(KEY) and by != KEY):
        raise ProfileError(f"sources are told apart by folder, host, key:FIELD or regex:PATTERN, not by {by!r}")


_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
_NO_HOST: Final = (".txt", ".jsonl", ".json", ".wet", ".gz", ".zst", ".tar", ".zip", ".xz", ".bz2")


def source_of(source: Source, by: str) -> str | None:
    """The name of the source a dump is from; ``None`` where it can't be told.

    >>> source_of(Source("alwatan/2024/1.txt", "utf-8", 0, ""), "folder")
    'alwatan/2024'
    >>> source_of(Source("a.wet.gz", "utf-8", 0, "", 7, meta={"url": "https://www.alwatan.example/1"}), "host")
    'alwatan.example'
    >>> source_of(Source("alwatan-0001.txt", "utf-8", 0, ""), "regex:^([a-z]+)-")
    'alwatan'
    """
    if by == FOLDER:
        return source.path.rpartition("/")[0] or "."
    if by == HOST:
        return _host(source)
    if by.startswith(KEY):
        value = (source.meta or {}).get(by.removeprefix(KEY))
        return str(value) if isinstance(value, str | int) and value != "" else None
    found = re.search(by.removeprefix(REGEX), source.path)
    if found is None:
        return None
    return (found[1] if found.re.groups else found[0]) or None


def _host(source: Source) -> str | None:
    for name in ("url", "uri", "link"):
        if host := _host_of((source.meta or {}).get(name)):
            return host.removeprefix("www.")
    for step in source.path.lower().split("/"):
        if _HOST.fullmatch(step) and not step.endswith(_NO_HOST):
            return step.removeprefix("www.")
    return None


def _host_of(url: object) -> str | None:
    """The host in an address; ``None`` for what is none.

    >>> _host_of("https://alwatan.example/1"), _host_of("http://[alwatan/1"), _host_of(7)
    ('alwatan.example', None, None)
    """
    if not isinstance(url, str) or "//" not in url:
        return None
    try:
        return urlsplit(url).hostname
    except ValueError:  # of a malformed one, which costs no dump
        return None


def entries(profile: Profile) -> Iterator[tuple[str, Site, int, Entry]]:
    """Every entry with its source and its number there."""
    for name, site in profile.sites.items():
        for number, entry in enumerate(site.entries, 1):
            yield name, site, number, entry
