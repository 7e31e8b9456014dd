"""`commonwatt ingest http|mqtt|mqtt-config|folder|keys`: the ways in for readings, services that can be killed."""

import typer

from scripts.ingest import folder, http, keys, mqtt

app = typer.Typer(no_args_is_help=True, help="Take readings in: over HTTP, over MQTT, from a watched folder.")
app.command(name="http")(http.run)
app.command(name="mqtt")(mqtt.run)
app.command(name="mqtt-config")(mqtt.configure)
app.command(name="folder")(folder.run)
app.command(name="keys")(keys.run)
