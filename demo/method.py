"""How does the demo score? By published facts alone, as `method.yaml` says, and it says so with every score."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import yaml
from django.db import transaction

from catalog.models import AudioSpecs, Product
from demo import content
from demo.content import ContentError
from reviews.models import MethodVersion
from reviews.services.methods import (
    CriterionInput,
    MethodError,
    UseCaseInput,
    activate_version,
    prepare_version,
    save_version,
)
from reviews.services.scores import ScoreInput, save_scores

METHOD = content.HERE / "method.yaml"
# A score, and the fact it rests on in words; None where nothing is published.
Scored = tuple[str, str] | None
# Between the days on which two versions came into force.
_APART = timedelta(days=90)


@transaction.atomic
def fill_method(*, now: datetime) -> int:
    """The versions with their scores, where there are none yet; how many. The last one stays a draft."""
    if MethodVersion.objects.exists():
        return 0
    told = yaml.safe_load(METHOD.read_text(encoding="utf-8"))
    wanted = told["products"]
    products = {row.slug: row for row in Product.objects.filter(slug__in=wanted).select_related("specs")}
    if missing := set(wanted) - products.keys():
        raise ContentError(f"{METHOD.name} names {', '.join(sorted(missing))}, which the catalogue does not have.")
    day = content.checked_on(content.catalogue())
    versions = told["versions"]
    for number, version in enumerate(versions, start=1):
        try:
            draft = _version(told, version)
        except MethodError as error:
            raise ContentError(f"Version {number} in {METHOD.name} does not fit:\n{error}") from error
        save_scores(version=draft, scores=_scores(products.values(), version["criteria"], day))
        if number < len(versions):
            activate_version(version=draft, now=now - _APART * (len(versions) - 1 - number))
    return len(versions)


def _version(told: Mapping[str, Any], version: Mapping[str, Any]) -> MethodVersion:
    draft = prepare_version()
    save_version(
        version=draft,
        summary=told["summary"],
        change_note=version["note"],
        criteria=[CriterionInput(key=key, **told["criteria"][key]) for key in version["criteria"]],
        use_cases=[
            UseCaseInput(key=key, label=told["use_cases"][key], weights=weights)
            for key, weights in version["weights"].items()
        ],
    )
    return draft


def _scores(products: Iterable[Product], criteria: Iterable[str], day: date) -> list[ScoreInput]:
    return [
        ScoreInput(
            product_id=product.pk, criterion=key, value=Decimal(found[0]), evidence=f"{found[1]}.", scored_on=day
        )
        for product in products
        for key in criteria
        if (found := RULES[key](product.specs))
    ]


def _points(first: str, *more: tuple[object, str, str]) -> tuple[str, list[str]]:
    """The first score and what is added to it, at most 10; the facts that were true in words."""
    total, words = Decimal(first), []
    for is_so, points, said in more:
        if is_so:
            total += Decimal(points)
            words.append(said)
    return str(min(total, Decimal(10))), words


def quiet(specs: AudioSpecs) -> Scored:
    if specs.anc:
        more = (specs.transparency, "0.5", "a transparency mode"), (specs.passive_isolation, "0.5", "sealing parts")
        score, words = _points("8.5", *more)
        return score, ", ".join(["Active noise cancelling", *words])
    if specs.passive_isolation:
        return "7.0", "No noise cancelling; shuts sound out by its fit"
    if specs.passive_isolation is False:
        return "2.0", "An open design that lets sound in"
    return None


def comfort(specs: AudioSpecs) -> Scored:
    added = (
        (specs.comfort_long_wear, "0.5", "made for long wear"),
        (specs.glasses_friendly, "0.5", "fits with glasses"),
    )
    if specs.form_factor == "in-ear":
        score, words = _points("7.5", *added)
        return score, ", ".join(["Nothing on the head, tips in the ear", *words])
    if specs.weight_g is None:
        return ("7.5", "Made for long wear; no weight published") if specs.comfort_long_wear else None
    bands = ((180, "8.5"), (255, "8.0"), (280, "7.5"), (320, "6.5"))
    first = next((score for most, score in bands if specs.weight_g <= most), "5.0")
    score, words = _points(first, *added)
    return score, ", ".join([f"{specs.weight_g.normalize():f} g", *words])


def power(specs: AudioSpecs) -> Scored:
    if specs.wireless is False:
        return "9.0", "Runs from its cable"
    if specs.battery_hours is None:
        return None
    bands = ((35, "9.0"), (30, "8.5"), (20, "7.5"), (10, "6.5"))
    score = next((score for least, score in bands if specs.battery_hours >= least), "5.5")
    return score, f"{specs.battery_hours.normalize():f} hours rated"


def talking(specs: AudioSpecs) -> Scored:
    kinds = {
        "none": ("1.0", "No microphone"),
        "incidental": ("5.5", "A microphone for the odd call"),
        "communication": ("8.0", "A microphone made for talking"),
    }
    if specs.mic_grade not in kinds:
        return None
    first, said = kinds[specs.mic_grade]
    added = (specs.mic_noise_cancelling, "1.0", "with noise cancelling"), (specs.mic_mute, "0.5", "with a mute switch")
    score, words = _points(first, *added)
    return score, ", ".join([said, *words])


def connections(specs: AudioSpecs) -> Scored:
    radios, sockets = set(specs.radios or ()), set(specs.connectors or ())
    if not radios and not sockets:
        return None
    first, said = ("7.5", "Bluetooth") if "bluetooth" in radios else ("8.0", "DECT") if radios else _socket(sockets)
    added = (
        (specs.multipoint, "0.5", "two devices at once"),
        (radios and "jack_3_5mm" in sockets, "1.0", "a jack as well"),
        (radios and "usb_a" in sockets, "0.5", "a USB adapter"),
        (not radios and len(sockets) > 1, "0.5", "more than one plug"),
    )
    score, words = _points(first, *added)
    return score, ", ".join([said, *words])


def _socket(sockets: set[str]) -> tuple[str, str]:
    if "jack_3_5mm" in sockets:
        return "6.0", "A 3.5 mm plug"
    return (
        ("6.5", "A USB plug")
        if "usb_a" in sockets
        else ("5.0", "A quick-disconnect plug that needs a cable of its own")
    )


def carrying(specs: AudioSpecs) -> Scored:
    if specs.form_factor == "in-ear":
        return "9.5", "Fits a coin pocket"
    if specs.form_factor == "open-ear":
        return "8.5", "Light, worn round the neck"
    if specs.foldable is None:
        return None
    return ("8.0", "Folds") if specs.foldable else ("5.5", "Does not fold")


RULES: dict[str, Callable[[AudioSpecs], Scored]] = {
    rule.__name__: rule for rule in (quiet, comfort, power, talking, connections, carrying)
}
