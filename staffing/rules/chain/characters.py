"""What characters are before anything is read: nothing, a space, a number mark, an emoji, struck out.

Private-use characters stand for what the text cannot: they are taken out of the text first, so that nobody types them.
"""

import re
import unicodedata

MARK, MARK_END = "\ue000", "\ue001"  # around a number that was written as one sign: ① ⒈ 1️⃣
EMOJI = "\ue002"
CROSS = "\ue003"  # ❌
STRUCK = "\u0336"
TAKEN = "\0"  # characters that belong to a field already

NOTHING = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufe0e\ufe0f\U000e0020-\U000e007f]+"
)
SPACE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
CIRCLED = (
    (0x2460, 1, 20),
    (0x3251, 21, 15),
    (0x32B1, 36, 15),
    (0x2474, 1, 20),
    (0x2488, 1, 20),
    (0x2776, 1, 10),
    (0x2780, 1, 10),
    (0x278A, 1, 10),
    (0x24EB, 11, 10),
    (0x24F5, 1, 10),
    (0x1F51F, 10, 1),
)
SIGNS = {
    chr(first + step): f"{MARK}{number + step}{MARK_END}" for first, number, many in CIRCLED for step in range(many)
} | {"❌": CROSS, "\u0335": STRUCK, "➕": "+"}
KEY = "\u20e3"
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
KEYCAP = re.compile("(?:[0-9]\u20e3)+")
SIGN = re.compile(f"[{''.join(SIGNS)}]")
PICTURE = re.compile(
    "(?:[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u24c2\u2580-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d"
    "\u3297\u3299\u20e3]+[\U0001f3fb-\U0001f3ff]?)+"
)
EMOTICON = re.compile(
    r"\[(?:强|玫瑰|微笑|撇嘴|色|发呆|得意|流泪|害羞|闭嘴|睡|大哭|尴尬|发怒|调皮|呲牙|惊讶|难过|酷|囧|冷汗|抓狂|吐|偷笑|愉快|可爱|白眼|傲慢|饥饿|困|惊恐|流汗|汗|憨笑"
    r"|悠闲|大兵|奋斗|咒骂|疑问|嘘|晕|疯了|折磨|衰|骷髅|敲打|再见|擦汗|抠鼻|鼓掌|糗大了|坏笑|左哼哼|右哼哼|哈欠|鄙视|委屈|快哭了|阴险|亲亲|吓|可怜|菜刀|西瓜|啤酒|篮球|乒乓"
    r"|咖啡|饭|猪头|凋谢|嘴唇|示爱|爱心|心碎|蛋糕|闪电|炸弹|刀|足球|瓢虫|便便|月亮|太阳|礼物|拥抱|弱|握手|胜利|抱拳|勾引|拳头|差劲|爱你|NO|OK|爱情|飞吻|跳跳|发抖|怄火"
    r"|转圈|磕头|回头|跳绳|投降|激动|乱舞|献吻|左太极|右太极|嘿哈|捂脸|奸笑|机智|皱眉|耶|红包|發|福|吃瓜|加油|加油加油|天啊|Emm|社会社会|旺柴|好的|打脸|哇|翻白眼|666"
    r"|让我看看|叹气|苦涩|裂开|合十|庆祝|笑脸|生病|破涕为笑|吐舌|脸红|恐惧|失望|无语|鬼魂|拜拜|鲜花|赞|爆竹|烟花|庆祝|握拳|比心|花|心|呲牙笑|哈哈)\]"
)

