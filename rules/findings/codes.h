// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// The names of what the linter itself finds. rules/README.md explains each with an example; the
// levels are in codes.cc. Codes of refusals are in rules/sigma/diagnostic.h.
// Thread safety: constants.
namespace catena::lint {

// The specification's JSON schemas.
inline constexpr std::string_view kSchema = "schema";
inline constexpr std::string_view kMisspelledKey = "misspelled-key";

// What a rule means.
inline constexpr std::string_view kNeverMatches = "never-matches";
inline constexpr std::string_view kEventIdOutsideCategory = "event-id-outside-category";
inline constexpr std::string_view kUnusedSelection = "unused-selection";
inline constexpr std::string_view kIdleWildcard = "idle-wildcard";
inline constexpr std::string_view kWildcardAsModifier = "wildcard-as-modifier";
inline constexpr std::string_view kAnyValue = "any-value";
inline constexpr std::string_view kUnknownField = "unknown-field";
inline constexpr std::string_view kDuplicateValue = "duplicate-value";
inline constexpr std::string_view kCoveredValue = "covered-value";
inline constexpr std::string_view kDuplicateLogic = "duplicate-logic";
inline constexpr std::string_view kRegexAsModifier = "regex-as-modifier";
inline constexpr std::string_view kRegexIdleEdge = "regex-idle-edge";
inline constexpr std::string_view kSlowRule = "slow-rule";
inline constexpr std::string_view kFilterWithoutNot = "filter-without-not";
inline constexpr std::string_view kBase64IgnoresCase = "base64-ignores-case";
inline constexpr std::string_view kNeqMissingField = "neq-missing-field";
inline constexpr std::string_view kMissingLevel = "missing-level";
inline constexpr std::string_view kStatusNotInUse = "status-not-in-use";
inline constexpr std::string_view kAttackTagUnknown = "attack-tag-unknown";
inline constexpr std::string_view kAttackTagRevoked = "attack-tag-revoked";
inline constexpr std::string_view kAttackTagDeprecated = "attack-tag-deprecated";
inline constexpr std::string_view kUnknownAllow = "unknown-allow";
inline constexpr std::string_view kUnusedAllow = "unused-allow";

// SigmaHQ's conventions, with --sigmahq.
inline constexpr std::string_view kSigmahqTitle = "sigmahq-title";
inline constexpr std::string_view kSigmahqTitleCase = "sigmahq-title-case";
inline constexpr std::string_view kSigmahqDuplicateTitle = "sigmahq-duplicate-title";
inline constexpr std::string_view kSigmahqFilename = "sigmahq-filename";
inline constexpr std::string_view kSigmahqMissingKey = "sigmahq-missing-key";
inline constexpr std::string_view kSigmahqKeyOrder = "sigmahq-key-order";
inline constexpr std::string_view kSigmahqIndentation = "sigmahq-indentation";
inline constexpr std::string_view kSigmahqId = "sigmahq-id";
inline constexpr std::string_view kSigmahqDescription = "sigmahq-description";
inline constexpr std::string_view kSigmahqDate = "sigmahq-date";
inline constexpr std::string_view kSigmahqReference = "sigmahq-reference";
inline constexpr std::string_view kSigmahqTag = "sigmahq-tag";
inline constexpr std::string_view kSigmahqFalsePositive = "sigmahq-falsepositive";
inline constexpr std::string_view kSigmahqSingleItemList = "sigmahq-single-item-list";
inline constexpr std::string_view kSigmahqFilterName = "sigmahq-filter-name";

}  // namespace catena::lint
