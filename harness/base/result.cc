// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/result.h"

#include <fmt/format.h>

#include <system_error>

namespace sklab {
namespace {

// File names, and what parsers quote of a file, may have anything in them.
std::string on_one_line(const std::string &text) {
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      line += fmt::format("\\x{:02x}", byte);
    } else {
      line += c;
    }
  }
  return line;
}

}  // namespace

std::string Error::message() const {
  std::string text = operation;
  if (!object.empty()) text += ' ' + object;
  if (error_number != 0) {
    // std::generic_category, unlike strerror, is thread-safe.
    text +=
        fmt::format(": {} (errno {})", std::generic_category().message(error_number), error_number);
  }
  if (!hint.empty()) text += fmt::format("; {}", hint);
  return on_one_line(text);
}

tl::unexpected<Error> fail(std::string operation, std::string object, int error_number,
                           std::string hint) {
  return fail_as(ErrorKind::kHarness, std::move(operation), std::move(object), error_number,
                 std::move(hint));
}

tl::unexpected<Error> fail_as(ErrorKind kind, std::string operation, std::string object,
                              int error_number, std::string hint) {
  return tl::unexpected(
      Error{kind, std::move(operation), std::move(object), error_number, std::move(hint)});
}

}  // namespace sklab
