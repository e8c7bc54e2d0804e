# SPDX-License-Identifier: Apache-2.0
"""Writes test cases as JUnit XML, the form deploy/checks/tally.py counts."""
import pathlib
import xml.etree.ElementTree as ET


class Report:
    """Cases of one suite, in order. write() makes the file."""

    def __init__(self, suite):
        self._suite = ET.Element("testsuite", name=suite)

    def passed(self, name):
        return ET.SubElement(self._suite, "testcase", name=name)

    def failed(self, name, reason):
        ET.SubElement(self.passed(name), "failure", message=_printable(reason))

    def skipped(self, name, reason):
        ET.SubElement(self.passed(name), "skipped", message=_printable(reason))

    def write(self, path):
        ET.ElementTree(self._suite).write(pathlib.Path(path), encoding="utf-8", xml_declaration=True)


def _printable(text):
    """XML 1.0 has no place for most control characters."""
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text)
