"""Start newsgen by double-click: `start.py COMMAND FOLDER`, which 写稿.cmd, 写稿.command and 写稿.sh call.

FOLDER is the folder of these files: a site, the folder around a site, or newsgen's own repository. An installed newsgen is
used if there is one. Otherwise an environment is made, once, from `安装包` or from the repository's pinned requirements.
This file needs only the standard library of Python 3.8, so that it can report a Python that is too old for newsgen.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Iterator, NamedTuple, Sequence  # noqa: UP035 (Python 3.8 has them here alone)
from zipfile import BadZipFile, ZipFile

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NEEDED = (3, 11)
SITE = "site.yaml"
NEW = "网站"
"""The folder of the site that is made if there is none."""
WHEELS = "安装包"
LOCK = "newsgen/defaults/requirements.txt"
"""The file in newsgen's wheel with the pinned requirements and their hashes."""
NOTE = Path(".newsgen", "python")
"""The file in which `newsgen init` notes the Python that it ran in."""
INCOMPLETE = 103
"""The exit code if newsgen is missing or incomplete; also that of a Windows venv whose Python no longer exists."""
RUN = f"""\
import sys
try:
    from newsgen.__main__ import main
    main()
except ImportError:
    sys.exit({INCOMPLETE})
"""
SAFE = {"PYTHONSAFEPATH": "1"}
"""Environment that keeps Python from importing modules from the current folder, which is a site's."""
WAIT = 0.3
"""Seconds between checks whether another window has finished."""
LAST_LINES = 5
PACKAGE = re.compile(r"Collecting ([\w.-]+)|Processing .*?[/\\]([\w.]+)-\d\S*\.whl")
"""The messages of pip for a package that it takes from an index, or from a folder."""

TOO_OLD = "这个 Python 是 {}.{} 版，太旧了，要 3.11 或更新的。请从 Python 官网安装新的，再双击一次。"
NOTHING = f"""\
这台电脑上还没有 newsgen，旁边也没有可以安装的东西。请向本单位管理网站的老师要下面的一样：
  · Windows：newsgen-windows.zip。解压，把里面的 app 文件夹整个复制到这个文件夹里；
  · 别的系统：newsgen-….whl。在这个文件夹里新建一个叫“{WHEELS}”的文件夹，放进去。
然后再双击一次。"""
NO_VENV = """\
这个 Python 里缺了做准备用的部分（venv、ensurepip）。
  · Linux：请管理员安装 python3-venv；
  · Windows、macOS：请从 Python 官网安装完整的 Python。
然后再双击一次。"""
CAUSES = {
    "No space left|Errno 28|not enough space": "磁盘满了。清出至少 300 MB，再双击一次。",
    "DO NOT MATCH THE HASHES": "下载到的软件包和登记的不一样，没有安装。请换一个网络再试；还是这样，就告诉管理网站的老师。",
    "Permission denied|Access is denied|Errno 13|WinError 5": "有的文件写不进去：可能有别的程序正用着它，或者这个文件夹不许写。",
    "No matching distribution|NewConnectionError|ConnectTimeout|Max retries|timed out|name resolution|ProxyError|SSLError": (
        f"第一次使用要联网下载软件包，现在连不上网，或者网上没有需要的版本。\n请先联网，再双击一次；不能联网的电脑，请管理网站的老师把"
        f"需要的软件包都放进“{WHEELS}”文件夹。"
    ),
}
"""Message of pip for a failure -> remedy."""


class Failed(Exception):
    """The error that newsgen cannot be started; the text says why and what to do."""


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201 (this file is a program of its own)


def sites(folder: Path) -> list[Path]:
    """The sites that the starters in `folder` may be meant for: itself, else one inside it, else the one around it."""
    if (folder / SITE).is_file():
        return [folder]
    inside = sorted(path.parent for path in folder.glob("*/" + SITE) if path.is_file())
    return inside or [path for path in (folder.parent,) if (path / SITE).is_file()]


# ---------------------------------------------------------------- a newsgen that is there already


def installed(folder: Path, site: Path) -> Iterator[str]:
    """The Pythons that may have newsgen, by their paths: most likely first."""
    for name in (".venv/bin/python", ".venv/Scripts/python.exe"):
        yield str(folder / name)
    if find_spec("newsgen"):
        yield sys.executable
    with suppress(OSError, ValueError):
        yield (site / NOTE).read_text("utf-8").strip()
    command = shutil.which("newsgen")
    if command:
        beside = Path(command).resolve().parent
        for path in (beside / "python", beside / "python.exe", beside.parent / "python.exe"):
            yield str(path)


def run(python: str, words: Sequence[str]) -> int | None:
    """Run newsgen in a Python and return its exit code; None if newsgen is missing there or incomplete."""
    if not Path(python).is_file():
        return None
    try:
        code = _ended([python, "-c", RUN, *words])
    except OSError:
        return None
    if code == INCOMPLETE or (code not in (0, 2) and not _starts(python, "import newsgen.cli")):
        return None
    return code


