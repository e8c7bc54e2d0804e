// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace catena::harness {

MemoryFile::MemoryFile(int descriptor)
    : descriptor_(descriptor), path_("/proc/self/fd/" + std::to_string(descriptor)) {}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

MemoryFile& MemoryFile::operator=(MemoryFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

MemoryFile::~MemoryFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<MemoryFile> MemoryFile::create(std::string_view text) {
  const int descriptor = ::memfd_create("catena-bench", MFD_CLOEXEC);
  if (descriptor < 0) return io_error(std::string("memory file: ") + std::strerror(errno));
  MemoryFile file(descriptor);
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return io_error(std::string("memory file: ") + std::strerror(errno));
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return file;
}

}  // namespace catena::harness
