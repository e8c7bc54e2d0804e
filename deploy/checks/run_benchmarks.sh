#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run_benchmarks.sh BUILD_DIR [--log | --micro [google-benchmark options]]
# Prints one page: every lane of generated events, so it runs on a bare machine in two minutes.
#   --log    keeps the results in bench/log/DATE-COMMIT.jsonl too
#   --micro  runs the micro benchmarks instead (bench/micro)
# CATENA_BENCH_RULES="PATH…" measures with those rules instead of the built-in ones.
set -euo pipefail
build=${1:?usage: run_benchmarks.sh BUILD_DIR [--log | --micro [options]]}
shift
root=$(cd "$(dirname "$0")/../.." && pwd)

if [ "${1:-}" = --micro ]; then
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
  exit 0
fi

commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
[ -z "$(git -C "$root" status --porcelain 2>/dev/null)" ] || commit="$commit-changed"
log=/dev/null
if [ "${1:-}" = --log ]; then
  mkdir -p "$root/bench/log"
  log="$root/bench/log/$(date -u +%F)-$commit.jsonl"
  : >"$log"
fi

rules=()
for path in ${CATENA_BENCH_RULES:-}; do rules+=(--rules "$path"); done

cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
echo "catena $commit on ${cpu:-an unknown processor}, $(nproc) cores, $(date -u +%FT%TZ)"
echo "read, decode, match, detect: ns/event. x walk: time as a multiple of a raw JSON walk of the"
echo "same bytes in the same run. alloc: allocations an event. MB: peak memory without the events."
printf '%-9s %-24s %2s %10s %8s %7s %7s %7s %7s %6s %9s %7s %7s\n' \
  bench lane T events/s MB/s read decode match detect "x walk" cand/evt alloc MB

# One measurement: the line for people from the program, the JSON for the log.
lane() {
  "$build/catena-bench" bench "$@" ${rules[@]+"${rules[@]}"} --label "$commit" --table --result "$log"
}

lane parse --mix windows --events 20000
lane match --mix windows --events 20000
lane match --mix process --events 20000
lane match --mix linux --events 50000
lane match --mix cloud --events 50000
lane match --mix all --events 20000
lane match --mix windows --events 20000 --size small
lane match --mix windows --events 20000 --size big
if [ "$(nproc)" -gt 1 ]; then
  lane match --mix windows --events 20000 --threads 2
fi
lane pipeline --mix windows --events 50000
[ "$log" = /dev/null ] || echo "kept in ${log#"$root"/}"
