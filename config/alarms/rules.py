"""The table of alarms in Prometheus' words: what `docs/dashboards/alerts.yml` holds. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from config.alarms.table import Alarm

_HEAD = """# Rules for Prometheus: what to be woken for. Each names the promise that is about to break.
# Written by `manage.py alarm_rules` from config/alarms/table.py, by which operators are mailed too.
groups:
  - name: earmark
    rules:
"""


def rules_for(alarms: Iterable[Alarm]) -> str:
    return _HEAD + "".join(map(_rule, alarms))


def expression(alarm: Alarm) -> str:
    """Beside the labels that keep troubles apart, the host: each web host has a spool of its own."""
    where = ", ".join(f'{label}="{value}"' for label, value in alarm.where.items())
    number = f"earmark_{alarm.metric}{'_total' if alarm.within else ''}" + (f"{{{where}}}" if where else "")
    if alarm.within:
        number = f"increase({number}[{_span(alarm.within)}])"
    kept = (*alarm.by, *(["instance"] if alarm.metric.startswith("spool_") else []))
    by = f" by ({', '.join(kept)}) " if kept else ""
    return f"max{by}({number}) > {alarm.over}" if alarm.over is not None else f"min{by}({number}) < {alarm.under}"


def _rule(alarm: Alarm) -> str:
    says = alarm.says.format(**{label: f"{{{{ $labels.{label} }}}}" for label in alarm.by})
    lasts = f"        for: {_span(alarm.lasts)}\n" if alarm.lasts else ""
    return (
        f"      - alert: {alarm.name}\n"
        f"        expr: '{expression(alarm)}'\n"
        f"{lasts}"
        f'        annotations: {{summary: "{says}"}}\n'
    )


def _span(seconds: int) -> str:
    for unit, length in (("h", 3600), ("m", 60)):
        if seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"
