import communities.fields
import communities.states
import communities.together
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0011_teams_topic'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='Happening',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('topic', models.CharField(max_length=30, verbose_name='topic')),
                        ('target', models.BigIntegerField(verbose_name='of what')),
                        ('state', models.CharField(max_length=30, verbose_name='state')),
                        ('version', models.PositiveIntegerField(null=True, verbose_name='version')),
                        ('at', models.DateTimeField(verbose_name='at')),
                        ('data', models.JSONField(null=True)),
                        ('spread_at', models.DateTimeField(null=True)),
                        ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='communities.area', verbose_name='area')),
                    ],
                    options={
                        'verbose_name': 'happening',
                        'verbose_name_plural': 'happenings',
                        'indexes': [models.Index(models.F('id'), condition=models.Q(('spread_at', None)), name='happening_unspread'), models.Index(fields=['at'], name='happening_at')],
                    },
                ),
                migrations.CreateModel(
                    name='Webhook',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120, verbose_name='name')),
                        ('url', communities.fields.EncryptedText(verbose_name='address')),
                        ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), verbose_name='topics')),
                        ('secret', communities.fields.EncryptedText(editable=False, verbose_name='secret')),
                        ('former_secret', communities.fields.EncryptedText(blank=True, default='', editable=False)),
                        ('former_until', models.DateTimeField(editable=False, null=True, verbose_name='former secret signs until')),
                        ('active', models.BooleanField(default=True, verbose_name='active')),
                        ('off_reason', models.CharField(blank=True, choices=[(communities.states.OffReason['BY_HAND'], 'by hand'), (communities.states.OffReason['FAILING'], 'it did not answer for days'), (communities.states.OffReason['GONE'], 'it said that it is gone')], max_length=10, verbose_name='switched off')),
                        ('off_at', models.DateTimeField(null=True, verbose_name='switched off at')),
                        ('failing_since', models.DateTimeField(null=True, verbose_name='failing since')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to='communities.area', verbose_name='area')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                    ],
                    options={
                        'verbose_name': 'webhook',
                        'verbose_name_plural': 'webhooks',
                        'constraints': [models.CheckConstraint(condition=models.Q(('topics__len__gt', 0)), name='webhook_has_topics'), models.CheckConstraint(condition=models.Q(models.Q(('active', True), ('off_at', None), ('off_reason', '')), models.Q(('active', False), ('off_at__isnull', False), models.Q(('off_reason', ''), _negated=True)), _connector='OR'), name='webhook_is_on_or_off')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "communities_webhookevent" ("active", "area_id", "created_at", "former_until", "id", "made_by_id", "name", "off_at", "off_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "topics", "url") VALUES (NEW."active", NEW."area_id", NEW."created_at", NEW."former_until", NEW."id", NEW."made_by_id", NEW."name", NEW."off_at", NEW."off_reason", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."topics", NEW."url"); RETURN NULL;', hash='fd5d20c7ab377fcb84642b9cdb944422364af451', operation='INSERT', pgid='pgtrigger_insert_insert_e12aa', table='communities_webhook', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."active" IS DISTINCT FROM (NEW."active") OR OLD."area_id" IS DISTINCT FROM (NEW."area_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."former_until" IS DISTINCT FROM (NEW."former_until") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."made_by_id" IS DISTINCT FROM (NEW."made_by_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."off_at" IS DISTINCT FROM (NEW."off_at") OR OLD."off_reason" IS DISTINCT FROM (NEW."off_reason") OR OLD."topics" IS DISTINCT FROM (NEW."topics") OR OLD."url" IS DISTINCT FROM (NEW."url"))', func='INSERT INTO "communities_webhookevent" ("active", "area_id", "created_at", "former_until", "id", "made_by_id", "name", "off_at", "off_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "topics", "url") VALUES (NEW."active", NEW."area_id", NEW."created_at", NEW."former_until", NEW."id", NEW."made_by_id", NEW."name", NEW."off_at", NEW."off_reason", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."topics", NEW."url"); RETURN NULL;', hash='be933a9defd88235325a0d7965e23595191d8365', operation='UPDATE', pgid='pgtrigger_update_update_f5dcc', table='communities_webhook', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "communities_webhookevent" ("active", "area_id", "created_at", "former_until", "id", "made_by_id", "name", "off_at", "off_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "topics", "url") VALUES (OLD."active", OLD."area_id", OLD."created_at", OLD."former_until", OLD."id", OLD."made_by_id", OLD."name", OLD."off_at", OLD."off_reason", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."topics", OLD."url"); RETURN NULL;', hash='38f61a57bcc774e51505668228b405b2048b1f82', operation='DELETE', pgid='pgtrigger_delete_delete_326c0', table='communities_webhook', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='WebhookDelivery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('status', models.CharField(choices=[(communities.states.HookStatus['WAITING'], 'waiting'), (communities.states.HookStatus['SENDING'], 'sending'), (communities.states.HookStatus['ARRIVED'], 'arrived'), (communities.states.HookStatus['PARKED'], 'given up')], default=communities.states.HookStatus['WAITING'], max_length=10, verbose_name='status')),
                        ('due_at', models.DateTimeField(verbose_name='due')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                        ('claimed_until', models.DateTimeField(null=True)),
                        ('answer', models.PositiveSmallIntegerField(null=True, verbose_name='answer')),
                        ('reason', models.CharField(blank=True, max_length=40, verbose_name='reason')),
                        ('tried_at', models.DateTimeField(null=True, verbose_name='last tried')),
                        ('happening', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='communities.happening', verbose_name='happening')),
                        ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='communities.webhook', verbose_name='webhook')),
                    ],
                    options={
                        'verbose_name': 'delivery to a webhook',
                        'verbose_name_plural': 'deliveries to webhooks',
                        'indexes': [models.Index(condition=models.Q(('status', 'waiting')), fields=['webhook', 'due_at'], name='webhook_due'), models.Index(condition=models.Q(('status', 'sending')), fields=['webhook'], name='webhook_sending'), models.Index(condition=models.Q(('status', 'parked')), fields=['webhook'], name='webhook_parked')],
                        'constraints': [models.UniqueConstraint(fields=('webhook', 'happening'), name='webhook_told_once')],
                    },
                ),
                migrations.CreateModel(
                    name='WebhookEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('name', models.CharField(max_length=120, verbose_name='name')),
                        ('url', communities.fields.EncryptedText(verbose_name='address')),
                        ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), verbose_name='topics')),
                        ('former_until', models.DateTimeField(editable=False, null=True, verbose_name='former secret signs until')),
                        ('active', models.BooleanField(default=True, verbose_name='active')),
                        ('off_reason', models.CharField(blank=True, choices=[(communities.states.OffReason['BY_HAND'], 'by hand'), (communities.states.OffReason['FAILING'], 'it did not answer for days'), (communities.states.OffReason['GONE'], 'it said that it is gone')], max_length=10, verbose_name='switched off')),
                        ('off_at', models.DateTimeField(null=True, verbose_name='switched off at')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                        ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='area')),
                        ('made_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='communities.webhook')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='zonestatus',
            trigger=pgtrigger.compiler.Trigger(name='happening_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="if exists (select from communities_webhook where active and topics @> array['zone-statuses']::varchar[]) then insert into communities_happening (topic, target, state, version, at) select 'zone-statuses', n.id, 'set', null, clock_timestamp() from new_values n; end if; return null;", hash='f3cc4f7455122bedb0cd61611bff08ef0c26c3b1', level='STATEMENT', operation='INSERT', pgid='pgtrigger_happening_insert_f0a99', referencing='REFERENCING NEW TABLE AS new_values ', table='communities_zonestatus', when='AFTER')),
        ),
    ]
