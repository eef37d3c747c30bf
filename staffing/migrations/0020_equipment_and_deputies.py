import communities.together
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0010_ways_and_digests'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('staffing', '0019_moved_people'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='Equipment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120, verbose_name='name')),
                        ('name_en', models.CharField(blank=True, max_length=120, verbose_name='English name')),
                        ('comes_back', models.BooleanField(default=True, verbose_name='comes back')),
                        ('each', models.PositiveSmallIntegerField(default=1, verbose_name='for each person')),
                        ('everybody', models.BooleanField(default=False, verbose_name='for everybody')),
                        ('risky', models.BooleanField(default=False, verbose_name='for all risky roles')),
                        ('stock', models.IntegerField(blank=True, null=True, verbose_name='in stock')),
                        ('low', models.PositiveIntegerField(blank=True, null=True, verbose_name='low at')),
                        ('counts', models.PositiveIntegerField(default=0, editable=False, verbose_name='times counted')),
                        ('retired_at', models.DateTimeField(blank=True, null=True, verbose_name='not handed out since')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='equipment', to='communities.area', verbose_name='area')),
                        ('roles', models.ManyToManyField(blank=True, related_name='equipment', to='staffing.role', verbose_name='for these roles')),
                    ],
                    options={
                        'verbose_name': 'thing to hand out',
                        'verbose_name_plural': 'things to hand out',
                        'ordering': ['area_id', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('area', 'name'), name='equipment_once'), models.CheckConstraint(condition=models.Q(('each__gte', 1), ('each__lte', 99)), name='equipment_each_in_range'), models.CheckConstraint(condition=models.Q(('stock__gte', 0)), name='equipment_never_below_nothing')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_equipmentevent" ("area_id", "comes_back", "counts", "each", "everybody", "id", "is_demo", "low", "name", "name_en", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "risky", "stock") VALUES (NEW."area_id", NEW."comes_back", NEW."counts", NEW."each", NEW."everybody", NEW."id", NEW."is_demo", NEW."low", NEW."name", NEW."name_en", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."retired_at", NEW."risky", NEW."stock"); RETURN NULL;', hash='5504d129d9c54a4f56f4282c9f18a63b429da6ae', operation='INSERT', pgid='pgtrigger_insert_insert_2c090', table='staffing_equipment', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."area_id" IS DISTINCT FROM (NEW."area_id") OR OLD."comes_back" IS DISTINCT FROM (NEW."comes_back") OR OLD."counts" IS DISTINCT FROM (NEW."counts") OR OLD."each" IS DISTINCT FROM (NEW."each") OR OLD."everybody" IS DISTINCT FROM (NEW."everybody") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_demo" IS DISTINCT FROM (NEW."is_demo") OR OLD."low" IS DISTINCT FROM (NEW."low") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_en" IS DISTINCT FROM (NEW."name_en") OR OLD."retired_at" IS DISTINCT FROM (NEW."retired_at") OR OLD."risky" IS DISTINCT FROM (NEW."risky"))', func='INSERT INTO "staffing_equipmentevent" ("area_id", "comes_back", "counts", "each", "everybody", "id", "is_demo", "low", "name", "name_en", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "risky", "stock") VALUES (NEW."area_id", NEW."comes_back", NEW."counts", NEW."each", NEW."everybody", NEW."id", NEW."is_demo", NEW."low", NEW."name", NEW."name_en", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."retired_at", NEW."risky", NEW."stock"); RETURN NULL;', hash='d1e79fafb396347fbdbe1bded7ac6bc27a4a023d', operation='UPDATE', pgid='pgtrigger_update_update_b21ea', table='staffing_equipment', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_equipmentevent" ("area_id", "comes_back", "counts", "each", "everybody", "id", "is_demo", "low", "name", "name_en", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "risky", "stock") VALUES (OLD."area_id", OLD."comes_back", OLD."counts", OLD."each", OLD."everybody", OLD."id", OLD."is_demo", OLD."low", OLD."name", OLD."name_en", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."retired_at", OLD."risky", OLD."stock"); RETURN NULL;', hash='4805779835aa54a9f77b6109e29ac7545446c41e', operation='DELETE', pgid='pgtrigger_delete_delete_2392e', table='staffing_equipment', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='EquipmentEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('name', models.CharField(max_length=120, verbose_name='name')),
                        ('name_en', models.CharField(blank=True, max_length=120, verbose_name='English name')),
                        ('comes_back', models.BooleanField(default=True, verbose_name='comes back')),
                        ('each', models.PositiveSmallIntegerField(default=1, verbose_name='for each person')),
                        ('everybody', models.BooleanField(default=False, verbose_name='for everybody')),
                        ('risky', models.BooleanField(default=False, verbose_name='for all risky roles')),
                        ('stock', models.IntegerField(blank=True, null=True, verbose_name='in stock')),
                        ('low', models.PositiveIntegerField(blank=True, null=True, verbose_name='low at')),
                        ('counts', models.PositiveIntegerField(default=0, editable=False, verbose_name='times counted')),
                        ('retired_at', models.DateTimeField(blank=True, null=True, verbose_name='not handed out since')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='area')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.equipment')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='EquipmentIssue',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='handed out')),
                        ('good', models.PositiveSmallIntegerField(default=0, verbose_name='back in order')),
                        ('damaged', models.PositiveSmallIntegerField(default=0, verbose_name='back damaged')),
                        ('lost', models.PositiveSmallIntegerField(default=0, verbose_name='lost')),
                        ('issued_at', models.DateTimeField(verbose_name='handed out at')),
                        ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back at')),
                        ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                        ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handed out by')),
                        ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
                        ('sign_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='equipment', to='staffing.signup', verbose_name='sign-up')),
                        ('thing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='staffing.equipment', verbose_name='thing')),
                    ],
                    options={
                        'verbose_name': 'hand-out',
                        'verbose_name_plural': 'hand-outs',
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('sign_up', 'thing'), name='equipment_issued_once'), models.CheckConstraint(condition=models.Q(('number__lte', 99)), name='equipment_number_in_range'), models.CheckConstraint(condition=models.Q(('number__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('good'), '+', models.F('damaged')), '+', models.F('lost')))), name='equipment_no_more_back_than_out')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_equipmentissueevent" ("changed_at", "damaged", "good", "id", "issued_at", "issued_by_id", "lost", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_at", "settled_by_id", "sign_up_id", "thing_id") VALUES (NEW."changed_at", NEW."damaged", NEW."good", NEW."id", NEW."issued_at", NEW."issued_by_id", NEW."lost", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."settled_at", NEW."settled_by_id", NEW."sign_up_id", NEW."thing_id"); RETURN NULL;', hash='bf3a050f38cd4ac39df4f762afb3d3074caa58ac', operation='INSERT', pgid='pgtrigger_insert_insert_cb044', table='staffing_equipmentissue', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_equipmentissueevent" ("changed_at", "damaged", "good", "id", "issued_at", "issued_by_id", "lost", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_at", "settled_by_id", "sign_up_id", "thing_id") VALUES (NEW."changed_at", NEW."damaged", NEW."good", NEW."id", NEW."issued_at", NEW."issued_by_id", NEW."lost", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."settled_at", NEW."settled_by_id", NEW."sign_up_id", NEW."thing_id"); RETURN NULL;', hash='5b0eedc880e87978cb635a698dd6a53fa900f976', operation='UPDATE', pgid='pgtrigger_update_update_47f2c', table='staffing_equipmentissue', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='EquipmentIssueEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('number', models.PositiveSmallIntegerField(verbose_name='handed out')),
                        ('good', models.PositiveSmallIntegerField(default=0, verbose_name='back in order')),
                        ('damaged', models.PositiveSmallIntegerField(default=0, verbose_name='back damaged')),
                        ('lost', models.PositiveSmallIntegerField(default=0, verbose_name='lost')),
                        ('issued_at', models.DateTimeField(verbose_name='handed out at')),
                        ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back at')),
                        ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                        ('issued_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handed out by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.equipmentissue')),
                        ('settled_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
                        ('sign_up', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.signup', verbose_name='sign-up')),
                        ('thing', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.equipment', verbose_name='thing')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='shift',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='shift',
            name='update_update',
        ),
        migrations.AddField(
            model_name='shift',
            name='deputy',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deputed_shifts', to=settings.AUTH_USER_MODEL, verbose_name='stands in'),
        ),
        migrations.AddField(
            model_name='shiftevent',
            name='deputy',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='stands in'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='shift',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_shiftevent" ("briefing", "briefing_en", "call_up_id", "cancel_reason", "deputy_id", "ends_at", "id", "is_demo", "leader_id", "override_by_id", "override_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "starts_at", "status", "version") VALUES (NEW."briefing", NEW."briefing_en", NEW."call_up_id", NEW."cancel_reason", NEW."deputy_id", NEW."ends_at", NEW."id", NEW."is_demo", NEW."leader_id", NEW."override_by_id", NEW."override_reason", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."site_id", NEW."starts_at", NEW."status", NEW."version"); RETURN NULL;', hash='14f4ca8edf7e62dbc359402c2c844b0323a35f09', operation='INSERT', pgid='pgtrigger_insert_insert_64f77', table='staffing_shift', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='shift',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_shiftevent" ("briefing", "briefing_en", "call_up_id", "cancel_reason", "deputy_id", "ends_at", "id", "is_demo", "leader_id", "override_by_id", "override_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "starts_at", "status", "version") VALUES (NEW."briefing", NEW."briefing_en", NEW."call_up_id", NEW."cancel_reason", NEW."deputy_id", NEW."ends_at", NEW."id", NEW."is_demo", NEW."leader_id", NEW."override_by_id", NEW."override_reason", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."site_id", NEW."starts_at", NEW."status", NEW."version"); RETURN NULL;', hash='a3523b03937e11e79325a3f16ce71cbf2bd57f99', operation='UPDATE', pgid='pgtrigger_update_update_7511f', table='staffing_shift', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='shift',
            constraint=models.CheckConstraint(condition=models.Q(('deputy', models.F('leader')), _negated=True), name='nobody_stands_in_for_themselves'),
        ),
    ]
