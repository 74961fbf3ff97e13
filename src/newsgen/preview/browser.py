"""An installed Chromium, run without a window: it gives a page as PDF, as PNG, or as HTML after its scripts have run.

It is run by its command line, because Playwright and Selenium need a browser or a driver of their own, which a committee
member would have to install. Every Chromium has these options; Edge, which Windows includes, is a Chromium.
Options: https://developer.chrome.com/docs/chromium/headless
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from newsgen.core.errors import HostError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
"""The commands of Chromium, Chrome and Edge."""
MAC_APPS = ("Google Chrome", "Microsoft Edge", "Chromium")
WINDOWS_PROGRAMS = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)
TIMEOUT = 120
"""Seconds that one run of the browser may take."""
PAGE_TIME = 20_000
"""Milliseconds of virtual time in which a page loads its photos. Virtual time runs ahead once nothing is left to load."""
_OPTIONS = (
    "--headless=new",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    f"--virtual-time-budget={PAGE_TIME}",
)


def installed_browser() -> str:
    """The browser's program: the one that CHROME_PATH names, else Chromium, Chrome or Edge on the PATH or in a usual place.

    Raises HostError, with what to do, where none is found.
    """
    named = os.environ.get("CHROME_PATH", "")
    if named:
        if shutil.which(named):
            return named
        raise HostError(
            f"环境变量 CHROME_PATH 指的浏览器不在：{named}", "改成浏览器程序的位置，或者删去这个变量", "browser.missing"
        )
    found = next(filter(None, map(shutil.which, [*NAMES, *map(str, _usual_places())])), None)
    if found is None:
        raise HostError(
            "做校样要用浏览器，这台电脑上没有找到 Chrome、Edge 或 Chromium",
            "装一个 Chrome（https://www.google.cn/chrome/）；装在别处的，把程序的位置写进环境变量 CHROME_PATH",
            "browser.missing",
        )
    return found


def _usual_places() -> list[Path]:
    if sys.platform == "darwin":
        folders = (Path("/Applications"), Path.home() / "Applications")
        return [folder / f"{name}.app/Contents/MacOS/{name}" for folder in folders for name in MAC_APPS]
    if sys.platform == "win32":
        named = map(os.environ.get, ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"))
        return [Path(folder) / program for folder in named if folder for program in WINDOWS_PROGRAMS]
    return []


class HeadlessBrowser:
    """A browser without a window. Each run has a new profile below `scratch`, so that open windows are not affected."""

    def __init__(self, program: str, scratch: Path) -> None:
        self._program, self._scratch = program, scratch

    def pdf(self, url: str) -> bytes:
        """The page at `url` as it would be printed."""
        return self._written(url, "page.pdf", "--print-to-pdf={}", "--no-pdf-header-footer")

    def png(self, url: str, width: int, height: int, scale: int) -> bytes:
        """A PNG of the page at `url` in a window of this size in CSS pixels, with `scale` pixels for one CSS pixel."""
        size = f"--window-size={width},{height}"
        return self._written(url, "page.png", "--screenshot={}", size, f"--force-device-scale-factor={scale}")

    def dom(self, url: str) -> str:
        """The page at `url` as HTML, once its scripts have run."""
        return self._run("--dump-dom", url).decode("utf-8")

    def _written(self, url: str, name: str, option: str, *options: str) -> bytes:
        target = self._scratch / name
        target.unlink(missing_ok=True)
        self._run(option.format(target), *options, url)
        try:
            return target.read_bytes()
        except FileNotFoundError:
            raise _failed(self._program, "什么也没有写出来") from None

    def _run(self, *arguments: str) -> bytes:
        profile = tempfile.mkdtemp(dir=self._scratch)
        command = [self._program, *_OPTIONS, f"--user-data-dir={profile}", *_sandbox(), *arguments]
        try:
            done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            raise _failed(self._program, f"{TIMEOUT} 秒还没有做完") from None
        except OSError as error:
            raise _failed(self._program, str(error)) from None
        if done.returncode:
            raise _failed(self._program, done.stderr.decode("utf-8", "replace").strip()[-300:])
        return done.stdout


def _sandbox() -> list[str]:
    """The option that turns the sandbox off for root: Chromium refuses to run as root with it. The pages are newsgen's."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def _failed(program: str, reason: str) -> HostError:
    return HostError(
        f"浏览器没有做成校样（{program}）：{reason}", "关掉它的窗口再运行一次；还不行，就更新浏览器", "browser.failed"
    )
