// SPDX-License-Identifier: Apache-2.0
// JsonWalker against its On-Demand twin: the same documents are refused, and of the others the same
// paths, kinds, texts and flags come out, whatever the walker has learned before and whatever its
// hash seed is.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/codec/json_walker.h"
#include "engine/base/json_escape.h"
#include "engine/event/event.h"
#include "engine/normalise/normalisation_table.h"
#include "tests/support/choices.h"
#include "tests/support/on_demand_walker.h"

namespace catena::test {
namespace {

class Paths {
 public:
  Paths() {
    normalise::MappingDefinition definition;
    normalise::Shape shape;
    shape.name = "json";
    for (std::size_t i = 0; i < normalise::kRecordFormatCount; ++i) {
      shape.formats.push_back(static_cast<normalise::RecordFormat>(i));
    }
    shape.strip_prefixes = {"Event.EventData."};
    shape.embedded = {"message", "in.message"};
    definition.shapes = {shape};
    table_ = *normalise::NormalisationTable::create(std::move(definition));
    for (const std::string& name : known()) fields_.intern(name);
    table_->finish(fields_);
  }

  // Known paths; their steps are keys of the random documents.
  static const std::vector<std::string>& known() {
    static const std::vector<std::string> kNames = {"a",
                                                    "a.b",
                                                    "a.b.c",
                                                    "b",
                                                    "ThreatName",
                                                    "Sevenby",
                                                    "Eight_by",
                                                    "Nine_byte",
                                                    "Fifteen_bytes_k",
                                                    "Sixteen_bytes_ke",
                                                    "Seventeen_bytes_k",
                                                    "EventData.x",
                                                    "Twenty_three_bytes_keys",
                                                    "Twenty_four_bytes_a_keys",
                                                    "Twenty_five_bytes_long_ke",
                                                    "12345678_one_12345678",
                                                    "12345678_two_12345678",
                                                    "caf\u00E9",
                                                    "q\"q",
                                                    "sl/ash",
                                                    ".a"};
    return kNames;
  }
  [[nodiscard]] const normalise::NormalisationTable& table() const { return *table_; }

 private:
  FieldCatalog fields_;
  std::unique_ptr<normalise::NormalisationTable> table_;
};

bool is_limit(DeadLetterReason reason) {
  return reason == DeadLetterReason::kTooDeep || reason == DeadLetterReason::kTooManyFields ||
         reason == DeadLetterReason::kKeyTooLong;
}

class Comparison {
 public:
  Comparison()
      : twin_(paths_.table()),
        warm_(paths_.table(), 1),
        other_seed_(paths_.table(), 0xDEADBEEFCAFEULL) {}

  // "" when the walkers agree with the twin on the document.
  std::string compare(const std::string& document, std::string_view prefix = "") {
    const Walked expected = twin_.walk(document, prefix);
    if (!expected.problem) ++accepted_;
    codec::JsonWalker cold(paths_.table(), document.size());
    for (const auto& [name, walker] :
         {std::pair("cold", &cold), std::pair("known", &cold), std::pair("warm", &warm_),
          std::pair("other seed", &other_seed_)}) {
      const Walked actual = walk(*walker, document, prefix);
      const std::string difference = describe(expected, actual);
      if (!difference.empty()) return std::string(name) + " walker: " + difference;
    }
    return "";
  }

  // The document's fields as the twin sees them.
  Walked expected(const std::string& document) { return twin_.walk(document, ""); }
  [[nodiscard]] std::size_t accepted() const { return accepted_; }

