"""What a shop learns of our pages can be its own programme's wish, and `/go/` hears of it like of any other change."""

from django.db import migrations, models

TRIGGER = """
DROP TRIGGER catalog_merchant_changed ON catalog_merchant;
CREATE TRIGGER catalog_merchant_changed AFTER UPDATE ON catalog_merchant FOR EACH ROW
    WHEN (({old}) IS DISTINCT FROM ({new}))
    EXECUTE FUNCTION catalog_links_changed();
"""
COLUMNS = ("network", "network_settings", "hosts", "is_active", "link_style", "name")


def trigger(*columns: str) -> str:
    return TRIGGER.format(
        old=", ".join(f"OLD.{column}" for column in columns), new=", ".join(f"NEW.{column}" for column in columns)
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0017_lighter_visits")]

    operations = [
        migrations.AddField(
            model_name="merchant",
            name="referrer_policy",
            field=models.CharField(
                blank=True,
                choices=[
                    ("unsafe-url", "The page’s address, always"),
                    ("no-referrer-when-downgrade", "The page’s address, over https only"),
                    ("strict-origin-when-cross-origin", "Our site’s name, over https only"),
                    ("origin", "Our site’s name, always"),
                    ("no-referrer", "Nothing"),
                ],
                default="",
                help_text="What its shop may learn of our page, where its programme wants another than its network's.",
                max_length=32,
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(trigger(*COLUMNS, "referrer_policy"), trigger(*COLUMNS)),
    ]
