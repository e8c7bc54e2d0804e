// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "connectors/alert/alert_decoder.h"
#include "connectors/file/file_source.h"
#include "engine/alert/alert_mapping.h"

// AlertSource reads a file of another engine's alerts (plain, .gz, .zst, "-") record by record:
// JSON lines, arrays and documents over several lines, or a CSV file with a header line. It does
// not know what alerts mean. Thread safety: none. Memory: one batch of the file source.
namespace catena::alerts {

class AlertSource {
 public:
  // `mapping` must outlive it; it names the columns that are never read.
  static Result<std::unique_ptr<AlertSource>> open(const std::string& path,
                                                   const alert::AlertMapping& mapping);

  struct Place {
    std::uint64_t line = 0;
    std::uint64_t offset = 0;
  };
  // A record, or why the bytes at that place are none; the bytes as received for the latter.
  using OnRecord = std::function<void(Result<alert::AlertRecord>, const Place&, std::string_view)>;

  // Hands over the records of the next stretch of the file. False at its end. Errors are those of
  // file::FileSource.
  Result<bool> next(const OnRecord& on_record);

  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return source_->bytes_read(); }

 private:
  AlertSource(std::unique_ptr<file::FileSource> source, const alert::AlertMapping& mapping)
      : source_(std::move(source)), decoder_(mapping.verdict_columns) {}

  std::unique_ptr<file::FileSource> source_;
  AlertDecoder decoder_;
  EventBatch batch_;
};

}  // namespace catena::alerts
