"""The tools of bench/ with sets they have never seen, and when something is missing or stopped.

The program is a pretended one: each file is a page; one that is no PDF is set aside.
"""

import importlib.machinery
import importlib.util
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

BENCH = Path(__file__).resolve().parents[2] / "bench"
sys.path.insert(0, str(BENCH))

from measuring import dossiers, hostile, program, reading, real_sets, sampling  # noqa: E402

PRETENDED = """\
#!/usr/bin/python3
import json, os, sys, time
name, arguments = sys.argv[1], sys.argv[2:]
folder = arguments[arguments.index("--archive") + 1] if "--archive" in arguments else arguments[0]
log, what = folder + "/files", os.environ.get("PRETEND")
def files():
    with open(log) as file:
        return sorted(json.load(file).items())
if name == "init":
    os.makedirs(folder)
    open(folder + "/juanzong.toml", "w").close()
elif name == "ingest":
    if what == "fail":
        sys.exit("no room")
    if what == "hang":
        with open(folder + "/pid", "w") as file:
            file.write(str(os.getpid()) + ".")
        time.sleep(600)
    root, found = arguments[arguments.index("--no-wait") + 1], {}
    for place, _, names in os.walk(root):
        for one in names:
            with open(os.path.join(place, one), "rb") as file:
                found[os.path.relpath(os.path.join(place, one), root)] = file.read(4) == b"%PDF"
    with open(log, "w") as file:
        json.dump(found, file)
elif name == "show":
    for source, good in files():
        print(json.dumps({
            "source": source, "page_in_file": 0, "state": "filed" if good else "set_aside",
            "kind": "content", "doc_type": "DT99", "rotation": 90, "skew_degrees": 0.5,
            "illegible": False, "lines": [], "fields": [], "codes": [], "dossier": 1,
            "dossier_no": None, "side_pages": 1, "dark_borders": "", "seals": [], "pairs": []}))
elif name == "status":
    good = [source for source, good in files() if good]
    print(json.dumps({"all": {"pages_in": len(files()), "filed": len(good),
                              "set_aside": len(files()) - len(good)}}))
elif name == "check":
    print(json.dumps({"dossier": 1, "findings": []}))
"""


