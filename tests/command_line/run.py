#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The program as a person or a script meets it: exit codes, one-line errors, the same result for any
number of threads and any order of files, and bad input that costs only itself.

  run.py --catena PROGRAM --junit FILE [--without-store]

--without-store leaves out what opens a store: under the thread sanitizer the database's own,
uninstrumented threads look like races.
"""
import argparse
import gzip
import hashlib
import json
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
import junit  # noqa: E402

SCENARIO = sorted((ROOT / "tests/behaviour/apparel-shop/events").iterdir())
TIMEOUT_SECONDS = 240


class CannotRun(Exception):
    """The case, or a part of it, needs something that is not here; counted as skipped."""


class Program:
    def __init__(self, path, folder):
        self._path = path
        self.folder = folder

    def run(self, *arguments, stdin=None):
        return subprocess.run([self._path, *map(str, arguments)], input=stdin, cwd=self.folder,
                              capture_output=True, timeout=TIMEOUT_SECONDS, check=False,
                              env={**os.environ, "XDG_CACHE_HOME": str(self.folder / "user-cache")})

    def scan(self, *arguments, stdin=None, code=0):
        """The JSON lines of a scan."""
        done = self.run("scan", "--format", "jsonl", *arguments, stdin=stdin)
        assert done.returncode == code, f"exit {done.returncode}: {done.stderr.decode()[-500:]}"
        return [json.loads(line) for line in done.stdout.splitlines()]

    def refuses(self, *arguments, stdin=None, says=""):
        """Exit code 2 and one line of error."""
        done = self.run(*arguments, stdin=stdin)
        error = done.stderr.decode()
        assert done.returncode == 2, f"exit {done.returncode}: {error[-500:]}"
        assert error.count("\n") == 1, f"not one line: {error[-800:]}"
        assert says in error, f"does not say {says!r}: {error}"


def stable(lines):
    """JSON lines without what may differ between runs: the time it took."""
    return [{key: value for key, value in line.items() if key != "seconds"} for line in lines]


def chains(lines):
    return sorted(json.dumps(line, sort_keys=True) for line in lines if line["kind"] == "chain")


def summary(lines):
    assert lines[-1]["kind"] == "summary", lines[-1]
    assert lines[-1]["events"] == lines[-1]["evaluated"] + lines[-1]["dead_letters"], lines[-1]
    return lines[-1]


# --- cases ----------------------------------------------------------------------------------

def same_for_any_number_of_threads(program):
    one = stable(program.scan("--threads", 1, *SCENARIO))
    for threads in (2, 4, 8):
        assert stable(program.scan("--threads", threads, *SCENARIO)) == one, threads


def long_stream(copies=20):
    """Several dozen batches of all forms of records, with detections and broken lines between."""
    once = b"".join(file.read_bytes() for file in SCENARIO)
    bad = b'{"a": broken\n\x01\x02\x03\x04\n"scalar"\n{"x":"\xff"}\n' + b"y" * 300_000 + b"\n"
    return b"".join(once + bad + b'{"copy":%d}\n' % i for i in range(copies))


def same_bytes_for_any_number_of_threads(program):
    """Standard output and dead letters of a stream that is longer than the ring of three threads."""
    stream = program.folder / "stream.log"
    stream.write_bytes(long_stream())
    outputs = []
    for threads in (1, 2, 3, 8):
        letters = program.folder / f"letters-{threads}.jsonl"
        done = program.run("scan", "--format", "jsonl", "--threads", threads,
                           "--dead-letters", letters, stream)
        assert done.returncode == 0, done.stderr.decode()[-500:]
        lines = done.stdout.splitlines(keepends=True)
        total = summary([json.loads(line) for line in lines])
        assert total["detections"] > 1000 and total["dead_letters"] >= 60, total
        outputs.append((lines[:-1], stable([total]), letters.read_bytes()))
    for other in outputs[1:]:
        assert other == outputs[0]


def threads_can_be_bound_to_processors(program):
    allowed = sorted(os.sched_getaffinity(0))
    one = stable(program.scan(*SCENARIO))
    for cpus in (f"{allowed[0]}", ",".join(map(str, allowed)), f"{allowed[-1]}-{allowed[-1]}"):
        assert stable(program.scan("--cpus", cpus, *SCENARIO)) == one, cpus
    # More threads than processors share them.
    assert stable(program.scan("--cpus", allowed[0], "--threads", 3, *SCENARIO)) == one
    for bad in ("", "x", "1-", "3-1", "0,0", "1024", "0-99999"):
        done = program.run("scan", "--cpus", bad, SCENARIO[0])
        assert done.returncode == 2 and b"--cpus" in done.stderr, f"{bad!r}: {done.stderr}"
        assert not done.stdout, bad
    if 1023 not in allowed:
        program.refuses("scan", "--cpus", "1023", SCENARIO[0], says="1023")


def a_pipe_that_stalls_changes_nothing(program):
    log = SCENARIO[-1].read_bytes()
    expected = [d["id"] for d in program.scan("-", stdin=log) if d["kind"] == "detection"]
    assert expected, "the scenario's log has no detections"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    quick = cpu_seconds(before)
    with subprocess.Popen([program._path, "scan", "--format", "jsonl", "--threads", "3", "-"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for at in range(0, len(log), len(log) // 5 + 1):
            process.stdin.write(log[at:at + len(log) // 5 + 1])
            process.stdin.flush()
            time.sleep(0.4)
        found, _ = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 0
    lines = [json.loads(line) for line in found.splitlines()]
    assert [d["id"] for d in lines if d["kind"] == "detection"] == expected
    # Three threads wait for two seconds; spinning would cost six.
    assert cpu_seconds(resource.getrusage(resource.RUSAGE_CHILDREN)) - quick < 3


def cpu_seconds(usage):
    return usage.ru_utime + usage.ru_stime


def digest(lines):
    """SHA-256 over the sorted chains and detections."""
    kept = (json.dumps(line, sort_keys=True) for line in lines if line["kind"] != "summary")
    return hashlib.sha256("\n".join(sorted(kept)).encode()).hexdigest()


def same_chains_for_any_order_of_files(program):
    expected = digest(program.scan(*SCENARIO))
    files = list(SCENARIO)
    for seed in range(20):
        random.Random(seed).shuffle(files)
        threads = (1, 2, 4, 8)[seed % 4]
        assert digest(program.scan("--threads", threads, *files)) == expected, f"SEED={seed}"


def compressed_input_is_the_same(program):
    log = SCENARIO[-1]
    expected = [d["id"] for d in program.scan(log) if d["kind"] == "detection"]
    assert expected, "the scenario's log has no detections"
    packed = program.folder / "log.gz"
    packed.write_bytes(gzip.compress(log.read_bytes()))
    assert [d["id"] for d in program.scan(packed) if d["kind"] == "detection"] == expected
    piped = program.scan("-", stdin=log.read_bytes())
    assert [d["id"] for d in piped if d["kind"] == "detection"] == expected


def zstandard_input_is_the_same(program):
    if not shutil.which("zstd"):
        raise CannotRun("no zstd program to make the input with")
    log = SCENARIO[-1]
    subprocess.run(["zstd", "-q", "-f", str(log), "-o", str(program.folder / "log.zst")], check=True)
    expected = [d["id"] for d in program.scan(log) if d["kind"] == "detection"]
    again = program.scan(program.folder / "log.zst")
    assert [d["id"] for d in again if d["kind"] == "detection"] == expected


def event_log_files_are_read_directly(program):
    """As a file, in a folder, packed, from a pipe, on any number of threads: the same detections, and
    what is damaged is a dead letter with its place."""
    case = ROOT / "tests/behaviour/shapes-windows-evtx"
    log = case / "events/security.evtx"
    rules = ("--rules", case / "rules")
    expected = [(d["rule"]["id"], d["event"]["line"], d["event"]["id"])
                for d in program.scan(*rules, log) if d["kind"] == "detection"]
    assert len(expected) == 4, expected
    folder = program.folder / "logs"
    folder.mkdir()
    packed = folder / "log.evtx.gz"
    packed.write_bytes(gzip.compress(log.read_bytes()))
    letters = program.folder / "evtx-letters.jsonl"
    for arguments, stdin in (((folder,), None), (("-",), log.read_bytes()), ((packed,), None),
                             (("-",), packed.read_bytes()),
                             (("--threads", 4, "--dead-letters", letters, log), None)):
        lines = program.scan(*rules, *arguments, stdin=stdin)
        assert [(d["rule"]["id"], d["event"]["line"], d["event"]["id"]) for d in lines
                if d["kind"] == "detection"] == expected, arguments
        assert summary(lines)["evtx"]["records"] == summary(lines)["events"], lines[-1]
    letter = json.loads(letters.read_text(encoding="utf-8"))
    assert letter["reason"] == "invalid_evtx_record" and letter["line"] == 5, letter
    assert letter["detail"] == "chunk 0: unknown token" and letter["offset"] > 4096, letter
    text = program.run("scan", *rules, log).stdout.decode()
    assert "EVENT LOG FILES" in text and "dirty_file" in text, text
    cut = program.folder / "cut.evtx"
    cut.write_bytes(log.read_bytes()[:-1])
    assert summary(program.scan(*rules, cut))["dead_letters"] == 2


def fail_level_decides_the_exit_code(program):
    assert program.run("scan", *SCENARIO).returncode == 0
    assert program.run("scan", "--fail-level", "high", *SCENARIO).returncode == 1
    assert program.run("scan", "--fail-level", "critical", *SCENARIO).returncode == 0


def scanning_twice_changes_nothing(program):
    store = program.folder / "twice"
    program.scan("--store", store, *SCENARIO)
    before = program.run("incidents", "list", "--format", "jsonl", "--store", store).stdout
    again = summary(program.scan("--store", store, *SCENARIO))
    assert again["new_detections"] == 0 and again["detections"] > 0, again
    after = program.run("incidents", "list", "--format", "jsonl", "--store", store).stdout
    assert before == after and before


def the_split_into_scans_does_not_matter(program):
    whole = program.folder / "whole"
    program.scan("--store", whole, *SCENARIO)
    expected = program.run("incidents", "list", "--format", "jsonl", "--store", whole).stdout
    for seed in range(3):
        files = list(SCENARIO)
        random.Random(seed).shuffle(files)
        store = program.folder / f"split-{seed}"
        for file in files:
            program.scan("--store", store, file)
        found = program.run("incidents", "list", "--format", "jsonl", "--store", store).stdout
        assert found == expected, f"SEED={seed}"


def broken_records_cost_only_themselves(program):
    good = b'{"Channel":"Security","EventID":1102,"Hostname":"a","message":"x"}'
    bad = {
        "truncated": good[:40],
        "binary": bytes(set(range(1, 32)) - {10, 13}) * 20,
        "deep": b'{"a":' * 1_000_000 + b"1" + b"}" * 1_000_000,
        "long key": b'{"' + b"k" * 1_000_000 + b'":1}',
        "scalar": b'"just a string"',
    }
    for name, line in bad.items():
        lines = program.scan("-", stdin=b"\n".join([good, line, good.replace(b"a", b"b")]) + b"\n")
        total = summary(lines)
        assert total["evaluated"] >= 2, f"{name}: {total}"
        assert total["events"] == 3, f"{name}: {total}"
    flagged = b'{"Channel":"Security","EventID":1102,"x":"\xff\xfe"}'
    assert summary(program.scan("-", stdin=flagged + b"\n\n\n" + good))["evaluated"] == 2


def dead_letters_have_place_and_reason(program):
    letters = program.folder / "letters.jsonl"
    program.scan("--dead-letters", letters, "-", stdin=b'{"a":1}\n{"a":\n{"b":2}\n')
    found = [json.loads(line) for line in letters.read_text().splitlines()]
    assert len(found) == 1, found
    assert (found[0]["line"], found[0]["offset"], found[0]["reason"]) == (2, 8, "truncated"), found


def a_dear_rule_is_quarantined_alike_for_any_number_of_threads(program):
    """More batches than a quarantine takes to begin; the rule asks for more than its share on each."""
    rules = program.folder / "dear"
    rules.mkdir()
    (rules / "dear.yml").write_text("""title: Dear
