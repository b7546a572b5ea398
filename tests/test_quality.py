"""The quality floor: how well the tool must serve the annotated dumps of this project.

Raise it when the tool gets better; never lower it without saying so in CHANGELOG.
"""

import operator
from pathlib import Path

import pytest

from arabic_newsclean import clean
from arabic_newsclean.annotated import load_all
from arabic_newsclean.evaluate import Evaluation, evaluate

ANNOTATED = Path(__file__).parent / "annotated"

# ====================================================================================================================
# THE FLOOR, by the names that `newsclean eval` prints. Raise it when the tool gets better; never lower it, nor take
# dumps away, without saying so in CHANGELOG.
FLOORS = {
    "articles": (">=", 100),
    "lossless": (">=", 1.0),
    "body_f1": (">=", 0.989),
    "body_words_f1": (">=", 0.989),
    "parts_accuracy": (">=", 0.983),
    "noise_kind_accuracy": (">=", 0.93),
    "damaged (recall<.95)": ("<=", 0.009),
    "leaky (precision<.95)": ("<=", 0.08),
    "articles_flagged": ("<=", 0.0),
    "others_flagged": (">=", 0.75),
    "category_recall": (">=", 0.88),
    "byline_recall": (">=", 0.82),
    "headline_recall": (">=", 0.92),
    "date_recall": (">=", 0.99),
    "ticker_items_f1": (">=", 0.93),
}
# ====================================================================================================================

HOLDS = {">=": operator.ge, "<=": operator.le}


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return evaluate(load_all([ANNOTATED]), clean)


@pytest.mark.parametrize("name", FLOORS)
def test_the_floor_holds(name: str, evaluation: Evaluation) -> None:
    sign, floor = FLOORS[name]
    figure = evaluation.summary[name]
    assert figure is not None
    assert HOLDS[sign](figure, floor), f"{name} must be {sign} {floor}, and is {figure:.4f}\n\n{evaluation.table(worst=10)}"


#: The same for dumps that are odd on purpose. The weights may not be learned from them.
BLIND = {
    "articles": (">=", 45),
    "lossless": (">=", 1.0),
    "body_f1": (">=", 0.93),
    "body_recall": (">=", 0.97),
    "damaged (recall<.95)": ("<=", 0.1),
    "articles_flagged": ("<=", 0.03),
    "headline_recall": (">=", 0.7),
}


def test_the_floor_holds_on_dumps_that_nothing_was_learned_from() -> None:
    blind = evaluate(load_all([Path(__file__).parent / "unseen"]), clean)
    summary = blind.summary
    under = {name: summary[name] for name, (sign, floor) in BLIND.items() if not HOLDS[sign](summary[name], floor)}
    assert under == {}, blind.table(worst=10)
