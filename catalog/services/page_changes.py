"""Which pages no longer say what is true? Whoever changes what pages show says so here, in the same transaction."""

from __future__ import annotations


def announce(*things: str) -> None:
    """These changed: `offer:12`, `product:3`, `merchant:2`, `article:9`. Takes effect when the transaction commits."""
