#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `make test`: builds with g++ (release) and with clang under AddressSanitizer and
# UndefinedBehaviorSanitizer, runs every test in both, and closes with one count of all cases.
# Test suites that need reference material beside the clone find it in ../shared or CATENA_SHARED,
# and are skipped, and counted as skipped, without it.
set -uo pipefail
cd "$(dirname "$(realpath "$0")")/../.."
jobs=${JOBS:-$(nproc)}
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=print_suppressions=0

run() {  # run PRESET
  echo "== $1: configure and build (${SECONDS} s)"
  cmake --preset "$1" >"build/$1.configure.log" 2>&1 || {
    cat "build/$1.configure.log"
    echo "configuring $1 failed"
    exit 1
  }
  cmake --build --preset "$1" -j "$jobs" || { echo "building $1 failed"; exit 1; }
  rm -rf "build/$1/test-results"
  mkdir -p "build/$1/test-results"
  echo "== $1: tests (${SECONDS} s)"
  ctest --test-dir "build/$1" -j "$jobs" --output-on-failure --no-tests=error \
    --output-junit test-results/ctest.xml || true  # the tally below judges
}

mkdir -p build
run release
run asan
echo "== done after ${SECONDS} s"
python3 -B deploy/checks/tally.py release=build/release asan=build/asan
