// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace sklab {

// A test that has an empty folder.
class TestFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // With the folders that `path`, relative, needs.
  void write(const std::filesystem::path &path, std::string_view content) const {
    std::filesystem::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << content;
  }
  [[nodiscard]] bool exists(const std::filesystem::path &path) const {
    return std::filesystem::exists(std::filesystem::symlink_status(folder_ / path));
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("campaign_unit_test." + std::to_string(::getpid()));
};

}  // namespace sklab
