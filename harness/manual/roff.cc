// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/manual/roff.h"

#include <cctype>

namespace sklab {
namespace {

std::string roff_escaped(char letter) {
  switch (letter) {
    case '\\':
      return "\\e";
    case '-':
      return "\\-";
    case '\'':
      return "\\(aq";
    case '`':
      return "\\(ga";
    case '^':
      return "\\(ha";
    case '~':
      return "\\(ti";
    default:
      return {letter};
  }
}

// A dot that begins a line would make it a request.
std::string guarded(const std::string &text) { return text.starts_with('.') ? "\\&" + text : text; }

}  // namespace

std::string roff_code(std::string_view text) {
  std::string code;
  for (const char letter : text) code += roff_escaped(letter);
  return guarded(code);
}

std::string roff_text(std::string_view text) {
  std::string prose;
  bool in_code = false;
  char before = ' ';
  for (const char letter : text) {
    const bool within_word = std::isalnum(static_cast<unsigned char>(before)) != 0;
    if (letter == '`') {
      in_code = !in_code;
      prose += in_code ? "\\fB" : "\\fR";
    } else if (letter == '-' && !in_code && within_word) {
      prose += '-';
    } else if (letter == '\n') {
      prose += ' ';
    } else {
      prose += roff_escaped(letter);
    }
    before = letter;
  }
  return guarded(prose);
}

std::string roff_bold(std::string_view code) { return "\\fB" + roff_code(code) + "\\fR"; }

std::string roff_italic(std::string_view code) { return "\\fI" + roff_code(code) + "\\fR"; }

}  // namespace sklab
