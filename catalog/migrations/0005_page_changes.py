"""Changes to what pages show are written down by the database, in the transaction of the change, whatever its door.

The words are the tags of `catalog/page_tags.py`; `catalog/services/page_changes.py` carries them to the page cache.
"""

from django.db import migrations, models

# The lists that a product stands in: its kind's, and those of every type it earns (`catalog/kinds.py`).
LISTS = """
CREATE FUNCTION catalog_lists_of(kind text, main_type text, wireless boolean, anc boolean) RETURNS SETOF text
LANGUAGE sql IMMUTABLE AS $$
    SELECT list FROM unnest(ARRAY[
        'kind:' || coalesce(kind, ''),
        'type:' || main_type,
        CASE WHEN wireless THEN 'type:wireless' END,
        CASE WHEN anc THEN 'type:noise-cancelling' END
    ]) AS list WHERE list IS NOT NULL
$$;
"""

# An import brings thousands of rows in one statement: those are told of together, each product once.
PRODUCTS = """
CREATE FUNCTION catalog_page_products_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing)
        SELECT DISTINCT unnest(ARRAY['edited', 'products', list])
        FROM arrived p LEFT JOIN catalog_audiospecs s ON s.product_id = p.id,
        LATERAL catalog_lists_of(p.kind, p.type, s.wireless, s.anc) AS list;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_products_came AFTER INSERT ON catalog_product REFERENCING NEW TABLE AS arrived
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_products_came();

CREATE FUNCTION catalog_page_product_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE spec record;
BEGIN
    INSERT INTO catalog_pagechange (thing) VALUES ('product:' || OLD.id);
    SELECT wireless, anc INTO spec FROM catalog_audiospecs WHERE product_id = OLD.id;
    IF TG_OP = 'DELETE' THEN
        INSERT INTO catalog_pagechange (thing)
            SELECT 'products' UNION SELECT catalog_lists_of(OLD.kind, OLD.type, spec.wireless, spec.anc);
    ELSIF (OLD.brand_id, OLD.model, OLD.variant, OLD.slug, OLD.kind, OLD.type, OLD.status, OLD.merged_into_id)
        IS DISTINCT FROM
        (NEW.brand_id, NEW.model, NEW.variant, NEW.slug, NEW.kind, NEW.type, NEW.status, NEW.merged_into_id)
    THEN
        INSERT INTO catalog_pagechange (thing)
            SELECT 'products' UNION SELECT catalog_lists_of(OLD.kind, OLD.type, spec.wireless, spec.anc)
            UNION SELECT catalog_lists_of(NEW.kind, NEW.type, spec.wireless, spec.anc)
            -- The articles about a merged record stand on the page of the one that is kept.
            UNION SELECT 'reviews:' || id FROM unnest(ARRAY[OLD.merged_into_id, NEW.merged_into_id]) AS id
            WHERE id IS NOT NULL AND OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_product_gone AFTER DELETE ON catalog_product
    FOR EACH ROW EXECUTE FUNCTION catalog_page_product_changed();
CREATE TRIGGER catalog_page_product_changed AFTER UPDATE ON catalog_product
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION catalog_page_product_changed();

CREATE FUNCTION catalog_page_brand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing) SELECT 'product:' || id FROM catalog_product WHERE brand_id = NEW.id;
    INSERT INTO catalog_pagechange (thing)
        SELECT 'products' UNION SELECT catalog_lists_of(p.kind, p.type, s.wireless, s.anc)
        FROM catalog_product p LEFT JOIN catalog_audiospecs s ON s.product_id = p.id WHERE p.brand_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_brand_changed AFTER UPDATE ON catalog_brand
    FOR EACH ROW WHEN ((OLD.name, OLD.slug) IS DISTINCT FROM (NEW.name, NEW.slug))
    EXECUTE FUNCTION catalog_page_brand();

CREATE FUNCTION catalog_page_specs_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing)
        SELECT DISTINCT unnest(ARRAY['product:' || p.id, 'products', list])
        FROM moved s JOIN catalog_product p ON p.id = s.product_id,
        LATERAL catalog_lists_of(p.kind, p.type, s.wireless, s.anc) AS list;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_specs_came AFTER INSERT ON catalog_audiospecs REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_specs_moved();
CREATE TRIGGER catalog_page_specs_gone AFTER DELETE ON catalog_audiospecs REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_specs_moved();

CREATE FUNCTION catalog_page_specs_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing) VALUES ('product:' || NEW.product_id);
    IF (OLD.wireless, OLD.anc, OLD.mic_grade, OLD.release_year)
        IS DISTINCT FROM (NEW.wireless, NEW.anc, NEW.mic_grade, NEW.release_year)
    THEN
        INSERT INTO catalog_pagechange (thing)
            SELECT 'products' UNION
            SELECT catalog_lists_of(kind, type, OLD.wireless, OLD.anc) FROM catalog_product WHERE id = NEW.product_id
            UNION
            SELECT catalog_lists_of(kind, type, NEW.wireless, NEW.anc) FROM catalog_product WHERE id = NEW.product_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_specs_changed AFTER UPDATE ON catalog_audiospecs
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION catalog_page_specs_changed();

CREATE FUNCTION catalog_page_details() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing) SELECT DISTINCT 'product:' || product_id FROM moved;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_code_came AFTER INSERT ON catalog_productcode REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_details();
CREATE TRIGGER catalog_page_code_gone AFTER DELETE ON catalog_productcode REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_details();
CREATE TRIGGER catalog_page_code_left AFTER UPDATE ON catalog_productcode REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_details();
CREATE TRIGGER catalog_page_code_changed AFTER UPDATE ON catalog_productcode REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_details();
CREATE TRIGGER catalog_page_evidence_came AFTER INSERT ON catalog_specevidence REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_details();
CREATE TRIGGER catalog_page_evidence_gone AFTER DELETE ON catalog_specevidence REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_details();
CREATE TRIGGER catalog_page_evidence_left AFTER UPDATE ON catalog_specevidence REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_details();
CREATE TRIGGER catalog_page_evidence_changed AFTER UPDATE ON catalog_specevidence REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_details();
"""

