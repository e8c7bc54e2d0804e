// SPDX-License-Identifier: Apache-2.0
#include "rules/attack/stix_import.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "rules/attack/attack_loader.h"

namespace catena::rules {
namespace {

std::string bundle(const std::string& objects) {
  return R"({"type":"bundle","id":"bundle--1","objects":[)" + objects + "]}";
}

std::string technique(const std::string& stix_id, const std::string& id, const std::string& more) {
  return R"({"type":"attack-pattern","id":")" + stix_id + R"(","name":"Name of )" + id +
         R"(","modified":"2026-04-28T10:00:00.000Z","external_references":[{"source_name":"other",)"
         R"("external_id":"X"},{"source_name":"mitre-attack","external_id":")" +
         id + "\"}]" + more + "}";
}

constexpr std::string_view kTactic =
    R"({"type":"x-mitre-tactic","id":"x-mitre-tactic--1","name":"Stealth",)"
    R"("x_mitre_shortname":"stealth","external_references":[{"source_name":"mitre-attack",)"
    R"("external_id":"TA0005"}]})";
constexpr std::string_view kInStealth =
    R"(,"kill_chain_phases":[{"kill_chain_name":"mitre-attack","phase_name":"stealth"}])";

std::string good_bundle() {
  return bundle(std::string(kTactic) + "," +
                technique("attack-pattern--1", "T1685",
                          std::string(kInStealth) + R"(,"x_mitre_platforms":["Windows","Linux"],)"
                                                    R"("x_mitre_domains":["enterprise-attack"])") +
                "," + technique("attack-pattern--2", "T1562", R"(,"revoked":true)") + "," +
                technique("attack-pattern--3", "T1685.001",
                          std::string(kInStealth) + R"(,"x_mitre_deprecated":true)") +
                R"(,{"type":"relationship","relationship_type":"revoked-by",)"
                R"("source_ref":"attack-pattern--2","target_ref":"attack-pattern--1"})"
                R"(,{"type":"malware","name":"passed over"},7,null)");
}

TEST(StixImport, ReadsTechniquesTacticsAndForwards) {
  const auto imported = import_stix(good_bundle());
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  EXPECT_EQ(imported->version, "stix-2026-04-28");
  ASSERT_EQ(imported->tactics.size(), 1U);
  EXPECT_EQ(imported->tactics[0].id, "TA0005");
  ASSERT_EQ(imported->techniques.size(), 2U);
  EXPECT_EQ(imported->techniques[0].id, "T1685");
  EXPECT_EQ(imported->techniques[0].platforms, (std::vector<std::string>{"Linux", "Windows"}));
  EXPECT_EQ(imported->techniques[1].parent, "T1685");
  EXPECT_TRUE(imported->techniques[1].deprecated);
  EXPECT_EQ(imported->forwards.at("T1562"), "T1685");
}

TEST(StixImport, TextLoadsAsTheSameCatalog) {
  const auto imported = import_stix(good_bundle());
  ASSERT_TRUE(imported.ok());
  const std::string text = attack_tables_text(*imported);
  const AttackTable table{"overlay", text};
  attack::AttackCatalog catalog;
  const Status status = load_attack_tables({&table, 1}, catalog);
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(catalog.version(), imported->version);
  EXPECT_EQ(catalog.techniques().size(), 2U);
  EXPECT_EQ(catalog.canonical("T1562"), "T1685");
  EXPECT_TRUE(catalog.technique("T1685.001")->deprecated);
}

TEST(StixImport, TakesTheCollectionsVersion) {
  const auto imported = import_stix(
      bundle(std::string(kTactic) + "," + technique("a", "T1685", std::string(kInStealth)) +
             R"(,{"type":"x-mitre-collection","x_mitre_version":"19.2"})"));
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  EXPECT_EQ(imported->version, "19.2");
}

TEST(StixImport, RefusesWhatIsNotABundle) {
  for (const std::string_view text :
       {"", "{", "[]", "7", R"({"type":"bundle"})", R"({"type":"report","objects":[]})",
        R"({"type":"bundle","objects":7})", "{\"type\":\"bundle\",\"objects\":[\"\xff\"]}"}) {
    const auto imported = import_stix(text);
    ASSERT_FALSE(imported.ok()) << text;
    EXPECT_EQ(imported.status().code(), StatusCode::kInvalidInput) << text;
  }
  const std::string deep = R"({"type":"bundle","objects":)" + std::string(1'000'000, '[') +
                           std::string(1'000'000, ']') + "}";
  EXPECT_FALSE(import_stix(deep).ok());
}

TEST(StixImport, RefusesABundleWithoutEnterpriseTechniques) {
  EXPECT_EQ(import_stix(bundle("")).status().code(), StatusCode::kUnsupported);
  const std::string mobile = bundle(
      std::string(kTactic) + "," +
      technique("a", "T1685", std::string(kInStealth) + R"(,"x_mitre_domains":["mobile-attack"])"));
  EXPECT_EQ(import_stix(mobile).status().code(), StatusCode::kUnsupported);
}

TEST(StixImport, RefusesMalformedTechniques) {
  const std::string tactic = std::string(kTactic) + ",";
  const auto refused = [](const std::string& text) {
    const auto imported = import_stix(text);
    return !imported.ok() && imported.status().code() == StatusCode::kInvalidInput;
  };
  EXPECT_TRUE(refused(bundle(tactic + technique("a", "T16", ""))));
  EXPECT_TRUE(refused(bundle(tactic + technique("a", "T1685.001", ""))));          // no parent
  EXPECT_TRUE(refused(bundle(technique("a", "T1685", std::string(kInStealth)))));  // no tactic
  EXPECT_TRUE(refused(bundle(tactic + technique("a", "T1685", R"(,"x_mitre_platforms":["a,b"])"))));
  EXPECT_TRUE(
      refused(bundle(tactic + technique("a", "T1685", R"(,"x_mitre_platforms":["a\nb"])"))));
  EXPECT_TRUE(
      refused(bundle(tactic + technique("a", "T1685",
                                        ",\"x_mitre_platforms\":[\"" +
                                            std::string(kMaxAttackFieldBytes + 1, 'x') + "\"]"))));
}

TEST(StixImport, ReadsPlainAndCompressedFilesAndSaysWhyNot) {
  const auto missing = read_stix_file("/nonexistent/bundle.json");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.status().code(), StatusCode::kIo);
  EXPECT_NE(missing.status().message().find("/nonexistent/bundle.json: "), std::string::npos);

  const auto path = std::filesystem::path(testing::TempDir()) / "stix_import_test.json";
  std::ofstream(path) << good_bundle();
  const auto text = read_stix_file(path.string());
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(*text, good_bundle());

  // The first bytes of a gzip file, and then its end.
  std::ofstream(path, std::ios::binary) << "\x1f\x8b\x08" << std::string(7, '\0') << "\x4b";
  EXPECT_FALSE(read_stix_file(path.string()).ok());
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace catena::rules
