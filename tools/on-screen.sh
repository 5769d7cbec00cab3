#!/usr/bin/env bash
# Runs a command on a virtual screen with a session bus of its own: tools/on-screen.sh COMMAND…
# The bus reports every service it starts, which says nothing about us: those lines are left out.
set -euo pipefail
exec xvfb-run --auto-servernum --server-args="-screen 0 1600x1000x24" dbus-run-session -- "$@" \
  2> >(grep --line-buffered -vE '^dbus-daemon\[|^SpiRegistry daemon' >&2)
