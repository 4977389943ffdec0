"""What does a copy of a block look like in the form, before anything is saved?"""

from __future__ import annotations

import re

from django.contrib.admin import ModelAdmin
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string

from reviews.admin.block_form import BlockForm
from reviews.models import Article

_PREFIX = re.compile(r"blocks-\d{1,9}")


def copied_block(model_admin: ModelAdmin[Article], request: HttpRequest) -> HttpResponse:
    """The block as it was typed, as a part of the form's page. `prefix` names its inputs; its key stays behind."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not (model_admin.has_change_permission(request) or model_admin.has_add_permission(request)):
        raise PermissionDenied
    prefix = request.POST.get("prefix", "")
    if not _PREFIX.fullmatch(prefix):
        raise BadRequest("`prefix` is blocks- and a number.")
    data = request.POST.copy()
    data.pop(f"{prefix}-key", None)
    form = BlockForm(request.POST.get(f"{prefix}-kind", ""), data, prefix=prefix).without_judgement()
    return HttpResponse(render_to_string("admin/reviews/article/block.html", {"form": form, "number": ""}, request))
