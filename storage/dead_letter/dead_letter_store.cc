// SPDX-License-Identifier: Apache-2.0
#include "storage/dead_letter/dead_letter_store.h"

#include <string_view>
#include <utility>

#include "storage/kv/record_bytes.h"

namespace catena::storage {
namespace {

constexpr std::string_view kStoreKind = "dead-letters";
constexpr std::uint32_t kFormat = 1;
constexpr std::uint8_t kRecordVersion = 1;
constexpr FamilyIndex kLetters = 0;
constexpr std::size_t kKeyBytes = 8;

std::string key_of(std::uint64_t record) {
  std::string key(kKeyBytes, '\0');
  for (std::size_t i = kKeyBytes; i-- > 0; record >>= 8) key[i] = static_cast<char>(record);
  return key;
}

Result<std::uint64_t> record_of(std::string_view key) {
  if (key.size() != kKeyBytes) return corrupt("dead letters: a key of a wrong size");
  std::uint64_t record = 0;
  for (const char c : key) record = record << 8 | static_cast<unsigned char>(c);
  return record;
}

}  // namespace

std::string encode_letter(const KeptLetter& letter) {
  RecordWriter out;
  out.byte(kRecordVersion);
  out.byte(static_cast<std::uint8_t>(letter.reason));
  out.time(letter.received_at);
  out.text(letter.listener);
  out.text(letter.peer);
  out.text(letter.detail);
  out.text(letter.rule);
  out.text(letter.bytes);
  return std::move(out).take();
}

Result<KeptLetter> decode_letter(std::uint64_t record, std::string_view value) {
  RecordReader in(value);
  const std::string what = "dead letter " + std::to_string(record);
  const std::uint8_t version = in.byte();
  if (in.ok() && version != kRecordVersion) {
    return version_mismatch(what + ": record version " + std::to_string(version));
  }
  KeptLetter letter;
  letter.record = record;
  letter.reason = static_cast<DeadLetterReason>(in.byte_up_to(kDeadLetterReasonCount - 1));
  letter.received_at = in.time();
  letter.listener = in.text();
  letter.peer = in.text();
  letter.detail = in.text();
  letter.rule = in.text();
  letter.bytes = in.text();
  RETURN_IF_ERROR(in.finish(what));
  return letter;
}

Result<std::unique_ptr<DeadLetterStore>> DeadLetterStore::open(const DeadLetterOptions& options) {
  KvOptions kv_options;
  kv_options.path = options.path;
  kv_options.create_if_missing = options.create_if_missing;
  kv_options.read_only = options.read_only;
  kv_options.kind = std::string(kStoreKind);
  kv_options.version = kFormat;
  kv_options.families = {"letter"};
  ASSIGN_OR_RETURN(std::unique_ptr<Kv> kv, Kv::open(kv_options));
  std::unique_ptr<DeadLetterStore> store(new DeadLetterStore(options, std::move(kv)));
  RETURN_IF_ERROR(store->count());
  return store;
}

Status DeadLetterStore::count() {
  return kv_->for_each_prefix(kLetters, "",
                              [&](std::string_view, std::string_view value) -> Result<bool> {
                                ++figures_.letters;
                                figures_.bytes += value.size();
                                return true;
                              });
}

// Removes the oldest until so many more fit.
Status DeadLetterStore::make_room(KvBatch& batch, std::uint64_t letters, std::uint64_t bytes) {
  const auto fits = [&] {
    return figures_.letters + letters <= options_.max_letters &&
           figures_.bytes + bytes <= options_.max_bytes;
  };
  if (fits()) return {};
  return kv_->for_each_prefix(kLetters, "",
                              [&](std::string_view key, std::string_view value) -> Result<bool> {
                                if (fits()) return false;
                                batch.remove(kLetters, std::string(key));
                                --figures_.letters;
                                figures_.bytes -= value.size();
                                ++figures_.dropped;
                                return true;
                              });
}

Status DeadLetterStore::put(const std::vector<KeptLetter>& letters) {
  const std::lock_guard lock(mutex_);
  KvBatch fresh;
  std::uint64_t count = 0;
  std::vector<std::pair<std::string, std::string>> entries;
  std::uint64_t bytes = 0;
  for (const KeptLetter& letter : letters) {
    std::string key = key_of(letter.record);
    ASSIGN_OR_RETURN(const auto known, kv_->get(kLetters, key));
    if (known) continue;
    entries.emplace_back(std::move(key), encode_letter(letter));
    bytes += entries.back().second.size();
    ++count;
  }
  const Figures before = figures_;
  RETURN_IF_ERROR(make_room(fresh, count, bytes));
  for (auto& [key, value] : entries) fresh.put(kLetters, std::move(key), std::move(value));
  const Status written = kv_->write(fresh);
  if (!written.ok()) {
    figures_ = before;
    return written;
  }
  figures_.letters += count;
  figures_.bytes += bytes;
  return {};
}

Status DeadLetterStore::remove(std::uint64_t record) {
  const std::lock_guard lock(mutex_);
  const std::string key = key_of(record);
  ASSIGN_OR_RETURN(const auto value, kv_->get(kLetters, key));
  if (!value) return not_found("no dead letter " + std::to_string(record));
  KvBatch batch;
  batch.remove(kLetters, key);
  RETURN_IF_ERROR(kv_->write(batch));
  --figures_.letters;
  figures_.bytes -= value->size();
  return {};
}

Result<std::optional<KeptLetter>> DeadLetterStore::get(std::uint64_t record) const {
  ASSIGN_OR_RETURN(const auto value, kv_->get(kLetters, key_of(record)));
  if (!value) return std::optional<KeptLetter>();
  ASSIGN_OR_RETURN(KeptLetter letter, decode_letter(record, *value));
  return std::optional<KeptLetter>(std::move(letter));
}

Status DeadLetterStore::for_each(const std::function<bool(const KeptLetter&)>& visit) const {
  return kv_->for_each_prefix(
      kLetters, "", [&](std::string_view key, std::string_view value) -> Result<bool> {
        ASSIGN_OR_RETURN(const std::uint64_t record, record_of(key));
        ASSIGN_OR_RETURN(const KeptLetter letter, decode_letter(record, value));
        return visit(letter);
      });
}

DeadLetterStore::Figures DeadLetterStore::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

}  // namespace catena::storage
