// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <algorithm>
#include <set>

#include "bench/row.h"
#include "harness/base/pattern.h"

namespace sklab {
namespace {

// What a wanted row needs beside it: its reference and, through that, the reference's self-checks.
std::set<std::string> with_needed(const GroupSpec &group, std::set<std::string> wanted) {
  for (bool grown = true; grown;) {
    grown = false;
    for (const RowSpec &row : group.rows) {
      if (!wanted.contains(row.name)) continue;
      for (const std::string &reference : {row.reference, row.second_reference}) {
        if (!reference.empty()) grown |= wanted.insert(reference).second;
      }
    }
  }
  if (wanted.empty()) return wanted;
  for (const RowSpec &row : group.rows) {
    // All self-checks are made on the first row.
    if (row.role != Role::kRow && wanted.contains(group.rows.front().name)) {
      wanted.insert(row.name);
    }
  }
  return wanted;
}

}  // namespace

Result<std::vector<GroupSpec>> select_groups(const std::vector<GroupSpec> &groups,
                                             const RowSelection &selection) {
  SKLAB_TRY(const Pattern filter, Pattern::compile("--filter", selection.filter));
  std::vector<GroupSpec> selected;
  const bool floods = selection.filter.find(GroupSpec::kFloodWord) != std::string::npos;
  for (GroupSpec group : groups) {
    if (group.flood && !floods) continue;
    std::set<std::string> wanted;
    for (const RowSpec &row : group.rows) {
      if (selection.quick && !row.quick) continue;
      if (filter.is_found_in(row.name)) wanted.insert(row.name);
    }
    wanted = with_needed(group, std::move(wanted));
    const auto unwanted = [&](const RowSpec &row) { return !wanted.contains(row.name); };
    group.rows.erase(std::remove_if(group.rows.begin(), group.rows.end(), unwanted),
                     group.rows.end());
    if (!group.rows.empty()) selected.push_back(std::move(group));
  }
  if (!selected.empty()) return selected;
  return fail_as(ErrorKind::kUsage, "no row matches", "'" + selection.filter + "'", 0,
                 selection.quick ? "`sklab bench --quick --list` shows the rows"
                                 : "`sklab bench --list` shows the rows");
}

}  // namespace sklab
