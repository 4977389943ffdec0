"""How does a partner's machine see what the workers do, and whether they still do it? As the page of jobs says it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from redis.exceptions import RedisError
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.lists import KnownParameters
from config.jobs.rows import Job, jobs
from partners.key_doors import ScopedView


class NotKnownNow(APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "Redis does not answer, so nobody knows what the workers do. Ask again in a minute."


class JobOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    task = serializers.CharField()
    state = serializers.ChoiceField(
        ["late", "failed", "unknown", "well"], help_text="`unknown`: never seen to end well."
    )
    every_seconds = serializers.SerializerMethodField()
    ended_at = serializers.DateTimeField(source="ended", allow_null=True, help_text="Last well, UTC.")
    took_seconds = serializers.SerializerMethodField(help_text="Its last good round; null where unknown.")
    due_at = serializers.DateTimeField(source="due", allow_null=True, help_text="UTC.")
    late_seconds = serializers.SerializerMethodField(help_text="Beyond what the alarm allows; 0: not late.")
    failures = serializers.IntegerField(help_text="As long as the site counts.")
    failed_at = serializers.DateTimeField(source="failed", allow_null=True, help_text="Last, UTC.")
    failed_because = serializers.CharField(source="words", help_text="In the log's words; empty where it never did.")

    def get_every_seconds(self, job: Job) -> float:
        return job.every.total_seconds()

    def get_took_seconds(self, job: Job) -> float | None:
        return None if job.took is None else job.took.total_seconds()

    def get_late_seconds(self, job: Job) -> float:
        return job.late.total_seconds()


class JobsOut(serializers.Serializer[Any]):
    results = JobOut(many=True, help_text="What needs somebody first.")


class Jobs(ScopedView, KnownParameters):
    """Everything that happens by itself: how often, when last, when next, and what failed."""

    scopes = {"GET": "jobs:read"}

    @extend_schema(responses={200: JobsOut, 503: OpenApiResponse(description=NotKnownNow.default_detail)})
    def get(self, request: Request) -> Response:
        try:
            found = jobs(now=timezone.now())
        except RedisError:
            raise NotKnownNow from None
        return Response(JobsOut({"results": found}).data)
