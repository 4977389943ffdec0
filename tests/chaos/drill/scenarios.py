"""All troubles, in the order they are played."""

from __future__ import annotations

from tests.chaos.drill.on_parts import ON_PARTS
from tests.chaos.drill.on_places import ON_PLACES
from tests.chaos.drill.on_wires import ON_WIRES
from tests.chaos.drill.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = (*ON_PARTS, *ON_WIRES, *ON_PLACES)
