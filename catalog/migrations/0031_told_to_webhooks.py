"""Products and prices that change are written down for webhooks, as long as one asks for them.

In the transaction of the change and whatever its door; one line for each row a statement changed. Of merchants who keep
their prices from the API nothing is written down.
"""

from django.db import migrations

TRIGGERS = """
CREATE FUNCTION catalog_webhook_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM partners_webhook WHERE 'product.changed' = ANY (kinds)) THEN
        INSERT INTO partners_webhookevent (kind, subject)
            SELECT DISTINCT 'product.changed', substr(t.thing, 9) FROM told t WHERE t.thing LIKE 'product:%';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_webhook_products AFTER INSERT ON catalog_pagechange REFERENCING NEW TABLE AS told
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_webhook_products();

CREATE FUNCTION catalog_webhook_prices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM partners_webhook WHERE 'price.changed' = ANY (kinds)) THEN
        INSERT INTO partners_webhookevent (kind, subject)
            SELECT 'price.changed', n.id
            FROM became n JOIN was o ON o.id = n.id JOIN catalog_merchant m ON m.id = n.merchant_id
            WHERE m.prices_allowed AND m.api_allowed
            AND (o.amount, o.currency, o.shipping_amount, o.availability, o.withdrawn_at)
                IS DISTINCT FROM (n.amount, n.currency, n.shipping_amount, n.availability, n.withdrawn_at);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_webhook_prices AFTER UPDATE ON catalog_offer
    REFERENCING OLD TABLE AS was NEW TABLE AS became
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_webhook_prices();
"""
UNDO = """
DROP FUNCTION catalog_webhook_products CASCADE;
DROP FUNCTION catalog_webhook_prices CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0030_alerts"),
        ("partners", "0001_webhooks"),
    ]

    operations = [migrations.RunSQL(TRIGGERS, UNDO)]
