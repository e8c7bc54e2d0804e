// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/decoder.h"

#include <algorithm>
#include <cstring>

#include "connectors/codec/character_search.h"
#include "connectors/codec/framing.h"
#include "connectors/codec/json_text.h"
#include "connectors/codec/json_walker.h"
#include "connectors/codec/outline_table.h"
#include "connectors/codec/text_decoder.h"
#include "connectors/codec/utf8_repair.h"
#include "engine/base/text_fold.h"
#include "engine/normalise/layout_normaliser.h"
#include "engine/normalise/normaliser.h"

namespace catena::codec {
namespace {

using normalise::FlatRecord;
using normalise::ShapeId;

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }

// A line that is a JSON value but no object; a comma may follow, as in an array over many lines.
bool is_bare_scalar(std::string_view line) noexcept {
  if (!line.empty() && line.back() == ',') line.remove_suffix(1);
  if (line == "true" || line == "false" || line == "null" || is_json_number(line)) return true;
  if (line.size() < 2 || line.front() != '"' || line.back() != '"') return false;
  const std::string_view body = line.substr(1, line.size() - 2);
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '"') return false;
    if (body[i] == '\\') ++i;
  }
  return true;
}

}  // namespace

// One decoder's buffers and the batch it works on.
class Decoder::Run {
 public:
  Run(const normalise::NormalisationTable& table, DecoderOptions options)
      : table_(table),
        options_(options),
        json_(table, options.hash_seed),
        text_(table, json_),
        normaliser_(table),
        outlines_(table),
        layout_normaliser_(table) {}

  void decode(EventBatch& batch);

 private:
  void decode_framed();
  void take_framed(Framer& framer, std::size_t begin, std::size_t end);
  bool try_known_line(Framer& framer);
  bool try_line_document(Framer& framer);
  void take_frame(const Frame& frame);
  bool take_document(std::string_view record, std::size_t begin);
  void take_text(const Frame& frame);
  bool take_known(const OutlineTable::Known& known, std::string_view record, std::size_t begin);
  void take_with_embedded(const OutlineTable::Known& known, std::string_view record,
                          std::size_t begin, std::uint8_t flags);
  void take_embedded(std::span<const std::uint32_t> embedded);
  void emit(std::string_view record, std::size_t begin);
  void reject(std::string_view record, std::size_t begin, DeadLetterReason reason);
  EventOrigin origin(std::size_t begin);

  const normalise::NormalisationTable& table_;
  DecoderOptions options_;
  JsonWalker json_;
  TextDecoder text_;
  normalise::Normaliser normaliser_;
  OutlineTable outlines_;
  normalise::LayoutNormaliser layout_normaliser_;
  bool compared_ = false;  // the line at the framer's position has no known outline
  FlatRecord record_;
  std::vector<std::uint32_t> embedded_;
  EventBatch* batch_ = nullptr;
  TextContext context_;
  std::optional<DeadLetterReason> problem_;
  std::size_t counted_ = 0;  // bytes whose line ends are in line_
  std::uint64_t line_ = 1;
};

EventOrigin Decoder::Run::origin(std::size_t begin) {
  const std::string_view bytes = batch_->received();
  line_ += count_line_ends(bytes.substr(counted_, begin - counted_));
  counted_ = begin;
  return {batch_->source, line_, batch_->first_offset + begin};
}

void Decoder::Run::reject(std::string_view record, std::size_t begin, DeadLetterReason reason) {
  DeadLetter letter;
  letter.origin = origin(begin);
  letter.reason = reason;
  letter.excerpt = batch_->arena.copy(record.substr(0, DeadLetter::kExcerptBytes));
  batch_->dead_letters.push_back(letter);
}

void Decoder::Run::emit(std::string_view record, std::size_t begin) {
  Event& event = batch_->events.emplace_back();
  event.origin = origin(begin);
  event.raw = record;
  event.raw_holds_values = record_.raw_holds_values;
  normaliser_.normalise(record_, batch_->arena, event);
}

