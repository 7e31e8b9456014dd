"""The network as the API tells it."""

from dataclasses import dataclass

from commons.deployments import Deployment


@dataclass(frozen=True)
class NetworkFacts:
    """What is deployed, and where wallets reach the chain."""

    deployment: Deployment
    rpc_url: str
    is_embedded: bool
