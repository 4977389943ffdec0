"""Is this an address that we can write to, and what is said to whoever typed one that is not?"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

# What the columns hold, and what mail servers accept (RFC 5321); Django's validator lets longer ones pass.
LONGEST_ADDRESS = 254


def address_problem(address: str) -> str:
    """A sentence for the form it was typed into; empty: it is one. Blanks around it were taken away before."""
    if not address:
        return "Fill in your address."
    if len(address) > LONGEST_ADDRESS:
        return f"The address is too long: {LONGEST_ADDRESS} characters have room."
    if _is_one(address):
        return ""
    name, _, domain = address.rpartition("@")
    strange = next((letter for letter in name if not letter.isascii()), "")
    if strange and _is_one(f"{''.join(one if one.isascii() else 'x' for one in name)}@{domain}"):
        # An address by RFC 6531, which mail servers on the way need not know.
        return f"We cannot write to an address with “{strange}” before the @: many mail servers refuse it."
    return "That is no mail address: it needs a name, an @ and a domain, like ada@example.org."


def _is_one(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True
