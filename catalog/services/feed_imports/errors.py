"""What is said when an import cannot go on? A sentence for the editor: what is wrong, where, and what to do."""

from __future__ import annotations


class ImportError_(Exception):  # noqa: N801, N818 - `ImportError` is Python's own
    """The file, the feed or a setting is not usable; nothing that was stored before is lost."""


class LostClaimError(Exception):
    """Another worker took the import over, or an editor began it anew: this one writes nothing more."""
