"""A use case is chosen from those of the active method; one that is gone is not lost without a word."""

from __future__ import annotations

import pytest

from reviews.admin.use_case_select import UseCaseSelect
from tests.reviews.scored import make_method

pytestmark = pytest.mark.django_db


def test_the_use_cases_of_the_active_method_can_be_chosen() -> None:
    make_method()
    html = UseCaseSelect().render("use_case", "desk")
    assert '<option value="everyday">Every day</option>' in html
    assert '<option value="desk" selected>At a desk</option>' in html


def test_one_that_the_method_no_longer_has_stays_chosen_and_says_so() -> None:
    make_method()
    assert '<option value="gone" selected>gone (not in the active method)</option>' in UseCaseSelect().render(
        "u", "gone"
    )
