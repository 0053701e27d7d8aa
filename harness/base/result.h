// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Errors that can happen are values: every fallible function returns a Result.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace sklab {

// What kind of failure it is decides the exit code (base/exit_code.h), not where it happened.
enum class ErrorKind {
  kUsage,         // the user asked for something that does not exist or does not fit
  kUnavailable,   // this kernel, machine or process cannot do it: a skip, with its reason
  kMismatch,      // the kernel did something else than the model says: a finding
  kHarness,       // sklab itself, or the environment it needs, failed
  kInconclusive,  // measured, but too noisy to tell
};

// One failure, printed on one line: "operation object: strerror (hint)".
struct Error {
  ErrorKind kind = ErrorKind::kHarness;
  std::string operation;  // what was tried, a verb phrase: "attach program"
  std::string object;     // to what: a path, a name, an address; may be empty
  int error_number = 0;   // errno at the time, 0 when no system call failed
  std::string hint;       // what the user can do about it; may be empty

  // One line, no trailing newline.
  [[nodiscard]] std::string message() const;
};

struct Ok {};

template <typename T = Ok>
using Result = tl::expected<T, Error>;

// Builders, so that call sites read as a sentence: return fail("open", path, errno);
[[nodiscard]] tl::unexpected<Error> fail(std::string operation, std::string object = {},
                                         int error_number = 0, std::string hint = {});
[[nodiscard]] tl::unexpected<Error> fail_as(ErrorKind kind, std::string operation,
                                            std::string object = {}, int error_number = 0,
                                            std::string hint = {});

}  // namespace sklab

#define SKLAB_CONCAT_INNER(a, b) a##b
#define SKLAB_CONCAT(a, b) SKLAB_CONCAT_INNER(a, b)

// Passes an error on: SKLAB_CHECK(link_up("lo"));
#define SKLAB_CHECK(expression)                                                \
  do {                                                                         \
    auto sklab_result = (expression);                                          \
    if (!sklab_result) return tl::unexpected(std::move(sklab_result).error()); \
  } while (false)

// Passes an error on or declares a variable: SKLAB_TRY(auto netns, Netns::create());
#define SKLAB_TRY(declaration, expression) \
  SKLAB_TRY_INNER(SKLAB_CONCAT(sklab_result_, __LINE__), declaration, expression)
#define SKLAB_TRY_INNER(result, declaration, expression)         \
  auto result = (expression);                                    \
  if (!result) return tl::unexpected(std::move(result).error()); \
  declaration = std::move(*result)
