"""newsclean: tells the article from the rest in raw text dumps of Arabic news pages.

>>> from arabic_newsclean import clean
>>> clean("زر الذهاب إلى الأعلى").noise[0].kind
'navigation'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arabic_newsclean.batches import clean_batch
    from arabic_newsclean.model import Document
    from arabic_newsclean.pipeline import clean

__version__ = "0.1.0"

__all__ = ["Document", "__version__", "clean", "clean_batch"]

_HOME = {"Document": "model", "clean": "pipeline", "clean_batch": "batches"}


def __getattr__(name: str) -> Any:
    """What the package exports is loaded when it is asked for: the command line starts without it."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
