// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The groups about loading sk_lookup programs and about running them by BPF_PROG_TEST_RUN: on the
// kernel at hand no case fails.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "harness/conform/assign_arguments.h"
#include "harness/conform/assign_flags.h"
#include "harness/conform/assign_sockets.h"
#include "harness/conform/context_access.h"
#include "harness/conform/context_selftest.h"
#include "harness/conform/context_values.h"
#include "harness/conform/return_codes.h"
#include "harness/conform/socket_helpers.h"
#include "harness/conform/test_run_inputs.h"
#include "harness/conform/test_run_results.h"
#include "harness/conform/test_run_selection.h"

namespace sklab {
namespace {

struct Group {
  const char *name;
  void (*check)(CaseLog &log);
};

void PrintTo(const Group &group, std::ostream *out) { *out << group.name; }

class LoadRules : public testing::TestWithParam<Group> {};

TEST_P(LoadRules, NoCaseFails) {
  CaseLog log;
  GetParam().check(log);
  const std::vector<CaseRecord> records = log.take();
  EXPECT_FALSE(records.empty());
  std::set<std::string> names;
  for (const CaseRecord &record : records) {
    EXPECT_TRUE(names.insert(record.name).second) << "two cases are called " << record.name;
    EXPECT_EQ(record.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                            "0123456789_-> ,"),
              std::string::npos)
        << record.name;
    EXPECT_NE(record.status, CaseStatus::kFail) << record.name << ":\n" << record.reason;
    EXPECT_TRUE(record.status == CaseStatus::kPass || !record.reason.empty()) << record.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Groups, LoadRules,
                         testing::Values(Group{"assign_arguments", check_assign_arguments},
                                         Group{"assign_flags", check_assign_flags},
                                         Group{"assign_sockets", check_assign_sockets},
                                         Group{"context_access", check_context_access},
                                         Group{"context_selftest", check_context_selftest},
                                         Group{"context_values", check_context_values},
                                         Group{"return_codes", check_return_codes},
                                         Group{"socket_helpers", check_socket_helpers},
                                         Group{"test_run_inputs", check_test_run_inputs},
                                         Group{"test_run_results", check_test_run_results},
                                         Group{"test_run_selection", check_test_run_selection}),
                         [](const auto &info) { return std::string(info.param.name); });

}  // namespace
}  // namespace sklab
