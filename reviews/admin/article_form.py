"""Does an article as an editor sent it, its own fields and its blocks, hold together?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.functional import cached_property

from reviews.admin.block_form import BlockSet
from reviews.admin.form_fields import SEARCH_URL
from reviews.admin.parts import digests, stored_parts
from reviews.admin.picture_input import PictureField
from reviews.admin.product_names import ProductsField
from reviews.admin.use_case_select import UseCaseSelect
from reviews.models import Article
from reviews.services.articles import block_problems


class ArticleForm(forms.ModelForm[Article]):
    # Set by the admin for one request: the kind of a blank block to show behind the stored ones, and the form as it was
    # typed earlier and kept.
    new_kind: ClassVar[str] = ""
    kept: ClassVar[Mapping[str, Any] | None] = None

    # What the work is based on: the version that was opened, and what each part of it looked like.
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    base = forms.CharField(required=False, widget=forms.HiddenInput)
    subject = ProductsField(
        search_url="",  # addresses are not known yet while modules load: `__init__` fills it in
        single=True,
        required=False,
        label="Product reviewed",
        help_text="For reviews: brand and model, or the slug.",
    )
    picture = PictureField(required=False, help_text=Article._meta.get_field("picture").help_text)

    class Meta:
        model = Article
        fields = [
            "title", "slug", "kind", "standfirst", "author", "reviewer", "subject", "obtained",
            "about_kind", "about_type", "seo_title", "seo_description", "use_case", "picture",
            "planned_for", "expires_at",
        ]  # fmt: skip
        widgets = {
            "standfirst": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "use_case": UseCaseSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if self.kept is not None and not args and "data" not in kwargs:
            kwargs["data"] = self.kept
        super().__init__(*args, **kwargs)
        self.blockset = BlockSet(self.data if self.is_bound else None, self.instance, new_kind=self.new_kind)
        if "subject" in self.fields:
            self.fields["subject"].widget.attrs["data-search"] = str(SEARCH_URL)
        if not self.is_bound and self.instance.pk:
            self.initial["seen_version"] = self.instance.version
            self.initial["base"] = digests(stored_parts(self.instance, self.blockset.stored))

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.blockset.is_valid():
            for problem in self.blockset.problems():
                self.add_error(None, problem)
        elif self.is_bound:
            # What no single field can see: a picture that is gone, one product named twice.
            for problem in block_problems(self.blockset.inputs()):
                self.add_error(None, problem)

    @cached_property
    def changed_data(self) -> list[str]:
        blocks = ["blocks"] if self.is_bound and self.blockset.is_valid() and self.blockset.has_changed() else []
        return [*(name for name in super().changed_data if name not in ("seen_version", "base")), *blocks]

    @property
    def media(self) -> forms.Media:
        return super().media + self.blockset.media

    def problem_links(self) -> list[tuple[str, str]]:
        """Every problem in words with the id of the field to change, for the summary at the top."""
        own = [
            (f"{self[name].label}: {message}", self[name].id_for_label)
            for name, messages in self.errors.items()
            if name in self.fields
            for message in messages
        ]
        whole = [
            (str(problem), "id_title") for problem in self.non_field_errors() if str(problem) not in self._of_blocks
        ]
        return own + whole + self.blockset.problem_links()

    @cached_property
    def _of_blocks(self) -> set[str]:
        return set(self.blockset.problems())
