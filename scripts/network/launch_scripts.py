"""Start scripts for machines without Docker: they call an installed `besu`, or the one that `BESU_BIN` names."""

from scripts.network.node_config import CONFIG

_FROM_HERE = """case "${BESU_BIN:-}" in
  /*) ;;
  */*) export BESU_BIN="$PWD/$BESU_BIN" ;;
esac
"""
"""A relative path is one from where the script is called."""

NODE = f"""#!/bin/sh
# Runs this node in the foreground; Ctrl-C or a TERM signal stops it. BESU_BIN names another besu than the one on PATH.
{_FROM_HERE}cd "$(dirname "$0")" || exit 1
if ! command -v "${{BESU_BIN:-besu}}" >/dev/null; then
  echo "No besu found: install Besu 26.8.0 and Java 25, or set BESU_BIN to its executable." >&2
  exit 1
fi
if [ ! -f key ]; then
  echo "This node's key is not here: restore it from its backup. Besu would make another, which no list has." >&2
  exit 1
fi
chmod 600 key
exec "${{BESU_BIN:-besu}}" --config-file={CONFIG} "$@"
"""

ALL = f"""#!/bin/sh
# Runs the nodes named (all of them by default) and waits; Ctrl-C or a TERM signal stops those started here.
# A node that ends is told of; the exit code is 1 if one ended that was not stopped.
{_FROM_HERE}cd "$(dirname "$0")" || exit 1
[ $# -gt 0 ] || set -- nodes/*/
pids="" watchers=""
for node in "$@"; do
  name=$(basename "$node")
  log="nodes/$name/besu.log"
  "nodes/$name/start.sh" >>"$log" 2>&1 &
  pid=$!
  pids="$pids $pid"
  echo "$name runs as process $pid; it writes $log"
  (
    while kill -0 "$pid" 2>/dev/null; do sleep 1; done
    echo "$name has ended. The end of $log: $(tail -n 1 "$log")" >&2
  ) &
  watchers="$watchers $!"
done
trap 'trap - INT TERM; kill $watchers $pids 2>/dev/null; wait; exit 0' INT TERM
for pid in $pids; do wait "$pid" || failed=1; done
wait
exit "${{failed:-0}}"
"""
