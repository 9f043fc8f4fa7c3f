"""Invented names, addresses, places and organisations in English and Chinese, for the texts of people.py."""

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import yaml

from secassist.folds import fold

LABELS = {
    "person": "person",
    "first": "person",
    "family": "person",
    "person_rev": "person",
    "person_caps": "person",
    "person_slash": "person",
    "person_lower": "person",
    "address": "address",
    "address_lines": "address",
    "address_caps": "address",
    "address_short": "address",
    "city": "location",
    "country": "location",
    "org": "organization",
}
"""The type of what a mark stands for; other marks are values that are not labelled."""
_FOLDS = 5
_FRESH = 0.6
"""Share of draws for development that come from words training never shows."""
_CHARACTERS = ("family", "rare_family", "given", "sounds")
_OPEN = frozenset(
    {
        *("family", "family_starts", "street", "euro_street", "org_first", "given_starts"),
        *("road", "estate", "building", "village", "foreign", "minority"),
    }
)
"""Pools of which some words are for development only; the others are known to everybody, such as given names and cities."""
_WARDS = ("N", "S", "E", "W", "NW", "SE", "North", "West")


@cache
def pool(language: str, name: str) -> tuple[str, ...]:
    """All words of a pool; Chinese family and given names are pools of characters."""
    raw = yaml.safe_load((Path(__file__).parent / "people_names.yaml").read_text("utf-8"))[language][name]
    if name in _CHARACTERS and language == "zh":
        return tuple(dict.fromkeys("".join(raw.split())))
    return tuple(dict.fromkeys(raw.split("|") if "|" in raw else raw.split()))


@cache
def _side(language: str, name: str, held_out: bool) -> tuple[str, ...]:
    if name not in _OPEN or (language == "zh" and name in _CHARACTERS):
        return pool(language, name)
    words = tuple(word for word in pool(language, name) if (fold(word, _FOLDS, "people") == 0) == held_out)
    return words or pool(language, name)


