// SPDX-License-Identifier: Apache-2.0
#include "connectors/file/file_source.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "connectors/codec/character_search.h"
#include "connectors/evtx/layout.h"

namespace catena::file {
namespace {

constexpr std::string_view kGzipMagic = "\x1F\x8B";
constexpr std::string_view kZstdMagic = "\x28\xB5\x2F\xFD";
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kUtf16LittleMark = "\xFF\xFE";
constexpr std::string_view kUtf16BigMark = "\xFE\xFF";
constexpr std::size_t kMagicBytes = 4;
constexpr std::size_t kSmallestBatch = 1;

bool starts_with(std::string_view text, std::string_view prefix) noexcept {
  return text.substr(0, prefix.size()) == prefix;
}

// The first `wanted` bytes of `reader`, which are then read again through the reader returned.
Result<std::unique_ptr<ByteReader>> peek(std::unique_ptr<ByteReader> reader, std::string& head,
                                         std::size_t wanted = kMagicBytes) {
  head.assign(wanted, '\0');
  std::size_t size = 0;
  while (size < wanted) {
    ASSIGN_OR_RETURN(const std::size_t count, reader->read(head.data() + size, wanted - size));
    if (count == 0) break;
    size += count;
  }
  head.resize(size);
  return make_prefixed_reader(head, std::move(reader));
}

}  // namespace

Status FileSource::recognise(std::unique_ptr<DescriptorReader> descriptor,
                             const std::string& path) {
  descriptor_ = descriptor.get();
  std::string head;
  ASSIGN_OR_RETURN(reader_, peek(std::move(descriptor), head));
  const bool gzip = starts_with(head, kGzipMagic);
  if (gzip || starts_with(head, kZstdMagic)) {
    reader_ = gzip ? make_gzip_reader(std::move(reader_), path, options_.expansion)
                   : make_zstd_reader(std::move(reader_), path, options_.expansion);
    auto peeked = peek(std::move(reader_), head);
    if (!peeked.ok()) return peeked.status();
    reader_ = *std::move(peeked);
  }
  // More is waited for only where it will come: an event log file is longer than its signature.
  if (head == evtx::kFileSignature.substr(0, kMagicBytes)) {
    auto peeked = peek(std::move(reader_), head, evtx::kFileSignature.size());
    if (!peeked.ok()) return peeked.status();
    reader_ = *std::move(peeked);
    is_evtx_ = head == evtx::kFileSignature;
  }
  std::size_t mark = 0;
  if (starts_with(head, kUtf8Mark)) {
    mark = kUtf8Mark.size();
  } else if (starts_with(head, kUtf16LittleMark) || starts_with(head, kUtf16BigMark)) {
    mark = kUtf16LittleMark.size();
  }
  if (mark == 0) return ok_status();
  std::size_t skipped = 0;
  while (skipped < mark) {
    ASSIGN_OR_RETURN(const std::size_t count, reader_->read(head.data(), mark - skipped));
    skipped += count;
  }
  if (mark == kUtf8Mark.size()) {
    offset_ = mark;
    return ok_status();
  }
  // `head` was overwritten with the mark itself.
  reader_ = make_utf16_reader(std::move(reader_), head[0] == kUtf16BigMark[0]);
  return ok_status();
}

Result<std::unique_ptr<FileSource>> FileSource::open(const std::string& path,
                                                     std::uint32_t source_index,
                                                     FileSourceOptions options) {
  ASSIGN_OR_RETURN(std::unique_ptr<DescriptorReader> descriptor, DescriptorReader::open(path));
  options.batch_bytes = std::max(options.batch_bytes, kSmallestBatch);
  std::unique_ptr<FileSource> source(new FileSource(source_index, options));
  // What is held over is shorter than a batch, but for long records: no growth on the way.
  source->held_.reserve(options.batch_bytes);
  RETURN_IF_ERROR(source->recognise(std::move(descriptor), path == "-" ? "standard input" : path));
  return source;
}

// Reads until the batch holds `wanted` bytes, the input ends or fails, or has nothing more at the
// moment and may be looked at. With `must_read` it reads before it looks.
void FileSource::fill(EventBatch& batch, std::size_t wanted, bool must_read) {
  if (batch.bytes.size() < wanted + EventBatch::kPadding) {
    batch.bytes.resize(wanted + EventBatch::kPadding);
  }
  waits_ = false;
  while (batch.size < wanted && !ended_) {
    if (!must_read && may_look_while_waiting(batch)) {
      waits_ = true;
      return;
    }
    must_read = false;
    auto count = reader_->read(batch.bytes.data() + batch.size, wanted - batch.size);
    if (!count.ok()) {
      error_ = count.status();
      ended_ = true;
      batch.ends_truncated = true;
      return;
    }
    ended_ = *count == 0;
    batch.size += *count;
    waiting_credit_ += *count * kWaitingCreditPerByte;
  }
}

bool FileSource::may_look_while_waiting(const EventBatch& batch) noexcept {
  if (is_evtx_ || batch.size == 0 || batch.bytes[batch.size - 1] != '\n') return false;
  if (waiting_credit_ < batch.size || !reader_->would_wait()) return false;
  waiting_credit_ -= batch.size;
  return true;
}

// Where the batch may end so that only whole records are in it; 0 when the first one may not be
// complete.
std::size_t FileSource::find_cut(const EventBatch& batch) const {
  if (ended_) return batch.size;
  if (waits_) return codec::complete_records(batch.received());
  const std::size_t certain = codec::last_certain_boundary(batch.received());
  return certain != 0 ? certain : codec::last_record_start(batch.received());
}

void FileSource::deliver(EventBatch& batch, std::size_t cut) {
  held_.assign(batch.bytes, cut, batch.size - cut);
  batch.size = cut;
  std::memset(batch.bytes.data() + cut, 0, EventBatch::kPadding);
  offset_ += cut;
  line_ += codec::count_line_ends(batch.received());
}

Result<bool> FileSource::next(EventBatch& batch) {
  batch.clear();
  batch.source = source_index_;
  batch.first_line = line_;
  batch.first_offset = offset_;
  batch.reference_time = descriptor_->modified();
  if (ended_ && held_.empty()) {
    if (!error_.ok()) return error_;
    return false;
  }
  if (is_evtx_) return next_chunks(batch);
  std::size_t wanted = std::max(options_.batch_bytes, held_.size());
  if (batch.bytes.size() < wanted + EventBatch::kPadding) {
    batch.bytes.resize(wanted + EventBatch::kPadding);
  }
  std::memcpy(batch.bytes.data(), held_.data(), held_.size());
  batch.size = held_.size();
  held_.clear();
  waits_ = false;
  while (true) {
    fill(batch, wanted, waits_);
    const std::size_t cut = find_cut(batch);
    if (cut != 0 || batch.size == 0) {
      deliver(batch, cut);
      break;
    }
    if (waits_) continue;  // nothing is complete: wait for more
    if (batch.size > options_.max_record_bytes) return skip_record(batch);
    wanted = std::max<std::size_t>(wanted * 2, 2);
    wanted = std::min<std::size_t>(wanted, options_.max_record_bytes + 1);
  }
  if (batch.size != 0) return true;
  if (!error_.ok()) return error_;
  return false;
}

// Whole chunks, the first batch also with the file's header; less only where the input ends.
Result<bool> FileSource::next_chunks(EventBatch& batch) {
  batch.form = BatchForm::kEvtx;
  const std::size_t chunks = std::max<std::size_t>(options_.batch_bytes / evtx::kChunkBytes, 1);
  const std::size_t header = offset_ == 0 ? evtx::kFileHeaderBytes : 0;
  fill(batch, header + chunks * evtx::kChunkBytes, /*must_read=*/true);
  std::memset(batch.bytes.data() + batch.size, 0, EventBatch::kPadding);
  offset_ += batch.size;
  if (batch.size != 0) return true;
  if (!error_.ok()) return error_;
  return false;
}

void FileSource::add_too_long(EventBatch& batch, std::size_t begin) {
  const std::string_view received = batch.received();
  DeadLetter letter;
  letter.reason = DeadLetterReason::kTooLong;
  letter.origin = {source_index_, line_ + codec::count_line_ends(received.substr(0, begin)),
                   offset_ + begin};
  letter.excerpt = batch.arena.copy(received.substr(begin, DeadLetter::kExcerptBytes));
  batch.dead_letters.push_back(letter);
}

// The batch holds the start of a record that is too long: reads on to its end and forgets it.
Result<bool> FileSource::skip_record(EventBatch& batch) {
  codec::Framer framer(batch.received(), /*at_end=*/false);
  framer.skip_to_record();
  std::size_t at = framer.position();
  const bool document = at < batch.size && batch.bytes[at] == '{';
  add_too_long(batch, at);
  codec::DocumentScanner scanner;
  while (true) {
    const std::string_view bytes = batch.received();
    bool done = ended_ && at == bytes.size();
    if (!done && document) {
      done = scanner.scan(bytes, at, ended_) != codec::DocumentScanner::State::kOpen;
    } else if (!done) {
      const std::size_t end = bytes.find('\n', at);
      at = std::min(end, bytes.size());
      done = end != std::string_view::npos;
    }
    offset_ += at;
    line_ += codec::count_line_ends(bytes.substr(0, at));
    held_.assign(bytes.substr(at));
    if (done) break;
    // A scanner that waits at a line end has seen only blanks behind it; one blank is enough.
    const bool waits = !held_.empty() && held_.find_first_not_of(" \t\r\n") == std::string::npos;
    if (waits && held_.size() > 1) {
      offset_ += held_.size() - 1;
      line_ += codec::count_line_ends(held_) - 1;
      held_.assign(1, '\n');
    }
    std::memcpy(batch.bytes.data(), held_.data(), held_.size());
    batch.size = held_.size();
    at = 0;
    fill(batch, std::max(options_.batch_bytes, held_.size() + 1), /*must_read=*/true);
  }
  batch.size = 0;
  batch.ends_truncated = false;
  return true;
}

}  // namespace catena::file
