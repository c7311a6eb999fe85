from django.db import migrations, models


class Migration(migrations.Migration):
    """Which p-values each answer could have had, for control of false alerts that knows counts are whole numbers."""

    dependencies = [("watch", "0006_episodes_and_answers")]

    operations = [migrations.AddField("answer", "attainable", models.JSONField(null=True))]
