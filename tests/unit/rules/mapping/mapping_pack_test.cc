// SPDX-License-Identifier: Apache-2.0
#include "rules/mapping/mapping_pack.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/codec/decoder.h"
#include "tests/support/decoding.h"

namespace catena::mapping {
namespace {

using normalise::MappingDefinition;
using tests::DecodedEvent;
using tests::Decoding;

std::string failure(const std::string& text) {
  MappingDefinition definition;
  const Status status = load_mapping(text, "p.yml", definition);
  return status.ok() ? "ok" : status.message();
}

TEST(MappingPack, ReadsEveryPartOfAShape) {
  MappingDefinition definition;
  const Status status = load_mapping(
      "mapping: 1\n"
      "shapes:\n"
      "  - name: s\n"
      "    formats: [json, event_xml]\n"
      "    when: {all: [a], any: b, none: [c, d]}\n"
      "    strip_prefix: p.\n"
      "    strip_suffix: [_s]\n"
      "    fields: {x: X, y: [Y, Z]}\n"
      "    time:\n"
      "      - t\n"
      "      - {path: u, source: header}\n"
      "      - {path: v, zone: {local: l, utc: w}}\n"
      "    embedded: [m]\n"
      "    aliases: {T: [A, B]}\n"
      "    log_sources: t\n",
      "p.yml", definition);
  ASSERT_TRUE(status.ok()) << status.message();
  ASSERT_EQ(definition.shapes.size(), 1U);
  const normalise::Shape& shape = definition.shapes[0];
  EXPECT_EQ(shape.formats,
            (std::vector{normalise::RecordFormat::kJson, normalise::RecordFormat::kEventXml}));
  EXPECT_EQ(shape.when_any, std::vector<std::string>{"b"});
  EXPECT_EQ(shape.when_none.size(), 2U);
  EXPECT_EQ(shape.strip_prefixes, std::vector<std::string>{"p."});
  ASSERT_EQ(shape.renames.size(), 2U);
  EXPECT_EQ(shape.renames[1].fields, (std::vector<std::string>{"Y", "Z"}));
  ASSERT_EQ(shape.times.size(), 3U);
  EXPECT_EQ(shape.times[0].source, TimeSource::kEventField);
  EXPECT_EQ(shape.times[1].source, TimeSource::kHeader);
  EXPECT_EQ(shape.times[2].zone_utc, "w");
  EXPECT_EQ(shape.aliases[0].sources.size(), 2U);
  EXPECT_EQ(shape.log_sources, "t");
}

TEST(MappingPack, ReadsTablesAndLetsPacksAddToThem) {
  MappingDefinition definition;
  ASSERT_TRUE(
      load_mapping("mapping: 1\nlog_sources:\n  - name: t\n    product: p\n    by: [a]\n"
                   "    entries:\n      - when: {a: 1, \"b|contains\": [x], \"c|exists\": true}\n"
                   "        categories: c\n        services: [s]\n        product: q\n"
                   "        moves: {F: G}\n        aliases: {H: I}\n",
                   "1.yml", definition)
          .ok());
  ASSERT_TRUE(
      load_mapping("mapping: 1\nlog_sources:\n  - name: t\n    entries:\n      - services: x\n",
                   "2.yml", definition)
          .ok());
  ASSERT_EQ(definition.tables.size(), 1U);
  ASSERT_EQ(definition.tables[0].entries.size(), 2U);
  const normalise::LogSourceEntry& entry = definition.tables[0].entries[0];
  ASSERT_EQ(entry.when.size(), 3U);
  EXPECT_EQ(entry.when[1].op, normalise::Condition::Operator::kContains);
  EXPECT_EQ(entry.when[2].op, normalise::Condition::Operator::kExists);
  EXPECT_EQ(entry.moves[0].second, "G");
}

TEST(MappingPack, ErrorsHaveTheirPlace) {
  EXPECT_EQ(failure("mapping: 2\n"), "p.yml:1:10: this program reads mapping schema 1");
  EXPECT_EQ(failure("mapping: 1\nshapes:\n  - name: s\n    formats: [yaml]\n"),
            "p.yml:4:14: unknown format 'yaml'");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"shapes: []\n", "mapping"},
      {"mapping: 1\nextra: 1\n", "extra"},
      {"mapping: 1\nshapes:\n  - formats: [json]\n", "name"},
      {"mapping: 1\nshapes:\n  - {name: s, nonsense: 1}\n", "nonsense"},
      {"mapping: 1\nshapes:\n  - name: s\n  - name: s\n", "second shape"},
      {"mapping: 1\nshapes:\n  - name: s\n    fields: {a: {b: c}}\n", "text"},
      {"mapping: 1\nshapes:\n  - name: s\n    fields: {a: \"\"}\n", "nothing"},
      {"mapping: 1\nshapes:\n  - name: s\n    time: [{path: a, source: x}]\n",
       "'event' or 'header'"},
      {"mapping: 1\nshapes:\n  - name: s\n    when: {some: [a]}\n", "some"},
      {"mapping: 1\nlog_sources:\n  - name: t\n", "entries"},
      {"mapping: 1\nlog_sources:\n  - {name: t, by: [a, b, c, d], entries: []}\n", "3 key fields"},
      {"mapping: 1\nlog_sources:\n  - {name: t, entries: [{when: {\"a|re\": x}}]}\n", "'re'"},
      {"mapping: 1\nlog_sources:\n  - {name: t, entries: [{when: {\"a|exists\": false}}]}\n",
       "true"},
      {"mapping: 1\nlog_sources:\n  - {name: t, entries: []}\n  - {name: t, by: a, entries: []}\n",
       "begun elsewhere"},
      {"mapping: 1\nshapes:\n  - name: " + std::string(600, 'n') + "\n", "512 bytes"},
      {"not: [yaml", "p.yml:"},
  };
  for (const auto& [text, expected] : cases) {
    const std::string message = failure(text);
    EXPECT_NE(message.find(expected), std::string::npos) << text << "\n-> " << message;
    EXPECT_EQ(message.substr(0, 6), "p.yml:") << message;
  }
}

