import communities.together
import django.db.models.deletion
import pgtrigger.compiler
import staffing.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0006_place_aliases'),
        ('communities', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('staffing', '0010_secondments'),
        ('volunteers', '0003_staff_lists'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='Filling',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_at', models.DateTimeField(verbose_name='shifts from')),
                        ('ends_at', models.DateTimeField(verbose_name='shifts until')),
                        ('seconds', models.PositiveSmallIntegerField(default=60, verbose_name='seconds at most')),
                        ('seed', models.PositiveIntegerField(default=1, verbose_name='seed')),
                        ('status', models.CharField(choices=[(staffing.states.FillingStatus['SOLVING'], 'being worked out'), (staffing.states.FillingStatus['READY'], 'ready'), (staffing.states.FillingStatus['ADOPTED'], 'adopted'), (staffing.states.FillingStatus['STOPPED'], 'put aside'), (staffing.states.FillingStatus['FAILED'], 'failed'), (staffing.states.FillingStatus['UNDONE'], 'undone')], default=staffing.states.FillingStatus['SOLVING'], max_length=10, verbose_name='status')),
                        ('made_at', models.DateTimeField(verbose_name='asked')),
                        ('begun_at', models.DateTimeField(verbose_name='begun')),
                        ('stop_asked', models.BooleanField(default=False, verbose_name='stop asked for')),
                        ('progress', models.JSONField(default=dict, verbose_name='progress')),
                        ('solved_at', models.DateTimeField(blank=True, null=True, verbose_name='worked out')),
                        ('summary', models.JSONField(default=dict, verbose_name='summary')),
                        ('adopted_at', models.DateTimeField(blank=True, null=True, verbose_name='adopted')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('adopted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='adopted by')),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fillings', to='communities.area', verbose_name='area')),
                        ('call_up', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='fillings', to='staffing.callup', verbose_name='call')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                    ],
                    options={
                        'verbose_name': 'staffing proposal',
                        'verbose_name_plural': 'staffing proposals',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(condition=models.Q(('status', staffing.states.FillingStatus['SOLVING'])), fields=['id'], name='fillings_unsolved'), models.Index(fields=['area', '-id'], name='fillings_here')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='filling_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('status', staffing.states.FillingStatus['ADOPTED']), _negated=True), models.Q(('adopted_at__isnull', False), ('adopted_by__isnull', False)), _connector='OR'), name='filling_adopted_by_somebody')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_fillingevent" ("adopted_at", "adopted_by_id", "area_id", "begun_at", "call_up_id", "ends_at", "id", "is_demo", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress", "seconds", "seed", "solved_at", "starts_at", "status", "stop_asked", "summary") VALUES (NEW."adopted_at", NEW."adopted_by_id", NEW."area_id", NEW."begun_at", NEW."call_up_id", NEW."ends_at", NEW."id", NEW."is_demo", NEW."made_at", NEW."made_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."progress", NEW."seconds", NEW."seed", NEW."solved_at", NEW."starts_at", NEW."status", NEW."stop_asked", NEW."summary"); RETURN NULL;', hash='757df8931f05bed47d91867a1f5c68e0c0e64049', operation='INSERT', pgid='pgtrigger_insert_insert_d49c5', table='staffing_filling', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."stop_asked" IS DISTINCT FROM (NEW."stop_asked"))', func='INSERT INTO "staffing_fillingevent" ("adopted_at", "adopted_by_id", "area_id", "begun_at", "call_up_id", "ends_at", "id", "is_demo", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress", "seconds", "seed", "solved_at", "starts_at", "status", "stop_asked", "summary") VALUES (NEW."adopted_at", NEW."adopted_by_id", NEW."area_id", NEW."begun_at", NEW."call_up_id", NEW."ends_at", NEW."id", NEW."is_demo", NEW."made_at", NEW."made_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."progress", NEW."seconds", NEW."seed", NEW."solved_at", NEW."starts_at", NEW."status", NEW."stop_asked", NEW."summary"); RETURN NULL;', hash='808b2a3f96bce2171d0fe3050acfcc86767cf721', operation='UPDATE', pgid='pgtrigger_update_update_b60e6', table='staffing_filling', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_fillingevent" ("adopted_at", "adopted_by_id", "area_id", "begun_at", "call_up_id", "ends_at", "id", "is_demo", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress", "seconds", "seed", "solved_at", "starts_at", "status", "stop_asked", "summary") VALUES (OLD."adopted_at", OLD."adopted_by_id", OLD."area_id", OLD."begun_at", OLD."call_up_id", OLD."ends_at", OLD."id", OLD."is_demo", OLD."made_at", OLD."made_by_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."progress", OLD."seconds", OLD."seed", OLD."solved_at", OLD."starts_at", OLD."status", OLD."stop_asked", OLD."summary"); RETURN NULL;', hash='6df37e4d24ba6cc882f718cfbfcdbe51b3088302', operation='DELETE', pgid='pgtrigger_delete_delete_9cfa7', table='staffing_filling', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='FillingEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('starts_at', models.DateTimeField(verbose_name='shifts from')),
                        ('ends_at', models.DateTimeField(verbose_name='shifts until')),
                        ('seconds', models.PositiveSmallIntegerField(default=60, verbose_name='seconds at most')),
                        ('seed', models.PositiveIntegerField(default=1, verbose_name='seed')),
                        ('status', models.CharField(choices=[(staffing.states.FillingStatus['SOLVING'], 'being worked out'), (staffing.states.FillingStatus['READY'], 'ready'), (staffing.states.FillingStatus['ADOPTED'], 'adopted'), (staffing.states.FillingStatus['STOPPED'], 'put aside'), (staffing.states.FillingStatus['FAILED'], 'failed'), (staffing.states.FillingStatus['UNDONE'], 'undone')], default=staffing.states.FillingStatus['SOLVING'], max_length=10, verbose_name='status')),
                        ('made_at', models.DateTimeField(verbose_name='asked')),
                        ('begun_at', models.DateTimeField(verbose_name='begun')),
                        ('stop_asked', models.BooleanField(default=False, verbose_name='stop asked for')),
                        ('progress', models.JSONField(default=dict, verbose_name='progress')),
                        ('solved_at', models.DateTimeField(blank=True, null=True, verbose_name='worked out')),
                        ('summary', models.JSONField(default=dict, verbose_name='summary')),
                        ('adopted_at', models.DateTimeField(blank=True, null=True, verbose_name='adopted')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('adopted_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='adopted by')),
                        ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='area')),
                        ('call_up', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.callup', verbose_name='call')),
                        ('made_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.filling')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='FillingFacts',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('data', models.BinaryField(verbose_name='arrays')),
                        ('filling', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='staffing.filling', verbose_name='staffing proposal')),
                    ],
                    options={
                        'verbose_name': 'facts of a staffing proposal',
                        'verbose_name_plural': 'facts of staffing proposals',
                    },
                ),
                migrations.CreateModel(
                    name='FillingPart',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('no', models.PositiveIntegerField(verbose_name='number')),
                        ('people', models.PositiveIntegerField(verbose_name='people')),
                        ('pairs', models.BinaryField(null=True, verbose_name='chosen pairs')),
                        ('objective', models.BigIntegerField(null=True, verbose_name='objective')),
                        ('bound', models.BigIntegerField(null=True, verbose_name='bound')),
                        ('filling', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='staffing.filling', verbose_name='staffing proposal')),
                    ],
                    options={
                        'verbose_name': 'part of a staffing proposal',
                        'verbose_name_plural': 'parts of staffing proposals',
                        'constraints': [models.UniqueConstraint(fields=('filling', 'no'), name='filling_part_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Gap',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('seats', models.PositiveSmallIntegerField(verbose_name='seats')),
                        ('binding', models.CharField(max_length=30, verbose_name='reason')),
                        ('eligible', models.PositiveIntegerField(default=0, verbose_name='people who may')),
                        ('near', models.JSONField(default=dict, verbose_name='kept away by one rule alone')),
                        ('filling', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gaps', to='staffing.filling', verbose_name='staffing proposal')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='staffing.post', verbose_name='post')),
                    ],
                    options={
                        'verbose_name': 'seat left empty',
                        'verbose_name_plural': 'seats left empty',
                        'ordering': ['-seats', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('filling', 'post'), name='gap_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Move',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('asked', models.BooleanField(default=True, verbose_name='is asked first')),
                        ('reasons', models.JSONField(default=list, verbose_name='reasons')),
                        ('mark', models.CharField(choices=[(staffing.states.Mark['FREE'], 'free to change'), (staffing.states.Mark['PINNED'], 'pinned'), (staffing.states.Mark['BANNED'], 'not wanted')], default=staffing.states.Mark['FREE'], max_length=8, verbose_name='mark')),
                        ('status', models.CharField(choices=[(staffing.states.MoveStatus['PROPOSED'], 'proposed'), (staffing.states.MoveStatus['INVITED'], 'asked'), (staffing.states.MoveStatus['PLACED'], 'placed'), (staffing.states.MoveStatus['GONE'], 'did not hold any more'), (staffing.states.MoveStatus['UNDONE'], 'taken back')], default=staffing.states.MoveStatus['PROPOSED'], max_length=10, verbose_name='status')),
                        ('code', models.CharField(blank=True, max_length=30, verbose_name='reason')),
                        ('filling', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='staffing.filling', verbose_name='staffing proposal')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='staffing.post', verbose_name='post')),
                        ('sign_up', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='move', to='staffing.signup', verbose_name='sign-up')),
                        ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'verbose_name': 'proposed seat',
                        'verbose_name_plural': 'proposed seats',
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('filling', 'post', 'volunteer'), name='move_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_moveevent" ("asked", "code", "filling_id", "id", "mark", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "reasons", "sign_up_id", "status", "volunteer_id") VALUES (NEW."asked", NEW."code", NEW."filling_id", NEW."id", NEW."mark", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."post_id", NEW."reasons", NEW."sign_up_id", NEW."status", NEW."volunteer_id"); RETURN NULL;', hash='8e400fbab06bc94f781886e5334aa3a047635925', operation='INSERT', pgid='pgtrigger_insert_insert_cdb7f', table='staffing_move', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_moveevent" ("asked", "code", "filling_id", "id", "mark", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "reasons", "sign_up_id", "status", "volunteer_id") VALUES (NEW."asked", NEW."code", NEW."filling_id", NEW."id", NEW."mark", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."post_id", NEW."reasons", NEW."sign_up_id", NEW."status", NEW."volunteer_id"); RETURN NULL;', hash='e9d86312d4122e45a09b2992d13335544f102f66', operation='UPDATE', pgid='pgtrigger_update_update_cb818', table='staffing_move', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='MoveEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('asked', models.BooleanField(default=True, verbose_name='is asked first')),
                        ('reasons', models.JSONField(default=list, verbose_name='reasons')),
                        ('mark', models.CharField(choices=[(staffing.states.Mark['FREE'], 'free to change'), (staffing.states.Mark['PINNED'], 'pinned'), (staffing.states.Mark['BANNED'], 'not wanted')], default=staffing.states.Mark['FREE'], max_length=8, verbose_name='mark')),
                        ('status', models.CharField(choices=[(staffing.states.MoveStatus['PROPOSED'], 'proposed'), (staffing.states.MoveStatus['INVITED'], 'asked'), (staffing.states.MoveStatus['PLACED'], 'placed'), (staffing.states.MoveStatus['GONE'], 'did not hold any more'), (staffing.states.MoveStatus['UNDONE'], 'taken back')], default=staffing.states.MoveStatus['PROPOSED'], max_length=10, verbose_name='status')),
                        ('code', models.CharField(blank=True, max_length=30, verbose_name='reason')),
                        ('filling', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.filling', verbose_name='staffing proposal')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.move')),
                        ('post', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.post', verbose_name='post')),
                        ('sign_up', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.signup', verbose_name='sign-up')),
                        ('volunteer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
    ]
