#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Receivers against senders that nobody here wrote: every event of every sender must arrive."""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import junit  # noqa: E402

NUMBER = re.compile(r"event-(\d{6})")
PATIENCE = 120  # seconds for one sender to deliver everything


class Skipped(Exception):
    pass


class Host:
    """The receivers, and what arrived."""

    def __init__(self, program, folder, script=()):
        self.folder = folder
        make_certificates(folder)
        self.process = subprocess.Popen([program, str(folder)], stdin=subprocess.PIPE, text=True,
                                        stdout=subprocess.PIPE, errors="replace")
        self.ports = json.loads(self.process.stdout.readline())["ports"]
        for outcome in script:
            self.process.stdin.write(outcome + "\n")
        self.process.stdin.flush()
        self.arrived = {}
        self.records = []
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        for line in self.process.stdout:
            record = json.loads(line)
            self.records.append(record)
            for number in NUMBER.findall(record["text"]):
                self.arrived[int(number)] = self.arrived.get(int(number), 0) + 1

    def wait_for(self, count, senders):
        """Until `count` different events arrived; whether they did."""
        end = time.monotonic() + PATIENCE
        while len(self.arrived) < count and time.monotonic() < end:
            if any(process.poll() not in (None, 0) for process in senders.started):
                raise AssertionError("the sender ended with an error")
            time.sleep(0.05)
        return len(self.arrived) >= count

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)
        self.thread.join(timeout=20)


def make_certificates(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", folder / "server.key", "-out", folder / "server.pem"],
                   check=True, capture_output=True)
    os.chmod(folder / "server.key", 0o600)


def messages(count):
    return [f"event-{number:06d} Failed password for root from 192.0.2.{number % 250} port 22"
            for number in range(count)]


class Senders:
    """Where the senders are: unpacked by fetch.sh, or installed."""

    def __init__(self, folder):
        self.root = folder / "root" if folder else None
        self.python = folder / "python" if folder else None
        self.started = []

    def program(self, name, *places):
        for place in places:
            if self.root and (self.root / place).exists():
                return str(self.root / place)
        found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/lib/systemd")
        if not found:
            raise Skipped(f"{name} is not here")
        return found

    def environment(self):
        environment = dict(os.environ)
        if self.root:
            library = self.root / "usr/lib/x86_64-linux-gnu"
            environment["LD_LIBRARY_PATH"] = (
                f"{library}:{self.root / 'lib/x86_64-linux-gnu'}:"
                f"{self.root / 'usr/lib/syslog-ng'}")
            environment["SYSLOGNG_PREFIX"] = str(self.root / "usr")
        return environment

    def start(self, command, **options):
        process = subprocess.Popen(command, env=self.environment(), stdout=subprocess.DEVNULL,
                                   **options)
        self.started.append(process)
        return process

    def run_python(self, code, *arguments):
        """Runs a script with the packages of PyPI that fetch.sh got."""
        if not self.python or not self.python.exists():
            raise Skipped("no PyPI packages; run tests/interop/fetch.sh")
        environment = dict(os.environ, PYTHONPATH=str(self.python))
        done = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], env=environment,
                              capture_output=True, text=True, timeout=PATIENCE)
        if "ModuleNotFoundError" in done.stderr:
            raise Skipped(done.stderr.strip().splitlines()[-1])
        if done.returncode != 0:
            raise AssertionError(done.stderr[-2000:])
        return done.stdout

    def stop(self):
        for process in self.started:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
        self.started = []


# --- rsyslog ---------------------------------------------------------------------------------------

def rsyslog(senders, host, count, action, modules=""):
    """rsyslogd reads a file of messages and sends them by `action`."""
    program = senders.program("rsyslogd", "usr/sbin/rsyslogd")
    source = host.folder / "source.log"
    source.write_text("".join(text + "\n" for text in messages(count)))
    work = host.folder / "rsyslog"
    work.mkdir()
    module_path = senders.root / "usr/lib/x86_64-linux-gnu/rsyslog" if senders.root else ""
    config = host.folder / "rsyslog.conf"
    config.write_text(f'''
global(workDirectory="{work}" maxMessageSize="64k")
module(load="imfile" mode="polling" pollingInterval="1")
{modules}
input(type="imfile" file="{source}" tag="sshd" facility="auth" severity="info"
      freshStartTail="off")
{action}
''')
    senders.start([program, "-n", "-f", str(config), "-i", str(work / "pid"),
                   *(["-M", str(module_path)] if module_path else [])])


