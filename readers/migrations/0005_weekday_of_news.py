"""On which day a weekly letter of news goes out: Mondays as before, for whoever chose none."""

import django.core.validators
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class Migration(migrations.Migration):
    dependencies = [
        ("readers", "0004_news"),
    ]

    operations = [
        migrations.AddField(
            model_name="reader",
            name="news_weekday",
            field=models.PositiveSmallIntegerField(
                choices=list(enumerate(DAYS)),
                db_default=0,
                default=0,
                help_text="Of a weekly letter of news.",
                validators=[django.core.validators.MaxValueValidator(6)],
            ),
        ),
        migrations.AlterField(
            model_name="reader",
            name="news_rhythm",
            field=models.CharField(
                choices=[
                    ("at_once", "Soon after it happens"),
                    ("daily", "Once a day, all in one letter"),
                    ("weekly", "Once a week, all in one letter"),
                ],
                default="at_once",
                max_length=8,
            ),
        ),
        # Read through in a migration of its own, while others write.
        AddConstraintNotValid(
            model_name="reader",
            constraint=models.CheckConstraint(
                condition=models.Q(("news_weekday__lte", 6)), name="reader_news_weekday_is_one"
            ),
        ),
    ]
