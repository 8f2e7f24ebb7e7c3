"""Tells an article that speaks of policy from one that does not (sport, weather, markets, exhibitions, gadgets, essays).

Other pages are full of numbers, too, and of words that look like promises (预计, 力争, 计划转移群众); nothing is read from them.
An article speaks of policy when a stretch of it does: what stands before and after, an advert or a match report, takes
nothing away.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

# Terms that hardly occur in policy texts, one family each; 防汛 or 体育产业 alone are policy and are not here.
FOREIGN: Final[Mapping[str, str]] = {
    "sport": (
        "球队 球员 球迷 主场 客场 联赛 比分 进球 夺冠 冠军 亚军 决赛 主教练 教练 赛季 金牌 "
        "银牌 铜牌 名将 开哨 中超 中甲 男篮 女排 国足 队员 得分 赛场 选手 争冠 场均 助攻 "
        "篮板 马拉松 观众席 看台 绝杀 点球 裁判 首发 积分榜 世界杯 亚洲杯 奥运"
    ),
    "weather": (
        "气象台 降雨 降水 雨量 暴雨 雷暴 大风 阵雨 气温 最高温 最低温 ℃ 摄氏度 毫米 台风 "
        "寒潮 高温 预警 警戒水位 能见度 晴到多云 多云 阴有 小雨 中雨 大雨 入梅 冷空气 湿度 "
        "紫外线 风力 登陆 雨势 降雪 霜冻 水位"
    ),
    "market": (
        "收盘 开盘 涨停 跌停 股价 个股 沪指 深成指 创业板指 上证 恒指 大盘 A股 港股 美股 "
        "成交额 两市 主力资金 换手率 市盈率 板块涨 领涨 领跌 跌幅 券商 涨超 跌超 盘中 午后 "
        "北向资金 期货 现货黄金 金价 油价 美联储 汇率 中间价 基点 净流入 净流出 净买入"
    ),
    "company": (
        "归母净利润 净利润 每股收益 扣非 毛利率 财报 年报 季报 股东 董事会 分红 派息 证券代码 "
        "上市公司 营收同比 市值 回购 招股 IPO 减持 增持 本公司 公司股票 业绩预告 资产负债率"
    ),
    "traffic": (
        "交通管制 临时交通 改道 绕行 限行 公交线路 停车场 单双号 禁止通行 禁止停放 封闭施工 "
        "车流 早晚高峰 号线 路口 机动车道 首末班 加开列车"
    ),
    "homes": "楼市 新房 二手房 挂牌量 房价 楼盘 房源 中介 小阳春 首付 限购 均价 看房 购房者",
    "show": ("票房 上映 影片 主演 导演 综艺 收视率 演唱会 粉丝 专辑 电视剧 男主 女主 首映 影院 排片"),
    "crime": ("嫌疑人 被告人 民警 判处 有期徒刑 受害人 诈骗 刑拘 车祸 肇事 起火 遇难 伤者"),
}
POLICY: Final = (
    "市委 市政府 省委 省政府 区委 区政府 县委 县政府 党委 国务院 政府工作报告 管委会 "
    "人代会 全会 两会 工信局 工信厅 发改委 发展改革委 科技局 统计局 财政局 规划 方案 意见 "
    "若干措施 实施办法 行动计划 三年行动 高质量发展 产业集群 产业链 高新区 经开区 开发区 "
    "新质生产力 新型工业化 营商环境 招商引资 专精特新 规上 补贴 奖励 试点 示范区 "
    "到20 十四五 十五五 征求意见 公共预算 地区生产总值 GDP 民生实事 城镇新增就业 新区 "
    "印发 高企 科创载体 绿色工厂 智能工厂 重点工作 经信局 经信厅 发改局 人社局 商务局 数据局 住建局 年度目标 年度任务 产业投资 推进会 调度会 亿元以上项目 总产值 产业产值 工业产值 重点项目 工作要点 任务清单 产业项目 标准厂房 综合保税区 会议要求 会议强调 会议指出 政务服务 一网通办 生产总值 国民经济 固定资产投资 增加值 人均可支配收入 经济运行 规模以上 工业投资 技改 智改数转 工业经济 重点项目 工业项目 专项资金 工业园区 集中开工 投资计划 新增产值 产业项目 完成投资"
)
PROMISE: Final = "力争"  # which a team says, too
# Terms that speak of policy beside others only: a zoo is a 园区, too, and a cup is the 市长's.
AIDING: Final = frozenset({"出台", "孵化", "独角兽", "瞪羚", "园区", "市长", "区长", "县长", "省长", PROMISE})
OURS: Final = "policy"
YEAR: Final = "到20"  # a market forecast says 到2027年, too, but not of 全市
WHOLE: Final = "whole"
PLACES: Final = "全市 全区 全县 全省 全州 全旗 全镇 我市 我区 我县 我省 我州 我旗 会上提出 会议提出"
STRETCH: Final = 1_000  # characters of neighbouring lines looked at together
# Terms in one stretch, and kinds of them: those of a policy text are several or many. A term of the title counts twice.
SEVERAL: Final = (3, 3)
MANY: Final = (6, 2)
HEAD: Final = 6_000  # characters looked at: the genre shows early, and a page may be megabytes long
FEWEST: Final = 4  # foreign terms; fewer happen in any text
VARIED: Final = 3  # different ones
OUTWEIGHED: Final = 1.5  # foreign terms for each of policy
MOST: Final = 0.55  # share of the text in lines that speak a foreign language more than ours


class _Line(NamedTuple):
    length: int
    terms: Mapping[str, Sequence[str]]  # by family, each as often as it stands there

    def of(self, family: str) -> Sequence[str]:
        return self.terms.get(family, ())


def is_policy(title: str, text: str, *, themed: bool) -> bool:
    """Whether an article speaks of policy: with several terms of it, or with one and about a watched theme (`themed`)."""
    headline = _Line(len(title), _grouped(_terms(title)))
    lines = _lines(text[:HEAD])
    if not any(_speaks(stretch, headline, themed=themed) for stretch in _stretches(lines)):
        return False
    return not _is_foreign(headline, lines)


def _speaks(stretch: Sequence[_Line], headline: _Line, *, themed: bool) -> bool:
    terms = [*headline.of(OURS), *headline.of(OURS), *chain.from_iterable(line.of(OURS) for line in stretch)]
    count, kinds = len(terms), set(terms)
    own = kinds - AIDING
    if own - {YEAR} and any(count >= least and len(kinds) >= few for least, few in (SEVERAL, MANY)):
        return True
    if own <= {YEAR} and PROMISE not in kinds:
        return themed and YEAR in own and any(line.of(WHOLE) for line in stretch)
    return themed


def _stretches(lines: Sequence[_Line]) -> Iterable[Sequence[_Line]]:
    """From each line on, as many lines as make up a stretch; a longer line is one by itself."""
    end, length = 0, 0
    for start, line in enumerate(lines):
        while end < len(lines) and (end <= start or length + lines[end].length <= STRETCH):
            length += lines[end].length
            end += 1
        yield lines[start:end]
        length -= line.length
        if end == len(lines) and length <= STRETCH:
            return


def _is_foreign(headline: _Line, lines: Sequence[_Line]) -> bool:
    """Whether the terms of one foreign family are several, varied, outweigh those of policy and run through the text."""
    told: dict[str, list[str]] = {}
    for line in (headline, headline, *lines):  # a term of the title counts twice
        for family, terms in line.terms.items():
            told.setdefault(family, []).extend(terms)
    ours = len(told.pop(OURS, ()))
    told.pop(WHOLE, None)
    length = sum(line.length for line in lines)
    for family, terms in told.items():
        if len(set(terms)) < VARIED or len(terms) < max(FEWEST, OUTWEIGHED * ours):
            continue
        if sum(line.length for line in lines if len(line.of(family)) > len(line.of(OURS))) > MOST * length:
            return True
    return False


def _lines(text: str) -> list[_Line]:
    """The lines of a text that are not empty; the terms of all are looked for in one go."""
    terms = _terms(text)
    lines, end, first, count = [], 0, 0, len(terms)
    for length in map(len, text.split("\n")):
        end += length + 1
        last = first
        while last < count and terms[last][0] < end:
            last += 1
        if length:
            lines.append(_Line(length, _grouped(terms[first:last])) if last > first else _blank(length))
        first = last
    return lines


@lru_cache(maxsize=HEAD)
def _blank(length: int) -> _Line:
    """A line without terms, as most are."""
    return _Line(length, {})


def _grouped(terms: Iterable[tuple[int, str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for _, family, word in terms:
        grouped.setdefault(family, []).append(word)
    return grouped


def _terms(text: str) -> list[tuple[int, str, str]]:
    """Where each term stands, its family and itself."""
    automaton, words = _automaton()
    return [(start, *words[which]) for which, start, _ in automaton.find_matches_as_indexes(text)]


@cache
def _automaton() -> tuple[AhoCorasick, list[tuple[str, str]]]:
    families = {
        word: family
        for family, words in (*FOREIGN.items(), (OURS, f"{POLICY} {' '.join(AIDING)}"), (WHOLE, PLACES))
        for word in words.split()
    }
    automaton = AhoCorasick(list(families), MatchKind.LeftmostLongest, implementation=Implementation.DFA)
    return automaton, [(family, word) for word, family in families.items()]
