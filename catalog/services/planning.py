"""Where are a merchant's looks best spent, and how fresh is what its readers meet?

The decisions are `catalog.schedule`'s. Here the clicks are weighed, the budgets shared out and the freshness written
down, each in statements over whole merchants: a million offers are never fetched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from catalog import sources
from catalog.freshness import longest_shown
from catalog.models import FreshnessSample, Merchant
from catalog.schedule import SHORTEST_WAIT, UNCLICKED, ChangeRate, least_worth, longest_wait
from catalog.sources.base import Source

CLICKS_COUNT_FOR = timedelta(days=28)
WEIGHED_AT_ONCE = 5_000
SAMPLES_ARE_KEPT = timedelta(days=90)
# Of a quota: the rest is for what no plan foresees, such as second readings and calls that failed.
PLANNED_SHARE = 0.9
# Alike offers are planned as one: within about a tenth in each of the three numbers.
STEPS = 4
_DAY = timedelta(days=1)

# Net clicks of the window's days, each offer's as one number.
_CLICKED = """
    SELECT t.key::bigint, sum(t.net_clicks) FROM catalog_clicktally t
    WHERE t.dimension = 'offer' AND t.day > %(since)s AND t.day <= %(today)s GROUP BY 1 HAVING sum(t.net_clicks) > 0
"""
_WEIGH = """
    WITH weighed AS (
        SELECT * FROM unnest(%(offers)s::bigint[], %(weights)s::float8[]) AS w (id, weight)
    ), locked AS MATERIALIZED (
        -- In the order of every other door, so that none waits for another in a ring.
        SELECT o.id, w.weight FROM catalog_offer o JOIN weighed w ON w.id = o.id WHERE o.click_weight <> w.weight
        ORDER BY o.id FOR NO KEY UPDATE OF o
    )
    UPDATE catalog_offer o SET click_weight = l.weight FROM locked l WHERE o.id = l.id
"""
# Offers that had clicks once and are told so still.
_NO_LONGER_CLICKED = """
    SELECT id FROM catalog_offer
    WHERE id > %(after)s AND click_weight <> %(unclicked)s AND id <> ALL(%(clicked)s::bigint[])
    ORDER BY id LIMIT %(batch)s
"""

_GROUPS = """
    SELECT exp(avg(ln(rate_shape))), exp(avg(ln(rate_days))), exp(avg(ln(weight))), count(*)
    FROM (
        SELECT rate_shape, rate_days, greatest(click_weight, %(unclicked)s) AS weight FROM catalog_offer
        WHERE merchant_id = ANY(%(merchants)s) AND withdrawn_at IS NULL AND rate_shape > 0 AND rate_days > 0
    ) known
    GROUP BY round(ln(rate_shape) * %(steps)s), round(ln(rate_days) * %(steps)s), round(ln(weight) * %(steps)s)
"""

# A price that outlived its licence is not shown, so nobody meets it.
_SAMPLE = """
    INSERT INTO catalog_freshnesssample (merchant_id, at, stale_share, wrong_share, clicks_a_day)
    SELECT merchant_id, %(at)s,
        sum(weight * (age > rate_days / rate_shape)::int) / sum(weight),
        sum(weight * (1 - exp(greatest(rate_shape * ln(rate_days / (rate_days + age)), -700)))) / sum(weight),
        sum(weight)
    FROM (
        SELECT o.merchant_id, o.rate_shape, o.rate_days, greatest(o.click_weight, %(unclicked)s) AS weight,
            greatest(extract(epoch FROM %(now)s - o.seen_at)::float8 / 86400, 0) AS age
        FROM catalog_offer o JOIN catalog_merchant m ON m.id = o.merchant_id
        WHERE m.is_active AND o.withdrawn_at IS NULL AND o.amount IS NOT NULL
            AND o.rate_shape > 0 AND o.rate_days > 0
            AND (m.max_price_age IS NULL OR o.seen_at > %(now)s - m.max_price_age)
    ) met
    GROUP BY merchant_id
    ON CONFLICT (merchant_id, at) DO NOTHING
