"""The desk of the rules: found, read, edited as a draft, tried, approved, published, taken back; without a script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from recommender import rules, rules_in_force
from recommender.models import RuleSetDraft, RuleSetVersion, RulesInForce
from tests.factories import make_product, make_staff
from tests.reviews.html import Reader

pytestmark = pytest.mark.django_db
ALL = [f"recommender.{act}_rulesetversion" for act in ("view", "draft", "publish")]
LIST = "/admin/recommender/rulesetversion/"
SOLO = f"{LIST}rule/OWN-1/"
TRAFFIC = f"{LIST}rule/EXT-1/"
DRAFT = f"{LIST}draft/"


@pytest.fixture(autouse=True)
def _shipped_again() -> Iterator[None]:
    yield
    rules.decide_with(None)
    rules_in_force.forget()


def signed_in(name: str, *permissions: str) -> Client:
    client = Client()
    client.force_login(make_staff(name, *permissions))
    return client


@pytest.fixture
def kim() -> Client:
    return signed_in("kim", *ALL)


@pytest.fixture
def lee() -> Client:
    return signed_in("lee", *ALL)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def sent(html: str) -> dict[str, str]:
    """What a browser would send of the first form that holds a draft's revision."""
    form = html[html.rindex("<form", 0, html.index('name="seen"')) :]
    form = form[: form.index("</form>")]
    reader = Reader(form)
    fields = {a["name"]: a.get("value", "") for a in reader.all("input") if a.get("name")}
    for part in form.split("<textarea ")[1:]:
        name = part.split('name="')[1].split('"')[0]
        fields[name] = part.split(">", 1)[1].split("</textarea>")[0]
    for part in form.split("<select ")[1:]:
        fields[part.split('name="')[1].split('"')[0]] = part.split(" selected")[0].split('value="')[-1].rstrip('"')
    return fields


def save(client: Client, address: str, **changed: str) -> str:
    html = page(client, address)
    return client.post(address, {**sent(html), **changed}, follow=True).content.decode()


def test_the_rules_stand_by_section_with_a_sentence_each(kim: Client) -> None:
    html = page(kim, LIST)
    assert "When headphones are the better buy" in html
    assert "For gaming solo, it votes for headphones with weight 1" in html


def test_a_search_finds_ids_words_and_says_when_there_is_nothing(kim: Client) -> None:
    assert "1 of" in page(kim, f"{LIST}?q=EXT-13")
    assert "OWN-1 Games without talk" in page(kim, f"{LIST}?q=games+without")
    assert "No rule has these words" in page(kim, f"{LIST}?q=xylophone")


def test_a_weight_is_changed_by_form_and_nothing_else(kim: Client) -> None:
    html = save(kim, SOLO, **{"then.0.weight": "1.25"})
    assert "Saved in the draft" in html
    draft = RuleSetDraft.objects.get()
    was = rules.shipped_texts()["house.yaml"].splitlines()
    now = draft.texts["house.yaml"].splitlines()
    assert [(a, b) for a, b in zip(was, now, strict=True) if a != b] == [
        ("    - {kind_vote: headphones, weight: 1}", "    - {kind_vote: headphones, weight: 1.25}")
    ]
    assert {name: text for name, text in draft.texts.items() if name != "house.yaml"} == {
        name: text for name, text in rules.shipped_texts().items() if name != "house.yaml"
    }
    assert "edited in the draft" in page(kim, f"{LIST}?q=OWN-1")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("then.0.weight", "7", "7 is out of range: from 0.05 to 3 (votes)"),
        ("then.0.weight", "much", "“much” is not a number"),
        ("because", "  ", "readers would see an empty reason"),
        ("status", "perhaps", "“perhaps” is no switch"),
    ],
)
def test_a_value_out_of_range_is_refused_and_kept_as_typed(kim: Client, field: str, typed: str, said: str) -> None:
    html = save(kim, SOLO, **{field: typed, "title": "My new title"})
    assert said in html
    assert "Nothing was saved" in html
    assert "My new title" in html
    assert not RuleSetDraft.objects.exists()


