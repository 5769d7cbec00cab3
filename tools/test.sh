#!/usr/bin/env bash
# Runs every test, in stages that are timed. A stage that outgrows its budget fails the run, so that the
# whole stays far below CI's limit. Every stage runs even after a failure: one run tells all.
set -uo pipefail
cd "$(dirname "$0")/.."
export CI="${CI:-true}" CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}" NO_COLOR=1
target="${CARGO_TARGET_DIR:-target}"
logs=target/test-logs
mkdir -p "$logs"
lines=() failures=()
minutes_max=45 # what CI allows for everything, cold

# stage NAME MINUTES COMMAND…   (the budget is for two cores and a cold cache)
stage() {
  local name="$1" budget="$2" log="$logs/${1// /-}" verdict=ok elapsed cpu
  shift 2
  printf '\n== %s: %s\n' "$name" "$*"
  TIMEFORMAT='%R %U %S'
  if ! { time "$@" < /dev/null > >(tee "$log.log") 2>&1; } 2> "$log.time"; then
    verdict=FAILED
    failures+=("$name")
  fi
  wait # for tee: what it still holds is counted at the end
  read -r elapsed cpu < <(awk '{ printf "%.1f %.1f\n", $1 / 60, ($2 + $3) / 60 }' "$log.time")
  if awk -v took="$elapsed" -v may="$budget" 'BEGIN { exit !(took > may) }'; then
    verdict="$verdict, OVER BUDGET"
    failures+=("$name took longer than $budget min")
  fi
  lines+=("$(printf '%-16s %5s min of %2d, %5s CPU min  %s' "$name" "$elapsed" "$budget" "$cpu" "$verdict")")
}

ui_tests() { (cd ui && npm run --silent check && npm test --silent); }
ui_build() { (cd ui && npm run --silent build); }

# The workspace is always built as a whole: selecting one package would change the features of shared
# dependencies, and compile half of them a second time.
rust_build() { cargo build --workspace --all-targets --locked; }
rust_tests() { cargo test --workspace --locked --test kontor --lib; }
# A server of their own: a rehearsal that is open at the desk is not theirs to touch.
vectors() {
  local home code
  home=$(mktemp -d "${TMPDIR:-/tmp}/kontor-vectors.XXXXXX")
  KONTOR_HOME="$home" "$target/debug/kontor" vectors tests/fixtures/golden.json
  code=$?
  rm -rf "$home"
  return $code
}
window_tests() {
  tools/on-screen.sh cargo test --workspace --locked --test kontor -- --ignored --test-threads 1 desktop::
}

# Sums "N passed" and "N failed" over what the test runners printed.
count() { cat "$logs"/*.log | grep -E "^test result:|^ *Tests  |^[0-9]+ passed, " | grep -oE "[0-9]+ $1" | awk '{ total += $1 } END { print total + 0 }'; }

rm -f "$logs"/*.log
stage "setup"         10 tools/setup.sh test
stage "format"         2 cargo fmt --all --check
stage "ui tests"       5 ui_tests
stage "ui build"       3 ui_build
stage "rust build"    24 rust_build
stage "rust lints"     8 cargo clippy --workspace --all-targets --locked -- -D warnings
stage "rust tests"    12 rust_tests
stage "golden vectors" 3 vectors
stage "window tests"   8 window_tests

[ "$SECONDS" -le $((minutes_max * 60)) ] || failures+=("everything took longer than $minutes_max min")
printf '\n'
printf '%s\n' "${lines[@]}"
printf '%-16s %5s min of %2d\n' everything "$(awk -v s="$SECONDS" 'BEGIN { printf "%.1f", s / 60 }')" "$minutes_max"
for failure in "${failures[@]}"; do printf 'failed: %s\n' "$failure"; done
passed=$(count passed) failed=$(count failed)
if [ "${#failures[@]}" -gt 0 ] && [ "$failed" = 0 ]; then failed=${#failures[@]}; fi
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
