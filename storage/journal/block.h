// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/event/timestamp.h"
#include "engine/pipeline/receiver.h"

// A block is what the journal writes and reads: records of one listener that became durable
// together, with a checksum over all of it. FORMAT.md has every byte. The records' bytes stand in
// the block as the decoder wants them in a batch: one after the other, a line feed behind each.
// Larger blocks are compressed (Zstandard, its quickest ordinary level): logs become a fifth to a
// tenth, and disks are what a journal waits for.
// Thread safety: none; values. Cost: encoding copies each record once and compresses some 600 MB/s;
// decoding expands some 2 GB/s and copies the table of records. Errors: decoding gives kCorrupt
// with the reason.
namespace catena::storage {

inline constexpr std::size_t kBlockHeaderBytes = 48;
// Payload of one block: the greatest offer on top of a block that was nearly full, and its tables.
inline constexpr std::size_t kMaxBlockBytes = std::size_t{8} * 1024 * 1024;
// A block that has this many bytes of records takes no further offer.
inline constexpr std::size_t kFullBlockBytes = std::size_t{256} * 1024;
// A record's length takes so many bits of its word; reason and the mark of a cut have the rest.
inline constexpr unsigned kRecordLengthBits = 24;

struct BlockRecord {
  std::size_t begin = 0;  // in JournalBlock::bytes()
  std::size_t end = 0;    // where the line feed is
  std::optional<DeadLetterReason> refused;
  bool shortened = false;
};

// The fixed part, which says how long the rest is.
struct BlockHeader {
  std::uint32_t payload_bytes = 0;  // as stored
  bool compressed = false;
  std::uint64_t checksum = 0;
  std::uint64_t first_record = 0;  // number of its first record; the journal counts from 1
  std::uint64_t position = 0;      // bytes of records in all blocks before it
  Timestamp received_at = kNoTime;
  std::uint32_t records = 0;
  std::uint16_t listener_bytes = 0;
  std::uint16_t peers = 0;
};

// nullopt unless these kBlockHeaderBytes begin as a block does and the lengths are within bounds.
[[nodiscard]] std::optional<BlockHeader> parse_block_header(std::string_view bytes) noexcept;

// Compresses and expands; keeps its memory from block to block.
class BlockCompression {
 public:
  // Payloads below this are stored as they are.
  static constexpr std::size_t kLeastBytes = 1024;

  BlockCompression();
  ~BlockCompression();
  BlockCompression(const BlockCompression&) = delete;
  BlockCompression& operator=(const BlockCompression&) = delete;

  // False when it does not become smaller.
  [[nodiscard]] bool compress(std::string_view payload, std::string& out);
  // kCorrupt when it is no frame, or expands to more than kMaxBlockBytes or to nothing.
  Status expand(std::string_view stored, std::string& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Takes offers and becomes the bytes of a block.
class BlockBuilder {
 public:
  BlockBuilder(std::string_view listener, Timestamp received_at)
      : listener_(listener), received_at_(received_at) {}

  // The batch is within the port's limits.
  void add(const pipeline::RecordBatch& batch);
  [[nodiscard]] bool is_full() const noexcept;
  [[nodiscard]] const std::string& listener() const noexcept { return listener_; }
  [[nodiscard]] std::size_t records() const noexcept { return words_.size(); }
  [[nodiscard]] std::size_t record_bytes() const noexcept { return record_bytes_; }

  // Nothing is added any more: makes the payload, which is the work of encoding. Does nothing when
  // it is done.
  void seal(BlockCompression& compression);
  // The whole block. It is sealed.
  [[nodiscard]] std::string encode(std::uint64_t first_record, std::uint64_t position) const;

 private:
  std::string listener_;
  Timestamp received_at_;
  std::string peers_;  // encoded
  std::string last_peer_;
  std::uint16_t peer_count_ = 0;
  std::vector<std::uint32_t> words_;
  std::string bytes_;
  std::size_t record_bytes_ = 0;
  bool sealed_ = false;
  bool compressed_ = false;
  std::string stored_;  // the payload, when it is sealed
};

// A block as read. Views point into it.
class JournalBlock {
 public:
  // `stored` is what follows the header. kCorrupt when the checksum or a length is wrong.
  Status decode(const BlockHeader& header, std::string_view header_bytes, std::string stored,
                BlockCompression& compression);

  [[nodiscard]] const BlockHeader& header() const noexcept { return header_; }
  [[nodiscard]] std::string_view listener() const noexcept {
    return std::string_view(payload_).substr(0, header_.listener_bytes);
  }
  [[nodiscard]] const std::vector<BlockRecord>& records() const noexcept { return records_; }
  [[nodiscard]] std::string_view bytes() const noexcept {
    return std::string_view(payload_).substr(bytes_begin_);
  }
  // Who sent the record; may be empty.
  [[nodiscard]] std::string_view peer_of(std::size_t record) const noexcept;

 private:
  Status read_tables();

  struct PeerRun {
    std::uint32_t first = 0;  // record from which on it is the sender
    std::size_t begin = 0;    // of the name in payload_
    std::size_t size = 0;
  };
  BlockHeader header_;
  std::string payload_;
  std::size_t bytes_begin_ = 0;
  std::vector<BlockRecord> records_;
  std::vector<PeerRun> peers_;
};

// Little-endian numbers, shared with the segment's header.
void append_u32(std::string& out, std::uint32_t value);
void append_u64(std::string& out, std::uint64_t value);
[[nodiscard]] std::uint32_t load_u32(std::string_view bytes, std::size_t at) noexcept;
[[nodiscard]] std::uint64_t load_u64(std::string_view bytes, std::size_t at) noexcept;

}  // namespace catena::storage