// The packs that the program carries.
class Packs : public testing::Test {
 protected:
  Decoding decoding_{{"Data", "Initiated", "Hashes", "Threat Name", "param1", "EventType",
                      "eventType", "requestParameters", "requestParameters.bucketName",
                      "ScriptBlockText", "Payload", "ContextInfo", "Provider_Name", "NewProcessId",
                      "Security_UserID", "process.command_line", "gcp.audit.method_name",
                      "properties.message"}};
  DecodedEvent one(std::string_view text) { return decoding_.one(text); }
};

TEST_F(Packs, EverySysmonEventHasItsCategory) {
  const std::vector<std::pair<int, std::string>> expected = {
      {1, "process_creation"},
      {2, "file_change"},
      {3, "network_connection"},
      {4, "sysmon_status"},
      {5, "process_termination"},
      {6, "driver_load"},
      {7, "image_load"},
      {8, "create_remote_thread"},
      {9, "raw_access_thread"},
      {10, "process_access"},
      {11, "file_event"},
      {12, "registry_event"},
      {13, "registry_event registry_set"},
      {14, "registry_event registry_rename"},
      {15, "create_stream_hash"},
      {16, "sysmon_status"},
      {17, "pipe_created"},
      {18, "pipe_created"},
      {19, "wmi_event"},
      {20, "wmi_event"},
      {21, "wmi_event"},
      {22, "dns_query"},
      {23, "file_delete"},
      {24, "clipboard_capture clipboard_change"},
      {25, "process_tampering"},
      {26, "file_delete file_delete_detected"},
      {27, "file_block_executable"},
      {28, "file_block_shredding"},
      {29, "file_executable_detected"},
      {255, "sysmon_error"}};
  for (const auto& [id, category] : expected) {
    const std::string record =
        "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":" + std::to_string(id) +
        ",\"Hostname\":\"h\"}";
    EXPECT_EQ(one(record).log_source, "windows|" + category + "|sysmon") << id;
  }
  const auto registry = [&](const std::string& type) {
    return one("{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":\"12\","
               "\"EventType\":\"" +
               type + "\"}")
        .log_source;
  };
  EXPECT_EQ(registry("CreateKey"), "windows|registry_add registry_event|sysmon");
  EXPECT_EQ(registry("DeleteKey"), "windows|registry_delete registry_event|sysmon");
  EXPECT_EQ(registry("DeleteValue"), "windows|registry_delete registry_event|sysmon");
}

