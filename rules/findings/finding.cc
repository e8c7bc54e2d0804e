// SPDX-License-Identifier: Apache-2.0
#include "rules/findings/finding.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "rules/findings/codes.h"

namespace catena::lint {
namespace {

constexpr auto kError = Level::kError;
constexpr auto kWarning = Level::kWarning;
constexpr auto kNote = Level::kNote;

constexpr auto kCodes = std::to_array<CodeInfo>({
    // Refusals.
    {"unreadable", kError, "The file or folder cannot be read."},
    {"yaml", kError, "The file is not YAML within the bounds of the reader."},
    {kSchema, kError, "A part of the rule is not what the specification's JSON schema asks for."},
    {"unknown-modifier", kError, "The modifier does not exist."},
    {"modifier", kError, "A modifier stands where it cannot stand."},
    {"all-with-one-value", kError, "The modifier 'all' needs a list of two values or more."},
    {"value", kError, "The modifiers cannot take this value."},
    {"null-in-list", kError, "Null cannot be one of several values."},
    {"regex", kError, "The regular expression is refused."},
    {"placeholder", kError, "A placeholder has no value."},
    {"condition", kError, "The condition cannot be parsed."},
    {"names-nothing", kError, "The condition names a search identifier that does not exist."},
    {"correlation", kError, "The correlation rule cannot be used."},
    {"filter", kError, "The filter cannot be used."},
    {"legacy", kError, "The construct was withdrawn from Sigma."},
    {"duplicate-id", kError, "Another rule has the same id."},
    {"limit", kError, "A bound on what a rule may hold is exceeded."},
    {"pipeline", kError, "A processing pipeline is refused, or refuses the rule."},
    {"lint", kWarning, "The rule loads, but is probably not what was meant."},
    // The schema's neighbourhood.
    {kMisspelledKey, kWarning, "A key that Sigma does not know, but nearly."},
    // What a rule means.
    {kNeverMatches, kWarning, "No single value can satisfy everything that is asked of a field."},
    {kEventIdOutsideCategory, kWarning, "No event of the category has this EventID."},
    {kUnusedSelection, kWarning, "No condition uses the search identifier."},
    {kIdleWildcard, kWarning, "The wildcard changes nothing."},
    {kWildcardAsModifier, kNote,
     "A modifier says the same as the wildcard, and is easier to read."},
    {kAnyValue, kWarning, "The value matches whatever the field holds."},
    {kUnknownField, kWarning, "Events of this log source have no such field."},
    {kDuplicateValue, kWarning, "The value stands in the list already."},
    {kCoveredValue, kNote, "Another value of the list makes this one needless."},
    {kDuplicateLogic, kWarning, "Another rule has the same log source and detection."},
    {kRegexAsModifier, kNote, "A modifier says the same as the regular expression, and is faster."},
    {kRegexIdleEdge, kNote, "The edge of the regular expression changes nothing: it is searched."},
    {kSlowRule, kNote, "No text has to be in an event for it to match: every event is evaluated."},
    {kFilterWithoutNot, kWarning, "The filter keeps what it names instead of leaving it out."},
    {kBase64IgnoresCase, kNote, "Base64 is compared without case; 'cased' would be exact."},
    {kNeqMissingField, kNote, "'neq' also holds when the event has no such field."},
    {kMissingLevel, kWarning, "The rule has no level; it counts as medium."},
    {kStatusNotInUse, kWarning, "The rule's status says that it should not be used."},
    {kAttackTagUnknown, kWarning, "The tag names nothing in ATT&CK or IRIS."},
    {kAttackTagRevoked, kNote, "ATT&CK replaced the technique by another one."},
    {kAttackTagDeprecated, kNote, "ATT&CK withdrew the technique without a successor."},
    {kUnknownAllow, kWarning, "A comment allows a code that does not exist."},
    {kUnusedAllow, kNote, "A comment allows a code that is not found there."},
    // SigmaHQ's conventions.
    {kSigmahqTitle, kWarning, "SigmaHQ: length and wording of the title."},
    {kSigmahqTitleCase, kWarning, "SigmaHQ: titles use title case."},
    {kSigmahqDuplicateTitle, kWarning, "SigmaHQ: no two rules have the same title."},
    {kSigmahqFilename, kWarning, "SigmaHQ: the file's name says the log source."},
    {kSigmahqMissingKey, kWarning, "SigmaHQ: a key that every rule has is missing."},
    {kSigmahqKeyOrder, kNote, "SigmaHQ: the order of the keys."},
    {kSigmahqIndentation, kNote, "SigmaHQ: indentation is four blanks."},
    {kSigmahqId, kWarning, "SigmaHQ: the id is a UUID."},
    {kSigmahqDescription, kNote, "SigmaHQ: the description says what is detected."},
    {kSigmahqDate, kWarning, "SigmaHQ: dates exist, and 'modified' is not before 'date'."},
    {kSigmahqReference, kWarning, "SigmaHQ: references are lasting links, not ATT&CK pages."},
    {kSigmahqTag, kWarning, "SigmaHQ: tags are of a known namespace and form."},
    {kSigmahqFalsePositive, kWarning, "SigmaHQ: false positives are real ones, or 'Unknown'."},
    {kSigmahqSingleItemList, kNote, "SigmaHQ: a list of one is written as the value alone."},
    {kSigmahqFilterName, kNote, "SigmaHQ: filters are named filter_main_* or filter_optional_*."},
});

}  // namespace

std::string_view level_name(Level level) noexcept {
  switch (level) {
    case Level::kNote:
      return "note";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "";
}

std::span<const CodeInfo> all_codes() noexcept { return kCodes; }

const CodeInfo* find_code(std::string_view name) noexcept {
  const auto found = std::find_if(kCodes.begin(), kCodes.end(),
                                  [name](const CodeInfo& code) { return code.name == name; });
  return found == kCodes.end() ? nullptr : &*found;
}

Finding finding_of(const sigma::Diagnostic& diagnostic) {
  Finding finding;
  finding.code = sigma::diagnostic_code_name(diagnostic.code);
  finding.level = diagnostic.severity == sigma::Severity::kError ? kError : kWarning;
  finding.file = diagnostic.file;
  finding.place = diagnostic.place;
  finding.end = diagnostic.place;
  finding.message = diagnostic.message;
  finding.is_refusal = diagnostic.severity == sigma::Severity::kError;
  return finding;
}

bool is_before(const Finding& a, const Finding& b) noexcept {
  return std::tie(a.file, a.place.line, a.place.column, a.code, a.message) <
         std::tie(b.file, b.place.line, b.place.column, b.code, b.message);
}

}  // namespace catena::lint