id: 5b3c2f0e-6f0b-4e0a-9a53-0a7a4a1f6d33
logsource: {product: windows, category: process_creation}
detection:
  s: {CommandLine|re: '[ab]{1000}c'}
  condition: s
level: low
""")
    event = {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1,
             "UtcTime": "2026-10-12 10:00:00.000", "CommandLine": "a b",
             "Message": "x" * 8000}
    dear = {**event, "CommandLine": "ab" * 2000}
    stream = program.folder / "dear.jsonl"
    with stream.open("w") as out:
        for number in range(7_000):  # 60 MB: 230 batches
            out.write(json.dumps(dear if number % 7 == 0 else event) + "\n")
    outcomes = []
    for threads in (1, 4):
        letters = program.folder / f"dear-{threads}.jsonl"
        done = program.run("scan", "--format", "jsonl", "--rules", rules, "--threads", threads,
                           "--dead-letters", letters, stream)
        assert done.returncode == 0, done.stderr
        assert done.stderr.count(b"is quarantined") == 1, done.stderr
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert summary(lines)["rules"]["quarantined"] == 1
        (found,) = summary(lines)["quarantined_rules"]
        assert found["rule"] == "5b3c2f0e-6f0b-4e0a-9a53-0a7a4a1f6d33"
        given_up = summary(lines)["dead_letters_by_reason"]["work_limit"]
        assert 100 < given_up < 1_000, given_up  # not all of the 1,000: the rest came without it
        assert json.loads(letters.read_text().splitlines()[0])["rule"] == found["rule"]
        outcomes.append((stable(lines), letters.read_bytes()))
    assert outcomes[0] == outcomes[1]
    kept = program.scan("--rules", rules, "--rule-budget", 0, stream)
    assert summary(kept)["dead_letters"] == 1_000 and not summary(kept)["quarantined_rules"]


def memory_stays_bounded(program):
    """A long stream of hostile records in a process that may have 700 MB."""
    binary = pathlib.Path(program._path).read_bytes()
    if any(name in binary for name in (b"__asan_init", b"__tsan_init")):
        raise CannotRun("a sanitizer reserves more address space than the limit")

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (700 << 20, 700 << 20))

    line = b'{"' + b"x" * 1500 + b'":"' + b"y" * 3_000_000 + b'"}\n'
    done = subprocess.run([program._path, "scan", "--format", "jsonl", "-"], input=line * 60,
                          capture_output=True, timeout=TIMEOUT_SECONDS, preexec_fn=limit, check=False)
    assert done.returncode == 0, done.stderr.decode()[-500:]
    assert summary([json.loads(l) for l in done.stdout.splitlines()])["events"] == 60


def usage_and_input_errors_are_one_line(program):
    program.refuses("scan", "no-such-file.log", says="no-such-file.log")
    program.refuses("scan", "--rules", "no-such-rules", SCENARIO[0], says="no-such-rules")
    program.refuses("incidents", "list", "--store", "no-such-store", says="no-such-store")
    foreign = program.folder / "foreign"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("mine")
    program.refuses("scan", "--store", foreign, SCENARIO[0], says="foreign")
    assert (foreign / "letter.txt").read_text() == "mine"
    assert program.run("scan").returncode == 2
    assert program.run("frobnicate").returncode == 2
    assert program.run("scan", "--format", "xml", SCENARIO[0]).returncode == 2
    program.refuses("incidents", "show", "zz", "--store", store_of(program), says="zz")
    program.refuses("attack", "show", "T9999", says="T9999")


def decisions_hold_and_are_attributed(program):
    store = program.folder / "decided"
    program.scan("--store", store, *SCENARIO)

    def incidents(*arguments, code=0):
        done = program.run("incidents", *arguments, "--store", store)
        assert done.returncode == code, done.stderr
        return done.stdout.decode()

    def listed():
        return [json.loads(line) for line in incidents("list", "--format", "jsonl").splitlines()]

    before = listed()
    assert {chain["state"] for chain in before} == {"open"}
    top = max(before, key=lambda chain: chain["score"])
    other = min(before, key=lambda chain: chain["score"])
    at = ("--by", "ana", "--at", "2026-10-14T08:00:00Z")
    incidents("mark", top["id"], "--state", "contained", "--note", "isolated", *at)
    incidents("note", top["id"][:8], "asked the \x1b[31mowner", *at)
    incidents("merge", top["id"], other["id"], *at)
    merged = next(chain for chain in listed() if chain["id"] == top["id"])
    assert len(merged["steps"]) == len(top["steps"]) + len(other["steps"]) and merged["state"] == "contained"
    shown = incidents("show", other["id"])
    for part in (top["id"], "state   contained", "ana: contained (isolated)", "asked the \\x1b[31mowner",
                 "was joined by hand with"):
        assert part in shown, part
    incidents("cut", top["id"], "--step", other["steps"][0], "--step", top["steps"][-1], *at)
    after = listed()
    assert sorted(step for chain in after for step in chain["steps"]) == \
        sorted(step for chain in before for step in chain["steps"])
    # The engine's own chains are as they were; reading the same logs again changes nothing either.
    program.scan("--store", store, *SCENARIO)
    assert listed() == after
    history = [json.loads(line) for line in
               incidents("history", top["id"], "--format", "jsonl").splitlines()]
    assert [entry["decision"] for entry in history] == ["state", "note", "merge", "cut"]
    assert [entry["number"] for entry in history] == [1, 2, 3, 4]
    assert {(entry["author"], entry["time"]) for entry in history} == {("ana", "2026-10-14T08:00:00.000Z")}
    for wrong, says in ((("mark", "ffff", "--state", "open"), "no such incident"),
                        (("note", top["id"], ""), "empty note"),
                        (("note", top["id"], "x" * 9000), "longer than"),
                        (("merge", top["id"], top["id"]), "one chain already"),
                        (("cut", top["id"], "--step", "zz"), "no such step")):
        program.refuses("incidents", *wrong, "--by", "ana", "--store", store, says=says)


def a_false_positive_becomes_a_filter(program):
    store = program.folder / "judged"
    lines = program.scan("--store", store, *SCENARIO)
    wrong = next(line for line in lines if line["kind"] == "detection" and
                 "Domain Trusts" in line["rule"]["title"])
    program.refuses("incidents", "filter", wrong["id"], "--store", store, says="mark it a false-positive")
    marked = program.run("incidents", "mark", wrong["chain"], "--state", "false-positive", "--by", "ana",
                         "--store", store)
    assert marked.returncode == 0, marked.stderr
    path = program.folder / "filter.yml"
    made = program.run("incidents", "filter", wrong["id"], "-o", path, "--store", store)
    assert made.returncode == 0, made.stderr
    rules = ROOT / "rules/packs/starter"
    checked = program.run("rules", "check", "--strict", path, rules)
    assert checked.returncode == 0, checked.stdout.decode()
    again = program.scan("--rules", rules, "--rules", path, *SCENARIO)
    left = {line["rule"]["title"] for line in again if line["kind"] == "detection"}
    assert wrong["rule"]["title"] not in left
    assert left == {line["rule"]["title"] for line in lines if line["kind"] == "detection"} - \
        {wrong["rule"]["title"]}


def incidents_fit_100_columns(program):
    store = program.folder / "wide"
    program.scan("--store", store, *SCENARIO)
    ids = [json.loads(line)["id"] for line in
           program.run("incidents", "list", "--format", "jsonl", "--store", store).stdout.splitlines()]
    texts = [program.run("incidents", "list", "--store", store)]
    texts += [program.run("incidents", "show", chain, "--store", store) for chain in ids]
    texts += [program.run("incidents", "advise", chain, "--store", store) for chain in ids]
    for text in texts:
        assert text.returncode == 0, text.stderr
        for line in text.stdout.decode().splitlines():
            assert len(line) <= 100, line


def chains_explain_themselves(program):
    store = program.folder / "explained"
    lines = program.scan("--store", store, *SCENARIO)
    ids = [c["id"] for c in sorted((line for line in lines if line["kind"] == "chain"),
                                   key=lambda c: -c["score"])]
    shown = program.run("incidents", "show", ids[0], "--why", "--store", store).stdout.decode()
    for part in ("objective-from-effect", "Cyber Kill Chain", "breadth", "launch outcome"):
        assert part in shown, part
    assert "breadth" not in program.run("incidents", "show", ids[0], "--store", store).stdout.decode()
    told = program.run("incidents", "why-not", ids[0], ids[1], "--store", store)
    assert told.returncode == 0 and b"are two" in told.stdout, told
    step = next(line["steps"][0] for line in lines if line["kind"] == "chain" and line["id"] == ids[0])
    same = program.run("incidents", "why-not", step, ids[0], "--store", store).stdout
    assert b"in one chain" in same, same
    program.refuses("incidents", "why-not", ids[0], "ffff", "--store", store, says="no such incident")


def store_of(program):
    store = program.folder / "some-store"
    if not store.exists():
        program.scan("--store", store, SCENARIO[0])
    return store


def a_store_of_another_version_is_refused(program):
    store = program.folder / "versioned"
    program.scan("--store", store, SCENARIO[0])
    marker = store / "CATENA-STORE"
    marker.chmod(0o600)
    marker.write_text(marker.read_text().replace("1", "99"))
    program.refuses("incidents", "list", "--store", store, says="version")
    program.refuses("scan", "--store", store, SCENARIO[0], says="version")


def hostile_rules_are_refused_and_the_rest_goes_on(program):
    rules = program.folder / "rules"
    rules.mkdir()
    starter = next((ROOT / "rules/packs/starter").rglob("*.yml"))
    shutil.copy(starter, rules / "good.yml")
    bomb = "a: &a [x,x]\n" + "".join(f"{c}: &{c} [*{p},*{p}]\n" for p, c in zip("abcdefgh", "bcdefghi"))
    (rules / "bomb.yml").write_text(bomb)
    (rules / "large.yml").write_bytes(b"title: x\n" + b"#" * (50 << 20))
    (rules / "deep.yml").write_text("[" * 100_000)
    os.symlink(rules, rules / "loop")
    done = program.run("rules", "check", "--format", "jsonl", rules)
    assert done.returncode == 1, done.stderr.decode()
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[-1]["loaded"] == 1 and lines[-1]["refused"] >= 3, lines[-1]
    for line in lines[:-1]:
        assert line["kind"] != "refused_rule" or line["file"], line
    assert program.run("rules", "check", "--strict", rules).returncode == 1
    assert program.run("scan", "--strict", "--rules", rules, SCENARIO[0]).returncode == 2


LINT_RULE = """title: A Rule
level: low
logsource: {product: windows}
detection:
  s: {F|contains: '*a'}%s
  condition: s
