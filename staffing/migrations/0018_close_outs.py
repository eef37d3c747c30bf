import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import communities.together
import staffing.states


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0010_ways_and_digests'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('staffing', '0017_rotas_supplies_and_crews'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='CloseOut',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(max_length=120, verbose_name='what is closed')),
                        ('starts_at', models.DateTimeField(verbose_name='from')),
                        ('ends_at', models.DateTimeField(verbose_name='until')),
                        ('status', models.CharField(choices=[(staffing.states.CloseOutStatus['PROPOSED'], 'proposed'), (staffing.states.CloseOutStatus['AGREED'], 'agreed'), (staffing.states.CloseOutStatus['RUNNING'], 'running'), (staffing.states.CloseOutStatus['DONE'], 'done'), (staffing.states.CloseOutStatus['WITHDRAWN'], 'taken back')], default=staffing.states.CloseOutStatus['PROPOSED'], max_length=10, verbose_name='status')),
                        ('notice_days', models.PositiveSmallIntegerField(default=30, verbose_name='days of notice')),
                        ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                        ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed')),
                        ('purge_at', models.DateTimeField(blank=True, null=True, verbose_name='names go on')),
                        ('begun_at', models.DateTimeField(blank=True, null=True, verbose_name='begun')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                        ('totals', models.JSONField(default=dict, verbose_name='totals before')),
                        ('reached', models.BigIntegerField(default=0, editable=False)),
                        ('done_steps', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, editable=False)),
                        ('counts', models.JSONField(default=dict, verbose_name='what went')),
                        ('kept', models.JSONField(default=dict, verbose_name='who stays')),
                        ('previous_digest', models.CharField(blank=True, max_length=64, verbose_name='digest of the certificate before')),
                        ('digest', models.CharField(blank=True, max_length=64, verbose_name='digest')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('agreed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agreed by')),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='close_outs', to='communities.area', verbose_name='area')),
                        ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                        ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
                    ],
                    options={
                        'verbose_name': 'close-out',
                        'verbose_name_plural': 'close-outs',
                        'ordering': ['-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='close_out_ends_later'), models.CheckConstraint(condition=models.Q(('agreed_by', models.F('proposed_by')), _negated=True), name='close_out_by_two'), models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'withdrawn']), models.Q(('agreed_by__isnull', False), ('purge_at__isnull', False)), _connector='OR'), name='close_out_agreed_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'done'), _negated=True), models.Q(('digest', ''), _negated=True), _connector='OR'), name='close_out_done_is_sealed'), models.UniqueConstraint(condition=models.Q(('status__in', [staffing.states.CloseOutStatus['AGREED'], staffing.states.CloseOutStatus['PROPOSED'], staffing.states.CloseOutStatus['RUNNING']])), fields=('area',), name='one_close_out_at_a_time')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_closeoutevent" ("agreed_at", "agreed_by_id", "area_id", "begun_at", "digest", "ends_at", "finished_at", "id", "is_demo", "notice_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_digest", "proposed_at", "proposed_by_id", "purge_at", "starts_at", "status", "title", "totals", "withdrawn_by_id") VALUES (NEW."agreed_at", NEW."agreed_by_id", NEW."area_id", NEW."begun_at", NEW."digest", NEW."ends_at", NEW."finished_at", NEW."id", NEW."is_demo", NEW."notice_days", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."previous_digest", NEW."proposed_at", NEW."proposed_by_id", NEW."purge_at", NEW."starts_at", NEW."status", NEW."title", NEW."totals", NEW."withdrawn_by_id"); RETURN NULL;', hash='999ad2203a2ace80139e1ff12c153de7de8479e3', operation='INSERT', pgid='pgtrigger_insert_insert_81646', table='staffing_closeout', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agreed_at" IS DISTINCT FROM (NEW."agreed_at") OR OLD."agreed_by_id" IS DISTINCT FROM (NEW."agreed_by_id") OR OLD."area_id" IS DISTINCT FROM (NEW."area_id") OR OLD."begun_at" IS DISTINCT FROM (NEW."begun_at") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."finished_at" IS DISTINCT FROM (NEW."finished_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_demo" IS DISTINCT FROM (NEW."is_demo") OR OLD."notice_days" IS DISTINCT FROM (NEW."notice_days") OR OLD."previous_digest" IS DISTINCT FROM (NEW."previous_digest") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."purge_at" IS DISTINCT FROM (NEW."purge_at") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."totals" IS DISTINCT FROM (NEW."totals") OR OLD."withdrawn_by_id" IS DISTINCT FROM (NEW."withdrawn_by_id"))', func='INSERT INTO "staffing_closeoutevent" ("agreed_at", "agreed_by_id", "area_id", "begun_at", "digest", "ends_at", "finished_at", "id", "is_demo", "notice_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_digest", "proposed_at", "proposed_by_id", "purge_at", "starts_at", "status", "title", "totals", "withdrawn_by_id") VALUES (NEW."agreed_at", NEW."agreed_by_id", NEW."area_id", NEW."begun_at", NEW."digest", NEW."ends_at", NEW."finished_at", NEW."id", NEW."is_demo", NEW."notice_days", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."previous_digest", NEW."proposed_at", NEW."proposed_by_id", NEW."purge_at", NEW."starts_at", NEW."status", NEW."title", NEW."totals", NEW."withdrawn_by_id"); RETURN NULL;', hash='d985d6a569929617c15165e904798ce553630781', operation='UPDATE', pgid='pgtrigger_update_update_22af1', table='staffing_closeout', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='CloseOutEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('title', models.CharField(max_length=120, verbose_name='what is closed')),
                        ('starts_at', models.DateTimeField(verbose_name='from')),
                        ('ends_at', models.DateTimeField(verbose_name='until')),
                        ('status', models.CharField(choices=[(staffing.states.CloseOutStatus['PROPOSED'], 'proposed'), (staffing.states.CloseOutStatus['AGREED'], 'agreed'), (staffing.states.CloseOutStatus['RUNNING'], 'running'), (staffing.states.CloseOutStatus['DONE'], 'done'), (staffing.states.CloseOutStatus['WITHDRAWN'], 'taken back')], default=staffing.states.CloseOutStatus['PROPOSED'], max_length=10, verbose_name='status')),
                        ('notice_days', models.PositiveSmallIntegerField(default=30, verbose_name='days of notice')),
                        ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                        ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed')),
                        ('purge_at', models.DateTimeField(blank=True, null=True, verbose_name='names go on')),
                        ('begun_at', models.DateTimeField(blank=True, null=True, verbose_name='begun')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                        ('totals', models.JSONField(default=dict, verbose_name='totals before')),
                        ('previous_digest', models.CharField(blank=True, max_length=64, verbose_name='digest of the certificate before')),
                        ('digest', models.CharField(blank=True, max_length=64, verbose_name='digest')),
                        ('is_demo', models.BooleanField(default=False, editable=False)),
                        ('agreed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agreed by')),
                        ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='area')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.closeout')),
                        ('proposed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                        ('withdrawn_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Erasure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('account', models.BigIntegerField(unique=True, verbose_name='account')),
                        ('at', models.DateTimeField(verbose_name='erased')),
                        ('cause', models.CharField(choices=[(staffing.states.Cause['OWN_WISH'], "the person's own wish"), (staffing.states.Cause['CLOSE_OUT'], 'close-out'), (staffing.states.Cause['TIME'], 'kept long enough')], max_length=10, verbose_name='cause')),
                        ('counts', models.JSONField(default=dict, verbose_name='what went')),
                        ('close_out', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to='staffing.closeout', verbose_name='close-out')),
                    ],
                    options={
                        'verbose_name': 'erasure',
                        'verbose_name_plural': 'erasures',
                        'ordering': ['-at', '-pk'],
                    },
                ),
            ],
        ),
    ]
