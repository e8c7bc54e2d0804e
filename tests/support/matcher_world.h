// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <re2/re2.h>

#include "connectors/codec/decoder.h"
#include "engine/base/text_fold.h"
#include "engine/match/matcher.h"
#include "engine/match/reference_matcher.h"
#include "engine/normalise/normalisation_table.h"
#include "engine/plan/rule_set_builder.h"
#include "rules/compile/regex_compiler.h"
#include "tests/support/choices.h"

// Small worlds in which Matcher and ReferenceMatcher are compared: a mapping, random rules over few
// fields and few texts (so that matches are frequent), and random records over the same texts. The
// slow way is the reference matcher on the event made plain. Who includes this also includes the
// product headers above, which is how it links them.
namespace catena::test {

inline const std::vector<std::string>& world_fields() {
  static const std::vector<std::string> kNames = {"Image", "CommandLine", "a",    "a.b",
                                                  "User",  "EventID",     "_flag"};
  return kNames;
}

// What never changes: field names, the mapping and with it the log sources.
class WorldMapping {
 public:
  WorldMapping() {
    normalise::MappingDefinition definition;
    definition.tables.push_back(
        {"windows",
         "windows",
         {"EventID"},
         {{{event_id("1")}, "", {"process_creation"}, {"sysmon"}, {}, {}},
          {{event_id("4688")}, "", {"process_creation"}, {"security"}, {}, {}},
          {{}, "", {}, {"security"}, {}, {}}}});
    definition.tables.push_back({"linux", "linux", {"a"}, {{{}, "", {}, {"syslog"}, {}, {}}}});
    normalise::Shape windows;
    windows.name = "windows";
    windows.formats = {normalise::RecordFormat::kJson};
    windows.when_any = {"EventID"};
    windows.strip_prefixes = {"EventData."};
    windows.embedded = {"message"};
    windows.aliases = {{"Image", {"NewProcessName"}}};
    windows.log_sources = "windows";
    normalise::Shape other;
    other.name = "other";
    other.embedded = {"message"};
    other.renames = {{"both", {"a", "User"}}};
    other.log_sources = "linux";
    for (std::size_t i = 0; i < normalise::kRecordFormatCount; ++i) {
      other.formats.push_back(static_cast<normalise::RecordFormat>(i));
    }
    definition.shapes = {windows, other};
    table_ = *normalise::NormalisationTable::create(std::move(definition));
    for (const std::string& name : world_fields()) fields_.intern(name);
    table_->finish(fields_);
  }

  [[nodiscard]] const FieldCatalog& fields() const { return fields_; }
  [[nodiscard]] const normalise::NormalisationTable& table() const { return *table_; }

 private:
  static normalise::Condition event_id(const char* id) {
    return {"EventID", normalise::Condition::Operator::kEquals, {id}};
  }

  FieldCatalog fields_;
  std::unique_ptr<normalise::NormalisationTable> table_;
};

// Texts for rules and records. Kelvin sign, long s, dotted capital I and sharp s have foldings (or
// none) that ASCII does not show.
inline std::string world_word(Choices& choices, std::uint32_t atoms) {
  static const std::vector<std::string> kAtoms = {
      "mimi",       "evil",   "abc",    "a",  "B",  "katz", ".exe",   "\\",     "/",
      "\"",         " ",      "k",      "s",  "1",  "-",    "\u212A", "\u017F", "\u0130",
      "\u00DF",     "\u00E9", "\u00C9", "\n", "\t", "x",    "ab",     "EVIL",   "Mimi",
      "\U0001F600", "\u023A", "{",      "}",  ",",  "\x7F", "\x01"};
  std::string out;
  for (; atoms > 0; --atoms) {
    out += kAtoms[choices.pick(static_cast<std::uint32_t>(kAtoms.size()))];
  }
  return out;
}

// Random rules.
class WorldRules {
 public:
  WorldRules(const WorldMapping& mapping, Choices& choices, std::uint32_t rules)
      : fields_(mapping.fields()), choices_(choices), builder_(mapping.fields()) {
    // Most sets leave the raw text filter of keywords switched on: every keyword has a window.
    plain_keywords_ = !choices_.once_in(4);
    for (std::uint32_t i = 0; i < rules; ++i) add_rule(i);
    rules_ = builder_.build();
  }
  [[nodiscard]] const plan::RuleSet& rules() const { return rules_; }