"""


def findings_decide_the_exit_code(program):
    rule = program.folder / "rule.yml"
    rule.write_text(LINT_RULE % "")
    for level, code in (("never", 0), ("error", 0), ("warning", 1), ("note", 1)):
        assert program.run("rules", "check", "--fail-level", level, rule).returncode == code, level
    rule.write_text(LINT_RULE % "  # catena: allow idle-wildcard")
    assert program.run("rules", "check", "--fail-level", "note", rule).returncode == 0
    rule.write_text(LINT_RULE.replace("contains", "contain") % "")
    assert program.run("rules", "check", rule).returncode == 1
    assert program.run("rules", "check", "--fail-level", "never", rule).returncode == 0
    assert program.run("rules", "check", "--fail-level", "bad", rule).returncode == 2
    assert program.run("rules", "check", "--dry-run", rule).returncode == 2, "--dry-run without --fix"
    program.refuses("rules", "check", "absent.yml", says="absent.yml")


def fixes_replace_files_at_once(program):
    rules = program.folder / "rules"
    rules.mkdir()
    real = program.folder / "real.yml"
    real.write_text(LINT_RULE % "")
    real.chmod(0o640)
    os.symlink(real, rules / "link.yml")
    done = program.run("rules", "check", "--fix", "--dry-run", rules)
    assert done.returncode == 0 and b"+  s: {F|contains: 'a'}" in done.stdout, done.stdout
    assert "'*a'" in real.read_text()
    done = program.run("rules", "check", "--fix", rules)
    assert done.returncode == 0 and b"1 fix made in 1 file" in done.stderr, done.stderr
    assert real.read_text() == (LINT_RULE % "").replace("'*a'", "'a'")
    assert real.stat().st_mode & 0o777 == 0o640 and (rules / "link.yml").is_symlink()
    assert sorted(path.name for path in rules.iterdir()) == ["link.yml"], "a file was left behind"
    again = program.run("rules", "check", "--fix", rules)
    assert b"0 fixes made" in again.stderr, again.stderr


def cached_rules_change_nothing_but_the_time(program):
    rules = program.folder / "rules"
    shutil.copytree(ROOT / "rules/packs/starter", rules)
    (rules / "broken.yml").write_text("a: [")
    (rules / "lint.yml").write_text("title: x\nlogsource: {product: windows}\ndetection:\n"
                                    "  s: {F|contains: ''}\n  condition: s\n")
    cache = program.folder / "cache"
    for command in (["scan", "--rules", rules, "--format", "jsonl", *SCENARIO],
                    ["rules", "check", "--fail-level", "never", rules],
                    ["rules", "check", "--fail-level", "never", "--format", "jsonl", rules]):
        def lines(*options):
            done = program.run(*command, *options)
            assert done.returncode == 0, done.stderr.decode()[-500:]
            errors = done.stderr.decode().splitlines()
            notes = [line for line in errors if line.startswith("catena: rules ")]
            plain = [line for line in errors if line not in notes]
            out = done.stdout.decode()
            if command[0] == "scan":  # but for the time it took, byte for byte
                out = stable([json.loads(line) for line in out.splitlines()])
            return (out, plain), "".join(notes)

        shutil.rmtree(cache, ignore_errors=True)
        expected, note = lines("--no-rule-cache", "--verbose")
        assert "no cache folder" in note and not cache.exists(), note
        cold, note = lines("--rule-cache", cache, "--verbose")
        assert "not in the cache; kept" in note and cold == expected, note
        cached, note = lines("--rule-cache", cache, "--verbose")
        assert "from the cache" in note and cached == expected, note
        for file in cache.glob("rules-*.cache"):
            file.write_bytes(file.read_bytes()[:-1] + b"\0")
        damaged, note = lines("--rule-cache", cache, "--verbose")
        assert "kept as" in note and "not in the cache" not in note and damaged == expected, note
        (rules / "lint.yml").write_text((rules / "lint.yml").read_text() + "# edited\n")
        edited, note = lines("--rule-cache", cache, "--verbose")
        assert "not in the cache" in note and edited == expected, note
    assert len(list(cache.glob("rules-*.cache"))) == 2
    # By default in the user's cache folder, for this user alone; a folder that cannot be is no loss.
    program.run("rules", "check", rules)
    folder = program.folder / "user-cache/catena"
    assert folder.stat().st_mode & 0o777 == 0o700 and len(list(folder.iterdir())) == 1
    done = program.run("rules", "check", "-q", "--rule-cache", rules / "lint.yml/x", rules)
    assert done.returncode == 1 and done.stderr == b"", done.stderr


def what_changes_rules_is_checked_and_cached(program):
    cases = ROOT / "tests/behaviour"
    cache = program.folder / "cache"

    def check(*arguments):
        done = program.run("rules", "check", "--format", "jsonl", "--rule-cache", cache, "--verbose", *arguments)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.returncode == (1 if lines[-1]["errors"] else 0), done.stderr.decode()[-500:]
        return lines, "from the cache" in done.stderr.decode()

    lines, _ = check(cases / "filters/rules")
    filters = {line["title"]: line["rules"] for line in lines if line["kind"] == "filter"}
    assert filters == {"Backup Jobs Are Expected": 1, "Administration Host": 2}, filters
    assert lines[-1]["refused"] == 1, lines[-1]
    assert check(cases / "filters/rules") == (lines, True)

    values = program.folder / "values.yml"
    for text, refused in (("Administrators: a\n", 2), ("Administrators: b\nAdminHosts: c\n", 1)):
        values.write_text(text)
        for cached in (False, True):
            lines, found = check("--placeholders", values, cases / "placeholders/rules")
            assert (lines[-1]["refused"], found) == (refused, cached), lines[-1]
            # The linter does not ask for values that were given.
            assert lines[-1]["errors"] == refused, lines

    pipelines = program.folder / "pipelines"
    shutil.copytree(cases / "pipelines/pipelines", pipelines)
    assert check(cases / "pipelines/rules")[0][-1]["refused"] == 1  # the placeholder
    for cached in (False, True):
        lines, found = check("--pipeline", pipelines, cases / "pipelines/rules")
        assert (lines[-1]["refused"], found) == (1, cached), lines
        assert "the sensor runs on Windows only" in lines[0]["message"], lines[0]
    names = pipelines / "10-names.yml"
    names.write_text(names.read_text() + "# edited\n")
    assert not check("--pipeline", pipelines, cases / "pipelines/rules")[1]

    (pipelines / "bad.yml").write_text("transformations: [{type: case, method: odd}, {type: wild}]\n")
    lines, _ = check("--pipeline", pipelines, cases / "pipelines/rules")
    bad = [line for line in lines if line["kind"] == "refused_rule" and line["code"] == "pipeline"]
    # Files are told in the order of their paths, and the two folders may come in either order.
    bad = [line for line in bad if line["file"] == str(pipelines / "bad.yml")]
    assert [line["column"] for line in bad] == [40, 53], bad
    assert lines[-1]["loaded"] == 1, lines[-1]
    lines, _ = check("--strict", "--pipeline", pipelines, cases / "pipelines/rules")
    assert lines[-1]["errors"] > 0, lines[-1]
    program.refuses("rules", "check", "--pipeline", "gone.yml", cases / "pipelines/rules", says="gone.yml")
    program.refuses("rules", "check", "--placeholders", "gone.yml", cases / "pipelines/rules", says="gone.yml")


def log_sources_are_listed_with_their_packs(program):
    rules = program.folder / "rules"
    rules.mkdir()
    for name, source in (("a", "product: windows\n  category: process_creation"), ("b", "product: windows"),
                         ("c", "product: mainframe"), ("d", "product: paloalto\n  category: file_event\n"
                                                       "  service: globalprotect")):
        (rules / f"{name}.yml").write_text(f"title: t\nlogsource:\n  {source}\nlevel: low\ndetection:\n"
                                           "  s: {F: x}\n  condition: s\n")
    done = program.run("rules", "check", "--logsources", "--format", "jsonl", rules)
    found = {line["logsource"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert found["windows/process_creation/-"]["pack"] == "10-windows.yml", found
    assert found["mainframe/-/-"]["unmapped"] == "no mapping pack knows it", found
    assert "documented" in found["paloalto/file_event/globalprotect"]["unmapped"], found
    text = program.run("rules", "check", "--logsources", rules).stdout.decode()
    assert text.splitlines()[-1] == "4 log sources of 4 rules; 2 of them, of 2 rules, unmapped", text


def every_help_has_an_example_that_parses(program):
    for command in (["scan"], ["incidents", "list"], ["incidents", "show"], ["rules", "check"],
                    ["rules", "codes"], ["attack", "show"], ["attack", "import"], ["bench", "match"], ["bench", "parse"],
                    ["bench", "pipeline"], ["bench", "store"], ["bench", "growth"],
                    ["bench", "generate"]):
        text = program.run(*command, "--help").stdout.decode()
        example = text.split("Example:\n")[1].strip().splitlines()[0].split()
        assert example[0] == "catena" and example[1:1 + len(command)] == command, example
        # Parsing succeeds: the error, if any, is about a file that is not there.
        error = program.run(*example[1:]).stderr.decode()
        assert "--help" not in error, f"{example}: {error}"


def output_is_plain_in_a_pipe(program):
    done = program.run("scan", *SCENARIO)
    assert b"\x1b" not in done.stdout + done.stderr and done.stderr == b"", done.stderr


def attack_tables_can_be_shown(program):
    text = program.run("attack", "show", "t1003.001").stdout.decode()
    assert "LSASS Memory" in text and "TA0006" in text and "E3" in text, text
    assert "T1685" in program.run("attack", "show", "T1562.001").stdout.decode()


def generated_attacks_are_what_is_detected(program):
    for mix in ("all", "windows", "process", "linux", "cloud"):
        for size in ("real", "small"):
            program.run("bench", "generate", "--events", 4000, "--seed", 11, "--attack-share", 0.05,
                        "--mix", mix, "--size", size, "-o", "made.log", "--labels", "made.labels")
            labels = [json.loads(line) for line in
                      (program.folder / "made.labels").read_text().splitlines()]
            found = program.scan("made.log")
            assert summary(found)["dead_letters"] == 0, summary(found)
            lines = {d["event"]["line"] for d in found if d["kind"] == "detection"}
            attacks = [set(range(label["line"], label["line"] + label["lines"])) for label in labels]
            missed = [attack for attack in attacks if not attack & lines]
            assert len(attacks) > 30 and not missed, f"{mix} {size}: missed lines {missed[:3]}"
            extra = lines - set().union(*attacks)
            assert not extra, f"{mix} {size}: detected in everyday lines {sorted(extra)[:3]}"


def generating_twice_gives_the_same_bytes(program):
    first = program.run("bench", "generate", "--events", 500, "--seed", 5, "--mix", "all").stdout
    again = program.run("bench", "generate", "--events", 500, "--seed", 5, "--mix", "all", "-o", "x")
    assert again.returncode == 0 and (program.folder / "x").read_bytes() == first and first


def bench_measures_and_compares(program):
    program.run("bench", "generate", "--events", 500, "-o", "made.jsonl")
    done = program.run("bench", "match", "made.jsonl", "--repeat", 2, "--json", "--per-plan",
                       "--chart", "stages.svg", "--label", "before")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["kind"] for line in lines} == {"bench", "plan"}, lines
    assert all(line["schema"] == 1 for line in lines)
    bench = lines[0]
    assert bench["events"] == 50000 and bench["matches"] > 0 and bench["walk_ratio"]["median"] > 0
    assert [stage["name"] for stage in bench["stages"]] == ["decode", "match", "detect"]
    assert (program.folder / "stages.svg").read_text().startswith("<svg")
    (program.folder / "before.jsonl").write_bytes(done.stdout)
    done = program.run("bench", "match", "made.jsonl", "--repeat", 2, "--json", "--compare",
                       "before.jsonl")
    verdict = json.loads(done.stdout.splitlines()[-1])
    assert verdict["kind"] == "comparison" and verdict["same_input"], verdict
    assert verdict["verdict"] in ("better", "same", "worse"), verdict
    assert verdict["before"] == "before" and verdict["by"] == "walk", verdict


def bench_chains_scores_labelled_sets(program):
    sets = program.folder / "sets"
    shutil.copytree(SCENARIO[0].parent, sets / "shop")
    (sets / "quiet.jsonl").write_text('{"a":1}\n')
    labels = program.folder / "labels.json"
    labels.write_text(json.dumps({
        "shop": {"techniques": ["T1566.002", "T1562.001", "T1499"], "tactics": ["TA0008"]},
        "quiet.jsonl": {"techniques": []}, "absent": {"techniques": ["T1003"]}}))
    result = program.folder / "chains.jsonl"
    done = program.run("bench", "chains", "--labels", labels, sets, "--json", "--result", result)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["kind"] == "chains" and [s["set"] for s in found["sets"]] == ["quiet.jsonl", "shop"]
    shop = found["sets"][1]
    assert "T1685" in shop["techniques"], "labels are brought forward"
    assert shop["parent"]["detected"] >= 2 and shop["top_chain_hosts"] >= 5, shop
    assert shop["parent"]["in_first"] == shop["parent"]["detected"], shop
    assert found["figures"]["overlap_own_chain"]["whole"] == 1
    done = program.run("bench", "chains", "--labels", labels, sets, "--compare", result)
    text = done.stdout.decode()
    assert done.returncode == 0 and "parent_top1_complete" in text and "same" in text, text
    program.refuses("bench", "chains", "--labels", "absent.json", sets, says="absent.json")
    (program.folder / "bad.json").write_text('{"x": 1}')
    program.refuses("bench", "chains", "--labels", "bad.json", sets, says="x is not an object")
    program.refuses("bench", "chains", "--labels", labels, program.folder / "nowhere", says="none")


def bench_errors_are_one_line(program):
    (program.folder / "made.jsonl").write_text('{"a":1}\n')
    program.refuses("bench", "match", "absent.jsonl", says="absent.jsonl")
    program.refuses("bench", "match", "made.jsonl", "--lane", "sshd", says="no event")
    program.refuses("bench", "match", "made.jsonl", "--repeat", 1, "--table", "--compare", "absent",
                    says="absent")
    assert program.run("bench", "generate", "--size", "70000").returncode == 2
    assert program.run("bench", "generate", "--size", "huge").returncode == 2
    assert program.run("bench", "growth", "--axis", "weather").returncode == 2


CORRELATIONS = """title: Failed
name: failed
level: low
logsource: {product: windows, service: security}
detection: {s: {EventID: 4625}, condition: s}
---
title: Entered
name: entered
level: low
logsource: {product: windows, service: security}
detection: {s: {EventID: 4624}, condition: s}
---
title: Guessing
name: guessing
correlation: {type: event_count, rules: [failed], group-by: [TargetUserName], timespan: 20s, condition: {gte: 4}}
---
title: Guessed
level: high
correlation: {type: temporal_ordered, rules: [guessing, entered], group-by: [TargetUserName], timespan: 1m}
---
title: Spray
level: high
correlation: {type: value_count, rules: [failed], group-by: [IpAddress], timespan: 30s,
  condition: {field: TargetUserName, gte: 6}, generate: true}
