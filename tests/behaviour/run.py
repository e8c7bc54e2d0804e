#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the behaviour cases: folders of rules, events and what must be found (README.md beside).

  run.py [--catena PROGRAM] [--junit FILE] [CASE…]     run all cases, or those named
  run.py --show CASE                                   print the detections in expected.jsonl's form
"""
import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
import junit  # noqa: E402

TIMEOUT_SECONDS = 300
NOT_EVENTS = {"expected.jsonl", "case.json", "README.md"}
CASE_KEYS = {"about", "rules", "events", "alerts", "arguments", "exit", "detections"}


class CaseError(Exception):
    """The case does not hold; the text says where and why."""


# --- reading a case ---------------------------------------------------------------------------

def read_json_lines(text, place):
    result = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            result.append(json.loads(line))
        except ValueError as error:
            raise CaseError(f"{place}:{number}: not JSON: {error}: {line[:200]}") from None
    return result


def read_options(folder):
    path = folder / "case.json"
    options = json.loads(path.read_text()) if path.exists() else {}
    unknown = set(options) - CASE_KEYS
    if unknown:
        raise CaseError(f"case.json: unknown key {sorted(unknown)[0]}")
    if options.get("detections", "exactly") not in ("exactly", "at least"):
        raise CaseError("case.json: detections is 'exactly' or 'at least'")
    return options


def rule_paths(folder, options):
    """What to give to --rules; a path under packs/ is the project's own content."""
    if "rules" not in options:
        return ["rules"] if (folder / "rules").is_dir() else []
    return [str(ROOT / "rules" / path) if path.startswith("packs/") else path
            for path in options["rules"]]


def event_files(folder, options):
    """Relative to the case folder, in reading order."""
    if "events" in options:
        return options["events"]
    inner = folder / "events"
    found = [path for path in (inner if inner.is_dir() else folder).iterdir()
             if path.is_file() and path.name not in NOT_EVENTS]
    if not found:
        raise CaseError("no event files")
    return sorted(path.relative_to(folder).as_posix() for path in found)


# --- running the program ----------------------------------------------------------------------

def run(catena, folder, arguments, exit_code=0):
    command = [str(catena), *arguments]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=TIMEOUT_SECONDS,
                              stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        raise CaseError(f"still running after {TIMEOUT_SECONDS} s: {' '.join(command)}") from None
    if done.returncode != exit_code:
        errors = done.stderr.decode(errors="replace")[-2000:]
        raise CaseError(f"exit {done.returncode}, expected {exit_code}: {' '.join(command)}\n{errors}")
    return done.stdout.decode(errors="replace")


class Scan:
    """What one `catena scan --format jsonl` printed."""

    def __init__(self, text, folder):
        lines = read_json_lines(text, "output")
        for line in lines:
            if line.get("schema") != 1 or line.get("kind") not in ("detection", "chain", "summary"):
                raise CaseError(f"output line without a known kind and schema: {str(line)[:200]}")
        if not lines or lines[-1]["kind"] != "summary":
            raise CaseError("the last line of the output is not the summary")
        self.detections = [line for line in lines if line["kind"] == "detection"]
        self.chains = [line for line in lines if line["kind"] == "chain"]
        self.summary = lines[-1]
        for detection in self.detections:
            event = detection["event"]
            event["source"] = os.path.relpath(folder / event["source"], folder)
        by_id = {detection["id"]: detection for detection in self.detections}
        for chain in self.chains:
            chain["step_detections"] = [by_id[step] for step in chain["steps"] if step in by_id]


def check_invariants(scan):
    """True of every scan, whatever the case is about."""
    summary = scan.summary
    if summary["events"] != summary["evaluated"] + summary["dead_letters"]:
        raise CaseError(f"events are not evaluated + dead letters: {summary}")
    for name, found in (("detections", scan.detections), ("chains", scan.chains)):
        if summary[name] != len(found):
            raise CaseError(f"the summary counts {summary[name]} {name}, {len(found)} were printed")
    steps = collections.Counter(step for chain in scan.chains for step in chain["steps"])
    ids = collections.Counter(detection["id"] for detection in scan.detections)
    if steps != ids:
        raise CaseError("not every detection is a step of exactly one chain: "
                        f"{list((steps - ids) + (ids - steps))[:3]}")


# --- comparing --------------------------------------------------------------------------------

