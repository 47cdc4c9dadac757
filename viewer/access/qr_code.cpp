#include "viewer/access/qr_code.h"

#include <qrcodegen/qrcodegen.hpp>

namespace archive {

std::vector<std::string> qr_code(const std::string& text) {
  const auto code = qrcodegen::QrCode::encodeText(text.c_str(), qrcodegen::QrCode::Ecc::MEDIUM);
  std::vector<std::string> rows;
  for (int y = 0; y < code.getSize(); ++y) {
    rows.emplace_back();
    for (int x = 0; x < code.getSize(); ++x) rows.back() += code.getModule(x, y) ? '1' : '0';
  }
  return rows;
}

}  // namespace archive
