"""The pages of the sandbox: the inbox, the receiver of webhooks and the authenticator. Chinese and English, no JavaScript."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from communities.sandbox.box import Letter
from communities.sandbox.codes import PERIOD, Account

ZONE = ZoneInfo("Asia/Shanghai")
LINK = re.compile(r"https?://[^\s<>\"'，。；！？、）】》]+")

ENGLISH = {
    "inbox": "Demo inbox",
    "webhooks": "Demo receiver",
    "codes": "Demo authenticator",
    "about_webhooks": "What another system was told of sign-ups, shifts and zones. Each signature was verified; a repeat shows once.",
    "about": "Everything Redvest sent from this machine: text messages, e-mail and group chats. Nothing left it.",
    "about_codes": "The second-factor codes of the demo accounts. On a real system these are on each person's phone.",
    "filter": "Phone or address",
    "show": "Show",
    "all": "Show all",
    "empty": "Nothing here yet. The page looks again by itself.",
    "shown": "{shown} of {total}, newest first",
    "left": "New codes in {left} s",
    "none": "No demo accounts are known yet.",
    "role": "Role",
    "login": "Account",
    "password": "Password",
    "code": "Code",
    "other": "中文",
    "sms": "Text message",
    "email": "E-mail",
    "wecom": "WeCom group",
    "dingtalk": "DingTalk group",
    "feishu": "Feishu group",
    "webhook": "Webhook, signature verified",
}
CHINESE = {
    "inbox": "演示收件箱",
    "webhooks": "演示接收端",
    "codes": "演示验证器",
    "about_webhooks": "其他系统收到的报名、班次、防控区等变更。每条签名都已验证，重复的只显示一次。",
    "about": "红马甲在这台机器上发出的全部短信、邮件和群消息，都没有真的发出去。",
    "about_codes": "演示账号的动态验证码。正式系统里，验证码在各人自己的手机上。",
    "filter": "手机号或邮箱",
    "show": "查看",
    "all": "看全部",
    "empty": "还没有消息，页面会自动刷新。",
    "shown": "显示{shown}条，共{total}条，新的在前",
    "left": "{left}秒后换新码",
    "none": "还没有演示账号。",
    "role": "角色",
    "login": "账号",
    "password": "密码",
    "code": "验证码",
    "other": "English",
    "sms": "短信",
    "email": "邮件",
    "wecom": "企业微信群",
    "dingtalk": "钉钉群",
    "feishu": "飞书群",
    "webhook": "Webhook，签名已验证",
}
WORDS = {"zh": CHINESE, "en": ENGLISH}
TAGS = {"zh": "zh-Hans", "en": "en"}

STYLE = """
:root { color-scheme: light dark; --canvas: #f5f3f0; --surface: #fff; --line: #e2ded8; --edge: #857e76; --ink: #1d1a17;
  --ink-2: #57514b; --link: #175291; --red: #c81e1e; --tint: #e3eefa; --info: #17528f; }
@media (prefers-color-scheme: dark) { :root { --canvas: #121110; --surface: #1c1a19; --line: #393530; --edge: #8d867d;
  --ink: #f4f1ed; --ink-2: #c4bdb4; --link: #93c3ff; --red: #d23a33; --tint: #14283f; --info: #93c3ff; } }
* { box-sizing: border-box; margin: 0; }
body { max-inline-size: 44rem; margin: auto; padding: 1rem; background: var(--canvas); color: var(--ink); line-height: 1.5;
  font: 1.0625rem/1.5 -apple-system, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", system-ui, sans-serif;
  font-variant-numeric: tabular-nums; }
nav, form, .head { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; }
nav { min-block-size: 2.75rem; } nav :last-child { margin-inline-start: auto; }
h1 { font-size: 1.6875rem; line-height: 1.3; } p { margin-block: .25rem .75rem; color: var(--ink-2); }
a { color: var(--link); text-underline-offset: .2em; } nav a { display: inline-flex; align-items: center; min-block-size: 2.75rem; }
[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
input, button { min-block-size: 2.75rem; padding: .375rem .75rem; border: 1px solid var(--edge); border-radius: .625rem;
  background: var(--surface); color: var(--ink); font: inherit; }
input { flex: 1; min-inline-size: 8rem; } button { background: var(--red); border-color: transparent; color: #fff; font-weight: 600; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
ol { display: grid; gap: .5rem; padding: 0; margin-block: .75rem; list-style: none; }
li, table { padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--surface); }
.head { justify-content: space-between; font-size: .8125rem; color: var(--ink-2); }
.tag { padding: 0 .5rem; border-radius: 99rem; background: var(--tint); color: var(--info); }
.text { margin: .25rem 0 0; color: var(--ink); white-space: pre-wrap; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } table { inline-size: 100%; border-collapse: separate; border-spacing: 0; }
th, td { padding: .5rem; text-align: start; } th { font-weight: 400; font-size: .8125rem; color: var(--ink-2); }
.code { font-size: 1.25rem; font-weight: 600; letter-spacing: .1em; }
"""


def inbox(letters: Sequence[Letter], total: int, to: str, language: str) -> str:
    words = WORDS[language]
    shown = words["shown"].format(shown=len(letters), total=total)
    everything = f'<a href="?{urlencode({"lang": language})}">{words["all"]}</a>' if to else ""
    return page(
        "inbox",
        language,
        f"""<form method="get"><input name="to" value="{escape(to)}" aria-label="{words["filter"]}"
placeholder="{words["filter"]}" inputmode="email" autocomplete="off"><input type="hidden" name="lang" value="{language}">
<button>{words["show"]}</button>{everything}</form>
<p>{shown if letters else words["empty"]}</p><ol>{"".join(item(one, words) for one in letters)}</ol>""",
        refresh=5,
        query={"to": to} if to else {},
    )


def webhooks(letters: Sequence[Letter], language: str) -> str:
    words = WORDS[language]
    empty = "" if letters else f"<p>{words['empty']}</p>"
    items = "".join(item(one, words) for one in letters)
    return page("webhooks", language, f"{empty}<ol>{items}</ol>", refresh=5, query={})


def item(letter: Letter, words: dict[str, str]) -> str:
    at = datetime.fromisoformat(letter.at).astimezone(ZONE)
    return (
        f'<li><div class="head"><span class="tag">{words.get(letter.channel, letter.channel)}</span>'
        f'<b>{escape(letter.to)}</b><time datetime="{letter.at}">{at:%m-%d %H:%M:%S}</time></div>'
        f'<p class="text">{linked(letter.text)}</p></li>'
    )


def linked(text: str) -> str:
    """The text as HTML, every address in it a link."""
    parts, end = [], 0
    for found in LINK.finditer(text):
        address = escape(found[0].rstrip(".,;:!?)"))
        parts += [escape(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.start() + len(found[0].rstrip(".,;:!?)"))
    return "".join([*parts, escape(text[end:])])


def authenticator(accounts: Iterable[Account], seconds: float, language: str) -> str:
    words = WORDS[language]
    left = PERIOD - int(seconds % PERIOD)
    rows = "".join(
        f"<tr><td>{escape(one.role)}</td><td>{escape(one.login)}</td><td>{escape(one.password)}</td>"
        f'<td class="code">{one.code[:3]} {one.code[3:]}</td></tr>'
        for one in accounts
    )
    heads = "".join(f'<th scope="col">{words[name]}</th>' for name in ("role", "login", "password", "code"))
    table = f'<div class="wide" tabindex="0"><table><tr>{heads}</tr>{rows}</table></div>'
    body = f"<p>{words['left'].format(left=left)}</p>{table}" if rows else f"<p>{words['none']}</p>"
    return page("codes", language, body, refresh=min(left, 5), query={})


def page(name: str, language: str, body: str, *, refresh: int, query: dict[str, str]) -> str:
    words = WORDS[language]
    other = "en" if language == "zh" else "zh"
    links = "".join(
        f'<a href="{href}?lang={language}"{" aria-current=page" if name == key else ""}>{words[key]}</a>'
        for key, href in (("inbox", "/"), ("webhooks", "/webhooks"), ("codes", "/codes"))
    )
    switch = f'<a href="?{escape(urlencode({**query, "lang": other}))}" lang="{TAGS[other]}">{words["other"]}</a>'
    about = words["about" if name == "inbox" else f"about_{name}"]
    return f"""<!doctype html>
<html lang="{TAGS[language]}"><head><meta charset="utf-8"><title>{words[name]} · Redvest</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="{refresh}">
<style>{STYLE}</style></head><body><nav>{links}{switch}</nav><main><h1>{words[name]}</h1><p>{about}</p>
{body}</main></body></html>"""
