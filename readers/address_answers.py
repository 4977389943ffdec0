"""What is answered to a machine that hands in somebody's address? The same for each, and nothing to a busy network."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from readers.networks import address_of, may_network_ask


class AddressTaken(serializers.Serializer[Any]):
    detail = serializers.CharField(help_text="The same for an address that is known and one that is not.")


# In the schema of each such door.
ANSWERS: dict[int, Any] = {
    202: AddressTaken,
    429: OpenApiResponse(OpenApiTypes.OBJECT, description="Too many addresses from this network today."),
}


def refuse_busy_network(request: Request) -> None:
    """Counts one more address from where the request comes. Raises `Throttled`."""
    if not may_network_ask(address_of(request._request), now=timezone.now()):
        raise Throttled(detail="From your network too many addresses were asked today. Try again tomorrow.")


def taken(said: str) -> Response:
    """`said` must not tell whether the address was known."""
    return Response(AddressTaken({"detail": said}).data, status=202)
