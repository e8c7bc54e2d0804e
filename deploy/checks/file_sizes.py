#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A source file is read in one sitting: over 500 lines warns, over 800 fails.

A table is exempt when one of its first five lines is the comment `// size-exempt: table`.
"""
import sys

import source_tree

WARN_LINES = 500
FAIL_LINES = 800
EXEMPT = "// size-exempt: table"


def check(root):
    findings = []
    paths = source_tree.sources(root)
    for path in paths:
        lines = source_tree.text_of(root, path).splitlines()
        if any(line.strip() == EXEMPT for line in lines[:5]):
            continue
        if len(lines) > FAIL_LINES:
            findings.append(f"{path}:{FAIL_LINES + 1}: {len(lines)} lines, at most {FAIL_LINES}")
        elif len(lines) > WARN_LINES:
            print(f"warning: {path}: {len(lines)} lines, think of splitting it at {WARN_LINES}")
    return findings, len(paths)


if __name__ == "__main__":
    sys.exit(source_tree.report(*check(source_tree.parser(__doc__).parse_args().root), "file sizes"))
