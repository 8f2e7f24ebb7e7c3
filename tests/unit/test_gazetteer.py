"""What a place name can mean: divisions old and new, zones by their official and spoken names, words that are no place."""

import shutil
import tomllib
from pathlib import Path

import pytest

from monitor.errors import SeedError
from monitor.gazetteer import Divisions, load_divisions
from monitor.seeds import SHIPPED
from monitor.sightings import Finder

DIVISIONS = load_divisions()
FINDER = Finder(DIVISIONS)
SETTINGS = tomllib.loads((SHIPPED / "regions.toml").read_text(encoding="utf-8"))

# name, code, official name, code of the division above
NAMED = [
    ("全国", "100000", "全国", ""),
    ("江苏", "320000", "江苏省", "100000"),
    ("内蒙古", "150000", "内蒙古自治区", "100000"),
    ("新疆", "650000", "新疆维吾尔自治区", "100000"),
    ("香港", "810000", "香港特别行政区", "100000"),
    ("吉林", "220000", "吉林省", "100000"),
    ("海南", "460000", "海南省", "100000"),
    ("上海市", "310000", "上海市", "100000"),
    ("无锡", "320200", "无锡市", "320000"),
    ("延边", "222400", "延边朝鲜族自治州", "220000"),
    ("黔东南", "522600", "黔东南苗族侗族自治州", "520000"),
    ("锡林郭勒", "152500", "锡林郭勒盟", "150000"),
    ("儋州", "460400", "儋州市", "460000"),
    ("嘉峪关", "620200", "嘉峪关市", "620000"),
    ("江阴", "320281", "江阴市", "320200"),
    ("宜兴市", "320282", "宜兴市", "320200"),
    ("梁溪", "320213", "梁溪区", "320200"),
    ("新吴区", "320214", "新吴区", "320200"),
    ("昆山", "320583", "昆山市", "320500"),
    ("沛县", "320322", "沛县", "320300"),
    ("义乌", "330782", "义乌市", "330700"),
    ("滨海新区", "120116", "滨海新区", "120000"),
    ("浦东新区", "310115", "浦东新区", "310000"),
    ("两江新区", "500157", "两江新区", "500000"),
    ("涪陵", "500102", "涪陵区", "500000"),
    ("仙桃", "429004", "仙桃市", "420000"),
    ("济源", "419001", "济源市", "410000"),
    ("石河子", "659001", "石河子市", "650000"),
    ("神农架林区", "429021", "神农架林区", "420000"),
    ("六枝特区", "520203", "六枝特区", "520200"),
    ("红河州", "532500", "红河哈尼族彝族自治州", "530000"),
    ("海南州", "632500", "海南藏族自治州", "630000"),
    ("长阳县", "420528", "长阳土家族自治县", "420500"),
    ("管城区", "410104", "管城回族区", "410100"),
    ("福州市鼓楼区", "350102", "福州市鼓楼区", "350100"),
    ("徐州鼓楼区", "320302", "徐州市鼓楼区", "320300"),
    ("长春朝阳", "220104", "长春市朝阳区", "220100"),
    ("北京朝阳区", "110105", "北京市朝阳区", "110000"),
    ("江苏省无锡市滨湖区", "320211", "滨湖区", "320200"),
    # former names
    ("崇安区", "320213", "梁溪区", "320200"),
    ("南长区", "320213", "梁溪区", "320200"),
    ("北塘区", "320213", "梁溪区", "320200"),
    ("江都市", "321012", "江都区", "321000"),
    ("邳县", "320382", "邳州市", "320300"),
    ("淮阴市", "320800", "淮安市", "320000"),
    ("萧山市", "330109", "萧山区", "330100"),
    ("余杭市", "330110", "余杭区", "330100"),
    ("江干区", "330102", "上城区", "330100"),
    ("下城区", "330105", "拱墅区", "330100"),
    ("番禺市", "440113", "番禺区", "440100"),
    ("闸北区", "310106", "静安区", "310000"),
    ("卢湾", "310101", "黄浦区", "310000"),
    ("南汇区", "310115", "浦东新区", "310000"),
    ("襄樊市", "420600", "襄阳市", "420000"),
    ("襄樊", "420600", "襄阳市", "420000"),
    ("思茅市", "530800", "普洱市", "530000"),
    ("巢湖地区", "340181", "巢湖市", "340100"),
    ("莱芜市", "370116", "莱芜区", "370100"),
    ("即墨市", "370215", "即墨区", "370200"),
    ("章丘市", "370114", "章丘区", "370100"),
    ("大庸市", "430800", "张家界市", "430000"),
    ("通什市", "469001", "五指山市", "460000"),
    ("蓟县", "120119", "蓟州区", "120000"),
    ("通县", "110112", "北京市通州区", "110000"),
    ("渝北区", "500157", "两江新区", "500000"),
    ("重庆江北区", "500157", "两江新区", "500000"),
    ("开县", "500154", "开州区", "500000"),
    ("郫县", "510117", "郫都区", "510100"),
    ("户县", "610118", "鄠邑区", "610100"),
    ("呼伦贝尔盟", "150700", "呼伦贝尔市", "150000"),
    ("中甸县", "533401", "香格里拉市", "533400"),
    ("吉利区", "410308", "孟津区", "410300"),
    # zones that are one body with a division bear its code
    ("无锡高新区", "320214", "无锡高新技术产业开发区", "320200"),
    ("无锡国家高新技术产业开发区", "320214", "无锡高新技术产业开发区", "320200"),
    ("苏州高新区", "320505", "苏州高新技术产业开发区", "320500"),
    ("常州国家高新区", "320411", "常州高新技术产业开发区", "320400"),
    ("杭州高新区", "330108", "杭州高新技术产业开发区", "330100"),
    ("广州开发区", "440112", "广州开发区", "440100"),
    ("青岛西海岸新区", "370211", "青岛西海岸新区", "370200"),
    ("南沙新区", "440115", "广州南沙新区", "440100"),
    ("乌鲁木齐经开区", "650106", "乌鲁木齐经济技术开发区", "650100"),
    # zones of a city, by the rule and by the table
    ("江阴高新区", "320281-hitech", "江阴高新技术产业开发区", "320281"),
    ("武进国家高新区", "320412-hitech", "武进高新技术产业开发区", "320412"),
    ("昆山高新区", "320583-hitech", "昆山高新技术产业开发区", "320583"),
    ("沈阳高新区", "210100-hitech", "沈阳高新技术产业开发区", "210100"),
    ("吉林高新区", "220200-hitech", "吉林高新技术产业开发区", "220200"),
    ("昌吉高新区", "652301-hitech", "昌吉高新技术产业开发区", "652301"),
    ("楚雄高新区", "532301-hitech", "楚雄高新技术产业开发区", "532301"),
    ("青海高新区", "630000-hitech", "青海高新技术产业开发区", "630000"),
    ("大连高新区", "210200-hitech", "大连高新技术产业园区", "210200"),
    ("东湖高新区", "420100-hitech", "武汉东湖新技术开发区", "420100"),
    ("中国光谷", "420100-hitech", "武汉东湖新技术开发区", "420100"),
    ("中关村", "110000-hitech", "中关村科技园区", "110000"),
    ("张江高科技园区", "310000-hitech", "上海张江高新技术产业开发区", "310000"),
    ("净月高新区", "220100-hitech2", "长春净月高新技术产业开发区", "220100"),
    ("厦门火炬高新区", "350200-hitech", "厦门火炬高技术产业开发区", "350200"),
    ("惠州高新区", "441300-hitech", "惠州仲恺高新技术产业开发区", "441300"),
    ("滨海高新区", "120116-hitech", "天津滨海高新技术产业开发区", "120116"),
    ("宜兴环科园", "320282-hitech", "中国宜兴环保科技工业园", "320282"),
    ("昆山开发区", "320583-etdz", "昆山经济技术开发区", "320583"),
    ("昆山经济开发区", "320583-etdz", "昆山经济技术开发区", "320583"),
    ("锡山经开区", "320205-etdz", "锡山经济技术开发区", "320205"),
    ("惠山经开区", "320206-etdz", "无锡惠山经济技术开发区", "320206"),
    ("淮安经开区", "320800-etdz", "淮安经济技术开发区", "320800"),
    ("镇江新区", "321100-etdz", "镇江经济技术开发区", "321100"),
    ("天津西青经济技术开发区", "120111-etdz", "西青经济技术开发区", "120111"),
    ("辉山经济技术开发区", "210113-etdz", "沈阳辉山经济技术开发区", "210113"),
    ("余杭经开区", "330113-etdz", "杭州余杭经济技术开发区", "330113"),
    ("杭州余杭经开区", "330113-etdz", "杭州余杭经济技术开发区", "330113"),
    ("大亚湾开发区", "441300-etdz", "惠州大亚湾经济技术开发区", "441300"),
    ("洋浦经济开发区", "460400-etdz", "海南洋浦经济开发区", "460400"),
    ("井冈山经开区", "360800-etdz", "井冈山经济技术开发区", "360800"),
    ("泰达开发区", "120116-etdz", "天津经济技术开发区", "120116"),
    ("无锡经开区", "320200-etdz", "无锡经济开发区", "320200"),
    ("江阴临港开发区", "320281-etdz", "江阴临港经济开发区", "320281"),
    ("江北新区", "320100-newarea", "南京江北新区", "320100"),
    ("雄安", "130000-newarea", "河北雄安新区", "130000"),
    ("兰州新区", "620100-newarea", "兰州新区", "620100"),
    ("舟山群岛新区", "330900-newarea", "舟山群岛新区", "330900"),
    ("临港新片区", "310000-newarea", "中国（上海）自由贸易试验区临港新片区", "310000"),
    ("江苏自贸区", "320000-ftz", "中国（江苏）自由贸易试验区", "320000"),
    ("中国（上海）自由贸易试验区", "310000-ftz", "中国（上海）自由贸易试验区", "310000"),
    ("中国(广西)自由贸易试验区", "450000-ftz", "中国（广西）自由贸易试验区", "450000"),
    ("新疆自贸试验区", "650000-ftz", "中国（新疆）自由贸易试验区", "650000"),
    ("苏州自贸片区", "320500-ftz", "中国（江苏）自由贸易试验区苏州片区", "320500"),
    ("苏州园区", "320500-park", "苏州工业园区", "320500"),
    ("苏锡通园区", "320600-park", "苏锡通科技产业园区", "320600"),
    ("中新天津生态城", "120116-park", "中新天津生态城", "120116"),
    ("前海合作区", "440300-park", "前海深港现代服务业合作区", "440300"),
    ("无锡综保区", "320214-bonded", "无锡高新区综合保税区", "320214"),
]

