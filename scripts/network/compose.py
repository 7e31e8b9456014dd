"""`docker-compose.yml`: the nodes, the proxy, and by profile the explorer and Prometheus.

Nodes use the machine's own network: a node allowlist compares the address a connection comes from with the one in the
enode URL, and Docker's address translation would alter it. So whatever listens must be told to listen on 127.0.0.1;
the explorer cannot be told, and is therefore behind a bridge that publishes its port there, and reads through the
proxy. On several machines each one's services carry a profile with the machine's name.
"""

from collections.abc import Mapping
from typing import Any

import yaml

from scripts.network.guard.policy import DEFAULT_LIMITS
from scripts.network.inventory import LOOPBACK, Network, Node
from scripts.network.keys import EXPLORER, EXPLORER_DATABASE, TLS_CERTIFICATE, TLS_KEY
from scripts.network.node_config import CONFIG, DATA_PATH

BESU_VERSION = "26.8.0"
BESU_IMAGE = f"hyperledger/besu:{BESU_VERSION}"
GUARD_IMAGE = "commonwatt:0.1.0"
POSTGRES_IMAGE = "postgres:17.6"
EXPLORER_IMAGE = "blockscout/blockscout:6.10.1"
EXPLORER_PAGE_IMAGE = "ghcr.io/blockscout/frontend:v1.37.4"
PROMETHEUS_IMAGE = "prom/prometheus:v3.5.0"

GUARD_PORT = 8443
EXPLORER_PORT = 4000
EXPLORER_PAGE_PORT = 3000
PROMETHEUS_PORT = 9090

EXPLORER_PROFILE = "explorer"
METRICS_PROFILE = "prometheus"

EXPLORER_START = 'bin/blockscout eval "Elixir.Explorer.ReleaseTasks.create_and_migrate()" && bin/blockscout start'

IN_CONTAINER = "/network"
# The image's own entry point only hands over the data folder and the genesis file; key and permission files have to be
# the user's as well that Besu runs as. `su` would stay in between and kill Besu 2 s after a TERM signal; `setpriv` is
# replaced by it, so that it has the grace period to close its database.
START = (
    "chown -R besu:besu . && "
    "exec setpriv --reuid=besu --regid=besu --init-groups /opt/besu/bin/besu --config-file={config}"
)
LISTENING = dict.fromkeys(("BESU_RPC_HTTP_HOST", "BESU_RPC_WS_HOST", "BESU_GRAPHQL_HTTP_HOST"), LOOPBACK)
"""The image sets these to 0.0.0.0, and Besu lets its environment precede its configuration file: without them members'
RPC, which asks for no token, would be open to the world."""
MEMBERS_RPC = "members-rpc"
"""What the explorer calls the machine that its container runs on."""
LOG_OPTIONS = {"max-size": "50m", "max-file": "5"}
"""Docker keeps what containers say for good unless told otherwise."""

Service = dict[str, Any]


def compose(network: Network) -> dict[str, Any]:
    """The whole file's content."""
    services: dict[str, Service] = {}
    for node in network.nodes:
        services[node.name] = _placed(network, node.host, besu_service(node))
    for place, node in enumerate(network.rpc_nodes):
        services[f"guard-{place + 1}"] = _placed(network, node.host, guard_service(node, GUARD_PORT + place))
    if network.rpc_nodes:
        services |= _explorer(network)
    services["prometheus"] = _prometheus()
    volumes = [f"{node.name}-data" for node in network.nodes] + ["prometheus-data"]
    volumes += ["explorer-data"] if network.rpc_nodes else []
    return {"name": f"commonwatt-{network.chain_id}", "services": services, "volumes": {name: {} for name in volumes}}


def document(network: Network) -> str:
    """The compose file."""
    head = "# Made by `commonwatt network init`. `docker compose up -d`; see docs/runbook-network.md.\n"
    return head + _yaml(compose(network))


def _yaml(content: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(content, sort_keys=False, width=120))


def host_profile(host: str) -> str:
    """The profile of a machine, on a network of several."""
    return "host-" + host.replace(".", "-").replace(":", "-")


