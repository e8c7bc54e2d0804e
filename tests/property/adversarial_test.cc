// SPDX-License-Identifier: Apache-2.0
// Records and rules written to stop the line. What decoding and matching cost is compared with a
// plain walk over the same bytes in the same process, so that slow machines and sanitizers change
// both; the bounds are generous: they are for growth that is quadratic or worse.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "connectors/codec/decoder.h"
#include "connectors/codec/json_walker.h"
#include "engine/base/text_fold.h"
#include "engine/match/matcher.h"
#include "engine/normalise/normalisation_table.h"
#include "engine/plan/rule_set_builder.h"
#include "rules/compile/regex_compiler.h"
#include "tests/support/matcher_world.h"

namespace catena::test {
namespace {

// Sanitizers slow our code down, but not the library that the plain walk uses.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr double kSlowdown = 5;
#else
constexpr double kSlowdown = 1;
#endif
#else
constexpr double kSlowdown = 1;
#endif

// Seconds of a run: the first one, which may have to build things, and the fastest of a few.
struct Seconds {
  double first = 0;
  double fastest = std::numeric_limits<double>::max();
};
template <typename Work>
Seconds measure(const Work& work) {
  Seconds seconds;
  for (int i = 0; i < 3; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    const auto end = std::chrono::steady_clock::now();
    const double took = std::chrono::duration<double>(end - begin).count();
    if (i == 0) seconds.first = took;
    seconds.fastest = std::min(seconds.fastest, took);
  }
  return seconds;
}

// simdjson finds the structure, a loop folds every byte: what an honest record costs at most.
double plain_walk(const std::string& text) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(text);
  std::string out(folded_capacity(text.size()), '\0');
  return measure([&] {
           (void)parser.parse(padded).error();
           fold_into(out.data(), text);
         })
      .fastest;
}

class Rules {
 public:
  explicit Rules(const WorldMapping& mapping) : mapping_(mapping), builder_(mapping.fields()) {}

  void add(plan::Predicate predicate) {
    plan::Rule rule;
    rule.id = std::to_string(count_++);
    rule.log_source = {"linux", "", ""};
    rule.root = builder_.add_predicate(std::move(predicate));
    builder_.add_rule(std::move(rule));
  }
  void add_text(plan::Op op, std::string_view field, std::string text) {
    plan::Predicate predicate;
    predicate.op = op;
    predicate.any_field = field.empty();
    predicate.field = mapping_.fields().find(field);
    predicate.text = std::move(text);
    add(std::move(predicate));
  }
  void add_regex(std::string_view field, const std::string& pattern) {
    const auto compiled = compile::compile_regex(pattern, {});
    ASSERT_TRUE(compiled.ok()) << pattern << ": " << compiled.status().message();
    plan::Predicate predicate;
    predicate.op = plan::Op::kRegex;
    predicate.any_field = field.empty();
    predicate.field = mapping_.fields().find(field);
    predicate.text = compiled->text;
    predicate.regex = compiled->regex;
    predicate.min_length = compiled->min_length;
    predicate.length_only = compiled->length_only;
    predicate.required_text = compiled->required_text;
    predicate.regex_work = compiled->work;
    add(std::move(predicate));
  }
  [[nodiscard]] plan::RuleSet build() { return builder_.build(); }

