// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace sklab {

// Lines that --help shows indented under a title: examples, a file's format.
struct FooterBlock {
  std::string title;  // without its colon
  std::vector<std::string> lines;
};

// What stands below the options in --help, by what it is about.
struct Footer {
  std::vector<std::string> paragraphs;  // on one line each
  std::vector<FooterBlock> blocks;
  std::vector<std::pair<std::string, std::string>> exit_codes;  // code and meaning
};

// Paragraphs end at empty lines. "Title:" with only indented lines below is a block, and
// "Exit codes: 0 fine; 2 usage." begins a paragraph of its own.
Footer parse_footer(const std::string &text);

}  // namespace sklab
