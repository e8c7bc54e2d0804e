#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tests/fuzz/run.sh BUILD_DIR [SECONDS [NAME…]]: fuzzes each target for that long (make fuzz).
# New inputs go to BUILD_DIR/fuzz-corpus/NAME, crashes to BUILD_DIR/fuzz-artifacts.
set -euo pipefail
build=$(realpath "${1:?usage: run.sh BUILD_DIR [SECONDS [NAME...]]}")
seconds=${2:-60}
shift $(($# < 2 ? $# : 2))
here=$(dirname "$(realpath "$0")")
mkdir -p "$build/fuzz-artifacts"
failed=()
for source in "$here"/*_fuzz.cc; do
  [ -e "$source" ] || { echo "no fuzz targets"; exit 0; }
  name=$(basename "$source" _fuzz.cc)
  if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then continue; fi
  echo "== $name, $seconds s"
  mkdir -p "$build/fuzz-corpus/$name"
  options=(-max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1
           -artifact_prefix="$build/fuzz-artifacts/$name-")
  [ -e "$here/dict/$name.dict" ] && options+=(-dict="$here/dict/$name.dict")
  "$build/tests/fuzz/${name}_fuzz" "${options[@]}" "$build/fuzz-corpus/$name" \
    "$here/corpus/$name" 2>&1 | tail -n 25 || failed+=("$name")
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "crashed or failed: ${failed[*]} (inputs in $build/fuzz-artifacts)" >&2
  exit 1
fi
