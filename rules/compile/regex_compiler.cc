// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/regex_compiler.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <hs.h>
#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include "rules/compile/regex_work.h"

namespace catena::compile {
namespace {

// Shorter texts are in nearly every value and tell a matcher nothing, but for those that hold one
// of a few characters.
constexpr int kMinRequiredBytes = 3;
constexpr std::string_view kRareCharacters = "`{}$^~#&;<>|*![]+";
// Alternatives give many atoms and need none of them; testing each costs their number.
constexpr std::size_t kMaxAtoms = 64;
// Larger expressions are not measured: Vectorscan's parser takes seconds for some.
constexpr std::size_t kMaxMeasuredBytes = 256;
constexpr int kMaxMeasuredInstructions = 400;
constexpr std::size_t kMaxFlagBytes = 6;  // "(?ims)"

RE2::Options regex_options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxRegexMemory);
  return options;
}

bool is_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The longest atom without which RE2's own prefilter says that the expression cannot match. Atoms
// are lower case. Only ASCII ones are used: for those, RE2's lower-casing and our folding of the
// value agree (U+212A and U+017F become k and s in both).
std::string required_text_of(const std::string& text, int min_bytes) {
  re2::FilteredRE2 filter(min_bytes);
  int id = 0;
  if (filter.Add(text, regex_options(), &id) != RE2::NoError) return "";
  std::vector<std::string> atoms;
  filter.Compile(&atoms);
  if (atoms.size() > kMaxAtoms) return "";
  std::string best;
  for (std::size_t left_out = 0; left_out < atoms.size(); ++left_out) {
    const std::string& atom = atoms[left_out];
    const bool tells = atom.size() >= kMinRequiredBytes ||
                       atom.find_first_of(kRareCharacters) != std::string::npos;
    if (atom.size() <= best.size() || !tells || !is_ascii(atom)) continue;
    std::vector<int> present;
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      if (i != left_out) present.push_back(static_cast<int>(i));
    }
    std::vector<int> possible;
    filter.AllPotentials(present, &possible);
    if (possible.empty()) best = atom;
  }
  return best;
}

// The bytes of the shortest text that matches, as Vectorscan's parser counts them; 0 when it does
// not know the expression. Both read Perl's syntax; an anchor or a border counts nothing.
std::uint32_t min_width_of(const std::string& text, int instructions) {
  if (text.size() > kMaxMeasuredBytes || instructions > kMaxMeasuredInstructions) return 0;
  // Beyond ASCII the two differ on which characters are one another's other case.
  if (!is_ascii(text) || text.find("\\x") != std::string::npos) return 0;
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t code =
      hs_expression_info(text.c_str(), HS_FLAG_UTF8 | HS_FLAG_ALLOWEMPTY, &info, &error);
  hs_free_compile_error(error);
  if (code != HS_SUCCESS || info == nullptr) return 0;
  const std::uint32_t width = info->min_width;
  std::free(info);  // NOLINT: the library allocates so
  return width == std::numeric_limits<std::uint32_t>::max() ? 0 : width;
}

// N of a pattern that is ".{N,}" or ".{N}", the dot perhaps in brackets; nullopt for all else.
std::optional<std::uint32_t> length_asked_for(std::string_view pattern) {
  bool is_run = false;
  for (const std::string_view dot : {".", "(.)", "(?:.)"}) {
    if (!pattern.starts_with(dot)) continue;
    pattern.remove_prefix(dot.size());
    is_run = true;
    break;
  }
  if (!is_run || !pattern.starts_with('{') || !pattern.ends_with('}')) return std::nullopt;
  pattern = pattern.substr(1, pattern.size() - 2);
  if (pattern.ends_with(',')) pattern.remove_suffix(1);
  std::uint32_t length = 0;
  const char* const end = pattern.data() + pattern.size();
  const auto [stop, error] = std::from_chars(pattern.data(), end, length);
  if (error != std::errc() || stop != end) return std::nullopt;
  return length;
}

std::string_view advice_for(RE2::ErrorCode code, std::string_view part) noexcept {
  if (code == RE2::ErrorBadPerlOp &&
      (part.starts_with("(?=") || part.starts_with("(?!") || part.starts_with("(?<"))) {
    return "; there is no lookaround: move it into a search identifier of its own";
  }
  if (code == RE2::ErrorBadEscape && part.size() == 2 && part[1] >= '1' && part[1] <= '9') {
    return "; there are no backreferences";
  }
  if (code == RE2::ErrorRepeatSize) return "; a count is at most 1000";
  return "";
}

std::string with_flags(std::string_view pattern, RegexFlags flags) {
  std::string letters;
  if (flags.ignore_case) letters += 'i';
  if (flags.multi_line) letters += 'm';
  if (flags.dot_all) letters += 's';
  std::string text = letters.empty() ? "" : "(?" + letters + ")";
  return text += pattern;
}

}  // namespace

std::optional<RegexError> find_regex_error(std::string_view pattern, RegexFlags flags) {
  const RE2 regex(with_flags(pattern, flags), regex_options());
  if (regex.ok() || regex.error_code() == RE2::ErrorPatternTooLarge) return std::nullopt;
  const std::string& part = regex.error_arg();
  RegexError error{0, pattern.size(), regex.error()};
  const std::size_t at = part.empty() ? std::string_view::npos : pattern.find(part);
  if (at != std::string_view::npos) {
    error.offset = at;
    error.length = part.size();
  }
  error.reason += advice_for(regex.error_code(), part);
  return error;
}

Result<std::shared_ptr<const RE2>> compile_regex_text(const std::string& text) {
  if (text.size() > kMaxRegexBytes + kMaxFlagBytes) {
    return limit_exceeded("a regular expression longer than " + std::to_string(kMaxRegexBytes) +
                          " bytes");
  }
  auto regex = std::make_shared<const RE2>(text, regex_options());
  if (regex->error_code() == RE2::ErrorPatternTooLarge ||
      (regex->ok() && regex->ProgramSize() > kMaxRegexInstructions)) {
    return limit_exceeded("the regular expression is too large: it compiles to more than " +
                          std::to_string(kMaxRegexInstructions) + " instructions");
  }
  if (!regex->ok()) {
    return invalid_input("the regular expression is refused: " + regex->error());
  }
  return {std::move(regex)};
}

Result<CompiledRegex> compile_regex(std::string_view pattern, RegexFlags flags) {
  if (pattern.size() > kMaxRegexBytes) {
    return limit_exceeded("a regular expression longer than " + std::to_string(kMaxRegexBytes) +
                          " bytes");
  }
  CompiledRegex compiled;
  compiled.text = with_flags(pattern, flags);
  ASSIGN_OR_RETURN(compiled.regex, compile_regex_text(compiled.text));
  if (const auto length = length_asked_for(pattern)) {
    compiled.length_only = true;
    compiled.min_length = *length;  // every character is at least one byte
    return compiled;
  }
  compiled.work = regex_work(*compiled.regex);
  compiled.required_text = required_text_of(compiled.text, kMinRequiredBytes);
  if (compiled.required_text.empty()) compiled.required_text = required_text_of(compiled.text, 1);
  // Folding to ASCII never makes a text longer, so the value has at least these bytes.
  compiled.min_length = std::max(static_cast<std::uint32_t>(compiled.required_text.size()),
                                 min_width_of(compiled.text, compiled.regex->ProgramSize()));
  return compiled;
}

}  // namespace catena::compile
