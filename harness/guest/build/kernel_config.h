// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a kernel is configured with: fragments, the later of which have the last word.
#pragma once

#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

// What a kernel can have besides what a guest needs: the fragment NAME.config of this folder.
struct KernelVariant {
  const char *name;
  const char *description;
};
inline constexpr std::array kKernelVariants = {
    KernelVariant{"kasan", "Find wrong uses of memory (CONFIG_KASAN)"},
    KernelVariant{"kcsan",
                  "Find data races of the code that lookups, sockets' maps and BPF's calls\n"
                  "run (CONFIG_KCSAN)"},
    KernelVariant{"kcov",
                  "Coverage of the code that lookups, sockets' maps and BPF's calls run\n"
                  "(CONFIG_KCOV)"},
    KernelVariant{"lockdep", "Find wrong uses of locks (CONFIG_PROVE_LOCKING)"},
    KernelVariant{"preempt",
                  "Threads take turns in the middle of system calls, too\n"
                  "(CONFIG_PREEMPT)"}};
// Names of those.
using KernelVariants = std::set<std::string>;

// sklab's own: what a guest needs, and what variants add.
std::string own_config(const KernelVariants &variants);

// What make has to be told besides. Coverage and data races are of the objects that matter for
// lookups, and so are dense; a fragment with CONFIG_KCOV_INSTRUMENT_ALL=y has coverage of all. A
// race of theirs with code elsewhere (kernel/bpf/core.c writes the run array) is one of unknown
// origin.
std::vector<std::string> variant_make_variables(const KernelVariants &variants);

// Options of `fragment` that `config` does not have as the fragment has them, as the fragment says
// it. An option that is off is also one that `config` does not name.
std::vector<std::string> options_not_taken(std::string_view fragment, std::string_view config);

// The fragments' texts, one after the other. Errors: kUsage for one that cannot be read, or has a
// line that is no option.
Result<std::string> read_fragments(const std::vector<std::filesystem::path> &fragments);

}  // namespace sklab
