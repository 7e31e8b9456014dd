"""Who lives in the demonstrated community: 45 citizens, 13 shops and firms, an association, the municipality.

Wallets are accounts of the embedded chain, which everybody knows. The first 17 citizens are the homes of the measured
year: their meters decide the division of the incentive in euro.
"""

from dataclasses import dataclass
from functools import cached_property

from commons.addresses import Address
from commons.records import EnergyProfile, MemberKind
from commons.wallets import Signer, known_signer

SHOPS = (
    "Bakery Sole",
    "Grocer Verdi",
    "Pharmacy Centrale",
    "Bicycle shop Ruota",
    "Bookshop Pagina",
    "Hardware Chiodo",
    "Café Piazza",
    "Joiner Legno",
    "Electrician Lampo",
    "Hairdresser Onda",
    "Nursery Foglia",
    "Tailor Filo",
    "Dairy Alpe",
)
ASSOCIATION = "Association La Sorgente"
MUNICIPALITY = "Municipality of Fontana"
CITIZENS = 45
FIRST_STAKEHOLDER = 300


@dataclass(frozen=True)
class Person:
    """A member with its wallet."""

    name: str
    signer: Signer
    kind: MemberKind
    profile: EnergyProfile

    @property
    def address(self) -> Address:
        """Its wallet."""
        return self.signer.address


@dataclass(frozen=True)
class People:
    """The members, each group in a fixed order."""

    citizens: tuple[Person, ...]
    shops: tuple[Person, ...]
    association: Person
    municipality: Person

    @classmethod
    def of(cls, citizens: int = CITIZENS, shops: int = len(SHOPS)) -> "People":
        """The community; a smaller one for a shorter demonstration."""
        names = (*SHOPS[:shops], ASSOCIATION, MUNICIPALITY)
        stakeholders = tuple(
            _person(name, f"account-{FIRST_STAKEHOLDER + number}", MemberKind.STAKEHOLDER, EnergyProfile.CONSUMER)
            for number, name in enumerate(names)
        )
        return cls(
            tuple(_citizen(number) for number in range(1, citizens + 1)),
            stakeholders[:shops],
            stakeholders[shops],
            stakeholders[shops + 1],
        )

    @cached_property
    def stakeholders(self) -> tuple[Person, ...]:
        """Shops, association and municipality."""
        return (*self.shops, self.association, self.municipality)

    @cached_property
    def everybody(self) -> tuple[Person, ...]:
        """All members."""
        return (*self.citizens, *self.stakeholders)

    @cached_property
    def by_wallet(self) -> dict[Address, Person]:
        """The members by their wallets."""
        return {person.address: person for person in self.everybody}

    def group(self, wallet: Address) -> str:
        """What kind of member a wallet is, in a word of the story."""
        if wallet in {person.address for person in self.citizens}:
            return "citizens"
        if wallet == self.association.address:
            return "association"
        return "municipality" if wallet == self.municipality.address else "shops"


def _citizen(number: int) -> Person:
    profiles = (EnergyProfile.CONSUMER, EnergyProfile.PROSUMER, EnergyProfile.CONSUMER, EnergyProfile.PROSTORMER)
    return _person(f"Citizen {number}", f"H{number:02d}", MemberKind.CITIZEN, profiles[number % len(profiles)])


def _person(name: str, account: str, kind: MemberKind, profile: EnergyProfile) -> Person:
    return Person(name, known_signer(account), kind, profile)
