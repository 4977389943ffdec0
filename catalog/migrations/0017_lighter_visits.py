"""Visits with fewer indexes to keep: they are found by their hash and forgotten by their time, never by their click."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0016_repaired_addresses")]

    operations = [
        migrations.DeleteModel("RecentVisit"),
        migrations.CreateModel(
            name="RecentVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("click_id", models.UUIDField()),
                ("visit", models.BigIntegerField()),
                ("code", models.CharField(max_length=40)),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["counted_at"],
                "indexes": [
                    models.Index(fields=["visit"], name="recent_visit_found"),
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["counted_at"], name="recent_visit_forgotten", pages_per_range=16
                    ),
                ],
            },
        ),
    ]
