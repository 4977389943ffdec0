"""Offers start from a slower rate of change: measured on dated prices (bench/schedule.py)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_days_seen")]
    operations = [
        migrations.AlterField(
            model_name="offer",
            name="rate_days",
            field=models.FloatField(default=40.0, editable=False),
        ),
    ]
