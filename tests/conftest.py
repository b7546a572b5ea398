"""What tests of the command line share: run it, and look at stdout, stderr and the exit status together."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from arabic_newsclean.cli import application

ROOT = Path(__file__).parent.parent

#: A small page with a header, a body and noise.
PAGE = """سياسة

الحكومة تقر موازنة العام المقبل بعد نقاش طويل

أقرت الحكومة، اليوم الثلاثاء، موازنة العام المقبل بعد نقاش استمر ثلاثة أيام، وقال الوزير إن الإنفاق لن يزيد على العام الماضي.

وأضاف الوزير في مؤتمر صحفي أن الموازنة ستحال إلى البرلمان يوم الأحد المقبل، مشيرا إلى أن المشاريع الجديدة مؤجلة.

اترك رد
"""


def check(status: tuple[int, int], err: tuple[str, str | re.Pattern[str]]) -> None:
    """Compare (got, wanted) status and stderr; stderr is wanted word for word, or all of it by a pattern."""
    got, wanted = err
    matches = wanted.fullmatch(got) if isinstance(wanted, re.Pattern) else got == wanted
    assert (status[0], bool(matches)) == (status[1], True), f"status {status[0]}, stderr:\n{got}"


@pytest.fixture
def newsclean() -> Callable[..., str]:
    """Run a command inside this process: asserts its status and stderr, returns its stdout."""

    def run(*args: str | Path, stdin: bytes = b"", status: int = 0, err: str | re.Pattern[str] = "") -> str:
        ran = CliRunner().invoke(application(), [str(arg) for arg in args], input=stdin, catch_exceptions=False)
        check((ran.exit_code, status), (ran.stderr, err))
        return ran.stdout_bytes.decode("utf-8")

    return run


@pytest.fixture
def process() -> Callable[..., str]:
    """The same for a process of its own, with nothing of our environment but ``PATH`` and what ``env`` gives."""

    def run(
        *args: str | bytes | Path,
        stdin: bytes = b"",
        status: int = 0,
        err: str | re.Pattern[str] = "",
        env: Mapping[str, str] | None = None,
        **options: object,
    ) -> str:
        ran = subprocess.run(
            command(*args), input=stdin, capture_output="stdout" not in options, check=False, timeout=60,
            env=environment(env), **options,
        )  # fmt: skip
        check((ran.returncode, status), ((ran.stderr or b"").decode("utf-8"), err))
        return (ran.stdout or b"").decode("utf-8")

    return run


def command(*args: str | bytes | Path) -> list[str | bytes | Path]:
    return [sys.executable, "-m", "arabic_newsclean", *args]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(ROOT), **(extra or {})}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A folder with one good dump, ``page.txt``."""
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    return tmp_path
