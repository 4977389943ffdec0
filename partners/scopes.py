"""What can a key be allowed to do? Scopes are tokens: the doors above name the one that each of their methods asks for.

To add one: a line here, and the door that asks for it (`partners.key_doors.ScopedView`). A name stays for good: keys
that were handed out carry it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """`name` as keys and the API's refusals carry it; `title` stands beside the box that is ticked at the desk."""

    name: str
    title: str


SCOPES: dict[str, Scope] = {
    scope.name: scope
    for scope in (
        Scope("products:write", "Add products and change what is known of them"),
        Scope("links:read", "See links, where they lead and how often they are followed"),
        Scope("links:write", "Make links and change where they lead"),
        Scope("reports:read", "Read the reports of clicks and of what they earned"),
        Scope("imports:read", "See imports of price files and refreshes of prices"),
        Scope("imports:write", "Bring in files of prices, offers and products, start and stop that"),
        Scope("jobs:read", "See what the workers do"),
    )
}


def choices() -> list[tuple[str, str]]:
    """Name and words of every scope, in the order of the table."""
    return [(scope.name, f"{scope.title} ({scope.name})") for scope in SCOPES.values()]
