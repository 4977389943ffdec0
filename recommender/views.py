"""Which page answers a question page's address? Every state is an address; nothing about a reader is kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.page_tags import kept
from catalog.shopper_pages import for_shoppers
from recommender import steps
from recommender.forms import READS, read_form
from recommender.pages import addresses
from recommender.pages.asking import all_page, asking_page, needs_again, next_question
from recommender.pages.in_words import in_words_page
from recommender.pages.result import result_page
from recommender.pages.why import why_page
from recommender.rules import load

# Answers follow from the address alone; a result shows prices, which age by the minute.
QUESTION_SECONDS, RESULT_SECONDS = 300, 60


@kept(*READS, names_strangers=True, for_shoppers=True)
@require_safe
@for_shoppers
@cache_control(public=True, max_age=QUESTION_SECONDS)
def choose(request: HttpRequest) -> HttpResponse:
    """One question; when all that matter are answered, the result."""
    form = read_form(request.GET)
    question = next_question(form)
    if form.asked and not needs_again(form):
        # the clean address of the next step; on the way there the step is counted
        address = addresses.asking(form.told, ask=form.ask) if question else addresses.result(form.told)
        return steps.told_of(HttpResponseRedirect(address), steps.taken(form.told, form.asked, form.ask), load())
    if question is None:
        return HttpResponseRedirect(addresses.result(form.told))
    answer = render(request, "recommender/choose.html", {"page": asking_page(form, question)})
    return steps.told_of(answer, [steps.shown(question.key)], load())


@kept(*READS, names_strangers=True, for_shoppers=True)
@require_safe
@for_shoppers
@cache_control(public=True, max_age=QUESTION_SECONDS)
def choose_all(request: HttpRequest) -> HttpResponse:
    answer = render(request, "recommender/all.html", {"page": all_page(read_form(request.GET))})
    return steps.told_of(answer, [steps.shown(steps.ALL)], load())


@kept("text", names_strangers=True, for_shoppers=True)
@require_safe
@for_shoppers
@cache_control(private=True, no_store=True)
def choose_in_words(request: HttpRequest) -> HttpResponse:
    """What was understood of a sentence. Nothing keeps this page, and no address it leads to holds the sentence."""
    page = in_words_page(request.GET.get("text", ""))
    answer = render(request, "recommender/in_words.html", {"page": page})
    answer["Referrer-Policy"] = "no-referrer"
    return steps.told_of(answer, [steps.read(is_understood=bool(page.chips))], load())


@kept(*READS, names_strangers=True, for_shoppers=True)
@require_safe
@for_shoppers
@cache_control(public=True, max_age=RESULT_SECONDS)
def choose_result(request: HttpRequest) -> HttpResponse:
    form = read_form(request.GET)
    page = result_page(form, now=timezone.now())
    answer = render(request, "recommender/result.html", {"page": page})
    return steps.told_of(answer, [steps.answer(page.kind, page.outcome)], load(), told=form.told)


@kept(*READS, names_strangers=True, for_shoppers=True)
@require_safe
@for_shoppers
@cache_control(public=True, max_age=QUESTION_SECONDS)
def choose_why(request: HttpRequest) -> HttpResponse:
    return render(request, "recommender/why.html", {"page": why_page(read_form(request.GET))})
