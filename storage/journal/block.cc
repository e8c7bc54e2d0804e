// SPDX-License-Identifier: Apache-2.0
#include "storage/journal/block.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include <zstd.h>

#include "engine/base/hash.h"

namespace catena::storage {
namespace {

constexpr std::uint32_t kBlockMagic = 0x4B4C4243;       // "CBLK"
constexpr std::uint32_t kCompressedMagic = 0x5A4C4243;  // "CBLZ"
constexpr int kCompressionLevel = 1;
constexpr std::size_t kChecksummedFrom = 16;  // magic, length and the checksum itself are not
constexpr std::uint32_t kLengthMask = (1U << kRecordLengthBits) - 1;
constexpr std::uint32_t kReasonMask = 0x7F;
constexpr std::uint32_t kShortened = 1U << 31;
constexpr std::size_t kMaxPeerRuns = std::numeric_limits<std::uint16_t>::max();
constexpr std::size_t kMaxBlockRecords = 2 * pipeline::kMaxOfferRecords;
static_assert(pipeline::kMaxOfferedRecordBytes <= kLengthMask);
static_assert(kDeadLetterReasonCount < kReasonMask);
// An offer, a full block, and a word for each record on top fit.
static_assert(kFullBlockBytes + pipeline::kMaxOfferBytes + 6 * kMaxBlockRecords + kMaxPeerRuns * 8 <
              kMaxBlockBytes);

std::uint64_t checksum_of(std::string_view header_rest, std::string_view stored) {
  return hash64(header_rest) ^ hash64(stored);
}

std::uint32_t word_of(const pipeline::Record& record, std::size_t length) {
  std::uint32_t word = static_cast<std::uint32_t>(length);
  if (record.refused) {
    word |= (static_cast<std::uint32_t>(*record.refused) + 1) << kRecordLengthBits;
  }
  if (record.shortened) word |= kShortened;
  return word;
}

}  // namespace

void append_u32(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

void append_u64(std::string& out, std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

std::uint32_t load_u32(std::string_view bytes, std::size_t at) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::uint64_t load_u64(std::string_view bytes, std::size_t at) noexcept {
  return load_u32(bytes, at) | std::uint64_t{load_u32(bytes, at + 4)} << 32;
}

std::optional<BlockHeader> parse_block_header(std::string_view bytes) noexcept {
  if (bytes.size() < kBlockHeaderBytes) return std::nullopt;
  const std::uint32_t magic = load_u32(bytes, 0);
  if (magic != kBlockMagic && magic != kCompressedMagic) return std::nullopt;
  BlockHeader header;
  header.compressed = magic == kCompressedMagic;
  header.payload_bytes = load_u32(bytes, 4);
  header.checksum = load_u64(bytes, 8);
  header.first_record = load_u64(bytes, 16);
  header.position = load_u64(bytes, 24);
  header.received_at = static_cast<Timestamp>(load_u64(bytes, 32));
  header.records = load_u32(bytes, 40);
  const std::uint32_t both = load_u32(bytes, 44);
  header.listener_bytes = static_cast<std::uint16_t>(both & 0xFFFFU);
  header.peers = static_cast<std::uint16_t>(both >> 16);
  const bool sound = header.payload_bytes <= kMaxBlockBytes && header.records > 0 &&
                     header.records <= kMaxBlockRecords && header.first_record > 0 &&
                     header.listener_bytes <= pipeline::kMaxListenerNameBytes;
  return sound ? std::optional(header) : std::nullopt;
}

void BlockBuilder::add(const pipeline::RecordBatch& batch) {
  const bool sender_changes = words_.empty() ? !batch.peer.empty() : batch.peer != last_peer_;
  if (sender_changes && peer_count_ < kMaxPeerRuns) {
    append_u32(peers_, static_cast<std::uint32_t>(words_.size()));
    const std::string_view name = batch.peer.substr(0, pipeline::kMaxPeerBytes);
    peers_.push_back(static_cast<char>(name.size()));
    peers_ += name;
    last_peer_ = batch.peer;
    ++peer_count_;
  }
  for (const pipeline::Record& record : batch.records) {
    words_.push_back(word_of(record, record.bytes.size()));
    bytes_ += record.bytes;
    bytes_.push_back('\n');
  }
  record_bytes_ = bytes_.size();
}

bool BlockBuilder::is_full() const noexcept {
  return sealed_ || bytes_.size() >= kFullBlockBytes ||
         words_.size() >= pipeline::kMaxOfferRecords || peer_count_ >= kMaxPeerRuns / 2;
}

void BlockBuilder::seal(BlockCompression& compression) {
  if (sealed_) return;
  std::string payload = listener_ + peers_;
  payload.reserve(payload.size() + 4 * words_.size() + bytes_.size());
  for (const std::uint32_t word : words_) append_u32(payload, word);
  payload += bytes_;
  compressed_ = compression.compress(payload, stored_);
  if (!compressed_) stored_ = std::move(payload);
  bytes_ = std::string();
  sealed_ = true;
}

std::string BlockBuilder::encode(std::uint64_t first_record, std::uint64_t position) const {
  std::string rest;  // of the header, behind the checksum
  append_u64(rest, first_record);
  append_u64(rest, position);
  append_u64(rest, static_cast<std::uint64_t>(received_at_));
  append_u32(rest, static_cast<std::uint32_t>(words_.size()));
  append_u32(rest, static_cast<std::uint32_t>(listener_.size()) |
                       static_cast<std::uint32_t>(peer_count_) << 16);
  std::string out;
  out.reserve(kBlockHeaderBytes + stored_.size());
  append_u32(out, compressed_ ? kCompressedMagic : kBlockMagic);
  append_u32(out, static_cast<std::uint32_t>(stored_.size()));
  append_u64(out, checksum_of(rest, stored_));
  return out.append(rest).append(stored_);
}

struct BlockCompression::State {
  ZSTD_CCtx* compress = ZSTD_createCCtx();
  ZSTD_DCtx* expand = ZSTD_createDCtx();
  std::string buffer;
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    ZSTD_freeCCtx(compress);
    ZSTD_freeDCtx(expand);
  }
};

BlockCompression::BlockCompression() : state_(std::make_unique<State>()) {}

BlockCompression::~BlockCompression() = default;

bool BlockCompression::compress(std::string_view payload, std::string& out) {
  if (payload.size() < kLeastBytes || state_->compress == nullptr) return false;
  std::string& buffer = state_->buffer;
  if (buffer.size() < ZSTD_compressBound(payload.size())) {
    buffer.resize(ZSTD_compressBound(payload.size()));
  }
  const std::size_t size = ZSTD_compressCCtx(state_->compress, buffer.data(), buffer.size(),
                                             payload.data(), payload.size(), kCompressionLevel);
  if (ZSTD_isError(size) != 0 || size >= payload.size()) return false;
  out.assign(buffer, 0, size);
  return true;
}

Status BlockCompression::expand(std::string_view stored, std::string& out) {
  const unsigned long long size = ZSTD_getFrameContentSize(stored.data(), stored.size());
  if (size == 0 || size > kMaxBlockBytes) return corrupt("block: no compressed payload");
  out.resize(size);
  const std::size_t got =
      ZSTD_decompressDCtx(state_->expand, out.data(), out.size(), stored.data(), stored.size());
  return got == size ? ok_status() : corrupt("block: damaged compressed payload");
}

Status JournalBlock::decode(const BlockHeader& header, std::string_view header_bytes,
                            std::string stored, BlockCompression& compression) {
  header_ = header;
  if (stored.size() != header.payload_bytes) return corrupt("block is cut off");
  if (checksum_of(header_bytes.substr(kChecksummedFrom), stored) != header.checksum) {
    return corrupt("block: wrong checksum");
  }
  if (header.compressed) {
    RETURN_IF_ERROR(compression.expand(stored, payload_));
  } else {
    payload_ = std::move(stored);
  }
  return read_tables();
}

Status JournalBlock::read_tables() {
  records_.clear();
  peers_.clear();
  const std::string_view bytes = payload_;
  std::size_t at = header_.listener_bytes;
  if (at > bytes.size()) return corrupt("block: its listener's name is cut off");
  for (std::uint16_t i = 0; i < header_.peers; ++i) {
    if (bytes.size() - at < 5) return corrupt("block: its senders are cut off");
    const std::uint32_t first = load_u32(bytes, at);
    const std::size_t size = static_cast<unsigned char>(bytes[at + 4]);
    if (bytes.size() - at - 5 < size) return corrupt("block: a sender's name is cut off");
    peers_.push_back({first, at + 5, size});
    at += 5 + size;
  }
  const std::size_t table = at;
  if ((bytes.size() - table) / 4 < header_.records) return corrupt("block: its table is cut off");
  bytes_begin_ = table + std::size_t{4} * header_.records;
  records_.reserve(header_.records);
  std::size_t begin = 0;
  const std::size_t size = bytes.size() - bytes_begin_;
  for (std::uint32_t i = 0; i < header_.records; ++i) {
    const std::uint32_t word = load_u32(bytes, table + std::size_t{4} * i);
    const std::uint32_t reason = word >> kRecordLengthBits & kReasonMask;
    BlockRecord record{begin, begin + (word & kLengthMask), std::nullopt, (word & kShortened) != 0};
    if (record.end >= size || reason > kDeadLetterReasonCount) return corrupt("block: bad record");
    if (reason != 0) record.refused = static_cast<DeadLetterReason>(reason - 1);
    records_.push_back(record);
    begin = record.end + 1;
  }
  return begin == size ? ok_status() : corrupt("block: bytes behind its records");
}

std::string_view JournalBlock::peer_of(std::size_t record) const noexcept {
  const auto behind =
      std::upper_bound(peers_.begin(), peers_.end(), record,
                       [](std::size_t r, const PeerRun& run) { return r < run.first; });
  if (behind == peers_.begin()) return {};
  const PeerRun& run = *std::prev(behind);
  return std::string_view(payload_).substr(run.begin, run.size);
}

}  // namespace catena::storage
