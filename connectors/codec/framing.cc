// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/framing.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "connectors/codec/character_search.h"

namespace catena::codec {
namespace {

// audit(…) stands behind at most a syslog header.
constexpr std::size_t kAuditSearchBytes = 512;
constexpr std::size_t kMaxAuditIdBytes = 64;
// The longest JSON number that a line may start with and still be taken for JSON.
constexpr std::size_t kMaxScalarBytes = 64;

enum class Container : std::uint8_t { kObject, kArray, kUnknown };
enum class Answer : std::uint8_t { kYes, kNo, kNeedMore };

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::size_t skip_blank(std::string_view bytes, std::size_t position) noexcept {
  while (position < bytes.size() && is_blank(bytes[position])) ++position;
  return position;
}

bool is_number(std::string_view token) noexcept {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < token.size() && is_digit(token[i])) ++i;
    return i > start;
  };
  if (i < token.size() && token[i] == '-') ++i;
  if (!digits()) return false;
  if (i < token.size() && token[i] == '.') {
    ++i;
    if (!digits()) return false;
  }
  if (i < token.size() && (token[i] == 'e' || token[i] == 'E')) {
    ++i;
    if (i < token.size() && (token[i] == '+' || token[i] == '-')) ++i;
    if (!digits()) return false;
  }
  return i == token.size();
}

// Whether a line that starts with a JSON number or literal goes on like JSON behind it.
Answer starts_scalar(std::string_view line, bool at_end) noexcept {
  std::size_t end = 0;
  while (end < line.size() && end < kMaxScalarBytes && !is_blank(line[end]) && line[end] != ',' &&
         line[end] != '}' && line[end] != ']') {
    ++end;
  }
  if (end == line.size() && !at_end) return Answer::kNeedMore;
  const std::string_view token = line.substr(0, end);
  if (token != "true" && token != "false" && token != "null" && !is_number(token)) {
    return Answer::kNo;
  }
  while (end < line.size() && line[end] != '\n' && is_blank(line[end])) ++end;
  if (end == line.size()) return at_end ? Answer::kYes : Answer::kNeedMore;
  const char next = line[end];
  return next == '\n' || next == ',' || next == '}' || next == ']' ? Answer::kYes : Answer::kNo;
}

Answer starts_value(std::string_view line, bool at_end) noexcept {
  const char c = line.front();
  if (c == '"' || c == '{' || c == '[') return Answer::kYes;
  return starts_scalar(line, at_end);
}

Answer yes_if(bool condition) noexcept { return condition ? Answer::kYes : Answer::kNo; }

// Whether `line` (at its first character that is not blank) can continue a document whose last
// character was `previous`, inside `container`.
Answer continues_document(char previous, Container container, std::string_view line,
                          bool at_end) noexcept {
  const char next = line.front();
  switch (previous) {
    case '{':
      return yes_if(next == '"' || next == '}');
    case '[':
      return next == ']' ? Answer::kYes : starts_value(line, at_end);
    case ':':
      return starts_value(line, at_end);
    case ',':
      if (container == Container::kObject) return yes_if(next == '"');
      return starts_value(line, at_end);
    default:
      return yes_if(next == ',' || next == '}' || next == ']' || (next == ':' && previous == '"'));
  }
}

}  // namespace

bool DocumentScanner::open(bool object) noexcept {
  if (depth_ < kTrackedDepth) {
    const std::uint64_t bit = 1ULL << depth_;
    objects_ = object ? objects_ | bit : objects_ & ~bit;
  }
  ++depth_;
  return true;
}

bool DocumentScanner::close(bool object) noexcept {
  --depth_;
  return depth_ >= kTrackedDepth || ((objects_ >> depth_ & 1U) != 0) == object;
}

