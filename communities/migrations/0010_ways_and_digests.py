import communities.fields
import communities.states
import communities.together
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0009_acting_lead'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.AlterField(
            model_name='deadend',
            name='channel',
            field=models.CharField(choices=[('sms', 'text message'), ('push', 'browser'), ('email', 'e-mail'), ('robot', 'group robot')], max_length=10, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='channel',
            field=models.CharField(choices=[('sms', 'text message'), ('push', 'browser'), ('email', 'e-mail'), ('robot', 'group robot')], max_length=10, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='status',
            field=models.CharField(choices=[(communities.states.MessageStatus['SCHEDULED'], 'scheduled'), (communities.states.MessageStatus['SENDING'], 'sending'), (communities.states.MessageStatus['SENT'], 'sent'), (communities.states.MessageStatus['DELIVERED'], 'delivered'), (communities.states.MessageStatus['ACKNOWLEDGED'], 'answered'), (communities.states.MessageStatus['FAILED'], 'failed'), (communities.states.MessageStatus['CANCELLED'], 'cancelled'), (communities.states.MessageStatus['EXPIRED'], 'expired'), (communities.states.MessageStatus['GATHERED'], 'in the digest')], max_length=12, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='message',
            name='channel',
            field=models.CharField(blank=True, choices=[('sms', 'text message'), ('push', 'browser'), ('email', 'e-mail'), ('robot', 'group robot')], max_length=10, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='message',
            name='status',
            field=models.CharField(choices=[(communities.states.MessageStatus['SCHEDULED'], 'scheduled'), (communities.states.MessageStatus['SENDING'], 'sending'), (communities.states.MessageStatus['SENT'], 'sent'), (communities.states.MessageStatus['DELIVERED'], 'delivered'), (communities.states.MessageStatus['ACKNOWLEDGED'], 'answered'), (communities.states.MessageStatus['FAILED'], 'failed'), (communities.states.MessageStatus['CANCELLED'], 'cancelled'), (communities.states.MessageStatus['EXPIRED'], 'expired'), (communities.states.MessageStatus['GATHERED'], 'in the digest')], default=communities.states.MessageStatus['SCHEDULED'], max_length=12, verbose_name='status'),
        ),
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='Browser',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('subscription', communities.fields.EncryptedText(verbose_name='subscription')),
                        ('endpoint_hash', models.CharField(editable=False, max_length=64, unique=True)),
                        ('since', models.DateTimeField(verbose_name='since')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='browsers', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                    ],
                    options={
                        'verbose_name': 'browser that shows messages',
                        'verbose_name_plural': 'browsers that show messages',
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "communities_browserevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "user_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."since", NEW."user_id"); RETURN NULL;', hash='ca7703121f68efa6ad3ab5f00da15903b9073fa7', operation='INSERT', pgid='pgtrigger_insert_insert_fc04c', table='communities_browser', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "communities_browserevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "user_id") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."since", OLD."user_id"); RETURN NULL;', hash='036b192f433dd77ffdfef7eddebad5b238fd1d54', operation='DELETE', pgid='pgtrigger_delete_delete_cd709', table='communities_browser', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='OptOut',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('topic', models.CharField(choices=[(communities.states.Topic['CALLS'], 'calls for volunteers'), (communities.states.Topic['RIDES'], 'rides that wait for a driver'), (communities.states.Topic['NEWS'], 'news of the community')], max_length=10, verbose_name='topic')),
                        ('since', models.DateTimeField(verbose_name='since')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opt_outs', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                    ],
                    options={
                        'verbose_name': 'topic somebody does not want',
                        'verbose_name_plural': 'topics somebody does not want',
                        'constraints': [models.UniqueConstraint(fields=('user', 'topic'), name='opt_out_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "communities_optoutevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "topic", "user_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."since", NEW."topic", NEW."user_id"); RETURN NULL;', hash='3d805003e4b95338fc3c7285223f886c5f5482c9', operation='INSERT', pgid='pgtrigger_insert_insert_434ca', table='communities_optout', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "communities_optoutevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "topic", "user_id") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."since", OLD."topic", OLD."user_id"); RETURN NULL;', hash='619a076cb3e984a565f4ed352cc44eacb27e0c72', operation='DELETE', pgid='pgtrigger_delete_delete_1ae74', table='communities_optout', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='BrowserEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('since', models.DateTimeField(verbose_name='since')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='communities.browser')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='OptOutEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('topic', models.CharField(choices=[(communities.states.Topic['CALLS'], 'calls for volunteers'), (communities.states.Topic['RIDES'], 'rides that wait for a driver'), (communities.states.Topic['NEWS'], 'news of the community')], max_length=10, verbose_name='topic')),
                        ('since', models.DateTimeField(verbose_name='since')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='communities.optout')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
    ]
