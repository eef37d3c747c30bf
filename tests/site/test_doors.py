"""Every door of the system, tried by every member of the cast (domain.md 4.1, 4.4). A door without a row fails."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories.staffing import NIGHT
from tests.site.world import CAST, World, build

VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
INSIDE = ("admin/", "accounts/")  # the admin site's and allauth's own; see the rules at the end
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# One letter for each of the cast, in its order: anonymous, volunteer, other, lead, lead elsewhere, grid, point, district,
# hr, auditor, admin. `.` gets in, `?` has to sign in first, `x` is told that it is not theirs, `-` finds nothing.
DOORS: dict[str, list[str]] = {
    # open to everybody: what a call says, links that are keys, the documentation
    "...........": [
        "GET v/",
        "GET v/{number}/",
        "GET z/",
        "GET z/{digest}/",
        "GET doors/worker.js",
        "GET push/worker.js",
        "GET t/{token}/",
        "POST t/{token}/",
        "GET u/{token}/",
        "POST u/{token}/",
        "GET ",
        "GET a/{token}",
        "GET l/{token}/",
        "POST l/{token}/",
        "GET d/{token}/",
        "POST d/{token}/",
        "POST a/{token}",
        "GET a/{token}/",
        "POST a/{token}/",
        "GET api/docs/",
        "GET api/problems/{code}/",
        "GET api/v1/schema/",
        "GET c/{slug}/",
        "GET c/{slug}/qr.svg",
        "GET c/{slug}/seats/",
        "GET figures/",
        "GET c/{slug}/sign-up/",
        "POST c/{slug}/sign-up/",
        "GET calls/",
        "GET my/feed/{key}.ics",
        "GET styleguide/",
    ],
    # for the gateway, which signs
    "xxxxxxxxxxx": [
        "POST hooks/sms/",
        "POST hooks/email/",
    ],
    # whoever is signed in: public places and published calls, and lists of what is one's own or in one's scope
    "?..........": [
        "GET api/v1/equipment/",
        "GET api/v1/equipment-issues/",
        "GET api/v1/webhooks/",
        "GET api/v1/webhook-deliveries/",
        "POST push/",
        "GET api/v1/broadcasts/",
        "GET api/v1/notice-templates/",
        "GET api/v1/certificates/",
        "GET api/v1/companionships/",
        "GET doors/",
        "POST doors/sync/",
        "GET api/v1/door-rounds/",
        "GET api/v1/entrances/",
        "GET api/v1/beats/",
        "GET api/v1/doors/",
        "GET api/v1/door-visits/",
        "POST api/v1/door-visits/record/",
        "GET api/v1/home-services/",
        "GET api/v1/command-boards/",
        "GET api/v1/reports/",
        "GET api/v1/lendings/",
        "GET api/v1/teams/",
        "GET api/v1/task-forces/",
        "GET api/v1/hand-overs/",
        "GET api/v1/joint-posts/",
        "GET api/v1/rights/",
        "GET api/v1/history-seals/",
        "GET api/v1/access-passes/",
        "GET api/v1/areas/",
        "GET api/v1/areas/{pk}/",
        "GET api/v1/call-ups/",
        "GET api/v1/call-ups/{pk}/",
        "POST api/v1/call-ups/{pk}/not-this-time/",
        "POST api/v1/call-ups/{pk}/parties/",
        "POST api/v1/call-ups/{pk}/remind-me/",
        "POST api/v1/call-ups/{pk}/sign-ups/",
        "GET api/v1/communities/",
        "GET api/v1/communities/{pk}/",
        "GET api/v1/compounds/",
        "GET api/v1/compounds/{pk}/",
        "GET api/v1/demand-plans/",
        "GET api/v1/me/",
        "PATCH api/v1/me/",
        "GET api/v1/me/absences/",
        "POST api/v1/me/absences/",
        "GET api/v1/me/availabilities/",
        "POST api/v1/me/availabilities/",
        "GET api/v1/me/companions/",
        "POST api/v1/me/companions/",
        "GET api/v1/me/consents/",
        "POST api/v1/me/consents/withdraw/",
        "GET api/v1/me/feed/",
        "POST api/v1/me/feed/",
        "GET api/v1/me/sign-ups/",
        "GET api/v1/messages/",
        "GET api/v1/norm-profiles/",
        "GET api/v1/norm-profiles/{pk}/",
        "GET api/v1/organisations/",
        "GET api/v1/organisations/{pk}/",
        "GET api/v1/pledges/",
        "GET api/v1/posts/",
        "GET api/v1/posts/{pk}/",
        "GET api/v1/posts/{pk}/reasons/",
        "GET api/v1/qualifications/",
        "GET api/v1/qualifications/{pk}/",
        "GET api/v1/proposals/",
        "GET api/v1/rides/",
        "GET api/v1/rotas/",
        "GET api/v1/outside-crews/",
        "GET api/v1/on-calls/",
        "GET api/v1/supplies/",
        "GET supplies/",
        "GET api/v1/roles/",
        "GET api/v1/secondments/",
        "GET api/v1/secondments/feedback/",
        "POST api/v1/secondments/report-in/",
        "GET api/v1/staff-imports/",
        "GET api/v1/staff-requests/",
        "GET r/{pk}/",
        "POST r/{pk}/",
        "GET api/v1/roles/{pk}/",
        "GET api/v1/rounds/",
        "GET api/v1/sampling-points/",
        "GET api/v1/sampling-points/{pk}/",
        "GET api/v1/shifts/",
        "GET api/v1/shifts/{pk}/",
        "GET api/v1/sign-ups/",
        "GET api/v1/sites/",
        "GET api/v1/sites/{pk}/",
        "GET api/v1/swaps/",
        "POST api/v1/swaps/agree/",
        "POST api/v1/swaps/look/",
        "GET api/v1/volunteers/",
        "GET api/v1/zone-policies/",
        "GET api/v1/zone-policies/{pk}/",
        "GET api/v1/zone-proposals/",
        "GET api/v1/zone-rechecks/",
        "GET api/v1/zone-statuses/",
        "GET api/v1/zone-statuses/{pk}/",
        "GET c/{slug}/remind/",
        "POST c/{slug}/remind/",
        "GET me/",
        "GET me/history/",
        "GET my/",
        "GET my/messages/",
        "GET my/data/",
        "GET my/data/my-data.zip",
        "GET my/data/forget/",
        "POST my/data/forget/",
        "GET api/v1/me/data/",
        "POST api/v1/me/forget/",
        "POST api/v1/me/consents/give/",
        "GET api/v1/close-outs/",
        "GET w/{key}/",
        "POST w/{key}/",
    ],
    # who closes out, and who reads the history
    "?--..--.-.-": [
        "GET desk/close-outs/",
    ],
    # who closes out their own area; who sees it is told so
    "?--..xx.-x-": [
        "GET desk/close-outs/new/",
        "POST desk/close-outs/new/",
    ],
    # who closes out there or above, and who reads the history
    "?--.---.-.-": [
        "GET desk/close-outs/{pk}/",
        "GET desk/close-outs/{pk}.json",
        "GET desk/close-outs/{pk}/certificate-{language}.pdf",
        "GET api/v1/close-outs/{pk}/paper/",
        "GET api/v1/close-outs/{pk}/",
        "GET api/v1/close-outs/{pk}/report/",
        "GET api/v1/close-outs/{pk}/certificate/",
    ],
    # who closes out there or above; who reads the history is told so
    "?--.---.-x-": [
        "POST desk/close-outs/{pk}/{doing}/",
        "POST api/v1/close-outs/{pk}/agree/",
        "POST api/v1/close-outs/{pk}/withdraw/",
    ],
    # whoever is a volunteer
    "?..--------": [
        "POST my/data/consents/{purpose}/{doing}/",
        "POST api/v1/certificates/",
        "GET me/companions/",
        "POST me/companions/",
        "GET me/record/",
        "POST me/record/",
        "GET me/record/record.{ending}",
        "GET api/v1/volunteers/me/",
        "POST me/",
        "GET me/leave/",
        "POST me/leave/",
    ],
    # the person alone
    "?.---------": [
        "GET doors/{pk}/",
        "POST doors/{pk}/",
        "POST doors/{pk}/undo/",
        "DELETE api/v1/me/absences/{pk}/",
        "DELETE api/v1/me/companions/{pk}/",
        "POST api/v1/me/companions/{pk}/agree/",
        "DELETE api/v1/me/availabilities/{pk}/",
        "GET q/{code}/",
        "POST q/{code}/",
        "GET s/{signup_id}.ics",
        "GET s/{signup_id}/",
        "POST s/{signup_id}/answer/",
        "GET s/{signup_id}/swap/",
        "POST s/{signup_id}/swap/",
        "GET s/{signup_id}/cannot/",
        "POST s/{signup_id}/cannot/",
    ],
    # the officer of the unit whose people these are; nobody else knows of them
    "?-------.--": [
        "POST desk/joint-seats/{pk}/clear/",
        "POST api/v1/secondments/approve-each/",
        "GET api/v1/staff-imports/{pk}/",
        "GET api/v1/staff-imports/{pk}/report/",
        "POST api/v1/staff-imports/{pk}/cancel/",
        "POST api/v1/staff-imports/{pk}/decide/",
        "POST api/v1/staff-imports/{pk}/settle/",
        "GET desk/lent/",
        "POST desk/lent/do/",
        "GET desk/lent/feedback/",
        "GET desk/lent/feedback.xlsx",
        "GET desk/lent/offer/",
        "POST desk/lent/offer/",
        "GET desk/staff-lists/",
        "POST desk/staff-lists/",
        "GET desk/staff-lists/{pk}/",
        "POST desk/staff-lists/{pk}/settle/{row}/",
        "POST desk/staff-lists/{pk}/{doing}/",
    ],
    # the same, of organisations, which are there for all to read
    "?xxxxxxx.xx": [
        "POST api/v1/secondments/",
        "POST api/v1/secondments/propose-homes/",
        "POST api/v1/staff-imports/",
    ],
    # somebody who is lent: the person, the unit, and who may see names in the community
    "?.-.-....--": [
        "GET api/v1/secondments/{pk}/",
    ],
    # the unit decides
    "?x-x-xxx.--": [
        "POST api/v1/secondments/{pk}/approve/",
        "POST api/v1/secondments/{pk}/recall/",
        "POST api/v1/secondments/{pk}/renew/",
        "POST api/v1/secondments/{pk}/withdraw/",
    ],
    "?--x-xxx.--": [
        "GET desk/lent/{pk}/recall/",
        "POST desk/lent/{pk}/recall/",
        "GET desk/lent/{pk}/renew/",
        "POST desk/lent/{pk}/renew/",
    ],
    # the community decides
    "?x-.-xxxx--": [
        "POST api/v1/secondments/{pk}/accept/",
        "POST api/v1/secondments/{pk}/send-back/",
    ],
    "?--.-xxxx--": [
        "POST desk/secondments/do/",
    ],
    "?--.-------": [
        "POST desk/certificates/{pk}/issue/",
        "GET desk/certificates/{pk}/{doing}/",
        "POST desk/certificates/{pk}/{doing}/",
        "POST api/v1/secondments/accept-each/",
        "POST desk/messages/{pk}/retry/",
        "GET api/v1/entrances/{pk}/",
    ],
    # either of them
    "?x-.-xxx.--": [
        "GET api/v1/secondments/{pk}/to-cover/",
        "POST api/v1/secondments/{pk}/turn-down/",
    ],
    # the person alone, of whom both ends know
    "?.-x-xxxx--": [
        "POST api/v1/secondments/{pk}/acknowledge/",
        "POST api/v1/secondments/{pk}/decline/",
    ],
    # a request for people: who asks, and who is asked
    "?--.----.--": [
        "GET api/v1/staff-requests/{pk}/",
        "POST api/v1/staff-requests/{pk}/close/",
        "POST desk/staff-requests/{pk}/close/",
    ],
    # the unit answers it
    "?--x----.--": [
        "POST api/v1/staff-requests/{pk}/answer/",
        "GET desk/staff-requests/{pk}/",
        "POST desk/staff-requests/{pk}/",
    ],
    # the person alone; the lead knows of it
    "?.-x-------": [
        "GET api/v1/messages/{pk}/text/",
    ],
    # the person speaks for themselves; who sees the names is told so
    "?.-x-xxx---": [
        "POST api/v1/sign-ups/{pk}/accept/",
        "POST api/v1/swaps/",
        "POST api/v1/swaps/{pk}/withdraw/",
        "POST api/v1/sign-ups/{pk}/change/",
        "POST api/v1/sign-ups/{pk}/come-again/",
        "POST api/v1/sign-ups/{pk}/set-out/",
        "POST api/v1/sign-ups/{pk}/will-come/",
        "POST api/v1/sign-ups/{pk}/stay-in-line/",
        "POST api/v1/sign-ups/{pk}/withdraw/",
        "POST api/v1/volunteers/{pk}/away/",
        "POST api/v1/volunteers/{pk}/leave/",
    ],
    # the person, and the lead who sees whether it arrived
    "?.-.-------": [
        "GET api/v1/certificates/{pk}/",
        "GET me/certificates/{number}/{language}.pdf",
        "GET api/v1/messages/{pk}/",
    ],
    # the person, and who may see names there
    "?.-.-...---": [
        "GET api/v1/equipment-issues/{pk}/",
        "GET api/v1/access-passes/{pk}/",
        "GET api/v1/sign-ups/{pk}/",
        "GET api/v1/swaps/{pk}/",
        "GET api/v1/volunteers/{pk}/",
    ],
    # the person, and who takes the attendance
    "?.-.-x.x---": [
        "POST api/v1/sign-ups/{pk}/check-out/",
    ],
    # the person says no to an offer, the lead to a sign-up
    "?.-.-xxx---": [
        "POST api/v1/sign-ups/{pk}/decline/",
    ],
    # who takes the attendance
    "?x-.-x.x---": [
        "POST api/v1/equipment-issues/",
        "POST api/v1/equipment-issues/{pk}/settle/",
        "POST api/v1/sign-ups/{pk}/check-in/",
        "POST api/v1/sign-ups/{pk}/correct/",
        "POST api/v1/sign-ups/{pk}/count-work/",
        "POST api/v1/sign-ups/{pk}/no-show/",
        "POST api/v1/sign-ups/{pk}/propose-check-out/",
        "POST api/v1/sign-ups/{pk}/undo-check-in/",
    ],
    # the lead decides; who sees the person is told so
    "?x-.-xxx---": [
        "POST api/v1/sign-ups/{pk}/cancel/",
        "POST api/v1/swaps/{pk}/approve/",
        "POST api/v1/swaps/{pk}/refuse/",
        "POST api/v1/sign-ups/{pk}/confirm/",
        "POST api/v1/sign-ups/{pk}/move/",
        "POST api/v1/sign-ups/{pk}/replace/",
        "POST api/v1/volunteers/{pk}/approve/",
        "POST api/v1/volunteers/{pk}/verify/",
    ],
    # the lead; what is published is there for all to read, so others are told that it is not theirs
    "?xx.xxxxxxx": [
        "POST api/v1/broadcasts/",
        "POST api/v1/teams/",
        "POST api/v1/teams/propose/",
        "POST api/v1/teams/adopt/",
        "POST api/v1/joint-posts/",
        "POST api/v1/door-rounds/",
        "POST api/v1/call-ups/",
        "PATCH api/v1/call-ups/{pk}/",
        "POST api/v1/call-ups/{pk}/call-again/",
        "POST api/v1/call-ups/{pk}/call/",
        "POST api/v1/call-ups/{pk}/cancel/",
        "POST api/v1/call-ups/{pk}/chain:commit/",
        "POST api/v1/call-ups/{pk}/chain:preview/",
        "POST api/v1/call-ups/{pk}/close/",
        "GET api/v1/call-ups/{pk}/consequences/",
        "POST api/v1/call-ups/{pk}/copy-day/",
        "PUT api/v1/call-ups/{pk}/milestones/",
        "GET api/v1/call-ups/{pk}/at-risk/",
        "POST api/v1/call-ups/{pk}/publish/",
        "POST api/v1/call-ups/{pk}/reopen/",
        "POST api/v1/call-ups/{pk}/waves:preview/",
        "POST api/v1/call-ups/{pk}/waves:start/",
        "POST api/v1/call-ups/{pk}/waves:stop/",
        "POST api/v1/compounds/",
        "PATCH api/v1/compounds/{pk}/",
        "POST api/v1/compounds/{pk}/doors:generate/",
        "POST api/v1/compounds/{pk}/doors:preview/",
        "POST api/v1/compounds/{pk}/doors:commit/",
        "POST api/v1/posts/",
        "DELETE api/v1/posts/{pk}/",
        "PATCH api/v1/posts/{pk}/",
        "POST api/v1/posts/{pk}/assign/",
        "POST api/v1/equipment/",
        "POST api/v1/rides/",
        "POST api/v1/rotas/",
        "POST api/v1/outside-crews/",
        "POST api/v1/sampling-points/",
        "PATCH api/v1/sampling-points/{pk}/",
        "POST api/v1/shifts/",
        "PATCH api/v1/shifts/{pk}/",
        "POST api/v1/shifts/{pk}/brief/",
        "POST api/v1/shifts/{pk}/cancel/",
        "POST api/v1/shifts/{pk}/close/",
        "GET api/v1/shifts/{pk}/consequences/",
        "POST api/v1/shifts/{pk}/copy/",
        "POST api/v1/shifts/{pk}/publish/",
        "POST api/v1/shifts/{pk}/reopen/",
        "POST api/v1/shifts/{pk}/repeat/",
        "POST api/v1/sites/",
        "PATCH api/v1/sites/{pk}/",
        "POST api/v1/staff-requests/",
        "POST api/v1/zone-proposals/",
    ],
    # who may see the desk; the call itself is there for all to read
    "?xx.x...x.x": [
        "GET api/v1/call-ups/{pk}/readiness/",
        "GET api/v1/call-ups/{pk}/waves/",
    ],
    # who plans for the place: its lead, and the district above
    "?xx.xxx.xxx": [
        "POST api/v1/close-outs/",
        "POST api/v1/notice-templates/",
        "POST api/v1/proposals/",
        "POST api/v1/demand-plans/",
        "POST api/v1/norm-profiles/{pk}/revise/",
        "POST api/v1/rounds/",
    ],
    # the same, of what only those of the place can see
    "?--.-xx.-x-": [
        "PATCH api/v1/notice-templates/{pk}/",
        "GET desk/notice-templates/{pk}/",
        "POST desk/notice-templates/{pk}/",
        "GET desk/plans/{pk}/",
        "GET desk/plans/{pk}/change/",
        "POST desk/plans/{pk}/change/",
        "POST desk/rounds/{pk}/repeat/",
        "PATCH api/v1/demand-plans/{pk}/",
        "POST api/v1/rounds/{pk}/adopt/",
        "POST api/v1/rounds/{pk}/measure/",
        "POST api/v1/rounds/{pk}/repeat/",
    ],
    # the lead and the point leader
    "?xx.xx.xxxx": [
        "POST api/v1/shifts/{pk}/step-up/",
        "POST api/v1/hand-overs/",
        "POST api/v1/posts/{pk}/invite/",
        "POST api/v1/posts/{pk}/walk-in/",
        "POST api/v1/shifts/{pk}/finish/",
        "POST api/v1/shifts/{pk}/start/",
    ],
    # who may enter people on their behalf
    "?xx.x..xxxx": [
        "POST api/v1/sign-ups/",
        "POST api/v1/volunteers/",
    ],
    # the lead, and the officer of the organisation that promises
    "?xx.xxxx.xx": [
        "POST api/v1/pledges/",
    ],
    # the district sets zones
    "?xxxxxx.xxx": [
        "POST api/v1/task-forces/",
        "POST api/v1/lendings/",
        "POST api/v1/compounds/{pk}/zone/",
        "POST api/v1/zone-statuses/",
    ],
    # the desk's own pages, for whoever holds a grant; each shows what is in one's scope
    "?--........": [
        "GET desk/homes/",
        "GET desk/",
        "GET desk/pledges/",
    ],
    # the same, with names in it
    "?--.....-x-": [
        "GET desk/equipment/out.csv",
        "GET desk/forms/{slug}/",
    ],
    # the desk of the place: who may see it
    "?--.-...-.-": [
        "GET api/v1/equipment/{pk}/",
        "GET api/v1/broadcasts/{pk}/",
        "GET api/v1/broadcasts/{pk}/progress/",
        "GET api/v1/notice-templates/{pk}/",
        "GET desk/broadcasts/{pk}/",
        "GET desk/task-forces/{pk}/",
        "GET api/v1/task-forces/{pk}/",
        "GET desk/doors/{pk}/",
        "GET api/v1/door-rounds/{pk}/",
        "GET api/v1/reports/{pk}/",
        "GET api/v1/reports/{pk}/kinds/",
        "GET api/v1/reports/{pk}/table/",
        "GET api/v1/door-rounds/{pk}/coverage/",
        "GET api/v1/demand-plans/{pk}/",
        "GET api/v1/rides/{pk}/",
        "GET api/v1/rotas/{pk}/",
        "GET api/v1/supplies/{pk}/",
        "GET desk/rotas/{pk}/",
        "GET api/v1/rounds/{pk}/",
        "GET api/v1/zone-proposals/{pk}/",
        "GET api/v1/zone-rechecks/{pk}/",
        "GET api/v1/zone-rechecks/{pk}/repair-list/",
        "GET desk/calls/{pk}/",
        "GET desk/calls/{pk}/live/",
        "GET desk/calls/{pk}/poster/",
        "GET desk/calls/{pk}/readiness/",
        "GET desk/calls/{pk}/share/",
        "GET desk/calls/{pk}/waves/",
        "GET desk/calls/{pk}/waves/live/",
        "GET desk/calls/{pk}/shifts/",
        "GET desk/shifts/{pk}/",
        "GET desk/zones/proposals/{pk}/",
        "GET desk/zones/rechecks/{pk}/",
    ],
    # those of the place, and the organisation that promised
    "?--.-.....-": [
        "GET api/v1/joint-posts/{pk}/",
        "GET api/v1/outside-crews/{pk}/",
        "GET api/v1/on-calls/{pk}/",
        "GET desk/on-call/{pk}/",
        "GET api/v1/pledges/{pk}/",
    ],
    # who may see names there
    "?--.-...---": [
        "GET api/v1/companionships/{pk}/",
        "GET desk/teams/{pk}/",
        "GET desk/teams/{pk}/list.{ending}",
        "GET api/v1/teams/{pk}/",
        "GET api/v1/proposals/{pk}/",
        "GET api/v1/proposals/{pk}/seats/",
        "GET desk/proposals/{pk}/",
        "GET desk/proposals/{pk}/live/",
        "GET desk/people/{pk}/",
    ],
    # names on paper
    "?--.-...-x-": [
        "GET api/v1/rotas/{pk}/members/",
        "GET api/v1/rotas/{pk}/sheet/",
        "GET desk/rotas/{pk}/people/",
        "GET desk/rotas/{pk}/rota.{ending}",
        "GET desk/calls/{pk}/chain.txt",
        "GET desk/calls/{pk}/chain/roster/",
        "GET desk/calls/{pk}/gate-sheet/",
        "GET desk/calls/{pk}/risks/",
        "GET desk/posts/{pk}/find/",
    ],
    # who may enter people on their behalf, at the desk
    "?--.-..x-x-": [
        "GET desk/posts/{pk}/add/",
        "POST desk/posts/{pk}/add/",
    ],
    # the board: who takes the attendance
    "?--.-x.x-x-": [
        "GET p/{pk}/equipment/",
        "POST p/{pk}/equipment/all/",
        "GET p/{pk}/equipment/{signup}/",
        "POST p/{pk}/equipment/{signup}/",
        "POST p/{pk}/equipment/{signup}/{doing}/",
        "GET p/{pk}/deputy/",
        "POST p/{pk}/deputy/",
        "POST p/{pk}/step-up/",
        "GET p/{pk}/hand-over/",
        "POST p/{pk}/hand-over/",
        "POST desk/posts/{pk}/invite/",
        "GET p/{pk}/",
        "POST p/{pk}/agree/{proposal}/",
        "GET p/{pk}/correct/{signup}/",
        "POST p/{pk}/correct/{signup}/",
        "POST p/{pk}/call/{post}/",
        "GET p/{pk}/counts/",
        "POST p/{pk}/counts/",
        "GET p/{pk}/live/",
        "GET p/{pk}/qr/",
        "GET p/{pk}/walk-in/",
        "POST p/{pk}/walk-in/",
        "POST p/{pk}/{doing}/",
        "POST p/{pk}/{doing}/{signup}/",
    ],
    # who takes the attendance, at the desk
    "?--.-x.x---": [
        "POST desk/equipment-issues/{pk}/{doing}/",
        "POST desk/sign-ups/{pk}/agree/{proposal}/",
        "GET desk/sign-ups/{pk}/correct/",
        "POST desk/sign-ups/{pk}/correct/",
    ],
    # whoever plans there and sees the names; who only sees them is told so
    "?--.-xx.---": [
        "POST api/v1/proposals/{pk}/mark/",
        "POST api/v1/proposals/{pk}/put-aside/",
        "POST api/v1/proposals/{pk}/rework/",
        "POST api/v1/proposals/{pk}/stop/",
        "POST desk/moves/{pk}/{doing}/",
        "POST desk/proposals/{pk}/{doing}/",
    ],
    # the lead decides about people; who sees them is told so
    "?--.-xxx---": [
        "POST desk/teams/{pk}/add/",
        "POST desk/teams/{pk}/send/",
        "POST desk/teams/{pk}/dissolve/",
        "POST desk/team-members/{pk}/{doing}/",
        "POST api/v1/teams/{pk}/add/",
        "POST api/v1/teams/{pk}/remove/",
        "POST api/v1/teams/{pk}/appoint/",
        "POST api/v1/teams/{pk}/send/",
        "POST api/v1/teams/{pk}/dissolve/",
        "POST api/v1/proposals/{pk}/adopt/",
        "POST api/v1/proposals/{pk}/undo/",
        "POST desk/people/{pk}/approve/",
        "POST desk/people/{pk}/verify/{held}/",
        "GET desk/sign-ups/{pk}/cancel/",
        "POST desk/sign-ups/{pk}/cancel/",
        "GET desk/sign-ups/{pk}/decline/",
        "POST desk/sign-ups/{pk}/decline/",
        "GET desk/sign-ups/{pk}/move/",
        "POST desk/sign-ups/{pk}/move/",
        "POST desk/sign-ups/{pk}/{doing}/",
        "POST desk/swaps/{pk}/{doing}/",
        "POST desk/drivers/{pk}/verify/",
        "GET desk/rotas/people/{pk}/",
        "POST desk/rotas/people/{pk}/",
        "POST desk/rotas/days-off/{pk}/take-back/",
    ],
    # the history: the lead and the auditor
    "?--.-xxx-.-": [
        "GET desk/history/{kind}/{pk}/",
    ],
    # the lead alone; who sees the desk is told so
    "?--.-xxx-x-": [
        "GET desk/equipment/{pk}/",
        "POST desk/equipment/{pk}/",
        "POST desk/equipment/{pk}/{doing}/",
        "POST api/v1/equipment/{pk}/change/",
        "POST api/v1/equipment/{pk}/count/",
        "POST api/v1/equipment/{pk}/retire/",
        "PATCH api/v1/broadcasts/{pk}/",
        "GET api/v1/broadcasts/{pk}/preview/",
        "POST api/v1/broadcasts/{pk}/try-on/",
        "POST api/v1/broadcasts/{pk}/send/",
        "POST api/v1/broadcasts/{pk}/stop/",
        "GET desk/broadcasts/{pk}/edit/",
        "POST desk/broadcasts/{pk}/edit/",
        "POST desk/broadcasts/{pk}/{doing}/",
        "GET desk/shifts/{pk}/joint/",
        "POST desk/shifts/{pk}/joint/",
        "POST desk/doors/{pk}/{doing}/",
        "GET desk/doors/{pk}/close/",
        "POST desk/doors/{pk}/close/",
        "GET desk/door-lists/{pk}/",
        "POST desk/door-lists/{pk}/",
        "POST api/v1/door-rounds/{pk}/deal/",
        "POST api/v1/door-rounds/{pk}/hand-out/",
        "POST api/v1/door-rounds/{pk}/close/",
        "POST api/v1/demand-plans/{pk}/apply/",
        "POST api/v1/rides/{pk}/cancel/",
        "POST api/v1/rotas/{pk}/publish/",
        "POST api/v1/rotas/{pk}/enlist/",
        "POST api/v1/rotas/{pk}/days-off/",
        "POST api/v1/rotas/{pk}/mend/",
        "POST api/v1/rotas/{pk}/end/",
        "POST desk/rotas/{pk}/{doing}/",
        "POST api/v1/rounds/{pk}/count/",
        "POST api/v1/rounds/{pk}/invite-again/",
        "POST api/v1/zone-proposals/{pk}/withdraw/",
        "GET desk/calls/{pk}/cancel/",
        "POST desk/calls/{pk}/cancel/",
        "GET desk/calls/{pk}/chain/",
        "POST desk/calls/{pk}/chain/",
        "POST desk/chain-rows/{pk}/",
        "GET desk/calls/{pk}/copy-day/",
        "POST desk/calls/{pk}/copy-day/",
        "GET desk/calls/{pk}/edit/",
        "POST desk/calls/{pk}/edit/",
        "POST desk/calls/{pk}/readiness/",
        "GET desk/calls/{pk}/shifts/new/",
        "POST desk/calls/{pk}/shifts/new/",
        "POST desk/calls/{pk}/waves/",
        "POST desk/calls/{pk}/waves/stop/",
        "POST desk/calls/{pk}/{doing}/",
        "POST desk/plans/{pk}/apply/",
        "POST desk/posts/{pk}/assign/",
        "POST desk/posts/{pk}/remove/",
        "POST desk/posts/{pk}/seats/",
        "GET desk/rides/{pk}/cancel/",
        "POST desk/rides/{pk}/cancel/",
        "POST desk/rounds/{pk}/{doing}/",
        "GET desk/shifts/{pk}/brief/",
        "POST desk/shifts/{pk}/brief/",
        "GET desk/shifts/{pk}/cancel/",
        "POST desk/shifts/{pk}/cancel/",
        "GET desk/shifts/{pk}/copy/",
        "POST desk/shifts/{pk}/copy/",
        "GET desk/shifts/{pk}/move/",
        "POST desk/shifts/{pk}/move/",
        "GET desk/shifts/{pk}/posts/new/",
        "POST desk/shifts/{pk}/posts/new/",
        "POST desk/shifts/{pk}/rides/",
        "POST desk/shifts/{pk}/{doing}/",
        "GET desk/zones/areas/{pk}/propose/",
        "POST desk/zones/areas/{pk}/propose/",
        "GET desk/zones/{pk}/propose/",
        "POST desk/zones/{pk}/propose/",
    ],
    # the lead, and the officer of the organisation that promised
    "?--.-xxx.x-": [
        "POST api/v1/pledges/{pk}/name/",
        "POST api/v1/pledges/{pk}/release/",
        "GET desk/pledges/{pk}/",
        "POST desk/pledges/{pk}/",
        "POST desk/pledges/{pk}/release/",
        "GET desk/posts/{pk}/pledge/",
        "POST desk/posts/{pk}/pledge/",
    ],
    # drivers, and who led a task force and owes its note; none of these is one
    "?----------": [
        "GET desk/task-forces/{pk}/note/",
        "POST desk/task-forces/{pk}/note/",
        "POST api/v1/command-boards/{pk}/give-back/",
        "GET rides/",
        "GET rides/count/",
        "POST rides/duty/",
        "POST rides/{pk}/claim/",
        "POST rides/{pk}/{doing}/",
        "POST supplies/{pk}/{doing}/",
    ],
    # the driver; who sees the ride is told so
    "?--x-xxx-x-": [
        "POST desk/takeovers/{pk}/give-back/",
        "POST api/v1/rides/{pk}/claim/",
        "POST api/v1/rides/{pk}/finish/",
        "POST api/v1/rides/{pk}/pick-up/",
        "POST api/v1/rides/{pk}/release/",
        "POST api/v1/rides/{pk}/set-out/",
        "POST api/v1/supplies/{pk}/claim/",
        "POST api/v1/supplies/{pk}/release/",
        "POST api/v1/supplies/{pk}/set-out/",
        "POST api/v1/supplies/{pk}/deliver/",
        "POST supplies/{pk}/claim/",
    ],
    # whoever plans for a place somewhere
    "?--..--.---": [
        "GET desk/notice-templates/new/",
        "POST desk/notice-templates/new/",
        "GET desk/lendings/",
        "GET desk/proposals/new/",
        "POST desk/proposals/new/",
        "GET desk/norms/",
        "GET desk/plan/",
        "POST desk/plan/",
        "GET desk/plan/plan.{ending}",
        "GET desk/plan/print/",
        "GET desk/rounds/",
    ],
    # who commands from above
    "?------.---": [
        "GET desk/task-forces/new/",
        "POST desk/task-forces/new/",
        "GET api/v1/command-boards/{pk}/",
        "GET api/v1/command-boards/{pk}/report/",
        "GET api/v1/command-boards/{pk}/standing/",
        "POST api/v1/command-boards/{pk}/take-over/",
        "GET desk/command/",
        "GET desk/command/live/",
        "GET desk/command/log/",
        "GET desk/command/report.xlsx",
        "GET desk/command/report/",
        "GET desk/lendings/new/",
        "POST desk/lendings/new/",
    ],
    # whoever plans there, when the norm is the area's own; people lent between two communities: their leads, and the
    # district above both
    "?--.---.---": [
        "GET desk/norms/{pk}/",
        "POST desk/norms/{pk}/",
        "GET api/v1/lendings/{pk}/",
        "POST api/v1/lendings/{pk}/end/",
        "GET desk/lendings/{pk}/",
        "POST desk/lendings/{pk}/{doing}/",
    ],
    # a community says yes or no
    "?--.---x---": [
        "POST api/v1/lendings/{pk}/agree/",
        "POST api/v1/lendings/{pk}/refuse/",
    ],
    # the district proposes
    "?--x---.---": [
        "POST api/v1/lendings/{pk}/withdraw/",
    ],
    # whoever runs a place somewhere
    "?--..------": [
        "GET desk/broadcasts/new/",
        "POST desk/broadcasts/new/",
        "GET desk/teams/propose/",
        "POST desk/teams/propose/",
        "GET desk/teams/new/",
        "POST desk/teams/new/",
        "GET desk/certificates/",
        "GET desk/doors/new/",
        "POST desk/doors/new/",
        "GET desk/secondments/",
        "GET desk/secondments/ask/",
        "POST desk/secondments/ask/",
        "GET desk/secondments/code/",
        "GET desk/rides/new/",
        "POST desk/rides/new/",
        "GET desk/rotas/new/",
        "GET desk/on-call/new/",
        "POST desk/on-call/new/",
        "GET desk/crews/new/",
        "POST desk/crews/new/",
        "POST desk/rotas/new/",
        "GET desk/calls/new/",
        "POST desk/calls/new/",
        "GET desk/messages/",
        "POST desk/messages/retry/",
    ],
    # the lead and the grid member, who know what is needed behind which door
    "?xx.x.xxxxx": [
        "POST api/v1/supplies/",
    ],
    # whoever may see a place somewhere, or answers for a body that may send a crew
    "?--.......-": [
        "GET desk/joint/",
        "GET desk/on-call/",
    ],
    # who looks at things on site: the lead, the point leader, and the body that sends the crew
    "?--.-x.x.x-": [
        "POST api/v1/on-calls/{pk}/inspect/",
        "POST desk/inspections/{pk}/{doing}/",
    ],
    # the lead alone; the body that sends the crew sees it too
    "?--.-xxxxx-": [
        "POST desk/pledges/{pk}/remind/",
        "POST api/v1/pledges/{pk}/remind/",
        "POST api/v1/on-calls/",
        "POST api/v1/on-calls/{pk}/cancel/",
        "GET desk/on-call/{pk}/cancel/",
        "POST desk/on-call/{pk}/cancel/",
    ],
    # whoever knows the doors of a place somewhere, or runs one
    "?--...-----": [
        "GET desk/supplies/new/",
        "POST desk/supplies/new/",
    ],
    # the lead sends messages again; others know nothing of them
    "?x-.-------": [
        "POST api/v1/certificates/{pk}/issue/",
        "POST api/v1/certificates/{pk}/refuse/",
        "POST api/v1/certificates/{pk}/revoke/",
        "POST api/v1/messages/{pk}/retry/",
    ],
    # whoever may enter people somewhere
    "?--....----": [
        "GET desk/people/new/",
        "POST desk/people/new/",
    ],
    # whoever may see names somewhere
    "?--.....---": [
        "GET desk/teams/",
        "GET desk/proposals/",
        "GET desk/passes/",
        "GET desk/people/",
    ],
    # whoever may see a place somewhere
    "?--.....-.-": [
        "GET desk/broadcasts/",
        "GET desk/task-forces/",
        "GET desk/doors/",
        "GET desk/reports/",
        "GET desk/reports/{slug}/",
        "GET desk/reports/{slug}/table.{ending}",
        "GET desk/rides/",
        "GET desk/rotas/",
        "GET desk/equipment/",
        "GET desk/supplies/",
        "GET desk/zones/",
    ],
    # whoever takes attendance somewhere
    "?--.--.----": [
        "GET api/v1/hand-overs/{pk}/",
        "POST api/v1/hand-overs/{pk}/take-over/",
        "POST desk/hand-overs/{pk}/read/",
        "GET p/",
    ],
    # the district sets zones; who sees the place is told so
    "?--x-xx.-x-": [
        "POST desk/task-forces/{pk}/appoint/",
        "POST desk/task-forces/{pk}/extend/",
        "GET desk/task-forces/{pk}/end/",
        "POST desk/task-forces/{pk}/end/",
        "POST desk/postings/{pk}/release/",
        "POST desk/extensions/{pk}/{doing}/",
        "POST api/v1/task-forces/{pk}/appoint/",
        "POST api/v1/task-forces/{pk}/release/",
        "POST api/v1/task-forces/{pk}/extend/",
        "POST api/v1/task-forces/{pk}/answer-extension/",
        "POST api/v1/task-forces/{pk}/end/",
        "GET desk/command/{pk}/take-over/",
        "POST desk/command/{pk}/take-over/",
        "POST api/v1/zone-proposals/{pk}/refuse/",
        "POST api/v1/zone-proposals/{pk}/set/",
        "GET desk/zones/areas/{pk}/",
        "POST desk/zones/areas/{pk}/",
        "POST desk/zones/proposals/{pk}/",
        "POST desk/zones/proposals/{pk}/{doing}/",
        "GET desk/zones/{pk}/",
        "POST desk/zones/{pk}/",
    ],
    # who administers the area; nobody else knows of them
    "?---------.": [
        "GET api/v1/webhooks/{pk}/",
        "PATCH api/v1/webhooks/{pk}/",
        "DELETE api/v1/webhooks/{pk}/",
        "POST api/v1/webhooks/{pk}/rotate/",
        "POST api/v1/webhooks/{pk}/ping/",
        "POST api/v1/webhooks/{pk}/switch-off/",
        "POST api/v1/webhooks/{pk}/switch-on/",
        "POST api/v1/webhooks/{pk}/try-again/",
        "GET api/v1/webhook-deliveries/{pk}/",
        "POST api/v1/webhook-deliveries/{pk}/try-again/",
        "GET desk/webhooks/",
        "GET desk/webhooks/new/",
        "POST desk/webhooks/new/",
        "GET desk/webhooks/{pk}/",
        "GET desk/webhooks/{pk}/change/",
        "POST desk/webhooks/{pk}/change/",
        "GET desk/webhooks/{pk}/rotate/",
        "POST desk/webhooks/{pk}/rotate/",
        "GET desk/webhooks/{pk}/end/",
        "POST desk/webhooks/{pk}/end/",
        "POST desk/webhooks/{pk}/{doing}/",
        "POST desk/webhook-deliveries/{pk}/again/",
    ],
    # who writes down what the levels of a zone mean, and whom else Redvest tells
    "?xxxxxxxxx.": [
        "POST api/v1/webhooks/",
        "POST api/v1/zone-policies/",
        "PATCH api/v1/zone-policies/{pk}/",
    ],
    # passes: asked for and revoked by the lead, given and revoked by the district
    "?x-.-xx.---": [
        "POST api/v1/access-passes/",
        "POST api/v1/access-passes/{pk}/revoke/",
    ],
    # passes: the district says yes or no
    "?x-x-xx.---": [
        "POST api/v1/access-passes/{pk}/issue/",
        "POST api/v1/access-passes/{pk}/refuse/",
    ],
    # whoever asks for passes or gives them
    "?--..xx.---": [
        "GET desk/passes/new/",
        "POST desk/passes/new/",
    ],
    # the district gives passes; who sees the names is told so
    "?--x-xx.---": [
        "POST desk/passes/{pk}/{doing}/",
    ],
    # the lead and the grid member give beats to people; who sees them is told so
    "?--.-.xx-x-": [
        "POST desk/doors/beats/{pk}/give/",
        "POST api/v1/supplies/{pk}/change/",
        "POST api/v1/supplies/{pk}/hand/",
        "POST api/v1/supplies/{pk}/cancel/",
        "GET desk/supplies/{pk}/change/",
        "POST desk/supplies/{pk}/change/",
        "GET desk/supplies/{pk}/hand/",
        "POST desk/supplies/{pk}/hand/",
        "GET desk/supplies/{pk}/cancel/",
        "POST desk/supplies/{pk}/cancel/",
        "POST desk/doors/holdings/{pk}/take-back/",
    ],
    # the same, of a beat that is on somebody's phone
    "?x-.-.xx-x-": [
        "POST api/v1/beats/{pk}/give/",
        "POST api/v1/beats/{pk}/take-back/",
    ],
    # who has the beat, and who may see the place
    "?.-.-...-.-": [
        "GET api/v1/beats/{pk}/",
    ],
    # what was found at a door: the community and its grid
    "?--.-.-----": [
        "POST desk/doors/decide/{pk}/",
        "POST desk/homes/{pk}/{doing}/",
        "GET desk/homes/{pk}/cancel/",
        "POST desk/homes/{pk}/cancel/",
        "GET api/v1/door-visits/{pk}/",
        "GET api/v1/home-services/{pk}/",
        "POST api/v1/home-services/{pk}/plan/",
        "POST api/v1/home-services/{pk}/finish/",
        "POST api/v1/home-services/{pk}/cancel/",
    ],
    # the same, and who has the beat
    "?.-.-.-----": [
        "GET api/v1/doors/{pk}/",
    ],
    # the seats of an agency: it alone fills them
    "?--x-xxx.x-": [
        "GET desk/joint/{pk}/",
        "POST desk/joint/{pk}/",
        "POST api/v1/joint-posts/{pk}/fill/",
        "POST api/v1/joint-posts/{pk}/clear/",
    ],
    # who could see what on a day: whoever may read a history
    "?--..----.-": [
        "GET desk/corrections/",
        "GET desk/who-could-see/",
        "GET api/v1/history-seals/{pk}/",
    ],
    "?--.-----.-": [
        "GET api/v1/rights/{pk}/",
        "GET api/v1/rights/{pk}/on-day/",
    ],
    # things to hand out are listed by who runs a place
    "?--..xxx-x-": [
        "GET desk/equipment/new/",
        "POST desk/equipment/new/",
    ],
    # the desk's word about a door on somebody's phone
    "?x-.-.-----": [
        "POST api/v1/doors/{pk}/decide/",
    ],
}


def routes(patterns: list | None = None, start: str = "") -> Iterator[str]:
    """Every route of the resolver, its parameters written as {name}."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = start + VARIABLE.sub(r"{\1\2}", str(pattern.pattern)).strip("^").removesuffix("$").removesuffix("\\Z")
        if route.startswith(INSIDE):
            continue
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield route


