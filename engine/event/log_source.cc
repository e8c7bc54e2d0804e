// SPDX-License-Identifier: Apache-2.0
#include "engine/event/log_source.h"

#include <algorithm>

namespace catena {
namespace {

void normalise_set(std::vector<std::string>& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view or_dash(const std::string& text) {
  return text.empty() ? std::string_view("-") : std::string_view(text);
}

}  // namespace

std::string LogSourceSelector::to_string() const {
  std::string out(or_dash(product));
  out.append("/").append(or_dash(category)).append("/").append(or_dash(service));
  return out;
}

bool applies(const LogSourceSelector& selector, const LogSource& log_source) {
  if (selector.product.empty() && selector.category.empty() && selector.service.empty()) {
    return false;
  }
  return (selector.product.empty() || selector.product == log_source.product) &&
         (selector.category.empty() || contains(log_source.categories, selector.category)) &&
         (selector.service.empty() || contains(log_source.services, selector.service));
}

LogSourceCatalog::LogSourceCatalog() { sources_.emplace_back(); }

LogSourceId LogSourceCatalog::intern(LogSource log_source) {
  normalise_set(log_source.categories);
  normalise_set(log_source.services);
  const auto found = std::find(sources_.begin(), sources_.end(), log_source);
  if (found != sources_.end()) {
    return static_cast<LogSourceId>(found - sources_.begin());
  }
  sources_.push_back(std::move(log_source));
  return static_cast<LogSourceId>(sources_.size() - 1);
}

bool LogSourceCatalog::reachable(const LogSourceSelector& selector) const {
  return std::any_of(sources_.begin(), sources_.end(),
                     [&](const LogSource& log_source) { return applies(selector, log_source); });
}

}  // namespace catena
