// SPDX-License-Identifier: Apache-2.0
#include "engine/lineage/observer.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "engine/base/text_fold.h"
#include "engine/incident/canonical.h"
#include "engine/incident/hub.h"

namespace catena::lineage {
namespace {

using incident::canonical_host;
using incident::canonical_ip;
using incident::canonical_user;
using incident::is_root_image;
using incident::parse_number_id;

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::uint16_t port_number(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() ? port : std::uint16_t{0};
}

// Windows' own accounts log on to every machine all day; nobody moves with them.
bool is_person(const std::string& user) {
  return !incident::is_static_hub({incident::EntityType::kUser, user});
}

// The word after `marker`, or "".
std::string_view word_after(std::string_view text, std::string_view marker) noexcept {
  const std::size_t at = text.find(marker);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + marker.size());
  return text.substr(0, text.find(' '));
}

}  // namespace

Observer::Observer(FieldCatalog& fields)
    : event_id_(fields.intern("EventID")),
      computer_(fields.intern("Computer")),
      host_(fields.intern("host")),
      process_guid_(fields.intern("ProcessGuid")),
      parent_guid_(fields.intern("ParentProcessGuid")),
      process_id_(fields.intern("ProcessId")),
      parent_id_(fields.intern("ParentProcessId")),
      image_(fields.intern("Image")),
      parent_image_(fields.intern("ParentImage")),
      source_ip_(fields.intern("SourceIp")),
      source_port_(fields.intern("SourcePort")),
      destination_ip_(fields.intern("DestinationIp")),
      initiated_(fields.intern("Initiated")),
      direction_(fields.intern("Direction")),
      logon_id_(fields.intern("TargetLogonId")),
      logon_type_(fields.intern("LogonType")),
      ip_address_(fields.intern("IpAddress")),
      ip_port_(fields.intern("IpPort")),
      workstation_(fields.intern("WorkstationName")),
      target_user_(fields.intern("TargetUserName")),
      message_(fields.intern("message")),
      execution_id_(fields.intern("Execution_ProcessID")),
      context_info_(fields.intern("ContextInfo")) {}

void Observer::bind(const LogSourceCatalog& log_sources) {
  kinds_.assign(log_sources.size(), kNothing);
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    const LogSource& source = log_sources.get(static_cast<LogSourceId>(i));
    unsigned kinds = kNothing;
    if (has(source.categories, "process_creation")) kinds |= kStart;
    if (has(source.categories, "process_termination")) kinds |= kEnd;
    if (has(source.categories, "network_connection")) kinds |= kNetwork;
    if (source.product == "windows" && has(source.services, "security")) kinds |= kLogon;
    if (has(source.services, "sshd")) kinds |= kSsh;
    if (source.product == "windows" && has(source.services, "powershell")) kinds |= kScript;
    kinds_[i] = static_cast<std::uint8_t>(kinds);
  }
}

std::string_view Observer::text(const Event& event, FieldId field) const noexcept {
  const Field* found = event.find(field);
  return found == nullptr ? std::string_view() : found->text;
}

std::uint32_t Observer::pid(const Event& event, FieldId field) const noexcept {
  const auto number = parse_number_id(text(event, field));
  const bool usable = number && *number > incident::kLastKernelProcess &&
                      *number <= std::numeric_limits<std::uint32_t>::max();
  return usable ? static_cast<std::uint32_t>(*number) : 0;
}

std::string Observer::host(const Event& event) const {
  const std::string_view computer = text(event, computer_);
  return canonical_host(computer.empty() ? text(event, host_) : computer);
}

void Observer::observe(Event& event, Arena& arena, Facts& facts) const {
  const std::uint8_t kinds = event.log_source < kinds_.size() ? kinds_[event.log_source] : 0U;
  if (kinds == kNothing || event.time == kNoTime) return;
  if ((kinds & kLogon) != 0) {
    // Most of what this service logs is something else.
    const std::string_view id = text(event, event_id_);
    if (id == "4624") {
      make_plain(event, arena);
      observe_logon(event, facts);
    } else if (id == "5156") {
      make_plain(event, arena);
      observe_network(event, facts);
    } else if (id == "4689") {
      make_plain(event, arena);
      observe_end(event, facts);
    }
  }
  if ((kinds & kScript) != 0 && text(event, event_id_) == "4103") {
    make_plain(event, arena);
    observe_script(event, facts);
  }
  if ((kinds & (kStart | kEnd | kNetwork | kSsh)) == 0) return;
  make_plain(event, arena);
  if ((kinds & kStart) != 0) observe_start(event, facts);
  if ((kinds & kEnd) != 0) observe_end(event, facts);
  if ((kinds & kNetwork) != 0) observe_network(event, facts);
  if ((kinds & kSsh) != 0) observe_ssh(event, facts);
}

