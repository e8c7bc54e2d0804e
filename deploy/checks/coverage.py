#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Line coverage of the product's folders by unit, property, regression and behaviour tests.

  coverage.py BUILD_DIR [--at-least FOLDER=PERCENT…]     a build of the preset `coverage`

Prints each folder and, with --files, each file. Exit 1 when a folder named with --at-least has less.
"""
import argparse
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ("unit_", "property", "regress")


def run_tests(build, profiles):
    """Runs every test program that is built, and the behaviour cases; the profiles go to a folder."""
    environment = {**os.environ, "LLVM_PROFILE_FILE": str(profiles / "%m-%p.profraw"),
                   "XDG_CACHE_HOME": str(build / "test-cache")}
    programs = sorted(path for path in (build / "tests").iterdir()
                      if path.is_file() and path.name.startswith(PROGRAMS) and os.access(path, os.X_OK))
    for program in programs:
        done = subprocess.run([program, "--gtest_brief=1", "--gtest_filter=-Shared*:Adversarial*"], env=environment,
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(f"{program.name} fails: {done.stdout[-500:]}", file=sys.stderr)
    catena = build / "catena"
    if catena.exists():
        for script in ("tests/behaviour/run.py", "tests/command_line/run.py"):
            subprocess.run([sys.executable, "-B", ROOT / script, "--catena", catena], env=environment,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        programs.append(catena)
    return programs


def line_counts(build, programs, profiles):
    """{file: (lines, lines run)} of the product."""
    merged = build / "coverage.profdata"
    raw = sorted(profiles.glob("*.profraw"))
    listing = profiles / "list"
    listing.write_text("".join(f"{path}\n" for path in raw))
    subprocess.run(["llvm-profdata-14", "merge", "-sparse", "-o", merged, f"--input-files={listing}"], check=True)
    command = ["llvm-cov-14", "export", "-summary-only", f"-instr-profile={merged}", programs[0]]
    for program in programs[1:]:
        command += ["-object", program]
    report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    counts = {}
    for file in report["data"][0]["files"]:
        # A compiler cache makes paths relative to the build folder.
        path = (build / file["filename"]).resolve()
        if path.is_relative_to(ROOT):
            lines = file["summary"]["lines"]
            counts[path.relative_to(ROOT)] = (lines["count"], lines["covered"])
    return counts


def percent(lines, covered):
    return 100.0 * covered / lines if lines else 100.0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--at-least", action="append", default=[], metavar="FOLDER=PERCENT")
    parser.add_argument("--files", action="store_true")
    options = parser.parse_args()
    build = options.build.resolve()
    profiles = build / "profiles"
    shutil.rmtree(profiles, ignore_errors=True)
    profiles.mkdir()
    counts = line_counts(build, run_tests(build, profiles), profiles)
    folders = collections.defaultdict(lambda: [0, 0])
    for path, (lines, covered) in counts.items():
        if path.parts[0] in ("tests", "bench"):
            continue
        for folder in (path.parent, pathlib.Path(path.parts[0])):
            folders[folder.as_posix()][0] += lines
            folders[folder.as_posix()][1] += covered
    for folder, (lines, covered) in sorted(folders.items()):
        print(f"{percent(lines, covered):6.1f} %  {covered:6} of {lines:6} lines  {folder}")
        if options.files:
            for path, (of, run) in sorted(counts.items()):
                if path.parent.as_posix() == folder:
                    print(f"{percent(of, run):9.1f} %  {of - run:4} not run  {path}")
    failed = 0
    for wanted in options.at_least:
        folder, _, least = wanted.partition("=")
        reached = percent(*folders[folder])
        if reached < float(least):
            print(f"{folder}: {reached:.1f} % of its lines are run, {least} % are wanted", file=sys.stderr)
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
