# SPDX-License-Identifier: Apache-2.0
"""Each source check passes a clean tree and finds the one thing that was put wrong."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECKS = ROOT / "deploy/checks"

CLEAN = {
    "engine/base/status.h": "#pragma once\nint code();\n",
    "engine/base/status.cc": '#include "engine/base/status.h"\n\nint code() { return 0; }\n',
    "engine/event/event.h": '#pragma once\n#include "engine/base/status.h"\n',
    "rules/yaml/reader.h": '#pragma once\n#include "engine/base/status.h"\n',
    "engine/app/scan.h": '#pragma once\n#include "rules/yaml/reader.h"\n',
    "tests/unit/engine/base/status_test.cc": '#include "engine/base/status.h"\n',
}


class SourceCheckTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="catena-checks-"))
        self.addCleanup(shutil.rmtree, self.root)
        shutil.copy(ROOT / ".clang-format", self.root)
        for path, text in CLEAN.items():
            self.put(path, text)

    def put(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def run_check(self, name, *arguments):
        command = [sys.executable, "-B", str(CHECKS / f"{name}.py"), "--root", str(self.root)]
        return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)

    def assert_clean(self, name, *arguments):
        done = self.run_check(name, *arguments)
        if done.returncode == 77:
            self.skipTest(done.stdout.strip())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def assert_finds(self, name, place, *arguments):
        done = self.run_check(name, *arguments)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(place, done.stdout)

    # layering
    def test_layering_passes_allowed_arrows(self):
        self.assert_clean("layering")

    def test_layering_finds_arrow_against_the_order(self):
        self.put("engine/base/arena.h", '#pragma once\n#include "engine/event/event.h"\n')
        self.assert_finds("layering", "engine/base/arena.h:2: arrow engine/base -> engine/event")

    def test_layering_finds_rules_seen_from_storage(self):
        self.put("storage/kv/store.cc", '// first\n  #  include "rules/yaml/reader.h"\n')
        self.assert_finds("layering", "storage/kv/store.cc:2: arrow storage/kv -> rules/yaml")

    def test_layering_finds_app_seen_from_a_library(self):
        self.put("engine/pipeline/pipeline.h", '#pragma once\n#include "engine/app/scan.h"\n')
        self.assert_finds("layering", "engine/pipeline/pipeline.h:2")

    def test_layering_finds_tests_seen_from_product(self):
        self.put("tests/support/clock.h", "#pragma once\n")
        self.put("engine/app/scan.cc", '#include "tests/support/clock.h"\n')
        self.assert_finds("layering", "engine/app/scan.cc:1: product code may not include")

    def test_layering_finds_unlisted_folder(self):
        self.put("engine/misplaced/thing.h", "#pragma once\n")
        self.assert_finds("layering", "engine/misplaced is not in")

    def test_layering_finds_relative_include(self):
        self.put("engine/base/arena.cc", '#include "status.h"\n')
        self.assert_finds("layering", "is not a path from the repository root")

    def test_layering_refuses_a_table_with_a_cycle(self):
        self.put("table.txt", "engine/base: engine/event\nengine/event: engine/base\n")
        done = self.run_check("layering", "--table", str(self.root / "table.txt"))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("cycle", done.stderr)

    # forbidden_calls
    def test_forbidden_calls_pass_in_base_app_comments_and_strings(self):
        self.put("engine/base/clock.cc", "auto t = std::chrono::system_clock::now();\n")
        self.put("engine/app/main.cc", 'auto h = getenv("HOME");\n')
        self.put("engine/event/time.cc", '// system_clock::now() is not for us\nauto s = "rand()";\n'
                                         "int event_time(int); int x = event.time(0);\n")
        self.assert_clean("forbidden_calls")

    def test_forbidden_calls_found(self):
        for call in ("std::chrono::system_clock::now()", "rand()", "std::rand()", "getenv(\"A\")",
                     "time(nullptr)", "::time(0)", "std::random_device{}", "localtime(&t)"):
            with self.subTest(call=call):
                self.put("engine/event/time.cc", f"int a;\nauto x = {call};\n")
                self.assert_finds("forbidden_calls", "engine/event/time.cc:2:")

    # file_sizes
    def test_file_sizes_warn_then_fail(self):
        self.put("engine/base/long.cc", "\n" * 501)
        self.assertIn("warning: engine/base/long.cc: 501", self.assert_clean("file_sizes"))
        self.put("engine/base/long.cc", "\n" * 800)
        self.assert_clean("file_sizes")
        self.put("engine/base/long.cc", "\n" * 801)
        self.assert_finds("file_sizes", "engine/base/long.cc:801")

    def test_file_sizes_leave_tables_alone(self):
        self.put("engine/base/table.cc", "// size-exempt: table\n" + "\n" * 900)
        self.assert_clean("file_sizes")

    # names
    def test_names_pass_words_that_merely_contain_one(self):
        self.put("engine/base/commonality.h", "#pragma once\nclass Commonality;  // class Helper\n")
        self.assert_clean("names")

    def test_names_find_drawers(self):
        for path, text in (("engine/base/string_utils.h", ""), ("engine/helpers/a.h", ""),
                           ("engine/base/a.h", "class EventManager {};"),
                           ("engine/base/a.h", "enum class ErrorHandler { kA };"),
                           ("engine/base/CamelCase.h", "")):
            with self.subTest(path=path, text=text):
                self.put(path, text)
                self.assert_finds("names", f"{path}:1")
                (self.root / path).unlink()

    # unit_mirror
    def test_unit_mirror_lists_untested_and_passes(self):
        self.put("engine/base/arena.cc", "")
        self.assertIn("engine/base/arena.cc", self.assert_clean("unit_mirror"))

    def test_unit_mirror_finds_orphan(self):
        self.put("tests/unit/engine/base/gone_test.cc", "")
        self.assert_finds("unit_mirror", "tests/unit/engine/base/gone_test.cc:1")

    # proofs
    def put_pages(self, row="| `neq` | not | `behaviour/sigma-neq` `vectors/neq of a list` |", case="sigma-neq"):
        self.put("rules/README.md", "| modifier | how | test |\n|---|---|---|\n" + row + "\n")
        self.put("rules/sigma/modifier.cc", 'kModifiers = {{\n    {"neq", Modifier::kNotEqual},\n}};\n')
        self.put("tests/behaviour/README.md", f"| question | case |\n| --- | --- |\n| neq | `{case}` |\n")
        self.put("tests/behaviour/sigma-neq/expected.jsonl", "")
        self.put("tests/vectors/detections.jsonl", '{"case":"neq of a list 1"}\n')

    def test_proofs_pass_when_all_is_there(self):
        self.put_pages()
        self.assert_clean("proofs")

    def test_proofs_find_what_is_missing(self):
        rows = {"| `neq` | not | `behaviour/sigma-gone` |": "there is no test behaviour/sigma-gone",
                "| `neq` | not | `vectors/gone` |": "there is no test vectors/gone",
                "| `neq` | not | `unit/gone_test.cc` |": "there is no test unit/gone_test.cc",
                "| `neq` | not | soon |": "no test for `neq`",
                "| `all` | and | `behaviour/sigma-neq` |": "no row for the modifier neq"}
        for row, finding in rows.items():
            with self.subTest(row=row):
                self.put_pages(row)
                self.assert_finds("proofs", finding)
        self.put_pages(case="sigma-gone")
        self.assert_finds("proofs", "there is no case sigma-gone")
        self.assert_finds("proofs", "tests/behaviour/sigma-neq:1: not in the table")

    # format
    def test_format_finds_and_fixes(self):
        self.assert_clean("format")
        self.put("engine/base/status.cc", "int   code( ){return 0;}\n")
        self.assert_finds("format", "engine/base/status.cc:1")
        self.assert_clean("format", "--fix")
        self.assert_clean("format")

    # self_contained_headers
    def test_headers_pass_then_remembered(self):
        cache = self.root / "cache"
        self.assert_clean("self_contained_headers", "--cache", str(cache))
        self.assertEqual(len(list(cache.iterdir())), 4)
        self.assert_clean("self_contained_headers", "--cache", str(cache))

    def test_headers_find_a_missing_include(self):
        cache = ("--cache", str(self.root / "cache"))
        self.assert_clean("self_contained_headers", *cache)
        self.put("engine/base/status.h", "#pragma once\nstd::string code();\n")
        self.assert_finds("self_contained_headers", "engine/base/status.h:1", *cache)
        # What is found once is found again, and so is its effect on those who include it.
        self.assert_finds("self_contained_headers", "engine/event/event.h:1", *cache)


if __name__ == "__main__":
    unittest.main()
