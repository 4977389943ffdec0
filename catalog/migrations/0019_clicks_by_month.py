"""Months beside days, so that a report over a year reads little."""

import django.contrib.postgres.indexes
from django.db import migrations, models


# The sum of a month follows from the sums of its days whatever door these come through: stored, counted anew, deleted.
MONTHS_FOLLOW_DAYS = """
CREATE FUNCTION catalog_click_months_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO catalog_clickmonth AS m (month, dimension, key, clicks, net_clicks)
        SELECT date_trunc('month', day)::date, dimension, key, sum(clicks), sum(net_clicks) FROM arrived
        GROUP BY 1, 2, 3 ORDER BY 2, 1, 3
        ON CONFLICT (dimension, month, key) DO UPDATE
            SET clicks = m.clicks + excluded.clicks, net_clicks = m.net_clicks + excluded.net_clicks;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE catalog_clickmonth m
        SET clicks = m.clicks + moved.clicks, net_clicks = m.net_clicks + moved.net_clicks
        FROM (
            SELECT date_trunc('month', day)::date AS month, dimension, key, sum(clicks) AS clicks,
                sum(net_clicks) AS net_clicks
            FROM (
                SELECT day, dimension, key, clicks, net_clicks FROM arrived
                UNION ALL SELECT day, dimension, key, -clicks, -net_clicks FROM left_behind
            ) both_sides GROUP BY 1, 2, 3
        ) moved
        WHERE (m.dimension, m.month, m.key) = (moved.dimension, moved.month, moved.key)
            AND (moved.clicks, moved.net_clicks) <> (0, 0);
    ELSE
        UPDATE catalog_clickmonth m
        SET clicks = m.clicks - gone.clicks, net_clicks = m.net_clicks - gone.net_clicks
        FROM (
            SELECT date_trunc('month', day)::date AS month, dimension, key, sum(clicks) AS clicks,
                sum(net_clicks) AS net_clicks
            FROM left_behind GROUP BY 1, 2, 3
        ) gone
        WHERE (m.dimension, m.month, m.key) = (gone.dimension, gone.month, gone.key);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_click_tally_came AFTER INSERT ON catalog_clicktally REFERENCING NEW TABLE AS arrived
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_click_months_follow();
CREATE TRIGGER catalog_click_tally_moved AFTER UPDATE ON catalog_clicktally
    REFERENCING NEW TABLE AS arrived OLD TABLE AS left_behind
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_click_months_follow();
CREATE TRIGGER catalog_click_tally_gone AFTER DELETE ON catalog_clicktally REFERENCING OLD TABLE AS left_behind
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_click_months_follow();
INSERT INTO catalog_clickmonth (month, dimension, key, clicks, net_clicks)
SELECT date_trunc('month', day)::date, dimension, key, sum(clicks), sum(net_clicks) FROM catalog_clicktally
GROUP BY 1, 2, 3;
"""

MONTHS_ON_THEIR_OWN = """
DROP TRIGGER catalog_click_tally_gone ON catalog_clicktally;
DROP TRIGGER catalog_click_tally_moved ON catalog_clicktally;
DROP TRIGGER catalog_click_tally_came ON catalog_clicktally;
DROP FUNCTION catalog_click_months_follow;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0018_referrer_by_merchant"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClickMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="Its first day.")),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("total", "Whole site"),
                            ("link", "Link"),
                            ("route", "Route"),
                            ("offer", "Offer"),
                            ("merchant", "Merchant"),
                            ("product", "Product"),
                            ("page", "Page"),
                            ("block", "Block"),
                            ("place", "Place"),
                            ("country", "Country"),
                            ("form", "Device"),
                        ],
                        max_length=8,
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=60)),
                ("clicks", models.PositiveIntegerField(default=0)),
                ("net_clicks", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["month", "dimension", "key"],
            },
        ),
        migrations.AddIndex(
            model_name="clicktally",
            index=models.Index(
                models.F("dimension"),
                django.contrib.postgres.indexes.OpClass("key", "varchar_pattern_ops"),
                models.F("day"),
                name="click_tally_by_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="clickmonth",
            constraint=models.UniqueConstraint(fields=("dimension", "month", "key"), name="click_month_once"),
        ),
        migrations.RunSQL(MONTHS_FOLLOW_DAYS, MONTHS_ON_THEIR_OWN),
    ]