def test_a_threshold_says_its_unit_and_range(kim: Client) -> None:
    html = page(kim, f"{LIST}rule/OWN-19/")
    assert "Threshold: hours of wear a day is at least" in html
    assert "hours a day; from 0 to 24" in html


def test_a_text_is_published_alone_and_decides(kim: Client, django_capture_on_commit_callbacks: object) -> None:
    save(kim, SOLO, because="Alone you play, so nobody has to hear you.")
    html = page(kim, DRAFT)
    assert "All checks passed" in html
    assert "becomes “Alone you play, so nobody has to hear you.”" in html
    assert "No second approval is needed" in html
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        told = kim.post(f"{DRAFT}publish/", {"seen": str(RuleSetDraft.objects.get().revision)}, follow=True)
    assert "Published" in told.content.decode()
    assert rules.load().rule("OWN-1").because == "Alone you play, so nobody has to hear you."
    assert "Rules 2</a> – in force" in page(kim, f"{LIST}versions/")


def test_safety_is_published_only_after_somebody_else_approved(kim: Client, lee: Client) -> None:
    save(kim, TRAFFIC, because="Keep an ear on the road.")
    html = page(kim, DRAFT)
    assert "Somebody else has to approve it" in html
    assert "Publish</button>" not in html
    assert "Approve this draft" not in html
    seen = {"seen": str(RuleSetDraft.objects.get().revision)}
    refused = kim.post(f"{DRAFT}approve/", seen, follow=True).content.decode()
    assert "You edited this draft yourself" in refused
    assert "Approve this draft" in page(lee, DRAFT)
    lee.post(f"{DRAFT}approve/", seen)
    assert "Approved by lee" in page(kim, DRAFT)
    kim.post(f"{DRAFT}publish/", seen)
    assert RuleSetVersion.objects.order_by("number").last().approved_by == "lee"  # type: ignore[union-attr]


def test_whose_answer_changes_is_shown_before_publishing(kim: Client) -> None:
    save(kim, SOLO, status="retired")
    html = page(kim, DRAFT)
    assert "Plays on a Switch on the sofa" in html
    assert "of the people known by heart would get another answer" in html


def test_a_draft_that_leaves_somebody_with_nothing_says_so(kim: Client) -> None:
    make_product("Ear", kind="headphones", type="over-ear", specs={"wireless": False, "anc": False})
    html = page(kim, SOLO)
    demand = "    - {type_vote: over-ear, weight: 0.8}"
    text = rules.shipped_texts()["house.yaml"].replace(demand, f"{demand}\n    - {{require_feature: wireless}}", 1)
    kim.post(f"{LIST}file/house.yaml/", {"seen": sent(html)["seen"], "text": text})
    html = page(kim, DRAFT)
    assert "now asks for wireless" in html
    assert "nothing in the catalogue fits any more" in html


def test_a_leap_of_a_weight_asks_for_a_note(kim: Client) -> None:
    save(kim, SOLO, **{"then.0.weight": "1.8"})
    assert "it moves from 1 to 1.8, more than 0.5 at once" in page(kim, DRAFT)
    kim.post(DRAFT, {"seen": str(RuleSetDraft.objects.get().revision), "note": "Measured in May."})
    html = page(kim, DRAFT)
    assert "more than 0.5 at once" not in html
    assert "Measured in May." in html


def test_yaml_with_a_mistake_is_kept_in_the_draft_and_explained(kim: Client) -> None:
    html = page(kim, SOLO)
    lines = "- id: OWN-1\n  title: Half a rule\n"
    kim.post(SOLO, {"seen": sent(html)["seen"], "_yaml": "1", "yaml": lines})
    assert "Half a rule" in RuleSetDraft.objects.get().texts["house.yaml"]
    assert "house.yaml, rule OWN-1, section: is missing; every rule needs it." in page(kim, DRAFT)
    assert "OWN-1 in house.yaml" in page(kim, LIST)
    assert "Half a rule" in page(kim, SOLO)


