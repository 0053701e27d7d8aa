// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/page.h"

#include <stdexcept>
#include <string_view>

#include "page_sources.h"

namespace sklab {
namespace {

std::string_view embedded(std::string_view ending) {
  for (const auto &[name, text] : page_sources::kEmbeddedTexts) {
    if (name.ends_with(ending)) return text;
  }
  throw std::logic_error("the page's sources lack " + std::string(ending));
}

bool is_own_script(std::string_view name) {
  return name.find("/web/") != std::string_view::npos && name.ends_with(".js");
}

// One function around all of them: they share names with each other, and with nothing else.
std::string own_scripts() {
  std::string all = "(function () {\n\"use strict\";\n";
  for (const auto &[name, text] : page_sources::kEmbeddedTexts) {
    if (is_own_script(name)) all += text;
  }
  return all + "})();\n";
}

std::string replacement(std::string_view name, const PageContent &content) {
  if (name == "style")
    return std::string(embedded("uPlot.min.css")) + std::string(embedded("page.css"));
  if (name == "licence") return std::string(embedded("uplot/LICENSE"));
  if (name == "uplot") return std::string(embedded("uPlot.iife.min.js"));
  if (name == "scripts") return own_scripts();
  if (name == "data") return page_data(content);
  throw std::logic_error("the page's template asks for " + std::string(name));
}

}  // namespace

std::string page_html(const PageContent &content) {
  constexpr std::string_view kOpen = "{{";
  constexpr std::string_view kClose = "}}";
  std::string_view rest = embedded("page.html");
  std::string html;
  for (size_t open = rest.find(kOpen); open != std::string_view::npos; open = rest.find(kOpen)) {
    const size_t close = rest.find(kClose, open);
    html += rest.substr(0, open);
    html += replacement(rest.substr(open + 2, close - open - 2), content);
    rest.remove_prefix(close + 2);
  }
  html += rest;
  return html;
}

}  // namespace sklab
