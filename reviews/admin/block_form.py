"""How are an article's blocks edited on one page? A form per block, in the article's order, and what they add up to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.forms.widgets import Script

from catalog.models import Product
from reviews.admin.form_fields import SEARCH_URL, BlockFormField
from reviews.admin.product_names import Names, ProductsField
from reviews.block_fields import ProductRef, references
from reviews.blocks import BLOCKS
from reviews.models import Article
from reviews.named_products import REFERRED_FROM
from reviews.services.articles import BlockInput

PREFIX = "blocks"
SCRIPTS = ("parts", "products", "pictures", "editor", "keeping")
_KEY = re.compile(r"[0-9a-z]{1,12}")
# What the chooser puts together; a kind that stands nowhere comes last.
GROUPS = (
    ("Words", ("prose", "callout", "table", "methodology", "disclosure")),
    ("Pictures and films", ("picture", "gallery", "video")),
    ("Products", ("product_card", "quick_picks", "comparison", "considered", "price_mention")),
    ("Judgement", ("verdict", "scores", "pros_cons")),
    ("Readers' questions", ("faq", "quiz")),
)


class BlockForm(forms.Form):
    """One block. Its fields are those that its kind declares; `data_` stands before their names."""

    # A removed block may stay empty, so the browser must not insist on its fields.
    use_required_attribute = False

    position = forms.IntegerField(required=False, min_value=0, label="Position")
    delete = forms.BooleanField(required=False, label="Remove this block")

    def __init__(self, kind: str, *args: Any, names: Names | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        names = names or Names()
        self.is_new = False
        self.block = BLOCKS.get(kind)
        self.fields["kind"] = forms.CharField(widget=forms.HiddenInput, initial=kind, required=False)
        self.fields["key"] = forms.CharField(widget=forms.HiddenInput, required=False)
        if self.block is None:
            return
        if self.block.products.maximum:
            self.fields["products"] = ProductsField(
                required=False,
                names=names,
                search_url=str(SEARCH_URL),
                label="Products" if self.block.products.maximum > 1 else "Product",
                help_text=f"{_spoken_need(self.block.products)} One on each line: brand and model, or the slug.",
            )
        for field in self.block.fields:
            self.fields[f"data_{field.name}"] = BlockFormField(field, names)

    @property
    def label(self) -> str:
        return self.block.label if self.block else self.kind

    @property
    def help(self) -> str:
        return self.block.help if self.block else ""

    def own_fields(self) -> list[forms.BoundField]:
        """What the kind asks for; position, kind and removal are drawn apart."""
        return [self[name] for name in self.fields if name not in ("position", "delete", "kind", "key")]

    @property
    def is_removed(self) -> bool:
        return self.is_bound and bool(self["delete"].data)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if self.block is None:
            raise forms.ValidationError(
                f"There is no kind of block named “{self.kind}” here. Remove the block, or install its kind again."
            )
        products = cleaned.get("products", [])
        if "products" not in self.errors:
            for problem in self.block.products.problems(len(products)):
                self.add_error("products", problem.message.capitalize())
        if not self.errors:
            _, problems = self.block.fit(self.block_data(), product_count=len(products))
            for found in problems:
                self.add_error(None, str(found))
        return cleaned

    def block_data(self) -> dict[str, Any]:
        return {name[5:]: value for name, value in self.cleaned_data.items() if name.startswith("data_")}

    def as_input(self) -> BlockInput:
        products = self.cleaned_data.get("products", [])
        return BlockInput(kind=self.kind, data=self.block_data(), products=products, key=self.key)

    @property
    def key(self) -> str:
        """The stored block's own, or nothing; what a browser made up counts as nothing."""
        sent = str(self["key"].value() or "")
        return sent if _KEY.fullmatch(sent) else ""

    def typed_names(self) -> list[str]:
        """The products that were typed anywhere in this block."""
        found: list[str] = []
        for name, field in self.fields.items():
            value = field.widget.value_from_datadict(self.data, {}, self.add_prefix(name))
            if isinstance(field, ProductsField):
                found += str(value or "").splitlines()
            elif isinstance(field, BlockFormField):
                found += field.typed_names(value)
        return found

    def without_judgement(self) -> BlockForm:
        """The form as it was typed, before anybody asked whether it fits: for a copy that is still worked on."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        return self


@dataclass(frozen=True)
class StoredBlock:
    key: str
    kind: str
    data: Mapping[str, Any]
    products: list[Product]


class BlockSet:
    """All blocks of one article's form. Unbound it shows what is stored, and a blank block of `new_kind` behind it."""

    def __init__(self, data: Mapping[str, Any] | None, article: Article, *, new_kind: str = "") -> None:
        self.is_bound = data is not None
        self.stored = stored_blocks(article)
        self.names = Names()
        if data is None:
            self.names.learn_ids(pk for block in self.stored for pk in _referred(block))
            self.forms = [_unbound(number, block, self.names) for number, block in enumerate(self.stored, start=1)]
            if new_kind in BLOCKS:
                number = len(self.forms) + 1
                self.forms.append(BlockForm(new_kind, prefix=f"{PREFIX}-{number}", initial={"position": number}))
                self.forms[-1].is_new = True
        else:
            forms_in_order = [BlockForm(kind, data, prefix=prefix, names=self.names) for prefix, kind in _sent(data)]
            self.forms = sorted(forms_in_order, key=_sent_position)
            self.names.learn(name for form in self.forms for name in form.typed_names())

    def is_valid(self) -> bool:
        """Checks every block that stays, so that all errors are seen at once."""
        return all([form.is_valid() for form in self.kept()])  # noqa: C419 - a generator would stop at the first

    def kept(self) -> list[BlockForm]:
        return [form for form in self.forms if not form.is_removed]

    def problems(self) -> list[str]:
        """Which blocks need a second look, for the top of the page."""
        found = []
        for number, form in enumerate(self.forms, start=1):
            if not form.is_removed and form.errors:
                messages = "; ".join(str(message) for errors in form.errors.values() for message in errors)
                found.append(f"Block {number} ({form.label}): {messages}")
        return found

    def problem_links(self) -> list[tuple[str, str]]:
        """The same, each with the id of the first field that has to change."""
        bad = [form for form in self.forms if not form.is_removed and form.errors]
        targets = [next((name for name in form.errors if name in form.fields), "position") for form in bad]
        ids = [form[name].id_for_label or form[name].auto_id for form, name in zip(bad, targets, strict=True)]
        return list(zip(self.problems(), ids, strict=True))

    def inputs(self) -> list[BlockInput]:
        return [form.as_input() for form in self.kept()]

    def has_changed(self) -> bool:
        new = [(given.kind, dict(given.data), list(given.products), given.key) for given in self.inputs()]
        return new != [(block.kind, dict(block.data), block.products, block.key) for block in self.stored]

    def blank_forms(self) -> list[BlockForm]:
        """One of each kind, from which a script makes new blocks."""
        return [BlockForm(kind, prefix=f"{PREFIX}-__prefix__") for kind in BLOCKS]

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """Key, label and help of every kind, by group, for the chooser."""
        told = {key for _, keys in GROUPS for key in keys}
        groups = (*GROUPS, ("Other", tuple(key for key in BLOCKS if key not in told)))
        named = [(name, [(k, BLOCKS[k].label, BLOCKS[k].help) for k in keys if k in BLOCKS]) for name, keys in groups]
        return [(name, kinds) for name, kinds in named if kinds]

    @property
    def media(self) -> forms.Media:
        scripts: list[Any] = [Script(f"admin_editor/{name}.js", defer=True) for name in SCRIPTS]
        media = forms.Media(
            css={"all": ["admin_editor/editor.css", "admin_editor/products.css"]},
            js=["admin/js/jquery.init.js", *scripts],
        )
        for form in self.blank_forms():
            media += form.media
        return media


