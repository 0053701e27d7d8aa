// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/latency/percentile_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <pugixml.hpp>
#include <sstream>

#include "harness/record/latency/latency_charts.h"

namespace sklab {
namespace {

constexpr double kWidth = 860;
constexpr double kPanelHeight = 320;
constexpr double kLeft = 70;
constexpr double kRight = 180;  // the legend's
constexpr double kTop = 36;
constexpr double kBottom = 44;
constexpr double kPlotWidth = kWidth - kLeft - kRight;
constexpr double kPlotHeight = kPanelHeight - kTop - kBottom;
constexpr double kNines[] = {0, 90, 99, 99.9, 99.99, 99.999};
// Colours that colour-blind people tell apart (M. Okabe, K. Ito), then the same with dashes.
constexpr const char *kColours[] = {"#000000", "#0072b2", "#d55e00", "#009e73",
                                    "#cc79a7", "#e69f00", "#56b4e9"};

// Axes of a panel: decades of microseconds, and nines.
struct Axes {
  double low_decade = 0;
  double high_decade = 1;
  double most_nines = 1;

  [[nodiscard]] double x(double share_above) const {
    return kLeft + kPlotWidth * std::min(-std::log10(share_above) / most_nines, 1.0);
  }
  [[nodiscard]] double y(double latency_ns) const {
    const double decade = std::log10(std::max(latency_ns, 1.0) / kNsPerUs);
    const double share = (decade - low_decade) / (high_decade - low_decade);
    return kTop + kPlotHeight * (1 - std::clamp(share, 0.0, 1.0));
  }
};

Axes axes_of(const LatencyChart &chart) {
  double least_ns = std::numeric_limits<double>::infinity();
  double most_ns = 0;
  double requests = 1;
  for (const LatencyRowRecord *row : chart.rows) {
    least_ns = std::min(least_ns, static_cast<double>(row->histogram_ns.front()));
    most_ns = std::max(most_ns, row->max_ns);
    requests = std::max(requests, static_cast<double>(row->requests));
  }
  Axes axes;
  axes.low_decade = std::floor(std::log10(std::max(least_ns, 10.0) / kNsPerUs));
  axes.high_decade =
      std::max(std::ceil(std::log10(std::max(most_ns, 10.0) / kNsPerUs)), axes.low_decade + 1);
  axes.most_nines = std::max(std::log10(requests), 1.0);
  return axes;
}

std::string rounded(double value) { return fmt::format("{:.1f}", value); }

void set(pugi::xml_node node, const char *name, const std::string &value) {
  node.append_attribute(name) = value.c_str();
}

void add_text(pugi::xml_node parent, double x, double y, const char *anchor,
              const std::string &text) {
  pugi::xml_node node = parent.append_child("text");
  set(node, "x", rounded(x));
  set(node, "y", rounded(y));
  set(node, "text-anchor", anchor);
  node.text() = text.c_str();
}

void add_grid_line(pugi::xml_node parent, double x1, double y1, double x2, double y2) {
  pugi::xml_node node = parent.append_child("line");
  set(node, "x1", rounded(x1));
  set(node, "y1", rounded(y1));
  set(node, "x2", rounded(x2));
  set(node, "y2", rounded(y2));
  set(node, "stroke", "#dddddd");
}

void add_grid(pugi::xml_node parent, const Axes &axes) {
  const auto last = static_cast<int>(axes.high_decade);
  for (auto decade = static_cast<int>(axes.low_decade); decade <= last; ++decade) {
    const double y = axes.y(std::pow(10, decade) * kNsPerUs);
    add_grid_line(parent, kLeft, y, kLeft + kPlotWidth, y);
    add_text(parent, kLeft - 6, y + 4, "end", fmt::format("{:g}", std::pow(10, decade)));
  }
  for (const double percent : kNines) {
    const double share_above = (100 - percent) / 100;
    if (-std::log10(share_above) > axes.most_nines) break;
    const double x = axes.x(share_above);
    add_grid_line(parent, x, kTop, x, kTop + kPlotHeight);
    add_text(parent, x, kTop + kPlotHeight + 16, "middle", percent_text(percent) + " %");
  }
  add_text(parent, kLeft, kTop - 6, "end", "us");
  add_text(parent, kLeft + kPlotWidth / 2, kTop + kPlotHeight + 34, "middle",
           "requests that took less");
}

pugi::xml_node add_polyline(pugi::xml_node parent, size_t index, const std::string &points) {
  pugi::xml_node node = parent.append_child("polyline");
  set(node, "fill", "none");
  set(node, "stroke", kColours[index % std::size(kColours)]);
  set(node, "stroke-width", "1.6");
  if (index >= std::size(kColours)) set(node, "stroke-dasharray", "5 3");
  set(node, "points", points);
  return node;
}

// A step a bucket, but none that is too small to be seen.
std::string curve_of(const LatencyRowRecord &row, const Axes &axes) {
  constexpr double kSmallestStep = 1;  // in pixels
  const auto requests = static_cast<double>(row.requests);
  std::string points;
  double done = 0;
  double last_x = -1;
  double last_y = -1;
  for (size_t i = 0; i < row.histogram_ns.size(); ++i) {
    const double x = axes.x((requests - done) / requests);
    const double y = axes.y(static_cast<double>(row.histogram_ns[i]));
    done += static_cast<double>(row.histogram_counts[i]);
    const bool is_last = i + 1 == row.histogram_ns.size();
    const bool is_seen = std::abs(x - last_x) + std::abs(y - last_y) > kSmallestStep;
    if (!is_last && !is_seen) continue;
    points += fmt::format("{}{:.1f},{:.1f}", points.empty() ? "" : " ", x, y);
    last_x = x;
    last_y = y;
  }
  return points;
}

void add_row(pugi::xml_node parent, const LatencyRowRecord &row, const Axes &axes, size_t index) {
  pugi::xml_node curve = add_polyline(parent, index, curve_of(row, axes));
  curve.append_child("title").text() = (row.name + ": " + row.title).c_str();
  const double x = kLeft + kPlotWidth + 14;
  const double y = kTop + 8 + 18 * static_cast<double>(index);
  add_polyline(parent, index, fmt::format("{:.1f},{:.1f} {:.1f},{:.1f}", x, y, x + 22, y));
  add_text(parent, x + 28, y + 4, "start", row.name);
}

void add_panel(pugi::xml_node parent, const LatencyChart &chart, double top) {
  const Axes axes = axes_of(chart);
  pugi::xml_node panel = parent.append_child("g");
  set(panel, "transform", fmt::format("translate(0 {:.0f})", top));
  add_text(panel, kLeft + 20, 18, "start", chart.title);
  add_grid(panel, axes);
  for (size_t i = 0; i < chart.rows.size(); ++i) add_row(panel, *chart.rows[i], axes, i);
}

pugi::xml_node add_svg(pugi::xml_document &document) {
  pugi::xml_node svg = document.append_child("svg");
  set(svg, "xmlns", "http://www.w3.org/2000/svg");
  set(svg, "font-family", "sans-serif");
  set(svg, "font-size", "12");
  pugi::xml_node paper = svg.append_child("rect");
  set(paper, "width", "100%");
  set(paper, "height", "100%");
  set(paper, "fill", "#ffffff");
  return svg;
}

}  // namespace

std::string percentile_picture(const LatencyRecord &record) {
  pugi::xml_document document;
  pugi::xml_node svg = add_svg(document);
  double height = 0;
  for (const LatencySectionRecord &section : record.sections) {
    for (const LatencyChart &chart : latency_charts(section)) {
      add_panel(svg, chart, height);
      height += kPanelHeight;
    }
  }
  set(svg, "width", fmt::format("{:.0f}", kWidth));
  set(svg, "height", fmt::format("{:.0f}", height));
  set(svg, "viewBox", fmt::format("0 0 {:.0f} {:.0f}", kWidth, height));
  std::ostringstream out;
  document.save(out, "", pugi::format_raw);
  return out.str();
}

}  // namespace sklab
