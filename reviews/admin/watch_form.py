"""What does an editor say of a claim that has to stay true: its words, its products, what its condition asks for?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.widgets import Script
from django.urls import reverse

from reviews.admin.form_fields import BlockFormField
from reviews.admin.product_names import ProductsField
from reviews.conditions.base import Condition
from reviews.models import Watch
from reviews.passages import LONGEST, BlockText
from reviews.services.watches import WatchInput

SCRIPTS = ("parts", "products", "claim_form")
# In front of the name of a condition's own field.
OWN = "data_"


class WatchForm(forms.Form):
    """Its fields follow the condition, so it needs no script: the condition is chosen on a page before."""

    def __init__(
        self,
        condition: Condition,
        data: Mapping[str, Any] | None,
        *,
        blocks: Sequence[BlockText],
        watch: Watch | None = None,
        block_key: str = "",
        passage: str = "",
    ) -> None:
        self.condition = condition
        self.blocks = blocks
        super().__init__(data, initial=_initial(condition, blocks, watch, block_key, passage))
        self.fields["where"] = forms.ChoiceField(
            choices=_places(blocks),
            required=False,
            label="What has to stay true",
            help_text="A sentence, a block, or the article as a whole.",
        )
        self.fields["words"] = forms.CharField(
            required=False,
            max_length=LONGEST,
            label="Only these words of it (optional)",
            widget=forms.TextInput(attrs={"class": "vTextField"}),
            help_text="A part of what is chosen above, where the whole of it would say too much.",
        )
        least, most = condition.others
        self.fields["products"] = ProductsField(
            search_url=reverse("admin:reviews_article_products"),
            single=not most,
            label="Product" if not most else "Products",
            help_text="Brand and model, or the slug."
            if not most
            else f"One on each line: the one spoken about first, then {least} to {most} that it is compared with.",
        )
        for field in condition.fields:
            self.fields[f"{OWN}{field.name}"] = BlockFormField(field)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        key, sentence = self._chosen()
        words = " ".join(cleaned.get("words", "").split())
        among = [block for block in self.blocks if key in ("", block.key)]
        if words and not any(block.holds(words) for block in among):
            self.add_error("words", "These words do not stand in what is chosen above. Save the article first?")
        cleaned["block_key"] = key
        cleaned["passage"] = words or sentence
        products = self._products()
        if "products" not in self.errors and (problem := self.condition.count_problem(len(products))):
            self.add_error("products", problem)
        return cleaned

    def as_input(self) -> WatchInput:
        cleaned = self.cleaned_data
        return WatchInput(
            condition=self.condition.key,
            parameters={name.removeprefix(OWN): value for name, value in cleaned.items() if name.startswith(OWN)},
            products=self._products(),
            passage=cleaned["passage"],
            block_key=cleaned["block_key"],
        )

    @property
    def media(self) -> forms.Media:
        """Django's own, and the picker of products."""
        scripts: list[Any] = [Script(f"admin_editor/{name}.js", defer=True) for name in SCRIPTS]
        return super().media + forms.Media(css={"all": ["admin_editor/products.css"]}, js=scripts)

    def _products(self) -> list[Any]:
        found = self.cleaned_data.get("products") or []
        return found if isinstance(found, list) else [found]

    def _chosen(self) -> tuple[str, str]:
        """The block's key and the sentence, each empty when none was chosen."""
        key, _, number = self.cleaned_data.get("where", "").partition(":")
        block = next((one for one in self.blocks if one.key == key), None)
        if block is None or not number.isdecimal():
            return key, ""
        return key, block.sentences[int(number)]


def _places(blocks: Sequence[BlockText]) -> list[Any]:
    groups: list[Any] = [("", "The article as a whole")]
    for block in blocks:
        own = [(f"{block.key}:", "The whole block")]
        own += [(f"{block.key}:{place}", sentence) for place, sentence in enumerate(block.sentences)]
        groups.append((f"Block {block.number} ({block.label})", own))
    return groups


def _initial(
    condition: Condition, blocks: Sequence[BlockText], watch: Watch | None, block_key: str, passage: str
) -> dict[str, Any]:
    if watch is not None:
        block_key, passage = watch.block_key, watch.passage
    initial: dict[str, Any] = {"where": "", "words": passage}
    for block in blocks:
        if block.key == block_key:
            initial["where"] = f"{block.key}:"
            if passage in block.sentences:
                initial |= {"where": f"{block.key}:{block.sentences.index(passage)}", "words": ""}
    if watch is not None:
        products = [link.product for link in watch.watch_products.all()]
        initial["products"] = products
        if watch.condition == condition.key:
            initial |= {f"{OWN}{name}": value for name, value in watch.parameters.items()}
    return initial
