"""The call of a plan: in words of its own, of the round before, or of the norm."""

import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from communities.errors import Refused
from communities.models import User
from staffing.actions import calls
from staffing.actions.calls import MOST_ON_STANDBY, CallPlan
from staffing.models import CallUp, DemandPlan
from staffing.queries.plans import previous
from staffing.rules.demand import Demand
from staffing.states import CallStatus


@dataclass(frozen=True, slots=True)
class Words:
    """What the call says. Empty: what the call of the round before said, else what the norm says."""

    title: str = ""
    title_en: str = ""
    activity: str = ""
    activity_en: str = ""
    text: str = ""
    text_en: str = ""
    risks: str = ""
    risks_en: str = ""
    protection: str = ""
    protection_en: str = ""
    bring: str = ""
    bring_en: str = ""
    insured: bool | None = None
    urgent: bool = False
    sign_up_until: datetime | None = None
    arrive_minutes: int | None = None
    contact_id: int | None = None
    issuer: str = ""


def write_call(
    plan: DemandPlan, demand: Demand, words: Words | None, *, publish: bool, by: User, now: datetime
) -> CallUp:
    """The plan's call, made (open at once, if its shifts will be) or brought up to date.

    Raises Refused if it has been cancelled.
    """
    if call := plan.call_up:
        return bring_up_to_date(call, plan, demand, words, by=by, now=now)
    opened = {"status": CallStatus.OPEN, "published_at": now} if publish else {}
    return calls.write(plan.round.area_id, call_plan(plan, demand, words or Words(), by), by=by, **opened)


def bring_up_to_date(
    call: CallUp, plan: DemandPlan, demand: Demand, words: Words | None, *, by: User, now: datetime
) -> CallUp:
    """A title that nobody has rewritten goes on saying how many are looked for."""
    if call.status == CallStatus.CANCELLED:
        raise Refused("invalid_transition", status=call.status)
    said = {name: value for name, value in asdict(words or Words()).items() if value not in ("", None, False)}
    as_is = {each.name: getattr(call, each.name) for each in fields(CallPlan)}
    wanted = CallPlan(**as_is | titles_again(call, plan, demand) | said | of_plan(plan, demand))
    return call if asdict(wanted) == as_is else calls.edit(call.pk, wanted, by=by, now=now)


def of_plan(plan: DemandPlan, demand: Demand) -> dict[str, Any]:
    """What the plan alone decides about its call."""
    return {"starts_at": plan.starts_at, "ends_at": plan.ends_at, "standby": min(demand.standby, MOST_ON_STANDBY)}


SPOKEN = ("title", "activity", "risks", "protection", "bring", "text")
EARLIER = ("insured", "arrive_minutes", "issuer")


def call_plan(plan: DemandPlan, demand: Demand, words: Words, by: User) -> CallPlan:
    before = previous(plan.round)
    last = before.plan.call_up if before and hasattr(before, "plan") else None
    said = {name: value for name, value in asdict(words).items() if value not in ("", None)}
    known: dict[str, Any] = dict(titles(plan, gap_of(plan, demand)))
    for name in (*(f"{each}{end}" for each in SPOKEN for end in ("", "_en")), *EARLIER):
        if name not in said and name not in known:
            known[name] = getattr(last, name, None) or getattr(plan.norm, name, None)
    known = {name: value for name, value in known.items() if value not in ("", None)}
    contact = {"contact_id": by.pk} if by.pk else {}
    return CallPlan(**of_plan(plan, demand) | contact | known | said)


def titles(plan: DemandPlan, gap: object) -> dict[str, str]:
    """Round and number of people looked for, in both languages."""
    one, known = plan.round, {}
    for language, end, kind in ((settings.LANGUAGE_CODE, "", one.kind), ("en", "_en", one.kind_en or one.kind)):
        with override(language):
            facts = {"no": one.no, "kind": kind, "gap": gap}
            known[f"activity{end}"] = (_("Round %(no)s, %(kind)s") % facts)[:120]
            known[f"title{end}"] = (_("Round %(no)s, %(kind)s: %(gap)s volunteers wanted") % facts)[:120]
    return known


ANY = "\N{REPLACEMENT CHARACTER}"


def titles_again(call: CallUp, plan: DemandPlan, demand: Demand) -> dict[str, str]:
    """The titles with the new number, where they are still as a plan wrote them."""
    forms, found = titles(plan, ANY), titles(plan, gap_of(plan, demand))
    return {
        name: found[name]
        for name in ("title", "title_en")
        if re.fullmatch(re.escape(forms[name]).replace(ANY, r"\d+"), getattr(call, name))
    }


def gap_of(plan: DemandPlan, demand: Demand) -> int:
    return demand.option(plan.crewing).gap
