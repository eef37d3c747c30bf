"""Texts that the district and a community use again, and a notice that waits to be sent."""

from datetime import datetime

from communities.models import Area, User
from staffing.actions.broadcasts import Notice, Words, keep_template, write
from staffing.models import Broadcast, NoticeTemplate
from staffing.states import Urgency

WIND = Words(
    "明早有大风",
    "Strong wind tomorrow morning",
    "请今晚收好帐篷和遮阳棚，明早到点后先检查固定绳。\n有疑问请找{contact}。",
    "Please take down tents and awnings tonight, and check the ropes first thing tomorrow.\nQuestions: {contact}.",
)
TEMPLATES = {
    "大风": WIND,
    "改集合地点": Words(
        "集合地点改了",
        "New meeting point",
        "{call}，{when}：请改到南门集合。安排都在这里：{link}",
        "{call}, {when}: please meet at the south gate. All details: {link}",
    ),
    "物资到点": Words(
        "防护物资已到",
        "Protective gear has arrived",
        "手套和面屏已送到社区值班室，请开班前二十分钟来取。",
        "Gloves and face shields are at the community office. Please pick yours up twenty minutes before your shift.",
    ),
}


def tell(district: Area, community: Area, lead: User, now: datetime) -> None:
    keep_template(district.pk, "大风", TEMPLATES["大风"], by=lead, now=now)
    for name in ("改集合地点", "物资到点"):
        keep_template(community.pk, name, TEMPLATES[name], by=lead, now=now)
    write(community.pk, Notice(WIND, urgency=Urgency.EVENING), by=lead, now=now)
    NoticeTemplate.objects.update(is_demo=True)
    Broadcast.objects.update(is_demo=True)
