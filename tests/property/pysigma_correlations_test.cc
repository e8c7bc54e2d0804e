// SPDX-License-Identifier: Apache-2.0
// Correlations and streams that pySigma's SQLite backend has judged (tests/vectors): a result at
// the same events, for the same groups, or as the vector explains by the specification.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "connectors/codec/decoder.h"
#include "engine/base/text_fold.h"
#include "engine/correlate/correlator.h"
#include "engine/event/timestamp.h"
#include "engine/incident/hit_builder.h"
#include "engine/match/reference_matcher.h"
#include "engine/normalise/normalisation_table.h"
#include "rules/compile/rule_loader.h"

namespace catena::test {
namespace {

constexpr std::size_t kMinVectors = 250;
constexpr std::string_view kTimeField = "t";

// "refused", or one "seconds [group,…]" for each result, sorted.
using Answer = std::vector<std::string>;

struct CorrelationVector {
  std::string name;
  std::string correlations;  // YAML
  std::vector<std::string> events;
  Answer pysigma;
  Answer ours;  // where it differs
  bool differs = false;
  std::size_t reasons = 0;
};

std::string result_text(std::int64_t seconds, const std::vector<std::string>& group) {
  std::string out = std::to_string(seconds) + " [";
  for (const std::string& value : group) out += folded(value) + ",";
  return out + "]";
}

Answer read_answer(simdjson::ondemand::value json) {
  Answer answer;
  if (json.type() == simdjson::ondemand::json_type::string) {
    answer.emplace_back(std::string_view(json.get_string()));
    return answer;
  }
  for (auto result : json.get_array()) {
    std::int64_t seconds = 0;
    std::vector<std::string> group;
    for (auto part : result.get_array()) {
      if (part.type() == simdjson::ondemand::json_type::number) {
        seconds = std::int64_t(part.get_int64());
        continue;
      }
      for (auto text : part.get_array()) group.emplace_back(std::string_view(text.get_string()));
    }
    answer.push_back(result_text(seconds, group));
  }
  std::sort(answer.begin(), answer.end());
  return answer;
}

CorrelationVector read_vector(simdjson::ondemand::object json) {
  CorrelationVector vector;
  for (auto field : json) {
    const std::string key(std::string_view(field.unescaped_key()));
    simdjson::ondemand::value content = field.value();
    if (key == "case") vector.name = std::string_view(content.get_string());
    if (key == "correlations") vector.correlations = std::string_view(content.get_string());
    if (key == "pysigma") vector.pysigma = read_answer(content);
    if (key == "differs") {
      vector.differs = true;
      for (auto part : content.get_object()) {
        const std::string_view name = part.unescaped_key();
        if (name == "ours") {
          vector.ours = read_answer(part.value());
        } else {
          for (auto reason : part.value().get_array()) {
            vector.reasons += std::string_view(reason.get_string()).empty() ? 0 : 1;
          }
        }
      }
    }
    if (key == "events") {
      for (auto event : content.get_array()) {
        vector.events.emplace_back(std::string_view(simdjson::to_json_string(event)));
      }
    }
  }
  return vector;
}

std::vector<CorrelationVector> read_vectors() {
  std::vector<CorrelationVector> vectors;
  std::ifstream file(std::string(CATENA_SOURCE_DIR) + "/tests/vectors/correlations.jsonl",
                     std::ios::binary);
  std::string line;
  simdjson::ondemand::parser parser;
  while (std::getline(file, line)) {
    const simdjson::padded_string padded(line);
    auto document = parser.iterate(padded);
    vectors.push_back(read_vector(document.get_object()));
  }
  return vectors;
}

// The rules below every correlation, as in tests/vectors/correlate.py.
std::string detection_rules() {
  std::string text;
  for (const std::string kind : {"a", "b", "c"}) {
    text +=
        "title: rule_" + kind + "\nname: rule_" + kind +
        "\nstatus: test\nlevel: low\nlogsource:\n  product: linux\ndetection: {s: {kind: " + kind +
        "}, condition: s}\n---\n";
  }
  return text;
}

std::unique_ptr<normalise::NormalisationTable> plain_mapping() {
  normalise::MappingDefinition definition;
  definition.tables.push_back({"linux", "linux", {"kind"}, {{{}, "", {}, {"syslog"}, {}, {}}}});
  normalise::Shape shape;
  shape.name = "plain";
  shape.log_sources = "linux";
  for (std::size_t i = 0; i < normalise::kRecordFormatCount; ++i) {
    shape.formats.push_back(static_cast<normalise::RecordFormat>(i));
  }
  definition.shapes = {shape};
  return *normalise::NormalisationTable::create(std::move(definition));
}

class CorrelationJudgement {
 public:
  explicit CorrelationJudgement(const CorrelationVector& vector) : vector_(vector) {
    compile::RuleLoader loader(fields_);
    loader.add_text(detection_rules() + vector.correlations, vector.name);
    rules_ = *loader.finish();
    time_field_ = fields_.intern(kTimeField);
    table_ = plain_mapping();
    table_->finish(fields_);
    for (const auto& refusal : loader.report().refused) refusals_ += "\n  " + refusal.to_string();
  }

