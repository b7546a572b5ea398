"""The house has floors: who may import whom, and what an import costs. Everything that is not allowed here fails."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import arabic_newsclean

PACKAGE = "arabic_newsclean"
TOP = Path(arabic_newsclean.__file__).parent

#: What each module may import of ours. A new module goes in here with the least it needs; no two may need each other.
MAY_IMPORT: dict[str, set[str]] = {
    # facts and nouns
    "kept": set(),
    "arabic": {"kept"},
    "model": set(),
    "terminal": {"kept"},
    "names": {"arabic", "kept"},
    "rules.patterns": {"kept"},
    "rules.backtracking": {"rules.patterns"},
    "rules.labels": {"arabic", "kept", "model"},
    "rules": {"arabic", "kept", "model", "rules.backtracking", "rules.labels", "rules.patterns"},
    "dates": {"arabic", "kept"},
    # the four steps
    "lines": {"arabic", "dates", "kept", "rules", "rules.labels"},
    "judge": {"arabic", "dates", "kept", "lines", "model", "rules"},
    "stretch": {"judge", "lines"},
    "signs": {"arabic", "judge", "kept", "rules"},
    "echoes": {"arabic", "judge", "kept", "rules", "stretch"},
    "context": {"arabic", "echoes", "judge", "kept", "lines", "model", "names", "rules", "signs", "stretch"},
    "sequence": set(),
    "kind": {"arabic", "context", "judge", "lines", "rules", "sequence", "stretch"},
    "walk": {"context", "sequence"},
    "strips": {"arabic", "kept", "names"},
    "models": {"kept", "kind", "sequence", "strips", "walk"},
    "bars": {"context", "judge", "kept", "kind", "lines", "model", "names", "rules", "stretch", "walk"},
    "places": {"arabic", "bars", "context", "judge", "kind", "models", "stretch", "walk"},
    "headers": {"arabic", "context", "judge", "model", "names", "rules"},
    "settle": {"context", "echoes", "headers", "judge", "kept", "lines", "model", "models", "places", "rules", "walk"},
    "fields": {"arabic", "dates", "judge", "kept", "model", "names", "rules", "stretch", "strips"},
    "pipeline": {"arabic", "context", "fields", "judge", "kept", "lines", "model", "models", "rules", "settle"},
    "": {"batches", "model", "pipeline"},  # the package itself: what it exports
    # the edges: in
    "mojibake": {"kept"},
    "signals": set(),
    "reading.inputs": set(),
    "reading.finding": {"reading.inputs"},
    "reading.streams": {"reading.inputs", "signals"},
    "reading.decoding": {"kept", "mojibake"},
    "reading.archives": {"reading.finding", "reading.inputs", "reading.streams"},
    "reading.containers": {"reading.archives", "reading.finding", "reading.inputs", "reading.streams"},
    "reading.loading": {"model", "reading.decoding", "reading.inputs", "reading.streams"},
    "reading": {
        "reading.containers",
        "reading.decoding",
        "reading.finding",
        "reading.inputs",
        "reading.loading",
        "reading.streams",
    },
    # what repeats in a source
    "profile.table": {"arabic", "model", "rules"},
    "profile.pages": {"model", "profile.table", "rules"},
    "profile.repeats": {"arabic", "dates", "model", "names", "profile.pages", "profile.table", "rules", "signs"},
    "profile": {"profile.table"},
    # through
    "shards": {"layouts", "reading", "reading.inputs", "reading.streams"},
    "batches": {"model", "pipeline", "reading"},
    "datatrove": {
        "layouts",
        "model",
        "pipeline",
        "profile",
        "profile.pages",
        "profile.repeats",
        "profile.table",
        "reading",
        "report",
        "rules",
        "shards",
    },
    "batch": {"model", "pipeline", "profile", "reading", "rules", "signals"},
    "parallel": {"batch", "reading", "signals"},
    "report": {"batch", "terminal"},
    "progress": {"reading", "terminal"},
    # out
    "layouts": {"model"},
    "output": set(),
    "output.writing": {"batch", "output.lock", "output.packing"},
    "output.apart": {"layouts", "output.writing", "reading"},
    "output.packing": {"reading.streams"},
    "output.lock": set(),
    "output.target": {"output.packing", "output.writing"},
    "output.plain": {"batch", "output.writing"},
    "output.resumable": {"batch", "output.plain", "output.target", "output.writing", "reading", "report"},
    "output.incremental": {"batch", "output.lock", "output.target", "output.writing", "reading", "report"},
    "runs": {
        "",
        "batch",
        "output.apart",
        "output.incremental",
        "output.lock",
        "output.plain",
        "output.resumable",
        "output.target",
        "output.writing",
        "parallel",
        "progress",
        "reading",
        "report",
        "shards",
        "signals",
    },
    "views": set(),
    "views.spans": {"model", "terminal"},
    "views.diff": {"model", "terminal", "views.spans"},
    "views.unified": {"model", "terminal"},
    "views.against": {"model", "terminal", "views.spans"},
    "views.page": {"model", "terminal"},
    "views.profile": {"profile", "profile.table", "terminal"},
    "views.explain": {"bars", "kind", "model", "models", "terminal", "walk"},
    # measuring and learning
    "annotated": {"model", "terminal"},
    "byrule": {"annotated", "model", "rules", "terminal"},
    "evaluate": {"annotated", "byrule", "model", "pipeline", "rules", "terminal"},
    "training": set(),
    "training.crf": {"sequence"},
    "training.pages": {"annotated", "model", "rules"},
    "training.headlines": {"annotated", "arabic", "strips"},
    "training.gold": {"annotated", "bars", "context", "judge", "kind", "lines", "rules", "training.crf", "walk"},
}
#: The doors, which may import all of ours; nothing imports them.
DOORS = {"__main__", "training.__main__"} | {
    f"cli{name}"
    for name in (
        "",
        ".options",
        ".running",
        ".clean",
        ".diff",
        ".explain",
        ".rules",
        ".evaluate",
        ".learn",
        ".profile",
        ".manual",
        ".merge",
    )
}

#: Who may import a library that is dear to load or that belongs to one edge.
LIBRARIES = {
    "typer": DOORS,
    "rich": {"progress", "views.diff", "cli.diff"},
    "jinja2": {"cli.diff", "views.page"},
    "orjson": {"output.apart", "views.against", "output.writing", "profile.pages", "reading.loading", "shards"},
    "warcio": {"reading.containers"},
    "sqlite3": {"output.incremental", "profile.pages", "shards"},
    "numpy": {"training.crf", "training.headlines"},
    "scipy": {"training.crf", "training.headlines"},
}


@cache
def modules() -> dict[str, Path]:
    found = {}
    for path in TOP.rglob("*.py"):
        parts = path.relative_to(TOP).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports(path: Path) -> set[str]:
    """The dotted names a file imports, wherever in it; ``from package import module`` counts as the module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are written whole"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_module = inner.removeprefix(f"{PACKAGE}.") in modules()
                found.add(inner if inner.startswith(PACKAGE) and is_module else str(node.module))
    return found


