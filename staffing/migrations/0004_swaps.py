import communities.together
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import staffing.models.swaps
import staffing.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('staffing', '0003_second_words'),
        ('volunteers', '0001_initial'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='Swap',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('status', models.CharField(choices=[(staffing.states.SwapStatus['PROPOSED'], 'waits for somebody to agree'), (staffing.states.SwapStatus['AGREED'], "waits for the community's yes"), (staffing.states.SwapStatus['DONE'], 'swapped'), (staffing.states.SwapStatus['REFUSED'], 'swap refused'), (staffing.states.SwapStatus['WITHDRAWN'], 'taken back'), (staffing.states.SwapStatus['EXPIRED'], 'expired')], default=staffing.states.SwapStatus['PROPOSED'], max_length=10, verbose_name='status')),
                        ('key', models.CharField(default=staffing.models.swaps.new_swap_key, editable=False, max_length=40, unique=True)),
                        ('expires_at', models.DateTimeField(verbose_name='expires')),
                        ('created_at', models.DateTimeField(verbose_name='proposed')),
                        ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                        ('given', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staffing.signup', verbose_name='seat given for it')),
                        ('offered', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='swaps', to='staffing.signup', verbose_name='seat offered')),
                        ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.volunteer', verbose_name='with whom')),
                        ('passed_on', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='staffing.signup', verbose_name="the partner's new seat")),
                        ('received', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='staffing.signup', verbose_name='the new seat')),
                        ('wanted', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staffing.post', verbose_name='post wanted for it')),
                    ],
                    options={
                        'verbose_name': 'swap',
                        'verbose_name_plural': 'swaps',
                        'indexes': [models.Index(condition=models.Q(('status__in', [staffing.states.SwapStatus['AGREED'], staffing.states.SwapStatus['PROPOSED']])), fields=['expires_at'], name='swaps_open')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', [staffing.states.SwapStatus['AGREED'], staffing.states.SwapStatus['PROPOSED']])), fields=('offered',), name='swap_once'), models.UniqueConstraint(condition=models.Q(('status', staffing.states.SwapStatus['AGREED'])), fields=('given',), name='seat_given_once'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['agreed', 'done']), _negated=True), ('partner__isnull', False), _connector='OR'), name='swap_agreed_has_partner')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_swapevent" ("agreed_at", "created_at", "decided_at", "decided_by_id", "expires_at", "given_id", "id", "offered_id", "partner_id", "passed_on_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_id", "status", "wanted_id") VALUES (NEW."agreed_at", NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."expires_at", NEW."given_id", NEW."id", NEW."offered_id", NEW."partner_id", NEW."passed_on_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."received_id", NEW."status", NEW."wanted_id"); RETURN NULL;', hash='2672b9ec68316b7d2e7090a82bfea14107d25642', operation='INSERT', pgid='pgtrigger_insert_insert_c8d17', table='staffing_swap', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agreed_at" IS DISTINCT FROM (NEW."agreed_at") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."given_id" IS DISTINCT FROM (NEW."given_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."offered_id" IS DISTINCT FROM (NEW."offered_id") OR OLD."partner_id" IS DISTINCT FROM (NEW."partner_id") OR OLD."passed_on_id" IS DISTINCT FROM (NEW."passed_on_id") OR OLD."received_id" IS DISTINCT FROM (NEW."received_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."wanted_id" IS DISTINCT FROM (NEW."wanted_id"))', func='INSERT INTO "staffing_swapevent" ("agreed_at", "created_at", "decided_at", "decided_by_id", "expires_at", "given_id", "id", "offered_id", "partner_id", "passed_on_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_id", "status", "wanted_id") VALUES (NEW."agreed_at", NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."expires_at", NEW."given_id", NEW."id", NEW."offered_id", NEW."partner_id", NEW."passed_on_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."received_id", NEW."status", NEW."wanted_id"); RETURN NULL;', hash='c8146958396a66c1ad396fbd363b3729ccd1f68d', operation='UPDATE', pgid='pgtrigger_update_update_2d40d', table='staffing_swap', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='SwapEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('status', models.CharField(choices=[(staffing.states.SwapStatus['PROPOSED'], 'waits for somebody to agree'), (staffing.states.SwapStatus['AGREED'], "waits for the community's yes"), (staffing.states.SwapStatus['DONE'], 'swapped'), (staffing.states.SwapStatus['REFUSED'], 'swap refused'), (staffing.states.SwapStatus['WITHDRAWN'], 'taken back'), (staffing.states.SwapStatus['EXPIRED'], 'expired')], default=staffing.states.SwapStatus['PROPOSED'], max_length=10, verbose_name='status')),
                        ('expires_at', models.DateTimeField(verbose_name='expires')),
                        ('created_at', models.DateTimeField(verbose_name='proposed')),
                        ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                        ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                        ('given', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.signup', verbose_name='seat given for it')),
                        ('offered', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.signup', verbose_name='seat offered')),
                        ('partner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='volunteers.volunteer', verbose_name='with whom')),
                        ('passed_on', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.signup', verbose_name="the partner's new seat")),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staffing.swap')),
                        ('received', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.signup', verbose_name='the new seat')),
                        ('wanted', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.post', verbose_name='post wanted for it')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='signup',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='signup',
            name='update_update',
        ),
        migrations.AddField(
            model_name='signup',
            name='only_role',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staffing.role', verbose_name='in this role only'),
        ),
        migrations.AddField(
            model_name='signup',
            name='only_shifts',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, verbose_name='on these shifts only'),
        ),
        migrations.AddField(
            model_name='signupevent',
            name='only_role',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staffing.role', verbose_name='in this role only'),
        ),
        migrations.AddField(
            model_name='signupevent',
            name='only_shifts',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, verbose_name='on these shifts only'),
        ),
        migrations.AddIndex(
            model_name='signup',
            index=models.Index(condition=models.Q(('placed', True), ('status', 'waitlisted')), fields=['shift'], name='reserves'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signup',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staffing_signupevent" ("auto_accept", "auto_checkout", "changed_at", "channel", "checked_in_at", "checked_out_at", "created_at", "entered_by_id", "fit_for_duty", "id", "late", "on_my_way_at", "only_role_id", "only_shifts", "override_by_id", "override_reason", "party", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed", "pledge_id", "post_id", "priority", "reason", "replaces_id", "respond_by", "seat_no", "shift_id", "status", "volunteer_id") VALUES (NEW."auto_accept", NEW."auto_checkout", NEW."changed_at", NEW."channel", NEW."checked_in_at", NEW."checked_out_at", NEW."created_at", NEW."entered_by_id", NEW."fit_for_duty", NEW."id", NEW."late", NEW."on_my_way_at", NEW."only_role_id", NEW."only_shifts", NEW."override_by_id", NEW."override_reason", NEW."party", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."placed", NEW."pledge_id", NEW."post_id", NEW."priority", NEW."reason", NEW."replaces_id", NEW."respond_by", NEW."seat_no", NEW."shift_id", NEW."status", NEW."volunteer_id"); RETURN NULL;', hash='16bbd0c3a0e6d4231d2a3dcd9d9894baaa1efb6d', operation='INSERT', pgid='pgtrigger_insert_insert_ab761', table='staffing_signup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signup',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."auto_accept" IS DISTINCT FROM (NEW."auto_accept") OR OLD."auto_checkout" IS DISTINCT FROM (NEW."auto_checkout") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."checked_in_at" IS DISTINCT FROM (NEW."checked_in_at") OR OLD."checked_out_at" IS DISTINCT FROM (NEW."checked_out_at") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."entered_by_id" IS DISTINCT FROM (NEW."entered_by_id") OR OLD."fit_for_duty" IS DISTINCT FROM (NEW."fit_for_duty") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."late" IS DISTINCT FROM (NEW."late") OR OLD."on_my_way_at" IS DISTINCT FROM (NEW."on_my_way_at") OR OLD."only_role_id" IS DISTINCT FROM (NEW."only_role_id") OR OLD."only_shifts" IS DISTINCT FROM (NEW."only_shifts") OR OLD."override_by_id" IS DISTINCT FROM (NEW."override_by_id") OR OLD."override_reason" IS DISTINCT FROM (NEW."override_reason") OR OLD."party" IS DISTINCT FROM (NEW."party") OR OLD."period" IS DISTINCT FROM (NEW."period") OR OLD."placed" IS DISTINCT FROM (NEW."placed") OR OLD."pledge_id" IS DISTINCT FROM (NEW."pledge_id") OR OLD."post_id" IS DISTINCT FROM (NEW."post_id") OR OLD."priority" IS DISTINCT FROM (NEW."priority") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."replaces_id" IS DISTINCT FROM (NEW."replaces_id") OR OLD."respond_by" IS DISTINCT FROM (NEW."respond_by") OR OLD."seat_no" IS DISTINCT FROM (NEW."seat_no") OR OLD."shift_id" IS DISTINCT FROM (NEW."shift_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."volunteer_id" IS DISTINCT FROM (NEW."volunteer_id"))', func='INSERT INTO "staffing_signupevent" ("auto_accept", "auto_checkout", "changed_at", "channel", "checked_in_at", "checked_out_at", "created_at", "entered_by_id", "fit_for_duty", "id", "late", "on_my_way_at", "only_role_id", "only_shifts", "override_by_id", "override_reason", "party", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed", "pledge_id", "post_id", "priority", "reason", "replaces_id", "respond_by", "seat_no", "shift_id", "status", "volunteer_id") VALUES (NEW."auto_accept", NEW."auto_checkout", NEW."changed_at", NEW."channel", NEW."checked_in_at", NEW."checked_out_at", NEW."created_at", NEW."entered_by_id", NEW."fit_for_duty", NEW."id", NEW."late", NEW."on_my_way_at", NEW."only_role_id", NEW."only_shifts", NEW."override_by_id", NEW."override_reason", NEW."party", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."placed", NEW."pledge_id", NEW."post_id", NEW."priority", NEW."reason", NEW."replaces_id", NEW."respond_by", NEW."seat_no", NEW."shift_id", NEW."status", NEW."volunteer_id"); RETURN NULL;', hash='cd16c72d279d07b8e729d2e0d0e8418e7e28d480', operation='UPDATE', pgid='pgtrigger_update_update_6a0da', table='staffing_signup', when='AFTER')),
        ),
    ]
