#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# deploy/demo.sh [--catena PROGRAM]: an attack on an online shop, told as one incident chain.
# Reads the synthetic logs of tests/behaviour/apparel-shop with the starter rules into a fresh
# store that is gone afterwards.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
catena=build/release/catena
if [ "${1:-}" = --catena ]; then
  catena=${2:?--catena needs a program}
fi
rules=rules/packs/starter
scenario=tests/behaviour/apparel-shop
[ -x "$catena" ] || { echo "demo: $catena is not built; run 'make demo'" >&2; exit 1; }
[ -d "$rules" ] && [ -d "$scenario" ] || { echo "demo: $rules or $scenario is missing" >&2; exit 1; }

if [ -d "$scenario/events" ]; then
  files=("$scenario"/events/*)
else
  files=()
  for file in "$scenario"/*; do
    case "$(basename "$file")" in
      expected.jsonl | case.json | README.md) ;;
      *) if [ -f "$file" ]; then files+=("$file"); fi ;;
    esac
  done
fi

scratch=$(mktemp -d "${TMPDIR:-/tmp}/catena-demo.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
store=$scratch/store

say() { printf '\n$ %s\n' "$*"; }

say "catena scan --rules $rules --store STORE $scenario/…"
"$catena" scan --rules "$rules" --store "$store" "${files[@]}"

say "catena incidents list --store STORE"
"$catena" incidents list --store "$store"

# The chain with the highest score.
top=$("$catena" incidents list --store "$store" --format jsonl | awk '
  match($0, /"id":"[^"]*"/) {
    id = substr($0, RSTART + 6, RLENGTH - 7)
    score = match($0, /"score":[-0-9.eE+]*/) ? substr($0, RSTART + 8, RLENGTH - 8) + 0 : 0
    if (best == "" || score > high) { best = id; high = score }
  }
  END { print best }')
[ -n "$top" ] || { echo "demo: no incident was found" >&2; exit 1; }

say "catena incidents show $top --store STORE"
"$catena" incidents show "$top" --store "$store"
