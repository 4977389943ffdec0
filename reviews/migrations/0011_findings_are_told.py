from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0010_when_it_was_opened")]

    operations = [
        migrations.AddField(
            "finding",
            "told_at",
            models.DateTimeField(blank=True, help_text="When a letter named it.", null=True),
        ),
    ]
