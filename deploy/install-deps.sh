#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installs what Catena needs from Debian's own packages, and nothing from anywhere else.
#
#   deploy/install-deps.sh           to build and run (make, make demo, make bench)
#   deploy/install-deps.sh --test    also what `make test` needs: clang, sanitizers, formatters
#   deploy/install-deps.sh --check   installs nothing; exits 1 and names what is missing
#   deploy/install-deps.sh --list    prints the packages with the reason for each
#
# Safe to run again: with everything in place it prints one line and touches nothing.
set -euo pipefail

# package | why
build_packages="
g++ | compiler: C++20
make | the front door: make, make demo, make test
cmake | build description
ninja-build | runs the build
ccache | a second build takes seconds
pkg-config | finds the libraries below
libsimdjson-dev | JSON records
libyaml-dev | rules and mapping packs
libre2-dev | regular expressions in linear time
libvectorscan-dev | thousands of literals in one pass
librocksdb-dev | the incident store
libcli11-dev | the command line
libutf8proc-dev | Unicode case folding
libxxhash-dev | content-derived ids
libzstd-dev | reads .zst log files, compresses the journal
zlib1g-dev | reads .gz log files
libgtest-dev | tests (configured with the build)
libbenchmark-dev | benchmarks (configured with the build)
libboost-dev | receivers: network (Asio) and HTTP (Beast); ids of STIX objects (Uuid); a benchmark's yardstick
libssl-dev | TLS of receivers, hashes of tokens
"
test_packages="
git | tests work on a clone
python3 | test runners and source checks
clang-14 | second compiler: sanitizers and fuzzers
libclang-rt-14-dev | address and undefined-behaviour sanitizers, libFuzzer
clang-format-14 | format check
clang-tidy-14 | make tidy
llvm-14 | make coverage
unzip | unpacks the recorded log archives
curl | asks the daemon what an operator would ask it
"

usage() { sed -n '3,9s/^# \{0,1\}//p' "$0"; }

mode=install
wanted="$build_packages"
for argument in "$@"; do
  case "$argument" in
    --test) wanted="$wanted$test_packages" ;;
    --check) mode=check ;;
    --list) mode=list ;;
    -h | --help) usage; exit 0 ;;
    *) echo "install-deps: unknown option '$argument' (see --help)" >&2; exit 2 ;;
  esac
done

if [ "$mode" = list ]; then
  echo "$wanted" | sed -n 's/^\([^ ]*\) | \(.*\)$/\1\t\2/p' | sort | expand -t 24
  exit 0
fi

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "install-deps: this is not a Debian system (no dpkg-query or apt-get); install by hand:" >&2
  echo "$wanted" | sed -n 's/^\([^ ]*\) | \(.*\)$/  \1\t\2/p' | expand -t 26 >&2
  exit 1
fi

# One dpkg-query for all names; a name it does not know is missing too.
names=$(echo "$wanted" | sed -n 's/^\([^ ]*\) | .*$/\1/p')
# shellcheck disable=SC2086  # one word per package is meant
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $names 2>/dev/null |
  sed -n 's/^installed //p' || true)
missing=()
while IFS= read -r name; do
  grep -qxF -- "$name" <<<"$installed" || missing+=("$name")
done <<<"$names"

if [ "${#missing[@]}" -eq 0 ]; then
  echo "install-deps: all $(wc -w <<<"$names") packages are in place"
  exit 0
fi

echo "install-deps: ${#missing[@]} of $(wc -w <<<"$names") packages are missing:"
for name in "${missing[@]}"; do
  echo "$wanted" | sed -n "s/^\($name\) | \(.*\)\$/  \1\t\2/p" | expand -t 26
done

if [ "$mode" = check ]; then
  echo "install-deps: run deploy/install-deps.sh to install them" >&2
  exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "install-deps: installing packages needs root and sudo is not here; run this as root" >&2
    exit 1
  fi
  echo "install-deps: sudo is needed for one thing: apt-get installs these packages system-wide"
  as_root=(sudo)
fi

apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"; }
if ! apt update; then
  echo "install-deps: apt-get update failed; the package lists may be old, trying all the same" >&2
fi
if ! apt install --yes --no-install-recommends "${missing[@]}"; then
  echo "install-deps: apt-get could not install: ${missing[*]}" >&2
  echo "install-deps: Catena is built for Debian 12 (bookworm) with the 'main' section enabled" >&2
  exit 1
fi
echo "install-deps: done"
