"""The picture's file is opened when somebody asks for it, not whenever its row is read: nothing changes in the table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0012_watches_hear")]

    operations = [
        migrations.AlterField("picture", "original", models.FileField(upload_to="pictures/originals/", editable=False)),
    ]
