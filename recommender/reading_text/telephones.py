"""Which devices does the text name, and is its telephone the one in the pocket or the one on the desk?"""

from __future__ import annotations

from recommender.reading_text.clauses import Reading

# Said of a telephone that goes along.
POCKET = frozenset(
    ("mobile", "cell", "cellphone", "smartphone", "iphone", "android", "samsung", "galaxy", "pixel", "whatsapp",
     "facetime", "signal", "bluetooth", "app", "handy")
)  # fmt: skip
# Who phones at one of these phones sitting down.
DESKS = frozenset(
    ("reception", "desk", "softphone", "counter", "switchboard", "practice", "surgery", "office", "helpdesk", "planner",
     "paperwork", "booking", "extension")
)  # fmt: skip
# Long talks are had at a desk, unless something moves.
LONG_TALK = frozenset(("customer_support", "call_centre"))
MOVING = ("driving", "exercise", "multitasking_work", "multitasking_housework", "commuting", "industrial_comms")


LONG = 4.0  # hours
MANNERS = frozenset((("by",), ("via",), ("over", "the"), ("on", "the"), ("through", "the")))
# Behind one of these a telephone is something to do, not a thing: "I phone farmers".
DOERS = frozenset(("i", "we", "to"))


def _is_a_thing(said: Reading) -> bool:
    return any(
        clause.words[hit.begin] != "phone" or not DOERS.intersection(clause.words[: hit.begin][-1:])
        for clause in said.clauses
        for hit in clause.found("platforms", "phone")
        if not clause.denies(hit)
    )


def _is_a_manner(said: Reading) -> bool:
    """All that is said of a telephone is that people talk `by phone`, and nothing of it moves."""
    if _moves(said):
        return False
    before = [
        clause.words[max(hit.begin - 2, 0) : hit.begin]
        for clause in said.clauses
        for hit in clause.found("platforms", "phone")
        if not clause.denies(hit) and clause.words[hit.begin] == "phone"
    ]
    others = any(
        clause.words[hit.begin] != "phone" for clause in said.clauses for hit in clause.found("platforms", "phone")
    )
    return bool(before) and not others and all(words in MANNERS or words[-1:] in MANNERS for words in before)


def _for_long(said: Reading, hours: float | None) -> bool:
    """Whoever is on a bare telephone for half a day holds none in the hand."""
    words = {word for clause in said.clauses for word in clause.words}
    return hours is not None and hours >= LONG and words.isdisjoint(POCKET) and not _moves(said)


def _moves(said: Reading) -> bool:
    on_the_move = said.says("wishes", "portability", "awareness") or said.mentions("wishes", "wireless")
    return on_the_move or said.says("activities", *MOVING) or said.says("asked", "hands_free")


def platforms_in(said: Reading, hours: float | None) -> list[str]:
    """A bare telephone in an office, with nothing that moves, stands on the desk; who is on one for `hours` sits."""
    names = [name for name in said.names("platforms") if name != "phone" or _is_a_thing(said)]
    if "phone" not in names:
        return names
    words = {word for clause in said.clauses for word in clause.words}
    at_desk = not words.isdisjoint(DESKS) or said.says("activities", *LONG_TALK)
    if at_desk and not _moves(said) and words.isdisjoint(POCKET):
        return [*(name for name in names if name not in ("phone", "desk_phone")), "desk_phone"]
    if _is_a_manner(said) or _for_long(said, hours):
        # "I sell insurance over the phone" tells how, not through what
        names.remove("phone")
    return names
