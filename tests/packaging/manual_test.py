"""Manual pages and completion, as people meet them: set by man, completed by a bash at a terminal."""

import json
import os
import pty
import re
import select
import subprocess
import tempfile
import unittest
from pathlib import Path

from command_line_test import CHINESE, COMMANDS
from program import ROOT

MANUAL = Path(os.environ["BUILD"]) / "manual"
PAGES = {"en": MANUAL / "man/man1/juanzong.1.gz", "zh": MANUAL / "man/zh_CN/man1/juanzong.1.gz",
         "audit": MANUAL / "man/man1/juanzong-audit.1.gz",
         "settings": MANUAL / "man/man5/juanzong.toml.5.gz",
         "settings zh": MANUAL / "man/zh_CN/man5/juanzong.toml.5.gz"}
FOLDERS_OF_SOURCES = ("app", "audit", "config", "ingest", "ocr", "store", "viewer")


def described(language="en"):
    said = subprocess.run([os.environ["JUANZONG"], "--lang", language, "--describe-commands"],
                          check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    return json.loads(said)


def commands_of(tree, path=()):
    for below in tree["commands"]:
        inner = (*path, below["name"])
        yield " ".join(inner), below
        yield from commands_of(below, inner)


def set_by_man(page, *options):
    """What man says and warns of, in columns wide enough that no word is broken."""
    return subprocess.run(["man", "--warnings", "--local-file", *options, page],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
                          check=True, env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "200",
                                           "MAN_KEEP_FORMATTING": "", "MANROFFSEQ": ""})


def text_of(page):
    # Bold and underlined letters are struck twice.
    text = re.sub(".\b", "", set_by_man(page).stdout)
    return re.sub("\x1b\\[[0-9;]*m", "", text)


