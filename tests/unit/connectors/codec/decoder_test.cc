// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/decoder.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/codec/framing.h"
#include "connectors/codec/json_walker.h"
#include "rules/mapping/mapping_pack.h"
#include "tests/support/decoding.h"

namespace catena {
namespace {

using tests::Decoded;
using tests::DecodedEvent;
using tests::Decoding;

// A pack that adds nothing: fields are the producer's paths.
constexpr const char* kPlainPack =
    "mapping: 1\nshapes:\n  - name: json\n  - {name: line, formats: [line]}\n";

Decoding plain(const std::vector<std::string>& names) { return Decoding(names, kPlainPack); }

std::vector<std::string> reasons(const Decoded& decoded) {
  std::vector<std::string> out;
  for (const auto& letter : decoded.letters) out.push_back(letter.reason);
  return out;
}

TEST(Decoder, FlattensNestedObjects) {
  Decoding decoding = plain({"a", "b.c", "b.d.e", "b"});
  const DecodedEvent event = decoding.one(R"({"a":"x","b":{"c":-1.50e3,"d":{"e":true}},"n":null})");
  EXPECT_EQ(event.text("a"), "x");
  EXPECT_EQ(event.text("b.c"), "-1.50e3");
  EXPECT_EQ(event.text("b.d.e"), "true");
  EXPECT_EQ(event.text("b"), R"({"c":-1.50e3,"d":{"e":true}})");
  ASSERT_EQ(event.fields.size(), 5U);
  EXPECT_EQ(event.fields[4].kind, ValueKind::kNull);
}

TEST(Decoder, ArraysOfScalarsAreSeveralValues) {
  Decoding decoding = plain({"a", "b"});
  const DecodedEvent event = decoding.one(R"({"a":["x","y",3,null],"b":[]})");
  EXPECT_EQ(event.text("a"), "x|y|3|<null>");
  EXPECT_EQ(event.text("b"), "<none>");
}

TEST(Decoder, ArraysOfObjectsShareThePath) {
  Decoding decoding = plain({"a.x", "a.y", "a"});
  const DecodedEvent event = decoding.one(R"({"a":[{"x":1},{"x":2,"y":[3,4]},5,[{"x":6}]]})");
  EXPECT_EQ(event.text("a.x"), "1|2|6");
  EXPECT_EQ(event.text("a.y"), "3|4");
  EXPECT_EQ(event.text("a"), R"([{"x":1},{"x":2,"y":[3,4]},5,[{"x":6}]]|5)");
}

TEST(Decoder, UnknownNamesKeepTheirValues) {
  Decoding decoding = plain({"a"});
  const DecodedEvent event = decoding.one(R"({"zzz":"needle","o":{"p":"q"}})");
  EXPECT_EQ(event.text(""), "needle|q");
}

TEST(Decoder, UnescapesStringsAndKeys) {
  Decoding decoding = plain({"a", "k\"e\ny"});
  const DecodedEvent event =
      decoding.one(R"({"a":"q\"b\\s\/n\nt\tu\u00e9\ud83d\ude00","k\"e\ny":"v"})");
  EXPECT_EQ(event.text("a"), "q\"b\\s/n\nt\tu\xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_EQ(event.text("k\"e\ny"), "v");
  EXPECT_EQ(event.flags, 0U);
}

TEST(Decoder, LoneSurrogatesBecomeReplacementCharactersAndAFlag) {
  Decoding decoding = plain({"a"});
  const DecodedEvent event = decoding.one(R"({"a":"x\ud800y\udc00\ud800\u0041"})");
  EXPECT_EQ(event.text("a"),
            "x\xEF\xBF\xBDy\xEF\xBF\xBD\xEF\xBF\xBD"
            "A");
  EXPECT_EQ(event.flags, kFlagInvalidUtf8);
  EXPECT_EQ(event.text("_flag"), "invalid_utf8");
}

