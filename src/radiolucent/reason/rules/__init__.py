"""Guidelines as rules: versioned decision tables whose every conclusion cites the row it comes from.

Own code, after a look at two libraries. zen-engine (MIT, 25 MB) runs decision tables and can tell which row was hit, but
gives an empty result without a reason where an input is missing, takes a word that it does not know for a wildcard
(`risk = "banana"` falls through to the next row), takes -3 mm for less than 6 mm, and proves nothing. clipspy (BSD, 3 MB)
chains rules in a language of its own; it too knows neither units nor missing inputs nor proofs. What is wanted here is
smaller than either: tables that a clinician can read, three-valued matching, and a proof over boxes.
"""

from .case import guideline
from .findings import findings
from .proof import Complaint, prove
from .read import names, parse, read, shipped

__all__ = ["Complaint", "findings", "guideline", "names", "parse", "prove", "read", "shipped"]
