"""How is a server started, watched and stopped as a child process, also by root?"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import time
from pathlib import Path

START_TIMEOUT_SECONDS = 60.0


class EmbeddedServiceError(Exception):
    """An embedded service could not be started. The message says what to do next."""


def service_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as `nobody`, without changing any folder above ours."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def as_service_user(command: list[str]) -> list[str]:
    """The command, run as the service's user.

    A checkout under /root or a 0700 folder must stay closed to others, so instead of opening the folders on the
    way (`chmod`), the process alone is given the right to walk through them and read. (Without the secure bit the
    kernel forgets that right in `access()`, by which initdb looks for its neighbours.)
    """
    user = service_user()
    if user is None:
        return command
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EmbeddedServiceError(
            "Running as root needs `setpriv` (package util-linux) to start PostgreSQL as an ordinary user.\n"
            "Run the command as an ordinary user, or set DATABASE_URL to a server of your own."
        )
    capability = "+dac_read_search"
    return [
        setpriv,
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
        "--securebits=+no_setuid_fixup",
        f"--inh-caps={capability}",
        f"--ambient-caps={capability}",
        *command,
    ]


def run(command: list[str], what: str) -> None:
    result = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)  # noqa: S603
    if result.returncode != 0:
        raise EmbeddedServiceError(f"{what} failed:\n{result.stdout}{result.stderr}")


def accepts(path: Path) -> bool:
    """True when somebody listens on the unix socket."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def wait(name: str, ready: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if accepts(ready):
            return
        time.sleep(0.02)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise EmbeddedServiceError(f"The embedded {name} did not start. Its log, {log}, ends with:\n{tail}")


# The servers outlive the objects that started them; they are kept so that nobody takes that for a mistake.
spawned: list[subprocess.Popen[bytes]] = []


def spawn(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own: Ctrl-C in the terminal is for us, we stop it in order."""
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/", start_new_session=True
        )
    spawned.append(process)
    return process


def prepare(folder: Path, *, for_service_user: bool = False) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    user = service_user() if for_service_user else None
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o700)


def first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def signal_and_wait(pid: int | None, number: int) -> None:
    if pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)  # ours if we started it, init's if somebody else did
            os.kill(pid, 0)
            time.sleep(0.02)