 private:
  using NodeIndex = plan::NodeIndex;
  using Predicate = plan::Predicate;
  using Op = plan::Op;

  void add_rule(std::uint32_t number) {
    plan::Rule rule;
    rule.id = std::to_string(number);
    rule.title = rule.id;
    static const std::array<LogSourceSelector, 5> kSources = {{{"windows", "", ""},
                                                               {"linux", "", ""},
                                                               {"windows", "process_creation", ""},
                                                               {"", "", "security"},
                                                               {"", "process_creation", ""}}};
    rule.log_source = kSources[choices_.pick(kSources.size())];
    switch (choices_.pick(5)) {
      case 0:
        rule.root = add_keywords();
        break;
      case 1:
        rule.root = add_clauses();
        break;
      case 2:
        rule.root = add_alternatives();
        break;
      default:
        rule.root = add_node(0);
    }
    builder_.add_rule(std::move(rule));
  }

  NodeIndex add_list(bool is_and, const std::vector<NodeIndex>& children) {
    return is_and ? builder_.add_and(children) : builder_.add_or(children);
  }

  NodeIndex add_keywords() {
    std::vector<NodeIndex> children;
    for (std::uint32_t i = 1 + choices_.pick(3); i > 0; --i) children.push_back(add_test(true));
    return add_list(choices_.once_in(3), children);
  }
  // Several lists that must all hold: guards of several clauses.
  NodeIndex add_clauses() {
    std::vector<NodeIndex> children;
    for (std::uint32_t i = 1 + choices_.pick(4); i > 0; --i) {
      std::vector<NodeIndex> tests;
      for (std::uint32_t k = 1 + choices_.pick(3); k > 0; --k) tests.push_back(add_test(false));
      children.push_back(builder_.add_or(tests));
    }
    if (choices_.once_in(3)) children.push_back(builder_.add_not(add_test(false)));
    return builder_.add_and(children);
  }
  // Several ways to match: several guards, at times more than one rule may have.
  NodeIndex add_alternatives() {
    std::vector<NodeIndex> children;
    const std::uint32_t count = choices_.once_in(8) ? 18 : 1 + choices_.pick(3);
    for (std::uint32_t i = 0; i < count; ++i) {
      children.push_back(builder_.add_and({add_test(false), add_test(choices_.once_in(4))}));
    }
    return builder_.add_or(children);
  }
  NodeIndex add_node(int depth) {
    const std::uint32_t kind = depth > 2 ? 0 : choices_.pick(6);
    if (kind < 2) return add_predicate();
    if (kind == 2) return builder_.add_not(add_node(depth + 1));
    std::vector<NodeIndex> children;
    for (std::uint32_t i = 1 + choices_.pick(3); i > 0; --i)
      children.push_back(add_node(depth + 1));
    return add_list(kind < 5, children);
  }

  // A text test, as most of a corpus are.
  NodeIndex add_test(bool keyword) {
    Predicate predicate;
    predicate.op = static_cast<Op>(choices_.pick(keyword ? 6 : 5));
    predicate.any_field = keyword;
    return finish(std::move(predicate));
  }
  NodeIndex add_predicate() {
    Predicate predicate;
    predicate.op = static_cast<Op>(choices_.pick(static_cast<std::uint32_t>(Op::kTimePart) + 1));
    predicate.any_field = predicate.op <= Op::kRegex && choices_.once_in(5);
    return finish(std::move(predicate));
  }

  FieldId field() {
    const auto& names = world_fields();
    return fields_.find(names[choices_.pick(static_cast<std::uint32_t>(names.size()))]);
  }

