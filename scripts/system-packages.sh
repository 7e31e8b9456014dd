#!/bin/sh
# Installs what some tests want from the distribution: PostgreSQL, Mosquitto, Chromium. Does nothing where they are
# there; needs root and apt. Without one of them its tests are skipped, and say so.
set -eu

has() { PATH="$PATH:/usr/sbin" command -v "$1" >/dev/null 2>&1; }

wanted=""
has pg_ctl || ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 || wanted="$wanted postgresql"
has mosquitto || wanted="$wanted mosquitto"
has chromium || wanted="$wanted chromium"

if [ -z "$wanted" ]; then
    echo "PostgreSQL, Mosquitto and Chromium are installed."
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" -ne 0 ]; then
    echo "Install with your system's package manager:$wanted" >&2
    exit 1
fi
apt-get update -q
# shellcheck disable=SC2086  # a list of names
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $wanted
