"""How are the words of product files translated into the values of our columns?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from catalog.kinds import Kind, ProductType
from catalog.models.specs import Connector, Ears, FormFactor, MicForm, MicGrade, Platform, Radio

E = TypeVar("E", bound=Enum)
Row = Mapping[str, object]


class RowError(Exception):
    """This row cannot be loaded. The message names the key, the value and what would be right."""


def is_known(value: object) -> bool:
    """False for every way of saying nothing; False and 0 say something."""
    return value is not None and value not in ("", [], (), {})


def name(row: Row, key: str, longest: int) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise RowError(f"`{key}` is missing." if not is_known(value) else f"`{key}` is {value!r}, not text.")
    text = " ".join(value.split())
    if len(text) > longest:
        raise RowError(f"`{key}` has {len(text)} characters; the longest allowed is {longest}.")
    if any(ord(sign) < 32 for sign in text):
        raise RowError(f"`{key}` contains a control character.")
    return text


def choice(row: Row, key: str, words: type[E]) -> E | None:
    value = row.get(key)
    if not is_known(value):
        return None
    try:
        return words(value)
    except ValueError:
        known = ", ".join(str(word.value) for word in words)
        raise RowError(f"`{key}` is {value!r}; known are: {known}.") from None


def boolean(row: Row, key: str) -> bool | None:
    value = row.get(key)
    if not is_known(value):
        return None
    if not isinstance(value, bool):
        raise RowError(f"`{key}` is {value!r}; it must be true, false or left out.")
    return value


def number(row: Row, key: str, *, times: int = 1, places: int = 0) -> Decimal | None:
    """The number, multiplied and rounded to so many places; a fraction such as 5.5 Hz is rounded, never refused."""
    value = row.get(key)
    if not is_known(value):
        return None
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        found = Decimal(str(value)) * times
        return found.quantize(Decimal(1).scaleb(-places))
    except InvalidOperation:
        raise RowError(f"`{key}` is {value!r}; it must be a number.") from None


def whole(row: Row, key: str, *, times: int = 1) -> int | None:
    found = number(row, key, times=times)
    return None if found is None else int(found)


def texts(row: Row, key: str) -> list[str]:
    """A list of texts; one text stands for a list of one."""
    value = row.get(key)
    if not is_known(value):
        return []
    items = value if isinstance(value, (list, tuple)) else [value]
    found: list[str] = []
    for item in items:
        if not isinstance(item, str):
            raise RowError(f"`{key}` holds {item!r}; it must be a list of texts.")
        if text := item.strip():
            found.append(text)
    return found


def own_value(row: Row, column: models.Field[Any, Any]) -> Any:
    """The value of one of our own columns, as its field understands it. The field's choices are checked later."""
    key = column.name
    if key in _OWN_READERS:
        return _OWN_READERS[key](row, None)
    if isinstance(column, ArrayField):
        return texts(row, key)
    if isinstance(column, models.BooleanField):
        return boolean(row, key)
    if isinstance(column, models.DecimalField):
        return number(row, key, places=column.decimal_places or 0)
    if isinstance(column, models.IntegerField):
        return whole(row, key)
    value = row[key]
    if not isinstance(value, str):
        raise RowError(f"`{key}` is {value!r}; it must be text.")
    return value.strip()


def headphone_type(specs: Mapping[str, Any]) -> ProductType | None:
    """The main type of headphones from their form; what is known of connection and noise where the form is not."""
    by_form = {
        FormFactor.OVER_EAR: ProductType.OVER_EAR,
        FormFactor.ON_EAR: ProductType.ON_EAR,
        FormFactor.IN_EAR: ProductType.IN_EAR,
        FormFactor.EARBUD: ProductType.IN_EAR,
    }
    form = specs.get("form_factor")
    if form is not None:
        return by_form.get(FormFactor(form)) if form in FormFactor.values else None
    if specs.get("anc"):
        return ProductType.NOISE_CANCELLING
    return ProductType.WIRELESS if specs.get("wireless") else None


# --- the collected catalogue's spellings -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Foreign:
    """How a column is read from a row that does not name it; `keys` are what its evidence is filed under."""

    keys: tuple[str, ...]
    read: Callable[[Row, Kind | None], Any]


def _form_factor(row: Row, _: Kind | None) -> FormFactor | None:
    if row.get("form_factor") == "over-or-on-ear":  # the source does not separate the two: that is not knowing
        return None
    return choice(row, "form_factor", FormFactor)


def _ears(row: Row, _: Kind | None) -> Ears | None:
    spelled = {"mono": Ears.ONE, "stereo": Ears.TWO}
    value = row.get("ears")
    return spelled[value] if isinstance(value, str) and value in spelled else choice(row, "ears", Ears)


