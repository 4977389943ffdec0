"""Does an article as an editor sent it, its own fields and its blocks, hold together?"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.functional import cached_property

from reviews.admin.block_form import SEARCH_URL, BlockSet
from reviews.admin.product_names import ProductsField
from reviews.models import Article


class ArticleForm(forms.ModelForm[Article]):
    # Set by the admin for one request: the kind of a blank block to show behind the stored ones.
    new_kind: ClassVar[str] = ""

    subject = ProductsField(
        search_url="",  # addresses are not known yet while modules load: `__init__` fills it in
        single=True,
        required=False,
        label="Product reviewed",
        help_text="For reviews: brand and model, or the slug.",
    )

    class Meta:
        model = Article
        fields = [
            "title", "slug", "kind", "standfirst", "author", "reviewer", "subject", "obtained",
            "about_kind", "about_type", "seo_title", "seo_description",
        ]  # fmt: skip
        widgets = {"standfirst": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.blockset = BlockSet(self.data if self.is_bound else None, self.instance, new_kind=self.new_kind)
        if "subject" in self.fields:
            self.fields["subject"].widget.attrs["data-search"] = str(SEARCH_URL)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.blockset.is_valid():
            for problem in self.blockset.problems():
                self.add_error(None, problem)

    @cached_property
    def changed_data(self) -> list[str]:
        blocks = ["blocks"] if self.is_bound and self.blockset.is_valid() and self.blockset.has_changed() else []
        return [*super().changed_data, *blocks]

    @property
    def media(self) -> forms.Media:
        return super().media + self.blockset.media