class Stranger(unittest.TestCase):
    """Runs a tool from a folder of its own, with a set there whose name has a blank."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.work = Path(temporary.name)
        self.set = self.work / "my set"
        self.set.mkdir()
        self.program = self.work / "pretended"
        self.program.write_text(PRETENDED, encoding="utf-8")
        self.program.chmod(0o755)

    def put(self, name, content=b"%PDF-1.4"):
        file = self.set / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def environment(self, pretend=""):
        return {**os.environ, "JUANZONG": str(self.program), "PRETEND": pretend}

    def run_tool(self, tool, *arguments, pretend=""):
        return subprocess.run([BENCH / tool, *arguments], cwd=self.work, capture_output=True,
                              text=True, env=self.environment(pretend))

    def assert_refused(self, done, *words):
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)


class ScoreDossiers(Stranger):
    def results(self):
        return json.loads((self.work / "out" / "results.json").read_text(encoding="utf-8"))

    def test_a_set_without_answers_and_tables(self):
        self.put("in/夹一/深/甲.PDF")
        self.put("in/b.pdf")
        self.put("in/damaged.jpg", b"no picture")
        done = self.run_tool("score_dossiers", "my set/", "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual({page["file"] for page in self.results()["pages"]},
                         {"in/夹一/深/甲.PDF", "in/b.pdf"})
        self.assertEqual(self.results()["dossiers"][0]["faults"], [])

    def test_it_may_be_repeated_and_old_results_are_not_ours(self):
        self.put("in/a.pdf")
        self.run_tool("score_dossiers", self.set, "out")
        (self.set / "in" / "a.pdf").rename(self.set / "in" / "b.pdf")
        self.run_tool("score_dossiers", self.set, "out")
        self.assertEqual([page["file"] for page in self.results()["pages"]], ["in/b.pdf"])
        self.assert_refused(self.run_tool("score_dossiers", self.set, "out", pretend="fail"),
                            "no room")
        self.assertFalse((self.work / "out" / "results.json").exists())

    def test_what_is_not_ours_is_not_overwritten(self):
        self.put("in/a.pdf")
        precious = self.work / "out" / "config" / "precious"
        precious.parent.mkdir(parents=True)
        precious.touch()
        self.assert_refused(self.run_tool("score_dossiers", self.set, "out"), "out/config")
        self.assertTrue(precious.exists())

    def test_places_that_cannot_be(self):
        self.put("in/a.pdf")
        self.assert_refused(self.run_tool("score_dossiers", self.set, self.set / "in" / "out"))
        self.assert_refused(self.run_tool("score_dossiers", self.work, "out"), "in/")

    def test_told_to_stop_it_leaves_nothing_running(self):
        self.put("in/a.pdf")
        running = subprocess.Popen([BENCH / "score_dossiers", self.set, self.work / "out"],
                                   env=self.environment("hang"))
        told = self.work / "out" / "archive" / "pid"
        until = time.monotonic() + 60
        while time.monotonic() < until and not (told.exists() and told.read_text().endswith(".")):
            time.sleep(0.05)
        running.terminate()
        self.assertEqual(running.wait(60), 128 + 15)
        with self.assertRaises(ProcessLookupError):
            os.kill(int(told.read_text().rstrip(".")), 0)


class ScoreReal(Stranger):
    def test_a_damaged_picture_has_an_empty_text_and_stops_nothing(self):
        self.put("页.pdf")
        self.put("broken.JPG", b"")
        self.put("odd.fuzz", b"junk")
        self.put("EXPECT.tsv", b"# made by hand\nnote\tfile\n\todd.fuzz\n")
        link = self.work / "link"
        link.symlink_to(self.set)
        out = self.work / "out"
        out.mkdir()
        (out / "broken.txt").write_text("of another run", encoding="utf-8")
        done = self.run_tool("score_real", "link/", "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("页.txt", "broken.txt", "broken.kv.tsv", "odd.txt"):
            self.assertEqual((out / name).read_text(encoding="utf-8"), "")
        self.assertEqual((out / "orientation.tsv").read_text(encoding="utf-8").splitlines()[1:],
                         ["页.pdf\t1\t270"])

    def test_answers_are_not_overwritten(self):
        self.put("a.pdf")
        self.put("a.kv.tsv", b"answers")
        self.assert_refused(self.run_tool("score_real", self.set, "my set/."), "answers")
        self.assertEqual((self.set / "a.kv.tsv").read_bytes(), b"answers")

    def test_results_are_there_without_a_scorer(self):
        self.put("a.pdf")
        self.put("a.kv.tsv", b"no table")
        done = self.run_tool("score_real", self.set, "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        with self.assertRaises(program.Failed):
            reading.scorer("no_such_scorer.py", "/")

    def test_pictures_are_known_by_their_endings_and_the_tables_too(self):
        for name, content in (("a.Tiff", b""), ("late.x", b"junk\n%PDF-1.4"), ("asked", b"?"),
                              ("notes.txt", b"?"), ("EXPECT.tsv", b"page\tfile\n1\tasked\n")):
            self.put(name, content)
        self.assertEqual([path.name for path in real_sets.pictures_in(self.set)],
                         ["a.Tiff", "asked", "late.x"])


class Answers(Stranger):
    def test_dossiers_may_have_any_name(self):
        self.put("gt/X-17.json", b'{"pages": []}')
        self.put("gt/MANIFEST.json", b'{"pages": [1]}')
        self.assertEqual(list(dossiers.answers_in(self.set / "gt")), [{"pages": []}])
        self.assertEqual(dossiers.dossier_set_in(self.set), self.set)
        with self.assertRaises(program.Failed):
            dossiers.dossier_set_in(self.work)


class HostileInputs(Stranger):
    def test_hidden_files_are_handed_in_by_themselves(self):
        self.put(".a.pdf")
        self.put(".b/c.pdf")
        self.put("d/e.pdf")
        (self.set / "f").symlink_to(self.work)
        inputs = hostile.inputs_of(self.set)
        self.assertEqual([path.name for path in inputs], ["my set", ".a.pdf", "c.pdf"])
        self.assertEqual(len(hostile.files_under(inputs[0])), 4)  # a link is not followed

    def test_an_empty_folder_is_no_crash(self):
        (self.work / "empty").mkdir()
        self.assert_refused(self.run_tool("hostile", "empty"), "no file")


class Sampling(Stranger):
    def test_all_pages_are_the_files_as_they_are(self):
        self.put("a/x.pdf", b"%PDF damaged")
        self.put("b/x.pdf", b"%PDF damaged too")
        made = sampling.take_sample(self.set, self.work / "sample")
        self.assertEqual([file.read_bytes() for file in made],
                         [b"%PDF damaged", b"%PDF damaged too"])


class Program(Stranger):
    def test_a_half_made_build_is_made_anew(self):
        half = self.work / "juanzong"
        half.touch()
        with mock.patch.dict(os.environ), mock.patch.object(program, "build") as build, \
                mock.patch.object(program, "MADE", (half, self.work / "rec.onnx")):
            os.environ.pop("JUANZONG", None)
            with self.assertRaisesRegex(program.Failed, "rec.onnx.*install.sh"):
                program.find_program()
            self.assertEqual(build.call_args.args, program.TARGETS)

    def test_another_program_has_to_be_there_with_its_tools(self):
        with mock.patch.dict(os.environ, JUANZONG=str(self.work / "nothing")):
            self.assertRaises(program.Failed, program.find_program)
        with mock.patch.dict(os.environ, JUANZONG=str(self.program)):
            self.assertRaisesRegex(program.Failed, "juanzong_x", program.tool, "juanzong_x")

    def test_one_part_that_cannot_be_measured_stops_no_other(self):
        def missing():
            yield "before", 1, ""
            subprocess.run(["no-such-program"], check=True)

        figures = program.each((missing, lambda: [("after", 2, "")]))
        self.assertEqual([next(figures)[0], next(figures)[0]], ["before", "after"])
        with self.assertRaisesRegex(program.Failed, "no-such-program is not installed"):
            next(figures)

    def test_a_removal_that_was_stopped_can_be_ended(self):
        folder = self.work / "archive"
        (folder / "objects").mkdir(parents=True)
        (folder / "objects").chmod(0o500)
        (folder / program.SETTINGS).touch()
        with mock.patch.object(program.shutil, "rmtree", side_effect=OSError):
            self.assertRaises(OSError, program.remove_archive, folder)
        self.assertTrue((folder / program.SETTINGS).exists())
        program.remove_archive(folder)
        self.assertFalse(folder.exists())


class Campaigns(unittest.TestCase):
    def test_all_print_the_same_four_figures(self):
        loader = importlib.machinery.SourceFileLoader("campaign", str(BENCH / "campaign"))
        campaign = importlib.util.module_from_spec(
            importlib.util.spec_from_loader("campaign", loader))
        loader.exec_module(campaign)
        outcome = campaign.edits.Outcome(points=9, missed=2, misnamed=1)
        figures = campaign.figures_of(outcome)
        self.assertEqual([figures[name] for name in ("points", "lost", "corrupt")], [9, 0, 3])
        self.assertTrue(math.isnan(figures["longest_restart_s"]))
        killed = campaign.figures_of(campaign.kill.Outcome(points=3, lost=1, corrupt=2))
        self.assertEqual([killed[name] for name in ("lost", "corrupt")], [1, 2])


if __name__ == "__main__":
    unittest.main()
