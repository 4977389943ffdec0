from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommender", "0003_steps_counted"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecentNeeds",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said", models.CharField(max_length=300, unique=True)),
                ("day", models.DateField()),
            ],
            options={
                "verbose_name": "needs told lately",
                "verbose_name_plural": "needs told lately",
                "ordering": ["-day", "-id"],
                "default_permissions": [],
            },
        ),
    ]
