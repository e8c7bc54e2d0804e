#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The daemon as an operator meets it: configuration, signals, status, dead letters, restarts, and
the same detections and chains as a scan of the same records.

  run.py --catena PROGRAM --junit FILE
"""
import argparse
import json
import os
import pathlib
import signal
import socket
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
TIMEOUT_SECONDS = 60
EXIT_CONFIG = 78
HIT = ('<190>1 2026-10-13T08:41:02.624Z web-01 nginx - - - 203.0.113.66 - - [13/Oct/2026:08:41:%02d '
       '+0000] "GET /.git/config HTTP/1.1" 404 153 "-" "Mozilla/5.00 (Nikto/2.5.0)"\n')


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Daemon:
    """A running `catena serve` in a folder of its own; every start uses the same folder."""

    def __init__(self, program, folder, config=""):
        self.program, self.folder, self.port = program, folder, free_port()
        self.state = folder / "state"
        self.log = folder / "log"
        self.config = folder / "catena.yml"
        self.config.write_text(
            f"state_folder: {self.state}\nadmin: {{socket: {self.state}/admin.sock}}\n"
            f"listeners: [{{name: tcp, protocol: syslog-tcp, address: '127.0.0.1:{self.port}'}}]\n"
            + config)
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.program, "serve", "--config", self.config],
                                            stderr=log, stdout=log)
        self.wait(lambda: self.status()["ready"])

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(TIMEOUT_SECONDS)

    def run(self, *arguments, code=0):
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True, check=False,
                              timeout=TIMEOUT_SECONDS)
        assert done.returncode == code, f"exit {done.returncode}: {done.stderr.decode()[-500:]}"
        return done.stdout.decode()

    def ask(self, *words, code=0):
        return self.run(*words, "--json", "--socket", self.state / "admin.sock", code=code)

    def status(self):
        done = subprocess.run([self.program, "status", "--json", "--socket",
                               self.state / "admin.sock"], capture_output=True, check=False)
        return json.loads(done.stdout) if done.stdout else {"ready": False}

    def wait(self, holds):
        end = time.monotonic() + TIMEOUT_SECONDS
        while not holds():
            assert self.process.poll() is None, f"it ended: {self.log.read_text()[-800:]}"
            assert time.monotonic() < end, f"waited too long: {self.status()}"
            time.sleep(0.02)

    def send(self, data):
        """Sends records and waits until they are evaluated."""
        before = self.status()["acknowledged"]
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(data)
        count = sum(1 for line in data.splitlines() if line.strip())
        self.wait(lambda: self.status()["acknowledged"] >= before + count)
        self.wait(lambda: self.status()["pending"] == 0)

    def found(self):
        path = self.state / "detections.jsonl"
        lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [line["id"] for line in lines if line["kind"] == "detection"]


def hits(*seconds):
    return "".join(HIT % second for second in seconds).encode()


# --- cases ----------------------------------------------------------------------------------

def the_configuration_is_checked(program, folder):
    def check(text):
        path = folder / "c.yml"
        path.write_text(text)
        done = subprocess.run([program, "serve", "--config", path, "--check-config"],
                              capture_output=True, check=False, timeout=TIMEOUT_SECONDS)
        return done.returncode, done.stderr.decode()
    code, said = check("journal: {max_sise: 1GiB}\n")
    assert code == EXIT_CONFIG and "c.yml:1:11" in said and "max_size" in said, said
    code, said = check("listeners: [{name: a, protocol: syslog-tpc, address: '1'}]\n")
    assert code == EXIT_CONFIG and "did you mean 'syslog-tcp'" in said, said
    code, said = check("listeners: [{name: a, protocol: syslog-tcp, address: '0.0.0.0:1'}]\n")
    assert code == EXIT_CONFIG and "c.yml:1:13" in said, said
    code, said = check("rules: [/nothing/here]\n")
    assert code == EXIT_CONFIG, said
    code, said = check("")
    assert code == 0 and "configuration is right" in said, said
    done = subprocess.run([program, "serve", "--config", folder / "none.yml"], capture_output=True,
                          check=False, timeout=TIMEOUT_SECONDS)
    assert done.returncode == EXIT_CONFIG, done.returncode


def a_day_at_the_shop_is_what_a_scan_finds(program, folder):
    """Every line of the demonstration, as one record each."""
    with Daemon(program, folder) as daemon:
        for path in SCENARIO:
            daemon.send(path.read_bytes())
        status = daemon.status()
        assert status["received"] == status["acknowledged"], status
        assert status["evaluated"] + status["dead_letters"] == status["acknowledged"], status
        found = daemon.found()
        chains = daemon.run("incidents", "list", "--store", daemon.state / "store", "--format",
                            "jsonl")
    scan = subprocess.run([program, "scan", "--format", "jsonl", *SCENARIO], capture_output=True,
                          check=True, timeout=TIMEOUT_SECONDS).stdout.splitlines()
    lines = [json.loads(line) for line in scan]
    wanted = {line["id"] for line in lines if line["kind"] == "detection"}
    assert len(found) == len(set(found)), "a detection is written twice"
    assert set(found) == wanted, (len(set(found) - wanted), len(wanted - set(found)))
    wanted_chains = {line["id"] for line in lines if line["kind"] == "chain"}
    assert {json.loads(line)["id"] for line in chains.splitlines()} == wanted_chains


def nothing_is_found_twice_after_a_restart(program, folder):
    with Daemon(program, folder) as daemon:
        daemon.send(hits(1, 2, 3))
        before = daemon.found()
        assert len(before) == 6, before
        assert daemon.stop() == 0
        daemon.start()
        daemon.send(hits(3, 4))
        assert daemon.found()[:6] == before
        assert len(daemon.found()) == 8, daemon.found()
        daemon.process.kill()
        daemon.process.wait()
        daemon.start()
        daemon.wait(lambda: daemon.status()["pending"] == 0)
        assert len(daemon.found()) == 8, daemon.found()


def what_cannot_be_evaluated_is_kept_whole(program, folder):
    with Daemon(program, folder) as daemon:
        daemon.send(b'{"broken":\n' + hits(1))
        letters = [json.loads(line) for line in daemon.ask("dlq", "list").splitlines()]
        assert [letter["reason"] for letter in letters] == ["truncated"], letters
        number = letters[0]["record"]
        whole = json.loads(daemon.ask("dlq", "show", number))
        assert whole["content"] == '{"broken":', whole
        daemon.ask("dlq", "requeue", number)
        daemon.wait(lambda: daemon.status()["dead_letters"] == 2)
        again = [json.loads(line) for line in daemon.ask("dlq", "list").splitlines()]
        assert len(again) == 1 and again[0]["record"] > number, again
        daemon.ask("dlq", "show", number, code=2)


def a_broken_rule_keeps_the_old_ones(program, folder):
    rules = folder / "rules"
    rules.mkdir()
    rule = ("title: Git\nid: 5b1c4a52-8f0e-4e6f-9d5c-6c1f0a3c2b11\nlogsource: {category: webserver}\n"
            "detection: {selection: {cs-uri-stem: /.git/config}, condition: selection}\n"
            "level: %s\n")
    (rules / "a.yml").write_text(rule % "high")
    with Daemon(program, folder, f"rules: [{rules}]\n") as daemon:
        daemon.send(hits(1))
        assert len(daemon.found()) == 1
        (rules / "a.yml").write_text("title: [\n")
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait(lambda: "reload refused" in daemon.log.read_text())
        daemon.send(hits(2))
        assert len(daemon.found()) == 2, daemon.found()
        (rules / "a.yml").write_text(rule.replace(".git/config", "never") % "high")
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait(lambda: "loaded anew" in daemon.log.read_text())
        daemon.wait(lambda: daemon.status()["ready"])
        time.sleep(0.2)
        daemon.send(hits(3))
        assert len(daemon.found()) == 2, daemon.found()


def it_drains_when_it_is_told_to_stop(program, folder):
    """What was acknowledged before SIGTERM is in the store after it, in the middle of a stream."""
    with Daemon(program, folder) as daemon:
        line = b"<13>1 2026-10-13T08:41:02.624Z host app - - - nothing to see\n"
        with socket.create_connection(("127.0.0.1", daemon.port)) as connection:
            for _ in range(50):
                connection.sendall(line * 1000)
            daemon.process.send_signal(signal.SIGTERM)
            assert daemon.process.wait(TIMEOUT_SECONDS) == 0
        daemon.start()
        status = daemon.status()
        assert status["pending"] == 0 and status["evaluated"] == 0, status


def metrics_add_up(program, folder):
    with Daemon(program, folder) as daemon:
        daemon.send(hits(1, 2) + b'{"broken":\n')
        text = subprocess.run(["curl", "-s", "--unix-socket", daemon.state / "admin.sock",
                               "http://catena/metrics"], capture_output=True, check=True).stdout
        values = {}
        for row in text.decode().splitlines():
            if not row.startswith("#"):
                name, value = row.rsplit(" ", 1)
                values[name] = int(value)
        received = values["catena_received_records_total"]
        answered = sum(value for name, value in values.items()
                       if name.startswith("catena_records_total{"))
        assert received == answered + values["catena_records_in_flight"] == 3, values
        dead = sum(value for name, value in values.items()
                   if name.startswith("catena_dead_letters_total{"))
        assert values["catena_evaluated_records_total"] + dead == 3, values


CASES = [the_configuration_is_checked, a_day_at_the_shop_is_what_a_scan_finds,
         nothing_is_found_twice_after_a_restart, what_cannot_be_evaluated_is_kept_whole,
         a_broken_rule_keeps_the_old_ones, it_drains_when_it_is_told_to_stop, metrics_add_up]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--catena", required=True)
    parser.add_argument("--junit", required=True)
    parser.add_argument("names", nargs="*", help="only these cases")
    options = parser.parse_args()
    report = junit.Report("daemon")
    failed = 0
    os.environ.pop("NOTIFY_SOCKET", None)
    cases = [case for case in CASES if not options.names or case.__name__ in options.names]
    for case in cases:
        with tempfile.TemporaryDirectory(prefix="catena-daemon-") as folder:
            try:
                case(str(pathlib.Path(options.catena).resolve()), pathlib.Path(folder))
                report.passed(case.__name__)
            except (AssertionError, subprocess.SubprocessError, OSError, ValueError, KeyError):
                failed += 1
                reason = traceback.format_exc(limit=3)
                print(f"FAILED {case.__name__}\n{reason}")
                report.failed(case.__name__, reason)
    report.write(options.junit)
    print(f"{len(cases)} cases, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
