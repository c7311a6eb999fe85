from django.db import migrations, models


class Migration(migrations.Migration):
    """Measures of which one is enough to warn."""

    dependencies = [("watch", "0009_late_reports")]

    operations = [
        migrations.AddField("measure", "always_from", models.PositiveIntegerField(blank=True, null=True)),
    ]
