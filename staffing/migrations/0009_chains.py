import communities.fields
import communities.together
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import staffing.states
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0005_failed_messages'),
        ('communities', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('staffing', '0008_rides_milestone'),
        ('volunteers', '0002_access_passes'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='ChainAlias',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', communities.fields.EncryptedText(verbose_name='name')),
                        ('name_hash', models.CharField(editable=False, max_length=64)),
                        ('learned_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='learned')),
                        ('community', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='communities.area', verbose_name='community')),
                        ('learned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='learned from')),
                        ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chain_aliases', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'verbose_name': 'name in the chat',
                        'verbose_name_plural': 'names in the chat',
                        'constraints': [models.UniqueConstraint(fields=('community', 'name_hash'), name='chain_alias_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_chainaliasevent" ("community_id", "id", "learned_at", "learned_by_id", "name_hash", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "volunteer_id") VALUES (NEW."community_id", NEW."id", NEW."learned_at", NEW."learned_by_id", NEW."name_hash", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."volunteer_id"); RETURN NULL;', hash='204a2e994a288bcda9db4f789801c0fe247b2290', operation='INSERT', pgid='pgtrigger_insert_insert_c27af', table='staffing_chainalias', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."community_id" IS DISTINCT FROM (NEW."community_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."learned_at" IS DISTINCT FROM (NEW."learned_at") OR OLD."learned_by_id" IS DISTINCT FROM (NEW."learned_by_id") OR OLD."name_hash" IS DISTINCT FROM (NEW."name_hash") OR OLD."volunteer_id" IS DISTINCT FROM (NEW."volunteer_id"))', func='INSERT INTO "staffing_chainaliasevent" ("community_id", "id", "learned_at", "learned_by_id", "name_hash", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "volunteer_id") VALUES (NEW."community_id", NEW."id", NEW."learned_at", NEW."learned_by_id", NEW."name_hash", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."volunteer_id"); RETURN NULL;', hash='132777043f2b745e33528a2c1d1558b1fa6c202b', operation='UPDATE', pgid='pgtrigger_update_update_811ec', table='staffing_chainalias', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='ChainList',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                        ('pastes', models.PositiveIntegerField(default=0, verbose_name='pasted how often')),
                        ('pasted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last pasted')),
                        ('call_up', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='chain', to='staffing.callup', verbose_name='call')),
                        ('pasted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='pasted by')),
                    ],
                    options={
                        'verbose_name': 'chain list',
                        'verbose_name_plural': 'chain lists',
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_chainlistevent" ("call_up_id", "id", "pasted_at", "pasted_by_id", "pastes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") VALUES (NEW."call_up_id", NEW."id", NEW."pasted_at", NEW."pasted_by_id", NEW."pastes", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."title"); RETURN NULL;', hash='8484a0bd2f4828157e3042b994e0188eabc91d82', operation='INSERT', pgid='pgtrigger_insert_insert_cf977', table='staffing_chainlist', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_chainlistevent" ("call_up_id", "id", "pasted_at", "pasted_by_id", "pastes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") VALUES (NEW."call_up_id", NEW."id", NEW."pasted_at", NEW."pasted_by_id", NEW."pastes", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."title"); RETURN NULL;', hash='951a4bb6a2c97d03ecd0b2dc8c12eaa7f3db05ee', operation='UPDATE', pgid='pgtrigger_update_update_2b70e', table='staffing_chainlist', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='ChainAliasEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('name_hash', models.CharField(editable=False, max_length=64)),
                        ('learned_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='learned')),
                        ('community', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='communities.area', verbose_name='community')),
                        ('learned_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='learned from')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.chainalias')),
                        ('volunteer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ChainListEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                        ('pastes', models.PositiveIntegerField(default=0, verbose_name='pasted how often')),
                        ('pasted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last pasted')),
                        ('call_up', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.callup', verbose_name='call')),
                        ('pasted_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='pasted by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.chainlist')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ChainRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('fingerprint', models.CharField(editable=False, max_length=64)),
                        ('line', models.PositiveIntegerField(verbose_name='line')),
                        ('said', communities.fields.EncryptedText(verbose_name='what was written')),
                        ('state', models.CharField(choices=[(staffing.states.ChainState['ENTERED'], 'entered'), (staffing.states.ChainState['ASKING'], 'waits for an answer'), (staffing.states.ChainState['ASIDE'], 'put aside'), (staffing.states.ChainState['TAKEN_BACK'], 'taken back')], max_length=12, verbose_name='state')),
                        ('gone', models.BooleanField(default=False, verbose_name='no longer in the list')),
                        ('reason', models.CharField(blank=True, max_length=30, verbose_name='reason')),
                        ('facts', models.JSONField(blank=True, default=dict, verbose_name='facts')),
                        ('how', models.CharField(blank=True, max_length=10, verbose_name='recognised by')),
                        ('building', models.CharField(blank=True, max_length=20, verbose_name='building')),
                        ('party', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='signed up together')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                        ('chain', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='staffing.chainlist', verbose_name='chain list')),
                        ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                        ('sign_up', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='chain_rows', to='staffing.signup', verbose_name='sign-up')),
                        ('volunteer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='chain_rows', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'verbose_name': 'line of a chain list',
                        'verbose_name_plural': 'lines of chain lists',
                        'constraints': [models.UniqueConstraint(fields=('chain', 'fingerprint'), name='chain_row_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_chainrowevent" ("building", "chain_id", "changed_at", "created_at", "entered_by_id", "facts", "fingerprint", "gone", "how", "id", "line", "party", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "sign_up_id", "state", "volunteer_id") VALUES (NEW."building", NEW."chain_id", NEW."changed_at", NEW."created_at", NEW."entered_by_id", NEW."facts", NEW."fingerprint", NEW."gone", NEW."how", NEW."id", NEW."line", NEW."party", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."sign_up_id", NEW."state", NEW."volunteer_id"); RETURN NULL;', hash='b9ca099c80dcc5f6f32212bc11ceb0cd7ec58d57', operation='INSERT', pgid='pgtrigger_insert_insert_1dd92', table='staffing_chainrow', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."building" IS DISTINCT FROM (NEW."building") OR OLD."chain_id" IS DISTINCT FROM (NEW."chain_id") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."entered_by_id" IS DISTINCT FROM (NEW."entered_by_id") OR OLD."facts" IS DISTINCT FROM (NEW."facts") OR OLD."fingerprint" IS DISTINCT FROM (NEW."fingerprint") OR OLD."gone" IS DISTINCT FROM (NEW."gone") OR OLD."how" IS DISTINCT FROM (NEW."how") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."line" IS DISTINCT FROM (NEW."line") OR OLD."party" IS DISTINCT FROM (NEW."party") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."sign_up_id" IS DISTINCT FROM (NEW."sign_up_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."volunteer_id" IS DISTINCT FROM (NEW."volunteer_id"))', func='INSERT INTO "staffing_chainrowevent" ("building", "chain_id", "changed_at", "created_at", "entered_by_id", "facts", "fingerprint", "gone", "how", "id", "line", "party", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "sign_up_id", "state", "volunteer_id") VALUES (NEW."building", NEW."chain_id", NEW."changed_at", NEW."created_at", NEW."entered_by_id", NEW."facts", NEW."fingerprint", NEW."gone", NEW."how", NEW."id", NEW."line", NEW."party", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."sign_up_id", NEW."state", NEW."volunteer_id"); RETURN NULL;', hash='c4d8733063593d84487b1035129aaeaaabb7d31c', operation='UPDATE', pgid='pgtrigger_update_update_26a33', table='staffing_chainrow', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='ChainRowEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('fingerprint', models.CharField(editable=False, max_length=64)),
                        ('line', models.PositiveIntegerField(verbose_name='line')),
                        ('state', models.CharField(choices=[(staffing.states.ChainState['ENTERED'], 'entered'), (staffing.states.ChainState['ASKING'], 'waits for an answer'), (staffing.states.ChainState['ASIDE'], 'put aside'), (staffing.states.ChainState['TAKEN_BACK'], 'taken back')], max_length=12, verbose_name='state')),
                        ('gone', models.BooleanField(default=False, verbose_name='no longer in the list')),
                        ('reason', models.CharField(blank=True, max_length=30, verbose_name='reason')),
                        ('facts', models.JSONField(blank=True, default=dict, verbose_name='facts')),
                        ('how', models.CharField(blank=True, max_length=10, verbose_name='recognised by')),
                        ('building', models.CharField(blank=True, max_length=20, verbose_name='building')),
                        ('party', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='signed up together')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                        ('chain', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.chainlist', verbose_name='chain list')),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.chainrow')),
                        ('sign_up', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.signup', verbose_name='sign-up')),
                        ('volunteer', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='volunteer')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
    ]
