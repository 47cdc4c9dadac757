"""What people and machines are told: help, two languages, JSON, exit codes."""

import functools
import json
import re
import shlex
import shutil
import sqlite3
import unittest
from pathlib import Path

from program import (ARCHIVE_FOREIGN, ARCHIVE_MISSING, DAMAGE, HELD, INPUT_MISSING, NOT_FOUND, ROOT,
                     SET_ASIDE, SETTINGS, USAGE, EndToEnd, blank_page, juanzong)

DISK, INDEX, RECORDS, DEVICE = 16, 17, 18, 19

COMMANDS = ("init", "ingest", "quality", "check", "properties", "finding", "value", "arrange",
            *("arrange " + verb for verb in (
                "move", "order", "rotate", "insert", "replace", "type", "order-items", "split",
                "merge", "class", "split-dossier", "merge-dossiers", "split-person", "undo", "list")),
            "compare", "accept", "catalogue", "catalogue export", "catalogue import", "watch", "scan",
            "sheets", "status", "release", "search", "show", "person", "export",
            "package", *("package " + verb for verb in ("make", "receive", "list", "settle")),
            "bag", "bag check", "verify", "ledger",
            "scrub", "replicate", "convert", "gc", "repair", "task", "task list", "task close",
            "backup", *("backup " + verb for verb in (
                "init", "run", "list", "verify", "restore", "drill", "prune", "rekey")),
            "key", *("key " + verb for verb in ("list", "change", "recovery")), "config", "config check", "config explain", "selfcheck",
            "report", "report metrics", "serve",
            "medium", *("medium " + verb for verb in ("add", "list", "read-back", "retire")),
            "reprocess", "form", "form learn", "index",
            *("index " + verb for verb in ("rebuild", "check", "compact")), "review", "correct",
            "retention", *("retention " + verb for verb in ("list", "change", "appraise")),
            "hold", "disposal", "place", "loan",
            "user", *("user " + verb for verb in ("list", "posts", "add", "change", "end")))
CHINESE = re.compile("[\u4e00-\u9fff]")


@functools.lru_cache(maxsize=None)
def help_of(command, language="en"):
    return juanzong(*command.split(), "--help", "--lang", language)


