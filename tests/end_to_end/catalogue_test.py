"""The office's own catalogue: CSV and Excel workbooks in and out of the program."""

import io
import os
import subprocess
import unittest
import zipfile

from program import INPUT_MISSING, SETTINGS, USAGE, EndToEnd, juanzong

HEADINGS = "档号,案卷档号,件号,题名,责任者,文号,日期,起页,止页,类别号,保管期限,备注"
CSV = (HEADINGS + "\r\n"
       "SB1-2017-ZJ-6649-0001,SB1-2017-ZJ-6649,1,补缴申请表,\"甲公司,乙部\",,2017-06-24,1,2,SB02.02,100年,\r\n"
       "SB1-2017-ZJ-6649-0002,SB1-2017-ZJ-6649,2,身份证复印件,张三,,,3,3,,,\r\n"
       "110105194912310020,SB2,1,=1+1,,,,,,,,\"两\n行\"\r\n")


def unpacked(workbook):
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def packed(parts):
    """Parts are bytes, or pieces of bytes one after the other."""
    packing = io.BytesIO()
    with zipfile.ZipFile(packing, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            with file.open(name, "w", force_zip64=True) as stream:
                for piece in [part] if isinstance(part, bytes) else part:
                    stream.write(piece)
    return packing.getvalue()


class Catalogue(EndToEnd):
    def run_in(self, archive, command, *arguments):
        return juanzong("catalogue", command, "--archive", archive.folder, *arguments)

    def file(self, name, content):
        path = self.work / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def take_in(self, archive, path, *options, code=0):
        ended = self.run_in(archive, "import", path, *options)
        self.assertEqual(ended.returncode, code, ended.stderr)
        return ended

    def given_out(self, archive, name, *options):
        path = self.work / name
        ended = self.run_in(archive, "export", path, *options)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return path.read_bytes()


class R2(Catalogue):
    def test_both_forms_go_in_and_out_again_byte_for_byte(self):
        first, second, third = (self.new_archive(name) for name in ("one", "two", "three"))
        self.take_in(first, self.file("c.csv", CSV))
        csv = self.given_out(first, "out.csv")
        self.assertEqual(csv.decode("utf-8"), CSV)
        workbook = self.given_out(first, "out.XLSX")
        self.assertTrue(workbook.startswith(b"PK"))
        # Told by content: the name of a file says nothing.
        self.take_in(second, self.file("workbook.csv", workbook))
        self.assertEqual(self.given_out(second, "again.csv"), csv)
        self.assertEqual(self.given_out(second, "again.bin", "--format", "xlsx"), workbook)
        self.take_in(third, self.file("text.xlsx", csv))
        self.assertEqual(self.given_out(third, "third.xlsx"), workbook)

    def test_a_workbook_goes_to_standard_output_too(self):
        archive = self.new_archive()
        self.take_in(archive, self.file("c.csv", CSV))
        to_file = self.given_out(archive, "out.xlsx")
        piped = subprocess.run([os.environ["JUANZONG"], "catalogue", "export", "--archive",
                                archive.folder, "--format", "xlsx", "-"],
                               stdout=subprocess.PIPE, check=True).stdout
        self.assertEqual(piped, to_file)

    def test_the_office_numbers_items_by_its_own_pattern(self):
        archive = self.new_archive()
        settings = archive.folder / "juanzong.toml"
        text = settings.read_text(encoding="utf-8")
        self.assertIn('item_number = "{volume}-{item:4}"', text)
        settings.write_text(text.replace("{volume}-{item:4}", "{volumne}-{item:4}"),
                            encoding="utf-8")
        line = 1 + text[:text.index("item_number")].count("\n")
        ended = self.run_in(archive, "export")
        self.assert_says(ended, SETTINGS, f"juanzong.toml:{line}", "did you mean {volume}?")
        settings.write_text(text.replace("{volume}-{item:4}", "{volume}·{item:03}"),
                            encoding="utf-8")
        self.take_in(archive, self.file("c.csv", CSV))
        self.assertEqual(self.given_out(archive, "out.csv").decode("utf-8"), CSV,
                         "what was catalogued keeps its numbers")


class R25(Catalogue):
    def refused(self, content, *words, name="c.xlsx", code=INPUT_MISSING, options=()):
        archive = self.new_archive("refusing")
        ended = self.take_in(archive, self.file(name, content), *options, code=code)
        self.assert_says(ended, code, *words)
        self.assertNotIn("张三", ended.stderr)
        self.assertEqual(self.given_out(archive, "nothing.csv").decode("utf-8"), HEADINGS + "\r\n")

    def workbook(self):
        made = self.work / "source.xlsx"
        if not made.exists():
            archive = self.new_archive("source")
            self.take_in(archive, self.file("c.csv", CSV))
            self.given_out(archive, made.name)
        return made.read_bytes()

    def changed(self, part, *replacements):
        parts = unpacked(self.workbook())
        for old, new in replacements:
            self.assertIn(old, parts[part])
            parts[part] = parts[part].replace(old, new)
        return packed(parts)

    def test_a_row_without_its_item_is_refused(self):
        self.refused(self.changed("xl/sharedStrings.xml",
                                  (b"<t>SB1-2017-ZJ-6649-0001</t>", b"<t></t>")),
                     "c.xlsx:著录目录:2", "does not name its item")

    def test_a_number_that_lost_its_digits_is_refused_with_its_cell(self):
        sheet = "xl/worksheets/sheet1.xml"
        text = unpacked(self.workbook())[sheet].decode("utf-8")
        begin = text.index('<c r="A4"')
        cell = text[begin:text.index("</c>", begin) + 4].encode("utf-8")
        self.refused(self.changed(sheet, (cell, b'<c r="A4"><v>1.1010519491231E+17</v></c>')),
                     "c.xlsx:著录目录!A4", "15 digits", "format 'text'")

    def test_half_a_workbook_is_refused(self):
        workbook = self.workbook()
        self.refused(workbook[:len(workbook) // 2], "damaged or not complete")

    def test_a_bomb_is_refused(self):
        # 600 MB of blanks, packed to less than one.
        parts = unpacked(self.workbook())
        parts["xl/worksheets/sheet1.xml"] = [b"<worksheet>"] + 600 * [b" " * (1 << 20)]
        self.refused(packed(parts), "unpacked it is larger than")

    def test_older_and_locked_workbooks_say_what_to_do(self):
        compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
        for content, words in ((compound, ".xls"),
                               (compound + "EncryptedPackage".encode("utf-16-le"), "password")):
            with self.subTest(words):
                archive = self.new_archive("for-" + words.strip("."))
                ended = self.take_in(archive, self.file("c.xlsx", content), code=INPUT_MISSING)
                self.assert_says(ended, INPUT_MISSING, words, "save it as .xlsx")

    def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(self):
        self.refused(self.workbook(), "no sheet of this name", "著录目录",
                     options=("--sheet", "别的"))

    def test_text_of_no_encoding_is_refused(self):
        self.refused(b"\xff\xfe\x00\xd8,", "neither UTF-8 nor GB18030", name="c.csv")

    def test_a_folder_and_a_file_that_is_not_there_are_refused(self):
        archive = self.new_archive()
        for path in (self.work, self.work / "没有.xlsx"):
            self.assert_says(self.take_in(archive, path, code=INPUT_MISSING), INPUT_MISSING,
                             "cannot be read")

    def test_a_form_that_nobody_knows_is_refused(self):
        archive = self.new_archive()
        ended = self.run_in(archive, "export", "--format", "ods")
        self.assertEqual(ended.returncode, USAGE)


del Catalogue  # it has no tests of its own
if __name__ == "__main__":
    unittest.main()
