"""`cmake --install` into an empty folder: what it puts there works from there, without the build."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import ROOT, EndToEnd, filed_once, juanzong
from serving import Filed, Serving

BUILD = Path(os.environ["BUILD"])
PREFIX = None


def setUpModule():
    global PREFIX
    temporary = tempfile.TemporaryDirectory(prefix="juanzong-install-")
    unittest.addModuleCleanup(temporary.cleanup)
    PREFIX = Path(temporary.name) / "prefix"
    subprocess.run(["cmake", "--install", BUILD, "--strip", "--prefix", PREFIX], check=True,
                   stdout=subprocess.DEVNULL)
    os.environ["JUANZONG"] = str(PREFIX / "bin/juanzong")
    for name in ("JUANZONG_CONFIG", "JUANZONG_MODELS", "JUANZONG_DECODER", "LD_LIBRARY_PATH"):
        os.environ.pop(name, None)
    Filed.folder = filed_once("refund/0001.tif")


class Installed(EndToEnd):
    def test_files_a_page_with_its_own_engine_tables_and_decoder(self):
        archive = self.copy_of(Filed.folder)
        page = archive.pages()[0]
        self.assertEqual(page["state"], "filed")
        self.assertNotEqual(page["doc_type"], "")
        engines = json.dumps(page["engines"])
        self.assertIn("onnxruntime", engines)

    def test_takes_nothing_from_where_it_was_built(self):
        seen = subprocess.run(["ldd", PREFIX / "bin/juanzong"], check=True, stdout=subprocess.PIPE,
                              text=True).stdout
        self.assertNotIn("not found", seen)
        self.assertNotIn(str(ROOT), seen)
        named = re.search(r"libonnxruntime\S+ => (\S+)", seen)
        if (ROOT / "third_party/onnxruntime/lib").is_dir():
            self.assertTrue(Path(named.group(1)).samefile(
                next((PREFIX / "lib/juanzong").glob("libonnxruntime.so*"))))
        work = self.work / "elsewhere"
        shutil.copytree(PREFIX, work, symlinks=True)
        os.environ["JUANZONG"] = str(work / "bin/juanzong")
        self.addCleanup(os.environ.__setitem__, "JUANZONG", str(PREFIX / "bin/juanzong"))
        PREFIX.rename(PREFIX.with_name("away"))
        self.addCleanup(PREFIX.with_name("away").rename, PREFIX)
        archive = self.new_archive("moved")
        scan = ROOT / "samples/scans/refund/0002.tif"
        self.assertEqual(archive.ingest(scan).returncode, 0)

    def test_texts_name_where_they_were_installed(self):
        here = (str(ROOT) + "/").encode()
        for path in PREFIX.rglob("*"):
            # A program with assertions names its sources; packaging/make-deb looks at the others.
            if path.is_file() and path.suffix != ".so" and path.parent.name not in ("bin", "juanzong"):
                self.assertNotIn(here, path.read_bytes(), path)
        for unit in ("juanzong", "juanzong-watch", "juanzong-scrub", "juanzong-backup"):
            text = (PREFIX / f"lib/systemd/system/{unit}.service").read_text(encoding="utf-8")
            self.assertIn(f"ExecStart={PREFIX}/bin/juanzong ", text)
            self.assertIn(f"EnvironmentFile=-{PREFIX}/etc/default/juanzong", text)
            self.assertNotRegex(text, "@[a-z]+@")
        self.assertTrue((PREFIX / "etc/default/juanzong").is_file())

    def test_is_whole(self):
        for name in ("bin/juanzong-audit", "libexec/juanzong/juanzong-decode",
                     "lib/sysusers.d/juanzong.conf", "lib/tmpfiles.d/juanzong.conf",
                     "lib/systemd/system/juanzong-scrub.timer", "share/man/man1/juanzong.1.gz",
                     "share/man/man1/juanzong-audit.1.gz", "share/man/zh_CN/man1/juanzong.1.gz",
                     "share/man/man5/juanzong.toml.5.gz", "share/man/zh_CN/man5/juanzong.toml.5.gz",
                     "share/bash-completion/completions/juanzong", "share/doc/juanzong/copyright",
                     "share/doc/juanzong/ERRORS.md", "share/juanzong/models/NOTICE",
                     "share/juanzong/web/index.html"):
            self.assertGreater((PREFIX / name).stat().st_size, 0, name)

    def test_every_table_of_the_source_is_there(self):
        def tables(folder):
            return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*")
                    if path.suffix in (".csv", ".toml")}
        self.assertEqual(tables(PREFIX / "share/juanzong/config"), tables(ROOT / "config"))

    def test_settings_of_the_services_that_somebody_made_stay(self):
        settings = PREFIX / "etc/default/juanzong"
        settings.write_text("SERVE_OPTIONS=mine\n", encoding="utf-8")
        subprocess.run(["cmake", "--install", BUILD / "packaging", "--prefix", PREFIX], check=True,
                       stdout=subprocess.DEVNULL)
        self.assertEqual(settings.read_text(encoding="utf-8"), "SERVE_OPTIONS=mine\n")

    def test_the_auditor_finds_its_archive_sound(self):
        ended = subprocess.run([PREFIX / "bin/juanzong-audit", Filed.folder, "--json"],
                               stdout=subprocess.PIPE, text=True, check=False)
        self.assertEqual(ended.returncode, 0, ended.stdout)
        self.assertTrue(json.loads(ended.stdout)["sound"])
        self.assertEqual(juanzong("--version").returncode, 0)


class ServedByTheInstalled(Serving):
    def test_the_browser_application_is_found(self):
        browser = self.browser()
        browser.connection.request("GET", "/")
        answer = browser.connection.getresponse()
        page = answer.read()
        self.assertEqual(answer.status, 200)
        script = re.search(rb'src="/?([^"]+\.js)"', page).group(1).decode()
        self.assertTrue((PREFIX / "share/juanzong/web" / script).is_file())


if __name__ == "__main__":
    unittest.main()
