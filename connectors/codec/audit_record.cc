// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/audit_record.h"

#include <algorithm>
#include <utility>

#include "connectors/codec/framing.h"
#include "connectors/codec/json_walker.h"
#include "connectors/codec/utf8_repair.h"
#include "engine/base/text_fold.h"

namespace catena::codec {
namespace {

using normalise::FlatRecord;
using normalise::RecordFormat;

// The stamp stands at most behind "node=NAME type=NAME msg=".
constexpr std::size_t kMaxStampOffset = 320;
constexpr char kEnrichmentSeparator = '\x1D';
constexpr std::string_view kX86_64 = "c000003e";
constexpr std::string_view kAarch64 = "c00000b7";

// Numeric types, as the kernel writes them when no audit daemon runs.
constexpr std::pair<std::string_view, std::string_view> kTypeNames[] = {
    {"1300", "SYSCALL"},  {"1302", "PATH"},      {"1303", "IPC"},    {"1305", "CONFIG_CHANGE"},
    {"1306", "SOCKADDR"}, {"1307", "CWD"},       {"1309", "EXECVE"}, {"1325", "NETFILTER_CFG"},
    {"1326", "SECCOMP"},  {"1327", "PROCTITLE"}, {"1334", "BPF"},    {"1400", "AVC"},
};

struct SyscallName {
  std::string_view name;
  std::string_view x86_64;
  std::string_view aarch64;
};
// System calls that detection rules name, by architecture (numbers: the kernel's syscall tables).
constexpr SyscallName kSyscalls[] = {
    {"open", "2", ""},
    {"connect", "42", "203"},
    {"accept", "43", "202"},
    {"bind", "49", "200"},
    {"listen", "50", "201"},
    {"clone", "56", "220"},
    {"fork", "57", ""},
    {"vfork", "58", ""},
    {"execve", "59", "221"},
    {"kill", "62", "129"},
    {"rename", "82", ""},
    {"unlink", "87", ""},
    {"chmod", "90", ""},
    {"fchmod", "91", "52"},
    {"chown", "92", ""},
    {"fchown", "93", "55"},
    {"lchown", "94", ""},
    {"sysinfo", "99", "179"},
    {"ptrace", "101", "117"},
    {"syslog", "103", "116"},
    {"setuid", "105", "146"},
    {"setgid", "106", "144"},
    {"mknod", "133", ""},
    {"personality", "135", "92"},
    {"prctl", "157", "167"},
    {"settimeofday", "164", "170"},
    {"mount", "165", "40"},
    {"umount2", "166", "39"},
    {"sethostname", "170", "161"},
    {"init_module", "175", "105"},
    {"delete_module", "176", "106"},
    {"setxattr", "188", "5"},
    {"clock_settime", "227", "112"},
    {"openat", "257", "56"},
    {"mknodat", "259", "33"},
    {"fchownat", "260", "54"},
    {"unlinkat", "263", "35"},
    {"renameat", "264", "38"},
    {"fchmodat", "268", "53"},
    {"splice", "275", "76"},
    {"finit_module", "313", "273"},
    {"memfd_create", "319", "279"},
    {"bpf", "321", "280"},
    {"execveat", "322", "281"},
};

bool is_key_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '[' || c == ']' || c == '.';
}

bool is_separator(char c) noexcept { return c == ' ' || c == kEnrichmentSeparator || c == '\t'; }

struct Parts {
  std::string_view node;
  std::string_view type;
  std::string_view id;
  std::string_view body;
};

// The value of `key` ("type=") in the words of `head`.
std::string_view word_value(std::string_view head, std::string_view key) noexcept {
  for (std::size_t at = head.find(key); at != std::string_view::npos; at = head.find(key, at + 1)) {
    if (at != 0 && !is_separator(head[at - 1])) continue;
    const std::string_view rest = head.substr(at + key.size());
    return rest.substr(0, rest.find(' '));
  }
  return {};
}

std::optional<Parts> split(std::string_view text) noexcept {
  const std::size_t stamp = text.substr(0, kMaxStampOffset).find("audit(");
  if (stamp == std::string_view::npos) return std::nullopt;
  Parts parts;
  const std::string_view head = text.substr(0, stamp);
  parts.type = word_value(head, "type=");
  parts.node = word_value(head, "node=");
  parts.id = audit_id(text.substr(stamp));
  if (parts.type.empty() || parts.id.empty()) return std::nullopt;
  parts.body = text.substr(stamp + 6 + parts.id.size() + 1);
  if (!parts.body.empty() && parts.body.front() == ':') parts.body.remove_prefix(1);
  for (const auto& [number, name] : kTypeNames) {
    if (parts.type == number) parts.type = name;
  }
  return parts;
}

// Keys whose unquoted value is hexadecimal when it holds blanks, quotes or other odd bytes.
bool may_be_hex(std::string_view type, std::string_view key) noexcept {
  static constexpr std::string_view kKeys[] = {"proctitle", "exe",  "comm", "name", "cwd",
                                               "acct",      "data", "cmd",  "path", "dir"};
  if (std::find(std::begin(kKeys), std::end(kKeys), key) != std::end(kKeys)) return true;
  return type == "EXECVE" && key.size() >= 2 && key[0] == 'a' && key[1] >= '0' && key[1] <= '9';
}

bool is_absent(std::string_view value) noexcept {
  return value.empty() || value == "(null)" || value == "(none)";
}

// "a0", "a12", "a1[0]": the arguments of an EXECVE record, without the "_len" of a cut one.
bool is_argument(std::string_view key) noexcept {
  return key.size() >= 2 && key[0] == 'a' && key[1] >= '0' && key[1] <= '9' &&
         key.find('_') == std::string_view::npos;
}

std::optional<int> hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> decode_audit_hex(std::string_view text, Arena& arena) {
  if (text.size() < 2 || text.size() % 2 != 0) return std::nullopt;
  auto* out = static_cast<char*>(arena.allocate(text.size() / 2, 1));
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = hex_digit(text[i]);
    const auto low = hex_digit(text[i + 1]);
    if (!high || !low) return std::nullopt;
    const auto byte = static_cast<char>(*high * 16 + *low);
    out[i / 2] = byte == '\0' ? ' ' : byte;
  }
  const std::string_view decoded(out, text.size() / 2);
  return is_utf8(decoded) ? decoded : repair_utf8(decoded, 0, arena);
}