"""


def weigh_clicks(*, now: datetime) -> int:
    """Count the net clicks of the last four weeks into each offer's weight (clicks a day); how many changed.

    Every offer has `UNCLICKED` on top, so that one without clicks is not without readers. Offers are written in
    batches, each its own transaction: nobody waits for all of them, and what was cut off goes on the next time.
    """
    today = timezone.localdate(now)
    days = CLICKS_COUNT_FOR // _DAY
    with connection.cursor() as cursor:
        cursor.execute(_CLICKED, {"since": today - CLICKS_COUNT_FOR, "today": today})
        clicks = {offer: float(number) for offer, number in cursor.fetchall()}
    clicked = sorted(clicks)
    changed = 0
    for start in range(0, len(clicked), WEIGHED_AT_ONCE):
        batch = clicked[start : start + WEIGHED_AT_ONCE]
        changed += _weigh({offer: UNCLICKED + clicks[offer] / days for offer in batch})
    return changed + sum(_weigh(dict.fromkeys(batch, UNCLICKED)) for batch in _no_longer_clicked(clicked))


def _no_longer_clicked(clicked: Collection[int]) -> Iterator[list[int]]:
    after = 0
    asked: dict[str, str | float] = {
        "unclicked": UNCLICKED,
        "clicked": f"{{{','.join(map(str, clicked))}}}",
        "batch": WEIGHED_AT_ONCE,
    }
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_NO_LONGER_CLICKED, {**asked, "after": after})
            batch = [offer for (offer,) in cursor.fetchall()]
        if not batch:
            return
        yield batch
        after = batch[-1]


@transaction.atomic
def _weigh(weights: Mapping[int, float]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_WEIGH, {"offers": list(weights), "weights": list(weights.values())})
        return int(cursor.rowcount)


def plan_refreshes(*, now: datetime) -> int:
    """Plan every active merchant's looks anew; for how many merchants there is a plan."""
    accounts: dict[tuple[str, str], list[Merchant]] = defaultdict(list)
    for merchant in Merchant.objects.filter(is_active=True).order_by("pk"):
        accounts[account_of(merchant)].append(merchant)
    return sum(plan_account(merchants=merchants, now=now) for merchants in accounts.values())


@transaction.atomic
def plan_account(*, merchants: Collection[Merchant], now: datetime) -> int:
    """Plan the looks of merchants that share one quota, as one; for how many of them there is a plan.

    A source that answers for all offers at once, and prices entered by hand, need none: they keep `refresh_every`.
    """
    source = sources.SOURCES[next(iter(merchants)).source]
    ids = [merchant.pk for merchant in merchants]
    price = None if source.answers_for_all or not source.asks else _price_of_a_look(source, merchants)
    Merchant.objects.filter(pk__in=ids).update(least_worth=price, planned_at=now)
    return 0 if price is None else len(ids)


def account_of(merchant: Merchant) -> tuple[str, str]:
    """Whose quota its requests use up: the source and the account's name there, or the merchant's own."""
    setting = sources.SOURCES[merchant.source].pace.account
    account = str(merchant.source_settings.get(setting, "")) if setting else ""
    return merchant.source, f"account {account}" if account else f"merchant {merchant.pk}"


def looks_per_day(source: Source, merchants: Collection[Merchant], offers: dict[int, int]) -> float:
    """The budget of merchants that share one quota: offers looked at a day; `offers` by the merchant's id.

    On average each offer is looked at every `refresh_every`; the quota and the pace of the source, or the merchant's
    own where it is set, cut that where they do not allow it.
    """
    wanted = sum(offers.get(merchant.pk, 0) / (merchant.refresh_every / _DAY) for merchant in merchants)
    pace = source.pace
    limits = [
        None if pace.per_second is None else pace.per_second * 86400,
        _least([m.requests_per_minute for m in merchants], pace.per_minute, 1440),
        _least([m.requests_per_day for m in merchants], pace.per_day, 1),
    ]
    allowed = [limit for limit in limits if limit is not None]
    return min([wanted, *(PLANNED_SHARE * limit * source.items_per_request for limit in allowed)])


@transaction.atomic
def sample_freshness(*, now: datetime) -> int:
    """Write down how fresh the prices are that readers meet this hour; for how many merchants. Old samples go."""
    FreshnessSample.objects.filter(at__lt=now - SAMPLES_ARE_KEPT).delete()
    hour = now.replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLE, {"at": hour, "now": now, "unclicked": UNCLICKED})
        return int(cursor.rowcount)


def _price_of_a_look(source: Source, merchants: Collection[Merchant]) -> float:
    waits = [longest_wait(refresh_every=m.refresh_every, price_lives=longest_shown(m.max_price_age)) for m in merchants]
    ids = [merchant.pk for merchant in merchants]
    kept = Merchant.objects.filter(pk__in=ids).annotate(kept=Count("offers", filter=Q(offers__withdrawn_at=None)))
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, {"merchants": ids, "unclicked": UNCLICKED, "steps": STEPS})
        groups = cursor.fetchall()
    return least_worth(
        [(ChangeRate(shape, days), weight) for shape, days, weight, _ in groups],
        checks_per_day=looks_per_day(source, merchants, dict(kept.values_list("pk", "kept"))),
        longest=min(waits),
        shortest=min([SHORTEST_WAIT, *(merchant.refresh_every for merchant in merchants)]),
        stand_for=[count for *_, count in groups],
    )


def _least(own: Collection[int | None], default: int | None, per_day: int) -> float | None:
    """The tightest of the merchants' own limits, or the source's where none is set, in requests a day."""
    given = [limit for limit in own if limit is not None] or ([] if default is None else [default])
    return min(given) * per_day if given else None