TEST(Decoder, InvalidUtf8IsRepairedFlaggedAndEvaluated) {
  Decoding decoding = plain({"a", "message"});
  const DecodedEvent json = decoding.one("{\"a\":\"x\xFF\xC3y\"}");
  EXPECT_EQ(json.text("a"), "x\xEF\xBF\xBD\xEF\xBF\xBDy");
  EXPECT_EQ(json.text("_flag"), "invalid_utf8");
  EXPECT_EQ(json.raw, "{\"a\":\"x\xFF\xC3y\"}");
  const DecodedEvent line = decoding.one("caf\xE9 open");
  EXPECT_EQ(line.text("message"), "caf\xEF\xBF\xBD open");
  EXPECT_EQ(line.text("_flag"), "invalid_utf8");
}

TEST(Decoder, DuplicateKeysAreBothKeptAndFlagged) {
  Decoding decoding = plain({"a", "o.b"});
  EXPECT_EQ(decoding.one(R"({"a":1,"b":2,"a":3})").text("a"), "1|3");
  EXPECT_EQ(decoding.one(R"({"a":1,"b":2,"a":3})").text("_flag"), "duplicate_key");
  EXPECT_EQ(decoding.one(R"({"z":1,"z":3})").flags, kFlagDuplicateKey);
  EXPECT_EQ(decoding.one(R"({"o":{"b":1,"b":2}})").text("o.b"), "1|2");
  // The same key in two objects is no duplicate.
  EXPECT_EQ(decoding.one(R"({"o":[{"b":1},{"b":2}],"p":{"b":1}})").flags, 0U);
}

TEST(Decoder, ManyDistinctKeysAreNoDuplicates) {
  Decoding decoding = plain({"a"});
  std::string record = "{";
  for (int i = 0; i < 4000; ++i) {
    record += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
  }
  EXPECT_EQ(decoding.one(record + "}").flags, 0U);
  EXPECT_EQ(decoding.one(record + ",\"k77\":2}").flags, kFlagDuplicateKey);
}

TEST(Decoder, TellsWhyARecordIsDead) {
  Decoding decoding = plain({"a"});
  const auto reason = [&](std::string_view text) {
    const Decoded decoded = decoding.decode(text);
    EXPECT_EQ(decoded.events.size(), 0U) << text;
    return decoded.letters.size() == 1 ? decoded.letters[0].reason : "count";
  };
  EXPECT_EQ(reason(R"({"a":tru})"), "invalid_json");
  EXPECT_EQ(reason(R"({"a":01})"), "invalid_json");
  EXPECT_EQ(reason(R"({"a":1.})"), "invalid_json");
  EXPECT_EQ(reason(R"({"a":-})"), "invalid_json");
  EXPECT_EQ(reason(R"({"a" 1})"), "invalid_json");
  EXPECT_EQ(reason(R"({"a":1,})"), "invalid_json");
  EXPECT_EQ(reason(R"({,"a":1})"), "invalid_json");
  EXPECT_EQ(reason(R"({"a":[1,]})"), "invalid_json");
  EXPECT_EQ(reason(R"({a:1})"), "invalid_json");
  EXPECT_EQ(reason(R"({"a":"\x"})"), "invalid_json");
  EXPECT_EQ(reason("{\"a\":\"tab\there\"}"), "invalid_json");
  EXPECT_EQ(reason(R"({"a":1)"), "truncated");
  EXPECT_EQ(reason(R"({"a)"), "truncated");
  EXPECT_EQ(reason(R"({)"), "truncated");
  EXPECT_EQ(reason("42"), "not_a_record");
  EXPECT_EQ(reason("\"text\""), "not_a_record");
  EXPECT_EQ(reason("null"), "not_a_record");
  EXPECT_EQ(reason(std::string("\x7F\x45LF\x01\x01\x00\x00\x00\x02", 10)), "binary");
  EXPECT_EQ(reason(std::string("abc\0def", 7)), "binary");
}

TEST(Decoder, BlankInputIsNothing) {
  Decoding decoding = plain({"a"});
  EXPECT_EQ(decoding.decode(""), Decoded{});
  EXPECT_EQ(decoding.decode("\n \r\n\t\n[\n]\n"), Decoded{});
}

TEST(Decoder, DepthIsBounded) {
  Decoding decoding = plain({"a"});
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += "{\"a\":";
    text += "1";
    return text.append(depth, '}');
  };
  EXPECT_EQ(decoding.decode(nested(codec::kMaxJsonDepth)).events.size(), 1U);
  EXPECT_EQ(reasons(decoding.decode(nested(codec::kMaxJsonDepth + 1))),
            std::vector<std::string>{"too_deep"});
  EXPECT_EQ(reasons(decoding.decode(nested(1'000'000))), std::vector<std::string>{"too_deep"});
  EXPECT_EQ(reasons(decoding.decode("{\"a\":" + std::string(1'000'000, '['))),
            std::vector<std::string>{"truncated"});
}

