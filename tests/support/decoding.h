// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/codec/decoder.h"
#include "rules/mapping/mapping_pack.h"

// Decodes records in a test with the mapping packs of the product, or with a pack of the test's
// own, and keeps what came out as plain values. A test that includes this also includes
// connectors/codec/decoder.h and rules/mapping/mapping_pack.h, which is how it links them.
namespace catena::tests {

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

struct DecodedEvent {
  std::string id;
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  std::string time;
  TimeSource time_source = TimeSource::kNone;
  std::string log_source;  // "windows|process_creation|sysmon"; lists joined by blanks
  unsigned flags = 0;
  std::string raw;
  struct Value {
    std::string field;
    ValueKind kind = ValueKind::kNull;
    std::string text;
    friend bool operator==(const Value&, const Value&) = default;
  };
  std::vector<Value> fields;

  friend bool operator==(const DecodedEvent&, const DecodedEvent&) = default;

  // The values of a field, joined by "|"; "<none>" when it has none.
  [[nodiscard]] std::string text(std::string_view field) const {
    std::string out;
    bool found = false;
    for (const Value& value : fields) {
      if (value.field != field) continue;
      if (found) out.push_back('|');
      found = true;
      out += value.kind == ValueKind::kNull ? "<null>" : value.text;
    }
    return found ? out : "<none>";
  }
};

struct DecodedLetter {
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  std::string reason;
  std::string excerpt;
  friend bool operator==(const DecodedLetter&, const DecodedLetter&) = default;
};

struct Decoded {
  std::vector<DecodedEvent> events;
  std::vector<DecodedLetter> letters;
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

class Decoding {
 public:
  // `names` are interned as a rule would; `pack` replaces the product's packs unless empty.
  explicit Decoding(const std::vector<std::string>& names = {}, const std::string& pack = {},
                    codec::DecoderOptions options = {}) {
    normalise::MappingDefinition definition;
    if (pack.empty()) {
      const std::filesystem::path folder =
          std::filesystem::path(CATENA_SOURCE_DIR) / "rules/packs/mapping";
      std::vector<std::filesystem::path> files;
      for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".yml") files.push_back(entry.path());
      }
      std::sort(files.begin(), files.end());
      for (const auto& file : files) {
        check(mapping::load_mapping(read_text(file), file.filename().string(), definition));
      }
    } else {
      check(mapping::load_mapping(pack, "test.yml", definition));
    }
    auto table = normalise::NormalisationTable::create(std::move(definition));
    check(table.status());
    table_ = *std::move(table);
    for (const std::string& name : names) catalog_.intern(name);
    table_->finish(catalog_);
    decoder_ = std::make_unique<codec::Decoder>(*table_, catalog_, options);
  }

  // Decodes `text` as one batch.
  Decoded decode(std::string_view text, bool ends_truncated = false) {
    EventBatch batch;
    batch.bytes.assign(text);
    batch.bytes.append(EventBatch::kPadding, '\0');
    batch.size = text.size();
    batch.ends_truncated = ends_truncated;
    Decoded out;
    decode(batch, out);
    return out;
  }

  // Decodes a batch and appends what came out.
  void decode(EventBatch& batch, Decoded& out) {
    decoder_->decode(batch);
    for (const Event& event : batch.events) out.events.push_back(copy(event));
    for (const DeadLetter& letter : batch.dead_letters) {
      out.letters.push_back({letter.origin.line, letter.origin.offset,
                             std::string(dead_letter_reason_name(letter.reason)),
                             std::string(letter.excerpt)});
    }
  }

  // The only event of `text`; throws when there is another count.
  DecodedEvent one(std::string_view text) {
    Decoded decoded = decode(text);
    if (decoded.events.size() != 1 || !decoded.letters.empty()) {
      throw std::runtime_error("expected one event, got " + std::to_string(decoded.events.size()) +
                               " and " + std::to_string(decoded.letters.size()) + " dead letters");
    }
    return std::move(decoded.events[0]);
  }

  [[nodiscard]] const normalise::NormalisationTable& table() const { return *table_; }
  [[nodiscard]] const FieldCatalog& catalog() const { return catalog_; }

 private:
  static void check(const Status& status) {
    if (!status.ok()) throw std::runtime_error(status.to_string());
  }

  static std::string join(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) {
      if (!out.empty()) out.push_back(' ');
      out += name;
    }
    return out;
  }

  DecodedEvent copy(const Event& event) const {
    DecodedEvent out;
    out.id = event.id().hex();
    out.line = event.origin.line;
    out.offset = event.origin.offset;
    out.time = format_iso8601(event.time);
    out.time_source = event.time_source;
    const LogSource& source = table_->log_sources().get(event.log_source);
    out.log_source = source.product + "|" + join(source.categories) + "|" + join(source.services);
    out.flags = event.flags;
    out.raw = event.raw;
    Arena plain;
    for (const Field& field : event.fields) {
      out.fields.push_back({std::string(catalog_.name(field.id)), field.kind,
                            std::string(plain_text(field, plain))});
    }
    return out;
  }

  FieldCatalog catalog_;
  std::unique_ptr<normalise::NormalisationTable> table_;
  std::unique_ptr<codec::Decoder> decoder_;
};

}  // namespace catena::tests
