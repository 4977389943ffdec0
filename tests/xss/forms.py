"""What would somebody send who fills in every field of a page's form with payloads, and tries again until it is taken?

Nothing here knows a form by name: fields are found on the page, and what a field refuses is replaced by the next thing
that such a field may want.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html as lxml_html

from tests.factories import picture_file
from tests.xss.corpus import packed

# What columns ask for that take no words; tried one after the other, so no field is known by its name.
_WISHES = (
    "word-{n}", "1", "2026-01-01", "10:00:00", "https://shop.example/p/{n}",
    "https://corner-shop.example/p/{n}", "https://shop-0.example/p/{n}", "us", "shop.example", "USD", "US",
    "someone{n}@mail.example", "#26547c", "acme-one", "Sure-thing-{n}-for-now", "{{}}",
)  # fmt: skip
# So many refusals are looked into field by field.
PATIENCE = 5
_TYPED = ("text", "search", "url", "email", "tel", "hidden")
_TRIES = len(_WISHES) + 6
_BOOKKEEPING = re.compile(r"csrfmiddlewaretoken|_FORMS$|__prefix__|__row__|-id$|^_|^action$|seen_version|^base$")


class NotTakenError(Exception):
    """The form refused everything that was tried: its last complaints, and every answer on the way."""

    def __init__(self, message: str, shown: list[Any]) -> None:
        super().__init__(message)
        self.shown = shown


@dataclass
class Filled:
    """A form as it was taken: the answer, and how many fields kept a payload."""

    answer: Any
    payloads: int
    shown: list[Any] = field(default_factory=list)  # every answer on the way, pages with errors too


def page_forms(html: str) -> list[Any]:
    """The page's forms without what only scripts would use."""
    tree = lxml_html.document_fromstring(html)
    for template in tree.xpath("//template"):
        template.drop_tree()
    return list(tree.forms)


def main_form(html: str) -> Any:
    """The form that the page is about: the one with the most fields that are sent by POST."""
    forms = [form for form in page_forms(html) if form.method == "POST" and "logout" not in (form.action or "")]
    assert forms, "no form on the page"
    return max(forms, key=lambda form: len(form.inputs))


def _text_inputs(form: Any) -> Iterator[Any]:
    for one in form.inputs:
        name = one.get("name") or ""
        is_elsewhere = one.get("form") not in (None, form.get("id"))
        if not name or is_elsewhere or one.get("disabled") is not None or _BOOKKEEPING.search(name):
            continue
        kind = (one.get("type") or "text").lower()
        if one.tag == "textarea" or (
            one.tag == "input" and kind in ("text", "search", "url", "email", "tel", "hidden")
        ):
            yield one


def _first_choices(client: Client, form: Any) -> dict[str, str]:
    """For selects that must be chosen from: the first thing there is, as Django's own search for it finds it."""
    chosen: dict[str, str] = {}
    for one in form.inputs:
        if one.tag != "select" or one.get("required") is None:
            continue
        options = [value for value in one.value_options if value]
        plain = [value for value in options if value in ("manual", "direct")]  # ask for no secret of a shop's
        if plain and one.value in (options[0], "", None):
            chosen[one.name] = plain[0]
        elif one.value not in (None, "", []):
            continue
        elif options:
            chosen[one.name] = options[0]
        elif one.get("data-app-label"):
            keys = ("app-label", "model-name", "field-name")
            asked = urlencode({key.replace("-", "_"): one.get(f"data-{key}") for key in keys})
            found = client.get(f"/admin/autocomplete/?{asked}").json()["results"]
            if found:
                chosen[one.name] = str(found[0]["id"])
    return chosen | _first_boxes(form)


def _first_boxes(form: Any) -> dict[str, str]:
    """Of several boxes to tick of which none is: the first. HTML has no word for that one of them is required."""
    boxes: dict[str, list[Any]] = {}
    for one in form.inputs:
        if one.tag == "input" and one.get("type") == "checkbox" and not (one.name or "_").startswith("_"):
            boxes.setdefault(one.name, []).append(one)
    return {
        name: found[0].get("value")
        for name, found in boxes.items()
        if len(found) > 1 and not any(b.checked for b in found)
    }


def sent(form: Any) -> dict[str, Any]:
    values: dict[str, list[str]] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value.removeprefix("\n"))
    return dict(values)


