#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up the test cases of finished ctest runs: tally.py NAME=BUILD_DIR…

Each run left BUILD_DIR/test-results/ctest.xml (ctest --output-junit). An entry that also left
test-results/ENTRY.xml (GoogleTest or tests/support/junit.py) counts case by case; any other entry
counts as one. An entry that failed without a failed case (a crash, a leak at exit) is one failure.
The last line is 'N passed, N failed, N skipped'; exit 1 when anything failed or nothing ran.
"""
import collections
import pathlib
import sys
import xml.etree.ElementTree as ET


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = []                               # names
        self.skipped = collections.defaultdict(list)   # reason -> names


def add_cases(tally, entry_name, path):
    """Counts the cases of one JUnit file; how many failed."""
    failed_before = len(tally.failed)
    for case in ET.parse(path).getroot().iter("testcase"):
        name = ".".join(filter(None, (entry_name, case.get("classname"), case.get("name"))))
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            tally.failed.append(name)
        elif skipped is not None:
            text = skipped.get("message") or skipped.text or ""
            lines = [line for line in text.strip().splitlines() if line]
            tally.skipped[lines[-1] if lines else "no reason given"].append(name)
        elif case.get("status") == "notrun":
            tally.skipped["disabled"].append(name)
        else:
            tally.passed += 1
    return len(tally.failed) - failed_before


def add_entry(tally, run, entry, results):
    name = f"{run}: {entry.get('name')}"
    status = entry.get("status")
    cases = results / f"{entry.get('name')}.xml"
    skipped = entry.find("skipped")
    # ctest says "skipped" of a program that is not there, too; only SKIP_… was asked for.
    if status == "disabled" or (skipped is not None and skipped.get("message").startswith("SKIP_")):
        printed = (entry.findtext("system-out") or "").strip().splitlines()
        tally.skipped[printed[-1] if printed else f"{entry.get('name')} cannot run here"].append(name)
        return
    failed_cases = 0
    if cases.exists():
        try:
            failed_cases = add_cases(tally, name, cases)
        except ET.ParseError as error:
            tally.failed.append(f"{name} (results unreadable: {error})")
            return
    elif status == "run":
        tally.passed += 1
    if status != "run" and failed_cases == 0:
        tally.failed.append(f"{name} (its output is above)" if status == "fail"
                            else f"{name} was not built")


def add_run(tally, run, build):
    results = pathlib.Path(build) / "test-results"
    try:
        entries = list(ET.parse(results / "ctest.xml").getroot().iter("testcase"))
    except (OSError, ET.ParseError) as error:
        tally.failed.append(f"{run}: no test results ({error})")
        return
    for entry in entries:
        add_entry(tally, run, entry, results)


def main(arguments):
    if not arguments or any("=" not in argument for argument in arguments):
        print(__doc__, file=sys.stderr)
        return 2
    tally = Tally()
    for argument in arguments:
        run, _, build = argument.partition("=")
        add_run(tally, run, build)
    for reason, names in tally.skipped.items():
        print(f"skipped {len(names)}: {reason} (first: {names[0]})")
    for name in tally.failed:
        print(f"FAILED {name}")
    skipped = sum(map(len, tally.skipped.values()))
    print(f"{tally.passed} passed, {len(tally.failed)} failed, {skipped} skipped")
    return 0 if tally.passed and not tally.failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
