// SPDX-License-Identifier: Apache-2.0
#include "storage/journal/segment.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/hash.h"

namespace catena::storage {
namespace {

constexpr std::string_view kSegmentMagic = "CATJRNL\n";
constexpr std::string_view kSuffix = ".journal";
constexpr std::string_view kBlockStart = "CBL";  // and K or Z
constexpr std::size_t kNameDigits = 16;
constexpr std::size_t kChecksumAt = 24;
constexpr std::size_t kSearchBytes = 64 * 1024;  // read at a time
constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

std::string segment_name(std::uint64_t number) {
  std::string name(kNameDigits, '0');
  for (std::size_t i = kNameDigits; i-- > 0; number >>= 4) name[i] = kDigits[number & 15U];
  return name.append(kSuffix);
}

std::optional<std::uint64_t> parse_segment_name(std::string_view name) noexcept {
  if (name.size() != kNameDigits + kSuffix.size() || name.substr(kNameDigits) != kSuffix) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  for (const char c : name.substr(0, kNameDigits)) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    number = number << 4 | digit;
  }
  return number;
}

std::string segment_header(std::uint64_t first_record) {
  std::string out(kSegmentMagic);
  append_u32(out, kJournalFormat);
  append_u32(out, 0);
  append_u64(out, first_record);
  append_u64(out, hash64(out));
  return out;
}

Result<SegmentReader> SegmentReader::open(const FileSystem& files, const std::string& path,
                                          std::uint64_t limit) {
  ASSIGN_OR_RETURN(std::unique_ptr<ReadFile> file, files.open(path));
  std::array<char, kSegmentHeaderBytes> bytes{};
  ASSIGN_OR_RETURN(const std::size_t got, file->read(0, bytes.data(), bytes.size()));
  const std::string_view header(bytes.data(), got);
  if (got < bytes.size() || header.substr(0, kSegmentMagic.size()) != kSegmentMagic ||
      load_u64(header, kChecksumAt) != hash64(header.substr(0, kChecksumAt))) {
    return corrupt(path + ": damaged header");
  }
  const std::uint32_t version = load_u32(header, kSegmentMagic.size());
  if (version != kJournalFormat) {
    return version_mismatch(path + ": journal format " + std::to_string(version) +
                            ", this program reads format " + std::to_string(kJournalFormat));
  }
  const std::uint64_t first_record = load_u64(header, kSegmentMagic.size() + 8);
  return SegmentReader(std::move(file), first_record, limit);
}

Result<bool> SegmentReader::try_block(std::uint64_t offset, JournalBlock& block) {
  if (offset + kBlockHeaderBytes > limit_) return false;
  std::array<char, kBlockHeaderBytes> head{};
  ASSIGN_OR_RETURN(const std::size_t got, file_->read(offset, head.data(), head.size()));
  const std::string_view head_bytes(head.data(), got);
  const auto header = parse_block_header(head_bytes);
  if (!header) return false;
  const std::uint64_t begin = offset + kBlockHeaderBytes;
  if (begin + header->payload_bytes > limit_) return false;
  std::string payload(header->payload_bytes, '\0');
  ASSIGN_OR_RETURN(const std::size_t size, file_->read(begin, payload.data(), payload.size()));
  payload.resize(size);
  searched_ += size;
  if (!block.decode(*header, head_bytes, std::move(payload), *compression_).ok()) return false;
  searched_ -= size;
  offset_ = begin + header->payload_bytes;
  return true;
}

Result<bool> SegmentReader::search(JournalBlock& block) {
  std::string chunk;
  const std::uint64_t from = offset_;
  for (std::uint64_t at = from + 1; at + kBlockHeaderBytes <= limit_;) {
    chunk.resize(std::min<std::uint64_t>(kSearchBytes, limit_ - at));
    ASSIGN_OR_RETURN(const std::size_t got, file_->read(at, chunk.data(), chunk.size()));
    chunk.resize(got);
    for (std::size_t hit = chunk.find(kBlockStart); hit != std::string::npos;
         hit = chunk.find(kBlockStart, hit + 1)) {
      if (searched_ > kMaxSearchedBytes) return false;
      ASSIGN_OR_RETURN(const bool whole, try_block(at + hit, block));
      if (!whole) continue;
      damaged_ += at + hit - from;
      return true;
    }
    if (got < kBlockStart.size()) break;
    at += got - (kBlockStart.size() - 1);
  }
  return false;
}

Result<bool> SegmentReader::next(JournalBlock& block) {
  ASSIGN_OR_RETURN(const bool whole, try_block(offset_, block));
  if (whole) return true;
  return search(block);
}

}  // namespace catena::storage
