// SPDX-License-Identifier: Apache-2.0
// Alerts of other engines: any bytes, as lines of CSV and as documents, are detections within the
// bounds, passed over, or refused with a reason.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "connectors/alert/alert_decoder.h"
#include "engine/alert/alert_reader.h"
#include "rules/alert/alert_pack.h"

namespace {

// One engine that reads from everywhere the fuzzer can write to.
constexpr std::string_view kPack =
    "alerts: 1\nname: any\nwhen: [{t: '*'}]\nignored: [{i: '*'}]\ntime: [t]\ntitle: [n]\n"
    "signature: [s]\nhost: [h]\nown_address: [a]\ntechniques: [m]\ntelling: [n, h, a]\n"
    "entities: {ip: [a], domain: [d], user: [u], process: [p], file: [f], mail: [e], host: [h]}\n"
    "level: {paths: [l], words: {x: high}, at_least: {3: low, 9: critical}}\n"
    "speakers: {'X: ': any}\nsignatures: [{match: ['a*b*c'], techniques: [T1595], phases: [P2]}]\n"
    "verdict_columns: [v]\n";

void check(catena::alert::AlertReader& reader, const catena::alert::AlertRecord& record) {
  using catena::alert::AlertReader;
  const auto outcome = reader.read(record, {"fuzz", 1, 0});
  if (outcome.kind == AlertReader::Kind::kRefused && outcome.reason.empty()) std::abort();
  if (outcome.kind != AlertReader::Kind::kAlert) return;
  const auto& found = outcome.detection;
  if (found.entities.size() > AlertReader::kMaxEntities || found.id.is_zero()) std::abort();
  if (found.rule_title.size() > AlertReader::kMaxTitleBytes) std::abort();
  if (!record.values("v").empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const catena::alert::AlertMapping mapping = [] {
    catena::alert::AlertMapping made;
    if (!catena::rules::load_alert_pack(kPack, "pack", made).ok()) std::abort();
    return made;
  }();
  static const catena::attack::AttackCatalog attack;
  catena::alert::AlertReader reader(mapping, attack);
  catena::alerts::AlertDecoder decoder(mapping.verdict_columns);
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (!text.empty() && text.front() == '{') {
    const auto record = decoder.document(text);
    if (record.ok() && record->fields.size() > catena::alerts::kMaxAlertFields) std::abort();
    catena::alert::AlertRecord copy;
    if (record.ok()) {
      copy = *record;
      std::erase_if(copy.fields, [](const auto& field) { return field.path == "v"; });
      check(reader, copy);
    }
    return 0;
  }
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    bool is_header = false;
    const auto record = decoder.line(text.substr(0, end), is_header);
    if (record.ok() && !is_header) check(reader, *record);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return 0;
}