def _ended(command: Sequence[str]) -> int:
    """Run newsgen to its end and return its exit code. Signals are passed on to it, even those before it has started.

    Raises OSError if it cannot be started.
    """
    process: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def pass_on(number: int, _: object) -> None:
        if process is None:
            early.append(number)
        else:
            process.send_signal(number)

    # Handlers are functions, as newsgen would inherit SIG_IGN. Ctrl-C reaches both processes.
    handlers = {"SIGINT": lambda *_: None, "SIGTERM": pass_on, "SIGHUP": pass_on}
    before = {name: signal.signal(getattr(signal, name), handlers[name]) for name in handlers if hasattr(signal, name)}
    try:
        process = subprocess.Popen(command, env={**os.environ, **SAFE})
    except OSError:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
        raise
    for number in early:
        process.send_signal(number)
    return process.wait()


def _starts(python: str, code: str) -> bool:
    """Whether a Python runs a line of code without error."""
    try:
        ran = subprocess.run([python, "-c", code], capture_output=True, check=False, env={**os.environ, **SAFE})
    except OSError:
        return False
    return ran.returncode == 0


# ---------------------------------------------------------------- an environment for newsgen


class Environment(NamedTuple):
    """An environment to make. `ready` is a file that is touched when the environment is complete.

    `installs` are steps; each is a list of alternative arguments of pip, of which the first that works is enough.
    `sources` are the files after whose change pip has to run again.
    """

    folder: Path
    ready: Path
    installs: Sequence[Sequence[Sequence[str]]]
    sources: Sequence[Path] = ()

    @property
    def python(self) -> str:
        """The path of its interpreter."""
        return str(self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))

    @property
    def is_ready(self) -> bool:
        """Whether it is complete, and was made after the last change of its sources."""
        try:
            made = self.ready.stat().st_mtime
            return all(path.stat().st_mtime <= made for path in self.sources)
        except OSError:
            return False


def of_repository(folder: Path) -> Environment:
    """The repository's environment, in the same place and with the same `ready` file as that of its Makefile."""
    pins = [folder / "requirements" / f"{name}.txt" for name in ("runtime", "build")]
    locked = ["--require-hashes", *(word for path in pins for word in ("-r", str(path)))]
    # Below a folder with a Chinese name, Python 3.11 and 3.12 do not find an editable install on Windows.
    editable = os.name != "nt"
    own = ["--no-deps", "--no-build-isolation", *(["--editable"] if editable else []), str(folder)]
    made_from = [*pins, folder / "pyproject.toml"]
    if not editable:
        made_from += [path for name in ("src", "templates", "theme") for path in (folder / name).rglob("*.*")]
    environment = folder / ".venv"
    return Environment(environment, environment / ".site", [[locked], [own]], made_from)


def of_site(folder: Path) -> Environment:
    """The environment for newsgen's wheel in `安装包`. It lies outside the site, since sync programs upload a site.

    Raises Failed if there is no wheel, or it is damaged.
    """
    places = (folder / WHEELS, folder / "python", folder)
    wheels = [path for place in places for path in place.glob("newsgen-*.whl")]
    if not wheels:
        raise Failed(NOTHING)
    wheel = max(wheels, key=lambda path: [int(number) for number in re.findall(r"\d+", path.name.split("-")[1])])
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()[:12]
    environment = user_folder() / "{}-{}-{}.{}".format(wheel.name.split("-")[1], digest, *sys.version_info[:2])
    pins = environment.with_name(environment.name + ".txt")
    _write_pins(wheel, pins)
    here = ["--find-links", str(wheel.parent), "--only-binary", ":all:", "--require-hashes", "-r", str(pins)]
    own = ["--no-deps", "--no-index", str(wheel)]
    return Environment(environment, environment / ".ready", [[["--no-index", *here], here], [own]])


def _write_pins(wheel: Path, target: Path) -> None:
    """Write the pinned requirements in newsgen's wheel to a file, in one step: another window may be reading it."""
    try:
        with ZipFile(wheel) as archive:
            pins = archive.read(LOCK)
    except (BadZipFile, KeyError):
        raise Failed(f"{wheel.name} 不完整，或者不是现在的 newsgen。请向管理网站的老师再要一次。") from None
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists() or target.read_bytes() != pins:
        written = target.with_suffix(f".{os.getpid()}")
        written.write_bytes(pins)
        os.replace(written, target)


