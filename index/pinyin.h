#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace archive {

/// How a person's name is typed in pinyin: whole and by its initials, 周示例 zhoushili and zsl. A
/// surname is read as a surname (单 shan, 曾 zeng, 仇 qiu) and also as the character alone is; ü
/// is typed u or v. Sorted; empty for what is no Chinese name: 2 to 6 hanzi, of which a dot may
/// part the names. Any thread. Throws ArchiveError{index} when ICU's tables are not installed.
std::vector<std::string> pinyin_of_name(std::u32string_view folded_name);

}  // namespace archive
