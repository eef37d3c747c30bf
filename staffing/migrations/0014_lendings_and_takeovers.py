import communities.together
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import staffing.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0009_acting_lead'),
        ('communities', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('staffing', '0013_waves'),
        ('volunteers', '0003_staff_lists'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='Lending',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='period')),
                        ('reason', models.CharField(max_length=200, verbose_name='reason')),
                        ('status', models.CharField(choices=[(staffing.states.LendingStatus['PROPOSED'], 'proposed'), (staffing.states.LendingStatus['AGREED'], 'agreed by both'), (staffing.states.LendingStatus['REFUSED'], 'refused'), (staffing.states.LendingStatus['WITHDRAWN'], 'withdrawn'), (staffing.states.LendingStatus['ENDED'], 'ended')], default=staffing.states.LendingStatus['PROPOSED'], max_length=10, verbose_name='status')),
                        ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                        ('given_at', models.DateTimeField(blank=True, null=True, verbose_name='the giving community agreed')),
                        ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='the receiving community agreed')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                        ('answer', models.CharField(blank=True, max_length=200, verbose_name='answer')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                        ('given_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agreed for the giving community')),
                        ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lendings_out', to='communities.area', verbose_name='giving community')),
                        ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                        ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agreed for the receiving community')),
                        ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lendings_in', to='communities.area', verbose_name='receiving community')),
                    ],
                    options={
                        'verbose_name': 'lending',
                        'verbose_name_plural': 'lendings',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['giver', 'status'], name='lendings_given'), models.Index(fields=['taker', 'status'], name='lendings_taken')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('giver', models.F('taker')), _negated=True), name='lending_between_two'), models.CheckConstraint(condition=models.Q(('given_by', models.F('taken_by')), _negated=True), name='lending_agreed_by_two'), models.CheckConstraint(condition=models.Q(('period__endswith__isnull', False), ('period__startswith__isnull', False)), name='lending_has_an_end'), models.CheckConstraint(condition=models.Q(models.Q(('status', staffing.states.LendingStatus['AGREED']), _negated=True), models.Q(('given_at__isnull', False), ('taken_at__isnull', False)), _connector='OR'), name='lending_agreed_at_both_ends')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_lendingevent" ("answer", "closed_at", "closed_by_id", "given_at", "given_by_id", "giver_id", "id", "is_demo", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "status", "taken_at", "taken_by_id", "taker_id") VALUES (NEW."answer", NEW."closed_at", NEW."closed_by_id", NEW."given_at", NEW."given_by_id", NEW."giver_id", NEW."id", NEW."is_demo", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."status", NEW."taken_at", NEW."taken_by_id", NEW."taker_id"); RETURN NULL;', hash='4d3c361657611c3068f75ab2251ee7cddcde2e96', operation='INSERT', pgid='pgtrigger_insert_insert_18553', table='staffing_lending', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_lendingevent" ("answer", "closed_at", "closed_by_id", "given_at", "given_by_id", "giver_id", "id", "is_demo", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "status", "taken_at", "taken_by_id", "taker_id") VALUES (NEW."answer", NEW."closed_at", NEW."closed_by_id", NEW."given_at", NEW."given_by_id", NEW."giver_id", NEW."id", NEW."is_demo", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."status", NEW."taken_at", NEW."taken_by_id", NEW."taker_id"); RETURN NULL;', hash='be78fa368ef8d8046b166d435fd4ae96bed16630', operation='UPDATE', pgid='pgtrigger_update_update_ccca3', table='staffing_lending', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='Takeover',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=200, verbose_name='reason')),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='period')),
                        ('returned_at', models.DateTimeField(blank=True, null=True, verbose_name='given back')),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='takeovers', to='communities.area', verbose_name='community')),
                        ('grant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='takeover', to='communities.grant', verbose_name='grant')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='takeovers', to=settings.AUTH_USER_MODEL, verbose_name='taken over by')),
                    ],
                    options={
                        'verbose_name': 'takeover of a board',
                        'verbose_name_plural': 'takeovers of boards',
                        'ordering': ['-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('period__endswith__isnull', False), ('period__startswith__isnull', False)), name='takeover_has_an_end'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('area', '='), ('period', '&&')], name='board_taken_over_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_takeoverevent" ("area_id", "grant_id", "id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "returned_at", "user_id") VALUES (NEW."area_id", NEW."grant_id", NEW."id", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."returned_at", NEW."user_id"); RETURN NULL;', hash='01a3fdaf8e35b7457d8a7b5c1963fdcd81dae05d', operation='INSERT', pgid='pgtrigger_insert_insert_7d7bc', table='staffing_takeover', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_takeoverevent" ("area_id", "grant_id", "id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "returned_at", "user_id") VALUES (NEW."area_id", NEW."grant_id", NEW."id", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."returned_at", NEW."user_id"); RETURN NULL;', hash='ea1e9ac1b54d70e78a1ca16d74825fd67a410824', operation='UPDATE', pgid='pgtrigger_update_update_8d806', table='staffing_takeover', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='LendingEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='period')),
                        ('reason', models.CharField(max_length=200, verbose_name='reason')),
                        ('status', models.CharField(choices=[(staffing.states.LendingStatus['PROPOSED'], 'proposed'), (staffing.states.LendingStatus['AGREED'], 'agreed by both'), (staffing.states.LendingStatus['REFUSED'], 'refused'), (staffing.states.LendingStatus['WITHDRAWN'], 'withdrawn'), (staffing.states.LendingStatus['ENDED'], 'ended')], default=staffing.states.LendingStatus['PROPOSED'], max_length=10, verbose_name='status')),
                        ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                        ('given_at', models.DateTimeField(blank=True, null=True, verbose_name='the giving community agreed')),
                        ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='the receiving community agreed')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                        ('answer', models.CharField(blank=True, max_length=200, verbose_name='answer')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('closed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                        ('given_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agreed for the giving community')),
                        ('giver', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='giving community')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.lending')),
                        ('proposed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                        ('taken_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agreed for the receiving community')),
                        ('taker', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='receiving community')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='LentPerson',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='period')),
                        ('binds', models.BooleanField(default=False, verbose_name='agreed')),
                        ('dropped', models.CharField(blank=True, max_length=30, verbose_name='left out because')),
                        ('enrolment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='volunteers.enrolment', verbose_name='enrolment')),
                        ('lending', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='staffing.lending', verbose_name='lending')),
                        ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lent', to='volunteers.volunteer', verbose_name='person')),
                    ],
                    options={
                        'verbose_name': 'lent person',
                        'verbose_name_plural': 'lent people',
                        'constraints': [models.UniqueConstraint(fields=('lending', 'volunteer'), name='lent_person_once'), models.CheckConstraint(condition=models.Q(('period__endswith__isnull', False), ('period__startswith__isnull', False)), name='lent_person_has_an_end'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('binds', True)), expressions=[('volunteer', '='), ('period', '&&')], name='lent_to_one_community_at_a_time')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_lentpersonevent" ("binds", "dropped", "enrolment_id", "id", "lending_id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "volunteer_id") VALUES (NEW."binds", NEW."dropped", NEW."enrolment_id", NEW."id", NEW."lending_id", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."volunteer_id"); RETURN NULL;', hash='ddb35f48290c7255229fa344497ed7f28a09f176', operation='INSERT', pgid='pgtrigger_insert_insert_37e50', table='staffing_lentperson', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_lentpersonevent" ("binds", "dropped", "enrolment_id", "id", "lending_id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "volunteer_id") VALUES (NEW."binds", NEW."dropped", NEW."enrolment_id", NEW."id", NEW."lending_id", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."volunteer_id"); RETURN NULL;', hash='b22ba2f22e678f6aba216ffd7a8bfd440f7b81cd', operation='UPDATE', pgid='pgtrigger_update_update_4515f', table='staffing_lentperson', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='TakeoverEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('reason', models.CharField(max_length=200, verbose_name='reason')),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='period')),
                        ('returned_at', models.DateTimeField(blank=True, null=True, verbose_name='given back')),
                        ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='community')),
                        ('grant', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.grant', verbose_name='grant')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.takeover')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken over by')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='LentPersonEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='period')),
                        ('binds', models.BooleanField(default=False, verbose_name='agreed')),
                        ('dropped', models.CharField(blank=True, max_length=30, verbose_name='left out because')),
                        ('enrolment', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.enrolment', verbose_name='enrolment')),
                        ('lending', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.lending', verbose_name='lending')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.lentperson')),
                        ('volunteer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='person')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
        migrations.AddIndex(
            model_name='signup',
            index=models.Index(condition=models.Q(('status__in', ['checked_in', 'completed', 'invited'])), fields=['shift', 'post', 'status'], name='asked_or_here'),
        ),
        migrations.AddIndex(
            model_name='signup',
            index=models.Index(fields=['created_at'], name='sign_up_came'),
        ),
        migrations.AddIndex(
            model_name='signup',
            index=models.Index(condition=models.Q(('respond_by', None), ('seat_no__isnull', False), ('status__in', ['cancelled', 'no_show'])), fields=['changed_at'], name='sign_up_given_up'),
        ),
    ]
