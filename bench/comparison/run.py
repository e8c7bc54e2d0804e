#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times Catena and other Sigma engines on the same two lanes, in the same run, and writes the tables
of bench/README.md. It knows no engine by itself: names, versions and command lines come from a local
file that is not part of the repository (bench/README.md shows its form).

  run.py --config FILE --lanes FOLDER --work FOLDER [--lane NAME] [--engine NAME] [--rounds N]
         [--results FILE] [--readme FILE]
  run.py --results FILE --readme FILE          only writes the tables anew

Each engine runs twice a round, on the first tenth of its events and on all of them; what loading
rules costs is in both, so the rate is that of the nine tenths between. Engines take turns within a
round, so that other work on the machine falls on all of them. Figures are medians over the rounds;
the spread is (highest - lowest) / median of the rates. Time, CPU seconds and peak memory are what
the kernel says of the finished process and its children.

An engine that is too slow for a whole lane gets its first N events ("sample" in the file).
"""
import argparse
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import time

LANES = {"mix": "mix_shuffled.json", "process": "process.json"}
TENTH = 10
KIB = 1024
BEGIN, END = "<!-- comparison: begin {} -->", "<!-- comparison: end {} -->"


def head(source, target, events):
    """Copies the first `events` lines (all when None); (lines, bytes) copied."""
    lines = size = 0
    partial = target.with_name(target.name + ".partial")
    with source.open("rb") as events_in, partial.open("wb") as events_out:
        for line in events_in:
            if lines == events:
                break
            events_out.write(line)
            lines += 1
            size += len(line)
    os.replace(partial, target)
    return lines, size


class Timed:
    """One finished process: seconds, CPU seconds, peak bytes, standard output and error."""

    def __init__(self, command, environment, stdin, stdout, stderr):
        before = time.perf_counter()
        with open(stdin or os.devnull, "rb") as source, open(stdout, "wb") as out, \
                open(stderr, "wb") as errors:
            process = subprocess.Popen(command, env={**os.environ, **environment}, stdin=source,
                                       stdout=out, stderr=errors)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds = time.perf_counter() - before
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss * KIB
        self.code = process.returncode
        self.tail = pathlib.Path(stderr).read_text("utf-8", "replace")[-500:]


def run_once(engine, threads, events, work):
    """One run of an engine over a file of events; what it found is in work/output."""
    places = {"events": str(events), "output": str(work / "output"), "work": str(work)}
    command = [word.format(**places) for word in shlex.split(engine["commands"][threads])]
    reads_stdin = engine.get("reads_stdin", False)
    (work / "output").unlink(missing_ok=True)
    stdout = work / ("stdout" if "{output}" in engine["commands"][threads] else "output")
    timed = Timed(command, engine.get("environment", {}), events if reads_stdin else None, stdout,
                  work / "stderr")
    if timed.code not in (0, 1):
        raise RuntimeError(f"{engine['name']}: exit code {timed.code}: {timed.tail}")
    return timed


def detections(engine, output):
    """Lines of the output that are detections: all of them, or those with a certain text in them."""
    needle = engine.get("detection_has", "").encode()
    with output.open("rb") as lines:
        return sum(1 for line in lines if line.strip() and needle in line)


class Measurement:
    """The runs of one engine with one number of threads on one lane."""

    def __init__(self, engine, threads, lane, source, work):
        self.engine, self.threads, self.lane, self.work = engine, threads, lane, work
        whole = engine.get("sample", {}).get(lane)
        key = f"{lane}-{whole or 'all'}"
        self.full = work / f"{key}.json" if whole else source
        self.part = work / f"{key}-tenth.json"
        if not self.full.exists():
            head(source, self.full, whole)
        with self.full.open("rb") as lines:
            self.events = sum(1 for _ in lines)
        self.bytes = self.full.stat().st_size
        if not self.part.exists():
            head(source, self.part, self.events // TENTH)
        self.part_bytes = self.part.stat().st_size
        self.runs = []
        self.failed = False

    def measure(self):
        part = run_once(self.engine, self.threads, self.part, self.work)
        full = run_once(self.engine, self.threads, self.full, self.work)
        events = self.events - self.events // TENTH
        seconds = max(full.seconds - part.seconds, 1e-9)
        self.runs.append({
            "rate": events / seconds,
            "byte_rate": (self.bytes - self.part_bytes) / seconds,
            "cpu_per_event": max(full.cpu - part.cpu, 0.0) / events,
            "cpu": full.cpu, "seconds": full.seconds, "peak": full.peak,
            "start": max(full.seconds - self.events / (events / seconds), 0.0),
            "detections": detections(self.engine, self.work / "output")})

    def result(self):
        def median(name):
            return statistics.median(run[name] for run in self.runs)
        rates = [run["rate"] for run in self.runs]
        found = {run["detections"] for run in self.runs}
        return {"engine": self.engine["name"], "version": self.engine["version"],
                "threads": self.threads, "lane": self.lane, "events": self.events,
                "bytes": self.bytes, "rounds": len(self.runs),
                "spread": (max(rates) - min(rates)) / statistics.median(rates),
                "detections": max(found), "detections_vary": len(found) > 1,
                "loaded": self.engine.get("loaded"), "refused": self.engine.get("refused"),
                **{name: median(name) for name in ("rate", "byte_rate", "cpu_per_event", "cpu",
                                                   "seconds", "peak", "start")}}


def measure(options, config):
    options.work.mkdir(parents=True, exist_ok=True)
    todo = [Measurement(engine, threads, lane, options.lanes / LANES[lane], options.work)
            for lane in (options.lane or LANES) for engine in config["engines"]
            if not options.engine or engine["name"] in options.engine
            for threads in engine["commands"]]
    for number in range(options.rounds):
        for one in todo:
            if number >= one.engine.get("rounds", options.rounds) or one.failed:
                continue
            try:
                one.measure()
            except (RuntimeError, OSError) as error:
                one.failed = True
                print(f"left out: {one.lane} {one.engine['name']} x{one.threads}: {error}")
                continue
            run = one.runs[-1]
            print(f"round {number + 1} {one.lane} {one.engine['name']} x{one.threads}: "
                  f"{run['rate']:,.0f} events/s, {run['detections']} detections", flush=True)
    return [one.result() for one in todo if one.runs and not one.failed]


def row(result, base):
    """One line of a lane's table."""
    share = f"{base / result['rate']:,.2f}" if base else ""
    loaded = f"{result['loaded']:,} / {result['refused']:,}" if result["loaded"] else "–"
    return (f"| {result['engine']} | {result['threads']} | {result['events']:,} "
            f"| {result['rate']:,.0f} | {result['byte_rate'] / 1e6:,.1f} "
            f"| {share} | {result['cpu_per_event'] * 1e6:,.1f} | {result['start']:.1f} "
            f"| {result['peak'] / (1 << 20):,.0f} | {loaded} | {result['detections']:,} "
            f"| {100 * result['spread']:.0f} % |")


