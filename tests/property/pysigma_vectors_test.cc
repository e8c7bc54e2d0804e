// SPDX-License-Identifier: Apache-2.0
// Rules and events that pySigma has judged (tests/vectors): both of our matchers give its answer,
// or the one that the vector explains by the specification.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "connectors/codec/decoder.h"
#include "engine/match/matcher.h"
#include "engine/match/reference_matcher.h"
#include "engine/normalise/normalisation_table.h"
#include "rules/compile/rule_loader.h"

namespace catena::test {
namespace {

// Rules that are compiled to one set: enough that an index has something to tell apart.
constexpr std::size_t kRulesPerSet = 24;
constexpr std::size_t kMinVectors = 1'500;

using Placeholders = std::map<std::string, std::vector<std::string>, std::less<>>;

struct Answer {
  bool refused = false;
  std::vector<std::size_t> matches;  // indices of events
  bool operator==(const Answer&) const = default;
};

std::string to_text(const Answer& answer) {
  if (answer.refused) return "refused";
  std::string out = "[";
  for (const std::size_t index : answer.matches) {
    if (out.size() > 1) out += ',';
    out += std::to_string(index);
  }
  return out + "]";
}

struct Vector {
  std::string name;
  std::string detection;  // YAML
  bool is_whole = false;  // `detection` is a rule with filters, several documents
  Placeholders placeholders;
  std::vector<std::string> events;  // JSON, in its own spelling
  Answer pysigma;
  std::optional<Answer> differs;     // ours, explained
  std::vector<std::string> because;  // names of reasons
};

using simdjson::ondemand::value;

Answer read_answer(value json) {
  Answer answer;
  if (json.type() == simdjson::ondemand::json_type::string) {
    answer.refused = true;
    EXPECT_EQ(std::string_view(json.get_string()), "refused");
    return answer;
  }
  for (auto index : json.get_array()) answer.matches.push_back(std::uint64_t(index));
  return answer;
}

void read_differs(simdjson::ondemand::object json, Vector& vector) {
  for (auto field : json) {
    const std::string_view key = field.unescaped_key();
    if (key == "ours") vector.differs = read_answer(field.value());
    if (key == "because") {
      for (auto reason : field.value().get_array()) {
        vector.because.emplace_back(std::string_view(reason.get_string()));
      }
    }
  }
}

void read_placeholders(simdjson::ondemand::object json, Placeholders& placeholders) {
  for (auto field : json) {
    std::vector<std::string>& values =
        placeholders[std::string(std::string_view(field.unescaped_key()))];
    for (auto text : field.value().get_array()) {
      values.emplace_back(std::string_view(text.get_string()));
    }
  }
}

Vector read_vector(simdjson::ondemand::object json) {
  Vector vector;
  for (auto field : json) {
    const std::string key(std::string_view(field.unescaped_key()));
    value content = field.value();
    if (key == "case") vector.name = std::string_view(content.get_string());
    if (key == "detection") vector.detection = std::string_view(content.get_string());
    if (key == "documents") {
      vector.detection = std::string_view(content.get_string());
      vector.is_whole = true;
    }
    if (key == "pysigma") vector.pysigma = read_answer(content);
    if (key == "differs") read_differs(content.get_object(), vector);
    if (key == "placeholders") read_placeholders(content.get_object(), vector.placeholders);
    if (key == "events") {
      for (auto event : content.get_array()) {
        vector.events.emplace_back(std::string_view(simdjson::to_json_string(event)));
      }
    }
  }
  return vector;
}

// Calls `use` with each line of a file of tests/vectors.
template <typename Use>
void each_line(const std::string& name, Use use) {
  std::ifstream file(std::string(CATENA_SOURCE_DIR) + "/tests/vectors/" + name, std::ios::binary);
  std::string line;
  simdjson::ondemand::parser parser;
  while (std::getline(file, line)) {
    const simdjson::padded_string padded(line);
    auto document = parser.iterate(padded);
    use(simdjson::ondemand::object(document.get_object()));
  }
}

// Why an answer of ours may differ; each by words and section of the specification.
std::set<std::string> read_reasons() {
  std::set<std::string> reasons;
  each_line("reasons.jsonl", [&](simdjson::ondemand::object json) {
    std::map<std::string, std::string> texts;
    for (auto field : json) {
      const std::string key(std::string_view(field.unescaped_key()));
      texts[key] = std::string_view(field.value().get_string());
    }
    EXPECT_FALSE(texts["words"].empty() || texts["section"].empty()) << texts["reason"];
    if (texts["of"] == "detection") reasons.insert(texts["reason"]);
  });
  return reasons;
}

// One shape for everything: fields are the paths of the record.
std::unique_ptr<normalise::NormalisationTable> plain_mapping() {
  normalise::MappingDefinition definition;
  definition.tables.push_back({"linux", "linux", {"f"}, {{{}, "", {}, {"syslog"}, {}, {}}}});
  normalise::Shape shape;
  shape.name = "plain";
  shape.log_sources = "linux";
  for (std::size_t i = 0; i < normalise::kRecordFormatCount; ++i) {
    shape.formats.push_back(static_cast<normalise::RecordFormat>(i));
  }
  definition.shapes = {shape};
  return *normalise::NormalisationTable::create(std::move(definition));
}

std::string rule_text(const Vector& vector) {
  return "title: " + vector.name +
         "\nstatus: test\nlogsource:\n  product: linux\nlevel: low\ndetection: " +
         vector.detection + "\n";
}

// Some vectors with the same placeholders, compiled to one rule set and run on all their events.
class Judgement {
 public:
  explicit Judgement(const std::vector<const Vector*>& vectors) : vectors_(vectors) {
    compile::CompileOptions options;
    options.placeholders = vectors.front()->placeholders;
    compile::RuleLoader loader(fields_, options);
    for (const Vector* vector : vectors) {
      const std::size_t before = loader.report().rules_loaded;
      loader.add_text(vector->is_whole ? vector->detection : rule_text(*vector), vector->name);
      const bool loaded = loader.report().rules_loaded > before;
      rule_of_.push_back(loaded ? std::optional(before) : std::nullopt);
    }
    rules_ = *loader.finish();
    for (const auto& refusal : loader.report().refused) {
      refusals_[refusal.file] = refusal.to_string();
    }
    // A filter that is refused leaves its rule alone, but the vector is about the filter.
    if (vectors.front()->is_whole && !refusals_.empty()) rule_of_.front().reset();
    table_ = plain_mapping();
    table_->finish(fields_);
  }