# zones that no table lists
BY_RULE = [
    ("江阴经开区", "320281-etdz", "江阴经济开发区", "320281"),
    ("济宁经开区", "370800-etdz", "济宁经济开发区", "370800"),
    ("六安高新区", "341500-hitech", "六安高新技术产业开发区", "341500"),
    ("江阴综保区", "320281-bonded", "江阴综合保税区", "320281"),
    ("内蒙古自贸区", "150000-ftz", "中国（内蒙古）自由贸易试验区", "150000"),
    ("盱眙经开区", "320830-etdz", "盱眙经济开发区", "320830"),
    ("沛县高新区", "320322-hitech", "沛县高新技术产业开发区", "320322"),
]

AMBIGUOUS = [
    ("鼓楼区", {"320106", "320302", "350102", "410204"}),
    ("朝阳", {"110105", "211300", "211321", "220104"}),
    ("吴县市", {"320506", "320507"}),
    ("锡山市", {"320205", "320206"}),
    ("江北区", {"330205", "500157"}),
    ("市中区", {"370103", "370402", "500103", "510502", "510802", "511002", "511102"}),
    ("宝山区", {"230506", "310113"}),
    ("南充县", {"511302", "511303", "511304"}),
    ("医药高新区", {"220500-hitech", "321203"}),
    ("临港经开区", {"130900-etdz", "371000-etdz2", "511500-etdz"}),
]

