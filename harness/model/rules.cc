// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/rules.h"

#include "harness/model/assign_rules.h"
#include "harness/model/combination_rules.h"
#include "harness/model/hashtable_rules.h"
#include "harness/model/model.h"
#include "harness/model/reuseport_rules.h"

namespace sklab {

const Rules &kernel_rules() {
  static const Rules rules = {
      // bpf_sk_lookup_assign in net/core/filter.c.
      .assign_checks = {check_flags, check_state, check_protocol, check_family, check_selected},
      .selected = select_assigned,
      .not_selected = keep_selection,
      .combinations = {redirect_combination(), ok_drop_combination(), pass_drop_combination()},
      .action = action_of,
      .is_connected_to = is_connected_to,
      .score = hashtable_score,
      .reuseport = reuseport_choices,
      // __udp4_lib_lookup, __inet_lookup.
      .stages = {decide_connected, decide_hook, decide_hashtable},
      .links = kernel_link_rules(),
      .load = kernel_load_rules(),
      .lifecycle = kernel_lifecycle_rules(),
  };
  return rules;
}

}  // namespace sklab
