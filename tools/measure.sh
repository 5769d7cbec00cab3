#!/usr/bin/env bash
# Measures a release build: cold start to the first screen with data, memory, and the installed package.
#   tools/measure.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")/.."
# Books of its own, so that nobody's demo is touched.
export KONTOR_HOME="${KONTOR_HOME:-/var/tmp/kontor-measure-$(id -u)}"
mkdir -p "$KONTOR_HOME"

tools/setup.sh test
(cd ui && npm run --silent build)
cargo build --release --workspace --bins --locked
target="$(realpath "${CARGO_TARGET_DIR:-target}")"
# Only the bundler: cargo has built what it packs, the command line among it.
npx --yes @tauri-apps/cli@2.12.5 bundle --bundles deb \
  --config "{\"bundle\":{\"linux\":{\"deb\":{\"files\":{\"/usr/bin/kontor\":\"$target/release/kontor\"}}}}}"
package=$(ls -t "$target"/release/bundle/deb/*.deb | head -1)
installed=$(dpkg-deb --field "$package" Installed-Size)
echo "package: $(basename "$package") $(du --apparent-size -k "$package" | cut -f1) kB, installed $installed kB"
echo "program: $(du --apparent-size -k "$target/release/kontor-desktop" | cut -f1) kB"

"$target/release/kontor" demo
echo "with the private server started by the window:"
tools/on-screen.sh node tools/measure.mjs "$target/release/kontor-desktop" "${1:-5}"
echo "with the server already running:"
"$target/release/kontor" db start
tools/on-screen.sh node tools/measure.mjs "$target/release/kontor-desktop" "${1:-5}"
"$target/release/kontor" db stop
