"""What do the pages of the rules' desk show: the rules by section, one rule, the draft, and the versions there were?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from recommender import rules
from recommender.advice import kinds_of, ranking_of
from recommender.answers import Needs
from recommender.decision import Decision
from recommender.kept_catalogue import kept_catalogue
from recommender.models import RuleSetDraft, RuleSetVersion, RulesInForce
from recommender.ranking import Catalogue
from recommender.rules import FILES, Rule
from recommender.rules.changes import Change, changes
from recommender.rules.editing import rule_ids
from recommender.rules.sentences import sentence
from recommender.services.drafts import GUARDED, Judged, judge
from recommender.services.versions import version_in_force
from recommender.trial.golden import Move, people

# Of what readers lately told, so many changed answers are shown.
MOST_LATELY = 40

LAYERS_IN_WORDS = {"use_case": "use case", "user_exclusion": "shopper's exclusion"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`is_edited`: the draft says something else than the rules in force."""

    rule_id: str
    title: str
    said: str
    layer: str
    status: str
    is_edited: bool
    is_guarded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPage:
    """`unread`: rules of the draft that cannot be read, with the file each stands in."""

    in_force: str
    since: datetime | None
    has_draft: bool
    query: str
    found: int
    total: int
    sections: tuple[Section, ...]
    unread: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = FILES


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPage:
    """`problems` are what keeps it from being published; `why_approval` is empty when nobody else has to look."""

    revision: int
    based_on: str
    note: str
    edited_by: tuple[str, ...]
    approved_by: str
    changes: tuple[Change, ...]
    problems: tuple[str, ...]
    moves: tuple[tuple[str, str, bool], ...]
    played: int
    lately: tuple[tuple[str, str, bool], ...]
    lately_count: int
    readers: int
    why_approval: str
    may_approve: bool
    may_publish: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    number: int
    at: datetime
    note: str
    who: str
    approved_by: str
    is_in_force: bool
    changes: tuple[Change, ...]
    more: int = 0


def texts_of(draft: RuleSetDraft | None) -> Mapping[str, str]:
    """What an editor would edit: the draft, else what is in force, in the order of the files."""
    texts = draft.texts if draft is not None else _in_force_texts()
    return {name: texts[name] for name in [*FILES, *texts] if name in texts}


def rules_page(query: str) -> RulesPage:
    """Words of the query may stand anywhere in a rule: its id, title, sentences, section or file. Three queries."""
    draft = RuleSetDraft.objects.first()
    texts, before = texts_of(draft), by_id(_in_force_texts())
    found = by_id(texts)
    lines = [(rule.section, _line(rule, before)) for rule in found.values() if _matches(rule, query)]
    sections: dict[str, list[Line]] = {}
    for section, line in lines:
        sections.setdefault(section, []).append(line)
    pointer = RulesInForce.objects.select_related("version").first()
    version = version_in_force()
    return RulesPage(
        in_force=str(version) if version else "the rules that ship with the code",
        since=pointer.since if pointer else None,
        has_draft=draft is not None,
        query=query,
        found=len(lines),
        total=len(found),
        sections=tuple(Section(name=name, lines=tuple(each)) for name, each in sections.items()),
        unread=tuple(
            (name, rule_id) for name, text in texts.items() for rule_id in rule_ids(text) if rule_id not in found
        ),
    )


def draft_page(draft: RuleSetDraft, *, user_id: int, now: datetime) -> DraftPage:
    """`now` (aware): whose prices count when it is said for whom nothing fits any more."""
    judged = judge(draft)
    editors = {user.pk: user.get_username() for user in draft.edited_by.order_by("username")}
    sound = judged.trial.may_be_published and bool(judged.changed)
    return DraftPage(
        revision=draft.revision,
        based_on=str(draft.based_on),
        note=draft.note,
        edited_by=tuple(editors.values()),
        approved_by=draft.approved_by.get_username() if draft.approved_by else "",
        changes=tuple(changes(_side(judged, 0), _side(judged, 1))),
        problems=tuple(str(fault) for fault in judged.trial.faults),
        moves=_moves(judged.moves, now),
        played=len(people()),
        lately=_moves(judged.lately[:MOST_LATELY], now),
        lately_count=len(judged.lately),
        readers=judged.readers,
        why_approval=judged.why_approval,
        may_approve=sound and judged.needs_approval and draft.approved_by is None and user_id not in editors,
        may_publish=sound and not (judged.needs_approval and draft.approved_by is None),
    )


def version_lines(*, most: int = 50, changes_shown: int = 5) -> list[VersionLine]:
    """The newest first, each with what it changed against the one before it."""
    rows = list(RuleSetVersion.objects.all()[: most + 1])
    current = version_in_force()
    return [
        _version_line(row, rows[index + 1] if index + 1 < len(rows) else None, current, changes_shown)
        for index, row in enumerate(rows[:most])
    ]


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """What publishing these texts would change, or did."""
    return changes(by_id(before), by_id(after))


def by_id(texts: Mapping[str, str]) -> dict[str, Rule]:
    return {rule.id: rule for rule in rules.rules_of_texts(texts)}


def _version_line(
    row: RuleSetVersion, former: RuleSetVersion | None, current: RuleSetVersion | None, most: int
) -> VersionLine:
    found = difference(former.texts, row.texts) if former else []
    return VersionLine(
        number=row.number,
        at=row.published_at,
        note=row.note,
        who=row.published_by or "the code",
        approved_by=row.approved_by,
        is_in_force=row == current,
        changes=tuple(found[:most]),
        more=max(0, len(found) - most),
    )


def _moves(found: Sequence[Move], now: datetime) -> tuple[tuple[str, str, bool], ...]:
    """Who, what, and whether it is grave: another kind, or nothing left that fits."""
    if not found:
        return ()
    catalogue = kept_catalogue(now=now)
    rows = []
    for move in found:
        needs = move.person.needs
        is_emptied = _fits(move.before, needs, catalogue) and not _fits(move.after, needs, catalogue)
        what = f"{move.what}; nothing in the catalogue fits any more" if is_emptied else move.what
        rows.append((move.person.who, what, is_emptied or move.kind is not None))
    return tuple(rows)


def _fits(decision: Decision, needs: Needs, catalogue: Catalogue) -> bool:
    return any(ranking_of(decision, needs, catalogue, kind).is_match for kind in kinds_of(decision, needs))


def _side(judged: Judged, side: int) -> dict[str, Rule]:
    return {rule.id: rule for pair in judged.changed if (rule := pair[side]) is not None}


def _line(rule: Rule, before: Mapping[str, Rule]) -> Line:
    return Line(
        rule_id=rule.id,
        title=rule.title,
        said=sentence(rule),
        layer=LAYERS_IN_WORDS.get(rule.layer, rule.layer),
        status=rule.status,
        is_edited=before.get(rule.id) != rule,
        is_guarded=rule.layer in GUARDED,
    )


def _matches(rule: Rule, query: str) -> bool:
    text = f"{rule.id} {rule.title} {rule.because} {rule.section} {rule.file} {rule.layer} {sentence(rule)}".casefold()
    return all(word in text for word in _words(query))


def _words(query: str) -> Iterable[str]:
    return query.casefold().split()


def _in_force_texts() -> Mapping[str, str]:
    version = version_in_force()
    return version.texts if version is not None else rules.shipped_texts()
