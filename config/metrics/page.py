"""`/metrics`, for those who know the token, in Prometheus' text format."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0
from redis.exceptions import RedisError

from config.metrics.readings import GROUPS, Reading

log = logging.getLogger(__name__)

PREFIX = "earmark_"
Family = GaugeMetricFamily | CounterMetricFamily


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """404 where no METRICS_TOKEN is set; 401 without it; else 200, also where a part of the machine is away."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        words = "Send the value of METRICS_TOKEN: “Authorization: Bearer …”.\n"
        return HttpResponse(
            words, status=401, content_type="text/plain; charset=utf-8", headers={"WWW-Authenticate": "Bearer"}
        )
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Promises(timezone.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_1_0_0)


class Promises:
    """A collector as prometheus_client asks for one: what is true now, with nothing kept between."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        told = GaugeMetricFamily(
            f"{PREFIX}told", "Whether a group of numbers could be read (1) or not (0).", labels=["group"]
        )
        families: dict[str, Family] = {}
        for name, group in GROUPS.items():
            try:
                found = list(group(self._now))
            except (DatabaseError, RedisError, OSError) as error:
                log.warning("The numbers of %s could not be read: %s", name, error)
                told.add_metric([name], 0)
                continue
            told.add_metric([name], 1)
            for reading in found:
                _add(families, reading)
        yield told
        yield from families.values()


def _add(families: dict[str, Family], reading: Reading) -> None:
    name = PREFIX + reading.name
    if name not in families:
        kind = CounterMetricFamily if reading.is_counter else GaugeMetricFamily
        families[name] = kind(name, reading.help, labels=list(reading.labels))
    families[name].add_metric(list(reading.labels.values()), reading.value)
