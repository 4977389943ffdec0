"""An offer whose address or merchant changed is looked at again at once, whatever door the change came through."""

from django.db import migrations

LOOK_AGAIN = """
CREATE FUNCTION catalog_destination_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog_destination SET next_check_at = now() WHERE offer_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_destination_moved AFTER UPDATE ON catalog_offer FOR EACH ROW
    WHEN ((OLD.url, OLD.merchant_id) IS DISTINCT FROM (NEW.url, NEW.merchant_id))
    EXECUTE FUNCTION catalog_destination_moved();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0015_what_earnings_rest_on")]

    operations = [migrations.RunSQL(LOOK_AGAIN, "DROP FUNCTION catalog_destination_moved CASCADE")]
