"""What every visitor's click is written into."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tomorrow", "0002_offer")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE catalog_click ADD COLUMN of_tomorrow text NOT NULL DEFAULT ''", migrations.RunSQL.noop
        ),
    ]
