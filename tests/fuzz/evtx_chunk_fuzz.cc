// SPDX-License-Identifier: Apache-2.0
// Chunks of an event log file, or (first byte odd) a whole file: what is read is JSON that the
// codec takes, in place and bounded, the same when read again; everything else is a dead letter.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "connectors/codec/decoder.h"
#include "connectors/codec/json_walker.h"
#include "connectors/evtx/batch_decoder.h"
#include "connectors/evtx/layout.h"
#include "engine/base/text_fold.h"

namespace {

using namespace catena;  // NOLINT(google-build-using-namespace)

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

class Target {
 public:
  Target() {
    table_ = *normalise::NormalisationTable::create({});
    FieldCatalog catalog;
    catalog.intern("Event.System.EventID");
    table_->finish(catalog);
    lines_ = std::make_unique<codec::Decoder>(*table_, catalog);
    decoder_ = std::make_unique<evtx::BatchDecoder>(*lines_);
  }

  // The raw records.
  std::vector<std::string> run(const char* data, std::size_t size, std::uint64_t offset) {
    // A buffer of exactly the size that may be read, so that one byte more is found.
    batch_.clear();
    batch_.form = BatchForm::kEvtx;
    batch_.first_offset = offset;
    batch_.bytes = std::string();
    batch_.bytes.reserve(size + EventBatch::kPadding);
    batch_.bytes.assign(data, size);
    batch_.bytes.append(EventBatch::kPadding, '\0');
    batch_.size = size;
    decoder_->decode(batch_);
    std::vector<std::string> records;
    for (const Event& event : batch_.events) {
      require(event.origin.offset >= offset && event.origin.offset < offset + size);
      require(event.raw.size() > 2 && event.raw.front() == '{' && event.raw.back() == '}');
      require(event.raw.find('\n') == std::string_view::npos);
      records.emplace_back(event.raw);
    }
    for (const DeadLetter& letter : batch_.dead_letters) check(letter, offset, size);
    return records;
  }

 private:
  static void check(const DeadLetter& letter, std::uint64_t offset, std::size_t size) {
    require(letter.excerpt.size() <= DeadLetter::kExcerptBytes);
    require(letter.origin.offset >= offset && letter.origin.offset < offset + size);
    switch (letter.reason) {
      case DeadLetterReason::kInvalidEvtxChunk:
      case DeadLetterReason::kInvalidEvtxRecord:
      case DeadLetterReason::kTruncated:
        require(!letter.detail.empty());
        return;
      case DeadLetterReason::kTooManyFields:
      case DeadLetterReason::kKeyTooLong:
        return;
      default:  // what is written is JSON within all other bounds
        require(false);
    }
  }

  std::unique_ptr<normalise::NormalisationTable> table_;
  std::unique_ptr<codec::Decoder> lines_;
  std::unique_ptr<evtx::BatchDecoder> decoder_;
  EventBatch batch_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Target target;
  static Target twin;
  if (size < 2) return 0;
  const auto* const bytes = reinterpret_cast<const char*>(data + 1);
  const std::uint64_t offset = (data[0] & 1U) != 0 ? 0 : evtx::kFileHeaderBytes;
  const auto records = target.run(bytes, size - 1, offset);
  require(twin.run(bytes, size - 1, offset) == records);
  return 0;
}
