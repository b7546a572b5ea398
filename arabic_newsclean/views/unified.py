"""What was taken out as a unified diff, from a dump to the body that its record keeps: `patch` applies it.

>>> from arabic_newsclean import clean
>>> from arabic_newsclean.model import Source
>>> text = "سياسة\\n\\nافتتح الوزير، صباح اليوم، السوق الجديد في المدينة، وقال إن العمل فيه دام عامين كاملين.\\n\\nاترك رد\\n"
>>> print(unified(Source.of_text(text, "a.txt"), clean(text), context=1).decode(), end="")
--- a.txt
+++ a.txt
@@ -1,5 +1 @@
-سياسة
-
 افتتح الوزير، صباح اليوم، السوق الجديد في المدينة، وقال إن العمل فيه دام عامين كاملين.
-
-اترك رد
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from typing import Final

from arabic_newsclean.model import BODY, Document, Source
from arabic_newsclean.terminal import visible

KEPT, REMOVED, ADDED = " ", "-", "+"
#: What `patch` and `diff` print below a last line that no line end follows.
NO_END: Final = "\\ No newline at end of file\n"

#: A line of a diff: its mark and its text with its line end, if it has one.
Line = tuple[str, str]


def unified(source: Source, document: Document, *, context: int) -> bytes:
    """The diff of one dump, as UTF-8; empty where the dump is its body already. Lines are those that ``\\n`` ends."""
    changes = list(compared(document))
    if all(mark == KEPT for mark, _ in changes):
        return b""
    name = _name(source.id)
    out = [f"--- {name}\n", f"+++ {name}\n"]
    for start, stop, old, new in _hunks(changes, context):
        hunk = changes[start:stop]
        removed = sum(mark != ADDED for mark, _ in hunk)
        added = sum(mark != REMOVED for mark, _ in hunk)
        out.append(f"@@ -{_range(old, removed)} +{_range(new, added)} @@\n")
        for mark, text in hunk:
            out.append(mark + text if text.endswith("\n") else f"{mark}{text}\n{NO_END}")
    return "".join(out).encode("utf-8", "surrogatepass")


def compared(document: Document) -> Iterator[Line]:
    """Every line of the dump, kept or removed, and every line of the body that the dump does not print so, in order."""
    old = _lines(document.text)
    places: defaultdict[str, deque[int]] = defaultdict(deque)
    for i in _body_lines(document):
        places[old[i]].append(i)
    at = 0
    for line in _lines(f"{document.body}\n" if document.body else ""):
        where = places[line]
        while where and where[0] < at:
            where.popleft()
        found = where[0] if where else at if line == "\n" and old[at : at + 1] == ["\n"] else -1
        if found < 0:
            yield ADDED, line
            continue
        yield from ((REMOVED, text) for text in old[at:found])
        yield KEPT, line
        at = found + 1
    yield from ((REMOVED, text) for text in old[at:])


def _body_lines(document: Document) -> Iterator[int]:
    """The numbers of the lines, from 0, that hold body text."""
    last = -1
    for line, segment in document.numbered(document.spans(BODY)):
        for i in range(max(line - 1, last + 1), line + document.text.count("\n", segment.start, segment.end)):
            yield i
            last = i


def _lines(text: str) -> list[str]:
    """The lines of a text with their ends; only ``\\n`` ends one, as for `patch`."""
    *lines, rest = text.split("\n")
    return [f"{line}\n" for line in lines] + ([rest] if rest else [])


def _hunks(changes: Sequence[Line], context: int) -> Iterator[tuple[int, int, int, int]]:
    """The stretches with changes and their context: from and to in ``changes``, and the line before in old and new."""
    start = end = -1
    old = new = counted = 0
    for i, (mark, _text) in enumerate(changes):
        if mark == KEPT:
            continue
        if start >= 0 and i - context > end:
            yield start, end, old, new
            start = -1
        if start < 0:
            start = max(0, end, i - context)
            for before, _ in changes[counted:start]:
                old += before != ADDED
                new += before != REMOVED
            counted = start
        end = min(len(changes), i + 1 + context)
    yield start, end, old, new


def _range(before: int, count: int) -> str:
    """The place and size of a hunk as `patch` reads them: an empty one is placed behind the line before it."""
    first = before + 1 if count else before
    return str(first) if count == 1 else f"{first},{count}"


def _name(path: str) -> str:
    r"""A path as the head of a diff, so that `patch` finds the file: a tab ends one with spaces, and one with a sign that
    would end it, or drive a terminal, is quoted as git and `patch` do.

    >>> _name("a.txt"), _name("a b.txt"), _name('"\t\u202e.txt')
    ('a.txt', 'a b.txt\t', '"\\"\\011\\342\\200\\256.txt"')
    """
    quoted = "".join(map(_quoted, path))
    if quoted != path or path.strip() != path:
        return f'"{quoted}"'
    return f"{path}\t" if " " in path else path


def _quoted(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return char if visible(char) == char else "".join(f"\\{byte:03o}" for byte in char.encode("utf-8", "surrogatepass"))


def applies(source: Source) -> bool:
    """Whether `patch` can apply the diff of a dump to its file: it compares bytes, and the diff is in UTF-8.

    What is in another encoding, was repaired or damaged, or begins with a byte order mark, has other bytes.
    """
    return source.encoding == "utf-8" and "decoding-damage" not in source.flags
