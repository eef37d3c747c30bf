import communities.fields
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
        ('communities', '0004_site_kinds'),
        ('communities', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('staffing', '0006_norms_and_plans'),
        ('volunteers', '0002_access_passes'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='Driver',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('vehicle_class', models.CharField(choices=[(staffing.states.VehicleClass['CLEAN'], 'clean'), (staffing.states.VehicleClass['PROTECTED'], 'to be disinfected afterwards')], default=staffing.states.VehicleClass['CLEAN'], max_length=10, verbose_name='vehicle')),
                        ('seats', models.PositiveSmallIntegerField(default=4, verbose_name='seats for passengers')),
                        ('plate', communities.fields.EncryptedText(blank=True, default='', verbose_name='number plate')),
                        ('verified_at', models.DateTimeField(blank=True, null=True, verbose_name='licence and vehicle checked')),
                        ('on_duty_until', models.DateTimeField(blank=True, null=True, verbose_name='on duty until')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drivers', to='communities.area', verbose_name='area')),
                        ('fleet', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drivers', to='communities.organisation', verbose_name='fleet')),
                        ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
                        ('volunteer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='driver', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'verbose_name': 'driver',
                        'verbose_name_plural': 'drivers',
                        'constraints': [models.CheckConstraint(condition=models.Q(('seats__gte', 1), ('seats__lte', 60)), name='driver_seats_in_range')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_driverevent" ("area_id", "fleet_id", "id", "is_demo", "on_duty_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seats", "vehicle_class", "verified_at", "verified_by_id", "volunteer_id") VALUES (NEW."area_id", NEW."fleet_id", NEW."id", NEW."is_demo", NEW."on_duty_until", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."seats", NEW."vehicle_class", NEW."verified_at", NEW."verified_by_id", NEW."volunteer_id"); RETURN NULL;', hash='8b2586772dc073522fbc0030337d6da5fe7f68e1', operation='INSERT', pgid='pgtrigger_insert_insert_672e5', table='staffing_driver', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."area_id" IS DISTINCT FROM (NEW."area_id") OR OLD."fleet_id" IS DISTINCT FROM (NEW."fleet_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_demo" IS DISTINCT FROM (NEW."is_demo") OR OLD."on_duty_until" IS DISTINCT FROM (NEW."on_duty_until") OR OLD."seats" IS DISTINCT FROM (NEW."seats") OR OLD."vehicle_class" IS DISTINCT FROM (NEW."vehicle_class") OR OLD."verified_at" IS DISTINCT FROM (NEW."verified_at") OR OLD."verified_by_id" IS DISTINCT FROM (NEW."verified_by_id") OR OLD."volunteer_id" IS DISTINCT FROM (NEW."volunteer_id"))', func='INSERT INTO "staffing_driverevent" ("area_id", "fleet_id", "id", "is_demo", "on_duty_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seats", "vehicle_class", "verified_at", "verified_by_id", "volunteer_id") VALUES (NEW."area_id", NEW."fleet_id", NEW."id", NEW."is_demo", NEW."on_duty_until", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."seats", NEW."vehicle_class", NEW."verified_at", NEW."verified_by_id", NEW."volunteer_id"); RETURN NULL;', hash='1acfe3db48afba3c42c249873b478dfffc9d12c9', operation='UPDATE', pgid='pgtrigger_update_update_2d6c3', table='staffing_driver', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='DriverEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('vehicle_class', models.CharField(choices=[(staffing.states.VehicleClass['CLEAN'], 'clean'), (staffing.states.VehicleClass['PROTECTED'], 'to be disinfected afterwards')], default=staffing.states.VehicleClass['CLEAN'], max_length=10, verbose_name='vehicle')),
                        ('seats', models.PositiveSmallIntegerField(default=4, verbose_name='seats for passengers')),
                        ('verified_at', models.DateTimeField(blank=True, null=True, verbose_name='licence and vehicle checked')),
                        ('on_duty_until', models.DateTimeField(blank=True, null=True, verbose_name='on duty until')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='area')),
                        ('fleet', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.organisation', verbose_name='fleet')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.driver')),
                        ('verified_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
                        ('volunteer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Ride',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('origin', models.CharField(max_length=120, verbose_name='from')),
                        ('origin_en', models.CharField(blank=True, max_length=120, verbose_name='from (English)')),
                        ('origin_note', models.CharField(blank=True, max_length=120, verbose_name='where exactly')),
                        ('pick_up_at', models.DateTimeField(verbose_name='pick up before')),
                        ('arrive_by', models.DateTimeField(verbose_name='arrive by')),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(editable=False, verbose_name='period')),
                        ('passengers', models.PositiveSmallIntegerField(verbose_name='passengers')),
                        ('vehicle_class', models.CharField(choices=[(staffing.states.VehicleClass['CLEAN'], 'clean'), (staffing.states.VehicleClass['PROTECTED'], 'to be disinfected afterwards')], default=staffing.states.VehicleClass['CLEAN'], max_length=10, verbose_name='vehicle')),
                        ('status', models.CharField(choices=[(staffing.states.RideStatus['POSTED'], 'posted'), (staffing.states.RideStatus['GRABBED'], 'claimed'), (staffing.states.RideStatus['EN_ROUTE'], 'on the way to the pick-up'), (staffing.states.RideStatus['PICKED_UP'], 'passengers on board'), (staffing.states.RideStatus['DONE'], 'done'), (staffing.states.RideStatus['CANCELLED'], 'cancelled'), (staffing.states.RideStatus['EXPIRED'], 'nobody came')], default=staffing.states.RideStatus['POSTED'], max_length=10, verbose_name='status')),
                        ('dispatches', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='times claimed')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('changed_at', models.DateTimeField(auto_now=True)),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rides', to='communities.area', verbose_name='area')),
                        ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('destination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rides', to='communities.site', verbose_name='to')),
                        ('driver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rides', to='staffing.driver', verbose_name='driver')),
                        ('shift', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='rides', to='staffing.shift', verbose_name='shift')),
                    ],
                    options={
                        'verbose_name': 'ride',
                        'verbose_name_plural': 'rides',
                        'ordering': ['pick_up_at', 'pk'],
                        'indexes': [models.Index(condition=models.Q(('status', 'posted')), fields=['area', 'pick_up_at'], name='rides_posted'), models.Index(fields=['shift'], name='rides_of_shift')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('arrive_by__gt', models.F('pick_up_at'))), name='ride_arrives_later'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', [staffing.states.RideStatus['EN_ROUTE'], staffing.states.RideStatus['GRABBED'], staffing.states.RideStatus['PICKED_UP']]), _negated=True), ('driver__isnull', False), _connector='OR'), name='ride_held_by_driver'), models.UniqueConstraint(condition=models.Q(('status__in', [staffing.states.RideStatus['EN_ROUTE'], staffing.states.RideStatus['PICKED_UP']])), fields=('driver', 'vehicle_class'), name='driver_moves_once'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status__in', [staffing.states.RideStatus['EN_ROUTE'], staffing.states.RideStatus['GRABBED'], staffing.states.RideStatus['PICKED_UP']])), expressions=[('driver', '='), ('period', '&&')], name='driver_in_one_car')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_rideevent" ("area_id", "arrive_by", "changed_at", "created_at", "created_by_id", "destination_id", "dispatches", "driver_id", "finished_at", "id", "is_demo", "origin", "origin_en", "origin_note", "passengers", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pick_up_at", "reason", "shift_id", "status", "vehicle_class") VALUES (NEW."area_id", NEW."arrive_by", NEW."changed_at", NEW."created_at", NEW."created_by_id", NEW."destination_id", NEW."dispatches", NEW."driver_id", NEW."finished_at", NEW."id", NEW."is_demo", NEW."origin", NEW."origin_en", NEW."origin_note", NEW."passengers", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pick_up_at", NEW."reason", NEW."shift_id", NEW."status", NEW."vehicle_class"); RETURN NULL;', hash='bb1298e54ac81a033c0bb5d2129a3a8f2141dea2', operation='INSERT', pgid='pgtrigger_insert_insert_290a6', table='staffing_ride', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."area_id" IS DISTINCT FROM (NEW."area_id") OR OLD."arrive_by" IS DISTINCT FROM (NEW."arrive_by") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."destination_id" IS DISTINCT FROM (NEW."destination_id") OR OLD."dispatches" IS DISTINCT FROM (NEW."dispatches") OR OLD."driver_id" IS DISTINCT FROM (NEW."driver_id") OR OLD."finished_at" IS DISTINCT FROM (NEW."finished_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_demo" IS DISTINCT FROM (NEW."is_demo") OR OLD."origin" IS DISTINCT FROM (NEW."origin") OR OLD."origin_en" IS DISTINCT FROM (NEW."origin_en") OR OLD."origin_note" IS DISTINCT FROM (NEW."origin_note") OR OLD."passengers" IS DISTINCT FROM (NEW."passengers") OR OLD."pick_up_at" IS DISTINCT FROM (NEW."pick_up_at") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."shift_id" IS DISTINCT FROM (NEW."shift_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."vehicle_class" IS DISTINCT FROM (NEW."vehicle_class"))', func='INSERT INTO "staffing_rideevent" ("area_id", "arrive_by", "changed_at", "created_at", "created_by_id", "destination_id", "dispatches", "driver_id", "finished_at", "id", "is_demo", "origin", "origin_en", "origin_note", "passengers", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pick_up_at", "reason", "shift_id", "status", "vehicle_class") VALUES (NEW."area_id", NEW."arrive_by", NEW."changed_at", NEW."created_at", NEW."created_by_id", NEW."destination_id", NEW."dispatches", NEW."driver_id", NEW."finished_at", NEW."id", NEW."is_demo", NEW."origin", NEW."origin_en", NEW."origin_note", NEW."passengers", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pick_up_at", NEW."reason", NEW."shift_id", NEW."status", NEW."vehicle_class"); RETURN NULL;', hash='dbf409f6d20ea862ea459be75ec7b3bede77d0ff', operation='UPDATE', pgid='pgtrigger_update_update_1310b', table='staffing_ride', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='Passenger',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sign_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rides', to='staffing.signup', verbose_name='sign-up')),
                        ('ride', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='riders', to='staffing.ride', verbose_name='ride')),
                    ],
                    options={
                        'verbose_name': 'passenger',
                        'verbose_name_plural': 'passengers',
                        'constraints': [models.UniqueConstraint(fields=('sign_up',), name='rides_once')],
                    },
                ),
                migrations.CreateModel(
                    name='RideEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('origin', models.CharField(max_length=120, verbose_name='from')),
                        ('origin_en', models.CharField(blank=True, max_length=120, verbose_name='from (English)')),
                        ('origin_note', models.CharField(blank=True, max_length=120, verbose_name='where exactly')),
                        ('pick_up_at', models.DateTimeField(verbose_name='pick up before')),
                        ('arrive_by', models.DateTimeField(verbose_name='arrive by')),
                        ('passengers', models.PositiveSmallIntegerField(verbose_name='passengers')),
                        ('vehicle_class', models.CharField(choices=[(staffing.states.VehicleClass['CLEAN'], 'clean'), (staffing.states.VehicleClass['PROTECTED'], 'to be disinfected afterwards')], default=staffing.states.VehicleClass['CLEAN'], max_length=10, verbose_name='vehicle')),
                        ('status', models.CharField(choices=[(staffing.states.RideStatus['POSTED'], 'posted'), (staffing.states.RideStatus['GRABBED'], 'claimed'), (staffing.states.RideStatus['EN_ROUTE'], 'on the way to the pick-up'), (staffing.states.RideStatus['PICKED_UP'], 'passengers on board'), (staffing.states.RideStatus['DONE'], 'done'), (staffing.states.RideStatus['CANCELLED'], 'cancelled'), (staffing.states.RideStatus['EXPIRED'], 'nobody came')], default=staffing.states.RideStatus['POSTED'], max_length=10, verbose_name='status')),
                        ('dispatches', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='times claimed')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('changed_at', models.DateTimeField(auto_now=True)),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='area')),
                        ('created_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('destination', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.site', verbose_name='to')),
                        ('driver', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.driver', verbose_name='driver')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.ride')),
                        ('shift', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.shift', verbose_name='shift')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
    ]
