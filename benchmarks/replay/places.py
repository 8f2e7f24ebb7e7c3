"""Where the replay takes place and which forty sites tell of it."""

from dataclasses import dataclass

from benchmarks.replay.language import read_table
from benchmarks.replay.truth import Place, Site

OWN_SITES = 14  # districts with a site of their own; the others publish on their city's


@dataclass(frozen=True, slots=True)
class World:
    cities: tuple[Place, ...]
    districts: tuple[Place, ...]
    offices: dict[str, Site]  # by full name of the place
    media: tuple[Site, ...]

    @property
    def sites(self) -> tuple[Site, ...]:
        return (*dict.fromkeys(self.offices.values()), *self.media)

    @property
    def places(self) -> tuple[Place, ...]:
        return (*self.cities, *self.districts)

    def press(self, place: Place) -> list[Site]:
        """The papers that write of a place themselves."""
        regions = (None, f"{place.province}省", place.city)
        return [one for one in self.media if one.reads in regions and not one.second_hand]


def read_world() -> World:
    table = read_table("places")
    cities = [Place(one["name"], one["name"], one["province"]) for one in table["city"]]
    rows = [
        (rank, Place(name, one["name"], one["province"]))
        for one in table["city"]
        for rank, name in enumerate(one["districts"])
    ]
    # The first district of each city, then second ones, so that every city has one with a site and one without.
    richest = [place for _, place in sorted(rows, key=lambda row: row[0])][:OWN_SITES]
    offices = {place.full: _office(place, number) for number, place in enumerate((*cities, *richest))}
    districts = [place for _, place in rows]
    for place in districts:
        offices.setdefault(place.full, offices[place.city])
    media = [
        Site(f"medium-{number}", one["name"], one["host"], one.get("region"), second_hand=one.get("second_hand", False))
        for number, one in enumerate(table["medium"])
    ]
    return World(tuple(cities), tuple(districts), offices, tuple(media))


def _office(place: Place, number: int) -> Site:
    return Site(f"office-{number}", f"{place.full}人民政府", f"www.gov{number}.example", place.full, official=True)
