"""What a place name can mean: divisions with their parents, zones, short and former names. No text is searched here.

Divisions come from `seeds/divisions.csv` (GB/T 2260), zones and the names to trust or refuse from `seeds/regions.toml`.
A name may mean several places; this module keeps them all, the text decides (`sightings.py`).
"""

import csv
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from monitor.domain import Region
from monitor.errors import SeedError
from monitor.seeds import SHIPPED

COUNTRY = "100000"
# How far a name may be trusted in running text: `sure` always; `guarded` where a place near it in the tree is named
# too; `adjacent` only just after its parent; `never` not at all (公安 after 荆州 is the police).
Trust = Literal["sure", "guarded", "adjacent", "never"]
PROVINCES = {"内蒙古自治区": "内蒙古", "广西壮族自治区": "广西", "西藏自治区": "西藏", "宁夏回族自治区": "宁夏"}
PROVINCES |= {"新疆维吾尔自治区": "新疆", "香港特别行政区": "香港", "澳门特别行政区": "澳门"}
# 延边朝鲜族自治州 -> 延边: the peoples' names go with the suffix.
PEOPLES = (
    r"(?:[回藏苗彝壮满侗瑶白傣黎佤畲水土羌怒京]族|(?:蒙古|维吾尔|布依|朝鲜|土家|哈尼|哈萨克|傈僳|拉祜|东乡|纳西|景颇"
    r"|柯尔克孜|达斡尔|仫佬|布朗|撒拉|毛南|仡佬|锡伯|塔吉克|鄂温克|鄂伦春|裕固|保安|独龙|普米|各)族?)"
)
SUFFIX = re.compile(rf"(?:{PEOPLES}{{1,4}}自治[州县旗]|自治[州县旗]|地区|林区|特区|[省市县区旗盟州])$")
ZONE = re.compile(
    r"(?:国家级?|省级)?(?:(?P<hitech>高新(?:技术产业(?:开发)?)?区|高新技术开发区)|(?P<etdz>经(?:济技术)?开(?:发)?区|经济开发区)"
    r"|(?P<park>工业园区)|(?P<bonded>(?:综合)?保税区|综保区)|(?P<ftz>自由贸易试验区|自贸(?:试验)?区)|(?P<newarea>新区))"
)
ZONE_NAMES: Mapping[str, str] = {
    "hitech": "高新技术产业开发区",
    "etdz": "经济技术开发区",
    "park": "工业园区",
    "bonded": "综合保税区",
    "ftz": "自由贸易试验区",
    "newarea": "新区",
}
# How the endings of zone names are said in short.
SPOKEN = (
    ("高新技术产业开发区", "高新区"),
    ("经济技术开发区", "经开区"),
    ("综合保税区", "综保区"),
    ("自由贸易试验区", "自贸试验区"),
    ("自由贸易试验区", "自贸区"),
)
COLUMNS = ("code", "name", "parent", "former")
SETTINGS = frozenset({"tracked", "common", "never", "lookalikes", "national", "zone"})
ZONE_KEYS = frozenset({"name", "division", "kind", "same", "aliases"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that a name can mean."""

    region: Region
    trust: Trust


@dataclass(slots=True)
class Divisions:
    """Every division and zone by code, and every name with what it can mean."""

    regions: dict[str, Region] = field(default_factory=dict)  # as shown: homonyms carry their city
    official: dict[str, str] = field(default_factory=dict)  # code -> the name in the table
    above: dict[str, str] = field(default_factory=dict)  # code -> code of the division that holds it
    names: dict[str, tuple[Candidate, ...]] = field(default_factory=dict)
    children: dict[str, dict[str, Region]] = field(default_factory=dict)  # code -> short or full name -> child
    lookalikes: tuple[str, ...] = ()

    def chain(self, code: str) -> Iterator[str]:
        """The code itself, then everything that holds it, the country last."""
        seen = 0
        while code and seen < 6:  # deeper than any zone in a county; a looping table must not hang
            yield code
            code, seen = self.above.get(code) or (code.partition("-")[0] if "-" in code else ""), seen + 1

    def within(self, code: str, ancestor: str) -> bool:
        return ancestor in self.chain(code)

    def is_part(self, region: Region | None, whole: Region | None) -> bool:
        """Whether a place lies in another one and is not the same."""
        return bool(region and whole and region.code != whole.code and self.within(region.code, whole.code))

    def region(self, code: str) -> Region | None:
        return self.regions.get(code)

    def zone(self, base: str, kind: str, printed: str) -> Region:
        """The zone of `kind` that division `base` carries; `printed` (经开区, 经济开发区) decides its full name.

        A zone that the table lists keeps its official name, however it is printed.
        """
        names = _zone_names(self.named_short(base), kind, printed, whole=self.above[base] == COUNTRY)
        # 杭州余杭经开区 lies in the district next door: its whole city may hold it.
        around = base if self.above[base] == COUNTRY else self.above[base]
        for name in names:
            for candidate in self.names.get(name, ()):
                if self.within(candidate.region.code, around):
                    return candidate.region
        # Which of the two a bare 经开区 is was not found: provincial ones are 经济开发区.
        return Region(f"{base}-{kind}", names[-1] if printed == "经开区" else names[0])

    def sought(self) -> Iterator[str]:
        """The names that are looked for in a text, wherever they stand."""
        for name, candidates in self.names.items():
            if any(candidate.trust in ("sure", "guarded") for candidate in candidates):
                yield name

    def named_short(self, code: str) -> str:
        """The name of a division as zones bear it: 无锡, 内蒙古; in full where it has no short one."""
        name = self.official[code]
        return PROVINCES.get(name) or _short(name) or name

    def meaning(self, name: str) -> tuple[Region, ...]:
        """What the whole of `name` can mean: one name, a chain (福州市鼓楼区), or a place and its zone."""
        if name in self.names:
            return _distinct(candidate.region for candidate in self.names[name])
        for cut in range(len(name) - 2, 1, -1):
            held = [candidate.region for candidate in self.names.get(name[:cut], ())]
            if not held:
                continue
            rest = name[cut:]
            zone = ZONE.fullmatch(rest)
            if zone and zone.lastgroup:
                return _distinct(
                    self.zone(place.code, zone.lastgroup, rest) for place in held if place.code in self.official
                )
            inner = self.meaning(rest)
            below = _distinct(one for one in inner if any(self.within(one.code, place.code) for place in held))
            if below:
                return below
        return ()


def load_divisions(folder: Path = SHIPPED) -> Divisions:
    """Read divisions.csv and regions.toml of `folder`. Raises SeedError with the file and the key at fault."""
    divisions = Divisions()
    rows = _read_rows(folder / "divisions.csv")
    settings = _read_settings(folder / "regions.toml")
    _name_divisions(divisions, rows, settings)
    _name_national(divisions, settings.get("national", {}))
    _name_zones(divisions, settings.get("zone", ()))
    divisions.lookalikes = tuple(settings.get("lookalikes", ()))
    return divisions


def _read_rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        columns, rows = tuple(reader.fieldnames or ()), list(reader)
    if columns != COLUMNS:
        raise SeedError("divisions.csv", "", f"needs the columns {', '.join(COLUMNS)} in the first line")
    codes: set[str] = set()
    for row in rows:
        if None in row or None in row.values():
            raise SeedError("divisions.csv", row["code"], "needs four fields, the last may be empty")
        if row["code"] in codes:
            raise SeedError("divisions.csv", row["code"], "stands in the table twice")
        if row["parent"] not in codes and row["code"] != COUNTRY:
            raise SeedError("divisions.csv", row["code"], f"its parent {row['parent']} does not stand above it")
        codes.add(row["code"])
    return rows


def _read_settings(file: Path) -> dict[str, Any]:
    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SeedError("regions.toml", "", f"not valid TOML: {error}") from None
    _refuse_unknown(settings, SETTINGS, "")
    _refuse_unknown(settings.get("national", {}), frozenset({"hitech", "etdz", "ftz"}), "national.")
    return settings


def _refuse_unknown(table: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    if unknown := set(table) - known:
        raise SeedError("regions.toml", f"{where}{min(unknown)}", f"unknown key; known are {', '.join(sorted(known))}")


def _name_divisions(divisions: Divisions, rows: Iterable[dict[str, str]], settings: Mapping[str, Any]) -> None:
    rows = list(rows)
    twins = Counter(row["name"] for row in rows)
    by_code = {row["code"]: row["name"] for row in rows}
    names: dict[str, list[Candidate]] = defaultdict(list)
    rules = _Trusts(settings)
    provinces = {PROVINCES.get(row["name"]) or _short(row["name"]) for row in rows if row["parent"] == COUNTRY}
    for row in rows:
        code, name, parent = row["code"], row["name"], row["parent"]
        shown = by_code[parent] + name if twins[name] > 1 and parent in by_code else name
        region = Region(code, shown)
        divisions.regions[code], divisions.official[code], divisions.above[code] = region, name, parent
        holders = divisions.children.setdefault(parent, {})
        for known in {name, shown}:
            names[known].append(Candidate(region, rules.of_whole(known)))
            holders[known] = region
        for former in filter(None, row["former"].split("|")):
            # 江北区 is the one of 宁波, but 重庆江北区 is 两江新区 today.
            names[former].append(Candidate(region, "guarded" if former in twins else rules.of_whole(former)))
        if spoken := _spoken(row):
            names[spoken].append(Candidate(region, rules.of_whole(spoken)))
            holders[spoken] = region
        short = PROVINCES.get(name) or _short(name)
        if not short or short == name or (parent != COUNTRY and short in provinces):
            continue  # 吉林 alone is the province
        trust = rules.of_short(row, short)
        names[short].append(Candidate(region, trust))
        if trust != "never":
            holders.setdefault(short, region)
    divisions.names = {name: tuple(found) for name, found in names.items()}


class _Trusts:
    """How far the name of a division is trusted, by its level and the lists of regions.toml."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.tracked, self.common, self.never = (
            frozenset(settings.get(key, ())) for key in ("tracked", "common", "never")
        )

    def of_whole(self, name: str) -> Trust:
        """A name in full is trusted unless it is listed as a word too: 城区, 老城区."""
        if name in self.never:
            return "adjacent"
        return "guarded" if name in self.common else "sure"

    def of_short(self, row: Mapping[str, str], short: str) -> Trust:
        prefecture = row["code"].endswith("00")
        if row["parent"] == COUNTRY or row["name"] in self.tracked:
            return "sure"
        if short in self.never:
            return "never"
        if short in self.common:
            return "guarded" if prefecture else "adjacent"
        return "sure" if prefecture or row["name"].endswith("市") else "guarded"


def _name_national(divisions: Divisions, national: Mapping[str, Iterable[str]]) -> None:
    """Give the zones named after their division all the names they go by, so that text needs no proof of the place."""
    for kind, places in national.items():
        for place in places:
            base = _only(divisions, place, f"national.{kind}")
            short = divisions.named_short(base)
            name, *_ = _zone_names(short, kind, ZONE_NAMES[kind], whole=True)
            region = Region(f"{base}-{kind}", name)
            divisions.regions[region.code], divisions.above[region.code] = region, base
            for known in (*_spellings(name), *_short_names(divisions, short, kind)):
                divisions.names[known] = (Candidate(region, "sure"),)


def _short_names(divisions: Divisions, short: str, kind: str) -> Iterator[str]:
    full = ZONE_NAMES[kind]
    yield from _spellings(short + full)
    for spoken in (spoken for long, spoken in SPOKEN if long == full):
        yield from (f"{short}国家{spoken}", f"{short}国家级{spoken}")
    provinces = (one for one in divisions.names[short] if divisions.above[one.region.code] == COUNTRY)
    if kind == "etdz" and not any(provinces):  # 吉林开发区 may be any of the province
        yield f"{short}开发区"


def _name_zones(divisions: Divisions, zones: Iterable[Mapping[str, Any]]) -> None:
    exact: dict[str, Region] = {}
    cut: dict[str, list[Region]] = defaultdict(list)
    for number, zone in enumerate(zones):
        region = _read_zone(divisions, zone, f"zone[{number}]")
        for known in (zone["name"], *zone.get("aliases", ())):
            exact |= dict.fromkeys(_spellings(known), region)
        for known in _without_city(divisions, region, zone["name"], zone["kind"]):
            cut[known].append(region)
    for known, regions in cut.items():
        if known not in divisions.names:
            divisions.names[known] = tuple(Candidate(region, "sure") for region in regions)
    divisions.names |= {known: (Candidate(region, "sure"),) for known, region in exact.items()}


def _read_zone(divisions: Divisions, zone: Mapping[str, Any], key: str) -> Region:
    _refuse_unknown(zone, ZONE_KEYS, f"{key}.")
    for needed in ("name", "division", "kind"):
        if needed not in zone:
            raise SeedError("regions.toml", key, f"{needed} is missing")
    name, kind = zone["name"], zone["kind"]
    if kind not in ZONE_NAMES:
        raise SeedError("regions.toml", f"{key}.kind", f"{name}: {kind} is none of {', '.join(ZONE_NAMES)}")
    carrier = _only(divisions, zone["division"], f"{key}.division")
    if zone.get("same"):
        return Region(carrier, name)
    code = f"{carrier}-{kind}"
    while code in divisions.regions:
        code += "2"
    divisions.regions[code], divisions.above[code] = Region(code, name), carrier
    return divisions.regions[code]


def _only(divisions: Divisions, name: str, key: str) -> str:
    """The code of the one division that `name` means."""
    found = [region.code for region in divisions.meaning(name) if region.code in divisions.official]
    if len(found) != 1:
        fault = "means several divisions: write its city before it" if found else "is no division of divisions.csv"
        raise SeedError("regions.toml", key, f"{name} {fault}")
    return found[0]


def _zone_names(short: str, kind: str, printed: str, *, whole: bool) -> tuple[str, ...]:
    """The full names that a zone printed so may have, the likeliest first; `whole` where the place is a province."""
    if kind == "ftz" and whole:
        return (f"中国（{short}）自由贸易试验区",)
    name = short + ZONE_NAMES[kind]
    if kind != "etdz" or "技术" in printed or "国家" in printed:
        return (name,)
    provincial = f"{short}经济开发区"
    return (provincial, name) if printed.endswith("经济开发区") else (name, provincial)


def _spellings(name: str) -> tuple[str, ...]:
    """苏州高新区 as 苏州高新技术产业开发区 too, and the other way round; brackets of both widths."""
    found = [name]
    for full, spoken in SPOKEN:
        for one, other in ((full, spoken), (spoken, full)):
            if name.endswith(one):
                found.append(name.removesuffix(one) + other)
    plain = [one.translate({ord("（"): "(", ord("）"): ")"}) for one in found]
    return tuple(dict.fromkeys((*found, *plain)))


def _without_city(divisions: Divisions, region: Region, name: str, kind: str) -> tuple[str, ...]:
    """沈阳辉山经济技术开发区 as 辉山经济技术开发区; nothing where only 经济技术开发区 would be left."""
    if not name.endswith(ZONE_NAMES[kind]) or kind not in ("hitech", "etdz"):
        return ()
    for code in divisions.chain(region.code):
        short = divisions.named_short(code) if code in divisions.official else name
        rest = name.removeprefix(short)
        if rest != name and len(rest.removesuffix(ZONE_NAMES[kind])) > 1:
            return _spellings(rest)
    return ()


def _short(name: str) -> str | None:
    """无锡市 -> 无锡, 延边朝鲜族自治州 -> 延边; None where one character or nothing would be left (沛县)."""
    short = SUFFIX.sub("", name)
    return short if len(short) > 1 else None


def _spoken(row: Mapping[str, str]) -> str | None:
    """红河哈尼族彝族自治州 -> 红河州, 长阳土家族自治县 -> 长阳县: as news call them."""
    short = _short(row["name"])
    return f"{short}{row['name'][-1]}" if short and "自治" in row["name"] and row["parent"] != COUNTRY else None


def _distinct(regions: Iterable[Region]) -> tuple[Region, ...]:
    return tuple(dict.fromkeys(regions))