 private:
  Walked walk(codec::JsonWalker& walker, std::string_view document, std::string_view prefix) {
    // A buffer of exactly the size that may be read, so that one byte more is found.
    std::string bytes;
    bytes.reserve(document.size() + codec::kJsonPadding);
    bytes.assign(document);
    bytes.append(codec::kJsonPadding, '"');
    arena_.clear();
    normalise::FlatRecord record;
    Walked out;
    out.problem =
        walker.walk(std::string_view(bytes).substr(0, document.size()), prefix, arena_, record);
    out.flags = record.flags;
    out.embedded = walker.embedded();
    if (out.problem) return out;
    std::string plain_document;
    if (record.raw_holds_values) append_unescaped(document, plain_document);
    for (const normalise::FlatField& field : record.fields) {
      const std::string_view text = plain_text({0, field.kind, field.escaped, field.text}, arena_);
      out.values.push_back(
          {std::string(paths_.table().path_name(field.path)), field.kind, std::string(text)});
      // What is not in the document is in no value. Composites are as received.
      raw_holds_ = !record.raw_holds_values || field.kind == ValueKind::kComposite ||
                   plain_document.find(text) != std::string::npos;
      if (!raw_holds_) return out;
    }
    for (const std::uint32_t index : out.embedded) {
      if (record.fields[index].escaped) out.embedded.clear();
      if (out.embedded.empty()) break;
    }
    return out;
  }
  [[nodiscard]] std::string describe(const Walked& expected, const Walked& actual) const {
    if (!raw_holds_) return "a value is not in the document";
    if (expected.problem.has_value() != actual.problem.has_value()) {
      return actual.problem
                 ? "refused: " + std::string(dead_letter_reason_name(*actual.problem))
                 : "accepted; twin: " + std::string(dead_letter_reason_name(*expected.problem));
    }
    if (expected.problem) {
      const bool both_limits = is_limit(*expected.problem) && is_limit(*actual.problem);
      return both_limits && *expected.problem != *actual.problem ? "another limit" : "";
    }
    if (expected.values.size() != actual.values.size()) {
      return std::to_string(actual.values.size()) + " values, not " +
             std::to_string(expected.values.size());
    }
    for (std::size_t i = 0; i < expected.values.size(); ++i) {
      const Walked::Value& want = expected.values[i];
      const Walked::Value& have = actual.values[i];
      if (want == have) continue;
      return "value " + std::to_string(i) + ": " + have.path + "=" + have.text.substr(0, 200) +
             ", not " + want.path + "=" + want.text.substr(0, 200);
    }
    if (expected.flags != actual.flags) {
      return "flags " + std::to_string(actual.flags) + ", not " + std::to_string(expected.flags);
    }
    return expected.embedded == actual.embedded ? "" : "other embedded records";
  }

