"""Writing a pack's files into a folder: all of them, or none."""

import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from .errors import DumpError
from .folder import YAML_NAME


def save(
    folder: Path,
    files: Mapping[str, str | bytes],
    *,
    force: bool,
    check: Callable[[Path], object],
    gone: Collection[str] = (),
) -> None:
    """Write the files into a new folder, or with ``force`` into one in which something lies already.

    ``check`` sees them all in a folder beside it before anything is changed. Whatever else lies there stays, but for
    the files that are to be ``gone``.
    """
    folder = folder.resolve()
    refuse_folder(folder, files, force=force)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            ready = Path(beside) / "new"
            ready.mkdir()
            _write(ready, files)
            check(ready)
            if folder.exists():
                _copy_others(folder, ready, {*files, *gone})
            _swap(ready, folder, Path(beside) / "old")
    except OSError as error:
        raise _unwritable(folder, error) from error


def refuse_folder(folder: Path, files: Collection[str] = (), *, force: bool) -> None:
    """Refuse a folder that is none, or in which something would be overwritten or mixed with the new pack."""
    there = _names_in(folder)
    if there and not force:
        raise DumpError(_("%(folder)s is not empty. Name another one, or give --force.") % {"folder": folder})
    if files and (others := [name for name in there if YAML_NAME.fullmatch(name) and name not in files]):
        raise DumpError(
            _("%(folder)s holds %(names)s, which would be taken for a part of this pack. Move it elsewhere first.")
            % {"folder": folder, "names": ", ".join(others)}
        )


def _names_in(folder: Path) -> list[str]:
    try:
        if not folder.exists():
            return []
        if not folder.is_dir():
            raise DumpError(_("%(folder)s is a file. A pack is a folder.") % {"folder": folder})
        return sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> DumpError:
    why = {"folder": folder, "why": error.strerror or error}
    return DumpError(_("%(folder)s cannot be written: %(why)s.") % why)


def _write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def _copy_others(folder: Path, ready: Path, files: Collection[str]) -> None:
    """Bring along whatever is no file of the pack, old or new."""

    def of_the_pack(inside: str, names: list[str]) -> list[str]:
        below = Path(inside).relative_to(folder)
        return [name for name in names if (below / name).as_posix() in files]

    shutil.copytree(folder, ready, symlinks=True, dirs_exist_ok=True, ignore=of_the_pack)


def _swap(ready: Path, folder: Path, old: Path) -> None:
    """Put one folder in the place of another, which is brought back if that fails."""
    if not folder.exists():
        ready.rename(folder)
        return
    ready.chmod(folder.stat().st_mode)
    folder.rename(old)
    try:
        ready.rename(folder)
    except OSError:
        old.rename(folder)
        raise
