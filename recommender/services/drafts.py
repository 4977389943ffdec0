"""How does the draft of the rules change: begun, edited, approved by somebody else, published or dropped?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import transaction

from recommender import rules, rules_in_force
from recommender.models import RecentNeeds, RuleSetDraft, RuleSetVersion
from recommender.questions import QUESTIONS
from recommender.rules import Rule
from recommender.services.versions import (
    RulesRefusedError,
    add_version,
    keep_shipped,
    put_in_force,
    version_in_force,
    write_down,
)
from recommender.steps import told_from
from recommender.told import Told, label_of, needs_data, needs_of
from recommender.trial import Trial, try_out
from recommender.trial.golden import Move, Person, moves

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Whoever touches a rule of these layers needs a second pair of eyes, whatever it changes.
GUARDED = ("safety", "definition", "hard")
MOST_TEXT = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A draft as it was tried. `changed`: pairs of a rule as it is and as it would be (None: there is none).

    `moves` are people known by heart, `lately` those of the answers that results were lately shown for; `readers` says
    how many of these there were.
    """

    trial: Trial
    moves: tuple[Move, ...]
    lately: tuple[Move, ...]
    readers: int
    changed: tuple[tuple[Rule | None, Rule | None], ...]

    @property
    def needs_approval(self) -> bool:
        return bool(self.moves) or any(
            rule is not None and rule.layer in GUARDED for pair in self.changed for rule in pair
        )

    @property
    def why_approval(self) -> str:
        """Why somebody else has to look at it; empty when nobody has to."""
        guarded = [rule.id for pair in self.changed for rule in pair if rule is not None and rule.layer in GUARDED]
        if guarded:
            names = ", ".join(dict.fromkeys(guarded))
            return f"It touches rules of safety, definitions or hard rules: {names}."
        return f"{len(self.moves)} of the people known by heart would get another answer." if self.moves else ""


@transaction.atomic
def open_draft(*, by: User, now: datetime) -> RuleSetDraft:
    """The draft there is, else a new one of the rules in force."""
    found = RuleSetDraft.objects.select_for_update().filter(id=1).first()
    if found is not None:
        return found
    based_on = version_in_force() or keep_shipped(now=now)
    draft, is_new = RuleSetDraft.objects.get_or_create(
        id=1, defaults={"based_on": based_on, "texts": dict(based_on.texts)}
    )
    if is_new:
        write_down(based_on, by, "Began a draft of the rules.")
    return draft


@transaction.atomic
def edit_draft(
    *, by: User, now: datetime, texts: Mapping[str, str] | None = None, note: str | None = None, seen: int | None = None
) -> RuleSetDraft:
    """New texts for some files, or another note. What is not sound may be saved, but not published.

    `seen` is the draft's revision that the editor looked at, 0 where there was no draft; raises `RulesRefusedError`
    when somebody else saved since.
    """
    is_there = RuleSetDraft.objects.exists()
    draft = open_draft(by=by, now=now)
    if seen is not None and seen != (draft.revision if is_there else 0):
        raise RulesRefusedError("Somebody else has edited the draft meanwhile. Look at what they did, then save again.")
    new = {**draft.texts, **(texts or {})}
    if sum(len(text) for text in new.values()) > MOST_TEXT * 5 or any(len(text) > MOST_TEXT for text in new.values()):
        raise RulesRefusedError(f"A file of rules has at most {MOST_TEXT:,} characters. Take something out.")
    if new == draft.texts and note in (None, draft.note):
        return draft
    is_other_text = new != draft.texts
    draft.texts, draft.note = new, draft.note if note is None else note
    if is_other_text:
        draft.approved_by, draft.approved_at = None, None
        draft.edited_by.add(by)
    draft.revision += 1
    draft.save()
    return draft


@transaction.atomic
def approve_draft(*, by: User, now: datetime, seen: int) -> None:
    """A second person has looked at exactly this draft."""
    draft = _draft()
    if seen != draft.revision:
        raise RulesRefusedError("The draft was edited since you looked at it. Look again, then approve.")
    if draft.edited_by.filter(pk=by.pk).exists():
        raise RulesRefusedError("You edited this draft yourself. Ask somebody else to approve it.")
    _refuse_faults(judge(draft))
    draft.approved_by, draft.approved_at = by, now
    draft.save(update_fields=["approved_by", "approved_at"])
    write_down(draft.based_on, by, "Approved the draft of the rules.")


