// SPDX-License-Identifier: Apache-2.0
// A decoder that remembers outlines (connectors/codec/outline_table.h) against one that does not:
// the same bytes give the same events and dead letters, with the same fields, log sources and
// times. The lines are drawn from a few templates, so that their outlines become known, and then
// damaged now and then.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/codec/decoder.h"
#include "connectors/codec/outline_table.h"
#include "engine/app/content.h"
#include "engine/event/event_batch.h"
#include "tests/support/choices.h"

namespace catena::test {
namespace {

const app::Content& content() {
  static const std::unique_ptr<app::Content> kContent = [] {
    auto loaded = app::Content::load({});
    return *std::move(loaded);
  }();
  return *kContent;
}

std::string describe(const EventOrigin& origin) {
  return std::to_string(origin.line) + "@" + std::to_string(origin.offset);
}

// All that somebody behind the decoder can see of an event.
std::string describe(const Event& event, Arena& arena) {
  std::string out = describe(event.origin) + " source " + std::to_string(event.log_source) +
                    " time " + std::to_string(event.time) + "/" +
                    std::to_string(static_cast<int>(event.time_source)) + " flags " +
                    std::to_string(event.flags) + (event.raw_holds_values ? " raw" : "") + " [" +
                    std::string(event.raw) + "]";
  for (const Field& field : event.fields) {
    out += "\n  " + std::string(content().fields.name(field.id)) + "#" + std::to_string(field.id) +
           "/" + std::to_string(static_cast<int>(field.kind)) + "=" +
           std::string(plain_text(field, arena));
  }
  return out;
}

std::vector<std::string> describe(EventBatch& batch) {
  std::vector<std::string> out;
  for (const Event& event : batch.events) out.push_back(describe(event, batch.arena));
  for (const DeadLetter& letter : batch.dead_letters) {
    out.push_back(describe(letter.origin) + " " +
                  std::string(dead_letter_reason_name(letter.reason)) + " " +
                  std::string(letter.excerpt));
  }
  return out;
}

class Twins {
 public:
  Twins()
      : known_(*content().mapping, content().fields),
        plain_(*content().mapping, content().fields, without_outlines()) {}

  // "" when both decoders say the same of the bytes.
  std::string compare(const std::string& bytes) {
    const auto with = decode(known_, bytes);
    const auto without = decode(plain_, bytes);
    if (with.size() != without.size()) return "another number of records";
    for (std::size_t i = 0; i < with.size(); ++i) {
      if (with[i] != without[i]) return with[i] + "\nwithout outlines: " + without[i];
    }
    return "";
  }

 private:
  static codec::DecoderOptions without_outlines() {
    codec::DecoderOptions options;
    options.learn_outlines = false;
    return options;
  }
  std::vector<std::string> decode(codec::Decoder& decoder, const std::string& bytes) {
    batch_.clear();
    // Exactly the bytes that may be read, so that one more is found.
    batch_.bytes = std::string();
    batch_.bytes.reserve(bytes.size() + EventBatch::kPadding);
    batch_.bytes = bytes;
    batch_.bytes.append(EventBatch::kPadding, '"');
    batch_.size = bytes.size();
    decoder.decode(batch_);
    return describe(batch_);
  }

  codec::Decoder known_;
  codec::Decoder plain_;
  EventBatch batch_;
};

// A template: what a line holds, with a hole for each value.
class Template {
 public:
  explicit Template(Choices& choices) : choices_(choices) {
    open_object(0);
    if (choices.once_in(6)) blank_ = " ";
  }

  // A line of the template, with other values.
  std::string line() {
    std::string out;
    for (const std::string& piece : pieces_) {
      if (!out.empty()) out += hole();
      out += piece;
    }
    return out;
  }