  NodeIndex finish(Predicate p) {
    p.field = p.any_field ? kUnknownField : field();
    p.cased = choices_.once_in(4);
    std::string text = world_word(choices_, choices_.once_in(6) ? 3 : 1 + choices_.pick(2));
    if (p.any_field && plain_keywords_) text = choices_.once_in(2) ? "mimi" + text : "evil" + text;
    if (p.any_field && plain_keywords_ && choices_.once_in(2)) text = "abc";
    if (p.field != kUnknownField && p.field == fields_.find("EventID")) {
      static const std::array<const char*, 6> kIds = {"1", "4688", "5", "01", "123456", "70000"};
      text = kIds[choices_.pick(kIds.size())];
    }
    p.text = p.cased ? text : folded(text);
    switch (p.op) {
      case Op::kWildcard:
        fill_wildcard(p, text);
        break;
      case Op::kRegex:
        return finish_regex(std::move(p), text);
      case Op::kCidr:
        p.network = *parse_ip_network(choices_.once_in(2) ? "10.0.0.0/24" : "fe80::/10");
        break;
      case Op::kTimePart:
        p.time_part = static_cast<plan::TimePart>(choices_.pick(6));
        p.number.integer = choices_.pick(3);
        break;
      default:
        p.number.integer = choices_.pick(3);
        p.other_field = field();
    }
    return builder_.add_predicate(std::move(p));
  }

  void fill_wildcard(Predicate& p, const std::string& first) {
    using Kind = plan::WildcardPart::Kind;
    p.text.clear();
    const auto add_text = [&](const std::string& text) {
      if (!text.empty()) {
        p.wildcard.push_back({Kind::kLiteral, p.cased ? text : folded(text)});
      }
    };
    if (choices_.once_in(2)) p.wildcard.push_back({Kind::kAnyRun, ""});
    add_text(first);
    for (std::uint32_t i = choices_.pick(3); i > 0; --i) {
      p.wildcard.push_back({choices_.once_in(3) ? Kind::kAnyOne : Kind::kAnyRun, ""});
      if (!choices_.once_in(3)) add_text(world_word(choices_, 1));
    }
  }

  NodeIndex finish_regex(Predicate p, const std::string& text) {
    const std::string word = re2::RE2::QuoteMeta(text);
    const std::array<std::string, 8> patterns = {
        word,           word + ".*" + "x",         "^" + word, word + "$", "(?:" + word + "|abc)",
        "(a+)+" + word, "[a-z]{2,}" + word + ".?", ".{4,}"};
    // Keywords of a set with a raw text filter keep a text that the filter can look for.
    const bool keep = p.any_field && plain_keywords_;
    const std::string& pattern = patterns[choices_.pick(keep ? 4 : 8)];
    compile::RegexFlags flags;
    flags.ignore_case = choices_.once_in(2);
    flags.dot_all = choices_.once_in(3);
    auto compiled = compile::compile_regex(pattern, flags);
    if (!compiled.ok()) return builder_.add_constant(false);
    p.text = compiled->text;
    p.regex = compiled->regex;
    p.min_length = compiled->min_length;
    p.length_only = compiled->length_only;
    p.required_text = compiled->required_text;
    p.regex_work = compiled->work;
    return builder_.add_predicate(std::move(p));
  }

  const FieldCatalog& fields_;
  Choices& choices_;
  plan::RuleSetBuilder builder_;
  plan::RuleSet rules_;
  bool plain_keywords_ = true;
};

// Random JSON records, one line each.
class WorldRecord {
 public:
  explicit WorldRecord(Choices& choices) : choices_(choices) {}

