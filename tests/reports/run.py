#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Chains as reports for people and other programs: see README.md beside this file.

  run.py --catena PROGRAM --junit FILE
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
sys.path.insert(0, str(HERE))
import formats  # noqa: E402
import junit  # noqa: E402
import pages  # noqa: E402

FORMATS = ("jsonl", "markdown", "html", "stix", "attack-flow", "ocsf", "navigator")

# Every text that a stranger may choose: a rule's title, an account, a host, a value, the record.
HOSTILE_WORDS = ["<script>alert(1)</script>", "\"onload=\"x", "](javascript:alert(2))"]
HOSTILE_RULE = """title: '<script>alert(1)</script> `x` | "onload="x ](javascript:alert(2)) ![i](http://x.y/z)'
id: 5ac51c7e-93a1-4d57-9d58-0f0d0a3cf001
status: test
description: a title that wants to be markup
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '.exe'
    condition: selection
level: high
tags:
    - attack.t1059.001
    - attack.execution
"""
ONE_STEP = """title: One step without a technique
id: 5ac51c7e-93a1-4d57-9d58-0f0d0a3cf002
status: test
description: the least that a chain can be
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '.exe'
    condition: selection
level: low
"""


def process_start(minute, **fields):
    return json.dumps({"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational",
                       "UtcTime": f"2026-03-02 10:{minute:02}:00.000", **fields})


def hostile_events():
    nasty = "</pre></td><img src=x onerror=alert(3)>\u202e\x1b[31m`` ``` | ]]> <!-- &lt; \ud83d\udca3"
    return "\n".join(process_start(minute, Computer=f"h{minute % 2}<b>.example", User="EVIL\\<i>'\"&`|eve",
                                   Image=f"C:\\x\\{nasty}.exe", CommandLine=nasty,
                                   ProcessGuid="{11111111-0000-0000-0000-000000000001}")
                     for minute in range(4)) + "\n"


class Subject:
    """One chain in a store of its own, exported in every form."""

    def __init__(self, program, folder, name, inputs, arguments=()):
        self.name = name
        self._program = program
        self.store = folder / name
        self.run("scan", *arguments, "--store", self.store, *inputs)
        chains = [json.loads(line) for line in
                  self.run("incidents", "list", "--store", self.store, "--format", "jsonl").splitlines()]
        self.chain = max(chains, key=lambda chain: chain["score"])
        self.text = {form: self.export(form) for form in FORMATS}

    def run(self, *arguments):
        done = subprocess.run([self._program, *map(str, arguments)], capture_output=True, timeout=240,
                              check=False, env={**os.environ, "XDG_DATA_HOME": str(self.store)})
        assert done.returncode == 0, done.stderr.decode(errors="replace")[-600:]
        return done.stdout.decode()  # strictly UTF-8

    def export(self, form):
        return self.run("incidents", "export", self.chain["id"], "--store", self.store, "--format", form)

    def show(self):
        return self.run("incidents", "show", self.chain["id"], "--store", self.store, "--format", "jsonl")

    @property
    def hostile(self):
        return HOSTILE_WORDS if self.name == "hostile" else []


class CannotRun(Exception):
    """A validator of others is not installed."""


def same_twice(subject):
    for form in FORMATS:
        assert subject.export(form) == subject.text[form], form


def jsonl(subject):
    assert subject.text["jsonl"] == subject.show()


def markdown(subject):
    pages.check_markdown(subject.text["markdown"], subject.hostile)


def html(subject):
    pages.check_html(subject.text["html"], subject.hostile)
    assert ("Hosts against time" in subject.text["html"]) == (len(subject.chain["hosts"]) > 1)


def stix(subject):
    objects = formats.check_stix(subject.text["stix"])
    patterns = sorted(thing["external_references"][0]["external_id"] for thing in objects.values()
                      if thing["type"] == "attack-pattern")
    assert patterns == subject.chain["techniques"], patterns


def attack_flow(subject):
    objects = formats.check_attack_flow(subject.text["attack-flow"])
    told = {thing.get("technique_id") for thing in objects.values() if thing["type"] == "attack-action"}
    assert told - {None} <= set(subject.chain["techniques"])


def ocsf(subject):
    events = formats.check_ocsf(subject.text["ocsf"])
    assert sum(event["count"] for event in events[1:]) == len(subject.chain["steps"])


