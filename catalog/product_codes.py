"""Is this a code that names a product, and how is it spelled so that two spellings of one code meet?

Pure. Feeds write one GTIN as 12, 13 or 14 digits, with blanks or a lost leading zero; part numbers come with colours
and regions mixed in. Only what can name a product is kept.
"""

from __future__ import annotations

import re

# Lengths in which GS1 hands out GTINs; anything else is a cut or an invented number.
_GTIN_LENGTHS = (8, 12, 13, 14)
_ASIN = re.compile(r"[0-9]{9}[0-9X]|[A-Z][A-Z0-9]{9}", re.ASCII)
# "BLK", "28" or a brand's name stand in part-number columns of real catalogues and name nothing.
_SHORTEST_MPN = 4
_LONGEST = 64


def gtin(text: str) -> str | None:
    """The GTIN as 13 digits (14 where the first is not 0), or None when its length or check digit is wrong."""
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"[0-9]+", digits, re.ASCII):
        return None
    if len(digits) not in _GTIN_LENGTHS or not digits.strip("0"):
        return None
    full = digits.zfill(14)
    weighed = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(full[:13]))
    if (10 - weighed % 10) % 10 != int(full[13]):
        return None
    return full[1:] if full[0] == "0" else full


def asin(text: str) -> str | None:
    """The ASIN in capitals, or None when it cannot be one."""
    code = text.strip().upper()
    return code if _ASIN.fullmatch(code) else None


def mpns(text: str) -> tuple[str, ...]:
    """The part numbers in the text (several are often written `A / B`), without those that name nothing."""
    found = (" ".join(part.split()).upper() for part in re.split(r"\s+/\s+|;", text))
    return tuple(
        dict.fromkeys(
            part for part in found if _SHORTEST_MPN <= len(part) <= _LONGEST and any(sign.isdigit() for sign in part)
        )
    )
