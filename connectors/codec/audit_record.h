// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/arena.h"
#include "engine/normalise/flat_record.h"
#include "engine/normalise/normalisation_table.h"

// AuditDecoder reads Linux audit records, as auditd, audisp and the kernel write them
// ("type=SYSCALL msg=audit(1604996384.965:93777): key=value …"), and the records of the Azure
// audit agent ("type=AUOMS_EXECVE audit(…): …"). Every key becomes a field of its name, "type"
// included; hexadecimal values of known keys are decoded. An EXECVE record also gets what its
// sibling records (same stamp) say about the process, as execve.command_line, execve.image,
// execve.pid, execve.ppid, execve.user, execve.cwd and execve.session.
// Thread safety: none; one per thread; it remembers the audit event of the last record, so
// begin_batch() must be called for every batch. Errors: none; what is not key=value is ignored.
namespace catena::codec {

// Bounds on the search for the sibling records of one audit event.
inline constexpr std::size_t kMaxAuditSiblings = 64;

class AuditDecoder {
 public:
  explicit AuditDecoder(const normalise::NormalisationTable& table) : table_(table) {}

  void begin_batch() noexcept { event_ = {}; }

  // True when `text` is an audit record; the format is kAuditd or kAuoms.
  [[nodiscard]] static std::optional<normalise::RecordFormat> recognise(
      std::string_view text) noexcept;

  // Appends the fields of a recognised record. `following` are the lines behind it.
  void decode(std::string_view text, std::string_view following, Arena& arena,
              normalise::FlatRecord& out);

 private:
  struct Pair {
    std::string_view key;
    std::string_view value;
    bool quoted = false;
  };
  // What the records of one audit event say about its process.
  struct AuditEvent {
    std::string_view id;
    std::string_view exe;
    std::string_view pid;
    std::string_view ppid;
    std::string_view uid;
    std::string_view user;  // the name of uid, where the log is enriched
    std::string_view session;
    std::string_view cwd;
    bool cwd_quoted = true;
  };

  static bool next_pair(std::string_view text, std::size_t& at, Pair& pair) noexcept;
  static bool next_auoms_pair(std::string_view text, std::size_t& at, Pair& pair) noexcept;
  void gather(std::string_view id, std::string_view text, std::string_view following);
  void gather_record(std::string_view type, std::string_view body);
  void add_pair(std::string_view type, const Pair& pair, Arena& arena,
                normalise::FlatRecord& out) const;
  void add_execve(Arena& arena, normalise::FlatRecord& out);
  void add_syscall_name(std::string_view arch, std::string_view number,
                        normalise::FlatRecord& out) const;
  void add(std::string_view name, std::string_view value, normalise::FlatRecord& out) const;

  const normalise::NormalisationTable& table_;
  AuditEvent event_;
  std::string command_line_;
};

// The text of a hexadecimal value ("2F62696E2F7368" is "/bin/sh"); NUL becomes a blank, because
// audit joins argument lists with it. nullopt unless all of it is pairs of hexadecimal digits.
[[nodiscard]] std::optional<std::string_view> decode_audit_hex(std::string_view text, Arena& arena);

}  // namespace catena::codec
