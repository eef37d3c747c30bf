import django.contrib.postgres.fields
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staffing", "0020_equipment_and_deputies"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=60, verbose_name="table")),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=63), verbose_name="columns"
                    ),
                ),
                ("last", models.BigIntegerField(verbose_name="last row")),
                ("count", models.PositiveIntegerField(verbose_name="rows")),
                ("rows", models.BinaryField(verbose_name="marks")),
                ("previous", models.CharField(max_length=64, unique=True, verbose_name="digest before")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="digest")),
                ("at", models.DateTimeField(verbose_name="sealed")),
            ],
            options={
                "verbose_name": "seal of the history",
                "verbose_name_plural": "seals of the history",
                "constraints": [models.UniqueConstraint(fields=("table", "last"), name="seal_stretch_once")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="seals_stay",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="62a34b79794397d2720abf0b88bc2b4748043ecb",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_seals_stay_54033",
                            table="staffing_seal",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
    ]
