"""Files of products, offers and links that editors bring in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import catalog.models.feed_import
import catalog.models.table_import


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0026_products_change_one_by_one"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TableImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=catalog.models.table_import.table_kinds, max_length=12)),
                (
                    "file",
                    models.FileField(blank=True, storage=catalog.models.feed_import.private_files, upload_to="%Y/%m/"),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("encoding", models.CharField(blank=True, max_length=30)),
                ("delimiter", models.CharField(blank=True, max_length=4)),
                ("header", models.JSONField(blank=True, default=list)),
                ("remarks", models.JSONField(blank=True, default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("trying", "Being tried: nothing is stored"),
                            ("tried", "Tried: waits for your word"),
                            ("storing", "Being stored"),
                            ("stopped", "Stopped"),
                            ("failed", "Failed"),
                            ("done", "Done"),
                        ],
                        default="trying",
                        max_length=8,
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                ("rows_total", models.PositiveIntegerField(default=0)),
                ("rows_new", models.PositiveIntegerField(default=0)),
                ("rows_changed", models.PositiveIntegerField(default=0)),
                ("rows_same", models.PositiveIntegerField(default=0)),
                ("rows_wrong", models.PositiveIntegerField(default=0)),
                ("stop_asked", models.BooleanField(default=False, editable=False)),
                ("claimed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="TableImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="As a spreadsheet counts: the header is row 1.")),
                (
                    "did",
                    models.CharField(
                        choices=[("new", "New"), ("changed", "Changed"), ("wrong", "Wrong")], max_length=7
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("said", models.JSONField(default=list)),
                (
                    "table_import",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="catalog.tableimport",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "indexes": [models.Index(fields=["table_import", "did", "number"], name="table_rows_by_outcome")],
                "constraints": [models.UniqueConstraint(fields=("table_import", "number"), name="table_row_once")],
            },
        ),
    ]
