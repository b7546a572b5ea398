"""What a source repeats is found and taken; what repeats rightly is spared."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import corpus
import pytest


from arabic_newsclean.profile import Profile, ProfileError

NAMES = "سلمى حيدر|وائل الراوي|هند الكيلاني|جابر العاني|ميساء الدباغ|نزار القاضي".split("|")


def chrome(dice: random.Random, headline: str, number: int) -> tuple[list[str], list[str]]:
    """What one invented site prints above and below every story: twelve lines of five kinds, some with slots."""
    above = [
        "جريدة الرافد اليومية تصدر من الضفة الشرقية",
        f"عدد اليوم {dice.randint(1000, 9000)} السنة السابعة والثلاثون",
    ]
    below = [
        f"تجد نص هذه المادة في دفتر الرافد: {headline}",
        f"مرّ من هنا {dice.randint(3, 99999)} من قراء الرافد",
        "حمّل دفتر الرافد على هاتفك ولا تنتظر بائع الجرائد",
        f"هل أعجبك ما كتبنا عن {headline}",
        "أرسل ملاحظتك إلى صندوق الرافد الأخضر",
        "ما ينشره الرافد في صفحاته يلزم كاتبه وحده ولا يلزم الدار",
        f"دار الرافد للطباعة هاتف {dice.randint(100000, 999999)}",
        f"مراسل الرافد في العدد {number}",
        "زاوية القراء في دفتر الرافد مفتوحة كل خميس",
        "أهدِ هذه الصفحة لصديق من أصدقاء الرافد",
    ]
    return above, below


STOCK = (
    "تجدر الإشارة إلى أن المدينة تشهد منذ أعوام حركة عمرانية واسعة، وأن سكانها ينتظرون خدمات أفضل.",
    "العمل في المشروع يجري على مراحل ثلاث، ولا تعلن البلدية مواعيد التسليم إلا بعد الكشف على الموقع.",
    "وتقول مصادر محلية إن التمويل مضمون من الموازنة العامة، وإن أي تأخير سببه الطقس وحده.",
)


def page(number: int, *, stock: bool = True) -> str:
    """A page of the invented site."""
    dice = random.Random(number)
    headline = f"{corpus._WHO[number % 10]} يتفقد {corpus._WHAT[number // 10 % 10]} الجديد في الحي {number}"
    above, below = chrome(dice, headline, number)
    body = [corpus.sentence(dice) for _ in range(dice.randint(4, 8))]
    for n, sentence in enumerate(STOCK):
        if stock and number % 20 in range(4 * n, 4 * n + 3):
            body.insert(dice.randint(1, len(body)), sentence)
    return "\n\n".join([*above, "محليات", headline, *body, *below]) + "\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "rafid"
    folder.mkdir()
    for number in range(200):
        (folder / f"{number:03}.txt").write_text(page(number), "utf-8")
    return folder


@pytest.fixture
def learned(site: Path, newsclean: Callable[..., str]) -> Path:
    path = site.parent / "profile.json"
    newsclean("learn", site, "-o", path, "-q")
    return path


def records(newsclean: Callable[..., str], *args: object) -> Iterator[dict[str, object]]:
    return map(json.loads, newsclean("clean", "-q", *args).splitlines())


def test_all_chrome_of_a_source_is_found_and_none_of_its_stock_sentences(
    site: Path, learned: Path, newsclean: Callable[..., str]
) -> None:
    for number, record in enumerate(records(newsclean, site, "--profile", learned)):
        dice = random.Random(number)
        headline = f"{corpus._WHO[number % 10]} يتفقد {corpus._WHAT[number // 10 % 10]} الجديد في الحي {number}"
        above, below = chrome(dice, headline, number)
        body = str(record["body"]).split("\n\n")
        assert [line for line in (*above, *below) if line in body] == []
        wanted = [line for line in page(number).split("\n\n")[4:-len(below)] if line]
        assert [line for line in wanted if line not in body] == []
