"""What is noted while a page is built is heard by whoever builds it, and by nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from catalog.page_tags import kept, listening, note, note_until

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_hears_what_is_noted_inside() -> None:
    note("before")
    with listening(NOW) as notes:
        note("a", "b")
        note("a")
    note("after")
    assert notes.tags == {"a", "b"}


def test_one_page_inside_another_has_notes_of_its_own() -> None:
    with listening(NOW) as outer:
        note("a")
        with listening(NOW) as inner:
            note("b")
        note("c")
    assert (outer.tags, inner.tags) == ({"a", "c"}, {"b"})


def test_the_earliest_end_that_is_still_to_come_counts() -> None:
    with listening(NOW) as notes:
        note_until(None)
        note_until(NOW - timedelta(hours=1))
        note_until(NOW)
        assert notes.until is None
        note_until(NOW + timedelta(hours=2))
        note_until(NOW + timedelta(hours=1))
        note_until(NOW + timedelta(hours=3))
    assert notes.until == NOW + timedelta(hours=1)
    note_until(NOW)


def test_a_marked_view_stays_what_it_was() -> None:
    def view(request: str) -> str:
        return request

    assert kept("q")(view) is view
    assert view("x") == "x"
