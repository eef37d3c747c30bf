"""R3: what the machine can do for an outbox. Claimed, rendered and marked in batches, with nothing that can go wrong:
no channel, no consent, no retries, no record of each attempt; the text is one line.
"""

from datetime import UTC, datetime

from django.db import connection, transaction

BATCH = 500
TABLE = """
    drop table if exists bench_outbox;
    create table bench_outbox (
        id bigserial primary key, reader_id bigint not null, target bigint not null, due_at timestamptz not null,
        status text not null default 'scheduled', sent_at timestamptz
    );
    insert into bench_outbox (reader_id, target, due_at)
    select v.user_id, u.id, now() from staffing_signup u join volunteers_volunteer v on v.id = u.volunteer_id;
    create index bench_due on bench_outbox (due_at) where status = 'scheduled';
    analyze bench_outbox;
"""
CLAIM = """
    with due as (
        select id from bench_outbox where status = 'scheduled' and due_at <= now() order by due_at limit %s for update skip locked
    ),
    taken as (update bench_outbox o set status = 'sending' from due where o.id = due.id returning o.id, o.reader_id, o.target)
    select t.id, u.name, u.language, s.starts_at, i.name, i.gate
    from taken t
    join communities_user u on u.id = t.reader_id
    join staffing_signup g on g.id = t.target
    join staffing_shift s on s.id = g.shift_id
    join communities_site i on i.id = s.site_id
"""
SETTLE = "update bench_outbox set status = 'sent', sent_at = %s where id = any(%s)"
TEXTS = {
    "zh-hans": "{name}，提醒您：{start:%m月%d日%H:%M}在{site}{gate}，请提前10分钟到。",
    "en": "{name}, a reminder: {start:%d %B %H:%M} at {site} {gate}, please be 10 minutes early.",
}


def deliver() -> int:
    """Send all there is; returns how many."""
    total = 0
    with connection.cursor() as cursor:
        while True:
            with transaction.atomic():
                cursor.execute(CLAIM, [BATCH])
                rows = cursor.fetchall()
            if not rows:
                return total
            texts = [
                TEXTS[lang].format(name=name, start=start, site=site, gate=gate)
                for _id, name, lang, start, site, gate in rows
            ]
            with transaction.atomic():
                cursor.execute(SETTLE, [datetime.now(UTC), [row[0] for row in rows]])
            total += len(texts)