// Embedded records become segments of their own behind the fields of the record that holds them.
void Decoder::Run::take_embedded(std::span<const std::uint32_t> embedded) {
  embedded_.assign(embedded.begin(), embedded.end());  // walks change the walker's own
  context_.following = {};  // lines behind a document are no part of what it holds
  normalise::MarkerSet markers;
  for (const normalise::FlatField& field : record_.fields) markers |= table_.marker(field.path);
  const ShapeId shape = table_.detect_shape(markers);
  record_.segments[0].shape = shape;
  for (const std::uint32_t index : embedded_) {
    const normalise::FlatField field = record_.fields[index];
    const auto* target = table_.target(field.path, shape);
    if (target == nullptr || !target->embedded || field.text.empty()) continue;
    const std::size_t fields = record_.fields.size();
    const std::size_t segments = record_.segments.size();
    const std::uint8_t flags = record_.flags;
    bool taken = false;
    if (field.text.front() == '{') {
      // The parser wants readable bytes behind the document.
      const std::size_t size = field.text.size();
      auto* copy = static_cast<char*>(batch_->arena.allocate(size + kJsonPadding, 1));
      std::memcpy(copy, field.text.data(), size);
      std::memset(copy + size, 0, kJsonPadding);
      record_.begin_segment(shape);
      taken = !json_.walk({copy, size}, table_.path_name(field.path), batch_->arena, record_);
    } else if (field.text.substr(0, 10) == "<EventData") {
      record_.begin_segment(shape);
      taken = text_.decode_event_data(field.text, batch_->arena, record_);
    } else {
      taken = text_.decode_embedded(field.text, context_, batch_->arena, record_);
    }
    if (taken) continue;
    record_.fields.resize(fields);
    record_.segments.resize(segments);
    record_.flags = flags;
  }
}

bool Decoder::Run::take_document(std::string_view record, std::size_t begin) {
  record_.clear();
  record_.begin_segment(normalise::kDetectShape);
  problem_ = json_.walk(record, "", batch_->arena, record_);
  if (problem_) return false;
  if (compared_ && (record_.flags & ~kFlagDuplicateKey) == 0) outlines_.learn(record, record_);
  const bool raw_holds_values = record_.raw_holds_values;
  // Walks of its own, of which a failed one leaves no segment.
  if (!json_.embedded().empty()) take_embedded(json_.embedded());
  record_.raw_holds_values = raw_holds_values && record_.segments.size() == 1;
  emit(record, begin);
  return true;
}

void Decoder::Run::take_text(const Frame& frame) {
  const std::string_view bytes = batch_->received();
  const std::string_view record = bytes.substr(frame.begin, frame.end - frame.begin);
  if (batch_->ends_truncated && frame.end == bytes.size()) {
    reject(record, frame.begin, DeadLetterReason::kTruncated);
    return;
  }
  if (looks_binary(record)) {
    reject(record, frame.begin, DeadLetterReason::kBinary);
    return;
  }
  if (is_bare_scalar(record)) {
    reject(record, frame.begin, DeadLetterReason::kNotARecord);
    return;
  }
  record_.clear();
  std::string_view line = record;
  if (!is_utf8(line)) {
    record_.flags |= kFlagInvalidUtf8;
    line = repair_utf8(line, kJsonPadding, batch_->arena);
  }
  context_.following = bytes.substr(std::min(bytes.size(), frame.end + 1));
  if (const auto problem = text_.decode(line, context_, batch_->arena, record_)) {
    reject(record, frame.begin, *problem);
    return;
  }
  record_.raw_holds_values = false;  // decoders of text undo more than simple escapes
  emit(record, frame.begin);
}

void Decoder::Run::take_frame(const Frame& frame) {
  const std::string_view record = batch_->received().substr(frame.begin, frame.end - frame.begin);
  if (record.size() > kMaxRecordBytes) {
    reject(record, frame.begin, DeadLetterReason::kTooLong);
    return;
  }
  switch (frame.kind) {
    case Frame::Kind::kText:
      take_text(frame);
      return;
    case Frame::Kind::kDocument:
      if (!take_document(record, frame.begin)) reject(record, frame.begin, *problem_);
      return;
    case Frame::Kind::kBroken:
      reject(record, frame.begin, looks_binary(record) ? DeadLetterReason::kBinary : frame.reason);
      return;
  }
}

// A known outline with an embedded record somewhere: as take_document goes on behind its walk.
void Decoder::Run::take_with_embedded(const OutlineTable::Known& known, std::string_view record,
                                      std::size_t begin, std::uint8_t flags) {
  record_.clear();
  record_.begin_segment(normalise::kDetectShape);
  record_.flags = flags;
  for (const Outline::FlatValue& value : known.outline->values) {
    record_.fields.push_back(outlines_.values()[value.slot]);
    record_.fields.back().path = value.path;
  }
  take_embedded(known.outline->embedded);
  record_.raw_holds_values = !known.unicode_escapes && flags == 0 && record_.segments.size() == 1;
  emit(record, begin);
}

bool Decoder::Run::take_known(const OutlineTable::Known& known, std::string_view record,
                              std::size_t begin) {
  if (!known.is_ascii && !JsonWalker::is_valid_utf8(record)) return false;
  Outline& outline = *known.outline;
  const std::span<normalise::FlatField> values = outlines_.values();
  std::uint8_t flags = outline.flags;
  const auto unescape = [&](normalise::FlatField& value) {
    return !value.escaped || json_.unescape(value, flags, batch_->arena);
  };
  if (known.unicode_escapes) {
    const auto scalars = values.subspan(0, outline.scalars);
    if (!std::all_of(scalars.begin(), scalars.end(), unescape)) return false;
  }
  if (outline.layout.has_embedded()) {
    for (const std::uint32_t index : outline.embedded) {
      if (!unescape(values[outline.values[index].slot])) return false;
    }
    take_with_embedded(known, record, begin, flags);
    return true;
  }
  Event& event = batch_->events.emplace_back();
  event.origin = origin(begin);
  event.raw = record;
  event.raw_holds_values = !known.unicode_escapes && flags == 0;
  layout_normaliser_.normalise(outline.layout, values, flags, batch_->arena, event);
  return true;
}

