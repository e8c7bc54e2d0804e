// SPDX-License-Identifier: Apache-2.0
// The forms of an evaluation: table, JSON line, comparison.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>

#include <simdjson.h>

#include "bench/evaluation/evaluation.h"
#include "engine/base/json_writer.h"

namespace catena::evaluation {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kNameColumn = 66;
constexpr std::size_t kGlueShown = 20;

template <typename... Arguments>
std::string format(const char* pattern, Arguments... arguments) {
  std::array<char, 256> line{};
  std::snprintf(line.data(), line.size(), pattern, arguments...);
  return line.data();
}

// The end of a name tells more than its beginning.
std::string tail(const std::string& name, std::size_t columns) {
  return name.size() <= columns ? name : ".." + name.substr(name.size() - columns + 2);
}

std::string labels_cell(const LabelCounts& counts) {
  if (counts.labelled == 0) return "-";
  return std::to_string(counts.in_first) + "/" + std::to_string(counts.in_first_two) + "/" +
         std::to_string(counts.detected) + "/" + std::to_string(counts.labelled);
}

std::string row(const SetScore& set) {
  const std::string seconds =
      set.seconds_to_incident < 0 ? "-" : format("%.0f", set.seconds_to_incident);
  return format("%-66s %7llu %6llu %6llu %5llu %6llu %5.1f %3llu/%-3llu %-8s %-8s %7s\n",
                tail(set.name, kNameColumn).c_str(), static_cast<unsigned long long>(set.events),
                static_cast<unsigned long long>(set.detections),
                static_cast<unsigned long long>(set.chains),
                static_cast<unsigned long long>(set.high_chains),
                static_cast<unsigned long long>(set.top_chain_steps), set.top_chain_score / 10.0,
                static_cast<unsigned long long>(set.top_chain_hosts),
                static_cast<unsigned long long>(set.hosts), labels_cell(set.exact).c_str(),
                labels_cell(set.parent).c_str(), seconds.c_str());
}

std::string figure_text(const Figure& figure) {
  if (figure.whole == 0) return format("%.1f", figure.value);
  return format("%.3f (%llu/%llu)", figure.value, static_cast<unsigned long long>(figure.part),
                static_cast<unsigned long long>(figure.whole));
}

void write_labels(JsonWriter& json, std::string_view name, const LabelCounts& counts) {
  json.key(name).begin_object();
  json.key("labelled").unsigned_integer(counts.labelled);
  json.key("detected").unsigned_integer(counts.detected);
  json.key("in_first").unsigned_integer(counts.in_first);
  json.key("in_first_two").unsigned_integer(counts.in_first_two).end_object();
}

void write_set(JsonWriter& json, const SetScore& set) {
  json.begin_object().member("set", set.name);
  json.key("techniques").begin_array();
  for (const std::string& id : set.techniques) json.string(id);
  json.end_array();
  write_labels(json, "exact", set.exact);
  write_labels(json, "parent", set.parent);
  const auto count = [&](std::string_view name, std::uint64_t value) {
    json.key(name).unsigned_integer(value);
  };
  count("events", set.events);
  count("detections", set.detections);
  count("folded_detections", set.folded_detections);
  count("chains", set.chains);
  count("incidents", set.high_chains);
  count("incident_steps", set.high_chain_steps);
  json.key("high_detection").boolean(set.has_high_detection);
  json.key("lateral").boolean(set.lateral);
  count("hosts", set.hosts);
  count("top_chain_hosts", set.top_chain_hosts);
  count("top_chain_steps", set.top_chain_steps);
  count("top_chain_phases", set.top_chain_phases);
  json.key("top_chain_score").fixed(set.top_chain_score / 10.0, 1);
  json.key("seconds_to_incident");
  if (set.seconds_to_incident < 0) {
    json.null();
  } else {
    json.fixed(set.seconds_to_incident, 1);
  }
  json.end_object();
}

std::string overlap_details(const std::string& kind, const OverlapScore& overlap) {
  std::string text;
  for (const LostSet& lost : overlap.lost) {
    text +=
        kind + ": no chain of its own: " + lost.name +
        format(
            ": %llu of %llu steps in one chain, which has %llu of %llu of it (%llu campaigns)\n",
            static_cast<unsigned long long>(lost.kept), static_cast<unsigned long long>(lost.core),
            static_cast<unsigned long long>(lost.own), static_cast<unsigned long long>(lost.chain),
            static_cast<unsigned long long>(lost.campaigns));
  }
  for (std::size_t i = 0; i < overlap.glue.size() && i < kGlueShown; ++i) {
    const auto& [entity, joins] = overlap.glue[i];
    text += kind + ": joins across campaigns: " + std::to_string(joins) + " by " + entity + "\n";
  }
  return text;
}

}  // namespace

