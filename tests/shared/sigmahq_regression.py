#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every regression case of SigmaHQ on its event log file and on its JSON twin: the rule hits its own
event as often as the case says. The raw Cisco line beside them counts as one more case. One scan of all files with the
whole corpus, so that it also shows that cases do not disturb each other.

  sigmahq_regression.py --catena PROGRAM --junit FILE
"""
import argparse
import collections
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[0] / "support")]
import junit  # noqa: E402
import reference  # noqa: E402


# Cases whose file holds further events that the rule's own text matches, read and counted by hand in
# both forms of the file: the case counts its intended event only.
MORE_EVENTS = {
    "0b9ad457-2554-44c1-82c2-d56a99c42377": 3,  # user.conf three times, service.conf does not count
    "8fbf3271-1ef6-4e94-8210-03c2317947f6": 3,  # procdump64.exe, procdump64a.exe, procdump.exe
    "45e112d0-7759-4c2a-aa36-9f8fb79d3393": 3,  # one zone set for https, http and *
    "c7dcacd0-cc59-4004-b0a4-1d6cdebe6f3e": 2,  # AutoShareServer and AutoShareWks
}


def read_case(path):
    """(rule id, expected matches or None, event files) of one info.yml."""
    text = path.read_text(encoding="utf-8")
    rule = re.search(r"rule_metadata:\s*\n\s*-\s*id:\s*(\S+)", text).group(1)
    count = re.search(r"^#?\s*match_count:\s*(\d+)", text, re.MULTILINE)
    files = [file for file in sorted(path.parent.iterdir())
             if file.suffix in (".evtx", ".json", ".jsoncls", ".raw")]
    wanted = int(count.group(1)) if count else None
    return rule, MORE_EVENTS.get(rule, wanted), files


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--catena", required=True)
    parser.add_argument("--junit", required=True)
    options = parser.parse_args()
    shared = reference.folder()
    if shared is None:
        print("no reference material beside the clone: 203 SigmaHQ regression cases not run")
        return reference.SKIPPED
    cases = [(path, *read_case(path))
             for path in sorted((shared / "sigma/regression_data").rglob("info.yml"))]
    files = [str(file) for _, _, _, found in cases for file in found]
    result = reference.scan(options.catena, [*reference.corpus(shared), *files])
    hits = collections.Counter((d["event"]["source"], d["rule"]["id"]) for d in result["detection"])
    report = junit.Report("sigmahq_regression")
    failed = 0
    for path, rule, count, found in cases:
        for file in found:
            name = f"{path.parent.relative_to(shared / 'sigma/regression_data')}/{file.suffix[1:]}"
            seen = hits[(str(file), rule)]
            if seen == count if count is not None else seen > 0:
                report.passed(name)
            else:
                failed += 1
                wanted = "at least 1" if count is None else count
                reason = f"{rule}: {seen} hits, not {wanted}"
                print(f"FAILED {name}: {reason}")
                report.failed(name, reason)
    report.write(options.junit)
    kinds = collections.Counter(pathlib.Path(file).suffix[1:] for file in files)
    print(f"{len(files)} files of {len(cases)} cases "
          f"({', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))}), "
          f"{failed} failed")
    return 1 if failed or not files else 0


if __name__ == "__main__":
    sys.exit(main())
