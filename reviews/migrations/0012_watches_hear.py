"""Watches hear of every change they may hang on: the database writes it down in the transaction of the change.

As `catalog/migrations/0005` does for pages. Nothing is written for a product that nobody watches; what came of a watch
is kept as an event.
"""

import django.db.models.deletion
from django.db import migrations, models

# A merged record's watches speak of the product that was kept.
NOTE = """
CREATE FUNCTION reviews_watch_note(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reviews_watchchange (product_id, changed_at)
        SELECT DISTINCT product_id, now() FROM reviews_watchproduct WHERE product_id = ANY(ids)
        UNION
        SELECT w.product_id, now()
        FROM catalog_product p JOIN reviews_watchproduct w ON w.product_id = p.id
        WHERE p.merged_into_id = ANY(ids);
END $$;

-- "The newest of its line" hangs on products that nobody named: all of the same maker.
CREATE FUNCTION reviews_watch_note_lines(brands bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reviews_watchchange (product_id, changed_at)
        SELECT DISTINCT wp.product_id, now()
        FROM reviews_watch w JOIN reviews_watchproduct wp ON wp.watch_id = w.id
        JOIN catalog_product p ON p.id = wp.product_id
        WHERE w.condition = 'newest_of_its_line' AND p.brand_id = ANY(brands);
END $$;

CREATE FUNCTION reviews_watch_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reviews_watch_note(ARRAY(SELECT DISTINCT product_id FROM moved));
    RETURN NULL;
END $$;

CREATE FUNCTION reviews_watch_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reviews_watch_note(ARRAY[OLD.product_id, NEW.product_id]);
    RETURN NULL;
END $$;
"""

# The offers' columns are those that pages show; a price whose licence had ended and that was read again comes back.
OFFERS = """
CREATE TRIGGER reviews_watch_offers_came AFTER INSERT ON catalog_offer REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_moved();
CREATE TRIGGER reviews_watch_offers_gone AFTER DELETE ON catalog_offer REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_moved();
CREATE TRIGGER reviews_watch_offer_changed AFTER UPDATE ON catalog_offer FOR EACH ROW
    WHEN ((OLD.product_id, OLD.merchant_id, OLD.condition, OLD.amount, OLD.currency, OLD.availability, OLD.withdrawn_at)
        IS DISTINCT FROM
          (NEW.product_id, NEW.merchant_id, NEW.condition, NEW.amount, NEW.currency, NEW.availability, NEW.withdrawn_at)
        OR (OLD.seen_at IS NULL) <> (NEW.seen_at IS NULL) OR NEW.seen_at < OLD.seen_at)
    EXECUTE FUNCTION reviews_watch_row();

CREATE FUNCTION reviews_watch_price_returned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reviews_watch_note(ARRAY[NEW.product_id]) FROM catalog_merchant
        WHERE id = NEW.merchant_id AND NEW.seen_at - OLD.seen_at >= least(max_price_age, interval '7 days');
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_watch_price_returned AFTER UPDATE ON catalog_offer FOR EACH ROW
    WHEN (NEW.seen_at - OLD.seen_at >= interval '1 minute') EXECUTE FUNCTION reviews_watch_price_returned();

CREATE FUNCTION reviews_watch_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reviews_watch_note(ARRAY(SELECT DISTINCT o.product_id FROM moved l JOIN catalog_offer o ON o.id = l.offer_id));
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_watch_links_came AFTER INSERT ON catalog_link REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_link();
CREATE TRIGGER reviews_watch_links_gone AFTER DELETE ON catalog_link REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_link();
CREATE FUNCTION reviews_watch_link_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reviews_watch_note(ARRAY(SELECT product_id FROM catalog_offer WHERE id IN (OLD.offer_id, NEW.offer_id)));
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_watch_link_changed AFTER UPDATE ON catalog_link FOR EACH ROW
    WHEN ((OLD.is_active, OLD.offer_id) IS DISTINCT FROM (NEW.is_active, NEW.offer_id))
    EXECUTE FUNCTION reviews_watch_link_row();

-- What waits behind an offer's links, and where they lead meanwhile.
CREATE TRIGGER reviews_watch_destinations_came AFTER INSERT ON catalog_destination REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_link();
CREATE FUNCTION reviews_watch_destination() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reviews_watch_note(ARRAY(SELECT product_id FROM catalog_offer WHERE id = NEW.offer_id));
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_watch_destination_changed AFTER UPDATE ON catalog_destination FOR EACH ROW
    WHEN ((OLD.state, OLD.decision) IS DISTINCT FROM (NEW.state, NEW.decision))
    EXECUTE FUNCTION reviews_watch_destination();
CREATE FUNCTION reviews_watch_failover() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reviews_watch_note(
        ARRAY(SELECT product_id FROM catalog_offer WHERE id IN (NEW.from_offer_id, NEW.to_offer_id))
    );
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_watch_failover AFTER INSERT OR UPDATE ON catalog_failover
    FOR EACH ROW EXECUTE FUNCTION reviews_watch_failover();

CREATE FUNCTION reviews_watch_merchant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reviews_watch_note(ARRAY(
        SELECT DISTINCT o.product_id FROM catalog_offer o WHERE o.merchant_id = NEW.id AND o.withdrawn_at IS NULL
        AND (EXISTS (SELECT 1 FROM reviews_watchproduct w WHERE w.product_id = o.product_id)
             OR EXISTS (SELECT 1 FROM catalog_product p WHERE p.merged_into_id = o.product_id))
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_watch_merchant AFTER UPDATE ON catalog_merchant FOR EACH ROW
    WHEN ((OLD.name, OLD.slug, OLD.is_active, OLD.max_price_age, OLD.prices_allowed, OLD.history_allowed,
           OLD.used_allowed, OLD.link_style, OLD.network)
        IS DISTINCT FROM
          (NEW.name, NEW.slug, NEW.is_active, NEW.max_price_age, NEW.prices_allowed, NEW.history_allowed,
           NEW.used_allowed, NEW.link_style, NEW.network))
    EXECUTE FUNCTION reviews_watch_merchant();
"""

