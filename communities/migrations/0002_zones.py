import communities.states
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


def three_zones(apps, schema_editor):
    """The policies that are there already are the levels of April 2022."""
    policies = apps.get_model("communities", "ZonePolicy").objects
    if policies.exists():
        schemes = apps.get_model("communities", "ZoneScheme").objects
        scheme = schemes.create(slug="three_zones", name="三区", name_en="Three zones")
        policies.update(scheme=scheme)
        apps.get_model("communities", "ZonePolicyEvent").objects.update(scheme=scheme)


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='ZoneProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.SlugField(max_length=30, verbose_name='level')),
                ('group', models.CharField(blank=True, max_length=40, verbose_name='zone group')),
                ('since', models.DateTimeField(verbose_name='valid from')),
                ('reason', models.CharField(choices=[(communities.states.ZoneReason['NOTICE'], 'as the notice says'), (communities.states.ZoneReason['ROUND_RESULT'], 'result of a round'), (communities.states.ZoneReason['HAZARD_NEAR'], 'the hazard has come nearer'), (communities.states.ZoneReason['HAZARD_OVER'], 'the hazard is over'), (communities.states.ZoneReason['CORRECTION'], 'correction'), (communities.states.ZoneReason['EXERCISE'], 'exercise')], default=communities.states.ZoneReason['ROUND_RESULT'], max_length=20, verbose_name='reason')),
                ('status', models.CharField(choices=[(communities.states.ProposalStatus['PROPOSED'], 'proposed'), (communities.states.ProposalStatus['SET'], 'set'), (communities.states.ProposalStatus['REFUSED'], 'refused'), (communities.states.ProposalStatus['WITHDRAWN'], 'withdrawn')], default=communities.states.ProposalStatus['PROPOSED'], max_length=10, verbose_name='status')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='answer')),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='zone_proposals', to='communities.area', verbose_name='area')),
                ('compound', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='zone_proposals', to='communities.compound', verbose_name='compound')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('made', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='proposal', to='communities.zonestatus', verbose_name='zone status')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
            ],
            options={
                'verbose_name': 'zone proposal',
                'verbose_name_plural': 'zone proposals',
                'ordering': ['-proposed_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('area__isnull', True), ('compound__isnull', False)), models.Q(('area__isnull', False), ('compound__isnull', True)), _connector='OR'), name='proposal_of_compound_or_area'), models.UniqueConstraint(condition=models.Q(('status', 'proposed')), fields=('compound',), name='proposal_once_per_compound'), models.UniqueConstraint(condition=models.Q(('status', 'proposed')), fields=('area',), name='proposal_once_per_area'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['set', 'refused']), _negated=True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='proposal_set_by_another')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "communities_zoneproposalevent" ("answer", "area_id", "compound_id", "decided_at", "decided_by_id", "group", "id", "level", "made_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "since", "status") VALUES (NEW."answer", NEW."area_id", NEW."compound_id", NEW."decided_at", NEW."decided_by_id", NEW."group", NEW."id", NEW."level", NEW."made_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."since", NEW."status"); RETURN NULL;', hash='e0a1d56c28c48657b5b9d1766a40dac246222c2c', operation='INSERT', pgid='pgtrigger_insert_insert_10190', table='communities_zoneproposal', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "communities_zoneproposalevent" ("answer", "area_id", "compound_id", "decided_at", "decided_by_id", "group", "id", "level", "made_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "since", "status") VALUES (NEW."answer", NEW."area_id", NEW."compound_id", NEW."decided_at", NEW."decided_by_id", NEW."group", NEW."id", NEW."level", NEW."made_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."since", NEW."status"); RETURN NULL;', hash='5e7ef1868b16b7f2a017c6766536f62741dd5599', operation='UPDATE', pgid='pgtrigger_update_update_8ac34', table='communities_zoneproposal', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ZoneScheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=120, verbose_name='English name')),
                ('slug', models.SlugField(max_length=30, unique=True, verbose_name='code')),
            ],
            options={
                'verbose_name': 'zone scheme',
                'verbose_name_plural': 'zone schemes',
                'ordering': ['pk'],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "communities_zoneschemeevent" ("id", "name", "name_en", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (NEW."id", NEW."name", NEW."name_en", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."slug"); RETURN NULL;', hash='b4a0becbea36ec4f61e39d4ff9cb65a7f9326ff4', operation='INSERT', pgid='pgtrigger_insert_insert_3602e', table='communities_zonescheme', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "communities_zoneschemeevent" ("id", "name", "name_en", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (NEW."id", NEW."name", NEW."name_en", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."slug"); RETURN NULL;', hash='d389b1e9f3f4e4d063376314aa9ed8425c73e1b5', operation='UPDATE', pgid='pgtrigger_update_update_9a4c3', table='communities_zonescheme', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ZoneProposalEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('level', models.SlugField(db_index=False, max_length=30, verbose_name='level')),
                ('group', models.CharField(blank=True, max_length=40, verbose_name='zone group')),
                ('since', models.DateTimeField(verbose_name='valid from')),
                ('reason', models.CharField(choices=[(communities.states.ZoneReason['NOTICE'], 'as the notice says'), (communities.states.ZoneReason['ROUND_RESULT'], 'result of a round'), (communities.states.ZoneReason['HAZARD_NEAR'], 'the hazard has come nearer'), (communities.states.ZoneReason['HAZARD_OVER'], 'the hazard is over'), (communities.states.ZoneReason['CORRECTION'], 'correction'), (communities.states.ZoneReason['EXERCISE'], 'exercise')], default=communities.states.ZoneReason['ROUND_RESULT'], max_length=20, verbose_name='reason')),
                ('status', models.CharField(choices=[(communities.states.ProposalStatus['PROPOSED'], 'proposed'), (communities.states.ProposalStatus['SET'], 'set'), (communities.states.ProposalStatus['REFUSED'], 'refused'), (communities.states.ProposalStatus['WITHDRAWN'], 'withdrawn')], default=communities.states.ProposalStatus['PROPOSED'], max_length=10, verbose_name='status')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='answer')),
                ('area', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='area')),
                ('compound', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.compound', verbose_name='compound')),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('made', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.zonestatus', verbose_name='zone status')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='communities.zoneproposal')),
                ('proposed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ZoneSchemeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=120, verbose_name='English name')),
                ('slug', models.SlugField(db_index=False, max_length=30, verbose_name='code')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='communities.zonescheme')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AlterModelOptions(
            name='zonepolicy',
            options={'ordering': ['scheme_id', 'strictness'], 'verbose_name': 'zone policy', 'verbose_name_plural': 'zone policies'},
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='zonepolicy',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='zonepolicy',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='zonestatus',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='zonestatus',
            name='update_update',
        ),
        migrations.AddField(
            model_name='zonepolicy',
            name='allows',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('sampling_point', 'sampling point'), ('compound_post', 'compound post'), ('door_beat', 'door-to-door beat'), ('checkpoint', 'checkpoint'), ('transport_hub', 'transport hub'), ('supply_station', 'supply station'), ('hospital', 'hospital'), ('isolation_site', 'isolation site'), ('care_home', 'care home'), ('school', 'school'), ('market', 'market'), ('shelter', 'shelter'), ('aid_station', 'aid station'), ('office', 'office')], max_length=20), blank=True, default=list, verbose_name='what may take place inside (nothing chosen: everything)'),
        ),
        migrations.AddField(
            model_name='zonepolicy',
            name='escalates_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='communities.zonepolicy', verbose_name='level to propose when a round has a result'),
        ),
        migrations.AddField(
            model_name='zonepolicy',
            name='gathering_limit',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='people at one place at most'),
        ),
        migrations.AddField(
            model_name='zonepolicy',
            name='pass_for',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('sampling_point', 'sampling point'), ('compound_post', 'compound post'), ('door_beat', 'door-to-door beat'), ('checkpoint', 'checkpoint'), ('transport_hub', 'transport hub'), ('supply_station', 'supply station'), ('hospital', 'hospital'), ('isolation_site', 'isolation site'), ('care_home', 'care home'), ('school', 'school'), ('market', 'market'), ('shelter', 'shelter'), ('aid_station', 'aid station'), ('office', 'office')], max_length=20), blank=True, default=list, verbose_name='where even residents need a pass'),
        ),
        migrations.AddField(
            model_name='zonepolicy',
            name='release_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days until the earliest release'),
        ),
        migrations.AddField(
            model_name='zonepolicy',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name='version'),
        ),
        migrations.AddField(
            model_name='zonepolicyevent',
            name='allows',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('sampling_point', 'sampling point'), ('compound_post', 'compound post'), ('door_beat', 'door-to-door beat'), ('checkpoint', 'checkpoint'), ('transport_hub', 'transport hub'), ('supply_station', 'supply station'), ('hospital', 'hospital'), ('isolation_site', 'isolation site'), ('care_home', 'care home'), ('school', 'school'), ('market', 'market'), ('shelter', 'shelter'), ('aid_station', 'aid station'), ('office', 'office')], max_length=20), blank=True, default=list, verbose_name='what may take place inside (nothing chosen: everything)'),
        ),
        migrations.AddField(
            model_name='zonepolicyevent',
            name='escalates_to',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.zonepolicy', verbose_name='level to propose when a round has a result'),
        ),
        migrations.AddField(
            model_name='zonepolicyevent',
            name='gathering_limit',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='people at one place at most'),
        ),
        migrations.AddField(
            model_name='zonepolicyevent',
            name='pass_for',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('sampling_point', 'sampling point'), ('compound_post', 'compound post'), ('door_beat', 'door-to-door beat'), ('checkpoint', 'checkpoint'), ('transport_hub', 'transport hub'), ('supply_station', 'supply station'), ('hospital', 'hospital'), ('isolation_site', 'isolation site'), ('care_home', 'care home'), ('school', 'school'), ('market', 'market'), ('shelter', 'shelter'), ('aid_station', 'aid station'), ('office', 'office')], max_length=20), blank=True, default=list, verbose_name='where even residents need a pass'),
        ),
        migrations.AddField(
            model_name='zonepolicyevent',
            name='release_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days until the earliest release'),
        ),
        migrations.AddField(
            model_name='zonepolicyevent',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name='version'),
        ),
        migrations.AddField(
            model_name='zonestatus',
            name='reason',
            field=models.CharField(choices=[(communities.states.ZoneReason['NOTICE'], 'as the notice says'), (communities.states.ZoneReason['ROUND_RESULT'], 'result of a round'), (communities.states.ZoneReason['HAZARD_NEAR'], 'the hazard has come nearer'), (communities.states.ZoneReason['HAZARD_OVER'], 'the hazard is over'), (communities.states.ZoneReason['CORRECTION'], 'correction'), (communities.states.ZoneReason['EXERCISE'], 'exercise')], default=communities.states.ZoneReason['NOTICE'], max_length=20, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='zonestatusevent',
            name='reason',
            field=models.CharField(choices=[(communities.states.ZoneReason['NOTICE'], 'as the notice says'), (communities.states.ZoneReason['ROUND_RESULT'], 'result of a round'), (communities.states.ZoneReason['HAZARD_NEAR'], 'the hazard has come nearer'), (communities.states.ZoneReason['HAZARD_OVER'], 'the hazard is over'), (communities.states.ZoneReason['CORRECTION'], 'correction'), (communities.states.ZoneReason['EXERCISE'], 'exercise')], default=communities.states.ZoneReason['NOTICE'], max_length=20, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='zonepolicy',
            name='entry',
            field=models.CharField(choices=[(communities.states.Entry['ANYONE'], 'anyone'), (communities.states.Entry['GROUP'], 'residents of the same zone'), (communities.states.Entry['RESIDENTS'], 'residents of the compound'), (communities.states.Entry['HOLDERS'], 'people with a pass')], max_length=12, verbose_name='who may serve inside'),
        ),
        migrations.AlterField(
            model_name='zonepolicy',
            name='level',
            field=models.SlugField(max_length=30, unique=True, verbose_name='level'),
        ),
        migrations.AlterField(
            model_name='zonepolicy',
            name='strictness',
            field=models.PositiveSmallIntegerField(verbose_name='strictness'),
        ),
        migrations.AlterField(
            model_name='zonepolicyevent',
            name='entry',
            field=models.CharField(choices=[(communities.states.Entry['ANYONE'], 'anyone'), (communities.states.Entry['GROUP'], 'residents of the same zone'), (communities.states.Entry['RESIDENTS'], 'residents of the compound'), (communities.states.Entry['HOLDERS'], 'people with a pass')], max_length=12, verbose_name='who may serve inside'),
        ),
        migrations.AlterField(
            model_name='zonepolicyevent',
            name='level',
            field=models.SlugField(db_index=False, max_length=30, verbose_name='level'),
        ),
        migrations.AlterField(
            model_name='zonestatus',
            name='level',
            field=models.SlugField(max_length=30, verbose_name='level'),
        ),
        migrations.AlterField(
            model_name='zonestatusevent',
            name='level',
            field=models.SlugField(db_index=False, max_length=30, verbose_name='level'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='zonepolicy',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "communities_zonepolicyevent" ("allows", "entry", "escalates_to_id", "gathering_limit", "id", "level", "name", "name_en", "needs_approval", "pass_for", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "release_days", "residents_may_leave", "scheme_id", "strictness", "version") VALUES (NEW."allows", NEW."entry", NEW."escalates_to_id", NEW."gathering_limit", NEW."id", NEW."level", NEW."name", NEW."name_en", NEW."needs_approval", NEW."pass_for", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."release_days", NEW."residents_may_leave", NEW."scheme_id", NEW."strictness", NEW."version"); RETURN NULL;', hash='1fb3891956a6ab867df68c7602ae77ccac879e87', operation='INSERT', pgid='pgtrigger_insert_insert_532d3', table='communities_zonepolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='zonepolicy',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "communities_zonepolicyevent" ("allows", "entry", "escalates_to_id", "gathering_limit", "id", "level", "name", "name_en", "needs_approval", "pass_for", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "release_days", "residents_may_leave", "scheme_id", "strictness", "version") VALUES (NEW."allows", NEW."entry", NEW."escalates_to_id", NEW."gathering_limit", NEW."id", NEW."level", NEW."name", NEW."name_en", NEW."needs_approval", NEW."pass_for", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."release_days", NEW."residents_may_leave", NEW."scheme_id", NEW."strictness", NEW."version"); RETURN NULL;', hash='ec98808210b35158d910a58b04dbb2c63789ec0e', operation='UPDATE', pgid='pgtrigger_update_update_adb13', table='communities_zonepolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='zonestatus',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "communities_zonestatusevent" ("area_id", "compound_id", "earliest_release_at", "group", "id", "issuer", "level", "notice_no", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "set_by_id", "valid") VALUES (NEW."area_id", NEW."compound_id", NEW."earliest_release_at", NEW."group", NEW."id", NEW."issuer", NEW."level", NEW."notice_no", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."set_by_id", NEW."valid"); RETURN NULL;', hash='3d110f858a6012b51e8c51964f14a1fb9d2eaa08', operation='INSERT', pgid='pgtrigger_insert_insert_de3c9', table='communities_zonestatus', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='zonestatus',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "communities_zonestatusevent" ("area_id", "compound_id", "earliest_release_at", "group", "id", "issuer", "level", "notice_no", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "set_by_id", "valid") VALUES (NEW."area_id", NEW."compound_id", NEW."earliest_release_at", NEW."group", NEW."id", NEW."issuer", NEW."level", NEW."notice_no", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."set_by_id", NEW."valid"); RETURN NULL;', hash='de4c351586c43cf63c21e414355c61a7e3854545', operation='UPDATE', pgid='pgtrigger_update_update_9db59', table='communities_zonestatus', when='AFTER')),
        ),
        migrations.AddField(
            model_name='zonepolicy',
            name='scheme',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='communities.zonescheme', verbose_name='scheme'),
        ),
        migrations.AddField(
            model_name='zonepolicyevent',
            name='scheme',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.zonescheme', verbose_name='scheme'),
        ),
        migrations.AddConstraint(
            model_name='zonepolicy',
            constraint=models.UniqueConstraint(fields=('scheme', 'strictness'), name='strictness_once_per_scheme'),
        ),
        migrations.RunPython(
            code=three_zones,
            reverse_code=migrations.RunPython.noop,
        ),
    ]