  std::string line() {
    out_.clear();
    escape_everything_ = choices_.once_in(12);
    no_unicode_ = !choices_.once_in(5);
    out_ += '{';
    std::uint32_t members = choices_.pick(7);
    if (!choices_.once_in(4)) {
      static const std::array<const char*, 8> kIds = {"1",  "4688",      "\"1\"", "5",
                                                      "01", "\"70000\"", "99",    "[1,4688]"};
      add_key("EventID");
      out_ += kIds[choices_.pick(kIds.size())];
      if (members > 0) out_ += ',';
    }
    add_members(members, 0);
    out_ += '}';
    return std::move(out_);
  }

 private:
  void blank() {
    if (choices_.once_in(16)) out_ += choices_.once_in(2) ? "\t" : " ";
  }
  void add_key(std::string_view key) {
    blank();
    add_string(key, choices_.once_in(24));
    blank();
    out_ += ':';
    blank();
  }
  void add_members(std::uint32_t members, int depth) {
    static const std::vector<std::string> kKeys = {
        "Image", "CommandLine", "a",         "a.b", "User",           "both",
        "x",     "message",     "EventData", "b",   "NewProcessName", "_flag"};
    for (std::uint32_t i = 0; i < members; ++i) {
      if (i > 0) out_ += ',';
      const std::string& key = kKeys[choices_.pick(static_cast<std::uint32_t>(kKeys.size()))];
      add_key(key);
      if (key == "message" && choices_.once_in(2)) {
        add_embedded(depth);
      } else {
        add_value(depth);
      }
      blank();
    }
  }
  void add_value(int depth) {
    static const std::array<const char*, 10> kLiterals = {
        "1", "-2.5", "1e3", "true", "false", "null", "12345678901234567890", "0", "70000", "2"};
    const std::uint32_t kind = choices_.pick(depth > 2 ? 9 : 12);
    if (kind < 7) {
      add_text();
    } else if (kind < 9) {
      out_ += kLiterals[choices_.pick(kLiterals.size())];
    } else if (kind < 11) {
      add_array(depth);
    } else {
      out_ += '{';
      add_members(choices_.pick(4), depth + 1);
      out_ += '}';
    }
  }
  void add_array(int depth) {
    out_ += '[';
    for (std::uint32_t i = choices_.pick(4); i > 0; --i) {
      add_value(depth + 1);
      if (i > 1) out_ += ',';
    }
    out_ += ']';
  }
  void add_text() {
    if (choices_.once_in(12)) {
      static const std::array<const char*, 6> kTexts = {
          "10.0.0.7", "fe80::1", "2024-01-02T01:02:03Z", "1", "", "0002"};
      add_string(kTexts[choices_.pick(kTexts.size())], false);
    } else {
      add_string(world_word(choices_, choices_.pick(5)), escape_everything_);
    }
  }
  // A string that holds a record of its own, whole or broken.
  void add_embedded(int depth) {
    if (depth > 1) return add_text();
    std::string outer = std::move(out_);
    out_.clear();
    out_ += '{';
    add_members(1 + choices_.pick(2), depth + 2);
    if (!choices_.once_in(3)) out_ += '}';
    const std::string inner = std::move(out_);
    out_ = std::move(outer);
    add_string(inner, false);
  }

  void add_unicode(unsigned unit) {
    static constexpr char kDigits[] = "0123456789abcdef";
    out_ += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out_ += kDigits[unit >> shift & 15U];
  }
  // `text` as a JSON string, with the escapes it must have and some that it may have.
  void add_string(std::string_view text, bool escape_all) {
    out_ += '"';
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x80 && (escape_all || (!no_unicode_ && choices_.once_in(16)))) {
        add_unicode(byte);
        continue;
      }
      switch (c) {
        case '"':
        case '\\':
          out_ += '\\';
          out_ += c;
          break;
        case '/':
          out_ += choices_.once_in(2) ? "\\/" : "/";
          break;
        case '\n':
          out_ += "\\n";
          break;
        case '\t':
          out_ += "\\t";
          break;
        default:
          if (byte < 0x20) {
            add_unicode(byte);
          } else {
            out_ += c;
          }
      }
    }
    if (choices_.once_in(200)) out_ += choices_.once_in(2) ? "\\ud800" : "\xC3";
    out_ += '"';
  }

  Choices& choices_;
  std::string out_;
  bool escape_everything_ = false;
  bool no_unicode_ = true;
};

