# SPDX-License-Identifier: Apache-2.0
"""The behaviour runner against a stand-in for the program that prints what the test says."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Prints scan.jsonl for `scan` and list.jsonl (then list-again.jsonl) for `incidents list`.
STAND_IN = """#!/bin/bash
here=$(dirname "$0")
echo "$*" >>"$here/calls"
case "$1" in
  scan) cat "$here/scan.jsonl"; exit "$(cat "$here/exit")" ;;
  incidents)
    cat "$here/list.jsonl"
    if [ -e "$here/list-again.jsonl" ]; then mv "$here/list-again.jsonl" "$here/list.jsonl"; fi ;;
esac
"""


def detection(identity, line, rule="r1", tactics=(), source="events.jsonl"):
    return {"kind": "detection", "schema": 1, "id": identity,
            "rule": {"id": rule, "title": f"title of {rule}", "level": "high"},
            "attack": {"techniques": ["T1059"], "tactics": list(tactics)},
            "event": {"source": source, "line": line, "offset": 0}}


def chain(identity, steps, **more):
    return {"kind": "chain", "schema": 1, "id": identity, "steps": list(steps),
            "hosts": ["a", "b"], "phases": [{"phase": "p1", "steps": 1}, {"phase": "p2", "steps": 1}],
            **more}


def summary(events, detections, chains, **more):
    return {"kind": "summary", "schema": 1, "events": events, "evaluated": events,
            "dead_letters": 0, "detections": detections, "chains": chains, **more}


TWO_STEPS = [detection("d1", 1, tactics=["TA0043"]), detection("d2", 3, "r2", ["TA0001", "TA0002"]),
             chain("c1", ["d1", "d2"]), summary(3, 2, 1)]
FITS_TWO_STEPS = [{"source": "events.jsonl", "line": 1, "rule": "r1"},
                  {"source": "events.jsonl", "line": 3, "rule": "r2"}, {"chains": 1}]


class BehaviourRunnerTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="catena-runner-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.case = self.folder / "cases/one"
        (self.case / "rules").mkdir(parents=True)
        (self.case / "events.jsonl").write_text("{}\n{}\n{}\n")
        self.program = self.folder / "catena"
        self.program.write_text(STAND_IN)
        self.program.chmod(0o755)
        self.prints(TWO_STEPS)
        (self.folder / "exit").write_text("0")
        (self.folder / "list.jsonl").write_text("{}\n")
        self.expects(FITS_TWO_STEPS)

    def prints(self, lines):
        (self.folder / "scan.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))

    def expects(self, lines):
        (self.case / "expected.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))

    def run_cases(self, *arguments):
        command = [sys.executable, "-B", str(ROOT / "tests/behaviour/run.py"), "--catena",
                   str(self.program), "--cases", str(self.folder / "cases"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def assert_holds(self):
        done = self.run_cases()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def assert_fails(self, reason):
        done = self.run_cases()
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(reason, done.stdout)

    def test_passes_and_calls_the_program_as_documented(self):
        self.assert_holds()
        first = (self.folder / "calls").read_text().splitlines()[0]
        self.assertRegex(first, r"^scan --format jsonl --store \S+ --rules rules events\.jsonl$")

    def test_junit_has_one_case_each(self):
        self.run_cases("--junit", str(self.folder / "out.xml"))
        self.assertEqual([c.get("name") for c in ET.parse(self.folder / "out.xml").iter("testcase")],
                         ["one"])

    def test_no_cases_is_a_failure(self):
        shutil.rmtree(self.case)
        self.assertEqual(self.run_cases().returncode, 1)

    def test_missing_detection(self):
        self.expects(FITS_TWO_STEPS + [{"source": "events.jsonl", "line": 2, "rule": "r1"}])
        self.assert_fails("missing: events.jsonl:2 r1")

    def test_unexpected_detection(self):
        self.expects(FITS_TWO_STEPS[1:])
        self.assert_fails("unexpected: events.jsonl:1 r1 (title of r1)")

    def test_unexpected_detection_is_let_pass_when_the_case_says_so(self):
        self.expects(FITS_TWO_STEPS[1:])
        (self.case / "case.json").write_text('{"detections": "at least"}')
        self.assert_holds()

    def test_further_keys_of_a_detection(self):
        self.expects([dict(FITS_TWO_STEPS[0], attack={"techniques": ["T1059"]}), FITS_TWO_STEPS[1]])
        self.assert_holds()
        self.expects([dict(FITS_TWO_STEPS[0], attack={"techniques": ["T1003"]}), FITS_TWO_STEPS[1]])
        self.assert_fails("missing: events.jsonl:1 r1")

    def test_chain_count(self):
        self.expects(FITS_TWO_STEPS[:2] + [{"chains": 2}])
        self.assert_fails("1 chains, expected 2")

    def test_chain_content_in_order(self):
        good = {"hosts": ["b"], "phases": [{"phase": "p1"}, {"phase": "p2"}], "step_count": 2}
        self.expects(FITS_TWO_STEPS + [{"chain": good}])
        self.assert_holds()
        for bad in ({"hosts": ["b", "a"]}, {"phases": [{"phase": "p3"}]}, {"step_count": 3},
                    {"unknown": 1}):
            with self.subTest(bad=bad):
                self.expects(FITS_TWO_STEPS + [{"chain": bad}])
                self.assert_fails("no chain like")

    def test_one_chain_does_not_serve_twice(self):
        self.expects(FITS_TWO_STEPS + [{"chain": {"hosts": ["a"]}}, {"chain": {"hosts": ["b"]}}])
        self.assert_fails('no chain like {"hosts": ["b"]}')

    def test_tactics_in_order_of_appearance(self):
        self.expects(FITS_TWO_STEPS + [{"chain": {"tactics": ["TA0043", "TA0009/TA0001", "TA0002"]}}])
        self.assert_holds()
        self.expects(FITS_TWO_STEPS + [{"chain": {"tactics": ["TA0001", "TA0043"]}}])
        self.assert_fails("no chain like")

    def test_summary(self):
        self.expects(FITS_TWO_STEPS + [{"summary": {"dead_letters": 1}}])
        self.assert_fails("expected {'dead_letters': 1}")

    def test_unreadable_expectation(self):
        self.expects(FITS_TWO_STEPS + [{"chainz": 1}])
        self.assert_fails("cannot read")

    def test_exit_code(self):
        (self.folder / "exit").write_text("2")
        self.assert_fails("exit 2, expected 0")

    def test_event_lost_from_the_count(self):
        self.prints(TWO_STEPS[:3] + [summary(3, 2, 1, evaluated=2)])
        self.assert_fails("events are not evaluated + dead letters")

    def test_summary_counts_what_was_printed(self):
        self.prints(TWO_STEPS[:3] + [summary(3, 2, 2)])
        self.assert_fails("the summary counts 2 chains, 1 were printed")

    def test_detection_in_no_chain(self):
        self.prints(TWO_STEPS[:2] + [chain("c1", ["d1"]), summary(3, 2, 1)])
        self.assert_fails("not every detection is a step of exactly one chain")

    def test_detection_in_two_chains(self):
        self.prints(TWO_STEPS[:3] + [chain("c2", ["d2"]), summary(3, 2, 2)])
        self.assert_fails("not every detection is a step of exactly one chain")

    def test_output_without_summary(self):
        self.prints(TWO_STEPS[:3])
        self.assert_fails("not the summary")

    def test_second_scan_changes_the_store(self):
        (self.folder / "list-again.jsonl").write_text("{}\n{}\n")
        self.assert_fails("scanning again into the same store changed")

    def test_unknown_option_of_a_case(self):
        (self.case / "case.json").write_text('{"rulez": []}')
        self.assert_fails("unknown key rulez")

    def test_rules_from_packs_and_ordered_events(self):
        (self.case / "case.json").write_text('{"rules": ["packs/starter"], "events": ["events.jsonl"],'
                                             ' "arguments": ["--threads", "1"]}')
        self.assert_holds()
        first = (self.folder / "calls").read_text().splitlines()[0]
        self.assertTrue(first.endswith(f"--rules {ROOT}/rules/packs/starter --threads 1 events.jsonl"))

    def test_show_prints_what_expected_would_say(self):
        done = self.run_cases("--show", "one")
        self.assertEqual([json.loads(line) for line in done.stdout.splitlines()], FITS_TWO_STEPS)


if __name__ == "__main__":
    unittest.main()
