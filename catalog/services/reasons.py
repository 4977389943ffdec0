"""Which text can be stored as the reason why something could not be read?

Reasons quote what merchants wrote, and merchants write anything.
"""

from __future__ import annotations

# How an editor's rejection is told from the judge's, which is only as lasting as what it was about.
_REJECTED_BY = " was rejected by "


def storable(text: str) -> str:
    """The text without what PostgreSQL refuses, NUL and lone surrogates: one odd byte must not lose a whole stroke."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def rejection(price: str, by: str) -> str:
    return f"{price}{_REJECTED_BY}{by}."


def is_rejection_by_editor(reason: str) -> bool:
    return _REJECTED_BY in reason
