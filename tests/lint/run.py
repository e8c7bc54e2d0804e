#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the lint cases: folders named after a code, with a rule that has the defect, one that nearly
has it, and what `catena rules check` must say (README.md beside).

  run.py [--catena PROGRAM] [--junit FILE] [CASE…]     run all cases, or those named
  run.py --draft CASE…                                 write expected.txt and fixed/ as they are now
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
import junit  # noqa: E402
import sarif_schema  # noqa: E402

TIMEOUT_SECONDS = 60
LEVELS = ("note", "warning", "error")


class CaseError(Exception):
    """The case does not hold; the text says where and why."""


def code_of(case):
    """A case is named CODE, or CODE.variant."""
    return case.name.split(".")[0]


def arguments_of(case):
    path = case / "arguments.json"
    return json.loads(path.read_text()) if path.exists() else []


def run(catena, folder, *arguments):
    command = [str(catena), "rules", "check", "--no-rule-cache", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=TIMEOUT_SECONDS,
                          stdin=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 1):
        raise CaseError(f"exit {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    return done


def text_of(catena, folder, rules, arguments):
    """The findings as text, without totals."""
    done = run(catena, folder, "--level", "note", *arguments, rules)
    lines = done.stdout.decode().splitlines(keepends=True)
    end = next(i for i, line in enumerate(lines) if " rules loaded, " in line)
    return "".join(line for line in lines[:end] if not line.startswith("unmapped "))


def findings_of(catena, folder, rules, arguments):
    """The findings as objects; checks what holds of every line."""
    done = run(catena, folder, "--level", "note", "--format", "jsonl", *arguments, rules)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    findings = [line for line in lines if line["kind"] in ("refused_rule", "rule_finding")]
    for finding in findings:
        if finding["schema"] != 1 or finding["level"] not in LEVELS:
            raise CaseError(f"no schema or level: {finding}")
        check_span(folder, finding)
    summary = lines[-1]
    if summary["kind"] != "rules_summary":
        raise CaseError("the last line is not the summary")
    for level in LEVELS:
        shown = sum(f["level"] == level and not f["suppressed"] for f in findings)
        if shown != summary[level + "s"]:
            raise CaseError(f"the summary counts {summary[level + 's']} {level}s, {shown} are shown")
    check_exit(done.returncode, summary)
    return findings


def check_exit(code, summary):
    if code != (1 if summary["errors"] else 0):
        raise CaseError(f"exit {code} with {summary['errors']} errors")


def check_span(folder, finding):
    """The span lies in the file and is not empty."""
    if not finding["line"]:
        return
    lines = (folder / finding["file"]).read_text().split("\n")
    line = lines[finding["line"] - 1]
    if not 1 <= finding["column"] <= len(line) + 1:
        raise CaseError(f"column outside the line: {finding}")
    start, end = (finding["line"], finding["column"]), (finding["end_line"], finding["end_column"])
    if start > end:
        raise CaseError(f"ends before it starts: {finding}")


def check_sarif(catena, folder, arguments, findings):
    done = run(catena, folder, "--level", "note", "--format", "sarif", *arguments, "rules")
    log = json.loads(done.stdout)
    sarif_schema.check(log)
    results = log["runs"][0]["results"]
    said = [(result["ruleId"], result["level"]) for result in results]
    if said != [(finding["code"], finding["level"]) for finding in findings]:
        raise CaseError("SARIF and JSON lines differ")


def check_fixed(catena, case, arguments):
    """--fix makes of rules/ what fixed/ holds; without fixed/ it changes nothing. --dry-run never."""
    with tempfile.TemporaryDirectory(prefix="catena-lint-") as scratch:
        copy = pathlib.Path(scratch) / "rules"
        shutil.copytree(case / "rules", copy)
        run(catena, scratch, "--fix", "--dry-run", *arguments, "rules")
        compare_folders(case / "rules", copy, "--dry-run changed")
        run(catena, scratch, "--fix", *arguments, "rules")
        wanted = case / "fixed" if (case / "fixed").is_dir() else case / "rules"
        compare_folders(wanted, copy, "--fix made")


def compare_folders(wanted, found, what):
    for path in sorted(wanted.rglob("*.yml")):
        relative = path.relative_to(wanted)
        if path.read_bytes() != (found / relative).read_bytes():
            raise CaseError(f"{what} {relative}:\n{(found / relative).read_text()}")
    if len(list(found.rglob("*"))) != len(list(wanted.rglob("*"))):
        raise CaseError(f"{what} other files")


def run_case(catena, case):
    code, arguments = code_of(case), arguments_of(case)
    expected = (case / "expected.txt").read_text()
    found = text_of(catena, case, "rules", arguments)
    if found != expected:
        raise CaseError(f"expected\n{expected}\nfound\n{found}")
    findings = findings_of(catena, case, "rules", arguments)
    if not any(finding["code"] == code for finding in findings):
        raise CaseError(f"no finding has the code {code}")
    near = findings_of(catena, case, "near-miss", arguments)
    if any(finding["code"] == code for finding in near):
        raise CaseError(f"the near miss has the code {code}")
    check_sarif(catena, case, arguments, findings)
    check_fixed(catena, case, arguments)


def draft(catena, case):
    arguments = arguments_of(case)
    (case / "expected.txt").write_text(text_of(catena, case, "rules", arguments))
    with tempfile.TemporaryDirectory(prefix="catena-lint-") as scratch:
        copy = pathlib.Path(scratch) / "rules"
        shutil.copytree(case / "rules", copy)
        run(catena, scratch, "--fix", *arguments, "rules")
        shutil.rmtree(case / "fixed", ignore_errors=True)
        same = all(path.read_bytes() == (copy / path.relative_to(case / "rules")).read_bytes()
                   for path in (case / "rules").rglob("*.yml"))
        if not same:
            shutil.copytree(copy, case / "fixed")


def documented_codes():
    """The codes in the table of rules/README.md, and whether each can have a case."""
    text = (ROOT / "rules/README.md").read_text()
    table = text.split("### Codes", 1)[1].split("\n#", 1)[0]
    return {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}


def check_codes(catena, cases):
    """Program, documentation and cases know the same codes."""
    done = subprocess.run([str(catena), "rules", "codes", "--format", "jsonl"], capture_output=True,
                          timeout=TIMEOUT_SECONDS, check=True)
    known = {json.loads(line)["code"] for line in done.stdout.splitlines()}
    if known != documented_codes():
        raise CaseError(f"rules/README.md and the program differ: {known ^ documented_codes()}")
    without = known - {code_of(case) for case in cases} - CODES_WITHOUT_CASE
    if without:
        raise CaseError(f"codes without a case: {sorted(without)}")


# Tested elsewhere: a file that cannot be read (command_line), the loader's own hints (not shown), and
# what the loader asks of correlation rules and filters (unit tests, behaviour).
CODES_WITHOUT_CASE = {"unreadable", "lint", "correlation", "filter", "pipeline"}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catena", type=pathlib.Path, default=ROOT / "build/release/catena")
    parser.add_argument("--junit", type=pathlib.Path)
    parser.add_argument("--draft", action="store_true")
    parser.add_argument("case", nargs="*")
    options = parser.parse_args()
    catena = options.catena.resolve()
    every = sorted(path for path in HERE.iterdir() if (path / "rules").is_dir())
    cases = [HERE / name for name in options.case] or every
    if options.draft:
        for case in cases:
            draft(catena, case)
        return 0
    report, failed = junit.Report("lint"), 0
    checks = [(case.name, lambda case=case: run_case(catena, case)) for case in cases]
    if not options.case:
        checks.append(("every code has a case", lambda: check_codes(catena, cases)))
    for name, check in checks:
        try:
            check()
            report.passed(name)
            print(f"ok   {name}")
        except (CaseError, OSError, KeyError, TypeError, ValueError, AssertionError) as error:
            reason = str(error) if isinstance(error, CaseError) else f"{type(error).__name__}: {error}"
            report.failed(name, reason)
            failed += 1
            print(f"FAIL {name}\n     " + reason.replace("\n", "\n     "))
    if options.junit:
        report.write(options.junit)
    print(f"{len(checks)} cases, {failed} failed")
    return 1 if failed or not checks else 0


if __name__ == "__main__":
    sys.exit(main())
