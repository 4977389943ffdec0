"""A page with a direct link prints what the shop may learn of it: it goes when the merchant says something else."""

from django.db import migrations

TRIGGER = """
CREATE TRIGGER catalog_page_merchant_referrer AFTER UPDATE OF referrer_policy ON catalog_merchant FOR EACH ROW
    WHEN (OLD.referrer_policy IS DISTINCT FROM NEW.referrer_policy)
    EXECUTE FUNCTION catalog_page_merchant();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0019_clicks_by_month")]

    operations = [migrations.RunSQL(TRIGGER, "DROP TRIGGER catalog_page_merchant_referrer ON catalog_merchant")]