void Observer::observe_start(const Event& event, Facts& facts) const {
  ProcessStart start;
  start.time = event.time;
  start.host = host(event);
  start.guid = ProcessGuid::parse(text(event, process_guid_));
  start.parent_guid = ProcessGuid::parse(text(event, parent_guid_));
  start.pid = pid(event, process_id_);
  start.parent_pid = pid(event, parent_id_);
  start.is_root = is_root_image(text(event, image_));
  start.parent_is_root = is_root_image(text(event, parent_image_));
  if (start.guid.is_zero() && (start.pid == 0 || start.host.empty())) return;
  facts.starts.push_back(std::move(start));
}

void Observer::observe_end(const Event& event, Facts& facts) const {
  ProcessEnd end{event.time, host(event), pid(event, process_id_)};
  if (end.pid != 0 && !end.host.empty()) facts.ends.push_back(std::move(end));
}

void Observer::observe_network(const Event& event, Facts& facts) const {
  // Sysmon says who began; the filtering platform says outbound (%%14593) or inbound (%%14592).
  const std::string_view initiated = text(event, initiated_);
  const std::string_view direction = text(event, direction_);
  const bool outbound = initiated == "true" || direction == "%%14593";
  const bool inbound = initiated == "false" || direction == "%%14592";
  if (outbound == inbound) return;
  const auto source = canonical_ip(text(event, source_ip_));
  const auto destination = canonical_ip(text(event, destination_ip_));
  std::string name = host(event);
  if (!source || !destination || name.empty()) return;
  const std::string& own = outbound ? *source : *destination;
  if (incident::is_private_ip(own)) {
    auto& known = facts.addresses;
    if (known.empty() || known.back().ip != own || known.back().host != name) {
      known.push_back({event.time, event.time, own, name});
    } else {
      known.back().time = std::min(known.back().time, event.time);
      known.back().last = std::max(known.back().last, event.time);
    }
  }
  if (!outbound || !incident::is_private_ip(*destination) || is_root_image(text(event, image_))) {
    return;
  }
  const ProcessGuid guid = ProcessGuid::parse(text(event, process_guid_));
  const std::uint32_t process = pid(event, process_id_);
  if (guid.is_zero() && process == 0) return;
  facts.connections.push_back({event.time, std::move(name), *source,
                               port_number(text(event, source_port_)), guid, process});
}

void Observer::observe_logon(const Event& event, Facts& facts) const {
  const std::string_view type = text(event, logon_type_);
  if (type != "3" && type != "10") return;
  RemoteLogon logon;
  logon.user = canonical_user(text(event, target_user_));
  if (!is_person(logon.user)) return;
  logon.time = event.time;
  logon.host = host(event);
  logon.logon = parse_number_id(text(event, logon_id_)).value_or(0);
  const auto ip = canonical_ip(text(event, ip_address_));
  if (ip && !incident::is_static_hub({incident::EntityType::kIp, *ip})) logon.from_ip = *ip;
  logon.from_port = port_number(text(event, ip_port_));
  const std::string_view workstation = text(event, workstation_);
  if (workstation.size() > 1) logon.from_host = canonical_host(workstation);
  if (logon.from_host == logon.host) logon.from_host.clear();
  if (logon.host.empty() || (logon.from_ip.empty() && logon.from_host.empty())) return;
  facts.logons.push_back(std::move(logon));
}

void Observer::observe_ssh(const Event& event, Facts& facts) const {
  const std::string_view message = text(event, message_);
  if (!message.starts_with("Accepted ")) return;
  RemoteLogon logon;
  logon.time = event.time;
  logon.host = host(event);
  logon.user = canonical_user(word_after(message, " for "));
  const auto ip = canonical_ip(word_after(message, " from "));
  if (!ip || logon.host.empty() || logon.user.empty()) return;
  logon.from_ip = *ip;
  logon.from_port = port_number(word_after(message, " port "));
  facts.logons.push_back(std::move(logon));
}

void Observer::observe_script(const Event& event, Facts& facts) const {
  ProcessAlias alias;
  alias.guid = ProcessGuid::parse(incident::powershell_host_id(text(event, context_info_)));
  alias.pid = pid(event, execution_id_);
  if (alias.guid.is_zero() || alias.pid == 0) return;
  // One script logs many of these.
  if (!facts.aliases.empty() && facts.aliases.back().guid == alias.guid) {
    facts.aliases.back().time = std::min(facts.aliases.back().time, event.time);
    return;
  }
  alias.time = event.time;
  alias.host = host(event);
  if (!alias.host.empty()) facts.aliases.push_back(std::move(alias));
}

}  // namespace catena::lineage
