// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/kernel_record.h"

#include <array>

#include "harness/record/json_reader.h"
#include "harness/record/json_writer.h"
#include "harness/record/result_fields.h"

namespace sklab {

template <RecordOf<KernelOrigin> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("kind", record.kind);
  visit("package", record.package);
  visit("package_version", record.package_version);
}

template <RecordOf<KernelRecord> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("release", record.release);
  visit("version", record.version);
  visit("origin", record.origin);
  visit("sha256", record.sha256);
  visit("modules", record.modules);
  visit("added_utc", record.added_utc);
}

namespace {

constexpr std::array<std::string_view, 3> kOriginKindNames = {"debian", "file", "built"};

struct KernelNames {
  static constexpr const auto &names(KernelOriginKind) { return kOriginKindNames; }
  std::string_view operator()(KernelOriginKind kind) const {
    return kOriginKindNames[static_cast<size_t>(kind)];
  }
};

constexpr std::string_view kAlphanumeric =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kPunctuation = "._+-";
constexpr size_t kLongestName = 128;

}  // namespace

std::string KernelOrigin::text() const {
  switch (kind) {
    case KernelOriginKind::kDebian:
      return "Debian " + package_version;
    case KernelOriginKind::kFile:
      return "file";
    case KernelOriginKind::kBuilt:
      return package + ", tree " + package_version;
  }
  return "";
}

std::string kernel_json(const KernelRecord &record) {
  return write_document<KernelNames>(kKernelSchemaVersion, record);
}

Result<KernelRecord> parse_kernel_json(std::string_view text) {
  return read_document<KernelNames, KernelRecord>(kKernelRecordFile, kKernelSchemaVersion, text);
}

Result<> check_kernel_name(const std::string &name) {
  const bool right = !name.empty() && name.size() <= kLongestName &&
                     kAlphanumeric.find(name.front()) != std::string_view::npos &&
                     name.find_first_not_of(std::string(kAlphanumeric) +
                                            std::string(kPunctuation)) == std::string::npos;
  if (right) return Ok{};
  return fail_as(ErrorKind::kUsage, "name a kernel", "'" + name + "'", 0,
                 "a name has letters, digits, '.', '_', '+' and '-', and begins with one of the "
                 "first two");
}

}  // namespace sklab
