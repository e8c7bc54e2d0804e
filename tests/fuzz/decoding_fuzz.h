// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "connectors/codec/decoder.h"
#include "engine/base/text_fold.h"

// What the decoder fuzz targets share: a mapping with every format, and the promises that hold for
// any bytes.
namespace catena::fuzz {

inline void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

class DecodingTarget {
 public:
  DecodingTarget() {
    normalise::MappingDefinition definition;
    for (std::size_t i = 0; i < normalise::kRecordFormatCount; ++i) {
      normalise::Shape shape;
      shape.name = std::to_string(i);
      shape.formats = {static_cast<normalise::RecordFormat>(i)};
      shape.strip_prefixes = {"Event.EventData.", "Event.UserData.*.", "EventData."};
      shape.times = {{"time", TimeSource::kEventField, "local", "utc"}};
      shape.embedded = {"message", "EventData"};
      shape.aliases = {{"CommandLine", {"execve.command_line"}}, {"Image", {"exe", "program"}}};
      definition.shapes.push_back(shape);
    }
    table_ = *normalise::NormalisationTable::create(std::move(definition));
    for (const char* name : {"message", "type", "EventID", "a", "a.b"}) catalog_.intern(name);
    table_->finish(catalog_);
    decoder_ = std::make_unique<codec::Decoder>(*table_, catalog_);
  }

  void run(const std::uint8_t* data, std::size_t size) {
    // A buffer of exactly the size the decoder may read, so that one byte more is found.
    batch_.clear();
    batch_.bytes = std::string();
    batch_.bytes.reserve(size + EventBatch::kPadding);
    batch_.bytes.assign(reinterpret_cast<const char*>(data), size);
    batch_.bytes.append(EventBatch::kPadding, '\0');
    batch_.size = size;
    decoder_->decode(batch_);
    for (const Event& event : batch_.events) check(event);
    for (const DeadLetter& letter : batch_.dead_letters) {
      require(letter.excerpt.size() <= DeadLetter::kExcerptBytes);
      require(letter.origin.line >= 1 && letter.origin.offset < size);
    }
  }

 private:
  void check(const Event& event) const {
    require(event.origin.line >= 1 && event.origin.offset + event.raw.size() <= batch_.size);
    require(event.raw == batch_.received().substr(event.origin.offset, event.raw.size()));
    require(!event.raw.empty() && event.id() == hash128(event.raw));
    require(event.log_source < table_->log_sources().size());
    for (const Field& field : event.fields) {
      require(field.id < catalog_.size());
      require(is_utf8(field.text));
    }
  }

  FieldCatalog catalog_;
  std::unique_ptr<normalise::NormalisationTable> table_;
  std::unique_ptr<codec::Decoder> decoder_;
  EventBatch batch_;
};

}  // namespace catena::fuzz
