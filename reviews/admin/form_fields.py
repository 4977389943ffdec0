"""How does an editor fill in a block's field? One form field for each kind of `block_fields.Field`.

The form fields only fetch and show; what fits is judged by the block's own field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils.safestring import SafeString
from django_prose_editor.widgets import AdminProseEditorWidget

from reviews import block_fields
from reviews.admin.exact_inputs import exact_input
from reviews.admin.picture_input import PictureInput
from reviews.admin.product_names import Names, picker_attrs
from reviews.admin.use_case_select import UseCaseSelect
from reviews.block_fields import Problem, UnfitError
from reviews.rich_text import URL_SCHEMES

# What the editor offers is what the sanitiser keeps (reviews/rich_text.py).
EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": sorted(URL_SCHEMES)},
    "History": True,
}
SPARE_ROWS = 2
SEARCH_URL = reverse_lazy("admin:reviews_article_products")


class BlockFormField(forms.Field):
    """A form field whose judge is a block's field. Never `required` in the browser: a removed block may be empty."""

    def __init__(self, judge: block_fields.Field, names: Names | None = None) -> None:
        super().__init__(required=False, label=judge.label, help_text=judge.help, widget=widget_for(judge))
        self.judge = judge
        self.names = names or Names()
        if isinstance(self.widget, RowsWidget):
            self.widget.names = self.names

    @property
    def is_optional(self) -> bool:
        return not self.judge.required

    def prepare_value(self, value: Any) -> Any:
        if isinstance(self.judge, block_fields.Lines) and isinstance(value, list | tuple):
            return "\n".join(map(str, value))
        if isinstance(self.judge, block_fields.ProductRef) and isinstance(value, int):
            return self.names.of(value)
        return value

    def typed_names(self, value: Any) -> list[str]:
        """The products that were typed into this field, so that all of a form are looked up together."""
        cells = [(self.judge, value)]
        if isinstance(self.judge, block_fields.Rows):
            cells = [(column, row.get(column.name)) for row in value for column in self.judge.columns]
        return [text for judge, text in cells if isinstance(judge, block_fields.ProductRef) and isinstance(text, str)]

    def clean(self, value: Any) -> Any:
        meant, unknown = self._with_ids(value)
        problems = list(unknown)
        stored: Any = None
        try:
            stored = self.judge.cleaned(meant)
        except UnfitError as error:
            told = {problem.path for problem in unknown}
            problems += [problem for problem in error.problems if problem.path not in told]
        if not problems:
            return stored
        if isinstance(self.widget, RowsWidget):
            self.widget.bad_cells = {problem.path[1:] for problem in problems}
        raise forms.ValidationError(
            [str(problem) if len(problem.path) > 1 else problem.message.capitalize() for problem in problems]
        )

    def _with_ids(self, value: Any) -> tuple[Any, list[Problem]]:
        """The value with ids where products were typed by name, and what names none."""
        judge = self.judge
        if isinstance(judge, block_fields.ProductRef):
            return self._product_id(judge, value)
        if not isinstance(judge, block_fields.Rows):
            return value, []
        references = [column for column in judge.columns if isinstance(column, block_fields.ProductRef)]
        rows: list[dict[str, Any]] = []
        problems: list[Problem] = []
        for number, given in enumerate(value, start=1):
            row = dict(given)
            for column in references:
                row[column.name], found = self._product_id(column, row.get(column.name))
                problems += [judge.in_row(number, problem) for problem in found]
            rows.append(row)
        return rows, problems

    def _product_id(self, judge: block_fields.ProductRef, value: Any) -> tuple[Any, list[Problem]]:
        """What names no product stays as it is: a row with it is not an empty one."""
        if not isinstance(value, str) or not value.strip():
            return value, []
        products, problems = self.names.resolve([value])
        if products:
            return products[0].pk, []
        return value, [Problem((judge.name,), judge.label, text) for text in problems]


def widget_for(field: block_fields.Field) -> forms.Widget:
    """The widget an editor sees. A kind of field that is not listed is one line of text."""
    return exact_input(field) or _chosen_input(field) or _typed_input(field)


