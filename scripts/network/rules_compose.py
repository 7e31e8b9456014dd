"""Rules of the compose file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scripts.network.compose import (
    BESU_IMAGE,
    EXPLORER_PROFILE,
    GUARD_PORT,
    LISTENING,
    METRICS_PROFILE,
    besu_service,
    guard_service,
    host_profile,
)
from scripts.network.inventory import LOOPBACK, Network, Node
from scripts.network.node_config import CONFIG, DATA_PATH
from scripts.network.rules_text import Finding, Unreadable, read_yaml, value_at

FILE = "docker-compose.yml"
PROFILES = {"explorer-database": EXPLORER_PROFILE, "explorer": EXPLORER_PROFILE, "prometheus": METRICS_PROFILE}
WITHOUT_ADDRESS = ("explorer", "explorer-database")
"""Services that cannot, or are not, told on which address to listen."""
BESU_FIELDS: Mapping[str, str] = {
    "user": "the node's files are handed to Besu's user before it starts as that",
    "entrypoint": "it hands over the files, gives up root and becomes Besu, started with the node's configuration",
    "command": "Besu is told everything by its configuration file",
    "working_dir": f"{CONFIG} names everything from there",
    "restart": "a node that ends must come back, or too few validators are left in time",
    "stop_grace_period": "Besu needs time to close its database",
}
GUARD_FIELDS: Mapping[str, str] = {
    "restart": "without it nobody reaches the network",
    "user": "it is the image's",
    "entrypoint": "it is the image's",
}
WORDS_OF_SECRETS = ("password", "secret", "private", "token")


def compose_findings(folder: Path, network: Network) -> list[Finding]:
    """What is wrong with the compose file."""
    try:
        content = read_yaml(folder, FILE)
    except Unreadable as error:
        return [error.finding]
    services = value_at(content, "services")
    if not isinstance(services, dict):
        return [Finding(FILE, "has no services")]
    empty = [name for name, service in services.items() if not isinstance(service, dict)]
    if empty:
        return [Finding(FILE, f"says nothing of the service {name}: an image and how it is started") for name in empty]
    return [Finding(FILE, reason) for reason in _reasons(content, services, network)]


def _reasons(content: Any, services: Mapping[str, Any], network: Network) -> Iterator[str]:
    for node in network.nodes:
        if node.name not in services:
            yield f"lacks the service {node.name}"
        else:
            yield from _besu_reasons(content, services[node.name], node, network)
    for name, service in services.items():
        yield from _service_reasons(name, service, content)
    yield from _guards_reasons(services, network)
    for name, profile in PROFILES.items():
        if name in services and profile not in (services[name].get("profiles") or []):
            yield f"{name} must have the profile {profile}: the network runs without it"


def _besu_reasons(content: Any, service: Mapping[str, Any], node: Node, network: Network) -> Iterator[str]:
    if service.get("image") != BESU_IMAGE:
        yield f"{node.name} runs {service.get('image')}, and {BESU_IMAGE} is what was tried" + _why(
            service.get("image")
        )
    if service.get("network_mode") != "host":
        yield f"{node.name} must use the machine's network: address translation would break node allowlists"
    volumes = [str(volume) for volume in service.get("volumes") or []]
    named = [volume for volume in volumes if volume.endswith(f"/{DATA_PATH}")]
    if not named or named[0].startswith((".", "/")):
        yield f"{node.name} must keep {DATA_PATH} in a named volume"
    elif named[0].split(":")[0] not in (value_at(content, "volumes") or {}):
        yield f"the volume {named[0].split(':')[0]} of {node.name} is not declared"
    environment = dict(_environment(service))
    for name, value in LISTENING.items():
        if environment.get(name) != value:
            yield f"{node.name} must set {name} to {value}: the image says 0.0.0.0, which precedes {CONFIG}"
    yield from _altered(node.name, service, besu_service(node), BESU_FIELDS)
    if len(network.hosts) > 1 and host_profile(node.host) not in (service.get("profiles") or []):
        yield f"{node.name} must have the profile {host_profile(node.host)}, or it starts on every machine"


def _guards_reasons(services: Mapping[str, Any], network: Network) -> Iterator[str]:
    guards = {name: service for name, service in services.items() if name.startswith("guard-")}
    for place, node in enumerate(network.rpc_nodes):
        written = guard_service(node, GUARD_PORT)
        told = written["command"][:-1]  # all but the port: the others' machines have proxies, too
        before = [name for name, guard in guards.items() if (guard.get("command") or [])[: len(told)] == told]
        if f"guard-{place + 1}" not in guards:
            yield f"lacks the service guard-{place + 1}: members must not reach a node but through the proxy"
        elif not before:
            yield f"no proxy has a command that begins with {' '.join(told)}: members would not reach {node.name}"
        for name in before:
            yield from _altered(name, guards[name], written, GUARD_FIELDS)


def _altered(
    name: str, service: Mapping[str, Any], written: Mapping[str, Any], fields: Mapping[str, str]
) -> Iterator[str]:
    for field, why in fields.items():
        if service.get(field) != written.get(field):
            said = "is missing" if field not in service else f"is {service[field]!r}"
            wanted = f"must be {written[field]!r}" if field in written else "must not be there"
            yield f"{name}: {field} {said} and {wanted}: {why}"


def _service_reasons(name: str, service: Mapping[str, Any], content: Any) -> Iterator[str]:
    tag = str(service.get("image")).rpartition("/")[2].partition(":")[2]
    if tag in ("", "latest", "develop", "main", "master"):
        yield f"the image of {name} is not pinned: name a version"
    if not value_at(service, "healthcheck", "test"):
        yield f"{name} has no health check"
    if not all(str(port).startswith(f"{LOOPBACK}:") for port in service.get("ports") or []):
        yield f"{name} publishes ports: Docker would open them to the world past the firewall"
    if name in WITHOUT_ADDRESS and service.get("network_mode") == "host":
        yield f"{name} must not use the machine's network: it listens on every address of it"
    for needed in service.get("depends_on") or []:
        if needed not in content["services"]:
            yield f"{name} depends on {needed}, which is no service"
    for key, value in _environment(service):
        if any(word in key.lower() for word in WORDS_OF_SECRETS) and value and not key.endswith("_FILE"):
            yield f"{name} has {key} in the compose file: secrets belong into secrets/, mode 0600"


def _environment(service: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    environment = service.get("environment") or {}
    if isinstance(environment, Mapping):
        yield from ((str(key), str(value)) for key, value in environment.items())
        return
    for line in environment:
        key, _, value = str(line).partition("=")
        yield key, value


def _why(image: Any) -> str:
    """What is known of other versions."""
    try:
        version = tuple(int(part) for part in str(image).rpartition(":")[2].split("."))
    except ValueError:
        return ""
    if (26, 4, 0) <= version <= (26, 7, 0):
        return "; 26.4.0 to 26.7.0 never include senders without a coin"
    if version < (26, 6, 1):
        return "; before 26.6.1 a contract that reads block.prevrandao stalls the chain"
    return ""
