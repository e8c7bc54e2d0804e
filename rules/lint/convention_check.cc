// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/text_fold.h"
#include "rules/lint/checks.h"
#include "rules/lint/filename_convention.h"

// SigmaHQ's conventions (sigma-specification, folder sigmahq) as far as a program can tell: what
// is left to taste, or what the public rules do not follow themselves, is not here.
namespace catena::lint {
namespace {

using yaml::YamlEntry;
using yaml::YamlNode;

constexpr std::size_t kMaxConventionTitle = 120;       // characters
constexpr std::size_t kMinConventionDescription = 16;  // characters
constexpr std::uint32_t kIndentation = 4;

constexpr auto kKeyOrder = std::to_array<std::string_view>(
    {"title", "id", "related", "status", "description", "references", "author", "date", "modified",
     "tags", "logsource", "detection", "fields", "falsepositives", "level"});
constexpr auto kRequiredKeys = std::to_array<std::string_view>(
    {"id", "status", "description", "author", "date", "tags", "falsepositives", "level"});
// Articles, prepositions and conjunctions.
constexpr auto kLowerCaseWords = std::to_array<std::string_view>(
    {"a",       "an",   "and", "as", "at",  "but",  "by",      "for", "from",
     "in",      "into", "nor", "of", "on",  "or",   "over",    "per", "the",
     "through", "to",   "via", "vs", "vs.", "with", "without", "new"});
constexpr auto kForbiddenFalsePositives =
    std::to_array<std::string_view>({"none", "pentest", "pentests", "penetration test",
                                     "penetration tests", "penetration testing", "red team"});
constexpr auto kTagNamespaces =
    std::to_array<std::string_view>({"attack", "car", "cve", "d3fend", "detection", "stp", "tlp"});
constexpr auto kDetectionTags =
    std::to_array<std::string_view>({"dfir", "emerging-threats", "threat-hunting"});
constexpr auto kTlpTags =
    std::to_array<std::string_view>({"red", "amber", "amber-strict", "green", "clear"});

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& choices) {
  return std::find(choices.begin(), choices.end(), text) != choices.end();
}

bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_hex(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

// RFC 9562 section 4, of any version: the public rules have several.
bool is_uuid(std::string_view id) noexcept {
  if (id.size() != 36) return false;
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
    if (id[dash] != '-') return false;
  }
  return is_hex(id.substr(0, 8)) && is_hex(id.substr(9, 4)) && is_hex(id.substr(14, 4)) &&
         is_hex(id.substr(19, 4)) && is_hex(id.substr(24));
}

// "2021-44228"
bool is_cve(std::string_view text) noexcept {
  const std::size_t dash = text.find('-');
  return dash == 4 && text.size() >= 9 && std::all_of(text.begin(), text.begin() + 4, is_digit) &&
         std::all_of(text.begin() + 5, text.end(), is_digit);
}

struct Word {
  std::size_t begin = 0;
  std::string_view text;
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back({at, text.substr(at, end - at)});
    at = end + 1;
  }
  return words;
}

// A word that title case wants capitalised and that is plainly a word: no file name, no command.
bool is_lower_case_word(std::string_view word) {
  return std::all_of(word.begin(), word.end(), is_lower) && !is_one_of(word, kLowerCaseWords);
}

class ConventionCheck {
 public:
  ConventionCheck(Document& document, bool is_only)
      : document_(document), root_(document.root()), is_only_(is_only) {}

  void run() {
    title();
    file_name();
    keys();
    indentation();
    id();
    description();
    dates();
    references();
    tags();
    false_positives();
    detection();
  }

 private:
  const YamlNode* text_at(std::string_view key) const {
    const YamlNode* node = root_.find(key);
    return node != nullptr && node->is_scalar() && !node->is_null() ? node : nullptr;
  }
  Span part(const YamlNode& node, std::size_t from, std::size_t to) const {
    bool is_exact = false;
    return document_.source().within(sigma::place_of(node), node.text(), from, to, is_exact);
  }