class Help(unittest.TestCase):
    def test_names_every_command_and_no_other(self):
        text = juanzong("--help").stdout
        listed = re.findall(r"^  ([a-z]+) ", text[text.index("ubcommands:"):], re.MULTILINE)
        self.assertEqual(listed, [name for name in COMMANDS if " " not in name])

    def test_every_command_has_help_in_both_languages(self):
        for command in COMMANDS:
            english = help_of(command, "en")
            chinese = help_of(command, "zh")
            for said in (english, chinese):
                self.assertEqual((said.returncode, said.stderr), (0, ""), command)
                self.assertIn("Usage: juanzong " + command, said.stdout)
            self.assertIsNone(CHINESE.search(english.stdout), english.stdout)
            self.assertIsNotNone(CHINESE.search(chinese.stdout.split("\n")[0]), chinese.stdout)

    def test_every_option_is_explained(self):
        for command in COMMANDS:
            for language in ("zh", "en"):
                text = help_of(command, language).stdout
                options = text[text.find("Options:"):].split("Subcommands:")[0].split("\n")[1:]
                for line, following in zip(options, options[1:] + [""]):
                    if not re.match(r"^  -", line):
                        continue
                    # Words begin in column 30; what comes before them may reach up to it.
                    explained = (re.search(r"\S\s{2,}\S", line) or re.match(r"^.{29} \S", line)
                                 or re.match(r"^ {10,}\S", following))
                    self.assertTrue(explained, (command, language, line))

    def test_the_version_is_that_of_the_build(self):
        version = re.search(r"project\(juanzong VERSION ([\d.]+)",
                            (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")).group(1)
        self.assertEqual(juanzong("--version").stdout.strip(), "juanzong " + version)

    def test_documents_show_commands_and_options_that_exist(self):
        for name, least in (("README.md", 5), ("docs/OPERATIONS.md", 60),
                            ("docs/CONFIGURATION.md", 4), ("docs/STORIES.md", 10),
                            ("samples/office/README.md", 4)):
            text = (ROOT / name).read_text(encoding="utf-8")
            shown = re.findall(r"^(?:\$bin|juanzong) (.*?)(?:  #.*)?$", text, re.MULTILINE)
            shown += re.findall(r"`juanzong ([a-z][^`]*)`", text.replace("\n", " "))
            self.assertGreater(len(shown), least, name)
            for line in shown:
                self.assert_exists(line, name)

    def test_messages_advise_commands_and_options_that_exist(self):
        advised = set()
        for folder in ("app", "audit", "checks", "config", "core", "index", "ingest", "ocr", "store",
                       "viewer/access", "viewer/api", "viewer/iiif", "viewer/review"):
            for file in (ROOT / folder).rglob("*.cpp"):
                text = re.sub(r'"\s*\n\s*"', "", file.read_text(encoding="utf-8"))
                advised.update((file.name, line)
                               for line in re.findall(r'`juanzong ([a-z][^`"\n]*)["`]', text))
        self.assertGreater(len(advised), 100)
        for file, line in sorted(advised):
            self.assert_exists(line, file)

    def assert_exists(self, line, where):
        words = shlex.split(line.split("||")[0])
        if words[0].startswith("--") or words[0].isupper():
            return
        inner = " ".join(words[:2])
        command = inner if inner in COMMANDS else words[0]
        self.assertIn(command, COMMANDS, (where, line))
        if any(name.startswith(command + " ") for name in COMMANDS):
            # It has commands below it, and one of them is wanted.
            self.assertTrue(len(words) == 1 or words[1].startswith("-") or words[1].isupper(),
                            (where, line))
        help_text = help_of(command).stdout + help_of("").stdout  # and those of every command
        for option in words[1:]:
            if option.startswith("-") and len(option) > 1:
                self.assertRegex(help_text, re.escape(option.split("=")[0]) + r"\b", (where, line))

    def test_every_test_that_the_security_statement_names_is_there(self):
        text = (ROOT / "docs" / "SECURITY.md").read_text(encoding="utf-8")
        named = re.findall(r"`((?:tests/[a-z_]+/)?[a-z_]+_test\.(?:cpp|py))`", text)
        self.assertGreater(len(named), 40)
        folder = ""
        for one in named:
            if one.startswith("tests/"):
                folder = one.rsplit("/", 1)[0]
            path = one if one.startswith("tests/") else f"{folder}/{one}"
            self.assertTrue((ROOT / path).is_file(), path)


class TheArchive(EndToEnd):
    def test_is_named_to_every_command_in_the_same_ways(self):
        by_place, by_option, by_name = (self.work / name for name in ("place", "option", "name"))
        named = {"JUANZONG_ARCHIVE": str(by_name)}
        for arguments, environment, folder in (([by_place], {}, by_place),
                                               (["--archive", by_option], {}, by_option),
                                               ([], named, by_name)):
            made = juanzong("init", *arguments, environment=environment)
            self.assertEqual(made.returncode, 0, made.stderr)
            self.assertTrue((folder / "juanzong.toml").is_file())
        self.assertEqual(juanzong("status", environment=named).returncode, 0)

    def test_that_is_named_goes_before_that_of_the_environment(self):
        archive = self.new_archive()
        none = {"JUANZONG_ARCHIVE": str(self.work / "none")}
        for command in (("status",), ("user", "list"), ("index", "check"), ("medium", "list"),
                        ("task", "list"), ("retention", "list"), ("config", "check"),
                        ("package", "list"), ("report", "metrics"), ("user", "posts")):
            ended = juanzong(*command, "--archive", archive.folder, environment=none)
            self.assertEqual(ended.returncode, 0, (command, ended.stderr))


class LostHeads(EndToEnd):
    def test_are_begun_anew_with_a_reason_that_stays_to_be_seen(self):
        archive = self.new_archive()
        self.assertEqual(archive.run("ledger", "--sign-anew", "--reason", "x").returncode, USAGE,
                         "they are there")
        shutil.rmtree(archive.folder / "ledger")
        self.assert_says(archive.run("ledger"), DAMAGE, "--sign-anew")
        self.assertEqual(archive.run("ledger", "--sign-anew").returncode, USAGE)
        begun = archive.run("ledger", "--sign-anew", "--reason", "flooded", "--json")
        self.assertEqual(begun.returncode, 0, begun.stderr)
        state = json.loads(begun.stdout)
        self.assertEqual(state["entries"], state["signed_entries"])
        self.assertEqual(archive.run("ledger").returncode, 0)
        ledger = json.loads(archive.run("verify", "--json").stdout)["ledger"]
        self.assertTrue(ledger["sound"], ledger)
        self.assertRegex("\n".join(ledger["remarks"]), "flooded.*proves none of them")


class Languages(EndToEnd):
    def test_are_chosen_by_option_then_by_locale(self):
        def words(*arguments, locale="C.UTF-8"):
            return juanzong("status", "--archive", self.work / "none", *arguments,
                            environment={"LC_ALL": locale}).stderr
        for said in (words("--lang", "zh"), words(locale="zh_CN.UTF-8"),
                     words("--lang=auto", locale="zh_CN.UTF-8")):
            for word in ("位置：", "问题：", "办法："):
                self.assertIn(word, said)
        for said in (words(), words("--lang", "en", locale="zh_CN.UTF-8")):
            for word in ("where:", "what:", "what to do:"):
                self.assertIn(word, said)
        self.assertEqual(juanzong("status", "--lang", "fr").returncode, USAGE)

    def test_answers_come_in_both(self):
        archive = self.new_archive()
        self.assertIn("whole archive: pages in 0 = filed 0 + set aside 0",
                      archive.run("status").stdout)
        self.assertIn("全库: 交来页 0 = 已归档 0 + 未归档 0",
                      archive.run("status", "--lang", "zh").stdout)


class ExitCodes(EndToEnd):
    """Each number of docs/ERRORS.md where it can be brought about; see end_to_end/ as well."""

    def test_the_table_and_the_program_agree(self):
        table = (ROOT / "docs" / "ERRORS.md").read_text(encoding="utf-8")
        documented = {name: int(code) for code, name
                      in re.findall(r"^\| (\d+) \| ([a-z_]+) \|", table, re.MULTILINE)}
        header = (ROOT / "core" / "error.h").read_text(encoding="utf-8")
        kinds = {name: int(code) for name, code
                 in re.findall(r"^  ([a-z_]+) = (\d+),", header, re.MULTILINE)}
        self.assertGreater(len(kinds), 10)
        self.assertEqual(documented, kinds)

    def test_the_reasons_in_the_table_are_those_of_the_program(self):
        table = (ROOT / "docs" / "ERRORS.md").read_text(encoding="utf-8")
        documented = re.findall(r"^\| ([a-z_]+) \|", table.split("set aside\n")[1], re.MULTILINE)
        messages = (ROOT / "config" / "messages.csv").read_text(encoding="utf-8")
        self.assertEqual(sorted(set(documented) - {"reason"}),
                         sorted(re.findall(r"^fault\.([a-z_]+),", messages, re.MULTILINE)))

    def assert_says(self, ended, code, *words):
        super().assert_says(ended, code, *words)
        self.assertEqual(ended.stdout, "")

    def test_of_a_command_line_that_cannot_be_understood(self):
        archive = self.new_archive()
        for arguments in (["show"], ["scan", "test:0", "--batch", "../elsewhere"]):
            self.assert_says(archive.run(*arguments), USAGE)
        for arguments in (["search", "--limit", "0", "x"], ["index"], ["show", "page"],
                          ["scan", "test:0"], ["sheets", "DA-1"], ["release", "1"]):
            ended = juanzong(*arguments)
            self.assertEqual((ended.returncode, ended.stdout), (USAGE, ""), arguments)
            self.assertTrue(ended.stderr, arguments)

    def test_of_a_query_that_cannot_be_understood(self):
        ended = self.new_archive().run("search", "(张三 OR")
        self.assert_says(ended, USAGE)

    def test_of_everything_that_is_not_there(self):
        archive = self.new_archive()
        for arguments in (["show", "1"], ["show", "--dossier", "1"], ["show", "--batch", "box"],
                          ["status", "box"], ["release", "box", "--reason", "x"]):
            self.assert_says(archive.run(*arguments), NOT_FOUND)
        for arguments in (["status"], ["verify"], ["reprocess"], ["release", "b", "--reason", "x"],
                          ["search", "x"], ["show", "1"], ["export", "1", "--as", "text"],
                          ["scan", "test:0", "--batch", "b"]):
            self.assert_says(juanzong(*arguments, "--archive", self.work / "none"), ARCHIVE_MISSING)
        self.assert_says(archive.run("watch", self.work / "none", "--once"), INPUT_MISSING)
        self.assert_says(archive.run("scan", "nosuch:7", "--batch", "b"), DEVICE)

    def test_of_an_archive_of_another_program(self):
        archive = self.new_archive()
        with sqlite3.connect(archive.folder / "records.sqlite") as database:
            database.execute("INSERT INTO schema_version VALUES (9999, 'future', '')")
        database.close()
        self.assert_says(archive.run("status"), ARCHIVE_FOREIGN, "9999")

    def test_of_records_and_index_that_are_damaged(self):
        archive = self.filed_archive()
        index = [path for path in (archive.folder / "index").rglob("*") if path.is_file()]
        for path in index:
            path.write_bytes(b"no index at all" * 400)
        self.assert_says(archive.run("search", "x"), INDEX, "index rebuild")
        self.assertEqual(juanzong("index", "rebuild", "--archive", archive.folder).returncode, 0)
        self.assertEqual(archive.run("search", "x").returncode, 0)
        (archive.folder / "records.sqlite").write_bytes(b"no database at all" * 400)
        for leftover in archive.folder.glob("records.sqlite-*"):
            leftover.unlink()
        self.assert_says(archive.run("status"), RECORDS, "records.sqlite")
        self.assertEqual(archive.run("verify").returncode, DAMAGE)

    def test_of_a_place_that_cannot_be_written(self):
        page = self.a_page("1.bmp")
        self.assert_says(self.new_archive().ingest("--acknowledge", "/proc/none/file", page), DISK)

    def test_of_a_batch(self):
        archive = self.new_archive()
        page = self.a_page("1.bmp")
        self.assertEqual(archive.ingest("--batch", "whole", page).returncode, 0)
        (self.work / "2.bmp").write_bytes(b"")
        self.assertEqual(archive.ingest("--batch", "part", self.work / "2.bmp").returncode,
                         SET_ASIDE)
        self.assertEqual(archive.ingest("--batch", "held", "--sheets", 2, page).returncode, HELD)
        # A batch has a number, too, and people read it in the listing.
        self.assertIn("part", archive.run("status", "2").stdout)
        self.assertEqual(archive.run("release", "3", "--reason", "counted again").returncode, 0)

    def test_and_the_parts_of_a_message_as_json(self):
        archive = self.new_archive()
        with open(archive.folder / "juanzong.toml", "a", encoding="utf-8") as file:
            file.write("\n[ocr]\nthreds = 2\n")
        for code, ended in ((SETTINGS, archive.ingest("--json", self.a_page("1.bmp"))),
                            (NOT_FOUND, archive.run("show", "7", "--json"))):
            self.assertEqual(ended.returncode, code, ended.stderr)
            said = json.loads(ended.stderr)
            self.assertEqual(list(said), ["error", "where", "what", "what_to_do"])
            self.assertEqual(said["error"], code)
            self.assertTrue(all(said.values()))

    def a_page(self, name):
        path = Path(self.work) / name
        path.write_bytes(blank_page())
        return path

    def filed_archive(self):
        archive = self.new_archive()
        self.assertEqual(archive.ingest(self.a_page("1.bmp")).returncode, 0)
        return archive


class ForMachines(EndToEnd):
    """--json: standard output is JSON and nothing else, whatever the command."""

    @classmethod
    def lines(cls, ended):
        return [json.loads(line) for line in ended.stdout.splitlines()]

    def test_every_command_that_answers(self):
        scans = self.work / "box"
        scans.mkdir()
        (scans / "1.bmp").write_bytes(blank_page())
        (scans / "2.bmp").write_bytes(b"")
        archive = self.new_archive()
        ingested = self.lines(archive.ingest(scans, "--json"))[0]
        self.assertEqual(ingested["counts"]["pages_in"], 2)
        self.assertEqual(ingested["counts"]["set_aside_by_reason"], {"empty_file": 1})
        status = self.lines(archive.run("status", "--json"))[0]
        self.assertEqual(status["batches"][0]["counts"], ingested["counts"])
        self.assertEqual(status["all"]["filed"], 1)
        pages = self.lines(archive.run("show", "--all", "--json"))
        self.assertEqual([page["state"] for page in pages].count("filed"), 1)
        one = self.lines(archive.run("show", pages[0]["page"], "--json"))
        self.assertEqual(one, pages[:1])
        dossiers = self.lines(archive.run("show", "--batch", "box", "--json"))
        self.assertEqual(len(dossiers), 1)
        self.assertEqual(self.lines(archive.run("search", "无", "--json"))[0]["hits"], [])
        self.assertTrue(self.lines(archive.run("verify", "--json")))
        self.assertEqual(self.lines(archive.run("reprocess", "--json"))[0]["pages_worked"], 0)
        rebuilt = juanzong("index", "rebuild", "--archive", archive.folder, "--json")
        self.assertEqual(self.lines(rebuilt), [{"pages_indexed": 2}])
        # The report that was filed counts as the status does.
        blob = status["batches"][0]["report"]
        digest = blob.removeprefix("sha256-")
        report = archive.folder / "objects" / "sha256" / digest[:2] / digest[2:]
        self.assertEqual(json.loads(report.read_text(encoding="utf-8"))["counts"],
                         ingested["counts"])


if __name__ == "__main__":
    unittest.main()
