"""What other programs say of themselves, in one line."""

import subprocess

# More than any of them needs to say its version.
PATIENCE_SECONDS = 20


def output(command: list[str], folder: str | None = None) -> str | None:
    """What it prints, without an end of line; nothing where it is not there, or fails."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def first_line(command: list[str]) -> str | None:
    said = output(command)
    return said.splitlines()[0].strip() if said else None
