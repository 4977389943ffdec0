"""Sign-up and one's own choices for machines: the services, caps and questions of the forms.

What is chosen is changed by the token of the link in the reader's own mail alone. It comes in a header, so that it
stands in no log of addresses.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from readers.address_answers import ANSWERS, refuse_busy_network, taken
from readers.consent import NEWSLETTER, TOPICS, Rhythm, chosen_topics
from readers.digest import WEEKDAYS, NewsRhythm
from readers.exact_input import ExactInput
from readers.links import reader_of
from readers.mail_address import LONGEST_ADDRESS
from readers.models import Reader
from readers.services import follows, preferences
from readers.views import ask

_TOPICS = [(topic.key, topic.label) for topic in TOPICS.values()]
_TOKEN = OpenApiParameter(
    "Preference-Token",
    location=OpenApiParameter.HEADER,
    required=True,
    description="The last part of the link to one’s own page, which stands at the foot of every letter.",
)
_UNKNOWN = OpenApiResponse(OpenApiTypes.OBJECT, description="The token is none of ours, or was made useless.")


class SignUp(ExactInput):
    email = serializers.EmailField(max_length=LONGEST_ADDRESS, help_text="Its owner is asked by mail, once for all.")
    topics = serializers.ListField(
        child=serializers.ChoiceField(choices=_TOPICS),
        required=False,
        min_length=1,
        error_messages={"min_length": "Name at least one letter; left out, it is `newsletter`."},
        help_text="Left out: `newsletter`.",
    )
    page = serializers.CharField(
        max_length=200, required=False, help_text="Where the owner was asked: kept as part of the proof of consent."
    )


class Follow(serializers.Serializer[Any]):
    name = serializers.CharField(source="label")
    since = serializers.DateTimeField(source="confirmed_at")


class Choices(ExactInput):
    """A change names what it changes; the rest stays."""

    topics = serializers.ListField(
        child=serializers.ChoiceField(choices=_TOPICS), help_text="Letters, all of them: those not named end."
    )
    rhythm = serializers.ChoiceField(choices=[(one.value, one.label) for one in Rhythm], help_text="Of letters.")
    news_rhythm = serializers.ChoiceField(
        choices=[(one.value, one.label) for one in NewsRhythm], help_text="Of news about what is followed."
    )
    news_hour = serializers.IntegerField(min_value=0, max_value=23, help_text="Of the site’s time zone.")
    news_weekday = serializers.IntegerField(
        min_value=0, max_value=len(WEEKDAYS) - 1, help_text="Of a weekly letter of news; 0 is Monday."
    )
    follows = Follow(many=True, read_only=True)


class Newsletter(generics.GenericAPIView[Reader]):
    """Sign an address up. Nothing but one mail is sent there before its owner presses the button in it."""

    serializer_class = SignUp
    queryset = Reader.objects.none()

    @extend_schema(request=SignUp, responses=ANSWERS)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = SignUp(data=request.data)
        sent.is_valid(raise_exception=True)
        refuse_busy_network(request)
        data = sent.validated_data
        topics = chosen_topics(data.get("topics", ())) or (NEWSLETTER,)
        ask(data["email"], topics, asked_on=data.get("page") or request.path)
        return taken("If the address is not on the list yet, a mail asks its owner. The link in it works for 48 hours.")


class NewsletterChoices(generics.GenericAPIView[Reader]):
    """One's own choices. A press in a mailed link is a consent, and so is a change by its token."""

    serializer_class = Choices
    queryset = Reader.objects.none()

    @extend_schema(parameters=[_TOKEN], responses={200: Choices, 404: _UNKNOWN})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return _choices(_reader(request))

    @extend_schema(parameters=[_TOKEN], request=Choices, responses={200: Choices, 404: _UNKNOWN})
    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        reader = _reader(request)
        sent = Choices(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        if {"topics", "rhythm"} & set(data):
            preferences.choose_topics(
                reader=reader,
                topics=chosen_topics(data["topics"] if "topics" in data else _topics(reader)),
                rhythm=Rhythm(data.get("rhythm", reader.rhythm)),
                asked_on=request.path,
                now=timezone.now(),
            )
        follows.choose_rhythm(
            reader=reader,
            rhythm=NewsRhythm(data.get("news_rhythm", reader.news_rhythm)),
            hour=data.get("news_hour", reader.news_hour),
            weekday=data.get("news_weekday", reader.news_weekday),
        )
        reader.refresh_from_db()
        return _choices(reader)

    @extend_schema(parameters=[_TOKEN], responses={204: None, 404: _UNKNOWN})
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ends every letter and all that is followed. Nothing is erased: that is done on one's own page."""
        preferences.leave_everything(reader=_reader(request), now=timezone.now())
        return Response(status=204)


def _reader(request: Request) -> Reader:
    token = request.headers.get("Preference-Token", "")
    if not token:
        raise NotAuthenticated("Send the last part of the link at the foot of every letter as Preference-Token.")
    reader = reader_of(token)
    if reader is None:
        raise NotFound("No reader has this token. It is the last part of the link at the foot of every letter.")
    return reader


def _topics(reader: Reader) -> list[str]:
    force = reader.consents.filter(confirmed_at__isnull=False, withdrawn_at__isnull=True, topic__in=TOPICS)
    return sorted(set(force.values_list("topic", flat=True)))


def _choices(reader: Reader) -> Response:
    force = reader.consents.filter(confirmed_at__isnull=False, withdrawn_at__isnull=True).exclude(topic__in=TOPICS)
    found = {
        "topics": _topics(reader),
        "rhythm": reader.rhythm,
        "news_rhythm": reader.news_rhythm,
        "news_hour": reader.news_hour,
        "news_weekday": reader.news_weekday,
        "follows": list(force.order_by("-confirmed_at", "-pk")),
    }
    return Response(Choices(found).data, headers={"Cache-Control": "no-store"})
