"""Which broken promise is worth waking somebody? One table, for mails to operators and for Prometheus' rules alike.

Pure. The numbers are those of `/metrics`; `docs/dashboards/alerts.yml` is written from this table
(`manage.py alarm_rules`), and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Told when `metric` is over or under its limit for `lasts` seconds without a break.

    `where` names labels that a number must have, `by` those by which numbers are kept apart: each value is a trouble of
    its own. `within`: the metric counts up, and what is compared is by how much it did in so many seconds.
    """

    name: str
    metric: str
    says: str
    over: float | None = None
    under: float | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    lasts: int = 0
    within: int = 0

    def is_broken_by(self, value: float) -> bool:
        return (self.over is not None and value > self.over) or (self.under is not None and value < self.under)


ALARMS = (
    Alarm(
        name="PartOfTheMachineIsAway",
        metric="told",
        under=1,
        by=("group",),
        lasts=2 * MINUTE,
        says="The numbers of {group} cannot be read; /readyz names the service that is away.",
    ),
    Alarm(
        name="ClicksAreNotShipped",
        metric="spool_segments",
        over=20,
        lasts=10 * MINUTE,
        says="Clicks wait in the spool; none is lost. Does a worker or ship_clicks run on this host?",
    ),
    Alarm(
        name="DiskIsNearlyFull",
        metric="spool_free_bytes",
        under=1_000_000_000,
        lasts=5 * MINUTE,
        says="Less than 1 GB is left on the disk where clicks are kept.",
    ),
    Alarm(
        name="PricesAreNotRefreshed",
        metric="task_last_success_age_seconds",
        where={"task": "catalog.tasks.refresh_due_offers"},
        over=5 * MINUTE,
        lasts=5 * MINUTE,
        says="No round of refreshing ended well for five minutes. Do beat and a worker run?",
    ),
    Alarm(
        name="PricesAreWrong",
        metric="freshness_wrong_share",
        by=("merchant",),
        over=0.1,
        lasts=2 * HOUR,
        says="More than one view in ten of a price at {merchant} met a wrong one. Is it asked often enough, or paused?",
    ),
    Alarm(
        name="HeldPricesWait",
        metric="offers",
        where={"state": "held"},
        over=20,
        lasts=24 * HOUR,
        says="More than 20 offers have a price that waits for an editor since a day: Held prices.",
    ),
    Alarm(
        name="PagesAreStale",
        metric="page_changes_waiting",
        over=0,
        lasts=2 * MINUTE,
        says="Kept pages have not heard of changes for two minutes. Do beat and a worker run?",
    ),
    Alarm(
        name="TasksPileUp",
        metric="tasks_queued",
        over=500,
        lasts=10 * MINUTE,
        says="Workers do not keep up: start another one.",
    ),
    Alarm(
        name="TaskIsOverdue",
        metric="task_overdue_seconds",
        by=("task",),
        over=0,
        lasts=5 * MINUTE,
        says="{task} has not ended well for three of its rounds and ten minutes; its log says why.",
    ),
    Alarm(
        name="TaskFails",
        metric="task_failures",
        by=("task",),
        over=3,
        within=30 * MINUTE,
        says="{task} failed more than three times in half an hour; its log says why.",
    ),
    Alarm(
        name="LettersStopped",
        metric="issues_stopped",
        over=0,
        lasts=MINUTE,
        says="A letter to readers stopped by itself; its page in the admin says why.",
    ),
    Alarm(
        name="MailIsNotTaken",
        metric="news_letters_stuck",
        over=0,
        lasts=30 * MINUTE,
        says="The mail server did not take letters to readers at three tries; the log holds its words.",
    ),
    Alarm(
        name="WebhookIsPaused",
        metric="webhooks_paused",
        over=0,
        says="A partner's address is told nothing any more, since it did not answer; its page in the admin says why.",
    ),
    Alarm(
        name="WebhooksAreLate",
        metric="webhook_oldest_unsent_seconds",
        over=5 * MINUTE,
        lasts=5 * MINUTE,
        says="Messages to partners wait for their first try for more than five minutes. Do beat and a worker run?",
    ),
    Alarm(
        name="BackupIsOld",
        metric="backup_age_seconds",
        over=36 * HOUR,
        says="The last backup ended more than 36 hours ago.",
    ),
)