  Paths paths_;
  OnDemandWalker twin_;
  codec::JsonWalker warm_;
  codec::JsonWalker other_seed_;
  Arena arena_;
  std::size_t accepted_ = 0;
  bool raw_holds_ = true;
};

std::string key_of(std::size_t size, char fill = 'k') { return std::string(size, fill); }

std::string nested(std::size_t depth) {
  std::string out = "{\"a\":";
  for (std::size_t i = 1; i < depth; ++i) out += i % 2 == 0 ? "{\"b\":" : "[";
  out += "1";
  for (std::size_t i = depth - 1; i > 0; --i) out += i % 2 == 0 ? "}" : "]";
  return out + "}";
}

std::vector<std::string> written_cases() {
  std::vector<std::string> cases = {
      "",
      " ",
      "{",
      "}",
      "{}",
      "[]",
      " { } ",
      "{}{}",
      "{},",
      "{}x",
      "1",
      "\"a\"",
      "{\"a\"",
      "{\"a\":",
      "{\"a\":1",
      "{\"a\":1,",
      "{\"a\":1,}",
      "{,}",
      "{\"a\"}",
      "{\"a\" 1}",
      "{\"a\"::1}",
      "{:1}",
      "{a:1}",
      "{\"a\":}",
      "{\"a\":,}",
      "{\"a\":1 2}",
      "{\"a\":\"b\":1}",
      "{\"a\":1:2}",
      "{\"a\":\"b\" \"c\"}",
      "{\"a\":\"b\"x}",
      "{\"a\":x\"b\"}",
      "{\"a\":1\"b\"}",
      "{1:\"a\"}",
      "{\"a\":[}",
      "{\"a\":]}",
      "{\"a\":[1,]}",
      "{\"a\":[,1]}",
      "{\"a\":[1 2]}",
      "{\"a\":[1}]",
      "{\"a\":[1:2]}",
      "{\"a\":[\"b\":1]}",
      "{[1]:2}",
      "{{}:2}",
      "{\"a\":{\"b\":1]}",
      "{\"a\":\"b}",
      "{\"a\":\"b\\\"}",
      "{\"a\":\"b\\",
      "{\"a\":\"\x01\"}",
      "{\"a\":1\f}",
      "{\"a\"\f:1}",
      "{\"a\":1\x1A}",
      "\xEF\xBB\xBF{\"a\":1}",
      "{\"a\":\"\xFF\"}",
      "{\"\xC3\":\"\xE2\x82\"}",
      // numbers and literals
      "{\"a\":0,\"b\":-0,\"c\":-0.0e+10,\"d\":1E5,\"e\":123456789012345678901234567890}",
      "{\"a\":01}",
      "{\"a\":-}",
      "{\"a\":+1}",
      "{\"a\":.5}",
      "{\"a\":5.}",
      "{\"a\":1e}",
      "{\"a\":1e+}",
      "{\"a\":0x1}",
      "{\"a\":1.2.3}",
      "{\"a\":NaN}",
      "{\"a\":true,\"b\":false,\"c\":null}",
      "{\"a\":True}",
      "{\"a\":tru}",
      "{\"a\":truee}",
      "{\"a\":nul}",
      "{\"a\": true }",
      "{\"a\":true\t,\"b\":null\r\n}",
      // escapes
      R"({"a":"\"\\\/\b\f\n\r\t"})",
      R"({"a":"\u0041\u00e9\u20AC\ud83d\ude00"})",
      R"({"a":"\ud800"})",
      R"({"a":"\udc00x\ud800\ud800\udc00\ud800\u0041\uD83Dx"})",
      R"({"a":"\u12"})",
      R"({"a":"\u12g4"})",
      R"({"a":"\x"})",
      R"({"a":"\ud800\u12"})",
      R"({"a":"\\","b":"\\\\"})",
      R"({"a":"\\u0041"})",
      R"({"\x":1})",
      R"({"\u12":1})",
      R"({"\ud800":1})",
      R"({"\u0061":1,"a":2})",
      R"({"q\"q":1})",
      R"({"sl\/ash":1,"sl/ash":2})",
      R"({"a\\":1})",
      R"({"caf\u00e9":1,"café":2})",
      // duplicates
      R"({"a":1,"a":2})",
      R"({"a":{"b":1,"b":2}})",
      R"({"a":[{"b":1},{"b":2}]})",
      R"({"z":1,"z":2})",
      R"({"a":{"b":{"c":1},"b":{"c":2}}})",
      R"({"Threat Name":1,"ThreatName":2})",
      R"({"a.b":1,"a":{"b":2}})",
      R"({"a.b":1,"a":{"b":2},"a.b":3})",
      R"({"a":{"b":1},"a":{"b":2}})",
      R"({"z":{"a":1},"a":{"z":1},"y":{"z":{"z":1}}})",
      R"({"a":[{"b":[{"b":1}],"b":2}]})",
      R"({"a.b":1,"x":[{"q":1},{"q":2}],"a.b":2})",
      R"({"":1})",
      R"({"":1,"":2})",
      R"({"":{"a":1}})",
      R"({"":{"":{"":1}},"b":2})",
      R"({"z":1,"b":{"z":1},"z":2})",
      // containers
      R"({"a":[]})",
      R"({"a":{}})",
      R"({"a":[[]]})",
      R"({"a":[{}]})",
      R"({"a":[[],{},[[1]]]})",
      R"({"a":[1,"x",null,true]})",
      R"({"a":[1,[2],{"b":3}],"b":4})",
      R"({"z":[1,[2],{"b":3}],"b":4})",
      R"({"a":{"b":{"c":[1,2]}}})",
      R"({ "a" : [ 1 , 2 ] , "b" : { } } )",
      "{\n\t\"a\"\r:\n[\t{ \"b\" :\r\n 1 } , 2 ]\n}",
      R"({"a":[ ]})",
      R"({"a":{ "x" : [ { } ] } })",
      // embedded records
      R"({"message":"{\"a\":1}"})",
      R"({"message":["x","y\n"],"in":{"message":"z"}})",
      R"({"a":[1],"message":"x","b":[2],"in":{"message":[[1],"\/"]}})",
      R"({"a":{"b":[1,2]},"b":[],"message":{"message":1},"in":[{"message":null}]})",
  };
  for (const std::size_t size :
       {0U, 1U, 7U, 8U, 9U, 15U, 16U, 17U, 23U, 24U, 25U, 63U, 64U, 65U, 1023U, 1024U, 1025U}) {
    cases.push_back("{\"" + key_of(size) + "\":1}");
    cases.push_back("{\"" + key_of(size) + "\":{\"" + key_of(size, 'l') + "\":[\"x\"]},\"b\":2}");
    if (size > 6) cases.push_back("{\"" + key_of(size - 6) + "\\u006b\":1,\"b\":\"\\u0062\"}");
    if (size > 2) cases.push_back("{\"\\n" + key_of(size - 2) + "\":1,\"b\":\"\\n\"}");
  }
  for (const std::size_t depth : {2U, 63U, 64U, 65U, 66U, 200U}) cases.push_back(nested(depth));
  return cases;
}