TEST_F(Packs, PowerShellAndDefender) {
  const auto source = [&](const char* channel, int id) {
    return one(std::string("{\"Channel\":\"") + channel + "\",\"EventID\":" + std::to_string(id) +
               ",\"Message\":\"HostApplication=x\",\"Threat Name\":\"T\",\"Path\":\"P\"}");
  };
  EXPECT_EQ(source("Windows PowerShell", 400).log_source,
            "windows|ps_classic_start|powershell-classic");
  EXPECT_EQ(source("Windows PowerShell", 400).text("Data"), "HostApplication=x");
  EXPECT_EQ(source("Windows PowerShell", 600).log_source,
            "windows|ps_classic_provider_start|powershell-classic");
  EXPECT_EQ(source("Windows PowerShell", 800).log_source,
            "windows|ps_classic_script|powershell-classic");
  EXPECT_EQ(source("Microsoft-Windows-PowerShell/Operational", 4103).log_source,
            "windows|ps_module|powershell");
  EXPECT_EQ(source("PowerShellCore/Operational", 4104).log_source, "windows|ps_script|powershell");
  const DecodedEvent defender = source("Microsoft-Windows-Windows Defender/Operational", 1116);
  EXPECT_EQ(defender.log_source, "windows|antivirus|windefend");
  EXPECT_EQ(defender.text("Signature"), "T");
  EXPECT_EQ(defender.text("Filename"), "P");
  EXPECT_EQ(source("security", 4624).log_source, "windows||security");
  EXPECT_EQ(source("Microsoft-Windows-Bits-Client/Operational", 3).log_source,
            "windows||bits-client");
  EXPECT_EQ(source("No Such Channel", 3).log_source, "windows||");
}

TEST_F(Packs, Security4688IsAProcessCreation) {
  const DecodedEvent event = one(
      R"({"Channel":"Security","EventID":4688,"Hostname":"h","NewProcessName":"C:\\a.exe","ParentProcessName":"C:\\b.exe","NewProcessId":"0x73c","ProcessId":"0x1d20","CommandLine":"a /x","SubjectUserName":"bob","SubjectLogonId":"0x3e7","MandatoryLabel":"S-1-16-12288"})");
  EXPECT_EQ(event.log_source, "windows|process_creation|security");
  EXPECT_EQ(event.text("Image"), "C:\\a.exe");
  EXPECT_EQ(event.text("ParentImage"), "C:\\b.exe");
  EXPECT_EQ(event.text("ProcessId"), "0x73c");
  EXPECT_EQ(event.text("NewProcessId"), "0x73c");
  EXPECT_EQ(event.text("ParentProcessId"), "0x1d20");
  EXPECT_EQ(event.text("User"), "bob");
  EXPECT_EQ(event.text("LogonId"), "0x3e7");
  EXPECT_EQ(event.text("IntegrityLevel"), "S-1-16-12288");
}

