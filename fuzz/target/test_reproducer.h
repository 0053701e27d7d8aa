// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Reproducers as those who get one use them: compiled, and run.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "harness/base/file.h"

namespace sklab {

class ReproducerRun : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void build(const std::string &source, const std::string &about, const char *flags = "-O0") {
    ASSERT_TRUE(write_file_atomically(folder_ / "reproducer.c", source));
    ASSERT_EQ(exit_code_of(fmt::format(
                  "cd {} && cc {} -Wall -Wextra -Werror -o reproducer reproducer.c -lbpf",
                  folder_.string(), flags)),
              0)
        << about;
  }
  // Its exit code; what it printed is in output_.
  int run(const std::string &prefix = "") {
    const int code = exit_code_of(
        fmt::format("cd {} && {} ./reproducer >output 2>&1", folder_.string(), prefix));
    output_ = read_file(folder_ / "output").value_or("");
    return code;
  }

  std::string output_;

 private:
  static int exit_code_of(const std::string &command) {
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / fmt::format("reproducer_test.{}", ::getpid());
};

}  // namespace sklab
