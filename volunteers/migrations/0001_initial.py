import communities.together
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import volunteers.models.people
import volunteers.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('communities', '0001_initial'),
        ('communities', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='Volunteer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(default=volunteers.models.people.random_number, editable=False, max_length=10, unique=True, verbose_name='volunteer number')),
                        ('kind', models.CharField(choices=[(volunteers.states.PersonKind['VOLUNTEER'], 'volunteer'), (volunteers.states.PersonKind['COMMUNITY_STAFF'], 'community staff'), (volunteers.states.PersonKind['GRID_MEMBER'], 'grid member'), (volunteers.states.PersonKind['SOCIAL_WORKER'], 'social worker'), (volunteers.states.PersonKind['SECONDED'], 'seconded employee'), (volunteers.states.PersonKind['MEDICAL'], 'medical staff'), (volunteers.states.PersonKind['AGENCY'], 'agency staff'), (volunteers.states.PersonKind['DRIVER'], 'driver')], default=volunteers.states.PersonKind['VOLUNTEER'], max_length=20, verbose_name='kind')),
                        ('is_adult', models.BooleanField(default=False, verbose_name='18 or over')),
                        ('identity_document', models.CharField(blank=True, max_length=20, verbose_name='document type')),
                        ('identity_verified_at', models.DateTimeField(blank=True, null=True, verbose_name='identity verified')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('identity_verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='verified by')),
                        ('residence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='residents_serving', to='communities.compound', verbose_name='home compound')),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='volunteer', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                    ],
                    options={
                        'verbose_name': 'volunteer',
                        'verbose_name_plural': 'volunteers',
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_volunteerevent" ("created_at", "id", "identity_document", "identity_verified_at", "identity_verified_by_id", "is_adult", "is_demo", "kind", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "residence_id", "user_id") VALUES (NEW."created_at", NEW."id", NEW."identity_document", NEW."identity_verified_at", NEW."identity_verified_by_id", NEW."is_adult", NEW."is_demo", NEW."kind", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."residence_id", NEW."user_id"); RETURN NULL;', hash='55f17bd9813f746da11a936e9774fdc39b17c1d3', operation='INSERT', pgid='pgtrigger_insert_insert_fa6cd', table='volunteers_volunteer', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "volunteers_volunteerevent" ("created_at", "id", "identity_document", "identity_verified_at", "identity_verified_by_id", "is_adult", "is_demo", "kind", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "residence_id", "user_id") VALUES (NEW."created_at", NEW."id", NEW."identity_document", NEW."identity_verified_at", NEW."identity_verified_by_id", NEW."is_adult", NEW."is_demo", NEW."kind", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."residence_id", NEW."user_id"); RETURN NULL;', hash='7bfe8d42f7f58cec8c5b52ceeca028cc22e2d6a7', operation='UPDATE', pgid='pgtrigger_update_update_6cedd', table='volunteers_volunteer', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='Qualification',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120, verbose_name='name')),
                        ('name_en', models.CharField(blank=True, max_length=120, verbose_name='English name')),
                        ('slug', models.SlugField(unique=True, verbose_name='code')),
                        ('kind', models.CharField(choices=[('skill', 'skill'), ('language', 'language'), ('training', 'training'), ('licence', 'licence'), ('insurance', 'insurance')], max_length=12, verbose_name='kind')),
                        ('self_declared', models.BooleanField(default=False, verbose_name="a person's own word is enough")),
                    ],
                    options={
                        'verbose_name': 'qualification',
                        'verbose_name_plural': 'qualifications',
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_qualificationevent" ("id", "kind", "name", "name_en", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "self_declared", "slug") VALUES (NEW."id", NEW."kind", NEW."name", NEW."name_en", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."self_declared", NEW."slug"); RETURN NULL;', hash='7c1cf537845367e540622eae7e7a13262655577e', operation='INSERT', pgid='pgtrigger_insert_insert_f961f', table='volunteers_qualification', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "volunteers_qualificationevent" ("id", "kind", "name", "name_en", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "self_declared", "slug") VALUES (NEW."id", NEW."kind", NEW."name", NEW."name_en", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."self_declared", NEW."slug"); RETURN NULL;', hash='3c660f37fa2a2d7bb5f1ed21670e513516a5939f', operation='UPDATE', pgid='pgtrigger_update_update_92798', table='volunteers_qualification', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='Absence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='period')),
                        ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'verbose_name': 'absence',
                        'verbose_name_plural': 'absences',
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('volunteer', '='), ('period', '&&')], name='absence_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_absenceevent" ("id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "volunteer_id") VALUES (NEW."id", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."volunteer_id"); RETURN NULL;', hash='5e6776530be43a862b7fa5548e583edcaf83d38d', operation='INSERT', pgid='pgtrigger_insert_insert_23417', table='volunteers_absence', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "volunteers_absenceevent" ("id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "volunteer_id") VALUES (NEW."id", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."volunteer_id"); RETURN NULL;', hash='8ba3059b143f16d00058da24d750bc6bced41c38', operation='UPDATE', pgid='pgtrigger_update_update_39901', table='volunteers_absence', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='Availability',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                        ('from_time', models.TimeField(verbose_name='from')),
                        ('to_time', models.TimeField(verbose_name='until')),
                        ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='availabilities', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'verbose_name': 'availability',
                        'verbose_name_plural': 'availabilities',
                        'constraints': [models.UniqueConstraint(fields=('volunteer', 'weekday', 'from_time'), name='availability_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_availabilityevent" ("from_time", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_time", "volunteer_id", "weekday") VALUES (NEW."from_time", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."to_time", NEW."volunteer_id", NEW."weekday"); RETURN NULL;', hash='d9188c52f09e3e086a72318d380628ba03472c7f', operation='INSERT', pgid='pgtrigger_insert_insert_fa51b', table='volunteers_availability', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "volunteers_availabilityevent" ("from_time", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_time", "volunteer_id", "weekday") VALUES (NEW."from_time", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."to_time", NEW."volunteer_id", NEW."weekday"); RETURN NULL;', hash='7ac82307004e0af943b5529c7d6ae2842c54c996', operation='UPDATE', pgid='pgtrigger_update_update_9f66a', table='volunteers_availability', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='CalendarFeed',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(default=volunteers.models.people.new_feed_key, max_length=40, unique=True)),
                        ('volunteer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='feed', to='volunteers.volunteer')),
                    ],
                ),
                migrations.CreateModel(
                    name='ServiceRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sign_up', models.BigIntegerField(unique=True, verbose_name='sign-up')),
                        ('kind', models.CharField(choices=[(volunteers.states.PersonKind['VOLUNTEER'], 'volunteer'), (volunteers.states.PersonKind['COMMUNITY_STAFF'], 'community staff'), (volunteers.states.PersonKind['GRID_MEMBER'], 'grid member'), (volunteers.states.PersonKind['SOCIAL_WORKER'], 'social worker'), (volunteers.states.PersonKind['SECONDED'], 'seconded employee'), (volunteers.states.PersonKind['MEDICAL'], 'medical staff'), (volunteers.states.PersonKind['AGENCY'], 'agency staff'), (volunteers.states.PersonKind['DRIVER'], 'driver')], max_length=20, verbose_name='served as')),
                        ('what', models.CharField(max_length=200, verbose_name='activity')),
                        ('where', models.CharField(max_length=200, verbose_name='place')),
                        ('started_at', models.DateTimeField(verbose_name='from')),
                        ('ended_at', models.DateTimeField(verbose_name='until')),
                        ('minutes', models.PositiveIntegerField(verbose_name='minutes')),
                        ('needs_confirmation', models.BooleanField(default=False, verbose_name='needs confirmation')),
                        ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='communities.area', verbose_name='community')),
                        ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                        ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'verbose_name': 'service record',
                        'verbose_name_plural': 'service records',
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_servicerecordevent" ("community_id", "confirmed_by_id", "ended_at", "id", "kind", "minutes", "needs_confirmation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sign_up", "started_at", "volunteer_id", "what", "where") VALUES (NEW."community_id", NEW."confirmed_by_id", NEW."ended_at", NEW."id", NEW."kind", NEW."minutes", NEW."needs_confirmation", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sign_up", NEW."started_at", NEW."volunteer_id", NEW."what", NEW."where"); RETURN NULL;', hash='d4d1107c8e927b82aec6a59f1f75c28efddc5d53', operation='INSERT', pgid='pgtrigger_insert_insert_b1689', table='volunteers_servicerecord', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "volunteers_servicerecordevent" ("community_id", "confirmed_by_id", "ended_at", "id", "kind", "minutes", "needs_confirmation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sign_up", "started_at", "volunteer_id", "what", "where") VALUES (NEW."community_id", NEW."confirmed_by_id", NEW."ended_at", NEW."id", NEW."kind", NEW."minutes", NEW."needs_confirmation", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sign_up", NEW."started_at", NEW."volunteer_id", NEW."what", NEW."where"); RETURN NULL;', hash='a7db1f2372923f849b6313afe9d1a2bdfb232daf', operation='UPDATE', pgid='pgtrigger_update_update_eee52', table='volunteers_servicerecord', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='VolunteerEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('number', models.CharField(default=volunteers.models.people.random_number, editable=False, max_length=10, verbose_name='volunteer number')),
                        ('kind', models.CharField(choices=[(volunteers.states.PersonKind['VOLUNTEER'], 'volunteer'), (volunteers.states.PersonKind['COMMUNITY_STAFF'], 'community staff'), (volunteers.states.PersonKind['GRID_MEMBER'], 'grid member'), (volunteers.states.PersonKind['SOCIAL_WORKER'], 'social worker'), (volunteers.states.PersonKind['SECONDED'], 'seconded employee'), (volunteers.states.PersonKind['MEDICAL'], 'medical staff'), (volunteers.states.PersonKind['AGENCY'], 'agency staff'), (volunteers.states.PersonKind['DRIVER'], 'driver')], default=volunteers.states.PersonKind['VOLUNTEER'], max_length=20, verbose_name='kind')),
                        ('is_adult', models.BooleanField(default=False, verbose_name='18 or over')),
                        ('identity_document', models.CharField(blank=True, max_length=20, verbose_name='document type')),
                        ('identity_verified_at', models.DateTimeField(blank=True, null=True, verbose_name='identity verified')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('identity_verified_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='verified by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='volunteers.volunteer')),
                        ('residence', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.compound', verbose_name='home compound')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Affiliation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('external_id', models.CharField(blank=True, max_length=40, verbose_name='staff number')),
                        ('from_day', models.DateField(default=django.utils.timezone.localdate, verbose_name='from')),
                        ('to_day', models.DateField(blank=True, null=True, verbose_name='until')),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='affiliations', to='communities.organisation', verbose_name='organisation')),
                        ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='affiliations', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'verbose_name': 'affiliation',
                        'verbose_name_plural': 'affiliations',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('to_day', None)), fields=('volunteer', 'organisation'), name='affiliation_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_affiliationevent" ("external_id", "from_day", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_day", "volunteer_id") VALUES (NEW."external_id", NEW."from_day", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."to_day", NEW."volunteer_id"); RETURN NULL;', hash='98c2803bc010a55a07cc3e35960ecfe7198bdd3b', operation='INSERT', pgid='pgtrigger_insert_insert_8fd96', table='volunteers_affiliation', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "volunteers_affiliationevent" ("external_id", "from_day", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_day", "volunteer_id") VALUES (NEW."external_id", NEW."from_day", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."to_day", NEW."volunteer_id"); RETURN NULL;', hash='13c69e766d183785b53e2ef9c4a4b50646e27851', operation='UPDATE', pgid='pgtrigger_update_update_ea99d', table='volunteers_affiliation', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='Consent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('purpose', models.CharField(choices=[(volunteers.states.Purpose['SERVICE'], 'being scheduled for service'), (volunteers.states.Purpose['SKILLS'], 'keeping skills'), (volunteers.states.Purpose['URGENT_CALLS'], 'urgent calls at night'), (volunteers.states.Purpose['PUBLICITY'], 'photos and publicity'), (volunteers.states.Purpose['EMERGENCY_CONTACT'], 'emergency contact')], max_length=20, verbose_name='purpose')),
                        ('text_version', models.CharField(max_length=20, verbose_name='text version')),
                        ('channel', models.CharField(choices=[(volunteers.states.Channel['WEB'], 'web page'), (volunteers.states.Channel['API'], 'API'), (volunteers.states.Channel['DESK'], 'desk'), (volunteers.states.Channel['WALK_IN'], 'walk-in'), (volunteers.states.Channel['CHAIN'], 'chain list'), (volunteers.states.Channel['PLEDGE'], 'pledge')], max_length=10, verbose_name='channel')),
                        ('given_at', models.DateTimeField(verbose_name='given')),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                        ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                        ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'verbose_name': 'consent',
                        'verbose_name_plural': 'consents',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('volunteer', 'purpose', 'text_version'), name='consent_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_consentevent" ("channel", "given_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "recorded_by_id", "text_version", "volunteer_id", "withdrawn_at") VALUES (NEW."channel", NEW."given_at", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose", NEW."recorded_by_id", NEW."text_version", NEW."volunteer_id", NEW."withdrawn_at"); RETURN NULL;', hash='ede6638dc874fc6908a67044d3798c7c27f60644', operation='INSERT', pgid='pgtrigger_insert_insert_108a9', table='volunteers_consent', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "volunteers_consentevent" ("channel", "given_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "recorded_by_id", "text_version", "volunteer_id", "withdrawn_at") VALUES (NEW."channel", NEW."given_at", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose", NEW."recorded_by_id", NEW."text_version", NEW."volunteer_id", NEW."withdrawn_at"); RETURN NULL;', hash='39e457561fb2db956a198aa3ebb19547c4004e4d', operation='UPDATE', pgid='pgtrigger_update_update_d1ab6', table='volunteers_consent', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='Enrolment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('channel', models.CharField(choices=[(volunteers.states.Channel['WEB'], 'web page'), (volunteers.states.Channel['API'], 'API'), (volunteers.states.Channel['DESK'], 'desk'), (volunteers.states.Channel['WALK_IN'], 'walk-in'), (volunteers.states.Channel['CHAIN'], 'chain list'), (volunteers.states.Channel['PLEDGE'], 'pledge')], max_length=10, verbose_name='channel')),
                        ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved for sealed zones')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='since')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                        ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                        ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='communities.area', verbose_name='community')),
                        ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                        ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enrolments', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'verbose_name': 'enrolment',
                        'verbose_name_plural': 'enrolments',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('volunteer', 'community'), name='enrolment_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_enrolmentevent" ("approved_at", "approved_by_id", "channel", "community_id", "created_at", "ended_at", "entered_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "volunteer_id") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."channel", NEW."community_id", NEW."created_at", NEW."ended_at", NEW."entered_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."volunteer_id"); RETURN NULL;', hash='856ac71b0d7aabee60c9d8f3dda5ce7128ac31c3', operation='INSERT', pgid='pgtrigger_insert_insert_4e3d3', table='volunteers_enrolment', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "volunteers_enrolmentevent" ("approved_at", "approved_by_id", "channel", "community_id", "created_at", "ended_at", "entered_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "volunteer_id") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."channel", NEW."community_id", NEW."created_at", NEW."ended_at", NEW."entered_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."volunteer_id"); RETURN NULL;', hash='7b8acbc23d02de547524a8ce291384c90f4626bc', operation='UPDATE', pgid='pgtrigger_update_update_52534', table='volunteers_enrolment', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='QualificationEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('name', models.CharField(max_length=120, verbose_name='name')),
                        ('name_en', models.CharField(blank=True, max_length=120, verbose_name='English name')),
                        ('slug', models.SlugField(db_index=False, verbose_name='code')),
                        ('kind', models.CharField(choices=[('skill', 'skill'), ('language', 'language'), ('training', 'training'), ('licence', 'licence'), ('insurance', 'insurance')], max_length=12, verbose_name='kind')),
                        ('self_declared', models.BooleanField(default=False, verbose_name="a person's own word is enough")),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='volunteers.qualification')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='HeldQualification',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('from_day', models.DateField(blank=True, null=True, verbose_name='from')),
                        ('expires_on', models.DateField(blank=True, null=True, verbose_name='valid until')),
                        ('verified_at', models.DateTimeField(blank=True, null=True, verbose_name='verified')),
                        ('reference', models.CharField(blank=True, max_length=80, verbose_name='reference')),
                        ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='verified by')),
                        ('qualification', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held', to='volunteers.qualification', verbose_name='qualification')),
                        ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'verbose_name': 'held qualification',
                        'verbose_name_plural': 'held qualifications',
                        'constraints': [models.UniqueConstraint(fields=('volunteer', 'qualification'), name='qualification_held_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_heldqualificationevent" ("expires_on", "from_day", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "qualification_id", "reference", "verified_at", "verified_by_id", "volunteer_id") VALUES (NEW."expires_on", NEW."from_day", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."qualification_id", NEW."reference", NEW."verified_at", NEW."verified_by_id", NEW."volunteer_id"); RETURN NULL;', hash='5c7ca974fe7d734dc63d3a7c4e79603761d45e7d', operation='INSERT', pgid='pgtrigger_insert_insert_dd9f3', table='volunteers_heldqualification', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "volunteers_heldqualificationevent" ("expires_on", "from_day", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "qualification_id", "reference", "verified_at", "verified_by_id", "volunteer_id") VALUES (NEW."expires_on", NEW."from_day", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."qualification_id", NEW."reference", NEW."verified_at", NEW."verified_by_id", NEW."volunteer_id"); RETURN NULL;', hash='408b21c2e0ec8bd050ffe8b9aefbbf4c98c147e4', operation='UPDATE', pgid='pgtrigger_update_update_a6f7e', table='volunteers_heldqualification', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='AbsenceEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='period')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='volunteers.absence')),
                        ('volunteer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='AvailabilityEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                        ('from_time', models.TimeField(verbose_name='from')),
                        ('to_time', models.TimeField(verbose_name='until')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='volunteers.availability')),
                        ('volunteer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ServiceRecordEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('sign_up', models.BigIntegerField(verbose_name='sign-up')),
                        ('kind', models.CharField(choices=[(volunteers.states.PersonKind['VOLUNTEER'], 'volunteer'), (volunteers.states.PersonKind['COMMUNITY_STAFF'], 'community staff'), (volunteers.states.PersonKind['GRID_MEMBER'], 'grid member'), (volunteers.states.PersonKind['SOCIAL_WORKER'], 'social worker'), (volunteers.states.PersonKind['SECONDED'], 'seconded employee'), (volunteers.states.PersonKind['MEDICAL'], 'medical staff'), (volunteers.states.PersonKind['AGENCY'], 'agency staff'), (volunteers.states.PersonKind['DRIVER'], 'driver')], max_length=20, verbose_name='served as')),
                        ('what', models.CharField(max_length=200, verbose_name='activity')),
                        ('where', models.CharField(max_length=200, verbose_name='place')),
                        ('started_at', models.DateTimeField(verbose_name='from')),
                        ('ended_at', models.DateTimeField(verbose_name='until')),
                        ('minutes', models.PositiveIntegerField(verbose_name='minutes')),
                        ('needs_confirmation', models.BooleanField(default=False, verbose_name='needs confirmation')),
                        ('community', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='community')),
                        ('confirmed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='volunteers.servicerecord')),
                        ('volunteer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='AffiliationEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('external_id', models.CharField(blank=True, max_length=40, verbose_name='staff number')),
                        ('from_day', models.DateField(default=django.utils.timezone.localdate, verbose_name='from')),
                        ('to_day', models.DateField(blank=True, null=True, verbose_name='until')),
                        ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.organisation', verbose_name='organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='volunteers.affiliation')),
                        ('volunteer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ConsentEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('purpose', models.CharField(choices=[(volunteers.states.Purpose['SERVICE'], 'being scheduled for service'), (volunteers.states.Purpose['SKILLS'], 'keeping skills'), (volunteers.states.Purpose['URGENT_CALLS'], 'urgent calls at night'), (volunteers.states.Purpose['PUBLICITY'], 'photos and publicity'), (volunteers.states.Purpose['EMERGENCY_CONTACT'], 'emergency contact')], max_length=20, verbose_name='purpose')),
                        ('text_version', models.CharField(max_length=20, verbose_name='text version')),
                        ('channel', models.CharField(choices=[(volunteers.states.Channel['WEB'], 'web page'), (volunteers.states.Channel['API'], 'API'), (volunteers.states.Channel['DESK'], 'desk'), (volunteers.states.Channel['WALK_IN'], 'walk-in'), (volunteers.states.Channel['CHAIN'], 'chain list'), (volunteers.states.Channel['PLEDGE'], 'pledge')], max_length=10, verbose_name='channel')),
                        ('given_at', models.DateTimeField(verbose_name='given')),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='volunteers.consent')),
                        ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                        ('volunteer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='EnrolmentEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('channel', models.CharField(choices=[(volunteers.states.Channel['WEB'], 'web page'), (volunteers.states.Channel['API'], 'API'), (volunteers.states.Channel['DESK'], 'desk'), (volunteers.states.Channel['WALK_IN'], 'walk-in'), (volunteers.states.Channel['CHAIN'], 'chain list'), (volunteers.states.Channel['PLEDGE'], 'pledge')], max_length=10, verbose_name='channel')),
                        ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved for sealed zones')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='since')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                        ('approved_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                        ('community', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='community')),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='volunteers.enrolment')),
                        ('volunteer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='HeldQualificationEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('from_day', models.DateField(blank=True, null=True, verbose_name='from')),
                        ('expires_on', models.DateField(blank=True, null=True, verbose_name='valid until')),
                        ('verified_at', models.DateTimeField(blank=True, null=True, verbose_name='verified')),
                        ('reference', models.CharField(blank=True, max_length=80, verbose_name='reference')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='volunteers.heldqualification')),
                        ('verified_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='verified by')),
                        ('qualification', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.qualification', verbose_name='qualification')),
                        ('volunteer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
    ]
