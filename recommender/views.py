"""Which page answers a question page's address? Every state is an address; nothing about a reader is kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.page_tags import kept
from recommender.forms import READS, read_form
from recommender.pages import addresses
from recommender.pages.asking import all_page, asking_page, next_question
from recommender.pages.result import result_page

# Answers follow from the address alone; a result shows prices, which age by the minute.
QUESTION_SECONDS, RESULT_SECONDS = 300, 60


@kept(*READS, names_strangers=True)
@require_safe
@cache_control(public=True, max_age=QUESTION_SECONDS)
def choose(request: HttpRequest) -> HttpResponse:
    """One question; when all that matter are answered, the result."""
    form = read_form(request.GET)
    question = next_question(form)
    if question is None:
        return HttpResponseRedirect(addresses.result(form.told))
    if form.asked and question.key != form.asked and not form.ask:
        return HttpResponseRedirect(addresses.asking(form.told))  # the clean address of the next step
    return render(request, "recommender/choose.html", {"page": asking_page(form, question)})


@kept(*READS, names_strangers=True)
@require_safe
@cache_control(public=True, max_age=QUESTION_SECONDS)
def choose_all(request: HttpRequest) -> HttpResponse:
    return render(request, "recommender/all.html", {"page": all_page(read_form(request.GET))})


@kept(*READS, names_strangers=True)
@require_safe
@cache_control(public=True, max_age=RESULT_SECONDS)
def choose_result(request: HttpRequest) -> HttpResponse:
    page = result_page(read_form(request.GET), now=timezone.now())
    return render(request, "recommender/result.html", {"page": page})