def rows() -> dict[str, str]:
    return {door: answers for answers, doors in DOORS.items() for door in doors}


@pytest.fixture
def world(db) -> Iterator[World]:
    with time_machine.travel(NIGHT, tick=False):
        yield build()


def answer(response) -> str:
    """`.` in, `?` sign in first, `x` not yours, `-` not there, `0` no such method; anything else is told in full."""
    match response.status_code:
        case 200 | 201 | 202 | 204 | 303 | 400 | 409 | 410:
            return "."
        case 302:
            return "?" if "/accounts/" in response["Location"] else "."
        case 401:
            return "?"
        case 403:
            return "x"
        case 404:
            return "-"
        case 405:
            return "0"
    return f"[{response.status_code}]"


def tried(world: World, door: str, clients: dict) -> dict[str, HttpResponse]:
    """What everybody is answered; whatever it does is undone."""
    found = {}
    for name in CAST:
        before = transaction.savepoint_create()
        found[name] = world.knock(door, clients[name])
        transaction.savepoint_rollback(before)
    return found


def test_every_route_has_a_row():
    known = {door.partition(" ")[2] for door in rows()}
    assert sorted(set(routes()) - known) == []


def test_every_row_has_a_route():
    assert sorted({door.partition(" ")[2] for door in rows()} - set(routes())) == []


