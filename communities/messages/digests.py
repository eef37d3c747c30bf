"""The digest of an evening: what waited for it, told as one message. Each part is read and rendered by its own kind."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.messages.kinds import KINDS, Claimed, Context, Kind, register
from communities.models import Message
from communities.states import MessageStatus, Topic

QUEUE = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest(Context):
    """`parts`: kind and context of what is still true of it, in the order of writing."""

    parts: tuple[tuple[Kind, Any], ...]


def digests(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Digest]:
    """Those in which something is still true: one query, and those of each kind in them."""
    rows = gathered({pk for message in messages for pk in message.facts["messages"]})
    found = contexts(rows.values(), now)
    digests: dict[int, Digest] = {}
    for message in messages:
        parts = tuple((KINDS[rows[pk].kind], found[pk]) for pk in message.facts["messages"] if pk in found)
        if parts:
            digests[message.id] = Digest(parts=parts, customs=parts[0][1].customs)
    return digests


def gathered(ids: set[int]) -> dict[int, Claimed]:
    rows = Message.objects.filter(pk__in=ids, status=MessageStatus.GATHERED)
    return {row.pk: claimed(row) for row in rows}


def claimed(row: Message) -> Claimed:
    return Claimed(
        row.pk,
        row.kind,
        row.key,
        row.target,
        row.reader_id,
        row.robot_id,
        row.facts,
        row.channel,
        row.attempts,
        row.expires_at,
    )


def contexts(rows: "Sequence[Claimed] | Any", now: datetime) -> dict[int, Any]:
    by_kind: defaultdict[str, list[Claimed]] = defaultdict(list)
    for row in rows:
        if row.kind in KINDS and (row.expires_at is None or row.expires_at > now):
            by_kind[row.kind].append(row)
    return {pk: context for name, some in by_kind.items() for pk, context in KINDS[name].contexts(some, now).items()}


def subject(digest: Digest) -> str:
    count = len(digest.parts)
    if count == 1:
        kind, context = digest.parts[0]
        return kind.subject(context)
    return ngettext("%(n)d notice this evening", "%(n)d notices this evening", count) % {"n": count}


def text(digest: Digest) -> str:
    texts = [kind.text(context) for kind, context in digest.parts]
    if len(texts) == 1:
        return texts[0]
    numbered = [_("%(n)d. %(text)s") % {"n": number, "text": text} for number, text in enumerate(texts, 1)]
    return "\n\n".join([subject(digest), *numbered])


DIGEST = Kind("digest", digests, subject, text, own_duty=False, topic=Topic.NEWS)
register(DIGEST)
