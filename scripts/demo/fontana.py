"""The community Fontana: the 17 measured homes with their wallets and meters, and what all parts of the demo share.

Wallets are accounts of the embedded chain, H01 to H17, which everybody knows. So are the salts of the points: a real
community draws them at random and keeps them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from commons.addresses import Address
from commons.chain import Chain
from commons.contracts import CommunityReader, Contracts
from commons.keccak import keccak256
from commons.settings import settings
from commons.store import FolderStore
from commons.wallets import Signer, known_signer
from oracle.measurement.measured_year import load_measured_year
from oracle.measurement.points import point_id
from oracle.measurement.replay import ReplaySource
from oracle.measurement.types import Point
from scripts.demo.assemble import DemoMember
from scripts.demo.households import households, replay_meters

NAME = "Fontana"
SYMBOL = "FONT"
OPERATORS = ("operator-1", "operator-2", "operator-3")
THRESHOLD = 2
MEASURED_YEAR = "fontana17"


@dataclass(frozen=True)
class Homes:
    """The homes as members, and the measured year that their meters replay."""

    members: Mapping[Address, DemoMember]
    signers: Mapping[Address, Signer]
    points: tuple[Point, ...]
    source: ReplaySource

    @classmethod
    def load(cls, data_dir: Path) -> "Homes":
        """The homes of the measured year in `data_dir`."""
        year = load_measured_year(data_dir / MEASURED_YEAR)
        homes = households(year)
        meters = replay_meters(homes, salt_of)
        signers = [known_signer(home.home_id) for home in homes]
        members = {
            signer.address: DemoMember(home, signer.address, point_id(salt_of(home.pod), home.pod))
            for home, signer in zip(homes, signers, strict=True)
        }
        wallets = {member.home.home_id: wallet for wallet, member in members.items()}
        points = tuple(Point(point, wallets[meter.home_id], meter.kind) for point, meter in meters.items())
        return cls(members, {s.address: s for s in signers}, points, ReplaySource(year, meters))

    @property
    def exchange_points(self) -> list[str]:
        """The points that settle the market, in the order of the members."""
        return [member.point_id for member in self.members.values()]

    def home_ids(self, wallets: list[Address]) -> str:
        """The homes behind wallets, for people."""
        return ", ".join(self.members[wallet].home.home_id for wallet in wallets)


@dataclass(frozen=True)
class Fontana:
    """The founded community: its chain, its contracts, its homes, and where its operators publish."""

    chain: Chain
    contracts: Contracts
    first_block: int
    homes: Homes

    @cached_property
    def reader(self) -> CommunityReader:
        """What its contracts know."""
        return CommunityReader(self.chain, self.contracts, self.first_block)

    @property
    def published(self) -> FolderStore:
        """The datasets of its operators."""
        return FolderStore(published_folder())

    @property
    def operators(self) -> tuple[Signer, ...]:
        """Its oracle operators."""
        return tuple(known_signer(name) for name in OPERATORS)


def salt_of(pod: str) -> bytes:
    """The salt of a meter's point."""
    return keccak256(b"Commonwatt demo: salt of " + pod.encode())


def operator_folder(name: str) -> Path:
    """Where an operator keeps journal, readings and log."""
    return settings().var_dir / "operators" / name


def published_folder() -> Path:
    """Where the operators publish datasets."""
    return settings().var_dir / "published"
