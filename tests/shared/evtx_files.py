#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Windows event log files, read directly, against judges that are not ours:

  * every file of the samples and of SigmaHQ's regression cases is read whole, without a dead letter;
  * the independent reader `evtx` finds the same records in every file, and every record is the same
    JSON, member by member (skipped, and counted, where that reader is not installed:
    `pip install --target build/evtx-reader evtx`);
  * SigmaHQ's own JSON twin of each regression case becomes the same events: log source, time, and
    every field with its values in their order.

  evtx_files.py --event-dump PROGRAM --junit FILE
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[0] / "support")]
import junit  # noqa: E402
import reference  # noqa: E402

READER = reference.ROOT / "build/evtx-reader"
MICROSECONDS = len("2026-03-20T08:31:26.751156")
# The one twin that another tool wrote: its time has more digits, and a command line is spelled
# Explorer.exe where the record has Explorer.EXE.
OTHER_TOOL = "ad691d92-15f2-4181-9aa4-723c74f9ddc3.json"


def independent_reader():
    """The class that reads a file, or None when the package is not installed."""
    sys.path.append(str(READER))
    try:
        from evtx import PyEvtxParser  # pylint: disable=import-outside-toplevel
    except ImportError:
        return None
    return PyEvtxParser


def dump(program, files):
    """Events and dead letters by file."""
    command = [str(program), *map(str, files)]
    done = subprocess.run(command, capture_output=True, timeout=reference.TIMEOUT_SECONDS,
                          check=False)
    assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr[-500:]}"
    events, letters = collections.defaultdict(list), collections.defaultdict(list)
    for line in done.stdout.splitlines():
        record = json.loads(line)
        (letters if "reason" in record else events)[record["file"]].append(record)
    return events, letters


def one_value(value):
    """JSON as we write it: elements of one name are an array there, and Name_1, Name_2 … here."""
    if not isinstance(value, dict):
        return value
    out = {}
    for key, member in value.items():
        base, _, number = key.rpartition("_")
        if number.isdigit() and base in out and key not in ("", "_"):
            first = out[base] if isinstance(out[base], list) else [out[base]]
            out[base] = [*first, one_value(member)]
        else:
            out[key] = one_value(member)
    return out


def compare_records(reader, file, events):
    """Raises AssertionError where the independent reader sees something else. The record count."""
    theirs = {record["event_record_id"]: json.loads(record["data"])
              for record in reader(str(file)).records_json()}
    ours = {event["line"]: json.loads(event["raw"]) for event in events}
    assert len(ours) == len(events), "a record number comes twice"
    assert len(events) == len(theirs), f"{len(events)} records, not {len(theirs)}"
    for number, record in theirs.items():
        assert number in ours, f"record {number} is missing"
        assert ours[number] in (record, one_value(record)), f"record {number} differs"
    return len(theirs)


def same_text(ours, twin, other_tool):
    """The tool that wrote the twins cut blanks off the ends of values."""
    if ours == twin or ours.rstrip() == twin:
        return True
    return other_tool and (ours.lower() == twin.lower() or
                           ours[:MICROSECONDS] == twin[:MICROSECONDS])


def compare_twin(events, twins):
    """Raises AssertionError where a record and its twin are not the same event."""
    assert len(events) == len(twins), f"{len(events)} events, the twin has {len(twins)}"
    for ours, twin in zip(events, twins):
        place = f"record {ours['line']}"
        other_tool = twin["file"].endswith(OTHER_TOOL)
        assert ours["log_source"] == twin["log_source"], f"{place}: log source"
        assert ours["flags"] == twin["flags"], f"{place}: flags"
        assert same_text(ours["time"], twin["time"], other_tool), f"{place}: time"
        assert len(ours["fields"]) == len(twin["fields"]), f"{place}: number of values"
        for (name, text), (twin_name, twin_text) in zip(ours["fields"], twin["fields"]):
            assert name == twin_name, f"{place}: {name!r} is {twin_name!r} in the twin"
            if text.startswith("{"):  # an object as a whole; its members are compared
                continue
            assert same_text(text, twin_text, other_tool), f"{place}: {name} {text!r} {twin_text!r}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--event-dump", required=True)
    parser.add_argument("--junit", required=True)
    options = parser.parse_args()
    shared = reference.folder()
    if shared is None:
        print("no reference material beside the clone: 358 event log files and 202 twins not read")
        return reference.SKIPPED
    report = junit.Report("evtx_files")
    failed = 0

    def check(name, body):
        nonlocal failed
        try:
            result = body()
            report.passed(name)
            return result
        except AssertionError as error:
            failed += 1
            print(f"FAILED {name}: {error}")
            report.failed(name, str(error))
            return 0

    def reads_whole(file):
        assert not letters[str(file)], f"dead letters: {letters[str(file)][:3]}"
        assert events[str(file)], "no event at all"

    regression = sorted((shared / "sigma/regression_data").rglob("*.evtx"))
    files = sorted((shared / "evtx").rglob("*.evtx")) + regression
    events, letters = dump(options.event_dump, files)
    for file in files:
        check(f"reads {file.relative_to(shared)}", lambda file=file: reads_whole(file))
    reader = independent_reader()
    compared = 0
    for file in files:
        name = f"as the independent reader {file.relative_to(shared)}"
        if reader is None:
            report.skipped(name, "no package evtx: pip install --target build/evtx-reader evtx")
        else:
            compared += check(name, lambda file=file: compare_records(reader, file,
                                                                     events[str(file)]))
    twins, _ = dump(options.event_dump, [file.with_suffix(".json") for file in regression])
    for file in regression:
        twin = twins[str(file.with_suffix(".json"))]
        check(f"as its twin {file.relative_to(shared)}",
              lambda file=file, twin=twin: compare_twin(events[str(file)], twin))
    report.write(options.junit)
    total = sum(map(len, events.values()))
    print(f"{total} records of {len(files)} files read; {compared} compared with the independent "
          f"reader{'' if reader else f' ({len(files)} files skipped: not installed)'}; "
          f"{len(regression)} files compared with their twins; {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