def _files(form: Any, attempt: int) -> dict[str, SimpleUploadedFile]:
    """A picture first; then a table, both under a name that is a payload."""
    name = '"><img src=x onerror=pwned=99>'
    table = "sku,title,price,currency,url\n1,<img src=x onerror=pwned=98>,9,USD,https://shop.example/p/1\n"
    content = picture_file(320, 240) if attempt % 2 == 0 else table.encode()
    kind = ".jpg" if attempt % 2 == 0 else ".csv"
    named = {one.name for one in form.inputs if one.tag == "input" and one.get("type") == "file" and one.name}
    return {one: SimpleUploadedFile(name + kind, BytesIO(content).read()) for one in named}


def _refused(html: str) -> set[str]:
    """The fields that the answer marks as wrong."""
    tree = lxml_html.document_fromstring(html)
    marked = {one.get("name") for one in tree.xpath("//*[@aria-invalid='true']") if one.get("name")}
    for row in tree.xpath(
        "//*[contains(@class, 'errors')]//*[@name] | //td[ul[contains(@class,'errorlist')]]//*[@name]"
    ):
        marked.add(row.get("name"))
    return marked


def _wishes(one: Any, start: int, original: str) -> list[str]:
    """What is tried in this field, one after the other: payloads first."""
    length = int(one.get("maxlength") or (20_000 if one.tag == "textarea" else 200))
    if length <= 3:  # no room for a payload: a country, a currency
        return [{2: "US", 3: "USD"}.get(length, "1")]
    tried = [packed(length, start), packed(min(length, 40), start + 1), original]
    is_free = not original and one.get("type") != "hidden"
    return tried + [wish.replace("{n}", str(start)) for wish in _WISHES] if is_free else tried


def fill(client: Client, address: str, *, start: int) -> Filled:
    """Fills the main form of this page with payloads and sends it until it is taken. Raises when it never is."""
    page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    form = main_form(page.content.decode())
    kept = sent(form) | {name: [value] for name, value in _first_choices(client, form).items()}
    secrets = [one.name for one in form.inputs if one.tag == "input" and one.get("type") == "password"]
    kept |= {key: ["Sure-thing-for-now-1"] for key in secrets}
    # The line break behind the tag is none of the text's, as browsers read it.
    original = {one.name: (one.value or "").removeprefix("\n") for one in _text_inputs(form)}
    hidden = {one.name for one in _text_inputs(form) if one.get("type") == "hidden"}
    wishes = {
        one.name: _wishes(one, start + place * 7, original[one.name]) for place, one in enumerate(_text_inputs(form))
    }
    at = dict.fromkeys(wishes, 0)
    shown = [page]
    target = form.action or address
    for attempt in range(_TRIES):
        typed = {name: [options[min(at[name], len(options) - 1)]] for name, options in wishes.items()}
        answer = client.post(target, {**kept, **typed, **_files(form, attempt)})
        shown.append(answer)
        if answer.status_code != 200 or "errorlist" not in answer.content.decode():
            payloads = sum("pwned" in typed[name][0] or "<xss" in typed[name][0] for name in typed)
            return Filled(answer, payloads, shown)
        refused = _refused(answer.content.decode()) & wishes.keys()
        # A hidden field holds the form together: it has its payload once, and then what it came with.
        for name in hidden if attempt == 0 and hidden else refused or wishes.keys():
            at[name] = len(wishes[name]) - 1 if name in hidden else at[name] + 1
        if attempt >= PATIENCE and address.endswith("/change/"):
            # A row that was empty stays so: half of it is never taken.
            rows = tuple(name.rpartition("-")[0] + "-" for name in refused if "-" in name)
            # So do fields that are refused together: the form marks none of them, or only what stands as it came.
            is_as_it_came = all(wishes[name] == [original[name]] for name in refused)
            together = [name for name in wishes if not original[name]] if is_as_it_came else []
            for name in wishes:
                if name in refused or name in together or (rows and name.startswith(rows)):
                    wishes[name], at[name] = [original[name]], 0
    raise NotTakenError(f"{address}: {_complaints(shown[-1].content.decode())}", shown)


def each_alone(client: Client, address: str, *, start: int) -> Filled:
    """Fills one field after the other with a payload and sends the form, all else being as it stands: what a form
    refuses for one field's sake is tried for every other."""
    page = client.get(address)
    form = main_form(page.content.decode())
    shown, taken = [page], 0
    for place, one in enumerate(_text_inputs(form)):
        payload = _wishes(one, start + place * 5, "")[0]
        answer = client.post(form.action or address, {**sent(form), one.name: [payload]})
        shown.append(answer)
        taken += answer.status_code == 302 and "pwned" in payload
    return Filled(shown[-1], taken, shown)


def _complaints(html: str) -> list[str]:
    tree = lxml_html.document_fromstring(html)
    return [" ".join(one.text_content().split())[:300] for one in tree.xpath("//ul[contains(@class,'errorlist')]/li")][
        :12
    ]
