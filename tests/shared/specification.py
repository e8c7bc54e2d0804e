#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Sigma specification's own examples, and the files its schemas are tested with: each loads, or
is refused for the reason listed here. An example that is not listed fails, so a new edition of the
specification is noticed. And every question of the research notes on semantics has its case.

  specification.py --catena PROGRAM --junit FILE

An example is a fenced YAML block with a detection, correlation or filter. What it leaves out, a
title, log source, condition or the rules that it refers to, is put around it.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[0] / "support")]
import junit  # noqa: E402
import reference  # noqa: E402

LOADS = ""  # the expected refusal of what loads

# (file, heading, which block below it): a part of the message that refuses the example.
EXAMPLES = {
    ("sigma-rules-specification", "Yaml File", 1): LOADS,
    ("sigma-rules-specification", "Lists", 1): LOADS,
    ("sigma-rules-specification", "Lists", 2): LOADS,
    ("sigma-rules-specification", "Maps", 1): LOADS,
    ("sigma-rules-specification", "Maps", 2): LOADS,
    ("sigma-rules-specification", "Special Field Values", 1): LOADS,
    ("sigma-rules-specification", "Special Field Values", 2): LOADS,
    # The text calls it invalid: null stands in a list.
    ("sigma-rules-specification", "Special Field Values", 3): "null cannot be one of several values",
    ("sigma-rules-specification", "Field Existence", 1): LOADS,
    ("sigma-rules-specification", "Keywords search", 1): LOADS,
    ("sigma-rules-specification", "Keywords search", 2): LOADS,
    ("sigma-correlation-rules-specification", "Related rules", 1): "type",  # shows `rules` alone
    ("sigma-correlation-rules-specification", "Event Count (event_count)", 1): LOADS,
    ("sigma-correlation-rules-specification", "Value Count (value_count)", 1): LOADS,
    ("sigma-correlation-rules-specification", "Temporal Proximity (temporal)", 1): LOADS,
    ("sigma-correlation-rules-specification", "Ordered Temporal Proximity (temporal_ordered)", 1): LOADS,
    ("sigma-correlation-rules-specification", "Value Sum (value_sum)", 1): LOADS,
    ("sigma-correlation-rules-specification", "Value Average (value_avg)", 1): LOADS,
    # Which percentile is meant is not said.
    ("sigma-correlation-rules-specification", "Value Percentile (value_percentile)", 1): "percentile",
    ("sigma-correlation-rules-specification", "Field Name Aliases Example", 1): LOADS,
    ("sigma-correlation-rules-specification", "Field Name Aliases Example", 2): LOADS,
    ("sigma-correlation-rules-specification", "Field Name Aliases Example", 3): LOADS,
    ("sigma-correlation-rules-specification", "Failed Logins Followed by Successful Login", 1): LOADS,
    ("sigma-filters-specification", "Examples", 1): LOADS,
}
SCHEMA_FILES = {
    "rules/rule_1.yml": LOADS, "rules/rule_ecs.yml": LOADS,
    "correlation/event_count.yml": LOADS, "correlation/event_count_ecs.yml": LOADS,
    "correlation/value_count.yml": LOADS, "correlation/temporal.yml": LOADS,
    "correlation/temporal_ordered.yml": LOADS, "correlation/value_sum.yml": LOADS,
    "correlation/value_avg.yml": LOADS, "correlation/value_percentile.yml": "percentile",
    "filter/filter_1.yml": LOADS, "filter/filter_ecs.yml": LOADS,
}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
BLOCK = re.compile(r"^( *)```ya?ml\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^(detection|correlation|filter):", re.MULTILINE)


