from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0009_methods_are_frozen")]

    operations = [
        migrations.AddField(
            model_name="editingsession",
            name="opened_at",
            field=models.DateTimeField(blank=True, help_text="Empty once the page was left.", null=True),
        ),
    ]