def holds(expected, actual):
    """Objects: the expected keys; lists: the expected items in that order; the rest: equal."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            key in actual and holds(value, actual[key]) for key, value in expected.items())
    if isinstance(expected, list):
        rest = iter(actual if isinstance(actual, list) else ())
        return all(any(holds(wanted, candidate) for candidate in rest) for wanted in expected)
    return expected == actual


def tactics_in_order(expected, chain):
    """Whether the tactics (alternatives as A/B) first appear in this order along the steps."""
    last = 0
    for alternatives in expected:
        wanted = set(alternatives.split("/"))
        first = next((index for index, step in enumerate(chain["step_detections"])
                      if wanted & set(step["attack"]["tactics"])), None)
        if first is None or first < last:
            return False
        last = first
    return True


def chain_holds(expected, chain):
    expected = dict(expected)
    step_count = expected.pop("step_count", len(chain["steps"]))
    tactics = expected.pop("tactics", [])
    return (step_count == len(chain["steps"]) and tactics_in_order(tactics, chain)
            and holds(expected, chain))


def key_of(source, line, rule):
    return f"{source}:{line} {rule}"


def compare_detections(wanted, scan, exactly):
    remaining = collections.defaultdict(list)
    titles = {}
    for detection in scan.detections:
        event, rule = detection["event"], detection["rule"]
        key = key_of(event["source"], event["line"], rule["id"])
        remaining[key].append(detection)
        titles[key] = rule["title"]
    problems = []
    for line in wanted:
        key = key_of(line["source"], line["line"], line["rule"])
        rest = {name: value for name, value in line.items() if name not in ("source", "line", "rule")}
        match = next((found for found in remaining[key] if holds(rest, found)), None)
        if match is None:
            problems.append(f"missing: {key} {json.dumps(rest) if rest else ''}".rstrip())
        else:
            remaining[key].remove(match)
    if exactly:
        problems += [f"unexpected: {key} ({titles[key]})" for key, found in remaining.items()
                     for _ in found]
    return problems


def compare(expected, scan, exactly):
    """Every expectation that does not hold, one text each."""
    problems = compare_detections([line for line in expected if "rule" in line], scan, exactly)
    free_chains = list(scan.chains)
    for line in expected:
        if "rule" in line:
            continue
        if set(line) == {"chains"}:
            if line["chains"] != len(scan.chains):
                problems.append(f"{len(scan.chains)} chains, expected {line['chains']}")
        elif set(line) == {"summary"}:
            if not holds(line["summary"], scan.summary):
                problems.append(f"summary is {scan.summary}, expected {line['summary']}")
        elif set(line) == {"chain"}:
            match = next((chain for chain in free_chains if chain_holds(line["chain"], chain)), None)
            if match is None:
                problems.append(f"no chain like {json.dumps(line['chain'])}")
            else:
                free_chains.remove(match)
        else:
            problems.append(f"expected.jsonl: cannot read {json.dumps(line)}")
    return problems


# --- the cases --------------------------------------------------------------------------------

def scan_case(catena, folder, store):
    options = read_options(folder)
    arguments = ["scan", "--format", "jsonl", "--store", store]
    for path in rule_paths(folder, options):
        arguments += ["--rules", path]
    for path in options.get("alerts", []):
        arguments += ["--alerts", path]
    arguments += options.get("arguments", []) + event_files(folder, options)
    return options, arguments, run(catena, folder, arguments, options.get("exit", 0))


def run_case(catena, folder):
    expected_path = folder / "expected.jsonl"
    if not expected_path.exists():
        raise CaseError("expected.jsonl is missing")
    expected = read_json_lines(expected_path.read_text(), "expected.jsonl")
    with tempfile.TemporaryDirectory(prefix="catena-behaviour-") as scratch:
        store = os.path.join(scratch, "store")
        options, arguments, output = scan_case(catena, folder, store)
        scan = Scan(output, folder)
        check_invariants(scan)
        problems = compare(expected, scan, options.get("detections", "exactly") == "exactly")
        if problems:
            raise CaseError("\n".join(problems))
        # Reading the same input again changes nothing.
        listing = ["incidents", "list", "--store", store, "--format", "jsonl"]
        before = run(catena, folder, listing)
        run(catena, folder, arguments, options.get("exit", 0))
        if run(catena, folder, listing) != before:
            raise CaseError("scanning again into the same store changed `incidents list`")


def show_case(catena, folder):
    with tempfile.TemporaryDirectory(prefix="catena-behaviour-") as scratch:
        _, _, output = scan_case(catena, folder, os.path.join(scratch, "store"))
        scan = Scan(output, folder)
    for detection in scan.detections:
        event = detection["event"]
        print(json.dumps({"source": event["source"], "line": event["line"],
                          "rule": detection["rule"]["id"]}))
    print(json.dumps({"chains": len(scan.chains)}))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catena", type=pathlib.Path, default=ROOT / "build/release/catena")
    parser.add_argument("--cases", type=pathlib.Path, default=HERE)
    parser.add_argument("--junit", type=pathlib.Path)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("case", nargs="*")
    options = parser.parse_args()
    catena = options.catena.resolve()
    names = options.case or sorted(path.name for path in options.cases.iterdir() if path.is_dir()
                                   and not path.name.startswith((".", "__")))
    if options.show:
        for name in names:
            show_case(catena, options.cases.resolve() / name)
        return 0
    report, failed = junit.Report("behaviour"), 0
    for name in names:
        try:
            run_case(catena, options.cases.resolve() / name)
            report.passed(name)
            print(f"ok   {name}")
        except (CaseError, OSError, KeyError, TypeError, ValueError) as error:
            reason = str(error) if isinstance(error, CaseError) else f"{type(error).__name__}: {error}"
            report.failed(name, reason)
            failed += 1
            print(f"FAIL {name}\n     " + reason.replace("\n", "\n     "))
    if options.junit:
        report.write(options.junit)
    print(f"{len(names)} cases, {failed} failed")
    return 1 if failed or not names else 0


if __name__ == "__main__":
    sys.exit(main())
