#include "app/search_text.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace archive {
namespace {

/// Why a page was found, in words.
std::string reason_in_words(const std::string& reason, const Console& say) {
  static constexpr std::tuple<std::string_view, std::string_view, std::string_view> kWords[] = {
      {"phrase", "原文", "phrase"},
      {"folded", "繁简或异体", "another script"},
      {"words", "各词都有", "all words"},
      {"person", "此人的页", "page of this person"},
      {"part", "号码的一部分", "part of a number"},
      {"range", "在范围内", "in the range"},
      {"star", "符合星号", "fits the star"},
      {"pinyin", "拼音", "pinyin"},
      {"look_alike", "形近字", "looks like it"},
      {"near", "差一个字", "one sign differs"},
      {"scattered", "词序不同", "another order"},
      {"pieces", "部分相符", "most of it"},
      {"filter", "符合条件", "filters"}};
  for (const auto& [name, zh, en] : kWords) {
    if (reason == name) return std::string(say(zh, en));
  }
  constexpr std::string_view kField = "field:";
  if (reason.starts_with(kField)) {
    return fmt::format("{} {}", say("字段", "field"), reason.substr(kField.size()));
  }
  return reason;
}

std::string names_of(const FoundPage& found) {
  std::string names;
  for (const PersonRecord& person : found.persons) {
    names += (names.empty() ? "" : "、") + person.name;
  }
  return names;
}

/// On a terminal, bold instead of the signs around a hit.
std::string marked(std::string snippet) {
  if (::isatty(STDOUT_FILENO) == 0) return snippet;
  const auto replace = [&](std::string_view sign, std::string_view code) {
    for (std::size_t at = 0; (at = snippet.find(sign, at)) != std::string::npos;) {
      snippet.replace(at, sign.size(), code);
      at += code.size();
    }
  };
  replace("«", "\x1b[1;7m");
  replace("»", "\x1b[0m");
  return snippet;
}

void print_row(std::size_t number, const FoundPage& found, const Console& say) {
  const PageRecord& page = found.page;
  say.result(fmt::format("{:>4} {:>8} {} {} {} {}", number, page.number,
                         fit_columns(page.doc_type + " " + page.title, 28),
                         fit_columns(found.dossier_no, 20), fit_columns(names_of(found), 12),
                         reason_in_words(found.hit.reason, say)));
  if (!found.hit.snippet.empty()) say.result("              " + marked(found.hit.snippet));
  std::string place = fmt::format("{} #{}", page.source_name, page.occurrence.page_in_file + 1);
  if (!found.hit.boxes.empty()) {
    const Box box = found.hit.boxes.front().bounds();
    place += fmt::format(
        "  ({:.0f},{:.0f})-({:.0f},{:.0f}){}", box.left, box.top, box.right, box.bottom,
        found.hit.boxes.size() == 1 ? "" : fmt::format(" +{}", found.hit.boxes.size() - 1));
  }
  say.result("              " + place);
  if (page.replaced_by != 0) {
    say.result(fmt::format("              {} {}", say("已被替换，见页", "replaced by page"),
                           page.replaced_by));
  }
}

void print_header(const Console& say) {
  say.result(fmt::format(
      "{} {} {} {} {} {}", fit_columns("#", 4), fit_columns(say("      页", "    page"), 8),
      fit_columns(say("类型与题名", "type and title"), 28), fit_columns(say("档号", "dossier"), 20),
      fit_columns(say("姓名", "persons"), 12), say("相符", "why")));
}

}  // namespace

std::string csv_cell(std::string_view text) {
  std::string cell(text);
  if (!cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos) {
    cell.insert(0, "'");
  }
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  for (std::size_t at = 0; (at = cell.find('"', at)) != std::string::npos; at += 2) {
    cell.insert(at, "\"");
  }
  return '"' + cell + '"';
}

void print_hits(const SearchPage& result, std::size_t first_number, const Console& say) {
  if (result.found.empty()) return;
  print_header(say);
  for (const FoundPage& found : result.found) print_row(first_number++, found, say);
}

void print_groups(const std::vector<FoundGroup>& groups, const Console& say) {
  std::size_t number = 1;
  for (const FoundGroup& group : groups) {
    const std::string name =
        group.name.empty() ? std::string(say("（没有）", "(none)")) : group.name;
    say.result(fmt::format("== {} {}  {} {}", name,
                           group.number == 0 ? "" : fmt::format("[{}]", group.number),
                           group.pages.size(), say("页", "pages")));
    for (const FoundPage* found : group.pages) print_row(number++, *found, say);
  }
}

void print_facets(const SearchAnswer& answer, const Console& say) {
  for (const Facet& facet : answer.facets) {
    const bool all = answer.total_exact && answer.facets_of >= answer.estimated_total;
    say.result(all ? fmt::format("{}:", facet.name)
                   : fmt::format("{} ({} {}):", facet.name, say("前若干页", "of the first"),
                                 answer.facets_of));
    for (const FacetCount& one : facet.counts) {
      say.result(fmt::format("  {:>8}  {}", one.pages, one.value));
    }
  }
}

void print_hits_csv(const SearchPage& result, const Console& say) {
  say.result("page,doc_type,title,dossier,dossier_no,persons,source,page_in_file,reason,snippet");
  for (const FoundPage& found : result.found) {
    const PageRecord& page = found.page;
    say.result(fmt::format("{},{},{},{},{},{},{},{},{},{}", page.number, csv_cell(page.doc_type),
                           csv_cell(page.title), page.dossier, csv_cell(found.dossier_no),
                           csv_cell(names_of(found)), csv_cell(page.source_name),
                           page.occurrence.page_in_file + 1, csv_cell(found.hit.reason),
                           csv_cell(found.hit.snippet)));
  }
}

void print_gaps(const SearchPage& result, const Console& say) {
  if (!result.answer.complete) {
    std::string parts;
    for (const std::string& shard : result.answer.missing) parts += " " + shard;
    if (parts.empty()) parts = say("重建未完成，或记录已变", " a rebuild has not ended");
    say.note(fmt::format("{}{}",
                         say("注意：部分结果缺失，可运行 juanzong index rebuild。缺：",
                             "note: part of the answer is missing; `juanzong index rebuild` "
                             "mends the index. Missing:"),
                         parts));
  }
  if (result.waiting > 0) {
    say.note(fmt::format(
        "{}: {}", say("刚有改动、索引尚未更新的页数", "pages that changed since they were indexed"),
        result.waiting));
  }
}

}  // namespace archive
