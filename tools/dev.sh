#!/usr/bin/env bash
# The window on Vite's server: a change in ui/src shows at once. The program is built without the embedded pages.
set -euo pipefail
cd "$(dirname "$0")/.."
target="${CARGO_TARGET_DIR:-target}"
tools/setup.sh demo
cargo build --workspace --bins --no-default-features --locked
"$target/debug/kontor" demo
(cd ui && exec npm run --silent dev) &
vite=$!
trap 'kill "$vite" 2>/dev/null || true' EXIT
KONTOR_SIGN_IN="${KONTOR_SIGN_IN-approver}" "$target/debug/kontor-desktop"
