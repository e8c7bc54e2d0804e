// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"

// MemoryFile is a file without a disk: its path can be opened like any other while it lives, so
// that texts made by the harness go through the same FileSource as files do. Thread safety: none.
// Ownership: the memory is the operating system's and goes with the object.
namespace catena::harness {

class MemoryFile {
 public:
  static Result<MemoryFile> create(std::string_view text);

  MemoryFile(MemoryFile&& other) noexcept;
  MemoryFile& operator=(MemoryFile&& other) noexcept;
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  explicit MemoryFile(int descriptor);

  int descriptor_ = -1;
  std::string path_;
};

}  // namespace catena::harness