def besu_service(node: Node) -> Service:
    """A node."""
    folder = f"{IN_CONTAINER}/nodes/{node.name}"
    return _service(
        BESU_IMAGE,
        user="root",  # only until files are handed over: see START
        entrypoint=["/bin/bash", "-c", START.format(config=CONFIG)],
        working_dir=folder,
        environment={"HOME": "/opt/besu", **LISTENING},
        volumes=[
            f"./nodes/{node.name}:{folder}",
            f"./genesis.json:{IN_CONTAINER}/genesis.json:ro",
            f"{node.name}-data:{folder}/{DATA_PATH}",
        ],
        healthcheck=_probe(node.ports.rpc, "/liveness"),
        stop_grace_period="60s",
    )


def guard_service(node: Node, port: int) -> Service:
    """The proxy before an RPC node."""
    return _service(
        GUARD_IMAGE,
        command=["network", "guard", IN_CONTAINER, "--node", node.name, "--listen", f"0.0.0.0:{port}"],
        volumes=[
            f"./{name}:{IN_CONTAINER}/{name}:ro" for name in ("network.json", "guard.json", TLS_KEY, TLS_CERTIFICATE)
        ],
        healthcheck={
            "test": ["CMD", "python", "-c", _tls_probe(port)],
            **_INTERVALS,
        },
        depends_on={node.name: {"condition": "service_healthy"}},
    )


def _explorer(network: Network) -> dict[str, Service]:
    services = {
        EXPLORER_DATABASE: _explorer_database(),
        "explorer": _explorer_indexer(network),
        "explorer-page": _explorer_page(network),
    }
    return {name: {**service, "profiles": [EXPLORER_PROFILE]} for name, service in services.items()}


def _explorer_database() -> Service:
    return _service(
        POSTGRES_IMAGE,
        network_mode=None,
        env_file=[f"./{EXPLORER}"],
        environment={"POSTGRES_USER": "blockscout", "POSTGRES_DB": "blockscout"},
        volumes=["explorer-data:/var/lib/postgresql/data"],
        healthcheck={"test": ["CMD", "pg_isready", "-h", LOOPBACK, "-U", "blockscout"], **_INTERVALS},
    )