def examples(folder):
    """{(file, heading, number): YAML} of the specification's pages."""
    found = {}
    for page in sorted(folder.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        numbers = {}
        for block in BLOCK.finditer(text):
            headings = re.findall(r"^#+ (.*)$", text[:block.start()], re.MULTILINE)
            heading = headings[-1] if headings else ""
            if not SECTION.search(block[2]):
                continue
            numbers[heading] = numbers.get(heading, 0) + 1
            found[page.stem, heading, numbers[heading]] = block[2]
    return found


def referred(document):
    """Names and ids of the rules that a correlation or filter lists."""
    listed = re.search(r"^ +rules:[ \t]*\n((?:[ ]+- .*\n)+)", document, re.MULTILINE)
    return re.findall(r"- ([^\s#]+)", listed[1]) if listed else []


def rule_named(name):
    key = "id" if UUID.fullmatch(name) else "name"
    return (f"title: Stands for {name}\n{key}: {name}\nstatus: test\nlogsource:\n  product: windows\n"
            f"  category: process_creation\ndetection:\n  s:\n    Image: {name}\n  condition: s\nlevel: low\n")


def completed(text):
    """The documents of an example, and what they lack."""
    documents = [document for document in re.split(r"^---\s*$", text, flags=re.MULTILINE) if document.strip()]
    given = set(re.findall(r"^(?:id|name): *(\S+)", text, re.MULTILINE))
    out, missing = [], []
    for document in documents:
        if not re.search(r"^title:", document, re.MULTILINE) or re.search(r"^title: \u2014$", document, re.MULTILINE):
            document = re.sub(r"^(title|id): \u2014\n", "", document, flags=re.MULTILINE)
            document = "title: Example\n" + document
        if re.search(r"^detection:", document, re.MULTILINE):
            if not re.search(r"^logsource:", document, re.MULTILINE):
                document += "logsource:\n  product: windows\n"
            if not re.search(r"^ +condition:", document, re.MULTILINE):
                document = document.replace("detection:\n", "detection:\n    condition: 1 of them\n")
        missing += [name for name in referred(document) if name not in given]
        out.append(document.strip("\n") + "\n")
    # A repeated reference needs one rule.
    return "---\n".join(out + [rule_named(name) for name in dict.fromkeys(missing)])


def refusals(catena, folder):
    """{file name: messages} of `catena rules check`."""
    done = subprocess.run([str(catena), "rules", "check", "--format", "jsonl", str(folder)],
                          capture_output=True, check=False, timeout=reference.TIMEOUT_SECONDS)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines and lines[-1]["kind"] == "rules_summary", done.stderr[-500:]
    found = {}
    for line in lines:
        # The linter's other findings refuse nothing.
        if line["kind"] == "refused_rule":
            found.setdefault(pathlib.Path(line["file"]).name, []).append(line["message"])
    return found


def record(report, name, problem):
    if problem:
        report.failed(name, problem)
    else:
        report.passed(name)


def judge(catena, texts, expected, report):
    """Loads each text as a file of its own; how many do otherwise than expected."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="catena-specification-") as scratch:
        for number, (key, text) in enumerate(texts.items()):
            folder = pathlib.Path(scratch) / str(number)
            folder.mkdir()
            (folder / "example.yml").write_text(text, encoding="utf-8")
            messages = refusals(catena, folder).get("example.yml", [])
            wanted = expected.get(key)
            if wanted is None:
                problem = f"is not listed in {pathlib.Path(__file__).name}"
            elif wanted == LOADS:
                problem = f"refused: {messages}" if messages else None
            else:
                problem = None if any(wanted in message for message in messages) else f"loads, or: {messages}"
            record(report, " ".join(map(str, key)) if isinstance(key, tuple) else key, problem)
            if problem:
                print(f"FAIL {key}: {problem}")
                failed += 1
    for key in expected.keys() - texts.keys():
        record(report, str(key), "no such example any more")
        print(f"FAIL {key}: no such example any more")
        failed += 1
    return failed


def questions(shared, report):
    """Each topic of the notes on semantics has a row in tests/behaviour/README.md; how many do not."""
    def first_cells(path):
        lines = path.read_text(encoding="utf-8").splitlines()
        return [re.split(r"(?<!\\)\|", line)[1].strip().replace("\\|", "|") for line in lines
                if line.startswith("| ") and not line.startswith("| ---")]
    notes = shared / "design/sigma-semantics.md"
    if not notes.is_file():
        return 0
    answered = set(first_cells(reference.ROOT / "tests/behaviour/README.md"))
    # A bar inside code is not escaped in the notes.
    topics = [t for t in first_cells(notes) if t != "topic"]
    missing = [t for t in topics if not any(a.startswith(t.rstrip("` ")) for a in answered)]
    for topic in missing:
        print(f"FAIL no case for the question: {topic}")
    record(report, "every question has a case", f"without: {missing}" if missing else None)
    print(f"{len(topics)} questions on semantics, {len(missing)} without a case")
    return len(missing)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--catena", required=True)
    parser.add_argument("--junit", required=True)
    options = parser.parse_args()
    shared = reference.folder()
    if shared is None or not (shared / "sigma-specification").is_dir():
        print(f"no specification beside the clone: {len(EXAMPLES) + len(SCHEMA_FILES)} examples not run")
        return reference.SKIPPED
    folder = shared / "sigma-specification"
    report = junit.Report("specification")
    texts = {key: completed(text) for key, text in examples(folder / "specification").items()}
    failed = judge(options.catena, texts, EXAMPLES, report)
    schema = folder / "tests/schema"
    files = {path.relative_to(schema).as_posix(): completed(path.read_text(encoding="utf-8"))
             for path in sorted(schema.rglob("*.yml"))}
    failed_files = judge(options.catena, files, SCHEMA_FILES, report)
    unanswered = questions(shared, report)
    report.write(options.junit)
    print(f"{len(texts)} examples and {len(files)} schema tests, {failed + failed_files} failed")
    return 1 if failed + failed_files + unanswered else 0


if __name__ == "__main__":
    sys.exit(main())
