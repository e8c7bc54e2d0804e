// SPDX-License-Identifier: Apache-2.0
// Framing of any bytes: frames are in order and inside the bytes, and a cut where one is allowed
// changes no frame.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/codec/framing.h"

namespace {

using catena::codec::Frame;
using catena::codec::Framer;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

struct Found {
  Frame::Kind kind;
  std::string_view text;
  friend bool operator==(const Found&, const Found&) = default;
};

void append_frames(std::string_view bytes, std::vector<Found>& out) {
  Framer framer(bytes, /*at_end=*/true);
  Frame frame;
  std::size_t last = 0;
  while (framer.next(frame)) {
    require(frame.begin >= last && frame.begin < frame.end && frame.end <= bytes.size());
    last = frame.end;
    out.push_back({frame.kind, bytes.substr(frame.begin, frame.end - frame.begin)});
  }
}

void require_cut_changes_nothing(std::string_view bytes, std::size_t seen) {
  const std::string_view prefix = bytes.substr(0, seen);
  const std::size_t certain = catena::codec::last_certain_boundary(prefix);
  const std::size_t cut = certain != 0 ? certain : catena::codec::last_record_start(prefix);
  require(cut <= seen);
  if (cut == 0) return;
  std::vector<Found> whole;
  std::vector<Found> parts;
  append_frames(bytes, whole);
  append_frames(bytes.substr(0, cut), parts);
  append_frames(bytes.substr(cut), parts);
  require(whole == parts);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // The first byte says how much of the rest a reader has seen when it cuts.
  const std::size_t length = size - 1;
  const auto block = std::make_unique<char[]>(length);
  for (std::size_t i = 0; i < length; ++i) block[i] = static_cast<char>(data[i + 1]);
  const std::string_view bytes(block.get(), length);
  require_cut_changes_nothing(bytes, length * data[0] / 255);
  // A scanner sees the same document in pieces as in one.
  if (!bytes.empty() && bytes[0] == '{') {
    catena::codec::DocumentScanner whole;
    catena::codec::DocumentScanner pieces;
    std::size_t end = 0;
    std::size_t at = 0;
    const auto expected = whole.scan(bytes, end, true);
    auto state = pieces.scan(bytes.substr(0, length * data[0] / 255), at, false);
    if (state == catena::codec::DocumentScanner::State::kOpen) state = pieces.scan(bytes, at, true);
    require(state == expected && at == end);
  }
  return 0;
}
