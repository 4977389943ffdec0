"""A site with something behind every address that strangers can open, and an address for each entry of its table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.test import Client
from django.utils import timezone

from catalog.models import Brand, Link
from catalog.services.alerts import AlertInput, ask_for_alert
from catalog.services.network_accounts import postback_path
from readers.consent import NEWSLETTER
from readers.links import leave_news_url, preference_token
from readers.models import Consent, Reader
from readers.services.subscriptions import ask_for_consent
from reviews.comment_links import letter_url, mine_url
from reviews.desk.preview_links import share_preview
from reviews.models import Article, Picture
from reviews.revision_words import has_words
from tests.factories import (
    make_account,
    make_comment,
    make_merchant,
    make_product,
    make_published_article,
    make_seen_offer,
    make_staff,
)
from tests.reviews.scored import give, make_method
from tests.xss.public_doors import Door
from tests.xss.world import blocks_of_every_kind

# An address for each entry of the table that has to be filled in; the names in it are those of `site`.
EXAMPLES: Mapping[str, str] = {
    "api/v1/articles/<slug:slug>/": "/api/v1/articles/a-guide/",
    "api/v1/products/<slug:slug>/": "/api/v1/products/acme-one/",
    "api/v1/products/<slug:slug>/scores/": "/api/v1/products/acme-one/scores/",
    "api/v1/links/<slug:code>/": "/api/v1/links/one/",
    "api/v1/links/<slug:code>/clicks/": "/api/v1/links/one/clicks/",
    "api/v1/imports/<int:pk>/": "/api/v1/imports/1/",
    "api/v1/imports/<int:pk>/problems/": "/api/v1/imports/1/problems/",
    "api/v1/imports/<int:pk>/try/": "/api/v1/imports/1/try/",
    "api/v1/imports/<int:pk>/start/": "/api/v1/imports/1/start/",
    "api/v1/imports/<int:pk>/cancel/": "/api/v1/imports/1/cancel/",
    "api/v1/tables/<int:pk>/": "/api/v1/tables/1/",
    "api/v1/tables/<int:pk>/rows/": "/api/v1/tables/1/rows/",
    "api/v1/tables/<int:pk>/store/": "/api/v1/tables/1/store/",
    "api/v1/tables/<int:pk>/stop/": "/api/v1/tables/1/stop/",
    "go/<code>/": "/go/one/",
    "go/<code>": "/go/one",
    "postback/<int:account_id>/<secret>/": "{postback}",
    "postback/<int:account_id>/<secret>": "{postback_bare}",
    "newsletter/confirm/<str:key>/": "/newsletter/confirm/{confirm}/",
    "newsletter/leave/<str:key>/": "/newsletter/leave/{leave}/",
    "newsletter/leave-news/<str:token>/": "/newsletter/leave-news/{leave_news}/",
    "alerts/new/<slug:slug>/": "/alerts/new/acme-one/",
    "alerts/mine/<str:key>/": "/alerts/mine/{alert}/",
    "mail/events/<slug:service>/": "/mail/events/postmark/",
    "newsletter/you/<str:token>/": "/newsletter/you/{you}/",
    "guides/<slug:slug>.md": "/guides/a-guide.md",
    "reviews/<slug:slug>.md": "/reviews/a-review.md",
    "best/<slug:slug>.md": "/best/a-list.md",
    "guides/<slug:slug>/": "/guides/a-guide/",
    "reviews/<slug:slug>/": "/reviews/a-review/",
    "best/<slug:slug>/": "/best/a-list/",
    "<section:section>/": "/guides/",
    "products/<slug:slug>/": "/products/acme-one/",
    "rank/<slug:use_case>/": "/rank/everyday/",
    "<kind:kind>/": "/headphones/",
    "<kind:kind>/<slug:type>/": "/headphones/over-ear/",
    "brands/<slug:slug>/": "/brands/acme/",
    "authors/<slug:slug>/": "/authors/ada-field/",
    "pictures/<slug:slug>.svg": "/pictures/acme-one.svg",
    "media/<path:name>": "/media/pictures/0123456789abcdef0123/320.jpg",
    "preview/<str:token>/": "/preview/{preview}/",
    "method/<int:number>/": "/method/1/",
    "sitemap-<slug:part>.xml": "/sitemap-articles.xml",
    "<section:section>/<slug:slug>/comments/": "/guides/a-guide/comments/",
    "<section:section>/<slug:slug>/comments/feed/": "/guides/a-guide/comments/feed/",
    "<section:section>/<slug:slug>/remarks/": "/guides/a-guide/remarks/",
    "<section:section>/<slug:slug>/remarks/new/": "/guides/a-guide/remarks/new/?block={block}",
    "comments/write/<int:article>/": "/comments/write/{article}/",
    "comments/follow/<int:article>/": "/comments/follow/{article}/",
    "comments/mine/<str:token>/": "{mine}",
    "comments/decide/<str:token>/": "{decide}",
    "comments/<int:number>/useful/": "/comments/{comment}/useful/",
    "api/v1/articles/<slug:slug>/comments/": "/api/v1/articles/a-guide/comments/",
    "api/v1/articles/<slug:slug>/remarks/": "/api/v1/articles/a-guide/remarks/",
}
# Addresses that take a POST without a form on a page, and a body that each understands.
TOLD_BY_MACHINES: Mapping[str, dict[str, Any]] = {
    "go/<code>/": {},
    "go/<code>": {},
    "newsletter/confirm/<str:key>/": {},
    "newsletter/leave/<str:key>/": {"List-Unsubscribe": "One-Click"},
    "newsletter/leave-news/<str:token>/": {"List-Unsubscribe": "One-Click"},
    "api/v1/alerts/": {
        "product": "acme-one",
        "kind": "drop",
        "currency": "USD",
        "email": "robin@mail.example",
    },
    "api/v1/newsletter/": {"email": "robin@mail.example", "topics": ["headsets"], "page": "/"},
    "postback/<int:account_id>/<secret>/": {"AwinTransactionPush": "{}"},
    "postback/<int:account_id>/<secret>": {"AwinTransactionPush": "{}"},
    "api/v1/readings/": {"merchant": "pushed", "readings": [{"sku": "x", "amount": "9.00", "currency": "USD"}]},
    "api/v1/articles/<slug:slug>/comments/": {"name": "Robin", "text": "Mine creak."},
    "api/v1/articles/<slug:slug>/remarks/": {"name": "Robin", "text": "Mine creak.", "exact": "creak"},
    "api/v1/recommendations/": {"text": "music", "give_up": [], "needs": {"activities": [{"name": "music"}]}},
    "api/v1/recommendations/next-question/": {"text": "music", "needs": {"activities": [{"name": "music"}]}},
}


def public_site() -> dict[str, str]:
    """Makes the site; what is secret in an address, by name."""
    blocks = blocks_of_every_kind()  # first: its products and pictures take the first numbers
    Picture.objects.update(alt="A headset on a desk")  # what it is called there the gate takes for a file's name
    make_merchant("Pushed", source="pushed", source_settings={"secret": "SHOP_PUSH_SECRET"}, api_allowed=True)
    one = make_product(kind="headphones", type="over-ear", specs={"weight_g": 250, "wireless": True})
    formula = make_product("Formula", kind="headphones", type="over-ear")
    Brand.objects.create(name="=1+1", slug="sum", homepage="").products.add(formula)
    make_seen_offer(one, make_merchant("Corner shop", alerts_allowed=True, mail_allowed=True, max_price_age=None))
    Link.objects.update(code="one")
    method = make_method()
    for product in (one, formula):
        give(method, product, sound="9.0", comfort="5.0", carrying="6.0")
    make_published_article("a-guide", blocks=blocks)
    make_published_article("a-review", kind="review", subject=one, obtained="bought")
    make_published_article("a-list", kind="best_of", use_case="everyday")
    account = make_account()
    keys = [
        ask_for_consent(address=f"{name}@mail.example", topic=NEWSLETTER, asked_on="/", now=timezone.now())
        for name in ("confirm", "leave")
    ]
    robin = Reader.objects.create(address="follows@mail.example", confirmed_at=timezone.now())
    ask_for_alert(
        product=one,
        given=AlertInput(kind="below", amount="10", currency="USD"),
        address=robin.address,
        asked_on="/",
        now=timezone.now(),
    )
    draft = Article.objects.get(slug="a-guide")
    preview = share_preview(article=draft, by=make_staff(), lasts="1d", is_frozen=False, now=timezone.now())
    shown, held = make_comment(draft), make_comment(draft, "It waits.", state="held", written_at=timezone.now())
    return {
        "article": str(draft.pk),
        "block": next(block.key for block in draft.blocks.all() if has_words(block.kind)),
        "comment": str(shown.pk),
        "mine": mine_url(held.pk),
        "decide": letter_url(held.pk, make_staff("moderator", "reviews.change_comment").pk),
        "postback": postback_path(account),
        "postback_bare": postback_path(account).rstrip("/"),
        "confirm": str(keys[0].key) if keys[0] else "",
        "leave": str(keys[1].key) if keys[1] else "",
        "leave_news": leave_news_url(robin.pk).rstrip("/").rpartition("/")[2],
        "alert": Consent.objects.get(reader=robin).key,
        "you": preference_token(keys[0].reader_id, 0) if keys[0] else "",
        "preview": preview,
    }


def address_of(door: Door, site: Mapping[str, str]) -> str:
    return EXAMPLES[door.pattern].format(**site) if door.has_holes else f"/{door.pattern}"


def with_hole(door: Door, value: str) -> str:
    """The door's address with this in its (last) hole."""
    head, _, rest = door.pattern.rpartition("<")
    return "/" + re.sub(r"<[^>]+>", "1", head) + value + rest.partition(">")[2]


def stranger() -> Client:
    """Whose errors are answers, as readers get them; and without a token that no page of ours gave."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)
