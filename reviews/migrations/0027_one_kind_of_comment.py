from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0026_moved_comments"),
    ]

    operations = [
        migrations.RemoveField(model_name="correction", name="comment"),
        migrations.DeleteModel(name="MovedComment"),
    ]
