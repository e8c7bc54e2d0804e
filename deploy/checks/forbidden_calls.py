#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Product code takes time, randomness and the environment from its caller.

Only engine/base (which defines the sources) and engine/app (which picks them) may ask the system.
"""
import re
import sys

import source_tree

FORBIDDEN = {
    "wall clock": r"\bsystem_clock\s*::\s*now\b|\bgettimeofday\s*\(|\bclock_gettime\s*\("
                  r"|(?<![\w.>:])(?:std::|::)?time\s*\(\s*(?:nullptr|NULL|0|&)",
    "randomness": r"(?<![\w.>])(?:std::|::)?s?rand\s*\(|\brandom_device\b|\bgetrandom\s*\(",
    "environment": r"\b(?:secure_)?getenv\s*\(",
    "local time zone": r"\blocaltime(?:_r)?\s*\(|\bmktime\s*\(",
}
ALLOWED_IN = ("engine/base", "engine/app")


def check(root):
    findings = []
    paths = [path for path in source_tree.sources(root, source_tree.PRODUCT_FOLDERS)
             if path.parent.as_posix() not in ALLOWED_IN]
    for path in paths:
        code = source_tree.code_only(source_tree.text_of(root, path))
        for what, pattern in FORBIDDEN.items():
            for match in re.finditer(pattern, code):
                line = code.count("\n", 0, match.start()) + 1
                findings.append(f"{path}:{line}: {what} asked of the system: {match.group().strip()}")
    return findings, len(paths)


if __name__ == "__main__":
    sys.exit(source_tree.report(*check(source_tree.parser(__doc__).parse_args().root),
                                "forbidden calls"))