def test_no_door_has_two_rows():
    assert len(rows()) == sum(len(doors) for doors in DOORS.values())


SEE_NAMES = {"volunteer", "lead", "grid", "point", "district"}
SEE_PHONES = {"volunteer", "lead"}


@pytest.mark.timeout(1200)
def test_everybody_gets_in_where_they_may_and_reads_no_name_or_phone_that_is_not_for_them(world):
    clients, wrong, leaks, read = world.clients(), {}, [], set()
    name, phone = world.volunteer.user.name, world.volunteer.user.phone
    spoken = {name: SEE_NAMES, phone: SEE_PHONES, phone.removeprefix("+86"): SEE_PHONES}
    for door, expected in rows().items():
        answers = tried(world, door, clients)
        if (found := "".join(map(answer, answers.values()))) != expected:
            wrong[door] = (found, expected)
        if not door.startswith("GET ") or door.startswith("GET my/feed"):  # a feed's address is a key
            continue
        for who, response in answers.items():
            text = response.content.decode(errors="replace")
            words = [word for word in spoken if word in text]
            leaks += [(door, who, word) for word in words if who not in spoken[word]]
            read.update((who, word) for word in words)
    assert (wrong, leaks) == ({}, [])
    assert {("lead", name), ("lead", phone), ("point", name), ("district", name)} <= read


@pytest.mark.timeout(900)
def test_a_method_without_a_row_is_no_method(world):
    """Asked by the lead, to whom nothing here is hidden."""
    clients, wrong = world.clients()["lead"], {}
    for door in sorted({f"{method} {route}" for route in routes() for method in METHODS} - rows().keys()):
        before = transaction.savepoint_create()
        if (found := answer(world.knock(door, clients))) != "0":
            wrong[door] = found
        transaction.savepoint_rollback(before)
    assert wrong == {}


@pytest.mark.parametrize("path", ["/admin/", "/admin/communities/user/", "/admin/staffing/signup/", "/admin/no/such/"])
def test_the_admin_site_is_for_staff_accounts(world, path):
    for name, (browser, _machine) in world.clients().items():
        response = browser.get(path)
        assert (name, response.status_code, "login" in response["Location"]) == (name, 302, True)


@pytest.mark.parametrize(
    "path", ["/accounts/2fa/", "/accounts/sessions/", "/accounts/email/", "/accounts/password/change/"]
)
def test_account_pages_are_for_who_is_signed_in(world, path):
    response = world.browser(None).get(path)
    assert (response.status_code, "login" in response["Location"]) == (302, True)
