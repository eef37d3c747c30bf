import communities.together
import django.db.models.deletion
import pgtrigger.compiler
import staffing.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('staffing', '0012_door_rounds'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='WaveRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('status', models.CharField(choices=[(staffing.states.RunStatus['RUNNING'], 'running'), (staffing.states.RunStatus['FILLED'], 'filled'), (staffing.states.RunStatus['DONE'], 'everybody asked'), (staffing.states.RunStatus['OVER'], 'time is over'), (staffing.states.RunStatus['STOPPED'], 'stopped')], default=staffing.states.RunStatus['RUNNING'], max_length=10, verbose_name='status')),
                        ('per_seat', models.FloatField(blank=True, null=True, verbose_name='people asked for one seat')),
                        ('wait_minutes', models.PositiveSmallIntegerField(verbose_name='minutes between waves')),
                        ('channel', models.CharField(blank=True, choices=[('sms', 'text message'), ('email', 'e-mail')], max_length=10, verbose_name='first by')),
                        ('until', models.DateTimeField(verbose_name='until')),
                        ('next_at', models.DateTimeField(editable=False, verbose_name='next wave')),
                        ('started_at', models.DateTimeField(verbose_name='started')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                        ('call_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wave_runs', to='staffing.callup', verbose_name='call')),
                        ('started_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
                        ('stopped_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='stopped by')),
                    ],
                    options={
                        'verbose_name': 'run of waves',
                        'verbose_name_plural': 'runs of waves',
                        'ordering': ['-started_at', '-id'],
                        'indexes': [models.Index(condition=models.Q(('status', 'running')), fields=['next_at'], name='waves_due')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'running')), fields=('call_up',), name='one_run_of_waves'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('status', 'running')), models.Q(models.Q(('status', 'running'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='waves_end_when_over')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_waverunevent" ("call_up_id", "channel", "ended_at", "id", "next_at", "per_seat", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "started_by_id", "status", "stopped_by_id", "until", "wait_minutes") VALUES (NEW."call_up_id", NEW."channel", NEW."ended_at", NEW."id", NEW."next_at", NEW."per_seat", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."started_at", NEW."started_by_id", NEW."status", NEW."stopped_by_id", NEW."until", NEW."wait_minutes"); RETURN NULL;', hash='cddc86f0c3569ff393ac411709425356ffa8420c', operation='INSERT', pgid='pgtrigger_insert_insert_750ec', table='staffing_waverun', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."call_up_id" IS DISTINCT FROM (NEW."call_up_id") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."per_seat" IS DISTINCT FROM (NEW."per_seat") OR OLD."started_at" IS DISTINCT FROM (NEW."started_at") OR OLD."started_by_id" IS DISTINCT FROM (NEW."started_by_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."stopped_by_id" IS DISTINCT FROM (NEW."stopped_by_id") OR OLD."until" IS DISTINCT FROM (NEW."until") OR OLD."wait_minutes" IS DISTINCT FROM (NEW."wait_minutes"))', func='INSERT INTO "staffing_waverunevent" ("call_up_id", "channel", "ended_at", "id", "next_at", "per_seat", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "started_by_id", "status", "stopped_by_id", "until", "wait_minutes") VALUES (NEW."call_up_id", NEW."channel", NEW."ended_at", NEW."id", NEW."next_at", NEW."per_seat", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."started_at", NEW."started_by_id", NEW."status", NEW."stopped_by_id", NEW."until", NEW."wait_minutes"); RETURN NULL;', hash='872804cdf69bd4d080cb7631b17a8e34dd80f1ee', operation='UPDATE', pgid='pgtrigger_update_update_99dbd', table='staffing_waverun', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='Shortage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('missing', models.PositiveIntegerField(verbose_name='people missing then')),
                        ('since', models.DateTimeField(verbose_name='since')),
                        ('over_at', models.DateTimeField(blank=True, null=True, verbose_name='over')),
                        ('shift', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shortages', to='staffing.shift', verbose_name='shift')),
                    ],
                    options={
                        'verbose_name': 'shortage',
                        'verbose_name_plural': 'shortages',
                        'ordering': ['-since', '-id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('over_at', None)), fields=('shift',), name='short_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Wave',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                        ('gap', models.PositiveIntegerField(verbose_name='people missing then')),
                        ('chance', models.FloatField(verbose_name='chance that somebody comes')),
                        ('people', models.PositiveIntegerField(verbose_name='people')),
                        ('asked_at', models.DateTimeField(verbose_name='asked')),
                        ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waves', to='staffing.waverun', verbose_name='run of waves')),
                    ],
                    options={
                        'verbose_name': 'wave',
                        'verbose_name_plural': 'waves',
                        'ordering': ['run_id', 'number'],
                        'constraints': [models.UniqueConstraint(fields=('run', 'number'), name='wave_once')],
                    },
                ),
                migrations.CreateModel(
                    name='WaveRunEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('status', models.CharField(choices=[(staffing.states.RunStatus['RUNNING'], 'running'), (staffing.states.RunStatus['FILLED'], 'filled'), (staffing.states.RunStatus['DONE'], 'everybody asked'), (staffing.states.RunStatus['OVER'], 'time is over'), (staffing.states.RunStatus['STOPPED'], 'stopped')], default=staffing.states.RunStatus['RUNNING'], max_length=10, verbose_name='status')),
                        ('per_seat', models.FloatField(blank=True, null=True, verbose_name='people asked for one seat')),
                        ('wait_minutes', models.PositiveSmallIntegerField(verbose_name='minutes between waves')),
                        ('channel', models.CharField(blank=True, choices=[('sms', 'text message'), ('email', 'e-mail')], max_length=10, verbose_name='first by')),
                        ('until', models.DateTimeField(verbose_name='until')),
                        ('next_at', models.DateTimeField(editable=False, verbose_name='next wave')),
                        ('started_at', models.DateTimeField(verbose_name='started')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                        ('call_up', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.callup', verbose_name='call')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.waverun')),
                        ('started_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
                        ('stopped_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='stopped by')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
    ]
