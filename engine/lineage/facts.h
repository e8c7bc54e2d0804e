// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/event/timestamp.h"
#include "engine/lineage/process_guid.h"

// Facts: what events say about who started whom, who logged on from where and which address is
// whose. They are read off all events, not only those that rules match, because the link between
// two detections is mostly in an event that is innocent by itself. Names are canonical
// (engine/incident/canonical.h). Thread safety: value types.
namespace catena::lineage {

struct ProcessStart {
  Timestamp time = kNoTime;
  std::string host;
  ProcessGuid guid;         // zero when unknown
  ProcessGuid parent_guid;  // zero when unknown
  std::uint32_t pid = 0;    // 0 when unknown
  std::uint32_t parent_pid = 0;
  bool is_root = false;         // the process starts everything else: walks end below it
  bool parent_is_root = false;  // its parent does
};

struct ProcessEnd {
  Timestamp time = kNoTime;
  std::string host;
  std::uint32_t pid = 0;
};

// Somebody logged on to `host` over the network.
struct RemoteLogon {
  Timestamp time = kNoTime;
  std::string host;
  std::uint64_t logon = 0;  // 0 when the log names none
  std::string user;
  std::string from_ip;    // "" when unknown
  std::string from_host;  // "" when unknown
  std::uint16_t from_port = 0;
};

// A process opened a connection to a machine of the own network.
struct Connection {
  Timestamp time = kNoTime;
  std::string host;
  std::string from_ip;
  std::uint16_t from_port = 0;
  ProcessGuid guid;
  std::uint32_t pid = 0;
};

// The address was the host's from then until then.
struct HostAddress {
  Timestamp time = kNoTime;
  Timestamp last = kNoTime;
  std::string ip;
  std::string host;
};

// The process with this id calls itself by this GUID as well (a PowerShell host).
struct ProcessAlias {
  Timestamp time = kNoTime;
  std::string host;
  ProcessGuid guid;
  std::uint32_t pid = 0;
};

struct Facts {
  std::vector<ProcessStart> starts;
  std::vector<ProcessEnd> ends;
  std::vector<RemoteLogon> logons;
  std::vector<Connection> connections;
  std::vector<HostAddress> addresses;
  std::vector<ProcessAlias> aliases;

  // Back to empty; keeps the memory of the vectors.
  void clear() {
    starts.clear();
    ends.clear();
    logons.clear();
    connections.clear();
    addresses.clear();
    aliases.clear();
  }
};

}  // namespace catena::lineage
