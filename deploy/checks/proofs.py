#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the pages promise is proven: every row of a table with a column "test" in rules/README.md
names tests that exist, every modifier has a row, and the list of Sigma questions in
tests/behaviour/README.md is that of the folders sigma-….
"""
import json
import pathlib
import re
import sys

import source_tree

PAGE = pathlib.Path("rules/README.md")
QUESTIONS = pathlib.Path("tests/behaviour/README.md")
MODIFIERS = pathlib.Path("rules/sigma/modifier.cc")
VECTORS = pathlib.Path("tests/vectors")


def rows_of(text):
    """(line, heading row, cells) of each row of each table."""
    heading = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("|"):
            heading = None
            continue
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if heading is None:
            heading = cells
        elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            yield number, heading, cells


def families(root):
    lines = [line for path in sorted((root / VECTORS).glob("*.jsonl"))
             for line in path.read_text(encoding="utf-8").splitlines()]
    return {json.loads(line).get("case", "").rsplit(" ", 1)[0] for line in lines}


def is_test(root, known, name):
    kind, _, rest = name.partition("/")
    if kind == "vectors":
        return rest in known
    if kind == "behaviour":
        return (root / "tests" / name / "expected.jsonl").is_file()
    return name.endswith(("_test.cc", ".py")) and (root / "tests" / name).is_file()


def check_page(root):
    findings, checked = [], 0
    known = families(root)
    first_cells = ""
    for line, heading, cells in rows_of(source_tree.text_of(root, PAGE)):
        if heading[-1] != "test":
            continue
        checked += 1
        first_cells += cells[0] + " "
        names = re.findall(r"`([^`]+)`", cells[-1])
        if not names:
            findings.append(f"{PAGE}:{line}: no test for {cells[0]}")
        findings += [f"{PAGE}:{line}: there is no test {name}" for name in names
                     if not is_test(root, known, name)]
    constructs = set(re.findall(r"`([^`]+)`", first_cells))
    table = source_tree.text_of(root, MODIFIERS).partition("kModifiers")[2].partition("}};")[0]
    findings += [f"{PAGE}:1: no row for the modifier {name}"
                 for name in re.findall(r'\{"(\w+)"', table) if name not in constructs]
    return findings, checked


def check_questions(root):
    findings, listed = [], set()
    for line, heading, cells in rows_of(source_tree.text_of(root, QUESTIONS)):
        if heading[0] != "question":
            continue
        name = cells[1].strip("`")
        listed.add(name)
        if not (root / "tests/behaviour" / name / "expected.jsonl").is_file():
            findings.append(f"{QUESTIONS}:{line}: there is no case {name}")
    for folder in sorted((root / "tests/behaviour").glob("sigma-*")):
        if folder.name not in listed:
            findings.append(f"tests/behaviour/{folder.name}:1: not in the table of {QUESTIONS}")
    return findings, len(listed)


def check(root):
    page, rows = check_page(root)
    questions, cases = check_questions(root)
    return page + questions, rows + cases


if __name__ == "__main__":
    sys.exit(source_tree.report(*check(source_tree.parser(__doc__).parse_args().root), "proofs"))
