// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>

#include "fuzz/coverage/coverage_report.h"

namespace sklab {
namespace {

constexpr char kHead[] = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Coverage of the sk_lookup hook</title>
<style>
:root { color-scheme: light dark; --ran: #2a7f3e33; --missed: #c0392b44; --faint: #8888 }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
table { border-collapse: collapse } td, th { padding: .15rem .8rem; text-align: right }
td:first-child, th:first-child { text-align: left } tr { border-bottom: 1px solid var(--faint) }
pre { font: 13px/1.4 ui-monospace, monospace; tab-size: 8; overflow-x: auto; margin: .3rem 0 }
pre span { display: block } pre span::before { content: attr(data-n); display: inline-block;
  width: 4rem; opacity: .5; user-select: none }
.ran { background: var(--ran) } .missed { background: var(--missed) }
.why { font-style: italic; padding-left: 4rem } details { margin: .4rem 0 }
</style></head><body>
)";

std::string escaped(const std::string &text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '&':
        html += "&amp;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string name_of_section(const FunctionCoverage &function) {
  return function.file + ":" + function.function;
}

// From its first line with code to its last, with those between.
std::string source_of(const FunctionCoverage &function, const std::vector<std::string> &source) {
  std::string html = "<pre>";
  size_t next = 0;
  for (unsigned number = function.lines.front().line; number <= function.lines.back().line;
       ++number) {
    const bool has_code = function.lines[next].line == number;
    const CoveredLine *line = has_code ? &function.lines[next++] : nullptr;
    const std::string text = number <= source.size() ? source[number - 1] : "";
    const char *style = line == nullptr ? "" : line->has_run ? "ran" : "missed";
    html += fmt::format(R"(<span class="{}" data-n="{}">{}</span>)", style, number, escaped(text));
    if (line != nullptr && !line->why.empty()) {
      html += fmt::format("<span class=\"why\">not reached: {}</span>", escaped(line->why));
    }
  }
  return html + "</pre>\n";
}

std::string table_of(const CoverageReport &report) {
  std::string html =
      "<table><tr><th>function</th><th>of</th><th>lines</th><th>ran</th><th>share</th></tr>\n";
  for (const FunctionCoverage &function : report.functions) {
    html += fmt::format(
        "<tr><td><a href=\"#{0}\">{1}</a></td><td>{2}</td><td>{3}</td><td>{4}</td>"
        "<td>{5:.0f} %</td></tr>\n",
        escaped(name_of_section(function)), escaped(function.function), escaped(function.group),
        function.visible(), function.ran(),
        100.0 * static_cast<double>(function.ran()) /
            static_cast<double>(std::max<size_t>(function.visible(), 1)));
  }
  return html + "</table>\n";
}

}  // namespace

std::string coverage_html(const CoverageReport &report) {
  std::string html = kHead;
  html += fmt::format(
      "<h1>Coverage of the sk_lookup hook</h1>\n<p>{}, Linux {}: {:.1f} % of the hook's own lines "
      "ran. A line counts as run if any instruction of it did; the compiler moves code, so that a "
      "line can be its neighbour's.</p>\n",
      escaped(report.kernel), escaped(report.release), report.hook_share() * 100);
  html += table_of(report);
  for (const FunctionCoverage &function : report.functions) {
    const auto source = report.sources.find(function.file);
    const std::vector<std::string> none;
    html += fmt::format("<details id=\"{}\"{}><summary>{} <small>{}</small></summary>\n",
                        escaped(name_of_section(function)),
                        function.ran() < function.lines.size() ? " open" : "",
                        escaped(function.function), escaped(function.file));
    html += source_of(function, source == report.sources.end() ? none : source->second);
    html += "</details>\n";
  }
  return html + "</body></html>\n";
}

}  // namespace sklab
