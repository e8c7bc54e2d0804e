#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Includes follow the one-way arrows of layering.txt, and product code includes nothing of
tests, and of bench only what the table lists."""
import pathlib
import sys

import source_tree


def read_table(text):
    """folder -> set of folders it may include from, transitively; None for '*'."""
    direct = {}
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if line:
            folder, _, targets = line.partition(":")
            direct[folder.strip()] = targets.split()
    for folder, targets in direct.items():
        for target in targets:
            if target != "*" and target not in direct:
                raise SystemExit(f"layering.txt: {folder} names unknown folder {target}")

    def reach(folder, path):
        if folder in path:
            raise SystemExit(f"layering.txt: cycle {' -> '.join(path + (folder,))}")
        found = {folder}
        for target in direct[folder]:
            found |= reach(target, path + (folder,))
        return found

    return {folder: None if "*" in targets else reach(folder, ())
            for folder, targets in direct.items()}


def check(root, table):
    findings, checked = [], 0
    for path in source_tree.sources(root):
        folder = path.parent.as_posix()
        is_product = path.parts[0] in source_tree.PRODUCT_FOLDERS or folder in table
        if is_product and folder not in table:
            findings.append(f"{path}:1: folder {folder} is not in deploy/checks/layering.txt")
            continue
        checked += 1
        for line, target in source_tree.includes(source_tree.text_of(root, path)):
            place, target_folder = f"{path}:{line}", str(pathlib.PurePosixPath(target).parent)
            if not (root / target).is_file():
                findings.append(f"{place}: \"{target}\" is not a path from the repository root")
            elif not is_product:
                pass
            elif target_folder not in table:
                findings.append(f"{place}: product code may not include from {target_folder}")
            elif table[folder] is not None and target_folder not in table[folder]:
                findings.append(f"{place}: arrow {folder} -> {target_folder} is not allowed")
    return findings, checked


def main():
    arguments = source_tree.parser(__doc__)
    arguments.add_argument("--table", type=pathlib.Path,
                           default=pathlib.Path(__file__).with_name("layering.txt"))
    options = arguments.parse_args()
    table = read_table(options.table.read_text())
    return source_tree.report(*check(options.root, table), "layering")


if __name__ == "__main__":
    sys.exit(main())
