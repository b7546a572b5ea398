"""The web page of what was removed, in a real browser: it opens, filters, searches, walks, and saves corrections."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PAGE, ROOT

from arabic_newsclean import annotated

Run = Callable[..., str]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
HOSTILE = (
    '<script>document.title="run"</script><img src=x onerror=alert(1)> "onmouseover="alert(2) ]]> </script> \x00 \u202e'
    f" [red] \x1b[31m \x1b]0;x\x07 {'ا' + 'ً' * 10_000}\n{'كلمة ' * 200_000}\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("report")


@pytest.fixture(scope="module")
def browser(folder: Path) -> Iterator[Any]:
    if not CHROMIUM or not DRIVER:
        pytest.skip("needs chromium and chromedriver: apt-get install chromium chromium-driver")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1200,900"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.add_experimental_option("prefs", {"download.default_directory": str(folder)})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def opened(browser: Any, newsclean: Run, folder: Path) -> Any:
    """The report of the samples, freshly opened."""
    report = folder / "report.html"
    newsclean("diff", ROOT / "samples", "-q", "--format", "html", "-o", report)
    browser.get(report.as_uri())
    return browser


def silent(browser: Any) -> bool:
    return [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


def shown(browser: Any) -> int:
    return int(browser.execute_script("return document.querySelectorAll('article:not([hidden])').length"))


def choose(browser: Any, control: str, value: str) -> None:
    script = "const c = document.getElementById(arguments[0]); c.value = arguments[1]; c.dispatchEvent(new Event('input'))"
    browser.execute_script(script, control, value)


def test_it_opens_filters_and_searches(opened: Any) -> None:
    count = len(list((ROOT / "samples").glob("*.txt")))
    assert shown(opened) == count
    choose(opened, "flag", "not-article")
    assert shown(opened) == 2
    choose(opened, "flag", "")
    choose(opened, "kind", "n.ticker")
    assert shown(opened) == 4
    choose(opened, "kind", "")
    choose(opened, "search", "أم الرمان")
    assert shown(opened) == 1
    assert silent(opened)


def test_it_walks_by_keyboard(opened: Any) -> None:
    from selenium.webdriver.common.by import By

    choose(opened, "kind", "n.ticker")
    body = opened.find_element(By.TAG_NAME, "body")
    body.send_keys("n")
    first = opened.switch_to.active_element
    assert first.get_attribute("data-label") == "n.ticker"
    assert "latest-list" in str(first.get_attribute("title"))
    assert "latest-list" in opened.find_element(By.ID, "why").text
    first.send_keys("n")
    second = opened.switch_to.active_element
    assert second.get_attribute("data-label") == "n.ticker"
    assert second != first
    second.send_keys("p")
    assert opened.switch_to.active_element == first
    assert silent(opened)


def test_a_correction_becomes_a_test(opened: Any, newsclean: Run, folder: Path) -> None:
    from selenium.webdriver.common.by import By

    choose(opened, "search", "أم الرمان")
    choose(opened, "kind", "n.comments")
    opened.find_element(By.TAG_NAME, "body").send_keys("n")
    opened.switch_to.active_element.send_keys("\n")
    choose(opened, "label", "b")
    opened.find_element(By.ID, "mark").click()
    opened.find_element(By.ID, "save").click()
    wanted = folder / "01-lines-iraq.txt.ann"
    for _ in range(100):
        if wanted.exists():
            break
        time.sleep(0.05)
    dump = annotated.load(wanted)
    assert dump.text.rstrip("\n") == (ROOT / "samples" / "01-lines-iraq.txt").read_text("utf-8").rstrip("\n")
    label = next(label for start, end, label in dump.spans if dump.text[start:end] == "اترك رد")
    assert label == "b"
    assert "body_recall" in newsclean("eval", wanted)
    assert silent(opened)


def test_hostile_text_runs_nothing(browser: Any, newsclean: Run, folder: Path) -> None:
    pages = folder / "hostile"
    pages.mkdir()
    (pages / 'a"><script>document.title="run".txt').write_text(f"{PAGE}\n{HOSTILE}", encoding="utf-8")
    report = folder / "hostile.html"
    newsclean("diff", pages, "--format", "html", "-o", report)
    browser.get(report.as_uri())
    assert browser.title == "newsclean: what was removed"
    assert browser.execute_script("return document.querySelectorAll('img, main script').length") == 0
    assert "<script>" in browser.execute_script("return document.querySelector('article').textContent")
    assert silent(browser)


def test_a_page_takes_the_place_of_a_page_alone(
    newsclean: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from arabic_newsclean.views import page

    monkeypatch.setattr(page, "DUMPS", 8)
    args = ["diff", ROOT / "samples", "-q", "--format", "html", "-o"]
    report, second = tmp_path / "report.html", tmp_path / "report-2.html"
    second.write_text("of somebody else")
    err = f"newsclean: {second} is in the place of a page and is none of ours: give another name than {report}\n"
    newsclean(*args, report, status=2, err=err)
    assert (second.read_text(), os.listdir(tmp_path)) == ("of somebody else", ["report-2.html"])
    second.unlink()
    newsclean(*args, report)
    newsclean(*args, report)
    newsclean(
        *args, "/dev/null", status=2, err=re.compile(r"newsclean: \d+ dumps make 3 pages: say where, with -o report.html\n")
    )


def test_many_dumps_are_split_into_pages(newsclean: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from arabic_newsclean.views import page

    monkeypatch.setattr(page, "DUMPS", 8)
    report = tmp_path / "report.html"
    newsclean("diff", ROOT / "samples", "-q", "--format", "html", "-o", report)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report-2.html", "report-3.html", "report.html"]
    for path in tmp_path.iterdir():
        assert 'href="report' in path.read_text("utf-8")


def test_the_policy_allows_no_network_and_only_our_script(newsclean: Run, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    newsclean("diff", ROOT / "samples", "-q", "--format", "html", "-o", report)
    text = report.read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text.split('id="data">')[0])
    data = re.search(r'id="data">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    assert len(json.loads(data[1])["dumps"]) == len(list((ROOT / "samples").glob("*.txt")))


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core, which looks for what stands in the way of people who cannot see or use a mouse."""
    folder = tmp_path_factory.mktemp("axe")
    if not shutil.which("npm"):
        pytest.skip("needs npm, to fetch axe-core")
    got = subprocess.run(
        ["npm", "install", "--silent", "axe-core@4"], cwd=folder, capture_output=True, timeout=120, check=False
    )
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if got.returncode or not script.exists():
        pytest.skip("axe-core could not be fetched with npm")
    return script.read_text("utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way(opened: Any, axe: str, scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    opened.execute_script("document.querySelector('details').open = true")
    opened.execute_script(axe)
    script = "const end = arguments[0]; axe.run().then((found) => end(found.violations.map((each) => [each.id, each.impact])))"
    assert opened.execute_async_script(script) == []
