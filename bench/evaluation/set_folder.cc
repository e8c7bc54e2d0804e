// SPDX-License-Identifier: Apache-2.0
#include "bench/evaluation/set_folder.h"

#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <initializer_list>

#include "engine/base/text_fold.h"

namespace catena::evaluation {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoneMark = ".unpacked";

bool is_zip(const std::string& name) { return folded(name).ends_with(".zip"); }

bool is_tar(const std::string& name) {
  const std::string lower = folded(name);
  return lower.ends_with(".tar.gz") || lower.ends_with(".tgz") || lower.ends_with(".tar");
}

// Runs a program to its end, with nothing on its standard output; its exit code is of no interest,
// since of damaged archives a part is better than nothing.
Status run(std::initializer_list<std::string> words) {
  std::vector<std::string> copies(words);
  std::vector<char*> arguments;
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int descriptor : {1, 2}) {
    posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", 1 /* O_WRONLY */, 0);
  }
  pid_t child = 0;
  const int failed =
      posix_spawnp(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return io_error(copies.front() + ": cannot be run (is it installed?)");
  int state = 0;
  if (waitpid(child, &state, 0) < 0) return io_error(copies.front() + ": lost");
  return ok_status();
}

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(folder, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    const std::string name = it->path().string();
    // Archives made on a Mac hold a shadow of every file.
    const bool shadow = name.find("__MACOSX") != std::string::npos;
    if (it->is_regular_file(error) && !shadow && it->path().filename() != kDoneMark) {
      found.push_back(name);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

Status unpack(const std::string& archive, const std::string& target) {
  const fs::path done = fs::path(target) / kDoneMark;
  std::error_code error;
  if (fs::exists(done, error)) return ok_status();
  fs::create_directories(target, error);
  if (error) return io_error(target + ": " + error.message());
  if (is_zip(archive)) {
    RETURN_IF_ERROR(run({"unzip", "-qq", "-o", archive, "-d", target}));
  } else {
    RETURN_IF_ERROR(run({"tar", "-xf", archive, "-C", target}));
  }
  if (files_below(target).empty()) return io_error(archive + ": nothing could be unpacked");
  std::ofstream mark(done);
  return mark.good() ? ok_status() : io_error(done.string() + ": cannot be written");
}

}  // namespace

Result<std::vector<std::string>> SetFolder::files(const std::string& set) const {
  const std::string path = (fs::path(folder_) / set).string();
  std::error_code error;
  if (fs::is_directory(path, error)) return files_below(path);
  if (!fs::is_regular_file(path, error)) return std::vector<std::string>();
  if (!is_zip(set) && !is_tar(set)) return std::vector<std::string>{path};
  const std::string target = (fs::path(work_) / set).string();
  RETURN_IF_ERROR(unpack(path, target));
  return files_below(target);
}

}  // namespace catena::evaluation
