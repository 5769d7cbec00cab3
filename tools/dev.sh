#!/usr/bin/env bash
# The window on Vite's server: a change in ui/src shows at once. The program is built without the
# embedded UI, in a target folder of its own, because that feature reaches down into Tauri.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/setup.sh demo
(cd ui && npm run dev) &
vite=$!
trap 'kill "$vite" 2>/dev/null || true' EXIT
export KONTOR_SIGN_IN="${KONTOR_SIGN_IN-approver}"
cargo run --package kontor-desktop --no-default-features --target-dir target/dev