 private:
  const WorldMapping& mapping_;
  plan::RuleSetBuilder builder_;
  std::size_t count_ = 0;
};

const WorldMapping& mapping() {
  static const WorldMapping world;
  return world;
}

// Rules such as every corpus has, so that all of the path is walked.
plan::RuleSet ordinary_rules() {
  Rules rules(mapping());
  rules.add_text(plan::Op::kEndsWith, "Image", "\\evil.exe");
  rules.add_text(plan::Op::kContains, "CommandLine", "mimikatz");
  rules.add_text(plan::Op::kContains, "", "sekurlsa::");
  return rules.build();
}

// How many times a plain walk the record costs from bytes to matches.
double cost(const std::string& record, const plan::RuleSet& rules, const char* name) {
  const match::Matcher matcher(rules, mapping().table().log_sources(), mapping().fields());
  match::Matcher::Scratch scratch(matcher);
  codec::Decoder decoder(mapping().table(), mapping().fields());
  EventBatch batch;
  batch.bytes = record + std::string(EventBatch::kPadding, '\0');
  batch.size = record.size();
  std::vector<plan::RuleIndex> matches;
  const Seconds hostile = measure([&] {
    batch.arena.clear();
    batch.events.clear();
    batch.dead_letters.clear();
    decoder.decode(batch);
    for (const Event& event : batch.events) (void)matcher.match(event, scratch, matches);
  });
  EXPECT_EQ(batch.events.size() + batch.dead_letters.size(), 1U) << name;
  const double factor = hostile.fastest / plain_walk(record) / kSlowdown;
  std::printf("%-40s %9zu bytes %9.2f ms first %8.2f ms %8.1f times a plain walk, %zu events\n",
              name, record.size(), hostile.first * 1e3, hostile.fastest * 1e3, factor,
              batch.events.size());
  return factor;
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string members(std::size_t count, const std::string& value, const std::string& before) {
  std::string out = "{\"a\":1";
  for (std::size_t i = 0; i < count; ++i) {
    out += ",\"" + before + std::to_string(1'000'000 + i) + "_12345678\":" + value;
  }
  return out + "}";
}

TEST(Adversarial, KeysAlikeDoNotFloodTheKeyTable) {
  const plan::RuleSet rules = ordinary_rules();
  EXPECT_LT(cost(members(16'000, "{}", "12345678_"), rules, "16,000 keys alike"), 150);
  EXPECT_LT(cost(members(16'000, "{}", ""), rules, "16,000 keys of 16 bytes"), 150);
  EXPECT_LT(cost(members(4'000, "\"x\"", "12345678_" + std::string(900, 'x')), rules,
                 "4,000 long keys alike"),
            100);
}

TEST(Adversarial, RecordsOfManyFields) {
  const plan::RuleSet rules = ordinary_rules();
  const std::size_t most = codec::kMaxFields;
  const auto list = [&](const std::string& key, const std::string& value, std::size_t count) {
    return "{\"" + key + "\":[" + repeated(value + ",", count - 1) + value + "]}";
  };
  EXPECT_LT(cost(list("Image", "\"x\"", most - 1), rules, "4,095 values of one field"), 100);
  EXPECT_LT(cost("{" + repeated("\"a\":\"x\",", most - 1) + "\"b\":1}", rules, "4,096 duplicates"),
            100);
  EXPECT_LT(cost("{" + repeated("\"a\":[1],", most - 1) + "\"b\":1}", rules, "4,095 arrays"), 100);
  EXPECT_LT(cost("{" + repeated("\"a\":[],", 16'000) + "\"b\":1}", rules, "16,000 empty arrays"),
            100);
  EXPECT_LT(cost("{" + repeated("\"message\":\"{}\",", 2'000) + repeated("\"a\":[],", 12'000) +
                     "\"b\":1}",
                 rules, "embedded records, then arrays"),
            400);
  EXPECT_LT(cost("{\"z\":[" + repeated("{\"k\":{}},", 16'000) + "1]}", rules,
                 "16,000 objects of one key"),
            100);
  EXPECT_LT(cost("{\"z\":[" + repeated("[],", 200'000) + "1]}", rules, "200,000 arrays in one"),
            100);
}

TEST(Adversarial, FieldsComparedWithFields) {
  Rules rules(mapping());
  plan::Predicate predicate;
  predicate.op = plan::Op::kFieldContains;
  predicate.field = mapping().fields().find("Image");
  predicate.other_field = mapping().fields().find("CommandLine");
  rules.add(std::move(predicate));
  const std::string record = "{\"Image\":[" + repeated("\"aaaaaaaa\",", 2'000) +
                             "1],\"CommandLine\":[" + repeated("\"aaaab\",", 2'000) + "1]}";
  EXPECT_LT(cost(record, rules.build(), "2,000 values against 2,000"), 20'000);
}

TEST(Adversarial, LongValuesAgainstRegexes) {
  const std::size_t bytes = codec::kMaxValueBytes - 16;
  for (const char* pattern : {"(a+)+$", "(a|aa)+$", "(a*)*b", ".{1000,}", "[ab]{200}c",
                              "(.*a){20}c", "(?:a?){20}a{20}b", "(x+x+)+y", "a.{500}b$"}) {
    Rules rules(mapping());
    rules.add_regex("Image", pattern);
    const plan::RuleSet set = rules.build();
    EXPECT_LT(cost("{\"Image\":\"" + std::string(bytes, 'a') + "\"}", set, pattern), 3'000);
    EXPECT_LT(cost("{\"Image\":\"" + repeated("ab", bytes / 2) + "\"}", set, pattern), 3'000);
    EXPECT_LT(cost("{\"Image\":\"" + repeated("\\n", bytes / 2) + "\"}", set, pattern), 3'000);
  }
}

TEST(Adversarial, LongValuesAgainstWildcards) {
  Rules rules(mapping());
  plan::Predicate predicate;
  predicate.op = plan::Op::kWildcard;
  predicate.field = mapping().fields().find("Image");
  using Kind = plan::WildcardPart::Kind;
  for (int i = 0; i < 8; ++i) {
    predicate.wildcard.push_back({Kind::kAnyRun, ""});
    predicate.wildcard.push_back({Kind::kLiteral, "a"});
    predicate.wildcard.push_back({Kind::kAnyOne, ""});
  }
  predicate.wildcard.push_back({Kind::kLiteral, "aab"});
  rules.add(std::move(predicate));
  const std::size_t bytes = codec::kMaxValueBytes - 16;
  EXPECT_LT(cost("{\"Image\":\"" + std::string(bytes, 'a') + "b\"}", rules.build(), "wildcards"),
            3'000);
}

TEST(Adversarial, ManyLiteralsOfOnePrefix) {
  Rules keywords(mapping());
  Rules values(mapping());
  for (int i = 0; i < 10'000; ++i) {
    const std::string text = "powershell_-encodedcommand_" + std::to_string(100'000 + i);
    keywords.add_text(plan::Op::kContains, "", text);
    values.add_text(plan::Op::kContains, "CommandLine", text);
  }
  const plan::RuleSet keyword_set = keywords.build();
  const plan::RuleSet value_set = values.build();
  const std::string nearly =
      "{\"CommandLine\":\"" + repeated("powershell_-encodedcommand_10999", 8'000) + "\"}";
  EXPECT_LT(cost(nearly, keyword_set, "10,000 keywords, none there"), 1'000);
  EXPECT_LT(cost(nearly, value_set, "10,000 literals, none there"), 1'000);
  std::string all = "{\"CommandLine\":\"";
  for (int i = 0; i < 10'000; ++i) {
    all += "powershell_-encodedcommand_" + std::to_string(100'000 + i);
  }
  all += "\"}";
  EXPECT_LT(cost(all, keyword_set, "10,000 keywords, all there"), 20'000);
  EXPECT_LT(cost(all, value_set, "10,000 literals, all there"), 20'000);
}

TEST(Adversarial, ManyEscapes) {
  const plan::RuleSet rules = ordinary_rules();
  for (const char* escape :
       {"\\n", "\\\\", "\\\"", "\\/", "\\u0041", "\\ud83d\\ude00", "\\ud800"}) {
    const std::string value = repeated(escape, 100'000);
    EXPECT_LT(cost("{\"Image\":\"" + value + "\"}", rules, escape), 400);
    std::string many = "{\"Image\":[";
    for (int i = 0; i < 1'000; ++i) many += "\"" + repeated(escape, 100) + "\",";
    EXPECT_LT(cost(many + "1]}", rules, escape), 400);
  }
}

// Seconds of processor time, which a busy machine disturbs least.
template <typename Work>
Seconds measure_processor(const Work& work) {
  Seconds seconds;
  for (int i = 0; i < 5; ++i) {
    const std::clock_t begin = std::clock();
    work();
    const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    if (i == 0) seconds.first = took;
    seconds.fastest = std::min(seconds.fastest, took);
  }
  return seconds;
}

// Decodes many lines with and without outlines being remembered.
void expect_no_slower_with_outlines(const std::string& lines, const char* name) {
  const auto decoding = [&](bool learn) {
    codec::DecoderOptions options;
    options.learn_outlines = learn;
    codec::Decoder decoder(mapping().table(), mapping().fields(), options);
    EventBatch batch;
    batch.bytes = lines + std::string(EventBatch::kPadding, '\0');
    batch.size = lines.size();
    return measure_processor([&] {
      batch.arena.clear();
      batch.events.clear();
      batch.dead_letters.clear();
      decoder.decode(batch);
    });
  };
  const Seconds without = decoding(false);
  const Seconds with = decoding(true);
  std::printf("%-40s %9.2f ms without outlines, first %8.2f ms, then %8.2f ms\n", name,
              without.fastest * 1e3, with.first * 1e3, with.fastest * 1e3);
  // The first time it also learns as many outlines as it may before they are of use.
  EXPECT_LT(with.first, 2 * without.fastest + 0.1 * kSlowdown) << name;
  EXPECT_LT(with.fastest, 1.25 * without.fastest + 0.01) << name;
}

TEST(Adversarial, RecordsOfEverNewOutlines) {
  constexpr std::size_t kLines = 20'000;
  const std::string shared = repeated("\"a\":\"some value of a usual length\",", 30);
  std::string keys;
  std::string late_keys;
  std::string branches;
  std::string twice;
  for (std::size_t i = 0; i < kLines; ++i) {
    const std::string key = "\"k" + std::to_string(i) + "\":\"x\"";
    keys += "{" + key + "," + shared + "\"b\":1}\n";
    late_keys += "{" + shared + key + "}\n";
    // Every key is one of many behind the same beginning, at five places.
    std::string line = "{";
    for (std::size_t place = 0, rest = i * 7'919; place < 5; ++place, rest /= 128) {
      line += "\"k" + std::to_string(rest % 128) + "\":\"some value of a usual length\",";
    }
    branches += line + shared + "\"b\":1}\n";
    // Each outline comes twice, then never again: it is learned in vain.
    const std::string line_twice = "{\"k" + std::to_string(i / 2) + "\":{\"a\":1}," + shared +
                                   repeated("\"a\":[1],", i / 2 % 97) + "\"b\":1}\n";
    twice += line_twice;
  }
  expect_no_slower_with_outlines(keys, "a new key at the start of each record");
  expect_no_slower_with_outlines(late_keys, "a new key at the end of each record");
  expect_no_slower_with_outlines(branches, "records of many branches");
  expect_no_slower_with_outlines(twice, "every outline twice");
}

}  // namespace
}  // namespace catena::test