 private:
  std::string pick(const std::vector<std::string>& from) {
    return from[choices_.pick(static_cast<std::uint32_t>(from.size()))];
  }
  std::string key() {
    return pick({"EventID",
                 "Channel",
                 "SourceName",
                 "Image",
                 "CommandLine",
                 "UtcTime",
                 "@timestamp",
                 "TimeCreated",
                 "Hostname",
                 "Computer",
                 "User",
                 "message",
                 "MESSAGE",
                 "EventData",
                 "winlog",
                 "event_data",
                 "event_id",
                 "channel",
                 "host",
                 "name",
                 "Threat Name",
                 "ThreatName",
                 "a",
                 "b",
                 "caf\u00E9",
                 "k\\u0061",
                 "q\\\"q",
                 "Keywords",
                 "Provider",
                 "NewProcessName",
                 "ProcessCommandLine",
                 "EventType",
                 "Message",
                 "Event",
                 "System",
                 "SubjectUserName",
                 "eventSource",
                 "eventName",
                 "log_name",
                 "x",
                 "SyslogMessage"});
  }
  void add(const std::string& text) { piece_ += text; }
  void hole_here() {
    pieces_.push_back(piece_);
    piece_.clear();
  }
  void value(int depth) {
    const std::uint32_t kind = choices_.pick(depth < 4 ? 12 : 9);
    if (kind < 9) {
      hole_here();
    } else if (kind == 9) {
      add("[");
      for (std::uint32_t left = choices_.pick(4); left > 0; --left) {
        value(depth + 1);
        if (left > 1) add(",");
      }
      add("]");
    } else {
      open_object(depth + 1);
    }
  }
  void open_object(int depth) {
    add("{");
    const std::uint32_t members = choices_.pick(depth == 0 ? 12 : 4);
    for (std::uint32_t i = 0; i < members; ++i) {
      add((i > 0 ? "," + blank_ : std::string()) + "\"" + key() + "\":" + blank_);
      value(depth);
    }
    add("}");
    if (depth == 0) hole_at_end();
  }
  void hole_at_end() {
    pieces_.push_back(piece_);
    piece_.clear();
  }
  // A value: mostly a string, so that outlines repeat.
  std::string hole() {
    switch (choices_.pick(8)) {
      case 0:
        return pick({"1", "4688", "10", "0", "-1.5e3", "true", "false", "null", "4104",
                     "1599204585", "12345678901234567890"});
      case 1:
        return pick({"01", "-", "tru", "1x", "nullx", "\"a\" 1", "\"\\x\"", "\"\\u12\"", "\"\x01\"",
                     "\"\t\"", "[", "}", "\"", "\"\xff\xfe\"", "\"\xC3\"", "\"\\ud800\"", "{}",
                     "\"\\"});
      default:
        return "\"" + text() + "\"";
    }
  }
  std::string text() {
    static const std::string kLong(200, 'x');
    return pick({"",
                 "-",
                 "x",
                 "1",
                 "4688",
                 "Security",
                 "Microsoft-Windows-Sysmon/Operational",
                 "Microsoft-Windows-Sysmon",
                 "C:\\\\Windows\\\\System32\\\\cmd.exe",
                 "a\\r\\nb\\t",
                 "2020-09-04T07:29:45.114Z",
                 "2020-09-04 07:29:45.114",
                 "\\\"quoted\\\"",
                 "caf\u00E9",
                 "\\u00e9\\u0041",
                 "\\ud83d\\ude00",
                 "SetValue",
                 "DeleteKey",
                 kLong,
                 kLong + "\\\\",
                 "{\\\"EventID\\\":1,\\\"Image\\\":\\\"x\\\"}",
                 "<EventData/>",
                 "type=SYSCALL msg=audit(1.2:3): syscall=59",
                 "\\/",
                 "\\\\\\\\",
                 "s3.amazonaws.com",
                 "\xE2\x82\xAC",
                 std::string(63, 'y'),
                 std::string(64, 'z'),
                 "PowerShell"});
  }

  Choices& choices_;
  std::vector<std::string> pieces_;
  std::string piece_;
  std::string blank_;
};

// A record as Windows collectors write it: its shape, its channel and its number are those that the
// mapping has log sources, aliases and moves for; the other fields come and go.
class WindowsTemplate {
 public:
  explicit WindowsTemplate(Choices& choices)
      : choices_(choices), collector_(choices.pick(4)), fields_(choices.pick(1U << kFields)) {
    for (std::uint32_t& rest : others_) rest = choices.pick(6);
  }