std::optional<RecordFormat> AuditDecoder::recognise(std::string_view text) noexcept {
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  return parts->type.substr(0, 6) == "AUOMS_" ? RecordFormat::kAuoms : RecordFormat::kAuditd;
}

bool AuditDecoder::next_pair(std::string_view text, std::size_t& at, Pair& pair) noexcept {
  while (at < text.size()) {
    const std::size_t begin = at;
    while (at < text.size() && is_key_char(text[at])) ++at;
    if (at == begin || at == text.size() || text[at] != '=') {
      // Not a pair: "avc:  denied  { read }".
      at = std::max(at, begin + 1);
      continue;
    }
    pair.key = text.substr(begin, at - begin);
    ++at;
    pair.quoted = at < text.size() && (text[at] == '"' || text[at] == '\'');
    if (pair.quoted) {
      const std::size_t close = text.find(text[at], at + 1);
      const std::size_t end = std::min(close, text.size());
      pair.value = text.substr(at + 1, end - at - 1);
      at = close == std::string_view::npos ? end : end + 1;
      return true;
    }
    std::size_t end = at;
    while (end < text.size() && !is_separator(text[end])) ++end;
    pair.value = text.substr(at, end - at);
    at = end;
    return true;
  }
  return false;
}

// The Azure agent leaves values with blanks unquoted: a value ends where the next lower-case key
// begins.
bool AuditDecoder::next_auoms_pair(std::string_view text, std::size_t& at, Pair& pair) noexcept {
  if (!next_pair(text, at, pair)) return false;
  if (pair.quoted) return true;
  std::size_t end = at;
  while (end < text.size()) {
    std::size_t word = end;
    while (word < text.size() && text[word] == ' ') ++word;
    std::size_t key = word;
    while (key < text.size() && ((text[key] >= 'a' && text[key] <= 'z') || text[key] == '_')) ++key;
    if (key > word && key < text.size() && text[key] == '=') break;
    end = std::min(text.find(' ', word), text.size());
  }
  pair.value = text.substr(static_cast<std::size_t>(pair.value.data() - text.data()),
                           static_cast<std::size_t>(text.data() + end - pair.value.data()));
  while (!pair.value.empty() && pair.value.back() == ' ') pair.value.remove_suffix(1);
  at = end;
  if (pair.value.size() >= 2 && pair.value.front() == '"' && pair.value.back() == '"') {
    pair.value = pair.value.substr(1, pair.value.size() - 2);
  }
  return true;
}

void AuditDecoder::gather_record(std::string_view type, std::string_view body) {
  const bool syscall = type == "SYSCALL";
  if (!syscall && type != "CWD") return;
  Pair pair;
  for (std::size_t at = 0; next_pair(body, at, pair);) {
    if (!syscall) {
      if (pair.key == "cwd") {
        event_.cwd = pair.value;
        event_.cwd_quoted = pair.quoted;
      }
    } else if (pair.key == "exe") {
      event_.exe = pair.value;
    } else if (pair.key == "pid") {
      event_.pid = pair.value;
    } else if (pair.key == "ppid") {
      event_.ppid = pair.value;
    } else if (pair.key == "uid") {
      event_.uid = pair.value;
    } else if (pair.key == "UID") {
      event_.user = pair.value;
    } else if (pair.key == "ses") {
      event_.session = pair.value;
    }
  }
}

