"""What the name of a status looks like (国家…先导区, 全国…试点城市, “智造之城”), and which of such names somebody confers or sets himself.

Used by designations.py. A rank from above (国家级, 全国, 省级) makes a status of names that are common otherwise: 基地 and 平台 are
built everywhere. Praise that a place gives itself (高地, 排头兵, 窗口) and things counted by number are refused.
"""

import re
from itertools import product

from monitor.alternatives import gathered
from monitor.extract.names import CLOSING, OPENING, QUOTES, clause_start


def _pairs(firsts: str, lasts: str) -> list[str]:
    """Each first part with each last."""
    return [first + last for first, last in product(firsts.split("|"), lasts.split("|"))]


# Words that make a status of a city or a county; 城市 behind other words needs a rank.
OF_CITIES = "试点|示范|枢纽|节点|中心|标杆|先行|先锋|消费|创新|范例|文明|森林|卫生|园林|宜居|公园|样板|典范|模范|友好|支持|无废|海绵|韧性"
HEAD = re.compile(
    gathered(
        (
            *_pairs(
                "先导|示范|试验|先行|实验|引领|样板|改革|合作|创新|综保|保税|自贸|功能|标杆|开发|度假|集聚|高新|经开|级新|家新|景|经济",
                "区",
            ),
            *_pairs("试点|示范", "地区|省份?|县区|市县|园区|单位|街区|集聚区|社区|乡镇|村镇|基地"),
            r"文明(?:村镇|单位|校园)",
            *_pairs("县|城|市", "域示范"),
            r"城市",
            *_pairs(f"{OF_CITIES}|创新型", "城市|县城|县|市|城"),
            *["之城", "之都", "之乡", "之区", "名城", "名都", "名县", "名市", "名园", "基地", "枢纽"],
            *_pairs("零碳|低碳|绿色|智慧|特色|高新技术|先进|主题|产业|工业|科技|物流|软件|农业", "园区"),
            r"产业园",
            r"示范(?:州|旗|园|港口?|带|校|点|镇|村|乡|街道|窗口|工程)?",
            *[
                "试点",
                "百[强佳][县区市镇]",
                "百强",
                "千强镇",
                "集群",
                "平台",
                "中心",
                "第一方阵",
                "第一[城县区市]",
                "高地",
                "策源地",
                "母港",
                "公园",
                "孵化器",
                "鼎(?<!问鼎)(?<!三足鼎)(?<!革故鼎)(?![力新立足盛沸食])",
            ],
        )
    )
)
# What belongs to a name behind its head: …试验区核心区, …示范城市群.
SUFFIX = re.compile(r"核心区|(?:核心)?承载区|先行区|先导区|联动创新区|联动区|协同区|拓展区|引领区|群(?!众|体)")
NOT_HEAD = {
    "试点": re.compile(r"[任企示项期工经]|方案|政策|先行"),
    "示范": re.compile(r"(?!$|[，。；、！？”’\"）)\s]|创建|建设|称号|[和与及])"),
    "中心": re.compile(r"[城工任主组思任]|[区线]"),
    "平台": re.compile(r"[化经企公]"),
    "集群": re.compile(r"[化内]|建设|发展"),
    "枢纽": re.compile(r"[城经型港机站补]"),
    "基地": re.compile(r"[化]|项目|公司"),
    "高地": re.compile(r"[化]"),
    "产业园": re.compile(r"区"),
    "城市": re.compile(r"[矿化圈规更建道管生运轨综功名之]|(?:规划|基础|治理|更新|服务|管理|交通|居民|人口|文化|发展)"),
}
# Names of places that are statuses only where a rank opens the name and a verb of award stands before it: 获评全国文明村.
AWARDED_HEAD = "城市|县城|乡村|园区|产业园|街区|集聚区|单位|[城县区市镇乡村港旗州]"
PROVINCES = (
    r"(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海)省"
    r"|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|(?:北京|天津|上海|重庆)市级"
)
RANK_WORDS = rf"国家级?|全国|世界级?|全球|联合国|中国(?!式|特色)|省级|省部级|部级|全[省市区县]|自治区级|{PROVINCES}"
RANK = re.compile(RANK_WORDS)
AWARDED = re.compile(
    r"(?:(?:入选|获评|荣获|获得|获授|荣膺|喜获|获批|评为|授予|命名为|认定为|列为|确定为|成为|上榜|跻身|蝉联|争创|创成|授牌|列入|纳入|入围|获|和|与|及|、)了?)"
    r"(?:首批|第[一二三四五六七八九十0-9]+批|20\d\d年度?)?[“\"]?"
    rf"(?=(?:{RANK_WORDS}))[^，。；、“”\"\n0-9]{{4,26}}?(?:{AWARDED_HEAD})"
    r"(?=[”\"]?(?:$|[，。；！、\n]|[和与及并](?!谐)|称号|荣誉|名单|行列|之一))"
)
CONFERRED = re.compile(
    r"国家级?|全国|省级|部级|省部级|世界级?|全球|国际|联合国|长三角|全省|市级|百强|千强|中国(?!式|特色)|工信部|财政部|商务部|发改委|首批"
    rf"|自治区级|{PROVINCES}"
)
OFFICIAL = re.compile(
    r"国家级?|全国|世界级|省级|省部级|部级|联合国|百强|千强|中国(?!式|特色)|首批|全省|自治区级"
    rf"|{PROVINCES}"
)
# How far a name set as an aim reaches: 全国重要的…基地, 长三角…基地.
REACH = re.compile(
    r"国家级?|全国|世界|全球|国际|国内|[千万]亿级(?=[\u4e00-\u9fff]{2,12}基地)|区域|全省|大湾区|长三角|京津冀|成渝|长江经济带|黄河流域|[中东西]部地区|东北亚|东南亚|华[东南北中]|[西东][南北]地区|“?一带一路"
)
FAR = re.compile(r"国家|全国|世界|全球|国际")
PRAISE = re.compile(r"(?:高地|排头兵|窗口|样板|阵地|标杆|品牌|前沿|高峰|领头羊|先锋)$")
# 示范, 平台, 中心, 集群 and 基地 are built everywhere: only a rank given from above makes one a status.
COMMON = re.compile(
    r"(?:孵化器|平台|中心|集群|(?<!示范)基地|产业园|园区|单位|村镇|校园|试点|枢纽|第一方阵|"
    + "".join(f"(?<!{word})" for word in OF_CITIES.split("|"))
    + r"城市|公园|(?:创新|合作|功能|改革|引领|开发|度假|集聚|高新|经开|新|景|经济)区)$"
)
# What firms, schools and hospitals win for themselves.
OF_FIRMS = re.compile(r"实验室|企业技术中心|工程(?:技术)?(?:研究)?中心|工业设计中心|工作站")
# Places may build these by themselves, where the name says how far they reach; buildings and firms' offices are called 中心 and 平台.
BUILT = re.compile(r"(?:基地|集群|枢纽|城市|(?:创新|合作|功能|改革|引领|开发|度假|集聚)区)$")
CENTRE = re.compile(r"(?:科学|科创|科技创新|消费|金融|航运|贸易|商贸|物流|制造业?)中心$")
SELF_SET = re.compile(r"(?:先导区|示范区|试验区|先行区|实验区|城市|名城|名都|名园|之城|之都)$")
COUNTED = re.compile(
    r"(?<!第)[0-9一二三四五六七八九十百两数几多]+余?[家个座批所项条处张名]|一批|更多|一流$|若干|各类|一系列|多个|系列|等$"
)
# 获评国家级创新平台的企业, 建成创新中心1家: a condition, a number of things, or whose they are.
NO_STATUS = re.compile(
    r"[”\"]?(?:(?:创建|建设|培育|认定)?名单的[，,]|落户以来|前列|前[0-9一二三四五六七八九十]|综合(?:考评|排名)|[0-9]|[一二两三四五六七八九十]{1,3}[家个座期]|[域内里间]|企业|项目|公司|代表|管委会|管理"
    r"|的(?!称号|荣誉|牌子|招牌|金字|名号|殊荣|目标|建设|创建|申报|行列|城市)|[，,]?(?:一次性|分别|最高|可|再)*(?:给予|奖励|补助|补贴|资助|奖补))"
)
FIRST = re.compile(r"首[个家座条]")
NAME_LIMIT = 34