QUEUE = 'queue.type="linkedList" queue.size="100000" action.resumeRetryCount="-1" action.resumeInterval="1"'


def rsyslog_tcp(senders, host, count):
    rsyslog(senders, host, count, f'action(type="omfwd" protocol="tcp" target="127.0.0.1" '
            f'port="{host.ports["syslog"]}" {QUEUE})')


def rsyslog_tcp_octet_counted(senders, host, count):
    rsyslog(senders, host, count, f'action(type="omfwd" protocol="tcp" target="127.0.0.1" '
            f'port="{host.ports["syslog"]}" TCP_Framing="octet-counted" '
            f'template="RSYSLOG_SyslogProtocol23Format" {QUEUE})')


def rsyslog_udp(senders, host, count):
    # A socket without back-pressure: slow enough for the kernel's buffer of a test machine.
    rsyslog(senders, host, count, f'action(type="omfwd" protocol="udp" target="127.0.0.1" '
            f'port="{host.ports["syslog-udp"]}" UDP.sendDelay="20" {QUEUE})')


def rsyslog_tls(senders, host, count):
    rsyslog(senders, host, count,
            f'action(type="omfwd" protocol="tcp" target="127.0.0.1" '
            f'port="{host.ports["syslog-tls"]}" TCP_Framing="octet-counted" StreamDriver="ossl" '
            f'StreamDriverMode="1" StreamDriverAuthMode="x509/certvalid" {QUEUE})',
            f'global(defaultNetstreamDriver="ossl" '
            f'defaultNetstreamDriverCAFile="{host.folder / "server.pem"}")')


def rsyslog_relp(senders, host, count):
    rsyslog(senders, host, count, f'action(type="omrelp" target="127.0.0.1" '
            f'port="{host.ports["relp"]}" {QUEUE})', 'module(load="omrelp")')


def rsyslog_elasticsearch(senders, host, count):
    rsyslog(senders, host, count, f'action(type="omelasticsearch" server="127.0.0.1" '
            f'serverport="{host.ports["http"]}" bulkmode="on" searchIndex="logs" {QUEUE})',
            'module(load="omelasticsearch")')


# --- syslog-ng -------------------------------------------------------------------------------------

def syslog_ng(senders, host, count, destination):
    program = senders.program("syslog-ng", "usr/sbin/syslog-ng")
    source = host.folder / "source.log"
    source.write_text("".join(text + "\n" for text in messages(count)))
    modules = str(senders.root / "usr/lib/syslog-ng/3.38") if senders.root else ""
    config = host.folder / "syslog-ng.conf"
    config.write_text(f'''@version: 3.38
source s {{ file("{source}" flags(no-parse) program-override("sshd") read-old-records(yes)); }};
destination d {{ {destination} }};
log {{ source(s); destination(d); flags(flow-control); }};
''')
    folder = str(host.folder)
    senders.start([program, "-F", "--no-caps", "-f", str(config), "-R", folder + "/persist",
                   "-p", folder + "/pid", "-c", folder + "/control",
                   *(["--module-path=" + modules] if modules else [])])


def syslog_ng_tcp(senders, host, count):
    syslog_ng(senders, host, count,
              f'syslog("127.0.0.1" port({host.ports["syslog"]}) transport("tcp"));')


def syslog_ng_network(senders, host, count):
    syslog_ng(senders, host, count, f'network("127.0.0.1" port({host.ports["syslog"]}));')


def syslog_ng_tls(senders, host, count):
    authority = host.folder / "server.pem"
    syslog_ng(senders, host, count,
              f'syslog("localhost" port({host.ports["syslog-tls"]}) transport("tls") '
              f'tls(ca-file("{authority}")));')


def syslog_ng_elasticsearch(senders, host, count):
    # What its elasticsearch-http() template of the package syslog-ng-scl expands to.
    syslog_ng(senders, host, count, rf'''http(url("http://127.0.0.1:{host.ports["http"]}/_bulk")
      method("POST") batch-lines(500) headers("Content-Type: application/x-ndjson")
      body-suffix("\n") delimiter("\n") time-reopen(1)
      body("{{\"index\":{{\"_index\":\"logs\"}}}}\n$(format-json --scope rfc5424 --scope nv-pairs)"));''')


