"""The page on which an editor sees whether our clicks and a network's purchases agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from catalog.click_reports import Window, WindowError
from catalog.csv_cells import lines
from catalog.models import Conversion, NetworkAccount
from catalog.money import money_text
from catalog.services.reconciliation import Amount, Change, Day, Reconciliation, reconciliation

WIDTH, HEIGHT = 720, 160
DAYS = 30
MOST_BARS = 93
# A year in one page, day by day.
LONGEST = 400


class WindowForm(forms.Form):
    account = forms.ModelChoiceField(NetworkAccount.objects.all(), label="Account")
    since = forms.DateField(label="from", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="to", widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "since" in cleaned and "until" in cleaned:
            try:
                window = Window(cleaned["since"], cleaned["until"])
            except WindowError as error:
                raise forms.ValidationError(str(error)) from None
            if window.days > LONGEST:
                raise forms.ValidationError(
                    f"A reconciliation covers {LONGEST} days at most. Choose a later first day."
                )
            cleaned["window"] = window
        return cleaned


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Purchases of a day or some days; heights from the foot of a picture `HEIGHT` high."""

    when: str
    joined: int
    not_joined: int
    x: float
    width: float
    joined_y: float
    joined_height: float
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    label: str
    count: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountRow:
    label: str
    purchases: int
    sales: str
    commission: str
    converted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    name: str
    href: str
    change: Change
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationPage:
    found: Reconciliation
    share: str
    rows: tuple[ReasonRow, ...]
    provisional_href: str
    amounts: tuple[AmountRow, ...]
    changes: tuple[ChangeRow, ...]
    bars: tuple[Bar, ...]
    highest: int
    csv: str
    width: int = WIDTH
    height: int = HEIGHT


def reconcile_view(request: HttpRequest) -> HttpResponse:
    form, found = _asked(request)
    context = {
        **admin.site.each_context(request),
        "title": "Clicks and conversions",
        "form": form,
        "page": _page(found) if found else None,
        "has_accounts": NetworkAccount.objects.exists(),
    }
    return TemplateResponse(request, "admin/catalog/conversion/reconcile.html", context)


def reconcile_csv_view(request: HttpRequest) -> HttpResponseBase:
    """The purchases of the window, one a line, with why each is joined or not."""
    form, found = _asked(request)
    if found is None:
        return HttpResponse(f"No such report: {form.errors.as_text()}", status=400, content_type="text/plain")
    window = found.window
    rows = Conversion.objects.filter(
        account=found.account, occurred_at__gte=window.starts_at, occurred_at__lt=window.ends_at
    ).order_by("occurred_at", "pk")
    answer = StreamingHttpResponse(lines(_COLUMNS, _cells(rows)), content_type="text/csv; charset=utf-8")
    name = f"reconciliation-{found.account.pk}-{window.since}-{window.until}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


_COLUMNS = (
    *("network_key", "occurred_at", "status", "is_provisional", "commission_amount", "sale_amount", "currency"),
    *("joining", "sub_id", "tracking_id", "click_id", "clicked_at", "code", "placement", "changed_at"),
)


def _cells(rows: Any) -> Iterator[list[object]]:
    for row in rows.iterator(chunk_size=2000):
        yield [row.get_joining_display() if name == "joining" else getattr(row, name) for name in _COLUMNS]


def _asked(request: HttpRequest) -> tuple[WindowForm, Reconciliation | None]:
    today = timezone.localdate()
    first = NetworkAccount.objects.order_by("name").first()
    asked = {
        "account": request.GET.get("account") or (first.pk if first else ""),
        "since": request.GET.get("since") or (today - timedelta(days=DAYS - 1)).isoformat(),
        "until": request.GET.get("until") or today.isoformat(),
    }
    form = WindowForm(asked)
    if not form.is_valid():
        return form, None
    found = reconciliation(
        account=form.cleaned_data["account"],
        window=form.cleaned_data["window"],
        currency=settings.REPORT_CURRENCY,
        now=timezone.now(),
    )
    return form, found


def _page(found: Reconciliation) -> ReconciliationPage:
    window = found.window
    asked = urlencode({"account": found.account.pk, "since": window.since, "until": window.until})
    share = found.joined_share
    return ReconciliationPage(
        found=found,
        share="–" if share is None else f"{share:.0f} %",
        rows=tuple(
            ReasonRow(label=str(one.label), count=count, href=_rows_of(found, joining__exact=one.value))
            for one, count in found.joining.items()
        ),
        provisional_href=_rows_of(found, is_provisional__exact=1),
        amounts=tuple(_amount_row(amount, found.currency) for amount in found.amounts),
        changes=tuple(_change_row(change) for change in found.changes),
        bars=bars(found.days),
        highest=max((day.joined + day.not_joined for day in _grouped(found.days)), default=0),
        csv=f"{reverse('admin:catalog_conversion_reconcile_csv')}?{asked}",
    )


def _rows_of(found: Reconciliation, **more: object) -> str:
    asked = {
        "account__id__exact": found.account.pk,
        "occurred_at__gte": found.window.starts_at.isoformat(),
        "occurred_at__lt": found.window.ends_at.isoformat(),
        **more,
    }
    return f"{reverse('admin:catalog_conversion_changelist')}?{urlencode(asked)}"


def _amount_row(amount: Amount, currency: str) -> AmountRow:
    if amount.converted is None:
        converted = "no rate"
    else:
        converted = money_text(amount.converted, currency)
        converted += f", {amount.without_rate} without a rate" if amount.without_rate else ""
    return AmountRow(
        label=amount.label,
        purchases=amount.purchases,
        sales=money_text(amount.sales, amount.currency),
        commission=money_text(amount.commission, amount.currency),
        converted=converted,
    )


def _change_row(change: Change) -> ChangeRow:
    return ChangeRow(
        name=change.conversion.network_key,
        href=reverse("admin:catalog_conversion_change", args=[change.conversion.pk]),
        change=change,
        before=_said(change.before),
        after=_said(change.after),
    )


def _said(earning: Any) -> str:
    amount = earning.commission_amount
    said = "no amount" if amount is None else money_text(amount, earning.currency)
    return f"{earning.status}, {said}{', provisional' if earning.is_provisional else ''}"


def _grouped(days: Sequence[Day]) -> list[Day]:
    """Days, or weeks of a window in which days could not be told apart."""
    if len(days) <= MOST_BARS:
        return list(days)
    weeks: dict[date, Day] = {}
    for day in days:
        start = day.day - timedelta(days=day.day.weekday())
        before = weeks.get(start, Day(day=start, joined=0, not_joined=0))
        weeks[start] = Day(day=start, joined=before.joined + day.joined, not_joined=before.not_joined + day.not_joined)
    return list(weeks.values())


def bars(days: Sequence[Day]) -> tuple[Bar, ...]:
    """Joined purchases at the foot, the others on top of them."""
    groups = _grouped(days)
    highest = max((day.joined + day.not_joined for day in groups), default=0) or 1
    step = WIDTH / max(len(groups), 1)
    found = []
    for number, day in enumerate(groups):
        joined, others = HEIGHT * day.joined / highest, HEIGHT * day.not_joined / highest
        found.append(
            Bar(
                when=f"{'' if groups[0] is days[0] else 'week of '}{day.day:%-d %b %Y}",
                joined=day.joined,
                not_joined=day.not_joined,
                x=round(number * step + step * 0.1, 2),
                width=round(step * 0.8, 2),
                joined_y=round(HEIGHT - joined, 1),
                joined_height=round(joined, 1),
                y=round(HEIGHT - joined - others, 1),
                height=round(others, 1),
            )
        )
    return tuple(found)
