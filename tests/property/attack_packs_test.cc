// SPDX-License-Identifier: Apache-2.0
// The tables of rules/packs/attack, read as the program reads them.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/attack/attack_text.h"
#include "rules/attack/attack_loader.h"
#include "rules/attack/stix_import.h"

namespace catena::rules {
namespace {

namespace fs = std::filesystem;
using attack::AttackCatalog;
using attack::Phase;
using Phases = std::vector<Phase>;

std::string file_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

fs::path packs() { return fs::path(CATENA_SOURCE_DIR) / "rules" / "packs"; }

fs::path shared() {
  const char* given = std::getenv("CATENA_SHARED");
  return given != nullptr ? fs::path(given) : fs::path(CATENA_SOURCE_DIR) / ".." / "shared";
}

// Loads the named tables, or all of them.
AttackCatalog load_packs(const std::set<std::string>& names = {}) {
  std::vector<std::string> texts;
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(packs() / "attack")) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".tsv" || (!names.empty() && names.count(name) == 0)) continue;
    texts.push_back(file_text(entry.path()));
    paths.push_back("attack/" + name);
  }
  std::vector<AttackTable> tables;
  for (std::size_t i = 0; i < texts.size(); ++i) tables.push_back({paths[i], texts[i]});
  AttackCatalog catalog;
  const Status status = load_attack_tables(tables, catalog);
  EXPECT_TRUE(status.ok()) << status.message();
  return catalog;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

TEST(AttackPacks, LoadAndSayTheirVersions) {
  const AttackCatalog catalog = load_packs();
  EXPECT_EQ(catalog.version(), "18.1+19");
  EXPECT_EQ(catalog.tactics().size(), 16U);
  EXPECT_EQ(catalog.techniques().size(), 703U + 23U);
}

TEST(AttackPacks, EveryTechniqueHasAPhaseOrLeavesItToTheContext) {
  const AttackCatalog catalog = load_packs();
  for (const auto& [id, technique] : catalog.techniques()) {
    const auto candidates = catalog.technique_phases(id);
    EXPECT_TRUE(candidates.contextual || !candidates.phases.empty()) << id;
    EXPECT_FALSE(technique.tactics.empty()) << id;
  }
}

// The figures of the mapping's design, counted over the techniques of version 18.1.
TEST(AttackPacks, PhaseCoverageIsAsDesigned) {
  const AttackCatalog catalog = load_packs();
  const AttackCatalog bare = load_packs({"techniques.tsv", "tactics.tsv"});
  std::map<std::string, int> counts;
  for (const auto& [id, technique] : bare.techniques()) {
    if (technique.deprecated) continue;
    const auto candidates = catalog.technique_phases(id);
    ++counts[candidates.contextual ? "context" : candidates.phases.size() > 1 ? "several" : "one"];
  }
  EXPECT_EQ(counts["one"], 515);
  EXPECT_EQ(counts["several"], 148);
  EXPECT_EQ(counts["context"], 28);
}

TEST(AttackPacks, DecisionsOfTheDesignHold) {
  const AttackCatalog catalog = load_packs();
  EXPECT_EQ(catalog.technique_phases("T1003.001").phases, Phases{Phase::kEscalatePrivileges});
  EXPECT_EQ(catalog.technique_phases("T1190").phases,
            (Phases{Phase::kLaunchAttack, Phase::kInitialCompromise}));
  EXPECT_EQ(catalog.technique_phases("T1499").phases, Phases{Phase::kExecuteObjective});
  EXPECT_EQ(catalog.technique_phases("T1127.001").phases, Phases{Phase::kDefenseEvasion});
  EXPECT_TRUE(catalog.technique_phases("T1059.001").contextual);
  EXPECT_TRUE(catalog.technique_phases("T1047").contextual);
  EXPECT_FALSE(catalog.technique_phases("T1569.002").contextual);
}

TEST(AttackPacks, CrosswalkForwardsWhatVersion19Replaced) {
  const AttackCatalog catalog = load_packs();
  const std::map<std::string, std::string> expected = {
      {"T1562", "T1685"},         {"T1562.001", "T1685"}, {"T1562.002", "T1685.001"},
      {"T1562.004", "T1686"},     {"T1562.006", "T1685"}, {"T1562.007", "T1686.001"},
      {"T1562.008", "T1685.002"}, {"T1562.010", "T1689"}, {"T1070.001", "T1685.005"},
      {"T1070.002", "T1685.006"}, {"T1656", "T1684.001"}, {"T1547.011", "T1647"},
      {"T1086", "T1059.001"},     {"T1089", "T1685"}};
  for (const auto& [old_id, successor] : expected) {
    EXPECT_EQ(catalog.canonical(old_id), successor) << old_id;
  }
}

TEST(AttackPacks, ResolveOldAndNewEvasionTags) {
  const AttackCatalog catalog = load_packs();
  const auto old_rule = catalog.resolve({"attack.defense_evasion", "attack.t1562.001"});
  EXPECT_EQ(old_rule.techniques, std::vector<std::string>{"T1685"});
  EXPECT_EQ(old_rule.tactics, std::vector<std::string>{"TA0005"});
  EXPECT_EQ(old_rule.phases.phases, Phases{Phase::kDefenseEvasion});
  const auto new_rule = catalog.resolve({"attack.defense-impairment", "attack.t1685.005"});
  EXPECT_EQ(new_rule.tactics, std::vector<std::string>{"TA0112"});
  EXPECT_EQ(new_rule.phases.phases, Phases{Phase::kDefenseEvasion});
  EXPECT_TRUE(new_rule.unknown.empty());
}

