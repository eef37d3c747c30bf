from communities.models.aliases import PlaceAlias
from communities.models.areas import Area, Community
from communities.models.grants import Grant
from communities.models.happenings import Happening
from communities.models.keys import ApiToken, IdempotentAnswer
from communities.models.messages import DeadEnd, Delivery, GroupRobot, Message
from communities.models.organisations import Organisation
from communities.models.places import Building, Compound, Door, Entrance, SamplingPoint, Site
from communities.models.proposals import ZoneProposal
from communities.models.users import User
from communities.models.ways import Browser, OptOut
from communities.models.webhooks import Webhook, WebhookDelivery
from communities.models.zones import ZonePolicy, ZoneScheme, ZoneStatus

__all__ = [
    "ApiToken",
    "Area",
    "Browser",
    "Building",
    "Community",
    "Compound",
    "DeadEnd",
    "Delivery",
    "Door",
    "Entrance",
    "Grant",
    "GroupRobot",
    "Happening",
    "IdempotentAnswer",
    "Message",
    "OptOut",
    "Organisation",
    "PlaceAlias",
    "SamplingPoint",
    "Site",
    "User",
    "Webhook",
    "WebhookDelivery",
    "ZonePolicy",
    "ZoneProposal",
    "ZoneScheme",
    "ZoneStatus",
]
