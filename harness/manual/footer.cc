// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/manual/footer.h"

#include <algorithm>
#include <sstream>
#include <string_view>

namespace sklab {
namespace {

constexpr std::string_view kExitCodesHead = "Exit codes:";
constexpr std::string_view kIndent = "  ";

using Lines = std::vector<std::string>;

std::vector<Lines> paragraphs_of(const std::string &text) {
  std::vector<Lines> paragraphs(1);
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if ((line.empty() || line.starts_with(kExitCodesHead)) && !paragraphs.back().empty()) {
      paragraphs.emplace_back();
    }
    if (!line.empty()) paragraphs.back().push_back(line);
  }
  if (paragraphs.back().empty()) paragraphs.pop_back();
  return paragraphs;
}

bool is_block(const Lines &lines) {
  return lines.size() > 1 && lines.front().ends_with(':') &&
         std::all_of(lines.begin() + 1, lines.end(),
                     [](const std::string &line) { return line.starts_with(kIndent); });
}

FooterBlock block_of(const Lines &lines) {
  FooterBlock block{lines.front().substr(0, lines.front().size() - 1), {}};
  for (size_t i = 1; i < lines.size(); ++i) {
    block.lines.push_back(lines[i].substr(kIndent.size()));
  }
  return block;
}

std::string joined_lines(const Lines &lines) {
  std::string text;
  for (const std::string &line : lines) text += (text.empty() ? "" : " ") + line;
  return text;
}

// "0 fine; 2 usage."
std::vector<std::pair<std::string, std::string>> exit_codes_of(std::string_view list) {
  std::vector<std::pair<std::string, std::string>> codes;
  while (!list.empty()) {
    std::string_view entry = list.substr(0, list.find(';'));
    list.remove_prefix(std::min(list.size(), entry.size() + 1));
    entry.remove_prefix(std::min(entry.size(), entry.find_first_not_of(' ')));
    if (list.empty() && entry.ends_with('.')) entry.remove_suffix(1);
    const size_t space = std::min(entry.find(' '), entry.size());
    codes.emplace_back(entry.substr(0, space), entry.substr(std::min(space + 1, entry.size())));
  }
  return codes;
}

}  // namespace

Footer parse_footer(const std::string &text) {
  Footer footer;
  for (const Lines &lines : paragraphs_of(text)) {
    if (lines.front().starts_with(kExitCodesHead)) {
      footer.exit_codes = exit_codes_of(joined_lines(lines).substr(kExitCodesHead.size()));
    } else if (is_block(lines)) {
      footer.blocks.push_back(block_of(lines));
    } else {
      footer.paragraphs.push_back(joined_lines(lines));
    }
  }
  return footer;
}

}  // namespace sklab
