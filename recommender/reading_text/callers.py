"""Who talks to whom, and through what? Crews, drivers, tradespeople and offices need other things for it."""

from __future__ import annotations

from decimal import Decimal

from recommender.reading_text.clauses import Reading
from recommender.reading_text.wheels import in_the_field, on_two_wheels, passes_by, stands_by

USUAL = Decimal(1)
SOMEBODY_ELSE = frozenset(("the", "my", "our", "his", "her", "their", "from", "by", "to", "with"))
# What a crew talks through, and whom it talks to.
RADIO = {"radio", "intercom", "comms", "walkie", "talkie", "crew", "talkback", "spotter", "banksman", "foreman"}
AT_A_SCREEN = {"video_meetings", "online_class", "dictation", "voice_recording"}
AT_A_DESK = {"video_meetings", "customer_support"}


def sort_calls(said: Reading, weights: dict[str, Decimal]) -> None:
    """Calls at the wheel, in a crew, on a ladder and at work, each under its own name in the `weights`."""
    _wheels(said, weights)
    _crews(said, weights)
    _hands_of_a_trade(said, weights)
    _tradespeople(said, weights)
    _work_calls(said, weights)


def _wheels(said: Reading, weights: dict[str, Decimal]) -> None:
    if passes_by(said):
        weights.pop("driving", None)
    if not weights.keys().isdisjoint(AT_A_SCREEN) and stands_by(said):
        weights.pop("driving", None)
    if "driving" in weights and on_two_wheels(said):
        # a courier on a bicycle is no driver: both ears stay open, rather than one
        weights["exercise"] = weights.pop("driving")
    if "driving" in weights and "call_centre" in weights and _only_names_dispatch(said):
        weights["phone_calls"] = weights.pop("call_centre")
    if "driving" in weights and not said.says("platforms", "pc", "desk_phone"):
        # clients who call somebody at the wheel have no picture, and customers no desk
        for name in AT_A_DESK & weights.keys():
            weights["phone_calls"] = weights.pop(name)
    if "industrial_comms" in weights and in_the_field(said):
        weights["driving"] = weights.pop("industrial_comms")


def _only_names_dispatch(said: Reading) -> bool:
    """Whoever is at the wheel and speaks of a dispatcher is the one who is rung."""
    hits = [(clause, hit) for clause in said.clauses for hit in clause.found("activities", "call_centre")]
    # who begins with it tells their own trade
    return all(clause.words[hit.begin].startswith("dispatch") and clause is not said.clauses[0] for clause, hit in hits)


def _hands_of_a_trade(said: Reading, weights: dict[str, Decimal]) -> None:
    """A window cleaner who is rung up has busy hands, though only the trade says so."""
    at_desk = said.says("platforms", "desk_phone", "pc")
    own = any(
        # the dentist who calls is somebody else
        not clause.denies(hit) and SOMEBODY_ELSE.isdisjoint(clause.words[: hit.begin][-1:])
        for clause in said.clauses
        for hit in clause.found("jobs", "multitasking_work")
    )
    if "phone_calls" in weights and not at_desk and own:
        weights.setdefault("multitasking_work", USUAL)


def _tradespeople(said: Reading, weights: dict[str, Decimal]) -> None:
    """Customers who ring somebody with both arms under a sink are callers on a mobile, not a support desk."""
    at_desk = said.says("platforms", "desk_phone", "pc") or not said.says("wishes", "mobile")
    rung = _only_answers(said) or said.says("asked", "hands_free")
    if not at_desk and "multitasking_work" in weights and "customer_support" in weights and rung:
        weights["phone_calls"] = weights.pop("customer_support")


def _only_answers(said: Reading) -> bool:
    """Who says to do customer support, or takes orders down, has it for a trade."""
    hits = [(clause, hit) for clause in said.clauses for hit in clause.found("activities", "customer_support")]
    return all(clause.words[hit.begin].startswith("answer") for clause, hit in hits)


def _crews(said: Reading, weights: dict[str, Decimal]) -> None:
    """Loud machines alone are surroundings; it takes somebody to talk to."""
    if "industrial_comms" not in weights:
        return
    talk = said.says("wishes", "crew") or "phone_calls" in weights
    if not talk or said.says("mic", "mute"):
        weights.pop("industrial_comms")
    elif "phone_calls" in weights and not _on_the_radio(said):
        # whoever rings somebody on a site is no crew: the telephone is answered with busy hands
        weights.setdefault("multitasking_work", weights.pop("industrial_comms"))
        for shade in ("radio_listening", "travel_passenger"):
            weights.pop(shade, None)


def _on_the_radio(said: Reading) -> bool:
    return any(
        RADIO.intersection(clause.words[hit.begin : hit.end])
        for clause in said.clauses
        for section, name in (("wishes", "crew"), ("activities", "industrial_comms"))
        for hit in clause.found(section, name)
    )


def _work_calls(said: Reading, weights: dict[str, Decimal]) -> None:
    """Calls among colleagues and clients are meetings at a computer, unless a telephone is spoken of."""
    busy = "exercise" in weights or ("multitasking_work" in weights and not said.says("platforms", "pc"))
    at_work = said.says("wishes", "work") and not said.mentions("wishes", "mobile") and not busy
    if not at_work or "video_meetings" in weights or "driving" in weights:
        return
    if "phone_calls" in weights:
        weights["video_meetings"] = weights.pop("phone_calls")
    elif not weights and said.mentions("mic", "own", "built_in"):
        weights["video_meetings"] = USUAL


def talked_into_a_phone(said: Reading) -> dict[str, Decimal]:
    """Long talks, and a telephone in the text: they are had on it."""
    talks = said.says("wishes", "talking") and said.says("platforms", "phone", "desk_phone")
    return {"phone_calls": USUAL} if talks and not said.mentions("mic", "mute", "forbidden") else {}