TEST_F(Packs, OneWindowsRecordInEveryShape) {
  const std::vector<std::string> shapes = {
      R"({"Event":{"#attributes":{"xmlns":"x"},"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},"EventID":1,"TimeCreated":{"#attributes":{"SystemTime":"2022-01-02T03:04:05.678Z"}},"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"pc1","Security":{"#attributes":{"UserID":"S-1"}}},"EventData":{"Image":"C:\\a.exe","Hashes":"MD5=1"}}})",
      R"({"@timestamp":"2022-01-02T03:04:05.678Z","winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","event_id":"1","provider_name":"Microsoft-Windows-Sysmon","computer_name":"pc1","event_data":{"Image":"C:\\a.exe","Hashes":"MD5=1"}}})",
      R"({"@timestamp":"2022-01-02T03:04:05.678Z","winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","provider_name":"Microsoft-Windows-Sysmon","event_data":{"Hashes":"MD5=1"}},"event":{"code":1},"host":{"name":"pc1"},"process":{"executable":"C:\\a.exe"}})",
      R"({"@timestamp":"2022-01-02T03:04:05.678Z","log_name":"Microsoft-Windows-Sysmon/Operational","event_id":1,"source_name":"Microsoft-Windows-Sysmon","computer_name":"pc1","event_data":{"Image":"C:\\a.exe","Hashes":"MD5=1"}})",
      R"({"TenantId":"t","TimeGenerated":"2022-01-02T03:04:05.678Z","Provider":"Microsoft-Windows-Sysmon","Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"pc1","EventID":1,"EventData":"{\"Image\":\"C:\\\\a.exe\",\"Hashes\":\"MD5=1\"}"})",
      R"({"TenantId":"t","TimeGenerated":"2022-01-02T03:04:05.678Z","EventSourceName":"Microsoft-Windows-Sysmon","Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"pc1","EventID":1,"EventData":"<EventData xmlns=\"u\">\r\n <Data Name=\"Image\">C:\\a.exe</Data><Data Name=\"Hashes\">MD5=1</Data></EventData>"})",
      R"({"EventReceivedTime":"2022-01-01 22:04:07","EventTime":"2022-01-01 22:04:05","@timestamp":"2022-01-02T03:04:07.5Z","UtcTime":"2022-01-02 03:04:05.678","Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"SourceName":"Microsoft-Windows-Sysmon","Hostname":"pc1","Image":"C:\\a.exe","Hashes":"MD5=1"})",
      R"({"TimeCreated":"2022-01-02T03:04:05.678Z","Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"SourceName":"Microsoft-Windows-Sysmon","Hostname":"pc1","Image":"C:\\a.exe","Hashes":"MD5=1"})",
      R"(<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID><TimeCreated SystemTime='2022-01-02T03:04:05.678Z'/><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>pc1</Computer></System><EventData><Data Name='Image'>C:\a.exe</Data><Data Name='Hashes'>MD5=1</Data></EventData></Event>)",
  };
  for (const std::string& shape : shapes) {
    const DecodedEvent event = one(shape);
    EXPECT_EQ(event.log_source, "windows|process_creation|sysmon") << shape;
    EXPECT_EQ(event.text("Image"), "C:\\a.exe") << shape;
    EXPECT_EQ(event.text("Hashes"), "MD5=1") << shape;
    EXPECT_EQ(event.text("Computer"), "pc1") << shape;
    EXPECT_EQ(event.text("EventID"), "1") << shape;
    EXPECT_EQ(event.text("Provider_Name"), "Microsoft-Windows-Sysmon") << shape;
    EXPECT_EQ(event.time, "2022-01-02T03:04:05.678Z") << shape;
    EXPECT_EQ(event.time_source, TimeSource::kEventField) << shape;
  }
}

TEST_F(Packs, NxlogTimesGetTheirZone) {
  const DecodedEvent event = one(
      R"({"EventReceivedTime":"2020-09-04 03:08:05","EventTime":"2020-09-04 03:07:19","@timestamp":"2020-09-04T07:08:05.048Z","Channel":"System","EventID":1,"Hostname":"h"})");
  EXPECT_EQ(event.time, "2020-09-04T07:07:19.000Z");
  EXPECT_EQ(event.time_source, TimeSource::kEventField);
}

