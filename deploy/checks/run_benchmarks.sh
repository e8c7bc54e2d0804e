#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run_benchmarks.sh BUILD_DIR [google-benchmark options]: runs every built micro benchmark.
set -euo pipefail
build=${1:?usage: run_benchmarks.sh BUILD_DIR [options]}
shift
shopt -s nullglob
programs=("$build"/bench/*_bench)
if [ ${#programs[@]} -eq 0 ]; then
  echo "no benchmarks built in $build/bench" >&2
  exit 1
fi
for program in "${programs[@]}"; do
  echo "== $(basename "$program")"
  "$program" "$@"
done
