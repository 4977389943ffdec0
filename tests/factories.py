"""Rows for tests, made by plain functions: each says only what its test is about. Nothing random."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone
from PIL import Image, ImageDraw

from catalog.clicks.ids import made_at
from catalog.models import (
    AudioSpecs,
    Brand,
    Click,
    Destination,
    DoubtfulMatch,
    Link,
    Merchant,
    NetworkAccount,
    Offer,
    Product,
)
from reviews.comment_senders import address_key
from reviews.conditions import CONDITIONS
from reviews.desk.publishing import publish_article
from reviews.models import Article, Author, Comment, CommentPassage, Correction, Picture, Watch
from reviews.picture_files import read_upload
from reviews.revision_words import words_of_content
from reviews.services.articles import BlockInput, save_article
from reviews.services.comments import words_of
from reviews.services.corrections import save_correction
from reviews.services.picture_sizes import make_picture_sizes
from reviews.services.pictures import add_picture
from reviews.services.remarks import PassageInput, marked_place
from reviews.services.roles import keep_roles
from reviews.services.watches import WatchInput, save_watch


def make_product(
    model: str = "One", *, brand: str = "Acme", specs: dict[str, Any] | None = None, **fields: Any
) -> Product:
    """A product with its (empty) specs; the slug follows brand and model."""
    made_by, _ = Brand.objects.get_or_create(name=brand, slug=brand.lower().replace(" ", "-"))
    fields.setdefault("slug", f"{made_by.slug}-{model.lower().replace(' ', '-')}")
    product = Product.objects.create(brand=made_by, model=model, **fields)
    AudioSpecs.objects.create(product=product, **(specs or {}))
    return product


def make_merchant(name: str = "Shop", **fields: Any) -> Merchant:
    """An active US merchant that pays nobody, on <slug>.example."""
    slug = fields.setdefault("slug", name.lower().replace(" ", "-"))
    values: dict[str, Any] = {
        "homepage": f"https://{slug}.example/",
        "hosts": [f"{slug}.example"],
        "country": "US",
        "currency": "USD",
        "source": "manual",
        "network": "direct",
    }
    return Merchant.objects.create(name=name, **{**values, **fields})


def make_offer(product: Product | None = None, merchant: Merchant | None = None, **fields: Any) -> Offer:
    """An offer without a reading: nothing is known of its price yet."""
    product = product or make_product()
    merchant = merchant or make_merchant()
    fields.setdefault("merchant_sku", product.slug)
    fields.setdefault("url", f"https://{merchant.hosts[0]}/p/{product.slug}")
    return Offer.objects.create(product=product, merchant=merchant, **fields)


def make_link(offer: Offer | None = None, code: str = "one", **fields: Any) -> Link:
    return Link.objects.create(offer=offer or make_offer(), code=code, **fields)


def make_seen_offer(
    product: Product, merchant: Merchant, *, amount: str = "99.00", seen_at: datetime | None = None, **fields: Any
) -> Offer:
    """An offer in stock whose price was read a minute ago (or at `seen_at`), with a link readers can follow."""
    values: dict[str, Any] = {
        "amount": Decimal(amount),
        "currency": merchant.currency,
        "availability": "in_stock",
        "seen_at": seen_at or timezone.now() - timedelta(minutes=1),
        "state": Offer.State.OK,
    }
    offer = make_offer(product, merchant, **{**values, **fields})
    make_link(offer, code=f"{product.slug}-{merchant.slug}"[:40])
    return offer


def make_author(name: str = "Ada Field", **fields: Any) -> Author:
    fields.setdefault("slug", name.lower().replace(" ", "-"))
    fields.setdefault("role", "Audio editor")
    fields.setdefault("bio", "Writes about headphones.")
    return Author.objects.create(name=name, **fields)


def make_article(slug: str = "a-guide", *, blocks: Sequence[BlockInput] | None = None, **fields: Any) -> Article:
    """A draft saved through the service; without `blocks` it is one block of text."""
    fields.setdefault("author", Author.objects.first() or make_author())
    values: dict[str, Any] = {"kind": "guide", "title": slug.replace("-", " ").capitalize(), "standfirst": "In short."}
    text = BlockInput("prose", {"html": "<h2>First</h2><p>Words.</p>"})
    return save_article(slug=slug, blocks=[text] if blocks is None else blocks, **{**values, **fields})


def make_staff(username: str = "editor", *permissions: str) -> User:
    """A staff account that may do what the `app.codename` permissions say, with the password "listen-closely"."""
    user = User.objects.create_user(username, password="listen-closely", is_staff=True)
    for permission in permissions:
        app, codename = permission.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


def make_published_article(
    slug: str = "a-guide", *, now: datetime | None = None, note: str = "", **fields: Any
) -> Article:
    """An article that readers can see, saved and published through the services."""
    article = make_article(slug, **fields)
    publish_article(article=article, now=now, note=note)
    return article


def make_review(product: Product, *, slug: str = "", score: str = "8.0", **fields: Any) -> Article:
    """A published review with text, a score, pros and cons, and a verdict."""
    blocks = [
        BlockInput("prose", {"html": "<h2>Sound</h2><p>Even.</p><h2>Comfort</h2><p>Light.</p>"}),
        BlockInput(
            "scores", {"rows": [{"criterion": "Sound", "score": score, "weight": "60", "note": ""}]}, products=[product]
        ),
        BlockInput("pros_cons", {"pros": ["Light", "Folds"], "cons": ["Warm", "Dear"]}, products=[product]),
        BlockInput("verdict", {"title": "Verdict", "html": "<p>Buy it for the train.</p>"}, products=[product]),
    ]
    values: dict[str, Any] = {"kind": "review", "subject": product, "obtained": "bought", "blocks": blocks}
    return make_published_article(slug or f"{product.slug}-review", **{**values, **fields})


def make_doubt(product: Product, merchant: Merchant | None = None, **fields: Any) -> DoubtfulMatch:
    """An item of a merchant that may be this product; an editor is asked."""
    merchant = merchant or make_merchant()
    sku = fields.setdefault("merchant_sku", "x1")
    values: dict[str, Any] = {
        "condition": "new",
        "url": f"https://{merchant.hosts[0]}/p/{sku}",
        "title": f"{product.name} black",
        "brand": product.brand.name,
        "candidates": [{"product": product.pk, "score": 0.8, "why": "the model"}],
    }
    return DoubtfulMatch.objects.create(merchant=merchant, **{**values, **fields})


def make_account(name: str = "Awin", **fields: Any) -> NetworkAccount:
    """Our account at a network; its settings are empty."""
    return NetworkAccount.objects.create(name=name, **{"network": "awin", **fields})


def make_click(at: datetime, code: str = "one", **fields: Any) -> Click:
    """A stored click of a person, whose id holds its time; `number` tells those of one millisecond apart."""
    number = fields.pop("number", 1)
    key = UUID(int=(round(at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | number)
    return Click.objects.create(pk=key, clicked_at=made_at(key), code=code, **{"agent": "person", **fields})


def make_destination(offer: Offer, state: str = "broken", *, hours: float = 3.0, **fields: Any) -> Destination:
    """What the last look found behind the offer's links; a failure began so many hours ago and was seen twice."""
    now = timezone.now()
    failing = {"failing_since": now - timedelta(hours=hours), "confirmed_at": now, "strikes": 2, "suspected": state}
    values: dict[str, Any] = {"checked_at": now, "next_check_at": now + timedelta(hours=3), "detail": "As a test says."}
    values |= failing if state in Destination.FAILING else {}
    return Destination.objects.create(offer=offer, state=state, **{**values, **fields})


