// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

// Status is how every Catena library reports failure: a code that a program can branch on and a
// message that a person can act on. It is not an exception and carries no stack.
// Thread safety: value type; distinct objects are independent.
// Messages are lower case without a full stop and start with the place (file:line:column) when the
// failure has one.
namespace catena {

enum class StatusCode {
  kOk = 0,
  kInvalidInput,  // the bytes or the rule are wrong; the caller's data, not our fault
  kNotFound,      // a named thing does not exist
  kUnsupported,   // well formed, but outside what Catena implements
  kLimit,         // a named bound was exceeded
  kIo,            // the operating system or a device refused
  kCorrupt,       // stored bytes fail their own check
  kVersion,       // stored bytes are of another format version
  kInternal,      // an invariant of ours is broken
};

// Stable lower-case name of a code, for logs and counters.
std::string_view status_code_name(StatusCode code) noexcept;

class [[nodiscard]] Status {
 public:
  Status() noexcept = default;
  Status(StatusCode code, std::string message) : code_(code), message_(std::move(message)) {}

  [[nodiscard]] bool ok() const noexcept { return code_ == StatusCode::kOk; }
  [[nodiscard]] StatusCode code() const noexcept { return code_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  // "code: message", or "ok".
  [[nodiscard]] std::string to_string() const;

 private:
  StatusCode code_ = StatusCode::kOk;
  std::string message_;
};

inline Status ok_status() noexcept { return {}; }
inline Status invalid_input(std::string message) {
  return {StatusCode::kInvalidInput, std::move(message)};
}
inline Status not_found(std::string message) { return {StatusCode::kNotFound, std::move(message)}; }
inline Status unsupported(std::string message) {
  return {StatusCode::kUnsupported, std::move(message)};
}
inline Status limit_exceeded(std::string message) {
  return {StatusCode::kLimit, std::move(message)};
}
inline Status io_error(std::string message) { return {StatusCode::kIo, std::move(message)}; }
inline Status corrupt(std::string message) { return {StatusCode::kCorrupt, std::move(message)}; }
inline Status version_mismatch(std::string message) {
  return {StatusCode::kVersion, std::move(message)};
}
inline Status internal_error(std::string message) {
  return {StatusCode::kInternal, std::move(message)};
}

}  // namespace catena

#define CATENA_CONCAT_INNER(a, b) a##b
#define CATENA_CONCAT(a, b) CATENA_CONCAT_INNER(a, b)

// Leaves the function with the Status of `expr` unless it is ok.
#define RETURN_IF_ERROR(expr)                    \
  do {                                           \
    ::catena::Status status_from_expr_ = (expr); \
    if (!status_from_expr_.ok()) {               \
      return status_from_expr_;                  \
    }                                            \
  } while (false)
