"""Products and decisions made for the ranking's tests: by hand, and generated with every fact known or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from recommender.decision import Decision
from recommender.facts import CandidateFacts, KnownPrice

WISHES = ("anc", "wireless", "comfort_long_wear", "high_fidelity", "foldable", "mic_noise_cancelling", "durable", "rgb")


def decision(
    *,
    kind: str = "headphones",
    types: tuple[str, ...] = (),
    facets: tuple[str, ...] = (),
    must_have: tuple[str, ...] = (),
    nice_to_have: Mapping[str, Decimal] | None = None,
    excluded: tuple[str, ...] = (),
) -> Decision:
    return Decision(
        kind=kind,
        types=types,
        facets=facets,
        must_have=must_have,
        nice_to_have=nice_to_have or {},
        excluded=excluded,
        fired=(),
        overridden=(),
        advisories=(),
        outcome="match",
        margin=Decimal(-1),
    )


def product(number: int = 1, *, price: str | None = "100", currency: str = "USD", **facts: Any) -> CandidateFacts:
    given: dict[str, Any] = {
        "id": number,
        "slug": f"product-{number:04}",
        "name": f"Product {number}",
        "brand": f"Brand {number % 7}",
        "kind": "headphones",
        "types": ("over-ear",),
        "form_factor": "over-ear",
        "prices": () if price is None else (KnownPrice(amount=Decimal(price), currency=currency),),
    }
    return CandidateFacts(**(given | facts))


def known(*, complete: bool = False) -> st.SearchStrategy[bool | None]:
    return st.booleans() if complete else st.sampled_from([True, False, None])


@st.composite
def products(draw: st.DrawFn, *, complete: bool = False, most: int = 14) -> list[CandidateFacts]:
    """A small catalogue of headphones and headsets; with `complete` every fact that matters here is known."""
    forms = {"headphones": ("over-ear", "on-ear", "in-ear"), "headset": ("gaming", "business", "bluetooth")}
    found = []
    for number in range(draw(st.integers(1, most))):
        kind = draw(st.sampled_from(["headphones", "headphones", "headset"]))
        form = draw(st.sampled_from(forms[kind]))
        price = draw(st.integers(15, 400) if complete else st.one_of(st.none(), st.integers(15, 400)))
        found.append(
            product(
                number,
                kind=kind,
                types=(form,),
                form_factor=form if kind == "headphones" else "over-ear",
                brand=f"Brand {draw(st.integers(0, 4))}",
                price=None if price is None else str(price),
                mic_grade="communication" if kind == "headset" else draw(st.sampled_from(["none", "incidental"])),
                **{
                    name: draw(known(complete=complete))
                    for name in (*WISHES, "transparency", "passive_isolation", "professional_look")
                    if kind == "headset" or not name.startswith("mic_")
                },
            )
        )
    return found


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    kind = draw(st.sampled_from(["headphones", "headset"]))
    names = draw(st.lists(st.sampled_from(WISHES), unique=True, max_size=6))
    cut = draw(st.integers(0, min(2, len(names))))
    types = ("over-ear", "on-ear") if kind == "headphones" else ("gaming", "business")
    return decision(
        kind=kind,
        types=draw(st.sampled_from([(), types, types[:1]])),
        must_have=tuple(names[:cut]),
        nice_to_have={name: Decimal(draw(st.integers(1, 10))) / 10 for name in names[cut:]},
        excluded=draw(st.sampled_from([(), ("in-ear",), ("anc_without_transparency",)])),
    )
