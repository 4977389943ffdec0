"""Kept feeds, files and forms for alerts hear it when a shop's leave to pass prices on, or to mail them, changes."""

from __future__ import annotations

from django.db import migrations

TRIGGER = """
CREATE TRIGGER catalog_page_merchant_passed_on AFTER UPDATE OF feeds_allowed, api_allowed, mail_allowed
    ON catalog_merchant FOR EACH ROW
    WHEN ((OLD.feeds_allowed, OLD.api_allowed, OLD.mail_allowed)
        IS DISTINCT FROM (NEW.feeds_allowed, NEW.api_allowed, NEW.mail_allowed))
    EXECUTE FUNCTION catalog_page_merchant();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0032_tables_by_key")]
    operations = [migrations.RunSQL(TRIGGER, "DROP TRIGGER catalog_page_merchant_passed_on ON catalog_merchant")]
