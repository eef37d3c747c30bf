"""Taking in a chain list: each line once, whoever pastes it how often; what is unclear waits and is not lost."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from communities.actions.accounts import account_for, change_phone
from communities.errors import Invalid, Refusal, Refused
from communities.fields import keyed_hash
from communities.models import Compound, User
from communities.rules.words import clean_name, clean_phone
from staffing.actions import signups
from staffing.actions.signups import Entry
from staffing.locks import lock_volunteers, patience
from staffing.models import CallUp, ChainAlias, ChainList, ChainRow, SignUp
from staffing.phrases import field_error
from staffing.queries.chains import Plan, Planner, Preview, foresee, usable_phone
from staffing.rules.chain.documents import entry_document, entry_of
from staffing.rules.chain.matching import NEW, Match
from staffing.states import ChainState, SignUpStatus
from volunteers.actions.people import Profile, enrol
from volunteers.models import Volunteer
from volunteers.states import Channel

MOST_LINES = 10_000
MOST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What staff say about a line that waits: who it is, that they are new (and how they are called and reached), in which
    compound they live, that it is to be tried again or left, or whether a place goes back.
    """

    kind: str
    volunteer: int | None = None
    name: str = ""
    phone: str | None = None
    compound: int | None = None


ANSWERS = frozenset({"person", "new", "home", "again", "leave", "back", "keep"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """In people: who got a place now, and who of them waits in line. In lines: the rest."""

    entered: int = 0
    waiting: int = 0
    asking: int = 0
    changed: int = 0
    back: int = 0
    same: int = 0


def preview(call_up_id: int, text: str, *, now: datetime) -> Preview:
    """What `commit` would do. Raises Invalid for what is too long, or no list."""
    found = foresee(CallUp.objects.get(pk=call_up_id), checked(text), now)
    if not found.plans and (found.title is None or not found.gone):
        raise Invalid(text=field_error("no_list"))
    return found


def checked(text: str) -> str:
    if len(text.encode()) > MOST_BYTES or text.count("\n") >= MOST_LINES:
        raise Invalid(text=field_error("chain_too_long"))
    return text


def commit(call_up_id: int, text: str, *, free: bool = False, by: User, now: datetime) -> Outcome:
    """Take in the list, line by line, each in a transaction of its own: stopped in between, it goes on when pasted again.

    `free`: the lead has seen whose seats go back, and agrees; otherwise those lines wait for an answer.
    """
    found = preview(call_up_id, text, now=now)
    paste = begin(call_up_id, found.title or "", by, now)
    taking = Taking(paste, free, by, now)
    done: Counter[str] = Counter(same=renumbered(found.of("same")))
    for plan in found.of("matched", "new", "ask", "back"):
        done.update(taking.line(plan))
    for row in found.gone:
        done.update(taking.gone(row))
    return Outcome(**done)


def renumbered(plans: Sequence[Plan]) -> int:
    """Lines that say the same as before may stand elsewhere now; returns how many there are."""
    moved = [plan.row for plan in plans if plan.row and plan.row.line != plan.line]
    lines = {plan.row.pk: plan.line for plan in plans if plan.row}
    for row in moved:
        row.line = lines[row.pk]
    ChainRow.objects.bulk_update(moved, ["line"])
    return len(plans)


@transaction.atomic
def begin(call_up_id: int, title: str, by: User, now: datetime) -> ChainList:
    found, _new = ChainList.objects.get_or_create(call_up_id=call_up_id)
    found = hold(found.pk)
    found.title, found.pastes = title[:200], found.pastes + 1
    found.pasted_at, found.pasted_by = now, by
    found.save(update_fields=["title", "pastes", "pasted_at", "pasted_by"])
    return found


def hold(chain_id: int) -> ChainList:
    """Whoever changes lines of a list holds the list first, then people."""
    with patience():
        return ChainList.objects.select_related("call_up").select_for_update(of=("self",), no_key=True).get(pk=chain_id)


class Taking:
    """One paste, or one answer, on its way into the call."""

    def __init__(self, paste: ChainList, free: bool, by: User, now: datetime) -> None:
        self.paste, self.free, self.by, self.now = paste, free, by, now
        self.call = paste.call_up

    @transaction.atomic
    def line(self, plan: Plan) -> dict[str, int]:
        hold(self.paste.pk)
        row = self.row_of(plan)
        if row is None:
            return {"same": 1}
        match plan.kind:
            case "back":
                return self.back(self.told(row, plan), plan)
            case "ask":
                return self.ask(self.told(row, plan), plan.reason, plan.refusal.facts if plan.refusal else {})
        return self.enter(self.told(row, plan), plan)

    def row_of(self, plan: Plan) -> ChainRow | None:
        """The stored row, or a new one; None if somebody else has just pasted the same."""
        rows = ChainRow.objects.filter(chain=self.paste).select_for_update(no_key=True)
        if plan.row:
            return rows.get(pk=plan.row.pk)
        known = rows.filter(fingerprint=plan.fingerprint).first()
        if known and not known.gone:
            return None
        return known or ChainRow(chain=self.paste, state=ChainState.ASKING, entered_by=self.by)

    def told(self, row: ChainRow, plan: Plan) -> ChainRow:
        """With what the line says now."""
        others = ChainRow.objects.filter(chain=self.paste, fingerprint=plan.fingerprint).exclude(pk=row.pk)
        for other in others:
            other.fingerprint = keyed_hash(f"{other.fingerprint}|{other.pk}")
            other.save(update_fields=["fingerprint"])
        row.fingerprint, row.line, row.gone = plan.fingerprint, plan.line, False
        row.said = json.dumps(entry_document(plan.entry), ensure_ascii=False)
        row.building = plan.entry.address.building or ""
        return row

    def ask(self, row: ChainRow, reason: str, facts: Any) -> dict[str, int]:
        row.state, row.reason, row.facts = ChainState.ASKING, reason, dict(facts)
        row.save()
        return {"asking": 1}

    def enter(self, row: ChainRow, plan: Plan) -> dict[str, int]:
        stood = row.stands
        try:
            with transaction.atomic():
                person, own, places = self.placed(row, plan)
        except Refused as refused:
            first = refused.reasons[0]
            return self.ask(row, first.code, first.facts)
        row.volunteer, row.sign_up, row.how = person, own, plan.match.how
        row.state, row.reason, row.facts = ChainState.ENTERED, "", {}
        row.save()
        waiting = sum(place.status == SignUpStatus.WAITLISTED for place in places)
        return {"entered": len(places), "waiting": waiting} | ({"changed": 1} if stood else {})

    def placed(self, row: ChainRow, plan: Plan) -> tuple[Volunteer, SignUp, list[SignUp]]:
        """The person, their place, and what is new by this line: that, and places of those they bring. Raises Refused."""
        person = self.person(plan)
        lock_volunteers([person.pk])
        entry = Entry(channel=Channel.CHAIN, by=self.by, on_behalf=True, party=row.party)
        held = self.held(person)
        if row.stands and not held:
            raise Refused("gave_up")
        own = held or signups.find_place(self.call.pk, person, self.now, entry, plan.wish.shifts, plan.wish.role)
        others = self.companions(row, person)
        wanted = 0 if plan.same_as else plan.entry.head_count - 1
        if wanted < len(others):
            self.give_up(others[wanted:])
        names = [f"{person.user.name} +{nth + 1}" for nth in range(len(others), wanted)]
        brought = [self.bring(name, person, entry, plan) for name in names]
        return person, own, [*([] if held else [own]), *brought]

    def held(self, person: Volunteer) -> SignUp | None:
        found = SignUp.objects.alive().of(person.pk).filter(shift__call_up=self.call)
        return found.order_by("period", "pk").first()

    def companions(self, row: ChainRow, person: Volunteer) -> list[SignUp]:
        found = SignUp.objects.alive().filter(party=row.party, channel=Channel.CHAIN).exclude(volunteer=person)
        return list(found.order_by("pk"))

    def give_up(self, places: list[SignUp]) -> None:
        """Fewer come than before. Raises Refused until the lead has agreed."""
        if not self.free:
            raise Refused("fewer_people", n=len(places))
        for place in places:
            signups.withdraw(place.pk, now=self.now)

    def bring(self, name: str, person: Volunteer, entry: Entry, plan: Plan) -> SignUp:
        """Somebody who comes along and will be named later."""
        user = User.objects.create_user(name=name[:120], language=person.user.language, is_demo=self.by.is_demo)
        guest = self.enrolled(user, plan.compound or person.residence_id)
        lock_volunteers([guest.pk])
        return signups.find_place(self.call.pk, guest, self.now, entry, plan.wish.shifts, plan.wish.role)

    def person(self, plan: Plan) -> Volunteer:
        """Who the line is, enrolled: they put their own name into the list, and that is their consent."""
        name, phone = called(plan), usable_phone(plan.entry)
        if plan.match.volunteer:
            user = User.objects.get(volunteer=plan.match.volunteer)
            if phone and not user.phone_hash:
                change_phone(user, phone, verified=False)
            self.rename(user, name, plan)
        elif phone:
            user = account_for(phone, name, "zh-hans", self.now, verified=False, is_demo=self.by.is_demo)
        else:
            user = User.objects.create_user(name=name, language="zh-hans", is_demo=self.by.is_demo)
        person = self.enrolled(user, plan.compound)
        if plan.match.how == "phone" and name != user.name:
            self.learn(name, person)
        return person

    def rename(self, user: User, name: str, plan: Plan) -> None:
        """Who has never signed in is called as the list has it now."""
        if "name" in plan.changed and not user.phone_verified and user.name != name:
            user.name = name
            user.save(update_fields=["name"])

    def enrolled(self, user: User, home: int | None) -> Volunteer:
        profile = Profile(residence=home, is_adult=True)
        return enrol(user, self.call.community_id, profile, now=self.now, channel=Channel.CHAIN, entered_by=self.by)

    def learn(self, name: str, person: Volunteer) -> None:
        """Next time the community knows who calls themselves that."""
        ChainAlias.objects.update_or_create(
            community_id=self.call.community_id,
            name_hash=keyed_hash(name),
            defaults={"name": name, "volunteer": person, "learned_by": self.by, "learned_at": self.now},
        )

    # --- taken back

    def back(self, row: ChainRow, plan: Plan) -> dict[str, int]:
        """The list says that they do not come. Somebody who was never entered has nothing to give back, but a seat
        that they took themselves, or by another line, still stands: staff are told.
        """
        if row.stands:
            return self.give_back(row)
        if plan.held:
            row.volunteer, row.sign_up, row.how = plan.held.volunteer, plan.held, plan.match.how
            return self.ask(row, "own_sign_up", {})
        row.state, row.reason = ChainState.TAKEN_BACK, ""
        row.save()
        return {"back": 1}

    @transaction.atomic
    def gone(self, row: ChainRow) -> dict[str, int]:
        hold(self.paste.pk)
        row = ChainRow.objects.select_for_update(no_key=True).get(pk=row.pk)
        row.gone = True
        if row.stands:
            return self.give_back(row)
        row.state = ChainState.TAKEN_BACK
        row.save()
        return {"back": 1}

    def give_back(self, row: ChainRow) -> dict[str, int]:
        """The seats go back once the lead agrees. A seat that somebody took themselves is theirs to give back."""
        if not self.free:
            row.gone = False
            return self.ask(row, "taken_back", {})
        places = SignUp.objects.alive().filter(party=row.party, channel=Channel.CHAIN).order_by("-pk")
        own = row.sign_up_id and SignUp.objects.alive().filter(pk=row.sign_up_id).exclude(party=row.party).exists()
        try:
            with transaction.atomic():
                for place in places:
                    signups.withdraw(place.pk, now=self.now)
        except Refused as refused:
            return self.ask(row, refused.code, refused.reasons[0].facts)
        if own:
            return self.ask(row, "own_sign_up", {})
        row.state, row.reason, row.facts = ChainState.TAKEN_BACK, "", {}
        row.save()
        return {"back": 1}


def called(plan: Plan) -> str:
    name = clean_name(plan.entry.name or "")
    if not name:
        raise Refused("bad_name")
    return name


@transaction.atomic
def answer(row_id: int, said: Answer, *, by: User, now: datetime) -> ChainRow:
    """Somebody has answered for a line that waits. Answered before, returns it as it is. Raises Refused, Invalid."""
    paste = hold(ChainRow.objects.values_list("chain_id", flat=True).get(pk=row_id))
    row = ChainRow.objects.select_for_update(no_key=True).get(pk=row_id)
    taking = Taking(paste, True, by, now)
    if row.state != ChainState.ASKING:
        return row
    match said.kind:
        case "leave" | "keep":
            row.state = ChainState.ENTERED if said.kind == "keep" and row.sign_up_id else ChainState.ASIDE
            row.reason, row.facts = "", {}
            row.save()
        case "back":
            taking.give_back(row)
        case _:
            taking.enter(row, answered(paste.call_up, row, said, now))
            if row.state == ChainState.ENTERED and said.kind == "person" and row.volunteer:
                learn_name(taking, row)
    return row


def answered(call: CallUp, row: ChainRow, said: Answer, now: datetime) -> Plan:
    """The line again, with what has been answered."""
    entry = entry_of(row.document)
    if said.name or said.phone:
        entry = replace(entry, name=named(said.name) or entry.name, phone=reached(said.phone) or entry.phone)
    if lives_in := home_here(call, said):
        entry = replace(entry, comment=f"{entry.comment} {lives_in.name}".strip())
    row.said = json.dumps(entry_document(entry), ensure_ascii=False)
    planner = Planner(call, [entry], now)
    home = lives_in.pk if lives_in else planner.compound_of(entry)
    found = Match("answer", of_here(call, said.volunteer)) if said.kind == "person" else NEW
    if said.kind in ("again", "home"):
        found = planner.recognised(entry, row)
    held = planner.held_by([found.volunteer]).get(found.volunteer) if found.volunteer else None
    wish, refusal = planner.wish(entry, found.volunteer, held, home)
    plan = Plan(entry, row.line, row.fingerprint, found, wish, compound=home, held=held)
    if reason := found.reason or (refusal and refusal.code if said.kind == "again" else ""):
        raise Refused(Refusal(reason, refusal.facts if refusal else {}))
    return plan


def of_here(call: CallUp, volunteer_id: int | None) -> int:
    """Only somebody of the community can be meant."""
    here = Volunteer.objects.filter(enrolments__community=call.community_id, enrolments__ended_at=None)
    if not volunteer_id or not here.filter(pk=volunteer_id).exists():
        raise Invalid(volunteer=field_error("unknown_person"))
    return volunteer_id


def home_here(call: CallUp, said: Answer) -> Compound | None:
    """The compound that staff say somebody lives in; only one of the community can be meant."""
    if said.kind != "home":
        return None
    found = Compound.objects.filter(community=call.community_id, pk=said.compound or 0).first()
    if not found:
        raise Invalid(compound=field_error("unknown_compound"))
    return found


def named(text: str) -> str:
    if text and not clean_name(text):
        raise Invalid(name=field_error("bad_name"))
    return clean_name(text) or ""


def reached(text: str | None) -> str | None:
    found = clean_phone(text, demo=settings.DEMO) if text else None
    if text and not found:
        raise Invalid(phone=field_error("bad_phone"))
    return found


def learn_name(taking: Taking, row: ChainRow) -> None:
    name = row.document["name"]
    if name and row.volunteer and name != row.volunteer.user.name:
        taking.learn(name, row.volunteer)
