// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/kernel_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/utc_time.h"
#include "harness/base/wrap.h"

namespace sklab {
namespace {

constexpr double kBytesPerMib = 1U << 20U;

}  // namespace

std::string kernel_table(const std::vector<CachedKernel> &kernels) {
  size_t name_width = 6;
  size_t release_width = 7;
  for (const CachedKernel &kernel : kernels) {
    name_width = std::max(name_width, kernel.record.name.size());
    release_width = std::max(release_width, kernel.record.release.size());
  }
  std::string text = fmt::format("{:<{}}  {:<{}}  {:<24} {:>6}  {}\n", "kernel", name_width,
                                 "release", release_width, "origin", "MiB", "last used");
  for (const CachedKernel &kernel : kernels) {
    const bool damaged = !kernel.trouble.empty();
    text += fmt::format("{:<{}}  {:<{}}  {:<24} {:>6.1f}  {}\n", kernel.record.name, name_width,
                        kernel.record.release, release_width,
                        damaged ? "damaged" : kernel.record.origin.text(),
                        static_cast<double>(kernel.bytes) / kBytesPerMib, utc_time(kernel.used));
    if (damaged) text += wrap(kernel.trouble, 4, 6);
  }
  return text;
}

std::string kernel_list_json(const std::vector<CachedKernel> &kernels) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const CachedKernel &kernel : kernels) {
    // A record has its own form; one that is damaged has none.
    Json one = kernel.trouble.empty() ? Json::parse(kernel_json(kernel.record))
                                      : Json{{"name", kernel.record.name}};
    one["bytes"] = kernel.bytes;
    one["used_utc"] = utc_time(kernel.used);
    one["trouble"] = kernel.trouble;
    list.push_back(std::move(one));
  }
  return list.dump(1) + "\n";
}

}  // namespace sklab
