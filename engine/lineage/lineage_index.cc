// SPDX-License-Identifier: Apache-2.0
#include "engine/lineage/lineage_index.h"

#include <algorithm>

#include "engine/incident/canonical.h"
#include "engine/incident/hub.h"

namespace catena::lineage {
namespace {

using incident::Detection;
using incident::Entity;
using incident::EntityType;

constexpr std::string_view kGuidPrefix = "guid:";
constexpr std::string_view kPidMark = "|pid:";
constexpr std::string_view kLogonMark = "|0x";

std::string host_of(const Detection& detection) {
  for (const Entity& entity : detection.entities) {
    if (entity.type == EntityType::kHost) return entity.value;
  }
  return "";
}

// The id of a value like "host|pid:42"; 0 for other forms.
std::uint32_t pid_of(const std::string& value) {
  const std::size_t at = value.find(kPidMark);
  if (at == std::string::npos) return 0;
  const auto id = incident::parse_number_id(std::string_view(value).substr(at + kPidMark.size()));
  return id ? static_cast<std::uint32_t>(*id) : 0;
}

void sort_unique(std::vector<Entity>& entities) {
  std::sort(entities.begin(), entities.end());
  entities.erase(std::unique(entities.begin(), entities.end()), entities.end());
}

// True when the detection names accounts or addresses, and the logon's is not among them.
bool contradicts(const Detection& detection, const RemoteLogon& logon) {
  bool names_user = false;
  bool same_user = false;
  bool names_ip = false;
  bool same_ip = false;
  for (const Entity& entity : detection.entities) {
    if (incident::is_static_hub(entity)) continue;
    if (entity.type == EntityType::kUser) {
      names_user = true;
      same_user = same_user || entity.value == logon.user;
    } else if (entity.type == EntityType::kIp) {
      names_ip = true;
      same_ip = same_ip || entity.value == logon.from_ip;
    }
  }
  return (names_user && !same_user) || (names_ip && !same_ip);
}

}  // namespace

void LineageIndex::observe(const Facts& facts) {
  const auto take = [&](const auto& list, auto& history) {
    for (const auto& fact : list) {
      newest_ = std::max(newest_, fact.time);
      history.observe(fact);
    }
  };
  take(facts.starts, processes_);
  take(facts.ends, processes_);
  take(facts.aliases, processes_);
  take(facts.logons, sessions_);
  take(facts.connections, sessions_);
  take(facts.addresses, sessions_);
}

// Gives processes their true names and adds their ancestors. True when one of them runs below a
// root process, as what is started from afar does.
bool LineageIndex::name_processes(Detection& detection, const std::string& host) const {
  std::vector<Entity> ancestors;
  bool below_root = false;
  for (Entity& entity : detection.entities) {
    if (entity.type != EntityType::kProcess && entity.type != EntityType::kAncestor) continue;
    ProcessHistory::Ancestry ancestry;
    if (entity.value.starts_with(kGuidPrefix)) {
      const ProcessGuid guid =
          ProcessGuid::parse(std::string_view(entity.value).substr(kGuidPrefix.size()));
      if (const auto known = processes_.known_as(guid)) {
        ancestry = processes_.ancestry(known->host, known->pid, known->time);
        const auto name = processes_.name(known->host, known->pid, known->time);
        entity.value = name ? *name : incident::pid_value(known->host, known->pid);
      } else {
        ancestry = processes_.ancestry(guid);
      }
    } else if (const std::uint32_t pid = pid_of(entity.value); pid != 0) {
      ancestry = processes_.ancestry(host, pid, detection.time);
      if (auto name = processes_.name(host, pid, detection.time)) entity.value = *std::move(name);
    }
    below_root = below_root || ancestry.below_root;
    for (std::string& value : ancestry.ancestors) {
      ancestors.push_back({EntityType::kAncestor, std::move(value)});
    }
  }
  auto& entities = detection.entities;
  entities.insert(entities.end(), ancestors.begin(), ancestors.end());
  sort_unique(entities);
  return below_root;
}

// The logon over the network that the detection belongs to: by its session where it names one. A
// detection that names none, but is something that a remote action leaves behind (a record without
// a process, as of a service or a task; a process below a root), belongs to the logon just before
// it, unless it names another account or address than that.
SessionHistory::OnlyLogon LineageIndex::remote_logon_of(const Detection& detection,
                                                        const std::string& host,
                                                        bool below_root) const {
  bool has_process = false;
  bool has_session = false;
  for (const Entity& entity : detection.entities) {
    has_process = has_process || entity.type == EntityType::kProcess;
    if (entity.type != EntityType::kLogon || incident::is_static_hub(entity)) continue;
    has_session = true;
    const std::size_t at = entity.value.find(kLogonMark);
    if (at == std::string::npos) continue;
    const auto id = incident::parse_number_id(std::string_view(entity.value).substr(at + 1));
    const RemoteLogon* session = sessions_.session(host, id.value_or(0), detection.time);
    if (session != nullptr) return {session, false};
  }
  if (has_session || (has_process && !below_root)) return {};
  const SessionHistory::OnlyLogon only = sessions_.only_logon(host, detection.time);
  if (only.logon == nullptr || contradicts(detection, *only.logon)) return {};
  return only;
}

// The process on the other machine that opened the connection of a logon; "" when unknown.
std::string LineageIndex::process_of(const RemoteLogon& logon) const {
  const Connection* connection = sessions_.connection_of(logon);
  if (connection == nullptr) return "";
  if (!connection->guid.is_zero()) return connection->guid.entity_value();
  const auto name = processes_.name(connection->host, connection->pid, connection->time);
  return name ? *name : incident::pid_value(connection->host, connection->pid);
}

// The account on the other machine; "" when the machine is unknown.
std::string LineageIndex::account_of(const RemoteLogon& logon) const {
  std::string from = sessions_.host_of(logon.from_ip, logon.time);
  if (from.empty()) from = logon.from_host;
  return from.empty() || from == logon.host ? "" : incident::account_value(from, logon.user);
}

// Where a remote logon came from, as precisely as is known: its session and the process that opened
// it, else the account on the other machine.
void LineageIndex::add_remote_origin(Detection& detection, const std::string& host,
                                     bool below_root) const {
  const auto [logon, several] = remote_logon_of(detection, host, below_root);
  if (logon == nullptr) return;
  auto& entities = detection.entities;
  std::string origin = several ? "" : process_of(*logon);
  if (!several && logon->logon != 0) {
    entities.push_back({EntityType::kRemote, incident::logon_value(host, logon->logon)});
  }
  if (origin.empty()) origin = account_of(*logon);
  if (!origin.empty()) entities.push_back({EntityType::kRemote, std::move(origin)});
  sort_unique(entities);
}

void LineageIndex::complete(Detection& detection) const {
  const std::string host = host_of(detection);
  const bool below_root = name_processes(detection, host);
  if (!host.empty()) add_remote_origin(detection, host, below_root);
  if (detection.entities.size() > kMaxEntities) detection.entities.resize(kMaxEntities);
}

void LineageIndex::expire() {
  if (newest_ == kNoTime) return;
  processes_.forget_before(newest_ - kLifetime);
  sessions_.forget_before(newest_ - kLifetime);
}

}  // namespace catena::lineage
