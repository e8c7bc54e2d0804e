// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// The layout of a Windows event log file (EVTX): a file header of 4 KiB, then chunks of 64 KiB that
// stand for themselves, each with a header, tables of names and templates, and records. Numbers are
// little-endian. Sources: [MS-EVEN6] for the records' binary XML, the format description of the
// libevtx project for the file and the chunks.
// Thread safety: constants and pure functions.
namespace catena::evtx {

inline constexpr std::string_view kFileSignature{"ElfFile\0", 8};
inline constexpr std::string_view kChunkSignature{"ElfChnk\0", 8};
inline constexpr std::size_t kFileHeaderBytes = 4096;
inline constexpr std::size_t kChunkBytes = 64 * 1024;

// Offsets in the file header.
inline constexpr std::size_t kFileChunkCountAt = 42;  // 16 bits; wraps at 65,536 chunks
inline constexpr std::size_t kFileFlagsAt = 120;
inline constexpr std::size_t kFileChecksumAt = 124;  // CRC-32 of the bytes before kFileFlagsAt
inline constexpr std::uint32_t kFileIsDirty = 1;     // was open when it was copied

// Offsets in a chunk.
inline constexpr std::size_t kChunkLastIdAt = 32;           // record id of the last record
inline constexpr std::size_t kChunkFreeSpaceAt = 48;        // where the records end
inline constexpr std::size_t kChunkRecordsChecksumAt = 52;  // CRC-32 of the records
inline constexpr std::size_t kChunkFlagsAt = 120;
inline constexpr std::size_t kChunkChecksumAt = 124;  // CRC-32 of what is before kChunkFlagsAt and
inline constexpr std::size_t kChunkTablesAt = 128;    // of the tables, from here to the records
inline constexpr std::size_t kChunkRecordsAt = 512;

// Offsets in a record. The size is written once more as its last four bytes.
inline constexpr std::uint32_t kRecordSignature = 0x2A2A;
inline constexpr std::size_t kRecordSizeAt = 4;
inline constexpr std::size_t kRecordIdAt = 8;
inline constexpr std::size_t kRecordBodyAt = 24;
inline constexpr std::size_t kRecordTrailerBytes = 4;
inline constexpr std::size_t kMinRecordBytes = kRecordBodyAt + kRecordTrailerBytes;

// A little-endian number at `at`; the caller has checked that its bytes are there.
template <typename Number>
[[nodiscard]] inline Number load(std::string_view block, std::size_t at) noexcept {
  const char* const bytes = block.data() + at;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return static_cast<Number>(value);
}
[[nodiscard]] inline std::uint8_t load8(std::string_view block, std::size_t at) noexcept {
  return load<std::uint8_t>(block, at);
}
[[nodiscard]] inline std::uint16_t load16(std::string_view block, std::size_t at) noexcept {
  return load<std::uint16_t>(block, at);
}
[[nodiscard]] inline std::uint32_t load32(std::string_view block, std::size_t at) noexcept {
  return load<std::uint32_t>(block, at);
}
[[nodiscard]] inline std::uint64_t load64(std::string_view block, std::size_t at) noexcept {
  return load<std::uint64_t>(block, at);
}

}  // namespace catena::evtx
