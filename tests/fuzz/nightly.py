#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fuzzes the targets that compare a fast path with its slow twin, long, and prints what came of it.

  nightly.py BUILD_DIR [--seconds N] [NAME…]      all *differential* targets, or those named

One JSON line a target: {"kind":"fuzz","schema":1,"target":…,"seconds":…,"executions":…,"edges":…,
"features":…,"corpus":…,"findings":[files]}. New inputs stay in BUILD_DIR/fuzz-corpus/NAME, findings
in BUILD_DIR/fuzz-artifacts. Exit 1 when there is a finding. After a finding the target goes on.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
LIMITS = ["-timeout=20", "-rss_limit_mb=2048"]
STATUS = re.compile(rb"#(\d+)\s.*?cov: (\d+) ft: (\d+) corp: (\d+)/")


def fuzz(build, name, seconds, log):
    """One run of libFuzzer: (executions, edges, features, corpus) of its last status line."""
    corpus = build / "fuzz-corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    command = [build / "tests/fuzz" / f"{name}_fuzz", f"-max_total_time={seconds}", *LIMITS,
               f"-artifact_prefix={build}/fuzz-artifacts/{name}-", corpus, HERE / "corpus" / name]
    dictionary = HERE / "dict" / f"{name}.dict"
    if dictionary.exists():
        command.insert(1, f"-dict={dictionary}")
    with log.open("ab") as out:
        start = out.tell()
        subprocess.run(command, stdout=out, stderr=out, check=False)
    status = STATUS.findall(log.read_bytes()[start:])
    return tuple(map(int, status[-1])) if status else (0, 0, 0, 0)


def run(build, name, seconds):
    artifacts = build / "fuzz-artifacts"
    artifacts.mkdir(exist_ok=True)
    known = set(artifacts.glob(f"{name}-*"))
    log = build / f"fuzz-{name}.log"
    start = time.monotonic()
    executions = edges = features = corpus = 0
    while (left := seconds - (time.monotonic() - start)) >= 1:
        before = len(set(artifacts.glob(f"{name}-*")))
        more, edges, features, corpus = fuzz(build, name, int(left), log)
        executions += more
        if len(set(artifacts.glob(f"{name}-*"))) == before:
            break  # it ended of itself: the time is over, or it cannot run
    found = sorted(path.name for path in set(artifacts.glob(f"{name}-*")) - known)
    return {"kind": "fuzz", "schema": 1, "target": name, "seconds": round(time.monotonic() - start),
            "executions": executions, "edges": edges, "features": features, "corpus": corpus,
            "findings": found}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("names", nargs="*")
    options = parser.parse_intermixed_args()
    names = options.names or [path.name.removesuffix("_fuzz.cc")
                              for path in sorted(HERE.glob("*differential*_fuzz.cc"))]
    failed = False
    for name in names:
        line = run(options.build.resolve(), name, options.seconds)
        print(json.dumps(line), flush=True)
        failed = failed or bool(line["findings"]) or line["executions"] == 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