// A line that is one document with a known outline.
bool Decoder::Run::try_known_line(Framer& framer) {
  compared_ = false;
  const std::string_view bytes = batch_->received();
  const std::size_t begin = framer.position();
  if (!options_.learn_outlines || begin >= bytes.size() || bytes[begin] != '{') return false;
  if (!outlines_.worth_comparing()) return false;
  compared_ = true;
  const OutlineTable::Known known = outlines_.find(bytes.substr(begin));
  if (known.outline == nullptr || !take_known(known, bytes.substr(begin, known.size), begin)) {
    return false;
  }
  const std::size_t line_end = begin + known.line_end;
  counted_ = line_end;
  framer.seek(line_end);
  return true;
}

// The usual case without framing: a line that is one whole document. A valid document has balanced
// brackets and no line end inside, so framing would find the same record.
bool Decoder::Run::try_line_document(Framer& framer) {
  const std::string_view bytes = batch_->received();
  const std::size_t begin = framer.position();
  if (begin >= bytes.size() || bytes[begin] != '{') return false;
  const std::size_t line_end = std::min(bytes.find('\n', begin), bytes.size());
  std::size_t end = line_end;
  while (end > begin && is_blank(bytes[end - 1])) --end;
  if (bytes[end - 1] != '}' || end - begin > kMaxRecordBytes) return false;
  if (!take_document(bytes.substr(begin, end - begin), begin)) return false;
  counted_ = line_end;  // a document on one line has no line end inside
  framer.seek(line_end);
  return true;
}

// What a receiver says is one record is one event or one dead letter, whatever is in it.
void Decoder::Run::take_framed(Framer& framer, std::size_t begin, std::size_t end) {
  const std::string_view bytes = batch_->received();
  compared_ = false;
  if (bytes[begin] == '{') {
    // The known-outline path reads to the end of the line, so the record must be that line.
    const bool one_line = bytes.substr(begin, end - begin).find('\n') == std::string_view::npos;
    framer.seek(begin);
    if (one_line && (try_known_line(framer) || try_line_document(framer))) return;
    compared_ = false;
    const std::string_view record = bytes.substr(begin, end - begin);
    if (!take_document(record, begin)) reject(record, begin, *problem_);
    return;
  }
  Frame frame;
  frame.begin = begin;
  frame.end = end;
  take_frame(frame);
}

void Decoder::Run::decode_framed() {
  const std::string_view bytes = batch_->received();
  Framer framer(bytes, /*at_end=*/true);
  std::size_t begin = 0;
  for (std::size_t i = 0; i < batch_->record_ends.size(); ++i) {
    std::size_t end = batch_->record_ends[i];
    const std::size_t next = end + 1;
    if (end == begin) {  // refused by its receiver
      begin = next;
      continue;
    }
    while (end > begin && (is_blank(bytes[end - 1]) || bytes[end - 1] == '\n')) --end;
    while (begin < end && (is_blank(bytes[begin]) || bytes[begin] == '\n')) ++begin;
    line_ = batch_->first_line + i;
    counted_ = begin;
    if (begin < end) {
      take_framed(framer, begin, end);
    } else {
      reject({}, begin, DeadLetterReason::kNotARecord);
    }
    begin = next;
  }
}

void Decoder::Run::decode(EventBatch& batch) {
  batch_ = &batch;
  line_ = batch.first_line;
  counted_ = 0;
  context_.reference_time =
      batch.reference_time != kNoTime ? batch.reference_time : options_.reference_time;
  text_.begin_batch();
  if (batch.form == BatchForm::kFramed) {
    decode_framed();
    batch_ = nullptr;
    return;
  }
  Framer framer(batch.received(), /*at_end=*/true);
  Frame frame;
  while (true) {
    if (framer.skip_to_record()) {
      if (try_known_line(framer) || try_line_document(framer)) continue;
    }
    compared_ = false;
    if (!framer.next(frame)) break;
    take_frame(frame);
  }
  batch_ = nullptr;
}

Decoder::Decoder(const normalise::NormalisationTable& table, const FieldCatalog& /*catalog*/,
                 DecoderOptions options)
    : run_(std::make_unique<Run>(table, options)) {}

Decoder::~Decoder() = default;

void Decoder::decode(EventBatch& batch) { run_->decode(batch); }

}  // namespace catena::codec
