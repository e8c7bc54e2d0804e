#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs tests/checks/*_test.py (unittest): the checks and runners can fail. run.py [--junit FILE]"""
import argparse
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]
import junit  # noqa: E402


class RecordingResult(unittest.TextTestResult):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.junit = junit.Report("checks")

    def addSuccess(self, test):
        super().addSuccess(test)
        self.junit.passed(test.id())

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.junit.failed(test.id(), str(err[1]))

    def addError(self, test, err):
        super().addError(test, err)
        self.junit.failed(str(test), str(err[1]))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.junit.skipped(test.id(), reason)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--junit", type=pathlib.Path)
    options = parser.parse_args()
    suite = unittest.defaultTestLoader.discover(str(HERE), pattern="*_test.py")
    result = unittest.TextTestRunner(resultclass=RecordingResult, verbosity=1).run(suite)
    if options.junit:
        result.junit.write(options.junit)
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
