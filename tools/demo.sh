#!/usr/bin/env bash
# Opens Kontor on the demo books: builds what changed, prepares the books once, signs in.
# Without a display the same window runs on a virtual one, and a tour leaves pictures in target/tour.
#   tools/demo.sh [--reset]      KONTOR_SIGN_IN=login chooses the seat (default: approver)
set -euo pipefail
cd "$(dirname "$0")/.."
target="${CARGO_TARGET_DIR:-target}"
reset=()
[ "${1:-}" = --reset ] && reset=(--reset)

tools/setup.sh demo

# Vite has no notion of "nothing changed": ask the files.
if [ ! -f ui/dist/index.html ] || [ -n "$(find ui/src ui/index.html ui/package-lock.json ui/vite.config.ts -newer ui/dist/index.html -print -quit)" ]; then
  (cd ui && npm run --silent build)
fi
cargo build --workspace --bins --locked
"$target/debug/kontor" demo "${reset[@]}"

export KONTOR_SIGN_IN="${KONTOR_SIGN_IN:-approver}"
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; then
  exec "$target/debug/kontor-desktop"
fi
echo "demo: no display here, so the window opens on a virtual one and walks through its screens"
exec tools/on-screen.sh node tools/tour.mjs "$target/debug/kontor-desktop" target/tour
