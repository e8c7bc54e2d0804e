#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts one mistake after the other into a copy of the tree and asks the fast judges: the unit tests
of what it touches and the vectors. A mistake that no judge notices survives.

  run.py [--build FOLDER] [--jobs N] [--at-least N] [NUMBER…]     all mutants, or those named by number

Prints a line for each and a JSON line as summary; exit 1 when fewer than --at-least were noticed,
2 when a mutant no longer fits the source or does not compile.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import time

from mutants import MUTANTS

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ("CMakeLists.txt", "CMakePresets.json", "engine", "rules", "connectors", "storage", "bench", "tests", "deploy")
# The judges, the quickest first: (target, filter). Tests of costs say nothing about meaning.
JUDGES = [("property", "Pysigma*"), ("unit_rules_sigma", "*-*KeepsItsLimit*"),
          ("unit_rules_compile", "*-Shared*:RegexCompiler.Bomb*:RuleCache*:RuleCorpus*"),
          ("unit_engine_match", "ValueTests.*:PredicateEvaluator.*:Matcher.*:*Time*:*Number*"),
          ("unit_engine_base", "IpNetwork.*:Text*"), ("unit_engine_correlate", "*")]
TEST_SECONDS = 120
BUILD_SECONDS = 1800


class Stale(Exception):
    """The mutant cannot be tried."""


def copy_tree(tree):
    """Copies what the build needs; files that are the same keep their time, so nothing is rebuilt."""
    for name in SOURCES:
        source = ROOT / name
        files = [source] if source.is_file() else [p for p in source.rglob("*") if p.is_file()]
        for path in files:
            target = tree / path.relative_to(ROOT)
            if not target.exists() or target.read_bytes() != path.read_bytes():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)


def configure(tree, build, kind):
    # A mistake may leave something unused. Where build/release lies in the tree, as in the tree
    # itself: so the compiler cache knows it.
    command = ["cmake", "--preset", "release", "-B", build, "-DCATENA_WERROR=OFF"]
    if kind == "Debug":
        command = ["cmake", "-G", "Ninja", "-B", build, "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0",
                   "-DCMAKE_CXX_COMPILER=g++", "-DCATENA_BENCH=OFF", "-DCATENA_WERROR=OFF"]
    subprocess.run(command, cwd=tree, check=True, stdout=subprocess.DEVNULL)


def build_judge(build, jobs, name):
    command = ["cmake", "--build", build, "-j", str(jobs), "--target", name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False)
    if done.returncode != 0:
        raise Stale(f"does not compile: {(done.stdout + done.stderr)[-1500:]}")


def noticed_by(build, jobs):
    """The first judge that fails, or "". A judge is built when those before it noticed nothing."""
    for name, chosen in JUDGES:
        build_judge(build, jobs, name)
        command = [build / "tests" / name, f"--gtest_filter={chosen}", "--gtest_brief=1"]
        try:
            done = subprocess.run(command, capture_output=True, timeout=TEST_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return name + " (took too long)"
        if done.returncode != 0:
            return name
    return ""


def try_mutant(tree, build, jobs, mutant):
    """The judge that noticed it, or ""; the source is as before afterwards."""
    file, before, after, _ = mutant
    path = tree / file
    text = path.read_text(encoding="utf-8")
    if text.count(before) != 1:
        raise Stale(f"{file}: {text.count(before)} places hold: {before}")
    path.write_text(text.replace(before, after), encoding="utf-8")
    try:
        return noticed_by(build, jobs)
    finally:
        path.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/mutants")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--build-type", choices=("Debug", "Release"), default="Debug",
                        help="Release where the compiler cache knows the release build")
    parser.add_argument("--at-least", type=int, default=None, help="default: all but one in twenty")
    parser.add_argument("numbers", type=int, nargs="*")
    options = parser.parse_args()
    numbers = options.numbers or range(1, len(MUTANTS) + 1)
    at_least = len(numbers) - len(numbers) // 20 if options.at_least is None else options.at_least
    tree = options.build.resolve() / "tree"
    build = tree / "build" / options.build_type.lower()
    copy_tree(tree)
    configure(tree, build, options.build_type)
    if judge := noticed_by(build, options.jobs):
        print(f"the judges do not pass the tree as it is: {judge}")
        return 2
    survivors, stale = [], []
    for number in numbers:
        mutant, start = MUTANTS[number - 1], time.monotonic()
        try:
            judge = try_mutant(tree, build, options.jobs, mutant)
        except Stale as problem:
            stale.append(number)
            judge = f"CANNOT BE TRIED: {problem}"
        if not judge:
            survivors.append(number)
        spent = time.monotonic() - start
        print(f"{number:3} {mutant[0]}: {mutant[3]}: {judge or 'SURVIVES'} ({spent:.0f} s)", flush=True)
    noticed = len(numbers) - len(survivors) - len(stale)
    print(json.dumps({"kind": "mutants", "schema": 1, "tried": len(numbers), "noticed": noticed,
                      "survivors": survivors, "stale": stale}))
    return 2 if stale else 1 if noticed < at_least else 0


if __name__ == "__main__":
    sys.exit(main())
