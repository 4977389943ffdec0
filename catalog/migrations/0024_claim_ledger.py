"""The desk calls it by its own name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0023_what_sources_say"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="specevidence",
            options={"ordering": ["spec"], "verbose_name": "claim ledger entry", "verbose_name_plural": "claim ledger"},
        ),
    ]
