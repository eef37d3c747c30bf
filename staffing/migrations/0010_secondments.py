import communities.together
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import staffing.states
import volunteers.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0006_place_aliases'),
        ('communities', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('staffing', '0009_chains'),
        ('volunteers', '0003_staff_lists'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='StaffRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('people', models.PositiveSmallIntegerField(verbose_name='people')),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='period')),
                        ('asked_at', models.DateTimeField(verbose_name='asked')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='staff_requests', to='communities.area', verbose_name='community')),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='staff_requests', to='communities.organisation', verbose_name='organisation')),
                        ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staffing.role', verbose_name='role')),
                    ],
                    options={
                        'verbose_name': 'request for staff',
                        'verbose_name_plural': 'requests for staff',
                        'ordering': ['-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('people__gte', 1), ('people__lte', 500)), name='staff_request_people')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_staffrequestevent" ("area_id", "asked_at", "asked_by_id", "closed_at", "id", "organisation_id", "people", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id") VALUES (NEW."area_id", NEW."asked_at", NEW."asked_by_id", NEW."closed_at", NEW."id", NEW."organisation_id", NEW."people", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role_id"); RETURN NULL;', hash='18d3f8f2d2de026a2eda98007c56b7a310860926', operation='INSERT', pgid='pgtrigger_insert_insert_defcc', table='staffing_staffrequest', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_staffrequestevent" ("area_id", "asked_at", "asked_by_id", "closed_at", "id", "organisation_id", "people", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id") VALUES (NEW."area_id", NEW."asked_at", NEW."asked_by_id", NEW."closed_at", NEW."id", NEW."organisation_id", NEW."people", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role_id"); RETURN NULL;', hash='ffa9bedbdb8649ce872f146c4ee8fe82d365b685', operation='UPDATE', pgid='pgtrigger_update_update_2bd85', table='staffing_staffrequest', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='Secondment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='period')),
                        ('status', models.CharField(choices=[(staffing.states.SecondmentStatus['PROPOSED'], 'proposed'), (staffing.states.SecondmentStatus['APPROVED'], 'approved by the unit'), (staffing.states.SecondmentStatus['ACCEPTED'], 'accepted, the person is asked'), (staffing.states.SecondmentStatus['ACKNOWLEDGED'], 'agreed by all'), (staffing.states.SecondmentStatus['ACTIVE'], 'on duty'), (staffing.states.SecondmentStatus['ENDED'], 'ended'), (staffing.states.SecondmentStatus['RECALLED'], 'recalled'), (staffing.states.SecondmentStatus['REJECTED'], 'returned'), (staffing.states.SecondmentStatus['WITHDRAWN'], 'withdrawn')], default=staffing.states.SecondmentStatus['PROPOSED'], max_length=12, verbose_name='status')),
                        ('on_the_spot', models.BooleanField(default=False, verbose_name='reported in first')),
                        ('confirm_by', models.DateTimeField(blank=True, null=True, verbose_name='unit confirms by')),
                        ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                        ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                        ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted')),
                        ('acknowledged_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed by the person')),
                        ('recalled_at', models.DateTimeField(blank=True, null=True, verbose_name='recalled')),
                        ('urgent', models.BooleanField(default=False, verbose_name='recalled at once')),
                        ('kind_before', models.CharField(choices=[(volunteers.states.PersonKind['VOLUNTEER'], 'volunteer'), (volunteers.states.PersonKind['COMMUNITY_STAFF'], 'community staff'), (volunteers.states.PersonKind['GRID_MEMBER'], 'grid member'), (volunteers.states.PersonKind['SOCIAL_WORKER'], 'social worker'), (volunteers.states.PersonKind['SECONDED'], 'seconded employee'), (volunteers.states.PersonKind['MEDICAL'], 'medical staff'), (volunteers.states.PersonKind['AGENCY'], 'agency staff'), (volunteers.states.PersonKind['DRIVER'], 'driver')], default=volunteers.states.PersonKind['VOLUNTEER'], editable=False, max_length=20, verbose_name='kind before')),
                        ('reason', models.CharField(blank=True, max_length=30, verbose_name='reason')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accepted by')),
                        ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='secondments', to='communities.area', verbose_name='community')),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='secondments', to='communities.organisation', verbose_name='lending unit')),
                        ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                        ('recalled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recalled by')),
                        ('renews', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='renewals', to='staffing.secondment', verbose_name='renews')),
                        ('role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='secondments', to='staffing.role', verbose_name='role')),
                        ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='secondments', to='volunteers.volunteer', verbose_name='person')),
                        ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='secondments', to='staffing.staffrequest', verbose_name='request')),
                    ],
                    options={
                        'verbose_name': 'secondment',
                        'verbose_name_plural': 'secondments',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['area', 'status'], name='secondments_here'), models.Index(fields=['organisation', 'status'], name='secondments_lent'), models.Index(condition=models.Q(('status__in', [staffing.states.SecondmentStatus['ACCEPTED'], staffing.states.SecondmentStatus['ACKNOWLEDGED'], staffing.states.SecondmentStatus['ACTIVE'], staffing.states.SecondmentStatus['APPROVED'], staffing.states.SecondmentStatus['PROPOSED']])), fields=['volunteer'], name='secondments_open')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status', staffing.states.SecondmentStatus['ACTIVE'])), fields=('volunteer',), name='seconded_once'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status__in', [staffing.states.SecondmentStatus['ACCEPTED'], staffing.states.SecondmentStatus['ACKNOWLEDGED'], staffing.states.SecondmentStatus['ACTIVE']])), expressions=[('volunteer', '='), ('period', '&&')], name='lent_to_one_place_at_a_time'), models.CheckConstraint(condition=models.Q(('approved_by', models.F('accepted_by')), _negated=True), name='secondment_by_two_ends'), models.CheckConstraint(condition=models.Q(('period__endswith__isnull', False), ('period__startswith__isnull', False)), name='secondment_has_an_end'), models.CheckConstraint(condition=models.Q(models.Q(('status', staffing.states.SecondmentStatus['ACTIVE']), _negated=True), models.Q(('accepted_at__isnull', False), ('acknowledged_at__isnull', False)), _connector='OR'), name='active_is_accepted_and_agreed')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_secondmentevent" ("accepted_at", "accepted_by_id", "acknowledged_at", "approved_at", "approved_by_id", "area_id", "confirm_by", "ended_at", "id", "is_demo", "kind_before", "on_the_spot", "organisation_id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "recalled_at", "recalled_by_id", "renews_id", "request_id", "role_id", "status", "urgent", "volunteer_id") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."acknowledged_at", NEW."approved_at", NEW."approved_by_id", NEW."area_id", NEW."confirm_by", NEW."ended_at", NEW."id", NEW."is_demo", NEW."kind_before", NEW."on_the_spot", NEW."organisation_id", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."recalled_at", NEW."recalled_by_id", NEW."renews_id", NEW."request_id", NEW."role_id", NEW."status", NEW."urgent", NEW."volunteer_id"); RETURN NULL;', hash='153f83d3711a54d2376c29a10b26da51927c53ef', operation='INSERT', pgid='pgtrigger_insert_insert_cdffb', table='staffing_secondment', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_secondmentevent" ("accepted_at", "accepted_by_id", "acknowledged_at", "approved_at", "approved_by_id", "area_id", "confirm_by", "ended_at", "id", "is_demo", "kind_before", "on_the_spot", "organisation_id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "recalled_at", "recalled_by_id", "renews_id", "request_id", "role_id", "status", "urgent", "volunteer_id") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."acknowledged_at", NEW."approved_at", NEW."approved_by_id", NEW."area_id", NEW."confirm_by", NEW."ended_at", NEW."id", NEW."is_demo", NEW."kind_before", NEW."on_the_spot", NEW."organisation_id", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."recalled_at", NEW."recalled_by_id", NEW."renews_id", NEW."request_id", NEW."role_id", NEW."status", NEW."urgent", NEW."volunteer_id"); RETURN NULL;', hash='bd4ccac420df974977ac3a50ab2b095749c8817b', operation='UPDATE', pgid='pgtrigger_update_update_d5210', table='staffing_secondment', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='StaffRequestEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('people', models.PositiveSmallIntegerField(verbose_name='people')),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='period')),
                        ('asked_at', models.DateTimeField(verbose_name='asked')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                        ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='community')),
                        ('asked_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                        ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.organisation', verbose_name='organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.staffrequest')),
                        ('role', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.role', verbose_name='role')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='SecondmentEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='period')),
                        ('status', models.CharField(choices=[(staffing.states.SecondmentStatus['PROPOSED'], 'proposed'), (staffing.states.SecondmentStatus['APPROVED'], 'approved by the unit'), (staffing.states.SecondmentStatus['ACCEPTED'], 'accepted, the person is asked'), (staffing.states.SecondmentStatus['ACKNOWLEDGED'], 'agreed by all'), (staffing.states.SecondmentStatus['ACTIVE'], 'on duty'), (staffing.states.SecondmentStatus['ENDED'], 'ended'), (staffing.states.SecondmentStatus['RECALLED'], 'recalled'), (staffing.states.SecondmentStatus['REJECTED'], 'returned'), (staffing.states.SecondmentStatus['WITHDRAWN'], 'withdrawn')], default=staffing.states.SecondmentStatus['PROPOSED'], max_length=12, verbose_name='status')),
                        ('on_the_spot', models.BooleanField(default=False, verbose_name='reported in first')),
                        ('confirm_by', models.DateTimeField(blank=True, null=True, verbose_name='unit confirms by')),
                        ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                        ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                        ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted')),
                        ('acknowledged_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed by the person')),
                        ('recalled_at', models.DateTimeField(blank=True, null=True, verbose_name='recalled')),
                        ('urgent', models.BooleanField(default=False, verbose_name='recalled at once')),
                        ('kind_before', models.CharField(choices=[(volunteers.states.PersonKind['VOLUNTEER'], 'volunteer'), (volunteers.states.PersonKind['COMMUNITY_STAFF'], 'community staff'), (volunteers.states.PersonKind['GRID_MEMBER'], 'grid member'), (volunteers.states.PersonKind['SOCIAL_WORKER'], 'social worker'), (volunteers.states.PersonKind['SECONDED'], 'seconded employee'), (volunteers.states.PersonKind['MEDICAL'], 'medical staff'), (volunteers.states.PersonKind['AGENCY'], 'agency staff'), (volunteers.states.PersonKind['DRIVER'], 'driver')], default=volunteers.states.PersonKind['VOLUNTEER'], editable=False, max_length=20, verbose_name='kind before')),
                        ('reason', models.CharField(blank=True, max_length=30, verbose_name='reason')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('accepted_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accepted by')),
                        ('approved_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                        ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='community')),
                        ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.organisation', verbose_name='lending unit')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.secondment')),
                        ('proposed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                        ('recalled_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recalled by')),
                        ('renews', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.secondment', verbose_name='renews')),
                        ('role', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.role', verbose_name='role')),
                        ('volunteer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='person')),
                        ('request', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.staffrequest', verbose_name='request')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='signup',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='signup',
            name='update_update',
        ),
        migrations.AddField(
            model_name='signup',
            name='secondment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sign_ups', to='staffing.secondment', verbose_name='secondment'),
        ),
        migrations.AddField(
            model_name='signupevent',
            name='secondment',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.secondment', verbose_name='secondment'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signup',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_signupevent" ("auto_accept", "auto_checkout", "changed_at", "channel", "checked_in_at", "checked_out_at", "created_at", "entered_by_id", "fit_for_duty", "id", "late", "on_my_way_at", "only_role_id", "only_shifts", "override_by_id", "override_reason", "party", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed", "pledge_id", "post_id", "priority", "reason", "replaces_id", "respond_by", "seat_no", "secondment_id", "shift_id", "status", "volunteer_id") VALUES (NEW."auto_accept", NEW."auto_checkout", NEW."changed_at", NEW."channel", NEW."checked_in_at", NEW."checked_out_at", NEW."created_at", NEW."entered_by_id", NEW."fit_for_duty", NEW."id", NEW."late", NEW."on_my_way_at", NEW."only_role_id", NEW."only_shifts", NEW."override_by_id", NEW."override_reason", NEW."party", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."placed", NEW."pledge_id", NEW."post_id", NEW."priority", NEW."reason", NEW."replaces_id", NEW."respond_by", NEW."seat_no", NEW."secondment_id", NEW."shift_id", NEW."status", NEW."volunteer_id"); RETURN NULL;', hash='f4632a0d9cde602afdf79656eb7484ca7783308f', operation='INSERT', pgid='pgtrigger_insert_insert_ab761', table='staffing_signup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signup',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."auto_accept" IS DISTINCT FROM (NEW."auto_accept") OR OLD."auto_checkout" IS DISTINCT FROM (NEW."auto_checkout") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."checked_in_at" IS DISTINCT FROM (NEW."checked_in_at") OR OLD."checked_out_at" IS DISTINCT FROM (NEW."checked_out_at") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."entered_by_id" IS DISTINCT FROM (NEW."entered_by_id") OR OLD."fit_for_duty" IS DISTINCT FROM (NEW."fit_for_duty") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."late" IS DISTINCT FROM (NEW."late") OR OLD."on_my_way_at" IS DISTINCT FROM (NEW."on_my_way_at") OR OLD."only_role_id" IS DISTINCT FROM (NEW."only_role_id") OR OLD."only_shifts" IS DISTINCT FROM (NEW."only_shifts") OR OLD."override_by_id" IS DISTINCT FROM (NEW."override_by_id") OR OLD."override_reason" IS DISTINCT FROM (NEW."override_reason") OR OLD."party" IS DISTINCT FROM (NEW."party") OR OLD."period" IS DISTINCT FROM (NEW."period") OR OLD."placed" IS DISTINCT FROM (NEW."placed") OR OLD."pledge_id" IS DISTINCT FROM (NEW."pledge_id") OR OLD."post_id" IS DISTINCT FROM (NEW."post_id") OR OLD."priority" IS DISTINCT FROM (NEW."priority") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."replaces_id" IS DISTINCT FROM (NEW."replaces_id") OR OLD."respond_by" IS DISTINCT FROM (NEW."respond_by") OR OLD."seat_no" IS DISTINCT FROM (NEW."seat_no") OR OLD."secondment_id" IS DISTINCT FROM (NEW."secondment_id") OR OLD."shift_id" IS DISTINCT FROM (NEW."shift_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."volunteer_id" IS DISTINCT FROM (NEW."volunteer_id"))', func='INSERT INTO "staffing_signupevent" ("auto_accept", "auto_checkout", "changed_at", "channel", "checked_in_at", "checked_out_at", "created_at", "entered_by_id", "fit_for_duty", "id", "late", "on_my_way_at", "only_role_id", "only_shifts", "override_by_id", "override_reason", "party", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed", "pledge_id", "post_id", "priority", "reason", "replaces_id", "respond_by", "seat_no", "secondment_id", "shift_id", "status", "volunteer_id") VALUES (NEW."auto_accept", NEW."auto_checkout", NEW."changed_at", NEW."channel", NEW."checked_in_at", NEW."checked_out_at", NEW."created_at", NEW."entered_by_id", NEW."fit_for_duty", NEW."id", NEW."late", NEW."on_my_way_at", NEW."only_role_id", NEW."only_shifts", NEW."override_by_id", NEW."override_reason", NEW."party", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."placed", NEW."pledge_id", NEW."post_id", NEW."priority", NEW."reason", NEW."replaces_id", NEW."respond_by", NEW."seat_no", NEW."secondment_id", NEW."shift_id", NEW."status", NEW."volunteer_id"); RETURN NULL;', hash='8d2496fdd6af7f5a708ef7daf18d1702ec9db1e7', operation='UPDATE', pgid='pgtrigger_update_update_6a0da', table='staffing_signup', when='AFTER')),
        ),
    ]
