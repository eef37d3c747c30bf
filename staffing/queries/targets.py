"""Where a post is that somebody wants, in one statement that is planned once."""

from dataclasses import dataclass

from communities.queries.prepared import fetch


@dataclass(frozen=True, slots=True)
class Target:
    """Where a post is, and which volunteer the reader is."""

    me: int | None
    area: int
    path: str
    community: int | None
    published: bool


TARGET = """
    select (select v.id from volunteers_volunteer v where v.user_id = %(user)s::bigint), i.area_id, a.path, c.community_id,
        s.status <> 'draft' and c.status is distinct from 'draft'
    from staffing_post p
    join staffing_shift s on s.id = p.shift_id
    join communities_site i on i.id = s.site_id
    join communities_area a on a.id = i.area_id
    left join staffing_callup c on c.id = s.call_up_id
    where p.id = %(post)s::bigint
"""


def target_of(post_id: int, user_id: int) -> Target | None:
    """None if there is no such post; who may see one that is not published is not asked here."""
    return next((Target(*row) for row in fetch(TARGET, post=post_id, user=user_id)), None)
