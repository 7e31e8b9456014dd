"""`commonwatt store`: communities, people, points, devices, flows and credentials in an operator's database.

What an operator registers before readings can come in. Adding the same again is harmless; nothing is changed by it.
Names and contacts stay in this database; nothing of it is published.
"""

import typer

from scripts.store import communities, credentials, devices, flows, people, points, synthetic

app = typer.Typer(no_args_is_help=True, help="Register whose readings an operator keeps, and who may send them.")
app.add_typer(communities.app, name="community")
app.add_typer(people.app, name="person")
app.add_typer(points.app, name="point")
app.add_typer(devices.app, name="device")
app.add_typer(flows.app, name="flow")
app.add_typer(credentials.app, name="credential")
app.command(name="synthetic")(synthetic.run)
