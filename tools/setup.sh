#!/usr/bin/env bash
# Gets a machine ready: system packages, then the UI's packages. Safe to run again: the second run does nothing.
#   tools/setup.sh demo   what the window needs (and a virtual screen where there is no display)
#   tools/setup.sh test   everything the tests need as well
set -euo pipefail
cd "$(dirname "$0")/.."
purpose="${1:-demo}"

say() { printf '%s\n' "$*"; }
stop() { say "setup: $*" >&2; exit 1; }

newest_postgres() { # prints the newest usable bin folder, or nothing
  local folder
  if [ -n "${KONTOR_PG_BIN:-}" ]; then say "$KONTOR_PG_BIN"; return; fi
  for major in 18 17 16 15; do
    for folder in "/usr/lib/postgresql/$major/bin" "/opt/homebrew/opt/postgresql@$major/bin" "/usr/local/opt/postgresql@$major/bin"; do
      if [ -x "$folder/postgres" ] && [ -x "$folder/initdb" ]; then say "$folder"; return; fi
    done
  done
}

check_languages() {
  command -v cargo >/dev/null || stop "Rust is missing. Install it from https://rustup.rs and open a new terminal."
  command -v node >/dev/null && command -v npm >/dev/null ||
    stop "Node.js is missing. Install version 20.19 or newer from https://nodejs.org or your distribution."
  node -e 'const [a,b]=process.versions.node.split(".").map(Number); process.exit(a>20||(a===20&&b>=19)?0:1)' ||
    stop "Node.js $(node --version) is too old: 20.19 or newer is needed."
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; return; fi
  command -v sudo >/dev/null || stop "sudo is missing; run this as root:  $*"
  say "setup: running  sudo $*"
  sudo "$@"
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
}

# Debian's postgresql package starts a cluster of its own on installation. Kontor needs only the
# programs, so a machine that never had Postgres is told not to make one; a machine that has is left alone.
install_postgres() {
  if ! installed postgresql-common; then
    apt_install postgresql-common
    as_root sh -c 'mkdir -p /etc/postgresql-common/createcluster.d && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.d/kontor.conf'
  fi
  apt_install postgresql
  [ -n "$(newest_postgres)" ] ||
    stop "this distribution's PostgreSQL is older than 15. Add https://apt.postgresql.org and install postgresql-18, or set KONTOR_PG_BIN to a folder with initdb, pg_ctl and postgres."
}

debian_packages() {
  local wanted=(build-essential pkg-config curl libwebkit2gtk-4.1-dev librsvg2-dev fonts-noto-cjk)
  local missing=() name
  if [ "$purpose" = test ] || { [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; }; then
    wanted+=(webkit2gtk-driver xvfb xauth dbus-x11)
  fi
  if [ "$purpose" = test ]; then
    wanted+=(imagemagick poppler-utils zbar-tools cups cups-client printer-driver-cups-pdf xclip xdotool python3-gi gir1.2-gtk-3.0 gnome-keyring dunst)
  fi
  for name in "${wanted[@]}"; do installed "$name" || missing+=("$name"); done
  if [ ${#missing[@]} -eq 0 ] && [ -n "$(newest_postgres)" ]; then return; fi
  say "setup: will install with apt: ${missing[*]} $([ -n "$(newest_postgres)" ] || say postgresql)"
  as_root apt-get -o DPkg::Lock::Timeout=300 update
  if [ ${#missing[@]} -gt 0 ]; then apt_install "${missing[@]}"; fi
  if [ -z "$(newest_postgres)" ]; then install_postgres; fi
}

other_systems() {
  [ -n "$(newest_postgres)" ] && return
  case "$(uname -s)" in
    Darwin) stop "PostgreSQL 15 or newer is missing: brew install postgresql@18 (the window itself needs Xcode's command line tools: xcode-select --install)." ;;
    *) stop "install these with your package manager, then run this again: PostgreSQL 15-18 (server programs), WebKitGTK 4.1 and librsvg with their headers, a C compiler, pkg-config, Noto Sans CJK; for the tests also WebKitWebDriver, Xvfb, dbus, ImageMagick, poppler, zbar, CUPS with its PDF printer, xclip, xdotool, PyGObject with GTK 3, gnome-keyring, dbus-monitor, dunst." ;;
  esac
}

ui_packages() {
  local stamp=ui/node_modules/.kontor-lock
  if [ -f "$stamp" ] && cmp -s ui/package-lock.json "$stamp"; then return; fi
  say "setup: installing the UI's packages"
  (cd ui && npm ci --no-audit --no-fund)
  cp ui/package-lock.json "$stamp"
}

check_languages
if command -v apt-get >/dev/null; then debian_packages; else other_systems; fi
ui_packages
