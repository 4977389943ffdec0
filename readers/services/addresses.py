"""How does an address come in that its owner gave with something else than a consent? It waits to be confirmed."""

from __future__ import annotations

from readers.models import Reader


def remember_address(address: str) -> Reader:
    """The reader of this address. One that nobody confirms is forgotten (`subscriptions.forget_unconfirmed`)."""
    reader, _ = Reader.objects.get_or_create(address=address.strip().lower())
    return reader
