"""newsclean: tells the article from the rest in raw text dumps of Arabic news pages.

>>> from arabic_newsclean import clean
>>> clean("زر الذهاب إلى الأعلى").noise[0].kind
'navigation'
"""

from arabic_newsclean.batches import clean_batch
from arabic_newsclean.model import Document
from arabic_newsclean.pipeline import clean

__version__ = "0.1.0"

__all__ = ["Document", "__version__", "clean", "clean_batch"]
