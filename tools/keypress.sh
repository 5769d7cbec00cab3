#!/usr/bin/env bash
# From a key press to painted rows, in the real window on books of five million postings.
#   tools/keypress.sh [SIZE] [PRESSES]
set -euo pipefail
cd "$(dirname "$0")/.."
size="${1:-5m}"
# Books of this size take minutes to build: they stay here for the next run.
home="${KONTOR_BENCH_HOME:-/var/tmp/kontor-bench-$(id -u)}"

tools/setup.sh test
(cd ui && npm run --silent build)
cargo build --release --workspace --bins --locked
target="$(realpath "${CARGO_TARGET_DIR:-target}")"
"$target/release/kontor" bench --postings "$size" --only space --keep "$home"
"$target/release/kontor" --home "$home" db start
trap '"$target/release/kontor" --home "$home" db stop' EXIT
tools/on-screen.sh node tools/keypress.mjs "$target/release/kontor-desktop" "$home" "kontor_bench_$size" "${2:-50}"
