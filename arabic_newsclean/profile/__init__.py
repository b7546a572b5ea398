"""What repeats in a source: learned from many of its dumps, kept in a file that can be read and edited, used as rules.

`pages` keeps of each dump what learning needs, `repeats` finds what repeats across the dumps of one source, and `table`
is the file: its entries, and the rules they become.
"""

from arabic_newsclean.profile.table import Entry, Profile, ProfileError, Site

__all__ = ["Entry", "Profile", "ProfileError", "Site"]
