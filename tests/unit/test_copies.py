"""What is a repost of one story, and what only looks like one."""

import pytest

from monitor.copies import SIMILAR, is_copy, likeness
from monitor.tellings import COUNT, Telling, read_telling

PLAN = (
    "近日，{place}召开产业发展大会，部署未来三年的重点工作。会议提出，坚持把制造业高质量发展摆在突出位置，推动传统产业改造升级，"
    "培育壮大新兴产业，前瞻布局未来产业。到2028年，全区规上工业总产值突破{a}亿元，高新技术企业达到{b}家，建成科创载体{c}万平方米，"
    "引进各类人才{d}名。会议强调，要优化营商环境，完善服务机制，帮助企业解决用地、用工、融资等方面的困难，鼓励金融机构加大信贷支持，"
    "引导社会资本投向重点领域。各部门要加强协调配合，落实主体责任，建立工作台账，定期开展督查，确保各项任务按期完成。"
    "与会企业家代表表示，将抓住机遇加大研发投入，加快技术改造，努力提升产品质量和市场竞争力，为地方经济社会发展作出更大贡献。"
)
HERE = PLAN.format(place="梁溪区", a="1200", b="860", c="75", d="32000")
OTHER_FIGURES = PLAN.format(place="滨湖区", a="1850", b="1430", c="96", d="41000")
NOTICE = (
    "各有关单位：为做好{year}年度企业技术中心认定工作，根据管理办法，现将有关事项通知如下。一、申报条件。企业应当具有独立法人资格，"
    "经营状况良好，研发投入占销售收入的比重不低于3%，专职研发人员不少于20人。二、申报材料。企业应当提交申请报告、评价表和有关证明材料，"
    "并对材料的真实性负责。三、申报程序。企业向所在地主管部门提出申请，经初审推荐后报送我局，{year}年5月20日前报送，逾期不予受理。"
    "四、其他事项。我局将组织专家评审和现场考察，择优认定，并给予一次性奖励50万元。联系电话和地址见附件。"
)
# Words replaced one for one, as text spinners do; the figures stay.
SPUN_WORDS = {
    "近日": "克日", "部署": "摆设", "重点": "要点", "改造": "刷新", "升级": "进级", "壮大": "强大", "前瞻": "超前", "突破": "冲破",
    "引进": "引入", "优化": "改良", "帮助": "协助", "困难": "艰难", "鼓励": "勉励", "引导": "指导", "协调": "调和", "努力": "尽力",
}  # fmt: skip
ELSE = (
    "秋天的湖边，芦苇一天比一天黄。老人把船系在码头上，慢慢收起渔网，说今年的水比往年高，鱼也比往年多。孩子们放学以后跑到堤上放风筝，"
    "风把线拉得很紧。傍晚的时候，炊烟从村子里升起来，狗在路口叫了几声，又安静下去。母亲喊着名字，声音穿过稻田，惊起一群麻雀。"
    "夜里下了一场小雨，第二天早晨，桂花落了满地，空气里都是香味。客人从远方来，坐在院子里喝茶，聊起过去的事情，谁也不愿意先离开。"
)
TITLE = "梁溪区定下三年产业目标"


def telling(text: str, *places: str, title: str = TITLE, named: tuple[str, ...] = ()) -> Telling:
    return read_telling(title, text, places, named)[0]


def marks(text: str) -> set[int]:
    return set(read_telling(TITLE, text, ())[1].marks)


def text_hash(title: str, text: str) -> str:
    return read_telling(title, text, ())[1].text_hash


def spun(text: str) -> str:
    for word, other in SPUN_WORDS.items():
        text = text.replace(word, other)
    return text


def test_text_is_a_copy_of_itself() -> None:
    assert is_copy(telling(HERE), telling(HERE))
    assert likeness(telling(HERE), telling(HERE)) == 1


def test_spun_repost_is_a_copy_and_is_looked_up() -> None:
    assert spun(HERE) != HERE
    assert is_copy(telling(HERE, "320213"), telling(spun(HERE), "320213"))
    assert marks(HERE) & marks(spun(HERE))


@pytest.mark.parametrize(
    "printed",
    [
        "来源：某报\n" + HERE + "\n责任编辑：某某",
        HERE.replace("，", "，\n"),
        HERE.replace("。", "。\n\n"),
        HERE.translate({ord("1"): "１", ord("2"): "２"}),
        HERE.replace("发展", "發展"),
        HERE + "\n声明：本文转载自网络，版权归原作者所有，不代表本站观点，如有侵权请联系我们删除。",
    ],
    ids=["with furniture", "other lines", "split paragraphs", "full width", "other script", "with a disclaimer"],
)
def test_print_does_not_make_another_story(printed: str) -> None:
    assert is_copy(telling(HERE), telling(printed))
    assert marks(HERE) & marks(printed)


def test_excerpt_belongs_to_the_whole_by_its_figures_or_its_title() -> None:
    first, *_, last = HERE.split("会议强调")
    assert is_copy(telling(HERE), telling(first, title="三年目标来了"))
    assert is_copy(telling(HERE), telling(last, title=f"转载：{TITLE}"))
    assert marks(HERE) & marks(first)
    assert marks(HERE) & marks(last)


def test_excerpt_that_nothing_ties_to_the_whole_is_a_text_of_its_own() -> None:
    """It stands word for word in two districts' plans."""
    assert not is_copy(telling(HERE), telling(HERE.split("会议强调")[1], title="企业家怎么看"))


