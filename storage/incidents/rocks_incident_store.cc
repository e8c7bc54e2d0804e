// SPDX-License-Identifier: Apache-2.0
#include "storage/incidents/rocks_incident_store.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/pipeline/epoch_check.h"
#include "storage/incidents/decision_codec.h"
#include "storage/incidents/epoch_writer.h"
#include "storage/incidents/record_reads.h"
#include "storage/incidents/store_keys.h"

namespace catena::storage {
namespace {

constexpr std::string_view kStoreKind = "incidents";

}  // namespace

Result<std::unique_ptr<RocksIncidentStore>> RocksIncidentStore::open(
    const IncidentStoreOptions& options) {
  KvOptions kv_options;
  kv_options.path = options.path;
  kv_options.create_if_missing = options.create_if_missing;
  kv_options.read_only = options.read_only;
  kv_options.kind = std::string(kStoreKind);
  kv_options.version = kIncidentFormat;
  kv_options.families = family_names();
  ASSIGN_OR_RETURN(std::unique_ptr<Kv> kv, Kv::open(kv_options));
  return std::unique_ptr<RocksIncidentStore>(new RocksIncidentStore(std::move(kv)));
}

Status RocksIncidentStore::commit(const pipeline::Epoch& epoch) {
  RETURN_IF_ERROR(pipeline::check_epoch(epoch));
  const std::lock_guard<std::mutex> lock(commit_mutex_);
  const std::unique_ptr<KvSnapshot> snapshot = kv_->snapshot();
  ASSIGN_OR_RETURN(const KvBatch batch, EpochWriter(*snapshot, epoch).build());
  return kv_->write(batch);
}

Result<bool> RocksIncidentStore::has_detection(const Id128& id) const {
  ASSIGN_OR_RETURN(const auto value, kv_->get(kDetectionFamily, id_key(id)));
  return value.has_value();
}

Result<std::optional<incident::Detection>> RocksIncidentStore::detection(const Id128& id) const {
  return read_detection(*kv_->snapshot(), id);
}

Result<std::optional<incident::Chain>> RocksIncidentStore::chain(const Id128& id) const {
  return read_chain(*kv_->snapshot(), id);
}

Result<std::optional<Id128>> RocksIncidentStore::chain_of(const Id128& detection) const {
  return read_holder(*kv_->snapshot(), detection);
}

Status RocksIncidentStore::for_each_chain(
    const std::function<bool(const incident::Chain&)>& visit) const {
  const std::unique_ptr<KvSnapshot> snapshot = kv_->snapshot();
  return snapshot->for_each_prefix(
      kByTimeFamily, "", [&](std::string_view key, std::string_view) -> Result<bool> {
        const auto id = parse_time_key(key);
        if (!id) return corrupt("by_time key " + printable_key(key) + ": wrong size");
        ASSIGN_OR_RETURN(const auto found, read_chain(*snapshot, *id));
        if (!found) return corrupt("by_time names chain " + id->hex() + ", which is not there");
        return visit(*found);
      });
}

Result<std::vector<Id128>> RocksIncidentStore::chains_of_entity(
    const incident::Entity& entity) const {
  const std::unique_ptr<KvSnapshot> snapshot = kv_->snapshot();
  ASSIGN_OR_RETURN(const auto ids, read_pairs(*snapshot, kByEntityFamily, entity_hash(entity)));
  std::vector<std::string> keys;  // of the time index, whose order is the one wanted
  for (const Id128& id : ids) {
    ASSIGN_OR_RETURN(const auto record, read_chain_record(*snapshot, id));
    if (!record) return corrupt("by_entity names chain " + id.hex() + ", which is not there");
    keys.push_back(time_key(record->chain.last, id));
  }
  std::sort(keys.begin(), keys.end());
  std::vector<Id128> sorted;
  for (const std::string& key : keys) sorted.push_back(*parse_time_key(key));
  return sorted;
}

Result<std::optional<pipeline::SourcePosition>> RocksIncidentStore::position(
    std::string_view source) const {
  ASSIGN_OR_RETURN(const auto value, kv_->get(kPositionFamily, source));
  if (!value) return std::optional<pipeline::SourcePosition>();
  ASSIGN_OR_RETURN(pipeline::SourcePosition position, decode_position(source, *value));
  return std::optional<pipeline::SourcePosition>(std::move(position));
}

Result<std::uint64_t> RocksIncidentStore::append(casework::Decision decision) {
  using casework::Decision;
  if (decision.author.empty()) return invalid_input("a decision needs an author");
  if (decision.author.size() > Decision::kMaxAuthorBytes) {
    return invalid_input("the author's name is longer than " +
                         std::to_string(Decision::kMaxAuthorBytes) + " bytes");
  }
  if (decision.note.size() > Decision::kMaxNoteBytes) {
    return invalid_input("the note is longer than " + std::to_string(Decision::kMaxNoteBytes) +
                         " bytes");
  }
  if (decision.detections.size() > Decision::kMaxDetections) {
    return invalid_input("more than " + std::to_string(Decision::kMaxDetections) + " steps");
  }
  const std::lock_guard<std::mutex> lock(commit_mutex_);
  ASSIGN_OR_RETURN(const auto known, decisions());
  if (known.size() >= casework::kMaxDecisions) {
    return limit_exceeded("the store holds " + std::to_string(casework::kMaxDecisions) +
                          " decisions");
  }
  const std::uint64_t number = known.size() + 1;
  KvBatch batch;
  batch.put(kMetaFamily, decision_key(number), encode_decision(decision));
  RETURN_IF_ERROR(kv_->write(batch));
  return number;
}

Result<std::vector<casework::Decision>> RocksIncidentStore::decisions() const {
  std::vector<casework::Decision> found;
  const std::unique_ptr<KvSnapshot> snapshot = kv_->snapshot();
  RETURN_IF_ERROR(snapshot->for_each_prefix(
      kMetaFamily, kDecisionPrefix,
      [&](std::string_view key, std::string_view value) -> Result<bool> {
        const auto number = parse_decision_key(key);
        if (!number) return corrupt("meta key " + printable_key(key) + ": wrong size");
        if (*number != found.size() + 1) {
          return corrupt("decision " + std::to_string(found.size() + 1) + " is missing");
        }
        ASSIGN_OR_RETURN(auto decision, decode_decision(*number, value));
        found.push_back(std::move(decision));
        return true;
      }));
  return found;
}

Result<StoreCounters> RocksIncidentStore::counters() const {
  ASSIGN_OR_RETURN(const auto value, kv_->get(kMetaFamily, kCountersKey));
  if (!value) return StoreCounters{};
  return decode_counters(*value);
}

}  // namespace catena::storage
