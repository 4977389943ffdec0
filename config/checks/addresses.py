"""What is an address? Words that the checks share; pure."""

from __future__ import annotations

import ipaddress
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def web_problem(address: str) -> str:
    """Why `address` is no address of a site; empty: it is one."""
    try:
        parts = urlsplit(address)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return "its port is no number"
    if parts.scheme not in ("http", "https"):
        return "it does not begin with https:// or http://"
    if not parts.hostname or not port_is_fine:
        return "it names no host"
    if parts.query or parts.fragment or parts.username:
        return "it has more than a host and a path"
    return ""


def is_of_this_machine(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_mail_address(text: str) -> bool:
    """`post@example.org` or `Earmark <post@example.org>`; a machine's own `post@localhost` too."""
    address = parseaddr(text)[1]
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(text.splitlines()) == 1


def domain_of(text: str) -> str:
    return parseaddr(text)[1].rpartition("@")[2].lower()
