"""An index on a table that is in use, and a constraint checked without a lock that readers would feel."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tomorrow", "0003_click")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY offers_of_tomorrow ON catalog_offer (of_tomorrow)", migrations.RunSQL.noop
        ),
        migrations.RunSQL("ALTER TABLE catalog_product VALIDATE CONSTRAINT of_tomorrow", migrations.RunSQL.noop),
    ]
