// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/debian_version.h"

#include <algorithm>
#include <utility>

namespace sklab {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A tilde stands before the end, the end before letters, and those before all else.
int rank(std::string_view text) {
  if (text.empty() || is_digit(text.front())) return 0;
  const char c = text.front();
  if (c == '~') return -1;
  constexpr int kAfterLetters = 256;
  return is_letter(c) ? c : c + kAfterLetters;
}

std::string_view take_number(std::string_view &text) {
  const auto size =
      static_cast<size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  std::string_view number = text.substr(0, size);
  text.remove_prefix(size);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

std::strong_ordering compare_part(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    while (rank(a) != 0 || rank(b) != 0) {
      if (const auto order = rank(a) <=> rank(b); order != 0) return order;
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
    const std::string_view left = take_number(a);
    const std::string_view right = take_number(b);
    if (const auto order = left.size() <=> right.size(); order != 0) return order;
    if (const auto order = left.compare(right) <=> 0; order != 0) return order;
  }
  return std::strong_ordering::equal;
}

// The upstream version, and Debian's revision of it.
std::pair<std::string_view, std::string_view> parts(std::string_view version) {
  const size_t dash = version.rfind('-');
  if (dash == std::string_view::npos) return {version, {}};
  return {version.substr(0, dash), version.substr(dash + 1)};
}

}  // namespace

std::strong_ordering compare_debian_versions(std::string_view a, std::string_view b) {
  const auto [upstream_a, revision_a] = parts(a);
  const auto [upstream_b, revision_b] = parts(b);
  const auto order = compare_part(upstream_a, upstream_b);
  return order != 0 ? order : compare_part(revision_a, revision_b);
}

bool version_fits(std::string_view version, std::string_view spec) {
  if (spec.empty() || !version.starts_with(spec)) return false;
  const std::string_view rest = version.substr(spec.size());
  return rest.empty() || (!is_digit(rest.front()) && !is_letter(rest.front()));
}

}  // namespace sklab
