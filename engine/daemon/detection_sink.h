// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/result.h"
#include "engine/pipeline/incident_store.h"

// JsonLinesSink writes what an epoch found as JSON lines (the form of `scan --format jsonl`) into a
// file before the epoch is committed, and has the store keep how long the file was then. A process
// that died in between finds the lines behind that place, and does not write the same detections
// again: each is in the file once. Chains are written each time they changed; the last line counts.
// On standard output nothing can be read back, so a detection may come twice after a crash.
// A file that was moved away (log rotation) is made anew by open().
// Thread safety: none; of the thread that commits. Errors: kIo; the epoch is then not committed.
namespace catena::daemon {

class JsonLinesSink {
 public:
  struct Options {
    std::string path;  // "-": standard output
    bool detections = true;
    bool chains = true;
  };
  explicit JsonLinesSink(Options options);
  JsonLinesSink(const JsonLinesSink&) = delete;
  JsonLinesSink& operator=(const JsonLinesSink&) = delete;
  ~JsonLinesSink();

  // Opens the file, cuts off a line that was not finished, and remembers which detections were
  // written behind the place that the store knows.
  Status open(const pipeline::IncidentStore& store);
  // Writes and syncs the epoch's detections and chains, and adds the position to the epoch.
  Status write(pipeline::Epoch& epoch);

 private:
  [[nodiscard]] std::string position_name() const;
  [[nodiscard]] std::uint64_t safe_position() const;
  Status read_behind(std::uint64_t begin, const pipeline::IncidentStore& store);
  Status take_line(std::string_view line, std::uint64_t at, const pipeline::IncidentStore& store);
  Status append(std::string_view lines);
  void close();

  Options options_;
  int file_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t identity_ = 0;  // of the file: which one it was
  // Detections that are in the file though their epoch was not committed, and where their lines
  // begin. The position that the store keeps stays before the first of them: this process may die
  // too before it has found them all again.
  std::unordered_map<Id128, std::uint64_t> written_;
};

}  // namespace catena::daemon
