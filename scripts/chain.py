"""`commonwatt chain start|stop|status`: the embedded chain, on this machine and for nobody else.

Anvil, free of gas, chain id 31337, on 127.0.0.1. Its state is kept in `var/chain`, written every few seconds and when
it stops; delete that folder to begin anew. Settings: `COMMONWATT_VAR_DIR`. `--port` alone says where it listens:
`COMMONWATT_RPC_URL` is where the other commands look for a chain, which may be another one. Starting twice is harmless;
stopping ends only the process that was started here.
"""

from typing import Annotated

import typer

from commons.chain import Chain
from commons.chain.sentences import show_moment
from scripts.embedded import DEFAULT_PORT, EmbeddedChain
from scripts.surroundings import Json, show

app = typer.Typer(no_args_is_help=True, help="Start, stop or look at the embedded chain.")
Port = Annotated[int, typer.Option("--port", help="Port of 127.0.0.1 for its RPC.")]


@app.command()
def start(port: Port = DEFAULT_PORT, as_json: Json = False) -> None:
    """Start the embedded chain in the background, unless it runs; --port says where, not COMMONWATT_RPC_URL."""
    embedded = EmbeddedChain.default(EmbeddedChain.default(port).running_port)
    ran = embedded.pid() is not None
    chain = embedded.start()
    found = {"running": True, "started": not ran, "url": embedded.url, **_facts(chain)}
    show(as_json, found, lambda: [f"The embedded chain {'runs already' if ran else 'has started'} at {embedded.url}."])


@app.command()
def stop(as_json: Json = False) -> None:
    """Stop the embedded chain that was started here; its state is kept."""
    embedded = EmbeddedChain.default()
    stopped = embedded.stop()
    words = "has stopped; its state is kept" if stopped else "does not run"
    show(as_json, {"running": False, "stopped": stopped}, lambda: [f"The embedded chain {words}."])


@app.command()
def status(as_json: Json = False) -> None:
    """Say whether the embedded chain runs, where, and what its block and time are; exit code 1 if it does not."""
    embedded = EmbeddedChain.default(EmbeddedChain.default().running_port)
    if embedded.pid() is None:
        show(
            as_json,
            {"running": False},
            lambda: ["The embedded chain does not run. `commonwatt chain start` starts it."],
        )
        raise typer.Exit(1)
    facts = _facts(embedded.chain())
    moment = show_moment(int(facts["time"]))
    show(
        as_json,
        {"running": True, "url": embedded.url, **facts},
        lambda: [f"{embedded.url}: chain {facts['chain_id']}, block {facts['block']}, its time {moment}"],
    )


def _facts(chain: Chain) -> dict[str, int | str]:
    head = chain.block()
    return {"chain_id": chain.chain_id, "block": head.number, "time": head.timestamp, "client": chain.client()}
