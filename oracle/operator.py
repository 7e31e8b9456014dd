"""An operator: its folder with journal and readings, its key, and the market it serves, put together.

    <folder>/lock              held while a process works for this operator
    <folder>/operator.sqlite   the journal, and the operator's own copy of points and readings
    <folder>/database.url      instead of that file: a postgresql:// URL where they are, without a password

Published datasets go to a content-addressed folder, which operators may share: what lies there is named by its bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from commons.chain import Chain, TransactionSigner
from commons.contracts import CommunityReader, Contracts
from commons.database.engine import open_database, open_server
from commons.roster import RosterReader
from commons.store import FolderStore, Reader
from oracle.archive.archive import Archive
from oracle.archive.keys import KeyBook, KeyOpener
from oracle.demands import Answerer, DemandBook
from oracle.dividing.round import IncentiveRound
from oracle.follower import Follower
from oracle.hands import Hands
from oracle.journal import Journal
from oracle.measurement.store import ReadingStore
from oracle.notarisation.calendar import DayCalendar
from oracle.notarisation.metering import Metering
from oracle.notarisation.notariser import Notariser
from oracle.notarisation.round import DayRound
from oracle.notarisation.types import NotaryId
from oracle.options import Options
from oracle.outbox import Outbox
from oracle.pipeline import Pipeline
from oracle.publication.reading import Places
from oracle.rewarding.reckoner import Reckoner
from oracle.rewarding.rewarder import Rewarder
from oracle.rewarding.round import RewardRound
from oracle.session.types import MarketId
from oracle.turns import Turns
from oracle.voting import Voter

DATABASE, DATABASE_URL = "operator.sqlite", "database.url"


def operator_database(folder: Path) -> Engine:
    """An operator's database: that of the URL in the folder's `database.url`, or else the file in the folder.

    Raises:
        SettingsError: `database.url` holds something else than the URL of a PostgreSQL database, or a password.
    """
    named = folder / DATABASE_URL
    return (
        open_server(named.read_text(encoding="utf-8").strip()) if named.is_file() else open_database(folder / DATABASE)
    )


def has_database(folder: Path) -> bool:
    """Whether the folder is an operator's."""
    return (folder / DATABASE_URL).is_file() or (folder / DATABASE).is_file()


class OperatorSigner(TransactionSigner, KeyOpener, Protocol):
    """An operator's account, which sends and opens what was sealed to it: `commons.wallets.Signer` is one."""


@dataclass(frozen=True, slots=True)
class Market:
    """The market an operator serves, on its chain; `first_block` is where the community was created."""

    chain: Chain
    contracts: Contracts
    first_block: int

    @property
    def market_id(self) -> MarketId:
        """Its name in every question's hash."""
        return MarketId(self.chain.chain_id, self.contracts.marketplace.address)


def build_pipeline(
    market: Market,
    signer: OperatorSigner,
    engine: Engine,
    published: FolderStore,
    others: Sequence[Reader] = (),
    options: Options | None = None,
) -> Pipeline:
    """An operator ready to work; whoever calls this holds the folder's lock.

    Args:
        published: where the operator publishes.
        others: where to look for what other operators published, beside that.

    Raises:
        SettingsError: the database belongs to another operator or market.
    """
    options = options or Options()
    journal = Journal(engine, signer.address, market.market_id)
    datasets = Places((published, *others))
    reader = CommunityReader(market.chain, market.contracts, market.first_block)
    outbox, turns = Outbox(market.chain, signer, journal), Turns(signer.address, options.stagger_blocks)
    follower = Follower(market.chain, market.contracts, journal, market.first_block)
    notariser = build_notariser(reader, signer, engine, published, datasets)
    calendar = DayCalendar(reader, notariser.notary, follower.days, options.freeze_s)
    reckoner = Reckoner(reader, notariser.archive, notariser.rosters)
    rewarder = Rewarder(reckoner, signer.address, published, datasets)
    metering = Metering(reader, notariser.store, notariser.archive)
    return Pipeline(
        chain=market.chain,
        reader=reader,
        journal=journal,
        outbox=outbox,
        follower=follower,
        voter=Voter(market.contracts, metering, published, datasets, options),
        hands=Hands(market.contracts, datasets, options),
        turns=turns,
        answerer=Answerer(DemandBook(market.chain, market.contracts)),
        days=DayRound(calendar, notariser, journal, outbox, turns),
        rewards=RewardRound(follower.rewards, rewarder, journal, outbox, turns),
        incentives=IncentiveRound(reader, reckoner, published, datasets, outbox, turns),
    )


def build_notariser(
    reader: CommunityReader, signer: OperatorSigner, engine: Engine, published: FolderStore, elsewhere: Reader
) -> Notariser:
    """What freezes, compares and answers for an operator."""
    community = reader.contracts.community.address
    return Notariser(
        reader=reader,
        rosters=RosterReader(reader),
        notary=NotaryId(reader.chain.chain_id, reader.contracts.notary.address),
        operator=signer.address,
        store=ReadingStore(engine),
        archive=Archive(engine, community),
        keys=KeyBook(engine, community, signer),
        published=published,
        elsewhere=elsewhere,
    )
