// SPDX-License-Identifier: Apache-2.0
#include "engine/app/file_replacement.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <climits>

#include "rules/yaml/yaml_reader.h"

namespace catena::app {
namespace {

Status failure(const std::string& path, const char* what) {
  return io_error(path + ": " + what + ": " + std::strerror(errno));
}

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Status replace_file(const std::string& path, std::string_view expected, std::string_view content) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                         &std::free);
  struct stat state {};
  if (real == nullptr || ::stat(real.get(), &state) != 0) return failure(path, "cannot be found");
  const std::string target = real.get();
  std::string temporary = target + ".XXXXXX";
  const int file = ::mkstemp(temporary.data());
  if (file < 0) return failure(path, "no file can be made beside it");
  const bool is_written =
      write_all(file, content) && ::fchmod(file, state.st_mode & 07777) == 0 && ::fsync(file) == 0;
  const Status written = is_written ? ok_status() : failure(path, "cannot be written");
  ::close(file);
  const auto give_up = [&temporary](Status status) {
    ::unlink(temporary.c_str());
    return status;
  };
  if (!written.ok()) return give_up(written);
  const auto now = yaml::read_bounded_file(target, yaml::kMaxYamlBytes);
  if (!now.ok() || *now != expected) {
    return give_up(io_error(path + ": somebody else has changed it; nothing is written"));
  }
  if (::rename(temporary.c_str(), target.c_str()) != 0) {
    return give_up(failure(path, "cannot be replaced"));
  }
  return ok_status();
}

}  // namespace catena::app
