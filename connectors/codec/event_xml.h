// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/arena.h"
#include "engine/event/event_batch.h"
#include "engine/normalise/flat_record.h"
#include "engine/normalise/normalisation_table.h"

// EventXmlWalker flattens a Windows event log record as XML, the form Sysmon for Linux writes, into
// the same paths as EVTX-as-JSON: "Event.System.Computer",
// "Event.System.Provider.#attributes.Name", "Event.EventData.<Name>". It reads elements,
// attributes, text, CDATA, comments and the predefined entities and nothing else of XML: no DTD, no
// entity definitions, no namespaces.
// Thread safety: none; one per thread. Cost: one pass. Errors: kInvalidXml, kTooDeep,
// kTooManyFields, kKeyTooLong, kTruncated.
namespace catena::codec {

inline constexpr std::size_t kMaxXmlDepth = 16;

class EventXmlWalker {
 public:
  explicit EventXmlWalker(const normalise::NormalisationTable& table) : table_(table) {}

  // Appends the fields of `xml`: one element with nothing but blanks around it.
  std::optional<DeadLetterReason> walk(std::string_view xml, Arena& arena,
                                       normalise::FlatRecord& out);

 private:
  struct Element {
    std::string_view name;
    std::uint32_t path_bytes = 0;  // length of path_ before this element
    bool has_children = false;
  };

  std::optional<DeadLetterReason> take_markup(std::string_view xml, std::size_t& at, Arena& arena,
                                              normalise::FlatRecord& out);
  std::optional<DeadLetterReason> start_element(std::string_view xml, std::size_t& at, Arena& arena,
                                                normalise::FlatRecord& out);
  std::optional<DeadLetterReason> take_attributes(std::string_view xml, std::size_t& at,
                                                  Arena& arena, normalise::FlatRecord& out);
  std::optional<DeadLetterReason> end_element(std::string_view xml, std::size_t& at, Arena& arena,
                                              normalise::FlatRecord& out);
  std::optional<DeadLetterReason> add(std::string_view value, normalise::FlatRecord& out);

  const normalise::NormalisationTable& table_;
  std::string path_;
  std::string text_;  // of the innermost open element
  std::vector<Element> open_;
};

// The text with its entity references resolved; views `text` when it has none. Unknown references
// stay as they are.
[[nodiscard]] std::string_view resolve_entities(std::string_view text, Arena& arena);

}  // namespace catena::codec
