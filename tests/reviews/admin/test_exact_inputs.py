from __future__ import annotations

from typing import Any

from django.http import QueryDict

from reviews.admin.form_fields import BlockFormField
from reviews.block_fields import Text
from reviews.blocks import BLOCKS
from reviews.exact_fields import Day, Flag, Grid, WebAddress


def sent(field: Any, name: str, **data: str) -> Any:
    """What the form makes of what a browser sends."""
    query = QueryDict(mutable=True)
    query.update(data)
    return field.clean(field.widget.value_from_datadict(query, {}, name))


def test_a_table_is_shown_as_it_is_typed_and_read_back_the_same() -> None:
    field = BlockFormField(Grid(name="cells", label="Cells"))
    html = field.widget.render("cells", field.prepare_value([["", "Loud"], ["Boom", "91 %"]]))
    assert " | Loud\nBoom | 91 %</textarea>" in html
    assert sent(field, "cells", cells=" | Loud\r\nBoom | 91 %") == [["", "Loud"], ["Boom", "91 %"]]


def test_a_table_that_did_not_fit_is_shown_as_it_was_typed() -> None:
    field = BlockFormField(Grid(name="cells", label="Cells"))
    assert "a | b\nc</textarea>" in field.widget.render("cells", field.prepare_value("a | b\nc"))


def test_a_box_that_is_not_ticked_says_no() -> None:
    field = BlockFormField(Flag(name="head", label="Head"))
    assert sent(field, "head") is False
    assert sent(field, "head", head="on") is True
    assert "checked" in field.widget.render("head", field.prepare_value(True))


def test_days_and_addresses_have_the_browser_s_own_inputs() -> None:
    day = BlockFormField(Day(name="day", label="Day", required=False))
    address = BlockFormField(WebAddress(name="at", label="Address"))
    assert 'type="date"' in day.widget.render("day", "2026-05-31")
    assert 'value="2026-05-31"' in day.widget.render("day", "2026-05-31")
    assert 'type="url"' in address.widget.render("at", "")
    assert sent(day, "day", day="") == ""


def test_every_field_of_every_block_has_an_input_that_shows_its_example() -> None:
    for block in BLOCKS.values():
        for judge in block.fields:
            if type(judge) in (Text, Grid, Day, WebAddress):  # kinds of their own look things up
                field = BlockFormField(judge)
                value = block.example.get(judge.name) or ""
                assert str(judge.name) in field.widget.render(judge.name, field.prepare_value(value))
