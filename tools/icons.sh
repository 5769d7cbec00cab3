#!/usr/bin/env bash
# Draws the icon set: a K whose lower arm is the two even strokes of a balance.
# Needed only when the mark itself changes: the PNGs are committed, so a build needs no drawing program.
set -euo pipefail
cd "$(dirname "$0")/../src-tauri/icons"
draw() { # $1 = pixels, $2 = file; drawn large and reduced, for clean edges
  convert -size 2048x2048 xc:none \
    -fill '#2457d6' -draw 'roundrectangle 96,96 1951,1951 416,416' \
    -fill white -draw 'roundrectangle 560,496 768,1552 40,40' \
    -draw 'polygon 872,1056 1280,496 1560,496 1136,1080 872,1080' \
    -draw 'roundrectangle 1000,1180 1552,1320 32,32' \
    -draw 'roundrectangle 1000,1412 1552,1552 32,32' \
    -resize "$1x$1" -strip "png32:$2"
}
draw 32 32x32.png
draw 128 128x128.png
draw 256 128x128@2x.png
draw 512 icon.png
convert icon.png -define icon:auto-resize=256,64,48,32,16 icon.ico
