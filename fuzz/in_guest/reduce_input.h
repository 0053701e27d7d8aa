// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

// Gives candidates to a fresh guest, one after the other: the first that it does not survive; none
// if it survives all.
using TryCandidates =
    std::function<Result<std::optional<size_t>>(const std::vector<std::string> &candidates)>;

// Leaves records of an input that fells guests out, as long as guests fall: first halves of it,
// then smaller parts, then each record. Since a guest tries many candidates, it takes one guest
// for each success and one for each size of parts, `most_guests` of them at most. What it returns
// has been seen to fell a guest after others that it survived, not by itself. Errors: of `attempt`.
Result<std::string> reduce_input(std::string input, size_t record_bytes, size_t most_guests,
                                 const TryCandidates &attempt);

}  // namespace sklab