void AuditDecoder::gather(std::string_view id, std::string_view text, std::string_view following) {
  if (event_.id == id) return;
  event_ = {};
  event_.id = id;
  if (const auto parts = split(text)) gather_record(parts->type, parts->body);
  std::string_view rest = following.substr(0, kMaxAuditGroupBytes);
  for (std::size_t i = 0; i < kMaxAuditSiblings && !rest.empty(); ++i) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty() || line == "\r") continue;
    const auto parts = split(line);
    if (!parts || parts->id != id) return;
    gather_record(parts->type, parts->body);
  }
}

void AuditDecoder::add(std::string_view name, std::string_view value, FlatRecord& out) const {
  out.add(table_.find_path(name), value, value.empty() ? ValueKind::kNull : ValueKind::kString);
}

void AuditDecoder::add_pair(std::string_view type, const Pair& pair, Arena& arena,
                            FlatRecord& out) const {
  if (!pair.quoted && is_absent(pair.value)) {
    add(pair.key, {}, out);
    return;
  }
  if (!pair.quoted && may_be_hex(type, pair.key)) {
    if (const auto decoded = decode_audit_hex(pair.value, arena)) {
      add(pair.key, *decoded, out);
      return;
    }
  }
  add(pair.key, pair.value, out);
}

void AuditDecoder::add_execve(Arena& arena, FlatRecord& out) {
  add("execve.command_line", arena.copy(command_line_), out);
  const auto add_known = [&](std::string_view name, std::string_view value) {
    if (is_absent(value) || value == "?") return;
    // Siblings are other records: only this one was made valid UTF-8.
    add(name, is_utf8(value) ? value : repair_utf8(value, 0, arena), out);
  };
  std::string_view image = event_.exe;
  if (image.empty())
    image = arena.copy(std::string_view(command_line_).substr(0, command_line_.find(' ')));
  add_known("execve.image", image);
  add_known("execve.pid", event_.pid);
  add_known("execve.ppid", event_.ppid);
  add_known("execve.session", event_.session);
  std::string_view user = event_.user;
  if (user.empty()) user = event_.uid == "0" ? std::string_view("root") : event_.uid;
  add_known("execve.user", user);
  std::string_view cwd = event_.cwd;
  if (!event_.cwd_quoted) cwd = decode_audit_hex(cwd, arena).value_or(cwd);
  add_known("execve.cwd", cwd);
}

void AuditDecoder::add_syscall_name(std::string_view arch, std::string_view number,
                                    FlatRecord& out) const {
  if (arch != kX86_64 && arch != kAarch64) return;
  for (const SyscallName& syscall : kSyscalls) {
    if ((arch == kX86_64 ? syscall.x86_64 : syscall.aarch64) == number) {
      add("SYSCALL", syscall.name, out);
      return;
    }
  }
}

void AuditDecoder::decode(std::string_view text, std::string_view following, Arena& arena,
                          FlatRecord& out) {
  const auto parts = split(text);
  if (!parts) return;
  const bool auoms = parts->type.substr(0, 6) == "AUOMS_";
  const bool execve = parts->type == "EXECVE";
  if (!auoms) gather(parts->id, text, following);
  const std::string_view seconds = parts->id.substr(0, parts->id.find(':'));
  if (const auto time = parse_epoch(seconds)) {
    out.time = *time;
    out.time_source = TimeSource::kEventField;
  }
  if (!parts->node.empty()) add("node", parts->node, out);
  add("type", parts->type, out);
  command_line_.clear();
  std::string_view arch;
  std::string_view syscall;
  bool named = false;
  Pair pair;
  for (std::size_t at = 0;
       auoms ? next_auoms_pair(parts->body, at, pair) : next_pair(parts->body, at, pair);) {
    if (out.fields.size() >= kMaxFields) break;
    add_pair(parts->type, pair, arena, out);
    if (pair.key == "arch") arch = pair.value;
    if (pair.key == "syscall") syscall = pair.value;
    named = named || pair.key == "SYSCALL";
    if (execve && is_argument(pair.key)) {
      // The pieces of a long argument (a1[0], a1[1]) belong together without a blank.
      const bool continues =
          pair.key.back() == ']' && pair.key.find("[0]") == std::string_view::npos;
      if (!command_line_.empty() && !continues) command_line_.push_back(' ');
      command_line_.append(out.fields.back().text);
    }
    // A user-space message in quotes holds pairs of its own.
    if (pair.quoted && pair.key == "msg") {
      Pair inner;
      for (std::size_t in = 0; next_pair(pair.value, in, inner);) {
        if (out.fields.size() >= kMaxFields) break;
        add_pair(parts->type, inner, arena, out);
      }
    }
  }
  if (!named) add_syscall_name(arch, syscall, out);
  if (execve) add_execve(arena, out);
}

}  // namespace catena::codec
