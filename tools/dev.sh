#!/usr/bin/env bash
# The window on Vite's server: a change in ui/src shows at once. The program is built without the embedded pages.
# Without a display both run all the same, on a virtual one, until they are stopped.
set -euo pipefail
cd "$(dirname "$0")/.."
target="${CARGO_TARGET_DIR:-target}"
address=http://localhost:1420 # tauri.conf.json names it too
tools/setup.sh demo
# The pages are not carried along, but the window does not compile without any.
[ -f ui/dist/index.html ] || (cd ui && npm run --silent build)
cargo build --workspace --bins --no-default-features --locked
"$target/debug/kontor" demo

# Whatever answers there already is not ours: the window would show another program's pages.
if curl --silent --output /dev/null --max-time 2 "$address"; then
  echo "dev: something else answers at $address; stop it first" >&2
  exit 1
fi
(cd ui && exec node_modules/.bin/vite) &
vite=$!
trap 'kill "$vite" 2>/dev/null || true' EXIT
until curl --silent --output /dev/null --max-time 2 "$address"; do
  kill -0 "$vite" 2>/dev/null || { echo "dev: Vite did not start" >&2; exit 1; }
  sleep 0.2
done

export KONTOR_SIGN_IN="${KONTOR_SIGN_IN-approver}"
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; then
  "$target/debug/kontor-desktop"
else
  tools/on-screen.sh "$target/debug/kontor-desktop"
fi
