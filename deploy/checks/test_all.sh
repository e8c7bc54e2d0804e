#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `make test`: builds with g++ (release) and with clang under AddressSanitizer and
# UndefinedBehaviorSanitizer, runs every test in both, runs what has threads under ThreadSanitizer as
# well, and closes with one count of all cases.
# Test suites that need reference material beside the clone find it in ../shared or CATENA_SHARED,
# and are skipped, and counted as skipped, without it.
set -uo pipefail
cd "$(dirname "$(realpath "$0")")/../.."
jobs=${JOBS:-$(nproc)}
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=print_suppressions=0


run() {  # run PRESET TARGETS REGEX: builds the targets and runs the tests whose names match
  local preset=$1 targets=$2 tests=$3
  echo "== $preset: configure and build (${SECONDS} s)"
  cmake --preset "$preset" >"build/$preset.configure.log" 2>&1 || {
    cat "build/$preset.configure.log"
    echo "configuring $preset failed"
    exit 1
  }
  # shellcheck disable=SC2086  # several targets are several words
  cmake --build --preset "$preset" -j "$jobs" --target $targets || {
    echo "building $preset failed"
    exit 1
  }
  rm -rf "build/$preset/test-results"
  mkdir -p "build/$preset/test-results"
  echo "== $preset: tests (${SECONDS} s)"
  ctest --test-dir "build/$preset" -j "$jobs" -R "$tests" --output-on-failure --no-tests=error \
    --output-junit test-results/ctest.xml || true  # the tally below judges
}

mkdir -p build
run release all .
run asan all .
run tsan "catena unit_engine_pipeline unit_engine_match" \
  '^(unit_engine_pipeline|unit_engine_match|command_line)$'
echo "== done after ${SECONDS} s"
python3 -B deploy/checks/tally.py release=build/release asan=build/asan tsan=build/tsan
