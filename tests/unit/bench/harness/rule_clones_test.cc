// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/rule_clones.h"

#include <set>

#include <gtest/gtest.h>

#include "engine/plan/rule_set_builder.h"
#include "rules/compile/rule_loader.h"

namespace catena::harness {
namespace {

constexpr std::string_view kRules = R"(
title: Inside
logsource: {product: windows, category: process_creation}
detection:
  s: {EventID: 1, Image|endswith: '\powershell.exe', CommandLine|contains: [downloadstring, '-e']}
  condition: s
---
title: Whole
logsource: {product: windows, category: process_creation}
detection:
  s: {Image|endswith: '\mimikatz.exe'}
  condition: s
---
title: Regex
logsource: {product: windows, category: process_creation}
detection:
  s: {'CommandLine|re': 'downloadfile\s+[a-z]{4}'}
  condition: s
---
title: Exception
logsource: {product: windows, category: process_creation}
detection:
  s: {Image|endswith: '\certutil.exe'}
  filter: {CommandLine|contains: 'verifyctl'}
  condition: s and not filter
)";

struct Loaded {
  FieldCatalog fields;
  plan::RuleSet rules;
};

void load(Loaded& loaded) {
  compile::RuleLoader loader(loaded.fields);
  loader.add_text(kRules, "test");
  auto rules = loader.finish();
  ASSERT_TRUE(rules.ok());
  loaded.rules = *std::move(rules);
  ASSERT_EQ(loaded.rules.rules.size(), 4U);
}

std::multiset<std::string> texts_of(const plan::RuleSet& rules) {
  std::multiset<std::string> texts;
  for (const auto& predicate : rules.predicates) texts.insert(predicate.text);
  return texts;
}

TEST(RuleClones, OnceIsACopy) {
  Loaded loaded;
  load(loaded);
  const plan::RuleSet copy = multiply_rules(loaded.rules, loaded.fields, 1);
  EXPECT_EQ(copy.fingerprint, loaded.rules.fingerprint);
}

TEST(RuleClones, ClonesHaveOtherWordsAndTheSameKind) {
  Loaded loaded;
  load(loaded);
  const plan::RuleSet rules = multiply_rules(loaded.rules, loaded.fields, 3);
  ASSERT_EQ(rules.rules.size(), 12U);
  const auto texts = texts_of(rules);
  // The event id stays one predicate; the short word stays; the word inside is another in each.
  EXPECT_EQ(texts.count("1"), 1U);
  EXPECT_EQ(texts.count("-e"), 1U);
  EXPECT_EQ(texts.count("downloadstring"), 1U);
  // A clone that kept its program could match by that and the short word alone, so the program is
  // another in each; so it is where there is nothing to search inside.
  std::size_t powershells = 0;
  std::size_t mimikatzes_and_certutils = 0;
  for (const std::string& text : texts) {
    powershells += text.size() == 15 ? 1 : 0;
    mimikatzes_and_certutils += text.size() == 13 ? 1 : 0;
  }
  EXPECT_EQ(powershells, 3U);
  EXPECT_EQ(mimikatzes_and_certutils, 6U);
  EXPECT_NE(rules.rules[4].id, rules.rules[0].id);
  EXPECT_EQ(rules.rules[4].log_source, rules.rules[0].log_source);
}

TEST(RuleClones, RegularExpressionsChangeTheirMandatoryWord) {
  Loaded loaded;
  load(loaded);
  const plan::RuleSet rules = multiply_rules(loaded.rules, loaded.fields, 2);
  std::set<std::string> patterns;
  for (const auto& predicate : rules.predicates) {
    if (predicate.op == plan::Op::kRegex) patterns.insert(predicate.text);
  }
  EXPECT_EQ(patterns.size(), 2U);
}

TEST(RuleClones, WhatARuleLeavesOutStays) {
  Loaded loaded;
  load(loaded);
  const plan::RuleSet rules = multiply_rules(loaded.rules, loaded.fields, 3);
  const auto texts = texts_of(rules);
  // The exception is one predicate of all; the program alone would match, so it changes in each.
  EXPECT_EQ(texts.count("verifyctl"), 1U);
  EXPECT_EQ(texts.count("\\certutil.exe"), 1U);
  std::size_t same_length = 0;
  for (const std::string& text : texts) same_length += text.ends_with(".exe") && text.size() == 13;
  EXPECT_EQ(same_length, 6U);  // with those of mimikatz.exe
}

TEST(RuleClones, IsDeterministic) {
  Loaded loaded;
  load(loaded);
  EXPECT_EQ(multiply_rules(loaded.rules, loaded.fields, 4).fingerprint,
            multiply_rules(loaded.rules, loaded.fields, 4).fingerprint);
}

TEST(ChangeWord, ChangesTwoLettersAndNothingElse) {
  for (std::uint64_t salt = 1; salt < 200; ++salt) {
    const std::string changed = change_word("\\Power-shell.EXE", salt);
    ASSERT_EQ(changed.size(), 16U);
    EXPECT_NE(changed, "\\Power-shell.EXE");
    EXPECT_EQ(changed.substr(6), change_word("\\Power-shell.EXE", salt).substr(6));
    EXPECT_EQ(changed[6], '-');
    EXPECT_EQ(changed.substr(12), ".EXE");
    EXPECT_TRUE(changed[1] >= 'A' && changed[1] <= 'Z');
  }
}

TEST(ChangeWord, LeavesShortAndForeignTextsAlone) {
  EXPECT_EQ(change_word("", 1), "");
  EXPECT_EQ(change_word("-e", 1), "-e");
  EXPECT_EQ(change_word("4688", 1), "4688");
  EXPECT_EQ(change_word("日本語", 1), "日本語");
}

}  // namespace
}  // namespace catena::harness
