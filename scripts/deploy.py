"""`commonwatt deploy`: put the platform's contracts on a chain, once; `brownie run deploy` does the same.

Deploys SettlementEuro (unless another settlement token is named), OutcomeVerifier, the code of a community's eight
contracts, and CommunityFactory, whose platform admin is the signer. Addresses go to `deployments/<network>.json` one by
one, so that an attempt that was cut off is finished by running it again. Settings: `COMMONWATT_NETWORK`,
`COMMONWATT_RPC_URL`. Contracts cannot be taken off a chain again.
"""

from typing import Annotated

import typer

from commons.actions import deploy as deploying
from commons.addresses import Address, address
from commons.chain import Chain
from commons.deployments import Deployment, deployment_file
from commons.wallets import Signer, embedded_signer
from scripts.surroundings import (
    As,
    Json,
    Keystore,
    Network,
    PasswordFile,
    Rpc,
    SignIn,
    Yes,
    confirm,
    connect,
    show,
    shown,
)

SettlementToken = Annotated[
    str | None,
    typer.Option("--settlement-token", metavar="ADDRESS", help="Use this ERC-20 with 6 decimals instead of our own."),
]
Issuer = Annotated[
    str | None, typer.Option("--issuer", metavar="ADDRESS", help="Who mints settlement euro; the signer if not given.")
]


def run(
    network: Network = None,
    rpc: Rpc = None,
    settlement_token: SettlementToken = None,
    issuer: Issuer = None,
    anew: Annotated[bool, typer.Option("--anew", help="A whole new set; the network's file forgets the old.")] = False,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Deploy what is missing on a network: settlement euro, verifier, a community's code, and the factory."""
    name, chain = connect(network, rpc)
    sign_in = SignIn(as_name, keystore, password_file)
    signer = sign_in.signer(chain, "platform-admin")
    default_issuer = embedded_signer(chain, "issuer").address if keystore is None else signer.address
    token = None if settlement_token is None else address(settlement_token)
    planned = deploying.plan(chain, name, token, anew)
    if planned.missing and not as_json:
        confirm(_plan_lines(planned, chain, signer), yes)
    deployment = carry_out(chain, planned, signer, address(issuer) if issuer else default_issuer, quiet=as_json)
    done = "is deployed" if planned.missing else "was deployed already"
    show(as_json, deployment, lambda: [f"The platform {done} on {name}; addresses are in {deployment_file(name)}."])


def carry_out(
    chain: Chain, planned: deploying.DeploymentPlan, signer: Signer, issuer: Address, quiet: bool = False
) -> Deployment:
    """Put what is missing on the chain, saying so."""

    def told(name: str, at: Address) -> None:
        if not quiet:
            typer.echo(f"  {name:18} {shown(at)}")

    return deploying.deploy(chain, planned, signer, issuer, told)


def main() -> None:
    """What `brownie run deploy --network NAME` calls: deploys on brownie's active network with an account of brownie's.

    On the embedded chain it signs with the embedded accounts. On any other network brownie asks for the name and
    password of one of its accounts, which are encrypted key files.
    """
    from brownie import network as brownie_network

    name = brownie_network.show_active()
    chain = Chain.connect(brownie_network.web3.provider.endpoint_uri)
    planned = deploying.plan(chain, name)
    signer, issuer = _brownie_signers(chain)
    carry_out(chain, planned, signer, issuer)
    typer.echo(f"The platform is deployed on {name}; addresses are in {deployment_file(name)}.")


def _brownie_signers(chain: Chain) -> tuple[Signer, Address]:
    from commons.errors import SettingsError

    try:
        return embedded_signer(chain, "platform-admin"), embedded_signer(chain, "issuer").address
    except SettingsError:
        from brownie import accounts
        from eth_account import Account

        loaded = accounts.load(typer.prompt("Name of the brownie account that deploys"))
        signer = Signer(Account.from_key(loaded.private_key), "brownie account")
        return signer, signer.address


def _plan_lines(planned: deploying.DeploymentPlan, chain: Chain, signer: Signer) -> list[str]:
    return [
        f"Chain {chain.chain_id} at {chain.rpc_url}, signed by {signer.name} ({shown(signer.address)}).",
        f"To be deployed: {', '.join(planned.missing)}.",
        *([f"There already: {', '.join(planned.present.contracts)}."] if planned.present.contracts else []),
    ]