# A look that finds the same price again moves only `seen_at`: that purges nothing (pages live minutes and carry the
# older time), except when the price had outlived its licence and now comes back.
OFFERS = """
CREATE FUNCTION catalog_page_offers_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing) SELECT DISTINCT 'offers:' || product_id FROM arrived;
    INSERT INTO catalog_pagechange (thing)
        SELECT DISTINCT unnest(ARRAY['sold', list])
        FROM (SELECT DISTINCT product_id FROM arrived) a
        JOIN catalog_product p ON p.id = a.product_id LEFT JOIN catalog_audiospecs s ON s.product_id = p.id,
        LATERAL catalog_lists_of(p.kind, p.type, s.wireless, s.anc) AS list
        WHERE NOT EXISTS (
            SELECT 1 FROM catalog_offer o JOIN catalog_merchant m ON m.id = o.merchant_id
            WHERE o.product_id = p.id AND m.is_active AND o.withdrawn_at IS NULL
            AND o.id NOT IN (SELECT id FROM arrived)
        );
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_offers_came AFTER INSERT ON catalog_offer REFERENCING NEW TABLE AS arrived
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_offers_came();

CREATE FUNCTION catalog_page_offers_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing)
        SELECT DISTINCT unnest(ARRAY['offers:' || product_id, 'sold']) FROM departed;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_offers_gone AFTER DELETE ON catalog_offer REFERENCING OLD TABLE AS departed
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_offers_gone();

CREATE FUNCTION catalog_page_offer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing) VALUES ('offers:' || NEW.product_id);
    IF (OLD.product_id, OLD.merchant_id, OLD.withdrawn_at)
        IS NOT DISTINCT FROM (NEW.product_id, NEW.merchant_id, NEW.withdrawn_at)
    THEN
        RETURN NULL;
    END IF;
    INSERT INTO catalog_pagechange (thing) SELECT unnest(ARRAY['offers:' || OLD.product_id, 'sold']);
    IF NEW.withdrawn_at IS NULL THEN
        INSERT INTO catalog_pagechange (thing)
            SELECT catalog_lists_of(p.kind, p.type, s.wireless, s.anc)
            FROM catalog_product p LEFT JOIN catalog_audiospecs s ON s.product_id = p.id WHERE p.id = NEW.product_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_offer_changed AFTER UPDATE ON catalog_offer FOR EACH ROW
    WHEN ((OLD.product_id, OLD.merchant_id, OLD.url, OLD.condition, OLD.amount, OLD.currency, OLD.shipping_amount,
           OLD.availability, OLD.withdrawn_at)
        IS DISTINCT FROM
          (NEW.product_id, NEW.merchant_id, NEW.url, NEW.condition, NEW.amount, NEW.currency, NEW.shipping_amount,
           NEW.availability, NEW.withdrawn_at)
        OR (OLD.seen_at IS NULL) <> (NEW.seen_at IS NULL) OR NEW.seen_at < OLD.seen_at)
    EXECUTE FUNCTION catalog_page_offer_changed();

CREATE FUNCTION catalog_page_price_returned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing)
        SELECT 'offers:' || NEW.product_id FROM catalog_merchant
        WHERE id = NEW.merchant_id AND NEW.seen_at - OLD.seen_at >= least(max_price_age, interval '7 days');
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_price_returned AFTER UPDATE ON catalog_offer FOR EACH ROW
    WHEN (NEW.seen_at - OLD.seen_at >= interval '1 minute') EXECUTE FUNCTION catalog_page_price_returned();
"""

