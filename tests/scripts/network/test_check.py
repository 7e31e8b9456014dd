"""`commonwatt network check`: each file altered in one way fails with its own reason."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from scripts.network.keys import new_ec_key, new_rsa_key, public_pem
from scripts.network.rules import findings
from scripts.network.rules_options import FILE, TYPES, known_options
from tests.scripts.command import Command

Alteration = Callable[[str], str]
VALIDATOR, RPC = "nodes/validator-1/config.toml", "nodes/rpc-1/config.toml"
NODES, ACCOUNTS = "nodes/validator-1/permissions-nodes.toml", "nodes/validator-1/permissions-accounts.toml"
TOKEN_KEY = "nodes/validator-1/jwt-public.pem"
STATIC, COMPOSE, GENESIS = "nodes/validator-1/static-nodes.json", "docker-compose.yml", "genesis.json"


def swap(old: str, new: str) -> Alteration:
    """Replace a text that must be there."""

    def alter(content: str) -> str:
        assert re.search(old, content), old
        return re.sub(old, new, content, count=1)

    return alter


def in_json(change: Callable[[dict[str, object]], object]) -> Alteration:
    """Alter a JSON document."""

    def alter(content: str) -> str:
        document = json.loads(content)
        change(document)
        return json.dumps(document)

    return alter


def in_yaml(service: str, **fields: object) -> Alteration:
    """Alter a service of the compose file; None takes a field away."""

    def alter(content: str) -> str:
        document = yaml.safe_load(content)
        document["services"][service].update(fields)
        for key in [key for key, value in fields.items() if value is None]:
            del document["services"][service][key]
        return str(yaml.safe_dump(document))

    return alter


def extra(change: Callable[[bytes], bytes]) -> Alteration:
    """Alter the bytes of extraData."""
    return in_json(lambda g: g.update(extraData="0x" + change(bytes.fromhex(str(g["extraData"])[2:])).hex()))


def qbft(**fields: object) -> Alteration:
    """Alter the consensus's parameters."""
    return in_json(lambda g: g["config"]["qbft"].update(fields))  # type: ignore[index]


def config(**fields: object) -> Alteration:
    """Alter the chain's configuration."""
    return in_json(lambda g: g["config"].update(fields))  # type: ignore[attr-defined]


