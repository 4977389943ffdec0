"""What an authenticator app shows, computed as it does (RFC 6238)."""

from __future__ import annotations

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value


def code_now(secret: str, *, steps: int = 0) -> str:
    """The code of this half minute, or of one so many steps from it."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def wrong_code(secret: str) -> str:
    """Six digits that are good for none of the half minutes around this one."""
    good = {code_now(secret, steps=step) for step in range(-3, 4)}
    return next(f"{number:06}" for number in range(10) if f"{number:06}" not in good)
