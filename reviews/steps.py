"""Which steps lead an article from first words to its retirement, from where, and who may take them?

A pure module. An article has a status (what readers see of it) and its working copy has a stage; both are spelled as
`Article.Status` and `Article.Stage` spell them. A published page stays as it is while its next revision walks through
the stages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"
WRITING, IN_REVIEW, SCHEDULED = "writing", "in_review", "scheduled"
_ANY_STATUS = frozenset({DRAFT, PUBLISHED, RETIRED})
_ANY_STAGE = frozenset({WRITING, IN_REVIEW, SCHEDULED})


class Need(StrEnum):
    """What a step asks of who takes it."""

    ASKED_OF = "asked_of"
    NOTE = "note"
    REASON = "reason"  # a note that must not be empty
    CHANGE_NOTE = "change_note"  # printed in the public change log
    WHEN = "when"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`permission` is a codename of this app; empty: nobody takes it, the timetable does. `told` fills "Ada …"."""

    key: str
    label: str
    told: str
    help: str = ""
    permission: str = ""
    statuses: frozenset[str] = _ANY_STATUS
    stages: frozenset[str] = _ANY_STAGE
    needs: tuple[Need, ...] = ()
    is_grave: bool = False

    def is_possible(self, status: str, stage: str) -> bool:
        return status in self.statuses and stage in self.stages


_ALL = (
    Step(
        key="send_to_review",
        label="Send to review",
        told="sent the article to review",
        help="A colleague is asked to look at it. You can go on writing.",
        permission="change_article",
        stages=frozenset({WRITING}),
        needs=(Need.ASKED_OF, Need.NOTE),
    ),
    Step(
        key="take_back",
        label="Take back from review",
        told="took the article back from review",
        permission="change_article",
        stages=frozenset({IN_REVIEW}),
        needs=(Need.NOTE,),
    ),
    Step(
        key="ask_for_changes",
        label="Ask for changes",
        told="asked for changes",
        help="It goes back to its author with your note.",
        permission="review_article",
        stages=frozenset({IN_REVIEW}),
        needs=(Need.REASON,),
    ),
    Step(
        key="publish",
        label="Publish now",
        told="published the article",
        help="Readers see the working copy as it is saved now.",
        permission="publish_article",
        needs=(Need.CHANGE_NOTE,),
    ),
    Step(
        key="schedule",
        label="Schedule",
        told="scheduled the article",
        help="What is saved now appears by itself at that time. What you change afterwards waits for the next time.",
        permission="publish_article",
        needs=(Need.WHEN, Need.CHANGE_NOTE),
    ),
    Step(
        key="unschedule",
        label="Take off the schedule",
        told="took the article off the schedule",
        permission="publish_article",
        stages=frozenset({SCHEDULED}),
        needs=(Need.NOTE,),
    ),
    Step(
        key="retire",
        label="Retire",
        told="retired the article",
        help="Readers no longer see it. Nothing is deleted.",
        permission="publish_article",
        statuses=frozenset({PUBLISHED}),
        needs=(Need.NOTE,),
        is_grave=True,
    ),
    Step(
        key="bring_back",
        label="Bring back",
        told="brought the article back",
        help="Readers see again what they saw before it was retired.",
        permission="publish_article",
        statuses=frozenset({RETIRED}),
        needs=(Need.NOTE,),
    ),
    Step(key="publish_due", label="Published", told="published the article as scheduled"),
    Step(key="refuse_due", label="Kept back", told="could not publish the article as scheduled"),
    Step(key="expire_due", label="Expired", told="retired the article, since its time is over"),
)
STEPS = {step.key: step for step in _ALL}

# Who takes the steps that nobody takes.
TIMETABLE = "the timetable"
NO_ACCOUNT = "somebody without an account"


def taken_by(step: str, name: str | None) -> str:
    """Who took the step, for its history. `name` is that of the account; None: there is none, or none any more."""
    if name is not None:
        return name
    known = STEPS.get(step)
    return TIMETABLE if known is not None and not known.permission else NO_ACCOUNT


def told(step: str) -> str:
    """What was done, to stand behind who did it. A step of an earlier version of the program is named as it was."""
    return STEPS[step].told if step in STEPS else step.replace("_", " ")


def steps_from(status: str, stage: str, *, may: Callable[[str], bool]) -> tuple[Step, ...]:
    """The steps that can be taken from here by somebody who `may` (asked with the codename)."""
    return tuple(step for step in _ALL if step.permission and step.is_possible(status, stage) and may(step.permission))
