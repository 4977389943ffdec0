"""Readers' comments for machines: what pages show, and the same door for writing one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.lists import KnownParameters, Pages
from readers.exact_input import ExactInput
from readers.mail_address import LONGEST_ADDRESS
from readers.networks import address_of
from reviews.comment_links import mine_url
from reviews.comment_rows import shown_comments
from reviews.comment_senders import network_of
from reviews.comments.text import LONGEST_NAME, LONGEST_TEXT
from reviews.models import Article, Comment
from reviews.services.comment_follows import follow_as_wished, wish_checked
from reviews.services.comments import CommentError, CommentInput, write_comment

# As in `views.comments`; a rule that is not named here is a mistake in what was sent (400).
_STATUS = {"rate": 429, "full": 503, "ban": 403, "answered": 404}


class CommentOut(serializers.ModelSerializer[Comment]):
    thread = serializers.IntegerField(
        source="parent_id", allow_null=True, help_text="The comment that opened its thread; null for that one."
    )
    role = serializers.ChoiceField(choices=["author", "staff", ""], help_text="Empty: a reader.")
    html = serializers.CharField(help_text="Sanitised; its links are marked `ugc nofollow`.")

    class Meta:
        model = Comment
        fields = ["id", "thread", "answered", "name", "role", "text", "html", "written_at", "edited_at", "useful"]


class CommentIn(ExactInput):
    name = serializers.CharField(max_length=LONGEST_NAME)
    text = serializers.CharField(max_length=LONGEST_TEXT, help_text="Markdown-light; see the form under an article.")
    email = serializers.EmailField(
        max_length=LONGEST_ADDRESS, required=False, allow_blank=True, help_text="Never shown. May be left out."
    )
    tell = serializers.ChoiceField(
        choices=["answers", "all"],
        required=False,
        help_text="Tell the address by mail of answers to this comment, or of all new comments. It is confirmed once.",
    )
    answers = serializers.IntegerField(required=False, min_value=1, help_text="The id of the comment it answers.")


class CommentTaken(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    state = serializers.ChoiceField(choices=["shown", "held"])
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Why it waits; empty when it is shown.")
    page = serializers.SerializerMethodField(help_text="How it stands; there it can be changed for 15 minutes.")

    def get_page(self, comment: Comment) -> str:
        return settings.SITE_URL + mine_url(comment.pk)


class NotTaken(APIException):
    """A rule did not take it; the words say why and what would do."""

    def __init__(self, error: CommentError) -> None:
        super().__init__(str(error))
        self.status_code = _STATUS[error.rule]


class CommentPages(Pages):
    ordering: str | tuple[str, ...] = ("-written_at", "-id")


class CommentList(KnownParameters, generics.ListCreateAPIView[Comment]):
    """Comments on a published article, newest first; POST sends one, which the rules show or have wait."""

    serializer_class = CommentOut
    pagination_class = CommentPages
    queryset = Comment.objects.none()

    def _article(self) -> Article:
        return get_object_or_404(Article.objects.published(), public_slug=self.kwargs["slug"])

    def get_queryset(self) -> QuerySet[Comment]:
        return shown_comments(self._article())

    @extend_schema(
        request=CommentIn,
        responses={
            201: CommentTaken,
            429: OpenApiResponse(OpenApiTypes.OBJECT, description="Too many from this network just now."),
            503: OpenApiResponse(OpenApiTypes.OBJECT, description="More wait than can be read; send it later."),
        },
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = CommentIn(data=request.data)
        sent.is_valid(raise_exception=True)
        article, now = self._article(), timezone.now()
        given = CommentInput(
            name=sent.validated_data["name"],
            text=sent.validated_data["text"],
            address=sent.validated_data.get("email", ""),
            answers=sent.validated_data.get("answers"),
            network=network_of(request._request, now=now),
        )
        tell = sent.validated_data.get("tell", "")
        try:
            with wish_checked(tell, address=given.address, sender=address_of(request._request), now=now):
                comment = write_comment(given, article=article, now=now)
        except CommentError as error:
            if error.rule in _STATUS:
                raise NotTaken(error) from None
            raise ValidationError({name or "text": [words] for name, words in error.problems}) from None
        follow_as_wished(tell, comment=comment, address=given.address, now=now)
        return Response(CommentTaken(comment).data, status=201)
