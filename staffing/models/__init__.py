from staffing.models.askings import Asking, Reply
from staffing.models.broadcasts import Broadcast, NoticeTemplate
from staffing.models.calls import CallUp
from staffing.models.chains import ChainAlias, ChainList, ChainRow
from staffing.models.closeouts import CloseOut, Erasure
from staffing.models.door_rounds import Beat, DoorRound, RoundDoor, RoundEntrance
from staffing.models.door_visits import BeatHolding, DoorVisit, HomeService
from staffing.models.equipment import Equipment, EquipmentIssue
from staffing.models.fillings import Filling, FillingChunk, FillingFacts, FillingPart, Gap, Move
from staffing.models.lendings import Lending, LentPerson
from staffing.models.norms import NormProfile, PostRule
from staffing.models.on_call import Inspection, OnCall, OutsideCrew
from staffing.models.plans import DemandPlan, PlanOverride, PlanPlace
from staffing.models.proposals import Proposal
from staffing.models.readiness import Milestone, ReadinessPlan
from staffing.models.rechecks import RecheckedSeat, ZoneRecheck
from staffing.models.rides import Driver, Passenger, Ride
from staffing.models.roles import Role
from staffing.models.rotas import Rota, RotaDay, RotaDayOff, RotaMember, RotaSite
from staffing.models.rounds import ComingAgain, Round, WorkCount
from staffing.models.seals import Seal
from staffing.models.secondments import Secondment, StaffRequest
from staffing.models.shifts import Post, Shift
from staffing.models.shortages import Shortage
from staffing.models.signups import Pledge, SignUp
from staffing.models.supplies import SupplyChange, SupplyRequest
from staffing.models.swaps import Swap
from staffing.models.takeovers import Takeover
from staffing.models.taskforces import Extension, HandOver, Posting, TaskForce
from staffing.models.teams import Team, TeamMember
from staffing.models.waves import Wave, WaveRun

__all__ = [
    "Asking",
    "Beat",
    "BeatHolding",
    "Broadcast",
    "CallUp",
    "ChainAlias",
    "ChainList",
    "ChainRow",
    "CloseOut",
    "ComingAgain",
    "DemandPlan",
    "DoorRound",
    "DoorVisit",
    "Driver",
    "Equipment",
    "EquipmentIssue",
    "Erasure",
    "Extension",
    "Filling",
    "FillingChunk",
    "FillingFacts",
    "FillingPart",
    "Gap",
    "HandOver",
    "HomeService",
    "Inspection",
    "Lending",
    "LentPerson",
    "Milestone",
    "Move",
    "NormProfile",
    "NoticeTemplate",
    "OnCall",
    "OutsideCrew",
    "Passenger",
    "PlanOverride",
    "PlanPlace",
    "Pledge",
    "Post",
    "PostRule",
    "Posting",
    "Proposal",
    "ReadinessPlan",
    "RecheckedSeat",
    "Reply",
    "Ride",
    "Role",
    "Rota",
    "RotaDay",
    "RotaDayOff",
    "RotaMember",
    "RotaSite",
    "Round",
    "RoundDoor",
    "RoundEntrance",
    "Seal",
    "Secondment",
    "Shift",
    "Shortage",
    "SignUp",
    "StaffRequest",
    "SupplyChange",
    "SupplyRequest",
    "Swap",
    "Takeover",
    "TaskForce",
    "Team",
    "TeamMember",
    "Wave",
    "WaveRun",
    "WorkCount",
    "ZoneRecheck",
]
