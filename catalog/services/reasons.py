"""Which text can be stored as the reason why something could not be read?

Reasons quote what merchants wrote, and merchants write anything.
"""

from __future__ import annotations


def storable(text: str) -> str:
    """The text without what PostgreSQL refuses, NUL and lone surrogates: one odd byte must not lose a whole stroke."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
