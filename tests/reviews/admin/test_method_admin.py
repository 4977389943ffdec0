"""A version is prepared, weighed, looked at and activated in the admin, without a script; nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from reviews.admin.method_form import form_from
from reviews.models import Finding, MethodVersion, Score, Weight
from reviews.services.methods import prepare_version
from tests.factories import make_product, make_staff
from tests.reviews.html import Reader
from tests.reviews.scored import give, make_method
from tests.reviews.weighed import make_weighed_guide

pytestmark = pytest.mark.django_db
RIGHTS = [
    f"reviews.{act}_{model}"
    for act in ("add", "change", "view")
    for model in ("methodversion", "criterion", "usecase", "weight", "score")
]


def signed_in(*permissions: str) -> Client:
    client = Client()
    client.force_login(make_staff("kim", *permissions))
    return client


@pytest.fixture
def editor() -> Client:
    return signed_in(*RIGHTS, "reviews.publish_article")


def at(name: str, version: MethodVersion) -> str:
    return reverse(f"admin:reviews_methodversion_{name}", args=[version.pk])


def fields(html: str, form_id: str = "method-form") -> dict[str, str]:
    """What a browser would send of the form, untouched."""
    page = html[html.index(f'id="{form_id}"') :]
    page = page[: page.index("</form>")]
    reader = Reader(page)
    sent = {a["name"]: a.get("value", "") for a in reader.all("input") if "name" in a and a.get("type") != "submit"}
    checked = {a["name"] for a in reader.all("input") if a.get("type") == "checkbox" and "checked" in a}
    boxes = {a["name"] for a in reader.all("input") if a.get("type") == "checkbox"}
    sent = {name: value for name, value in sent.items() if name not in boxes - checked}
    return sent | _areas(page) | {"tester": ""}


def _areas(page: str) -> dict[str, str]:
    import re
    from html import unescape

    found = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return {name: unescape(text) for name, text in found}


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_next_version_is_prepared_changed_and_activated(editor: Client) -> None:
    one = make_product("One")
    give(make_method(), one, sound="8.0", comfort="6.0", carrying="9.0")
    editor.post(reverse("admin:reviews_methodversion_prepare"))
    draft = MethodVersion.objects.get(number=2)

    typed = fields(read(editor, at("change", draft)))
    assert typed["w-0-0"] == "50"
    typed |= {
        "w-0-0": "10",
        "w-2-0": "60",
        "change_note": "Carrying counts more.",
        "c-3-label": "Battery",
        "c-3-how": "Hours.",
    }
    answer = editor.post(at("change", draft), {**typed, "w-3-0": "30", "_moves": "yes"})
    assert answer["Location"] == at("moves", draft)

    weights = Weight.objects.filter(use_case__version=draft, use_case__key="everyday")
    assert dict(weights.values_list("criterion__key", "weight")) == {
        "sound": 10, "comfort": 30, "carrying": 60, "battery": 30,
    }  # fmt: skip
    editor.post(at("activate", draft))
    draft.refresh_from_db()
    assert draft.state == MethodVersion.State.ACTIVE
    assert "Carrying counts more." in read(Client(), "/method/")


def test_saving_untouched_changes_nothing(editor: Client) -> None:
    make_method()
    draft = prepare_version()
    before = list(Weight.objects.values())
    answer = editor.post(at("change", draft), fields(read(editor, at("change", draft))))
    assert answer.status_code == 302
    assert list(Weight.objects.values()) == before


def test_what_is_wrong_is_said_and_what_was_typed_stays(editor: Client) -> None:
    make_method()
    draft = prepare_version()
    typed = fields(read(editor, at("change", draft))) | {"w-0-0": "much", "c-0-how": "", "summary": "New words"}
    html = editor.post(at("change", draft), typed).content.decode()
    assert "Weight of “Sound” for “Every day”: &#x27;much&#x27; is not a whole number" in html
    assert 'value="much"' in html
    assert "New words" in html
    assert draft.criteria.get(key="sound").how == "By ear, on three songs."


def test_who_saves_over_somebody_elses_draft_is_told_first(editor: Client) -> None:
    make_method()
    draft = prepare_version()
    mine = fields(read(editor, at("change", draft))) | {"w-0-0": "11"}
    editor.post(at("change", draft), {**mine, "w-0-0": "22"})

    html = editor.post(at("change", draft), mine).content.decode()
    assert "Somebody saved this draft meanwhile" in html
    assert Weight.objects.get(use_case__version=draft, use_case__key="everyday", criterion__key="sound").weight == 22

    editor.post(at("change", draft), fields(html))
    assert Weight.objects.get(use_case__version=draft, use_case__key="everyday", criterion__key="sound").weight == 11


def test_shares_in_the_grid_add_up_to_a_hundred() -> None:
    data = {
        "c-0-label": "A",
        "c-1-label": "B",
        "c-2-label": "C",
        "u-0-label": "U",
        "w-0-0": "1",
        "w-1-0": "1",
        "w-2-0": "1",
    }
    assert [cell.share for _, (cell,) in form_from(data).grid] == [34, 33, 33]


def test_the_moves_page_tells_who_moves_with_words_and_changes_nothing(editor: Client) -> None:
    _, draft = make_weighed_guide()
    html = read(editor, at("moves", draft))
    assert "2 of 2 move" in html
    assert "up 1 place" in html
    assert "down 1 place" in html
    assert "Acme Heavy (8.6) stands before Acme Light (8.7)" in html
    assert '<svg class="slopes"' in html
    assert not Finding.objects.exists()
    draft.refresh_from_db()
    assert draft.state == MethodVersion.State.DRAFT


def test_activating_flags_the_articles_it_touches(editor: Client) -> None:
    guide, draft = make_weighed_guide()
    editor.post(at("activate", draft))
    found = Finding.objects.get()
    assert (found.article, found.check_key, found.is_refusal) == (guide, "method-changed", False)
    assert (
        found.message
        == "By Method 2 2 of its products would move. Look at its order and its words, and publish it again."
    )


def test_a_draft_without_a_change_note_is_not_activated(editor: Client) -> None:
    make_method()
    draft = prepare_version()
    html = editor.post(at("activate", draft), follow=True).content.decode()
    assert "Change note: say what is different" in html
    assert MethodVersion.objects.get(state="active").number == 1


def test_scores_are_typed_in_the_grid_and_only_touched_cells_are_saved(editor: Client) -> None:
    one = make_product("One")
    method = make_method()
    give(method, one, sound="8.0")
    typed = fields(read(editor, at("scores", method)), "score-form")
    typed |= {f"v-{one.pk}-comfort": "7,5", f"e-{one.pk}-comfort": "Two hours.", "scored_on": "2026-11-01"}
    editor.post(at("scores", method), typed)
    rows = Score.objects.order_by("criterion__position").values_list("criterion__key", "value", "scored_on")
    assert [(key, str(value), f"{day}") for key, value, day in rows] == [
        ("sound", "8.0", "2026-11-20"),
        ("comfort", "7.5", "2026-11-01"),
    ]
    assert "Every day: <strong>7.8</strong> (2 of 3 scored)" in read(editor, at("scores", method))


def test_two_editors_of_one_cell_the_second_is_warned_and_nothing_is_lost(editor: Client) -> None:
    one = make_product("One")
    method = make_method()
    give(method, one, sound="8.0")
    mine = fields(read(editor, at("scores", method)), "score-form") | {f"v-{one.pk}-sound": "9.0"}
    give(method, one, sound="5.0")

    html = editor.post(at("scores", method), mine).content.decode()
    assert "Somebody saved 5.0, “Heard sound.” here meanwhile. Save again to replace it." in html
    assert 'value="9.0"' in html
    assert Score.objects.get().value == 5

    editor.post(at("scores", method), fields(html, "score-form"))
    assert Score.objects.get().value == 9


def test_what_is_no_score_is_marked_at_its_cell(editor: Client) -> None:
    one = make_product("One")
    method = make_method()
    give(method, one, sound="8.0")
    typed = fields(read(editor, at("scores", method)), "score-form")
    html = editor.post(at("scores", method), typed | {f"v-{one.pk}-sound": "good"}).content.decode()
    assert "“good” is not a score; write it like 7.5." in html
    assert f'aria-describedby="p-{one.pk}-sound"' in html


def test_a_file_is_tried_first_and_saved_with_a_second_press(editor: Client) -> None:
    make_product("One")
    method = make_method()
    text = "product,criterion,score,evidence\nacme-one,sound,8.5,Heard\n"
    html = editor.post(at("scores_import", method), {"text": text}).content.decode()
    assert "1 would change a score" in html
    assert not Score.objects.exists()
    editor.post(at("scores_import", method), {"text": text, "_save": "yes"})
    assert Score.objects.get().evidence == "Heard"
    exported = b"".join(editor.get(at("scores_export", method)).streaming_content).decode()  # type: ignore[attr-defined]
    assert "acme-one,sound,8.5,Heard,,," in exported


def test_who_may_not_change_sees_and_who_may_not_publish_does_not_activate() -> None:
    _, draft = make_weighed_guide()
    reader = signed_in("reviews.view_methodversion", "reviews.view_score")
    assert "Save the draft" not in read(reader, at("change", draft))
    assert "Activate Method" not in read(reader, at("moves", draft))
    assert reader.post(at("change", draft), {}).status_code == 403
    assert reader.post(at("scores", draft), {}).status_code == 403
    assert reader.post(reverse("admin:reviews_methodversion_prepare")).status_code == 403
    assert reader.post(at("discard", draft)).status_code == 403
    kim = reader
    for name in ("change_methodversion", "change_score"):
        permission = Permission.objects.get(codename=name)
        from django.contrib.auth.models import User

        User.objects.get(username="kim").user_permissions.add(permission)
    assert kim.post(at("activate", draft)).status_code == 403
    assert signed_out_is_sent_away(draft)


def signed_out_is_sent_away(draft: MethodVersion) -> bool:
    return Client().get(at("moves", draft)).status_code == 302


def test_pages_ask_a_fixed_number_of_queries(editor: Client, django_assert_max_num_queries: Any) -> None:
    method = make_method()
    give(method, make_product("P0"), sound="8.0")
    url = at("scores", method)
    with django_assert_max_num_queries(30) as counted:
        editor.get(url)
    for number in range(1, 22):
        give(method, make_product(f"P{number}"), sound="8.0", comfort="7.0")
    with django_assert_max_num_queries(len(counted)):
        editor.get(url)


def test_the_moves_page_asks_a_fixed_number_of_queries(editor: Client, django_assert_max_num_queries: Any) -> None:
    _, draft = make_weighed_guide()
    with django_assert_max_num_queries(40) as counted:
        editor.get(at("moves", draft))
    for number in range(6):
        make_weighed_guide(f"more-{number}", draft=draft)
    with django_assert_max_num_queries(len(counted)):
        editor.get(at("moves", draft))
