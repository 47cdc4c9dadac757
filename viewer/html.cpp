#include "viewer/html.h"

namespace archive {
namespace {

constexpr std::string_view kStyle = R"css(
body{font:15px/1.5 "Noto Sans CJK SC","Source Han Sans SC",sans-serif;color:#1c2430;background:#fff;
margin:2em auto;max-width:60em;padding:0 1em}
h1{font-size:1.5em;margin:0}
h2{font-size:1.15em;margin:1.6em 0 .2em;border-top:2px solid #1c2430;padding-top:.5em}
p{margin:.2em 0}.made,.facts{color:#4a5563}.clean{color:#17633a}
table{border-collapse:collapse;width:100%;margin:.6em 0}
th,td{border:1px solid #b6bec9;padding:.3em .5em;text-align:left;vertical-align:top}
th{background:#eef1f5;font-weight:600}td.n{white-space:nowrap}
caption{text-align:left;font-weight:600;padding:.3em 0}.calendar{width:auto}
.calendar td,.calendar th{text-align:center;padding:.1em .45em}
.error{font-weight:700;color:#a11d1d}.warn{font-weight:700;color:#7a4a00}.info{color:#2a4b7c}
.done td{color:#5d6773}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}
)css";

}  // namespace

std::string html_text(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string html_begin(const ReportLanguage& say, const std::string& title,
                       const std::string& made_at) {
  return "<!DOCTYPE html>\n<html lang=\"" + say("zh-CN", "en") +
         "\"><head><meta charset=\"utf-8\"><title>" + html_text(title) + "</title>\n<style>" +
         std::string(kStyle) + "</style></head><body>\n<h1>" + html_text(title) +
         "</h1><p class=\"made\">" + say("生成时间 ", "made at ") + html_text(made_at) + "</p>\n";
}

std::string html_end() { return "</body></html>\n"; }

std::string csv_cell(const std::string& text) {
  constexpr std::string_view kFormula = "=+-@\t\r";
  const bool formula = !text.empty() && kFormula.find(text.front()) != std::string_view::npos;
  std::string quoted = formula ? "\" " : "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace archive