WRONG: list[tuple[str, Alteration, str]] = [
    (STATIC, lambda _: '{"enode": 1}', "no list"),
    (
        COMPOSE,
        lambda content: str(yaml.safe_dump({**yaml.safe_load(content), "services": {"rpc-1": None}})),
        "says nothing",
    ),
    (GENESIS, lambda _: "{", "no JSON"),
    (GENESIS, config(zeroBaseFee=False), "zeroBaseFee must be true"),
    (GENESIS, config(chainId=5), "chainId is 5"),
    (GENESIS, config(cancunTime=99), "cancunTime is 99"),
    (GENESIS, config(londonBlock=None), "londonBlock is None"),
    (GENESIS, config(qbft=None), "config.qbft is missing"),
    (GENESIS, qbft(emptyblockperiodseconds=60), "emptyblockperiodseconds must not be there"),
    (GENESIS, qbft(requesttimeoutseconds=3), "at least twice the period"),
    (GENESIS, qbft(blockperiodseconds=5), "blockperiodseconds is 5"),
    (GENESIS, qbft(epochlength=0), "epochlength is 0"),
    (GENESIS, qbft(xemptyblockperiodseconds=60), "xemptyblockperiodseconds must not be there"),
    (GENESIS, qbft(blockPeriodSeconds=2), "config.qbft.blockPeriodSeconds is not written here"),
    (GENESIS, config(shangaiTime=0), "config.shangaiTime is not written here"),
    (GENESIS, in_json(lambda g: g.update(baseFeePerGass="0x0")), "baseFeePerGass is not written here"),
    (GENESIS, in_json(lambda g: g.pop("baseFeePerGas")), "block 0 asks for 1 gwei"),
    (GENESIS, in_json(lambda g: g.update(gasLimit="0x1fffffffffffff")), "30 to 60 million"),
    (GENESIS, in_json(lambda g: g.update(difficulty="0x0")), "difficulty must be 0x1"),
    (GENESIS, in_json(lambda g: g.update(mixHash="0x" + "00" * 32)), "mixHash must be"),
    (GENESIS, in_json(lambda g: g.update(alloc={"0x" + "01" * 20: {"balance": "1"}})), "alloc must be empty"),
    (GENESIS, in_json(lambda g: g.update(extraData="0x00ff")), "extraData"),
    (GENESIS, extra(lambda b: b[:-2] + b"\x84" + bytes(4) + b"\xc0"), "extraData"),  # the round in IBFT 2.0's form
    (GENESIS, extra(lambda b: b[:2] + b[2:-2] + b"\x00\xc0"), "round must be the integer 0"),
    (GENESIS, extra(lambda b: b[:37] + b[58:79] + b[37:58] + b[79:]), "ascending order"),
    (GENESIS, extra(lambda b: b[:40] + b"\xee" * 10 + b[50:]), "no node of the network"),
    (VALIDATOR, lambda _: "a = = 1", "no TOML"),
    (VALIDATOR, swap('sync-mode="FULL"', 'sync-mode="SNAP"'), "sync-mode is 'SNAP'"),
    (VALIDATOR, swap("FOREST", "BONSAI"), "data-storage-format is 'BONSAI'"),
    (VALIDATOR, swap("min-gas-price=0", "min-gas-price=1000"), "min-gas-price is 1000"),
    (VALIDATOR, swap('tx-pool="SEQUENCED"\n', ""), "tx-pool is None"),
    (VALIDATOR, swap("percentage=0.15", "percentage=1.0"), "one account fills the pool"),
    (VALIDATOR, swap("no-local-priority=true", "no-local-priority=false"), "tx-pool-no-local-priority is False"),
    (VALIDATOR, swap("rpc-tx-feecap=1", "rpc-tx-feecap=0"), "rpc-tx-feecap is 0"),
    (VALIDATOR, swap("p2p-tx-feecap=1\n", ""), "p2p-tx-feecap is None"),
    (VALIDATOR, swap("api-gas-price-blocks=0", "api-gas-price-blocks=100"), "api-gas-price-blocks is 100"),
    (VALIDATOR, swap("revert-reason-enabled=true\n", ""), "revert-reason-enabled is None"),
    (VALIDATOR, swap("discovery-enabled=false", "discovery-enabled=true"), "peers are listed"),
    (VALIDATOR, swap("accounts-config-file-enabled=true", "accounts-config-file-enabled=false"), "strangers may stuff"),
    (VALIDATOR, swap("nodes-config-file-enabled=true", "nodes-config-file-enabled=false"), "anybody's node"),
    (VALIDATOR, swap("metrics-enabled=true", "metrics-enabled=false"), "metrics-enabled is False"),
    (VALIDATOR, swap("metrics-port=9545", "metrics-port=9000"), "the inventory says 9545"),
    (VALIDATOR, swap('p2p-host="127.0.0.1"', 'p2p-host="10.9.9.9"'), "p2p-host is '10.9.9.9'"),
    (VALIDATOR, swap('rpc-http-host="127.0.0.1"', 'rpc-http-host="0.0.0.0"'), "members come through the proxy alone"),
    (VALIDATOR, swap("authentication-enabled=true", "authentication-enabled=false"), "can vote and alter lists"),
    (VALIDATOR, swap('"PERM",', ""), "lacks PERM"),
    (VALIDATOR, swap("rpc-max-logs-range=5000", "rpc-max-logs-range=0"), "rpc-max-logs-range"),
    (VALIDATOR, lambda c: c + "permissions-accounts-contract-enabled=true\n", "left Besu in 25.6.0"),
    (VALIDATOR, lambda c: c + 'network="MAINNET"\n', "contradicts genesis-file"),
    (VALIDATOR, lambda c: c + "Xexperimental=true\n", "nobody here has tried"),
    (VALIDATOR, lambda c: c + "fast-sync-min-peers=1\n", "no option of Besu 26.8.0"),
    (VALIDATOR, lambda c: c + "snapsync-server-enabled=true\n", "nobody here has tried"),
    (VALIDATOR, swap("min-gas-price=0", "min-gas-prise=0"), "is min-gas-price meant?"),
    (VALIDATOR, lambda c: c + "miner-enabled=true\n", "left Besu in 25.12.0"),
    (VALIDATOR, swap("p2p-port=30303", 'p2p-port="30303"'), "p2p-port is '30303' and must be a number"),
    (VALIDATOR, swap("metrics-enabled=true", 'metrics-enabled="true"'), "must be true or false"),
    (VALIDATOR, swap(r"rpc-http-api=\[.*\]", "rpc-http-api=true"), "rpc-http-api is True and must be a list"),
    (VALIDATOR, swap("max-peers=100", "max-peers=3"), "max-peers is 3 and must be 4 at least"),
    (VALIDATOR, swap("rpc-ws-enabled=false", "rpc-ws-enabled=true"), "that port would ask for no token"),
    (VALIDATOR, swap('"NET",', ""), "rpc-http-api lacks NET"),
    (RPC, swap(r'(rpc-ws-api=.*),"ADMIN"', r"\1"), "rpc-ws-api lacks ADMIN"),
    (TOKEN_KEY, lambda _: "a key", "no public key of RSA"),
    (TOKEN_KEY, lambda _: public_pem(new_ec_key()).decode(), "no public key of RSA"),
    (TOKEN_KEY, lambda _: public_pem(new_rsa_key()).decode(), "take none of the tokens that are signed here"),
    (RPC, swap('"WEB3"', '"WEB3","PERM"'), "offers PERM to everybody"),
    (RPC, lambda c: c + "rpc-http-authentication-enabled=true\n", "shuts out wallets"),
    (RPC, swap("ws-authentication-enabled=true", "ws-authentication-enabled=false"), "this port can alter lists"),
    (RPC, swap("rpc-ws-enabled=true", "rpc-ws-enabled=false"), "must be enabled and offer PERM"),
    (STATIC, lambda _: "[]", "would not connect again"),
    (STATIC, swap("127.0.0.1:30304", "node.example:30304"), "no enode URL with an IP address"),
    (NODES, swap(r",\"enode://[0-9a-f]+@127.0.0.1:30307\"", ""), "Besu would not start"),
    (NODES, swap(r"=\[", "=[\n"), "in one line"),
    (NODES, lambda c: c + "accounts-allowlist=[]\n", "nothing else"),
    (ACCOUNTS, swap("00aa", "00AA"), "lower-case"),
    (ACCOUNTS, lambda _: f'accounts-allowlist=["0x{"1" * 40}","0x{"1" * 40}"]\n', "twice"),
    (ACCOUNTS, lambda _: "accounts=[]\n", "accounts-allowlist and nothing else"),
    ("nodes/validator-1/key", lambda c: "0x" + "11" * 32, "not the key that the inventory names"),
    ("nodes/validator-1/key", lambda c: "secret", "is no key of a node"),
    ("network.json", swap('"port', '"p0rt'), "no inventory"),
    ("network.json", swap('"name": "validator-2"', '"name": "validator-1"'), "two nodes have the name"),
    ("network.json", swap('"metrics": 9545', '"metrics": 8546'), "are both 8546"),
    ("guard.json", lambda _: '{"batch": 0}', "batch is 0"),
    ("guard.json", lambda _: "[]", "holds no limits"),
    ("prometheus.yml", lambda _: "a: [", "no YAML"),
    ("prometheus.yml", swap("127.0.0.1:9546", "127.0.0.1:9999"), "does not ask validator-2"),
    (COMPOSE, lambda _: "a: [", "no YAML"),
    (COMPOSE, lambda _: "services: []", "has no services"),
    (COMPOSE, swap("besu:26.8.0", "besu:26.5.0"), "never include senders without a coin"),
    (COMPOSE, swap("besu:26.8.0", "besu:25.1.0"), "block.prevrandao stalls"),
    (COMPOSE, swap("besu:26.8.0", "besu:latest"), "is not pinned"),
    (COMPOSE, in_yaml("validator-1", healthcheck=None), "has no health check"),
    (COMPOSE, in_yaml("validator-1", ports=["8545:8545"]), "publishes ports"),
    (COMPOSE, in_yaml("validator-1", network_mode="bridge"), "address translation"),
    (COMPOSE, in_yaml("validator-1", volumes=["./data:/network/nodes/validator-1/data"]), "named volume"),
    (COMPOSE, in_yaml("validator-1", volumes=["other:/network/nodes/validator-1/data"]), "is not declared"),
    (COMPOSE, in_yaml("rpc-1", environment=None), "BESU_RPC_HTTP_HOST to 127.0.0.1"),  # the image's own is 0.0.0.0
    (COMPOSE, in_yaml("rpc-1", environment=["BESU_RPC_WS_HOST=0.0.0.0"]), "BESU_RPC_WS_HOST to 127.0.0.1"),
    (COMPOSE, in_yaml("validator-1", user=None), "user is missing and must be 'root'"),
    (COMPOSE, in_yaml("validator-1", user="nobody"), "user is 'nobody' and must be 'root'"),
    (COMPOSE, in_yaml("validator-1", entrypoint=["besu"]), "entrypoint is ['besu']"),
    (COMPOSE, in_yaml("validator-1", command=["--network=dev"]), "command is ['--network=dev'] and must not be there"),
    (COMPOSE, in_yaml("validator-1", restart=None), "restart is missing and must be 'unless-stopped'"),
    (COMPOSE, in_yaml("validator-1", working_dir="/"), "working_dir is '/'"),
    (COMPOSE, in_yaml("validator-1", stop_grace_period="1s"), "time to close its database"),
    (COMPOSE, in_yaml("guard-1", command=["network", "guard", "/network", "--node", "other"]), "not reach rpc-1"),
    (COMPOSE, in_yaml("guard-1", command=None), "not reach rpc-1"),
    (COMPOSE, in_yaml("guard-1", restart="no"), "nobody reaches the network"),
    (COMPOSE, in_yaml("explorer", network_mode="host"), "listens on every address"),
    (COMPOSE, in_yaml("explorer", ports=["4000:4000"]), "publishes ports"),
    (COMPOSE, in_yaml("guard-1", depends_on=["nobody"]), "depends on nobody"),
    (COMPOSE, in_yaml("explorer", profiles=[]), "must have the profile explorer"),
    (COMPOSE, in_yaml("prometheus", profiles=[]), "must have the profile prometheus"),
    (COMPOSE, in_yaml("explorer-database", environment={"POSTGRES_PASSWORD": "x"}), "secrets belong into secrets/"),
    (COMPOSE, lambda c: c.replace("  guard-1:", "  other:"), "lacks the service guard-1"),
]


