"""Readers' pages carry no blank lines; what editors type keeps them; nothing else is touched."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory

from config.tidy import TidyPages

PAGE = "<p>one  \n\n   \n  <b>two</b>\n</p>\n"


def tidied(response: HttpResponse, path: str = "/") -> str:
    def answer(request: HttpRequest) -> HttpResponse:
        return response

    return TidyPages(answer)(RequestFactory().get(path)).content.decode()


def test_blank_lines_and_trailing_spaces_go() -> None:
    assert tidied(HttpResponse(PAGE)) == "<p>one\n  <b>two</b>\n</p>"


def test_the_admin_keeps_what_was_typed() -> None:
    assert tidied(HttpResponse(PAGE), "/admin/reviews/article/1/change/") == PAGE


def test_a_line_separator_inside_a_text_is_not_an_end_of_line() -> None:
    assert tidied(HttpResponse("<p>one\u2028two</p>\n")) == "<p>one\u2028two</p>"


def test_other_kinds_of_answers_are_left_alone() -> None:
    assert tidied(HttpResponse(PAGE, content_type="text/plain")) == PAGE
    assert tidied(JsonResponse({"text": "a\n\nb"})) == '{"text": "a\\n\\nb"}'
