import communities.together
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0005_failed_messages'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='PlaceAlias',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.CharField(max_length=200, unique=True, verbose_name='what people write')),
                        ('learned_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='decided')),
                        ('compound', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='communities.compound', verbose_name='compound')),
                        ('learned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                    ],
                    options={
                        'verbose_name': 'other name of a place',
                        'verbose_name_plural': 'other names of places',
                        'ordering': ['text'],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "communities_placealiasevent" ("compound_id", "id", "learned_at", "learned_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."compound_id", NEW."id", NEW."learned_at", NEW."learned_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."text"); RETURN NULL;', hash='161ea07a8b497cff4db054dc835141c785de3d1c', operation='INSERT', pgid='pgtrigger_insert_insert_0e6cf', table='communities_placealias', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "communities_placealiasevent" ("compound_id", "id", "learned_at", "learned_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."compound_id", NEW."id", NEW."learned_at", NEW."learned_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."text"); RETURN NULL;', hash='57b8e53803b09407a8794b2389870a6c476e9ea5', operation='UPDATE', pgid='pgtrigger_update_update_87b2e', table='communities_placealias', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='PlaceAliasEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('text', models.CharField(max_length=200, verbose_name='what people write')),
                        ('learned_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='decided')),
                        ('compound', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.compound', verbose_name='compound')),
                        ('learned_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='communities.placealias')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
        django.contrib.postgres.operations.TrigramExtension(
        ),
        migrations.AddIndex(
            model_name='compound',
            index=django.contrib.postgres.indexes.GinIndex(fields=['name'], name='compound_name_alike', opclasses=['gin_trgm_ops']),
        ),
    ]
