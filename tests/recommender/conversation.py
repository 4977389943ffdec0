"""How would a person answer our questions, one after the other, until the kind is sure?"""

from __future__ import annotations

from dataclasses import replace

from recommender.answers import Needs
from recommender.asking import is_sure, upcoming
from recommender.questions import MOST_ACTIVITIES, Question
from recommender.rules import RuleSet
from recommender.told import Told, answered, told_of


def conversation(needs: Needs, rules: RuleSet) -> tuple[int, Told]:
    """How many questions it takes until the kind is sure, or there is none left to ask; and what was told then."""
    state, asked = Told(), 0
    while not is_sure(state, rules) and (waiting := upcoming(state, rules)):
        key = waiting[0].key
        state = _answers_as(needs, waiting[0], state) or replace(state, skipped=(*state.skipped, key))
        asked += 1
    return asked, state


def _answers_as(needs: Needs, question: Question, state: Told) -> Told | None:
    """What this person answers; None when they would pass the question over."""
    theirs = told_of(needs)
    if question.key == "do":
        known = [name for name in theirs.do if question.option(name)][:MOST_ACTIVITIES]
        return answered(state, "do", known) if known else None
    if question.key == "mic":
        mic = theirs.mic or _microphone(needs)
        return answered(state, "mic", [mic]) if mic else None
    if question.key == "where":
        places = [place for place in theirs.where if question.option(place)][:1]
        return answered(state, "where", places) if places else None
    if question.key == "hours":
        hours = float(needs.wear_hours_per_day or 0)
        nearest = min(question.options, key=lambda option: abs(float(option.value) - hours)) if hours else None
        return answered(state, "hours", [nearest.value]) if nearest else None
    if question.key == "budget":
        return replace(state, budget=theirs.budget, currency=theirs.currency) if theirs.budget else None
    values = theirs.values(question.key)
    return answered(state, question.key, values) if values else None


def _microphone(needs: Needs) -> str:
    """Who is asked who picks up their voice answers from what they need."""
    if needs.mic_need in ("none", "forbidden"):
        return "never"
    return {"required": "none", "occasional": "rarely"}.get(needs.mic_need or "", "")