PRODUCTS = """
CREATE FUNCTION reviews_watch_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reviews_watch_note(ARRAY[NEW.id, OLD.merged_into_id, NEW.merged_into_id]);
    PERFORM reviews_watch_note_lines(ARRAY[OLD.brand_id, NEW.brand_id]);
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_watch_product AFTER UPDATE ON catalog_product FOR EACH ROW
    WHEN ((OLD.brand_id, OLD.model, OLD.variant, OLD.status, OLD.merged_into_id)
        IS DISTINCT FROM (NEW.brand_id, NEW.model, NEW.variant, NEW.status, NEW.merged_into_id))
    EXECUTE FUNCTION reviews_watch_product();
CREATE FUNCTION reviews_watch_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reviews_watch_note_lines(ARRAY(SELECT DISTINCT brand_id FROM moved));
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_watch_products_came AFTER INSERT ON catalog_product REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_products();
CREATE TRIGGER reviews_watch_products_gone AFTER DELETE ON catalog_product REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_products();

CREATE FUNCTION reviews_watch_specs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reviews_watch_note(ARRAY(SELECT product_id FROM moved));
    PERFORM reviews_watch_note_lines(
        ARRAY(SELECT DISTINCT p.brand_id FROM moved s JOIN catalog_product p ON p.id = s.product_id)
    );
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_watch_specs_came AFTER INSERT ON catalog_audiospecs REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_specs();
CREATE TRIGGER reviews_watch_specs_gone AFTER DELETE ON catalog_audiospecs REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_specs();
CREATE TRIGGER reviews_watch_specs_changed AFTER UPDATE ON catalog_audiospecs FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION reviews_watch_row();
CREATE FUNCTION reviews_watch_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reviews_watch_note_lines(ARRAY(SELECT brand_id FROM catalog_product WHERE id = NEW.product_id));
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_watch_released AFTER UPDATE ON catalog_audiospecs FOR EACH ROW
    WHEN (OLD.release_year IS DISTINCT FROM NEW.release_year) EXECUTE FUNCTION reviews_watch_released();

CREATE TRIGGER reviews_watch_evidence_came AFTER INSERT ON catalog_specevidence REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_moved();
CREATE TRIGGER reviews_watch_evidence_gone AFTER DELETE ON catalog_specevidence REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_moved();
CREATE TRIGGER reviews_watch_evidence_left AFTER UPDATE ON catalog_specevidence REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_moved();
CREATE TRIGGER reviews_watch_evidence_changed AFTER UPDATE ON catalog_specevidence REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_moved();
"""

SCORES = """
CREATE TRIGGER reviews_watch_scores_came AFTER INSERT ON reviews_score REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_moved();
CREATE TRIGGER reviews_watch_scores_gone AFTER DELETE ON reviews_score REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_moved();
CREATE TRIGGER reviews_watch_score_changed AFTER UPDATE ON reviews_score FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION reviews_watch_row();

-- Another method is another score of everything.
CREATE FUNCTION reviews_watch_method() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reviews_watchchange (product_id, changed_at)
        SELECT DISTINCT p.product_id, now()
        FROM reviews_watch w JOIN reviews_watchproduct p ON p.watch_id = w.id
        WHERE w.condition IN ('score_at_least', 'best_score_among');
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_watch_method AFTER UPDATE ON reviews_methodversion FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION reviews_watch_method();

CREATE FUNCTION reviews_watch_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reviews_watch_note(ARRAY[OLD.subject_id, NEW.subject_id]);
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_watch_review AFTER UPDATE ON reviews_article FOR EACH ROW
    WHEN ((OLD.status, OLD.live_revision_id) IS DISTINCT FROM (NEW.status, NEW.live_revision_id))
    EXECUTE FUNCTION reviews_watch_review();

-- A product that goes leaves its watches with one fewer: they are looked at again.
CREATE FUNCTION reviews_watch_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE reviews_watch SET check_again_at = now() WHERE id IN (SELECT watch_id FROM moved);
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_watch_products_left AFTER DELETE ON reviews_watchproduct REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_watch_left();
"""

UNDO = "".join(
    f"DROP FUNCTION reviews_watch_{name} CASCADE;\n"
    for name in (
        "note", "note_lines", "moved", "row", "price_returned", "link", "link_row", "destination", "failover",
        "merchant", "product", "products", "specs", "released", "method", "review", "left",
    )
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0023_what_sources_say"),
        ("reviews", "0011_findings_are_told"),
    ]

    operations = [
        migrations.AddField(
            model_name="watch",
            name="is_told_broken",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="watchchange",
            name="product",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="catalog.product",
            ),
        ),
        migrations.CreateModel(
            name="WatchEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unchecked", "Not looked at yet"),
                            ("holds", "True"),
                            ("broken", "No longer true"),
                            ("unknown", "Cannot be told"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "is_mailable",
                    models.BooleanField(
                        default=False,
                        help_text="May the reason go into a letter? "
                        "Not where it quotes a shop that keeps prices from mail.",
                    ),
                ),
                (
                    "is_to_be_told",
                    models.BooleanField(default=False, help_text="A letter about it has still to go out."),
                ),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "watch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="reviews.watch"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_to_be_told", True)), fields=["id"], name="watch_event_untold"
                    )
                ],
            },
        ),
        migrations.RunSQL(NOTE + OFFERS + PRODUCTS + SCORES, UNDO),
    ]
