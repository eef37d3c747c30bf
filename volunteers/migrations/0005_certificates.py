import communities.together
import django.db.models.deletion
import pgtrigger.compiler
import volunteers.models.certificates
import volunteers.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0009_acting_lead'),
        ('communities', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('volunteers', '0004_records_by_day'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='Certificate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(default=volunteers.models.certificates.random_certificate_number, editable=False, max_length=12, unique=True, verbose_name='number')),
                        ('first_day', models.DateField(verbose_name='first day')),
                        ('last_day', models.DateField(verbose_name='last day')),
                        ('name', models.CharField(max_length=120, verbose_name='name on the paper')),
                        ('times', models.PositiveIntegerField(default=0, verbose_name='times')),
                        ('minutes', models.PositiveIntegerField(default=0, verbose_name='minutes')),
                        ('lines', models.JSONField(default=list, verbose_name='what was done')),
                        ('status', models.CharField(choices=[(volunteers.states.CertificateStatus['ASKED'], 'asked for'), (volunteers.states.CertificateStatus['ISSUED'], 'valid'), (volunteers.states.CertificateStatus['REFUSED'], 'refused'), (volunteers.states.CertificateStatus['REVOKED'], 'revoked')], default=volunteers.states.CertificateStatus['ASKED'], max_length=10, verbose_name='status')),
                        ('asked_at', models.DateTimeField(verbose_name='asked')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                        ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                        ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='communities.area', verbose_name='issued by')),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                        ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='revoked by')),
                        ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'verbose_name': 'certificate',
                        'verbose_name_plural': 'certificates',
                        'ordering': ['-asked_at', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='certificate_days_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'issued'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='certificate_by_a_second_person'), models.UniqueConstraint(condition=models.Q(('status', 'asked')), fields=('volunteer', 'community', 'first_day', 'last_day'), name='certificate_asked_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_certificateevent" ("asked_at", "asked_by_id", "community_id", "decided_at", "decided_by_id", "first_day", "id", "last_day", "lines", "minutes", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revoked_at", "revoked_by_id", "status", "times", "volunteer_id") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."community_id", NEW."decided_at", NEW."decided_by_id", NEW."first_day", NEW."id", NEW."last_day", NEW."lines", NEW."minutes", NEW."name", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."revoked_at", NEW."revoked_by_id", NEW."status", NEW."times", NEW."volunteer_id"); RETURN NULL;', hash='f8a1f81c78ce5736e23ca9c69cfb8d9a028b415a', operation='INSERT', pgid='pgtrigger_insert_insert_c67fc', table='volunteers_certificate', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "volunteers_certificateevent" ("asked_at", "asked_by_id", "community_id", "decided_at", "decided_by_id", "first_day", "id", "last_day", "lines", "minutes", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revoked_at", "revoked_by_id", "status", "times", "volunteer_id") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."community_id", NEW."decided_at", NEW."decided_by_id", NEW."first_day", NEW."id", NEW."last_day", NEW."lines", NEW."minutes", NEW."name", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."revoked_at", NEW."revoked_by_id", NEW."status", NEW."times", NEW."volunteer_id"); RETURN NULL;', hash='2c3e283a8e604896ca109ff8a457d5893de8f553', operation='UPDATE', pgid='pgtrigger_update_update_3fea9', table='volunteers_certificate', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='CertificateEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('number', models.CharField(default=volunteers.models.certificates.random_certificate_number, editable=False, max_length=12, verbose_name='number')),
                        ('first_day', models.DateField(verbose_name='first day')),
                        ('last_day', models.DateField(verbose_name='last day')),
                        ('name', models.CharField(max_length=120, verbose_name='name on the paper')),
                        ('times', models.PositiveIntegerField(default=0, verbose_name='times')),
                        ('minutes', models.PositiveIntegerField(default=0, verbose_name='minutes')),
                        ('lines', models.JSONField(default=list, verbose_name='what was done')),
                        ('status', models.CharField(choices=[(volunteers.states.CertificateStatus['ASKED'], 'asked for'), (volunteers.states.CertificateStatus['ISSUED'], 'valid'), (volunteers.states.CertificateStatus['REFUSED'], 'refused'), (volunteers.states.CertificateStatus['REVOKED'], 'revoked')], default=volunteers.states.CertificateStatus['ASKED'], max_length=10, verbose_name='status')),
                        ('asked_at', models.DateTimeField(verbose_name='asked')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                        ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                        ('asked_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                        ('community', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='issued by')),
                        ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='volunteers.certificate')),
                        ('revoked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='revoked by')),
                        ('volunteer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
    ]