TRADITIONAL = (
    "乾佈佔來係倆個們倖備傢儘優儲兒內兩別剛劉劑動務勝勞區卽厙厲參叢吳呂員問喫喬單嗎噴噹嚮嚴囌國團堅報塊塗壽夠夥妳姊婁婦媽嬸孃孫學宮實寧寶對導屆層屬崗嵗嶽帥師帶幫幹幾廢廣張強彆彔彙後從愛慮慼慾應懞懷戰戶捨掃"
    "揀換揮撥擔數於時暫曏會東査條棟楊業榦榮樂樑樓樣機檔檯權欒歐歲殺氣沒況淩湯準溫溼滿濕濛瀋灑為烏無爲爺獨現甚甦甯畢當痠發盡盤盧眞眾矇砲硃碼祇祿禮稱穀竇箇範簡簽籤粵糰紀約紅納紙級終組絕給絶經綠綫維緑線編練總"
    "繆繫纔羅羣習聞聯聶職聽脩腳臨臺與荊莊華萬葉著葯蒼蓆蓋蔔蔘蔣蕭薊薑藍藥藺蘇蘭處號衆衕衚衛衞衹裏補裡覈親計訊記許註証話該誌說説談請諸講謝證譚護讓讚豐貝負財貢貨責費賀資賈賴贊趙車軒轅農迴這連週遊運過適遲選還"
    "邊邏鄉鄒鄔鄧鄭鄰鄺酈醫針鈕鈡銷鋪錄錢録錶鍼鍾鐘長門閃閆開閑閒間閔閤閨閻闆闕關闞陰陳陸陽隊隨隻離雲電靜鞏鞦韋韓項須預題額顏顔願類顧颱養餘饒馬馮駕駛駱騎驗體髮鬆鬍鬚鬱魚魯鮑鳳鹹麪麫麯麴麵麼麽黃點黨齊齡齣龍"
    "龐龔姪"
)
SIMPLIFIED = (
    "干布占来系俩个们幸备家尽优储儿内两别刚刘剂动务胜劳区即厍厉参丛吴吕员问吃乔单吗喷当向严苏国团坚报块涂寿够伙你姐娄妇妈婶娘孙学宫实宁宝对导届层属岗岁岳帅师带帮干几废广张强别录汇后从爱虑戚欲应蒙怀战户舍扫"
    "拣换挥拨担数于时暂向会东查条栋杨业干荣乐梁楼样机档台权栾欧岁杀气没况凌汤准温湿满湿蒙沈洒为乌无为爷独现什苏宁毕当酸发尽盘卢真众蒙炮朱码只禄礼称谷窦个范简签签粤团纪约红纳纸级终组绝给绝经绿线维绿线编练总"
    "缪系才罗群习闻联聂职听修脚临台与荆庄华万叶着药苍席盖卜参蒋萧蓟姜蓝药蔺苏兰处号众同胡卫卫只里补里核亲计讯记许注证话该志说说谈请诸讲谢证谭护让赞丰贝负财贡货责费贺资贾赖赞赵车轩辕农回这连周游运过适迟选还"
    "边逻乡邹邬邓郑邻邝郦医针钮钟销铺录钱录表针钟钟长门闪闫开闲闲间闵合闺阎板阙关阚阴陈陆阳队随只离云电静巩秋韦韩项须预题额颜颜愿类顾台养余饶马冯驾驶骆骑验体发松胡须郁鱼鲁鲍凤咸面面曲曲面么么黄点党齐龄出龙"
    "庞龚侄"
)
FOLDING = re.compile(f"[{TRADITIONAL}]")
FOLD = dict(zip(TRADITIONAL, SIMPLIFIED, strict=True))


def fold(plain: str) -> str:
    """Small letters and simplified characters, letter by letter."""
    return FOLDING.sub(lambda hit: FOLD[hit.group()], plain.replace("İ", "I").lower())


def plain_text(raw: str) -> str:
    """Full-width forms become half-width ones, numbers in a sign get marks, emoji and emoticons become one sign."""
    text = PRIVATE.sub(EMOJI, raw)
    text = SIGN.sub(lambda hit: SIGNS[hit.group()], KEYCAP.sub(keycap, text))
    text = EMOTICON.sub(EMOJI, PICTURE.sub(EMOJI, text))
    return unicodedata.normalize("NFKC", text).replace("\u2500", "—")


def keycap(hit: re.Match[str]) -> str:
    return f"{MARK}{hit.group().replace(KEY, '')}{MARK_END}"


def cleaned(text: str) -> str:
    """Without what is nothing, and with plain spaces."""
    return SPACE.sub(" ", NOTHING.sub("", text))
