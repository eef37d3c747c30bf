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
        ('staffing', '0001_initial'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='ReadinessPlan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('in_place_by', models.DateTimeField(verbose_name='in place by')),
                        ('call_up', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='readiness', to='staffing.callup', verbose_name='call')),
                    ],
                    options={
                        'verbose_name': 'readiness plan',
                        'verbose_name_plural': 'readiness plans',
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_readinessplanevent" ("call_up_id", "id", "in_place_by", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."call_up_id", NEW."id", NEW."in_place_by", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='bf93bf1102ee825a80c79328f0f8beeb441b4ef8', operation='INSERT', pgid='pgtrigger_insert_insert_5eefc', table='staffing_readinessplan', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_readinessplanevent" ("call_up_id", "id", "in_place_by", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."call_up_id", NEW."id", NEW."in_place_by", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='186da0758a48b84e6980b8d5cc446378c2d07434', operation='UPDATE', pgid='pgtrigger_update_update_4e5a6', table='staffing_readinessplan', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='Milestone',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('aim', models.CharField(choices=[(staffing.states.Aim['GAP'], 'the gap is small enough'), (staffing.states.Aim['PLACEMENT'], 'everybody knows their place'), (staffing.states.Aim['LEADERS'], 'leaders are on site'), (staffing.states.Aim['IN_PLACE'], 'everybody is in place')], max_length=12, verbose_name='aim')),
                        ('minutes', models.PositiveSmallIntegerField(verbose_name='minutes before')),
                        ('limit', models.PositiveSmallIntegerField(default=0, verbose_name='per cent that may be open')),
                        ('escalate_minutes', models.PositiveSmallIntegerField(default=15, verbose_name='after how many minutes')),
                        ('escalate_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='then told')),
                        ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='staffing.readinessplan', verbose_name='readiness plan')),
                    ],
                    options={
                        'verbose_name': 'milestone',
                        'verbose_name_plural': 'milestones',
                        'ordering': ['-minutes', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('plan', 'aim'), name='milestone_once'), models.CheckConstraint(condition=models.Q(('limit__lte', 100)), name='milestone_limit_is_share')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_milestoneevent" ("aim", "escalate_minutes", "escalate_to_id", "id", "limit", "minutes", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id") VALUES (NEW."aim", NEW."escalate_minutes", NEW."escalate_to_id", NEW."id", NEW."limit", NEW."minutes", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id"); RETURN NULL;', hash='e65cae95a9961c400d922a80505e32e1b6faba66', operation='INSERT', pgid='pgtrigger_insert_insert_23ce9', table='staffing_milestone', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_milestoneevent" ("aim", "escalate_minutes", "escalate_to_id", "id", "limit", "minutes", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id") VALUES (NEW."aim", NEW."escalate_minutes", NEW."escalate_to_id", NEW."id", NEW."limit", NEW."minutes", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id"); RETURN NULL;', hash='23404d29217ccfbe860253adedf2b76154a0d6c1', operation='UPDATE', pgid='pgtrigger_update_update_2a08b', table='staffing_milestone', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='ReadinessPlanEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('in_place_by', models.DateTimeField(verbose_name='in place by')),
                        ('call_up', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.callup', verbose_name='call')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.readinessplan')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='MilestoneEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('aim', models.CharField(choices=[(staffing.states.Aim['GAP'], 'the gap is small enough'), (staffing.states.Aim['PLACEMENT'], 'everybody knows their place'), (staffing.states.Aim['LEADERS'], 'leaders are on site'), (staffing.states.Aim['IN_PLACE'], 'everybody is in place')], max_length=12, verbose_name='aim')),
                        ('minutes', models.PositiveSmallIntegerField(verbose_name='minutes before')),
                        ('limit', models.PositiveSmallIntegerField(default=0, verbose_name='per cent that may be open')),
                        ('escalate_minutes', models.PositiveSmallIntegerField(default=15, verbose_name='after how many minutes')),
                        ('escalate_to', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='then told')),
                        ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.milestone')),
                        ('plan', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.readinessplan', verbose_name='readiness plan')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
    ]
