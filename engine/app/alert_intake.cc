// SPDX-License-Identifier: Apache-2.0
#include "engine/app/alert_intake.h"

#include <algorithm>
#include <iterator>

#include "connectors/alert/alert_source.h"
#include "engine/app/packs.h"
#include "rules/alert/alert_pack.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::app {
namespace {

constexpr std::string_view kAlertFolder = "alerts/";

}  // namespace

Status AlertIntake::read(const std::string& path, const OnDetections& on_detections,
                         const OnRefused& on_refused) {
  ASSIGN_OR_RETURN(const auto source, alerts::AlertSource::open(path, mapping_));
  pipeline::BatchOutcome portion;
  const auto refuse = [&](const alerts::AlertSource::Place& place, std::string_view reason,
                          std::string_view text) {
    if (counts_.refused++ == 0) {
      counts_.first_refused = path + ":" + std::to_string(place.line) + ": " + std::string(reason);
    }
    on_refused({path, place.line, place.offset, reason, text.substr(0, DeadLetter::kExcerptBytes)});
  };
  const auto take = [&](Result<alert::AlertRecord> record, const alerts::AlertSource::Place& place,
                        std::string_view text) {
    ++counts_.read;
    portion.position.lines = place.line;
    if (!record.ok()) return refuse(place, record.status().message(), text);
    auto outcome = reader_.read(*record, {path, place.line, place.offset});
    if (outcome.kind == alert::AlertReader::Kind::kRefused) {
      return refuse(place, outcome.reason, text);
    }
    if (outcome.kind == alert::AlertReader::Kind::kIgnored) {
      ++counts_.ignored;
      return;
    }
    ++counts_.detections;
    portion.detections.push_back(std::move(outcome.detection));
  };
  const auto hand_on = [&]() -> Status {
    portion.position.source = path;
    RETURN_IF_ERROR(on_detections(portion));
    portion.clear();
    return ok_status();
  };
  while (true) {
    ASSIGN_OR_RETURN(const bool more, source->next(take));
    if (!more) return hand_on();
    if (portion.detections.size() >= kPortion) RETURN_IF_ERROR(hand_on());
  }
}

Result<alert::AlertMapping> load_alert_mapping(const std::vector<std::string>& paths) {
  alert::AlertMapping mapping;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(const std::string text, yaml::read_bounded_file(path, yaml::kMaxYamlBytes));
    RETURN_IF_ERROR(rules::load_alert_pack(text, path, mapping));
  }
  alert::AlertMapping built_in;
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string_view path = file.path;
    if (!path.starts_with(kAlertFolder)) continue;
    RETURN_IF_ERROR(rules::load_alert_pack(file.text(), path, built_in));
  }
  std::erase_if(built_in.engines, [&](const alert::AlertEngine& engine) {
    return mapping.find(engine.name) != nullptr;
  });
  std::move(built_in.engines.begin(), built_in.engines.end(), std::back_inserter(mapping.engines));
  mapping.verdict_columns.insert(mapping.verdict_columns.end(), built_in.verdict_columns.begin(),
                                 built_in.verdict_columns.end());
  return mapping;
}

}  // namespace catena::app
