import zipfile
from pathlib import Path, PurePosixPath

from .errors import UnreadableError

FILES = 20_000
BYTES = 500 * 1024 * 1024
CHUNK = 65_536
BAD = "This archive cannot be opened. It may have been damaged on its way: please make it again."
TOO_LARGE = "This archive holds more than {} files or more than {} MB. Please split it."
WANTED = {
    ".atom", ".rss", ".xml", ".htm", ".html", ".xhtml",
    ".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp",
}  # fmt: skip


def unpack(archive: Path, folder: Path, max_bytes: int = BYTES, max_files: int = FILES) -> None:
    """Unpack feeds, pages and pictures into an empty folder, and nothing outside it.

    The bytes are counted as they come: what an archive says about its own size may be a lie.
    """
    try:
        with zipfile.ZipFile(archive) as zipped:
            members = [member for member in zipped.infolist() if _is_wanted(member)]
            if len(zipped.infolist()) > max_files:
                raise _too_large(max_bytes, max_files)
            left = max_bytes
            for member in members:
                left -= _unpack_one(zipped, member, folder, left)
                if left < 0:
                    raise _too_large(max_bytes, max_files)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError, ValueError) as error:
        raise UnreadableError(BAD) from error
    except (NotImplementedError, RuntimeError) as error:  # unknown compression; a password
        raise UnreadableError(BAD) from error


def _too_large(max_bytes: int, max_files: int) -> UnreadableError:
    return UnreadableError(TOO_LARGE.format(f"{max_files:,}", max_bytes // 1_048_576))


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return not member.is_dir() and not is_hidden and path.suffix.lower() in WANTED


def _unpack_one(zipped: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, left: int) -> int:
    """Write one file, unless its name leads out of the folder; return its size."""
    target = (folder / member.filename.replace("\\", "/")).resolve()
    if not target.is_relative_to(folder.resolve()):
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with zipped.open(member) as packed, target.open("wb") as file:
        while chunk := packed.read(CHUNK):
            size += len(chunk)
            if size > left:
                break
            file.write(chunk)
    return size
