// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/entity_extractor.h"

#include <algorithm>
#include <array>

#include "engine/base/ip_network.h"
#include "engine/base/text_fold.h"
#include "engine/incident/canonical.h"
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

}  // namespace

EntityExtractor::EntityExtractor(FieldCatalog& fields)
    : computer_(fields.intern("Computer")),
      host_(fields.intern("host")),
      channel_(fields.intern("Channel")),
      context_info_(fields.intern("ContextInfo")),
      windows_message_(fields.intern("Message")),
      execution_id_(fields.intern("Execution_ProcessID")),
      image_(fields.intern("Image")),
      process_name_(fields.intern("ProcessName")),
      parent_image_(fields.intern("ParentImage")),
      source_image_(fields.intern("SourceImage")),
      target_image_(fields.intern("TargetImage")) {
  static constexpr std::array<FieldRole, 44> kRoles = {{
      {"ProcessGuid", Role::kProcessGuid},
      {"SourceProcessGUID", Role::kProcessGuid},
      {"SourceProcessGuid", Role::kProcessGuid},
      {"ParentProcessGuid", Role::kParentGuid},
      {"TargetProcessGUID", Role::kTargetGuid},
      {"TargetProcessGuid", Role::kTargetGuid},
      {"ProcessId", Role::kProcessId},
      {"SourceProcessId", Role::kProcessId},
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
      if (const auto guid = canonical_guid(text)) {
        add(role == Role::kParentGuid ? EntityType::kAncestor : EntityType::kProcess,
            "guid:" + *guid);
      }
      break;
    case Role::kProcessId:
    case Role::kParentId:
      if (const auto pid = parse_number_id(text);
          pid && *pid > kLastKernelProcess && !host.empty()) {
        add(role == Role::kParentId ? EntityType::kAncestor : EntityType::kProcess,
            pid_value(host, *pid));
      }
      break;
    case Role::kLogonId:
      if (const auto logon = parse_number_id(text); logon && !host.empty()) {
        add(EntityType::kLogon, logon_value(host, *logon));
      }
      break;
    case Role::kLogonGuid:
      if (const auto guid = canonical_guid(text)) add(EntityType::kLogon, "guid:" + *guid);
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

// The process that ran a script, where the record names only its PowerShell host.
void EntityExtractor::add_powershell_host(const Event& event, std::vector<Entity>& out) const {
  for (const FieldId field : {context_info_, windows_message_}) {
    if (const auto guid = canonical_guid(powershell_host_id(text_of(event, field)))) {
      out.push_back({EntityType::kProcess, "guid:" + *guid});
      return;
    }
  }
}

std::vector<Entity> EntityExtractor::extract(const Event& event) const {
  std::vector<Entity> entities;
  const std::string host = host_of(event);
  if (!host.empty()) entities.push_back({EntityType::kHost, host});
  const bool parent_is_root = image_is_root(event, parent_image_);
  const bool own_is_root = image_is_root(event, image_) || image_is_root(event, source_image_) ||
                           image_is_root(event, process_name_);
  // The process that wrote the record is the one it tells of where scripts are logged; elsewhere it
  // is a service that writes everybody's records.
  const bool writer_is_subject =
      text_of(event, channel_).find("PowerShell") != std::string_view::npos;
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
        (kind == Role::kTargetGuid && target_is_root) ||
        (field.id == execution_id_ && !writer_is_subject)) {
      continue;
    }
    add_value(kind, field.text, host, entities);
  }
  if (writer_is_subject) add_powershell_host(event, entities);
  std::sort(entities.begin(), entities.end());
  entities.erase(std::unique(entities.begin(), entities.end()), entities.end());
  if (entities.size() > kMaxEntities) entities.resize(kMaxEntities);
  return entities;
}

}  // namespace catena::incident
