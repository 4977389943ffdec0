"""What is one scenario: what befalls the site, what is pardoned meanwhile, what it proves?"""

from __future__ import annotations

from dataclasses import dataclass

from tests.chaos.drill.told import Told
from tests.chaos.drill.troubles import Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`may_lag`: changes cannot be carried to pages meanwhile. `may_refuse`: a web process itself is hit. `told`: what
    `/metrics` says of it; None: nothing is promised. `needs`: `root`, or `faketime`.
    """

    name: str
    proves: str
    befall: Trouble
    may_lag: bool = False
    may_refuse: bool = False
    told: Told | None = None
    needs: str = ""
