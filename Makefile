# SPDX-License-Identifier: Apache-2.0
# A thin front door: CMake (CMakePresets.json) does the work, deploy/ holds the scripts.
JOBS ?= $(shell nproc)
TIME ?= 60
PREFIX ?= /usr/local

.PHONY: all deps demo test test-interop bench bench-micro fuzz fuzz-nightly mutants coverage tidy format install clean help
.DEFAULT_GOAL := all

all: ## build the release binary, build/release/catena
	@deploy/install-deps.sh --check
	cmake --preset release
	cmake --build --preset release -j $(JOBS) --target catena

deps: ## install the Debian packages the build needs (asks for root once)
	deploy/install-deps.sh

demo: deps ## build, then tell an attack on an online shop as one incident chain
	@$(MAKE) --no-print-directory all
	deploy/demo.sh

test: ## everything CI checks; closes with "N passed, N failed, N skipped"
	deploy/install-deps.sh --test
	JOBS=$(JOBS) deploy/checks/test_all.sh

test-interop: ## receivers against rsyslog, syslog-ng and other senders, fetched into build/interop
	@deploy/install-deps.sh --check
	cmake --preset release
	cmake --build --preset release -j $(JOBS) --target receiver_host
	tests/interop/fetch.sh build/interop
	tests/interop/run.py --host build/release/tests/receiver_host --senders build/interop

bench: ## measure every lane and print one page (make bench LOG=1 keeps it in bench/log)
	@deploy/install-deps.sh --check
	cmake --preset release
	cmake --build --preset release -j $(JOBS) --target catena-bench
	deploy/checks/run_benchmarks.sh build/release $(if $(LOG),--log)

bench-micro: ## build and run the micro benchmarks (bench/micro)
	@deploy/install-deps.sh --check
	cmake --preset release
	cmake --build --preset release -j $(JOBS) --target benchmarks
	deploy/checks/run_benchmarks.sh build/release --micro

fuzz: ## fuzz every parser for TIME seconds each (make fuzz TIME=600)
	@deploy/install-deps.sh --test --check
	cmake --preset fuzz
	cmake --build --preset fuzz -j $(JOBS) --target fuzzers
	tests/fuzz/run.sh build/fuzz $(TIME)

fuzz-nightly: ## fuzz the twins against each other for an hour each, figures printed (TIME=3600)
	@deploy/install-deps.sh --test --check
	cmake --preset fuzz
	cmake --build --preset fuzz -j $(JOBS) --target differential_fuzzers
	tests/fuzz/nightly.py build/fuzz --seconds $(if $(filter file,$(origin TIME)),3600,$(TIME))

mutants: ## put 40 mistakes into a copy of the tree, one at a time; the tests must notice 38
	@deploy/install-deps.sh --test --check
	tests/mutation/run.py --jobs $(JOBS)

coverage: ## line coverage of rules/ and others by their tests, folder by folder (slow)
	@deploy/install-deps.sh --test --check
	cmake --preset coverage
	cmake --build --preset coverage -j $(JOBS) --target coverage_programs
	deploy/checks/coverage.py build/coverage --at-least rules=90

tidy: ## clang-tidy over the product code (slow; .clang-tidy)
	@deploy/install-deps.sh --test --check
	cmake --preset asan
	cmake --build --preset asan -j $(JOBS) --target catena
	run-clang-tidy-14 -quiet -j $(JOBS) -p build/asan '^$(CURDIR)/(engine|rules|connectors|storage)/' \
	  >build/tidy.log 2>&1 || \
	  { sed 's/\x1b\[[0-9;]*m//g' build/tidy.log | grep -E '(warning|error): ' | sort -u; exit 1; }
	@echo "tidy: nothing to say"

format: ## clang-format every source file in place
	deploy/checks/format.py --fix

install: all ## copy the binary to PREFIX/bin (default /usr/local); DESTDIR is honoured
	cmake --install build/release --prefix $(PREFIX) --component catena

clean: ## remove the build folder
	rm -rf build

help: ## this text
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18
