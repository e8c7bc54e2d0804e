#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every log of the OTRF archives: unpacked, scanned without a crash or an event lost from the count,
and scanned again into the same store without changing it. Prints, per file, whether a detection
carries a labelled technique (a figure, not a pass or fail: some labels are loose).

With --judge, the indexed and the reference matcher are compared on about --judge-events events, and
on --judge-at-least for certain. With --judge-only, that is all, on every event of every archive.

  otrf.py --catena PROGRAM --work FOLDER --junit FILE [--max-bytes N] [--table FILE]
          [--judge PROGRAM --judge-events N --judge-at-least N]
  otrf.py --judge-only --judge PROGRAM --work FOLDER
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[0] / "support")]
import junit  # noqa: E402
import reference  # noqa: E402

# ATT&CK 19 gave these techniques new ids; labels and detections are compared under the new ones.
SUCCESSORS = {"T1562": "T1685", "T1562.001": "T1685", "T1562.002": "T1685.001",
              "T1562.004": "T1686", "T1562.006": "T1685", "T1562.008": "T1685.002",
              "T1562.010": "T1689", "T1070.001": "T1685.005", "T1070.002": "T1685.006",
              "T1656": "T1684.001", "T1547.011": "T1647"}

ALL_EVENTS = 10 ** 12  # more than there are


def unpack(archive, target):
    """The log files of one archive below `target`; what can be read of a damaged one."""
    done = target / ".unpacked"
    if not done.exists():
        target.mkdir(parents=True, exist_ok=True)
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as source:
                source.extractall(target)
        else:
            try:
                with tarfile.open(archive) as source:
                    source.extractall(target, filter="data") if hasattr(tarfile, "data_filter") \
                        else source.extractall(target)
            except (EOFError, tarfile.TarError, zlib.error, OSError) as error:
                print(f"{archive.name}: {error}; what was read is scanned")
        done.touch()
    return sorted(path for path in target.rglob("*") if path.is_file() and path != done
                  and "__MACOSX" not in path.parts)


def archives(otrf):
    return sorted(path for path in otrf.rglob("*")
                  if path.is_file() and path.suffix.lower() in (".zip", ".gz"))


def incidents(catena, store):
    command = [str(catena), "incidents", "list", "--format", "jsonl", "--store", store]
    return subprocess.run(command, capture_output=True, timeout=reference.TIMEOUT_SECONDS,
                          check=True).stdout


def check(catena, rules, file):
    """Scans a file twice into one store; the detections of the first scan."""
    with tempfile.TemporaryDirectory() as folder:
        store = str(pathlib.Path(folder) / "store")
        arguments = [*rules, "--store", store, str(file)]
        first = reference.scan(catena, arguments)
        summary = first["summary"]
        assert summary["events"] == summary["evaluated"] + summary["dead_letters"], summary
        assert summary["events"] > 0, "no events at all"
        steps = [step for chain in first["chain"] for step in chain["steps"]]
        ids = {detection["id"] for detection in first["detection"]}
        assert len(steps) == len(set(steps)), "a detection is in two chains"
        assert set(steps) == ids, f"{len(steps)} steps of {len(ids)} detections"
        before = incidents(catena, store)
        again = reference.scan(catena, arguments)["summary"]
        assert again["events"] == summary["events"], "the second scan counts other events"
        assert again["new_detections"] == 0, "the second scan finds new detections"
        assert incidents(catena, store) == before, "the second scan changes the incidents"
        return first


def judge(program, events, rules, files, at_least=0, timeout=reference.TIMEOUT_SECONDS):
    """Compares the two matchers on about `events` events; what the judge printed."""
    command = [str(program), str(events), "2", *rules[1::2], "--", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    compared = int(done.stdout.split()[0])
    assert compared >= at_least, f"{compared} events compared, not {at_least}"
    return done.stdout.strip()


def judge_all(program, shared, work):
    """Compares the two matchers on every event of every archive; the exit code."""
    otrf = shared / "datasets/otrf"
    files = [file for archive in archives(otrf)
             for file in unpack(archive, work / archive.relative_to(otrf).as_posix())]
    try:
        print("matchers compared:", judge(program, ALL_EVENTS, reference.corpus(shared), files,
                                          at_least=1, timeout=None))
    except AssertionError as error:
        print(f"FAILED matchers agree: {error}")
        return 1
    return 0


def canonical(technique):
    return SUCCESSORS.get(technique, technique)


def label_row(name, label, found):
    """'file: labelled, hit exactly, hit by parent' as a table row."""
    wanted = {canonical(t) for t in label.get("techniques", [])}
    seen = {t for d in found["detection"] for t in d["attack"]["techniques"]}
    exact = bool(wanted & seen)
    parent = exact or bool({t[:5] for t in wanted} & {t[:5] for t in seen})
    verdict = "no label" if not wanted else "yes" if exact else "parent" if parent else "no"
    summary = found["summary"]
    return (f"{name}\t{summary['events']}\t{summary['dead_letters']}\t{summary['detections']}\t"
            f"{','.join(sorted(wanted)) or '-'}\t{verdict}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--catena")
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--junit")
    parser.add_argument("--max-bytes", type=int, default=1 << 40)
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("--judge")
    parser.add_argument("--judge-events", type=int, default=220_000)
    parser.add_argument("--judge-at-least", type=int, default=0)
    parser.add_argument("--judge-only", action="store_true")
    options = parser.parse_args()
    if not options.judge if options.judge_only else not (options.catena and options.junit):
        parser.error("--judge-only wants --judge; else --catena and --junit are wanted")
    shared = reference.folder()
    if shared is None:
        print("no reference material beside the clone: 84 OTRF archives not scanned")
        return reference.SKIPPED
    if options.judge_only:
        return judge_all(options.judge, shared, options.work)
    otrf = shared / "datasets/otrf"
    labels = json.loads((otrf / "labels.json").read_text(encoding="utf-8"))
    report = junit.Report("otrf")
    rows = ["file\tevents\tdead letters\tdetections\tlabelled\tfound"]
    failed = 0
    scanned = []
    for archive in archives(otrf):
        name = archive.relative_to(otrf).as_posix()
        for file in unpack(archive, options.work / name):
            if file.stat().st_size > options.max_bytes:
                continue
            try:
                found = check(options.catena, reference.corpus(shared), file)
            except (AssertionError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"FAILED {name} ({file.name}): {error}")
                report.failed(f"{name}/{file.name}", str(error))
                continue
            scanned.append(file)
            report.passed(f"{name}/{file.name}")
            rows.append(label_row(f"{name}/{file.name}", labels.get(name, {}), found))
    if options.judge:
        try:
            print("matchers compared:", judge(options.judge, options.judge_events,
                                              reference.corpus(shared), scanned,
                                              options.judge_at_least))
            report.passed("matchers agree")
        except (AssertionError, subprocess.SubprocessError) as error:
            failed += 1
            print(f"FAILED matchers agree: {error}")
            report.failed("matchers agree", str(error))
    report.write(options.junit)
    if options.table:
        options.table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    print("\n".join(rows))
    return 1 if failed or len(rows) == 1 else 0


if __name__ == "__main__":
    sys.exit(main())
