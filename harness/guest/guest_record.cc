// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/guest_record.h"

#include <fmt/format.h>

#include <filesystem>

#include "harness/base/file.h"
#include "harness/guest/kernel_report.h"

namespace sklab {
namespace {

std::string what_happened(const GuestRecord &record) {
  switch (record.end) {
    case GuestEnd::kDied:
      return record.release.empty() ? "its kernel stopped before its first process ran"
                                    : "its kernel stopped";
    case GuestEnd::kHung:
      return record.release.empty() ? "its kernel hung before its first process ran"
                                    : "its kernel hung";
    case GuestEnd::kFlooded:
      return "its kernel floods its log";
    case GuestEnd::kFailed:
      return record.failure;
    case GuestEnd::kOutOfTime:
      return "its time was up (--guest-time)";
    case GuestEnd::kInterrupted:
      return "it was interrupted";
    case GuestEnd::kExited:
      break;
  }
  return "its kernel found a fault in itself";
}

std::string place_of_console(const std::string &kernel, const GuestRecord &record) {
  std::error_code error;
  const auto folder = std::filesystem::temp_directory_path(error);
  std::string name = std::filesystem::path(kernel).filename().string();
  const auto path = folder / fmt::format("sklab-guest-{}.log", name);
  const auto written = write_file_atomically(path, record.console);
  return written ? "its log is " + path.string() : "its log is lost: " + written.error().message();
}

}  // namespace

bool kernel_fell(const GuestRecord &record) {
  const bool ends = record.end == GuestEnd::kDied || record.end == GuestEnd::kHung ||
                    record.end == GuestEnd::kFlooded;
  return ends && !record.release.empty();
}

std::string fall_signature(const GuestRecord &record) {
  const auto reports = find_kernel_reports(record.console);
  if (!reports.empty()) return reports.front().signature();
  if (!record.trouble.empty()) return record.trouble;
  if (!kernel_fell(record)) return "";
  if (record.end == GuestEnd::kHung) return "the kernel hung";
  return record.end == GuestEnd::kFlooded ? "the kernel floods its log" : "the kernel stopped";
}

Error guest_failure(const std::string &kernel, const GuestRecord &record) {
  // A kernel that did not even come up cannot be asked; one that did and then fell has a fault.
  const bool faulty = kernel_fell(record) || record.end == GuestEnd::kExited;
  const auto kind = faulty && !record.release.empty() ? ErrorKind::kMismatch : ErrorKind::kHarness;
  std::string what = what_happened(record);
  if (!record.trouble.empty()) what += ": " + record.trouble;
  return Error{kind, "run in guest", kernel, 0,
               fmt::format("{}; {}", what, place_of_console(kernel, record))};
}

}  // namespace sklab
