"""What the verbs share: their common options, the way to network, community and signer, and how results are printed.

Order of precedence: an option, then the environment (`COMMONWATT_…`, see `commons/settings.py`), then the embedded
network. Errors are raised as the project's own; `scripts/main.py` prints them as one sentence with its remedy.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from commons import deployments
from commons.addresses import Address, address, checksummed
from commons.chain import Chain
from commons.contracts import CommunityReader, Contracts
from commons.deployments import DeployedCommunity, Deployment
from commons.errors import InputError, MalformedInput, UnitError, UnknownCommunity
from commons.settings import settings
from commons.store import Reader, reader_at
from commons.units import BPS, BasisPoints, MoneyUe, show_eur, tokens_from_text, ue_from_eur
from commons.wallets import NAMES, Signer, embedded_signer, keystore_signer

Network = Annotated[
    str | None, typer.Option("--network", help="Network whose addresses are in deployments/; the embedded one if none.")
]
Rpc = Annotated[str | None, typer.Option("--rpc", metavar="URL", help="JSON-RPC of the chain.")]
CommunityAt = Annotated[
    str | None,
    typer.Option("--community", metavar="ADDRESS|NAME", help="The community, where the network has several."),
]
As = Annotated[
    str | None, typer.Option("--as", metavar="NAME", help=f"Sign as an account of the embedded chain: {NAMES}.")
]
Keystore = Annotated[Path | None, typer.Option("--keystore", metavar="FILE", help="Sign with this encrypted key file.")]
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", metavar="FILE", help="File or descriptor (/dev/fd/3) that holds its password."),
]
DataAt = Annotated[
    str | None,
    typer.Option("--data", metavar="URL|FOLDER", help="Where an operator publishes; the embedded folder if none."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON: integers in Wh, µ€, µ€/kWh and UTC epoch seconds.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]


Choice = TypeVar("Choice")


@dataclass(frozen=True)
class Place:
    """A network that answers, and what is deployed on it."""

    network: str
    chain: Chain
    deployment: Deployment


@dataclass(frozen=True)
class SignIn:
    """Who is to sign, as the options say; nothing is opened until `signer`."""

    name: str | None
    keystore: Path | None
    password_file: Path | None

    def signer(self, chain: Chain, default: str | None = None) -> Signer:
        """The signer; on the embedded chain the account named `default` where no option says another.

        Raises:
            InputError: nobody is named, or two ways to sign are.
            SettingsError: a known account is to sign on another chain than the embedded one, or a key does not open.
        """
        if self.name is not None and self.keystore is not None:
            raise InputError("--as and --keystore both say who signs", remedy="Give one of them.")
        if self.keystore is not None:
            return keystore_signer(self.keystore, self.password_file)
        name = self.name or default
        if name is None:
            raise InputError("nobody is named to sign", remedy="Give --as NAME (embedded chain) or --keystore FILE.")
        return embedded_signer(chain, name)


# -------------------------------------------------------------------- where


def connect(network: str | None, rpc: str | None) -> tuple[str, Chain]:
    """The network's name and its chain, which must be the one that the network's file says, if there is one."""
    name = network or settings().network
    known = deployments.load_if_any(name)
    return name, Chain.connect(rpc or settings().rpc_url, None if known is None else known.chain_id)


def open_network(network: str | None, rpc: str | None) -> Place:
    """The network with what is deployed on it, as the chain has it.

    Raises:
        RpcUnreachable, ChainIdMismatch: the chain is not there, or another.
        SettingsError: nothing is deployed, or the chain was started anew.
    """
    name = network or settings().network
    deployment = deployments.load(name)
    chain = Chain.connect(rpc or settings().rpc_url, deployment.chain_id)
    deployments.require_on(chain, deployment)
    return Place(name, chain, deployment)


def published_at(data: str | None) -> Reader:
    """What an operator publishes at a `--data`; the folder that `commonwatt up` publishes into if none is given."""
    return reader_at(data or str(settings().var_dir / "published"))


def open_community(network: str | None, rpc: str | None, community: str | None) -> CommunityReader:
    """The community asked for, or the only one of the network.

    A community whose address is given needs no file of its network: an auditor may have none.
    """
    name = network or settings().network
    deployment = deployments.load_if_any(name)
    if community is not None and community.startswith("0x"):
        return _community_at(name, deployment, rpc, address(community))
    place = open_network(network, rpc)
    known = known_community(place.deployment, community)
    contracts = Contracts.bind(known.contracts, place.deployment.euro)
    return CommunityReader(place.chain, contracts, known.created_block)


def known_community(deployment: Deployment, asked: str | None) -> DeployedCommunity:
    """The community of the network's file that has the address or the name asked for, or the only one.

    Raises:
        UnknownCommunity: there is none, or several and none is chosen, or several of that name.
    """
    if asked is None or asked.startswith("0x"):
        return deployment.community(None if asked is None else address(asked))
    named = [known for known in deployment.communities if known.name == asked]
    if len(named) == 1:
        return named[0]
    raise UnknownCommunity(
        f"{len(named) or 'no'} communities of network {deployment.network} are named {asked!r}",
        which=asked,
        remedy="Give the address: `commonwatt community list` shows all.",
    )


def _community_at(name: str, deployment: Deployment | None, rpc: str | None, at: Address) -> CommunityReader:
    chain = Chain.connect(rpc or settings().rpc_url, None if deployment is None else deployment.chain_id)
    contracts = Contracts.at(chain, at)
    first = 0
    if deployment is not None:
        try:
            first = deployment.community(at).created_block
        except UnknownCommunity:
            first = 0
    return CommunityReader(chain, contracts, first)


# -------------------------------------------------------------------- what is typed


def euros(text: str) -> MoneyUe:
    """An amount of money above zero, as typed in €.

    Raises:
        InputError: it is zero. UnitError: it is not written as an amount.
    """
    amount = ue_from_eur(text)
    if amount == 0:
        raise InputError("the amount is zero", remedy="Give an amount above zero, such as 12.50.")
    return amount


def tokens(text: str) -> int:
    """An amount of tokens above zero, as typed, in the smallest unit; errors as `euros`."""
    amount = tokens_from_text(text)
    if amount == 0:
        raise InputError("the amount is zero", remedy="Give an amount above zero, such as 1.5.")
    return amount


def percent(text: str) -> BasisPoints:
    """A share in per cent as typed, such as 2.5, exact to the basis point.

    Raises:
        UnitError: it is written in another way, or above 100.
    """
    found = re.fullmatch(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?", text)
    bps = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else BPS + 1
    if bps > BPS:
        raise UnitError(
            f"{text!r} is not a share in per cent", remedy="Write 0 to 100 with at most two decimals, such as 2.5."
        )
    return BasisPoints(bps)


def chosen(text: str, known: Mapping[str, Choice]) -> Choice:
    """What `text` names.

    Raises:
        MalformedInput: it names nothing.
    """
    if text not in known:
        raise MalformedInput(f"there is no {text!r}", remedy=f"Choose one of {', '.join(known)}.")
    return known[text]


def day_named(text: str) -> date:
    """A local day as typed, such as 2026-11-22.

    Raises:
        MalformedInput: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise MalformedInput(f"{text!r} is no day", remedy="Write it as 2026-11-22, as it is in Italy.") from error