def table(results, lane, first):
    """The Markdown table of a lane: one thread first, then two; fastest first."""
    rows = sorted((r for r in results if r["lane"] == lane),
                  key=lambda r: (r["threads"], -r["rate"]))
    base = {r["threads"]: r["rate"] for r in rows if r["engine"] == first}
    lines = [f"| engine | threads | events | events/s | MB/s | {first} ÷ this | CPU µs/event "
             "| start s | peak MiB | rules loaded / refused | detections | spread |",
             "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    return "\n".join(lines + [row(r, base.get(r["threads"])) for r in rows])


def write_tables(readme, saved):
    text = readme.read_text(encoding="utf-8")
    for lane in LANES:
        begin, end = BEGIN.format(lane), END.format(lane)
        if begin not in text or end not in text:
            raise SystemExit(f"{readme}: no marks for the {lane} table")
        before, rest = text.split(begin, 1)
        _, after = rest.split(end, 1)
        block = (f"{begin}\n{saved['date']}, {saved['machine']}, Catena at {saved['commit']}, "
                 f"{saved['rounds']} rounds.\n\n"
                 f"{table(saved['results'], lane, saved['first'])}\n{end}")
        text = before + block + after
    readme.write_text(text, encoding="utf-8")


def machine():
    lines = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(models)} × {models[0]}" if models else "unknown processor"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=pathlib.Path)
    parser.add_argument("--lanes", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--lane", action="append", choices=LANES)
    parser.add_argument("--engine", action="append")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--results", type=pathlib.Path)
    parser.add_argument("--readme", type=pathlib.Path)
    options = parser.parse_args()
    if options.config:
        if options.lanes is None or options.work is None:
            parser.error("--config needs --lanes and --work")
        config = json.loads(options.config.read_text(encoding="utf-8"))
        saved = {"date": time.strftime("%Y-%m-%d"), "machine": machine(),
                 "commit": config.get("commit", "unknown"), "rounds": options.rounds,
                 "first": config["engines"][0]["name"], "results": measure(options, config)}
        if options.results:
            options.results.write_text(json.dumps(saved, indent=1), encoding="utf-8")
    elif options.results:
        saved = json.loads(options.results.read_text(encoding="utf-8"))
    else:
        parser.error("either --config or --results is needed")
    for lane in LANES:
        print(f"\n{lane}\n{table(saved['results'], lane, saved['first'])}")
    if options.readme:
        write_tables(options.readme, saved)
    return 0


if __name__ == "__main__":
    sys.exit(main())
