"""Drafts of the rules: begun, edited, approved by somebody else, published, taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.utils import timezone

from catalog.models import PageChange
from recommender import rules, rules_in_force
from recommender.answers import needs_from_mapping
from recommender.engine import decide
from recommender.models import RuleSetDraft, RuleSetVersion, RulesInForce
from recommender.services.drafts import approve_draft, discard_draft, edit_draft, judge, open_draft, publish_draft
from recommender.services.versions import RulesRefusedError, keep_shipped, put_in_force

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _shipped_again() -> Iterator[None]:
    yield
    rules.decide_with(None)
    rules_in_force.forget()


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def ben() -> User:
    return User.objects.create_user("ben")


def texts(file: str, old: str, new: str) -> dict[str, str]:
    text = rules.shipped_texts()[file]
    assert old in text
    return {file: text.replace(old, new, 1)}


QUIET = ("house.yaml", "because: You play alone", "because: Alone you play")
LOUD = ("house.yaml", "{kind_vote: headphones, weight: 1}", "{kind_vote: headphones, weight: 1.3}")
SAFETY = ("extensions.yaml", "  title: Ears open in traffic", "  title: Open ears in traffic")


def drafted(by: User, change: tuple[str, str, str], note: str | None = None) -> RuleSetDraft:
    return edit_draft(by=by, now=NOW, texts=texts(*change), note=note)


def test_the_rules_that_ship_are_kept_once_as_a_version() -> None:
    first, again = keep_shipped(now=NOW), keep_shipped(now=NOW)
    assert first == again
    assert first.is_shipped
    assert first.fingerprint == rules.shipped().version
    assert rules.ruleset_of(first.texts).version == rules.shipped().version


@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_version_can_be_neither_changed_nor_deleted(change: str) -> None:
    kept = RuleSetVersion.objects.filter(pk=keep_shipped(now=NOW).pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        kept.update(note="Rewritten.") if change == "update" else kept.delete()


def test_a_draft_changes_nothing_until_it_is_published(ada: User) -> None:
    drafted(ada, QUIET)
    assert rules_in_force.refresh() is False
    assert rules.load().version == rules.shipped().version


def test_a_changed_text_is_published_by_its_author_alone(ada: User, django_capture_on_commit_callbacks: object) -> None:
    draft = drafted(ada, QUIET)
    assert not judge(draft).needs_approval
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        version = publish_draft(by=ada, now=NOW, seen=draft.revision)
    assert version.number == 2
    assert version.drafted_by == version.published_by == "ada"
    assert rules.load().version == version.fingerprint
    fired = decide(needs_from_mapping({"activities": {"gaming_solo": 1}}), rules.load()).fired
    assert any(rule.because.startswith("Alone you play") for rule in fired)
    assert not RuleSetDraft.objects.exists()


def test_publishing_writes_down_that_pages_by_the_rules_changed(ada: User) -> None:
    draft = drafted(ada, QUIET)
    before = PageChange.objects.filter(thing="rules").count()
    publish_draft(by=ada, now=NOW, seen=draft.revision)
    assert PageChange.objects.filter(thing="rules").count() == before + 1


@pytest.mark.parametrize("change", [SAFETY], ids=["safety"])
def test_a_rule_of_safety_needs_somebody_else(ada: User, ben: User, change: tuple[str, str, str]) -> None:
    draft = drafted(ada, change)
    with pytest.raises(RulesRefusedError, match="Somebody who did not edit the draft has to approve it"):
        publish_draft(by=ada, now=NOW, seen=draft.revision)
    with pytest.raises(RulesRefusedError, match="You edited this draft yourself"):
        approve_draft(by=ada, now=NOW, seen=draft.revision)
    approve_draft(by=ben, now=NOW, seen=draft.revision)
    version = publish_draft(by=ada, now=NOW, seen=draft.revision)
    assert version.approved_by == "ben"


def test_whoever_edits_too_cannot_approve(ada: User, ben: User) -> None:
    drafted(ada, SAFETY)
    draft = drafted(ben, QUIET)
    with pytest.raises(RulesRefusedError, match="You edited this draft yourself"):
        approve_draft(by=ben, now=NOW, seen=draft.revision)


def test_an_approval_goes_with_the_next_edit(ada: User, ben: User) -> None:
    draft = drafted(ada, SAFETY)
    approve_draft(by=ben, now=NOW, seen=draft.revision)
    draft = drafted(ada, QUIET)
    assert draft.approved_by is None
    with pytest.raises(RulesRefusedError, match="has to approve it"):
        publish_draft(by=ada, now=NOW, seen=draft.revision)


def test_a_changed_answer_of_somebody_known_needs_somebody_else(ada: User) -> None:
    draft = edit_draft(
        by=ada,
        now=NOW,
        texts=texts("house.yaml", "- id: OWN-1\n", "- id: OWN-1\n  status: retired\n"),
    )
    judged = judge(draft)
    assert [move.person.id for move in judged.moves if "gam" in move.person.id or "sofa" in move.person.id]
    assert judged.needs_approval
    with pytest.raises(RulesRefusedError, match="people known by heart would get another answer"):
        publish_draft(by=ada, now=NOW, seen=draft.revision)


def test_a_faulty_draft_is_saved_but_neither_approved_nor_published(ada: User, ben: User) -> None:
    draft = drafted(ada, ("house.yaml", "{kind_vote: headphones, weight: 1}", "{kind_vote: loudspeaker, weight: 1}"))
    assert "loudspeaker" in draft.texts["house.yaml"]
    with pytest.raises(RulesRefusedError, match=r"house\.yaml, rule OWN-1.*“loudspeaker” is not in the vocabulary"):
        publish_draft(by=ada, now=NOW, seen=draft.revision)
    with pytest.raises(RulesRefusedError, match="“loudspeaker”"):
        approve_draft(by=ben, now=NOW, seen=draft.revision)
    assert RuleSetVersion.objects.count() == 1


def test_what_somebody_else_saved_is_not_written_over(ada: User, ben: User) -> None:
    seen = open_draft(by=ada, now=NOW).revision
    drafted(ben, QUIET)
    with pytest.raises(RulesRefusedError, match="Somebody else has edited"):
        edit_draft(by=ada, now=NOW, texts=texts(*SAFETY), seen=seen)
    with pytest.raises(RulesRefusedError, match="edited since you looked"):
        publish_draft(by=ada, now=NOW, seen=seen)


def test_nothing_changed_is_nothing_to_publish(ada: User) -> None:
    draft = open_draft(by=ada, now=NOW)
    with pytest.raises(RulesRefusedError, match="Change a rule first"):
        publish_draft(by=ada, now=NOW, seen=draft.revision)


def test_a_draft_of_older_rules_is_not_published_over_newer_ones(ada: User) -> None:
    first = keep_shipped(now=NOW)
    version = publish_draft(by=ada, now=NOW, seen=drafted(ada, QUIET).revision)
    draft = edit_draft(by=ada, now=NOW, texts={"house.yaml": version.texts["house.yaml"] + "\n# looked through\n"})
    put_in_force(version=first, by=ada, now=NOW)
    with pytest.raises(RulesRefusedError, match="Other rules came into force"):
        publish_draft(by=ada, now=NOW, seen=draft.revision)


def test_taking_back_moves_the_pointer_and_leaves_the_versions(
    ada: User, django_capture_on_commit_callbacks: object
) -> None:
    first = keep_shipped(now=NOW)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        second = publish_draft(by=ada, now=NOW, seen=drafted(ada, QUIET).revision)
        put_in_force(version=first, by=ada, now=NOW)
    assert RulesInForce.objects.get().version == first
    assert rules.load().version == first.fingerprint != second.fingerprint
    assert RuleSetVersion.objects.count() == 2
    with pytest.raises(RulesRefusedError, match="decide already"):
        put_in_force(version=first, by=ada, now=NOW)


def test_old_rules_can_be_asked_by_their_fingerprint(ada: User) -> None:
    old = rules.shipped().version
    version = publish_draft(by=ada, now=NOW, seen=drafted(ada, QUIET).revision)
    then, new = rules_in_force.rules_then(old), rules_in_force.rules_then(version.fingerprint)
    assert then is not None
    assert new is not None
    assert then.rule("OWN-1").because.startswith("You play alone")
    assert new.rule("OWN-1").because.startswith("Alone you play")
    assert rules_in_force.rules_then("0123456789ab") is None


def test_a_discarded_draft_is_gone(ada: User) -> None:
    drafted(ada, QUIET)
    discard_draft(by=ada)
    assert open_draft(by=ada, now=NOW).texts == dict(rules.shipped_texts())


def test_every_step_is_in_the_log(ada: User, ben: User) -> None:
    from django.contrib.admin.models import LogEntry

    draft = drafted(ada, SAFETY)
    approve_draft(by=ben, now=NOW, seen=draft.revision)
    publish_draft(by=ada, now=NOW, seen=draft.revision)
    said = [(line.user.get_username(), line.change_message) for line in LogEntry.objects.order_by("pk")]
    assert said == [
        ("ada", "Began a draft of the rules."),
        ("ben", "Approved the draft of the rules."),
        ("ada", "Published: 1 rules changed."),
    ]
