"""Readers' alerts, and how they hear of offers that changed: nothing is written for what nobody waits for."""

import django.db.models.deletion
from django.db import migrations, models

TRIGGERS = """
CREATE FUNCTION catalog_alert_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_alertcheck (product_id)
        SELECT DISTINCT m.product_id FROM moved m
        WHERE (EXISTS (SELECT 1 FROM catalog_alert a WHERE a.product_id = m.product_id)
            OR EXISTS (SELECT 1 FROM catalog_product p JOIN catalog_alert a ON a.product_id = p.id
                WHERE p.merged_into_id = m.product_id));
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_alert_offers_came AFTER INSERT ON catalog_offer REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_alert_moved();

CREATE FUNCTION catalog_alert_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_alertcheck (product_id)
        SELECT DISTINCT n.product_id FROM became n JOIN was o ON o.id = n.id
        WHERE ((o.product_id, o.amount, o.currency, o.availability, o.withdrawn_at, o.condition)
                IS DISTINCT FROM (n.product_id, n.amount, n.currency, n.availability, n.withdrawn_at, n.condition)
            -- a price that had grown too old to be shown is read again, at the same amount
            OR (o.seen_at IS NULL) <> (n.seen_at IS NULL) OR n.seen_at - o.seen_at >= interval '12 hours')
        AND (EXISTS (SELECT 1 FROM catalog_alert a WHERE a.product_id = n.product_id)
            OR EXISTS (SELECT 1 FROM catalog_product p JOIN catalog_alert a ON a.product_id = p.id
                WHERE p.merged_into_id = n.product_id));
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_alert_offers_changed AFTER UPDATE ON catalog_offer
    REFERENCING OLD TABLE AS was NEW TABLE AS became
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_alert_changed();
"""
UNDO = """
DROP FUNCTION catalog_alert_moved CASCADE;
DROP FUNCTION catalog_alert_changed CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0029_where_shops_deliver"),
        ("readers", "0004_news"),
    ]

    operations = [
        migrations.CreateModel(
            name="AlertCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product_id", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "product_name",
                    models.CharField(help_text="As it was called then: the record may go.", max_length=240),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("below", "It costs at most …"),
                            ("drop", "Its price drops"),
                            ("stock", "It can be ordered again"),
                        ],
                        max_length=5,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=3, help_text="At most this.", max_digits=13, null=True
                    ),
                ),
                ("currency", models.CharField(blank=True, max_length=3)),
                (
                    "country",
                    models.CharField(blank=True, help_text="ISO 3166: where to; empty: anywhere.", max_length=2),
                ),
                (
                    "is_armed",
                    models.BooleanField(default=True, help_text="Off: told, and not risen or sold out since."),
                ),
                (
                    "base",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        help_text="The price last told, or a drop counts from.",
                        max_digits=13,
                        null=True,
                    ),
                ),
                (
                    "was",
                    models.DecimalField(
                        blank=True, decimal_places=3, help_text="Before that drop.", max_digits=13, null=True
                    ),
                ),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("times_told", models.PositiveIntegerField(default=0)),
                ("ended_at", models.DateTimeField(blank=True, help_text="When its product was gone.", null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "consent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alert", to="readers.consent"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="alerts",
                        to="catalog.product",
                    ),
                ),
            ],
            options={
                "verbose_name": "price or stock alert",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("currency__regex", "^[A-Z]{3}$"), ("kind", "below")),
                            models.Q(("amount__isnull", True), ("currency__regex", "^[A-Z]{3}$"), ("kind", "drop")),
                            models.Q(("amount__isnull", True), ("currency", ""), ("kind", "stock")),
                            _connector="OR",
                        ),
                        name="alert_asks_for_one_thing",
                    )
                ],
            },
        ),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