TEST(Decoder, FieldsKeysAndValuesAreBounded) {
  Decoding decoding = plain({"a"});
  std::string many = "{\"a\":[1";
  for (std::size_t i = 1; i < 100'000; ++i) many += ",1";
  EXPECT_EQ(reasons(decoding.decode(many + "]}")), std::vector<std::string>{"too_many_fields"});
  const std::string key(codec::kMaxKeyBytes, 'k');
  EXPECT_EQ(decoding.decode("{\"" + key + "\":1}").events.size(), 1U);
  EXPECT_EQ(reasons(decoding.decode("{\"" + key + "k\":1}")),
            std::vector<std::string>{"key_too_long"});
  EXPECT_EQ(reasons(decoding.decode("{\"" + std::string(1 << 20, 'k') + "\":1}")),
            std::vector<std::string>{"key_too_long"});
  const DecodedEvent cut =
      decoding.one("{\"a\":\"" + std::string(codec::kMaxValueBytes + 5, 'v') + "\"}");
  EXPECT_EQ(cut.text("a").size(), codec::kMaxValueBytes);
  EXPECT_EQ(cut.text("_flag"), "truncated_field");
}

TEST(Decoder, RecordsAreBounded) {
  Decoding decoding = plain({"a", "message"});
  const std::string wrapped = "{\"a\":\"\"}";
  const std::string fill(codec::kMaxRecordBytes - wrapped.size(), 'x');
  EXPECT_EQ(decoding.decode("{\"a\":\"" + fill + "\"}").events.size(), 1U);
  EXPECT_EQ(reasons(decoding.decode("{\"a\":\"" + fill + "x\"}")),
            std::vector<std::string>{"too_long"});
  EXPECT_EQ(reasons(decoding.decode(std::string(codec::kMaxRecordBytes + 1, 'x'))),
            std::vector<std::string>{"too_long"});
}

TEST(Decoder, HugeNumbersStayText) {
  Decoding decoding = plain({"a"});
  const std::string digits(5000, '9');
  EXPECT_EQ(decoding.one("{\"a\":" + digits + "}").text("a"), digits);
  EXPECT_EQ(decoding.one(R"({"a":1e999999})").text("a"), "1e999999");
}

TEST(Decoder, KeepsLineOffsetAndIdentity) {
  Decoding decoding = plain({"a"});
  const Decoded decoded =
      decoding.decode("first\n\n{\"a\":1}{\"a\":2}\n{\n\"a\":3}\nbroken {\n{\"a\n");
  ASSERT_EQ(decoded.events.size(), 5U);
  EXPECT_EQ(decoded.events[0].line, 1U);
  EXPECT_EQ(decoded.events[1].line, 3U);
  EXPECT_EQ(decoded.events[1].offset, 7U);
  EXPECT_EQ(decoded.events[2].offset, 14U);
  EXPECT_EQ(decoded.events[3].line, 4U);
  EXPECT_EQ(decoded.events[4].line, 6U);
  EXPECT_EQ(decoded.events[1].raw, "{\"a\":1}");
  EXPECT_EQ(decoded.events[1].id, hash128("{\"a\":1}").hex());
  ASSERT_EQ(decoded.letters.size(), 1U);
  EXPECT_EQ(decoded.letters[0].line, 7U);
  EXPECT_EQ(decoded.letters[0].excerpt, "{\"a");
}

TEST(Decoder, TruncationAtEveryByteNeverLosesTheCount) {
  Decoding decoding = plain({"a"});
  const std::string document = R"({"a":["x\u00e9",{"b":null}],"c":-1.5e2})";
  for (std::size_t size = 1; size < document.size(); ++size) {
    const Decoded decoded = decoding.decode(document.substr(0, size) + "\n{\"a\":1}\n");
    EXPECT_EQ(decoded.events.size(), 1U) << size;
    EXPECT_EQ(decoded.letters.size(), 1U) << size;
  }
}

TEST(Decoder, ALineCutOffWithItsSourceIsTruncated) {
  Decoding decoding = plain({"message"});
  EXPECT_EQ(decoding.decode("whole\npart", true).events.size(), 1U);
  EXPECT_EQ(reasons(decoding.decode("whole\npart", true)), std::vector<std::string>{"truncated"});
  EXPECT_EQ(decoding.decode("whole\npart", false).events.size(), 2U);
}

TEST(Decoder, AWarmDecoderNeedsNoNewMemory) {
  Decoding decoding = plain({"a"});
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "{\"a\":\"esc\\naped\",\"b\":{\"c\":[1,2,3]}}\nplain line\n";
  EventBatch batch;
  std::size_t capacity = 0;
  for (int round = 0; round < 4; ++round) {
    batch.clear();
    batch.bytes = text + std::string(EventBatch::kPadding, '\0');
    batch.size = text.size();
    Decoded out;
    decoding.decode(batch, out);
    EXPECT_EQ(out.events.size(), 400U);
    if (round == 1) capacity = batch.arena.capacity();
  }
  EXPECT_EQ(batch.arena.capacity(), capacity);
}

// Records that a receiver has cut, as the daemon puts them together.
Decoded decode_framed(Decoding& decoding, const std::vector<std::string>& records) {
  EventBatch batch;
  batch.form = BatchForm::kFramed;
  batch.first_line = 41;
  for (const std::string& record : records) {
    batch.bytes += record;
    batch.record_ends.push_back(static_cast<std::uint32_t>(batch.bytes.size()));
    batch.bytes += '\n';
  }
  batch.size = batch.bytes.size();
  batch.bytes.append(EventBatch::kPadding, '\0');
  Decoded out;
  decoding.decode(batch, out);
  return out;
}

TEST(Decoder, OneFramedRecordIsOneEventOrOneDeadLetter) {
  Decoding decoding = plain({"a"});
  const std::vector<std::string> records = {"{\"a\":\"1\"}",          "a line\nof\ntext",
                                            "{\"a\":\n\"2\"}\n",      "{\"a\":",
                                            "{\"a\":\"3\"}{\"a\":4}", "  ",
                                            "\n{\"a\":\"5\"} ",       "[1]",
                                            "{\"a\":\"6\"}"};
  const Decoded decoded = decode_framed(decoding, records);
  EXPECT_EQ(decoded.events.size() + decoded.letters.size(), records.size());
  std::string seen;
  for (const DecodedEvent& event : decoded.events) {
    seen += std::to_string(event.line) + "=" + event.text("a") + " ";
  }
  EXPECT_EQ(seen, "41=1 42=<none> 43=2 47=5 48=<none> 49=6 ");
  ASSERT_EQ(decoded.letters.size(), 3U);
  EXPECT_EQ(decoded.letters[0].line, 44U);
  EXPECT_EQ(decoded.letters[1].line, 45U);
  EXPECT_EQ(decoded.letters[2].reason, "not_a_record");
}

TEST(Decoder, FramedRecordsAreTheEventsThatTheirLinesAre) {
  std::vector<std::string> records;
  std::string lines;
  for (int i = 0; i < 300; ++i) {
    const std::string n = std::to_string(i);
    records.push_back(i % 3 == 0   ? "{\"a\":\"" + n + "\",\"b\":{\"c\":" + n + "}}"
                      : i % 3 == 1 ? "<13>1 2026-01-02T03:04:05Z host app - - - message " + n
                                   : "{\"b\":\"\\u0041" + n + "\"}");
    lines += records.back() + "\n";
  }
  Decoding framed;
  Decoding cut;
  Decoded expected = cut.decode(lines);
  for (DecodedEvent& event : expected.events) event.line += 40;
  EXPECT_EQ(decode_framed(framed, records), expected);
  // What its receiver refused is empty, and nobody's second dead letter.
  EXPECT_TRUE(decode_framed(framed, {"", ""}).letters.empty());
  EXPECT_EQ(decode_framed(framed, {"", records[0]}).events[0].line, 42U);
}

}  // namespace
}  // namespace catena