def test_two_districts_with_one_plan_and_other_figures_are_two_stories() -> None:
    assert likeness(telling(HERE), telling(OTHER_FIGURES)) > 0.9
    assert not is_copy(telling(HERE), telling(OTHER_FIGURES))
    assert not is_copy(telling(spun(HERE)), telling(OTHER_FIGURES))


def test_last_years_notice_is_another_story_than_this_years() -> None:
    last, this = (NOTICE.format(year=year) for year in (2025, 2026))
    assert likeness(telling(last), telling(this)) > 0.95
    assert not is_copy(telling(last, title="认定通知"), telling(this, title="认定通知"))
    assert is_copy(telling(this, title="认定通知"), telling(this, title="认定通知（附全文）"))


def test_what_explains_a_plan_is_another_text() -> None:
    plan, explained = "梁溪区产业发展三年行动计划", "《梁溪区产业发展三年行动计划》政策解读"
    questions = "问：目标是什么？答：" + HERE[HERE.index("到2028年") : HERE.index("会议强调")] + ELSE[:160]
    assert not is_copy(telling(HERE, title=plan), telling(questions, title=explained))


def test_last_years_notice_is_another_story_although_a_copy_lost_what_says_so() -> None:
    """The title says it still, with blanks around the year or without."""
    title = "关于做好{}年度企业技术中心认定工作的通知"
    whole, cut = NOTICE.format(year=2026), NOTICE.format(year=2025).partition("二、申报材料。")[2].partition("三、")[0]
    assert not is_copy(telling(whole, title=title.format(2026)), telling(cut + ELSE, title=title.format(" 2025 ")))
    assert not is_copy(telling(whole, title=title.format(2026)), telling(whole, title=title.format(2025)))


def test_next_article_of_a_series_is_another_text() -> None:
    """One title, some of the sentences, and the rest another's: a spun copy would have next to no sentence left as it was."""
    title = "梁溪区：把产业发展文章做实写好"
    shared = HERE[HERE.index("会议强调") :]
    first = f"车间里机器轰鸣。{shared}{ELSE[:100]}"
    second = f"码头上货轮靠岸。{shared}{ELSE[100:200]}"
    assert likeness(telling(first), telling(second)) > SIMILAR
    assert not is_copy(telling(first, "320213", title=title), telling(second, "320213", title=title))


def test_districts_plan_on_its_citys_site_is_the_districts() -> None:
    """The city's office printed it, and the text names the district."""
    notice = NOTICE.format(year=2026)
    given = telling(notice, "320200", named=("320200", "320213"))
    assert is_copy(telling(notice, "320213", named=("320213",)), given)
    assert not is_copy(telling(notice, "320211", named=("320211",)), given)


def test_spun_title_in_which_little_is_left_of_the_text_is_the_same_title() -> None:
    notice, other = "关于组织开展企业技术中心认定工作的通知", "关于安排展开企业技术中心认定事情的通知（附全文）"
    short = NOTICE.format(year=2026)
    assert is_copy(telling(short, "320213", title=notice), telling(spun(short), "320213", title=other))


def test_other_places_make_another_story() -> None:
    other = NOTICE.format(year=2026)
    assert not is_copy(telling(other, "320213"), telling(other, "320211"))
    assert is_copy(telling(other, "320213"), telling(other, "320213", "320200"))
    assert is_copy(telling(other, "320213"), telling(other))


def test_a_place_taken_from_a_link_does_not_part_a_copy_from_its_original() -> None:
    linked = telling(HERE, "210381", named=("210381", "320213"))
    assert is_copy(telling(HERE, "320213", named=("320213",)), linked)
    assert not is_copy(telling(HERE, "320213", named=("320213",)), telling(HERE, "210381", named=("210381",)))


def test_being_a_copy_is_mutual() -> None:
    texts = [HERE, spun(HERE), OTHER_FIGURES, HERE.split("会议强调")[0], NOTICE.format(year=2026), ELSE]
    for one in texts:
        for other in texts:
            assert is_copy(telling(one), telling(other)) == is_copy(telling(other), telling(one))


def test_thousands_mark_does_not_change_a_number() -> None:
    assert is_copy(telling(HERE), telling(HERE.replace("32000", "32,000").replace("1200", "1,200")))


def test_dates_are_no_figures_of_a_story() -> None:
    dated, bare = telling("2026年3月12日14时30分，高企达到860家。"), telling("高企达到860家。")
    counted, digits = ({digits for _, digits, kind in one.figures if kind == COUNT} for one in (dated, bare))
    assert len(counted) == 1
    assert counted == digits


def test_what_is_kept_of_a_text_does_not_grow_with_it() -> None:
    assert len(marks((HERE + OTHER_FIGURES + ELSE) * 30)) <= 2 * len(marks(HERE))


def test_unrelated_texts_are_not_copies_and_share_no_mark() -> None:
    assert not is_copy(telling(HERE), telling(ELSE))
    assert not marks(HERE) & marks(ELSE)


def test_text_with_few_words_is_like_nothing() -> None:
    short = telling("会议召开，部署工作。")
    assert likeness(short, short) == 0
    assert marks("会议召开，部署工作。") == set()


def test_equal_texts_have_equal_hashes_whatever_their_blanks() -> None:
    assert text_hash("甲", HERE) == text_hash("乙", HERE.replace("，", " ， ").replace("。", "。\n"))


def test_short_text_under_another_title_is_another() -> None:
    assert text_hash("甲公告", "详见附件。") != text_hash("乙公告", "详见附件。")


def test_telling_comes_back_from_the_store_as_it_was() -> None:
    told = telling(HERE, "320213", named=("320213", "320200"))
    assert Telling.unpacked(told.title, told.packed(), told.places, told.named) == told
