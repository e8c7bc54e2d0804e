// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/text_decoder.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/codec/decoder.h"
#include "rules/mapping/mapping_pack.h"
#include "tests/support/decoding.h"

// The product's packs name what these lines become.
namespace catena {
namespace {

using tests::DecodedEvent;
using tests::Decoding;

class TextLines : public testing::Test {
 protected:
  // 2022-06-15T00:00:00Z.
  Decoding decoding_{{"type",     "exe",      "comm",     "cmd",       "op",
                      "res",      "hostname", "DPT",      "SRC",       "action",
                      "sc-bytes", "facility", "severity", "msgid",     "exampleSDID@32473.iut",
                      "SYSCALL",  "a0",       "a1",       "proctitle", "key",
                      "name"},
                     {},
                     {1'655'251'200 * kNanosPerSecond}};
  DecodedEvent one(std::string_view line) { return decoding_.one(line); }
};

TEST_F(TextLines, Rfc3164WithAndWithoutPriority) {
  const DecodedEvent bare =
      one("Jun 14 15:16:01 combo sshd(pam_unix)[19939]: check pass; user unknown");
  EXPECT_EQ(bare.time, "2022-06-14T15:16:01.000Z");
  EXPECT_EQ(bare.time_source, TimeSource::kHeader);
  EXPECT_EQ(bare.text("host"), "combo");
  EXPECT_EQ(bare.text("Computer"), "combo");
  EXPECT_EQ(bare.text("program"), "sshd");
  EXPECT_EQ(bare.text("message"), "check pass; user unknown");
  EXPECT_EQ(bare.log_source, "linux||auth sshd syslog");
  const DecodedEvent marked = one("<86>Dec 10 06:55:46 LabSZ /usr/sbin/sudo[7]: root : x");
  EXPECT_EQ(marked.time, "2021-12-10T06:55:46.000Z");
  EXPECT_EQ(marked.text("program"), "sudo");
  EXPECT_EQ(marked.text("facility"), "authpriv");
  EXPECT_EQ(marked.text("severity"), "info");
  EXPECT_EQ(marked.log_source, "linux||auth sudo syslog");
}

TEST_F(TextLines, Rfc3164WithIsoTime) {
  const DecodedEvent event = one("2024-03-01T10:00:00.123456+02:00 web01 nginx: GET something odd");
  EXPECT_EQ(event.time, "2024-03-01T08:00:00.123Z");
  EXPECT_EQ(event.text("host"), "web01");
  EXPECT_EQ(event.text("program"), "nginx");
  EXPECT_EQ(event.log_source, "linux||nginx syslog");
}

TEST_F(TextLines, Rfc5424WithStructuredData) {
  const DecodedEvent event =
      one("<165>1 2003-10-11T22:14:15.003Z host.example.com evntslog 99 ID47 "
          "[exampleSDID@32473 iut=\"3\" eventSource=\"App\\\"l\"][x@1 y=\"]\"] \xEF\xBB\xBF"
          "An application");
  EXPECT_EQ(event.time, "2003-10-11T22:14:15.003Z");
  EXPECT_EQ(event.text("host"), "host.example.com");
  EXPECT_EQ(event.text("program"), "evntslog");
  EXPECT_EQ(event.text("msgid"), "ID47");
  EXPECT_EQ(event.text("exampleSDID@32473.iut"), "3");
  EXPECT_EQ(event.text("message"), "An application");
  const DecodedEvent bare = one("<34>1 - - - - - - only text");
  EXPECT_EQ(bare.text("message"), "only text");
  EXPECT_EQ(bare.time_source, TimeSource::kNone);
}

TEST_F(TextLines, ServicesFollowTheProgram) {
  EXPECT_EQ(one("Jan  1 00:00:00 h CRON[1]: x").log_source, "linux||cron syslog");
  EXPECT_EQ(one("Jan  1 00:00:00 h vsftpd[1]: x").log_source, "linux||syslog vsftpd");
  EXPECT_EQ(one("Jan  1 00:00:00 h clamd[1]: x").log_source, "linux||clamav syslog");
  EXPECT_EQ(one("Jan  1 00:00:00 h guacd[1]: x").log_source, "linux||guacamole syslog");
  EXPECT_EQ(one("Jan  1 00:00:00 h useradd[1]: x").log_source, "linux||auth syslog");
  EXPECT_EQ(one("Jan  1 00:00:00 h whatever: x").log_source, "linux||syslog");
  EXPECT_EQ(one("Jan  1 00:00:00 h no tag here").log_source, "linux||syslog");
}

TEST_F(TextLines, ALineWithoutHeaderIsAMessage) {
  const DecodedEvent event = one("hello { world");
  EXPECT_EQ(event.text("message"), "hello { world");
  EXPECT_EQ(event.log_source, "||");
  EXPECT_EQ(event.time_source, TimeSource::kNone);
}

TEST_F(TextLines, AuditRecordsAreFieldsOfTheirOwn) {
  const DecodedEvent event =
      one("node=web1 type=SYSCALL msg=audit(1604996384.965:93777): arch=c000003e syscall=59 "
          "success=yes a0=558e25052c70 ppid=29002 pid=2168 uid=0 tty=pts0 ses=104 comm=\"dd\" "
          "exe=2F746D702F6120622F78 key=(null)");
  EXPECT_EQ(event.time, "2020-11-10T08:19:44.965Z");
  EXPECT_EQ(event.time_source, TimeSource::kEventField);
  EXPECT_EQ(event.log_source, "linux||auditd");
  EXPECT_EQ(event.text("type"), "SYSCALL");
  EXPECT_EQ(event.text("comm"), "dd");
  EXPECT_EQ(event.text("exe"), "/tmp/a b/x");
  EXPECT_EQ(event.text("a0"), "558e25052c70");
  EXPECT_EQ(event.text("key"), "<null>");
  EXPECT_EQ(event.text("SYSCALL"), "execve");
  EXPECT_EQ(event.text("Computer"), "web1");
  EXPECT_EQ(event.text("Image"), "/tmp/a b/x");
}

TEST_F(TextLines, ExecveLearnsFromItsSiblings) {
  const auto decoded = decoding_.decode(
      "type=SYSCALL msg=audit(1.5:7): exe=\"/bin/bash\" pid=21 ppid=20 uid=0 "
      "ses=3\x1DUID=\"root\"\n"
      "type=EXECVE msg=audit(1.5:7): argc=3 a0=\"sh\" a1=2D63 a2[0]=\"echo \" a2[1]=\"hi\"\n"
      "type=CWD msg=audit(1.5:7): cwd=\"/root\"\n"
      "type=EXECVE msg=audit(1.5:8): argc=1 a0=\"/usr/bin/id\"\n");
  ASSERT_EQ(decoded.events.size(), 4U);
  const DecodedEvent& event = decoded.events[1];
  EXPECT_EQ(event.log_source, "linux|process_creation|auditd");
  EXPECT_EQ(event.text("CommandLine"), "sh -c echo hi");
  EXPECT_EQ(event.text("Image"), "/bin/bash");
  EXPECT_EQ(event.text("ProcessId"), "21");
  EXPECT_EQ(event.text("ParentProcessId"), "20");
  EXPECT_EQ(event.text("User"), "root");
  EXPECT_EQ(event.text("CurrentDirectory"), "/root");
  EXPECT_EQ(event.text("LogonId"), "3");
  // An event without siblings has what its own record says.
  EXPECT_EQ(decoded.events[3].text("Image"), "/usr/bin/id");
  EXPECT_EQ(decoded.events[3].text("ProcessId"), "<none>");
}

TEST_F(TextLines, UserSpaceAuditMessagesAreOpened) {
  const DecodedEvent event =
      one("Jan  1 00:00:00 h audispd: type=USER_AUTH msg=audit(1.0:2): pid=1 uid=0 "
          "msg='op=PAM:authentication acct=\"root\" exe=\"/usr/sbin/sshd\" hostname=10.0.0.1 "
          "res=failed'");
  EXPECT_EQ(event.log_source, "linux||auditd");
  EXPECT_EQ(event.text("op"), "PAM:authentication");
  EXPECT_EQ(event.text("res"), "failed");
  EXPECT_EQ(event.text("hostname"), "10.0.0.1");
  EXPECT_EQ(event.text("Computer"), "h");
}

TEST_F(TextLines, ProctitleIsDecoded) {
  EXPECT_EQ(one("type=PROCTITLE msg=audit(1.0:2): proctitle=64640069663D2F").text("proctitle"),
            "dd if=/");
  EXPECT_EQ(one("type=PROCTITLE msg=audit(1.0:2): proctitle=\"bash\"").text("proctitle"), "bash");
  // Kernel messages have numbers for types.
  EXPECT_EQ(
      one("Jan  1 00:00:00 h kernel: [1.0] audit: type=1400 audit(1.0:2): apparmor=\"DENIED\"")
          .text("type"),
      "AVC");
}

TEST_F(TextLines, AzureAuditAgentRecords) {
  const DecodedEvent event =
      one("type=AUOMS_EXECVE audit(1652292621.986:84138): node=U5 syscall=execve pid=17 ppid=13 "
          "user=tomcat effective_user=root exe=\"/bin/sh\" cwd=\"/\" name=[\"a b\"] "
          "cmdline=sh -c \"echo hi\" redactors= containerid=");
  EXPECT_EQ(event.log_source, "linux|process_creation|auditd");
  EXPECT_EQ(event.text("CommandLine"), "sh -c \"echo hi\"");
  EXPECT_EQ(event.text("Image"), "/bin/sh");
  EXPECT_EQ(event.text("User"), "root");
  EXPECT_EQ(event.text("Computer"), "U5");
}

TEST_F(TextLines, SysmonForLinuxInSyslog) {
  const DecodedEvent event =
      one("Jan  1 00:00:00 u5 sysmon: <Event><System><Provider Name=\"Linux-Sysmon\" "
          "Guid=\"{ff}\"/><EventID>1</EventID><TimeCreated SystemTime=\"2022-05-11T18:10:20.399931"
          "000Z\"/><Channel>Linux-Sysmon/Operational</Channel><Computer>U5</Computer></System>"
          "<EventData><Data Name=\"Image\">/bin/sh</Data><Data Name=\"CommandLine\">sh -c &quot;a "
          "&amp;&amp; b&quot;</Data></EventData></Event>");
  EXPECT_EQ(event.log_source, "linux|process_creation|sysmon");
  EXPECT_EQ(event.time, "2022-05-11T18:10:20.399Z");
  EXPECT_EQ(event.text("Image"), "/bin/sh");
  EXPECT_EQ(event.text("CommandLine"), "sh -c \"a && b\"");
  EXPECT_EQ(event.text("EventID"), "1");
}

TEST_F(TextLines, ADamagedXmlEventIsADeadLetter) {
  const auto decoded =
      decoding_.decode("<Event><System><EventID>1</EventID></Event>\n<Event>\nok\n");
  ASSERT_EQ(decoded.letters.size(), 2U);
  EXPECT_EQ(decoded.letters[0].reason, "invalid_xml");
  EXPECT_EQ(decoded.letters[1].reason, "truncated");
  EXPECT_EQ(decoded.events.size(), 1U);
}

TEST_F(TextLines, CombinedAccessLog) {
  const DecodedEvent event =
      one("203.0.113.9 - bob [10/Oct/2023:13:55:36 -0700] \"GET /a/b.php?x=1&y=2 HTTP/1.1\" 200 "
          "2326 \"http://r/\" \"Mozilla/5.0 \\\"q\\\"\"");
  EXPECT_EQ(event.log_source, "|webserver|");
  EXPECT_EQ(event.time, "2023-10-10T20:55:36.000Z");
  EXPECT_EQ(event.text("c-ip"), "203.0.113.9");
  EXPECT_EQ(event.text("cs-username"), "bob");
  EXPECT_EQ(event.text("cs-method"), "GET");
  EXPECT_EQ(event.text("cs-uri-stem"), "/a/b.php");
  EXPECT_EQ(event.text("cs-uri-query"), "x=1&y=2|/a/b.php?x=1&y=2");
  EXPECT_EQ(event.text("sc-status"), "200");
  EXPECT_EQ(event.text("sc-bytes"), "2326");
  EXPECT_EQ(event.text("cs-referer"), "http://r/");
  EXPECT_EQ(event.text("cs-user-agent"), "Mozilla/5.0 \\\"q\\\"");
}

TEST_F(TextLines, AccessLogOfAVirtualHostInSyslog) {
  const DecodedEvent event =
      one("Jun  1 00:00:00 web nginx: shop.example:443 198.51.100.7 - - "
          "[01/Jun/2022:00:00:00 +0000] \"POST /login HTTP/2.0\" 302 -");
  EXPECT_EQ(event.log_source, "|webserver|nginx");
  EXPECT_EQ(event.text("cs-host"), "shop.example");
  EXPECT_EQ(event.text("c-ip"), "198.51.100.7");
  EXPECT_EQ(event.text("cs-uri-query"), "<null>|/login");
  EXPECT_EQ(event.text("Computer"), "web");
}

TEST_F(TextLines, PacketFilterLines) {
  const DecodedEvent event =
      one("Jun  1 00:00:00 gw kernel: [12.3] [UFW BLOCK] IN=eth0 OUT= MAC=00 SRC=192.0.2.1 "
          "DST=192.0.2.2 LEN=40 PROTO=TCP SPT=40000 DPT=22 SYN URGP=0");
  EXPECT_EQ(event.log_source, "linux|firewall|syslog");
  EXPECT_EQ(event.text("src_ip"), "192.0.2.1");
  EXPECT_EQ(event.text("dst_ip"), "192.0.2.2");
  EXPECT_EQ(event.text("src_port"), "40000");
  EXPECT_EQ(event.text("dst_port"), "22");
  EXPECT_EQ(event.text("action"), "block");
  EXPECT_EQ(event.text("Computer"), "gw");
}

TEST_F(TextLines, CiscoLines) {
  const DecodedEvent event =
      one("172.16.5.10 6705: Feb 17 13:40:03.673: %PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged "
          "command:no access-session port-control");
  EXPECT_EQ(event.log_source, "cisco||aaa syslog");
  EXPECT_EQ(event.text("host"), "172.16.5.10");
  EXPECT_EQ(event.time, "2022-02-17T13:40:03.673Z");
  EXPECT_EQ(event.text("cisco.facility"), "PARSER");
  EXPECT_EQ(one("<189>55: *Feb  1 00:00:01 UTC: %BGP-5-ADJCHANGE: neighbor").log_source,
            "cisco||aaa bgp syslog");
  // A percent sign alone is nothing.
  EXPECT_EQ(one("load 95%-x: y").log_source, "||");
}

TEST_F(TextLines, JsonInSyslogIsOpened) {
  const DecodedEvent event =
      one("Jun  1 00:00:00 h app: {\"eventVersion\":\"1\",\"eventSource\":\"s3\",\"eventName\":"
          "\"Get\",\"sourceIPAddress\":\"192.0.2.9\"}");
  EXPECT_EQ(event.log_source, "aws||cloudtrail");
  EXPECT_EQ(event.text("src_ip"), "192.0.2.9");
  EXPECT_EQ(event.text("host"), "h");
  EXPECT_EQ(one("Jun  1 00:00:00 h app: {not json}").text("message"), "{not json}");
}

TEST_F(TextLines, RecordsInsideJsonFieldsAreOpened) {
  const DecodedEvent azure = one(
      R"({"Computer":"U5","EventTime":"2022-05-11T18:10:21Z","HostName":"U5","SyslogMessage":"type=EXECVE msg=audit(1652292621.986:8): argc=1 a0=\"id\"","ProcessName":"audispd"})");
  EXPECT_EQ(azure.log_source, "linux|process_creation|auditd");
  EXPECT_EQ(azure.text("CommandLine"), "id");
  EXPECT_EQ(azure.text("Computer"), "U5");
  const DecodedEvent sshd = one(
      R"({"Computer":"U5","EventTime":"2022-05-11T18:10:21Z","SyslogMessage":"Failed password","ProcessName":"sshd"})");
  EXPECT_EQ(sshd.log_source, "linux||auth sshd syslog");
  EXPECT_EQ(sshd.text("message"), "Failed password");
  const DecodedEvent broken =
      one(R"({"Computer":"U5","SyslogMessage":"<Event><System>","ProcessName":"sysmon"})");
  EXPECT_EQ(broken.text("message"), "<Event><System>");
  const DecodedEvent journal = one(
      R"({"__REALTIME_TIMESTAMP":"1652292621000000","MESSAGE":"session opened","SYSLOG_IDENTIFIER":"su","_HOSTNAME":"h"})");
  EXPECT_EQ(journal.log_source, "linux||auth syslog");
  EXPECT_EQ(journal.time, "2022-05-11T18:10:21.000Z");
}

}  // namespace
}  // namespace catena
