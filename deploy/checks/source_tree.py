# SPDX-License-Identifier: Apache-2.0
"""The repository's own source files, as every check in this folder sees them.

A check is a program: `check.py [--root DIR]`, exit 0 when the tree is clean, 1 with one line
`path:line: reason` for each finding, 77 when it cannot run here.
"""
import argparse
import pathlib
import re
import sys

PRODUCT_FOLDERS = ("engine", "rules", "connectors", "storage")
ALL_FOLDERS = PRODUCT_FOLDERS + ("tests", "bench")
CANNOT_RUN = 77


def parser(description):
    result = argparse.ArgumentParser(description=description)
    result.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[2])
    return result


def sources(root, folders=ALL_FOLDERS, suffixes=(".h", ".cc")):
    """Paths relative to root, sorted."""
    return sorted(path.relative_to(root) for folder in folders
                  for path in (root / folder).rglob("*")
                  if path.suffix in suffixes and path.is_file())


def text_of(root, path):
    return (root / path).read_text(encoding="utf-8", errors="replace")


_NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.DOTALL)


def code_only(text):
    """Text with comments and literals blanked out, line numbers kept."""
    return _NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.MULTILINE)


def includes(text):
    """(line, path) of each #include "…"."""
    return [(text.count("\n", 0, match.start(1)) + 1, match.group(1))
            for match in _INCLUDE.finditer(text)]


def report(findings, checked, what):
    for finding in findings:
        print(finding)
    print(f"{what}: {checked} checked, {len(findings)} findings")
    return 1 if findings else 0


def fail_without_tool(tool):
    print(f"{tool} is not here; deploy/install-deps.sh --test installs it")
    sys.exit(CANNOT_RUN)
