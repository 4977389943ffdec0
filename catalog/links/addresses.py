"""How is an address changed or taken apart without touching what is not meant?

Shops sign their query strings and know their own spelling: parsing and writing them anew would change them. So pieces
between `&` are kept or dropped whole, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from urllib.parse import quote, unquote, urlsplit, urlunsplit

# A million links are read at a start, and nearly all addresses are as plain as this.
_PLAIN = re.compile(r"https?://([A-Za-z0-9.-]+)(?::[0-9]{1,4})?(?:[/?#]|$)")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_ENCODED_WEB = re.compile(r"https?(?:%(?:25)*3a|:)(?:%(?:25)*2f|/){2}", re.IGNORECASE)
_NO_SCHEME = re.compile(r"(?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#]|$)", re.IGNORECASE)
# Somebody may have encoded an address again each time it was passed on; nobody does so more often.
_MOST_LAYERS = 4


def host_of(address: str) -> str:
    """The host in small letters, without port or final dot; empty when there is none or it cannot be read."""
    if plain := _PLAIN.match(address):
        return plain[1].lower().rstrip(".")
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def lies_on(hosts: Iterable[str], address: str) -> bool:
    """True when the address' host is one of these or below it."""
    host = f".{host_of(address)}"
    return any(one and host.endswith(f".{one}") for one in hosts)


def parameter(address: str, name: str) -> str:
    """The decoded value of the query parameter, or an empty text."""
    for pair in urlsplit(address).query.split("&"):
        if names(pair, name):
            return unquote(pair.partition("=")[2].replace("+", " "))
    return ""


def names(pair: str, name: str) -> bool:
    """True when this piece of a query string sets the parameter of that name."""
    return unquote(pair.partition("=")[0]) == name


def with_parameter(address: str, name: str, value: str) -> str:
    """The address with this query parameter set once, at the end; every other one stays as it is."""
    return with_parameters(address, {name: value})


def with_parameters(address: str, values: Mapping[str, str], *, without: Collection[str] = ()) -> str:
    """The address with these query parameters set once, at the end and in this order; an empty value only takes the
    parameter out. Those named in `without` (in small letters) are taken out, however they are capitalised."""
    parts = urlsplit(address)
    kept = [
        pair
        for pair in parts.query.split("&")
        if pair and (name := unquote(pair.partition("=")[0])) not in values and name.lower() not in without
    ]
    added = [f"{name}={quote(value, safe='')}" for name, value in values.items() if value]
    return urlunsplit(parts._replace(query="&".join([*kept, *added])))


def without_parameters(address: str, dropped: Collection[str]) -> str:
    """The address without the query parameters of these names (in small letters), however they are capitalised.

    An address that has none of them is not touched.
    """
    query = urlsplit(address).query
    if not query or not any(unquote(pair.partition("=")[0]).lower() in dropped for pair in query.split("&")):
        return address
    return with_parameters(address, {}, without=dropped)


def carried(link: str, *carriers: str, own: Collection[str] = ()) -> str:
    """The web address that a link carries in one of these parameters (names in small letters); empty when in none.

    It may be encoded, encoded several times, or not at all; then what follows belongs to it, except the link's `own`
    parameters. A fragment behind the link is the address', as browsers see it.
    """
    parts = urlsplit(link)
    pairs = parts.query.split("&")
    for carrier in carriers:
        for position, pair in enumerate(pairs):
            name, _, value = pair.partition("=")
            if unquote(name).lower() != carrier or not value:
                continue
            if _WEB.match(value) and "?" in value:  # written in as it is, so its own `&` cut it
                rest = [one for one in pairs[position + 1 :] if unquote(one.partition("=")[0]).lower() not in own]
                value = "&".join([value, *rest])
            if found := web_address(value):
                return f"{found}#{parts.fragment}" if parts.fragment and "#" not in found else found
    return ""


def web_address(text: str) -> str:
    """The http(s) address this text is, taken out of however many layers of encoding; empty when it is none.

    A `+` stays one: addresses have no spaces, and to a shop both mean the same.
    """
    for _ in range(_MOST_LAYERS):
        if _WEB.match(text):
            return text
        if _ENCODED_WEB.match(text):
            text = unquote(text)
            # A server on the way may have made one slash of two.
        elif re.match(r"https?:/[^/]", text, re.IGNORECASE):
            return text.replace(":/", "://", 1)
        else:
            break
    bare = unquote(text)
    return f"https://{bare.removeprefix('//')}" if _NO_SCHEME.match(bare) else ""
