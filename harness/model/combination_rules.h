// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How the programs of a netns decide together, in each dialect.
#pragma once

#include "harness/model/rules.h"

namespace sklab {

// `redirect`: the runner of the July 2020 proposal. All programs share one context, so a selection
// lasts until it is replaced, whoever made it.
//  1. Any REDIRECT and a socket is selected: that socket.
//  2. Several: the last selection.
//  3. No REDIRECT but a DROP: refused.
//  4. Else the lookup continues. So it does after a REDIRECT without a socket, DROP or not, which
//     the text leaves open: the runner took the selection, which was none.
Combination redirect_combination();

// `ok_drop`: the same runner with "a socket is selected" in place of REDIRECT, as the reply has it.
// A program discards a selection, its own or an earlier one, by assigning NULL; returning DROP
// does not discard it.
Combination ok_drop_combination();

// `pass_drop`: BPF_PROG_SK_LOOKUP_RUN_ARRAY in include/linux/filter.h.
//  - Each program starts from the selection remembered so far, and may replace it.
//  - What it leaves selected is remembered if it passes, and forgotten if it drops. A program that
//    clears the selection does not clear what was remembered.
//  - Nothing selected and any drop: the lookup is refused. A selection outweighs every drop.
Combination pass_drop_combination();

}  // namespace sklab