@pytest.mark.parametrize(("file", "alter", "reason"), WRONG, ids=[f"{f}-{r[:24]}" for f, _, r in WRONG])
def test_check__one_thing_wrong__fails_with_its_reason(
    command: Command, network_folder: Path, file: str, alter: Alteration, reason: str
) -> None:
    path = network_folder / file
    path.write_text(alter(path.read_text()))
    code, printed, said = command("network", "check", str(network_folder))
    assert code != 0
    assert reason in printed + said


@pytest.mark.parametrize(
    "file",
    [GENESIS, VALIDATOR, STATIC, NODES, ACCOUNTS, TOKEN_KEY, COMPOSE, "network.json", "guard.json", "prometheus.yml"],
)
def test_check__missing_file__is_named(command: Command, network_folder: Path, file: str) -> None:
    (network_folder / file).unlink()
    code, printed, said = command("network", "check", str(network_folder))
    assert code != 0
    assert file.rpartition("/")[2] in printed + said


def test_check__secret_that_others_may_read__is_found(network_folder: Path) -> None:
    (network_folder / "secrets/jwt.pem").chmod(0o640)
    assert [str(one) for one in findings(network_folder)] == [
        "secrets/jwt.pem: others may read this secret: its mode is 0640 and must be 0600"
    ]


def test_options__each__has_one_type_and_the_list_its_source() -> None:
    content = json.loads(FILE.read_text())
    listed = [option for options in content["options"].values() for option in options]
    assert len(listed) == len(set(listed)) == len(known_options())
    assert set(content["options"]) == set(TYPES)
    assert "everything_config.toml" in content["source"]


def test_check__as_made__finds_nothing(command: Command, made_network: Path) -> None:
    code, printed, _ = command("network", "check", str(made_network), "--json")
    assert code == 0
    assert json.loads(printed)["findings"] == []
