"""`commonwatt ingest mqtt|mqtt-config`: take readings from a Mosquitto broker, and write the files that it runs by.

`mqtt-config` writes configuration, passwords (hashes) and rights of all flows with a credential; run it again after a
credential was made or revoked, and let the broker read them (`kill -HUP`). `mqtt` can be killed at any time: the broker
keeps what it did not acknowledge. With certificates to trust, given or in `COMMONWATT_MQTT_CERTIFICATES`, it connects
over TLS, and the broker has to prove its name; without, there is no TLS.
"""

import signal
from pathlib import Path
from typing import Annotated

import typer

from commons.errors import InputError
from commons.settings import settings
from scripts.ingest.keys import Follow, following
from scripts.store.common import Database, Json, now, opened, register
from scripts.surroundings import CommunityAt, Network, Rpc, show

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The broker's folder.")]
PORT = 1883
LOOPBACK = ("127.0.0.1", "::1", "localhost")
IN_CLEAR = (
    "Without a certificate, passwords and readings go through the network in clear: give --certificate and --key."
)


def configure(
    folder: Folder,
    database: Database,
    listen: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where it listens.")] = f"127.0.0.1:{PORT}",
    certificate: Annotated[Path | None, typer.Option(metavar="FILE", help="Its certificate (PEM).")] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="The certificate's key (PEM).")] = None,
    as_json: Json = False,
) -> None:
    """Write the broker's files: who may sign in, and publish and read where."""
    from oracle.intake.mqtt.broker_files import CONFIGURATION, Listener, senders, write_broker_files

    if (certificate is None) != (key is None):
        raise InputError("a certificate and its key come together", remedy="Give both or neither.")
    host, port = _address(listen)
    listener = Listener(host, port, _own_file(certificate), _own_file(key))
    with register(database) as connection:
        flows = senders(connection)
    write_broker_files(folder, flows, listener)
    found = {"flows": [one.topics.flow for one in flows], "configuration": str(folder / CONFIGURATION)}
    show(
        as_json,
        found,
        lambda: [
            f"{len(flows)} flows may sign in. Start the broker: mosquitto -c {folder / CONFIGURATION}",
            "One that runs already reads the files at kill -HUP.",
            *([] if listener.certificate or host in LOOPBACK else [IN_CLEAR]),
        ],
    )


def run(
    folder: Folder,
    database: Database,
    broker: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where the broker is.")] = f"127.0.0.1:{PORT}",
    certificates: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Certificates to trust (PEM); COMMONWATT_MQTT_CERTIFICATES if not given."),
    ] = None,
    follows: Follow = True,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
) -> None:
    """Take readings from the broker until Ctrl-C."""
    from oracle.intake.door import Door
    from oracle.intake.mqtt.broker_files import SERVICE_PASSWORD, service_password
    from oracle.intake.mqtt.service import Broker, MqttService

    if not (folder / SERVICE_PASSWORD).is_file():
        raise InputError(
            f"{folder} is no broker's folder", remedy="Make it: commonwatt ingest mqtt-config DIR --database …"
        )
    host, port = _address(broker)
    with opened(database) as engine:
        trusted = certificates or settings().mqtt_certificates
        service = MqttService(Door(engine, now), Broker(host, port, service_password(folder), trusted))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: service.stop())
        with following(engine, follows, network, rpc, community):
            service.run(lambda: typer.echo(f"Readings are taken from the broker at {broker}; Ctrl-C ends it."))
    if service.refusal is not None:
        raise service.refusal


def _own_file(path: Path | None) -> Path | None:
    """A file as the broker finds it, wherever it is started."""
    if path is not None and not path.is_file():
        raise InputError(f"there is no file {path}", remedy="Check the name of the certificate or key.")
    return None if path is None else path.resolve()


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise InputError(f"{text!r} names no port", remedy="Write HOST:PORT.")
    return host.strip("[]"), int(port)
