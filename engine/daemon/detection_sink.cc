// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/detection_sink.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "engine/incident/json_lines.h"

namespace catena::daemon {
namespace {

constexpr mode_t kFileMode = 0640;
constexpr std::size_t kReadBytes = 64 * 1024;
// Of a file whose place the store does not know: more is not written between two commits.
constexpr std::uint64_t kMaxReadAgain = std::uint64_t{64} * 1024 * 1024;
constexpr std::size_t kIdDigits = 32;
// How a detection's line begins; what follows is its id.
constexpr std::string_view kDetectionStart = R"({"kind":"detection","schema":1,"id":")";

Status system_error(const std::string& path) {
  return io_error(path + ": " + std::generic_category().message(errno));
}

}  // namespace

JsonLinesSink::JsonLinesSink(Options options) : options_(std::move(options)) {}

JsonLinesSink::~JsonLinesSink() { close(); }

void JsonLinesSink::close() {
  if (file_ > 2) ::close(file_);
  file_ = -1;
}

std::string JsonLinesSink::position_name() const { return "sink:" + options_.path; }

Status JsonLinesSink::open(const pipeline::IncidentStore& store) {
  close();
  written_.clear();
  if (options_.path == "-") {
    file_ = STDOUT_FILENO;
    return {};
  }
  file_ = ::open(options_.path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
                 kFileMode);
  struct stat about {};
  if (file_ < 0 || ::fstat(file_, &about) != 0) return system_error(options_.path);
  size_ = static_cast<std::uint64_t>(about.st_size);
  identity_ = static_cast<std::uint64_t>(about.st_ino);
  ASSIGN_OR_RETURN(const auto known, store.position(position_name()));
  const bool same_file = known && known->content_hash == identity_ && known->offset <= size_;
  const std::uint64_t oldest = size_ - std::min(size_, kMaxReadAgain);
  return read_behind(same_file ? known->offset : oldest, store);
}

Status JsonLinesSink::take_line(std::string_view line, std::uint64_t at,
                                const pipeline::IncidentStore& store) {
  if (line.substr(0, kDetectionStart.size()) != kDetectionStart) return {};
  const auto id = Id128::from_hex(line.substr(kDetectionStart.size(), kIdDigits));
  if (!id) return {};
  ASSIGN_OR_RETURN(const bool committed, store.has_detection(*id));
  if (!committed) written_.emplace(*id, at);
  return {};
}

// Lines behind `begin` were written for an epoch that may not have been committed.
Status JsonLinesSink::read_behind(std::uint64_t begin, const pipeline::IncidentStore& store) {
  std::string rest;
  std::string chunk(kReadBytes, '\0');
  std::uint64_t at = begin;
  std::uint64_t line_start = begin;
  while (at < size_) {
    const ssize_t got = ::pread(file_, chunk.data(), chunk.size(), static_cast<off_t>(at));
    if (got < 0) return system_error(options_.path);
    if (got == 0) break;
    rest.append(chunk, 0, static_cast<std::size_t>(got));
    at += static_cast<std::uint64_t>(got);
    std::size_t line = 0;
    for (std::size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n', line)) {
      RETURN_IF_ERROR(
          take_line(std::string_view(rest).substr(line, end - line), line_start + line, store));
      line = end + 1;
    }
    rest.erase(0, line);
    line_start += line;
  }
  if (line_start < size_ && ::ftruncate(file_, static_cast<off_t>(line_start)) != 0) {
    return system_error(options_.path);
  }
  size_ = line_start;
  return {};
}

// Before the first line that another process would have to know of. Lines that are never found
// again (the rules have changed) hold it back no further than is read at a start.
std::uint64_t JsonLinesSink::safe_position() const {
  std::uint64_t first = size_;
  for (const auto& [id, begin] : written_) first = std::min(first, begin);
  return std::max(first, size_ - std::min(size_, kMaxReadAgain));
}

Status JsonLinesSink::append(std::string_view lines) {
  std::string_view left = lines;
  while (!left.empty()) {
    const ssize_t wrote = ::write(file_, left.data(), left.size());
    if (wrote < 0) {
      if (errno == EINTR) continue;
      return system_error(options_.path);
    }
    left.remove_prefix(static_cast<std::size_t>(wrote));
  }
  if (options_.path == "-") return {};
  if (::fdatasync(file_) != 0) return system_error(options_.path);
  size_ += lines.size();
  return {};
}

Status JsonLinesSink::write(pipeline::Epoch& epoch) {
  struct Place {
    Id128 chain;
    const incident::Step* step = nullptr;
  };
  std::unordered_map<Id128, Place> places;
  for (const incident::Chain& chain : epoch.chains) {
    for (const incident::Step& step : chain.steps) places[step.detection] = {chain.id, &step};
  }
  std::string lines;
  if (options_.detections) {
    for (const incident::Detection& detection : epoch.detections) {
      if (written_.contains(detection.id)) continue;
      const Place place = places[detection.id];
      lines += incident::detection_json(detection, place.chain, place.step);
      lines.push_back('\n');
    }
  }
  if (options_.chains) {
    for (const incident::Chain& chain : epoch.chains) {
      lines += incident::chain_json(chain);
      lines.push_back('\n');
    }
  }
  if (!lines.empty()) RETURN_IF_ERROR(append(lines));
  // The epoch is committed next, with the position, or this life ends.
  for (const incident::Detection& detection : epoch.detections) written_.erase(detection.id);
  if (options_.path != "-") {
    epoch.positions.push_back({position_name(), safe_position(), 0, identity_});
  }
  return {};
}

}  // namespace catena::daemon
