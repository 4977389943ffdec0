"""The desk calls it by its own name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0015_scores_have_their_own_tag"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="watch",
            options={
                "ordering": ["article", "id"],
                "verbose_name": "claim to watch",
                "verbose_name_plural": "claims to watch",
            },
        ),
    ]