NO_PLACE = ["", "高新区", "开发区", "新型工业化", "无锡人工智能", "南京路步行街", "梁溪区江阴市"]

# sentence, names of the places it speaks of
SEEN = [
    ("会议要求提高安全生产水平", []),
    ("弘扬中华优秀传统文化", []),
    ("推出世界首台套装备", []),
    ("执行食品安全国家标准", []),
    ("健全市县两级协调机制", []),
    ("创建乡村振兴示范县", []),
    ("形成县乡村三级物流体系", []),
    ("推广水肥一体化", []),
    ("促进中小企业和龙头企业对接", []),
    ("沿海城市竞相布局", []),
    ("结合山区实际", []),
    ("非常熟悉产业政策", []),
    ("统筹南北经济南下布局", []),
    ("曾担任县委书记", []),
    ("主城区和老城区同步更新", []),
    ("增设城区学位，整治郊区矿区", []),
    ("开发区要当主力军", []),
    ("南京路步行街焕新", []),
    ("办好对外合作和公安工作", []),
    ("阅读朝阳产业名录", []),
    ("西湖龙井上市", []),
    ("建设美丽江苏", ["江苏省"]),
    ("对接长江以北，会同江苏推进", ["江苏省"]),
    ("荆州公安机关", ["荆州市"]),
    ("组成都市圈联盟，成都牵头", ["成都市"]),
    ("遵义印发方案", ["遵义市"]),
    ("大庆实施三年行动", ["大庆市"]),
    ("海西州印发方案", ["海西蒙古族藏族自治州"]),
    ("客商来临沂，推广东莞经验", ["临沂市", "东莞市"]),
    ("洛阳市老城区更新", ["老城区"]),
    ("阳泉市城区更新", ["阳泉市城区"]),
    ("江北区印发方案", ["江北区"]),
    ("宁波市江北区印发方案", ["江北区"]),
    ("武进高新区扩容", ["武进高新技术产业开发区"]),
    ("福州市鼓楼区印发方案", ["福州市鼓楼区"]),
    ("湖州市长兴县印发方案", ["长兴县"]),
    ("吉林高新区揭牌", ["吉林高新技术产业开发区"]),
    ("深圳前海扩区", ["前海深港现代服务业合作区"]),
    ("沈阳经济技术开发区扩区", ["沈阳经济技术开发区"]),
]