def _chosen_input(field: block_fields.Field) -> forms.Widget | None:
    """For what is picked out of what is there, and for rows."""
    match field:
        case block_fields.ProductRef():
            return forms.TextInput({**picker_attrs(search_url=str(SEARCH_URL), single=True), "class": "vTextField"})
        case block_fields.PictureRef():
            return PictureInput()
        case block_fields.UseCaseKey():
            return UseCaseSelect()
        case block_fields.Choice():
            empty = [] if field.required else [("", "—")]
            return forms.Select(choices=[*empty, *field.options])
        case block_fields.Choices():
            return OrderedCheckboxes(choices=field.options)
        case block_fields.Rows():
            return RowsWidget(field.columns, label=field.label)
    return None


def _typed_input(field: block_fields.Field) -> forms.Widget:
    match field:
        case block_fields.RichText():
            return ProseInput(config={"extensions": EXTENSIONS}, preset="configurable")
        case block_fields.LongText():
            return forms.Textarea(attrs={"rows": 4, "maxlength": field.max_length, "class": "vLargeTextField"})
        case block_fields.Lines():
            return forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})
        case block_fields.Number():
            return forms.TextInput(attrs={"inputmode": "decimal", "size": 6})
        case block_fields.Text():
            return forms.TextInput(attrs={"maxlength": field.max_length, "class": "vTextField"})
    return forms.TextInput(attrs={"class": "vTextField"})


# The package says no types.
class ProseInput(AdminProseEditorWidget):  # type: ignore[misc]
    """The prose editor, which waits until our script sees its block: a thousand at once would hold the page up."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        given = context["widget"]["attrs"]
        given["data-prose"] = given.pop(f"data-django-prose-editor-{self.preset}")
        given.setdefault("rows", 6)
        return context


class OrderedCheckboxes(forms.CheckboxSelectMultiple):
    """Checkboxes, the ticked ones first and in their order; a script lets editors move them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(attrs={"data-ordered": "yes"}, **kwargs)

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        places = {chosen: place for place, chosen in enumerate(value)}
        self.choices = sorted(self.choices, key=lambda option: places.get(str(option[0]), len(places)))
        return super().optgroups(name, value, attrs)


class RowsWidget(forms.Widget):
    """Rows of the same columns. Works without a script: some spare rows stand at the end, an emptied row goes."""

    template_name = "admin/reviews/article/rows.html"

    def __init__(self, columns: Sequence[block_fields.Field], *, label: str) -> None:
        super().__init__()
        self.label = label
        self.columns = tuple(columns)
        self.widgets = {column.name: widget_for(column) for column in columns}
        self.bad_cells: set[tuple[str | int, ...]] = set()
        self.names = Names()

    @property
    def media(self) -> forms.Media:
        media = forms.Media()
        for widget in self.widgets.values():
            media += widget.media
        return media

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, Any]]:
        """The rows in the order in which the browser sent them, which is the order on the page."""
        pattern = re.compile(rf"{re.escape(name)}-(\d+)-")
        numbers = dict.fromkeys(match[1] for key in data if (match := pattern.match(key)))
        return [
            {
                column: widget.value_from_datadict(data, files, f"{name}-{number}-{column}")
                for column, widget in self.widgets.items()
            }
            for number in numbers
        ]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Through the site's templates: the form renderer would look only among Django's and the apps' own."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [row for row in value or [] if isinstance(row, Mapping)]
        context["widget"] |= {
            "label": self.label,
            "rows": [self._cells(name, number, row) for number, row in enumerate([*rows, *[{}] * SPARE_ROWS])],
            "blank": self._cells(name, "__row__", {}),
            "columns": self.columns,
        }
        return context

    def _cells(self, name: str, number: int | str, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        cells = []
        for column in self.columns:
            cell_name = f"{name}-{number}-{column.name}"
            attrs = {"id": f"id_{cell_name}"}
            if isinstance(number, int) and (number + 1, column.name) in self.bad_cells:
                attrs["aria-invalid"] = "true"
            value = row.get(column.name)
            if isinstance(column, block_fields.Lines) and isinstance(value, list):
                value = "\n".join(map(str, value))
            elif isinstance(column, block_fields.ProductRef) and isinstance(value, int):
                value = self.names.of(value)
            html = self.widgets[column.name].render(cell_name, value, attrs)
            cells.append({"id": attrs["id"], "label": column.label, "optional": not column.required, "html": html})
        return cells