DocumentScanner::State DocumentScanner::scan_string(std::string_view bytes, std::size_t& position) {
  while (position < bytes.size()) {
    if (escaped_) {
      escaped_ = false;
      if (bytes[position] != '\n') {
        ++position;
        continue;
      }
    }
    position = find_string_end(bytes, position);
    if (position == bytes.size()) break;
    const char c = bytes[position];
    ++position;
    if (c == '"') {
      in_string_ = false;
      previous_ = '"';
      return State::kOpen;
    }
    if (c == '\n') return State::kBroken;
    escaped_ = true;
  }
  return State::kOpen;
}

DocumentScanner::State DocumentScanner::scan_line_end(std::string_view bytes, std::size_t& position,
                                                      bool at_end) {
  const std::size_t next = skip_blank(bytes, position);
  if (next == bytes.size()) {
    if (!at_end) return State::kOpen;
    position = next;
    return State::kBroken;
  }
  const Container container = depth_ > kTrackedDepth                 ? Container::kUnknown
                              : (objects_ >> (depth_ - 1) & 1U) != 0 ? Container::kObject
                                                                     : Container::kArray;
  const Answer answer = continues_document(previous_, container, bytes.substr(next), at_end);
  if (answer == Answer::kNeedMore) return State::kOpen;
  if (answer == Answer::kYes) {
    position = next;
    return State::kComplete;
  }
  position = find_last_line_end(bytes, next + 1) + 1;
  return State::kBroken;
}

DocumentScanner::State DocumentScanner::skip_line(std::string_view bytes, std::size_t& position,
                                                  bool at_end) {
  const std::size_t end = bytes.find('\n', position);
  position = end == std::string_view::npos ? bytes.size() : end + 1;
  if (end == std::string_view::npos && !at_end) return State::kOpen;
  return State::kBroken;
}

DocumentScanner::State DocumentScanner::scan(std::string_view bytes, std::size_t& position,
                                             bool at_end) {
  if (skipping_line_) return skip_line(bytes, position, at_end);
  while (position < bytes.size()) {
    if (in_string_) {
      if (scan_string(bytes, position) == State::kBroken) return State::kBroken;
      continue;
    }
    const char c = bytes[position];
    if (c == '\n') {
      const State state = scan_line_end(bytes, position, at_end);
      if (state != State::kComplete) return state;
      continue;
    }
    ++position;
    if (is_blank(c)) continue;
    previous_ = c;
    if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      open(c == '{');
    } else if (c == '}' || c == ']') {
      const bool matches = close(c == '}');
      if (!matches) {
        reason_ = DeadLetterReason::kInvalidJson;
        skipping_line_ = true;
        return skip_line(bytes, position, at_end);
      }
      if (depth_ == 0) return State::kComplete;
    }
  }
  return at_end ? State::kBroken : State::kOpen;
}

std::size_t Framer::line_end(std::size_t position) const noexcept {
  const std::size_t end = bytes_.find('\n', position);
  return end == std::string_view::npos ? bytes_.size() : end;
}

// Whether the punctuation at `position` stands around records: only more of it follows on its line,
// or a record.
Framer::Skip Framer::skip_punctuation() {
  std::size_t at = position_ + 1;
  for (; at < bytes_.size(); ++at) {
    const char c = bytes_[at];
    if (c == '\n' || c == '{') break;
    if (!is_blank(c) && c != ',' && c != ']' && c != '}' && c != '[') return Skip::kRecord;
  }
  if (at == bytes_.size() && !at_end_) return Skip::kIncomplete;
  position_ = at;
  return Skip::kSkipped;
}

// A bracket before an object, another bracket or the end of its line opens an array of records.
Framer::Skip Framer::skip_open_bracket() {
  std::size_t next = position_ + 1;
  while (next < bytes_.size() && bytes_[next] != '\n' && is_blank(bytes_[next])) ++next;
  if (next == bytes_.size()) {
    if (!at_end_) return Skip::kIncomplete;
  } else if (bytes_[next] != '{' && bytes_[next] != '[' && bytes_[next] != ']' &&
             bytes_[next] != '\n') {
    return Skip::kRecord;
  }
  ++position_;
  return Skip::kSkipped;
}