class ManualPages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = {name: text_of(page) for name, page in PAGES.items()}

    def test_man_has_nothing_to_warn_of(self):
        for page in PAGES.values():
            self.assertEqual(set_by_man(page, "-Tutf8", "-Z").stderr, "", page)

    def test_tell_every_command_with_its_options_and_arguments(self):
        for language in ("en", "zh"):
            tree = described(language)
            self.assertEqual(sorted(name for name, _ in commands_of(tree)), sorted(COMMANDS))
            sections = re.split(r"(?m)^   (?=juanzong)", self.text[language])
            for name, command in commands_of(tree):
                section = next(part for part in sections
                               if re.match(rf"juanzong {name}(?= \[OPTIONS\])", part))
                for argument in command["positionals"] + command["options"]:
                    for word in argument["names"]:
                        if word not in ("-h", "--help"):
                            self.assertIn(word, section, name)

    def test_speak_their_language(self):
        said = [line for line in self.text["en"].splitlines() + self.text["audit"].splitlines() +
                self.text["settings"].splitlines() if CHINESE.search(line)]
        self.assertEqual(said, [])
        self.assertGreater(len(CHINESE.findall(self.text["zh"])), 1000)
        self.assertGreater(len(CHINESE.findall(self.text["settings zh"])), 500)

    def test_tell_every_setting(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([os.environ["JUANZONG"], "init", folder + "/archive"], check=True,
                           stdout=subprocess.DEVNULL)
            file = (Path(folder) / "archive/juanzong.toml").read_text(encoding="utf-8")
        keys = re.findall(r"(?m)^([a-z_0-9]+) = ", file)
        self.assertGreater(len(keys), 40)
        for page in ("settings", "settings zh"):
            self.assertEqual(re.findall(r"(?m)^       ([a-z_0-9]+) = ", self.text[page]), keys)

    def test_tell_every_exit_code(self):
        header = (ROOT / "core/error.h").read_text(encoding="utf-8")
        codes = set(re.findall(r"(?m)^  [a-z_]+ = (\d+),", header)) | {"0"}
        section = self.text["en"].split("EXIT STATUS")[1].split("ENVIRONMENT")[0]
        self.assertEqual(set(re.findall(r"(?m)^       (\d+) ", section)), codes)
        section = self.text["audit"].split("EXIT STATUS")[1].split("SEE ALSO")[0]
        self.assertEqual(re.findall(r"(?m)^       (\d+) ", section), ["0", "2", "3", "11"])

    def test_tell_every_variable_that_the_program_looks_at(self):
        looked_at = set()
        for folder in FOLDERS_OF_SOURCES:
            for path in (ROOT / folder).rglob("*.cpp"):
                looked_at |= set(re.findall(r'"(JUANZONG_[A-Z_]+)"',
                                            path.read_text(encoding="utf-8")))
        self.assertIn("JUANZONG_ARCHIVE", looked_at)
        section = self.text["en"].split("ENVIRONMENT")[1].split("FILES")[0]
        self.assertEqual(set(re.findall(r"(?m)^       (JUANZONG_[A-Z_]+)", section)), looked_at)

    def test_tell_every_option_of_the_auditor(self):
        said = subprocess.run([os.environ["JUANZONG"] + "-audit", "--help"], check=True,
                              stdout=subprocess.PIPE, encoding="utf-8").stdout
        options = set(re.findall(r"--[a-z-]+", said))
        self.assertGreater(len(options), 5)
        section = self.text["audit"].split("OPTIONS")[1]
        self.assertEqual(options - set(re.findall(r"--[a-z-]+", section)), set())
        self.assertIn("juanzong-audit ARCHIVE", self.text["audit"])
        self.assertIn("RFC 6962", self.text["audit"])


class Terminal:
    """A bash at a terminal, in which keys are pressed."""

    ALL = "\x1b*"  # insert-completions: every one stands in the line

    def __init__(self, folder):
        child, self.terminal = pty.fork()
        if child == 0:
            os.chdir(folder)
            os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"],
                       {"PATH": os.environ["PATH"], "TERM": "dumb", "PS1": "$ ", "INPUTRC": "/dev/null",
                        "LC_ALL": "C.UTF-8", "HOME": str(folder), "COLUMNS": "4000"})
        self.child = child
        for name in ("juanzong", "juanzong-audit"):
            self.press(f"source {MANUAL}/completions/{name}\n")
        self.press("stty columns 4000\n")

    def press(self, keys):
        os.write(self.terminal, keys.encode())

    def words(self, keys):
        """The words that stand in the line after these keys."""
        # To the beginning of the line, and what prints its words.
        self.press(keys + "\x01printf '<%s>' \x05 END\n")
        seen = ""
        while not (found := re.findall(r"((?:<[^<>]*>)+)<END>", seen)):
            if not select.select([self.terminal], [], [], 20)[0]:
                raise AssertionError("bash said only: " + seen)
            seen += os.read(self.terminal, 65536).decode(errors="replace")
        return re.findall("<([^<>]*)>", found[-1])

    def close(self):
        self.press("\x03\x04exit\n")
        os.close(self.terminal)
        os.waitpid(self.child, 0)


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="juanzong-completion-")
        cls.addClassCleanup(folder.cleanup)
        (Path(folder.name) / "scan of box 7.tif").touch()
        cls.bash = Terminal(folder.name)
        cls.addClassCleanup(cls.bash.close)
        cls.tree = described()

    def after(self, keys):
        return self.bash.words(keys)

    def test_commands(self):
        self.assertEqual(self.after("juanzong ing\t"), ["juanzong", "ingest"])
        self.assertEqual(set(self.after("juanzong " + Terminal.ALL)[1:]),
                         {name for name in COMMANDS if " " not in name})
        self.assertEqual(set(self.after("juanzong backup " + Terminal.ALL)[2:]),
                         {name.split()[1] for name in COMMANDS if name.startswith("backup ")})
        self.assertEqual(self.after("juanzong --json arrange rot\t"),
                         ["juanzong", "--json", "arrange", "rotate"])

    def test_options_of_a_command_and_of_all(self):
        self.assertEqual(self.after("juanzong ingest --she\t"), ["juanzong", "ingest", "--sheets"])
        words = self.after("juanzong backup run --" + Terminal.ALL)[3:]
        command = dict(commands_of(self.tree))["backup run"]
        names = {name for option in command["options"] + self.tree["options"]
                 for name in option["names"] if name.startswith("--")}
        self.assertEqual(set(words), names)

    def test_values_that_can_be_listed(self):
        self.assertEqual(set(self.after("juanzong --lang " + Terminal.ALL)[2:]), {"zh", "en", "auto"})
        self.assertEqual(self.after("juanzong status --lang=z\t"), ["juanzong", "status", "--lang=zh"])
        self.assertEqual(self.after("juanzong scan x --mode G\t")[-1], "Gray")

    def test_the_value_of_an_option_is_no_command(self):
        self.assertEqual(self.after("juanzong --by backup statu\t"),
                         ["juanzong", "--by", "backup", "status"])

    def test_files_where_anything_may_stand(self):
        for before in ("juanzong ingest ", "juanzong serve --certificate ", "juanzong-audit --key "):
            self.assertEqual(self.after(before + "sca\t")[-1], "scan of box 7.tif", before)

    def test_the_auditor(self):
        self.assertEqual(self.after("juanzong-audit --no\t"), ["juanzong-audit", "--no-objects"])


if __name__ == "__main__":
    unittest.main()