std::string evaluation_text(const Evaluation& evaluation) {
  std::string text =
      format("%-66s %7s %6s %6s %5s %6s %5s %7s %-8s %-8s %7s\n", "SET", "EVENTS", "DETECT",
             "CHAINS", "HIGH+", "STEPS", "SCORE", "HOSTS", "EXACT", "PARENT", "SECONDS");
  for (const SetScore& set : evaluation.sets) text += row(set);
  text +=
      "STEPS, SCORE and HOSTS (its own / all) are of the top chain. EXACT and PARENT count "
      "labelled techniques:\nin the top chain / in the better of the top two / detected / "
      "labelled.\n\n";
  for (const Figure& figure : figures_of(evaluation)) {
    text += format("%-34s %-18s %s\n", figure.name.c_str(), figure_text(figure).c_str(),
                   figure.about.c_str());
  }
  text += overlap_details("overlap", evaluation.overlap);
  text += overlap_details("collision", evaluation.collision);
  return text;
}

std::string evaluation_json(const Evaluation& evaluation) {
  JsonWriter json;
  json.begin_object().member("kind", "chains").key("schema").integer(kEvaluationSchemaVersion);
  json.member("label", evaluation.label).key("rules").unsigned_integer(evaluation.rules);
  json.key("figures").begin_object();
  for (const Figure& figure : figures_of(evaluation)) {
    json.key(figure.name).begin_object().key("value").fixed(figure.value, 4);
    if (figure.whole > 0) {
      json.key("part").unsigned_integer(figure.part).key("whole").unsigned_integer(figure.whole);
    }
    json.key("more_is_better").boolean(figure.more_is_better).end_object();
  }
  json.end_object().key("sets").begin_array();
  for (const SetScore& set : evaluation.sets) write_set(json, set);
  json.end_array().key("overlap_lost").begin_array();
  for (const LostSet& lost : evaluation.overlap.lost) json.string(lost.name);
  json.end_array().end_object();
  return json.take();
}

Result<std::vector<Figure>> read_figures(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string last;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) last = std::move(line);
  }
  dom::parser parser;
  dom::element root;
  dom::object figures;
  const simdjson::padded_string text(last);
  if (parser.parse(text).get(root) != simdjson::SUCCESS ||
      root["figures"].get(figures) != simdjson::SUCCESS) {
    return invalid_input(path + ": no result of `catena bench chains --json`");
  }
  std::vector<Figure> found;
  for (const auto& [name, value] : figures) {
    Figure figure;
    figure.name = std::string(name);
    double number = 0;
    if (value["value"].get(number) == simdjson::SUCCESS) figure.value = number;
    std::uint64_t part = 0;
    if (value["part"].get(part) == simdjson::SUCCESS) figure.part = part;
    if (value["whole"].get(part) == simdjson::SUCCESS) figure.whole = part;
    found.push_back(std::move(figure));
  }
  return found;
}

std::string comparison_text(const std::vector<Figure>& before, const std::vector<Figure>& now) {
  std::string text;
  for (const Figure& figure : now) {
    const auto old = std::find_if(before.begin(), before.end(),
                                  [&](const Figure& f) { return f.name == figure.name; });
    if (old == before.end()) continue;
    const bool same = std::abs(figure.value - old->value) < 0.00005;
    const bool better = (figure.value > old->value) == figure.more_is_better;
    text += format("%-34s %-18s -> %-18s %s\n", figure.name.c_str(), figure_text(*old).c_str(),
                   figure_text(figure).c_str(),
                   same     ? "same"
                   : better ? "better"
                            : "worse");
  }
  return text;
}

}  // namespace catena::evaluation