  void title() {
    const YamlNode* node = text_at("title");
    if (node == nullptr) return;
    const std::string& title = node->text();
    if (title.size() > kMaxConventionTitle) {
      document_.add(
          kSigmahqTitle, document_.span_of(*node),
          "the title has more than " + std::to_string(kMaxConventionTitle) + " characters");
    }
    if (title.ends_with('.')) {
      document_.add(kSigmahqTitle, part(*node, title.size() - 1, title.size()),
                    "the title ends with a full stop");
    }
    for (const std::string_view start : {"Detects ", "Detect ", "Detection of "}) {
      if (title.starts_with(start)) {
        document_.add(kSigmahqTitle, part(*node, 0, start.size() - 1),
                      "the title does not say that something is detected; name what it is");
      }
    }
    for (const Word& word : words_of(title)) {
      if (!is_lower_case_word(word.text)) continue;
      document_.add(kSigmahqTitleCase, part(*node, word.begin, word.begin + word.text.size()),
                    "title case: '" + std::string(word.text) + "' starts with a capital letter");
    }
  }

  void file_name() {
    if (!is_only_) return;
    const std::string reason = filename_problem(document_.file(), document_.rule().log_source);
    if (!reason.empty()) document_.add(kSigmahqFilename, document_.headline(), reason);
  }

  void keys() {
    for (const std::string_view key : kRequiredKeys) {
      if (root_.find(key) != nullptr) continue;
      document_.add(kSigmahqMissingKey, document_.headline(),
                    "the rule has no '" + std::string(key) + "'");
    }
    std::size_t last = 0;
    for (const YamlEntry& entry : root_.entries()) {
      const auto found = std::find(kKeyOrder.begin(), kKeyOrder.end(), entry.key.text());
      if (found == kKeyOrder.end()) continue;
      const auto place = static_cast<std::size_t>(found - kKeyOrder.begin());
      if (place < last) {
        document_.add(
            kSigmahqKeyOrder, document_.span_of(entry.key),
            "'" + std::string(*found) + "' belongs before '" + std::string(kKeyOrder[last]) + "'");
        return;  // what follows is most likely the same
      }
      last = std::max(last, place);
    }
  }

  void indentation() {
    for (const YamlEntry& entry : root_.entries()) {
      if (!entry.value.is_mapping() || entry.value.entries().empty()) continue;
      const YamlNode& first = entry.value.entries()[0].key;
      if (first.line() == entry.key.line() || first.column() == kIndentation + 1) continue;
      document_.add(kSigmahqIndentation, document_.span_of(first),
                    "indented by " + std::to_string(first.column() - 1) + ", not by " +
                        std::to_string(kIndentation));
      return;  // the rest is most likely the same
    }
  }

  void id() {
    const YamlNode* node = text_at("id");
    if (node == nullptr || is_uuid(node->text())) return;
    document_.add(kSigmahqId, document_.span_of(*node), "the id is not a UUID");
  }

  void description() {
    const YamlNode* node = text_at("description");
    if (node == nullptr) return;
    if (node->text().size() < kMinConventionDescription) {
      document_.add(kSigmahqDescription, document_.span_of(*node),
                    "the description is shorter than " + std::to_string(kMinConventionDescription) +
                        " characters");
    }
  }

  void dates() {
    const YamlNode* date = text_at("date");
    const YamlNode* modified = text_at("modified");
    if (date == nullptr || modified == nullptr) return;
    if (date->text().size() != 10 || modified->text().size() != 10) return;  // the schema says so
    if (modified->text() < date->text()) {
      document_.add(kSigmahqDate, document_.span_of(*modified), "'modified' is before 'date'");
    }
  }

  void references() {
    const YamlNode* list = root_.find("references");
    if (list == nullptr) return;
    for (const YamlNode& node : list->items()) {
      if (!node.is_scalar()) continue;
      const std::string link = folded(node.text());
      if (link.find("attack.mitre.org/") != std::string::npos) {
        document_.add(kSigmahqReference, document_.span_of(node),
                      "a page of ATT&CK is named by a tag, not by a reference");
      }
      if (const std::size_t at = branch_in(link); at != std::string::npos) {
        document_.add(kSigmahqReference, part(node, at, link.find('/', at + 1)),
                      "the link follows a branch that changes; take the permanent link");
      }
    }
  }

