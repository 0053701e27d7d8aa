// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Text as man(7) wants it: nothing of it is taken for a request, a font or a typographic sign.
#pragma once

#include <string>
#include <string_view>

namespace sklab {

// What is typed: hyphens, quotes, carets and tildes can be copied from the page.
std::string roff_code(std::string_view text);

// Prose. Between backticks is code; a hyphen that begins a word is one of an option.
std::string roff_text(std::string_view text);

std::string roff_bold(std::string_view code);
std::string roff_italic(std::string_view code);

}  // namespace sklab
