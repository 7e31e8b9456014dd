"""`commonwatt store credential create|revoke`: what a flow's sender shows to be let in, over HTTP and MQTT alike."""

from typing import Annotated

import typer

from oracle.intake.credentials import make_credential, revoke_credential
from scripts.store.common import Database, Json, now, register
from scripts.surroundings import show

app = typer.Typer(no_args_is_help=True, help="Credentials of flows.")
FlowNumber = Annotated[int, typer.Argument(metavar="FLOW", help="The flow's number.")]


@app.command()
def create(flow: FlowNumber, database: Database, as_json: Json = False) -> None:
    """Make a flow's credential and show it once; the one that it had ends. Only a hash of it is kept."""
    with register(database) as connection:
        made = make_credential(connection, flow, now())
    found = {"flow": flow, "token": made.token, "mqtt_user": f"flow-{flow}", "replaced": made.replaced}
    show(
        as_json,
        found,
        lambda: [
            made.token,
            f"It is shown this once. HTTP: Authorization: Bearer …; MQTT: user flow-{flow}, this as its password,",
            "from the next `commonwatt ingest mqtt-config` on."
            + (" The flow's former credential has ended." if made.replaced else ""),
        ],
    )


@app.command()
def revoke(flow: FlowNumber, database: Database, as_json: Json = False) -> None:
    """End a flow's credential: nothing of it is taken from now on."""
    with register(database) as connection:
        had = revoke_credential(connection, flow, now())
    said = "has ended" if had else "was none"
    show(as_json, {"flow": flow, "revoked": had}, lambda: [f"The credential of flow {flow} {said}."])
