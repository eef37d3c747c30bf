"""The statements over a whole staff list. %(import)s is the list; who is meant is settled before anything is written."""

COPY = """
    copy volunteers_staffimportrow (staff_import_id, line, state, problems, external_id, name, phone_cipher, phone_hash,
        address, place, compound_id, confidence, how, choices, skills) from stdin
"""
TWICE = """
    update volunteers_staffimportrow r set state = 'wrong', problems = array_append(r.problems, 'twice')
    from (
        select id,
            row_number() over (partition by phone_hash order by line) as of_phone,
            row_number() over (partition by external_id, case when external_id = '' then line end order by line) as of_number
        from volunteers_staffimportrow where staff_import_id = %(import)s and state <> 'wrong'
    ) seen
    where seen.id = r.id and (seen.of_phone > 1 or seen.of_number > 1)
"""
THEIRS = """
    volunteers_staffimport i
    join volunteers_affiliation f on f.organisation_id = i.organisation_id and f.to_day is null
    join volunteers_volunteer v on v.id = f.volunteer_id
    join communities_user u on u.id = v.user_id
"""
KNOWN_BY_NUMBER = f"""
    update volunteers_staffimportrow r set state = 'known', volunteer_id = v.id
    from {THEIRS}
    where r.staff_import_id = %(import)s and i.id = r.staff_import_id and r.state = 'new'
        and r.external_id <> '' and f.external_id = r.external_id
"""
KNOWN_BY_PHONE = f"""
    update volunteers_staffimportrow r set state = 'known', volunteer_id = v.id
    from {THEIRS}
    where r.staff_import_id = %(import)s and i.id = r.staff_import_id and r.state = 'new' and u.phone_hash = r.phone_hash
"""
TWO_PEOPLE = f"""
    update volunteers_staffimportrow r set state = 'wrong', problems = array_append(r.problems, 'two_people')
    from {THEIRS}
    where r.staff_import_id = %(import)s and i.id = r.staff_import_id and r.state = 'known'
        and u.phone_hash = r.phone_hash and v.id <> r.volunteer_id
"""
OTHER_PHONE = """
    update volunteers_staffimportrow r set problems = array_append(r.problems, 'other_phone')
    from volunteers_volunteer v join communities_user u on u.id = v.user_id
    where r.staff_import_id = %(import)s and r.state = 'known' and v.id = r.volunteer_id
        and u.phone_hash is distinct from r.phone_hash
"""
ACCOUNTS = """
    insert into communities_user (password, is_superuser, name, phone_cipher, phone_hash, phone_verified, language,
        urgent_calls, is_staff, is_active, is_demo, date_joined)
    select '!' || md5(random()::text || line) || substr(md5(random()::text), 1, 8), false, name, phone_cipher, phone_hash,
        false, 'zh-hans', false, false, true, %(demo)s, %(now)s
    from volunteers_staffimportrow where staff_import_id = %(import)s and state = 'new'
    on conflict (phone_hash) do nothing
"""
PEOPLE = """
    insert into volunteers_volunteer (user_id, number, kind, residence_id, is_adult, identity_document, is_demo, created_at)
    select u.id,
        (('x' || substr(md5(gen_random_uuid()::text), 1, 15))::bit(60)::bigint %% 9000000000 + 1000000000)::text,
        'volunteer', case when r.confidence >= 80 then r.compound_id end, true, '', %(demo)s, %(now)s
    from volunteers_staffimportrow r join communities_user u on u.phone_hash = r.phone_hash
    where r.staff_import_id = %(import)s and r.state = 'new'
        and not exists (select 1 from volunteers_volunteer v where v.user_id = u.id)
    on conflict (number) do nothing
"""
WHO = """
    update volunteers_staffimportrow r set volunteer_id = v.id
    from communities_user u join volunteers_volunteer v on v.user_id = u.id
    where r.staff_import_id = %(import)s and r.state = 'new' and u.phone_hash = r.phone_hash
"""
BELONG = """
    insert into volunteers_affiliation (volunteer_id, organisation_id, external_id, known_as, from_day)
    select volunteer_id, %(organisation)s, external_id, name, %(day)s
    from volunteers_staffimportrow where staff_import_id = %(import)s and state = 'new'
    on conflict do nothing
"""
NUMBERS = """
    update volunteers_affiliation f set known_as = r.name, external_id = coalesce(nullif(r.external_id, ''), f.external_id)
    from volunteers_staffimportrow r
    where r.staff_import_id = %(import)s and r.state = 'known' and f.volunteer_id = r.volunteer_id
        and f.organisation_id = %(organisation)s and f.to_day is null
        and (f.known_as, f.external_id) is distinct from (r.name, coalesce(nullif(r.external_id, ''), f.external_id))
"""
HOMES = """
    update volunteers_volunteer v set residence_id = r.compound_id
    from volunteers_staffimportrow r
    where r.staff_import_id = %(import)s and r.state in ('new', 'known') and v.id = r.volunteer_id
        and v.residence_id is null and r.confidence >= 80 and r.compound_id is not null
    returning v.id
"""
SKILLS = """
    insert into volunteers_heldqualification (volunteer_id, qualification_id, reference)
    select r.volunteer_id, skill, ''
    from volunteers_staffimportrow r, unnest(r.skills) skill
    where r.staff_import_id = %(import)s and r.state in ('new', 'known')
    on conflict do nothing
"""
TAKEN = """
    update volunteers_staffimportrow set state = 'taken' where staff_import_id = %(import)s and state in ('new', 'known')
"""
