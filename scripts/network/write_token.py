"""`commonwatt network token DIR --out FILE`: a token for the RPC of this network's nodes, in a file of mode 0600.

`COMMONWATT_RPC_TOKEN_FILE` names the file to services, which read it anew for each request: renew it while they run. A
token cannot be called back; it ends by itself. The signing key stays where it is.
"""

import time
from pathlib import Path
from typing import Annotated

import typer

from commons.units import EpochSeconds
from scripts.network import inventory
from scripts.network.files import SECRET, Content, write_file
from scripts.network.tokens import ADMINISTRATOR, OPERATOR, administrators_key, signed
from scripts.surroundings import Json, show

HOUR = 3600


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The network's folder, with its secrets.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it.")],
    hours: Annotated[int, typer.Option(min=1, max=24 * 31, help="How long it is good for.")] = 24,
    administrator: Annotated[
        bool, typer.Option("--administrator", help="Good for votes and lists as well, not only for the chain.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a token for operators, or for administrators."""
    inventory.load(folder)
    permissions = ADMINISTRATOR if administrator else OPERATOR
    token = signed(administrators_key(folder), permissions, EpochSeconds(int(time.time())), hours * HOUR)
    write_file(out, Content(token.encode() + b"\n", SECRET))
    found = {"file": str(out), "hours": hours, "permissions": list(permissions)}
    show(
        as_json,
        found,
        lambda: [f"A token good for {hours} hours is in {out}; COMMONWATT_RPC_TOKEN_FILE={out} uses it."],
    )
