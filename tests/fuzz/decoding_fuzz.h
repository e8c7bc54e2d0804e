// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
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
    codec::DecoderOptions without_outlines;
    without_outlines.learn_outlines = false;
    twin_ = std::make_unique<codec::Decoder>(*table_, catalog_, without_outlines);
  }

  void run(const std::uint8_t* data, std::size_t size) {
    // What the first time learned from the bytes is known the second and the third time.
    for (int time = 0; time < 3; ++time) {
      decode(*decoder_, data, size, batch_);
      check();
    }
    decode(*twin_, data, size, twin_batch_);
    require(batch_.events.size() == twin_batch_.events.size());
    require(batch_.dead_letters.size() == twin_batch_.dead_letters.size());
    for (std::size_t i = 0; i < batch_.events.size(); ++i) {
      require(is_same(batch_.events[i], twin_batch_.events[i]));
    }
    for (std::size_t i = 0; i < batch_.dead_letters.size(); ++i) {
      require(batch_.dead_letters[i].reason == twin_batch_.dead_letters[i].reason);
      require(batch_.dead_letters[i].origin.offset == twin_batch_.dead_letters[i].origin.offset);
    }
  }

 private:
  static void decode(codec::Decoder& decoder, const std::uint8_t* data, std::size_t size,
                     EventBatch& batch) {
    // A buffer of exactly the size the decoder may read, so that one byte more is found.
    batch.clear();
    batch.bytes = std::string();
    batch.bytes.reserve(size + EventBatch::kPadding);
    batch.bytes.assign(reinterpret_cast<const char*>(data), size);
    batch.bytes.append(EventBatch::kPadding, '\0');
    batch.size = size;
    decoder.decode(batch);
  }

  void check() const {
    for (const Event& event : batch_.events) check(event);
    for (const DeadLetter& letter : batch_.dead_letters) {
      require(letter.excerpt.size() <= DeadLetter::kExcerptBytes);
      require(letter.origin.line >= 1 && letter.origin.offset < batch_.size);
    }
  }

  // The same event, whether or not its values are still escaped.
  bool is_same(const Event& event, const Event& twin) {
    const bool same =
        event.raw.size() == twin.raw.size() && event.time == twin.time &&
        event.time_source == twin.time_source && event.log_source == twin.log_source &&
        event.flags == twin.flags && event.raw_holds_values == twin.raw_holds_values &&
        event.origin.line == twin.origin.line && event.origin.offset == twin.origin.offset &&
        event.fields.size() == twin.fields.size();
    return same &&
           std::equal(event.fields.begin(), event.fields.end(), twin.fields.begin(),
                      [this](const Field& a, const Field& b) {
                        return a.id == b.id && a.kind == b.kind &&
                               plain_text(a, batch_.arena) == plain_text(b, twin_batch_.arena);
                      });
  }

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
  std::unique_ptr<codec::Decoder> twin_;
  EventBatch batch_;
  EventBatch twin_batch_;
};

}  // namespace catena::fuzz