class Maker:
    """Draws values for one text; `part` decides which words may be used."""

    def __init__(self, rng: random.Random, language: str, part: str) -> None:
        self.rng = rng
        self.language = language
        self.held_out = part == "development"
        self.makers: dict[str, Callable[[], str]] = self._english() if language == "en" else self._chinese()

    def make(self, kind: str) -> str:
        """A value for a mark of LABELS."""
        return self.makers[kind]()

    def _word(self, name: str) -> str:
        fresh = self.held_out and self.rng.random() < _FRESH
        return self.rng.choice(_side(self.language, name, fresh))

    def _number(self, low: int, high: int) -> str:
        return str(self.rng.randint(low, high))

    def _maybe(self, share: float, text: str) -> str:
        return text if self.rng.random() < share else ""

    def _any(self, *forms: Callable[[], str]) -> str:
        return self.rng.choice(forms)()

    def _english(self) -> dict[str, Callable[[], str]]:
        return {
            "person": self._person,
            "first": self._given,
            "family": self._family,
            "person_rev": lambda: f"{self._family()}, {self._given()}" + self._maybe(0.2, f" {self._initial()}."),
            "person_caps": self._shouted,
            "person_slash": self._boarding,
            "person_lower": self._mumbled,
            "address": self._address,
            "address_short": self._street,
            "address_lines": lambda: self._address().replace(", ", "\n"),
            "address_caps": self._shouted_address,
            "city": lambda: self._word("city"),
            "country": lambda: self._word("country"),
            "org": self._organization,
        }

    def _initial(self) -> str:
        return self.rng.choice("ABCDEFGHJKLMNPRSTW")

    def _given(self) -> str:
        if self.rng.random() < 0.12:
            return self._word("given_starts") + self._word("given_ends")
        return self._word("given")

    def _family(self) -> str:
        name = self._word("family")
        if self.rng.random() < 0.22:
            name = self._word("family_starts") + self._word("family_ends")
        if self.rng.random() < 0.06:
            name += "-" + self._word("family")
        return (
            self._maybe(0.05, self.rng.choice(("van ", "van der ", "de ", "von ", "Al-", "El ", "Mac", "bin "))) + name
        )

    def _person(self) -> str:
        given, family = self._given(), self._family()
        chance = self.rng.random()
        if chance < 0.70:
            return f"{given} {family}"
        if chance < 0.78:
            return f"{given} {self._initial()}. {family}"
        if chance < 0.84:
            return f"{given} {self._given()} {family}"
        if chance < 0.88:
            return f"{self._initial()}. {family}"
        if chance < 0.91:
            return f"{self._initial()}. {self._initial()}. {family}"
        if chance < 0.94:
            return f"{given}-{self._given()} {family}"
        return given if chance < 0.97 else f"{given} {family} {self._word('family')}"

    def _shouted(self) -> str:
        return f"{self._given()} {self._family()}".upper()

    def _boarding(self) -> str:
        return f"{self._family()}/{self._given()}".upper()

    def _mumbled(self) -> str:
        return f"{self._given()} {self._family()}".lower()

    def _shouted_address(self) -> str:
        return self._address().upper()

    def _zip(self) -> str:
        return self._number(10001, 99950)

    def _postcode(self) -> str:
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        head = self.rng.choice(("LS", "M", "BS", "SW", "G", "CF", "EH", "N", "E", "OX", "TN", "YO"))
        return f"{head}{self._number(1, 20)} {self._number(1, 9)}{self.rng.choice(letters)}{self.rng.choice(letters)}"

    def _street(self) -> str:
        number = self._number(1, 9999 if self.rng.random() < 0.4 else 250) + self._maybe(0.06, self.rng.choice("ABCab"))
        ward = self._maybe(0.12, self.rng.choice(_WARDS) + " ")
        if self.rng.random() < 0.12:
            ordinal = self.rng.choice(("1st", "2nd", "3rd", "4th", "5th", "9th", "21st", "42nd", "Fifth", "Third"))
            return f"{number} {ward}{ordinal} {self.rng.choice(('St', 'Street', 'Ave', 'Avenue'))}"
        second = self._maybe(0.15, " " + self._word("street"))
        return f"{number} {ward}{self._word('street')}{second} {self._word('street_kind')}"

    def _flat(self) -> str:
        kind = self.rng.choice(("Apt", "Apt.", "Apartment", "Suite", "Ste", "Unit", "Flat", "Floor", "#", "Room"))
        return f"{kind}{'' if kind == '#' else ' '}{self._number(1, 40)}{self._maybe(0.3, self.rng.choice('ABCD'))}"

    def _address(self) -> str:
        return self._any(*[self._american] * 4, *[self._british] * 2, *[self._european] * 2, self._other, self._street)

    def _american(self) -> str:
        flat = self._maybe(0.3, f", {self._flat()}")
        state = f", {self._word('state')} {self._zip()}" if self.rng.random() < 0.7 else ""
        return f"{self._street()}{flat}, {self._word('city')}{state}"

    def _british(self) -> str:
        flat = self._maybe(0.3, f"Flat {self._number(1, 60)}, ")
        house = self._maybe(0.1, f"{self._word('street')} {self.rng.choice(('House', 'Cottage', 'Court'))}, ")
        joint = self.rng.choice((", ", " "))
        return f"{flat}{house}{self._street()}, {self._word('city')}{joint}{self._postcode()}"

    def _european(self) -> str:
        street, city = self._word("euro_street"), self._word("city")
        number = self._number(1, 240) + self._maybe(0.1, self.rng.choice("abc"))
        first = self.rng.random() < 0.3
        floor = self._maybe(0.1, f", {self.rng.choice(('3º B', '2. OG', 'Etage 4', 'scala A'))}")
        code = self.rng.choice((self._zip(), self._number(1000, 9999), f"{self._number(1000, 9999)} GP"))
        return f"{f'{number} {street}' if first else f'{street} {number}'}{floor}, {code} {city}"

    def _other(self) -> str:
        city = self._word("city")
        return self._any(
            lambda: f"PO Box {self._number(10, 99999)}, {city}" + self._maybe(0.5, f" {self._zip()}"),
            lambda: f"Unit {self._number(1, 30)}/{self._street()}, {city} WA {self._number(1000, 9999)}",
            lambda: (
                f"Flat {self._number(100, 999)}, {self._word('family')} {self._word('indian_place')}, "
                f"{self._word('street')} Road, {city} {self._number(110001, 799999)}"
            ),
            lambda: f"{self._number(1, 99)}/{self._number(1, 300)} Moo {self._number(1, 9)}, {city} {self._zip()}",
            lambda: (
                f"{self._number(100, 9999)} {self.rng.choice(('County Road', 'State Route', 'Highway'))} "
                f"{self._number(1, 200)}, {city}, {self._word('state')} {self._zip()}"
            ),
            lambda: f"Tower {self._initial()}, {self._number(2, 40)}th Floor, {self._street()}, {city}",
        )

    def _organization(self) -> str:
        chance, first, kind = self.rng.random(), self._word("org_first"), self._word("org_kind")
        if chance < 0.6:
            return f"{first} {kind}"
        if chance < 0.7:
            return f"{self._word('family')} & {self._word('family')}"
        if chance < 0.8:
            return f"{self._word('family')} {kind}"
        return f"{first} {self._word('org_first')} {kind}" if chance < 0.9 else f"University of {self._word('city')}"

    def _chinese(self) -> dict[str, Callable[[], str]]:
        return {
            "person": self._zh_person,
            "address": self._zh_address,
            "address_short": self._zh_short,
            "city": lambda: self._word("city") + self._maybe(0.4, "市"),
            "country": lambda: self._word("country"),
            "org": self._zh_organization,
        }

    def _zh_person(self) -> str:
        chance = self.rng.random()
        if chance < 0.01:
            return self._word("foreign")
        if chance < 0.04:
            return f"{self._sounded()}·{self._sounded()}"
        if chance < 0.055:
            return self._word("minority")
        family = self._word("family" if chance < 0.72 else "rare_family" if chance < 0.95 else "compound")
        given = "".join(self._word("given") for _ in range(1 if self.rng.random() < 0.3 else 2))
        return family + given

    def _sounded(self) -> str:
        """A foreign name by its sound."""
        return "".join(self._word("sounds") for _ in range(self.rng.randint(2, 4)))

    def _zh_region(self) -> str:
        city = self._word("city") + "市"
        head = self.rng.choice(
            (self._word("capital"), self._word("province") + city, city, city, self._word("province"))
        )
        return head + self._word("district")

    def _zh_room(self) -> str:
        block = f"{self._number(1, 40)}{self.rng.choice(('栋', '号楼', '幢', '座'))}"
        unit = self._maybe(0.4, f"{self._number(1, 6)}单元")
        return block + unit + f"{self._number(101, 3204)}{self.rng.choice(('室', '室', '', '号', '房'))}"

    def _zh_short(self) -> str:
        door = f"{self._number(1, 999)}号"
        district = self._word("district")[:-1]
        return self._any(
            lambda: f"{district}{self._word('road')}{door}",
            lambda: f"{self._word('road')}{door}{self._maybe(0.4, self._zh_room())}",
            lambda: f"{self._word('estate')}{self._zh_room()}",
            lambda: f"{self._word('building')}{self.rng.choice('ABC')}座{self._number(2, 40)}层",
            lambda: f"{self._word('district')}{self._word('estate')}",
            lambda: f"{self._word('road')}{self._word('building')}{self._number(2, 40)}楼{self._number(101, 3210)}",
        )

    def _zh_address(self) -> str:
        door = f"{self._number(1, 999)}号"
        return self._any(
            *[lambda: f"{self._zh_region()}{self._word('road')}{door}{self._maybe(0.6, self._zh_room())}"] * 3,
            lambda: f"{self._zh_region()}{self._word('road')}{door}{self._word('estate')}{self._zh_room()}",
            lambda: f"{self._zh_region()}{self._word('town')}{self._word('village')}{self._maybe(0.6, door)}",
            lambda: f"{self._word('city')}市{self._word('district')}{self._word('building')}{self._number(2, 40)}楼",
            lambda: f"{self._zh_region()}{self._word('estate')}{self._zh_room()}",
            self._zh_short,
        )

    def _zh_organization(self) -> str:
        city = self._maybe(0.4, self._word("city") + self._maybe(0.5, "市"))
        return city + self._word("org_first") + self._word("org_kind")