def loggen(senders, host, count):
    program = senders.program("loggen", "usr/bin/loggen")
    source = host.folder / "source.log"
    source.write_text("".join(f"<13>Nov 24 12:00:00 web-01 sshd[7]: {text}\n"
                              for text in messages(count)))
    subprocess.run([program, "--stream", "--inet", "--dont-parse", "--read-file", str(source),
                    "--rate", "1000000", "127.0.0.1", str(host.ports["syslog"])],
                   env=senders.environment(), check=True, timeout=PATIENCE, capture_output=True)


# --- logger and the journal ------------------------------------------------------------------------

def logger(senders, host, count, *options):
    program = senders.program("logger")
    source = host.folder / "source.log"
    source.write_text("".join(text + "\n" for text in messages(count)))
    subprocess.run([program, "-n", "127.0.0.1", *options, "-t", "sshd", "-f", str(source)],
                   check=True, timeout=PATIENCE)


def logger_tcp(senders, host, count):
    logger(senders, host, count, "-T", "-P", str(host.ports["syslog"]))


def logger_tcp_octet_count(senders, host, count):
    logger(senders, host, count, "-T", "--octet-count", "-P", str(host.ports["syslog"]))


def logger_udp(senders, host, count):
    # Nothing holds a sender of datagrams back, so its input comes slowly.
    process = senders.start([senders.program("logger"), "-n", "127.0.0.1", "-d", "-t", "sshd",
                             "-P", str(host.ports["syslog-udp"])], stdin=subprocess.PIPE, text=True)
    lines = [text + "\n" for text in messages(count)]
    for first in range(0, count, 50):
        process.stdin.write("".join(lines[first:first + 50]))
        process.stdin.flush()
        time.sleep(0.005)
    process.stdin.close()


def journal_upload(senders, host, count):
    remote = senders.program("systemd-journal-remote", "lib/systemd/systemd-journal-remote")
    upload = senders.program("systemd-journal-upload", "lib/systemd/systemd-journal-upload")
    journal = host.folder / "sample.journal"
    export = "".join(f"__REALTIME_TIMESTAMP={1790000000000000 + number}\n_HOSTNAME=web-01\n"
                     f"SYSLOG_IDENTIFIER=sshd\nMESSAGE={text}\n\n"
                     for number, text in enumerate(messages(count)))
    subprocess.run([remote, "-o", str(journal), "-"], input=export.encode(), check=True,
                   env=senders.environment(), timeout=PATIENCE, capture_output=True)
    senders.start([upload, "--url", f"http://127.0.0.1:{host.ports['http']}", "--file",
                   str(journal), "--save-state=" + str(host.folder / "state")],
                  stderr=subprocess.DEVNULL)


# --- PyPI ------------------------------------------------------------------------------------------

def elasticsearch_client(senders, host, count):
    senders.run_python('''
import sys
from elasticsearch import Elasticsearch, helpers
client = Elasticsearch(f"http://127.0.0.1:{sys.argv[1]}", retry_on_timeout=True,
                       retry_on_status=(429, 503), max_retries=10)
print(client.info()["version"]["number"])
actions = ({"_op_type": "create", "_index": "logs", "_id": str(n),
            "_source": {"message": f"event-{n:06d} x"}} for n in range(int(sys.argv[2])))
done, errors = helpers.bulk(client, actions, chunk_size=500)
assert done == int(sys.argv[2]) and not errors, (done, errors)
again = ({"_op_type": "create", "_index": "logs", "_id": str(n),
          "_source": {"message": f"event-{n:06d} x"}} for n in range(10))
_, errors = helpers.bulk(client, again, raise_on_error=False)
assert [e["create"]["status"] for e in errors] == [409] * 10, errors
''', host.ports["http"], count)


def otlp_http(senders, host, count):
    senders.run_python('''
import logging, sys
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry._logs import LogRecord, SeverityNumber
import time
provider = LoggerProvider(resource=Resource.create({"host.name": "web-01"}))
exporter = OTLPLogExporter(endpoint=f"http://127.0.0.1:{sys.argv[1]}/v1/logs",
                           compression=Compression.Gzip)
provider.add_log_record_processor(BatchLogRecordProcessor(exporter, max_queue_size=100000))
log = provider.get_logger("sender")
for n in range(int(sys.argv[2])):
    log.emit(LogRecord(timestamp=time.time_ns(), body=f"event-{n:06d} x",
                       severity_number=SeverityNumber.INFO, attributes={"n": n}))
provider.force_flush()
provider.shutdown()
''', host.ports["http"], count)