def test_a_whole_file_can_be_edited(kim: Client) -> None:
    address = f"{LIST}file/house.yaml/"
    text = rules.shipped_texts()["house.yaml"]
    answer = kim.post(address, {"seen": "0", "text": text.replace("Games without talk", "Games in silence")})
    assert answer.status_code == 302
    assert "Games in silence" in page(kim, DRAFT)


def test_what_somebody_else_saved_meanwhile_is_not_lost(kim: Client, lee: Client) -> None:
    before = sent(page(kim, SOLO))
    save(lee, TRAFFIC, because="Keep an ear on the road.")
    html = kim.post(SOLO, {**before, "because": "Mine."}).content.decode()
    assert "Somebody else has edited the draft meanwhile" in html
    assert "Mine." in html
    assert "Keep an ear on the road." in RuleSetDraft.objects.get().texts["extensions.yaml"]


def test_going_back_shows_the_difference_and_moves_the_pointer(kim: Client) -> None:
    save(kim, SOLO, because="Alone you play.")
    kim.post(f"{DRAFT}publish/", {"seen": str(RuleSetDraft.objects.get().revision)})
    html = page(kim, f"{LIST}versions/1/")
    assert "was “Alone you play.” and becomes “You play alone" in html
    kim.post(f"{LIST}versions/1/")
    assert RulesInForce.objects.get().version.number == 1
    assert "Rules 1</a> – in force" in page(kim, f"{LIST}versions/")


def test_a_draft_is_discarded(kim: Client) -> None:
    save(kim, SOLO, because="Alone you play.")
    kim.post(f"{DRAFT}discard/")
    assert not RuleSetDraft.objects.exists()
    assert "There is no draft" in page(kim, DRAFT)


def test_who_may_only_look_cannot_edit_and_strangers_see_nothing(kim: Client) -> None:
    save(kim, SOLO, because="Alone you play.")
    seen = str(RuleSetDraft.objects.get().revision)
    reader = signed_in("reader", "recommender.view_rulesetversion")
    assert "Save in the draft" not in page(reader, SOLO)
    for address, data in (
        (SOLO, {"seen": seen, "because": "No."}),
        (f"{LIST}file/house.yaml/", {"seen": seen, "text": ""}),
        (DRAFT, {"seen": seen, "note": "No."}),
        (f"{DRAFT}approve/", {"seen": seen}),
        (f"{DRAFT}publish/", {"seen": seen}),
        (f"{DRAFT}discard/", {}),
        (f"{LIST}versions/1/", {}),
    ):
        assert reader.post(address, data).status_code == 403, address
    stranger = signed_in("stranger")
    for address in (LIST, SOLO, DRAFT, f"{LIST}versions/", f"{LIST}versions/1/", f"{LIST}file/house.yaml/"):
        assert stranger.get(address).status_code == 403, address


@pytest.mark.parametrize("address", [f"{LIST}rule/NO-1/", f"{LIST}file/secrets.yaml/", f"{LIST}versions/99/"])
def test_what_is_not_there_is_not_found(kim: Client, address: str) -> None:
    assert kim.get(address).status_code == 404


def test_a_version_opened_from_the_log_leads_to_its_page(kim: Client) -> None:
    version = RuleSetVersion.objects.get()
    answer = kim.get(reverse("admin:recommender_rulesetversion_change", args=[version.pk]))
    assert answer.headers["Location"] == f"{LIST}versions/1/"


def test_the_log_of_changes_names_who_published(kim: Client) -> None:
    save(kim, SOLO, because="Alone you play.")
    kim.post(f"{DRAFT}publish/", {"seen": str(RuleSetDraft.objects.get().revision)})
    User.objects.filter(username="kim").update(is_superuser=True)
    html = page(kim, "/admin/reviews/auditline/")
    assert "Published: 1 rules changed." in html
