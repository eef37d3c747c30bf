import communities.together
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0012_webhooks'),
        ('staffing', '0021_seals'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                pgtrigger.migrations.AddTrigger(
                    model_name='callup',
                    trigger=pgtrigger.compiler.Trigger(name='happening_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="if exists (select from communities_webhook where active and topics @> array['call-ups']::varchar[]) then insert into communities_happening (topic, target, state, version, at) select 'call-ups', n.id, n.status, null, clock_timestamp() from new_values n where n.status not in ('draft'); end if; return null;", hash='0a129b7d8bd13749250f916ce5c6a78b90bfe274', level='STATEMENT', operation='INSERT', pgid='pgtrigger_happening_insert_4bf96', referencing='REFERENCING NEW TABLE AS new_values ', table='staffing_callup', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='callup',
                    trigger=pgtrigger.compiler.Trigger(name='happening_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="if exists (select from communities_webhook where active and topics @> array['call-ups']::varchar[]) then insert into communities_happening (topic, target, state, version, at) select 'call-ups', n.id, case when n.status is distinct from o.status then n.status else 'changed' end, null, clock_timestamp() from new_values n join old_values o on o.id = n.id where (n.status is distinct from o.status or n.starts_at is distinct from o.starts_at or n.ends_at is distinct from o.ends_at) and n.status not in ('draft'); end if; return null;", hash='b4c5d8c12ec10c0020a6793032caaa29c4b3f014', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_happening_update_4aa48', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='staffing_callup', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='secondment',
                    trigger=pgtrigger.compiler.Trigger(name='happening_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="if exists (select from communities_webhook where active and topics @> array['secondments']::varchar[]) then insert into communities_happening (topic, target, state, version, at) select 'secondments', n.id, n.status, null, clock_timestamp() from new_values n where true; end if; return null;", hash='c2124579bdaff145832f774fca81ee7c506b8664', level='STATEMENT', operation='INSERT', pgid='pgtrigger_happening_insert_b4763', referencing='REFERENCING NEW TABLE AS new_values ', table='staffing_secondment', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='secondment',
                    trigger=pgtrigger.compiler.Trigger(name='happening_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="if exists (select from communities_webhook where active and topics @> array['secondments']::varchar[]) then insert into communities_happening (topic, target, state, version, at) select 'secondments', n.id, case when n.status is distinct from o.status then n.status else 'changed' end, null, clock_timestamp() from new_values n join old_values o on o.id = n.id where (n.status is distinct from o.status or n.period is distinct from o.period or n.area_id is distinct from o.area_id) and true; end if; return null;", hash='b60525575d9f473bfbc94339d11d93fffbdac582', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_happening_update_f3917', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='staffing_secondment', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='shift',
                    trigger=pgtrigger.compiler.Trigger(name='happening_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="if exists (select from communities_webhook where active and topics @> array['shifts']::varchar[]) then insert into communities_happening (topic, target, state, version, at) select 'shifts', n.id, n.status, n.version, clock_timestamp() from new_values n where n.status not in ('draft'); end if; return null;", hash='f5071ca2eed7c2c37511370b14c999f70a6e397d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_happening_insert_6818c', referencing='REFERENCING NEW TABLE AS new_values ', table='staffing_shift', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='shift',
                    trigger=pgtrigger.compiler.Trigger(name='happening_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="if exists (select from communities_webhook where active and topics @> array['shifts']::varchar[]) then insert into communities_happening (topic, target, state, version, at) select 'shifts', n.id, case when n.status is distinct from o.status then n.status else 'changed' end, n.version, clock_timestamp() from new_values n join old_values o on o.id = n.id where (n.status is distinct from o.status or n.starts_at is distinct from o.starts_at or n.ends_at is distinct from o.ends_at or n.site_id is distinct from o.site_id or n.version is distinct from o.version) and n.status not in ('draft'); end if; return null;", hash='31f74a3a6f2e6053d10165730003a9719a68c1c9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_happening_update_4adfc', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='staffing_shift', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='signup',
                    trigger=pgtrigger.compiler.Trigger(name='happening_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="if exists (select from communities_webhook where active and topics @> array['sign-ups']::varchar[]) then insert into communities_happening (topic, target, state, version, at) select 'sign-ups', n.id, n.status, null, clock_timestamp() from new_values n where true; end if; return null;", hash='4ae89cfa211cfa7ed2d68c180b9b9d6d6a582489', level='STATEMENT', operation='INSERT', pgid='pgtrigger_happening_insert_9af66', referencing='REFERENCING NEW TABLE AS new_values ', table='staffing_signup', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='signup',
                    trigger=pgtrigger.compiler.Trigger(name='happening_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="if exists (select from communities_webhook where active and topics @> array['sign-ups']::varchar[]) then insert into communities_happening (topic, target, state, version, at) select 'sign-ups', n.id, case when n.status is distinct from o.status then n.status else 'changed' end, null, clock_timestamp() from new_values n join old_values o on o.id = n.id where (n.status is distinct from o.status or n.post_id is distinct from o.post_id) and true; end if; return null;", hash='81f3f9161377a668ea7034f067814bb2776d73aa', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_happening_update_16aaa', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='staffing_signup', when='AFTER')),
                ),
            ],
        ),
    ]