  // The place of "main" or "master" in a link to a file of a repository.
  static std::size_t branch_in(const std::string& link) {
    if (link.find("github.com/") == std::string::npos &&
        link.find("gitlab.com/") == std::string::npos) {
      return std::string::npos;
    }
    for (const std::string_view branch : {"/blob/main/", "/blob/master/", "/tree/main/",
                                          "/tree/master/", "/raw/main/", "/raw/master/"}) {
      const std::size_t at = link.find(branch);
      if (at != std::string::npos) return link.find('/', at + 1) + 1;
    }
    return std::string::npos;
  }

  void tags() {
    const YamlNode* list = root_.find("tags");
    if (list == nullptr) return;
    for (const YamlNode& node : list->items()) {
      const std::string& tag = node.text();
      const std::size_t dot = tag.find('.');
      if (dot == std::string::npos) continue;  // the schema says so
      const std::string_view space = std::string_view(tag).substr(0, dot);
      const std::string_view name = std::string_view(tag).substr(dot + 1);
      if (!is_one_of(space, kTagNamespaces)) {
        document_.add(kSigmahqTag, part(node, 0, dot),
                      "'" + std::string(space) + "' is none of the namespaces of tags");
      } else if (space == "cve" && !is_cve(name)) {
        document_.add(kSigmahqTag, document_.span_of(node), "a CVE tag looks like cve.2021-44228");
      } else if (space == "detection" && !is_one_of(name, kDetectionTags)) {
        document_.add(kSigmahqTag, document_.span_of(node),
                      "detection.* is dfir, emerging-threats or threat-hunting");
      } else if (space == "tlp" && !is_one_of(name, kTlpTags)) {
        document_.add(kSigmahqTag, document_.span_of(node),
                      "tlp.* is red, amber, amber-strict, green or clear");
      } else if (space == "attack" && tag.find('_') != std::string::npos) {
        underscores(node);
      }
    }
  }

  void underscores(const YamlNode& node) {
    std::string dashed = node.text();
    std::replace(dashed.begin(), dashed.end(), '_', '-');
    std::optional<Fix> fix;
    bool is_exact = false;
    const Span span = document_.source().within(sigma::place_of(node), node.text(), 0,
                                                node.text().size(), is_exact);
    if (is_exact) fix = Fix{"write '" + dashed + "'", {{span, dashed}}, true};
    document_.add(kSigmahqTag, document_.span_of(node), "ATT&CK tags have '-' between words",
                  std::move(fix));
  }

  void false_positives() {
    const YamlNode* list = root_.find("falsepositives");
    if (list == nullptr) return;
    for (const YamlNode& node : list->items()) {
      const std::string text = folded(node.text());
      if (is_one_of(text, kForbiddenFalsePositives)) {
        document_.add(kSigmahqFalsePositive, document_.span_of(node),
                      "not a false positive; write 'Unknown', or 'Unlikely' if none is expected");
      } else if (!node.text().empty() && is_lower(node.text()[0])) {
        document_.add(kSigmahqFalsePositive, part(node, 0, 1),
                      "a false positive starts with a capital letter");
      }
    }
  }

  void detection() {
    for (const ReadIdentifier& identifier : document_.rule().identifiers) {
      for (const std::vector<ReadItem>& items : identifier.alternatives) {
        for (const ReadItem& read : items) {
          if (read.item.is_list && read.item.values.size() == 1 && !read.item.is_keyword()) {
            document_.add(kSigmahqSingleItemList, document_.span_of(read.item),
                          "a list of one value is written as the value alone");
          }
        }
      }
      const bool is_filter = identifier.is_negated && !identifier.is_asserted;
      const bool is_named = identifier.name.starts_with("filter_main_") ||
                            identifier.name.starts_with("filter_optional_");
      if (is_filter && !is_named && identifier.name.starts_with("filter")) {
        document_.add(kSigmahqFilterName,
                      document_.source().scalar(identifier.place, identifier.name),
                      "name it filter_main_* when the rule cannot do without it, filter_optional_* "
                      "otherwise");
      }
    }
  }

  Document& document_;
  const YamlNode& root_;
  bool is_only_;
};

}  // namespace

void check_conventions(Document& document, bool is_only) {
  if (sigma::document_kind(document.root()) == sigma::DocumentKind::kRule) {
    ConventionCheck(document, is_only).run();
  }
}

}  // namespace catena::lint
