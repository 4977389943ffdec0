"""How does an issue of the newsletter come from published articles, and what may an editor do with it when?

What readers see of an article goes in: its live title and standfirst, never the working copy. The words are asked for
prices and foreign links (`letter_words`) when it is tried and again when it is scheduled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count

from readers import letters
from readers.letters import Mould, Part
from readers.models import Delivery, Issue
from readers.services.issues import IssueError, recipients, schedule_issue
from reviews.letter_words import forbidden_words


@dataclass(frozen=True, slots=True)
class Step:
    """A button under an issue."""

    key: str
    label: str
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDesk:
    """All that the page of one issue shows."""

    problems: tuple[str, ...]
    steps: tuple[Step, ...]
    counts: tuple[tuple[str, int], ...]
    readers: int
    sent: int
    total: int
    text: str


_STEPS: dict[str, tuple[Step, ...]] = {
    Issue.State.DRAFT: (Step("schedule", "Schedule it"),),
    Issue.State.SCHEDULED: (Step("take-back", "Make it a draft again"), Step("cancel", "Cancel it")),
    Issue.State.SENDING: (Step("pause", "Pause"), Step("cancel", "Cancel the rest")),
    Issue.State.PAUSED: (Step("go-on", "Go on"), Step("cancel", "Cancel the rest")),
}


def parts_of(issue: Issue) -> list[Part]:
    """Frozen ones when it was scheduled, else what its articles say to readers now; unpublished ones are left out."""
    if issue.state != Issue.State.DRAFT:
        return [Part.read(row) for row in issue.parts]
    rows = issue.articles.select_related("article__live_revision", "article__author")
    return [
        Part(
            title=row.article.shown["title"],
            text=row.article.shown["standfirst"],
            url=f"{settings.SITE_URL}{row.article.get_absolute_url()}",
            kicker=row.article.get_kind_display(),
            note=row.note,
        )
        for row in rows
        if row.article.status == row.article.Status.PUBLISHED and row.article.live_revision_id
    ]


def problems_of(issue: Issue) -> Iterator[str]:
    """Why it cannot go out as it is; empty when it can."""
    parts = parts_of(issue)
    if not parts:
        yield "There is nothing in it yet: choose at least one published article."
    if issue.state == Issue.State.DRAFT:
        for row in issue.articles.select_related("article"):
            if row.article.status != row.article.Status.PUBLISHED:
                yield f"“{row.article.title}” is not published: readers would find nothing there."
    words = {"The subject": issue.subject, "The introduction": issue.intro}
    for part in parts:
        words |= {f"“{part.title}”": f"{part.title}\n{part.text}", f"The words about “{part.title}”": part.note}
    for where, text in words.items():
        for problem in forbidden_words(text, site_url=settings.SITE_URL):
            yield f"{where}: {problem}"


def mould_of(issue: Issue) -> Mould:
    return letters.mould(topic=issue.topic, subject=issue.subject, intro=issue.intro, parts=parts_of(issue))


def issue_desk(issue: Issue, *, now: datetime) -> IssueDesk:
    labels = dict(Delivery.State.choices)
    rows = issue.deliveries.order_by().values_list("state").annotate(count=Count("pk"))
    counts = {str(state): int(count) for state, count in rows}
    return IssueDesk(
        problems=tuple(problems_of(issue)) if issue.state == Issue.State.DRAFT else (),
        steps=_STEPS.get(issue.state, ()),
        counts=tuple((str(labels[state]), counts[state]) for state in labels if state in counts),
        readers=recipients(topic=issue.topic, now=now).count() if issue.started_at is None else 0,
        sent=counts.get(Delivery.State.SENT, 0),
        total=sum(counts.values()),
        text=mould_of(issue).text,
    )


def send_test(*, issue: Issue, address: str) -> None:
    """One copy to the editor, marked as a trial; its links to leave lead nowhere. Raises `IssueError`."""
    if not address:
        raise IssueError("Your account has no mail address: add one under your name, then try again.")
    made = mould_of(issue)
    nowhere = f"{settings.SITE_URL}/newsletter/leave/a-trial/"
    trial = Mould(subject=f"[Trial] {made.subject}", text=made.text, html=made.html)
    domain = letters.message_id(issue.pk, 0)
    trial.filled(address=address, leave=nowhere, preferences=nowhere, message_id=domain).send()


def schedule(*, issue: Issue, due_at: datetime) -> None:
    """Freezes it and sends it from then on. Raises `IssueError` with all that is wrong with its words."""
    problems = list(problems_of(issue))
    if problems:
        raise IssueError(" ".join(problems))
    schedule_issue(issue=issue, parts=parts_of(issue), due_at=due_at)