def navigator(subject):
    layer = formats.check_navigator(subject.text["navigator"])
    assert [t["techniqueID"] for t in layer["techniques"]] == subject.chain["techniques"]


def advise(subject):
    told = json.loads(subject.run("incidents", "advise", subject.chain["id"], "--store", subject.store,
                                  "--format", "jsonl"))
    assert told["chain"] == subject.chain["id"] and "false flags" in told["caveat"]
    assert told["chain_techniques"] == len(subject.chain["techniques"])
    seen = {phase["phase"] for phase in subject.chain["phases"]}
    assert not seen & {gap["phase"] for gap in told["gaps"]}
    counters = [len(measure["counters"]) for measure in told["mitigations"]]
    assert all(counters) and len(counters) <= 8
    text = subject.run("incidents", "advise", subject.chain["id"], "--store", subject.store)
    if subject.name == "shop":
        assert {gap["phase"] for gap in told["gaps"]} >= {"internal-reconnaissance", "maintain-persistence"}
        assert [group["exact"] for group in told["groups"]][0] >= 3
        for heading in ("What to do now", "What is missing", "What counters", "Who is known"):
            assert heading in text and heading in subject.text["html"] and heading in subject.text["markdown"]
    assert all(len(line) <= 160 for line in text.splitlines())


def _validator(name):
    try:
        return __import__(name)
    except ImportError as missing:
        raise CannotRun(f"{name} is not installed") from missing


def stix_by_stix2_validator(subject):
    validator = _validator("stix2validator")
    for form in ("stix", "attack-flow"):
        result = validator.validate_string(subject.text[form], validator.ValidationOptions(version="2.1"))
        assert result.is_valid, [str(error) for error in result.errors][:5]


def ocsf_by_its_schema(subject):
    schema, jsonschema = _validator("ocsf_json_schema"), _validator("jsonschema")
    source = schema.OcsfJsonSchemaEmbedded(schema.get_ocsf_schema(version="1.5.0"))
    for line in subject.text["ocsf"].splitlines():
        event = json.loads(line)
        name = {2004: "detection_finding", 2005: "incident_finding"}[event["class_uid"]]
        jsonschema.Draft202012Validator(source.get_class_schema(name)).validate(event)


def navigator_by_mitreattack(subject):
    _validator("mitreattack")
    from mitreattack.navlayers import Layer  # pylint: disable=import-outside-toplevel
    layer = Layer()
    layer.from_str(subject.text["navigator"])
    assert len(layer.layer.techniques or []) == len(subject.chain["techniques"])


CASES = [same_twice, jsonl, advise, markdown, html, stix, attack_flow, ocsf, navigator, stix_by_stix2_validator,
         ocsf_by_its_schema, navigator_by_mitreattack]


def subjects(program, folder):
    (folder / "hostile.yml").write_text(HOSTILE_RULE)
    (folder / "one.yml").write_text(ONE_STEP)
    (folder / "hostile.jsonl").write_text(hostile_events(), encoding="utf-8", errors="surrogatepass")
    (folder / "one.jsonl").write_text(process_start(1, Image="C:\\x\\a.exe", Computer="lone") + "\n")
    yield Subject(program, folder, "shop", [ROOT / "tests/behaviour/apparel-shop/events"])
    yield Subject(program, folder, "hostile", [folder / "hostile.jsonl"], ["--rules", folder / "hostile.yml"])
    yield Subject(program, folder, "one", [folder / "one.jsonl"], ["--rules", folder / "one.yml"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--catena", required=True)
    parser.add_argument("--junit", required=True)
    options = parser.parse_args()
    report = junit.Report("reports")
    failed = skipped = count = 0
    with tempfile.TemporaryDirectory(prefix="catena-reports-") as folder:
        for subject in subjects(str(pathlib.Path(options.catena).resolve()), pathlib.Path(folder)):
            for case in CASES:
                name = f"{subject.name}.{case.__name__}"
                count += 1
                try:
                    case(subject)
                    report.passed(name)
                except CannotRun as reason:
                    skipped += 1
                    report.skipped(name, str(reason))
                except Exception:  # pylint: disable=broad-except
                    failed += 1
                    reason = traceback.format_exc(limit=3)
                    print(f"FAILED {name}\n{reason[-1500:]}")
                    report.failed(name, reason)
    report.write(options.junit)
    print(f"{count} cases, {failed} failed, {skipped} skipped for want of a validator")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
