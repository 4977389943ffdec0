"""The redirect hears which links changed, so that one edit among a million links is one link read, and nobody waits.

A counter that every edit moves makes every edit wait for the one before, and says only that something changed.
"""

from django.db import migrations

TABLE = """
CREATE TABLE catalog_linkchange (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kind "char" NOT NULL CHECK (kind IN ('l', 'o', 'm', 'a')),
    ref bigint NOT NULL,
    code text NOT NULL DEFAULT '',
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX catalog_linkchange_xid ON catalog_linkchange (xid);
"""

# A statement that changes more links than this is told as one change of all (kind a).
FUNCTIONS = """
CREATE FUNCTION catalog_tell_links() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    most constant bigint := 20000;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (SELECT count(*) FROM new_rows) > most THEN
            INSERT INTO catalog_linkchange (kind, ref) VALUES ('a', 0);
        ELSE
            INSERT INTO catalog_linkchange (kind, ref, code) SELECT 'l', id, code FROM new_rows;
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        IF (SELECT count(*) FROM old_rows) > most THEN
            INSERT INTO catalog_linkchange (kind, ref) VALUES ('a', 0);
        ELSE
            INSERT INTO catalog_linkchange (kind, ref, code) SELECT 'l', id, code FROM old_rows;
        END IF;
    ELSE
        IF (SELECT count(*) FROM new_rows) > most THEN
            INSERT INTO catalog_linkchange (kind, ref) VALUES ('a', 0);
        ELSE
            INSERT INTO catalog_linkchange (kind, ref, code)
            SELECT DISTINCT 'l'::"char", n.id, c.code
            FROM new_rows n JOIN old_rows o USING (id) CROSS JOIN LATERAL (VALUES (n.code), (o.code)) c (code)
            WHERE (n.code, n.offer_id, n.redirect_status, n.is_active, n.expires_at, n.expired_at, n.fallback_path)
                IS DISTINCT FROM
                (o.code, o.offer_id, o.redirect_status, o.is_active, o.expires_at, o.expired_at, o.fallback_path);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION catalog_tell_part_of_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO catalog_linkchange (kind, ref) VALUES ('l', OLD.link_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO catalog_linkchange (kind, ref) VALUES ('l', NEW.link_id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION catalog_tell_side_of_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'catalog_product' THEN
        INSERT INTO catalog_linkchange (kind, ref) SELECT 'o', id FROM catalog_offer WHERE product_id = NEW.id;
    ELSIF TG_TABLE_NAME = 'catalog_offer' THEN
        INSERT INTO catalog_linkchange (kind, ref) VALUES ('o', NEW.id);
    ELSE
        INSERT INTO catalog_linkchange (kind, ref) VALUES ('m', NEW.id);
    END IF;
    RETURN NULL;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER catalog_link_added AFTER INSERT ON catalog_link REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_tell_links();
CREATE TRIGGER catalog_link_changed AFTER UPDATE ON catalog_link REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_tell_links();
CREATE TRIGGER catalog_link_deleted AFTER DELETE ON catalog_link REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_tell_links();
CREATE TRIGGER catalog_linkroute_changed AFTER INSERT OR UPDATE OR DELETE ON catalog_linkroute
    FOR EACH ROW EXECUTE FUNCTION catalog_tell_part_of_link();
CREATE TRIGGER catalog_failover_changed AFTER INSERT OR UPDATE OR DELETE ON catalog_failover
    FOR EACH ROW EXECUTE FUNCTION catalog_tell_part_of_link();
CREATE TRIGGER catalog_offer_changed AFTER UPDATE ON catalog_offer FOR EACH ROW
    WHEN ((OLD.url, OLD.merchant_id, OLD.product_id, OLD.withdrawn_at)
        IS DISTINCT FROM (NEW.url, NEW.merchant_id, NEW.product_id, NEW.withdrawn_at))
    EXECUTE FUNCTION catalog_tell_side_of_links();
CREATE TRIGGER catalog_merchant_changed AFTER UPDATE ON catalog_merchant FOR EACH ROW
    WHEN ((OLD.network, OLD.network_settings, OLD.hosts, OLD.is_active, OLD.link_style, OLD.name, OLD.referrer_policy)
        IS DISTINCT FROM
        (NEW.network, NEW.network_settings, NEW.hosts, NEW.is_active, NEW.link_style, NEW.name, NEW.referrer_policy))
    EXECUTE FUNCTION catalog_tell_side_of_links();
CREATE TRIGGER catalog_product_moved AFTER UPDATE OF slug ON catalog_product FOR EACH ROW
    WHEN (OLD.slug IS DISTINCT FROM NEW.slug)
    EXECUTE FUNCTION catalog_tell_side_of_links();
"""