def test_every_module_has_its_place() -> None:
    assert set(modules()) == set(MAY_IMPORT) | DOORS


@pytest.mark.parametrize("name", sorted(MAY_IMPORT))
def test_imports_go_down(name: str) -> None:
    ours = {i.removeprefix(PACKAGE).removeprefix(".") for i in imports(modules()[name]) if i.split(".")[0] == PACKAGE}
    assert ours <= MAY_IMPORT[name]


def test_no_two_modules_need_each_other() -> None:
    left = {name: set(below) for name, below in MAY_IMPORT.items()}
    while left:
        bottom = {name for name, below in left.items() if not below & left.keys()}
        assert bottom, f"a circle among {sorted(left)}"
        left = {name: below for name, below in left.items() if name not in bottom}


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_libraries_stay_at_their_edge(library: str) -> None:
    users = {name for name, path in modules().items() if any(i.split(".")[0] == library for i in imports(path))}
    assert users <= LIBRARIES[library]


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import arabic_newsclean; arabic_newsclean.clean('خبر')", {"typer", "rich", "orjson", "numpy", "hijridate"}),
        ("import arabic_newsclean.cli", {"rich", "numpy", "hijridate", "arabic_newsclean.evaluate"}),
    ],
    ids=["the library", "the command line"],
)
def test_an_import_loads_no_more_than_it_needs(code: str, absent: set[str]) -> None:
    script = f"{code}\nimport sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], cwd=TOP.parent, capture_output=True, check=True)
    assert not absent & set(ran.stdout.decode().split())