def fluent_logger(senders, host, count):
    senders.run_python('''
import sys
from fluent import sender
fluent = sender.FluentSender("app", host="127.0.0.1", port=int(sys.argv[1]), nanosecond_precision=True)
for n in range(int(sys.argv[2])):
    assert fluent.emit("ssh", {"message": f"event-{n:06d} x", "n": n}), fluent.last_error
fluent.close()
''', host.ports["forward"], count)


def pylogbeat(senders, host, count):
    senders.run_python('''
import json, sys
from pylogbeat import PyLogBeatClient
count = int(sys.argv[2])
client = PyLogBeatClient("127.0.0.1", int(sys.argv[1]), ssl_enable=False)
client.connect()
for first in range(0, count, 1000):
    client.send([json.dumps({"message": f"event-{n:06d} x"})
                 for n in range(first, min(first + 1000, count))])
client.close()
''', host.ports["lumberjack"], count)


CASES = {name: case for name, case in [
    ("logger_tcp", logger_tcp), ("logger_tcp_octet_count", logger_tcp_octet_count),
    ("logger_udp", logger_udp), ("rsyslog_tcp", rsyslog_tcp),
    ("rsyslog_tcp_octet_counted", rsyslog_tcp_octet_counted), ("rsyslog_udp", rsyslog_udp),
    ("rsyslog_tls", rsyslog_tls), ("rsyslog_relp", rsyslog_relp),
    ("rsyslog_elasticsearch", rsyslog_elasticsearch), ("syslog_ng_tcp", syslog_ng_tcp),
    ("syslog_ng_network", syslog_ng_network), ("syslog_ng_tls", syslog_ng_tls),
    ("syslog_ng_elasticsearch", syslog_ng_elasticsearch), ("loggen", loggen),
    ("journal_upload", journal_upload), ("elasticsearch_client", elasticsearch_client),
    ("otlp_http", otlp_http), ("fluent_logger", fluent_logger), ("pylogbeat", pylogbeat)]}

# The first offers of each run: the daemon cannot take them.
SCRIPT = ["overloaded", "failed", "overloaded"]


def run_case(name, options):
    """(what arrived, how often twice, seconds)"""
    senders = Senders(options.senders)
    with tempfile.TemporaryDirectory(prefix="catena-interop-") as folder:
        host = Host(options.host, pathlib.Path(folder), SCRIPT)
        begin = time.monotonic()
        try:
            CASES[name](senders, host, options.events)
            complete = host.wait_for(options.events, senders)
            seconds = time.monotonic() - begin
        finally:
            senders.stop()
            host.close()
        twice = sum(1 for times in host.arrived.values() if times > 1)
        bad = sum(1 for record in host.records if record["refused"] or record["shortened"])
        if not complete or bad:
            raise AssertionError(f"{len(host.arrived)} of {options.events} events arrived, "
                                 f"{bad} records refused or shortened")
        return len(host.arrived), twice, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", required=True, help="the program receiver_host")
    parser.add_argument("--senders", type=pathlib.Path, help="the folder of fetch.sh")
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--junit")
    parser.add_argument("names", nargs="*", help="run only these cases")
    options = parser.parse_args()
    if options.senders is None:
        default = pathlib.Path(options.host).resolve().parents[2] / "interop"
        options.senders = default if default.exists() else None
    if options.senders:
        options.senders = options.senders.resolve()
    report = junit.Report("interop")
    failed = skipped = 0
    for name in options.names or CASES:
        try:
            arrived, twice, seconds = run_case(name, options)
            print(f"pass  {name}: {arrived} events in {seconds:.1f} s, {twice} of them twice")
            report.passed(name)
        except Skipped as reason:
            skipped += 1
            print(f"skip  {name}: {reason}")
            report.skipped(name, str(reason))
        except (AssertionError, subprocess.SubprocessError, OSError) as problem:
            failed += 1
            print(f"FAIL  {name}: {problem}")
            report.failed(name, str(problem))
        sys.stdout.flush()
    print(f"interop: {len(options.names or CASES) - failed - skipped} passed, {failed} failed, "
          f"{skipped} skipped")
    if options.junit:
        report.write(options.junit)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
