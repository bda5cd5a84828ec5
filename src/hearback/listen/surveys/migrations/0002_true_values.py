import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("surveys", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrueValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=50)),
                ("statistic", models.CharField(max_length=20)),
                ("by", models.CharField(blank=True, max_length=50)),
                ("group", models.CharField(blank=True, max_length=120)),
                ("value", models.FloatField()),
                (
                    "wave",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="truth", to="surveys.wave"
                    ),
                ),
            ],
            options={
                "ordering": ("wave", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("wave", "item", "statistic", "by", "group"), name="one_truth_of_each"
                    ),
                ],
            },
        ),
    ]