---
title: Both
level: medium
correlation: {type: temporal, rules: [failed, entered], group-by: [IpAddress, Computer], timespan: 2s, repeat: true}
"""


def logons(seed, count):
    chance = random.Random(seed)
    for _ in range(count):
        at = chance.randrange(3_600_000)
        yield at, json.dumps({
            "EventTime": f"2026-10-12 09:{at // 60_000:02}:{at // 1_000 % 60:02}.{at % 1_000:03}",
            "Hostname": f"dc-{chance.randrange(3)}", "EventID": chance.choice([4625, 4625, 4624]),
            "SourceName": "Microsoft-Windows-Security-Auditing", "Channel": "Security",
            "TargetUserName": f"user{chance.randrange(40)}", "IpAddress": f"10.0.0.{chance.randrange(60)}"})


def correlations_depend_on_event_time_alone(program):
    """Any number of threads, any order of files, shuffled or sorted lines, compiled or cached rules."""
    (program.folder / "rules.yml").write_text(CORRELATIONS)
    sorted_files, shuffled_files = [], []
    for number in range(3):
        lines = list(logons(number, 3_000))
        for files, name in ((shuffled_files, "shuffled"), (sorted_files, "sorted")):
            folder = program.folder / name
            folder.mkdir(exist_ok=True)
            files.append(folder / f"{number}.jsonl")
            files[-1].write_text("".join(line + "\n" for _, line in lines))
            lines.sort()

    def found(*arguments):
        lines = program.scan("--rules", "rules.yml", *arguments)
        summary(lines)
        assert lines[-1]["correlations"]["loaded"] == 4 and not lines[-1]["correlations"]["late"], lines[-1]
        return lines

    one = found("--threads", 1, *shuffled_files)
    titles = [line["rule"]["title"] for line in one if line["kind"] == "detection"]
    for title in ("Guessed", "Spray", "Both", "Failed"):
        assert titles.count(title) > 3, (title, titles.count(title))
    assert "Guessing" not in titles and "Entered" not in titles
    for threads in (2, 3, 8):
        assert stable(found("--threads", threads, *shuffled_files)) == stable(one), threads
    results = [line for line in one if line.get("correlation")]

    def keys(lines):
        """Time, rule, group and value of each result, wherever the lines stand."""
        return sorted((line["time"], line["rule"]["title"], sorted(line["correlation"]["group"].items()),
                       line["correlation"]["value"]) for line in lines if line.get("correlation"))

    reversed_files = found(*reversed(shuffled_files))
    assert [line for line in reversed_files if line.get("correlation")] == results
    assert keys(found(*shuffled_files, shuffled_files[0])) == keys(one), "a file read twice"
    for lateness in ((), ("--lateness", "0s"), ("--lateness", "1h")):
        assert keys(found(*lateness, *sorted_files)) == keys(one), lateness
    late = program.scan("--rules", "rules.yml", "--lateness", "30s", *shuffled_files)[-1]
    assert late["correlations"]["late"] > 500, late["correlations"]
    repeated = found("--repeat-correlations", *shuffled_files)
    assert len(keys(repeated)) > len(results)
    for bad in ("", "5", "1w", "-1s"):
        done = program.run("scan", f"--lateness={bad}", shuffled_files[0])
        assert done.returncode == 2 and b"--lateness" in done.stderr, f"{bad!r}: {done.stderr}"


def bench_store_leaves_nothing_behind(program):
    done = program.run("bench", "pipeline", "--events", 300, "--attack-share", 0.2, "--repeat", 1,
                       "--store", program.folder, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["bench"] == "pipeline"
    assert not list(program.folder.iterdir()), list(program.folder.iterdir())
    (program.folder / "catena-bench-store").mkdir()
    program.refuses("bench", "store", "--events", 300, "--attack-share", 0.2, "--repeat", 1,
                    "--store", program.folder, says="exists already")


CASES = [same_for_any_number_of_threads, same_bytes_for_any_number_of_threads,
         threads_can_be_bound_to_processors, a_pipe_that_stalls_changes_nothing, same_chains_for_any_order_of_files,
         compressed_input_is_the_same, zstandard_input_is_the_same, fail_level_decides_the_exit_code,
         scanning_twice_changes_nothing, the_split_into_scans_does_not_matter,
         broken_records_cost_only_themselves, dead_letters_have_place_and_reason,
         a_dear_rule_is_quarantined_alike_for_any_number_of_threads, memory_stays_bounded,
         usage_and_input_errors_are_one_line,
         a_store_of_another_version_is_refused, hostile_rules_are_refused_and_the_rest_goes_on,
         findings_decide_the_exit_code, fixes_replace_files_at_once,
         cached_rules_change_nothing_but_the_time, what_changes_rules_is_checked_and_cached,
         log_sources_are_listed_with_their_packs, event_log_files_are_read_directly,
         every_help_has_an_example_that_parses, output_is_plain_in_a_pipe,
         attack_tables_can_be_shown, generated_attacks_are_what_is_detected,
         correlations_depend_on_event_time_alone, generating_twice_gives_the_same_bytes, bench_measures_and_compares,
         chains_explain_themselves, decisions_hold_and_are_attributed, a_false_positive_becomes_a_filter,
         incidents_fit_100_columns, bench_chains_scores_labelled_sets, bench_errors_are_one_line, bench_store_leaves_nothing_behind]


WITH_STORE = [scanning_twice_changes_nothing, the_split_into_scans_does_not_matter,
              usage_and_input_errors_are_one_line, a_store_of_another_version_is_refused,
              bench_store_leaves_nothing_behind, chains_explain_themselves,
              decisions_hold_and_are_attributed, a_false_positive_becomes_a_filter, incidents_fit_100_columns]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--catena", required=True)
    parser.add_argument("--junit", required=True)
    parser.add_argument("--without-store", action="store_true")
    options = parser.parse_args()
    report = junit.Report("command_line")
    failed = 0
    cases = [case for case in CASES if case not in WITH_STORE or not options.without_store]
    for case in cases:
        with tempfile.TemporaryDirectory(prefix="catena-command-line-") as folder:
            try:
                case(Program(str(pathlib.Path(options.catena).resolve()), pathlib.Path(folder)))
                report.passed(case.__name__)
            except CannotRun as reason:
                print(f"skipped {case.__name__}: {reason}")
                report.skipped(case.__name__, str(reason))
            except (AssertionError, subprocess.SubprocessError, OSError, ValueError, IndexError):
                failed += 1
                reason = traceback.format_exc(limit=3)
                print(f"FAILED {case.__name__}\n{reason}")
                report.failed(case.__name__, reason)
    report.write(options.junit)
    print(f"{len(cases)} cases, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