TEST(JsonWalkerTwin, AgreesOnWrittenCases) {
  Comparison comparison;
  for (const std::string& document : written_cases()) {
    EXPECT_EQ(comparison.compare(document), "") << document;
    EXPECT_EQ(comparison.compare(document, "EventData"), "") << document;
  }
  EXPECT_GT(comparison.accepted(), 100U);
}

// Every document is also refused or not when it ends anywhere before its end.
TEST(JsonWalkerTwin, AgreesOnTruncatedDocuments) {
  Comparison comparison;
  const std::string document =
      R"({"a":[1,{"b":"x\\\"y"}],"caf\u00e9":{ "a.b":null , "z":-1.5e3},"message":"\n"} )";
  for (std::size_t size = 0; size <= document.size(); ++size) {
    const std::string part = document.substr(0, size);
    EXPECT_EQ(comparison.compare(part), "") << part;
  }
}

std::string with_fields(std::size_t count, const std::string& member) {
  std::string out = "{\"b\":0";
  for (std::size_t i = 1; i < count; ++i) out += "," + member;
  return out + "}";
}

TEST(JsonWalkerTwin, AgreesOnLimits) {
  Comparison comparison;
  for (const std::size_t fields :
       {codec::kMaxFields - 1, codec::kMaxFields, codec::kMaxFields + 1}) {
    EXPECT_EQ(comparison.compare(with_fields(fields, R"("a":1)")), "") << fields;
    EXPECT_EQ(comparison.compare(with_fields(fields, R"("a" : [1])")), "") << fields;
    EXPECT_EQ(comparison.compare(with_fields(fields, R"("a":{})")), "") << fields;
  }
  for (const std::size_t keys : {codec::kMaxKeys, codec::kMaxKeys + 1}) {
    EXPECT_EQ(comparison.compare(with_fields(keys, R"("z":{})")), "") << keys;
  }
  for (const std::size_t bytes : {codec::kMaxValueBytes, codec::kMaxValueBytes + 1}) {
    const std::string text(bytes - 2, 'x');
    for (const char* end : {"yy", "\u00E9", "\\n\\n", "\\u00e9", "\\n\u00E9\\n"}) {
      EXPECT_EQ(comparison.compare("{\"a\":\"" + text + end + "\"}"), "") << bytes << end;
    }
    EXPECT_EQ(comparison.compare("{\"a\":" + std::string(bytes, '7') + "}"), "") << bytes;
    EXPECT_EQ(comparison.compare("{\"a\":{\"z\":\"" + text + "\"}}"), "") << bytes;
  }
}

// Keys by the thousand: the walkers' tables grow and forget.
TEST(JsonWalkerTwin, AgreesWhileKeysAreForgotten) {
  Comparison comparison;
  SeededChoices choices(7);
  std::size_t next = 0;
  for (int round = 0; round < 12; ++round) {
    std::string document = "{\"a\":1";
    for (int i = 0; i < 1500; ++i) {
      // Keys alike in length and in their first and last eight bytes.
      document += ",\"12345678_" + std::to_string(1'000'000 + next++) +
                  "_12345678\":{\"b\":" + std::to_string(choices.pick(10)) + ",\"a\":0}";
      if (i % 500 == 0) document += ",\"12345678_one_12345678\":1,\"a\":{\"b\":2}";
    }
    ASSERT_EQ(comparison.compare(document + "}"), "") << round;
    ASSERT_EQ(comparison.compare(R"({"a":{"b":{"c":1}},"ThreatName":2,"Threat Name":3})"), "")
        << round;
  }
  EXPECT_GT(next, 2 * codec::kMaxLearnedKeys);
}

// Random documents over known, unknown and look-alike keys.
class RandomDocument {
 public:
  explicit RandomDocument(Choices& choices) : choices_(choices) {}

  std::string text() {
    out_ = "{";
    members(choices_.pick(8), 0);
    out_ += '}';
    blank();
    return std::move(out_);
  }

