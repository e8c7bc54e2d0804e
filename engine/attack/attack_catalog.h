// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/attack/phase.h"

// AttackCatalog answers what a rule's ATT&CK and IRIS tags mean: canonical technique ids (old ids
// forwarded through the version crosswalk), tactics, and IRIS phases. It is filled once by a loader
// (rules/attack) and const afterwards. It does not look at events: decisions that need fields or
// chain context are made by the chain builder from the candidates given here.
// Thread safety: const methods may run concurrently.
namespace catena::attack {

struct Tactic {
  std::string id;         // "TA0005"
  std::string shortname;  // "defense-evasion": the tag slug
  std::string name;       // "Defense Evasion"
  bool legacy = false;    // kept for old tags, not in the newest version
};

struct Technique {
  std::string id;                    // "T1003.001"
  std::string name;                  // "LSASS Memory"
  std::vector<std::string> tactics;  // short names, in catalog order
  std::vector<std::string> platforms;
  std::string parent;       // "T1003", or empty
  bool deprecated = false;  // withdrawn without a successor; old tags still name it
};

// Candidate phases of a technique or tactic, primary first. `contextual` means that the phase comes
// from the surrounding steps (IRIS has no execution phase); `phases` then holds what to fall back
// to, and may be empty.
struct PhaseCandidates {
  std::vector<Phase> phases;
  bool contextual = false;
};

// The meaning of one rule's tags.
struct RuleTags {
  std::vector<std::string> techniques;      // canonical ids, sorted, unique
  std::vector<std::string> raw_techniques;  // as tagged, upper case, sorted, unique
  std::vector<std::string> tactics;         // tactic ids ("TA0002"), catalog order, unique
  // Technique beats tactic; iris.* tags beat both. The primaries of all techniques come first, in
  // the order of the tags, then their second choices. Contextual only when every technique is.
  PhaseCandidates phases;
  std::vector<std::string> unknown;  // attack.* / iris.* tags that name nothing known
};

class AttackCatalog {
 public:
  // A forward chain longer than this is not followed to its end; loaders refuse such tables.
  static constexpr std::size_t kMaxForwardHops = 8;

  // Filling (loader only). A later entry with the same id replaces the earlier one. Tactics are
  // told apart by short name, since version 19 gave TA0005 a new one; their order is the catalog
  // order. Technique ids are upper case, tactic short names lower case with hyphens.
  void add_tactic(Tactic tactic);
  void add_technique(Technique technique);
  void add_forward(std::string old_id, std::string new_id);
  void set_technique_phases(std::string technique_id, PhaseCandidates candidates);
  void set_tactic_phases(std::string tactic_shortname, PhaseCandidates candidates);
  void set_version(std::string version) { version_ = std::move(version); }

  // "18.1+19": the ATT&CK versions that the tables express.
  [[nodiscard]] const std::string& version() const noexcept { return version_; }
  // Follows the crosswalk to the newest id; an id without a successor is returned as it is.
  [[nodiscard]] std::string canonical(std::string_view technique_id) const;
  // By id (any case). nullptr when unknown. Does not follow the crosswalk.
  [[nodiscard]] const Technique* technique(std::string_view id) const;
  // By id ("TA0005": the newest bearer of it) or short name ("stealth", "defense_evasion"). Any
  // case. nullptr when unknown.
  [[nodiscard]] const Tactic* tactic(std::string_view id_or_shortname) const;
  // Phases of a technique: its own entry, else its parent's, else those of its first tactic. Does
  // not follow the crosswalk. Empty and not contextual when nothing is known.
  [[nodiscard]] PhaseCandidates technique_phases(std::string_view technique_id) const;
  [[nodiscard]] PhaseCandidates tactic_phases(std::string_view tactic_shortname) const;
  // Resolves Sigma tags ("attack.t1003.001", "attack.credential-access", "iris.launch-attack").
  // `car.`, `cve.`, `detection.` and other namespaces pass, as do the ATT&CK objects that are
  // neither technique nor tactic: groups (g0001), software (s0001), data sources (ds0001), ….
  [[nodiscard]] RuleTags resolve(const std::vector<std::string>& tags) const;

  [[nodiscard]] const std::map<std::string, Technique, std::less<>>& techniques() const noexcept {
    return techniques_;
  }
  [[nodiscard]] const std::vector<Tactic>& tactics() const noexcept { return tactics_; }
  // Old id -> the id that took its place (one step; canonical() follows to the end).
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& forwards() const noexcept {
    return forwards_;
  }

 private:
  [[nodiscard]] std::vector<std::string> tactic_ids(const std::vector<const Tactic*>& chosen) const;
  [[nodiscard]] std::vector<const Tactic*> technique_tactics(
      const std::vector<std::string>& canonical_ids) const;

  std::string version_;
  std::vector<Tactic> tactics_;
  std::map<std::string, Technique, std::less<>> techniques_;
  std::map<std::string, std::string, std::less<>> forwards_;
  std::map<std::string, PhaseCandidates, std::less<>> technique_phases_;
  std::map<std::string, PhaseCandidates, std::less<>> tactic_phases_;
};

}  // namespace catena::attack
