#!/bin/sh
# Refuses every Node but 20 (from 20.19) and 22 (from 22.12), which the page's builder wants, in one sentence.
set -eu

found=$(node --version 2>/dev/null || echo "none")
case "$found" in
  v20.19.* | v20.[2-9][0-9].* | v22.1[2-9].* | v22.[2-9][0-9].*) ;;
  *)
    echo "Commonwatt needs Node 20 (from 20.19) or 22 (from 22.12) on the PATH; found $found." >&2
    exit 1
    ;;
esac
if ! command -v npm >/dev/null 2>&1; then
  echo "Commonwatt needs npm, which comes with Node $found but is not on the PATH." >&2
  exit 1
fi
