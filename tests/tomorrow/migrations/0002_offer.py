"""Not in one step with products: a page reads both, and one of the two would have to end."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tomorrow", "0001_product")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE catalog_offer ADD COLUMN of_tomorrow integer NOT NULL DEFAULT 0", migrations.RunSQL.noop
        ),
    ]
