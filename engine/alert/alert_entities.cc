// SPDX-License-Identifier: Apache-2.0
#include "engine/alert/alert_entities.h"

#include <algorithm>
#include <charconv>

#include "engine/alert/alert_reader.h"
#include "engine/base/text_fold.h"
#include "engine/incident/canonical.h"

namespace catena::alert {
namespace {

using incident::Entity;
using incident::EntityType;

constexpr std::size_t kMaxEntityBytes = 1024;

// The host that the alert names, or the private address that stands for it; "" when neither.
std::string host_of(const AlertEngine& engine, const AlertRecord& record) {
  const std::string_view named = first_value(record, engine.host);
  if (!named.empty()) return incident::canonical_host(named.substr(0, kMaxEntityBytes));
  for (const std::string& path : engine.own_address) {
    for (const std::string_view value : record.values(path)) {
      const auto ip = incident::canonical_ip(value);
      if (ip && incident::is_private_ip(*ip)) return *ip;
    }
  }
  return "";
}

std::string process_value(std::string_view text, const std::string& host) {
  if (const auto guid = incident::canonical_guid(text)) return "guid:" + *guid;
  const auto pid = incident::parse_number_id(text);
  if (!pid || *pid <= incident::kLastKernelProcess || host.empty()) return "";
  return incident::pid_value(host, *pid);
}

// "" when the text has not the form of the type.
std::string canonical(EntityType type, std::string_view text, const std::string& host) {
  switch (type) {
    case EntityType::kIp:
      return incident::canonical_ip(text).value_or("");
    case EntityType::kHost:
      return incident::canonical_host(text);
    case EntityType::kUser:
      return incident::canonical_user(text);
    case EntityType::kProcess:
    case EntityType::kAncestor:
      return process_value(text, host);
    case EntityType::kFile:
      return host.empty() ? "" : host + "|" + folded(text);
    case EntityType::kDomain: {
      // An address in a name's place is no name.
      if (incident::canonical_ip(text)) return "";
      std::string name = folded(text);
      while (!name.empty() && name.back() == '.') name.pop_back();
      return name.find('.') == std::string::npos ? "" : name;
    }
    case EntityType::kMail:
      return text.find('@') == std::string_view::npos ? "" : folded(text);
    default:
      return folded(text);
  }
}

}  // namespace

std::string_view first_value(const AlertRecord& record, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    for (const AlertField& field : record.fields) {
      if (field.path == path && !field.value.empty()) return field.value;
    }
  }
  return {};
}

std::optional<std::int64_t> whole_number(std::string_view text) noexcept {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<Entity> entities_of(const AlertEngine& engine, const AlertRecord& record) {
  std::vector<Entity> found;
  const std::string host = host_of(engine, record);
  if (!host.empty()) found.push_back({EntityType::kHost, host});
  for (const AlertEntity& entity : engine.entities) {
    for (const std::string& path : entity.paths) {
      for (const std::string_view value : record.values(path)) {
        if (found.size() == AlertReader::kMaxEntities) break;
        std::string text = canonical(entity.type, value.substr(0, kMaxEntityBytes), host);
        if (!text.empty()) found.push_back({entity.type, std::move(text)});
      }
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace catena::alert