// Both matchers side by side over the records of a text.
class MatcherJudge {
 public:
  MatcherJudge(const WorldMapping& mapping, const plan::RuleSet& rules)
      : mapping_(mapping),
        rules_(rules),
        reference_(rules, mapping.table().log_sources()),
        matcher_(rules, mapping.table().log_sources(), mapping.fields()),
        scratch_(matcher_),
        decoder_(mapping.table(), mapping.fields()) {}

  // "" when both matchers say the same of every record; else what differs.
  std::string judge(std::string_view text) {
    batch_.clear();
    // A buffer of exactly the size that may be read, so that one byte more is found.
    batch_.bytes = std::string();
    batch_.bytes.reserve(text.size() + EventBatch::kPadding);
    batch_.bytes.assign(text);
    batch_.bytes.append(EventBatch::kPadding, '\0');
    batch_.size = text.size();
    decoder_.decode(batch_);
    for (Event& event : batch_.events) {
      if (!matcher_.match(event, scratch_, actual_).ok()) return "the matcher failed";
      make_plain(event, batch_.arena);
      reference_.match(event, expected_);
      ++events_;
      matches_ += expected_.size();
      if (actual_ != expected_) return difference(event);
    }
    return "";
  }

  [[nodiscard]] std::size_t events() const { return events_; }
  [[nodiscard]] std::size_t matches() const { return matches_; }
  [[nodiscard]] const match::Matcher::Scratch& scratch() const { return scratch_; }

 private:
  std::string difference(const Event& event) const {
    std::string out = "record: " + std::string(event.raw) + "\n";
    for (std::size_t i = 0; i < rules_.rules.size(); ++i) {
      const bool is_expected = has(expected_, i);
      if (is_expected == has(actual_, i)) continue;
      out += is_expected ? "missed " : "invented ";
      out += rules_.rules[i].log_source.to_string() + ": " + describe(rules_.rules[i].root) + "\n";
    }
    return out;
  }
  static bool has(const std::vector<plan::RuleIndex>& matches, std::size_t rule) {
    return std::find(matches.begin(), matches.end(), rule) != matches.end();
  }
  [[nodiscard]] std::string describe(plan::NodeIndex index) const {
    const plan::Node& node = rules_.nodes[index];
    if (node.kind == plan::Node::Kind::kPredicate) {
      const plan::Predicate& p = rules_.predicates[node.first];
      std::string out = p.any_field ? "keyword" : std::string(mapping_.fields().name(p.field));
      out += " op" + std::to_string(static_cast<int>(p.op)) + (p.cased ? " cased '" : " '");
      out += p.text;
      for (const plan::WildcardPart& part : p.wildcard) {
        using Kind = plan::WildcardPart::Kind;
        out += part.kind == Kind::kLiteral ? part.text : part.kind == Kind::kAnyRun ? "*" : "?";
      }
      return out + "'";
    }
    static const std::array<const char*, 6> kNames = {"and", "or", "not", "", "true", "false"};
    std::string out = kNames[static_cast<std::size_t>(node.kind)];
    out += '(';
    for (std::uint32_t i = 0; i < node.count; ++i) {
      if (i > 0) out += ", ";
      out += describe(rules_.children[node.first + i]);
    }
    return out + ")";
  }

  const WorldMapping& mapping_;
  const plan::RuleSet& rules_;
  match::ReferenceMatcher reference_;
  match::Matcher matcher_;
  match::Matcher::Scratch scratch_;
  codec::Decoder decoder_;
  EventBatch batch_;
  std::vector<plan::RuleIndex> actual_;
  std::vector<plan::RuleIndex> expected_;
  std::size_t events_ = 0;
  std::size_t matches_ = 0;
};

}  // namespace catena::test
