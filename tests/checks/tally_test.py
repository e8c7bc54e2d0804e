# SPDX-License-Identifier: Apache-2.0
"""The closing count of `make test` is right, above all when a test program dies."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def entry(name, status, inner=""):
    return f'<testcase name="{name}" classname="{name}" time="0" status="{status}">{inner}</testcase>'


class TallyTest(unittest.TestCase):
    def setUp(self):
        self.build = pathlib.Path(tempfile.mkdtemp(prefix="catena-tally-"))
        self.addCleanup(shutil.rmtree, self.build)
        (self.build / "test-results").mkdir()

    def put(self, name, inner):
        (self.build / "test-results" / f"{name}.xml").write_text(f"<testsuite>{inner}</testsuite>")

    def tally(self, *more):
        done = subprocess.run([sys.executable, "-B", str(ROOT / "deploy/checks/tally.py"),
                               f"run={self.build}", *more],
                              capture_output=True, text=True, check=False)
        self.output = done.stdout
        return done.stdout.splitlines()[-1], done.returncode

    def test_entries_without_cases_count_as_one(self):
        self.put("ctest", entry("a", "run") + entry("b", "fail", "<failure/>")
                 + entry("c", "notrun", '<skipped message="SKIP_RETURN_CODE=77"/>') + entry("d", "disabled"))
        self.assertEqual(self.tally(), ("1 passed, 1 failed, 2 skipped", 1))

    def test_cases_replace_their_entry(self):
        self.put("ctest", entry("a", "run"))
        self.put("a", entry("x", "run") + entry("y", "run")
                 + entry("z", "run", '<skipped message="f.cc:1&#10;no shared folder&#10;"/>')
                 + entry("off", "notrun"))
        self.assertEqual(self.tally(), ("2 passed, 0 failed, 2 skipped", 0))
        self.assertIn("skipped 1: no shared folder", self.output)

    def test_failed_case_counts_once(self):
        self.put("ctest", entry("a", "fail", "<failure/>"))
        self.put("a", entry("x", "run", "<failure/>") + entry("y", "run"))
        self.assertEqual(self.tally(), ("1 passed, 1 failed, 0 skipped", 1))

    def test_crash_leaves_no_cases_and_is_a_failure(self):
        self.put("ctest", entry("a", "fail", "<failure/>"))
        self.assertEqual(self.tally(), ("0 passed, 1 failed, 0 skipped", 1))

    def test_leak_at_exit_is_a_failure(self):
        self.put("ctest", entry("a", "fail", "<failure/>"))
        self.put("a", entry("x", "run"))
        self.assertEqual(self.tally(), ("1 passed, 1 failed, 0 skipped", 1))

    def test_program_that_was_not_built_is_a_failure(self):
        self.put("ctest", entry("a", "run") + entry("b", "notrun", '<skipped message="Unable to find executable"/>'))
        self.assertEqual(self.tally(), ("1 passed, 1 failed, 0 skipped", 1))

    def test_run_without_results_is_a_failure(self):
        self.put("ctest", entry("a", "run"))
        self.assertEqual(self.tally(f"other={self.build}/none"), ("1 passed, 1 failed, 0 skipped", 1))

    def test_nothing_run_is_a_failure(self):
        self.put("ctest", "")
        self.assertEqual(self.tally(), ("0 passed, 0 failed, 0 skipped", 1))

    def test_half_written_results_are_a_failure(self):
        self.put("ctest", entry("a", "fail", "<failure/>"))
        (self.build / "test-results/a.xml").write_text("<testsuite><testcase")
        self.assertEqual(self.tally(), ("0 passed, 1 failed, 0 skipped", 1))


if __name__ == "__main__":
    unittest.main()
