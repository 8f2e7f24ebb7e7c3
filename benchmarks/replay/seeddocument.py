"""A real document that a spinner rewrote, beside this checkout where it is there, and the same in plain words again.

The plain words were chosen by reading it, not taken from the product's own table.
"""

from benchmarks.figures import ROOT

FILE = ROOT.parent / "shared" / "gold" / "seeds" / "seed3.txt"
PUBLISHED = "2025-02-06"
MARKS = str.maketrans(",:;?!()", "，：；？！（）")
PLAIN = (
    ("随机应变", "因地制宜"), ("上卑鄙", "上下游"), ("毋庸讳言", "不可否认"), ("指明白方向", "指明了方向"), ("才气更", "才能更"), ("先辈", "先进"),
    ("佳构钢材", "精品钢材"), ("大康健", "大健康"), ("合作搭档", "合作伙伴"), ("下层干部", "基层干部"), ("今世化", "现代化"), ("客岁", "去年"), ("蹊径", "路径"),
    ("生产服从", "生产效率"), ("使用服从", "使用效率"), ("团体生产", "整体生产"), ("当下团体", "当下整体"), ("营商情况", "营商环境"), ("精良情况", "良好环境"),
    ("主管部分", "主管部门"), ("增长了补贴", "增加了补贴"), ("增补了", "填补了"), ("市场代价", "市场价格"), ("运营资本", "运营成本"), ("资本优势", "成本优势"), ("帮忙航天", "协助航天"),
    ("回稳谋划", "稳定经营"), ("谋划主体", "经营主体"), ("前瞻结构", "前瞻布局"), ("行业龙头企业结构", "行业龙头企业布局"), ("开工建立", "开工建设"), ("建立生产基地", "建设生产基地"),
    ("建立今世", "建设现代"), ("体系建立", "体系建设"), ("工厂建立", "工厂建设"), ("基地建立", "基地建设"), ("等建立工作", "等建设工作"), ("开展“人工智能+”举措", "开展“人工智能+”行动"),
    ("靶点推测", "靶点预测"), ("夺取在", "争取在"), ("大概会", "可能会"), ("重要发言", "重要讲话"), ("本领", "能力"), ("拜望", "走访"), ("面对哪些", "面临哪些"), ("面对挑战", "面临挑战"),
    ("面对资金", "面临资金"), ("底子", "基础"), ("庞大项目", "重大项目"), ("好比", "比如"), ("资助", "帮助"), ("提拔", "提升"), ("本年", "今年"), ("当地", "本地"), ("详细", "具体"), ("此中", "其中"),
    ("连续", "持续"), ("办理", "解决"), ("题目", "问题"), ("举行", "进行"), ("比力", "比较"), ("联合", "结合"), ("精良", "良好"), ("激励", "鼓励"), ("不停", "不断"), ("实时", "及时"), ("实行", "实施"),
    ("各人", "大家"), ("怎样", "如何"), ("动员", "带动"), ("和谐", "协调"), ("满意", "满足"), ("盼望", "希望"), ("成果。我们以商", "成效。我们以商"), ("眼下", "目前"), ("制品率", "成品率"), ("装置配套", "总装配套"),
    ("得到", "获得"), ("撮合", "牵线"),
)  # fmt: skip


def read_document() -> tuple[tuple[str, str], tuple[str, str]] | None:
    """Title and text as spun, and in plain words; None where the document is not there."""
    if not FILE.is_file():
        return None
    spun = FILE.read_text(encoding="utf-8")
    plain = spun.translate(MARKS)
    for word, other in PLAIN:
        plain = plain.replace(word, other)
    return _parted(spun), _parted(plain)


def _parted(document: str) -> tuple[str, str]:
    title, _, text = document.partition("\n\n")
    return title, text