def picture_file(width: int = 640, height: int = 480, *, colour: str = "#1f6f78", kind: str = "JPEG") -> bytes:
    """A file as an editor uploads it: a ground of one colour with a pale disc left of its middle."""
    image = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(image).ellipse((width // 8, height // 4, width // 2, height * 3 // 4), fill="#f2d9a6")
    with BytesIO() as out:
        image.save(out, kind)
        return out.getvalue()


def make_picture(alt: str = "A headset on a desk", *, file: bytes | None = None, **fields: Any) -> Picture:
    """A picture as it is right after its upload: its sizes are not made yet. Another `alt` is another file."""
    colour = f"#{zlib.crc32(alt.encode()) & 0xFFFFFF:06x}"
    upload = read_upload(file or picture_file(colour=colour))
    return add_picture(picture=Picture(alt=alt, **fields), upload=upload)


def make_ready_picture(alt: str = "A headset on a desk", *, file: bytes | None = None, **fields: Any) -> Picture:
    """The same with all its sizes."""
    picture = make_picture(alt, file=file, **fields)
    make_picture_sizes(picture_id=picture.pk)
    picture.refresh_from_db()
    return picture


def make_watch(article: Article, *products: Product, condition: str = "price_below", **fields: Any) -> Watch:
    """A claim of the article that is watched, looked at as it is saved; without parameters: the condition's example."""
    parameters = fields.pop("parameters", None)
    given = WatchInput(
        condition=condition,
        parameters=CONDITIONS[condition].example if parameters is None else parameters,
        products=products,
        passage=fields.pop("passage", ""),
        block_key=fields.pop("block_key", ""),
    )
    return save_watch(given, article=article, now=fields.pop("now", None) or timezone.now(), **fields)


def make_colleague(username: str, *roles: str, email: str = "") -> User:
    """A staff account with these roles of `reviews/roles.py`, an address, and the password "listen-closely"."""
    keep_roles()
    address = email or f"{username}@newsroom.example"
    user = User.objects.create_user(username, address, password="listen-closely", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def make_correction(article: Article, right: str = "It weighs 250 grams.", **fields: Any) -> Correction:
    """A correction of the article that waits for its next publication."""
    now = fields.pop("now", None) or timezone.now()
    given = {"wrong": "We said that it weighs 200 grams.", "day": date(2026, 3, 1), **fields}
    return save_correction(correction=Correction(article=article, right=right, **given), now=now)


def make_remark(article: Article, exact: str, text: str = "Is that so?", **fields: Any) -> Comment:
    """A remark, shown, on words that stand once in what readers see of the article."""
    revision = article.live_revision
    assert revision is not None
    words = words_of_content(revision.content)
    place = marked_place(PassageInput(block="", exact=exact), words)
    remark = make_comment(article, text, kind="remark", **fields)
    now = {f"now_{name}": getattr(place, name) for name in ("block", "exact", "prefix", "suffix", "start", "end")}
    then = {name.removeprefix("now_"): value for name, value in now.items()}
    at = next(n for n, one in enumerate(words.words) if (one.block, one.start) == (place.block, place.start))
    CommentPassage.objects.create(comment=remark, revision=revision, stood_in=revision, rank=at, **then, **now)
    return remark


def make_comment(article: Article, text: str = "Mine creak after a year.", **fields: Any) -> Comment:
    """A comment that is shown, of somebody with an address; `answered` puts it into a thread."""
    answered = fields.pop("answered", None)
    if answered is not None:
        fields["parent_id"] = answered.parent_id or answered.pk
        fields.setdefault("place", Comment.objects.filter(parent_id=fields["parent_id"]).count() + 1)
    values: dict[str, Any] = {
        "name": "Robin",
        "state": "shown",
        "written_at": timezone.now() - timedelta(hours=1),
        "address_key": address_key("robin@reader.example"),
        **words_of(text),
    }
    return Comment.objects.create(article=article, answered=answered, **{**values, **fields})
