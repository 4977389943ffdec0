"""A destination keeps its evidence and what an editor said of it; pages that name a failing offer go when that changes."""

from django.db import migrations, models

# What readers see of a destination is whether it strands them, and how. A look that finds the same purges nothing.
PAGES = """
CREATE FUNCTION catalog_page_trouble(state text, decision text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN state IN ('broken', 'sold_out', 'elsewhere') AND decision <> 'accepted' THEN state ELSE '' END
$$;

CREATE FUNCTION catalog_page_destination() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing)
        SELECT 'offers:' || product_id FROM catalog_offer WHERE id = NEW.offer_id;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_destination_came AFTER INSERT ON catalog_destination FOR EACH ROW
    WHEN (catalog_page_trouble(NEW.state, NEW.decision) <> '') EXECUTE FUNCTION catalog_page_destination();
CREATE TRIGGER catalog_page_destination_changed AFTER UPDATE ON catalog_destination FOR EACH ROW
    WHEN (catalog_page_trouble(OLD.state, OLD.decision) <> catalog_page_trouble(NEW.state, NEW.decision))
    EXECUTE FUNCTION catalog_page_destination();

CREATE FUNCTION catalog_page_failover() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing)
        SELECT DISTINCT 'offers:' || o.product_id FROM moved f JOIN catalog_offer o ON o.id IN (f.from_offer_id, f.to_offer_id);
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_failover_came AFTER INSERT ON catalog_failover REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_failover();
CREATE TRIGGER catalog_page_failover_changed AFTER UPDATE ON catalog_failover REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_failover();
CREATE TRIGGER catalog_page_failover_gone AFTER DELETE ON catalog_failover REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_failover();
"""

UNDO = """
DROP FUNCTION catalog_page_failover CASCADE;
DROP FUNCTION catalog_page_destination CASCADE;
DROP FUNCTION catalog_page_trouble CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0011_clicks_and_routes_guarded")]

    operations = [
        migrations.AddField(
            model_name="destination",
            name="confirmed_at",
            field=models.DateTimeField(
                blank=True, editable=False, help_text="When the failure was last seen with our own eyes.", null=True
            ),
        ),
        migrations.AddField(
            model_name="destination",
            name="hops",
            field=models.JSONField(
                blank=True,
                default=list,
                editable=False,
                help_text="The chain of the last look: method, address, status.",
            ),
        ),
        migrations.AddField(
            model_name="destination",
            name="page_said",
            field=models.CharField(blank=True, editable=False, help_text="The words that decided.", max_length=300),
        ),
        migrations.AddField(
            model_name="destination",
            name="decision",
            field=models.CharField(
                blank=True,
                choices=[("accepted", "It is right as it is"), ("muted", "Known, say no more")],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="destination",
            name="decided_by",
            field=models.CharField(blank=True, editable=False, max_length=150),
        ),
        migrations.RunSQL(PAGES, UNDO),
    ]
