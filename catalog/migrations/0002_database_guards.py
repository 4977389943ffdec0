"""What the database itself guards: clicks by month, readings that cannot be rewritten, a version for links."""

from django.db import migrations

CLICK_TABLE = """
CREATE TABLE catalog_click (
    id uuid NOT NULL,
    clicked_at timestamptz NOT NULL,
    code varchar(40) NOT NULL,
    is_known boolean NOT NULL DEFAULT true,
    placement varchar(60) NOT NULL DEFAULT '',
    agent varchar(8) NOT NULL CHECK (agent IN ('person', 'bot', 'prefetch')),
    agent_reason varchar(60) NOT NULL DEFAULT '',
    country varchar(2) NOT NULL DEFAULT '',
    referrer_path varchar(300) NOT NULL DEFAULT '',
    PRIMARY KEY (clicked_at, id)
) PARTITION BY RANGE (clicked_at);
CREATE INDEX catalog_click_code ON catalog_click (code, clicked_at);
CREATE TABLE catalog_click_default PARTITION OF catalog_click DEFAULT;
"""

PRICES_ARE_APPENDED = """
CREATE FUNCTION catalog_price_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'catalog_price is append-only: add a new reading instead of changing reading %', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER catalog_price_append_only BEFORE UPDATE ON catalog_price
    FOR EACH ROW EXECUTE FUNCTION catalog_price_is_append_only();
"""

# Whatever door an edit comes through (admin, import, shell), the web processes see a higher number and read the
# links again. A row, not a sequence: its new value becomes visible together with the edit, never before.
LINK_VERSION = """
CREATE TABLE catalog_link_version (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), version bigint NOT NULL);
INSERT INTO catalog_link_version (version) VALUES (1);
CREATE FUNCTION catalog_links_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog_link_version SET version = version + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_link_changed AFTER INSERT OR UPDATE OR DELETE ON catalog_link
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_links_changed();
CREATE TRIGGER catalog_merchant_changed AFTER UPDATE ON catalog_merchant FOR EACH ROW
    WHEN ((OLD.network, OLD.network_settings, OLD.hosts, OLD.is_active, OLD.link_style, OLD.name)
        IS DISTINCT FROM (NEW.network, NEW.network_settings, NEW.hosts, NEW.is_active, NEW.link_style, NEW.name))
    EXECUTE FUNCTION catalog_links_changed();
CREATE TRIGGER catalog_offer_changed AFTER UPDATE ON catalog_offer FOR EACH ROW
    WHEN ((OLD.url, OLD.merchant_id, OLD.withdrawn_at) IS DISTINCT FROM (NEW.url, NEW.merchant_id, NEW.withdrawn_at))
    EXECUTE FUNCTION catalog_links_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        migrations.RunSQL(CLICK_TABLE, "DROP TABLE catalog_click"),
        migrations.RunSQL(
            PRICES_ARE_APPENDED,
            "DROP TRIGGER catalog_price_append_only ON catalog_price; DROP FUNCTION catalog_price_is_append_only",
        ),
        migrations.RunSQL(
            LINK_VERSION,
            """
            DROP TRIGGER catalog_offer_changed ON catalog_offer;
            DROP TRIGGER catalog_merchant_changed ON catalog_merchant;
            DROP TRIGGER catalog_link_changed ON catalog_link;
            DROP FUNCTION catalog_links_changed;
            DROP TABLE catalog_link_version;
            """,
        ),
    ]
