"""Start scripts for machines without Docker: they call an installed `besu`, or the one that `BESU_BIN` names."""

from scripts.network.node_config import CONFIG

NODE = f"""#!/bin/sh
# Runs this node in the foreground; Ctrl-C or a TERM signal stops it. BESU_BIN names another besu than the one on PATH.
cd "$(dirname "$0")" || exit 1
if ! command -v "${{BESU_BIN:-besu}}" >/dev/null; then
  echo "No besu found: install Besu 26.8.0, or set BESU_BIN to its executable." >&2
  exit 1
fi
chmod 600 key
exec "${{BESU_BIN:-besu}}" --config-file={CONFIG} "$@"
"""

ALL = """#!/bin/sh
# Runs the nodes named (all of them by default) and waits; Ctrl-C or a TERM signal stops those started here.
cd "$(dirname "$0")" || exit 1
[ $# -gt 0 ] || set -- nodes/*/
pids=""
for node in "$@"; do
  folder="nodes/$(basename "$node")"
  "$folder/start.sh" >>"$folder/besu.log" 2>&1 &
  pids="$pids $!"
  echo "$(basename "$node") runs as process $!; it writes $folder/besu.log"
done
trap 'kill $pids 2>/dev/null; wait; exit 0' INT TERM
wait
"""
