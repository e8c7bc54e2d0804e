// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/entity_extractor.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/base/ip_network.h"
#include "engine/base/text_fold.h"
#include "engine/incident/hub.h"
#include "engine/incident/message_entities.h"

namespace catena::incident {

enum class EntityExtractor::Role : std::uint8_t {
  kProcessGuid,
  kParentGuid,
  kTargetGuid,
  kProcessId,
  kParentId,
  kLogonId,
  kLogonGuid,
  kIp,
  kDomain,
  kUser,
  kFile,
  kImage,
  kMail,
  kCloud,
  kMessage,
};

struct EntityExtractor::FieldRole {
  std::string_view name;
  Role role;
};

namespace {

std::string trim_braces(std::string_view text) {
  if (text.size() >= 2 && text.front() == '{' && text.back() == '}') {
    text = text.substr(1, text.size() - 2);
  }
  return folded(text);
}

// An all-zero guid names nothing.
bool is_guid(std::string_view text) noexcept {
  return text.size() >= 32 && text.find_first_not_of("0-") != std::string_view::npos;
}

// "0x1a2b" and "6699" are the same process id.
std::optional<std::uint64_t> parse_id(std::string_view text) noexcept {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    base = 16;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string hexadecimal(std::uint64_t value) {
  std::array<char, 20> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, 16);
  return "0x" + std::string(buffer.data(), result.ptr);
}

// Files below these are everybody's; naming one joins nothing.
constexpr std::array<std::string_view, 12> kSystemFolders = {"c:\\windows\\",
                                                             "c:\\program files",
                                                             "\\device\\harddiskvolume",
                                                             "c:\\programdata\\microsoft\\",
                                                             "/usr/",
                                                             "/bin/",
                                                             "/sbin/",
                                                             "/lib",
                                                             "/etc/ld.so",
                                                             "/proc/",
                                                             "/dev/",
                                                             "/snap/"};

bool in_system_folder(std::string_view path) noexcept {
  return std::any_of(kSystemFolders.begin(), kSystemFolders.end(),
                     [&](std::string_view folder) { return path.starts_with(folder); });
}

bool is_path(std::string_view text) noexcept {
  return text.find_first_of("\\/") != std::string_view::npos;
}

std::string pid_value(const std::string& host, std::uint64_t pid) {
  return host + "|pid:" + std::to_string(pid);
}

}  // namespace

std::string canonical_host(std::string_view text) {
  if (const auto ip = canonical_ip(text)) return *ip;
  return folded(text.substr(0, text.find('.')));
}

std::string canonical_user(std::string_view text) {
  if (const std::size_t slash = text.find('\\'); slash != std::string_view::npos) {
    text.remove_prefix(slash + 1);
  }
  if (const std::size_t at = text.find('@'); at != std::string_view::npos && at > 0) {
    text = text.substr(0, at);
  }
  return folded(text);
}

std::optional<std::string> canonical_ip(std::string_view text) {
  const auto address = parse_ip_address(text);
  if (!address) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  const bool v4 = std::all_of(address->begin(), address->begin() + 10,
                              [](std::uint8_t byte) { return byte == 0; }) &&
                  (*address)[10] == 0xff && (*address)[11] == 0xff;
  inet_ntop(v4 ? AF_INET : AF_INET6, address->data() + (v4 ? 12 : 0), buffer.data(),
            static_cast<socklen_t>(buffer.size()));
  return std::string(buffer.data());
}

EntityExtractor::EntityExtractor(FieldCatalog& fields)
    : computer_(fields.intern("Computer")),
      host_(fields.intern("host")),
      process_guid_(fields.intern("ProcessGuid")),
      parent_guid_(fields.intern("ParentProcessGuid")),
      process_id_(fields.intern("ProcessId")),
      parent_id_(fields.intern("ParentProcessId")),
      image_(fields.intern("Image")),
      parent_image_(fields.intern("ParentImage")),
      source_image_(fields.intern("SourceImage")),
      target_image_(fields.intern("TargetImage")) {
  static constexpr std::array<FieldRole, 45> kRoles = {{
      {"ProcessGuid", Role::kProcessGuid},
      {"SourceProcessGUID", Role::kProcessGuid},
      {"SourceProcessGuid", Role::kProcessGuid},
      {"ParentProcessGuid", Role::kParentGuid},
      {"TargetProcessGUID", Role::kTargetGuid},
      {"TargetProcessGuid", Role::kTargetGuid},
      {"ProcessId", Role::kProcessId},
      {"SourceProcessId", Role::kProcessId},
      {"ExecutionProcessID", Role::kProcessId},
      {"Execution_ProcessID", Role::kProcessId},
      {"NewProcessId", Role::kProcessId},
      {"pid", Role::kProcessId},
      {"ParentProcessId", Role::kParentId},
      {"LogonId", Role::kLogonId},
      {"SubjectLogonId", Role::kLogonId},
      {"TargetLogonId", Role::kLogonId},
      {"LogonGuid", Role::kLogonGuid},
      {"IpAddress", Role::kIp},
      {"SourceIp", Role::kIp},
      {"DestinationIp", Role::kIp},
      {"SourceAddress", Role::kIp},
      {"DestAddress", Role::kIp},
      {"src_ip", Role::kIp},
      {"dst_ip", Role::kIp},
      {"c-ip", Role::kIp},
      {"sourceIPAddress", Role::kIp},
      {"addr", Role::kIp},
      {"QueryName", Role::kDomain},
      {"query", Role::kDomain},
      {"DestinationHostname", Role::kDomain},
      {"r-dns", Role::kDomain},
      {"User", Role::kUser},
      {"SubjectUserName", Role::kUser},
      {"TargetUserName", Role::kUser},
      {"SourceUser", Role::kUser},
      {"user", Role::kUser},
      {"cs-username", Role::kUser},
      {"userIdentity.userName", Role::kUser},
      {"TargetFilename", Role::kFile},
      {"ImageLoaded", Role::kFile},
      {"Image", Role::kImage},
      {"recipient", Role::kMail},
      {"userIdentity.arn", Role::kCloud},
      {"userIdentity.accessKeyId", Role::kCloud},
      {"message", Role::kMessage},
  }};
  for (const FieldRole& entry : kRoles) {
    roles_.emplace_back(fields.intern(entry.name), entry.role);
  }
  std::sort(roles_.begin(), roles_.end());
}

std::string_view EntityExtractor::text_of(const Event& event, FieldId field) const noexcept {
  const Field* found = event.find(field);
  return found == nullptr ? std::string_view() : found->text;
}

std::string EntityExtractor::host_of(const Event& event) const {
  const std::string_view computer = text_of(event, computer_);
  return canonical_host(computer.empty() ? text_of(event, host_) : computer);
}

bool EntityExtractor::image_is_root(const Event& event, FieldId image) const {
  const std::string_view text = text_of(event, image);
  return !text.empty() && is_root_image(text);
}

void EntityExtractor::add_value(Role role, std::string_view text, const std::string& host,
                                std::vector<Entity>& out) const {
  const auto add = [&](EntityType type, std::string value) {
    out.push_back({type, std::move(value)});
  };
  switch (role) {
    case Role::kProcessGuid:
    case Role::kTargetGuid:
    case Role::kParentGuid:
      if (const std::string guid = trim_braces(text); is_guid(guid)) {
        add(role == Role::kParentGuid ? EntityType::kAncestor : EntityType::kProcess,
            "guid:" + guid);
      }
      break;
    case Role::kProcessId:
    case Role::kParentId:
      // Ids up to 4 are the kernel's own processes.
      if (const auto pid = parse_id(text); pid && *pid > 4 && !host.empty()) {
        add(role == Role::kParentId ? EntityType::kAncestor : EntityType::kProcess,
            pid_value(host, *pid));
      }
      break;
    case Role::kLogonId:
      if (const auto logon = parse_id(text); logon && !host.empty()) {
        add(EntityType::kLogon, host + "|" + hexadecimal(*logon));
      }
      break;
    case Role::kLogonGuid:
      if (const std::string guid = trim_braces(text); is_guid(guid)) {
        add(EntityType::kLogon, "guid:" + guid);
      }
      break;
    case Role::kIp:
      if (auto ip = canonical_ip(text)) add(EntityType::kIp, std::move(*ip));
      break;
    case Role::kDomain: {
      std::string domain = folded(text);
      while (!domain.empty() && domain.back() == '.') domain.pop_back();
      // A bare name is a host, and an address is one already.
      if (domain.find('.') != std::string::npos && !parse_ip_address(domain)) {
        add(EntityType::kDomain, std::move(domain));
      }
      break;
    }
    case Role::kUser:
      if (std::string user = canonical_user(text); !user.empty() && user != "-") {
        add(EntityType::kUser, std::move(user));
      }
      break;
    case Role::kFile:
    case Role::kImage:
      if (std::string path = folded(text); is_path(path) && !in_system_folder(path)) {
        add(EntityType::kFile, host + "|" + path);
      }
      break;
    case Role::kMail:
      if (text.find('@') != std::string_view::npos) add(EntityType::kMail, folded(text));
      break;
    case Role::kCloud:
      if (!text.empty()) add(EntityType::kCloud, folded(text));
      break;
    case Role::kMessage:
      append_message_entities(text, out);
      break;
  }
}

std::vector<Entity> EntityExtractor::extract(const Event& event) const {
  std::vector<Entity> entities;
  const std::string host = host_of(event);
  if (!host.empty()) entities.push_back({EntityType::kHost, host});
  const bool parent_is_root = image_is_root(event, parent_image_);
  const bool own_is_root = image_is_root(event, image_) || image_is_root(event, source_image_);
  const bool target_is_root = image_is_root(event, target_image_);
  for (const Field& field : event.fields) {
    if (field.kind == ValueKind::kNull || field.kind == ValueKind::kComposite) continue;
    const auto role = std::lower_bound(
        roles_.begin(), roles_.end(), field.id,
        [](const std::pair<FieldId, Role>& entry, FieldId id) { return entry.first < id; });
    if (role == roles_.end() || role->first != field.id || field.id == kUnknownField) continue;
    const Role kind = role->second;
    const bool of_parent = kind == Role::kParentGuid || kind == Role::kParentId;
    const bool of_own = kind == Role::kProcessGuid || kind == Role::kProcessId;
    if ((of_parent && parent_is_root) || (of_own && own_is_root) ||
        (kind == Role::kTargetGuid && target_is_root)) {
      continue;
    }
    add_value(kind, field.text, host, entities);
  }
  std::sort(entities.begin(), entities.end());
  entities.erase(std::unique(entities.begin(), entities.end()), entities.end());
  if (entities.size() > kMaxEntities) entities.resize(kMaxEntities);
  return entities;
}

std::optional<ProcessStart> EntityExtractor::process_start(const Event& event) const {
  const auto value = [&](FieldId guid_field, FieldId id_field) -> std::string {
    const std::string guid = trim_braces(text_of(event, guid_field));
    if (is_guid(guid)) return "guid:" + guid;
    const std::string host = host_of(event);
    const auto pid = parse_id(text_of(event, id_field));
    return pid && !host.empty() ? pid_value(host, *pid) : std::string();
  };
  ProcessStart start;
  start.process = value(process_guid_, process_id_);
  if (start.process.empty()) return std::nullopt;
  if (!image_is_root(event, parent_image_)) start.parent = value(parent_guid_, parent_id_);
  start.is_root = image_is_root(event, image_);
  return start;
}

}  // namespace catena::incident
