import communities.fields
import communities.rules.residence
import communities.together
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import volunteers.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0006_place_aliases'),
        ('communities', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('volunteers', '0002_access_passes'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='StaffImport',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('file_name', models.CharField(max_length=120, verbose_name='file')),
                        ('ending', models.CharField(editable=False, max_length=4)),
                        ('content', models.BinaryField(null=True)),
                        ('status', models.CharField(choices=[(volunteers.states.ImportStatus['UPLOADED'], 'being read'), (volunteers.states.ImportStatus['READ'], 'read, not taken over'), (volunteers.states.ImportStatus['DECIDED'], 'being taken over'), (volunteers.states.ImportStatus['DONE'], 'taken over'), (volunteers.states.ImportStatus['CANCELLED'], 'cancelled'), (volunteers.states.ImportStatus['FAILED'], 'cannot be read')], default=volunteers.states.ImportStatus['UPLOADED'], max_length=10, verbose_name='status')),
                        ('problem', models.CharField(blank=True, max_length=30, verbose_name='problem')),
                        ('strange', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, verbose_name='columns not read')),
                        ('rows', models.PositiveIntegerField(default=0, verbose_name='rows')),
                        ('read', models.PositiveIntegerField(default=0, verbose_name='rows read')),
                        ('taken', models.PositiveIntegerField(default=0, verbose_name='rows taken over')),
                        ('uploaded_at', models.DateTimeField(verbose_name='uploaded')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                        ('changed_at', models.DateTimeField(auto_now=True)),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='communities.organisation', verbose_name='organisation')),
                        ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
                    ],
                    options={
                        'verbose_name': 'staff list',
                        'verbose_name_plural': 'staff lists',
                        'ordering': ['-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', [volunteers.states.ImportStatus['UPLOADED'], volunteers.states.ImportStatus['READ'], volunteers.states.ImportStatus['DECIDED']])), fields=('organisation',), name='one_staff_list_at_a_time')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_staffimportevent" ("decided_by_id", "ending", "file_name", "finished_at", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "status", "strange", "taken", "uploaded_at", "uploaded_by_id") VALUES (NEW."decided_by_id", NEW."ending", NEW."file_name", NEW."finished_at", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."problem", NEW."status", NEW."strange", NEW."taken", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;', hash='d215f84be9be62a5323829062f77196df76fea03', operation='INSERT', pgid='pgtrigger_insert_insert_7b1ec', table='volunteers_staffimport', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."ending" IS DISTINCT FROM (NEW."ending") OR OLD."file_name" IS DISTINCT FROM (NEW."file_name") OR OLD."finished_at" IS DISTINCT FROM (NEW."finished_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."problem" IS DISTINCT FROM (NEW."problem") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."strange" IS DISTINCT FROM (NEW."strange") OR OLD."taken" IS DISTINCT FROM (NEW."taken") OR OLD."uploaded_at" IS DISTINCT FROM (NEW."uploaded_at") OR OLD."uploaded_by_id" IS DISTINCT FROM (NEW."uploaded_by_id"))', func='INSERT INTO "volunteers_staffimportevent" ("decided_by_id", "ending", "file_name", "finished_at", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "status", "strange", "taken", "uploaded_at", "uploaded_by_id") VALUES (NEW."decided_by_id", NEW."ending", NEW."file_name", NEW."finished_at", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."problem", NEW."status", NEW."strange", NEW."taken", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;', hash='3cf4e3535235b59aee4f3553824c684c6ea26dbc', operation='UPDATE', pgid='pgtrigger_update_update_2303a', table='volunteers_staffimport', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='StaffImportEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('file_name', models.CharField(max_length=120, verbose_name='file')),
                        ('ending', models.CharField(editable=False, max_length=4)),
                        ('status', models.CharField(choices=[(volunteers.states.ImportStatus['UPLOADED'], 'being read'), (volunteers.states.ImportStatus['READ'], 'read, not taken over'), (volunteers.states.ImportStatus['DECIDED'], 'being taken over'), (volunteers.states.ImportStatus['DONE'], 'taken over'), (volunteers.states.ImportStatus['CANCELLED'], 'cancelled'), (volunteers.states.ImportStatus['FAILED'], 'cannot be read')], default=volunteers.states.ImportStatus['UPLOADED'], max_length=10, verbose_name='status')),
                        ('problem', models.CharField(blank=True, max_length=30, verbose_name='problem')),
                        ('strange', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, verbose_name='columns not read')),
                        ('taken', models.PositiveIntegerField(default=0, verbose_name='rows taken over')),
                        ('uploaded_at', models.DateTimeField(verbose_name='uploaded')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                        ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                        ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.organisation', verbose_name='organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='volunteers.staffimport')),
                        ('uploaded_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='StaffImportRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('line', models.PositiveIntegerField(verbose_name='line')),
                        ('state', models.CharField(choices=[(volunteers.states.RowState['NEW'], 'new on the list'), (volunteers.states.RowState['KNOWN'], 'on the list already'), (volunteers.states.RowState['WRONG'], 'cannot be taken over'), (volunteers.states.RowState['TAKEN'], 'taken over')], max_length=6, verbose_name='state')),
                        ('problems', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, verbose_name='problems')),
                        ('external_id', models.CharField(blank=True, max_length=40, verbose_name='staff number')),
                        ('name', models.CharField(max_length=120, verbose_name='name')),
                        ('phone_cipher', communities.fields.EncryptedText(null=True)),
                        ('phone_hash', models.CharField(blank=True, max_length=64)),
                        ('address', communities.fields.EncryptedText(blank=True, verbose_name='address')),
                        ('place', models.CharField(blank=True, max_length=200, verbose_name='place as written')),
                        ('confidence', models.PositiveSmallIntegerField(default=0, verbose_name='confidence')),
                        ('how', models.CharField(choices=[(communities.rules.residence.How['ALIAS'], 'decided before'), (communities.rules.residence.How['NAME_AND_AREA'], 'name and area'), (communities.rules.residence.How['NAME'], 'the only one of that name'), (communities.rules.residence.How['BUILDING'], 'the building'), (communities.rules.residence.How['STEM'], 'a short form of the name'), (communities.rules.residence.How['COMMUNITY'], 'the only compound of the community'), (communities.rules.residence.How['AREA_DIFFERS'], 'the name is elsewhere'), (communities.rules.residence.How['SEVERAL'], 'several of that name'), (communities.rules.residence.How['NEAR'], 'sounds alike'), (communities.rules.residence.How['NOTHING'], 'nothing alike')], default=communities.rules.residence.How['NOTHING'], max_length=14, verbose_name='recognised by')),
                        ('choices', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list)),
                        ('skills', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, verbose_name='skills')),
                        ('compound', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='communities.compound', verbose_name='compound')),
                        ('staff_import', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='volunteers.staffimport', verbose_name='staff list')),
                        ('volunteer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'verbose_name': 'row of a staff list',
                        'verbose_name_plural': 'rows of staff lists',
                        'ordering': ['staff_import', 'line'],
                        'constraints': [models.UniqueConstraint(fields=('staff_import', 'line'), name='staff_row_once')],
                    },
                ),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='affiliation',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='affiliation',
            name='update_update',
        ),
        migrations.AddField(
            model_name='affiliation',
            name='known_as',
            field=models.CharField(blank=True, max_length=120, verbose_name='name in the organisation'),
        ),
        migrations.AddField(
            model_name='affiliationevent',
            name='known_as',
            field=models.CharField(blank=True, max_length=120, verbose_name='name in the organisation'),
        ),
        migrations.AddConstraint(
            model_name='affiliation',
            constraint=models.UniqueConstraint(condition=models.Q(('to_day', None), models.Q(('external_id', ''), _negated=True)), fields=('organisation', 'external_id'), name='staff_number_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='affiliation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_affiliationevent" ("external_id", "from_day", "id", "known_as", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_day", "volunteer_id") VALUES (NEW."external_id", NEW."from_day", NEW."id", NEW."known_as", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."to_day", NEW."volunteer_id"); RETURN NULL;', hash='17fb31dc6a3f5d5fee5b147555fb3be66131f305', operation='INSERT', pgid='pgtrigger_insert_insert_8fd96', table='volunteers_affiliation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='affiliation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "volunteers_affiliationevent" ("external_id", "from_day", "id", "known_as", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_day", "volunteer_id") VALUES (NEW."external_id", NEW."from_day", NEW."id", NEW."known_as", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."to_day", NEW."volunteer_id"); RETURN NULL;', hash='3ec0f1dae6aefbebd50e94b0539221b766814c91', operation='UPDATE', pgid='pgtrigger_update_update_ea99d', table='volunteers_affiliation', when='AFTER')),
        ),
    ]
