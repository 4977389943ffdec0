"""Where shops deliver, whether their prices may be converted, and who published a rate; pages hear of all three."""

import django.contrib.postgres.fields
from django.db import migrations, models

import catalog.models.merchant

# Kept pages say whether a shop delivers there, and by which rate a price was converted.
TRIGGERS = """
CREATE TRIGGER catalog_page_merchant_delivers AFTER UPDATE OF delivers_to, conversion_allowed ON catalog_merchant
    FOR EACH ROW
    WHEN ((OLD.delivers_to, OLD.conversion_allowed) IS DISTINCT FROM (NEW.delivers_to, NEW.conversion_allowed))
    EXECUTE FUNCTION catalog_page_merchant();
CREATE FUNCTION catalog_page_rates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing) VALUES ('rates');
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_page_rates AFTER INSERT OR UPDATE OR DELETE ON catalog_exchangerate
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_page_rates();
"""
UNDO = """
DROP TRIGGER catalog_page_merchant_delivers ON catalog_merchant;
DROP FUNCTION catalog_page_rates CASCADE;
"""
# What Amazon says is shown as it says it (catalog/networks/amazon.py).
AMAZON = """
UPDATE catalog_merchant SET conversion_allowed = false WHERE network = 'amazon' OR source = 'amazon_creators';
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0028_how_it_sounds_and_shields")]

    operations = [
        migrations.AddField(
            model_name="merchant",
            name="delivers_to",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=2),
                blank=True,
                default=list,
                help_text=(
                    "Codes of ISO 3166 with commas between, for example US, CA. To readers elsewhere its offers say that "
                    "it does not deliver there, and come last. Empty: nothing is said."
                ),
                size=None,
                validators=[catalog.models.merchant.check_countries],
            ),
        ),
        migrations.AddField(
            model_name="merchant",
            name="conversion_allowed",
            field=models.BooleanField(
                default=True,
                help_text="Beside its price may stand what that is worth in the reader’s currency.",
            ),
        ),
        migrations.AddField(
            model_name="exchangerate",
            name="source",
            field=models.CharField(default="ECB", help_text="Who published it.", max_length=20),
        ),
        migrations.RunSQL(AMAZON, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
