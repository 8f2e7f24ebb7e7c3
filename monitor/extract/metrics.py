"""Names what an amount measures: the noun phrase behind it (100家科创载体) or before it (规上企业达到100家), in printed words."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from monitor.extract.quantities import Amount, is_money
from monitor.text import NOISE, Folded

Piece = tuple[int, int]
Pieces = tuple[Piece, ...]
LONGEST = 24
RATES = frozenset({"%", "个百分点", "百分点", "个基点", "基点", "倍", "‰"})
# A phrase behind the number ends before these.
PREDICATE = re.compile(
    r"(?<!方)向(?=世界|全国|国际|高端|更高)|拨付|[0-9.]+[万亿]*(?:平方米|平方公里|亩|公里|元|吨|家|个|项|张|件|名|台|套)|总投资(?=[约超近达]{0,2}[0-9])|的(?:能力|产能|时间|时限|期限|时点|节点|目标|任务|进度)|入选|交付|提前|推迟|延后|调整(?=[至到为])|20[0-9]{2}年|[今明后]年|年底|[上下]半年|获(?!得)|落户|落地|(?<!新)(?:开工|竣工)|投产|投用|投入(?:使用|利用|运营)|完成|实现|实施|启动|签约|成为|参与|组成|构成|开展|规划建设|建设|合作(?!基金|区|社|项目|平台|组织|园|伙伴|协议|企业|高校|机构)|上榜|顺利|进展|发展良好|可望|有望|尚未|正在|陆续|相继|在(?![线建研产职校岗读册籍外编库营孵])|提供(?!商)|当场|全部|进入|纳入|列入|得到|享受|通过"
    r"|达到?|超过|突破|集中|分别|设立|组建|共建|成立|用于|支持|资助|推动|推进|力争|确保|带动|将(?!军)|已|要(?![素件])|以上|等(?=$|[^级])|，|[和及与](?=[0-9])"
)
BEHIND = re.compile(r"[\"“”‘’]?的?(?P<phrase>[^，,。；;：:、！？!?\n（(）)]{2,40})")
# 十个可复制、易推广的|示范项目: qualities and not yet the thing.
QUALITY = re.compile(
    r"的?(?:可|易|能|宜|好)[\u4e00-\u9fff]{1,5}(?:、[\u4e00-\u9fff]{2,6}){1,3}的(?=[\u4e00-\u9fff]{2})"
)
NO_PHRASE = re.compile(
    r"(?:[…—]|[一二三四五六七八九十两]个?(?:大)?(?:目标|任务|方面)|[”\"]?的?(?:完成|建成|投产|交付)?(?:时间|时限|期限|进度)|(?:都|也|就|正|并)?(?:不是|是)|(?:的)?(?:目标|能力|产能|大关|台阶|任务|水平|规模(?!以上)|关口|门槛|新(?:台阶|高度|水平|关口)|区间|标准|预期|增速|速度|上下|左右|以上|以下|以内|之间|为限|封顶|[一二三四五六七八九十]?[年月日]|不等|来|起))"
)
# 60%以上的工业园区实现绿电直供: a share of things of which something is true.
SHARE = re.compile(
    r"的(?P<phrase>[\u4e00-\u9fff]{2,10}?(?:实现|完成|达到|接入|开展|建成|通过|使用|应用|纳入|配备)[^，,。；;：:、！？!?\n0-9]{2,14})"
)
FUND = re.compile(
    r"(?:规模|总额)?的?(?P<phrase>[^，,。；;、：:！？!?\n0-9]{0,24}?(?:基金(?:群|体系|矩阵|集群)?|资金池|专项资金))(?!会|项目|申请|申报|支持|投资|注资|小镇|管理|公司|群|体系)"
)
# 总规模 of a fund is kept, 组建 and who does it are not.
AND_SIZE = re.compile(r"、(?:首期|总|目标)?(?:规模|总额)")
SIZE = re.compile(r"(?:首期|总|目标|认缴|实缴)?(?:总?规模|总额|出资额?)$|首期$")
# 每年安排3亿元支持企业技改: what the money is for.
LOAN = re.compile(r"(?:[、,，]?[0-9一二三五十]{1,2}年期)?的?(?P<phrase>“[^”\n]{1,8}贷”(?:贷款)?)")
SPENT_ON = re.compile(r"(?:专项)?(?:用于)?(?P<phrase>(?:支持|资助|扶持|奖励|补助|补贴)[^，,。；;：:！？!?\n0-9]{2,18})")
FUNDS = re.compile(
    r"的?[^，,。；;：:、！？!?\n]{0,8}?(?:资金|基金|投资|补贴|补助|奖励|贷款|额度|订单|授信|融资|消费券|券|资助|经费|税收|收入|产值|销售额|贴息|信贷|支持|奖金|真金白银|生活费|房补(?!贴)|红包)"
)
# Who came to a meeting is no result of a policy: 40余位专家, 5位负责同志, 300名市民.
ATTENDED = re.compile(
    r"的?(?:[\u4e00-\u9fff、]{0,14}?)(?:专家|学者|嘉宾|代表|记者|同志|负责人|观众|选手|市民|网友|师生|名家|干部|学员|党员|球员|工人|村民|游客)(?!作品|大会|队|引进|团队)"
)
# 6个乡镇作表态发言, 为25名企业家颁奖: what was done at a meeting.
CEREMONY = re.compile(
    r"[\u4e00-\u9fff、“”]{0,16}?(?:[作做]?(?:表态|交流|典型|大会|主旨)?发言|颁奖|授牌|揭牌|获授|获颁|被授予|递交|签订|颁发|颁证|登台|上台|出席|参会|到会|与会|受到?表彰|作报告)"
)
# 位居19个国家级新区前列: the size of a field in which somebody is ranked.
VISITED = re.compile(r"(?:观摩|参观|走访|考察|调研|察看|走进)了?[^，。；\n]{0,10}$")
# 100%保障重大项目用能: said of how it is done; 年产1.5万吨有机肥生产线: what one plant turns out.
WHOLLY = re.compile(r"(?:保障|落实|完成|覆盖|兑现|满足|响应|执行)")
OF_PLANT = re.compile(r"[^，。；\n]{0,16}?(?:生产线|项目|装置|工厂|车间)")
# 项目达产后，预计年产值20亿元，纳税6000万元: what one plant is to turn out.
RUNNING = re.compile(
    r"(?:项目|工程|基地|工厂|产业园|一期|二期)[^，,。；;\n]{0,12}(?:达产|投产|达效|投运|投用|建成)[^，,。；;\n]{0,4}后|(?:达产|投产|达效)(?:投产|达产|达效)?[之以]?后|达产(?:年|时)|预计[^，,。；;0-9]{0,6}达产"
)
YIELD = re.compile(
    r"(?:年?(?:新增)?(?:产值|销售(?:收入|额)?|营收|营业收入|产能|利税|税收|纳税(?:额|总额)?|上缴税收|创税|利润)|就业(?:岗位)?|岗位|用工|年产)[^，,。；;\n]{0,8}$"
)
# 甲公司3GW电池片等一批项目: the size of one project in a row of them.
OF_LISTED = re.compile(r"[\u4e00-\u9fffA-Z、]{2,20}?等(?:一批|重点|重大|产业|[0-9]{1,3}个)*[^，,。；;\n]{0,12}项目")
# 公司今年营收预计超过2亿元: one firm's own figures.
COMPANY = re.compile(r"(?:我们|这家|该|本)?公司(?:今年|明年|去年|预计|计划|目前|现有|年)[^，。；\n]{0,12}$")
# 建筑面积15.6万平方米, 该项目总投资12亿元: what one building is like.
SIZE_OF_ONE = re.compile(
    r"(?:(?:总建筑|建筑|占地|用地|规划)面积|占地|(?:该|本)(?:项目|工程)(?:计划)?总?投资(?:额)?)(?:约|达|超|近)*$"
    r"|[载装拉运背驮扛拎捧]着(?:约|近|超过?)?$"
)
# 以34条产业链为抓手: by what it is done.
MEANS = re.compile(r"[\u4e00-\u9fff“”]{2,16}?为(?:重要)?(?:抓手|重点|核心|主线|支撑|载体|牵引|引领|依托|基础|突破口)")
# 联合三所高校设立…: who works along.
ALONG = re.compile(r"(?:联合|会同|携手|联手|牵手|协同)了?(?:省内|市内|国内|国外|全国)?$")
RANKED = re.compile(r"(?:位居|居|位列|列|排在|名列|在)$")
RANK = re.compile(
    r"[\u4e00-\u9fff]{0,12}?(?:前列|首位|前茅|榜首|第[一二三四五六七八九十0-9]|前[一二三四五六七八九十0-9])"
)
CHANGE = r"(?:增长|增加|增添|提高|提升|上升|下降|降低|降落|减少|减收|增收|回落|上涨|下跌|改善|增幅|增速|涨幅|降幅|跌幅|扩大|收窄|抬高|压减|缩短|压降|下浮|增|降|多|少|涨|跌|升)"
CHANGED = re.compile(
    rf"(?P<said>(?:同比|环比|年均|按同口径计算?|同口径|扣除价格因素后?)?{CHANGE})(?:了|高?达|(?:保持|稳定)在?|(?:的?预期)?目标(?:设?定[为在]|确定为|锁定[为在]?)?)?$"
)
# Words that begin with one of the lead words below and do belong to a name: 共性技术平台, 为老服务设施, 培育库.
KEPT = (
    r"(?:并[网联轨]|还[原田林]|[将]军|要件|把关|在[产库职外编]|对[华公]|从[医教]|经[纪销典办]|到[访港货]|有[声偿]|有组织|以(?:旧换新|工代赈|色列|竹代塑)|按摩"
    r"|为[民老农企]|可(?:降解|利用|支配|循环|回收|视|比|用|控|溯)|与会|和美|及[时格]|等[效值额]|等离子|用[能气人海林药煤粮油品途]|使[用命馆]|共(?:[性享建同创富治]|有产权)"
    r"|全国(?:重点|文明|百强|示范|统一|先进)|(?:完成|拥有|实现|实施|落地|开通|兑现|投用|培养|建设)[率额度值量]"
    r"|建设(?:用地|项目|工程|规模|面积|资金|标准|投资|周期)|扶持(?:资金|额度)|培育(?:库|对象)|培养(?:单位|基地|规模))"
)
# Words that lead up to the thing measured and are no part of its name; a single character only where it begins no other word (有 in 有效高企).
HEAD = re.compile(
    rf"(?:(?!{KEPT})(?:[一二三四五六七八九十]是|提出|给予|可?享受|一次性(?!塑料|用品|餐具|消费)|全[市省区县国州旗镇年]|年初|原定|原先|实际(?=引进|完成|新增|建成|达到|投放|签约|培育|实施)|打算|希望(?!工程|小学)|本[市省区县年]|我[市省区县国]|该[市区县]|我们|的|了|且|但(?!书)|保障(?!房|性|率|线|住房|水平|能力|体系)|获(?=[园区用土])|地(?![标方区下铁理市级图价产表])|其中|此中|内含|包括|并(?!购)|还(?!款)|也|再(?![生制就])|又|则|将|要(?!素)|须|力争|争取|确保|努力|奋力|计划(?!生育)|拟|预计|推动|推进|加快|促进|实现|使得?|让(?!利)|把(?!手)|在(?![孵研建线校岗营册读园])|对(?![外口接标])|从(?!业)|带动|撬动|完成"
    r"|建成|投用|建设|打造|形成|培育|实施|开通|落地|兑现|安排|集聚了?|成功|每[个家]?[市区县镇]{1,2}|拥有|累计|共有?|总共|合计|已有?|目标(?:则|就)?是|经(?![济营开贸费])|到(?![账位期岗])|至|年均|有(?![效机色限轨源线关])|需(?!求)|以(?!上)|按照|按(?![揭期时质])|如今|为|可(?![再持信穿转])|由|与|和(?!谐)|及|等(?!级)|做到|达到|保持|设立|组建|提供|分别|依次|开展|布局|培养|扶持|树起|构建|数出|放到|落到数字上|拿出|或|则|目前|现有?(?![代场货金实状])|会上|(?<!\w)现场|下达|拨付(?!率)|第[一二三四五六七八九十]批|不(?:超过|高于|低于|少于)|因此|同时|此外|另外|截至|市里|希望借此|借此|用(?![户地电工水能材])|[\"“”‘’]|[^\u3400-\u9fffA-Za-z0-9“”‘’\"&《]))+"
)
TAIL = re.compile(
    # What any of the words begins with is asked first, because they are tried at every place up to the end.
    # Possessive, because some are parts of others: to try 共计 as 共, 计 again in a row of them would never end.
    r"(?=[由连平向朝仍并组新筹共扩改续安招引集落列拨还尚却仅只达到冲跨至是在于已将须的了也各再计为有约要应得可能会则就均都需合总累才力争确实完突超增升提保稳控维压降开养做建定设拿排停走数添贡预目任结分双先一不最上从年原给额每按倍翻享下首拟高]|[^\u3400-\u9fffA-Za-z0-9&）)%])"
    r"(?:由[负降]转[正增升][、，]?|连续[0-9两三四五六七八九十]{1,2}年|平均|仍然|并力争|[组新筹共扩改续]建|(?<!方)[向朝]|筹措|筹集|安排|招引|引进|引育|集聚|落地|列支|拨出|[还尚却仅只](?=只|仅)|(?<![归偿退返])还|(?<=[率比重度值额])高|首次|拟(?!定)|[上下](?:升|降)至|达到?|到达|冲破|跨[越过]|再给|[到至是在于共已将须的了也各再]|(?<=[共总])计|(?<!行)为|(?<![国公])有|(?<![合签履节违预条])约|(?<![纲摘需概])要|(?<![供响效反对适])应|(?<!所)得|(?<![许认])可"
    r"|(?<![产功动节性智效技职储用赋电热氢光潜核风势阳])能|(?<=[将能也还都就])会|(?<![规原准细通])则|(?<!成)就|(?<![人户亩])均|(?<![首古名])都|(?<![内刚军急民])需|合计|总计|共计|累计|只有?|仅有?|(?<!人)才|仍|并(?=$)|力争|争取|确保|实现|完成|突破|超过?|增至|升至|增加|提高|提升|增长|保持|稳[定步]|平稳|控制|维持|扩大|压缩|压降|压|降|开|养|做|建|定|拿出?|排|停|走|引|数出|提|新?添|贡献|预期|预计|设定|确定|倍增|翻番|(?<!年度)(?<!全年)(?:目标|任务)|(?<=的)年度|结果|分别|双双|先后|一次性|不|最多|最高|上限|由|从|年初|分三批|先|原|给予|额外|每[家户个人]|可?享受|按|[“”\"‘’：:《》、—-]|[^\u3400-\u9fffA-Za-z0-9“”‘’\"&）)》%])++$"
)
# 新区将新建数据集, 联合两校设立双聘岗位, 围绕矿山打造大模型: who does it, with whom and about what.
LED_UP = re.compile(
    r"[\u4e00-\u9fffA-Za-z“”]{2,14}(?:将(?![军领来])(?:联合|会同|继续|再|重点|累计)?|计划(?=[新建引培实组打改投完招开推形])|拟(?=[新建引培实组打改投完招开推]))"
    r"|(?:联合|会同|携手|围绕|依托|聚焦|面向|针对|引导|按照|通过|借助|立足|结合)[^，。；]{2,28}?(?:设立|组建|共建|建设|建成|打造|培育|实施|形成|布局|开展|推出|开发|开通|引进(?!项目)|发布|开放|遴选|征集|谋划|主导或参与|参与)(?![标率地用])"
)
# 园区共有上市公司, 新区已落户总部企业: where they are is no part of what they are.
PLACED = re.compile(
    r"[\u4e00-\u9fff“”]{1,8}?(?:共有|现有|已有|(?:具备|形成)(?=年产)|已(?:累计|遴选|发放|完成|改造|落户|集聚|入驻|建成|引进|培育|形成|开通|投用))(?=[\u4e00-\u9fff“]{2})"
)
EMPTY = re.compile(
    r"(?:[0-9一二三四五六七八九十两]{1,3}年(?:内|间)?(?:平均)?|仅占比?|只占|首次|首度|年均复合增长率|复合增长率|较年初|比年初|向|朝|同期|较|比|开工|竣工|投产|总数|总量|数量|合计|其|核算结果|结果|保有量|规模|占比|比重|总额|金额|余额|增量|增|净增|新增|新增量|年|全年|累计|只|仅|(?:这一?|该|上述|前述|此项)(?:指标|数字|数据|比例|比重|目标|规模|数值)|(?:首期|目标|认缴|实缴)规模|首期|(?:先行|率先|首批)?(?:推出|供应|交付|投用|发布|开放|启动|落地)|第[一二三四]步|成功|集聚|招引|新招引|引进|内含|平均|同口径|按同口径计算|扣除价格因素后|实际|最终|比上年同期|比去年同期|较上年同期|较上年|比上年|只比上年|比前一年|分别|同比|环比|单个|配套|每[年月人]|首批|一期|二期|总投资|投资额|总规模){0,2}"
)
# 对首个商用的平台: whom help is for; a metric that only says that there is help needs it.
ADDRESSED = re.compile(
    r"(?:[（(][0-9一二三四五六七八九十]+[）)]|[一二三四五六七八九十]是)?(?:对(?![比外口接标])|给(?!予)|凡|支持|鼓励)"
)
POINTS_BACK = re.compile(r"(?:较|比|同期|与)+|(?:这一?|该|上述|前述|此项)[\u4e00-\u9fff]{2}")
HELP_WORD = re.compile(
    r"(?:的?比例|的?标准)?(?:给予|予以|进行)?的?((?:租金|房租|保费|贷款|利息|运费|物流|用电|电费|场地|设备|运营|装修)?(?:补助|补贴|奖励|资助|奖补|贴息|配套|扶持))"
)
GIVEN = re.compile(
    r"((?:(?<=给予)|(?<=发放)|(?<=提供))[\u4e00-\u9fff]{0,4}?(?:补助|补贴|奖励|资助)|补助|补贴|奖励|资助|奖补|贴息|配套)(?![对标资办管申政])"
)
# 按投资额的10%, 经评审分为三档: how much help is reckoned, not whom it is for.
BY_RATE = re.compile(r"按(?![揭期时质规要])|经(?![济营开贸费])|根据|依据")
FUNDED = re.compile(r"资金|基金|券|预算")
OF_SUBJECT = re.compile(r"(?:高|低|快|慢)于|占|(?:年度|全年)?(?:计划|目标|任务)$")
# 完成全年|目标的56.5%: a share of a plan is named with how it relates to it.
OF_PLAN = re.compile(r"(?:完成|占)了?(?:全年|年度|年初)?$")
SAID_SUM = re.compile(r"[0-9]")
CROSSED = re.compile(r"(?:先后|连续|接连)?(?:连跨|跨越|跨上|突破|迈上|跃上|站上)")
LED_TO = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:将)?对(?![比外口接标])")  # 新政对加氢站建设
TOPIC = re.compile(
    r"(?!(?:对|按|经|为|在|支持|鼓励|其中|同时|此外))[\u4e00-\u9fff“”、]{3,14}(?<![的了说])(?<!介绍)(?<!表示)(?<!透露)(?<!明确)(?<!提出)"
)
OFFERED = re.compile(r"[补奖助贴励扶]|配套|额度")
# 对当年首次评为…的: how a list of those who get help begins.
AWARDED = re.compile(
    r"(?:[（(][0-9一二三四五六七八九十]+[）)])?(?:对于?|凡|支持|鼓励)?(?:当年|年度|首次|新|成功|获得?|被|企业|项目|单位|的)*"
    r"(?:评为|评定为|认定为?|获评|获批|入选|列入|纳入|通过|获得|晋升为|达到|创建成?)?(?:的)?"
)
NUMBERED = re.compile(
    r"[（(]?[0-9一二三四五六七八九十]+[）)、.]|[一二三四五六七八九十]是|第[一二三四五六七八九十]+条 ?"
)
BARE_HELP = re.compile(
    r"(?:可?享受|每(?:平方米|架次|[\u4e00-\u9fff])|单[户个家笔台项]|分别|依次|再|另|同一|一次性|择优|直接|额外|给予|发放|最高|累计|企业|项目|单位|[奖补贴助励资给]|支持|额度)*"
)
# 望城还将在未来五年引进…: what stands before the time is who does it.
LEADS = re.compile(r"(?:将|拟|计划|力争|争取|确保|打算|希望|提出|明确|要求)(?:[在于用到再]|通过)?$")
VERBS = re.compile(
    r"(?:净增|新增|新建|新引育|新招引|招引|引进|引育|新开工|新签约|新培育|新认定|新培养|改造|开工|竣工|年产)$"
)
PLURAL = re.compile(r"双双|各$|分别|均|都(?!市)")
WORD = re.compile(r"[^\W0-9_]|[0-9]{2}")  # 1.上年度产值: the number of a line is no part of a name
JOINT = re.compile(r"、|(?<=”)(?=“)|[和与及](?!区)|以及")
# 同比增加9个, 比去年同期减少3家: how many more or less is the change of a number.
BESIDE_BEFORE = re.compile(
    rf"(?:同比|环比|[比较](?:去年|上年|年初|上月|上季度|同期)[^，。；0-9]{{0,6}})(?:分别)?(?:净)?{CHANGE}了?$"
)
KIND = re.compile(r"产业|行业|工业|制造业|企业")
ENUMERATED = re.compile(r"、|以及")
# 城镇、农村|居民人均可支配收入: what the last member of a list ends with and the others share, where they name nothing measured.
SHARED = re.compile(
    r"(?:居民)?(?:人均)?(?:可支配收入|消费支出|收入)|(?:产业|行业|工业|制造业|企业)?(?:总产值|产值|增加值|营业收入|营收|规模|总额|销售额|零售额|交易额|成交额|(?:固定资产|工业|民间|技改|技术改造|房地产|基础设施)?投资额?|产能|产量|装机(?:容量)?|占比|比重|覆盖率|普及率|浓度|面积|总数|人数|数量)"
    r"|(?:产业(?:集群|园)?|企业|工厂|园区|基地|平台|人才|项目|团队|机构|车间)"
)
RANK_OF = re.compile(r"(?:国家|省部?|自治区|部|市|县|区)级")
RANKED_SO = re.compile(rf"(?:新?[\u4e00-\u9fff]{{2}})?{RANK_OF.pattern}")  # 新认定国家级
WHOLE = re.compile(
    r"[A-Z]$|[额值率量数入资零投贸税润比重度口产]$|(?:企业|工厂|园区|基地|平台|人才|项目|团队|机构|车间|载体|就业|消费|高企)$"
)


def printed(text: Folded, pieces: Sequence[Piece]) -> str:
    """The pieces as printed, one after the other, blanks and quotes at the ends left out."""
    words = "".join(text.shown(start, end) for start, end in pieces if start < end)
    return _paired(NOISE.sub("", words).strip(" \"'，、：:　"))


def _paired(words: str) -> str:
    """Quotes only where both stand: “小巨人”企业 keeps them, a name that is quoted whole needs none."""
    missing = words.count("”") - words.count("“")
    if missing == 1 and not words.endswith("”"):
        return "“" + words
    inside = words[1:-1]
    if missing == -1 and words.rfind("“") > 0:
        return words + "”"
    if missing or (words[:1] == "“" and words[-1:] == "”" and "“" not in inside):
        return words.strip("“”‘’")
    return words.strip("‘’")


def trimmed(text: str, start: int, end: int, places: Sequence[Piece] = ()) -> Piece:
    """The span without the words that lead up to its noun and those that follow it; `places` are in order."""
    moved = True
    while moved and start < end:
        moved = False
        if (head := HEAD.match(text, start, end)) and head.end() > start:
            start, moved = head.end(), True
        place = bisect_left(places, (start, 0))
        # “梁溪英才卡”: within a quotation a place is part of the name.
        if (
            place < len(places)
            and text[start - 1 : start] != "“"
            and places[place][0] == start
            and places[place][1] <= end
        ):
            start, moved = places[place][1], True
    for aside in (LED_UP, PLACED):
        # 储能装机将|达到: a name that only the words of reaching follow is what is measured.
        if (found := aside.match(text, start, end)) and _named(text, found.end(), end):
            start = found.end()
            if head := HEAD.match(text, start, end):
                start = head.end()
    if start < end and (tail := TAIL.search(text, start, end)):
        end = tail.start()
        if (
            text[end : end + 1] == "”"
            and "“" in text[start:end]
            and text.rfind("”", start, end) < text.rfind("“", start, end)
        ):
            end += 1  # “黄金十条”
    return start, end


def _named(text: str, start: int, end: int) -> bool:
    """Whether more than words that lead up to a number is left."""
    tail = TAIL.search(text, start, end)
    return (tail.start() if tail else end) - start >= 2


def phrase_behind(text: str, amount: Amount) -> Piece | None:
    """The noun phrase that the number counts, when it stands behind it: 100家左右特色化科创载体."""
    if is_money(amount.unit) and (named := FUND.match(text, amount.end)):
        return named.span("phrase")
    if NO_PHRASE.match(text, amount.end):
        return None
    if is_money(amount.unit) or amount.unit in ("%", "倍", "个百分点", "百分点", None):
        if amount.unit == "%":
            return share.span("phrase") if (share := SHARE.match(text, amount.end)) else None
        if not is_money(amount.unit):
            return None
        if named := SPENT_ON.match(text, amount.end) or LOAN.match(text, amount.end):
            return named.span("phrase")
        found = FUNDS.match(text, amount.end)
        return None if found is None else (found.start() + found.group().startswith("的"), found.end())
    quality = QUALITY.match(text, amount.end)
    found = BEHIND.match(text, quality.end() if quality else amount.end)
    if found is None:
        return None
    start, end = found.span("phrase")
    if stop := PREDICATE.search(text, start, end):
        end = stop.start()
    end = min(end, start + LONGEST)
    while end > start and text[end - 1] in ' "”’的为':
        end -= 1
    return (start, end) if end - start >= 2 else None


def words_before(
    text: str, amount: Amount, start: int, end: int, cuts: Sequence[Piece], places: Sequence[Piece]
) -> tuple[tuple[Piece, ...], Piece | None]:
    """The noun phrase of `text[start:end]`, times cut out of it, and the word of change that ends it (下降, 增幅)."""
    pieces: list[Piece] = []
    position = start
    for first, last in cuts:
        if last > position:
            pieces.append((position, max(position, first)))
            position = min(last, end)
    pieces.append((position, end))
    change = None
    beside = amount.unit not in RATES and BESIDE_BEFORE.search(text, max(start, end - 20), end)
    if (amount.unit in RATES or beside) and (found := CHANGED.search(text, max(position, end - 12), end)):
        change = found.span("said")
        pieces[-1] = (position, found.start())
    pieces = [piece for piece in pieces[:-1] if not LEADS.search(text, *piece)] + pieces[-1:]
    kept = (trimmed(text, first, last, places) for first, last in pieces)
    return tuple(piece for piece in kept if WORD.search(text, *piece)), change


def help_word(text: str, amount: Amount, pieces: Pieces, half: int) -> Pieces:
    """What is given, where the words of the metric do not say it: 按售价的15%给予补助，最高800万元; `half` begins the part
    of the sentence in which it may have been said before."""
    if any(OFFERED.search(text, start, end) for start, end in pieces):
        return ()
    before = HELP_WORD.search(text, amount.lead, amount.start)
    found = before or HELP_WORD.match(text, amount.end)
    found = found or next(reversed(list(GIVEN.finditer(text, half, amount.lead))), None)
    return (found.span(1),) if found else ()


def is_empty(text: str, pieces: Sequence[Piece]) -> bool:
    """Whether the words before a number name nothing by themselves: 总数, 同比, 核算结果."""
    return EMPTY.fullmatch("".join(text[start:end] for start, end in pieces)) is not None


def _shared_head(text: str, members: Sequence[Piece]) -> int | None:
    """Where the words begin that the last member says for all: 城镇、农村|居民人均可支配收入, 国家级、省级|绿色工厂."""
    if (rank := RANK_OF.match(text, *members[-1])) and all(RANKED_SO.fullmatch(text, *one) for one in members[:-1]):
        return rank.end()
    if any(WHOLE.search(text, *member) for member in members[:-1]):
        return None
    start, end = members[-1]
    return next((place for place in range(start + 2, end - 1) if SHARED.fullmatch(text, place, end)), None)


def _beyond(text: str, member: Piece, head: int) -> int:
    """Where what a member lacks begins: 高技术制造业 needs no second 制造业 of 制造业增加值."""
    said = next((size for size in (4, 3, 2) if text[member[1] - size : member[1]] == text[head : head + size]), 0)
    if text[member[1] - 1] == "业" and (kind := KIND.match(text, head)):
        return kind.end()
    return head + said


def members_of(text: str, span: Piece, count: int = 0) -> list[Piece]:
    """The members of a list; where `count` are wanted, 和 may be a part of names (软件和信息技术服务业、租赁和商务服务业)."""
    found = _split(text, span, JOINT)
    return found if count in (0, len(found)) else _split(text, span, ENUMERATED)


def _split(text: str, span: Piece, marks: re.Pattern[str]) -> list[Piece]:
    edges = [(span[0], span[0]), *(found.span() for found in marks.finditer(text, *span)), (span[1], span[1])]
    return [(one[1], other[0]) for one, other in pairwise(edges)]


def joint_names(text: str, pieces: Pieces, count: int = 0) -> list[Pieces]:
    """The members of A、B和C, each with what stands before the list up to 的; one member when it is no list."""
    if not pieces:
        return [pieces]
    start, end = pieces[-1]
    members = members_of(text, (start, end), count)
    if len(members) < 2 or not all(last - first >= 2 for first, last in members):
        return [pieces]
    if (head := _shared_head(text, members)) is not None:
        shared_by = [(*pieces[:-1], member, (_beyond(text, member, head), end)) for member in members[:-1]]
        return [*shared_by, (*pieces[:-1], members[-1])]
    shared = text.rfind("的", *members[0])
    common = ((start, shared),) if shared > start else ()
    return [(*pieces[:-1], members[0]), *((*pieces[:-1], *common, member) for member in members[1:])]
