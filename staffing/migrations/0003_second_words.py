import communities.together
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import staffing.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('staffing', '0002_readiness'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='Asking',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('again', models.BooleanField(default=False, verbose_name='again')),
                        ('people', models.PositiveIntegerField(verbose_name='people')),
                        ('groups', models.PositiveIntegerField(default=0, verbose_name='chat groups')),
                        ('asked_at', models.DateTimeField(verbose_name='asked')),
                        ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                        ('call_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='askings', to='staffing.callup', verbose_name='call')),
                    ],
                    options={
                        'verbose_name': 'round of messages',
                        'verbose_name_plural': 'rounds of messages',
                        'ordering': ['asked_at', 'id'],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_askingevent" ("again", "asked_at", "asked_by_id", "call_up_id", "groups", "id", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."again", NEW."asked_at", NEW."asked_by_id", NEW."call_up_id", NEW."groups", NEW."id", NEW."people", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='70c04fb254c257867f4a758625b94f023d3deec8', operation='INSERT', pgid='pgtrigger_insert_insert_65d68', table='staffing_asking', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_askingevent" ("again", "asked_at", "asked_by_id", "call_up_id", "groups", "id", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."again", NEW."asked_at", NEW."asked_by_id", NEW."call_up_id", NEW."groups", NEW."id", NEW."people", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='049cc4f650f863028a472035e00604336f4b6771', operation='UPDATE', pgid='pgtrigger_update_update_52a74', table='staffing_asking', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='Proposal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[(staffing.states.ProposalKind['CHECK_OUT'], 'a long check-out'), (staffing.states.ProposalKind['CORRECT'], 'was there after all')], max_length=10, verbose_name='kind')),
                        ('started_at', models.DateTimeField(verbose_name='from')),
                        ('ended_at', models.DateTimeField(verbose_name='until')),
                        ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                        ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed')),
                        ('agreed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agreed by')),
                        ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                        ('sign_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='staffing.signup', verbose_name='sign-up')),
                    ],
                    options={
                        'verbose_name': 'proposal',
                        'verbose_name_plural': 'proposals',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('agreed_at', None)), fields=('sign_up',), name='proposal_once'), models.CheckConstraint(condition=models.Q(('agreed_by', models.F('proposed_by')), _negated=True), name='proposal_by_two'), models.CheckConstraint(condition=models.Q(('ended_at__gt', models.F('started_at'))), name='proposal_ends_after_start')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_proposalevent" ("agreed_at", "agreed_by_id", "ended_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "sign_up_id", "started_at") VALUES (NEW."agreed_at", NEW."agreed_by_id", NEW."ended_at", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."sign_up_id", NEW."started_at"); RETURN NULL;', hash='647fa0988dcdb9dab3790b4eebcd89f21a102d76', operation='INSERT', pgid='pgtrigger_insert_insert_6b519', table='staffing_proposal', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_proposalevent" ("agreed_at", "agreed_by_id", "ended_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "sign_up_id", "started_at") VALUES (NEW."agreed_at", NEW."agreed_by_id", NEW."ended_at", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."sign_up_id", NEW."started_at"); RETURN NULL;', hash='1ce1bdf01dac2aec569363a21691151cf09a1880', operation='UPDATE', pgid='pgtrigger_update_update_37106', table='staffing_proposal', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='Reply',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('said', models.CharField(choices=[(staffing.states.CallReply['REMIND_ME'], 'tell me when it opens'), (staffing.states.CallReply['NOT_THIS_TIME'], 'not this time')], max_length=14, verbose_name='answer')),
                        ('said_at', models.DateTimeField(verbose_name='at')),
                        ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='told')),
                        ('call_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='staffing.callup', verbose_name='call')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                    ],
                    options={
                        'verbose_name': 'reply to a call',
                        'verbose_name_plural': 'replies to calls',
                        'indexes': [models.Index(condition=models.Q(('said', 'remind_me'), ('told_at', None)), fields=['call_up'], name='reply_untold')],
                        'constraints': [models.UniqueConstraint(fields=('call_up', 'user'), name='reply_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_replyevent" ("call_up_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "said", "said_at", "told_at", "user_id") VALUES (NEW."call_up_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."said", NEW."said_at", NEW."told_at", NEW."user_id"); RETURN NULL;', hash='a565e716d2304813885666c10ea12a1f0428ca8e', operation='INSERT', pgid='pgtrigger_insert_insert_237ec', table='staffing_reply', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_replyevent" ("call_up_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "said", "said_at", "told_at", "user_id") VALUES (NEW."call_up_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."said", NEW."said_at", NEW."told_at", NEW."user_id"); RETURN NULL;', hash='259e662f04c99a8dc560e079489d0656d6d5cb64', operation='UPDATE', pgid='pgtrigger_update_update_43c9a', table='staffing_reply', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='AskingEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('again', models.BooleanField(default=False, verbose_name='again')),
                        ('people', models.PositiveIntegerField(verbose_name='people')),
                        ('groups', models.PositiveIntegerField(default=0, verbose_name='chat groups')),
                        ('asked_at', models.DateTimeField(verbose_name='asked')),
                        ('asked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                        ('call_up', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.callup', verbose_name='call')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.asking')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ProposalEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('kind', models.CharField(choices=[(staffing.states.ProposalKind['CHECK_OUT'], 'a long check-out'), (staffing.states.ProposalKind['CORRECT'], 'was there after all')], max_length=10, verbose_name='kind')),
                        ('started_at', models.DateTimeField(verbose_name='from')),
                        ('ended_at', models.DateTimeField(verbose_name='until')),
                        ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                        ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed')),
                        ('agreed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agreed by')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.proposal')),
                        ('proposed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                        ('sign_up', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.signup', verbose_name='sign-up')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ReplyEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('said', models.CharField(choices=[(staffing.states.CallReply['REMIND_ME'], 'tell me when it opens'), (staffing.states.CallReply['NOT_THIS_TIME'], 'not this time')], max_length=14, verbose_name='answer')),
                        ('said_at', models.DateTimeField(verbose_name='at')),
                        ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='told')),
                        ('call_up', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.callup', verbose_name='call')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.reply')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='callup',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='callup',
            name='update_update',
        ),
        migrations.AddField(
            model_name='callup',
            name='sign_up_from',
            field=models.DateTimeField(blank=True, null=True, verbose_name='sign-up from'),
        ),
        migrations.AddField(
            model_name='callupevent',
            name='sign_up_from',
            field=models.DateTimeField(blank=True, null=True, verbose_name='sign-up from'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callup',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_callupevent" ("activity", "activity_en", "arrive_minutes", "bring", "bring_en", "community_id", "contact_id", "created_at", "created_by_id", "ends_at", "id", "insured", "is_demo", "issuer", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "protection", "protection_en", "published_at", "risks", "risks_en", "sign_up_from", "sign_up_until", "slug", "starts_at", "status", "text", "text_en", "title", "title_en", "urgent") VALUES (NEW."activity", NEW."activity_en", NEW."arrive_minutes", NEW."bring", NEW."bring_en", NEW."community_id", NEW."contact_id", NEW."created_at", NEW."created_by_id", NEW."ends_at", NEW."id", NEW."insured", NEW."is_demo", NEW."issuer", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."protection", NEW."protection_en", NEW."published_at", NEW."risks", NEW."risks_en", NEW."sign_up_from", NEW."sign_up_until", NEW."slug", NEW."starts_at", NEW."status", NEW."text", NEW."text_en", NEW."title", NEW."title_en", NEW."urgent"); RETURN NULL;', hash='013884f2ce32a1c8de9adfd62afbb703d0343ff7', operation='INSERT', pgid='pgtrigger_insert_insert_adb32', table='staffing_callup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callup',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staffing_callupevent" ("activity", "activity_en", "arrive_minutes", "bring", "bring_en", "community_id", "contact_id", "created_at", "created_by_id", "ends_at", "id", "insured", "is_demo", "issuer", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "protection", "protection_en", "published_at", "risks", "risks_en", "sign_up_from", "sign_up_until", "slug", "starts_at", "status", "text", "text_en", "title", "title_en", "urgent") VALUES (NEW."activity", NEW."activity_en", NEW."arrive_minutes", NEW."bring", NEW."bring_en", NEW."community_id", NEW."contact_id", NEW."created_at", NEW."created_by_id", NEW."ends_at", NEW."id", NEW."insured", NEW."is_demo", NEW."issuer", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."protection", NEW."protection_en", NEW."published_at", NEW."risks", NEW."risks_en", NEW."sign_up_from", NEW."sign_up_until", NEW."slug", NEW."starts_at", NEW."status", NEW."text", NEW."text_en", NEW."title", NEW."title_en", NEW."urgent"); RETURN NULL;', hash='c48cef345e68913e08404c7e5053eba2df0b084b', operation='UPDATE', pgid='pgtrigger_update_update_92578', table='staffing_callup', when='AFTER')),
        ),
    ]