  std::string line() {
    switch (collector_) {
      case 0:
        return "{\"EventReceivedTime\":\"2020-09-04 09:29:46\",\"EventTime\":\"" + time() +
               "\",\"@timestamp\":\"2020-09-04T07:29:46Z\"," + system("SourceName", "Hostname") +
               data() + "}";
      case 1:
        return "{\"winlog\":{" + system("provider_name", "computer_name", "channel", "event_id") +
               ",\"event_data\":{\"UtcTime\":\"" + time() + "\"" + data() + "}},\"@timestamp\":\"" +
               time() + "\",\"process\":{\"executable\":" + value() + "},\"message\":" + value() +
               ",\"host\":{\"name\":" + value() + "}}";
      case 2:
        return "{\"Event\":{\"System\":{" + system("Provider", "Computer") +
               "},\"EventData\":{\"UtcTime\":\"" + time() + "\"" + data() + "}}}";
      default:
        return "{" + system("SourceName", "Hostname") + ",\"UtcTime\":\"" + time() +
               "\",\"TimeCreated\":\"" + time() + "\"" + data() + "}";
    }
  }

 private:
  static constexpr std::uint32_t kFields = 12;

  std::string pick(const std::vector<std::string>& from) {
    return from[choices_.pick(static_cast<std::uint32_t>(from.size()))];
  }
  std::string value() {
    return "\"" +
           pick({"", "-", "x", "C:\\\\a.exe", "0x1f4", "SetValue", "CreateKey", "a\\n", "\\u00e9",
                 "10.0.0.1", "-Command whoami", "HKLM\\\\Software", "Security", "caf\u00E9"}) +
           "\"";
  }
  std::string time() {
    return pick({"2020-09-04 07:29:45.114", "2020-09-04T07:29:45.114Z", "2020-09-04 09:29:45", "-",
                 "2020-09-31T00:00:00Z", ""});
  }
  std::string system(const char* provider, const char* computer, const char* channel = "Channel",
                     const char* number = "EventID") {
    const std::string quote = choices_.once_in(12) ? "\"" : "";
    return "\"" + std::string(channel) + "\":\"" +
           pick({"Security", "System", "Microsoft-Windows-Sysmon\\/Operational",
                 "Microsoft-Windows-Sysmon/Operational", "Windows PowerShell", "Application",
                 "Microsoft-Windows-PowerShell/Operational", "unheard of"}) +
           "\",\"" + number + "\":" + quote +
           pick({"1", "3", "4", "7", "10", "11", "12", "13", "400", "800", "4103", "4104", "4624",
                 "4688", "4689", "5145", "5156", "7045"}) +
           quote + ",\"" + provider + "\":" + value() + ",\"" + computer + "\":" + value();
  }
  std::string data() {
    static const char* const kNames[kFields] = {
        "Image",           "NewProcessName", "ProcessId",      "NewProcessId",
        "CommandLine",     "EventType",      "TargetObject",   "ParentProcessName",
        "ParentProcessId", "Data",           "TargetUserName", "IpAddress"};
    std::string out;
    for (std::uint32_t i = 0; i < kFields; ++i) {
      if ((fields_ >> i & 1U) != 0) out += ",\"" + std::string(kNames[i]) + "\":" + value();
    }
    for (const std::uint32_t rest : others_)
      out += ",\"other" + std::to_string(rest) + "\":" + value();
    return out;
  }

  Choices& choices_;
  std::uint32_t collector_;
  std::uint32_t fields_;
  std::uint32_t others_[2]{};
};

TEST(OutlineTwin, AgreesOnWindowsRecords) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    SeededChoices choices(seed);
    Twins twins;
    std::vector<WindowsTemplate> templates;
    for (int i = 0; i < 10; ++i) templates.emplace_back(choices);
    for (int round = 0; round < 12; ++round) {
      std::string bytes;
      for (int i = 0; i < 40; ++i) bytes += templates[choices.pick(10)].line() + "\n";
      ASSERT_EQ(twins.compare(bytes), "") << "seed " << seed << " round " << round;
    }
  }
}

