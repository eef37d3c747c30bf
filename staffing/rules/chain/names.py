"""What looks like a person's name, and what never is one."""

import re

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧肖尹"
    "姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐丘邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫房裘缪干解宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀羊惠甄"
    "曲家封芮储靳汲邴松井段富巫乌焦巴弓牧谷车侯宓蓬班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲台鄂索咸籍赖卓蔺屠蒙池乔阴胥苍闻党翟谭贡劳姬申扶堵冉宰郦雍桑桂濮牛寿边扈燕冀尚农温"
    "庄晏柴瞿阎连习艾鱼容向古易慎戈廖庾终居衡步耿满弘匡国文寇广禄阙东欧沃蔚夔隆师巩厍聂晁勾敖融冷訾辛阚简饶曾沙养鞠须丰巢关蒯查荆红游竺权盖桓公岳帅海楚佟苟付涂冼覃仝代佘闫原鹿盘丛"
    "官楚兰邝卿线苑占权回闪初依隋母楼展"
)
COMPOUND = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "司徒",
        "司空",
        "夏侯",
        "令狐",
        "东方",
        "西门",
        "南宫",
        "长孙",
        "宇文",
        "端木",
        "呼延",
        "独孤",
        "轩辕",
        "太史",
        "申屠",
        "公冶",
        "钟离",
        "闻人",
        "濮阳",
        "赫连",
        "澹台",
        "百里",
        "东郭",
        "南门",
        "万俟",
        "拓跋",
        "完颜",
        "纳兰",
        "第五",
    ]
)
NEVER = frozenset(
    [
        "我",
        "你",
        "他",
        "她",
        "们",
        "女",
        "男",
        "报",
        "来",
        "去",
        "可以",
        "可",
        "想",
        "能",
        "会",
        "要",
        "做",
        "当",
        "愿意",
        "住",
        "在",
        "的",
        "了",
        "吧",
        "呀",
        "啊",
        "哦",
        "嗯",
        "也",
        "都",
        "还",
        "和",
        "跟",
        "与",
        "或者",
        "或",
        "岗",
        "组",
        "员",
        "志愿者",
        "志愿",
        "班",
        "等",
        "人",
        "号",
        "栋",
        "楼",
        "室",
        "及",
        "以及",
        "时间",
        "时段",
        "周末",
        "明天",
        "今天",
        "后天",
        "方便",
        "安排",
        "白天",
        "常住",
        "毛巾",
        "全程",
        "全部",
        "全勤",
        "平时",
        "应该",
        "能来",
        "能干",
        "能行",
        "能做",
        "能去",
        "党员",
        "团员",
        "单位",
        "单身",
        "马上",
        "干部",
        "别的",
        "和我",
        "和他",
        "和她",
        "通知",
        "白班",
        "高中",
        "时候",
        "就行",
        "后勤",
        "别人",
        "方言",
        "文员",
        "空闲",
        "家里",
        "家中",
        "家属",
        "全家",
        "全力",
        "优先",
        "尽量",
        "其他",
        "其它",
        "一起",
        "同行",
        "岗位",
        "姓名",
        "名字",
        "楼号",
        "地址",
        "房号",
        "电话",
        "手机",
        "联系方式",
        "tel",
        "人数",
        "备注",
        "夫妻",
        "公司",
        "物业",
        "以后",
        "之后",
        "左右",
        "前",
        "后",
        "到",
    ]
)
REMARK = re.compile(
    "(?:有(?:经验|健康(?:证|码|状|良|无|没|$)|防护|车|空|时间|证|电|驾|基础|人|事|力|体力|手套|口罩|马甲|志愿|护|医|急|小孩|孩子|老人|课|班|需|问题|特长|三轮|货|面包|工具|推|雨|对讲|喇叭|身份|党|退|上|相关|过|群|自己|一|两|点|些)|会(?=说|讲|用|打|做|修|英|粤|电|普|手|急|急救|日|韩|开|骑|游)|自带|自己|自备|自有|可以|可提|可随|可代|可能|能(?=[来去干做早晚说提帮吃搬上熬从坚加站适胜])|想(?=[去来做帮问报参当])|要(?=[接上下带做去看早晚求是])|打过|打了|打完|打字|做过|干过|没|不(?:怕|会|挑|需|用|能|要|嫌|累|限|方便|接|吃|抽|在|是|想|行|太|知|用|住|带|熟|擅)|已|就[住在是]|刚|从[事明今早上下]"
    "|身体|身强|身高|腿脚|力气|体力|党员|预备党员|群众|团员|退伍|退役|退休|学生|孩子(?!王)|宝宝在|微信|电话|手机|短信|加微|尾号|今天|明天|后天|周[一二三四五六日天末]|星期|下周|本周|这周|晚点|晚到|早点|早到|迟到|稍晚|大概|大约|左右|如果|要是|万一(?!.$)|需要|还缺|还差|还要|请问|请(?=[联打加通安给])|想问|问一下|谢谢|辛苦|一定|一直"
    "|只能|只有|只会|只可|优先|尽量|最好|希望|随时|随叫|随便|时间|本人|群名|群里|群昵称|昵称|备注|同上|同意|收到|好的|准时|按时|提前|听从|服从(?:安|分|管|调|$)|配合|支持(?:工作|$)|加油$|两针|三针|两剂|疫苗|核酸|阴性|健康(?:证|码|状|良|无|没|$)|绿码|懂|擅长|熟悉|熟练|曾(?=[做当任在经])|做事|第[一二三四五六七八九十\\d]|我[们的可会能有想来要是也家在不没就]|他们|她们|咱|大家|各位|如需|哪|什么|怎么|几点"
    "|多[少久]|为什么|能不|可不可|要不|用不|有没|是不|是否|去哪|在哪|单位|工作|上班|下班|放假|在家|居家|住[在的校]|本楼|本栋|本小区|本社区|楼上|楼下|附近|到时|到点|或者|还有|还可|其他|其它|别的|另外|另一|包括|以及|因为|所以|但是|但|不过|而且|除了|除|算上|对不起|抱歉|不好意思|临时|暂时|替补|候补|备选|待定|再说|看情况|考虑|报备"
    "|老公|老婆|爱人|丈夫|妻子|妈妈(?!咪)|爸爸|我妈|我爸|家属|家人|朋友|同事|邻居|物业|居委|社区|业主|租户|房东|健康证|证件|年龄|性别|女性|男性|女士$|男士$)"
)
HONORIFIC = re.compile(
    ".{1,3}(?:阿姨|叔叔|叔|姨|大爷|大妈|大娘|大叔|奶奶|爷爷|婆婆|老师|师傅|先生|女士|太太|小姐|哥|姐|嫂子?|伯|婶|医生|老板)$"
)
NICKNAME = re.compile(f"[老小阿][{''.join(sorted(SURNAMES))}]")  # 老周, 小李
OPENING = re.compile(
    "(?:我[们的可会能有想要也家在不没就]|他们|大家(?!闺)|请问|想问|还缺|还差|还要|需要|如果|要是|万一(?!.$)|明天|今天|后天|周[一二三四五六日天末]|星期[一二三四五六日天]|时间(?!海)|谢谢|辛苦|收到|好的|同上|电话|手机|微信|地址|不好意思|抱歉|对不起)"
)
MEASURE = re.compile(
    r"\d+(?:号|楼|栋|点|岁|年|月|日|件|个|针|剂|小时|分|天|次|室|层|元|斤|米|公里|块|瓶|箱|袋|套|期|届|级|后|人|位|名|kg|cm|h\b|:|\.\d|[-—~/]\d)|\d+$"
)
ENDED = re.compile(
    "(?:了|吗|呢|吧|的话|一下|来的|可以|都行|也行|就行|没问题|有空|方便|以后|以前|之后|之前|左右|为止|在家|证|经验|服|口罩|手套|马甲)$"
)
AMBIGUOUS = re.compile("周[一二三四五六日天末]|从[明今早上下事]|能[来去干做]|别让")
LONGEST = 24
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af〇]")
LETTER = re.compile(r"[^\W\d_]")
STOP = frozenset(
    [
        "i",
        "i'm",
        "im",
        "a",
        "an",
        "the",
        "do",
        "does",
        "did",
        "is",
        "are",
        "am",
        "was",
        "can",
        "can't",
        "cannot",
        "could",
        "will",
        "would",
        "should",
        "shall",
        "may",
        "what",
        "when",
        "where",
        "who",
        "how",
        "why",
        "which",
        "and",
        "or",
        "but",
        "with",
        "for",
        "on",
        "in",
        "at",
        "to",
        "from",
        "of",
        "if",
        "no",
        "not",
        "yes",
        "ok",
        "okay",
        "please",
        "sorry",
        "thanks",
        "thank",
        "you",
        "we",
        "he",
        "she",
        "they",
        "it",
        "my",
        "our",
        "your",
        "me",
        "us",
        "have",
        "has",
        "need",
        "want",
        "also",
        "only",
        "free",
        "available",
        "after",
        "before",
        "until",
        "bldg",
        "building",
        "block",
        "unit",
        "apt",
        "apartment",
        "room",
        "rm",
        "flat",
        "tel",
        "phone",
        "mobile",
        "name",
        "time",
        "job",
        "role",
        "note",
        "people",
        "person",
        "persons",
        "any",
        "anything",
        "morning",
        "afternoon",
        "evening",
        "night",
        "all",
        "data",
        "entry",
        "registration",
        "scanning",
        "queue",
        "crowd",
        "door-to-door",
        "door",
        "delivery",
        "supplies",
        "patrol",
        "disinfection",
        "driver",
        "early",
        "late",
        "today",
        "tomorrow",
    ]
)
LATIN = re.compile(r"[a-z\u00c0-\u024f][\w.'’&-]*")
TITLES = frozenset({"mr.", "mrs.", "ms.", "dr.", "mr", "mrs", "ms", "dr", "miss"})


def begins_with_surname(folded: str) -> bool:
    return folded[:1] in SURNAMES or folded[:2] in COMPOUND


def is_full_name(folded: str) -> bool:
    """A family name and one or two characters, all Han, and no common word."""
    extra = len(folded) - (2 if folded[:2] in COMPOUND and len(folded) > 2 else 1)
    return 1 <= extra <= 2 and begins_with_surname(folded) and folded not in NEVER and all(map(HAN.match, folded))


def can_be_name(folded: str, *, opens: bool) -> bool:
    """Whether a piece of text may be what somebody calls themselves; who opens the line may call themselves anything."""
    if folded in NEVER or not LETTER.search(folded):
        return False
    if opens:
        return not OPENING.match(folded)
    if is_full_name(folded) and not AMBIGUOUS.match(folded):
        return True
    if len(folded) == 1:
        return folded in SURNAMES or not HAN.match(folded)
    return not (REMARK.match(folded) or MEASURE.match(folded) or ENDED.search(folded) or len(folded) > LONGEST)
