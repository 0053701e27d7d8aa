// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/mutant_lists.h"

#include <algorithm>
#include <utility>

namespace sklab {
namespace {

template <size_t kCheck>
void leave_out_update_check(Rules &rules) {
  auto &checks = rules.links.update_checks;
  checks.erase(checks.begin() + kCheck);
}

constexpr Mutant kLinkMutants[] = {
    {"links: 63 at most", [](Rules &rules) { rules.links.max_links = 63; }},
    {"links: 65 at most", [](Rules &rules) { rules.links.max_links = 65; }},
    {"links: the expected program is not looked at", leave_out_update_check<0>},
    {"links: any type of program replaces", leave_out_update_check<1>},
    {"links: a detached link can be updated", leave_out_update_check<2>},
    {"links: the type is checked before the expected program",
     [](Rules &rules) { std::swap(rules.links.update_checks[0], rules.links.update_checks[1]); }},
    {"links: being attached is checked before the type",
     [](Rules &rules) { std::swap(rules.links.update_checks[1], rules.links.update_checks[2]); }},
    {"links: an update moves the program to the end",
     [](Rules &rules) {
       rules.links.place_updated = [](std::vector<size_t> &order, size_t link) {
         const auto found = std::find(order.begin(), order.end(), link);
         std::rotate(found, found + 1, order.end());
       };
     }},
};

}  // namespace

std::span<const Mutant> link_mutants() { return kLinkMutants; }

}  // namespace sklab
