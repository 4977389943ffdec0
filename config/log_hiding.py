"""Which words of a log line are nobody's business? Readers' addresses, links that let somebody in, keys, rows.

Pure: text in, the same text with … where something was hidden. Meant for whole lines and tracebacks, whoever wrote
them: a mail server's refusal names the address, PostgreSQL's complaint quotes the row, Django names the address asked.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

HIDDEN = "…"

# Addresses that let in whoever has them. A test holds this to the site's address tables.
_DOORS = re.compile(
    r"(/(?:postback/[0-9]+|newsletter/(?:you|confirm|leave-news|leave)|alerts/mine|comments/(?:mine|decide)|preview)/)"
    r"[^/\s?\"'<>]+"
)
_QUERY = re.compile(r"((?:https?://[^\s?\"'<>]+|/[\w./~%+:-]*))\?[^\s\"'<>]+")
_SIGN_IN = re.compile(r"([a-z][a-z0-9+.-]*://)[^\s/@\"'<>]*@", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@<>\"'(){}\[\],;:=/|]+@[^\s@<>\"'(){}\[\],;:/|]+")
_KEYS = re.compile(r"\b(Bearer|Basic|Api-Key|Token)\s+[\w.+/=~-]{8,}", re.IGNORECASE)
_MADE_KEYS = re.compile(r"\b(?:whsec_[\w+/=-]+|(?:earmark_)?[A-Za-z0-9]{8}\.[A-Za-z0-9]{32,})")
# What Django signs ends in a time and a sum: `value:1r2Abc:43 letters`.
_SIGNED = re.compile(r"[\w.=-]+(?::[A-Za-z0-9]{5,8})?:[\w-]{43}\b")
# PostgreSQL quotes rows, values and the statement around them.
_QUOTED_ROWS = re.compile(r"^((?:DETAIL|CONTEXT|HINT|LINE \d+): ?).+$", re.MULTILINE)
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\w)")
_IPV6 = re.compile(r"(?<![\w:])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])")
# Machines of the house: an operator needs to know which of them does not answer.
_OURS = [
    ipaddress.ip_network(net)
    for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "0.0.0.0/32", "::1/128", "::/128")
]
_SHORTEST_SECRET = 8


def hide(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without what tells who somebody is or lets somebody in. `secrets` are hidden wherever they stand."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, HIDDEN)
    text = _QUOTED_ROWS.sub(rf"\1{HIDDEN}", text)
    text = _DOORS.sub(rf"\1{HIDDEN}", text)
    text = _QUERY.sub(rf"\1?{HIDDEN}", text)
    text = _SIGN_IN.sub(rf"\1{HIDDEN}@", text)
    text = _MAIL.sub(_mail, text)
    text = _KEYS.sub(rf"\1 {HIDDEN}", text)
    text = _MADE_KEYS.sub(HIDDEN, text)
    text = _SIGNED.sub(HIDDEN, text)
    return _IPV6.sub(_address, _IPV4.sub(_address, text))


def _mail(found: re.Match[str]) -> str:
    # What was hidden before an @ keeps its host: `postgresql://…@db.example`.
    return found[0] if found[0].startswith(HIDDEN) else f"{HIDDEN}@{HIDDEN}"


def _address(found: re.Match[str]) -> str:
    try:
        address = ipaddress.ip_address(found[0])
    except ValueError:
        return found[0]
    is_ours = any(address.version == net.version and address in net for net in _OURS)
    return found[0] if is_ours else HIDDEN
