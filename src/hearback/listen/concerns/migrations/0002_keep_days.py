from django.db import migrations, models

PROMISED = {'idea': 365, 'thanks': 180, 'question': 365, 'complaint': 1825}
"""Until now these numbers were the same everywhere; concerns were kept for the 730 days that the field begins with."""


def keep_as_promised(apps, schema_editor):
    concerns = apps.get_model('concerns', 'Concern').objects
    for kind, days in PROMISED.items():
        concerns.filter(kind=kind).update(keep_days=days)


class Migration(migrations.Migration):

    dependencies = [
        ('concerns', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='concern',
            name='keep_days',
            field=models.PositiveIntegerField(default=730),
            preserve_default=False,
        ),
        migrations.RunPython(keep_as_promised, migrations.RunPython.noop),
    ]
