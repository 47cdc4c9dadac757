#include <array>
#include <cassert>
#include <string_view>

#include "ingest/sheets.h"

namespace archive {
namespace {

// Values 0..105 of the standard's table, six widths each; then the stop of seven.
constexpr std::array<std::string_view, 106> kWidths = {
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232"};
constexpr std::string_view kStop = "2331112";
constexpr int kStartB = 104;
constexpr int kModulus = 103;

void append(std::string_view widths, std::vector<int>& modules) {
  for (const char width : widths) modules.push_back(width - '0');
}

}  // namespace

std::vector<int> code_128(const std::string& text) {
  std::vector<int> modules;
  append(kWidths[kStartB], modules);
  int sum = kStartB;
  int place = 0;
  for (const char c : text) {
    assert(c >= ' ' && c <= '~');
    const int value = c - ' ';
    append(kWidths[static_cast<std::size_t>(value)], modules);
    sum += value * ++place;
  }
  append(kWidths[static_cast<std::size_t>(sum % kModulus)], modules);
  append(kStop, modules);
  return modules;
}

}  // namespace archive