TEST(AttackPacks, ShowTellsWhereAnOldIdWent) {
  const auto text = attack::describe(load_packs(), "T1562.001");
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(text->rfind("T1562.001  Disable or Modify Tools\n  now               T1685\n", 0), 0U);
}

TEST(AttackPacks, CarryTheLicenceNotice) {
  const std::string notice =
      "© 2025 The MITRE Corporation. This work is reproduced and distributed with the permission "
      "of "
      "The MITRE Corporation.";
  for (const auto& entry : fs::directory_iterator(packs() / "attack")) {
    const std::string name = entry.path().filename().string();
    if (name == "iris.tsv" || name == "generate.py") continue;  // our own
    EXPECT_NE(file_text(entry.path()).find(notice), std::string::npos) << name;
  }
}

TEST(SharedAttack, MappingHasEveryRowOfTheDesign) {
  const fs::path source = shared() / "attack" / "iris-mapping.tsv";
  if (!fs::exists(source)) GTEST_SKIP() << "no " << source;
  const std::string ours = "\n" + file_text(packs() / "attack" / "iris.tsv");
  int rows = 0;
  for (const std::string& line : split(file_text(source), '\n')) {
    if (line.empty() || line[0] == '#') continue;
    EXPECT_NE(ours.find("\n" + line + "\n"), std::string::npos) << line;
    ++rows;
  }
  EXPECT_GE(rows, 140);
}

TEST(SharedAttack, ImportOfTheBundleGivesOurTables) {
  const fs::path source = shared() / "attack" / "enterprise-attack-18.1.json.gz";
  if (!fs::exists(source)) GTEST_SKIP() << "no " << source;
  const auto text = read_stix_file(source.string());
  ASSERT_TRUE(text.ok()) << text.status().message();
  const auto imported = import_stix(*text);
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  const AttackCatalog ours = load_packs({"techniques.tsv", "tactics.tsv", "revoked.tsv"});
  ASSERT_EQ(imported->techniques.size(), ours.techniques().size());
  for (const attack::Technique& theirs : imported->techniques) {
    const attack::Technique* own = ours.technique(theirs.id);
    ASSERT_NE(own, nullptr) << theirs.id;
    EXPECT_EQ(own->name, theirs.name);
    EXPECT_EQ(own->platforms, theirs.platforms);
    EXPECT_EQ(own->parent, theirs.parent);
    EXPECT_EQ(own->deprecated, theirs.deprecated);
    const std::set<std::string> own_tactics(own->tactics.begin(), own->tactics.end());
    const std::set<std::string> their_tactics(theirs.tactics.begin(), theirs.tactics.end());
    EXPECT_EQ(own_tactics, their_tactics) << theirs.id;
  }
  EXPECT_EQ(imported->forwards.size(), ours.forwards().size());
  EXPECT_EQ(imported->tactics.size(), 14U);
  EXPECT_EQ(imported->tactics.front().shortname, "reconnaissance");

  AttackCatalog overlaid = load_packs();
  const std::string overlay = attack_tables_text(*imported);
  const AttackTable table{"overlay", overlay};
  const Status status = load_attack_tables({&table, 1}, overlaid);
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(overlaid.canonical("T1562.001"), "T1685");
}

// Every ATT&CK tag of the SigmaHQ rules means something to the catalog.
TEST(SharedAttack, SigmaTagsResolve) {
  const fs::path sigma = shared() / "sigma";
  if (!fs::exists(sigma)) GTEST_SKIP() << "no " << sigma;
  const AttackCatalog catalog = load_packs();
  std::map<std::string, int> uses;
  for (const auto& folder : fs::directory_iterator(sigma)) {
    if (folder.path().filename().string().rfind("rules", 0) != 0) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.path().extension() != ".yml") continue;
      for (const std::string& line : split(file_text(entry.path()), '\n')) {
        const std::size_t start = line.find("- attack.");
        if (start == std::string::npos || line.find_first_not_of(' ') != start) continue;
        ++uses[line.substr(start + 2, line.find_first_of(" \r#", start + 2) - start - 2)];
      }
    }
  }
  int one = 0;
  int several = 0;
  int context = 0;
  int total = 0;
  for (const auto& [tag, count] : uses) {
    const auto resolved = catalog.resolve({tag});
    EXPECT_TRUE(resolved.unknown.empty()) << tag;
    total += count;
    if (resolved.techniques.empty()) continue;
    const auto& phases = resolved.phases;
    EXPECT_TRUE(phases.contextual || !phases.phases.empty()) << tag;
    (phases.contextual ? context : phases.phases.size() > 1 ? several : one) += count;
  }
  EXPECT_GT(total, 9000);
  std::cout << uses.size() << " ATT&CK tags, " << total << " uses; technique uses with one phase "
            << one << ", several " << several << ", context " << context << "\n";
}

}  // namespace
}  // namespace catena::rules
