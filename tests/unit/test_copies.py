"""What is a repost of one story, and what only looks like one."""

import pytest

from monitor.copies import Telling, is_copy, likeness, read_telling, sign

PLAN = (
    "近日，{place}召开产业发展大会，部署未来三年的重点工作。会议提出，坚持把制造业高质量发展摆在突出位置，推动传统产业改造升级，"
    "培育壮大新兴产业，前瞻布局未来产业。到2028年，全区规上工业总产值突破{a}亿元，高新技术企业达到{b}家，建成科创载体{c}万平方米，"
    "引进各类人才{d}名。会议强调，要优化营商环境，完善服务机制，帮助企业解决用地、用工、融资等方面的困难，鼓励金融机构加大信贷支持，"
    "引导社会资本投向重点领域。各部门要加强协调配合，落实主体责任，建立工作台账，定期开展督查，确保各项任务按期完成。"
    "与会企业家代表表示，将抓住机遇加大研发投入，加快技术改造，努力提升产品质量和市场竞争力，为地方经济社会发展作出更大贡献。"
)
HERE = PLAN.format(place="梁溪区", a="1200", b="860", c="75", d="32000")
OTHER_FIGURES = PLAN.format(place="滨湖区", a="1850", b="1430", c="96", d="41000")
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


def telling(text: str, *places: str) -> Telling:
    return read_telling(text, places)


def spun(text: str) -> str:
    for word, other in SPUN_WORDS.items():
        text = text.replace(word, other)
    return text


def shared_bands(one: str, other: str) -> int:
    return len(set(sign("", one, telling(one)).bands) & set(sign("", other, telling(other)).bands))


def test_text_is_a_copy_of_itself() -> None:
    assert is_copy(telling(HERE), telling(HERE))
    assert likeness(telling(HERE), telling(HERE)) == 1


def test_spun_repost_is_a_copy_and_is_looked_up() -> None:
    assert spun(HERE) != HERE
    assert is_copy(telling(HERE, "320213"), telling(spun(HERE), "320213"))
    assert shared_bands(HERE, spun(HERE))


@pytest.mark.parametrize(
    "printed",
    [
        "来源：某报\n" + HERE + "\n责任编辑：某某",
        HERE.replace("，", "，\n"),
        HERE.translate({ord("1"): "１", ord("2"): "２"}),
        HERE.replace("发展", "發展"),
    ],
    ids=["with furniture", "other lines", "full width", "other script"],
)
def test_print_does_not_make_another_story(printed: str) -> None:
    assert is_copy(telling(HERE), telling(printed))


def test_two_districts_with_one_plan_and_other_figures_are_two_stories() -> None:
    assert likeness(telling(HERE), telling(OTHER_FIGURES)) > 0.9
    assert not is_copy(telling(HERE), telling(OTHER_FIGURES))


def test_other_places_make_another_story() -> None:
    assert not is_copy(telling(HERE, "320213"), telling(HERE, "320211"))
    assert is_copy(telling(HERE, "320213"), telling(HERE, "320213", "320200"))
    assert is_copy(telling(HERE, "320213"), telling(HERE))


def test_thousands_mark_does_not_change_a_number() -> None:
    assert is_copy(telling(HERE), telling(HERE.replace("32000", "32,000").replace("1200", "1,200")))


def test_dates_are_no_figures_of_a_story() -> None:
    assert telling("2026年3月12日14时30分，高企达到860家。").numbers == {"860"}


def test_unrelated_texts_are_not_copies_and_share_no_band() -> None:
    assert not is_copy(telling(HERE), telling(ELSE))
    assert not shared_bands(HERE, ELSE)


def test_text_with_few_words_is_like_nothing() -> None:
    short = telling("会议召开，部署工作。")
    assert likeness(short, short) == 0
    assert sign("题", "会议召开，部署工作。", short).bands == ()


def test_equal_texts_have_equal_hashes_whatever_their_blanks() -> None:
    one, other = HERE, HERE.replace("，", " ， ").replace("。", "。\n")
    assert sign("甲", one, telling(one)).text_hash == sign("乙", other, telling(other)).text_hash


def test_short_text_under_another_title_is_another() -> None:
    text = "详见附件。"
    assert sign("甲公告", text, telling(text)).text_hash != sign("乙公告", text, telling(text)).text_hash