def _explorer_indexer(network: Network) -> Service:
    """It reads through the proxy, as everybody does; what asks for APIs that members' RPC does not offer is off."""
    rpc = f"https://{MEMBERS_RPC}:{GUARD_PORT}"
    return _service(
        EXPLORER_IMAGE,
        network_mode=None,
        ports=[f"{LOOPBACK}:{EXPLORER_PORT}:{EXPLORER_PORT}"],
        extra_hosts=[f"{MEMBERS_RPC}:host-gateway"],
        command=["sh", "-c", EXPLORER_START],
        env_file=[f"./{EXPLORER}"],
        environment={
            "ETHEREUM_JSONRPC_VARIANT": "besu",
            "ETHEREUM_JSONRPC_HTTP_URL": rpc,
            "ETHEREUM_JSONRPC_TRACE_URL": rpc,
            "ETHEREUM_JSONRPC_HTTP_INSECURE": "true",  # the certificate is the network's own, and names no such host
            "ETHEREUM_JSONRPC_DISABLE_ARCHIVE_BALANCES": "true",  # nobody has a balance
            "INDEXER_DISABLE_INTERNAL_TRANSACTIONS_FETCHER": "true",
            "INDEXER_DISABLE_BLOCK_REWARD_FETCHER": "true",
            "INDEXER_DISABLE_PENDING_TRANSACTIONS_FETCHER": "true",
            "INDEXER_RECEIPTS_BATCH_SIZE": str(DEFAULT_LIMITS.batch // 2),
            "CHAIN_ID": str(network.chain_id),
            "NETWORK": "Commonwatt",
            "SUBNETWORK": "",
            "COIN": "none",
            "COIN_NAME": "none",
            "DISABLE_EXCHANGE_RATES": "true",
            "ECTO_USE_SSL": "false",
            "BLOCKSCOUT_PROTOCOL": "http",
            "RELEASE_DISTRIBUTION": "none",  # no port for other Erlang nodes
            "PORT": str(EXPLORER_PORT),
        },
        healthcheck=_wget(EXPLORER_PORT, "/api/v2/stats", _SLOW),
        depends_on={name: {"condition": "service_healthy"} for name in (EXPLORER_DATABASE, "guard-1")},
    )


def _explorer_page(network: Network) -> Service:
    return _service(
        EXPLORER_PAGE_IMAGE,
        environment={
            "HOSTNAME": "127.0.0.1",
            "PORT": str(EXPLORER_PAGE_PORT),
            "NEXT_PUBLIC_API_PROTOCOL": "http",
            "NEXT_PUBLIC_API_HOST": "localhost",
            "NEXT_PUBLIC_API_PORT": str(EXPLORER_PORT),
            "NEXT_PUBLIC_API_BASE_PATH": "/",
            "NEXT_PUBLIC_API_WEBSOCKET_PROTOCOL": "ws",
            "NEXT_PUBLIC_APP_PROTOCOL": "http",
            "NEXT_PUBLIC_APP_HOST": "localhost",
            "NEXT_PUBLIC_APP_PORT": str(EXPLORER_PAGE_PORT),
            "NEXT_PUBLIC_NETWORK_NAME": "Commonwatt",
            "NEXT_PUBLIC_NETWORK_SHORT_NAME": "Commonwatt",
            "NEXT_PUBLIC_NETWORK_ID": str(network.chain_id),
            "NEXT_PUBLIC_NETWORK_CURRENCY_NAME": "none",
            "NEXT_PUBLIC_NETWORK_CURRENCY_SYMBOL": "none",
            "NEXT_PUBLIC_NETWORK_CURRENCY_DECIMALS": "18",
            "NEXT_PUBLIC_IS_TESTNET": "false",
            "NEXT_PUBLIC_AD_BANNER_PROVIDER": "none",
            "NEXT_PUBLIC_AD_TEXT_PROVIDER": "none",
        },
        healthcheck=_wget(EXPLORER_PAGE_PORT, "/api/healthz", _SLOW),
        depends_on={"explorer": {"condition": "service_healthy"}},
    )


def _prometheus() -> Service:
    return _service(
        PROMETHEUS_IMAGE,
        profiles=[METRICS_PROFILE],
        command=[
            "--config.file=/etc/prometheus/prometheus.yml",
            "--storage.tsdb.path=/prometheus",
            f"--web.listen-address=127.0.0.1:{PROMETHEUS_PORT}",
        ],
        volumes=["./prometheus.yml:/etc/prometheus/prometheus.yml:ro", "prometheus-data:/prometheus"],
        healthcheck=_wget(PROMETHEUS_PORT, "/-/healthy"),
    )


def prometheus_document(network: Network) -> str:
    """Which nodes Prometheus asks for their figures, and how often."""
    targets = [
        {"targets": [f"127.0.0.1:{node.ports.metrics}"], "labels": {"node": node.name, "role": node.role.value}}
        for node in network.nodes
    ]
    jobs = [{"job_name": "besu", "metrics_path": "/metrics", "static_configs": targets}]
    content = {"global": {"scrape_interval": "15s"}, "scrape_configs": jobs}
    head = (
        "# On several machines, Prometheus runs on each and asks that machine's nodes: the others do not answer it.\n"
    )
    return head + _yaml(content)


_INTERVALS: Mapping[str, Any] = {"interval": "10s", "timeout": "5s", "retries": 12, "start_period": "30s"}
_SLOW: Mapping[str, Any] = {**_INTERVALS, "start_period": "180s"}


def _service(image: str, **fields: Any) -> Service:
    """A service; `network_mode=None` takes it off the machine's network, to a bridge."""
    log = {"driver": "json-file", "options": {**LOG_OPTIONS}}
    common = {"image": image, "network_mode": "host", "restart": "unless-stopped", "logging": log}
    return {key: value for key, value in {**common, **fields}.items() if value is not None}


def _placed(network: Network, host: str, service: Service) -> Service:
    """The service, started only on its machine where there are several."""
    return service if len(network.hosts) == 1 else {**service, "profiles": [host_profile(host)]}


def _probe(port: int, path: str) -> dict[str, Any]:
    """Besu's image carries no HTTP client; bash opens sockets."""
    request = f"GET {path} HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\n\\r\\n"
    ask = f"exec 3<>/dev/tcp/127.0.0.1/{port}; printf '{request}' >&3; grep -q '200 OK' <&3"
    return {"test": ["CMD", "/bin/bash", "-c", ask], **_INTERVALS}


def _wget(port: int, path: str, intervals: Mapping[str, Any] = _INTERVALS) -> dict[str, Any]:
    return {"test": ["CMD", "wget", "-q", "-O", "/dev/null", f"http://127.0.0.1:{port}{path}"], **intervals}


def _tls_probe(port: int) -> str:
    return (
        "import ssl,urllib.request as r;c=ssl.create_default_context();"
        "c.check_hostname=False;c.verify_mode=ssl.CERT_NONE;"
        f"r.urlopen('https://127.0.0.1:{port}/health',context=c,timeout=4)"
    )