def require_euro(reader: CommunityReader, account: Address, money: MoneyUe) -> None:
    """Refuse to pay more settlement euro than the wallet holds.

    Raises:
        InputError: it holds less.
    """
    held = reader.euro_balance(account)
    if held < money:
        raise InputError(
            f"{checksummed(account)} holds {show_eur(held)} of settlement euro, and {show_eur(money)} are to be paid",
            which=account,
            remedy="Take euro out of escrow first (`commonwatt funds withdraw`), or get some from the issuer.",
        )


def wallet(text: str) -> Address:
    """A wallet's address, as typed, or the name of an account of the embedded chain."""
    if text.startswith("0x"):
        return address(text)
    from commons.wallets import known_signer

    return known_signer(text).address


def freeze_s(option: int | None) -> int:
    """How long after its end a local day freezes: as the option says, or the settings."""
    return settings().freeze_s if option is None else option


def confirm(plan: Sequence[str], yes: bool) -> None:
    """Show what is going to be done, and go on only if told to."""
    for line in plan:
        typer.echo(line)
    if not yes and not typer.confirm("Go on?"):
        raise typer.Abort


# -------------------------------------------------------------------- what is printed


def show(as_json: bool, value: Any, lines: Callable[[], Sequence[str]]) -> None:
    """Print the result: as JSON, or as lines for people."""
    if as_json:
        typer.echo(json.dumps(jsonable(value), indent=1))
        return
    for line in lines():
        typer.echo(line)


def jsonable(value: Any) -> Any:
    """The value as JSON has it: bytes as hexadecimal text, enums by their names, records as objects."""
    if is_dataclass(value) and not isinstance(value, type):
        return {entry.name: jsonable(getattr(value, entry.name)) for entry in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, date):
        return value.isoformat()
    return value.name.lower() if isinstance(value, IntEnum) else value


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """The rows in columns under a header."""
    cells = [list(header), *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def shown(at: Address) -> str:
    """An address for people."""
    return checksummed(at)