// {"Records":[{ or {"records":[{ with any blanks between: only the elements are records.
Framer::Skip Framer::skip_envelope() {
  std::size_t at = position_ + 1;
  for (const std::string_view part : {"\"Records\"", ":", "["}) {
    at = skip_blank(bytes_, at);
    const std::string_view rest = bytes_.substr(at);
    const std::size_t length = std::min(rest.size(), part.size());
    for (std::size_t i = 0; i < length; ++i) {
      if (rest[i] != part[i] && !(part[i] == 'R' && rest[i] == 'r')) return Skip::kRecord;
    }
    if (length < part.size()) return at_end_ ? Skip::kRecord : Skip::kIncomplete;
    at += length;
  }
  const std::size_t first = skip_blank(bytes_, at);
  if (first == bytes_.size()) return at_end_ ? Skip::kRecord : Skip::kIncomplete;
  if (bytes_[first] != '{' && bytes_[first] != ']') return Skip::kRecord;
  position_ = at;
  mid_line_ = true;
  in_envelope_start_ = true;
  return Skip::kSkipped;
}

Framer::Skip Framer::skip_one() {
  const char c = bytes_[position_];
  if (c == '\n') mid_line_ = false;
  if (is_blank(c)) {
    ++position_;
    return Skip::kSkipped;
  }
  if (c == '{') return position_ < region_end_ ? Skip::kRecord : skip_envelope();
  if (c == '[') return skip_open_bracket();
  if (c == ',' || c == ']' || c == '}') return skip_punctuation();
  return Skip::kRecord;
}

bool Framer::skip_to_record() {
  while (position_ < bytes_.size()) {
    const Skip skip = skip_one();
    if (skip != Skip::kSkipped) return skip == Skip::kRecord;
  }
  return false;
}

// Whether bytes that start at position() are framed as they are here: not behind the start of an
// envelope, not inside a broken document, not in a line whose start changes what the rest is.
bool Framer::may_cut() const noexcept {
  return position_ < bytes_.size() && position_ >= region_end_ && !in_envelope_start_ &&
         (bytes_[position_] == '{' || !mid_line_);
}

bool Framer::next(Frame& frame) {
  if (!skip_to_record()) return false;
  frame.begin = position_;
  frame.may_start_bytes = may_cut();
  const bool found = bytes_[position_] == '{' ? next_document(frame) : next_text(frame);
  if (found) in_envelope_start_ = false;
  return found;
}

bool Framer::next_text(Frame& frame) {
  const std::size_t end = line_end(position_);
  if (end == bytes_.size() && !at_end_) return false;
  frame.kind = mid_line_ ? Frame::Kind::kBroken : Frame::Kind::kText;
  frame.reason = DeadLetterReason::kInvalidJson;
  frame.end = end;
  while (frame.end > frame.begin && is_blank(bytes_[frame.end - 1])) --frame.end;
  position_ = end;
  return true;
}

bool Framer::next_document(Frame& frame) {
  const bool one_line = position_ < region_end_;
  const std::size_t limit = one_line ? line_end(position_) : bytes_.size();
  DocumentScanner scanner;
  std::size_t end = position_;
  switch (scanner.scan(bytes_.substr(0, limit), end, at_end_ || one_line)) {
    case DocumentScanner::State::kOpen:
      return false;
    case DocumentScanner::State::kComplete:
      frame.kind = Frame::Kind::kDocument;
      frame.end = end;
      position_ = end;
      mid_line_ = true;
      return true;
    case DocumentScanner::State::kBroken:
      break;
  }
  finish_broken(frame, scanner.reason(), one_line ? region_end_ : end);
  return true;
}

void Framer::finish_broken(Frame& frame, DeadLetterReason reason, std::size_t region_end) {
  region_end_ = region_end;
  frame.kind = Frame::Kind::kBroken;
  frame.reason = reason;
  frame.end = broken_end(frame.begin, region_end);
  position_ = frame.end;
  mid_line_ = false;
  while (frame.end > frame.begin && is_blank(bytes_[frame.end - 1])) --frame.end;
}

