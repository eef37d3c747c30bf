from django.urls import path
from rest_framework.routers import SimpleRouter

from staffing.api import (
    broadcasts,
    callups,
    closeouts,
    command,
    door_rounds,
    door_visits,
    equipment,
    fillings,
    joint_posts,
    lendings,
    messages,
    my_data,
    norms,
    on_call,
    plans,
    pledges,
    posts,
    reports,
    rides,
    rights,
    roles,
    rotas,
    rounds,
    seals,
    secondments,
    shifts,
    signups,
    staff_requests,
    supplies,
    swaps,
    task_forces,
    teams,
    zones,
)

# What is asked for in a rush stands first: each address that does not fit is tried for every request below it.
router = SimpleRouter()
router.register("sign-ups", signups.SignUps, "api_sign_ups")
router.register("call-ups", callups.CallUps, "api_call_ups")
router.register("shifts", shifts.Shifts, "api_shifts")
router.register("posts", posts.Posts, "api_posts")
router.register("roles", roles.Roles, "api_roles")
router.register("norm-profiles", norms.NormProfiles, "api_norms")
router.register("rounds", rounds.Rounds, "api_rounds")
router.register("demand-plans", plans.DemandPlans, "api_plans")
router.register("swaps", swaps.Swaps, "api_swaps")
router.register("secondments", secondments.Secondments, "api_secondments")
router.register("staff-requests", staff_requests.StaffRequests, "api_staff_requests")
router.register("command-boards", command.CommandBoards, "api_command_boards")
router.register("reports", reports.Reports, "api_reports")
router.register("lendings", lendings.Lendings, "api_lendings")
router.register("close-outs", closeouts.CloseOuts, "api_close_outs")
router.register("pledges", pledges.Pledges, "api_pledges")
router.register("teams", teams.Teams, "api_teams")
router.register("task-forces", task_forces.TaskForces, "api_task_forces")
router.register("hand-overs", task_forces.HandOvers, "api_hand_overs")
router.register("joint-posts", joint_posts.JointPosts, "api_joint_posts")
router.register("rights", rights.Rights, "api_rights")
router.register("history-seals", seals.HistorySeals, "api_history_seals")
router.register("proposals", fillings.Fillings, "api_proposals")
router.register("supplies", supplies.Supplies, "api_supplies")
router.register("equipment", equipment.Things, "api_equipment")
router.register("equipment-issues", equipment.Issues, "api_equipment_issues")
router.register("outside-crews", on_call.OutsideCrews, "api_crews")
router.register("on-calls", on_call.OnCalls, "api_on_calls")
router.register("rotas", rotas.Rotas, "api_rotas")
router.register("rides", rides.Rides, "api_rides")
router.register("door-rounds", door_rounds.DoorRounds, "api_door_rounds")
router.register("beats", door_rounds.Beats, "api_beats")
router.register("doors", door_visits.RoundDoors, "api_doors")
router.register("door-visits", door_visits.DoorVisits, "api_door_visits")
router.register("home-services", door_visits.HomeServices, "api_home_services")
router.register("broadcasts", broadcasts.Broadcasts, "api_broadcasts")
router.register("notice-templates", broadcasts.NoticeTemplates, "api_notice_templates")
router.register("messages", messages.Messages, "api_messages")
router.register("zone-statuses", zones.ZoneStatuses, "api_zone_statuses")
router.register("zone-proposals", zones.ZoneProposals, "api_zone_proposals")
router.register("zone-rechecks", zones.ZoneRechecks, "api_zone_rechecks")
urlpatterns = [
    *router.urls,
    path("me/data/", my_data.MyData.as_view({"get": "show"})),
    path("me/forget/", my_data.MyData.as_view({"post": "forget"})),
    path("me/sign-ups/", signups.OwnSignUps.as_view({"get": "list"})),
]