  // What the two matchers say of each vector. Fails the test where they differ from each other.
  std::vector<Answer> run() {
    const match::ReferenceMatcher reference(rules_, table_->log_sources());
    match::Matcher matcher(rules_, table_->log_sources(), fields_);
    match::Matcher::Scratch scratch(matcher);
    codec::Decoder decoder(*table_, fields_);
    std::vector<Answer> answers;
    for (std::size_t i = 0; i < vectors_.size(); ++i) {
      Answer answer;
      answer.refused = !rule_of_[i].has_value();
      for (std::size_t k = 0; k < vectors_[i]->events.size(); ++k) {
        if (matches(vectors_[i]->events[k], rule_of_[i], reference, matcher, scratch, decoder)) {
          answer.matches.push_back(k);
        }
      }
      answers.push_back(std::move(answer));
    }
    return answers;
  }

  [[nodiscard]] std::string refusal(const Vector& vector) const {
    const auto found = refusals_.find(vector.name);
    return found == refusals_.end() ? "" : "\n  " + found->second;
  }

 private:
  bool matches(const std::string& text, std::optional<std::size_t> rule,
               const match::ReferenceMatcher& reference, match::Matcher& matcher,
               match::Matcher::Scratch& scratch, codec::Decoder& decoder) {
    EventBatch batch;
    batch.bytes = text;
    batch.bytes.append(EventBatch::kPadding, '\0');
    batch.size = text.size();
    decoder.decode(batch);
    EXPECT_EQ(batch.events.size(), 1U) << text;
    if (batch.events.size() != 1) return false;
    Event& event = batch.events.front();
    std::vector<plan::RuleIndex> indexed;
    std::vector<plan::RuleIndex> plain;
    EXPECT_TRUE(matcher.match(event, scratch, indexed).ok());
    make_plain(event, batch.arena);
    reference.match(event, plain);
    EXPECT_EQ(indexed, plain) << "the matchers differ on " << text;
    if (!rule) return false;
    return std::find(plain.begin(), plain.end(), static_cast<plan::RuleIndex>(*rule)) !=
           plain.end();
  }

