// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Regular expressions that people write: on command lines, in files that are passed on. They are
// RE2's, whose time and memory do not explode whatever is written.
#pragma once

#include <memory>
#include <string>

#include "harness/base/result.h"

namespace re2 {
class RE2;
}

namespace sklab {

class Pattern {
 public:
  // `option` is where the expression was written: "--filter". Errors: kUsage, with what is wrong.
  static Result<Pattern> compile(const std::string &option, const std::string &expression);

  [[nodiscard]] bool is_found_in(const std::string &text) const;

 private:
  explicit Pattern(std::shared_ptr<const re2::RE2> expression)
      : expression_(std::move(expression)) {}

  std::shared_ptr<const re2::RE2> expression_;
};

}  // namespace sklab