  // A result for every event at which the condition holds, as SQL has it.
  Answer run() {
    const auto& correlations = rules_.correlation.correlations;
    const bool loaded = std::any_of(correlations.begin(), correlations.end(),
                                    [](const auto& one) { return one.title == "top"; });
    if (!loaded) return {"refused"};
    Answer answer;
    correlate::Correlator correlator(
        rules_.correlation, {.repeat = true}, [&](const correlate::Result& result) {
          if (correlations[result.correlation].title != "top") return;
          answer.push_back(result_text(result.event.time / kNanosPerSecond, result.group));
        });
    const std::vector<std::uint32_t> ranks = {0};
    const incident::HitBuilder hits(rules_, ranks);
    for (std::size_t i = 0; i < vector_.events.size(); ++i) {
      feed(vector_.events[i], static_cast<std::uint32_t>(i), hits, correlator);
    }
    correlator.finish();
    std::sort(answer.begin(), answer.end());
    answer.erase(std::unique(answer.begin(), answer.end()), answer.end());
    return answer;
  }

  [[nodiscard]] const std::string& refusals() const { return refusals_; }

 private:
  void feed(const std::string& text, std::uint32_t number, const incident::HitBuilder& hits,
            correlate::Correlator& correlator) {
    EventBatch batch;
    batch.bytes = text;
    batch.bytes.append(EventBatch::kPadding, '\0');
    batch.size = text.size();
    codec::Decoder(*table_, fields_).decode(batch);
    ASSERT_EQ(batch.events.size(), 1U) << text;
    Event& event = batch.events.front();
    make_plain(event, batch.arena);
    for (const Field& field : event.fields) {
      if (field.id == time_field_) event.time = parse_iso8601(field.text).value();
    }
    std::vector<plan::RuleIndex> matches;
    match::ReferenceMatcher(rules_, table_->log_sources()).match(event, matches);
    for (const plan::RuleIndex rule : matches) {
      if (hits.is_input(rule)) correlator.take(hits.build(event, number, rule, {}));
    }
  }

  const CorrelationVector& vector_;
  FieldCatalog fields_;
  FieldId time_field_ = kUnknownField;
  plan::RuleSet rules_;
  std::unique_ptr<normalise::NormalisationTable> table_;
  std::string refusals_;
};

TEST(PysigmaCorrelations, AreAnsweredAlikeOrExplained) {
  std::size_t explained = 0;
  std::size_t results = 0;
  const std::vector<CorrelationVector> vectors = read_vectors();
  for (const CorrelationVector& vector : vectors) {
    CorrelationJudgement judgement(vector);
    const Answer answer = judgement.run();
    const Answer& wanted = vector.differs ? vector.ours : vector.pysigma;
    EXPECT_EQ(answer, wanted) << vector.name << ": " << vector.correlations << judgement.refusals();
    results += answer.size();
    if (!vector.differs) continue;
    ++explained;
    EXPECT_NE(vector.ours, vector.pysigma) << vector.name << " explains no difference";
    EXPECT_GT(vector.reasons, 0U) << vector.name;
  }
  EXPECT_GE(vectors.size(), kMinVectors);
  std::cout << vectors.size() << " correlations, " << results << " results, " << explained
            << " otherwise than pySigma, explained\n";
}

}  // namespace
}  // namespace catena::test
