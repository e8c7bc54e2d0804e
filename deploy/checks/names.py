#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files, folders and types are named for what they are, not as drawers for the rest."""
import re
import sys

import source_tree

DRAWERS = {"util", "utils", "utility", "utilities", "helper", "helpers", "common", "misc",
           "manager", "managers", "handler", "handlers"}
FILE_NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*\.(h|cc)")
TYPE = re.compile(r"\b(?:class|struct|union|enum(?:\s+class)?)\s+(?:\[\[\w+\]\]\s+)?([A-Z]\w*)")
WORD = re.compile(r"[A-Z][a-z0-9]*")


def check(root):
    findings = []
    paths = source_tree.sources(root)
    for path in paths:
        words = {word for part in (*path.parts[:-1], path.stem) for word in part.split("_")}
        for word in sorted(words & DRAWERS):
            findings.append(f"{path}:1: '{word}' in a path says nothing about the content")
        if not FILE_NAME.fullmatch(path.name):
            findings.append(f"{path}:1: file names are snake_case.h or snake_case.cc")
        code = source_tree.code_only(source_tree.text_of(root, path))
        for match in TYPE.finditer(code):
            if {word.lower() for word in WORD.findall(match.group(1))} & DRAWERS:
                line = code.count("\n", 0, match.start()) + 1
                findings.append(f"{path}:{line}: type name {match.group(1)} says nothing")
    return findings, len(paths)


if __name__ == "__main__":
    sys.exit(source_tree.report(*check(source_tree.parser(__doc__).parse_args().root), "names"))
