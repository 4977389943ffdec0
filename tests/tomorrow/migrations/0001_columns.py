"""What a release may add by our rule, to the tables that readers, clicks and prices meet most."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0030_alerts"), ("reviews", "0028_comment_counts")]
    operations = [
        migrations.RunSQL("ALTER TABLE catalog_product ADD COLUMN of_tomorrow integer NULL", migrations.RunSQL.noop),
        migrations.RunSQL(
            "ALTER TABLE catalog_offer ADD COLUMN of_tomorrow integer NOT NULL DEFAULT 0", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "ALTER TABLE catalog_click ADD COLUMN of_tomorrow text NOT NULL DEFAULT ''", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "ALTER TABLE catalog_product ADD CONSTRAINT of_tomorrow CHECK (of_tomorrow > 0) NOT VALID",
            migrations.RunSQL.noop,
        ),
    ]
