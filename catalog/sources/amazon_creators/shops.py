"""Which of Amazon's three regions does a shop belong to, and where does each hand out tokens?

As published for the Creators API in 2026: a credential covers one region; its version names the region after the dot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    number: str
    name: str
    # Cognito for credentials 2.x, Login with Amazon for 3.x.
    token_url_2: str
    token_url_3: str


_COGNITO = "https://creatorsapi.auth.{}.amazoncognito.com/oauth2/token"
NORTH_AMERICA = Region("1", "North America", _COGNITO.format("us-east-1"), "https://api.amazon.com/auth/o2/token")
EUROPE = Region("2", "Europe", _COGNITO.format("eu-south-2"), "https://api.amazon.co.uk/auth/o2/token")
FAR_EAST = Region("3", "the Far East", _COGNITO.format("us-west-2"), "https://api.amazon.co.jp/auth/o2/token")

SHOPS: Mapping[str, Region] = {
    f"www.amazon.{ending}": region
    for region, endings in (
        (NORTH_AMERICA, "com ca com.mx com.br"),
        (EUROPE, "co.uk de fr it es nl com.be ie pl se com.tr ae sa eg in"),
        (FAR_EAST, "co.jp com.au sg"),
    )
    for ending in endings.split()
}
