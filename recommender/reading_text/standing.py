"""Which thoughts of a text still stand? Not those it scraps, nor those on what somebody is given for work."""

from __future__ import annotations

from collections.abc import Sequence

from recommender.reading_text.clauses import Clause

# What is said for nothing, once it is taken back: the rest has to say what is wanted instead.
TELLING = ("activities", "games", "jobs")
HAD = frozenset(("own", "have", "got", "use"))
WORN = frozenset(("headset", "headphone", "earbud", "bud", "airpod", "earphone", "pair", "one", "set"))
# What people are paid for; only that is provided by those who pay.
PAID = {
    "aviation_pilot", "air_traffic_control", "call_centre", "customer_support", "industrial_comms", "driving",
    "multitasking_work", "live_performance", "broadcasting", "transcription", "video_meetings", "phone_calls",
    "travel_passenger", "commuting", "audio_editing_mixing", "radio_listening", "dictation",
}  # fmt: skip


def standing(clauses: Sequence[Clause]) -> list[Clause]:
    """The clauses that count, as long as they tell what is done; else all of them."""
    kept = list(clauses)
    for narrow in (_after_a_change_of_mind, _without_what_is_provided, _without_what_is_owned):
        narrowed = narrow(kept)
        if any(_tells(clause) for clause in narrowed):
            kept = narrowed
    return kept


def _tells(clause: Clause) -> bool:
    return any(clause.says(section) for section in TELLING)


def _after_a_change_of_mind(clauses: list[Clause]) -> list[Clause]:
    """`Earbuds for jogging. Scrap that, I start at a reception`: only the reception is asked for."""
    for place in range(len(clauses) - 1, 0, -1):
        if any(mark.end == len(clauses[place].words) for mark in clauses[place].found("answers", "scrapped")):
            return clauses[place + 1 :]
    return clauses


def _without_what_is_provided(clauses: list[Clause]) -> list[Clause]:
    """`Captain. The airline gives me my headset. I want films on the sofa`: nothing is bought for the cockpit."""
    sentences = _sentences(clauses)
    dropped: set[int] = set()
    for place, sentence in enumerate(sentences):
        if any(clause.says("answers", "provided") for clause in sentence) and not any(map(_unfit, sentence)):
            dropped.add(place)
            if place and _is_paid_work(sentences[place - 1]):
                dropped.add(place - 1)
    return [clause for place, sentence in enumerate(sentences) if place not in dropped for clause in sentence]


def _without_what_is_owned(clauses: list[Clause]) -> list[Clause]:
    """`I already own earbuds for calls; now I want proper sound`: nothing is bought for the calls."""
    return [clause for clause in clauses if not _is_owned(clause)]


def _is_owned(clause: Clause) -> bool:
    words = clause.words
    if "already" not in words or HAD.isdisjoint(words) or WORN.isdisjoint(words) or "for" not in words:
        return False
    return any(hit.begin > words.index("for") for hit in clause.found("activities"))


def _sentences(clauses: Sequence[Clause]) -> list[list[Clause]]:
    found: list[list[Clause]] = []
    for clause in clauses:
        if clause.opens or not found:
            found.append([])
        found[-1].append(clause)
    return found


def _unfit(clause: Clause) -> bool:
    """Who is given rubbish buys for the same work."""
    return clause.mentions("mic", "dropped") or clause.mentions("wishes", "sore")


def _is_paid_work(sentence: Sequence[Clause]) -> bool:
    done = {hit.name for clause in sentence for hit in clause.found("activities")}
    return done <= PAID and (bool(done) or any(clause.mentions("jobs") for clause in sentence))