// Damages that leave the rest of the bytes as they are.
std::string damaged(std::string line, Choices& choices) {
  if (line.empty()) return line;
  const std::size_t at = choices.pick(static_cast<std::uint32_t>(line.size()));
  switch (choices.pick(5)) {
    case 0:
      return line.substr(0, at);
    case 1:
      line.erase(at, 1);
      return line;
    case 2:
      line[at] = static_cast<char>(choices.pick(256));
      return line;
    case 3:
      return line.insert(at, 1, "\"\\{}[],: \n\x80"[choices.pick(11)]);
    default:
      return line + line;
  }
}

TEST(OutlineTwin, AgreesOnRandomLines) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    SeededChoices choices(seed);
    Twins twins;
    std::vector<Template> templates;
    for (int i = 0; i < 12; ++i) templates.emplace_back(choices);
    for (int round = 0; round < 12; ++round) {
      std::string bytes;
      for (int i = 0; i < 40; ++i) {
        std::string line = templates[choices.pick(12)].line();
        if (choices.once_in(12)) line = damaged(std::move(line), choices);
        bytes += line;
        if (choices.once_in(10)) bytes += choices.once_in(2) ? "\r" : "  ";
        if (i < 39 || choices.once_in(2)) bytes += '\n';
      }
      ASSERT_EQ(twins.compare(bytes), "") << "seed " << seed << " round " << round << "\n" << bytes;
    }
  }
}

TEST(OutlineTwin, AgreesOnEveryTruncation) {
  Twins twins;
  const std::string line =
      R"({"Channel":"Security","EventID":4688,"a":[1,"x\\",{"b":null}],"caf\u00e9":"\"","c":true} )";
  for (int i = 0; i < 4; ++i) ASSERT_EQ(twins.compare(line + "\n" + line), "");
  for (std::size_t size = 0; size <= line.size(); ++size) {
    ASSERT_EQ(twins.compare(line.substr(0, size)), "") << size;
    ASSERT_EQ(twins.compare(line.substr(0, size) + "\n" + line), "") << size;
  }
}

// One bad byte anywhere costs its own line alone.
TEST(OutlineTwin, OneBadByteSpoilsOnlyItsLine) {
  Twins twins;
  const std::string line =
      R"({"Channel":"Security","EventID":4688,"Computer":"h","NewProcessName":"C:\\a.exe"})";
  const std::string before = line + "\n" + line + "\n";
  for (std::size_t at = 0; at < line.size(); ++at) {
    for (const char c : {'\x00', '\x01', '"', '\\', '{', '}', ',', '\x80', '\xFF', 'x'}) {
      std::string bad = line;
      bad[at] = c;
      ASSERT_EQ(twins.compare(before + bad + "\n" + line), "") << at << " " << bad;
    }
  }
}

TEST(OutlineTwin, AgreesOnLongLinesAndValues) {
  Twins twins;
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{62}, std::size_t{63}, std::size_t{64}, std::size_t{65},
        std::size_t{4096}, codec::kMaxComparedLine - 40, codec::kMaxComparedLine - 30,
        codec::kMaxComparedLine - 20, codec::kMaxComparedLine, codec::kMaxComparedLine + 100}) {
    const std::string line = "{\"a\":\"" + std::string(size, 'x') + "\",\"Image\":\"" +
                             std::string(size % 67, '/') + "\"}";
    for (const char* end : {"", "\n", "\r\n", "\n{\"a\":\"b\",\"Image\":\"c\"}"}) {
      for (int i = 0; i < 3; ++i) ASSERT_EQ(twins.compare(line + end), "") << size;
    }
  }
}

// Records with ever new keys: more than the table takes, then one that it knows.
TEST(OutlineTwin, AgreesWhileOutlinesAreForgotten) {
  Twins twins;
  std::size_t next = 0;
  for (int round = 0; round < 60; ++round) {
    std::string bytes;
    for (int i = 0; i < 500; ++i) {
      const std::string line = "{\"Image\":\"a\",\"k" + std::to_string(next++ / 2) + "\":[" +
                               std::to_string(i) + "],\"a\":{\"b\":1}}\n";
      bytes += line;
      if (i % 3 == 0) bytes += "{\"EventID\":1,\"Image\":\"" + std::to_string(i) + "\"}\n";
    }
    ASSERT_EQ(twins.compare(bytes), "") << round;
  }
}

}  // namespace
}  // namespace catena::test