TEST_F(Packs, UnnamedValuesAreData) {
  EXPECT_EQ(
      one(R"({"log_name":"Windows PowerShell","event_id":400,"event_data":{"param1":"Available","param3":"HostApplication=x"},"message":"m"})")
          .text("Data"),
      "Available|HostApplication=x");
  EXPECT_EQ(
      one(R"({"Event":{"System":{"EventID":{"#text":400,"#attributes":{"Qualifiers":0}},"Channel":"Windows PowerShell"},"EventData":{"Data":["a","b"],"Binary":null}}})")
          .text("Data"),
      "a|b");
  EXPECT_EQ(
      one(R"({"Event":{"System":{"EventID":{"#text":400},"Channel":"Windows PowerShell"},"EventData":{"Data":{"#text":["a","b"]}}}})")
          .log_source,
      "windows|ps_classic_start|powershell-classic");
}

TEST_F(Packs, CloudTrailKeepsItsNames) {
  const auto decoded = decoding_.decode(
      R"({"Records":[{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"PutBucketPolicy","eventTime":"2022-01-02T03:04:05Z","userIdentity":{"arn":"arn:x"},"sourceIPAddress":"192.0.2.1","requestParameters":{"bucketName":"b"}},{"eventVersion":"1","eventSource":"iam","eventName":"x"}]})");
  ASSERT_EQ(decoded.events.size(), 2U);
  const DecodedEvent& event = decoded.events[0];
  EXPECT_EQ(event.log_source, "aws||cloudtrail");
  EXPECT_EQ(event.text("userIdentity.arn"), "arn:x");
  EXPECT_EQ(event.text("requestParameters"), R"({"bucketName":"b"})");
  EXPECT_EQ(event.text("requestParameters.bucketName"), "b");
  EXPECT_EQ(event.text("src_ip"), "192.0.2.1");
  EXPECT_EQ(event.time, "2022-01-02T03:04:05.000Z");
}

TEST_F(Packs, OtherProductsAreToldByTheirKeys) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"eventType":"user.session.start","published":"2022-01-02T03:04:05Z","actor":{"id":"1"}})",
       "okta||okta"},
      {R"({"action":"repo.destroy","actor":"a","org":"o","@timestamp":1641092645000})",
       "github||audit"},
      {R"({"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","verb":"create","objectRef":{"resource":"pods"}})",
       "kubernetes|application|audit"},
      {R"({"_path":"dns","ts":1641092645.5,"query":"q","id.orig_h":"192.0.2.1"})", "zeek|dns|dns"},
      {R"({"time":"2022-01-02T03:04:05Z","operationName":"Add user","category":"AuditLogs"})",
       "azure||auditlogs"},
      {R"({"time":"2022-01-02T03:04:05Z","operationName":"x","category":"SignInLogs"})",
       "azure||signinlogs"},
      {R"({"Type":"AzureActivity","TenantId":"t","OperationName":"x"})", "azure||activitylogs"},
      {R"({"Operation":"MailItemsAccessed","OfficeWorkload":"Exchange","TenantId":"t"})",
       "m365||audit exchange"},
      {R"({"protoPayload":{"methodName":"m","serviceName":"compute.googleapis.com"}})",
       "gcp||gcp.audit"},
      {R"({"auditType":{"action":"a","category":"c"}})", "bitbucket||audit"},
      {R"({"logtype":3000,"node_id":"n"})", "opencanary|application|"},
      {R"({"event":{"category":["process"],"type":["start"]},"host":{"os":{"type":"linux"}},"process":{"command_line":"x"}})",
       "linux|process_creation|"},
      {R"({"event":{"category":"process","type":"end"},"host":{"os":{"type":"macos"}}})",
       "macos||"},
      {R"({"event":{"category":"network"},"host":{"os":{"type":"linux"}}})",
       "linux|network_connection|"},
      {R"({"anything":"else"})", "||"},
  };
  for (const auto& [record, expected] : cases)
    EXPECT_EQ(one(record).log_source, expected) << record;
  EXPECT_EQ(one(R"({"protoPayload":{"methodName":"m"}})").text("gcp.audit.method_name"), "m");
}

TEST_F(Packs, GenericJsonStillHasTimeAndHost) {
  const DecodedEvent event = one(R"({"hostname":"h","time":1641092645.25,"message":"m"})");
  EXPECT_EQ(event.text("Computer"), "h");
  EXPECT_EQ(event.time, "2022-01-02T03:04:05.250Z");
}

std::filesystem::path shared_folder() {
  if (const char* set = std::getenv("CATENA_SHARED")) return set;
  return std::filesystem::path(CATENA_SOURCE_DIR) / "../shared";
}

TEST(SharedRecords, EveryRegressionDocumentIsAWindowsEvent) {
  const std::filesystem::path folder = shared_folder() / "sigma/regression_data";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no " << folder;
  Decoding decoding;
  std::size_t events = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".json" && extension != ".jsoncls" && extension != ".raw") continue;
    const auto decoded = decoding.decode(tests::read_text(entry.path()));
    EXPECT_TRUE(decoded.letters.empty()) << entry.path();
    EXPECT_FALSE(decoded.events.empty()) << entry.path();
    for (const DecodedEvent& event : decoded.events) {
      ++events;
      const bool raw = extension == ".raw";
      EXPECT_EQ(event.log_source.substr(0, 7), raw ? "cisco||" : "windows") << entry.path();
      EXPECT_EQ(event.time_source, TimeSource::kEventField) << entry.path();
      EXPECT_NE(event.text("Computer"), "<none>") << entry.path();
    }
  }
  EXPECT_EQ(events, 240U);
}

}  // namespace
}  // namespace catena::mapping
