"""The catalogue's index hears which products changed, so that it reads those again and no others.

Whatever makes a page about a product go (`0005` and those that followed) is heard here as well: nobody has to remember
both. A statement that brings more products than the index reads one by one is told as one change of all (0).
"""

from django.db import migrations

TABLE = """
CREATE TABLE catalog_productchange (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    product_id bigint NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX catalog_productchange_xid ON catalog_productchange (xid);
"""

TRIGGERS = """
CREATE FUNCTION catalog_tell_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_productchange (product_id) VALUES (split_part(NEW.thing, ':', 2)::bigint);
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_product_told AFTER INSERT ON catalog_pagechange FOR EACH ROW
    WHEN (NEW.thing ~ '^(product|offers|scores|reviews):[0-9]+$') EXECUTE FUNCTION catalog_tell_product();

CREATE FUNCTION catalog_tell_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM arrived) > 20000 THEN
        INSERT INTO catalog_productchange (product_id) VALUES (0);
    ELSE
        INSERT INTO catalog_productchange (product_id) SELECT id FROM arrived;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_products_told AFTER INSERT ON catalog_product REFERENCING NEW TABLE AS arrived
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_tell_products();

CREATE FUNCTION catalog_tell_all_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_productchange (product_id) VALUES (0);
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_products_emptied AFTER TRUNCATE ON catalog_product
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_tell_all_products();
"""

UNDO = """
DROP FUNCTION catalog_tell_product CASCADE;
DROP FUNCTION catalog_tell_products CASCADE;
DROP FUNCTION catalog_tell_all_products CASCADE;
DROP TABLE catalog_productchange;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0025_visits_of_links")]

    operations = [
        migrations.RunSQL(TABLE + TRIGGERS, UNDO),
    ]
