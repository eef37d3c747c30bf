import communities.together
import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('volunteers', '0006_consent_to_staying'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='Companionship',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=10, verbose_name='number asked')),
                        ('asked_at', models.DateTimeField(verbose_name='asked')),
                        ('looked_up_at', models.DateTimeField(blank=True, null=True, verbose_name='number looked up')),
                        ('declined_at', models.DateTimeField(blank=True, null=True, verbose_name='declined')),
                        ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                        ('over_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='over')),
                        ('asked', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='asked_by', to='volunteers.volunteer', verbose_name='who was asked')),
                        ('asker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='companions_asked', to='volunteers.volunteer', verbose_name='who asked')),
                    ],
                    options={
                        'verbose_name': 'people who come together',
                        'verbose_name_plural': 'people who come together',
                        'constraints': [models.CheckConstraint(condition=models.Q(('asker', models.F('asked')), _negated=True), name='companion_of_another'), models.CheckConstraint(condition=models.Q(('over_at__isnull', False), models.Q(('asked__isnull', False), ('confirmed_at__isnull', False)), _connector='OR'), name='companions_are_two'), models.UniqueConstraint(django.db.models.functions.comparison.Least('asker', 'asked'), django.db.models.functions.comparison.Greatest('asker', 'asked'), condition=models.Q(('confirmed_at__isnull', False), ('over_at', None)), name='companions_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_companionshipevent" ("asked_at", "asked_id", "asker_id", "confirmed_at", "declined_at", "id", "looked_up_at", "number", "over_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."asked_at", NEW."asked_id", NEW."asker_id", NEW."confirmed_at", NEW."declined_at", NEW."id", NEW."looked_up_at", NEW."number", NEW."over_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='1b23596d8ff54e30e81b29d48d0685fb9410a776', operation='INSERT', pgid='pgtrigger_insert_insert_2f7b3', table='volunteers_companionship', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "volunteers_companionshipevent" ("asked_at", "asked_id", "asker_id", "confirmed_at", "declined_at", "id", "looked_up_at", "number", "over_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."asked_at", NEW."asked_id", NEW."asker_id", NEW."confirmed_at", NEW."declined_at", NEW."id", NEW."looked_up_at", NEW."number", NEW."over_at", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='359c463070fcd0318d8218efae32c497bb124457', operation='UPDATE', pgid='pgtrigger_update_update_159d0', table='volunteers_companionship', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='CompanionshipEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('number', models.CharField(max_length=10, verbose_name='number asked')),
                        ('asked_at', models.DateTimeField(verbose_name='asked')),
                        ('looked_up_at', models.DateTimeField(blank=True, null=True, verbose_name='number looked up')),
                        ('declined_at', models.DateTimeField(blank=True, null=True, verbose_name='declined')),
                        ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                        ('over_at', models.DateTimeField(blank=True, null=True, verbose_name='over')),
                        ('asked', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='who was asked')),
                        ('asker', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='who asked')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='volunteers.companionship')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
    ]
