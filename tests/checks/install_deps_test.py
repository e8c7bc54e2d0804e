# SPDX-License-Identifier: Apache-2.0
"""install-deps.sh asks before it acts: stand-ins for the system's tools record what it does."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "deploy/install-deps.sh"
ORDINARY_TOOLS = ("bash", "env", "sed", "grep", "wc", "expand", "sort", "dirname")


class InstallDepsTest(unittest.TestCase):
    def setUp(self):
        self.bin = pathlib.Path(tempfile.mkdtemp(prefix="catena-deps-"))
        self.addCleanup(shutil.rmtree, self.bin)
        for tool in ORDINARY_TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        self.uid(0)

    def put(self, name, body):
        (self.bin / name).write_text(f"#!/bin/bash\n{body}\n")
        (self.bin / name).chmod(0o755)

    def uid(self, number):
        self.put("id", f"echo {number}")

    def debian(self, missing=()):
        """dpkg-query that knows every package but these; apt-get that records its arguments."""
        known = "|".join(missing) or "-"
        self.put("dpkg-query", 'for name in "${@:4}"; do case "$name" in ' + known
                 + ') echo "unknown-status-not-installed $name" ;; *) echo "installed $name" ;; '
                   "esac; done; exit " + ("1" if missing else "0"))
        self.put("apt-get", f'echo "$DEBIAN_FRONTEND apt-get $*" >>{self.bin}/calls')

    def calls(self):
        path = self.bin / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def run_script(self, *arguments):
        return subprocess.run(["/bin/bash", str(SCRIPT), *arguments], capture_output=True, text=True,
                              env={**os.environ, "PATH": str(self.bin)}, check=False)

    def test_all_there_prints_one_line_and_does_nothing(self):
        self.debian()
        done = self.run_script("--test")
        self.assertEqual((done.returncode, done.stdout.count("\n"), self.calls()), (0, 1, []))

    def test_installs_only_what_is_missing_and_says_why(self):
        self.debian(missing=("cmake", "librocksdb-dev"))
        done = self.run_script()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("the incident store", done.stdout)
        update, install = self.calls()
        self.assertIn("update", update)
        self.assertTrue(install.startswith("noninteractive "))
        self.assertTrue(install.endswith("install --yes --no-install-recommends cmake librocksdb-dev"))

    def test_test_packages_only_on_request(self):
        self.debian(missing=("clang-14",))
        self.assertIn("in place", self.run_script().stdout)
        self.assertEqual(self.run_script("--check").returncode, 0)
        self.assertEqual(self.run_script("--test", "--check").returncode, 1)
        self.assertEqual(self.calls(), [])

    def test_uses_sudo_when_not_root_and_says_so(self):
        self.debian(missing=("cmake",))
        self.uid(1000)
        self.put("sudo", f'echo sudo >>{self.bin}/calls; exec "$@"')
        done = self.run_script()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("sudo is needed", done.stdout)
        self.assertEqual(self.calls()[0], "sudo")

    def test_without_root_and_sudo_is_a_clear_error(self):
        self.debian(missing=("cmake",))
        self.uid(1000)
        done = self.run_script()
        self.assertEqual((done.returncode, self.calls()), (1, []))
        self.assertIn("run this as root", done.stderr)

    def test_not_debian_is_a_clear_error(self):
        done = self.run_script()
        self.assertEqual(done.returncode, 1)
        self.assertIn("not a Debian system", done.stderr)

    def test_failed_install_is_an_error(self):
        self.debian(missing=("cmake",))
        self.put("apt-get", "exit 100")
        done = self.run_script()
        self.assertEqual(done.returncode, 1)
        self.assertIn("could not install: cmake", done.stderr)

    def test_unknown_option(self):
        self.assertEqual(self.run_script("--everything").returncode, 2)


if __name__ == "__main__":
    unittest.main()
