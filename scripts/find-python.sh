#!/bin/sh
# Prints a Python 3.11, 3.12 or 3.13 that runs and can make environments; else says in one sentence what is missing.
set -eu

suits='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'

for name in python3.13 python3.12 python3.11 python3; do
  if command -v "$name" >/dev/null 2>&1 && "$name" -c "$suits" >/dev/null 2>&1; then
    command -v "$name"
    exit 0
  fi
done

found=$(python3 --version 2>/dev/null || echo "no python3")
echo "Commonwatt needs Python 3.11, 3.12 or 3.13 with its venv module on the PATH; found $found." >&2
exit 1