@pytest.mark.parametrize(("name", "code", "official", "above"), NAMED + BY_RULE)
def test_name_means_one_place(name: str, code: str, official: str, above: str) -> None:
    (region,) = DIVISIONS.meaning(name)
    assert (region.code, region.name) == (code, official)
    assert next(iter([*DIVISIONS.chain(code)][1:]), "") == above


@pytest.mark.parametrize(("name", "codes"), AMBIGUOUS)
def test_name_of_several_places_keeps_them_all(name: str, codes: set[str]) -> None:
    assert {region.code for region in DIVISIONS.meaning(name)} == codes


@pytest.mark.parametrize("name", NO_PLACE)
def test_no_place_means_nothing(name: str) -> None:
    assert DIVISIONS.meaning(name) == ()


@pytest.mark.parametrize(("text", "places"), SEEN)
def test_words_that_hide_a_name_are_refused_and_names_seen(text: str, places: list[str]) -> None:
    seen = [sighting.meanings for sighting in FINDER.find(text) if sighting.meanings]
    assert [[region.name for region in meanings] for meanings in seen] == [[place] for place in places]


def test_former_name_beside_its_city_means_the_division_of_today() -> None:
    *_, last = FINDER.find("重庆江北区印发方案")
    assert [region.name for region in last.meanings] == ["两江新区"]


@pytest.mark.parametrize("kind", ["hitech", "etdz", "ftz"])
def test_every_listed_national_zone_is_found_by_its_full_and_spoken_name(kind: str) -> None:
    spoken = {"hitech": "高新区", "etdz": "经开区", "ftz": "自贸区"}[kind]
    for place in SETTINGS["national"][kind]:
        (base,) = DIVISIONS.meaning(place)
        short = DIVISIONS.named_short(base.code)
        (zone,) = DIVISIONS.meaning(short + spoken)
        assert DIVISIONS.meaning(zone.name) == (zone,)
        assert zone.code == f"{base.code}-{kind}"


