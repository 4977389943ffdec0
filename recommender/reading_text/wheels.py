"""Who is at the wheel? A vehicle in the text may be the asker's own, a machine in the field, or what passes by."""

from __future__ import annotations

from recommender.reading_text.clauses import Clause, Hit, Reading

# Nouns that name a vehicle and no more: whose it is, the words around them tell.
VEHICLES = frozenset(("truck", "lorry", "van", "delivery", "motorbike", "motorcycle", "freight", "hgv"))
# One's own vehicle has one of these close before it: "my old van", "I have got a truck".
OURS = frozenset(("my", "our", "have", "got", "own", "drive", "driving", "bought"))
# Who goes by it sits in it.
INSIDE = frozenset(("by", "in", "from", "behind", "as"))
NEAR = 3
BICYCLES = frozenset(("bicycle", "bike", "ebike", "cargo"))
# Machines one sits in alone, without anybody to call out to.
FIELD_MACHINES = frozenset(("tractor", "combine", "harvester"))


def passes_by(said: Reading) -> bool:
    """Somebody runs, and vehicles are there that nobody says to drive: they are the traffic."""
    if not said.says("activities", "exercise") or said.says("environment", "gym"):
        return False
    at_wheel = [(clause, hit) for clause in said.clauses for hit in clause.found("activities", "driving")]
    passing = [(clause, hit) for clause in said.clauses for hit in clause.found("roads", "passing")]
    return all(_is_of_others(clause, hit) for clause, hit in at_wheel) and any(
        not clause.denies(hit) and not _is_ours(clause, hit) for clause, hit in passing
    )


def stands_by(said: Reading) -> bool:
    """All that names a vehicle is a bare noun that is nobody's here: `every time a truck leaves`."""
    at_wheel = [
        (clause, hit)
        for clause in said.clauses
        for hit in clause.found("activities", "driving")
        if not clause.denies(hit)
    ]
    return all(
        VEHICLES.issuperset(clause.words[hit.begin : hit.end])
        and OURS.union(INSIDE).isdisjoint(clause.words[max(hit.begin - NEAR, 0) : hit.begin])
        for clause, hit in at_wheel
    )


def on_two_wheels(said: Reading) -> bool:
    """All that is driven is a bicycle: `delivering pizza by bicycle`."""
    at_wheel = [(clause, hit) for clause in said.clauses for hit in clause.found("activities", "driving")]
    return all(not BICYCLES.isdisjoint(clause.words) for clause, _ in at_wheel)


def _is_of_others(clause: Clause, hit: Hit) -> bool:
    return VEHICLES.issuperset(clause.words[hit.begin : hit.end]) and not _is_ours(clause, hit)


def _is_ours(clause: Clause, hit: Hit) -> bool:
    return not OURS.isdisjoint(clause.words[max(hit.begin - NEAR, 0) : hit.begin])


def in_the_field(said: Reading) -> bool:
    """At the wheel of a tractor, with people ringing from elsewhere; a crew at its side is another matter."""
    if said.says("wishes", "crew") or not said.says("activities", "phone_calls", "customer_support"):
        return False
    return any(
        FIELD_MACHINES.intersection(clause.words[hit.begin : hit.end]) and not clause.denies(hit)
        for clause in said.clauses
        for hit in clause.found("activities", "industrial_comms")
    )