  const std::vector<const Vector*>& vectors_;
  FieldCatalog fields_;
  plan::RuleSet rules_;
  std::unique_ptr<normalise::NormalisationTable> table_;
  std::vector<std::optional<std::size_t>> rule_of_;
  std::map<std::string, std::string> refusals_;  // by the vector's name
};

std::vector<std::vector<const Vector*>> in_sets(const std::vector<Vector>& vectors) {
  std::vector<std::vector<const Vector*>> sets;
  for (const Vector& vector : vectors) {
    // Filters would apply to the rules of other vectors.
    if (sets.empty() || sets.back().size() == kRulesPerSet || vector.is_whole ||
        sets.back().front()->is_whole || sets.back().front()->placeholders != vector.placeholders) {
      sets.emplace_back();
    }
    sets.back().push_back(&vector);
  }
  return sets;
}

TEST(PysigmaVectors, AreAnsweredAlikeOrExplained) {
  const std::set<std::string> reasons = read_reasons();
  std::map<std::string, std::size_t> uses;
  std::vector<Vector> vectors;
  for (const char* file : {"detections.jsonl", "filters.jsonl"}) {
    each_line(file, [&](simdjson::ondemand::object json) { vectors.push_back(read_vector(json)); });
  }
  std::size_t equal = 0;
  std::size_t explained = 0;
  std::size_t judgements = 0;
  std::set<std::string> names;
  for (const auto& set : in_sets(vectors)) {
    Judgement judgement(set);
    const std::vector<Answer> answers = judgement.run();
    for (std::size_t i = 0; i < set.size(); ++i) {
      const Vector& vector = *set[i];
      EXPECT_TRUE(names.insert(vector.name).second) << vector.name << " is there twice";
      const Answer& wanted = vector.differs.value_or(vector.pysigma);
      EXPECT_EQ(to_text(answers[i]), to_text(wanted))
          << vector.name << ": " << vector.detection << judgement.refusal(vector);
      judgements += vector.events.size();
      if (!vector.differs) {
        ++equal;
        continue;
      }
      ++explained;
      EXPECT_NE(*vector.differs, vector.pysigma) << vector.name << " explains no difference";
      EXPECT_FALSE(vector.because.empty()) << vector.name;
      for (const std::string& reason : vector.because) {
        ++uses[reason];
        EXPECT_TRUE(reasons.count(reason)) << vector.name << ": '" << reason << "' is no reason";
      }
    }
  }
  EXPECT_GE(vectors.size(), kMinVectors);
  std::cout << vectors.size() << " vectors, " << judgements << " events: " << equal
            << " answered as pySigma does, " << explained << " otherwise, explained\n";
  for (const auto& [reason, count] : uses) std::cout << "  " << reason << ": " << count << "\n";
  for (const std::string& reason : reasons) EXPECT_TRUE(uses.count(reason)) << reason;
  RecordProperty("vectors", std::to_string(vectors.size()));
  RecordProperty("explained", std::to_string(explained));
}

}  // namespace
}  // namespace catena::test
