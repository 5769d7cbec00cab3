#!/usr/bin/env bash
# The quick checks before a commit.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --all --check
cargo clippy --package kontor --all-targets -- -D warnings
(cd ui && npm run --silent check)
