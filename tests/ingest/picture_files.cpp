#include "tests/ingest/picture_files.h"

#include <openjpeg.h>
#include <png.h>
#include <tiffio.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>

// jpeglib.h wants <cstdio> before it.
// clang-format off
#include <jpeglib.h>
// clang-format on

#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

FileBytes bytes_of(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  return {text.begin(), text.end()};
}

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

// Puts samples of any width one after another, most significant bit first.
class BitRow {
 public:
  void put(std::uint8_t value, unsigned bits) {
    const std::uint32_t max = bits == 32 ? 0xFFFFFFFFU : (1U << bits) - 1;
    const auto sample = static_cast<std::uint32_t>(std::uint64_t{value} * max / 255);
    if (bits >= 16) return put_host(&sample, bits / 8);
    for (unsigned bit = bits; bit-- > 0; ++used_) {
      if (used_ % 8 == 0) bytes_.push_back(0);
      if ((sample >> bit) & 1U) bytes_.back() |= static_cast<std::uint8_t>(0x80U >> (used_ % 8));
    }
  }
  void put_real(std::uint8_t value) {
    const float real = static_cast<float>(value) / 255.0F;
    put_host(&real, sizeof real);
  }
  FileBytes& bytes() { return bytes_; }

 private:
  void put_host(const void* from, std::size_t count) {  // little endian hosts only
    const auto* in = static_cast<const std::uint8_t*>(from);
    bytes_.insert(bytes_.end(), in, in + count);
  }
  FileBytes bytes_;
  std::size_t used_ = 0;
};

int colours_of(const TiffForm& form) {
  if (form.photometric == PHOTOMETRIC_RGB || form.photometric == PHOTOMETRIC_YCBCR) return 3;
  return form.photometric == PHOTOMETRIC_SEPARATED ? 4 : 1;
}

std::uint8_t tiff_sample(const TiffForm& form, int x, int y, int c, std::uint8_t alpha) {
  if (c >= colours_of(form)) return alpha;
  const Colour colour = colour_at(x, y);
  const std::uint8_t rgb[3] = {colour.red, colour.green, colour.blue};
  if (form.photometric == PHOTOMETRIC_SEPARATED) {
    return c == 3 ? std::uint8_t{0} : static_cast<std::uint8_t>(255 - rgb[c]);
  }
  if (colours_of(form) == 3) return rgb[c];
  const std::uint8_t grey = form.bits == 1 ? black_white_at(x, y) : grey_at(x, y);
  return form.photometric == PHOTOMETRIC_MINISWHITE ? static_cast<std::uint8_t>(255 - grey) : grey;
}

FileBytes tiff_row(const TiffForm& form, int left, int width, int y, int first, int last,
                   std::uint8_t alpha) {
  BitRow row;
  for (int x = left; x < left + width; ++x) {
    for (int c = first; c <= last; ++c) {
      const bool inside = x < kWidth && y < kHeight;
      const std::uint8_t value = inside ? tiff_sample(form, x, y, c, alpha) : std::uint8_t{0};
      if (form.real) {
        row.put_real(value);
      } else {
        row.put(value, form.bits);
      }
    }
  }
  return row.bytes();
}

void describe(TIFF* tiff, const TiffForm& form) {
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, kWidth);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, kHeight);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, form.bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, form.samples);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, form.compression);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, form.photometric);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, form.orientation);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG,
               form.planes_apart ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
  if (form.real) TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP);
  if (form.photometric == PHOTOMETRIC_YCBCR) {
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  }
  if (form.samples > colours_of(form)) {
    const std::uint16_t kind = EXTRASAMPLE_UNASSALPHA;
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
  }
  if (form.photometric == PHOTOMETRIC_PALETTE) {
    std::vector<std::uint16_t> red(std::size_t{1} << form.bits), green(red), blue(red);
    for (std::size_t i = 0; i < red.size(); ++i) {
      red[i] = static_cast<std::uint16_t>(i << 8);
      green[i] = static_cast<std::uint16_t>((255 - i) << 8);
      blue[i] = static_cast<std::uint16_t>((i / 2) << 8);
    }
    TIFFSetField(tiff, TIFFTAG_COLORMAP, red.data(), green.data(), blue.data());
  }
  TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 300.0);
  TIFFSetField(tiff, TIFFTAG_YRESOLUTION, 200.0);
}

