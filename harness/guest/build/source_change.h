// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Changes of a kernel's source as data: which function, which text of it, what stands there
// instead. Unlike a patch, a change fits every version whose function has that text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

struct SourceEdit {
  std::string file;      // from the top of the source
  std::string function;  // or macro; empty: the text is looked for in all of the file
  std::string find;      // text that the function has
  std::string replace;
  size_t which = 0;  // of several places with that text, counted from 1; 0: there is one only
};

struct SourceChange {
  std::string name;
  std::vector<SourceEdit> edits;  // all of them of the source as it was
};

// The text of a source file after the edits. Errors: kUsage for a function that it does not have,
// for text that is not there as often as an edit says, and for edits of the same place.
Result<std::string> edited(std::string_view source, const std::vector<SourceEdit> &edits);

}  // namespace sklab
