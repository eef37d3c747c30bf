"""Whom a call may be told to: people of the community who are free to be asked."""

# Enrolled with the community or a part of it; reachable; consent not withdrawn; not away all the time; neither signed
# up in this call nor turned away or withdrawn from it.
AUDIENCE = """
    select distinct v.user_id
    from staffing_callup c
    join communities_area a on a.id = c.community_id
    join communities_area b on b.path like a.path || '%%'
    join volunteers_enrolment e on e.community_id = b.id and e.ended_at is null
    join volunteers_volunteer v on v.id = e.volunteer_id
    join communities_user n on n.id = v.user_id
    where c.id = %(call_up)s and v.kind = 'volunteer' and v.is_adult
      and n.is_active and n.muted_at is null and (n.phone_hash is not null or n.email is not null)
      and not coalesce((select bool_and(k.withdrawn_at is not null) from volunteers_consent k
                        where k.volunteer_id = v.id and k.purpose = 'service'), false)
      and not exists (select from volunteers_absence b
                      where b.volunteer_id = v.id and b.period @> tstzrange(c.starts_at, c.ends_at))
      and not exists (select from staffing_signup u join staffing_shift s on s.id = u.shift_id
                      where s.call_up_id = c.id and u.volunteer_id = v.id and u.reason <> 'shift_cancelled')
"""
