#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The two event files ("lanes") of the comparison and of the rate figures, made from the OTRF
archives of the reference material: the same bytes for the same archives and seed.

  mix      every JSON event of every archive, shuffled
  process  process creations alone (Sysmon 1, Security 4688), shuffled, and repeated, each round in
           another order, until there are --process-events of them

An event is a line that holds one JSON object and keeps its bytes, less blanks at its ends. Lines
that are no JSON object are left out and counted.

  lanes.py --work FOLDER --out FOLDER [--seed N] [--process-events N]

Writes mix_shuffled.json and process.json to --out, each under another name first and then renamed,
so that a reader never sees half a file. --work is where the archives are unpacked (tests/shared/otrf.py
uses the same folder layout). Holds the mix in memory: about 1.5 GB.
"""
import argparse
import json
import os
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/shared"), str(ROOT / "tests/support")]
import otrf  # noqa: E402
import reference  # noqa: E402

PROCESS_CREATION = {("microsoft-windows-sysmon/operational", 1), ("security", 4688)}


def json_files(archives_folder, work):
    """The JSON logs of all archives, in the order of the archives' names."""
    for archive in otrf.archives(archives_folder):
        name = archive.relative_to(archives_folder).as_posix()
        yield from (f for f in otrf.unpack(archive, work / name) if f.suffix == ".json")


def lines_of(file):
    with file.open("rb") as source:
        for line in source:
            line = line.strip()
            if line:
                yield line


def is_process_creation(event):
    channel = str(event.get("Channel", "")).lower()
    number = event.get("EventID")
    return (channel, int(number) if str(number).isdigit() else None) in PROCESS_CREATION


def read_events(files):
    """(all events, the process creations among them, lines that are no JSON object)."""
    events, processes, refused = [], [], 0
    for file in files:
        for line in lines_of(file):
            try:
                event = json.loads(line)
            except ValueError:
                event = None
            if not isinstance(event, dict):
                refused += 1
                continue
            events.append(line)
            if is_process_creation(event):
                processes.append(line)
    return events, processes, refused


def repeated(lines, wanted, shuffle):
    """Whole rounds of `lines`, each in another order, until there are `wanted` or more."""
    result = []
    while lines and len(result) < wanted:
        shuffle(lines)
        result.extend(lines)
    return result


def write(path, lines):
    """Writes and renames, so that the file is never seen half written."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as target:
        for line in lines:
            target.write(line + b"\n")
    partial.chmod(0o644)
    os.replace(partial, path)
    return path.stat().st_size


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--process-events", type=int, default=55_000)
    options = parser.parse_args()
    shared = reference.folder()
    if shared is None:
        print("no reference material beside the clone: no lanes made")
        return reference.SKIPPED
    files = list(json_files(shared / "datasets/otrf", options.work))
    events, processes, refused = read_events(files)
    distinct = len(processes)
    chance = random.Random(options.seed)
    chance.shuffle(events)
    processes = repeated(processes, options.process_events, chance.shuffle)
    for name, lines in (("mix_shuffled.json", events), ("process.json", processes)):
        size = write(options.out / name, lines)
        print(f"{name}: {len(lines)} events, {size} bytes")
    print(f"seed {options.seed}, {len(files)} files, {distinct} distinct process creations, "
          f"{refused} lines that are no JSON object left out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
