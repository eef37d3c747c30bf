"""The function by which the history knows who acted, without the error that its own raised, and caught, for each row
written outside of a request: each took as long as all constraints that the transaction had still to check.
"""

from django.db import migrations

CONTEXT = """
create or replace function _pgh_attach_context() returns uuid as $$
declare
    context uuid := nullif(current_setting('pghistory.context_id', true), '');
    about jsonb := nullif(current_setting('pghistory.context_metadata', true), '');
begin
    if context is null or about is null then
        return null;
    end if;
    insert into pghistory_context (id, metadata, created_at, updated_at) values (context, about, now(), now())
        on conflict (id) do update set metadata = excluded.metadata, updated_at = excluded.updated_at
        where pghistory_context.metadata != excluded.metadata;
    return context;
end;
$$ language plpgsql
"""


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0012_webhooks"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [migrations.RunSQL(CONTEXT, migrations.RunSQL.noop)]
