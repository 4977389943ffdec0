"""Which small change of the answers would lead elsewhere, in words, each with the address that shows it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from django.urls import reverse

from catalog.kinds import ProductType
from catalog.money import money_text
from recommender import wording
from recommender.advice import Advice, Option
from recommender.answers import Needs
from recommender.edits import AND
from recommender.pages import addresses
from recommender.pages.reasons import in_a_sentence
from recommender.told import Told, name_of_activity

_WORDS: MappingProxyType[str, str] = MappingProxyType(
    {
        "mic:own": "If you used a microphone of your own",
        "mic:none": "If you had no microphone of your own",
        "mic:rarely": "If you made only the odd, short call",
        "mic:never": "If you did not talk at all",
        "budget:none": "Without a limit on the price",
        "connection:either": "If cable or wireless were all the same to you",
        "connection:wireless": "If it had to be wireless",
        "connection:wired": "If it had to have a cable",
        "sound_priority:normal": "If sound did not come before everything else",
        "sound_priority:top": "If sound came before everything else",
        "portability:medium": "If it did not have to be small",
        "portability:high": "If it had to be small enough for a pocket or bag",
        "isolation:none": "If noise around you did not matter",
        "isolation:high": "If noise had to be kept from your ears",
        "awareness:none": "If you did not have to hear what goes on around you",
        "awareness:required": "If you had to hear what goes on around you",
    }
)
OPTION_TITLES: MappingProxyType[str, str] = MappingProxyType(
    {
        "keep_microphone": "Keep your microphone",
        "add_microphone": "Add a USB microphone",
        "keep_headphones": "Keep what you have",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A different answer, or two, that would lead elsewhere, with the address that shows it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionCard:
    """Something to keep or add; `product` are the headphones that go with it, where some are named."""

    key: str
    title: str
    text: str
    rule_id: str
    cost: str
    product: str
    product_href: str


def changes_of_kind(advice: Advice, told: Told) -> Iterator[Change]:
    for flip in advice.flips:
        kind = "a headset" if flip.kind == "headset" else "headphones"
        yield Change(
            text=f"{edit_words(flip.key)}, the answer would be {kind}.", href=_href(advice, told, flip.changes)
        )


def change_of_type(advice: Advice, told: Told) -> Iterator[Change]:
    """The easiest change to another best type of the same kind, where there is one."""
    turn = advice.type_turn
    if turn is not None:
        best = ProductType(turn.type)
        text = f"{edit_words(turn.key)}, the best type would be {in_a_sentence(best)} {best.kind.value}."
        yield Change(text=text, href=_href(advice, told, turn.changes))


def changes_of_winner(advice: Advice, told: Told) -> Iterator[Change]:
    for turn in advice.turns:
        if turn.product is not None:
            text = f"{edit_words(turn.key)}, the {turn.product.name} would come first."
            yield Change(text=text, href=_href(advice, told, turn.changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOutPart:
    """What no product has beside the rest, in words, and answers that lead to products."""

    missing: tuple[str, ...]
    changes: tuple[Change, ...]
    use_href: str


def way_out_part(advice: Advice, told: Told) -> WayOutPart | None:
    if advice.way_out is None:
        return None
    return WayOutPart(
        missing=tuple(wording.label(key) for key in advice.way_out.missing),
        changes=tuple(
            Change(text=edit_words(edit.key), href=_href(advice, told, edit.changes)) for edit in advice.way_out.edits
        ),
        use_href=addresses.asking(told, ask="do"),
    )


def option_cards(advice: Advice) -> Iterator[OptionCard]:
    for option in advice.options:
        yield OptionCard(
            key=option.key,
            title=OPTION_TITLES[option.key],
            text=option.because,
            rule_id=option.rule_id,
            cost=_cost(option),
            product=option.product.name if option.product else "",
            product_href=reverse("product", kwargs={"slug": option.product.slug}) if option.product else "",
        )


def edit_words(key: str) -> str:
    """An edit of the needs, or two, as the beginning of a sentence."""
    if AND in key:
        one, other = (edit_words(part) for part in key.split(AND))
        return f"{one} and {other[0].lower()}{other[1:]}"
    if key in _WORDS:
        return _WORDS[key]
    what, _, how = key.partition(":")
    if what == "budget":
        share = how[1:].replace("%", " %")
        return f"With {share} {'more' if how.startswith('+') else 'less'} to spend"
    if what == "hours":
        return f"If you wore it about {how} hour{'' if how == '1' else 's'} a day"
    name = name_of_activity(how)
    return f"With twice as much “{name}”" if what == "more" else f"Without “{name}”"


def address_of(needs: Needs, told: Told, changes: Mapping[str, Any]) -> str:
    return addresses.result_of(replace(needs, **changes), like=told)


def _href(advice: Advice, told: Told, changes: Mapping[str, Any]) -> str:
    return address_of(advice.needs, told, changes)


def _cost(option: Option) -> str:
    """Whether it stays within the budget or costs less, where both is known."""
    parts = []
    if option.microphone is not None:
        parts.append(
            f"A usable microphone takes about {money_text(option.microphone.maximum, option.microphone.currency)}"
        )
    if option.is_within is not None:
        parts.append("both together stay within your budget" if option.is_within else "both together pass your budget")
    if option.is_cheaper:
        parts.append("and cost less than our first choice")
    text = ", ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""