def user_folder() -> Path:
    """The folder for newsgen's environments that belongs to this user and this machine."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base, "newsgen")


@contextmanager
def alone(environment: Environment) -> Iterator[None]:
    """Wait until no other window works on an environment, and keep others out during the block."""
    lock = user_folder() / (hashlib.sha256(os.fsencode(environment.folder)).hexdigest()[:12] + ".lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as held:
        if not _locked(held.fileno()):
            say("另一个窗口正在做准备，请稍等。")
            while not _locked(held.fileno()):
                time.sleep(WAIT)
        yield


def _locked(file: int) -> bool:
    """Try to lock an open file; the system unlocks it when it is closed, even by a crash."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def make(environment: Environment, anew: bool) -> None:
    """Make an environment, or bring it up to date. Raises Failed if it cannot be made."""
    environment.ready.unlink(missing_ok=True)
    steps = 1 + len(environment.installs)
    say("正在做准备：只有这一次，要一两分钟。请不要关掉这个窗口。")
    say(f"  （1/{steps}）建立运行环境……")
    if anew or not _starts(environment.python, "import pip"):
        _make_empty(environment.folder)
    for number, alternatives in enumerate(environment.installs, 2):
        say(f"  （{number}/{steps}）" + ("安装 newsgen……" if number == steps else "准备需要的软件包……"))
        log = ""
        for words in alternatives:
            log = _installed(environment.python, words)
            if not log:
                break
        if log:
            raise Failed(advice(log))
    environment.ready.touch()
    say("准备好了。")


def _make_empty(folder: Path) -> None:
    """Make an environment with nothing but pip."""
    base: str = (
        getattr(sys, "_base_executable", "") or sys.executable
    )  # the Python below, if this one is itself an environment
    if not _starts(base, "import ensurepip, venv"):
        raise Failed(NO_VENV)
    ran = subprocess.run([base, "-m", "venv", "--clear", str(folder)], capture_output=True, check=False)
    if ran.returncode:
        raise Failed(advice((ran.stdout + ran.stderr).decode(errors="replace")))


def _installed(python: str, words: Sequence[str]) -> str:
    """Let pip install, and print each package; return pip's messages if it failed, else ""."""
    command = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "--retries", "2", "install"]
    process = subprocess.Popen(
        [*command, "--progress-bar", "off", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    lines = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line.decode("utf-8", "replace").rstrip())
        found = PACKAGE.match(lines[-1])
        if found:
            say(f"        {found[1] or found[2]}")
    return "\n".join(lines) if process.wait() else ""


def advice(log: str) -> str:
    """The remedy for a failure, found by the messages of pip, venv or the system; else their last lines."""
    for words, advice in CAUSES.items():
        if re.search(words, log):
            return "没有成功：" + advice
    last = "\n".join("    " + line for line in log.strip().splitlines()[-LAST_LINES:])
    return f"没有成功。请把下面几行拍给管理网站的老师看：\n{last}"


# ---------------------------------------------------------------- both


def start(command: str, folder: Path) -> int:
    """Run a command of newsgen for the site of `folder`, and return its exit code. Raises Failed, OSError."""
    found = sites(folder)
    if len(found) > 1:
        names = "、".join(site.name for site in found)
        raise Failed(f"这里有 {len(found)} 个网站：{names}。请只留一个，把别的文件夹移到别处。")
    site = found[0] if found else folder / NEW
    words = [command, "-C", str(site), *([] if command == "build" else ["--open"])]
    asked = [words] if found else [["init", str(site)], words]
    is_repository = (folder / "src" / "newsgen" / "__main__.py").is_file()
    code = None
    if not is_repository:
        for python in installed(folder, site):
            code = _run_all(python, asked)
            if code is not None:
                break
    if code is None:
        code = _run_in(of_repository(folder) if is_repository else of_site(folder), asked)
    if command == "build" and not code:
        say(f"网页在这里，双击 index.html 就能看：{site / 'public'}")
    return code


def _run_all(python: str, asked: Sequence[Sequence[str]]) -> int | None:
    """Run commands one after the other, up to the first that fails; return the last result of run()."""
    code: int | None = 0
    for words in asked:
        code = run(python, words)
        if code != 0:
            return code
    return code


def _run_in(environment: Environment, asked: Sequence[Sequence[str]]) -> int:
    """Run commands in an environment, which is made if it is missing, and made again if it is broken.

    Raises Failed if the commands do not run even then.
    """
    for anew in (False, True):
        with alone(environment):
            if anew or not environment.is_ready:
                make(environment, anew)
        code = _run_all(environment.python, asked)
        if code is not None:
            return code
        if not anew:
            say("运行环境坏了，或者没有装完，现在重新装一遍。")
    raise Failed("重新装了一遍，还是打不开。请告诉管理网站的老师。")


def main() -> int:
    """Run the command that the command line names, and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # if it was replaced by another object
    try:
        if tuple(sys.version_info[:2]) < NEEDED:
            raise Failed(TOO_OLD.format(*sys.version_info))
        return start(sys.argv[1], Path(sys.argv[2]).absolute())
    except Failed as failed:
        say(str(failed))
    except OSError as error:
        say(advice(str(error)))
    except KeyboardInterrupt:
        say("已停下。再双击一次就接着准备。")
    return 2


if __name__ == "__main__":
    CODE = main()
    if CODE and os.name != "nt" and sys.stdin.isatty():
        input("按回车键关闭。")
    sys.exit(CODE)
