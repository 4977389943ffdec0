"""What a release may add by our rule, to the tables that readers, clicks and prices meet most: one table a step."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0030_alerts"), ("reviews", "0028_comment_counts")]
    operations = [
        migrations.RunSQL("ALTER TABLE catalog_product ADD COLUMN of_tomorrow integer NULL", migrations.RunSQL.noop),
        migrations.RunSQL(
            "ALTER TABLE catalog_product ADD CONSTRAINT of_tomorrow CHECK (of_tomorrow > 0) NOT VALID",
            migrations.RunSQL.noop,
        ),
    ]
