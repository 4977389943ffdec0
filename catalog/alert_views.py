"""Where readers ask for an alert and change it. GET shows, only POST acts; no cookie, and no token on kept pages.

What an alert is changed by is the key of its consent, which stands in the reader's own mail and page alone.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from catalog import alert_pages, selectors
from catalog.alert_pages import AlertPage
from catalog.models import Alert, Product
from catalog.services.alerts import AlertError, AlertInput, ask_for_alert, change_alert, check_alert
from catalog.shopper import NOBODY
from readers.mail_address import address_problem
from readers.networks import TOO_MANY, address_of, may_network_ask
from readers.same_site import KEY_PAGE_REFERRER, TRAP_FILLED, is_foreign

_FOREIGN = alert_pages.said_page("That did not work", "The form was sent from another site. Please use the one here.")
_UNKNOWN = alert_pages.said_page(
    "This link leads nowhere", "The alert has ended, or the link was cut in two by your mail program."
)


def _show(request: HttpRequest, page: AlertPage, status: int = 200) -> HttpResponse:
    answer = render(request, "catalog/alert.html", {"page": page}, status=status)
    answer["Referrer-Policy"] = KEY_PAGE_REFERRER  # the address of one's own alert is a key
    answer["X-Robots-Tag"] = "noindex"
    return answer


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alert_new(request: HttpRequest, slug: str) -> HttpResponse:
    """`slug`: of the product. What was typed comes back with what was wrong about it."""
    product = get_object_or_404(Product.objects.select_related("brand"), slug=slug, merged_into=None)
    if request.method != "POST":
        return _form(request, product)
    if is_foreign(request):
        return _show(request, _FOREIGN, 403)
    typed = {name: request.POST.get(name, "").replace("\0", "").strip() for name in _FIELDS}
    given, now = _input(typed), timezone.now()
    if problems := _problems(request, product, typed["email"], given):
        return _form(request, product, typed, problems)
    # After all else: what is refused has no mail sent, so it takes none of the network's share.
    if not may_network_ask(address_of(request), now=now):
        return _form(request, product, typed, (("", TOO_MANY),), status=429)
    try:
        ask_for_alert(
            product=product, given=given, address=typed["email"], asked_on=product.get_absolute_url(), now=now
        )
    except AlertError as error:  # a price changed in between
        return _form(request, product, typed, error.problems)
    return _show(request, alert_pages.asked_page(product))


_FIELDS = ("kind", "amount", "currency", "country", "email")


def _input(typed: dict[str, str]) -> AlertInput:
    return AlertInput(kind=typed["kind"], amount=typed["amount"], currency=typed["currency"], country=typed["country"])


def _problems(request: HttpRequest, product: Product, address: str, given: AlertInput) -> tuple[tuple[str, str], ...]:
    """The form's field and a sentence, for each at once: nobody is sent back twice."""
    found = [("", TRAP_FILLED)] if request.POST.get("website") else []
    if problem := address_problem(address):
        found.append(("email", problem))
    try:
        check_alert(product=product, given=given, now=timezone.now())
    except AlertError as error:
        found += error.problems
    return tuple(found)


def _form(
    request: HttpRequest,
    product: Product,
    typed: dict[str, str] | None = None,
    problems: tuple[tuple[str, str], ...] = (),
    *,
    status: int = 400,
) -> HttpResponse:
    offers = selectors.shown_offers([product.pk], now=timezone.now()).get(product.pk, ())
    form = alert_pages.alert_form(product, offers, NOBODY, given=typed, problems=problems)
    return _show(request, alert_pages.asking_page(product, form), status if problems else 200)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alert_mine(request: HttpRequest, key: str) -> HttpResponse:
    """`key`: of the alert's consent."""
    rows = Alert.objects.select_related("consent", "product__brand").filter(
        consent__key=key if "\0" not in key else "",
        consent__confirmed_at__isnull=False,
        consent__withdrawn_at__isnull=True,
    )
    alert = rows.first()
    if alert is None:
        return _show(request, _UNKNOWN, 404)
    if request.method != "POST":
        is_kept = "kept" in request.GET
        form = alert_pages.change_form(alert) if alert.product and not alert.ended_at else None
        text = f"Kept. {alert.consent.label}" if is_kept else ""
        return _show(request, alert_pages.change_page(alert, form, text=text))
    if is_foreign(request):
        return _show(request, _FOREIGN, 403)
    typed = {name: request.POST.get(name, "").replace("\0", "").strip() for name in ("amount", "country")}
    given = AlertInput(kind=alert.kind, amount=typed["amount"], currency=alert.currency, country=typed["country"])
    try:
        change_alert(alert=alert, given=given, now=timezone.now())
    except AlertError as error:
        form = alert_pages.change_form(alert, given=typed, problems=error.problems)
        return _show(request, alert_pages.change_page(alert, form), 400)
    return redirect(f"{request.path}?kept")
