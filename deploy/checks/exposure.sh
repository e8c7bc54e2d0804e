#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Fails when the exposure of the systemd unit, as systemd-analyze scores it, is above 1.5.
# Exit 77: systemd-analyze is not here, or cannot look at a unit that is not installed.
set -euo pipefail
unit="${1:-$(dirname "$0")/../systemd/catena.service}"
most=1.5
if ! command -v systemd-analyze >/dev/null; then
  echo "exposure: skipped, systemd-analyze is not installed"
  exit 77
fi
if ! table=$(systemd-analyze security --offline=true --no-pager "$unit" 2>&1); then
  echo "exposure: skipped, systemd-analyze cannot read a unit offline: ${table##*$'\n'}"
  exit 77
fi
score=$(sed -n 's/.*Overall exposure level for [^:]*: \([0-9.]*\) .*/\1/p' <<<"$table")
[ -n "$score" ] || { echo "exposure: no score in what systemd-analyze says"; exit 1; }
echo "exposure: $score (at most $most)"
awk -v score="$score" -v most="$most" 'BEGIN { exit !(score <= most) }'
