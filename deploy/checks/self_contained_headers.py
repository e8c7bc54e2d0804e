#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every header compiles alone: it includes what it uses, so its users may include it first.

With --cache DIR a header whose own and included project text has not changed is not tried again.
"""
import concurrent.futures
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

import source_tree


def closure(root, path, seen):
    """Adds path and every project file it includes, directly or not."""
    pending = [path]
    while pending:
        current = pending.pop()
        if current in seen or not (root / current).is_file():
            continue
        seen.add(current)
        for _, target in source_tree.includes(source_tree.text_of(root, current)):
            pending.append(pathlib.Path(target))
    return seen


def stamp_of(root, path, salt):
    digest = hashlib.sha256(salt.encode())
    for part in sorted(closure(root, path, set())):
        digest.update(str(part).encode() + b"\0" + (root / part).read_bytes() + b"\0")
    return digest.hexdigest()


def try_header(root, path, command, stamp):
    if stamp and stamp.exists():
        return []
    result = subprocess.run([*command, "-"], cwd=root, input=f'#include "{path}"\n', text=True,
                            capture_output=True, check=False)
    if result.returncode == 0:
        if stamp:
            stamp.touch()
        return []
    errors = [line for line in result.stderr.splitlines() if "error:" in line]
    return [f"{path}:1: does not compile alone: {(errors or ['?'])[0]}"]


def main():
    arguments = source_tree.parser(__doc__)
    arguments.add_argument("--compiler", default="g++")
    arguments.add_argument("--cache", type=pathlib.Path)
    options = arguments.parse_args()
    if not shutil.which(options.compiler):
        source_tree.fail_without_tool(options.compiler)
    if options.cache:
        options.cache.mkdir(parents=True, exist_ok=True)
    command = [options.compiler, "-std=c++20", "-march=x86-64-v2" if os.uname().machine == "x86_64"
               else "-O0", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror",
               "-fsyntax-only", "-I.", '-DCATENA_SOURCE_DIR="."', "-x", "c++"]
    version = subprocess.run([options.compiler, "--version"], capture_output=True, text=True, check=True)
    salt = version.stdout + " ".join(command)
    headers = source_tree.sources(options.root, suffixes=(".h",))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        stamps = [options.cache and options.cache / stamp_of(options.root, path, salt)
                  for path in headers]
        results = pool.map(lambda path, stamp: try_header(options.root, path, command, stamp),
                           headers, stamps)
        findings = [finding for result in results for finding in result]
    return source_tree.report(findings, len(headers), "headers")


if __name__ == "__main__":
    sys.exit(main())
