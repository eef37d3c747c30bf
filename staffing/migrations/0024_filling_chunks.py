import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('staffing', '0023_standby'),
    ]

    operations = [
        migrations.CreateModel(
            name='FillingChunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('no', models.PositiveIntegerField(verbose_name='number')),
                ('found', models.JSONField(null=True, verbose_name='what stays empty, and why')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('filling', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='staffing.filling', verbose_name='staffing proposal')),
            ],
            options={
                'verbose_name': 'posts of a staffing proposal',
                'verbose_name_plural': 'posts of staffing proposals',
                'constraints': [models.UniqueConstraint(fields=('filling', 'no'), name='filling_chunk_once')],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='filling',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='filling',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='filling',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='filling',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='tries'),
        ),
        migrations.AddField(
            model_name='fillingevent',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='tries'),
        ),
        migrations.AddField(
            model_name='fillingfacts',
            name='chosen',
            field=models.BinaryField(null=True, verbose_name='chosen pairs'),
        ),
        migrations.AddField(
            model_name='fillingfacts',
            name='draft',
            field=models.JSONField(default=dict, verbose_name='proposed seats'),
        ),
        migrations.AddField(
            model_name='fillingpart',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='tries'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='filling',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_fillingevent" ("adopted_at", "adopted_by_id", "area_id", "begun_at", "call_up_id", "ends_at", "id", "is_demo", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress", "seconds", "seed", "solved_at", "starts_at", "status", "stop_asked", "summary", "tries") VALUES (NEW."adopted_at", NEW."adopted_by_id", NEW."area_id", NEW."begun_at", NEW."call_up_id", NEW."ends_at", NEW."id", NEW."is_demo", NEW."made_at", NEW."made_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."progress", NEW."seconds", NEW."seed", NEW."solved_at", NEW."starts_at", NEW."status", NEW."stop_asked", NEW."summary", NEW."tries"); RETURN NULL;', hash='631bae0882cb95e00ce607a645e3b146c0faa911', operation='INSERT', pgid='pgtrigger_insert_insert_d49c5', table='staffing_filling', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='filling',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."stop_asked" IS DISTINCT FROM (NEW."stop_asked"))', func='INSERT INTO "staffing_fillingevent" ("adopted_at", "adopted_by_id", "area_id", "begun_at", "call_up_id", "ends_at", "id", "is_demo", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress", "seconds", "seed", "solved_at", "starts_at", "status", "stop_asked", "summary", "tries") VALUES (NEW."adopted_at", NEW."adopted_by_id", NEW."area_id", NEW."begun_at", NEW."call_up_id", NEW."ends_at", NEW."id", NEW."is_demo", NEW."made_at", NEW."made_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."progress", NEW."seconds", NEW."seed", NEW."solved_at", NEW."starts_at", NEW."status", NEW."stop_asked", NEW."summary", NEW."tries"); RETURN NULL;', hash='512e060688016b6b2420a57b4e165565676147dc', operation='UPDATE', pgid='pgtrigger_update_update_b60e6', table='staffing_filling', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='filling',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_fillingevent" ("adopted_at", "adopted_by_id", "area_id", "begun_at", "call_up_id", "ends_at", "id", "is_demo", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress", "seconds", "seed", "solved_at", "starts_at", "status", "stop_asked", "summary", "tries") VALUES (OLD."adopted_at", OLD."adopted_by_id", OLD."area_id", OLD."begun_at", OLD."call_up_id", OLD."ends_at", OLD."id", OLD."is_demo", OLD."made_at", OLD."made_by_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."progress", OLD."seconds", OLD."seed", OLD."solved_at", OLD."starts_at", OLD."status", OLD."stop_asked", OLD."summary", OLD."tries"); RETURN NULL;', hash='f3d8269c7d7de1f8914636fbc8931fba0f17b96a', operation='DELETE', pgid='pgtrigger_delete_delete_9cfa7', table='staffing_filling', when='AFTER')),
        ),
    ]