  // A few bytes changed, left out or put in.
  std::string broken(std::string text) {
    static constexpr std::string_view kBytes = "{}[]:,\"\\ 1ut\n\x01\xC3-";
    for (std::uint32_t i = 1 + choices_.pick(3); i > 0 && !text.empty(); --i) {
      const std::size_t at = choices_.pick(static_cast<std::uint32_t>(text.size()));
      const char c = kBytes[choices_.pick(kBytes.size())];
      switch (choices_.pick(4)) {
        case 0:
          text[at] = c;
          break;
        case 1:
          text.erase(at, 1);
          break;
        case 2:
          text.insert(at, 1, c);
          break;
        default:
          if (choices_.once_in(8)) text.resize(at);
      }
    }
    return text;
  }

 private:
  void blank() {
    if (choices_.once_in(8)) out_ += std::string(1 + choices_.pick(3), " \t\n\r"[choices_.pick(4)]);
  }
  void members(std::uint32_t count, int depth) {
    for (; count > 0; --count) {
      blank();
      key();
      blank();
      out_ += ':';
      blank();
      value(depth);
      blank();
      if (count > 1) out_ += ',';
    }
  }
  void key() {
    static const std::vector<std::string> kOthers = {"c",
                                                     "x",
                                                     "message",
                                                     "in",
                                                     "Threat Name",
                                                     "Event",
                                                     "EventData",
                                                     "",
                                                     "Sevenbx",
                                                     "Eight_bx",
                                                     "12345678_tree12345678",
                                                     "Twenty_three_bytes_kexs",
                                                     " a",
                                                     "\\u0061",
                                                     "\\u0062",
                                                     "a\\n"};
    std::string key;
    if (choices_.once_in(2)) {
      key = Paths::known()[choices_.pick(static_cast<std::uint32_t>(Paths::known().size()))];
      if (key == "q\"q") key = "q\\\"q";
    } else if (choices_.once_in(12)) {
      key = "k" + std::to_string(choices_.pick(20'000));
    } else {
      key = kOthers[choices_.pick(static_cast<std::uint32_t>(kOthers.size()))];
    }
    out_ += '"' + key + '"';
  }
  void value(int depth) {
    static const std::vector<std::string> kScalars = {
        "0", "-1.5", "1e9", "true", "null", "false", "\"\"", "123456789012345678901"};
    const std::uint32_t kind = choices_.pick(depth > 4 ? 7 : 10);
    if (kind < 5) return string();
    if (kind < 7) {
      out_ += kScalars[choices_.pick(static_cast<std::uint32_t>(kScalars.size()))];
    } else if (kind < 9) {
      out_ += '[';
      blank();
      for (std::uint32_t i = choices_.pick(4); i > 0; --i) {
        value(depth + 1);
        blank();
        if (i > 1) out_ += ',';
        blank();
      }
      out_ += ']';
    } else {
      out_ += '{';
      members(choices_.pick(4), depth + 1);
      blank();
      out_ += '}';
    }
  }
  void string() {
    static const std::vector<std::string> kPieces = {
        "abc", "\\\\", "\\\"", "\\/",    "\\n",        "{", "}",
        "[",   ":",    ",",    "\u00E9", "\U0001F600", " ", "C:\\\\Windows\\\\System32\\\\",
        "1",   "\x7F"};
    static const std::vector<std::string> kRare = {
        "\\u0041", "\\ud83d\\ude00", "\\ud800", "\\udc00", "\\u20ac", "\xC3", "\\q"};
    out_ += '"';
    for (std::uint32_t i = choices_.pick(6); i > 0; --i) {
      const auto& pieces = choices_.once_in(20) ? kRare : kPieces;
      out_ += pieces[choices_.pick(static_cast<std::uint32_t>(pieces.size()))];
    }
    out_ += '"';
  }

  Choices& choices_;
  std::string out_;
};

TEST(JsonWalkerTwin, AgreesOnRandomDocuments) {
  constexpr int kDocuments = 30'000;
  Comparison comparison;
  SeededChoices choices(42);
  for (int i = 0; i < kDocuments; ++i) {
    RandomDocument random(choices);
    std::string document = random.text();
    if (choices.once_in(3)) document = random.broken(std::move(document));
    ASSERT_EQ(comparison.compare(document, choices.once_in(8) ? "EventData" : ""), "")
        << "document " << i << ": " << document;
  }
  EXPECT_GT(comparison.accepted(), kDocuments / 2U);
  EXPECT_LT(comparison.accepted(), kDocuments);
}

}  // namespace
}  // namespace catena::test