NO_TRIGGERS = """
DROP TRIGGER catalog_link_added ON catalog_link;
DROP TRIGGER catalog_link_changed ON catalog_link;
DROP TRIGGER catalog_link_deleted ON catalog_link;
DROP TRIGGER catalog_linkroute_changed ON catalog_linkroute;
DROP TRIGGER catalog_failover_changed ON catalog_failover;
DROP TRIGGER catalog_offer_changed ON catalog_offer;
DROP TRIGGER catalog_merchant_changed ON catalog_merchant;
DROP TRIGGER catalog_product_moved ON catalog_product;
"""

NO_VERSION = """
DROP TRIGGER catalog_link_changed ON catalog_link;
DROP TRIGGER catalog_linkroute_changed ON catalog_linkroute;
DROP TRIGGER catalog_failover_changed ON catalog_failover;
DROP TRIGGER catalog_offer_changed ON catalog_offer;
DROP TRIGGER catalog_merchant_changed ON catalog_merchant;
DROP FUNCTION catalog_links_changed();
DROP TABLE catalog_link_version;
"""

VERSION = """
CREATE TABLE catalog_link_version (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), version bigint NOT NULL);
INSERT INTO catalog_link_version (version) VALUES (1);
CREATE FUNCTION catalog_links_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog_link_version SET version = version + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_link_changed AFTER INSERT OR UPDATE OR DELETE ON catalog_link
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_links_changed();
CREATE TRIGGER catalog_linkroute_changed AFTER INSERT OR UPDATE OR DELETE ON catalog_linkroute
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_links_changed();
CREATE TRIGGER catalog_failover_changed AFTER INSERT OR UPDATE OR DELETE ON catalog_failover
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_links_changed();
CREATE TRIGGER catalog_merchant_changed AFTER UPDATE ON catalog_merchant FOR EACH ROW
    WHEN ((OLD.network, OLD.network_settings, OLD.hosts, OLD.is_active, OLD.link_style, OLD.name, OLD.referrer_policy)
        IS DISTINCT FROM
        (NEW.network, NEW.network_settings, NEW.hosts, NEW.is_active, NEW.link_style, NEW.name, NEW.referrer_policy))
    EXECUTE FUNCTION catalog_links_changed();
CREATE TRIGGER catalog_offer_changed AFTER UPDATE ON catalog_offer FOR EACH ROW
    WHEN ((OLD.url, OLD.merchant_id, OLD.withdrawn_at) IS DISTINCT FROM (NEW.url, NEW.merchant_id, NEW.withdrawn_at))
    EXECUTE FUNCTION catalog_links_changed();
"""

NO_FUNCTIONS = """
DROP FUNCTION catalog_tell_links();
DROP FUNCTION catalog_tell_part_of_link();
DROP FUNCTION catalog_tell_side_of_links();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0020_kept_pages_hear_of_referrers")]

    operations = [
        migrations.RunSQL(NO_VERSION, VERSION),
        migrations.RunSQL(TABLE, "DROP TABLE catalog_linkchange"),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