def stored_blocks(article: Article) -> list[StoredBlock]:
    """The working copy's blocks with the products they name. Four queries at most."""
    if article.pk is None:
        return []
    rows = article.blocks.prefetch_related("block_products__product__brand")
    return [
        StoredBlock(
            key=row.key,
            kind=row.kind,
            data=row.data if isinstance(row.data, dict) else {},
            products=[link.product for link in row.block_products.all() if link.position < REFERRED_FROM],
        )
        for row in rows
    ]


def _referred(block: StoredBlock) -> list[int]:
    return references(BLOCKS[block.kind].fields, block.data, ProductRef) if block.kind in BLOCKS else []


def _unbound(number: int, block: StoredBlock, names: Names) -> BlockForm:
    initial = {f"data_{name}": value for name, value in block.data.items()}
    initial |= {"position": number, "products": block.products, "key": block.key}
    return BlockForm(block.kind, prefix=f"{PREFIX}-{number}", initial=initial, names=names)


def _sent(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Prefix and kind of every block that the browser sent, in the order of the page."""
    pattern = re.compile(rf"({PREFIX}-\d+)-kind")
    return [(match[1], str(data[key])) for key in data if (match := pattern.fullmatch(key))]


def _sent_position(form: BlockForm) -> int:
    sent = str(form["position"].data or "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else 10**9


def _spoken_need(products: Any) -> str:
    if products.minimum == products.maximum:
        return f"Exactly {products.minimum}."
    if not products.minimum:
        return f"Up to {products.maximum}, or none."
    return f"{products.minimum} to {products.maximum}."
