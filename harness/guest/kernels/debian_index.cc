// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/debian_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "harness/guest/kernels/debian_version.h"

namespace sklab {
namespace {

constexpr std::string_view kImagePrefix = "linux-image-";
constexpr std::string_view kCloudSuffix = "-cloud-amd64";

std::string_view cut_at(std::string_view &text, std::string_view end) {
  const std::string_view taken = text.substr(0, text.find(end));
  text.remove_prefix(std::min(taken.size() + end.size(), text.size()));
  return taken;
}

// A package that only depends on the newest has no release in its name, or one of two numbers.
bool begins_with_three_numbers(std::string_view release) {
  for (int i = 0; i < 3; ++i) {
    const size_t size = std::min(release.find_first_not_of("0123456789"), release.size());
    if (size == 0) return false;
    release.remove_prefix(size);
    if (i < 2) {
      if (!release.starts_with('.')) return false;
      release.remove_prefix(1);
    }
  }
  return true;
}

std::string_view release_of(std::string_view package) {
  if (!package.starts_with(kImagePrefix) || !package.ends_with(kCloudSuffix)) return {};
  const std::string_view release = package.substr(kImagePrefix.size());
  return begins_with_three_numbers(release) ? release : std::string_view();
}

using PackageVersions = std::set<std::pair<std::string, std::string>>;

struct Paragraph {
  std::string_view package;
  std::string_view version;
  std::string_view depends;
  std::string_view file;
};

Paragraph parse_paragraph(std::string_view text) {
  Paragraph paragraph;
  while (!text.empty()) {
    std::string_view value = cut_at(text, "\n");
    const std::string_view field = cut_at(value, ": ");
    if (field == "Package") paragraph.package = value;
    if (field == "Version") paragraph.version = value;
    if (field == "Depends") paragraph.depends = value;
    if (field == "Filename") paragraph.file = value;
  }
  return paragraph;
}

// Where a package of the source `linux` lies beside the signed image's.
std::string pool_path(std::string_view image_file, const std::string &package,
                      std::string_view version) {
  const bool is_security = image_file.starts_with("pool/updates/");
  return fmt::format("{}/main/l/linux/{}_{}_amd64.deb",
                     is_security ? "debian-security/pool/updates" : "debian/pool", package,
                     version);
}

// Since 6.19 the image, the modules and the rest are packages of their own.
void add_packages(DebianKernel &kernel, const Paragraph &image, const PackageVersions &listed) {
  kernel.packages = {kernel.package};
  for (std::string_view depends = image.depends; !depends.empty();) {
    std::string_view one = cut_at(depends, ", ");
    const std::string name(cut_at(one, " "));
    if (!name.starts_with("linux-") || !name.ends_with("-" + kernel.release)) continue;
    if (listed.contains({name, kernel.version})) {
      kernel.packages.push_back(name);
    } else if (name.starts_with("linux-modules-")) {
      kernel.unlisted_modules = pool_path(image.file, name, kernel.version);
    }
  }
}

bool is_older(const DebianKernel &a, const DebianKernel &b) {
  return compare_debian_versions(a.version, b.version) < 0;
}

// "6.1, 6.12, 7.3", in their order.
std::string minor_versions(std::vector<DebianKernel> kernels) {
  std::sort(kernels.begin(), kernels.end(), is_older);
  std::string text;
  std::set<std::string_view> seen;
  for (const DebianKernel &kernel : kernels) {
    const size_t minor = kernel.version.find('.') + 1;
    const auto version = std::string_view(kernel.version);
    const std::string_view one = version.substr(0, version.find_first_not_of("0123456789", minor));
    if (seen.insert(one).second) text += (text.empty() ? "" : ", ") + std::string(one);
  }
  return text;
}

}  // namespace

std::vector<DebianKernel> parse_kernel_packages(std::string_view text) {
  std::vector<Paragraph> paragraphs;
  PackageVersions listed;
  while (!text.empty()) {
    paragraphs.push_back(parse_paragraph(cut_at(text, "\n\n")));
    listed.emplace(paragraphs.back().package, paragraphs.back().version);
  }
  std::vector<DebianKernel> kernels;
  for (const Paragraph &one : paragraphs) {
    DebianKernel kernel;
    kernel.package = one.package;
    kernel.version = one.version;
    kernel.release = release_of(one.package);
    if (kernel.release.empty() || kernel.version.empty()) continue;
    add_packages(kernel, one, listed);
    kernels.push_back(std::move(kernel));
  }
  return kernels;
}

Result<DebianKernel> choose_kernel(const std::vector<DebianKernel> &kernels,
                                   const std::string &spec) {
  const DebianKernel *newest = nullptr;
  for (const DebianKernel &kernel : kernels) {
    if (!version_fits(kernel.version, spec)) continue;
    if (newest == nullptr || is_older(*newest, kernel)) newest = &kernel;
  }
  if (newest != nullptr) return *newest;
  return fail_as(ErrorKind::kUsage, "find a kernel of Debian's named", "'" + spec + "'", 0,
                 kernels.empty() ? "the mirror has none" : "there are " + minor_versions(kernels));
}

}  // namespace sklab
