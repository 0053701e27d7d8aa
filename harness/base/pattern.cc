// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/pattern.h"

#include <re2/re2.h>

namespace sklab {

Result<Pattern> Pattern::compile(const std::string &option, const std::string &expression) {
  RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<const RE2>(expression, options);
  if (compiled->ok()) return Pattern(std::move(compiled));
  return fail_as(ErrorKind::kUsage, "read the regular expression of " + option,
                 "'" + expression + "'", 0, compiled->error());
}

bool Pattern::is_found_in(const std::string &text) const {
  return RE2::PartialMatch(text, *expression_);
}

}  // namespace sklab