# Charts show the readings of merchants that allow a history; nobody else's come into a page.
READINGS = """
CREATE FUNCTION catalog_page_readings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing)
        SELECT DISTINCT 'offers:' || o.product_id
        FROM moved r JOIN catalog_offer o ON o.id = r.offer_id JOIN catalog_merchant m ON m.id = o.merchant_id
        WHERE r.verdict = 'accepted' AND m.history_allowed;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_readings_came AFTER INSERT ON catalog_price REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_readings();
CREATE TRIGGER catalog_page_readings_gone AFTER DELETE ON catalog_price REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_readings();
"""

LINKS = """
CREATE FUNCTION catalog_page_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing)
        SELECT DISTINCT 'offers:' || o.product_id FROM moved r JOIN catalog_offer o ON o.id = r.offer_id;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_links_came AFTER INSERT ON catalog_link REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_links();
CREATE TRIGGER catalog_page_links_gone AFTER DELETE ON catalog_link REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_links();
CREATE TRIGGER catalog_page_links_left AFTER UPDATE ON catalog_link REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_links();
CREATE TRIGGER catalog_page_links_changed AFTER UPDATE ON catalog_link REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_links();
"""

MERCHANTS = """
CREATE FUNCTION catalog_page_merchant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing)
        SELECT DISTINCT 'offers:' || product_id FROM catalog_offer
        WHERE merchant_id = NEW.id AND withdrawn_at IS NULL;
    IF OLD.is_active IS DISTINCT FROM NEW.is_active THEN
        INSERT INTO catalog_pagechange (thing)
            SELECT DISTINCT unnest(ARRAY['sold', list])
            FROM catalog_offer o JOIN catalog_product p ON p.id = o.product_id
            LEFT JOIN catalog_audiospecs s ON s.product_id = p.id,
            LATERAL catalog_lists_of(p.kind, p.type, s.wireless, s.anc) AS list
            WHERE o.merchant_id = NEW.id AND o.withdrawn_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_merchant_changed AFTER UPDATE ON catalog_merchant FOR EACH ROW
    WHEN ((OLD.name, OLD.slug, OLD.country, OLD.currency, OLD.hosts, OLD.is_active, OLD.network, OLD.network_settings,
           OLD.max_price_age, OLD.prices_allowed, OLD.history_allowed, OLD.alerts_allowed, OLD.image_copies_allowed,
           OLD.used_allowed, OLD.link_style, OLD.link_label, OLD.disclaimer)
        IS DISTINCT FROM
          (NEW.name, NEW.slug, NEW.country, NEW.currency, NEW.hosts, NEW.is_active, NEW.network, NEW.network_settings,
           NEW.max_price_age, NEW.prices_allowed, NEW.history_allowed, NEW.alerts_allowed, NEW.image_copies_allowed,
           NEW.used_allowed, NEW.link_style, NEW.link_label, NEW.disclaimer))
    EXECUTE FUNCTION catalog_page_merchant();
"""

UNDO = """
DROP FUNCTION catalog_page_products_came CASCADE;
DROP FUNCTION catalog_page_product_changed CASCADE;
DROP FUNCTION catalog_page_brand CASCADE;
DROP FUNCTION catalog_page_specs_moved CASCADE;
DROP FUNCTION catalog_page_specs_changed CASCADE;
DROP FUNCTION catalog_page_details CASCADE;
DROP FUNCTION catalog_page_offers_came CASCADE;
DROP FUNCTION catalog_page_offers_gone CASCADE;
DROP FUNCTION catalog_page_offer_changed CASCADE;
DROP FUNCTION catalog_page_price_returned CASCADE;
DROP FUNCTION catalog_page_readings CASCADE;
DROP FUNCTION catalog_page_links CASCADE;
DROP FUNCTION catalog_page_merchant CASCADE;
DROP FUNCTION catalog_lists_of;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_prices_one_can_trust")]

    operations = [
        migrations.CreateModel(
            name="PageChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("thing", models.CharField(help_text="A tag of catalog/page_tags.py.", max_length=240)),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.RunSQL(LISTS + PRODUCTS + OFFERS + READINGS + LINKS + MERCHANTS, UNDO),
    ]
