#include "viewer/finding_words.h"

namespace archive {

TwoWords words_for(Severity severity) {
  switch (severity) {
    case Severity::error:
      return {"错误", "error"};
    case Severity::warn:
      return {"警告", "warning"};
    case Severity::info:
      break;
  }
  return {"提示", "note"};
}

TwoWords words_for(FindingState state) {
  switch (state) {
    case FindingState::accepted:
      return {"已认可", "accepted"};
    case FindingState::corrected:
      return {"已在纸质件更正", "corrected on paper"};
    case FindingState::open:
      break;
  }
  return {"待处理", "open"};
}

}  // namespace archive
