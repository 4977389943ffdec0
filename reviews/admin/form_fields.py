"""How does an editor fill in a block's field? One form field for each kind of `block_fields.Field`.

The form fields only fetch and show; what fits is judged by the block's own field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django_prose_editor.widgets import AdminProseEditorWidget

from reviews import block_fields
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


class BlockFormField(forms.Field):
    """A form field whose judge is a block's field. Never `required` in the browser: a removed block may be empty."""

    def __init__(self, judge: block_fields.Field) -> None:
        super().__init__(required=False, label=judge.label, help_text=judge.help, widget=widget_for(judge))
        self.judge = judge

    @property
    def is_optional(self) -> bool:
        return not self.judge.required

    def prepare_value(self, value: Any) -> Any:
        if isinstance(self.judge, block_fields.Lines) and isinstance(value, list | tuple):
            return "\n".join(map(str, value))
        return value

    def clean(self, value: Any) -> Any:
        try:
            return self.judge.cleaned(value)
        except block_fields.UnfitError as error:
            if isinstance(self.widget, RowsWidget):
                self.widget.bad_cells = {problem.path[1:] for problem in error.problems}
            raise forms.ValidationError(
                [str(problem) if len(problem.path) > 1 else problem.message.capitalize() for problem in error.problems]
            ) from error


def widget_for(field: block_fields.Field) -> forms.Widget:
    """The widget an editor sees. A kind of field that is not listed is one line of text."""
    match field:
        case block_fields.RichText():
            editor: forms.Widget = AdminProseEditorWidget(config={"extensions": EXTENSIONS}, preset="configurable")
            return editor
        case block_fields.LongText():
            return forms.Textarea(attrs={"rows": 4, "maxlength": field.max_length, "class": "vLargeTextField"})
        case block_fields.Lines():
            return forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})
        case block_fields.Choice():
            empty = [] if field.required else [("", "—")]
            return forms.Select(choices=[*empty, *field.options])
        case block_fields.Choices():
            return OrderedCheckboxes(choices=field.options)
        case block_fields.Number():
            return forms.TextInput(attrs={"inputmode": "decimal", "size": 6})
        case block_fields.Rows():
            return RowsWidget(field.columns, label=field.label)
        case block_fields.Text():
            return forms.TextInput(attrs={"maxlength": field.max_length, "class": "vTextField"})
    return forms.TextInput(attrs={"class": "vTextField"})


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
            html = self.widgets[column.name].render(cell_name, value, attrs)
            cells.append({"id": attrs["id"], "label": column.label, "optional": not column.required, "html": html})
        return cells
