from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0027_tables_brought_in")]

    operations = [
        migrations.AddField(
            model_name="audiospecs",
            name="isolation_db",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text=(
                    "How much quieter it makes what is around you, in dB, everything on: measured, or as rated (NRR, SNR)."
                ),
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="audiospecs",
            name="sound_balance",
            field=models.CharField(
                blank=True,
                choices=[
                    ("neutral", "Neutral"),
                    ("warm", "More bass"),
                    ("bright", "More treble"),
                    ("v-shaped", "More bass and treble"),
                    ("mid-forward", "Voices to the front"),
                ],
                max_length=12,
                null=True,
            ),
        ),
    ]
