"""Looks whether all rows keep the rule of the migration before, which they do."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("readers", "0005_weekday_of_news"),
    ]

    operations = [
        ValidateConstraint(model_name="reader", name="reader_news_weekday_is_one"),
    ]