// The broken document ends where a line starts that is a complete document of its own.
std::size_t Framer::broken_end(std::size_t begin, std::size_t region_end) const {
  for (std::size_t line = line_end(begin) + 1; line < region_end; line = line_end(line) + 1) {
    if (bytes_[line] != '{') continue;
    DocumentScanner scanner;
    std::size_t end = line;
    const std::string_view upto = bytes_.substr(0, std::min(line_end(line), region_end));
    if (scanner.scan(upto, end, true) == DocumentScanner::State::kComplete) return line;
  }
  return region_end;
}

std::string_view audit_id(std::string_view line) noexcept {
  const std::string_view head = line.substr(0, kAuditSearchBytes);
  const std::size_t open = head.find("audit(");
  if (open == std::string_view::npos) return {};
  const std::string_view id = head.substr(open + 6, kMaxAuditIdBytes);
  const std::size_t close = id.find(')');
  return close == std::string_view::npos ? std::string_view() : id.substr(0, close);
}

std::size_t last_certain_boundary(std::string_view bytes) {
  std::size_t first_found = 0;
  for (std::size_t search_end = bytes.size(); search_end > 0;) {
    const std::size_t newline = find_last_line_end(bytes, search_end);
    if (newline == std::string_view::npos) break;
    std::size_t before = newline;
    while (before > 0 && is_blank(bytes[before - 1])) --before;
    if (before == 0) break;
    search_end = before;
    const std::size_t next = skip_blank(bytes, newline + 1);
    if (next == bytes.size()) continue;
    const Answer answer = continues_document(bytes[before - 1], Container::kUnknown,
                                             bytes.substr(next), /*at_end=*/false);
    if (answer != Answer::kNo) continue;
    const std::size_t line_start = find_last_line_end(bytes, before) + 1;  // npos + 1 is 0
    const std::string_view id = audit_id(bytes.substr(line_start, before - line_start));
    if (id.empty()) return newline + 1;
    const std::string_view line = bytes.substr(next, bytes.find('\n', next) - next);
    const std::string_view next_id = audit_id(line);
    const bool cut_off = next + line.size() == bytes.size() && line.size() < kAuditSearchBytes;
    if (next_id != id && !(next_id.empty() && cut_off)) return newline + 1;
    if (first_found == 0) first_found = newline + 1;
    if (first_found - newline > kMaxAuditGroupBytes) return first_found;
  }
  return 0;
}

std::size_t complete_records(std::string_view bytes) {
  const std::size_t certain = last_certain_boundary(bytes);
  const std::string_view rest = bytes.substr(certain);
  Framer framer(rest, /*at_end=*/false);
  Frame frame;
  std::string_view id;
  while (framer.next(frame)) id = audit_id(rest.substr(frame.begin, frame.end - frame.begin));
  return framer.is_between_lines() && id.empty() ? bytes.size() : certain;
}

std::size_t last_record_start(std::string_view bytes) {
  const bool keep_audit_events = bytes.size() < 2 * kMaxAuditGroupBytes;
  Framer framer(bytes, /*at_end=*/false);
  std::size_t last = 0;
  bool first = true;
  std::string_view previous_id;
  Frame frame;
  while (framer.next(frame)) {
    const std::string_view id = audit_id(bytes.substr(frame.begin, frame.end - frame.begin));
    const bool same_event = keep_audit_events && !id.empty() && id == previous_id;
    // Nothing but punctuation is before the first record, and an envelope must stay with it.
    if (frame.may_start_bytes && !same_event && !first) last = frame.begin;
    previous_id = id;
    first = false;
  }
  const std::size_t rest = framer.position();
  if (framer.may_cut() && !first && (previous_id.empty() || !keep_audit_events)) last = rest;
  return last;
}

}  // namespace catena::codec
