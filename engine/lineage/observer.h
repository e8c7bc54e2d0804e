// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/event/event.h"
#include "engine/event/field_catalog.h"
#include "engine/event/log_source.h"
#include "engine/lineage/facts.h"

// Observer reads facts off events: process starts and ends (Sysmon 1 and 5, Security 4688 and 4689,
// audit), logons over the network (Security 4624 of type 3 and 10, sshd), connections and addresses
// (Sysmon 3, Security 5156), PowerShell hosts (4103).
// Protocol: construct before the field catalog is frozen, bind() once the mappings are loaded, then
// observe() every event. Thread safety: const methods may run concurrently.
// Cost: one table look-up for an event that tells nothing.
namespace catena::lineage {

class Observer {
 public:
  // Interns the fields that it reads.
  explicit Observer(FieldCatalog& fields);

  // Learns which log sources tell what.
  void bind(const LogSourceCatalog& log_sources);

  // Appends what `event` tells. Makes the event plain (copies go to `arena`) when it tells
  // something.
  void observe(Event& event, Arena& arena, Facts& facts) const;

 private:
  // What a log source may tell, as bits.
  enum Kind : std::uint8_t {
    kNothing = 0,
    kStart = 1,
    kEnd = 2,
    kNetwork = 4,
    kLogon = 8,
    kSsh = 16,
    kScript = 32
  };

  [[nodiscard]] std::string_view text(const Event& event, FieldId field) const noexcept;
  [[nodiscard]] std::uint32_t pid(const Event& event, FieldId field) const noexcept;
  [[nodiscard]] std::string host(const Event& event) const;
  void observe_start(const Event& event, Facts& facts) const;
  void observe_end(const Event& event, Facts& facts) const;
  void observe_network(const Event& event, Facts& facts) const;
  void observe_logon(const Event& event, Facts& facts) const;
  void observe_ssh(const Event& event, Facts& facts) const;
  void observe_script(const Event& event, Facts& facts) const;

  std::vector<std::uint8_t> kinds_;  // by LogSourceId
  FieldId event_id_, computer_, host_, process_guid_, parent_guid_, process_id_, parent_id_, image_,
      parent_image_, source_ip_, source_port_, destination_ip_, initiated_, direction_, logon_id_,
      logon_type_, ip_address_, ip_port_, workstation_, target_user_, message_, execution_id_,
      context_info_;
};

}  // namespace catena::lineage
