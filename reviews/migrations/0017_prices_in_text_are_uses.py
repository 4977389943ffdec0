"""A product whose live price stands in running text is used by the article: what was saved before says so too."""

import re

from django.db import migrations

_PRICE = re.compile(r'href="price:([^"]+)"')
# As `reviews.named_products` had it then: behind the products that an editor named.
_REFERRED_FROM = 1001


def _slugs(value):
    """Every slug that a text anywhere in the data names by `price:`."""
    if isinstance(value, str):
        yield from _PRICE.findall(value)
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _slugs(inner)


def relate(apps, schema_editor):
    Block = apps.get_model("reviews", "Block")
    BlockProduct = apps.get_model("reviews", "BlockProduct")
    Article = apps.get_model("reviews", "Article")
    RevisionProduct = apps.get_model("reviews", "RevisionProduct")
    ids = dict(apps.get_model("catalog", "Product").objects.values_list("slug", "pk"))
    links = []
    for block in Block.objects.filter(data__icontains="price:").prefetch_related("block_products").iterator(500):
        present = [(row.product_id, row.position) for row in block.block_products.all()]
        place = max([_REFERRED_FROM - 1, *(position for _, position in present)]) + 1
        known = {product for product, _ in present}
        for slug in dict.fromkeys(_slugs(block.data)):
            if slug in ids and ids[slug] not in known:
                known.add(ids[slug])
                links.append(BlockProduct(block=block, product_id=ids[slug], position=place))
                place += 1
    BlockProduct.objects.bulk_create(links, batch_size=500)
    # What readers see now; a former revision keeps what it had.
    live = Article.objects.filter(live_revision__content__icontains="price:").select_related("live_revision")
    shown = [
        RevisionProduct(revision_id=article.live_revision_id, product_id=ids[slug])
        for article in live.iterator(200)
        for slug in dict.fromkeys(_slugs(article.live_revision.content))
        if slug in ids
    ]
    RevisionProduct.objects.bulk_create(shown, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0016_claims_to_watch")]

    operations = [migrations.RunPython(relate, migrations.RunPython.noop)]