void write_tiles(TIFF* tiff, const TiffForm& form, std::uint8_t alpha) {
  constexpr int kTile = 16;
  TIFFSetField(tiff, TIFFTAG_TILEWIDTH, kTile);
  TIFFSetField(tiff, TIFFTAG_TILELENGTH, kTile);
  for (int top = 0; top < kHeight; top += kTile) {
    for (int left = 0; left < kWidth; left += kTile) {
      FileBytes tile;
      for (int y = top; y < top + kTile; ++y) {
        const FileBytes row = tiff_row(form, left, kTile, y, 0, form.samples - 1, alpha);
        tile.insert(tile.end(), row.begin(), row.end());
      }
      require(TIFFWriteTile(tiff, tile.data(), static_cast<std::uint32_t>(left),
                            static_cast<std::uint32_t>(top), 0, 0) > 0,
              "no tile");
    }
  }
}

void write_strips(TIFF* tiff, const TiffForm& form, std::uint8_t alpha) {
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, form.compression == COMPRESSION_JPEG ? 16 : 8);
  const int planes = form.planes_apart ? form.samples : 1;
  for (int plane = 0; plane < planes; ++plane) {
    for (int y = 0; y < kHeight; ++y) {
      const int last = form.planes_apart ? plane : form.samples - 1;
      FileBytes row = tiff_row(form, 0, kWidth, y, plane, last, alpha);
      require(TIFFWriteScanline(tiff, row.data(), static_cast<std::uint32_t>(y),
                                static_cast<std::uint16_t>(plane)) == 1,
              "no row");
    }
  }
}

std::string exif_block(int orientation) {
  std::string block{"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 24};
  block += static_cast<char>(orientation);
  return block + std::string(7, '\0');
}

void to_four_inks(const Colour& colour, std::uint8_t* out) {
  // As Adobe writes them: 255 is no ink. libjpeg makes YCCK of CMYK by itself.
  out[0] = colour.red;
  out[1] = colour.green;
  out[2] = colour.blue;
  out[3] = 255;
}

struct PngWriter {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  ~PngWriter() { png_destroy_write_struct(&png, &info); }
};

void append_png(png_structp png, png_bytep bytes, std::size_t count) {
  auto& out = *static_cast<FileBytes*>(png_get_io_ptr(png));
  out.insert(out.end(), bytes, bytes + count);
}

FileBytes png_row(const PngForm& form, int y) {
  FileBytes row;
  BitRow bits;
  const auto put = [&](std::uint8_t value) {
    if (form.bits == 16) {
      row.insert(row.end(), {value, value});  // value * 257, big endian
    } else {
      bits.put(value, static_cast<unsigned>(form.bits));
    }
  };
  for (int x = 0; x < kWidth; ++x) {
    if ((form.colour_type & PNG_COLOR_MASK_PALETTE) != 0) {
      row.push_back(grey_at(x, y));
    } else if ((form.colour_type & PNG_COLOR_MASK_COLOR) != 0) {
      const Colour colour = colour_at(x, y);
      for (const std::uint8_t value : {colour.red, colour.green, colour.blue}) put(value);
    } else {
      put(form.bits == 1 ? black_white_at(x, y) : grey_at(x, y));
    }
    if ((form.colour_type & PNG_COLOR_MASK_ALPHA) != 0) put(form.alpha);
  }
  return row.empty() ? bits.bytes() : row;
}

template <class Number>
void put_number(FileBytes& bytes, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(number) >> (8 * i)));
  }
}

}  // namespace

FileBytes tiff_file(const TiffForm& form, int pages, std::uint8_t alpha) {
  const TemporaryFolder folder;
  TIFF* tiff = TIFFOpen((folder / "page.tif").c_str(), form.mode);
  require(tiff != nullptr, "no TIFF");
  for (int i = 0; i < pages; ++i) {
    describe(tiff, form);
    if (form.tiled) {
      write_tiles(tiff, form, alpha);
    } else {
      write_strips(tiff, form, alpha);
    }
    TIFFWriteDirectory(tiff);
  }
  TIFFClose(tiff);
  return bytes_of(folder / "page.tif");
}

