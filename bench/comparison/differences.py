#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where two engines disagree: the (event, rule) pairs that only one of them found, by rule.

  differences.py number LANE TARGET          a copy of a lane whose events carry their line number
  differences.py compare LANE FIRST SECOND [--rules FOLDER ...] [--samples N]

An output is read by its shape: Catena's JSON lines (event.line and rule.id), lines of "LINE RULE",
or JSON lines that hold the numbered event itself under "event" and the rule under "rule_id".
Numbers are put into an event under the key below, which no rule names; use the numbered copy for
finding differences only, never for timing.
"""
import argparse
import collections
import json
import pathlib
import sys

NUMBER = "ComparisonLine"
SHORT = 160


def number(lane, target):
    with lane.open("rb") as source, target.open("wb") as numbered:
        for place, line in enumerate(source, 1):
            body = line.rstrip()
            numbered.write(body[:-1] + f',"{NUMBER}":"L{place}"}}\n'.encode())


def pair(line):
    """(line number, rule id) of one line of output, or None when it is no detection."""
    if not line.startswith(b"{"):
        words = line.split()
        return (int(words[0]), words[1].decode()) if len(words) == 2 else None
    found = json.loads(line)
    if found.get("kind") == "detection":
        return found["event"]["line"], found["rule"]["id"]
    if "rule_id" in found and NUMBER in (found.get("event") or {}):
        return int(found["event"][NUMBER][1:]), found["rule_id"]
    return None


def pairs(output):
    with output.open("rb") as lines:
        return {p for p in map(pair, lines) if p}


def events_at(lane, wanted):
    """The events on the wanted lines."""
    with lane.open("rb") as source:
        return {place: line for place, line in enumerate(source, 1) if place in wanted}


def rule_files(folders):
    """rule id -> file."""
    named = {}
    for folder in folders:
        for file in sorted(folder.rglob("*.yml")):
            for line in file.read_text(encoding="utf-8").splitlines():
                if line.startswith("id:"):
                    named.setdefault(line[3:].strip(), file)
    return named


def report(title, only, lane, named, samples):
    by_rule = collections.defaultdict(list)
    for place, rule in sorted(only):
        by_rule[rule].append(place)
    chosen = {place for places in by_rule.values() for place in places[:samples]}
    events = events_at(lane, chosen)
    print(f"## {title}: {len(only)} pairs, {len(by_rule)} rules")
    for rule, places in sorted(by_rule.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"{len(places):7} {rule} {named.get(rule, '')}")
        for place in places[:samples]:
            print(f"        line {place}: {events[place][:SHORT].decode('utf-8', 'replace')}")


def main():
    parser = argparse.ArgumentParser()
    verbs = parser.add_subparsers(dest="verb", required=True)
    numbering = verbs.add_parser("number")
    numbering.add_argument("lane", type=pathlib.Path)
    numbering.add_argument("target", type=pathlib.Path)
    comparing = verbs.add_parser("compare")
    comparing.add_argument("lane", type=pathlib.Path)
    comparing.add_argument("first", type=pathlib.Path)
    comparing.add_argument("second", type=pathlib.Path)
    comparing.add_argument("--rules", action="append", default=[], type=pathlib.Path)
    comparing.add_argument("--samples", type=int, default=0)
    options = parser.parse_args()
    if options.verb == "number":
        number(options.lane, options.target)
        return 0
    first, second = pairs(options.first), pairs(options.second)
    named = rule_files(options.rules)
    print(f"{options.first.name}: {len(first)} pairs; {options.second.name}: {len(second)} pairs; "
          f"both: {len(first & second)}")
    report(f"only {options.first.name}", first - second, options.lane, named, options.samples)
    report(f"only {options.second.name}", second - first, options.lane, named, options.samples)
    return 0


if __name__ == "__main__":
    sys.exit(main())
