#!/usr/bin/env bash
# The quick checks before a commit.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --all --check
# The window carries its pages: without any it does not even compile.
[ -f ui/dist/index.html ] || (cd ui && npm run --silent build)
cargo clippy --workspace --all-targets -- -D warnings
(cd ui && npm run --silent check)
