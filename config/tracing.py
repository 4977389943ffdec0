"""Which way did a request take, from the page over the database to the task it started, and where did time go?

Imported only where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector (config/apps.py); spans go there by OTLP over HTTP.
A span says the method, the route as the address table has it, the status, a statement's first word, a task's name: no
address asked, no query, no value, no words of an error. What a library's instrumentation would add of a reader cannot
be in it, since none is used.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from celery.signals import before_task_publish, task_failure, task_postrun, task_prerun, worker_process_shutdown
from django.conf import settings
from django.db.backends.signals import connection_created
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_carrier = TraceContextTextMapPropagator()
_KEPT = "_earmark_span"


@cache
def provider() -> TracerProvider:
    """Made at its first use: after a server or a worker forked, as its thread would not come along."""
    made = TracerProvider(resource=Resource.create({"service.name": "earmark"}))
    where = f"{settings.OTEL_EXPORTER_OTLP_ENDPOINT.rstrip('/')}/v1/traces"
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=where)))
    return made


def _tracer() -> trace.Tracer:
    return provider().get_tracer("earmark")


class Traced:
    """Middleware, first of all. Our proxy may have begun the trace; what anybody else sends is not believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = (
            _carrier.extract({"traceparent": request.headers.get("traceparent", "")}) if settings.BEHIND_PROXY else None
        )
        with _tracer().start_as_current_span(
            str(request.method),
            context=begun,
            kind=SpanKind.SERVER,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            response = self.get_response(request)
            match = request.resolver_match
            span.set_attribute("http.request.method", str(request.method))
            span.set_attribute("http.response.status_code", response.status_code)
            if match is not None:
                span.update_name(f"{request.method} /{match.route}")
                span.set_attribute("http.route", f"/{match.route}")
            if response.status_code >= 500:
                span.set_status(StatusCode.ERROR)
            return response


def _statement(execute: Callable[..., Any], sql: str, params: Any, many: bool, told: dict[str, Any]) -> Any:
    """A statement is a part of what is traced already; by itself (a worker's look for work) it is none."""
    if not trace.get_current_span().is_recording():
        return execute(sql, params, many, told)
    word = str(sql).lstrip("( \n").partition(" ")[0].upper()[:20]
    with _tracer().start_as_current_span(
        word, kind=SpanKind.CLIENT, record_exception=False, set_status_on_exception=False
    ) as span:
        span.set_attribute("db.system", "postgresql")
        return execute(sql, params, many, told)


@connection_created.connect
def _watch_statements(connection: Any = None, **_: object) -> None:
    if _statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(_statement)


@before_task_publish.connect
def _hand_on(headers: dict[str, Any] | None = None, **_: object) -> None:
    if headers is not None:
        carried: dict[str, str] = {}
        _carrier.inject(carried)
        headers.update(carried)


@task_prerun.connect
def _begin(task: Any = None, **_: object) -> None:
    begun = _carrier.extract({"traceparent": getattr(task.request, "traceparent", None) or ""})
    span = _tracer().start_span(f"task {task.name}", context=begun, kind=SpanKind.CONSUMER)
    span.set_attribute("messaging.system", "redis")
    setattr(task.request, _KEPT, (span, context.attach(trace.set_span_in_context(span, begun))))


@task_failure.connect
def _failed(sender: Any = None, exception: object = None, **_: object) -> None:
    span = _span_of(sender)
    if span is not None:
        span.set_status(StatusCode.ERROR, type(exception).__name__)


@task_postrun.connect
def _end(task: Any = None, **_: object) -> None:
    kept = getattr(task.request, _KEPT, None)
    if kept is not None:
        context.detach(kept[1])
        kept[0].end()


@worker_process_shutdown.connect
def _say_the_rest(**_: object) -> None:
    provider().shutdown()


def _span_of(task: Any) -> Span | None:
    kept = getattr(task.request, _KEPT, None)
    return kept[0] if kept is not None else None
