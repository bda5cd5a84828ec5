from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0002_outlined'),
    ]

    operations = [
        migrations.AddField(
            model_name='city',
            name='promises',
            field=models.JSONField(default=dict),
        ),
    ]