def test_every_zone_of_the_table_is_found_by_all_its_names() -> None:
    for zone in SETTINGS["zone"]:
        for name in (zone["name"], *zone.get("aliases", ())):
            (region,) = DIVISIONS.meaning(name)
            assert region.name == zone["name"], name
            (carrier,) = DIVISIONS.meaning(zone["division"])
            assert DIVISIONS.within(region.code, carrier.code), name


def test_no_zone_bears_the_name_of_a_division_elsewhere() -> None:
    official = {name: code for code, name in DIVISIONS.official.items()}
    for zone in SETTINGS["zone"]:
        assert zone["name"] not in official, zone["name"]


def test_every_division_leads_up_to_the_country() -> None:
    for code in DIVISIONS.regions:
        assert [*DIVISIONS.chain(code)][-1] == "100000", code


def test_numbers_of_divisions_are_those_of_the_country() -> None:
    codes = [code for code in DIVISIONS.official if code != "100000"]
    provinces = [code for code in codes if code.endswith("0000")]
    prefectures = [code for code in codes if code.endswith("00") and code not in provinces]
    assert (len(provinces), len(prefectures)) == (34, 333)
    assert len(codes) - len(provinces) - len(prefectures) > 2840


def test_short_names_of_the_lists_are_names_of_the_table() -> None:
    """A word that no division bears any more would only lengthen the list."""
    for key in ("tracked", "common", "never"):
        assert [word for word in SETTINGS[key] if word not in DIVISIONS.names] == []


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    for name in ("divisions.csv", "regions.toml"):
        shutil.copy(SHIPPED / name, tmp_path / name)
    return tmp_path


def fault(folder: Path) -> tuple[str, str]:
    with pytest.raises(SeedError) as raised:
        load_divisions(folder)
    return raised.value.file, raised.value.key


def test_copied_folder_reads_like_the_shipped_one(seeds: Path) -> None:
    assert load_divisions(seeds) == DIVISIONS
    assert isinstance(DIVISIONS, Divisions)


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ("code,name,parent\n100000,全国,\n", ""),
        ("code,name,parent,former,population\n100000,全国,,,1\n", ""),
        ("", ""),
        ("code,name,parent,former\n100000,全国,,\n320000,江苏省,100000\n", "320000"),
        ("code,name,parent,former\n100000,全国,,\n320000,江苏省,100000,,\n", "320000"),
        ("code,name,parent,former\n100000,全国,,\n320200,无锡市,320000,\n", "320200"),
        ("code,name,parent,former\n100000,全国,,\n100000,全国,,\n", "100000"),
    ],
)
def test_faulty_table_is_refused_with_the_code_at_fault(seeds: Path, lines: str, key: str) -> None:
    (seeds / "divisions.csv").write_text(lines, encoding="utf-8")
    assert fault(seeds) == ("divisions.csv", key)


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ("commmon = []", "commmon"),
        ("common = [", ""),
        ('[national]\nbonded = ["无锡市"]', "national.bonded"),
        ('[national]\nhitech = ["无锡城"]', "national.hitech"),
        ('[national]\netdz = ["鼓楼区"]', "national.etdz"),
        ('zone = [{ name = "东园", division = "无锡市" }]', "zone[0]"),
        ('zone = [{ name = "东园", division = "无锡市", kind = "garden" }]', "zone[0].kind"),
        ('zone = [{ name = "东园", division = "鼓楼区", kind = "park" }]', "zone[0].division"),
        ('zone = [{ name = "东园", division = "无锡市", kind = "park", code = "1" }]', "zone[0].code"),
    ],
)
def test_faulty_settings_are_refused_with_the_key_at_fault(seeds: Path, settings: str, key: str) -> None:
    (seeds / "regions.toml").write_text(settings, encoding="utf-8")
    assert fault(seeds) == ("regions.toml", key)
