"""What the database guards of clicks that count: new columns, links that reload with their routes, events that stay."""

from django.db import migrations

CLICK_COLUMNS = """
ALTER TABLE catalog_click
    ADD COLUMN is_repeat boolean NOT NULL DEFAULT false,
    ADD COLUMN language varchar(3) NOT NULL DEFAULT '',
    ADD COLUMN form varchar(8) NOT NULL DEFAULT '',
    ADD COLUMN system varchar(8) NOT NULL DEFAULT '',
    ADD COLUMN is_direct boolean NOT NULL DEFAULT false,
    ADD COLUMN offer_id bigint,
    ADD COLUMN route_id bigint;
ALTER TABLE catalog_click DROP CONSTRAINT catalog_click_agent_check;
ALTER TABLE catalog_click ADD CONSTRAINT catalog_click_agent_check
    CHECK (agent IN ('person', 'bot', 'prefetch', 'staff')) NOT VALID;
"""

LESS_OF_A_CLICK = """
ALTER TABLE catalog_click DROP CONSTRAINT catalog_click_agent_check;
UPDATE catalog_click SET agent = 'bot' WHERE agent = 'staff';
ALTER TABLE catalog_click ADD CONSTRAINT catalog_click_agent_check CHECK (agent IN ('person', 'bot', 'prefetch'));
ALTER TABLE catalog_click
    DROP COLUMN is_repeat, DROP COLUMN language, DROP COLUMN form, DROP COLUMN system, DROP COLUMN is_direct,
    DROP COLUMN offer_id, DROP COLUMN route_id;
"""

LINKS_CHANGE_WITH_THEIR_ROUTES = """
CREATE TRIGGER catalog_linkroute_changed AFTER INSERT OR UPDATE OR DELETE ON catalog_linkroute
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_links_changed();
CREATE TRIGGER catalog_failover_changed AFTER INSERT OR UPDATE OR DELETE ON catalog_failover
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_links_changed();
"""

EVENTS_ARE_APPENDED = """
CREATE FUNCTION catalog_conversion_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'catalog_conversionevent is append-only: add another event instead of changing event %', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER catalog_conversion_event_append_only BEFORE UPDATE OR DELETE ON catalog_conversionevent
    FOR EACH ROW EXECUTE FUNCTION catalog_conversion_event_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0010_clicks_that_count")]

    operations = [
        migrations.RunSQL(CLICK_COLUMNS, LESS_OF_A_CLICK),
        migrations.RunSQL(
            LINKS_CHANGE_WITH_THEIR_ROUTES,
            "DROP TRIGGER catalog_failover_changed ON catalog_failover; "
            "DROP TRIGGER catalog_linkroute_changed ON catalog_linkroute",
        ),
        migrations.RunSQL(
            EVENTS_ARE_APPENDED,
            "DROP TRIGGER catalog_conversion_event_append_only ON catalog_conversionevent; "
            "DROP FUNCTION catalog_conversion_event_is_append_only",
        ),
    ]
