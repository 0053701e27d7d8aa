// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A fingerprint fact by fact, to say in what two of them differ.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/record/fingerprint.h"

namespace sklab {

// By the names that results have; of the BPF knobs and mitigations each is a fact of its own.
std::map<std::string, std::string> fingerprint_facts(const Fingerprint &fingerprint);

struct FactChange {
  std::string fact;
  std::string before;  // "" if it was not there
  std::string after;
};

// What is not as before, by name.
std::vector<FactChange> changed_facts(const std::map<std::string, std::string> &before,
                                      const std::map<std::string, std::string> &after);

// Whether figures may be compared although this differs: it is what is judged (the kernel's build,
// sklab), or has no part in a lookup (the distribution).
bool may_differ(const std::string &fact);

}  // namespace sklab
