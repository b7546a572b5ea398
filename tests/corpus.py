"""Generated dumps: as many as a test or a benchmark needs, the same for the same seed, each unlike the others."""

from __future__ import annotations

import random
from collections.abc import Iterator

_WHO = "الوزير المدير الرئيس المتحدث المحافظ النائب الخبير الطبيب المدرب الحارس".split()
_WHAT = "المشروع الطريق المستشفى الجسر السوق الملعب الميناء المصنع القطار المعرض".split()
_WHERE = "العاصمة المدينة المحافظة البلدة القرية المنطقة".split()
_WHEN = "السبت الأحد الاثنين الثلاثاء الأربعاء الخميس الجمعة".split()
_SECTIONS = "سياسة اقتصاد رياضة محليات ثقافة صحة".split()


def sentence(dice: random.Random) -> str:
    """A sentence of news, of some hundred characters."""
    who, what, where, when = (dice.choice(words) for words in (_WHO, _WHAT, _WHERE, _WHEN))
    return (
        f"وقال {who}، يوم {when}، إن العمل في {what} الذي يخدم سكان {where} سينتهي بعد {dice.randint(2, 90)} يوما، "
        f"وأضاف أن الكلفة بلغت {dice.randint(2, 900)} ألفا وأن الدفعة الأولى صرفت قبل {dice.randint(2, 30)} أسبوعا."
    )


def dump(number: int, paragraphs: int = 3, sentences: int = 1) -> str:
    """A page: section, headline, body, and what stands below."""
    dice = random.Random(number)
    what, where = dice.choice(_WHAT), dice.choice(_WHERE)
    headline = f"افتتاح {what} رقم {number} في {where} يوم {dice.choice(_WHEN)} المقبل"
    body = (" ".join(sentence(dice) for _ in range(sentences)) for _ in range(paragraphs))
    others = (f"{dice.choice(_WHO)} يزور {dice.choice(_WHAT)} في {dice.choice(_WHERE)} رقم {n}" for n in range(3))
    lines = [dice.choice(_SECTIONS), headline, *body, "اترك رد", "أخبار ذات صلة", *others]
    return "\n\n".join(lines) + "\n"


def dumps(count: int, **shape: int) -> Iterator[tuple[str, str]]:
    """So many pages with their names."""
    for number in range(count):
        yield f"{number // 1000:03}/{number:06}.txt", dump(number, **shape)
