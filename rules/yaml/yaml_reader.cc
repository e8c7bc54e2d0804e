// SPDX-License-Identifier: Apache-2.0
#include "rules/yaml/yaml_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <yaml.h>

#include "engine/base/text_fold.h"
#include "rules/yaml/yaml_tree_builder.h"

namespace catena::yaml {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class Parser {
 public:
  explicit Parser(std::string_view text) : ready_(yaml_parser_initialize(&parser_) == 1) {
    if (!ready_) return;
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~Parser() {
    if (ready_) yaml_parser_delete(&parser_);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  [[nodiscard]] bool next(yaml_event_t& event) {
    return ready_ && yaml_parser_parse(&parser_, &event) == 1;
  }
  [[nodiscard]] bool ready() const noexcept { return ready_; }
  [[nodiscard]] const yaml_parser_t& get() const noexcept { return parser_; }

 private:
  yaml_parser_t parser_{};
  bool ready_;
};

// Frees an event's memory whichever way the loop is left.
class Event {
 public:
  Event() = default;
  ~Event() { yaml_event_delete(&event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  [[nodiscard]] yaml_event_t& get() noexcept { return event_; }

 private:
  yaml_event_t event_{};
};

class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  ~FileDescriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

YamlProblem problem_at_offset(std::string_view text, std::size_t offset, std::string reason) {
  YamlProblem problem;
  problem.reason = std::move(reason);
  for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++problem.line;
      problem.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      ++problem.column;  // continuation bytes are part of the character before
    }
  }
  return problem;
}

std::optional<YamlProblem> check_encoding(std::string_view text) {
  if (is_utf8(text)) return std::nullopt;
  std::size_t offset = 0;
  while (offset < text.size()) {
    const std::size_t length = code_point_length(text.substr(offset));
    if (length == 1 && static_cast<unsigned char>(text[offset]) >= 0x80) break;
    offset += length;
  }
  return problem_at_offset(text, offset, "not valid UTF-8");
}

std::optional<YamlProblem> check_directives(std::string_view text) {
  std::size_t count = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '%' && ++count > kMaxYamlDirectiveLines) {
      YamlProblem problem = problem_at_offset(text, at, "too many lines that start with '%'");
      problem.code = StatusCode::kLimit;
      return problem;
    }
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  return std::nullopt;
}

YamlProblem problem_of(const yaml_parser_t& parser, std::string_view text) {
  const std::string reason = parser.problem != nullptr ? parser.problem : "cannot be read";
  if (parser.error == YAML_MEMORY_ERROR) {
    return {StatusCode::kLimit, 1, 1, "out of memory"};
  }
  if (parser.error == YAML_READER_ERROR) {
    return problem_at_offset(text, parser.problem_offset, reason);
  }
  YamlProblem problem;
  problem.line = static_cast<std::uint32_t>(parser.problem_mark.line + 1);
  problem.column = static_cast<std::uint32_t>(parser.problem_mark.column + 1);
  problem.reason = parser.context != nullptr ? std::string(parser.context) + ": " + reason : reason;
  return problem;
}

std::string system_reason(int error) {
  return std::error_code(error, std::generic_category()).message();
}

}  // namespace

Status YamlProblem::to_status(std::string_view file) const {
  return {code, at_place(file, line, column, reason)};
}

std::optional<YamlProblem> parse_yaml(std::string_view text, std::string_view name,
                                      const YamlLimits& limits,
                                      std::vector<YamlDocument>& documents) {
  if (text.size() > limits.bytes) {
    return YamlProblem{StatusCode::kLimit, 1, 1,
                       "longer than " + std::to_string(limits.bytes) + " bytes"};
  }
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (auto problem = check_encoding(text)) return problem;
  if (auto problem = check_directives(text)) return problem;

  Parser parser(text);
  if (!parser.ready()) return YamlProblem{StatusCode::kLimit, 1, 1, "out of memory"};
  YamlTreeBuilder builder(name, limits, documents);
  for (;;) {
    Event event;
    if (!parser.next(event.get())) return problem_of(parser.get(), text);
    if (event.get().type == YAML_STREAM_END_EVENT) return std::nullopt;
    if (auto problem = builder.take(event.get())) return problem;
  }
}

Result<std::vector<YamlDocument>> read_yaml(std::string_view text, std::string_view name,
                                            const YamlLimits& limits) {
  std::vector<YamlDocument> documents;
  if (const auto problem = parse_yaml(text, name, limits, documents)) {
    return problem->to_status(name);
  }
  return documents;
}

Result<std::string> read_bounded_file(const std::string& path, std::size_t max_bytes) {
  // O_NONBLOCK: opening a named pipe must not wait for a writer.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) {
    const int error = errno;
    const std::string reason = path + ": " + system_reason(error);
    return error == ENOENT ? not_found(reason) : io_error(reason);
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return io_error(path + ": " + system_reason(errno));
  if (!S_ISREG(status.st_mode)) return io_error(path + ": not a regular file");
  const auto too_long = [&] {
    return limit_exceeded(path + ": longer than " + std::to_string(max_bytes) + " bytes");
  };
  if (static_cast<std::uint64_t>(status.st_size) > max_bytes) return too_long();

  std::string text(static_cast<std::size_t>(status.st_size) + 1, '\0');
  std::size_t used = 0;
  for (;;) {
    const ssize_t got = ::read(file.get(), text.data() + used, text.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_error(path + ": " + system_reason(errno));
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
    if (used > max_bytes) return too_long();
    if (used == text.size()) text.resize(used + 4096);  // it grew since fstat
  }
  text.resize(used);
  return text;
}

Result<std::vector<YamlDocument>> read_yaml_file(const std::string& path,
                                                 const YamlLimits& limits) {
  ASSIGN_OR_RETURN(const std::string text, read_bounded_file(path, limits.bytes));
  return read_yaml(text, path, limits);
}

std::string_view yaml_library_version() noexcept { return yaml_get_version_string(); }

}  // namespace catena::yaml
