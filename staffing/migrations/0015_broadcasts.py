import communities.together
import django.db.models.deletion
import pgtrigger.compiler
import staffing.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0010_ways_and_digests'),
        ('communities', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('staffing', '0014_lendings_and_takeovers'),
        ('volunteers', '0005_certificates'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='Broadcast',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('subject', models.CharField(max_length=60, verbose_name='subject')),
                        ('subject_en', models.CharField(max_length=60, verbose_name='English subject')),
                        ('text', models.TextField(max_length=600, verbose_name='text')),
                        ('text_en', models.TextField(max_length=600, verbose_name='English text')),
                        ('groups', models.BooleanField(default=False, verbose_name='chat groups too')),
                        ('urgency', models.CharField(choices=[(staffing.states.Urgency['EVENING'], 'with the digest of the evening'), (staffing.states.Urgency['DAY'], 'at once, but not in quiet hours'), (staffing.states.Urgency['EMERGENCY'], 'at once, in quiet hours too')], default=staffing.states.Urgency['DAY'], max_length=10, verbose_name='when')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='why it cannot wait')),
                        ('status', models.CharField(choices=[(staffing.states.BroadcastStatus['DRAFT'], 'draft'), (staffing.states.BroadcastStatus['SENT'], 'sent'), (staffing.states.BroadcastStatus['STOPPED'], 'stopped')], default=staffing.states.BroadcastStatus['DRAFT'], max_length=10, verbose_name='status')),
                        ('people', models.PositiveIntegerField(default=0, verbose_name='people')),
                        ('created_at', models.DateTimeField(verbose_name='written')),
                        ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                        ('leaves_at', models.DateTimeField(blank=True, null=True, verbose_name='leaves')),
                        ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='stopped')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='broadcasts', to='communities.area', verbose_name='area')),
                        ('call_up', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='broadcasts', to='staffing.callup', verbose_name='people of the call')),
                        ('compound', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.compound', verbose_name='who live in')),
                        ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='whom to call')),
                        ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                        ('qualification', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.qualification', verbose_name='with this qualification')),
                        ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                        ('stopped_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='stopped by')),
                    ],
                    options={
                        'verbose_name': 'notice to many',
                        'verbose_name_plural': 'notices to many',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['area', '-created_at'], name='broadcasts_of_area')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('urgency', staffing.states.Urgency['EMERGENCY']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='broadcast_night_has_reason'), models.CheckConstraint(condition=models.Q(('status', staffing.states.BroadcastStatus['DRAFT']), models.Q(('leaves_at__isnull', False), ('sent_at__isnull', False), ('sent_by__isnull', False)), _connector='OR'), name='broadcast_sent_by_somebody')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_broadcastevent" ("area_id", "call_up_id", "compound_id", "contact_id", "created_at", "created_by_id", "groups", "id", "is_demo", "leaves_at", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "qualification_id", "reason", "sent_at", "sent_by_id", "status", "stopped_at", "stopped_by_id", "subject", "subject_en", "text", "text_en", "urgency") VALUES (NEW."area_id", NEW."call_up_id", NEW."compound_id", NEW."contact_id", NEW."created_at", NEW."created_by_id", NEW."groups", NEW."id", NEW."is_demo", NEW."leaves_at", NEW."people", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."qualification_id", NEW."reason", NEW."sent_at", NEW."sent_by_id", NEW."status", NEW."stopped_at", NEW."stopped_by_id", NEW."subject", NEW."subject_en", NEW."text", NEW."text_en", NEW."urgency"); RETURN NULL;', hash='21041ae7babd7b265e7f74822dbf87805bd17ef3', operation='INSERT', pgid='pgtrigger_insert_insert_05ad0', table='staffing_broadcast', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_broadcastevent" ("area_id", "call_up_id", "compound_id", "contact_id", "created_at", "created_by_id", "groups", "id", "is_demo", "leaves_at", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "qualification_id", "reason", "sent_at", "sent_by_id", "status", "stopped_at", "stopped_by_id", "subject", "subject_en", "text", "text_en", "urgency") VALUES (NEW."area_id", NEW."call_up_id", NEW."compound_id", NEW."contact_id", NEW."created_at", NEW."created_by_id", NEW."groups", NEW."id", NEW."is_demo", NEW."leaves_at", NEW."people", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."qualification_id", NEW."reason", NEW."sent_at", NEW."sent_by_id", NEW."status", NEW."stopped_at", NEW."stopped_by_id", NEW."subject", NEW."subject_en", NEW."text", NEW."text_en", NEW."urgency"); RETURN NULL;', hash='daf0f94d0892d32cc7f5437e96041d4c875b205c', operation='UPDATE', pgid='pgtrigger_update_update_2be49', table='staffing_broadcast', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='NoticeTemplate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('subject', models.CharField(max_length=60, verbose_name='subject')),
                        ('subject_en', models.CharField(max_length=60, verbose_name='English subject')),
                        ('text', models.TextField(max_length=600, verbose_name='text')),
                        ('text_en', models.TextField(max_length=600, verbose_name='English text')),
                        ('name', models.CharField(max_length=80, verbose_name='name')),
                        ('active', models.BooleanField(default=True, verbose_name='active')),
                        ('changed_at', models.DateTimeField(verbose_name='changed')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notice_templates', to='communities.area', verbose_name='area')),
                        ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                    ],
                    options={
                        'verbose_name': 'text template',
                        'verbose_name_plural': 'text templates',
                        'constraints': [models.UniqueConstraint(fields=('area', 'name'), name='notice_template_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_noticetemplateevent" ("active", "area_id", "changed_at", "changed_by_id", "id", "is_demo", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject", "subject_en", "text", "text_en") VALUES (NEW."active", NEW."area_id", NEW."changed_at", NEW."changed_by_id", NEW."id", NEW."is_demo", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."subject", NEW."subject_en", NEW."text", NEW."text_en"); RETURN NULL;', hash='f051bc58c70bd3e8b5d218c2e853ea46ffd0a315', operation='INSERT', pgid='pgtrigger_insert_insert_24bbd', table='staffing_noticetemplate', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_noticetemplateevent" ("active", "area_id", "changed_at", "changed_by_id", "id", "is_demo", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject", "subject_en", "text", "text_en") VALUES (NEW."active", NEW."area_id", NEW."changed_at", NEW."changed_by_id", NEW."id", NEW."is_demo", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."subject", NEW."subject_en", NEW."text", NEW."text_en"); RETURN NULL;', hash='421c0fd2e7aa245bd71a180a52bef744cdff00ae', operation='UPDATE', pgid='pgtrigger_update_update_7af86', table='staffing_noticetemplate', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='BroadcastEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('subject', models.CharField(max_length=60, verbose_name='subject')),
                        ('subject_en', models.CharField(max_length=60, verbose_name='English subject')),
                        ('text', models.TextField(max_length=600, verbose_name='text')),
                        ('text_en', models.TextField(max_length=600, verbose_name='English text')),
                        ('groups', models.BooleanField(default=False, verbose_name='chat groups too')),
                        ('urgency', models.CharField(choices=[(staffing.states.Urgency['EVENING'], 'with the digest of the evening'), (staffing.states.Urgency['DAY'], 'at once, but not in quiet hours'), (staffing.states.Urgency['EMERGENCY'], 'at once, in quiet hours too')], default=staffing.states.Urgency['DAY'], max_length=10, verbose_name='when')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='why it cannot wait')),
                        ('status', models.CharField(choices=[(staffing.states.BroadcastStatus['DRAFT'], 'draft'), (staffing.states.BroadcastStatus['SENT'], 'sent'), (staffing.states.BroadcastStatus['STOPPED'], 'stopped')], default=staffing.states.BroadcastStatus['DRAFT'], max_length=10, verbose_name='status')),
                        ('people', models.PositiveIntegerField(default=0, verbose_name='people')),
                        ('created_at', models.DateTimeField(verbose_name='written')),
                        ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                        ('leaves_at', models.DateTimeField(blank=True, null=True, verbose_name='leaves')),
                        ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='stopped')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='area')),
                        ('call_up', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.callup', verbose_name='people of the call')),
                        ('compound', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.compound', verbose_name='who live in')),
                        ('contact', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='whom to call')),
                        ('created_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.broadcast')),
                        ('qualification', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.qualification', verbose_name='with this qualification')),
                        ('sent_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                        ('stopped_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='stopped by')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='NoticeTemplateEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('subject', models.CharField(max_length=60, verbose_name='subject')),
                        ('subject_en', models.CharField(max_length=60, verbose_name='English subject')),
                        ('text', models.TextField(max_length=600, verbose_name='text')),
                        ('text_en', models.TextField(max_length=600, verbose_name='English text')),
                        ('name', models.CharField(max_length=80, verbose_name='name')),
                        ('active', models.BooleanField(default=True, verbose_name='active')),
                        ('changed_at', models.DateTimeField(verbose_name='changed')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='area')),
                        ('changed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.noticetemplate')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
    ]
