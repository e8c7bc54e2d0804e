// SPDX-License-Identifier: Apache-2.0
// A segment of the journal: any bytes are read to their end, and what is given back are whole
// blocks in the order of the file whose records lie within them.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "storage/journal/segment.h"
#include "tests/support/simulated_file_system.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace catena::storage;
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  catena::tests::SimulatedFileSystem files(1);
  {
    const auto file = files.create("segment");
    require(file.ok() && (*file)->append(input).ok());
  }
  auto reader = SegmentReader::open(files, "segment", size);
  if (!reader.ok()) return 0;
  JournalBlock block;
  std::uint64_t last = reader->offset();
  while (true) {
    const auto found = reader->next(block);
    require(found.ok());
    if (!*found) break;
    require(reader->offset() > last && reader->offset() <= size);
    last = reader->offset();
    require(!block.records().empty());
    for (std::size_t i = 0; i < block.records().size(); ++i) {
      const BlockRecord& record = block.records()[i];
      require(record.begin <= record.end && record.end < block.bytes().size());
      require(block.peer_of(i).size() <= 255);
    }
    require(block.records().back().end + 1 == block.bytes().size());
  }
  return 0;
}
