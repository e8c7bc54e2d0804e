#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every source file is as clang-format-14 writes it (.clang-format); --fix rewrites them."""
import concurrent.futures
import os
import shutil
import subprocess
import sys

import source_tree

TOOL = "clang-format-14"
BATCH = 20


def run(root, mode, paths):
    command = [TOOL, "--style=file", *mode, *map(str, paths)]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return [line for line in result.stderr.splitlines() if "error:" in line or "rror " in line]


def main():
    arguments = source_tree.parser(__doc__)
    arguments.add_argument("--fix", action="store_true")
    options = arguments.parse_args()
    if not shutil.which(TOOL):
        source_tree.fail_without_tool(TOOL)
    paths = source_tree.sources(options.root)
    mode = ["-i"] if options.fix else ["--dry-run", "-Werror"]
    batches = [paths[i:i + BATCH] for i in range(0, len(paths), BATCH)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = [line for lines in pool.map(lambda batch: run(options.root, mode, batch), batches)
                    for line in lines]
    return source_tree.report(findings, len(paths), "format")


if __name__ == "__main__":
    sys.exit(main())
