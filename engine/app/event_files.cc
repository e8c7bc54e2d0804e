// SPDX-License-Identifier: Apache-2.0
#include "engine/app/event_files.h"

#include <algorithm>
#include <filesystem>

namespace catena::app {
namespace {

Status expand_folder(const std::string& folder, std::vector<std::string>& files) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<std::string> found;
  for (auto it = fs::recursive_directory_iterator(folder, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it->is_regular_file(error)) found.push_back(it->path().string());
  }
  if (error) return io_error(folder + ": " + error.message());
  std::sort(found.begin(), found.end());
  files.insert(files.end(), found.begin(), found.end());
  return ok_status();
}

}  // namespace

Result<std::vector<std::string>> expand_event_files(const std::vector<std::string>& arguments) {
  std::vector<std::string> files;
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (std::filesystem::is_directory(argument, error)) {
      RETURN_IF_ERROR(expand_folder(argument, files));
    } else {
      files.push_back(argument);
    }
  }
  return files;
}

}  // namespace catena::app
