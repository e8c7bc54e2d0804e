#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/unit mirrors the product: tests/unit/a/b/x_test.cc tests a/b/x.cc or a/b/x.h.

A test without its product file fails; a .cc without its test is listed.
"""
import pathlib
import sys

import source_tree


def check(root):
    unit = pathlib.Path("tests/unit")
    findings, tested = [], set()
    tests = [path for path in source_tree.sources(root, ("tests/unit",), (".cc",))
             if path.name.endswith("_test.cc")]
    for test in tests:
        product = test.relative_to(unit).parent / test.name.removesuffix("_test.cc")
        tested.add(product)
        if not any((root / product).with_suffix(suffix).is_file() for suffix in (".h", ".cc")):
            findings.append(f"{test}:1: tests {product}.h or .cc, and there is neither")
    missing = [path for path in source_tree.sources(root, source_tree.PRODUCT_FOLDERS, (".cc",))
               if path.with_suffix("") not in tested and path.name != "main.cc"]
    if missing:
        print("without a unit test of its own:")
        for path in missing:
            print(f"  {path}")
    return findings, len(tests)


if __name__ == "__main__":
    sys.exit(source_tree.report(*check(source_tree.parser(__doc__).parse_args().root),
                                "unit tests mirrored"))
