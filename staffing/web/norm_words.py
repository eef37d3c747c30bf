"""Where the numbers of the shipped norms come from, named so that the catalogues keep them."""

from django.utils.translation import gettext, gettext_noop

SOURCES = [
    gettext_noop("6,715 people in 2,888 households, Taiyuan"),
    gettext_noop("600-800 people a table in 6.5 hours: press conference of 13 May 2022"),
    gettext_noop("8,000 residents at 17 points between 05:30 and 12:00, April 2022"),
    gettext_noop("8-9 people a point in local plans"),
    gettext_noop("A boat with 8 places, three trips an hour"),
    gettext_noop("A point for 2,000-3,000 people, a table for 600-800"),
    gettext_noop("A sandbag point at every way the water comes in"),
    gettext_noop("A shelter hall for 250 people"),
    gettext_noop("Crews in local plans of 2021 and 2022"),
    gettext_noop("Crews in local plans of 2021 and 2022: one sampler, one registrar"),
    gettext_noop("Directive 2003/88/EC: a break in a day of more than 6 hours"),
    gettext_noop("For the whole race"),
    gettext_noop("Local plans of 2021: disinfection and transport staff at each point"),
    gettext_noop("Local plans of 2021: two police a point"),
    gettext_noop("National guide, 3rd edition, 22 March 2022"),
    gettext_noop("National press conference, 13 May 2022"),
    gettext_noop("One steers, one helps people in and out"),
    gettext_noop("PRC Labour Law, art. 36"),
    gettext_noop("Proposal; 36 in old buildings without a lift"),
    gettext_noop("Proposal; agree with the flood office"),
    gettext_noop("Proposal; re-estimate from your own rounds"),
    gettext_noop("Proposal; usual at city races"),
    gettext_noop("Rotation every 2-4 hours at tables, 6-8 at gates"),
    gettext_noop("Runners an hour at one water table"),
    gettext_noop("Those who leave by themselves, on foot"),
    gettext_noop("Two at every crossing"),
    gettext_noop("Xinhua, 13 April 2022: 17 points need 17 clerks"),
]


def source_of(source: str) -> str:
    """In the reader's language if it is one of ours; what an area has written itself, as it was written."""
    return gettext(source) if source else ""
