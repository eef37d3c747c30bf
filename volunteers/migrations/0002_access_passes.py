import communities.together
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0002_zones'),
        ('communities', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('volunteers', '0001_initial'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='AccessPass',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='period')),
                        ('reason', models.CharField(max_length=200, verbose_name='reason')),
                        ('closed_loop', models.BooleanField(default=False, verbose_name='closed loop')),
                        ('asked_at', models.DateTimeField(verbose_name='asked')),
                        ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='issued')),
                        ('refused_at', models.DateTimeField(blank=True, null=True, verbose_name='refused')),
                        ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                        ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='passes', to='communities.area', verbose_name='area')),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                        ('compound', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='passes', to='communities.compound', verbose_name='compound')),
                        ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='issued by')),
                        ('refused_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='refused by')),
                        ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='revoked by')),
                        ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passes', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'verbose_name': 'access pass',
                        'verbose_name_plural': 'access passes',
                        'ordering': ['-asked_at', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('area__isnull', True), ('compound__isnull', False)), models.Q(('area__isnull', False), ('compound__isnull', True)), _connector='OR'), name='pass_for_compound_or_area'), models.CheckConstraint(condition=models.Q(('period__endswith__isnull', False), ('period__startswith__isnull', False)), name='pass_has_an_end')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_accesspassevent" ("area_id", "asked_at", "asked_by_id", "closed_loop", "compound_id", "id", "issued_at", "issued_by_id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "refused_at", "refused_by_id", "revoked_at", "revoked_by_id", "volunteer_id") VALUES (NEW."area_id", NEW."asked_at", NEW."asked_by_id", NEW."closed_loop", NEW."compound_id", NEW."id", NEW."issued_at", NEW."issued_by_id", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."refused_at", NEW."refused_by_id", NEW."revoked_at", NEW."revoked_by_id", NEW."volunteer_id"); RETURN NULL;', hash='e39c4fefae808f688cab3c2e3cdd5dada8bbf2af', operation='INSERT', pgid='pgtrigger_insert_insert_bbdc9', table='volunteers_accesspass', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "volunteers_accesspassevent" ("area_id", "asked_at", "asked_by_id", "closed_loop", "compound_id", "id", "issued_at", "issued_by_id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "refused_at", "refused_by_id", "revoked_at", "revoked_by_id", "volunteer_id") VALUES (NEW."area_id", NEW."asked_at", NEW."asked_by_id", NEW."closed_loop", NEW."compound_id", NEW."id", NEW."issued_at", NEW."issued_by_id", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."refused_at", NEW."refused_by_id", NEW."revoked_at", NEW."revoked_by_id", NEW."volunteer_id"); RETURN NULL;', hash='9b6fdb5ee08862c638f458e86499dbad6f54b9f7', operation='UPDATE', pgid='pgtrigger_update_update_1dfb0', table='volunteers_accesspass', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='AccessPassEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='period')),
                        ('reason', models.CharField(max_length=200, verbose_name='reason')),
                        ('closed_loop', models.BooleanField(default=False, verbose_name='closed loop')),
                        ('asked_at', models.DateTimeField(verbose_name='asked')),
                        ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='issued')),
                        ('refused_at', models.DateTimeField(blank=True, null=True, verbose_name='refused')),
                        ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                        ('area', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='area')),
                        ('asked_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                        ('compound', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.compound', verbose_name='compound')),
                        ('issued_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='issued by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='volunteers.accesspass')),
                        ('refused_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='refused by')),
                        ('revoked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='revoked by')),
                        ('volunteer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
    ]