FileBytes jpeg_file(JpegColours colours, int orientation, int dpi) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_width = kWidth;
  info.image_height = kHeight;
  const bool four = colours == JpegColours::cmyk || colours == JpegColours::ycck;
  info.input_components = colours == JpegColours::grey ? 1 : four ? 4 : 3;
  info.in_color_space = colours == JpegColours::grey ? JCS_GRAYSCALE : four ? JCS_CMYK : JCS_RGB;
  jpeg_set_defaults(&info);
  if (colours == JpegColours::ycck) jpeg_set_colorspace(&info, JCS_YCCK);
  jpeg_set_quality(&info, 100, TRUE);
  if (dpi > 0) {
    info.density_unit = 1;
    info.X_density = info.Y_density = static_cast<std::uint16_t>(dpi);
  }
  jpeg_start_compress(&info, TRUE);
  if (orientation != 0) {
    const std::string block = exif_block(orientation);
    jpeg_write_marker(&info, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(block.data()),
                      static_cast<unsigned>(block.size()));
  }
  for (int y = 0; y < kHeight; ++y) {
    FileBytes row(static_cast<std::size_t>(kWidth * info.input_components));
    for (int x = 0; x < kWidth; ++x) {
      std::uint8_t* out = row.data() + x * info.input_components;
      const Colour colour = colour_at(x, y);
      if (four) {
        to_four_inks(colour, out);
      } else if (colours == JpegColours::grey) {
        *out = grey_at(x, y);
      } else {
        std::memcpy(out, &colour, sizeof colour);
      }
    }
    JSAMPROW pointer = row.data();
    jpeg_write_scanlines(&info, &pointer, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  FileBytes bytes(memory, memory + size);
  std::free(memory);
  return bytes;
}

FileBytes png_file(const PngForm& form) {
  FileBytes bytes;
  const PngWriter writer;
  png_set_write_fn(writer.png, &bytes, append_png, nullptr);
  png_set_IHDR(writer.png, writer.info, kWidth, kHeight, form.bits, form.colour_type,
               form.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (form.colour_type == PNG_COLOR_TYPE_PALETTE) {
    std::vector<png_color> palette(256);
    for (std::size_t i = 0; i < palette.size(); ++i) {
      palette[i] = {static_cast<png_byte>(i), static_cast<png_byte>(255 - i),
                    static_cast<png_byte>(i / 2)};
    }
    png_set_PLTE(writer.png, writer.info, palette.data(), 256);
  }
  png_set_pHYs(writer.png, writer.info, 11811, 7874, PNG_RESOLUTION_METER);
  std::string exif = exif_block(form.orientation).substr(6);  // without "Exif" and two zeros
  if (form.orientation != 0) {
    png_set_eXIf_1(writer.png, writer.info, static_cast<png_uint_32>(exif.size()),
                   reinterpret_cast<png_bytep>(exif.data()));
  }
  png_write_info(writer.png, writer.info);
  std::vector<FileBytes> rows;
  std::vector<png_bytep> pointers;
  for (int y = 0; y < kHeight; ++y) rows.push_back(png_row(form, y));
  for (FileBytes& row : rows) pointers.push_back(row.data());
  png_write_image(writer.png, pointers.data());
  png_write_end(writer.png, writer.info);
  return bytes;
}

FileBytes bmp_file(int bits, bool top_down) {
  const std::uint32_t colours = bits <= 8 ? 1U << bits : 0;
  const auto stride = static_cast<std::uint32_t>((kWidth * bits + 31) / 32 * 4);
  const std::uint32_t start = 54 + 4 * colours;
  FileBytes bytes = {'B', 'M'};
  put_number(bytes, start + stride * kHeight);
  put_number(bytes, std::uint32_t{0});
  put_number(bytes, start);
  put_number(bytes, std::uint32_t{40});
  put_number(bytes, std::int32_t{kWidth});
  put_number(bytes, std::int32_t{top_down ? -kHeight : kHeight});
  put_number(bytes, std::uint16_t{1});
  put_number(bytes, static_cast<std::uint16_t>(bits));
  put_number(bytes, std::uint32_t{0});
  put_number(bytes, stride * kHeight);
  put_number(bytes, std::int32_t{11811});
  put_number(bytes, std::int32_t{7874});
  put_number(bytes, std::uint64_t{0});
  for (std::uint32_t i = 0; i < colours; ++i) {
    const auto level = static_cast<std::uint8_t>(i * 255 / (colours - 1));
    bytes.insert(bytes.end(), {level, level, level, 0});
  }
  for (int row = 0; row < kHeight; ++row) {
    const int y = top_down ? row : kHeight - 1 - row;
    FileBytes line;
    BitRow packed;
    for (int x = 0; x < kWidth; ++x) {
      const Colour c = colour_at(x, y);
      if (bits <= 8)
        packed.put(bits == 1 ? black_white_at(x, y) : grey_at(x, y), static_cast<unsigned>(bits));
      if (bits >= 24) line.insert(line.end(), {c.blue, c.green, c.red});
      if (bits == 32) line.push_back(0);
    }
    if (bits <= 8) line = packed.bytes();
    line.resize(stride);
    bytes.insert(bytes.end(), line.begin(), line.end());
  }
  return bytes;
}

FileBytes jp2_file(int bits, int components, bool codestream) {
  std::vector<opj_image_cmptparm_t> parts(static_cast<std::size_t>(components));
  for (opj_image_cmptparm_t& part : parts) {
    part.dx = part.dy = 1;
    part.w = kWidth;
    part.h = kHeight;
    part.prec = static_cast<OPJ_UINT32>(bits);
  }
  opj_image_t* image = opj_image_create(static_cast<OPJ_UINT32>(components), parts.data(),
                                        components >= 3 ? OPJ_CLRSPC_SRGB : OPJ_CLRSPC_GRAY);
  image->x1 = kWidth;
  image->y1 = kHeight;
  const int max = (1 << bits) - 1;
  for (int i = 0; i < kWidth * kHeight; ++i) {
    const int x = i % kWidth;
    const int y = i / kWidth;
    const Colour c = colour_at(x, y);
    const std::uint8_t rgb[3] = {c.red, c.green, c.blue};
    for (int part = 0; part < components; ++part) {
      const int value = components >= 3 ? rgb[part] : grey_at(x, y);
      image->comps[part].data[i] = value * max / 255;
    }
  }
  opj_cparameters_t parameters;
  opj_set_default_encoder_parameters(&parameters);
  parameters.numresolution = 3;
  opj_codec_t* codec = opj_create_compress(codestream ? OPJ_CODEC_J2K : OPJ_CODEC_JP2);
  const TemporaryFolder folder;
  const std::string path = (folder / "page.jp2").string();
  require(opj_setup_encoder(codec, &parameters, image) == OPJ_TRUE, "no encoder");
  opj_stream_t* stream = opj_stream_create_default_file_stream(path.c_str(), OPJ_FALSE);
  const bool done = opj_start_compress(codec, image, stream) == OPJ_TRUE &&
                    opj_encode(codec, stream) == OPJ_TRUE &&
                    opj_end_compress(codec, stream) == OPJ_TRUE;
  opj_stream_destroy(stream);
  opj_destroy_codec(codec);
  opj_image_destroy(image);
  require(done, "no JPEG 2000");
  return bytes_of(path);
}

std::string pdf_stream(const std::string& dictionary, const std::string& bytes) {
  return "<< " + dictionary + " /Length " + std::to_string(bytes.size()) + " >>\nstream\n" + bytes +
         "\nendstream";
}

FileBytes pdf_file(const std::vector<std::string>& objects, const std::string& trailer) {
  std::string file = "%PDF-1.7\n";
  std::vector<std::size_t> places;
  for (const std::string& object : objects) {
    places.push_back(file.size());
    file += std::to_string(places.size()) + " 0 obj\n" + object + "\nendobj\n";
  }
  const std::size_t table = file.size();
  const std::string count = std::to_string(objects.size() + 1);
  file += "xref\n0 " + count + "\n0000000000 65535 f \n";
  for (const std::size_t place : places) {
    char line[32];
    std::snprintf(line, sizeof line, "%010zu 00000 n \n", place);
    file += line;
  }
  file += "trailer\n<< /Size " + count + " /Root 1 0 R " + trailer + " >>\nstartxref\n" +
          std::to_string(table) + "\n%%EOF\n";
  return {file.begin(), file.end()};
}

}  // namespace archive
