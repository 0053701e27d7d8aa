// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <compare>
#include <string_view>

namespace sklab {

// The order of versions that Debian's policy has (5.6.12), for versions without an epoch.
std::strong_ordering compare_debian_versions(std::string_view a, std::string_view b);

// Whether `spec` is the beginning of the version, up to the end of one of its numbers: 6.1 is of
// 6.1.192-2, and not of 6.12.95-1.
bool version_fits(std::string_view version, std::string_view spec);

}  // namespace sklab
