"""Who wrote it, or checked it: the box with a person's role and what they test."""

from __future__ import annotations

from dataclasses import dataclass

from reviews.models.author import Author


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBox:
    name: str
    url: str
    role: str
    bio: str
    tests: tuple[str, ...]
    initials: str


def person_box(author: Author) -> PersonBox:
    return PersonBox(
        name=author.name,
        url=author.get_absolute_url(),
        role=author.role,
        bio=author.bio,
        tests=tuple(author.tests),
        initials="".join(word[0] for word in author.name.split()[:2]).upper(),
    )
