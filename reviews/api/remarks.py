"""Remarks on passages for machines, in the words of the Web Annotation model; and the same door for writing one.

https://www.w3.org/TR/annotation-model/#selectors
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.lists import KnownParameters
from readers.exact_input import ExactInput
from readers.mail_address import LONGEST_ADDRESS
from readers.networks import address_of
from reviews.api.comments import CommentPages, CommentTaken, NotTaken
from reviews.comment_senders import network_of
from reviews.comments.text import LONGEST_NAME, LONGEST_TEXT
from reviews.models import Article, Comment, CommentPassage
from reviews.own_forms import STATUS
from reviews.passages.anchoring import CONTEXT, LONGEST
from reviews.remark_rows import remarks_for_machines
from reviews.services.comment_follows import wish_checked
from reviews.services.comments import CommentError, CommentInput
from reviews.services.remark_news import follow_remark
from reviews.services.remarks import PassageInput, write_remark


class SelectorOut(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=["TextQuoteSelector", "TextPositionSelector"])
    exact = serializers.CharField(required=False)
    prefix = serializers.CharField(required=False, allow_blank=True)
    suffix = serializers.CharField(required=False, allow_blank=True)
    start = serializers.IntegerField(required=False, help_text="In characters of the block's text.")
    end = serializers.IntegerField(required=False)


class PlaceOut(serializers.Serializer[Any]):
    revision = serializers.IntegerField(help_text="The article's revision by its number.")
    block = serializers.CharField(help_text="The key of its block.")
    selector = SelectorOut(many=True)


class RemarkOut(serializers.ModelSerializer[Comment]):
    html = serializers.CharField(help_text="Sanitised; its links are marked `ugc nofollow`.")
    state = serializers.ChoiceField(
        source="passage.state",
        choices=CommentPassage.State.choices,
        help_text="Whether the passage has the same words still, elsewhere, other words, or is gone.",
    )
    marked = serializers.SerializerMethodField(help_text="What its writer marked, and where.")
    now = serializers.SerializerMethodField(help_text="Where it stands today; null where it is gone.")

    class Meta:
        model = Comment
        fields = ["id", "name", "text", "html", "written_at", "edited_at", "useful", "state", "marked", "now"]

    @extend_schema_field(PlaceOut)
    def get_marked(self, row: Comment) -> dict[str, Any]:
        one = row.passage
        return _place(one.revision.number, one.block, one.exact, one.prefix, one.suffix, one.start, one.end)

    @extend_schema_field(PlaceOut(allow_null=True))
    def get_now(self, row: Comment) -> dict[str, Any] | None:
        one = row.passage
        if one.state == CommentPassage.State.ORPHANED:
            return None
        return _place(
            one.stood_in.number,
            *(one.now_block, one.now_exact, one.now_prefix, one.now_suffix, one.now_start, one.now_end),
        )


def _place(revision: int, block: str, exact: str, prefix: str, suffix: str, start: int, end: int) -> dict[str, Any]:
    return {
        "revision": revision,
        "block": block,
        "selector": [
            {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix},
            {"type": "TextPositionSelector", "start": start, "end": end},
        ],
    }


class RemarkIn(ExactInput):
    name = serializers.CharField(max_length=LONGEST_NAME)
    text = serializers.CharField(max_length=LONGEST_TEXT, help_text="Markdown-light, as in a comment.")
    exact = serializers.CharField(max_length=LONGEST, help_text="The words it is about, as they stand in the article.")
    prefix = serializers.CharField(max_length=CONTEXT, required=False, allow_blank=True, help_text="What is before.")
    suffix = serializers.CharField(max_length=CONTEXT, required=False, allow_blank=True, help_text="What is behind.")
    block = serializers.CharField(max_length=20, required=False, allow_blank=True, help_text="Its block, where known.")
    email = serializers.EmailField(
        max_length=LONGEST_ADDRESS, required=False, allow_blank=True, help_text="Never shown. May be left out."
    )
    may_credit = serializers.BooleanField(required=False, help_text="A correction may thank its writer by this name.")
    hear = serializers.BooleanField(required=False, help_text="Its writer is told of a correction, by mail.")


class RemarkList(KnownParameters, generics.ListCreateAPIView[Comment]):
    """Remarks on passages of a published article, newest first; POST sends one, which the rules show or have wait."""

    serializer_class = RemarkOut
    pagination_class = CommentPages
    queryset = Comment.objects.none()

    def _article(self) -> Article:
        rows = Article.objects.published().select_related("live_revision")
        return get_object_or_404(rows, public_slug=self.kwargs["slug"])

    def get_queryset(self) -> QuerySet[Comment]:
        return remarks_for_machines(self._article())

    @extend_schema(
        request=RemarkIn,
        responses={
            201: CommentTaken,
            429: OpenApiResponse(OpenApiTypes.OBJECT, description="Too many from this network just now."),
            503: OpenApiResponse(OpenApiTypes.OBJECT, description="More wait than can be read; send it later."),
        },
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = RemarkIn(data=request.data)
        sent.is_valid(raise_exception=True)
        said, article, now = sent.validated_data, self._article(), timezone.now()
        given = CommentInput(
            name=said["name"],
            text=said["text"],
            address=said.get("email", ""),
            network=network_of(request._request, now=now),
        )
        passage = PassageInput(
            exact=said["exact"], **{name: said.get(name, "") for name in ("block", "prefix", "suffix")}
        )
        hear = said.get("hear", False)
        try:
            sender = address_of(request._request)
            with wish_checked("answers" if hear else "", address=given.address, sender=sender, now=now):
                may_credit = said.get("may_credit", False)
                remark = write_remark(given, passage, article=article, may_credit=may_credit, now=now)
        except CommentError as error:
            if error.rule in STATUS:
                raise NotTaken(error) from None
            raise ValidationError({_field(name): [words] for name, words in error.problems}) from None
        if hear:
            follow_remark(remark=remark, address=given.address, now=now)
        return Response(CommentTaken(remark).data, status=201)


def _field(name: str) -> str:
    return {"passage": "exact", "": "text"}.get(name, name)
