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
Kind = Literal["hitech", "etdz", "ftz", "bonded", "newarea", "park"]
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
    national_etdz: frozenset[str] = frozenset()
    lookalikes: tuple[str, ...] = ()

    def chain(self, code: str) -> Iterator[str]:
        """The code itself, then everything that holds it, the country last."""
        seen = 0
        while code and seen < 6:  # deeper than any zone in a county; a looping table must not hang
            yield code
            code, seen = self.above.get(code) or (code.partition("-")[0] if "-" in code else ""), seen + 1

    def within(self, code: str, ancestor: str) -> bool:
        return ancestor in self.chain(code)

    def region(self, code: str) -> Region | None:
        return self.regions.get(code)

    def zone(self, base: str, kind: str, printed: str) -> Region:
        """The zone of `kind` that division `base` carries; `printed` (经开区, 经济开发区) decides its full name."""
        place = self.official[base]
        short = _short(place) or place
        if kind == "newarea":
            name = f"{short}新区"
        elif kind == "etdz" and (
            printed.endswith("经济开发区") or (len(printed) < 6 and base not in self.national_etdz)
        ):
            name = f"{short}经济开发区"
        else:
            name = short + ZONE_NAMES[kind]
        listed = self.names.get(name)
        if listed:
            return listed[0].region
        return Region(f"{base}-{kind}", name)

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


def load_divisions() -> Divisions:
    """Read the shipped data. Raises SeedError with the file and the key at fault."""
    divisions = Divisions()
    rows = _read_rows(SHIPPED / "divisions.csv")
    settings = _read_settings(SHIPPED / "regions.toml")
    _name_divisions(divisions, rows, settings)
    _name_zones(divisions, settings)
    divisions.lookalikes = tuple(settings.get("lookalikes", ()))
    return divisions


def _read_rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or set(rows[0]) != {"code", "name", "parent", "former"}:
        raise SeedError("divisions.csv", "", "needs the columns code, name, parent, former")
    return rows


def _read_settings(file: Path) -> dict[str, Any]:
    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SeedError("regions.toml", "", f"not valid TOML: {error}") from None
    unknown = set(settings) - {"tracked", "common", "never", "lookalikes", "national", "zone"}
    if unknown:
        raise SeedError("regions.toml", min(unknown), "unknown key")
    return settings


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
            names[known].append(Candidate(region, "sure"))
            holders[known] = region
        for former in filter(None, row["former"].split("|")):
            names[former].append(Candidate(region, "sure"))
        short = PROVINCES.get(name) or _short(name)
        if not short or short == name or (parent != COUNTRY and short in provinces):
            continue  # 吉林 alone is the province
        trust = rules.trust(row, short)
        names[short].append(Candidate(region, trust))
        if trust != "never":
            holders.setdefault(short, region)
    divisions.names = {name: tuple(found) for name, found in names.items()}
    divisions.national_etdz = frozenset(
        found[0].region.code for name in settings.get("national", {}).get("etdz", ()) if (found := names.get(name))
    )


class _Trusts:
    """How far the short name of a division is trusted, by its level and the lists of regions.toml."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.tracked, self.common, self.never = (
            frozenset(settings.get(key, ())) for key in ("tracked", "common", "never")
        )

    def trust(self, row: Mapping[str, str], short: str) -> Trust:
        prefecture = row["code"].endswith("00")
        if row["parent"] == COUNTRY or row["name"] in self.tracked:
            return "sure"
        if short in self.never:
            return "never"
        if short in self.common:
            return "guarded" if prefecture else "adjacent"
        return "sure" if prefecture or row["name"].endswith("市") else "guarded"


def _name_zones(divisions: Divisions, settings: Mapping[str, Any]) -> None:
    for number, zone in enumerate(settings.get("zone", ())):
        key = f"zone[{number}]"
        try:
            name, kind, held = zone["name"], zone["kind"], divisions.meaning(zone["division"])
        except KeyError as missing:
            raise SeedError("regions.toml", key, f"{missing.args[0]} is missing") from None
        if kind not in ZONE_NAMES or len(held) != 1:
            raise SeedError("regions.toml", key, f"{name}: kind or division is unknown or means several places")
        carrier = held[0].code
        code = carrier if zone.get("same") else f"{carrier}-{kind}"
        while not zone.get("same") and code in divisions.regions:
            code += "2"
        region = Region(code, name)
        divisions.regions.setdefault(code, region)
        divisions.above.setdefault(code, carrier)
        for known in (name, *zone.get("aliases", ())):
            divisions.names[known] = (Candidate(region, "sure"),)


def _short(name: str) -> str | None:
    """无锡市 -> 无锡, 延边朝鲜族自治州 -> 延边; None where one character or nothing would be left (沛县)."""
    short = SUFFIX.sub("", name)
    return short if len(short) > 1 else None


def _distinct(regions: Iterable[Region]) -> tuple[Region, ...]:
    return tuple(dict.fromkeys(regions))
