# SPDX-License-Identifier: Apache-2.0
"""Where the reference material lies, and running the program on it. Shared by the tests here."""
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77  # exit code that ctest counts as skipped
TIMEOUT_SECONDS = 600


def folder():
    """The reference folder, or None when it is not there."""
    named = os.environ.get("CATENA_SHARED")
    path = pathlib.Path(named) if named else ROOT.parent / "shared"
    return path if path.is_dir() else None


def corpus(shared):
    """--rules arguments for the rule folders that a SOC runs."""
    names = ("rules", "rules-emerging-threats", "rules-threat-hunting")
    return [argument for name in names for argument in ("--rules", str(shared / "sigma" / name))]


def scan(catena, arguments):
    """JSON lines of one scan, by kind. Raises AssertionError when it does not end well."""
    command = [str(catena), "scan", "--format", "jsonl", *arguments]
    done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
    errors = done.stderr.decode("utf-8", "replace").strip()
    assert done.returncode == 0, f"exit code {done.returncode}: {errors[-500:]}"
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines and lines[-1]["kind"] == "summary", "the last line is not the summary"
    found = {"detection": [], "chain": [], "dead_letter": [], "summary": lines[-1]}
    for line in lines[:-1]:
        found[line["kind"]].append(line)
    return found
