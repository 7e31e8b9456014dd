"""The API with all its parts: where oracle's code, the chain and the files are put behind the API's ports."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import numpy as np
from fastapi import FastAPI
from sqlalchemy import Engine

from api.accounts import Accounts
from api.adhesion.desk import AdhesionDesk
from api.adhesion.folder import DocumentFolder
from api.app import create_app
from api.auth.desk import SignInDesk
from api.auth.keys import token_key
from api.auth.roles import Roles
from api.database import open_api_database
from api.exchange import Exchange
from api.explorer import Explorer
from api.network import NetworkFacts
from api.read_model.follower import Follower, Source
from api.read_model.model import ReadModel
from api.receipts import Receipts
from api.relay import Relay
from api.services import Services
from api.web.page import PageFiles
from api.web.pulse import Pulse
from commons.addresses import Address
from commons.contracts import CommunityReader, Contracts
from commons.database.engine import is_url
from commons.errors import InputError
from commons.keccak import keccak256_rows
from commons.settings import PROJECT_DIR, Settings
from commons.store import FolderStore, reader_at
from commons.wallets import EMBEDDED_CHAIN_ID, EMBEDDED_CLIENT, Signer, embedded_signer, keystore_signer
from oracle.archive.archive import Archive
from oracle.intake.clerk import Clerk
from oracle.intake.door import Door
from oracle.measurement.store import ReadingStore
from oracle.operator import OperatorSigner, build_notariser, has_database, operator_database
from scripts.energy import StoredEnergy
from scripts.operator_records import KeptRecords
from scripts.proofs import PublishedProofs
from scripts.reward_reasons import ReckonedRewards
from scripts.surroundings import Place
from scripts.taking_out import ArchivedTakeOut

STOP_S = 10


@dataclass(frozen=True)
class Serving:
    """An API over one network."""

    app: FastAPI
    follower: Follower
    engine: Engine

    @contextmanager
    def following(self) -> Iterator[None]:
        """Follow the chain in a thread of this process."""
        Thread(target=_load_kernels, name="kernels", daemon=True).start()
        stop = Event()
        thread = Thread(target=self.follower.run, args=(stop,), name="follower", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(STOP_S)


def _load_kernels() -> None:
    """Load what hashes trees, which takes seconds once, before the first receipt asks for it."""
    keccak256_rows(np.zeros((2, 32), dtype=np.uint8))


def api_folder(settings: Settings) -> Path:
    """What the API keeps: its database, its key, applicants' documents."""
    return settings.var_dir / "api"


def open_store(settings: Settings) -> Engine:
    """The API's database at its present schema."""
    folder = api_folder(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open_api_database(settings.api_database or str(folder / "api.sqlite"))


def kept_store(settings: Settings) -> Engine | None:
    """The API's database where one was ever made; None where no API runs by these settings."""
    where = settings.api_database or str(api_folder(settings) / "api.sqlite")
    return open_api_database(where) if is_url(where) or Path(where).is_file() else None


def documents_of(settings: Settings) -> DocumentFolder:
    """Where applicants' documents lie."""
    return DocumentFolder(api_folder(settings) / "adhesions")


def follower_of(place: Place, engine: Engine) -> Follower:
    """The follower of a network's chain."""
    return Follower(place.chain, engine, Source(place.deployment.factory, place.deployment.first_block))


@dataclass(frozen=True)
class OperatorDesk:
    """An operator's folder whose readings are shown to their members, and the community that they are of."""

    folder: Path
    community: Address
    signer: OperatorSigner | None = None
    """Opens the members' keys, from which the salts of take-outs follow; without it nothing is taken out."""


def assemble(
    place: Place, settings: Settings, published: str | None = None, operator: OperatorDesk | None = None
) -> Serving:
    """Put the API together."""
    engine = open_store(settings)
    is_embedded = place.chain.chain_id == EMBEDDED_CHAIN_ID and place.chain.client().startswith(EMBEDDED_CLIENT)
    read_model = ReadModel(engine)
    places = reader_at(published or str(settings.var_dir / "published"))

    services = Services(
        read_model=read_model,
        adhesion=AdhesionDesk(engine, documents_of(settings)),
        relay=Relay(place.chain, read_model, _relayer(place, settings, is_embedded)),
        energy=None if operator is None else _energy(operator),
        rewards=None if operator is None else _rewards(place, operator),
        operator_records=None if operator is None else _records(place, operator),
        accounts=Accounts(place.chain, read_model),
        exchange=Exchange(place.chain, read_model),
        take_out=None if operator is None else _take_out(place, settings, operator),
        intake=None if operator is None else Clerk(Door(operator_database(operator.folder), _now)),
        pulse=Pulse(read_model),
        page=PageFiles(PROJECT_DIR / "frontend" / "dist" / "browser", settings.api_rpc_url or place.chain.rpc_url),
        explorer=Explorer(place.chain),
        network=NetworkFacts(place.deployment, settings.api_rpc_url or place.chain.rpc_url, is_embedded),
        published=places,
        receipts=Receipts(read_model, PublishedProofs(places)),
        sign_in=SignInDesk(engine, place.chain, token_key(api_folder(settings) / "token.key"), settings.api_origin),
        roles=Roles(place.chain, read_model.contracts_of),
    )
    return Serving(create_app(settings, services), follower_of(place, engine), engine)


def _now() -> int:
    return int(time.time())


def _energy(operator: OperatorDesk) -> StoredEnergy:
    if not has_database(operator.folder):
        raise InputError(f"{operator.folder} is no operator's folder", remedy="Name one, such as var/operators/NAME.")
    return StoredEnergy(ReadingStore(operator_database(operator.folder)), operator.community)


def _reader(place: Place, operator: OperatorDesk) -> CommunityReader:
    contracts = Contracts.at(place.chain, operator.community)
    return CommunityReader(place.chain, contracts, place.deployment.first_block)


def _rewards(place: Place, operator: OperatorDesk) -> ReckonedRewards:
    engine = operator_database(operator.folder)
    return ReckonedRewards(_reader(place, operator), Archive(engine, operator.community))


def _records(place: Place, operator: OperatorDesk) -> KeptRecords:
    contracts = Contracts.at(place.chain, operator.community)
    return KeptRecords(operator_database(operator.folder), operator.community, contracts.marketplace.address)


def _take_out(place: Place, settings: Settings, operator: OperatorDesk) -> ArchivedTakeOut | None:
    if operator.signer is None:
        return None
    reader = _reader(place, operator)
    published = FolderStore(settings.var_dir / "published")
    engine = operator_database(operator.folder)
    return ArchivedTakeOut(build_notariser(reader, operator.signer, engine, published, published))


def _relayer(place: Place, settings: Settings, is_embedded: bool) -> Signer | None:
    """Who carries applications: the key of the settings, or on the embedded chain an account that everybody knows."""
    if settings.relayer_keystore is not None:
        return keystore_signer(settings.relayer_keystore, settings.relayer_password_file)
    return embedded_signer(place.chain, "relayer") if is_embedded else None