def ends_a_name(text: str, head: re.Match[str]) -> bool:
    """Whether the head word is one, and no part of another word (试点任务, 城市化)."""
    refused = NOT_HEAD.get(head.group())
    return refused is None or refused.match(text, head.end()) is None


def is_status(text: str, start: int, end: int, *, lead: str, built: bool, aim: bool) -> bool:
    """Whether somebody confers the name or sets it himself: `lead` are the words between verb and name, `built` says that the verb
    is one of building, `aim` that words of aiming stand before it."""
    name = text[start:end].translate(QUOTES)
    if _is_refused(text, start, end, name):
        return False
    if PRAISE.search(name):
        return aim and built and name.endswith("高地") and FAR.search(name) is not None
    official = OFFICIAL.search(lead + name) is not None
    if COMMON.search(name):
        if built:
            if FIRST.search(name):
                return False  # 打造全国首个“机器人4S店”集群
            ranked = (BUILT.search(name) and REACH.search(name)) or (CENTRE.search(name) and FAR.search(name))
            return bool(ranked) or (official and "试点" in name)
        return official
    if not built:
        return True
    quoted = text[start - 1 : start] in tuple(OPENING) and text[end : end + 1] in tuple(CLOSING)
    set_as_aim = aim and len(name) >= 7 and SELF_SET.search(name) is not None
    return quoted or CONFERRED.search(name) is not None or "示范" in name or set_as_aim


def _is_refused(text: str, start: int, end: int, name: str) -> bool:
    before = text[max(start - 6, clause_start(text, start)) : start]
    return (
        len(name) < 4
        or OF_FIRMS.search(name) is not None
        or NO_STATUS.match(text, end) is not None
        or COUNTED.search(name) is not None
        or COUNTED.search(before) is not None
    )
