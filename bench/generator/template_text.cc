// SPDX-License-Identifier: Apache-2.0
#include "bench/generator/template_text.h"

#include <array>

namespace catena::generator {
namespace {

constexpr std::array<std::string_view, 16> kWords = {
    "budget", "minutes", "offer",   "roadmap", "invoice", "inventory", "travel",  "contract",
    "plan",   "survey",  "payroll", "summary", "draft",   "review",    "catalog", "schedule"};

std::string base64_text(Random& random, std::size_t size) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += random.pick(kAlphabet);
  return text;
}

// The text for a gap; false when the name is not one.
bool append_gap(std::string_view name, const TemplateNames& names, Random& random,
                std::string& out) {
  constexpr std::size_t kBase64Bytes = 120;
  if (name == "user") {
    out += names.user;
  } else if (name == "host") {
    out += names.host;
  } else if (name == "n") {
    out += std::to_string(random.between(100, 99'999));
  } else if (name == "hex") {
    out += random.hex(8);
  } else if (name == "guid") {
    out += random.guid();
  } else if (name == "word") {
    out += random.pick(kWords);
  } else if (name == "ip") {
    out += joined(
        {"10.20.", std::to_string(random.below(4)), ".", std::to_string(random.between(2, 250))});
  } else if (name == "out") {
    out += joined({random.chance(500'000) ? "203.0.113." : "198.51.100.",
                   std::to_string(random.between(1, 254))});
  } else if (name == "b64") {
    out += base64_text(random, kBase64Bytes);
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string fill_template(std::string_view text, const TemplateNames& names, Random& random) {
  std::string out;
  out.reserve(text.size() + 32);
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    text.remove_prefix(open + 1);
    const std::size_t close = text.find('}');
    if (close != std::string_view::npos && append_gap(text.substr(0, close), names, random, out)) {
      text.remove_prefix(close + 1);
    } else {
      out += '{';
    }
  }
  return out;
}

}  // namespace catena::generator
