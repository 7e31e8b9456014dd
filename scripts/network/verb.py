"""`commonwatt network VERB`: the permissioned Besu network, from its files to its members.

Each verb is one file beside this one; what it does and whether it can be undone is said there.
"""

import typer

from scripts.network import (
    allow,
    backup,
    change_validators,
    check,
    follow_members,
    init,
    join,
    rotate_key,
    serve_guard,
    size,
    write_token,
)

app = typer.Typer(no_args_is_help=True, help="Build and run the permissioned Besu network.")
app.command(name="init")(init.run)
app.command(name="check")(check.run)
app.command(name="token")(write_token.run)
app.command(name="follow-members")(follow_members.run)
app.command(name="allow")(allow.run)
app.command(name="disallow")(allow.run_disallow)
app.command(name="join-kit")(join.kit)
app.command(name="join")(join.make)
app.command(name="add-node")(join.add)
app.command(name="remove-node")(join.remove)
app.command(name="add-validator")(change_validators.add)
app.command(name="remove-validator")(change_validators.remove)
app.command(name="backup")(backup.run)
app.command(name="restore")(backup.run_restore)
app.command(name="rotate-key")(rotate_key.run)
app.command(name="guard")(serve_guard.run)
app.command(name="size")(size.run)