def _mic_form(row: Row, _: Kind | None) -> MicForm | None:
    return choice(row, "mic_form", MicForm)


def _mic_grade(row: Row, kind: Kind | None) -> MicGrade | None:
    """Contradiction A7: a headset's, a boom or a certified one is made for talking; any other is for the odd call."""
    form = choice(row, "mic_form", MicForm)
    if kind is Kind.HEADSET or form in (MicForm.BOOM, MicForm.BOOM_DETACHABLE) or texts(row, "uc_certified"):
        return MicGrade.COMMUNICATION
    has = boolean(row, "microphone")
    if has is False and form is None:
        return MicGrade.NONE
    if kind is Kind.HEADPHONES and (has or form is not None):
        return MicGrade.INCIDENTAL
    return None


_CONNECTORS = {
    "Wired 3.5mm": Connector.JACK_3_5MM,
    "Wired 6.35mm": Connector.JACK_6_35MM,
    "USB-A": Connector.USB_A,
    "USB-C": Connector.USB_C,
    "Lightning": Connector.LIGHTNING,
}
_RADIOS = {"Bluetooth": Radio.BLUETOOTH, "DECT": Radio.DECT, "Wireless 2.4GHz": Radio.RF_24GHZ}
# Said among connectors, but neither a plug nor a radio that we have a name for.
_NAMELESS = {"Wireless RF"}
_PLATFORMS: dict[str, tuple[Platform, ...]] = {
    "PC": (Platform.PC,),
    "Mobile": (Platform.PHONE, Platform.TABLET),
    "Console": (),  # which one is not said, and their radios differ
}


def _connectors(row: Row, _: Kind | None) -> list[Connector] | None:
    found: dict[Connector, None] = {}
    for word in texts(row, "connectors"):
        if word in _RADIOS or word in _NAMELESS:
            continue
        if word not in _CONNECTORS and word not in Connector.values:
            raise RowError(f"`connectors` holds {word!r}; known are: {', '.join([*Connector.values, *_CONNECTORS])}.")
        found[_CONNECTORS[word] if word in _CONNECTORS else Connector(word)] = None
    return list(found) or None


def _radios(row: Row, _: Kind | None) -> list[Radio] | None:
    said = [_RADIOS[word] for word in texts(row, "connectors") if word in _RADIOS]
    said += [radio for key, radio in (("bluetooth", Radio.BLUETOOTH), ("dect", Radio.DECT)) if boolean(row, key)]
    if said:
        return [radio for radio in Radio if radio in said]
    # A wired model has no radio, known; a wireless one without a name has one, unknown.
    return [] if boolean(row, "wireless") is False else None


def _platforms(row: Row, _: Kind | None) -> list[Platform] | None:
    found: dict[Platform, None] = {}
    for word in texts(row, "platforms"):
        if word in _PLATFORMS:
            found.update(dict.fromkeys(_PLATFORMS[word]))
        elif word in Platform.values:
            found[Platform(word)] = None
        else:
            raise RowError(f"`platforms` holds {word!r}; known are: {', '.join([*Platform.values, *_PLATFORMS])}.")
    return list(found) or None


FOREIGN: dict[str, Foreign] = {
    "mic_grade": Foreign(("microphone", "uc_certified", "mic_form", "kind"), _mic_grade),
    "radios": Foreign(("bluetooth", "dect", "connectors", "wireless"), _radios),
    "frequency_low_hz": Foreign(("freq_low_hz",), lambda row, _: whole(row, "freq_low_hz")),
    "frequency_high_hz": Foreign(("freq_high_khz",), lambda row, _: whole(row, "freq_high_khz", times=1000)),
    "battery_hours": Foreign(("battery_life_h",), lambda row, _: number(row, "battery_life_h", places=1)),
    "certifications": Foreign(("uc_certified",), lambda row, _: texts(row, "uc_certified") or None),
    "child_size": Foreign(("child_oriented",), lambda row, _: boolean(row, "child_oriented")),
}
_OWN_READERS: dict[str, Callable[[Row, Kind | None], Any]] = {
    "form_factor": _form_factor,
    "ears": _ears,
    "mic_form": _mic_form,
    "connectors": _connectors,
    "platforms": _platforms,
}


def foreign_keys(column: str) -> tuple[str, ...]:
    """The keys under which a collected row files what it knows of this column."""
    if column == "type":
        return ("headset_type", "form_factor", "kind")
    return FOREIGN[column].keys if column in FOREIGN else ()