@transaction.atomic
def publish_draft(*, by: User, now: datetime, seen: int) -> RuleSetVersion:
    """The draft becomes the next version and comes into force. Raises `RulesRefusedError` having done nothing."""
    draft = _draft()
    if seen != draft.revision:
        raise RulesRefusedError("The draft was edited since you looked at it. Look again, then publish.")
    if version_in_force() != draft.based_on:
        raise RulesRefusedError(
            "Other rules came into force since this draft was begun. Note down your changes, discard it and begin anew."
        )
    judged = judge(draft)
    _refuse_faults(judged)
    if not judged.changed:
        raise RulesRefusedError("The draft says what the rules in force say. Change a rule first.")
    if judged.needs_approval and draft.approved_by is None:
        raise RulesRefusedError(f"{judged.why_approval} Somebody who did not edit the draft has to approve it first.")
    assert judged.trial.ruleset is not None
    version = add_version(
        texts=draft.texts,
        fingerprint=judged.trial.ruleset.version,
        now=now,
        note=draft.note,
        drafted_by=", ".join(draft.edited_by.order_by("username").values_list("username", flat=True))[:150],
        approved_by=draft.approved_by.get_username() if draft.approved_by else "",
        published_by=by.get_username(),
    )
    draft.delete()
    put_in_force(version=version, by=by, now=now, message=f"Published: {len(judged.changed)} rules changed.")
    return version


@transaction.atomic
def discard_draft(*, by: User) -> None:
    """The rules in force stay as they are."""
    draft = _draft()
    based_on = draft.based_on
    draft.delete()
    write_down(based_on, by, "Discarded the draft of the rules.")


def judge(draft: RuleSetDraft) -> Judged:
    """All checks and all changed decisions; remembered, so that looking at the draft again costs nothing."""
    before = rules_in_force.texts_in_force()
    lately = tuple(RecentNeeds.objects.values_list("said", flat=True))
    return _judge(tuple(draft.texts.items()), tuple(before.items()), bool(draft.note.strip()), lately)


@lru_cache(maxsize=8)
def _judge(
    draft: tuple[tuple[str, str], ...], before: tuple[tuple[str, str], ...], has_note: bool, lately: tuple[str, ...]
) -> Judged:
    was = {rule.id: rule for rule in rules.rules_of_texts(dict(before))}
    will_be = {rule.id: rule for rule in rules.rules_of_texts(dict(draft))}
    trial = try_out(dict(draft), was, note="given" if has_note else "")
    ids = [*was, *(rule_id for rule_id in will_be if rule_id not in was)]
    now = rules.ruleset_of(dict(before)) if trial.ruleset else None
    readers = _readers(lately)
    return Judged(
        trial=trial,
        moves=tuple(moves(now, trial.ruleset)) if now and trial.ruleset else (),
        lately=tuple(moves(now, trial.ruleset, readers)) if now and trial.ruleset else (),
        readers=len(readers),
        changed=tuple(
            (was.get(rule_id), will_be.get(rule_id)) for rule_id in ids if was.get(rule_id) != will_be.get(rule_id)
        ),
    )


def _readers(lately: tuple[str, ...]) -> list[Person]:
    """People who might have given these answers. Answers that are not offered any more are left out."""
    found = [(said, told) for said in lately if (told := told_from(said)) is not None]
    return [Person(id=said, who=_answers(told), needs=needs_of(told), told=needs_data(told)) for said, told in found]


def _answers(told: Told) -> str:
    found = [label_of(question, value) for question in QUESTIONS for value in told.values(question.key)]
    return " · ".join(found)


def _refuse_faults(judged: Judged) -> None:
    if not judged.trial.may_be_published:
        raise RulesRefusedError(*(str(fault) for fault in judged.trial.faults))


def _draft() -> RuleSetDraft:
    found = RuleSetDraft.objects.select_for_update(of=("self",)).select_related("based_on", "approved_by").first()
    if found is None:
        raise RulesRefusedError("There is no draft any more: it was published or discarded. Look at the versions.")
    return found
