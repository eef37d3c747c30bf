import communities.together
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import staffing.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0007_grids_of_buildings'),
        ('communities', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('staffing', '0011_fillings'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='DoorRound',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(max_length=120, verbose_name='title')),
                        ('title_en', models.CharField(blank=True, max_length=120, verbose_name='title (English)')),
                        ('script', models.TextField(blank=True, verbose_name='what to say')),
                        ('script_en', models.TextField(blank=True, verbose_name='what to say (English)')),
                        ('begins_at', models.DateTimeField(verbose_name='from')),
                        ('ends_at', models.DateTimeField(verbose_name='until')),
                        ('waiver', models.CharField(blank=True, max_length=200, verbose_name='closed with open doors because')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                        ('purged_at', models.DateTimeField(blank=True, null=True, verbose_name='doors forgotten')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='door_rounds', to='communities.area', verbose_name='community')),
                        ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                        ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='takes the needs')),
                        ('shift', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='door_rounds', to='staffing.shift', verbose_name='shift')),
                    ],
                    options={
                        'verbose_name': 'door round',
                        'verbose_name_plural': 'door rounds',
                        'ordering': ['-begins_at', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='door_round_ends_later'), models.CheckConstraint(condition=models.Q(('purged_at', None), ('closed_at__isnull', False), _connector='OR'), name='door_round_purged_after_closing')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_doorroundevent" ("area_id", "begins_at", "closed_at", "closed_by_id", "created_at", "created_by_id", "ends_at", "id", "is_demo", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purged_at", "script", "script_en", "shift_id", "title", "title_en", "waiver") VALUES (NEW."area_id", NEW."begins_at", NEW."closed_at", NEW."closed_by_id", NEW."created_at", NEW."created_by_id", NEW."ends_at", NEW."id", NEW."is_demo", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purged_at", NEW."script", NEW."script_en", NEW."shift_id", NEW."title", NEW."title_en", NEW."waiver"); RETURN NULL;', hash='e1ea1fa7e0513ba59a2a2ce805cbd24ca25522af', operation='INSERT', pgid='pgtrigger_insert_insert_aaa81', table='staffing_doorround', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_doorroundevent" ("area_id", "begins_at", "closed_at", "closed_by_id", "created_at", "created_by_id", "ends_at", "id", "is_demo", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purged_at", "script", "script_en", "shift_id", "title", "title_en", "waiver") VALUES (NEW."area_id", NEW."begins_at", NEW."closed_at", NEW."closed_by_id", NEW."created_at", NEW."created_by_id", NEW."ends_at", NEW."id", NEW."is_demo", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purged_at", NEW."script", NEW."script_en", NEW."shift_id", NEW."title", NEW."title_en", NEW."waiver"); RETURN NULL;', hash='c4514599780ee77b67a0e393e25361dc739419e9', operation='UPDATE', pgid='pgtrigger_update_update_ac3bb', table='staffing_doorround', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='Beat',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('no', models.PositiveSmallIntegerField(verbose_name='number')),
                        ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='beats', to='staffing.doorround', verbose_name='round')),
                    ],
                    options={
                        'verbose_name': 'beat',
                        'verbose_name_plural': 'beats',
                        'ordering': ['round_id', 'no'],
                        'constraints': [models.UniqueConstraint(fields=('round', 'no'), name='beat_no_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_beatevent" ("id", "no", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "round_id") VALUES (NEW."id", NEW."no", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."round_id"); RETURN NULL;', hash='33ccd86a792a830c5e6313aec9b26137c8891e06', operation='INSERT', pgid='pgtrigger_insert_insert_3f662', table='staffing_beat', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_beatevent" ("id", "no", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "round_id") VALUES (NEW."id", NEW."no", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."round_id"); RETURN NULL;', hash='ee8dcbfeaf74661244ee7a36e4caa369aec5c8b9', operation='UPDATE', pgid='pgtrigger_update_update_a56bc', table='staffing_beat', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='DoorRoundEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('title', models.CharField(max_length=120, verbose_name='title')),
                        ('title_en', models.CharField(blank=True, max_length=120, verbose_name='title (English)')),
                        ('script', models.TextField(blank=True, verbose_name='what to say')),
                        ('script_en', models.TextField(blank=True, verbose_name='what to say (English)')),
                        ('begins_at', models.DateTimeField(verbose_name='from')),
                        ('ends_at', models.DateTimeField(verbose_name='until')),
                        ('waiver', models.CharField(blank=True, max_length=200, verbose_name='closed with open doors because')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                        ('purged_at', models.DateTimeField(blank=True, null=True, verbose_name='doors forgotten')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='community')),
                        ('closed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                        ('created_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='takes the needs')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.doorround')),
                        ('shift', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.shift', verbose_name='shift')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='BeatHolding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('since', models.DateTimeField(verbose_name='from')),
                        ('until', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                        ('beat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holdings', to='staffing.beat', verbose_name='beat')),
                        ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given by')),
                        ('sign_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='beats', to='staffing.signup', verbose_name='sign-up')),
                    ],
                    options={
                        'verbose_name': 'holder of a beat',
                        'verbose_name_plural': 'holders of beats',
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('beat', 'sign_up'), name='beat_held_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_beatholdingevent" ("beat_id", "given_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sign_up_id", "since", "until") VALUES (NEW."beat_id", NEW."given_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sign_up_id", NEW."since", NEW."until"); RETURN NULL;', hash='d11fa6a4df79cea4a24e4e79c488206e2ad8b878', operation='INSERT', pgid='pgtrigger_insert_insert_c27e7', table='staffing_beatholding', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_beatholdingevent" ("beat_id", "given_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sign_up_id", "since", "until") VALUES (NEW."beat_id", NEW."given_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sign_up_id", NEW."since", NEW."until"); RETURN NULL;', hash='cd676e7566f99bfb4dc52849190cb3e789ce73c5', operation='UPDATE', pgid='pgtrigger_update_update_d4cee', table='staffing_beatholding', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='BeatEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('no', models.PositiveSmallIntegerField(verbose_name='number')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.beat')),
                        ('round', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.doorround', verbose_name='round')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='RoundEntrance',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('doors_count', models.PositiveIntegerField(default=0, verbose_name='doors')),
                        ('notified', models.PositiveIntegerField(default=0, verbose_name='told')),
                        ('no_answer', models.PositiveIntegerField(default=0, verbose_name='no answer')),
                        ('home_service', models.PositiveIntegerField(default=0, verbose_name='needs a visit')),
                        ('vacant', models.PositiveIntegerField(default=0, verbose_name='vacant')),
                        ('refused', models.PositiveIntegerField(default=0, verbose_name='refused')),
                        ('again', models.PositiveIntegerField(default=0, verbose_name='to be tried again')),
                        ('disputed', models.PositiveIntegerField(default=0, verbose_name='told differently')),
                        ('beat', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='entrances', to='staffing.beat', verbose_name='beat')),
                        ('entrance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='communities.entrance', verbose_name='entrance')),
                        ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entrances', to='staffing.doorround', verbose_name='round')),
                    ],
                    options={
                        'verbose_name': 'entrance of a round',
                        'verbose_name_plural': 'entrances of rounds',
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('round', 'entrance'), name='entrance_once_a_round'), models.CheckConstraint(condition=models.Q(('doors_count__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('notified'), '+', models.F('no_answer')), '+', models.F('home_service')), '+', models.F('vacant')), '+', models.F('refused')), '+', models.F('again')))), name='no_more_outcomes_than_doors')],
                    },
                ),
                migrations.CreateModel(
                    name='BeatHoldingEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('since', models.DateTimeField(verbose_name='from')),
                        ('until', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                        ('beat', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.beat', verbose_name='beat')),
                        ('given_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.beatholding')),
                        ('sign_up', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.signup', verbose_name='sign-up')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='RoundDoor',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('outcome', models.CharField(choices=[(staffing.states.DoorOutcome['PENDING'], 'not knocked yet'), (staffing.states.DoorOutcome['NOTIFIED'], 'told'), (staffing.states.DoorOutcome['NO_ANSWER'], 'no answer'), (staffing.states.DoorOutcome['HOME_SERVICE'], 'needs a visit'), (staffing.states.DoorOutcome['VACANT'], 'vacant'), (staffing.states.DoorOutcome['REFUSED'], 'refused')], default=staffing.states.DoorOutcome['PENDING'], max_length=12, verbose_name='outcome')),
                        ('needs', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, verbose_name='needs')),
                        ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='times without an answer')),
                        ('said', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, verbose_name='said')),
                        ('last_at', models.DateTimeField(blank=True, null=True, verbose_name='last visit')),
                        ('door', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='communities.door', verbose_name='door')),
                        ('stairs', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='doors', to='staffing.roundentrance', verbose_name='entrance')),
                    ],
                    options={
                        'verbose_name': 'door of a round',
                        'verbose_name_plural': 'doors of rounds',
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('stairs', 'door'), name='door_once_a_round')],
                    },
                ),
                migrations.CreateModel(
                    name='HomeService',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('need', models.CharField(choices=[(staffing.states.Need['SAMPLING'], 'sampling at home'), (staffing.states.Need['MEDICINE'], 'medicine'), (staffing.states.Need['FOOD'], 'food'), (staffing.states.Need['CARE'], 'care'), (staffing.states.Need['REPAIR'], 'water, power, repair')], max_length=10, verbose_name='need')),
                        ('status', models.CharField(choices=[(staffing.states.HomeStatus['OPEN'], 'to be planned'), (staffing.states.HomeStatus['PLANNED'], 'planned'), (staffing.states.HomeStatus['DONE'], 'done'), (staffing.states.HomeStatus['CANCELLED'], 'cancelled')], default=staffing.states.HomeStatus['OPEN'], max_length=10, verbose_name='status')),
                        ('due_at', models.DateTimeField(verbose_name='due')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                        ('created_at', models.DateTimeField(verbose_name='asked for')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                        ('door', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='homes', to='staffing.rounddoor', verbose_name='door')),
                    ],
                    options={
                        'verbose_name': 'home service',
                        'verbose_name_plural': 'home services',
                        'ordering': ['due_at', 'pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', [staffing.states.HomeStatus['OPEN'], staffing.states.HomeStatus['PLANNED']])), fields=('door', 'need'), name='home_service_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_homeserviceevent" ("created_at", "door_id", "due_at", "finished_at", "id", "need", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "status") VALUES (NEW."created_at", NEW."door_id", NEW."due_at", NEW."finished_at", NEW."id", NEW."need", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."status"); RETURN NULL;', hash='9cc1ab786247ba33b8d4c1e79da9efb033efd3ff', operation='INSERT', pgid='pgtrigger_insert_insert_67c51', table='staffing_homeservice', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_homeserviceevent" ("created_at", "door_id", "due_at", "finished_at", "id", "need", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "status") VALUES (NEW."created_at", NEW."door_id", NEW."due_at", NEW."finished_at", NEW."id", NEW."need", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."status"); RETURN NULL;', hash='50ac917fa95d421c3781db874fc996f367c36d33', operation='UPDATE', pgid='pgtrigger_update_update_4f381', table='staffing_homeservice', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='DoorVisit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('client_id', models.UUIDField(editable=False)),
                        ('outcome', models.CharField(choices=[(staffing.states.DoorOutcome['PENDING'], 'not knocked yet'), (staffing.states.DoorOutcome['NOTIFIED'], 'told'), (staffing.states.DoorOutcome['NO_ANSWER'], 'no answer'), (staffing.states.DoorOutcome['HOME_SERVICE'], 'needs a visit'), (staffing.states.DoorOutcome['VACANT'], 'vacant'), (staffing.states.DoorOutcome['REFUSED'], 'refused')], max_length=12, verbose_name='outcome')),
                        ('need', models.CharField(blank=True, choices=[(staffing.states.Need['SAMPLING'], 'sampling at home'), (staffing.states.Need['MEDICINE'], 'medicine'), (staffing.states.Need['FOOD'], 'food'), (staffing.states.Need['CARE'], 'care'), (staffing.states.Need['REPAIR'], 'water, power, repair')], max_length=10, verbose_name='need')),
                        ('desk', models.BooleanField(default=False, verbose_name='at the desk')),
                        ('made_at', models.DateTimeField(verbose_name='made')),
                        ('received_at', models.DateTimeField(verbose_name='received')),
                        ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='door_visits', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                        ('door', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='staffing.rounddoor', verbose_name='door')),
                    ],
                    options={
                        'verbose_name': 'door visit',
                        'verbose_name_plural': 'door visits',
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('by', 'client_id'), name='tap_once'), models.CheckConstraint(condition=models.Q(('outcome', 'pending'), _negated=True), name='visit_has_outcome'), models.CheckConstraint(condition=models.Q(('need', ''), ('outcome', 'home_service'), _connector='OR'), name='need_of_home_service')],
                    },
                ),
                migrations.CreateModel(
                    name='HomeServiceEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('need', models.CharField(choices=[(staffing.states.Need['SAMPLING'], 'sampling at home'), (staffing.states.Need['MEDICINE'], 'medicine'), (staffing.states.Need['FOOD'], 'food'), (staffing.states.Need['CARE'], 'care'), (staffing.states.Need['REPAIR'], 'water, power, repair')], max_length=10, verbose_name='need')),
                        ('status', models.CharField(choices=[(staffing.states.HomeStatus['OPEN'], 'to be planned'), (staffing.states.HomeStatus['PLANNED'], 'planned'), (staffing.states.HomeStatus['DONE'], 'done'), (staffing.states.HomeStatus['CANCELLED'], 'cancelled')], default=staffing.states.HomeStatus['OPEN'], max_length=10, verbose_name='status')),
                        ('due_at', models.DateTimeField(verbose_name='due')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                        ('created_at', models.DateTimeField(verbose_name='asked for')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.homeservice')),
                        ('door', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.rounddoor', verbose_name='door')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
    ]
