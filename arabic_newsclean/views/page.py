"""What was removed as a web page: the whole dump with every span in its colour, its rule and why; to search and to review.

One file that needs no network: a policy in it forbids any, and lets run only the script that is in it. The dumps are data
in the page, which the script draws as text when they come near the screen. Needs the extra ``[html]`` (jinja2).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from importlib import resources
from pathlib import PurePath
from typing import Any, Final

from arabic_newsclean.model import BLANK, BODY, KINDS, Document, Rule, Source
from arabic_newsclean.terminal import counted

TITLE: Final = "newsclean: what was removed"
#: So many dumps are on a page; more are split into pages that link to one another.
DUMPS: Final = 500
#: The fields that annotated dumps hold; see `arabic_newsclean.annotated`.
_FIELDS: Final = ("category", "headline", "byline", "source", "date", "time")


class Report:
    """The dumps of a run, to be written as pages at its end."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules
        self._dumps: list[dict[str, Any]] = []
        self._spans: Counter[str] = Counter()
        self._characters: Counter[str] = Counter()
        self._used: set[str] = set()
        self._total = 0

    def add(self, source: Source, document: Document) -> None:
        """Take a dump into the report."""
        self._total += len(document.text)
        for segment in document.segments:
            if segment.part not in (BLANK, BODY):
                label = _label(segment.part, segment.kind)
                self._spans[label] += 1
                self._characters[label] += segment.end - segment.start
                self._used.add(segment.rule)
        header = asdict(document.header)
        self._dumps.append(
            {
                "id": source.id,
                "text": document.text,
                "headline": document.header.headline,
                "fields": {name: header[name] for name in _FIELDS},
                "ticker": document.ticker,
                "flags": sorted({*document.flags, *source.flags}),
                "segments": [(s.start, s.end, s.part, s.kind, s.rule) for s in document.segments],
            }
        )

    def pages(self, name: str) -> Iterator[tuple[str, bytes]]:
        """The pages, each with its file name: ``name`` is the first one's, and the others are numbered after it."""
        parts = [self._dumps[i : i + DUMPS] for i in range(0, len(self._dumps), DUMPS)] or [[]]
        path = PurePath(name)
        names = [path.name, *(f"{path.stem}-{number}{path.suffix}" for number in range(2, len(parts) + 1))]
        for here, dumps in zip(names, parts, strict=True):
            yield here, self._page(dumps, here, names)

    def _page(self, dumps: list[dict[str, Any]], here: str, names: list[str]) -> bytes:
        from jinja2 import Environment, PackageLoader, StrictUndefined
        from markupsafe import Markup

        views = PackageLoader("arabic_newsclean", "views")
        environment = Environment(loader=views, autoescape=True, undefined=StrictUndefined)
        style, script = (_own(f"page.{kind}") for kind in ("css", "js"))
        whys = {rule: self._rules[rule].why for rule in sorted(self._used) if rule in self._rules}
        data = {"dumps": dumps, "whys": whys}
        sums = f"{counted(len(self._dumps), 'dump')}, {counted(self._total, 'character')}"
        page = environment.get_template("page.html.j2").render(
            title=TITLE,
            sums=f"{sums}, {sum(self._characters.values())} not in the body",
            pages=names,
            here=here,
            kinds=[self._row(label) for label, _ in self._characters.most_common()],
            rules=sorted(self._used),
            flags=sorted({flag for dump in self._dumps for flag in dump["flags"]}),
            labels=[_label(part, kind) for part, kinds in KINDS.items() if part != BLANK for kind in kinds],
            style=Markup(style),  # ours
            script=Markup(script),
            style_hash=_hash(style),
            script_hash=_hash(script),
            data=Markup(_embedded(data)),  # no sign in it that HTML knows
        )
        return page.encode("utf-8", "replace")

    def _row(self, label: str) -> dict[str, Any]:
        share = self._characters[label] / max(1, self._total)
        counts = {"spans": self._spans[label], "characters": self._characters[label]}
        style = f"{'header' if label[0] == 'h' else 'noise-key'} {label.replace('.', '-')}"
        return {"label": label, "style": style, "share": round(share, 4), "percent": f"{share:.1%}", **counts}


def is_free(path: str) -> bool:
    """Whether a page may be put at a path that nobody gave: nothing is there, or a page of an earlier report."""
    try:
        with open(path, "rb") as file:
            return f"<title>{TITLE}</title>".encode() in file.read(4096)
    except FileNotFoundError:
        return True


def _label(part: str, kind: str | None) -> str:
    return f"{part[0]}.{kind}" if kind else part[0]


def _own(name: str) -> str:
    return (resources.files("arabic_newsclean") / "views" / name).read_text("utf-8")


def _hash(content: str) -> str:
    """A hash as the policy names what may run.

    >>> _hash("")
    'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _embedded(data: Any) -> str:
    """JSON that can stand in HTML: no sign in it ends a script or begins a tag.

    >>> _embedded("</script><!-- &amp;")
    '"\\\\u003c/script\\\\u003e\\\\u003c!-- \\\\u0026amp;"'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
