"""A profile for reading: as text, as a page, and entry by entry for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from html import escape
from typing import Final

from arabic_newsclean.profile import Entry, Profile
from arabic_newsclean.profile.table import FRAME, entries
from arabic_newsclean.terminal import counted, visible

_COLUMNS: Final = ("n", "kind", "where", "pages", "sure", "text")


def text(profile: Profile) -> str:
    """A table for each source; an entry that is switched off has a # before it."""
    out: list[str] = []
    last = None
    for name, site, number, entry in entries(profile):
        if name != last:
            found = counted(len(site.entries), "entry", "entries")
            out += ["", f"{name}: {site.dumps} dumps, {site.sample} looked at, {found}"]
            last = name
        off = " " if entry.on else "#"
        row = f"{off}{number:4}  {entry.kind:10}  {entry.where:6}  {entry.pages:5}  {entry.confidence:.2f}  {shape(entry)}"
        out.append(row)
    return "".join(f"{visible(line)}\n" for line in out[1:]) or f"no entries (sources: {len(profile.sites)})\n"


def shape(entry: Entry) -> str:
    """The text of an entry, … where it changes.

    >>> shape(Entry("رابط الخبر:", "related", "tail", "frame"))
    'رابط الخبر: …'
    """
    return f"{entry.text} … {entry.after}".strip() if entry.form == FRAME else entry.text


def lines(profile: Profile) -> str:
    """An entry a line, as JSON."""
    rows = ({"source": name, "n": number, **asdict(entry)} for name, _, number, entry in entries(profile))
    return "".join(json.dumps(row, ensure_ascii=True) + "\n" for row in rows)


def page(profile: Profile) -> str:
    """A page that stands alone: nothing of a dump in it is markup, and nothing in it runs."""
    out = [_HEAD]
    last = None
    for name, site, number, entry in entries(profile):
        if name != last:
            out.append("</table>" if last is not None else "")
            out.append(f"<h2 dir=auto>{escape(name)}</h2><p>{site.dumps} dumps, {site.sample} looked at</p><table><tr>")
            out.append("".join(f"<th scope=col>{column}</th>" for column in (*_COLUMNS, "examples")) + "</tr>")
            last = name
        cells = (
            number,
            entry.kind,
            entry.where,
            entry.pages,
            f"{entry.confidence:.2f}",
            shape(entry),
            "\n".join(entry.examples),
        )
        row = "".join(f"<td dir=auto>{escape(str(cell))}</td>" for cell in cells)
        out.append(f"<tr{'' if entry.on else ' class=off'}>{row}</tr>")
    return "\n".join([*out, "</table>" if last is not None else "<p>no entries</p>", "</html>\n"])


_HEAD: Final = """<!doctype html>
<html lang=en><meta charset=utf-8><title>newsclean profile</title>
<meta http-equiv=Content-Security-Policy content="default-src 'none'; style-src 'unsafe-inline'">
<style>
:root { color-scheme: light dark } body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem }
table { border-collapse: collapse }
th, td { border: 1px solid #8888; padding: .2rem .6rem; vertical-align: top; white-space: pre-line }
.off { text-decoration: line-through }
</style>
<h1>What repeats</h1>"""
