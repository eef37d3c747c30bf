"""What stands between the entries when a list is copied out of a chat: senders, times, replies, system lines."""

import re

from staffing.rules.chain.labels import MEANING
from staffing.rules.chain.places import BUILDING
from staffing.rules.chain.words import Kind, words_in

CLOCK = (
    r"(?:(?:上午|下午|晚上|早上|凌晨|中午|傍晚|昨天|前天|今天|星期.|周.)\s?){0,2}\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m)?"
)
DATE = r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/]\d{1,2}|\d{1,2}月\d{1,2}日)"
SENDER = r"[^\s:：#][^:：#\n]{0,30}?"
PREFIX = re.compile(
    rf"\s*(?:[\[(【]\s?(?:{DATE}\s)?{CLOCK}\s?[\])】]\s*{SENDER}\s?:\s*"
    rf"|(?=\D){SENDER}\s+(?:{DATE}\s+)?{CLOCK}\s?(?::\s*|$)"
    rf"|{DATE}\s+{CLOCK}\s+{SENDER}\s*(?::\s*|$))"
)
DATED = re.compile(rf"\s*[-—–_=\s]*{DATE}(?:\s+{CLOCK})?[-—–_=\s]*$")
NAMED = re.compile(r"\s*(?P<sender>[^\s:#\d|,，、。()（）【】\[\]「」][^:#|,，、。()【】\[\]「」]{0,19}?)\s?:(?!\d)\s*")
SYSTEM = re.compile(
    "撤回了一条消息|加入了?群聊|以下[为是]新消息|拍了拍|修改群名|移出了?群聊|退出了?群聊|邀请你|通过扫描"
)
THANKS = re.compile(
    r"(?:(?:收到|好的|好嘞|好|ok|okay|明白|赞|嗯嗯?|行|可以|[12]|👍|谢谢.{0,12}|辛苦.{0,12}|(?:大家|各位)(?:都)?辛苦.{0,6}|感谢.{0,12})[\s\ue002~!.。,，、]*)+|[\s\ue002]+"
)
TAIL = re.compile(r"[\s(【\[《]*(?:截止|截至|合计|共\s?[\d一二三四五六七八九十]|联系人|——|--+|- - )")
RULE = re.compile(r"[\s\-—–_=*~.·|:]{3,}$")
QUOTE = re.compile(r"\s*[「『]")


def after_sender(folded: str) -> int | None:
    """Where the message begins behind its sender and time; None if the line has no sender."""
    if ":" not in folded:
        return None
    if hit := PREFIX.match(folded):
        return hit.end()
    hit = NAMED.match(folded)
    return hit.end() if hit and is_sender(hit["sender"]) else None


def is_sender(name: str) -> bool:
    """Nobody is called 电话, 早班 or 3号楼."""
    last = name.split()[-1]
    if last in MEANING or name in MEANING or BUILDING.search(name):
        return False
    return not any(word.kind in (Kind.ROLE, Kind.BLOCK) and word.end == len(name) for word in words_in(name))


def is_noise(folded: str) -> bool:
    """Lines that are ignored wherever they stand."""
    return bool(
        SYSTEM.search(folded)
        or THANKS.fullmatch(folded)
        or TAIL.match(folded)
        or folded.lstrip().startswith("@")
        or DATED.match(folded)
    )


def opens_reply(folded: str) -> bool:
    """A quotation, or the dashed line under it: a reply follows, up to the next numbered line."""
    return bool(QUOTE.match(folded) or RULE.match(folded))
