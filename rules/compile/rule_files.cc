// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_files.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>

namespace catena::compile {
namespace {

std::string system_reason(int error) {
  return std::error_code(error, std::generic_category()).message();
}

bool is_rule_file_name(std::string_view name) noexcept {
  return name.ends_with(".yml") || name.ends_with(".yaml");
}

// Names in a folder, sorted; nullopt with errno set when it cannot be read.
std::optional<std::vector<std::string>> names_in(const std::string& path) {
  const auto close = [](DIR* folder) { ::closedir(folder); };
  const std::unique_ptr<DIR, decltype(close)> folder(::opendir(path.c_str()), close);
  if (folder == nullptr) return std::nullopt;
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(folder.get());  // safe: the stream is ours alone
    if (entry == nullptr) break;
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  if (errno != 0) return std::nullopt;
  std::sort(names.begin(), names.end());
  return names;
}

std::string joined(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

}  // namespace

Status RuleFileFinder::find(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    const int error = errno;
    const std::string message = path + ": " + system_reason(error);
    return error == ENOENT ? not_found(message) : io_error(message);
  }
  const Identity identity(status.st_dev, status.st_ino);
  if (!S_ISDIR(status.st_mode)) {
    add_file(path, identity);  // whatever its name: it was asked for
    return ok_status();
  }
  if (!names_in(path)) return io_error(path + ": " + system_reason(errno));
  if (!visited_.insert(identity).second) return ok_status();
  std::vector<Identity> ancestors = {identity};
  visit_folder(path, ancestors);
  return ok_status();
}

void RuleFileFinder::clear() {
  files_.clear();
  problems_.clear();
}

void RuleFileFinder::visit_folder(const std::string& path, std::vector<Identity>& ancestors) {
  const auto names = names_in(path);
  if (!names) return report(path, system_reason(errno));
  for (const std::string& name : *names) {
    if (is_full_) return;
    visit_entry(joined(path, name), ancestors);
  }
}

void RuleFileFinder::visit_entry(const std::string& path, std::vector<Identity>& ancestors) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return report(path, system_reason(errno));
  const Identity identity(status.st_dev, status.st_ino);
  if (!S_ISDIR(status.st_mode)) {
    if (is_rule_file_name(path)) add_file(path, identity);
    return;
  }
  if (std::find(ancestors.begin(), ancestors.end(), identity) != ancestors.end()) {
    return report(path, "directory loop: this folder contains itself");
  }
  if (ancestors.size() >= kMaxRuleFolderDepth) {
    return report(path,
                  "folders nested deeper than " + std::to_string(kMaxRuleFolderDepth) + " levels");
  }
  if (!visited_.insert(identity).second) return;
  ancestors.push_back(identity);
  visit_folder(path, ancestors);
  ancestors.pop_back();
}

void RuleFileFinder::add_file(const std::string& path, const Identity& identity) {
  if (is_full_ || !visited_.insert(identity).second) return;
  if (files_.size() >= kMaxRuleFiles) {
    is_full_ = true;
    return report(path, "more than " + std::to_string(kMaxRuleFiles) + " rule files");
  }
  files_.push_back(path);
}

void RuleFileFinder::report(const std::string& path, std::string reason) {
  problems_.push_back(
      {sigma::Severity::kError, sigma::DiagnosticCode::kUnreadable, path, {}, std::move(reason)});
}

}  // namespace catena::compile
